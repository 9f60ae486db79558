"""Small tables of orders, and what is said of a shop, for the tests of reading."""

from __future__ import annotations

import pandas as pd

from helpers.shop import Shop

DAY = "2024-01-31"


def bought(amounts: list, **columns: list) -> pd.DataFrame:
    """A frame of one order each; columns given replace those there are."""
    n = len(amounts)
    base = {"customer_id": [f"k{i}" for i in range(n)], "date": [DAY] * n, "amount": amounts}
    return pd.DataFrame({**base, **columns})


def warned(store: Shop) -> str:
    """Every warning of a shop's report."""
    return " ".join(store.report.warnings)
