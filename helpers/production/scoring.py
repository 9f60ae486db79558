"""The nightly batch: every customer gets a segment, a propensity, a next category, and a reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from helpers import features, segments
from helpers.production.errors import ModelError
from helpers.production.model import Model, category_counts, last_day
from helpers.shop import Shop
from helpers.simulator.storage import replace

NO_ORDER = "no order yet"
REASONS = 3


def inputs(model: Model, store: Shop, as_of: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """The features (customers, features) that the model asks for, in its order, as it sees them: rates
    are shrunk as the model learned it, not by what this night's customers say.

    Raises ModelError where the shop lacks some, or where the model is past its day.
    """
    moment = last_day(store) if as_of is None else features.cutoff(as_of)
    if moment > pd.Timestamp(model.card.retire_on):
        raise ModelError(
            f"the model was to be retired on {model.card.retire_on} and these scores are for "
            f"{moment:%Y-%m-%d}: train it anew"
        )
    X = features.build(store, moment, categories=model.card.categories)
    check_schema(model, X)
    return model.propensity["prepare"]["rates"].transform(X[model.card.features])


def check_schema(model: Model, X: pd.DataFrame) -> None:
    """Raise ModelError where a feature of the model is missing or is no number."""
    lacking = [name for name in model.card.features if name not in X]
    if lacking:
        tables = X.attrs.get("missing_tables", [])
        why = f" (the shop has no table {', '.join(tables)})" if tables else ""
        raise ModelError(
            f"the model needs the columns {', '.join(lacking)}, which are not there{why}: train it on "
            "a shop with the same tables"
        )
    text = [n for n in model.card.features if not pd.api.types.is_numeric_dtype(X[n])]
    if text:
        raise ModelError(f"the columns {', '.join(text)} must hold numbers")


def score(model: Model, store: Shop, as_of: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """Score every customer known at `as_of` (by default the day after the last order).

    Returns:
        Sorted by customer: `customer_id`, `as_of` (datetime), `segment` (text), `propensity` (0 to 1),
        `next_category` (text, missing for a shop without categories), `reason` (text).

    Raises:
        ModelError: As `inputs`.
    """
    moment = last_day(store) if as_of is None else features.cutoff(as_of)
    X = inputs(model, store, moment)
    counts = category_counts(store, moment).reindex(columns=model.taste.categories, fill_value=0)
    likeliest = model.taste.shares(counts).argmax(axis=1)
    return pd.DataFrame(
        {
            "customer_id": X.index,
            "as_of": moment.as_unit("us"),
            "segment": segment_names(model, X),
            "propensity": model.propensity.predict_proba(X)[:, 1].round(6),
            "next_category": np.array(model.taste.categories, dtype=object)[likeliest],
            "reason": reasons(model.propensity, X),
        }
    )


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
            f"{name} ({'none' if np.isnan(value) else f'{value:.3g}'}) {'raises' if rises else 'lowers'}"
            for name, value, rises in zip(names[chosen], values, rise, strict=True)
        )
        for chosen, values, rise in zip(largest, shown, up, strict=True)
    ]


def write_parquet(scores: pd.DataFrame, path: str | Path) -> None:
    """Write the scores whole or not at all; the same scores give the same bytes."""
    path = Path(path)
    replace(path, lambda beside: scores.to_parquet(beside, index=False, compression="zstd"))


def write_duckdb(scores: pd.DataFrame, path: str | Path, table: str = "scores") -> None:
    """Replace the table `scores` of a DuckDB file in one transaction; other tables stay.

    Raises ModelError where the file is no DuckDB database, or another process has it open.
    """
    try:
        with duckdb.connect(str(path)) as connection:
            connection.register("incoming", scores)
            connection.execute("BEGIN")
            connection.execute(f'CREATE OR REPLACE TABLE "{table}" AS SELECT * FROM incoming')
            connection.execute("COMMIT")
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise ModelError(f"{Path(path).name} cannot be written as a DuckDB database: {first}") from error


def batch(
    model: Model,
    store: Shop,
    out: str | Path,
    database: str | Path | None = None,
    as_of: str | pd.Timestamp | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Score, then write to `out` (Parquet) and, if named, to a DuckDB `database`; return the scores.

    Nothing is written before all scores are there. Each target is replaced whole or not at all; the
    column `as_of` says which night a target holds. Raises ModelError as `score` and `write_duckdb`.
    """
    step("scores")
    scores = score(model, store, as_of)
    step("writing")
    if database is not None:
        write_duckdb(scores, database)
    write_parquet(scores, out)
    return scores
