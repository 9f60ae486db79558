"""The scores of an opened shop, part by part: neither its tables nor its scores fill the memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ibis import _
from threadpoolctl import threadpool_limits

from helpers import features
from helpers.features.cut_off import standing_orders
from helpers.production.likeness import doubts
from helpers.production.model import Model, last_day
from helpers.production.scoring import (
    not_before_training,
    not_retired,
    rows_of,
    run_id_of,
    seen,
)
from helpers.shop import SCHEMA, Opened

PART = 100_000  # customers scored at a time
_CHOICE = "choices of {}"  # how often a category was chosen, numbered: names differ in case only


class Written(NamedTuple):
    """What a night has written: the file, how many customers, for which moment, by which run."""

    path: Path
    customers: int
    as_of: pd.Timestamp
    run: str


@threadpool_limits.wrap(limits=1)
def score_in_parts(
    model: Model,
    store: Opened,
    path: Path,
    as_of: str | pd.Timestamp | None,
    another_shop: bool,
    doubt: Callable[[str], None],
    step: Callable[[str], None],
) -> Written:
    """Write the scores of every customer known at `as_of` to `path` (Parquet): the rows of `score`,
    sorted by customer, whatever the size of the shop.

    The engine computes the features once, into a temporary file; what is in memory at a time are
    `PART` customers. Raises ModelError like `score`.
    """
    moment = last_day(store) if as_of is None else features.cutoff(as_of)
    not_before_training(model, moment)
    not_retired(model, moment)
    with tempfile.TemporaryDirectory() as folder:
        known, unnamed = Path(folder) / "features.parquet", Path(folder) / "scores.parquet"
        step("features, in the engine")
        store.con.to_parquet(_features(model, store, moment), known)
        customers = pq.read_metadata(known).num_rows
        sampled = _spread(known, customers)
        X = seen(model, _frame(sampled, store, moment))
        for sentence in doubts(model.card, model.taste.categories, store, X, moment, another_shop):
            doubt(sentence)
        _write(unnamed, _scores(model, known, store, moment, customers, step))
        run = run_id_of(model, _parts(unnamed))
        _write(path, (part.assign(run=run) for part in _parts(unnamed)))
    return Written(path, customers, moment, run)


def _features(model: Model, store: Opened, moment: pd.Timestamp) -> ibis.Table:
    """Features and choices of all customers, sorted."""
    table = features.define(store.tables, moment, model.card.categories)
    names = model.taste.categories
    if names:
        choices = _choices(store.tables, moment, names)
        table = table.left_join(choices, "customer_id").drop("customer_id_right")
    return table.order_by("customer_id")


def _choices(tables: dict[str, ibis.Table], moment: pd.Timestamp, names: list[str]) -> ibis.Table:
    """`category_counts` of the categories that the model knows, as an expression."""
    lines = standing_orders(tables["purchases"], moment)
    chosen = [lines.select("customer_id", "category", event="order_id").distinct()]
    if "visits" in tables:
        looks = tables["visits"].filter(_.started_at < moment)
        chosen.append(looks.select("customer_id", "category", event="visit_id").distinct())
    events = ibis.union(chosen[0], *chosen[1:])
    counts = {
        _CHOICE.format(number): _.count(where=_.category == name)
        for number, name in enumerate(names)
    }
    return events.group_by("customer_id").agg(**counts)


def _scores(
    model: Model,
    known: Path,
    store: Opened,
    moment: pd.Timestamp,
    customers: int,
    step: Callable[[str], None],
) -> Iterator[pd.DataFrame]:
    names = model.taste.categories
    done = 0
    for part in _parts(known):
        X = seen(model, _frame(part, store, moment))
        columns = {_CHOICE.format(number): name for number, name in enumerate(names)}
        counts = part.set_index("customer_id").reindex(columns=list(columns))
        counts = counts.rename(columns=columns).fillna(0).astype("int64")
        yield rows_of(model, X, counts, moment)
        done += len(part)
        step(f"scores: {done:,} of {customers:,} customers")


def _frame(part: pd.DataFrame, store: Opened, moment: pd.Timestamp) -> pd.DataFrame:
    """A part as `features.build` would give it."""
    frame = part.set_index("customer_id")
    frame.index = frame.index.astype("str")
    lacking = [name for name in SCHEMA if name not in store.tables]
    frame.attrs = {"as_of": moment.isoformat(), "missing_tables": lacking}
    return frame


def _write(path: Path, parts: Iterator[pd.DataFrame]) -> None:
    """Write the parts to one Parquet file."""
    writer = None
    try:
        for part in parts:
            table = pa.Table.from_pandas(part, preserve_index=False)
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table.cast(writer.schema))
    finally:
        if writer is not None:
            writer.close()


def _parts(path: Path) -> Iterator[pd.DataFrame]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(PART):
            yield pa.Table.from_batches([batch]).to_pandas()


def _spread(path: Path, customers: int) -> pd.DataFrame:
    """At most `PART` of the customers, evenly spread: enough to know the upper ends."""
    every = -(-customers // PART)
    return pd.concat([part.iloc[::every] for part in _parts(path)], ignore_index=True)
