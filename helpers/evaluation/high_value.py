"""Who is of high value: the one rule, for whatever stretch of time the values come from."""

from __future__ import annotations

import pandas as pd


def high_value(values: pd.Series, share: float = 0.10) -> pd.Series:
    """Return who is among the top `share` by value: bool, the index of `values`.

    At least one customer is sought; equals at the border are all in; who is worth nothing never is.
    Raises ValueError where `share` does not lie between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, not {share!r}")
    sought = max(1, round(share * len(values)))
    return (values.rank(ascending=False, method="min") <= sought) & (values > 0)


def least_high_value(values: pd.Series, share: float = 0.10) -> float:
    """Return the smallest value that `high_value` lets in; infinity where nobody is worth anything.

    Raises ValueError like `high_value`.
    """
    return float(values[high_value(values, share)].min()) if (values > 0).any() else float("inf")
