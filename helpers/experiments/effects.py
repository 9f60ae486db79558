"""Reading an experiment: the difference of two arms, by the unit that was randomized."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from helpers import evaluation


class Effect(NamedTuple):
    """Treated less control, with its 95 % interval and two-sided p value."""

    estimate: float
    low: float
    high: float
    p_value: float

    def text(self, digits: int = 2) -> str:
        """The effect as text: `+0.023 [+0.015, +0.031]`."""
        return evaluation.Interval(self.estimate, self.low, self.high).text(digits, signed=True)


def compare(values: ArrayLike, treated: ArrayLike, level: float = evaluation.LEVEL) -> Effect:
    """Difference of the means of two arms by Welch's t-test.

    `values` (n,) one per randomized unit (a customer, not a basket), `treated` (n,) true or false,
    `level` that of the interval.
    Raises ValueError for lengths that differ, missing values, or fewer than two units in an arm.
    """
    (values,), treated = _arms([values], treated)
    if np.ptp(values[treated]) == np.ptp(values[~treated]) == 0:  # t is 0 / 0 or infinite
        gap = float(values[treated][0] - values[~treated][0])
        return Effect(gap, gap, gap, float(gap == 0))
    found = stats.ttest_ind(values[treated], values[~treated], equal_var=False)
    inside = found.confidence_interval(level)
    estimate = values[treated].mean() - values[~treated].mean()
    return Effect(float(estimate), float(inside.low), float(inside.high), float(found.pvalue))


def compare_ratio(top: ArrayLike, bottom: ArrayLike, treated: ArrayLike) -> Effect:
    """Difference of a ratio of sums (spend per basket, clicks per view) by the delta method.

    The ratio of an arm is sum(top) / sum(bottom). Its variance is that of the mean of
    (top - ratio × bottom) / mean(bottom) over the randomized units, which keeps the baskets of a
    customer together (Deng, Knoblich & Lu 2018, KDD).

    Args:
        top, bottom: (n,) sums per randomized unit, such as a customer's spend and baskets.
        treated: (n,) true or false.

    Raises:
        ValueError: As `compare`, or an arm whose `bottom` adds up to 0.
    """
    (top, bottom), treated = _arms([top, bottom], treated)
    ratio, variance = [], []
    for arm in (treated, ~treated):
        size = bottom[arm].sum()
        if size <= 0:
            raise ValueError("the lower part of the ratio adds up to 0 in an arm: it has no ratio")
        ratio.append(top[arm].sum() / size)
        spread = (top[arm] - ratio[-1] * bottom[arm]) / bottom[arm].mean()
        variance.append(spread.var(ddof=1) / arm.sum())
    estimate, error = ratio[0] - ratio[1], np.sqrt(sum(variance))
    half = evaluation.critical_value() * error
    p_value = 2 * stats.norm.sf(abs(estimate) / error) if error > 0 else float(estimate == 0)
    return Effect(float(estimate), float(estimate - half), float(estimate + half), float(p_value))


def _arms(columns: list[ArrayLike], treated: ArrayLike) -> tuple[list[np.ndarray], np.ndarray]:
    arrays, treated = [np.asarray(column, dtype=float) for column in columns], np.asarray(treated)
    lengths = sorted({len(array) for array in [*arrays, treated]})
    if len(lengths) > 1:
        raise ValueError(f"values and arms differ in length: {lengths}")
    arms = true_or_false(treated)
    if min(arms.sum(), (~arms).sum()) < 2:
        raise ValueError(f"{arms.sum()} treated and {(~arms).sum()} others: two of each at least")
    for array in arrays:
        none_missing(array, "values")
    return arrays, arms


def true_or_false(treated: ArrayLike) -> np.ndarray:
    """The arms (n,) as booleans. Raises ValueError for anything but true and false, 1 and 0."""
    arms = np.asarray(treated)
    if arms.dtype.kind not in "biuf" or not np.isin(arms, [0, 1]).all():
        raise ValueError(
            "`treated` is true or false for each unit; for named arms: arm == 'voucher'"
        )
    return arms.astype(bool)


def none_missing(values: np.ndarray, what: str) -> None:
    """Raises ValueError where values (n,) are missing."""
    if missing := int(np.isnan(values).sum()):
        raise ValueError(f"{missing} {what} are missing")
