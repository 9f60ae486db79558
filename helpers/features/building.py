"""Features of every customer known at a cut-off, computed by DuckDB or any engine Ibis speaks."""

from __future__ import annotations

import ibis
import pandas as pd
import pyarrow as pa
from ibis import _

from helpers.features.cut_off import STANDING_COLUMNS, cutoff
from helpers.features.definitions import define, records
from helpers.features.shrinkage import ShrinkRates
from helpers.shop import SCHEMA, Opened, Shop

# A shop with thousands of categories would otherwise give thousands of columns.
MAX_CATEGORIES = 30

_FEW = 30  # categories of the lines up to which counting them side by side is the quicker way

_ARROW = {
    "id": pa.large_string(),
    "text": pa.large_string(),
    "time": pa.timestamp("us"),
    "money": pa.float64(),
    "number": pa.float64(),
    "whole": pa.int64(),
    "flag": pa.bool_(),
}

# Only these columns leave pandas: copying the rest would cost more than the features.
_COLUMNS = {
    "purchases": ["customer_id", "order_id", "category", "amount", *STANDING_COLUMNS],
    "visits": [
        "customer_id",
        "visit_id",
        "started_at",
        "category",
        "seconds",
        "added_to_cart",
        "ordered",
    ],
    "customers": ["customer_id", "signed_up_at"],
    "campaigns": ["customer_id", "assigned_at"],
    "impressions": ["customer_id", "shown_at"],
}


def build(
    store: Shop | Opened,
    as_of: str | pd.Timestamp,
    con: ibis.BaseBackend | None = None,
    *,
    categories: list[str] | None = None,
) -> pd.DataFrame:
    """Return what was known about each customer strictly before `as_of`.

    Args:
        store: The shop; tables that it lacks give no columns. Of one that is opened, only these
            rows come into memory; `define(store.tables, ...)` leaves them where they lie.
        as_of: The cut-off, in the shop's local time: anything `pd.Timestamp` takes but a number.
        con: Ibis backend that computes; by default that of an opened shop, else a fresh DuckDB in
            memory. An engine whose clock stops at whole seconds (Spark, BigQuery) gives days to
            the second.
        categories: Those that get `seconds_` and `share_` columns; by default
            `browsed_categories`. Pass the model's own when scoring later.

    Returns:
        (customers, features), indexed by `customer_id` (sorted), columns as in the table of
        `helpers.features`. `.attrs` holds `as_of` (ISO 8601 text) and `missing_tables` (list of
        names).

    Raises:
        ValueError: `as_of` is no moment in time, or carries a time zone.
    """
    moment = cutoff(as_of)
    if categories is None:
        categories = browsed_categories(store, moment)
    tables = tables_of(store)
    names = fetch(store, tables["purchases"].select("category").distinct().limit(_FEW + 1), con)
    bought = sorted(names["category"].dropna())
    known = define(tables, moment, categories, bought=bought if len(names) <= _FEW else ())
    frame = fetch(store, known, con)
    frame = frame.set_index("customer_id").sort_index()
    frame = ShrinkRates().fit_transform(frame)
    frame.attrs = {
        "as_of": moment.isoformat(),
        "missing_tables": [name for name in SCHEMA if name not in store.tables],
    }
    return frame


def known_customers(
    store: Shop | Opened, as_of: str | pd.Timestamp, con: ibis.BaseBackend | None = None
) -> pd.Index:
    """Return the sorted ids of the customers with any record strictly before `as_of`.

    These are the rows of `build`. Raises ValueError like it.
    """
    found = fetch(store, records(tables_of(store), cutoff(as_of)).select("customer_id"), con)
    return pd.Index(found["customer_id"].astype("str"), name="customer_id").sort_values()


def browsed_categories(store: Shop | Opened, as_of: str | pd.Timestamp) -> list[str]:
    """Return the sorted categories looked at before `as_of`, at most `MAX_CATEGORIES`.

    Of more, those with most looks stay (of equals, the first in the alphabet). Empty without
    visits. Raises ValueError like `build`.
    """
    if "visits" not in store.tables:
        return []
    moment = cutoff(as_of)
    if isinstance(store, Opened):
        past = store.tables["visits"].filter(_.started_at < moment).drop_null("category")
        looks = fetch(store, past.group_by("category").agg(looks=_.count()))
        counts = looks.set_index("category")["looks"]
    else:
        visits = store.tables["visits"]
        counts = visits.loc[visits["started_at"] < moment, "category"].dropna().value_counts()
    counts = counts.sort_index().sort_values(ascending=False, kind="stable")
    return sorted(counts.index[:MAX_CATEGORIES])


def tables_of(store: Shop | Opened) -> dict[str, ibis.Table]:
    """The tables of a shop as Ibis tables, by name: what `define` takes.

    Of a shop in memory they hold only the columns that features need.
    """
    if isinstance(store, Opened):
        return store.tables
    tables = {}
    for name, table in store.tables.items():
        columns = _COLUMNS[name]
        schema = pa.schema([(column, _ARROW[SCHEMA[name][column]]) for column in columns])
        arrow = pa.Table.from_pandas(table[columns], schema, preserve_index=False, safe=False)
        tables[name] = ibis.memtable(arrow)
    return tables


def fetch(
    store: Shop | Opened, expression: ibis.Table, con: ibis.BaseBackend | None = None
) -> pd.DataFrame:
    """Compute an expression over the tables of a shop and return it as a pandas table.

    It is computed in `con`; by default where an opened shop lies, else in a fresh DuckDB.
    """
    if con is None and isinstance(store, Opened):
        return store.compute(expression).to_pandas()
    if con is not None:
        return con.to_pyarrow(expression).to_pandas()
    own = ibis.duckdb.connect()
    try:
        own.raw_sql("SET enable_progress_bar = false")  # or a slow query prints one into a notebook
        return own.to_pyarrow(expression).to_pandas()
    finally:
        own.disconnect()
