"""One customer: what they bought, when they are expected next, and what one more order changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import evaluation, features, lifetime
from helpers.evaluation import Interval
from helpers.owner.customers import YEAR
from helpers.owner.rhythm import BACK, GONE, LEAST, LONG, Back, step, usual
from helpers.shop import Shop

DAY = pd.Timedelta("1D")
RULES = {
    "rhythm": "their own middle gap between two purchases, counted from the last one",
    "rate": "the wait that half of their next purchases would take at the rate that BG/NBD gives "
    "them, counted from today",
}
"""How the day of the next purchase is foretold, by name."""


class NextDay(NamedTuple):
    """The rule that foretells the day of a regular's next purchase, chosen on the half year before:
    `tried` regulars who bought in it, by how many days each rule missed the day in the middle case,
    and the difference of the mean misses (chosen minus other) with its paired interval. Where
    nothing could be tried, `tried` is 0 and the rule is the rate."""

    rule: str
    tried: int
    misses: dict[str, float]
    difference: Interval | None


class Half(NamedTuple):
    """The buyers of half a year ago: `past` (their history then), `gone` (probability of having
    left; NaN for those without a rhythm), `long` (whether they had been silent for `LONG` times
    their usual gap or longer), and `came` (whether they bought since)."""

    past: pd.DataFrame
    gone: pd.Series
    long: pd.Series
    came: pd.Series


class Known(NamedTuple):
    """What is known of all buyers at a moment, to answer for one at once: see `know`."""

    moment: pd.Timestamp
    past: pd.DataFrame
    days: pd.DataFrame
    counts: lifetime.BetaGeometric | None
    worth: lifetime.GammaGamma | None
    next_day: NextDay
    half: Half | None
    currency: str


class One(NamedTuple):
    """One customer. Money in the file's currency, times in days.

    `days` has a row a purchase (`day`, `amount`). `usual` is NaN with fewer than four purchases,
    `gone` (probability of having left) too: the model knows no rhythm of theirs. `next_order` is
    None for them, for those who have probably left, and for those who are silent for `LONG` times
    their usual gap or longer. `expected` is what they are expected to
    spend in the next 365 days, `if_today` the same had they bought today (that purchase not
    counted); NaN where nothing is known. `alike` says how customers like this one did half a year
    ago.
    """

    days: pd.DataFrame
    purchases: int
    spent: float
    last_order: pd.Timestamp
    silent: float
    usual: float
    gone: float
    next_order: pd.Timestamp | None
    expected: float
    if_today: float
    alike: Back


def know(store: Shop, as_of: str | pd.Timestamp) -> Known:
    """Look at all buyers before `as_of`, and try on the half year before it what foretells.

    Raises ValueError where `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    past = lifetime.history(store, moment)
    days = lifetime.purchase_days(store, moment)
    counts = worth = None
    if (past["repeats"] > 0).any():
        counts = lifetime.BetaGeometric.fit(past)
        if ((past["value"] > 0) & (past["repeats"] > 0)).any():
            worth = lifetime.GammaGamma.fit(past)
    half = _half(store, moment)
    chosen = NextDay("rate", 0, {}, None) if half is None else _choose(store, moment, half, days)
    return Known(moment, past, days, counts, worth, chosen, half, store.currency)


def one(known: Known, customer: str) -> One:
    """Answer for one customer. Raises KeyError for somebody who has bought nothing."""
    row = known.past.loc[[customer]]
    repeats, last, age, value = row.iloc[0]
    start = known.days["customer_id"].searchsorted(customer)  # the days are sorted by customer
    days = known.days.iloc[start : start + int(repeats) + 1].drop(columns="customer_id")
    gone = middle = np.nan
    next_order = None
    if repeats >= LEAST and known.counts is not None:
        gone = float(1 - known.counts.probability_alive(row).iloc[0])
        middle = float(days["day"].diff().median() / DAY)
        if gone < GONE and age - last < LONG * max(middle, 1):
            wait = _waits(row, pd.Series(middle, row.index), known.counts)[known.next_day.rule]
            next_order = known.moment.normalize() + round(wait.iloc[0]) * DAY
    today = row.assign(repeats=repeats + 1, last=age)
    return One(
        days.reset_index(drop=True),
        int(repeats) + 1,
        round(float(value * (repeats + 1)), 2),
        days["day"].iloc[-1],
        float(age - last),
        middle,
        gone,
        next_order,
        _worth(known, row),
        _worth(known, today),
        _alike(known, row.iloc[0], gone, age - last >= LONG * max(middle, 1)),
    )


def _worth(known: Known, row: pd.DataFrame) -> float:
    """What a history is expected to bring in a year; NaN where nothing is known."""
    if known.counts is None or known.worth is None:
        return np.nan
    try:
        value = known.worth.expected_value(row).iloc[0]
    except ValueError:  # the mean value of somebody who bought once is not finite
        return np.nan
    return float(known.counts.expected_orders(row, YEAR).iloc[0] * value)


def _half(store: Shop, moment: pd.Timestamp) -> Half | None:
    """The buyers of half a year ago, and what became of them; None where nobody had bought."""
    then = moment - BACK
    try:
        past = lifetime.history(store, then)
        came = lifetime.purchases_after(store, then, BACK) > 0
    except ValueError:
        return None
    gone = pd.Series(np.nan, past.index)
    regular = past["repeats"] >= LEAST
    if regular.any():
        model = lifetime.BetaGeometric.fit(past)
        gone[regular] = 1 - model.probability_alive(past[regular])
    silent = past["age"] - past["last"]
    long = silent >= LONG * usual(store, then).reindex(past.index).clip(lower=1)
    return Half(past, gone, long, came)


def _waits(
    past: pd.DataFrame, middle: pd.Series, model: lifetime.BetaGeometric
) -> dict[str, pd.Series]:
    """Days from the moment to the next purchase of regulars, by rule (`RULES`)."""
    silent = past["age"] - past["last"]
    # given x purchases in time T, the rate is gamma(r + x, alpha + T): its mean
    rate = (model.r + past["repeats"]) / (model.alpha + past["age"])
    return {"rhythm": (middle - silent).clip(lower=0), "rate": np.log(2) / rate}


def _choose(store: Shop, moment: pd.Timestamp, half: Half, days: pd.DataFrame) -> NextDay:
    """Try both rules on the regulars of half a year ago who have bought since."""
    then = moment - BACK
    after = days[days["day"] >= then].groupby("customer_id")["day"].min()
    tried = half.past[half.gone.lt(GONE) & half.past.index.isin(after.index)]
    if len(tried) < 2:
        return NextDay("rate", 0, {}, None)
    model = lifetime.BetaGeometric.fit(half.past)
    waited = (after.reindex(tried.index) - then) / DAY
    waits = _waits(tried, usual(store, then).reindex(tried.index), model)
    misses = {name: (wait - waited).abs() for name, wait in waits.items()}
    best = min(misses, key=lambda name: misses[name].mean())
    (other,) = set(misses) - {best}
    difference = evaluation.mean_interval((misses[best] - misses[other]).to_numpy())
    middle = {name: float(missed.median()) for name, missed in misses.items()}
    return NextDay(best, len(tried), middle, difference)


def _alike(known: Known, row: pd.Series, gone: float, long: bool) -> Back:
    """How those like this one did, of half a year ago: regulars as probably gone (the same number
    of `rhythm.STEPS`) and as silent (for long or not), others with as many purchases who were
    silent half to twice as long."""
    if known.half is None:
        return Back(0, None)
    past = known.half.past
    if np.isnan(gone):
        silent, own = past["age"] - past["last"], row["age"] - row["last"]
        like = (past["repeats"] == row["repeats"]) & silent.between(own / 2, own * 2)
    else:
        like = known.half.gone.notna() & (known.half.gone.fillna(0).map(step) == step(gone))
        like &= known.half.long == long
    came = known.half.came[like]
    if not len(came):
        return Back(0, None)
    return Back(len(came), evaluation.proportion_interval(int(came.sum()), len(came)))
