"""How many orders will come: the best of some simple ways, by this shop's own past."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from helpers import features
from helpers.errors import ReaderError, counted
from helpers.owner.ways import (
    APART,
    LAST_YEAR,
    RECENT,
    WAYS,
    WEEK,
    YEAR,
    as_last_year,
    season,
    tried,
    weekly,
)
from helpers.shop import Shop

TRIALS = 6  # forecasts of the past that are shown
MONTH = 4  # weeks between two of them
HORIZONS = (4, 13)  # weeks that are asked for: tried together
LEVEL = 0.8  # that the ends aim at; what they reached stands beside them
FEW = 5  # ranges of the past: of fewer nothing is said
SEASONAL = 1.5  # times as many, or as few: so much is a season, less may be the pace
TOGETHER = 13  # trials of all ways at the same days, half a year of them: enough to compare
LEAST = 6  # forecasts of the past, before their ends can be tried

__all__ = [
    "APART",
    "WAYS",
    "WEEK",
    "Coming",
    "TooShort",
    "as_last_year",
    "coming",
    "season",
    "weekly",
]


class TooShort(ReaderError, ValueError):
    """A shop whose orders do not reach back far enough to forecast any."""


class Coming(NamedTuple):
    """Orders foretold for so many weeks, the ends of a range, and the way they were foretold.

    `trials`: by day of the forecast, four weeks apart, what that way `foretold` and what `came`.
    `nearest`: in how many of these each way was nearest to what came, by way, most first. `held` of
    `of` ranges made in the same manner at earlier moments, two weeks apart, held what came.
    `missed`: the mean absolute error of each way, in orders, by trials that are `fair`.
    `last_year`: what the same weeks of last year would bring at today's pace, `came_then` what they
    brought; NaN where no year is there.
    """

    orders: float
    low: float
    high: float
    way: str
    trials: pd.DataFrame
    nearest: pd.Series
    held: int
    of: int
    missed: pd.Series
    last_year: float
    came_then: float

    @property
    def season(self) -> str:
        """A warning where last year's weeks lie beyond the range, and far from what is foretold
        (by half as many again, or as many less); empty where they do not. The
        file has seen the season once at most, so no trial can say whether it will come again."""
        inside = self.low <= self.last_year <= self.high
        ratio = self.last_year / self.orders if self.orders else np.nan
        if inside or not (ratio >= SEASONAL or ratio <= 1 / SEASONAL):
            return ""
        return (
            f"If last year's season comes again, about {self.last_year:,.0f} will come "
            f"({self.then})"
        )

    @property
    def then(self) -> str:
        """What the same weeks brought last year, and the pace since, in words."""
        change = self.last_year / self.came_then - 1 if self.came_then else np.nan
        pace = f", and the last {RECENT} weeks {change:+.0%} against theirs"
        return f"last year {self.came_then:,.0f} came{'' if np.isnan(change) else pace}"

    @property
    def record(self) -> str:
        """How often such a range held, in words."""
        if self.of < FEW:
            return "the file is too short to tell how often such a range holds"
        return f"at earlier times such a range held what came in {self.held} of {self.of} cases"


def coming(store: Shop, as_of: str | pd.Timestamp, weeks: int = 4) -> Coming:
    """Return how many orders will come in the next `weeks`, after trials on the past.

    Each way (`WAYS`, and their average) foretells from what was known at days two weeks apart, up
    to a year and a half back; what came is known. The way with the smallest mean absolute error, as
    logarithms (in proportion), foretells, by trials that are `fair`; see `ends` for the range. The
    ends too are tried: at each earlier day, way and ends are chosen from what was known then.

    Raises:
        TooShort: There are too few weeks of orders.
        ValueError: `as_of` is no moment in time, or `weeks` is below 1.
    """
    if weeks < 1:
        raise ValueError(f"weeks is at least 1, not {weeks}")
    moment = features.cutoff(as_of)
    whole = -(-weeks // APART) * APART  # the last trial that is over began so long ago
    needed = RECENT + whole + MONTH * (TRIALS - 1)
    orders = weekly(store, moment)
    there = len(orders)
    if there < needed:
        raise TooShort(
            f"{store.name} has {counted(there, 'whole week')} of orders, and {needed} are "
            f"needed to foretell {counted(weeks, 'week')} and to try that on the past."
        )
    asked = tuple(sorted({*HORIZONS, weeks}))
    table = tried(store, moment, asked)[weeks]
    way, low, high = _foretell(table, moment, weeks)
    past = table.dropna(subset="came")
    shown = past.loc[[past.index[-1] - MONTH * WEEK * ago for ago in reversed(range(TRIALS))]]
    trials = pd.DataFrame({"foretold": shown[way], "came": shown["came"]})
    misses = past.drop(columns="came").sub(past["came"], axis=0).abs()
    nearest = misses.loc[shown.index].idxmin(axis=1).value_counts()
    held = of = 0
    for day, row in past.iterrows():
        if (past.index + weeks * WEEK <= day).sum() >= LEAST:
            _, bottom, top = _foretell(table.loc[:day], day, weeks)
            held, of = held + int(bottom <= row["came"] <= top), of + 1
    return Coming(
        float(table.loc[moment, way]),
        low,
        high,
        way,
        trials,
        nearest,
        held,
        of,
        fair(misses, table.loc[moment]).mean().sort_values(),
        float(table.loc[moment, LAST_YEAR]),
        float(orders.iloc[-YEAR:][:weeks].sum()) if len(orders) >= YEAR + RECENT else np.nan,
    )


def _foretell(table: pd.DataFrame, day: pd.Timestamp, weeks: int) -> tuple[str, float, float]:
    """The way chosen at a day from the trials that were over by then, and the ends of its range."""
    over = table[table.index + weeks * WEEK <= day]
    # half an order more on either side: a week may bring none
    logs = np.log(over.drop(columns="came").add(0.5)).sub(np.log(over["came"] + 0.5), axis=0)
    way = str(fair(logs, table.loc[day]).abs().mean().idxmin())
    return way, *ends(float(table.loc[day, way]), logs[way].dropna().to_numpy(), weeks)


def fair(misses: pd.DataFrame, now: pd.Series) -> pd.DataFrame:
    """The trials by which ways can be compared: those at which every way that says something now
    did, where these are `TOGETHER` or more (last year's weeks say nothing in the first year); else
    all trials, of the ways that always did."""
    every = misses[[way for way in misses if pd.notna(now[way])]].dropna()
    return every if len(every) >= TOGETHER else misses.dropna(axis=1)


def ends(foretold: float, misses: np.ndarray, weeks: int) -> tuple[float, float]:
    """The ends of a range around what was foretold, from the misses of earlier forecasts.

    The misses are taken to be as likely to either side, in proportion: their root mean square times
    Student's t for four cases in five, with as many degrees of freedom as windows of `weeks` lie
    side by side in the time of the trials. Windows that overlap tell one thing several times.

    Args:
        foretold: Orders.
        misses: (trials,) logarithms of foretold / came, `APART` weeks from one to the next.
        weeks: Length of a window.
    """
    apart = max(1.0, ((len(misses) - 1) * APART + weeks) / weeks)  # windows side by side
    spread = np.sqrt(np.mean(np.square(misses)))
    far = stats.t.ppf((1 + LEVEL) / 2, apart) * np.sqrt(1 + 1 / apart) * spread
    return foretold * float(np.exp(-far)), foretold * float(np.exp(far))


def customers_an_order(store: Shop, moment: pd.Timestamp, weeks: int) -> float:
    """How many different customers ordered, for each order, in the `weeks` before a moment: 1 where
    nobody ordered twice, NaN without an order."""
    some = features.standing(
        store.purchases, moment - weeks * WEEK, moment, ["customer_id", "order_id"]
    )
    orders = some["order_id"].nunique()
    return some["customer_id"].nunique() / orders if orders else np.nan
