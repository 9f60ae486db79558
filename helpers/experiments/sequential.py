"""Looking at an experiment while it runs, without fooling oneself."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class AlwaysValid(NamedTuple):
    """Ends of a 95 % confidence sequence and p values, each shaped as the estimates."""

    low: np.ndarray
    high: np.ndarray
    p_value: np.ndarray


def running(
    values: ArrayLike, treated: ArrayLike, looks: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """The difference of the arms and its standard error after the first `looks` customers.

    Args:
        values: (n,) one per customer, in the order in which they came; (n, s) for s experiments.
        treated: (n,) true or false, or (n, s) for s assignments of the same customers.
        looks: Numbers of customers after which somebody looks, rising.

    Returns:
        estimate and error, (looks,) or (looks, s).

    Raises:
        ValueError: Looks out of range or not rising; lengths that differ; an arm with fewer than
            two customers at the first look.
    """
    values, arms = np.asarray(values, dtype=float), np.asarray(treated).astype(float)
    looks = np.asarray(looks, dtype=int)
    if len(values) != len(arms):
        raise ValueError(f"{len(values)} values and {len(arms)} arms: they must match")
    if len(looks) == 0 or (np.diff(looks) <= 0).any() or looks[0] < 4 or looks[-1] > len(values):
        raise ValueError(f"looks are rising numbers of customers from 4 to {len(values)}")
    column = values.reshape(len(values), *(values.shape[1:] or [1] * (arms.ndim - 1)))

    def at_looks(table: np.ndarray) -> np.ndarray:
        """Sums over the customers before each look."""
        parts = np.add.reduceat(table[: looks[-1]], np.r_[0, looks[:-1]], axis=0)
        return parts.cumsum(axis=0)

    count, total, squares = at_looks(arms), at_looks(arms * column), at_looks(arms * column**2)
    everybody = looks.reshape(-1, *([1] * (arms.ndim - 1)))
    everything = at_looks(column), at_looks(column**2)
    if min(count[0].min(), (everybody[0] - count[0]).min()) < 2:
        raise ValueError("at the first look an arm has fewer than two customers: look later")
    mean, variance = _moments(count, total, squares)
    other = _moments(everybody - count, everything[0] - total, everything[1] - squares)
    return mean - other[0], np.sqrt(variance + other[1])


def always_valid(
    estimate: ArrayLike, error: ArrayLike, scale: float, alpha: float = 0.05
) -> AlwaysValid:
    """A test that may be looked at as often as one likes: the mixture sequential probability ratio.

    The likelihood ratio of "no effect" against effects drawn from N(0, scale²), with V = error²:
    Λ = √(V / (V + s²)) · exp(s² d² / (2 V (V + s²))). Its inverse is a p value at every look, and
    at all looks together wrong with probability alpha at most (Johari, Koomen, Pekelis & Walsh
    2017, "Peeking at A/B tests", KDD; the mixture is Robbins'). The interval holds the effects that
    it does not reject at that look. Variances are estimated, so that it holds for large samples
    (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, "Time-uniform central limit theory and
    asymptotic confidence sequences", Annals of Statistics, arXiv 2103.06476): begin with some
    hundred customers.

    Args:
        estimate, error: (looks,) or (looks, s) of the estimates at each look so far and their
            standard errors.
        scale: The size of effect one hopes for, above 0, chosen **before** the first look.
        alpha: Probability of ever being wrong.

    Returns:
        low, high and p_value; p values never rise from look to look.

    Raises:
        ValueError: A scale or alpha out of range, or an error below 0 or missing.
    """
    estimate, error = np.asarray(estimate, dtype=float), np.asarray(error, dtype=float)
    if not scale > 0 or not np.isfinite(scale):
        raise ValueError(f"the scale is the size of effect one hopes for, above 0, not {scale}")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha:g}")
    if not (error >= 0).all():
        raise ValueError("every look needs its standard error, 0 or above")
    variance, prior = np.maximum(error**2, 1e-300), scale**2
    both = variance + prior
    log_ratio = (np.log(variance / both) + prior * estimate**2 / (variance * both)) / 2
    half = np.sqrt(variance * both / prior * (2 * np.log(1 / alpha) + np.log(both / variance)))
    p_value = np.minimum.accumulate(np.exp(-np.maximum(log_ratio, 0)), axis=0)
    return AlwaysValid(estimate - half, estimate + half, p_value)


def _moments(count: np.ndarray, total: np.ndarray, squares: np.ndarray) -> tuple:
    """Mean and variance of the mean."""
    mean = total / count
    return mean, np.maximum(squares / count - mean**2, 0) / (count - 1)
