"""Decisions in money: whom to contact, and what that brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def best_threshold(gain: float, cost: float) -> float:
    """The probability above which contacting pays: p * gain > cost (Elkan 2001).

    `gain` is what a positive brings before the cost, `cost` what a contact costs, in one currency.
    Right where the action pays on positives whatever else we do, and probabilities are calibrated.
    Raises ValueError where nobody could ever be worth it (cost above gain) or a sign is wrong.
    """
    if not gain > 0 or not cost >= 0:
        raise ValueError(f"the gain must be above 0 and the cost not below, not {gain} and {cost}")
    if cost > gain:
        raise ValueError(f"a contact costs {cost} and brings at most {gain}: nobody is worth it")
    return cost / gain


def profit(y: ArrayLike, contacted: ArrayLike, gain: ArrayLike, cost: ArrayLike) -> float:
    """Profit per 1,000 customers of contacting `contacted` (n,) of bool: gain on each positive
    among them less the cost of each. `gain` and `cost` are numbers, or one per customer (n,)."""
    y, contacted = np.asarray(y, dtype=float), np.asarray(contacted, dtype=bool)
    gain, cost = np.asarray(gain, dtype=float), np.asarray(cost, dtype=float)
    return float(1_000 * np.mean(contacted * (y * gain - cost)))


def profit_curve(
    y: ArrayLike, p: ArrayLike, gain: float, cost: float, points: int = 101
) -> pd.DataFrame:
    """Profit per 1,000 customers by `threshold`: `points` rows from 0 to 1, columns threshold,
    contacted (share of customers with p above it) and profit."""
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    order = np.argsort(-p, kind="stable")
    total = np.concatenate([[0.0], np.cumsum(y[order] * gain - cost)])
    thresholds = np.linspace(0, 1, points)
    chosen = len(p) - np.searchsorted(np.sort(p), thresholds, side="right")
    return pd.DataFrame(
        {
            "threshold": thresholds,
            "contacted": chosen / len(p),
            "profit": 1_000 * total[chosen] / len(p),
        }
    )
