"""Did the model keep its promise? Outcomes against propensities, once a window has closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import rankdata

from helpers import evaluation

DRAWS = 499
GROUPS = 10


MONEY = "profit per 1,000"


class Health(NamedTuple):
    """`table`: a row per figure: promised (its mean if the propensities are true), low and high
    (the 95 % range), observed, p (adjusted for the four figures); `alarm`: a p at or below the
    level;
    `lost`: profit per 1,000 customers that was promised and did not come, with its interval."""

    table: pd.DataFrame
    alarm: bool
    lost: evaluation.Interval

    def shown(self) -> pd.DataFrame:
        """The table as text, with no more digits than it deserves: shares and scores have three,
        money is in whole tens, p has two."""
        figures = self.table.drop(columns="p")
        text = figures.map("{:.3f}".format)
        text.loc[MONEY] = [f"{round(value, -1) + 0.0:,.0f}" for value in figures.loc[MONEY]]
        return text.assign(p=["below 0.01" if p < 0.01 else f"{p:.2f}" for p in self.table["p"]])

    def missing(self) -> str:
        """`lost` in words, in whole tens: "300 [240, 350] less than promised", or more."""
        estimate, low, high = self.lost
        if estimate < 0:
            return f"{evaluation.Interval(-estimate, -high, -low).text(-1)} more than promised"
        return f"{self.lost.text(-1)} less than promised"


def health(
    y: ArrayLike,
    p: ArrayLike,
    gain: float,
    cost: float,
    level: float = 0.05,
    draws: int = DRAWS,
    seed: int = 0,
    past: Iterable[tuple[ArrayLike, ArrayLike]] = (),
) -> Health:
    """Compare outcomes with what the propensities promised: share of orders, profit, ranking (AUC),
    and calibration error.

    If the propensities p are true, each outcome is a coin that falls on 1 with chance p. Such
    outcomes are drawn `draws` times; the four figures of the real ones are compared with theirs,
    the most surprising one with the most surprising of each draw. So a model that keeps its promise
    gives an alarm at `level`, as long as customers decide each for themselves. What moves all of
    them at once (weather, a holiday that falls elsewhere) is an alarm too, unless `past` shows that
    windows do differ: then each draw has a common shock of the size seen there (`common_shock`).
    Profit is that of contacting those with p above cost / gain.

    Args:
        y: Outcomes (n,), 0 or 1.
        p: Propensities (n,), as they were when scored.
        gain: What an order of a contacted customer brings, before the cost.
        cost: What a contact costs, in the same currency.
        level: The share of false alarms that is accepted, per look.
        past: Outcomes and propensities (y, p) of earlier windows, three or more, in which nothing
            was wrong with the model. Whatever moved them counts as usual from now on.

    Raises:
        ValueError: Lengths differ, p is not between 0 and 1, nobody or everybody ordered, or one or
            two windows of the past.
    """
    y, p = _checked(y, p)
    past = list(past)
    shock = common_shock(past) if past else 0.0
    contacted = p > evaluation.best_threshold(gain, cost)
    measure = _measure(p, contacted, gain, cost)
    rng = np.random.default_rng(seed)
    batches, odds = [], _logit(p)
    for _ in range(-(-draws // 20)):
        chance = p
        if shock > 0:  # known from as many windows as there are: Student's t, not a normal
            chance = expit(odds + shock * rng.standard_t(len(past), size=(20, 1)))
        batches.append(measure(rng.random((20, len(p))) < chance))
    drawn = np.vstack(batches)[:draws]
    observed = measure(y[None, :] > 0)[0]
    mean = drawn.mean(axis=0)
    # the observed figures are one more draw, if the promise holds: all are measured by the same
    # ruler
    pool = np.vstack([observed, drawn])
    center, spread = pool.mean(axis=0), pool.std(axis=0) + 1e-12
    # a share and a profit can miss on either side; only a low AUC and a high error are bad news
    worst = _surprise((drawn - center) / spread).max(axis=1)
    found = _surprise((observed[None, :] - center) / spread)[0]
    adjusted = (1 + (worst[None, :] >= found[:, None]).sum(axis=1)) / (draws + 1)
    low, high = evaluation.drawn_ends(drawn, axis=0)
    table = pd.DataFrame(
        {"promised": mean, "low": low, "high": high, "observed": observed, "p": adjusted},
        index=["share that ordered", MONEY, "AUC", "calibration error"],
    )
    missed = 1_000 * contacted * gain * (p - y)
    return Health(table, bool(adjusted.min() <= level), evaluation.mean_interval(missed))


def common_shock(past: Iterable[tuple[ArrayLike, ArrayLike]]) -> float:
    """How far windows differ beyond chance: the standard deviation, on the logit, of a shift that
    all customers of a window have in common. 0 where chance explains the differences.

    The shift d of a window makes the sum of expit(logit(p) + d) the number of orders. By chance
    alone its variance would be about 1 / (sum of p (1 - p)); the mean of d² beyond the mean of that
    is the variance of the shock (moments, as in DerSimonian & Laird 1986, around 0, which the model
    promised).

    Args:
        past: (y, p) of each window: outcomes (n,), 0 or 1, and propensities (n,).

    Raises ValueError for fewer than three windows, or one that `health` would refuse.
    """
    windows = [_checked(y, p) for y, p in past]
    if len(windows) < 3:
        raise ValueError(f"how windows differ shows in three or more, not in {len(windows)}")
    squares, chance = [], []
    for y, p in windows:
        squares.append(_shift(y, p) ** 2)
        chance.append(1 / (p * (1 - p)).sum())
    return float(np.sqrt(max(0.0, np.mean(squares) - np.mean(chance))))


def _shift(y: np.ndarray, p: np.ndarray) -> float:
    """What must be added to the logit of p (n,) for it to promise the orders that came."""
    odds, orders = _logit(p), y.sum()
    return float(brentq(lambda d: expit(odds + d).sum() - orders, -20, 20))


def _logit(p: np.ndarray) -> np.ndarray:
    """The logit of p (n,), finite at 0 and 1 too."""
    return logit(np.clip(p, 1e-9, 1 - 1e-9))


def _checked(y: ArrayLike, p: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("give one propensity between 0 and 1 for each outcome")
    if len(np.unique(y)) < 2:
        raise ValueError("nobody or everybody ordered: nothing can be compared")
    return y, p


def _measure(p: np.ndarray, contacted: np.ndarray, gain: float, cost: float):
    """A function from outcomes (draws, n) of bool to the four figures (draws, 4)."""
    ranks = rankdata(p)
    order = np.argsort(p, kind="stable")
    cuts = np.linspace(0, len(p), GROUPS + 1).astype(int)[:-1]
    promised = np.add.reduceat(p[order], cuts)

    def measure(y: np.ndarray) -> np.ndarray:
        y = y.astype(float)
        positives = y.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            area = (y @ ranks - positives * (positives + 1) / 2) / (
                positives * (len(p) - positives)
            )
        error = np.abs(np.add.reduceat(y[:, order], cuts, axis=1) - promised).sum(axis=1) / len(p)
        profit = 1_000 * (y @ contacted * gain - contacted.sum() * cost) / len(p)
        return np.column_stack([positives / len(p), profit, np.nan_to_num(area, nan=0.5), error])

    return measure


def _surprise(z: np.ndarray) -> np.ndarray:
    """How bad the news is, in standard deviations: (draws, 4) to (draws, 4)."""
    return np.column_stack([np.abs(z[:, 0]), np.abs(z[:, 1]), -z[:, 2], z[:, 3]])


def retrain(looks: list[Health], cost_of_retraining: float, customers: int) -> bool:
    """Whether to train anew: the last two looks both ended in an alarm and, on this many customers,
    surely lost (the low end of the interval) more than a training costs.

    An alarm alone says that something changed; with many customers it says so of changes that cost
    nothing. Every `Health` must be that of a window of its own.
    """
    bill = 1_000 * cost_of_retraining / customers
    return len(looks) >= 2 and all(look.alarm and look.lost.low > bill for look in looks[-2:])
