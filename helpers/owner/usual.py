"""What is usual for a shop: who ordered in its own earlier windows, and how these differed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from helpers import features
from helpers.shop import Shop

MEMORY = (365, 182)  # days that a customer's state looks back; the shorter for younger shops
MOST, FEWEST = 8, 2  # earlier windows
RIDGE = 100.0  # of the regression: next to nothing, so that it always has an answer
LEAST_APART = 0.05  # windows differ by that share at least: a file that grows older moves them
DAY = np.timedelta64(1, "D")


class Orders(NamedTuple):
    """All orders of a shop, each with when it was placed and canceled: arrays of one length, sorted
    by time; `customer` are numbers into `ids`."""

    ids: pd.Index
    customer: np.ndarray
    placed: np.ndarray
    canceled: np.ndarray

    @classmethod
    def of(cls, store: Shop) -> Orders:
        """The orders of a shop; the lines of an order canceled at one time are one."""
        summed = features.cut_off.sum_orders(store.purchases).dropna(subset="customer_id")
        summed = summed.sort_values("ordered_at", kind="stable")
        codes, ids = pd.factorize(summed["customer_id"])
        placed, canceled = (
            summed[name].to_numpy("datetime64[us]") for name in ("ordered_at", "cancelled_at")
        )
        return cls(ids, codes, placed, canceled)

    def standing(self, start: np.datetime64 | None, end: np.datetime64) -> np.ndarray:
        """Which were placed in [start, end) and not canceled before its end: (n,) bool."""
        inside = (self.placed < end) & ~(self.canceled < end)
        return inside if start is None else inside & (self.placed >= start)

    def who_ordered(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.Index:
        """The customers with an order in a window that stood at its end."""
        inside = self.standing(start.to_datetime64(), end.to_datetime64())
        return self.ids[np.unique(self.customer[inside])]


class Expected(NamedTuple):
    """How likely each customer of a date is to order in the window after it: `probability` and
    `design` by `ids`; how surely that is known (`covariance` of the coefficients), how much whole
    windows differ (`tau`, as a share), and how many `windows` it was learned from."""

    ids: pd.Index
    probability: np.ndarray
    design: np.ndarray
    covariance: np.ndarray
    tau: float
    windows: int

    def of(self, customers: pd.Index) -> tuple[float, float]:
        """The number expected of these customers, and its standard deviation: chance of each, of
        what is expected, and of windows among each other."""
        rows = self.ids.get_indexer(customers)
        p, x = self.probability[rows], self.design[rows]
        gradient = (p * (1 - p)) @ x
        variance = (p * (1 - p)).sum() + gradient @ self.covariance @ gradient
        variance += (self.tau * p.sum()) ** 2 * (1 + 1 / self.windows)
        return float(p.sum()), float(np.sqrt(variance))


def starts(
    orders: Orders, then: pd.Timestamp, length: pd.Timedelta
) -> tuple[list[np.datetime64], int]:
    """The starts of the earlier windows, one after the other up to `then`, latest first, and the
    days that a state looks back; no start where there are fewer than two."""
    begins = orders.placed[0]
    for memory in MEMORY:
        room = then.to_datetime64() - begins - memory * DAY
        many = min(MOST, int(room // length.to_timedelta64()))
        if many >= FEWEST:
            back = [then - number * length for number in range(1, many + 1)]
            return [start.to_datetime64() for start in back], memory
    return [], MEMORY[-1]


def expect(
    orders: Orders,
    then: pd.Timestamp,
    length: pd.Timedelta,
    grouped: Callable[[pd.Timestamp], pd.Series],
) -> Expected | None:
    """Learn from earlier windows who orders in one, for all customers of `then`; None where the
    shop is too young for two of them.

    A logistic regression on a customer's state at the start of a window (how long silent, how many
    orders in the last year, customer for how long, at most a year: logs, their squares and
    products; and which group, as `grouped(moment)` says by customer). A state that looks back a
    year means the same at every start, also in a file that begins in the middle of a shop's life;
    all windows begin a year (or half a year) after it.
    """
    earlier, memory = starts(orders, then, length)
    if not earlier:
        return None
    states, came, members = [], [], []
    for start in earlier:
        state, ids = _state(orders, start, memory)
        members.append(grouped(pd.Timestamp(start)).reindex(orders.ids[ids]))
        inside = orders.standing(start, start + length.to_timedelta64())
        ordered = np.zeros(len(orders.ids), bool)
        ordered[orders.customer[inside]] = True
        states.append(state)
        came.append(ordered[ids])
    present, ids = _state(orders, then.to_datetime64(), memory)
    scaler = StandardScaler().fit(np.concatenate(states))
    member = grouped(then).reindex(orders.ids[ids])
    names = sorted(set(member.dropna()))
    x = [
        _design(scaler.transform(state), group, names)
        for state, group in zip(states, members, strict=True)
    ]
    y = np.concatenate(came)
    now = _design(scaler.transform(present), member, names)
    if y.min() == y.max():  # all of them, or none: nothing to tell them apart by
        p = np.full(len(now), (y.sum() + 0.5) / (len(y) + 1))
        width = now.shape[1]
        return Expected(
            orders.ids[ids], p, now, np.zeros((width, width)), LEAST_APART, len(earlier)
        )
    every = np.concatenate(x)
    model = LogisticRegression(C=RIDGE, solver="newton-cholesky", fit_intercept=False).fit(every, y)
    p = [model.predict_proba(part)[:, 1] for part in x]
    weights = np.concatenate(p) * (1 - np.concatenate(p))
    information = (every * weights[:, None]).T @ every + np.eye(every.shape[1]) / RIDGE
    misses = np.array([c.sum() - q.sum() for c, q in zip(came, p, strict=True)])
    chance = np.array([(q * (1 - q)).sum() for q in p])
    totals = np.array([q.sum() for q in p])
    return Expected(
        orders.ids[ids],
        model.predict_proba(now)[:, 1],
        now,
        np.linalg.inv(information),
        spread_beyond(misses, chance, totals),
        len(earlier),
    )


def spread_beyond(misses: np.ndarray, chance: np.ndarray, totals: np.ndarray) -> float:
    """By what share whole windows differ beyond chance, by the method of moments: the misses (n,)
    less the variance that chance gives them, in proportion to what was expected; `LEAST_APART` at
    least."""
    n = len(misses)
    beyond = (misses**2).sum() * n / (n - 1) - chance.sum()
    return max(LEAST_APART, float(np.sqrt(max(0.0, beyond) / (totals**2).sum())))


def new_ones(orders: Orders, then: pd.Timestamp, length: pd.Timedelta) -> tuple[int, float, float]:
    """How many ordered in the window after `then` who had not in the year (or half year) before it,
    how many would be usual, and the standard deviation around it; NaN where the shop is too young.

    They are new, or back after long: in a file that begins in the middle of a shop's life nobody
    can tell these two apart, and the number of those whom the file shows first falls by itself.
    """
    span = length.to_timedelta64()
    earlier, memory = starts(orders, then, length)
    fresh = _long_away(orders, then.to_datetime64(), span, memory)
    counts = np.array([_long_away(orders, start, span, memory) for start in earlier], dtype=float)
    if not counts.sum():
        return fresh, np.nan, np.nan
    mean = counts.mean()
    tau = spread_beyond(counts - mean, counts, np.full(len(counts), mean))
    variance = (mean + (tau * mean) ** 2) * (1 + 1 / len(counts))
    return fresh, float(mean), float(np.sqrt(variance))


def _long_away(orders: Orders, start: np.datetime64, span: np.timedelta64, memory: int) -> int:
    known = np.zeros(len(orders.ids), bool)
    known[orders.customer[orders.standing(start - memory * DAY, start)]] = True
    came = np.unique(orders.customer[orders.standing(start, start + span)])
    return int((~known[came]).sum())


def _state(orders: Orders, moment: np.datetime64, memory: int) -> tuple[np.ndarray, np.ndarray]:
    """The state of each customer at a moment, (customers, 9), and their numbers."""
    inside = orders.standing(None, moment)
    customer, days = orders.customer[inside], (moment - orders.placed[inside]) / DAY
    size = len(orders.ids)
    silent, age = np.full(size, np.inf), np.zeros(size)
    np.minimum.at(silent, customer, days)
    np.maximum.at(age, customer, days)
    lately = np.bincount(customer[days <= memory], minlength=size)
    ids = np.flatnonzero(np.isfinite(silent))
    a, b, c = np.log1p(silent[ids]), np.log1p(lately[ids]), np.log1p(np.minimum(age[ids], memory))
    return np.column_stack([a, b, c, a * a, b * b, c * c, a * b, a * c, b * c]), ids


def _design(table: np.ndarray, member: pd.Series, names: list[str]) -> np.ndarray:
    """A column of ones, the state, and for each group whether a customer is in it."""
    groups = [(member == name).to_numpy(float) for name in names]
    return np.column_stack([np.ones(len(table)), table, *groups])
