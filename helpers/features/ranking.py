"""What is known about each customer and item before a cut-off: the candidates of a ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.features.cut_off import cutoff, standing
from helpers.shop import Shop

QUARTER = pd.Timedelta("90D")


def items(store: Shop, as_of: str | pd.Timestamp, most: int = 80) -> list[str]:
    """The subcategories bought by most customers before `as_of`, at most `most`, sorted."""
    past = standing(store.purchases, None, cutoff(as_of))
    buyers = past.groupby("subcategory")["customer_id"].nunique().sort_index()
    return sorted(buyers.sort_values(ascending=False, kind="stable").index[:most])


def candidates(
    store: Shop, as_of: str | pd.Timestamp, customers: pd.Index, ranked: list[str]
) -> pd.DataFrame:
    """Return a row per customer and item, with what was known strictly before `as_of`.

    Args:
        store: The shop.
        as_of: The cut-off.
        customers: Their ids, none twice.
        ranked: The subcategories to rank.

    Returns:
        Indexed by (customer_id, subcategory), in the given order: `own` (orders with the item),
        `own_lately` (in the last 90 days), `days_since` (the last; missing without), `orders` (of
        any kind), `popularity` (buyers in the last 90 days, the most popular 1), `in_category` (own
        orders in the item's category), `neighbors` (how often those who bought what this customer
        bought also bought the item: the mean share, missing without a purchase) and, with visits,
        `interest` (share of own seconds in the item's category; missing without).
    """
    moment = cutoff(as_of)
    past = standing(store.purchases, None, moment)
    home = past.drop_duplicates("subcategory").set_index("subcategory")["category"].reindex(ranked)
    once = _once(past, "subcategory", ranked)
    recent = once["at"] >= moment - QUARTER

    own = _counts(once, customers, ranked)
    mine = (own > 0).astype(float)
    last = once.pivot_table("at", "customer", "item", aggfunc="max", observed=True)
    everybody = (_counts(once, past["customer_id"].unique(), ranked) > 0).astype(float)
    together = everybody.T @ everybody
    share = together / np.diag(together).clip(min=1)[:, None]
    np.fill_diagonal(share, 0.0)  # an item says nothing new about itself
    buyers = (_counts(once[recent], past["customer_id"].unique(), ranked) > 0).sum(axis=0)
    orders = past.groupby("customer_id")["order_id"].nunique().reindex(customers).fillna(0)
    categories = _once(past, "category", home.unique())
    columns = {
        "own": own,
        "own_lately": _counts(once[recent], customers, ranked),
        "days_since": (moment - last.reindex(index=customers, columns=ranked)) / pd.Timedelta("1D"),
        "orders": np.broadcast_to(orders.to_numpy()[:, None], own.shape),
        "popularity": np.broadcast_to(buyers / max(1, buyers.max()), own.shape),
        "in_category": _counts(categories, customers, home),
        "neighbors": np.divide(
            mine @ share,
            mine.sum(axis=1, keepdims=True),
            out=np.full(own.shape, np.nan),
            where=mine.any(axis=1, keepdims=True),
        ),
    }
    if store.visits is not None:
        seen = store.visits[store.visits["started_at"] < moment]
        seconds = seen.pivot_table(
            "seconds", "customer_id", "category", aggfunc="sum", fill_value=0
        )
        interest = seconds.div(seconds.sum(axis=1), axis=0)
        columns["interest"] = interest.reindex(index=customers, columns=home)
    index = pd.MultiIndex.from_product([customers, ranked], names=["customer_id", "subcategory"])
    return pd.DataFrame(
        {name: np.asarray(values, dtype=float).ravel() for name, values in columns.items()}, index
    )


def _once(past: pd.DataFrame, by: str, known) -> pd.DataFrame:
    """Each item once an order: columns customer, item, at."""
    lines = past[past[by].isin(known)]
    rows = pd.DataFrame(
        {
            "customer": lines["customer_id"].astype("category"),
            "item": lines[by].astype("category"),
            "at": lines["ordered_at"],
            "order": pd.factorize(lines["order_id"])[0],
        }
    )
    return rows.drop_duplicates(["order", "item"])


def _counts(rows: pd.DataFrame, customers, ranked) -> np.ndarray:
    """Orders by customer and item (customers, items)."""
    counted = rows.pivot_table(
        index="customer", columns="item", aggfunc="size", fill_value=0, observed=True
    )  # pd.crosstab counts each cell in Python
    return counted.reindex(index=customers, columns=ranked, fill_value=0).to_numpy()
