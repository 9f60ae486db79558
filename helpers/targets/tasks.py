"""The tables that chapter 01 and its studies learn from: who will be of high value, and who
newly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import features, shop, targets

OUTCOMES = [
    "active",
    "future_orders",
    "future_revenue",
    "future_bought",
    "high_value",
    "newly_high_value",
    "already_high_value",
]
LATELY = (28, 90)  # days

SHOP_CUTOFFS, SHOP_HORIZON = ("2024-10-01", "2024-12-31", "2025-07-01"), "182D"
# the panel begins in January: a quarter stands before the first cut-off, and says who is at the top
JOURNEY_CUTOFFS, JOURNEY_HORIZON = ("2017-04-01", "2017-07-01", "2017-10-02"), "90D"


def table(
    store: shop.Shop,
    cutoffs: Sequence[str] = SHOP_CUTOFFS,
    horizon: str = SHOP_HORIZON,
    past: str = "365D",
) -> pd.DataFrame:
    """`targets.snapshots` of the active customers, with what they did lately beside it.

    Args:
        store: The shop.
        cutoffs, horizon: As for `targets.snapshots`.
        past: The time whose spend says who is at the top already.

    Returns:
        The columns of the snapshots; `spend_28`, `spend_90` (money) and `orders_28`, `orders_90` of
        the last days; `already_high_value`. `newly_high_value` is asked by the same `past`.
        `OUTCOMES` are no features.
    """
    frame = targets.snapshots(store, cutoffs, horizon)
    parts = []
    for cutoff, part in frame[frame["active"]].groupby(level="cutoff"):
        who = part.index.get_level_values("customer_id")
        already = targets.already_high_value(store, cutoff, past=past).loc[who].to_numpy()
        newly = part["high_value"] & ~already
        new = lately(store, cutoff, who) | {
            "already_high_value": already,
            "newly_high_value": newly,
        }
        parts.append(part.assign(**new))
    # a column that is missing throughout (account age in a panel) says nothing
    return pd.concat(parts).dropna(axis=1, how="all")


def lately(store: shop.Shop, cutoff: pd.Timestamp, customers: pd.Index) -> dict[str, np.ndarray]:
    """Spend and orders (customers,) of the last 28 and 90 days before a cut-off, as known then."""
    needed = ["customer_id", "order_id", "amount"]
    columns = {}
    for days in LATELY:
        start = cutoff - pd.Timedelta(days, "D")
        recent = features.standing(store.purchases, start, cutoff, needed)
        recent = recent.groupby("customer_id")
        counted = {"spend": recent["amount"].sum(), "orders": recent["order_id"].nunique()}
        for name, values in counted.items():
            columns[f"{name}_{days}"] = values.reindex(customers, fill_value=0).to_numpy(float)
    return columns


def features_of(frame: pd.DataFrame) -> list[str]:
    """The columns of `table` that were known at the cut-off."""
    return [column for column in frame if column not in OUTCOMES]


@lru_cache(maxsize=1)
def journey() -> pd.DataFrame:
    """`table` of The Complete Journey, made once."""
    store = shop.load("complete_journey")
    return table(store, JOURNEY_CUTOFFS, JOURNEY_HORIZON, past=JOURNEY_HORIZON)
