"""What the first few orders tell about a customer."""

from __future__ import annotations

import pandas as pd

from helpers.features.cut_off import cutoff, standing
from helpers.shop import Shop


def first_orders(store: Shop, as_of: str | pd.Timestamp, seen: int) -> pd.DataFrame:
    """Features of each customer's first `seen` standing orders before `as_of`, whatever came after
    them.

    Returns:
        Indexed by customer_id, only customers with at least `seen` orders by then: `spend` and
        `largest` (currency), `lines` and `categories` (distinct, of the finer kind), `days` (from
        the first to the last of them), `evening` and `weekend` (share of the orders).

    Raises:
        ValueError: `seen` is below 1, nobody has so many orders, or `as_of` cannot be read.
    """
    if seen < 1:
        raise ValueError(f"at least one order must be seen, not {seen}")
    lines = standing(store.purchases, None, cutoff(as_of))
    kind = "subcategory" if lines["subcategory"].notna().any() else "category"
    orders = lines.groupby(["customer_id", "order_id"], as_index=False).agg(
        at=("ordered_at", "min"), amount=("amount", "sum"), lines=("amount", "size")
    )
    orders = orders.sort_values(["customer_id", "at", "order_id"], ignore_index=True)
    number = orders.groupby("customer_id").cumcount()
    size = orders.groupby("customer_id")["at"].transform("size")
    orders = orders[(number < seen) & (size >= seen)]
    if orders.empty:
        raise ValueError(f"no customer has {seen} orders before {cutoff(as_of):%Y-%m-%d}")
    orders["evening"] = orders["at"].dt.hour >= 17
    orders["weekend"] = orders["at"].dt.day_of_week >= 5
    grouped = orders.groupby("customer_id")
    result = grouped.agg(
        spend=("amount", "sum"),
        largest=("amount", "max"),
        lines=("lines", "sum"),
        evening=("evening", "mean"),
        weekend=("weekend", "mean"),
    )
    result["days"] = (grouped["at"].max() - grouped["at"].min()) / pd.Timedelta(days=1)
    inside = lines[lines["order_id"].isin(orders["order_id"])]
    result["categories"] = inside.groupby("customer_id")[kind].nunique()
    return result
