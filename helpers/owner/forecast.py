"""How many orders will come: the better of three simple ways, by this shop's own past."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import features, lifetime
from helpers.errors import ReaderError, counted
from helpers.shop import Shop

WEEK = pd.Timedelta("7D")
RECENT = 13  # weeks: what "as of late" means
YEAR = 52
TRIALS = 6  # forecasts of the past that the method is chosen by
APART = 4  # weeks between two of them


class TooShort(ReaderError, ValueError):
    """A shop whose orders do not reach back far enough to forecast any."""


class Coming(NamedTuple):
    """Orders foretold for so many weeks, the ends between the worst misses of the trials, the way
    it was chosen, and the trials: by day of the forecast, `foretold` and `came`."""

    orders: float
    low: float
    high: float
    way: str
    trials: pd.DataFrame


def weekly(store: Shop, moment: pd.Timestamp) -> pd.Series:
    """Orders placed in each whole week before a moment, of those that stand then; by the week's
    first moment, oldest first."""
    lines = features.standing(store.purchases, None, moment)
    began = lines.groupby("order_id")["ordered_at"].min()
    ago = ((moment - began) // WEEK).astype("int64")
    weeks = int((moment - began.min()) // WEEK) if len(began) else 0
    counts = ago.value_counts().reindex(range(weeks), fill_value=0).sort_index(ascending=False)
    return counts.set_axis(moment - (counts.index + 1) * WEEK).rename("orders")


def as_of_late(orders: pd.Series, past: pd.DataFrame, weeks: int) -> float:
    """The mean of the last weeks goes on."""
    return orders.iloc[-RECENT:].mean() * weeks


def as_last_year(orders: pd.Series, past: pd.DataFrame, weeks: int) -> float:
    """The same weeks of last year, times how the last weeks compare with theirs; NaN without a
    year to look back on."""
    if len(orders) < YEAR + RECENT:
        return np.nan
    before = orders.iloc[-YEAR - RECENT : -YEAR].sum()
    same = orders.iloc[-YEAR:][:weeks].sum()
    return same * orders.iloc[-RECENT:].sum() / before if before else np.nan


def by_customer(orders: pd.Series, past: pd.DataFrame, weeks: int) -> float:
    """What BG/NBD expects of all customers (days with a purchase), and as many new ones as of late;
    NaN where nobody bought twice."""
    try:
        model = lifetime.BetaGeometric.fit(past)
    except ValueError:
        return np.nan
    new = (past["age"] <= RECENT * 7).sum() / RECENT  # a week
    ahead = model.expected_purchases(7 * (weeks - np.arange(weeks) - 0.5))
    return model.expected_orders(past, 7 * weeks).sum() + new * (weeks + ahead.sum())


WAYS = {
    "as in the last 13 weeks": as_of_late,
    "as in the same weeks last year, at today's pace": as_last_year,
    "customer by customer, and new ones as of late": by_customer,
}


def coming(store: Shop, as_of: str | pd.Timestamp, weeks: int = 4) -> Coming:
    """Return how many orders will come in the next `weeks`, after six trials on the past.

    Each way (`WAYS`) foretells from what was known at six days, four weeks apart; what came is
    known. The way with the smallest mean absolute error foretells, and its largest misses to either
    side, in proportion, are the ends: of seven forecasts the seventh lies outside by chance in two
    of seven cases; more often where the shop grows, has a season, or the windows overlap.

    Raises:
        TooShort: There are too few weeks of orders.
        ValueError: `as_of` is no moment in time, or `weeks` is below 1.
    """
    if weeks < 1:
        raise ValueError(f"weeks is at least 1, not {weeks}")
    moment = features.cutoff(as_of)
    needed = RECENT + weeks + APART * (TRIALS - 1)
    there = weekly(store, moment)
    if len(there) < needed:
        raise TooShort(
            f"{store.name} has {counted(len(there), 'whole week')} of orders, and {needed} are "
            f"needed to foretell {counted(weeks, 'week')} and to try that on the past."
        )
    days = [moment - (weeks + APART * trial) * WEEK for trial in reversed(range(TRIALS))]
    foretold = pd.DataFrame([_each_way(store, day, weeks) for day in days], index=days)
    came = pd.Series([_placed(store, day, weeks) for day in days], index=days)
    errors = foretold.sub(came, axis=0).abs().mean(skipna=False)
    way = errors.idxmin()
    now = _each_way(store, moment, weeks)[way]
    trials = pd.DataFrame({"foretold": foretold[way], "came": came})
    ratios = trials["came"] / trials["foretold"]
    return Coming(now, now * min(1, ratios.min()), now * max(1, ratios.max()), way, trials)


def _each_way(store: Shop, day: pd.Timestamp, weeks: int) -> dict[str, float]:
    orders, past = weekly(store, day), lifetime.history(store, day)
    return {name: way(orders, past, weeks) for name, way in WAYS.items()}


def _placed(store: Shop, day: pd.Timestamp, weeks: int) -> int:
    """The orders of these weeks that stood at their end."""
    return int(weekly(store, day + weeks * WEEK).iloc[-weeks:].sum())
