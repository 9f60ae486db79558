"""What a new policy would have brought, from the records of an old one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from helpers import evaluation
from helpers.experiments.effects import none_missing


class Value(NamedTuple):
    """Mean reward of a policy with its 95 % interval, the effective number of rows behind it, and
    the mean weight. It should be 1: what is missing is the share of the policy that was never
    tried, on which the estimate is silent."""

    estimate: float
    low: float
    high: float
    effective: float
    mean_weight: float

    def text(self, digits: int = 3) -> str:
        """The value as text: `0.143 [0.139, 0.147]`."""
        return evaluation.Interval(self.estimate, self.low, self.high).text(digits)


def effective_size(weights: ArrayLike) -> float:
    """(Σw)² / Σw²: to how many rows of equal weight these (n,) are worth (Kish 1965). 0 for
    none."""
    weights = np.asarray(weights, dtype=float)
    squares = (weights**2).sum()
    return float(weights.sum() ** 2 / squares) if squares > 0 else 0.0


def ips(
    reward: ArrayLike, logged: ArrayLike, wanted: ArrayLike, customers: ArrayLike | None = None
) -> Value:
    """Inverse propensity score: mean of reward × wanted / logged (Horvitz & Thompson 1952).

    Unbiased where every action that the new policy may take had a chance under the old one; actions
    that never had are not in the records, and only `mean_weight` shows it.

    Args:
        reward: (n,) what was observed, such as a click.
        logged: (n,) the probability with which the old policy took the action that it took.
        wanted: (n,) the probability of that same action under the new policy.
        customers: (n,) whose row each is; the interval then holds by customer.

    Raises:
        ValueError: A probability out of range or missing, a logged one of 0 (no support, no
            estimate), lengths that differ, or no row that the new policy could have produced.
    """
    reward, weights = _weights(reward, logged, wanted)
    return _value(weights * reward, weights, customers)


def snips(
    reward: ArrayLike, logged: ArrayLike, wanted: ArrayLike, customers: ArrayLike | None = None
) -> Value:
    """Self-normalized IPS: the weights divided by their sum (Swaminathan & Joachims 2015). Slightly
    biased in small samples, less wild, never outside the range of the rewards. As `ips`."""
    reward, weights = _weights(reward, logged, wanted)
    estimate = (weights * reward).sum() / weights.sum()
    # linearized: the mean of these is the estimate, their spread its error
    parts = estimate + weights * (reward - estimate) / weights.mean()
    return _value(parts, weights, customers)


def doubly_robust(
    reward: ArrayLike,
    logged: ArrayLike,
    wanted: ArrayLike,
    predicted: ArrayLike,
    expected: ArrayLike,
    customers: ArrayLike | None = None,
) -> Value:
    """A model's value, corrected by what it got wrong: expected + weight × (reward - predicted).

    Right if the propensities or the model are (Dudík, Langford & Li 2011), and less noisy than
    `ips` where the model is good. The model must not have seen the row: cross-fit it.

    Args:
        reward, logged, wanted, customers: As for `ips`.
        predicted: (n,) the model's reward of the action that was taken.
        expected: (n,) the model's mean reward of the new policy's actions on that row. Its mean
            alone is the *direct method*.

    Raises:
        ValueError: As `ips`, or missing predictions.
    """
    reward, weights = _weights(reward, logged, wanted)
    predicted, expected = np.asarray(predicted, dtype=float), np.asarray(expected, dtype=float)
    if {len(predicted), len(expected)} != {len(reward)}:
        raise ValueError(f"the model must predict for each of the {len(reward)} rows")
    if not (np.isfinite(predicted).all() and np.isfinite(expected).all()):
        raise ValueError("some predictions are missing")
    return _value(expected + weights * (reward - predicted), weights, customers)


def _value(parts: np.ndarray, weights: np.ndarray, customers: ArrayLike | None) -> Value:
    estimate = float(parts.mean())
    deviation = parts - estimate
    if customers is not None:
        codes = np.unique(np.asarray(customers), return_inverse=True)[1]
        if len(codes) != len(parts):
            raise ValueError(f"{len(codes)} customers and {len(parts)} rows: they must match")
        deviation = np.bincount(codes, deviation)
    groups = len(deviation)
    spread = (deviation**2).sum() * groups / max(groups - 1, 1)
    half = evaluation.critical_value() * float(np.sqrt(spread)) / len(parts)
    return Value(
        estimate, estimate - half, estimate + half, effective_size(weights), float(weights.mean())
    )


def _weights(reward: ArrayLike, logged: ArrayLike, wanted: ArrayLike) -> tuple:
    reward, logged, wanted = (np.asarray(x, dtype=float) for x in (reward, logged, wanted))
    if not len(reward) == len(logged) == len(wanted):
        raise ValueError(
            f"{len(reward)} rewards, {len(logged)} logged and {len(wanted)} wanted probabilities "
            "differ in length: `wanted` is that of the action in each row"
        )
    if len(reward) == 0:
        raise ValueError("there is no row to estimate from")
    none_missing(reward, "rewards")
    if missing := int(np.isnan(logged).sum()):
        raise ValueError(f"{missing} logged propensities are missing: no support, no estimate")
    if none := int((logged <= 0).sum()):
        raise ValueError(f"{none} logged propensities are not above 0: no support, no estimate")
    if (logged > 1).any() or not ((wanted >= 0) & (wanted <= 1)).all():
        raise ValueError("propensities are probabilities: from 0 to 1, none missing")
    if not wanted.any():
        raise ValueError("the new policy takes none of the logged actions: no support, no estimate")
    return reward, wanted / logged
