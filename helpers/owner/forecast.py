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
TRIED = 3  # of last year's weeks, before they are planned with

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
    """Orders to plan with for so many weeks, the ends of a range, and the way they were foretold.

    `trials`: by day of the forecast, four weeks apart, what that way `foretold` and what `came`.
    `nearest`: in how many of these each way was nearest to what came, by way, most first. `held` of
    `of` ranges made in the same manner at earlier moments, two weeks apart, held what came.
    `missed`: the mean absolute error of each way, in orders, by trials that are `fair`.
    `customers` are different ones. `otherwise`: where last year's weeks are planned with, because
    they are a season, what is foretold without it (orders, ends, customers); None where they are
    not. `years`: orders in the same weeks of last year and the year before, as far as the file
    reaches. `pace` and `lately`: orders of the last 13 and 4 weeks against those of a year before,
    as a relative change; NaN without them.
    """

    weeks: int
    orders: float
    low: float
    high: float
    customers: float
    way: str
    trials: pd.DataFrame
    nearest: pd.Series
    held: int
    of: int
    missed: pd.Series
    otherwise: tuple[float, float, float, float] | None
    years: tuple[float, ...]
    pace: float
    lately: float

    @property
    def answer(self) -> str:
        """The orders to plan with and their customers, in words, to stand first."""
        return f"about {self.orders:,.0f} orders{self.buyers}"

    @property
    def buyers(self) -> str:
        """The customers, in words that follow the orders; empty where nothing is known of them."""
        return _from(self.customers)

    @property
    def around(self) -> str:
        """What that rests on and how far off it may be, in sentences; to stand below."""
        return (
            f"Likely {self.low:,.0f} to {self.high:,.0f} orders. {self.record} {self.then}".strip()
        )

    @property
    def then(self) -> str:
        """What the same weeks brought in earlier years, the pace since, and what comes without a
        season."""
        if not self.years:
            return ""
        said = f"Last year {self.years[0]:,.0f} orders came in the same weeks"
        said += f", the year before {self.years[1]:,.0f}." if len(self.years) > 1 else "."
        if not np.isnan(self.pace):
            said += f" In the last {RECENT} weeks {_change(self.pace)} came than a year before"
            lately = (
                ""
                if np.isnan(self.lately)
                else f", in the last {MONTH} weeks {_change(self.lately)}"
            )
            said += f"{lately}."
        if self.otherwise is not None:
            orders, low, high, customers = self.otherwise
            said += (
                " If these weeks were no different from those before, it would be about "
                f"{orders:,.0f} orders{_from(customers)}, {low:,.0f} to {high:,.0f}."
            )
        return said

    @property
    def record(self) -> str:
        """How often such a range held, in a sentence."""
        if self.of < FEW:
            return "The file is too short to tell how often such a range holds."
        return f"On your own past such a range held what came {self.held} times in {self.of}."


def _from(customers: float) -> str:
    return "" if np.isnan(customers) else f" from about {customers:,.0f} customers"


def _change(share: float) -> str:
    """A relative change of orders in words: "12% more"."""
    return f"{abs(share):.0%} {'more' if share >= 0 else 'fewer'}"


def coming(store: Shop, as_of: str | pd.Timestamp, weeks: int = 4) -> Coming:
    """Return how many orders will come in the next `weeks`, after trials on the past.

    Each way (`WAYS`, and their average) foretells from what was known at days two weeks apart, up
    to a year and a half back; what came is known. The way with the smallest mean absolute error, as
    logarithms (in proportion), by trials that are `fair`, foretells: one way for four weeks and for
    thirteen (`HORIZONS`, each counting alike), so that both fit together. See `ends` for the range.
    The ends too are tried: at each earlier day, way and ends are chosen from what was known then.

    Raises:
        TooShort: There are too few weeks of orders.
        ValueError: `as_of` is no moment in time, or `weeks` is not from 1 to 52.
    """
    if not 1 <= weeks <= YEAR:
        raise ValueError(f"weeks is from 1 to {YEAR}, not {weeks}")
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
    tables = tried(store, moment, asked)
    table = tables[weeks]
    way, low, high = _foretell(tables, moment, weeks)
    number = float(table.loc[moment, way])
    season_ends = _of_last_year(tables, moment, weeks)
    seasonal = _is_season(number, float(table.loc[moment, LAST_YEAR]), season_ends)
    each = customers_an_order(store, moment, weeks)
    otherwise = None
    if seasonal:
        otherwise = (number, low, high, number * each)
        way, number, (low, high) = LAST_YEAR, float(table.loc[moment, LAST_YEAR]), season_ends
        each = customers_an_order(store, moment - (YEAR - weeks) * WEEK, weeks)
    past = table.dropna(subset="came")
    shown = past.loc[[past.index[-1] - MONTH * WEEK * ago for ago in reversed(range(TRIALS))]]
    trials = pd.DataFrame({"foretold": shown[way], "came": shown["came"]})
    misses = past.drop(columns="came").sub(past["came"], axis=0).abs()
    nearest = misses.loc[shown.index].idxmin(axis=1).value_counts()
    held, of = _held(tables, past["came"], weeks, seasonal)
    return Coming(
        weeks,
        number,
        low,
        high,
        number * each,
        way,
        trials.dropna(),
        nearest,
        held,
        of,
        fair(misses, table.loc[moment]).mean().sort_values(),
        otherwise,
        tuple(float(orders.iloc[-ago:][:weeks].sum()) for ago in (YEAR, 2 * YEAR) if there >= ago),
        _pace(orders, RECENT),
        _pace(orders, MONTH),
    )


def _held(
    tables: dict[int, pd.DataFrame], came: pd.Series, weeks: int, seasonal: bool
) -> tuple[int, int]:
    """How many of the ranges made at earlier days held what came, and of how many."""
    held = of = 0
    for day, orders in came.items():
        if (came.index + weeks * WEEK <= day).sum() < LEAST:
            continue
        if seasonal:
            low, high = _of_last_year(tables, day, weeks)
        else:
            _, low, high = _foretell(tables, day, weeks)
        if not np.isnan(low):
            held, of = held + int(low <= orders <= high), of + 1
    return held, of


def _pace(orders: pd.Series, weeks: int) -> float:
    """The orders of the last weeks against those of a year before, as a relative change."""
    before = orders.iloc[-YEAR - weeks : -YEAR].sum() if len(orders) >= YEAR + weeks else 0
    return float(orders.iloc[-weeks:].sum() / before - 1) if before else np.nan


def _is_season(foretold: float, last_year: float, season_ends: tuple[float, float]) -> bool:
    """Whether last year's weeks are what to plan with: they are half as many again as what is
    foretold, or as many less, and that is more than this way was off before.

    Chosen on 371 earlier days of eleven simulated shops with a season and of two files whose
    customers only fade (CDNOW, and a panel): so last year was planned with 32 times, and was nearer
    in 31. Without the second condition 68 times, and nearer in 43.
    """
    low, high = season_ends
    if np.isnan(low) or not foretold or not last_year:
        return False
    return not low <= foretold <= high and not 1 / SEASONAL < last_year / foretold < SEASONAL


def _of_last_year(
    tables: dict[int, pd.DataFrame], day: pd.Timestamp, weeks: int
) -> tuple[float, float]:
    """The ends of a range around what last year's weeks foretell at a day, by how they did before;
    NaN before they were tried `TRIED` times."""
    misses = _in_proportion(tables[weeks], day, weeks)[LAST_YEAR].dropna().to_numpy()
    if len(misses) < TRIED:
        return np.nan, np.nan
    return ends(float(tables[weeks].loc[day, LAST_YEAR]), misses, weeks)


def _foretell(
    tables: dict[int, pd.DataFrame], day: pd.Timestamp, weeks: int
) -> tuple[str, float, float]:
    """The way chosen at a day from the trials that were over by then, and the ends of its range."""
    missed = {}
    for horizon in HORIZONS:
        logs = _in_proportion(tables[horizon], day, horizon)
        if len(logs):
            missed[horizon] = fair(logs, tables[horizon].loc[day]).abs().mean()
    way = str(pd.DataFrame(missed).dropna().mean(axis=1).idxmin())
    logs = _in_proportion(tables[weeks], day, weeks)[way].dropna()
    return way, *ends(float(tables[weeks].loc[day, way]), logs.to_numpy(), weeks)


def _in_proportion(table: pd.DataFrame, day: pd.Timestamp, weeks: int) -> pd.DataFrame:
    """Logarithms of foretold / came, of the trials that were over by a day, by way."""
    over = table[table.index + weeks * WEEK <= day]
    # half an order more on either side: a week may bring none
    return np.log(over.drop(columns="came").add(0.5)).sub(np.log(over["came"] + 0.5), axis=0)


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
