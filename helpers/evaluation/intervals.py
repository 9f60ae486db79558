"""An estimate and its interval, of 95 % throughout: whoever needs one takes it from here."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

LEVEL = 0.95
TAIL = round((1 - LEVEL) / 2, 12)  # on either side of the interval; 1 - .95 is not quite .05


class Interval(NamedTuple):
    """An estimate with the ends of its 95 % interval."""

    estimate: float
    low: float
    high: float

    def text(self, digits: int = 2, signed: bool = False) -> str:
        """The interval as text: `0.71 [0.70, 0.72]`; digits of -1 round to tens."""
        form = f"{'+' if signed else ''}.{max(digits, 0)}f"
        estimate, low, high = (
            round(value, digits) + 0.0 if digits < 0 else value for value in self
        )
        return f"{estimate:{form}} [{low:{form}}, {high:{form}}]"


def critical_value(freedom: float | None = None) -> float:
    """How many standard errors the interval reaches to either side of the estimate: by the normal
    distribution, or by Student's t with degrees of `freedom` where the error is estimated from few
    values."""
    return float(stats.norm.ppf(1 - TAIL) if freedom is None else stats.t.ppf(1 - TAIL, freedom))


def drawn_ends(drawn: ArrayLike, axis: int | None = None) -> np.ndarray:
    """The two ends of the middle part of drawn values (percentiles): (2,), or with an axis (2, …)
    without that axis."""
    return np.quantile(np.asarray(drawn, dtype=float), [TAIL, 1 - TAIL], axis=axis)


def mean_interval(values: np.ndarray) -> Interval:
    """Mean of independent repetitions (n,) with its t interval; for a paired comparison pass the
    differences. Raises ValueError for fewer than two values."""
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        raise ValueError(f"an interval needs at least two repetitions, not {len(values)}")
    half = critical_value(len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return Interval(values.mean(), values.mean() - half, values.mean() + half)


def proportion_interval(hits: int, n: int) -> Interval:
    """Share of hits with its Wilson interval, which stays inside 0..1 and works at 0 and n hits."""
    # here: no other function of this room needs statsmodels
    from statsmodels.stats.proportion import proportion_confint

    return Interval(hits / n, *proportion_confint(hits, n, 2 * TAIL, "wilson"))


def difference_of_proportions(hits: int, n: int, other_hits: int, other_n: int) -> Interval:
    """Difference of two independent shares, hits / n minus the other, with Newcombe's hybrid score
    interval (1998, Statistics in Medicine 17:873-890, method 10), which holds for small parts."""
    # here: no other function of this room needs statsmodels
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        hits, n, other_hits, other_n, method="newcomb", compare="diff", alpha=2 * TAIL
    )
    return Interval(hits / n - other_hits / other_n, float(low), float(high))


def corrected_interval(differences: np.ndarray, train: int, test: int) -> Interval:
    """Mean of the differences of two models over K folds (K,), with the corrected t interval.

    Training sets of cross-validation overlap, so that SD / sqrt(K) is far too small an error. The
    variance is multiplied by 1/K + test/train instead of 1/K (Nadeau & Bengio 2003, Machine
    Learning 52:239-281). `train` and `test` are the rows of one fold. Raises ValueError for fewer
    than two.
    """
    differences = np.asarray(differences, dtype=float)
    folds = len(differences)
    if folds < 2:
        raise ValueError(f"an interval needs at least two folds, not {folds}")
    error = np.sqrt((1 / folds + test / train) * differences.var(ddof=1))
    half = critical_value(folds - 1) * error
    return Interval(differences.mean(), differences.mean() - half, differences.mean() + half)
