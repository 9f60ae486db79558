"""Every customer gets a segment, a propensity, a next category, and a reason."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from helpers import features, segments
from helpers.errors import ModelError
from helpers.production.likeness import doubts
from helpers.production.model import Model, category_counts, last_day
from helpers.shop import Opened, Shop

NO_ORDER = "no order yet"
REASONS = 3
COLUMNS = ["customer_id", "as_of", "segment", "propensity", "next_category", "reason", "run"]


def inputs(
    model: Model, store: Shop | Opened, as_of: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """The features (customers, features) that the model asks for, in its order, as it sees them:
    rates are shrunk as the model learned it, not by what this night's customers say.

    Raises ModelError where the shop lacks some, or where the model is past its day.
    """
    moment = last_day(store) if as_of is None else features.cutoff(as_of)
    not_retired(model, moment)
    return seen(model, features.build(store, moment, categories=model.card.categories))


def not_retired(model: Model, moment: pd.Timestamp) -> None:
    """Raise ModelError for a night after the model's last day."""
    if moment > pd.Timestamp(model.card.retire_on):
        raise ModelError(
            f"the model was to be retired on {model.card.retire_on} and these scores are for "
            f"{moment:%Y-%m-%d}: train it anew"
        )


def seen(model: Model, X: pd.DataFrame) -> pd.DataFrame:
    """Features as the model sees them: its own, in its order, rates shrunk as it learned it."""
    check_schema(model, X)
    return model.propensity["prepare"]["rates"].transform(X[model.card.features])


def check_schema(model: Model, X: pd.DataFrame) -> None:
    """Raise ModelError where a feature of the model is missing or is no number."""
    lacking = [name for name in model.card.features if name not in X]
    if lacking:
        tables = X.attrs.get("missing_tables", [])
        why = f" (the shop has no table {', '.join(tables)})" if tables else ""
        raise ModelError(
            f"the model needs the columns {', '.join(lacking)}, which are not there{why}: train "
            "it on a shop with the same tables"
        )
    text = [n for n in model.card.features if not pd.api.types.is_numeric_dtype(X[n])]
    if text:
        raise ModelError(f"the columns {', '.join(text)} must hold numbers")


@threadpool_limits.wrap(limits=1)
def score(
    model: Model,
    store: Shop,
    as_of: str | pd.Timestamp | None = None,
    another_shop: bool = False,
    doubt: Callable[[str], None] = warnings.warn,
) -> pd.DataFrame:
    """Score every customer known at `as_of` (by default the day after the last order).

    A shop that seems not to be that which the model learned from is refused, unless it may be
    `another_shop`; `doubt` is called with a sentence for each smaller difference, by default a
    warning.

    Returns:
        Sorted by customer: `customer_id`, `as_of` (datetime), `segment` (text), `propensity` (0 to
        1),
        `next_category` (text, missing for a shop without categories), `reason` (text), `run` (text,
        as
        `run_id`).

    Raises:
        ModelError: As `inputs` and `likeness.doubts`, or where the night lies before the model's
            training: it would know what came after.
    """
    moment = last_day(store) if as_of is None else features.cutoff(as_of)
    not_before_training(model, moment)
    X = inputs(model, store, moment)
    for sentence in doubts(model.card, model.taste.categories, store, X, moment, another_shop):
        doubt(sentence)
    counts = category_counts(store, moment)
    scores = rows_of(model, X, counts, moment)
    return scores.assign(run=run_id(model, scores))


def not_before_training(model: Model, moment: pd.Timestamp) -> None:
    """Raise ModelError for a night before the model's training."""
    if moment < pd.Timestamp(model.card.as_of):
        raise ModelError(
            f"the model learned from orders up to {model.card.as_of}: scores for "
            f"{moment:%Y-%m-%d} would know what came after. Train one as of that night"
        )


def rows_of(
    model: Model, X: pd.DataFrame, counts: pd.DataFrame, moment: pd.Timestamp
) -> pd.DataFrame:
    """The scores of some customers, without `run`: X as the model sees them, `counts` of the
    categories they chose (customers, categories)."""
    names = model.taste.categories
    choices: list[str | None] = [*names] if names else [None]
    counts = counts.reindex(columns=names, fill_value=0)
    likeliest = model.taste.shares(counts).argmax(axis=1) if names else np.zeros(len(X), dtype=int)
    return pd.DataFrame(
        {
            "customer_id": X.index,
            "as_of": moment.as_unit("us"),
            "segment": segment_names(model, X),
            "propensity": model.propensity.predict_proba(X)[:, 1].round(6),
            "next_category": pd.array(np.array(choices, dtype=object)[likeliest], dtype="str"),
            "reason": reasons(model.propensity, X),
        }
    )


def run_id(model: Model, scores: pd.DataFrame) -> str:
    """By what a night's scores are known: twelve digits of the SHA-256 of the model's card and all
    rows.

    The same model and the same scores have the same; another night, another model or a changed row
    has another. So two targets can be compared, and a file with the model that is said to have
    written it.
    """
    return run_id_of(model, [scores])


def run_id_of(model: Model, parts: Iterable[pd.DataFrame]) -> str:
    """`run_id` of scores that come part by part."""
    digest = hashlib.sha256(model.card.to_json().encode())
    for number, scores in enumerate(parts):
        rows = scores[COLUMNS[:-1]].to_csv(index=False, header=number == 0, lineterminator="\n")
        digest.update(rows.encode())
    return digest.hexdigest()[:12]


def segment_names(model: Model, X: pd.DataFrame) -> np.ndarray:
    """`segment 0` to `segment 3` for those who bought, "no order yet" for the others: (n,)."""
    names = np.full(len(X), NO_ORDER, dtype=object)
    bought = (X["frequency"] > 0).to_numpy()
    if bought.any():
        labels = model.segment.predict(X.loc[bought, segments.FEATURES])
        names[bought] = [f"segment {label}" for label in labels]
    return names


def contributions(pipeline: Pipeline, X: pd.DataFrame) -> pd.DataFrame:
    """What each feature adds to the log-odds of a logistic regression, against an average customer:
    (customers, features). Rows sum to the log-odds less the intercept.

    A coefficient times its standardized column; a flag for a missing value belongs to its feature.
    """
    prepare, classifier = pipeline[:-1], pipeline[-1]
    names = prepare.get_feature_names_out()
    parts = prepare.transform(X) * classifier.coef_[0]
    sources = [name.split("__", 1)[1].removeprefix("missingindicator_") for name in names]
    return pd.DataFrame(parts, index=X.index).T.groupby(sources).sum().T[list(X.columns)]


def reasons(pipeline: Pipeline, X: pd.DataFrame, top: int = REASONS) -> list[str]:
    """The `top` features that move each customer most, as text: "visits (12) raises; recency (210)
    lowers"."""
    parts = contributions(pipeline, X)
    names, moves = parts.columns.to_numpy(), parts.to_numpy()
    largest = np.argsort(-np.abs(moves), axis=1, kind="stable")[:, :top]
    rows = np.arange(len(X))[:, None]
    shown, up = X.to_numpy(dtype=float)[rows, largest], moves[rows, largest] > 0
    return [
        "; ".join(
            f"{name} ({'none' if np.isnan(value) else f'{value:.3g}'}) "
            f"{'raises' if rises else 'lowers'}"
            for name, value, rises in zip(names[chosen], values, rise, strict=True)
        )
        for chosen, values, rise in zip(largest, shown, up, strict=True)
    ]
