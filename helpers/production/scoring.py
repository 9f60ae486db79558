"""The nightly batch: every customer gets a segment, a propensity, a next category, and a reason."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from helpers import features, segments
from helpers.errors import ModelError
from helpers.files import write_whole
from helpers.production.likeness import doubts
from helpers.production.model import Model, category_counts, last_day
from helpers.shop import Shop

NO_ORDER = "no order yet"
REASONS = 3
COLUMNS = ["customer_id", "as_of", "segment", "propensity", "next_category", "reason", "run"]


def inputs(model: Model, store: Shop, as_of: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """The features (customers, features) that the model asks for, in its order, as it sees them:
    rates are shrunk as the model learned it, not by what this night's customers say.

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
    if moment < pd.Timestamp(model.card.as_of):
        raise ModelError(
            f"the model learned from orders up to {model.card.as_of}: scores for "
            f"{moment:%Y-%m-%d} would know what came after. Train one as of that night"
        )
    X = inputs(model, store, moment)
    names = model.taste.categories
    for sentence in doubts(model.card, names, store, X, moment, another_shop):
        doubt(sentence)
    choices: list[str | None] = [*names] if names else [None]
    counts = category_counts(store, moment).reindex(columns=names, fill_value=0)
    likeliest = model.taste.shares(counts).argmax(axis=1) if names else np.zeros(len(X), dtype=int)
    scores = pd.DataFrame(
        {
            "customer_id": X.index,
            "as_of": moment.as_unit("us"),
            "segment": segment_names(model, X),
            "propensity": model.propensity.predict_proba(X)[:, 1].round(6),
            "next_category": pd.array(np.array(choices, dtype=object)[likeliest], dtype="str"),
            "reason": reasons(model.propensity, X),
        }
    )
    return scores.assign(run=run_id(model, scores))


def run_id(model: Model, scores: pd.DataFrame) -> str:
    """By what a night's scores are known: twelve digits of the SHA-256 of the model's card and all
    rows.

    The same model and the same scores have the same; another night, another model or a changed row
    has another. So two targets can be compared, and a file with the model that is said to have
    written it.
    """
    rows = scores[COLUMNS[:-1]].to_csv(index=False, lineterminator="\n")
    return hashlib.sha256((model.card.to_json() + rows).encode()).hexdigest()[:12]


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


def write_parquet(
    scores: pd.DataFrame, path: str | Path, before: Callable[[], None] = lambda: None
) -> None:
    """Write the scores whole or not at all; the same scores give the same bytes.

    `before` is called when the new file is written and not yet in its place; if it fails, the old
    file stays.
    """

    def write(beside: Path) -> None:
        scores.to_parquet(beside, index=False, compression="zstd")
        before()

    write_whole(Path(path), write)


def read_scores(model: Model, path: str | Path) -> pd.DataFrame:
    """Read what `batch` wrote with this model, indexed by customer.

    Raises ModelError where there is no file, or one with other columns, scores of another model, or
    changed ones.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(f"{path}: there is no such file")
    scores = pd.read_parquet(path)
    if lacking := [name for name in COLUMNS if name not in scores]:
        raise ModelError(
            f"{path.name} lacks the columns {', '.join(lacking)}: the batch did not write it"
        )
    if scores.empty or (scores["run"] != run_id(model, scores)).any():
        raise ModelError(f"{path.name} was not written by this model, or was changed since")
    return scores.set_index("customer_id")


def write_duckdb(scores: pd.DataFrame, path: str | Path, table: str = "scores") -> None:
    """Replace the table `scores` of a DuckDB file in one transaction; its other tables stay.

    Raises ModelError where the file is there and no DuckDB database (DuckDB itself would open a CSV
    or Parquet file as a view, and write nothing), or another process has it open.
    """
    path = Path(path)
    if path.exists() and not is_duckdb(path):
        raise ModelError(f"{path.name} is no DuckDB database: name a new file, or such a database")
    try:
        with duckdb.connect(str(path)) as connection:
            connection.register("incoming", scores)
            connection.execute("BEGIN")
            connection.execute(f'CREATE OR REPLACE TABLE "{table}" AS SELECT * FROM incoming')
            connection.execute("COMMIT")
        with duckdb.connect(str(path), read_only=True) as connection:
            [(kept,)] = connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise ModelError(f"{path.name} cannot be written as a DuckDB database: {first}") from error
    if kept != len(scores):
        raise ModelError(f"{path.name} holds {kept:,} scores, not the {len(scores):,} written")


def is_duckdb(path: Path) -> bool:
    """Whether a file begins as DuckDB's storage format does: eight bytes of checksum, then DUCK."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def batch(
    model: Model,
    store: Shop,
    out: str | Path,
    database: str | Path | None = None,
    as_of: str | pd.Timestamp | None = None,
    step: Callable[[str], None] = lambda _: None,
    another_shop: bool = False,
) -> pd.DataFrame:
    """Score, then write to `out` (Parquet) and, if named, to a DuckDB `database`; return the
    scores.

    Nothing is written before all scores are there, and each target is replaced whole or not at all.
    Two targets cannot be replaced in one step: the database comes first, when the Parquet file is
    written and only has to be moved into its place. A failure leaves both as they were; a kill in
    between leaves a newer database beside an older file, and the column `run` differs.

    `step` is called with a few words before each step, and with each doubt of `score`.

    Raises ModelError as `score` and `write_duckdb`, OSError where `out` cannot be written.
    """
    step("scores")
    scores = score(
        model, store, as_of, another_shop, doubt=lambda said: step(f"please check: {said}")
    )
    step("writing")
    if database is None:
        write_parquet(scores, out)
    else:
        write_parquet(scores, out, before=lambda: write_duckdb(scores, database))
    return scores
