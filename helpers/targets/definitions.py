"""Each target's definition: what a model is asked to predict."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import evaluation, features
from helpers.features.cut_off import standing_orders
from helpers.shop import Opened, Shop
from helpers.targets.expressions import active_customers, bought
from helpers.targets.windows import HALF_YEAR, YEAR, window


def future(
    store: Shop | Opened, as_of: str | pd.Timestamp, horizon: str | pd.Timedelta = HALF_YEAR
) -> pd.DataFrame:
    """Return what each customer known at `as_of` bought within `horizon` after it.

    Args:
        store: The shop.
        as_of: The cut-off, as for `features.build`.
        horizon: Length of the window: anything `pd.Timedelta` takes ("182D", "26W").

    Returns:
        Indexed by `customer_id`, the same rows as `features.build`: `orders` (number), `revenue`
        (currency, sum of the amounts), `bought` (bool, any order).
    """
    return future_of(store, as_of, horizon, features.known_customers(store, as_of))


def future_of(
    store: Shop | Opened,
    as_of: str | pd.Timestamp,
    horizon: str | pd.Timedelta,
    customers: pd.Index,
) -> pd.DataFrame:
    """`future` of these customers, where it is known already who they are."""
    start, end = window(store, as_of, horizon)
    return _bought(store, start, end, customers).assign(bought=lambda table: table["orders"] > 0)


def high_value(
    store: Shop | Opened,
    as_of: str | pd.Timestamp,
    horizon: str | pd.Timedelta = HALF_YEAR,
    share: float = 0.10,
) -> pd.Series:
    """Return who will be among the top `share` by revenue of the window.

    Defined on the future, because the top of the past need not stay there. The share is of the
    customers *active* at the cut-off: any visit, or any order that still stands, in the 365 days
    before. Equals at the border are all in; who spends nothing never is.

    Args:
        store: The shop.
        as_of: The cut-off.
        horizon: Length of the window.
        share: Between 0 and 1; at least one customer is sought.

    Returns:
        bool, indexed by the `customer_id` of the active only (sorted): other customers were not
        asked. `features.build(...).loc[high_value(...).index]` are the rows to learn from.
    """
    start, end = window(store, as_of, horizon)
    active = _active(store, start)
    revenue = _bought(store, start, end, active)["revenue"]
    return evaluation.high_value(revenue, share).rename("high_value")


def newly_high_value(
    store: Shop | Opened,
    as_of: str | pd.Timestamp,
    horizon: str | pd.Timedelta = HALF_YEAR,
    share: float = 0.10,
    past: str | pd.Timedelta = YEAR,
) -> pd.Series:
    """Return who will be of high value and is not yet.

    Not yet: not `already_high_value`. Those already at the top stand in the rows as False; leave
    them out to learn from the others only.

    Arguments and returned rows as for `high_value`, `past` as for `already_high_value`.
    """
    after = high_value(store, as_of, horizon, share)
    return newly(after, already_high_value(store, as_of, share, past))


def newly(after: pd.Series, already: pd.Series) -> pd.Series:
    """`newly_high_value` where it is known already who will be and who is of high value."""
    return (after & ~already).rename("newly_high_value")


def already_high_value(
    store: Shop | Opened,
    as_of: str | pd.Timestamp,
    share: float = 0.10,
    past: str | pd.Timedelta = YEAR,
) -> pd.Series:
    """Return who is at the top today: among the top `share` of the active by what they spent within
    `past` before `as_of`. bool, the rows of `high_value`; knows nothing of the future.

    Where the data begin less than a year before the first cut-off, pass a shorter `past`: otherwise
    it would mean a quarter at one cut-off and a year at another.
    """
    start = features.cutoff(as_of)
    spent = _bought(store, start - pd.Timedelta(past), start, _active(store, start))["revenue"]
    return evaluation.high_value(spent, share).rename("already_high_value")


def next_category(
    store: Shop | Opened,
    as_of: str | pd.Timestamp,
    horizon: str | pd.Timedelta = HALF_YEAR,
    categories: Sequence[str] | None = None,
    column: str = "category",
) -> pd.DataFrame:
    """Return in how many orders of the window each customer bought each category.

    The relevance that a ranking of categories is judged by (NDCG); an order with several
    categories counts once for each.

    Args:
        store: The shop.
        as_of: The cut-off.
        horizon: Length of the window.
        categories: The columns, in this order: the candidates of the ranking. By default those
            bought in the window, sorted.
        column: What is ranked: "category" or "subcategory".

    Returns:
        int64 (customers, categories), the same rows as `features.build`.
    """
    start, end = window(store, as_of, horizon)
    orders = _categories_bought(store, start, end, column)
    counts = orders.pivot_table(index="customer_id", columns=column, aggfunc="size", fill_value=0)
    known = features.known_customers(store, start)
    columns = counts.columns if categories is None else categories
    counts = counts.reindex(index=known, columns=list(columns), fill_value=0)
    return counts.rename_axis(columns=column).astype("int64")


def _categories_bought(
    store: Shop | Opened, start: pd.Timestamp, end: pd.Timestamp, column: str
) -> pd.DataFrame:
    """A row per category in an order of the window: customer_id, order_id and the category."""
    names = ["customer_id", "order_id", column]
    if isinstance(store, Opened):
        lines = standing_orders(store.tables["purchases"], end, start)
        return features.fetch(store, lines.select(names).drop_null(column).distinct())
    lines = features.standing(store.purchases, start, end, names)
    return lines.dropna(subset=column).drop_duplicates()


def _bought(
    store: Shop | Opened, start: pd.Timestamp, end: pd.Timestamp, customers: pd.Index
) -> pd.DataFrame:
    """Orders (number) and revenue (currency) of these customers in [start, end)."""
    if isinstance(store, Opened):
        found = features.fetch(store, bought(store.tables["purchases"], start, end))
        found = found.set_index("customer_id")
        orders, cents = found["orders"], found["cents"]
    else:
        needed = ["customer_id", "order_id", "amount"]
        lines = features.standing(store.purchases, start, end, needed)
        # Whole cents: their sum does not depend on the order of the rows.
        whole = (lines["amount"] * 100).round().fillna(0).astype("int64")
        orders = lines[needed[:2]].drop_duplicates()["customer_id"].value_counts()
        cents = whole.groupby(lines["customer_id"]).sum()
    return pd.DataFrame(
        {
            "orders": orders.reindex(customers, fill_value=0).astype("int64"),
            "revenue": cents.reindex(customers, fill_value=0) / 100,
        },
        index=customers,
    )


def _active(store: Shop | Opened, start: pd.Timestamp) -> pd.Index:
    if isinstance(store, Opened):
        ids = features.fetch(store, active_customers(store.tables, start))["customer_id"]
        return pd.Index(ids, dtype="str", name="customer_id").sort_values()
    orders = features.standing(store.purchases, start - YEAR, start, ["customer_id"])
    seen = [orders["customer_id"]]
    if store.visits is not None:
        visits = store.visits
        recent = (visits["started_at"] >= start - YEAR) & (visits["started_at"] < start)
        seen.append(visits.loc[recent, "customer_id"])
    ids = pd.concat(seen).dropna().unique()
    return pd.Index(ids, dtype="str", name="customer_id").sort_values()
