"""What was known about each customer at a cut-off.

`build(store, as_of)` gives one row per customer with any record before the cut-off. Every column
uses only rows **strictly before** `as_of`; an order canceled before `as_of` is as if it had never
been placed, one canceled later still counts, because nobody knew. A visit counts whole at its
start.

| column                    | unit        | meaning                                               |
|---------------------------|-------------|-------------------------------------------------------|
| `recency`                 | days        | since the last order; missing if `never_bought`       |
| `never_bought`            | bool        | no order that still stands                            |
| `frequency`               | orders      |                                                       |
| `monetary`                | currency    | sum of the amounts, 0 without orders                  |
| `order_rate`              | per 30 days | orders per 30 days of tenure (taken as 30 at least)   |
| `top_category_share`      | 0 to 1      | share of the favorite category, as counted            |
| `interest_count`          | looks/lines | what stands behind that share                         |
| `category_interest_score` | 0 to 1      | the same share, shrunk toward the mean                |
| `tenure`                  | days        | since the first record of any kind                    |
| `days_since_activity`     | days        | since the last visit or order; missing without either |
| `active_days`             | days        | days with a visit or an order among the last 90       |
| `activity_trend`          | -1 to 1     | (a - b) / (a + b + 1): active days of the last 90     |
|                           |             | against the 90 before                                 |
| with `visits`:            |             |                                                       |
| `visits`                  | visits      |                                                       |
| `visit_recency`           | days        | since the last visit; missing if `visits` is 0        |
| `visit_rate`              | per 30 days | visits per 30 days of tenure (taken as 30 at least)   |
| `seconds`                 | s           | looking at any category, idle time capped             |
| `seconds_<category>`      | s           | looking at this category                              |
| `share_<category>`        | 0 to 1      | of the seconds in known categories; missing without   |
| `carts`                   | visits      | visits in which anything was added to the cart        |
| `abandoned_carts`         | visits      | carts without an order in that visit                  |
| `cart_abandonment`        | 0 to 1      | abandoned_carts / carts, shrunk toward the mean       |
| with `customers`:         |             |                                                       |
| `account_age`             | days        | since sign-up; missing if not known at the cut-off    |

The favorite category is the one with most seconds (`interest_count` then counts looks: a category
in a visit); of customers without any seconds, the one with most order lines (counts lines). Rows
without a category do not enter. A category's seconds in one visit are capped at `IDLE_SECONDS`,
because a longer stay is mostly an open tab.

The two shrunk columns of `build` come from a `ShrinkRates` fitted on that very frame; in a
modeling pipeline `ShrinkRates()` stands first and learns from the training rows only.
"""

from __future__ import annotations

import ibis
import pandas as pd
import pyarrow as pa

from helpers.features.cut_off import cutoff
from helpers.features.definitions import IDLE_SECONDS, define, records
from helpers.features.first_orders import first_orders
from helpers.features.shrinkage import RATES, ShrinkRates, fit_beta_binomial
from helpers.features.standing import STANDING_COLUMNS, canceled_before, standing
from helpers.shop import SCHEMA, Shop

__all__ = [
    "IDLE_SECONDS",
    "MAX_CATEGORIES",
    "RATES",
    "ShrinkRates",
    "browsed_categories",
    "build",
    "canceled_before",
    "cutoff",
    "define",
    "first_orders",
    "fit_beta_binomial",
    "known_customers",
    "standing",
]

# A shop with thousands of categories would otherwise give thousands of columns.
MAX_CATEGORIES = 30

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
    store: Shop,
    as_of: str | pd.Timestamp,
    con: ibis.BaseBackend | None = None,
    *,
    categories: list[str] | None = None,
) -> pd.DataFrame:
    """Return what was known about each customer strictly before `as_of`.

    Args:
        store: The shop; tables that it lacks give no columns.
        as_of: The cut-off, in the shop's local time: anything `pd.Timestamp` takes but a number.
        con: Ibis backend that computes; by default a fresh DuckDB in memory. An engine whose
            clock stops at whole seconds (Spark, BigQuery) gives days to the second.
        categories: Those that get `seconds_` and `share_` columns; by default
            `browsed_categories`. Pass the model's own when scoring later.

    Returns:
        (customers, features), indexed by `customer_id` (sorted), columns as in the table of this
        module. `.attrs` holds `as_of` (ISO 8601 text) and `missing_tables` (list of names).

    Raises:
        ValueError: `as_of` is no moment in time, or carries a time zone.
    """
    moment = cutoff(as_of)
    if categories is None:
        categories = browsed_categories(store, moment)
    frame = _run(define(_tables(store), moment, categories), con)
    frame = frame.set_index("customer_id").sort_index()
    frame = ShrinkRates().fit_transform(frame)
    frame.attrs = {
        "as_of": moment.isoformat(),
        "missing_tables": [name for name in SCHEMA if name not in store.tables],
    }
    return frame


def known_customers(
    store: Shop, as_of: str | pd.Timestamp, con: ibis.BaseBackend | None = None
) -> pd.Index:
    """Return the sorted ids of the customers with any record strictly before `as_of`.

    These are the rows of `build`. Raises ValueError like it.
    """
    found = _run(records(_tables(store), cutoff(as_of)).select("customer_id"), con)
    return pd.Index(found["customer_id"].astype("str"), name="customer_id").sort_values()


def browsed_categories(store: Shop, as_of: str | pd.Timestamp) -> list[str]:
    """Return the sorted categories looked at before `as_of`, at most `MAX_CATEGORIES`.

    Of more, those with most looks stay (of equals, the first in the alphabet). Empty without
    visits. Raises ValueError like `build`.
    """
    if store.visits is None:
        return []
    seen = store.visits.loc[store.visits["started_at"] < cutoff(as_of), "category"]
    counts = seen.dropna().value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return sorted(counts.index[:MAX_CATEGORIES])


def _tables(store: Shop) -> dict[str, ibis.Table]:
    tables = {}
    for name, table in store.tables.items():
        columns = _COLUMNS[name]
        schema = pa.schema([(column, _ARROW[SCHEMA[name][column]]) for column in columns])
        arrow = pa.Table.from_pandas(table[columns], schema, preserve_index=False, safe=False)
        tables[name] = ibis.memtable(arrow)
    return tables


def _run(expression: ibis.Table, con: ibis.BaseBackend | None) -> pd.DataFrame:
    if con is not None:
        return con.to_pyarrow(expression).to_pandas()
    own = ibis.duckdb.connect()
    own.raw_sql("SET enable_progress_bar = false")  # it would show in a notebook after two seconds
    try:
        own.raw_sql("SET enable_progress_bar = false")  # or a slow query prints one into a notebook
        return own.to_pyarrow(expression).to_pandas()
    finally:
        own.disconnect()
