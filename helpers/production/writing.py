"""The nightly batch: scores written whole or not at all, and read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import overload

import duckdb
import pandas as pd

from helpers.errors import ModelError
from helpers.files import write_whole
from helpers.production.model import Model
from helpers.production.parts import Written, score_in_parts
from helpers.production.scoring import COLUMNS, run_id, score
from helpers.shop import Opened, Shop


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


@overload
def batch(
    model: Model,
    store: Shop,
    out: str | Path,
    database: str | Path | None = ...,
    as_of: str | pd.Timestamp | None = ...,
    step: Callable[[str], None] = ...,
    another_shop: bool = ...,
) -> pd.DataFrame: ...


@overload
def batch(
    model: Model,
    store: Opened,
    out: str | Path,
    database: str | Path | None = ...,
    as_of: str | pd.Timestamp | None = ...,
    step: Callable[[str], None] = ...,
    another_shop: bool = ...,
) -> Written: ...


def batch(
    model: Model,
    store: Shop | Opened,
    out: str | Path,
    database: str | Path | None = None,
    as_of: str | pd.Timestamp | None = None,
    step: Callable[[str], None] = lambda _: None,
    another_shop: bool = False,
) -> pd.DataFrame | Written:
    """Score, then write to `out` (Parquet) and, if named, to a DuckDB `database`; return the
    scores.

    Nothing is written before all scores are there, and each target is replaced whole or not at all.
    Two targets cannot be replaced in one step: the database comes first, when the Parquet file is
    written and only has to be moved into its place. A failure leaves both as they were; a kill in
    between leaves a newer database beside an older file, and the column `run` differs.

    An opened shop is scored part by part, so that neither its tables nor its scores need to fit in
    memory; what is returned then says how many were written (`Written`), and a database is refused:
    DuckDB reads the Parquet file as it is.

    `step` is called with a few words before each step, and with each doubt of `score`.

    Raises ModelError as `score` and `write_duckdb`, OSError where `out` cannot be written.
    """
    step("scores")

    def doubt(said: str) -> None:
        step(f"please check: {said}")

    if isinstance(store, Opened):
        if database is not None:
            raise ModelError(
                "the scores of an opened shop go to Parquet only: DuckDB reads that file as it is"
            )

        def write(beside: Path) -> Written:
            return score_in_parts(model, store, beside, as_of, another_shop, doubt, step)

        return write_whole(Path(out), write)._replace(path=Path(out))
    scores = score(model, store, as_of, another_shop, doubt)
    step("writing")
    if database is None:
        write_parquet(scores, out)
    else:
        write_parquet(scores, out, before=lambda: write_duckdb(scores, database))
    return scores
