"""The ways to foretell how many orders will come, and what each said at earlier moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import features, lifetime
from helpers.features.cut_off import STANDING_COLUMNS
from helpers.shop import Shop

WEEK = pd.Timedelta("7D")
RECENT = 13  # weeks: what "as of late" means
YEAR = 52
APART = 2  # weeks between two moments at which the ways are tried
MOMENTS = 40  # at most so many
MOST = 20_000  # customers counted one by one; of more, so many drawn at random


class Compact(NamedTuple):
    """A shop to be looked at week after week: a line an order (of those placed and canceled at one
    time), numbers for ids; the lines of at most `MOST` customers; and which share these are."""

    shop: Shop
    few: Shop
    share: float


def compact(store: Shop) -> Compact:
    """Return what the ways need of a shop, many times quicker to look at than the shop."""
    columns = ["customer_id", "order_id", *STANDING_COLUMNS, "amount"]
    lines = store.purchases[columns].copy()
    for name in columns[:2]:
        lines[name] = pd.factorize(lines[name], sort=True)[0]
    lines = lines.groupby(columns[:-1], as_index=False, dropna=False, sort=False)["amount"].sum()
    every = Shop(store.name, lines)
    customers = int(lines["customer_id"].max()) + 1 if len(lines) else 0
    if customers <= MOST:
        return Compact(every, every, 1.0)
    drawn = np.random.default_rng(0).choice(customers, MOST, replace=False)
    few = lines[np.isin(lines["customer_id"], drawn)]
    return Compact(every, Shop(store.name, few.reset_index(drop=True)), MOST / customers)


def weekly(store: Shop, moment: pd.Timestamp) -> pd.Series:
    """Orders placed in each whole week before a moment, of those that stand then; by the week's
    first moment, oldest first."""
    lines = features.standing(store.purchases, None, moment, ["order_id", "ordered_at"])
    began = lines.groupby("order_id")["ordered_at"].min()
    ago = ((moment - began) // WEEK).astype("int64")
    weeks = int((moment - began.min()) // WEEK) if len(began) else 0
    counts = ago.value_counts().reindex(range(weeks), fill_value=0).sort_index(ascending=False)
    return counts.set_axis(moment - (counts.index + 1) * WEEK).rename("orders")


class Past(NamedTuple):
    """Customers as `lifetime.history` has them, and BG/NBD fitted to them, None where nobody bought
    twice: fitted once for all numbers of weeks."""

    customers: pd.DataFrame
    model: lifetime.BetaGeometric | None

    @classmethod
    def of(cls, store: Shop, moment: pd.Timestamp) -> Past:
        """What was known at a moment."""
        customers = lifetime.history(store, moment)
        try:
            return cls(customers, lifetime.BetaGeometric.fit(customers))
        except ValueError:
            return cls(customers, None)


def as_of_late(orders: pd.Series, past: Past, weeks: int) -> float:
    """The mean of the last weeks goes on."""
    return orders.iloc[-RECENT:].mean() * weeks


def season(orders: pd.Series, weeks: int) -> np.ndarray:
    """The same weeks of last year, times how the last weeks compare with theirs: (weeks,); empty
    without a year to look back on, or where those weeks had no order."""
    if len(orders) < YEAR + RECENT:
        return np.empty(0)
    before = orders.iloc[-YEAR - RECENT : -YEAR].sum()
    same = orders.iloc[-YEAR:][:weeks].to_numpy(float)
    return same * orders.iloc[-RECENT:].sum() / before if before else np.empty(0)


def as_last_year(orders: pd.Series, past: Past, weeks: int) -> float:
    """The sum of `season`; NaN where there is none."""
    ahead = season(orders, weeks)
    return float(ahead.sum()) if len(ahead) else np.nan


def by_customer(orders: pd.Series, past: Past, weeks: int) -> float:
    """What BG/NBD expects of all customers (days with a purchase), and as many new ones as of late;
    NaN where nobody bought twice."""
    customers, model = past
    if model is None:
        return np.nan
    new = (customers["age"] <= RECENT * 7).sum() / RECENT  # a week
    ahead = model.expected_purchases(7 * (weeks - np.arange(weeks) - 0.5))
    return model.expected_orders(customers, 7 * weeks).sum() + new * (weeks + ahead.sum())


CUSTOMERS = "customer by customer, and new ones as of late"
LAST_YEAR = "as in the same weeks last year, at today's pace"
AVERAGE = "the average of these ways"
WAYS: dict[str, Callable[[pd.Series, Past, int], float]] = {
    "as in the last 13 weeks": as_of_late,
    LAST_YEAR: as_last_year,
    CUSTOMERS: by_customer,
}


def each_way(small: Compact, moment: pd.Timestamp, weeks: Sequence[int]) -> pd.DataFrame:
    """What each way foretells at a moment, from what was known then: a row for each number of
    weeks, a column for each of `WAYS` and for the average of those that say anything."""
    return _each_way(small, weekly(small.shop, moment), moment, weeks)


def _each_way(
    small: Compact, orders: pd.Series, moment: pd.Timestamp, weeks: Sequence[int]
) -> pd.DataFrame:
    past = Past.of(small.few, moment)
    rows = {}
    for many in weeks:
        said = {name: way(orders, past, many) for name, way in WAYS.items()}
        said[CUSTOMERS] /= small.share
        # with few repeats the model's sums can leave the numbers that there are
        said = {name: number if number >= 0 else np.nan for name, number in said.items()}
        rows[many] = {**said, AVERAGE: float(np.nanmean(list(said.values())))}
    return pd.DataFrame.from_dict(rows, orient="index")


@lru_cache(maxsize=2)  # asked for four weeks, for thirteen, for the card, for the picture
def tried(store: Shop, moment: pd.Timestamp, weeks: tuple[int, ...]) -> dict[int, pd.DataFrame]:
    """What each way foretold at moments `APART` weeks apart, the oldest with `RECENT` whole weeks
    behind it, and what came.

    Returns:
        For each number of weeks a table by moment, oldest first, the last row being `moment`
        itself: a column for each way and `came` (orders that stood when the weeks were over; NaN
        where they were not over at `moment`).
    """
    small = compact(store)
    counts: dict[pd.Timestamp, pd.Series] = {}  # what came by one moment is the past of another

    def orders_at(day: pd.Timestamp) -> pd.Series:
        if day not in counts:
            counts[day] = weekly(small.shop, day)
        return counts[day]

    most = min(len(orders_at(moment)) - RECENT, APART * MOMENTS)
    found = {}
    for ago in reversed(range(0, max(0, most) + 1, APART)):
        day = moment - ago * WEEK
        found[day] = _each_way(small, orders_at(day), day, weeks)
    tables = {}
    for many in weeks:
        table = pd.DataFrame({day: said.loc[many] for day, said in found.items()}).T
        over = [day + many * WEEK <= moment for day in table.index]
        table["came"] = [
            orders_at(day + many * WEEK).iloc[-many:].sum() if known else np.nan
            for day, known in zip(table.index, over, strict=True)
        ]
        tables[many] = table
    return tables
