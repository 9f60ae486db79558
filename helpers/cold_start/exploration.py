"""Recommend, see a click or none, learn: bandits with a beta prior for each customer and category.

Arrays are (n, K): a row a customer, a column a category. Every customer learns from their own
clicks alone; what others did stands in the prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaincinv

POLICIES = ("thompson", "greedy", "epsilon-greedy", "uniform")
EPSILON = 0.1
TAILS = [1e-5, 1e-4, 1e-3, 5e-3, 0.02]
# bins end at these quantiles of each arm: fine where an arm's draws lie, however narrow it is
QUANTILES = np.sort([*TAILS, *np.linspace(0.05, 0.95, 24), *(1 - q for q in TAILS)])


class Played(NamedTuple):
    """What was recommended: `arm`, `clicked`, `propensity`, each (n, rounds)."""

    arm: np.ndarray
    clicked: np.ndarray
    propensity: np.ndarray


def thompson_probabilities(a: ArrayLike, b: ArrayLike) -> np.ndarray:
    """The probability (n, K) that each arm has the largest draw of Beta(a, b): the propensity of
    Thompson sampling. Integrated over bins of the rate that end at quantiles of the arms, so that
    narrow distributions are seen as well as wide ones; each row sums to one.

    Raises ValueError where a or b is not above 0, or the shapes differ.
    """
    a, b = _checked(a, b)
    inner = betaincinv(a[:, :, None], b[:, :, None], QUANTILES).reshape(len(a), -1)
    ends = np.broadcast_to([0.0, 1.0], (len(a), 2))
    edges = np.sort(np.concatenate([ends, inner], axis=1), axis=1).T[:, :, None]
    # the chance of each arm to lie in a bin, times that of all others to lie below its middle
    below = betainc(a, b, edges)
    inside, middle = np.diff(below, axis=0), (below[1:] + below[:-1]) / 2
    others = [np.delete(middle, k, axis=2).prod(axis=2) for k in range(a.shape[1])]
    result = (inside * np.stack(others, axis=2)).sum(axis=0)
    return result / result.sum(axis=1, keepdims=True)


def play(
    rates: ArrayLike,
    a: ArrayLike,
    b: ArrayLike,
    rounds: int,
    policy: str = "thompson",
    seed: int | Sequence[int] | np.random.Generator = 0,
    floor: float = 0.0,
    propensities: bool = False,
) -> Played:
    """Let a policy recommend one category to every customer in each of `rounds` rounds.

    Args:
        rates: The true click rates (n, K): the world, which the policy does not see.
        a, b: The beta prior of each rate (n, K).
        policy: "thompson" draws each rate from its posterior and takes the largest; "greedy" takes
            the largest posterior mean (equals at random); "epsilon-greedy" the largest plain mean
            of the clicks so far, in 10 % of the rounds anything (the prior is not used, an arm
            never shown comes first); "uniform" anything.
        seed: For the draws; the same seed gives the same play.
        floor: Share of the rounds in which anything may be shown, so that no propensity falls
            below floor / K.
        propensities: Log them (Thompson's takes an integral a round); else they are missing.

    Raises:
        ValueError: An unknown policy, shapes that differ, rates outside 0..1, a floor outside 0..1,
            or fewer than one round.
    """
    a, b = _checked(a, b)
    rates = np.asarray(rates, dtype=float)
    if rates.shape != a.shape:
        raise ValueError(f"the rates are {rates.shape} and the prior {a.shape}: they must match")
    if not ((rates >= 0) & (rates <= 1)).all():
        raise ValueError("click rates lie between 0 and 1")
    if policy not in POLICIES:
        raise ValueError(f"no policy {policy!r}; there are: {', '.join(POLICIES)}")
    if rounds < 1 or not 0 <= floor <= 1:
        raise ValueError(f"at least one round and a floor from 0 to 1, not {rounds} and {floor}")
    rng = np.random.default_rng(seed)
    size, arms = a.shape
    rows = np.arange(size)
    shown, clicks = np.zeros_like(a), np.zeros_like(a)
    log = Played(*(np.empty((size, rounds), dtype=t) for t in (int, bool, float)))
    for t in range(rounds):
        score, share = _scores(policy, a + clicks, b + shown - clicks, shown, clicks, rng)
        anything = rng.random(size) < max(floor, share)
        arm = np.where(anything, rng.integers(arms, size=size), score.argmax(axis=1))
        click = rng.random(size) < rates[rows, arm]
        log.arm[:, t], log.clicked[:, t], log.propensity[:, t] = arm, click, np.nan
        if propensities:
            if policy == "thompson":
                chosen = thompson_probabilities(a + clicks, b + shown - clicks)[rows, arm]
            else:
                chosen = (score.argmax(axis=1) == arm).astype(float)
            log.propensity[:, t] = (1 - max(floor, share)) * chosen + max(floor, share) / arms
        shown[rows, arm] += 1
        clicks[rows, arm] += click
    return log


def regret(rates: ArrayLike, arm: ArrayLike) -> np.ndarray:
    """Clicks lost against always showing each customer's best category, summed over the rounds so
    far: mean over customers, by round (rounds,)."""
    rates, arm = np.asarray(rates, dtype=float), np.asarray(arm)
    lost = rates.max(axis=1, keepdims=True) - np.take_along_axis(rates, arm, axis=1)
    return lost.cumsum(axis=1).mean(axis=0)


def _scores(policy, a, b, shown, clicks, rng) -> tuple[np.ndarray, float]:
    """What the policy maximizes (n, K), and the share of rounds in which it shows anything."""
    if policy == "uniform":
        return np.zeros_like(a), 1.0
    if policy == "thompson":
        return rng.beta(a, b), 0.0
    if policy == "greedy":
        return a / (a + b) + 1e-9 * rng.random(a.shape), 0.0
    mean = np.where(shown > 0, clicks / np.maximum(shown, 1), 2.0)
    return mean + 1e-9 * rng.random(a.shape), EPSILON


def _checked(a: ArrayLike, b: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError(f"a and b are (customers, categories), not {a.shape} and {b.shape}")
    if not ((a > 0) & (b > 0)).all():
        raise ValueError("both parameters of a beta prior must be above 0")
    return a, b
