"""A small shop with a known answer, on which an engine can prove itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers import shop
from helpers.features.cut_off import standing

CUSTOMERS = 1_000
_CUT = pd.Timestamp("2025-07-01")  # of the simulated shop: half a year before its end
_SECOND = pd.Timedelta("1s")


def fixture(
    tables: Sequence[str], as_of: pd.Timestamp, categories: Sequence[str] = ()
) -> shop.Shop:
    """Return 1,000 customers of the simulated shop, with what real shops have on the borders.

    Its times are moved, so that half a year lies after `as_of`. Its categories take the names in
    `categories`, or the columns of these would all be 0 and prove nothing. Some lines have no
    category; some orders lie at the cut-off or a second before it, or were canceled then.
    """
    whole = {name: table for name, table in shop.load().tables.items() if name in tables}
    everyone = np.unique(np.concatenate([rows["customer_id"].unique() for rows in whole.values()]))
    drawn = everyone[np.linspace(0, len(everyone) - 1, CUSTOMERS).round().astype(int)]
    renamed = _names(whole, categories)
    small = {}
    for name, rows in whole.items():
        rows = rows[rows["customer_id"].isin(drawn)].reset_index(drop=True)
        for column in rows.select_dtypes("datetime"):
            rows[column] += as_of - _CUT
        if "category" in rows:
            rows["category"] = rows["category"].replace(renamed)
        small[name] = rows
    return shop.Shop("fixture", **_with_borders(small, as_of))


def _names(tables: dict[str, pd.DataFrame], categories: Sequence[str]) -> dict[str, str]:
    """The categories of the simulated shop, by alphabet, and what they are called instead."""
    theirs = sorted(tables["purchases"]["category"].unique())
    return dict(zip(theirs, categories, strict=False))


def _with_borders(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp) -> dict[str, pd.DataFrame]:
    purchases = tables["purchases"]
    orders = standing(purchases, None, as_of)["order_id"].unique()
    at, before, canceled_at, canceled_before = (
        purchases["order_id"] == order for order in orders[:: len(orders) // 4][:4]
    )
    purchases.loc[at, "ordered_at"] = as_of
    purchases.loc[before, "ordered_at"] = as_of - _SECOND
    purchases.loc[canceled_at, "cancelled_at"] = as_of
    purchases.loc[canceled_before, "cancelled_at"] = as_of - _SECOND
    for name in ("purchases", "visits"):
        if name in tables:
            tables[name].loc[::50, "category"] = None
    return tables
