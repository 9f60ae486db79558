"""The real households of the studies, and their spend in windows of time."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from helpers import shop


@lru_cache(maxsize=1)
def real() -> shop.Shop:
    """The Complete Journey, loaded once for all studies that a process measures: to be read, not
    changed."""
    return shop.load("complete_journey")


@lru_cache(maxsize=1)
def baskets() -> pd.DataFrame:
    """The baskets of The Complete Journey in the order of time: customer_id, ordered_at, amount."""
    lines = real().purchases
    keys = ["customer_id", "order_id"]
    found = lines.groupby(keys).agg(ordered_at=("ordered_at", "min"), amount=("amount", "sum"))
    return found.reset_index().sort_values(["ordered_at", "order_id"], ignore_index=True)


def between(begin: str | pd.Timestamp, end: str | pd.Timestamp) -> pd.DataFrame:
    """Per household the baskets and the spend in [begin, end): all households of the year, 0 for
    those who did not buy. Columns baskets, spend, squares (of the amounts, summed)."""
    known = baskets()
    inside = known["ordered_at"].between(pd.Timestamp(begin), pd.Timestamp(end), inclusive="left")
    lines = known[inside].assign(squares=lambda table: table["amount"] ** 2)
    found = lines.groupby("customer_id").agg(
        baskets=("amount", "size"), spend=("amount", "sum"), squares=("squares", "sum")
    )
    return found.reindex(sorted(known["customer_id"].unique()), fill_value=0).astype(float)
