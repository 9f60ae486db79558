"""Taking out of the outcome what the past explains."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers.experiments.effects import none_missing


def cuped(values: ArrayLike, before: ArrayLike) -> np.ndarray:
    """CUPED: the values without what the past explains (Deng, Xu, Kohavi & Walker 2013).

    values - θ (before - mean), θ from the least-squares regression over both arms together. Means
    stay as they are; the variance falls to 1 - ρ² of itself. `before` must be **older than the
    treatment**: what the treatment can move takes its effect away with it.

    Args:
        values: (n,) outcomes, one per randomized unit.
        before: (n,) or (n, k): what was known of the unit before. 0, not missing, without a past.

    Returns:
        Adjusted values (n,), for `compare`.

    Raises:
        ValueError: Lengths that differ, or missing values.
    """
    values, before = np.asarray(values, dtype=float), np.asarray(before, dtype=float)
    if len(values) != len(before):
        raise ValueError(
            f"{len(values)} values and {len(before)} of the time before: they must match"
        )
    none_missing(values, "values")
    none_missing(before, "values of the time before (0, not missing, for those without a past)")
    if len(values) == 0:
        return values
    centered = before.reshape(len(values), -1) - before.reshape(len(values), -1).mean(axis=0)
    theta = np.linalg.lstsq(centered, values - values.mean(), rcond=None)[0]
    return values - centered @ theta
