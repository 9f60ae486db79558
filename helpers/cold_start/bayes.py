"""Empirical Bayes for shares: counts, a prior for each customer, and its strength.

A customer's shares are taken as a draw from a Dirichlet distribution with mean `prior` and strength
M; events are draws from these shares. Throughout, `counts` and `prior` are (n, K).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import beta

from helpers.evaluation import LEVEL

STRENGTHS = (1e-2, 1e4)  # the strength stays in here: beyond, there is no prior, or all are alike


def posterior_mean(counts: ArrayLike, prior: ArrayLike, strength: float) -> np.ndarray:
    """(counts + M prior) / (n + M), row by row: (n, K), each row sums to one.

    strength: M, the number of events that the prior is worth. 0 gives the bare shares of the
    counts, infinity the prior.

    Raises:
        ValueError: Counts below 0 or missing, a prior that is no distribution, shapes that differ,
            a negative strength; or strength 0 for a customer without events, of whom nothing is
            known.
    """
    counts, prior = _checked(counts, prior)
    if not strength >= 0:
        raise ValueError(f"the strength of the prior is a number from 0 on, not {strength!r}")
    if np.isinf(strength):
        return prior.copy()
    total = counts.sum(axis=1, keepdims=True)
    if strength == 0 and (total == 0).any():
        raise ValueError("a customer without events and a prior of strength 0: nothing is known")
    return (counts + strength * prior) / (total + strength)


def marginal_likelihood(counts: ArrayLike, prior: ArrayLike, strength: float) -> np.ndarray:
    """Log-probability of each customer's sequence of events (n,) under the Dirichlet-multinomial.

    ln G(M) − ln G(n + M) + sum over k of ln G(count_k + M prior_k) − ln G(M prior_k), with G the
    gamma function (Minka 2000, "Estimating a Dirichlet distribution"). By the chain rule it is also
    the sum of the log-probabilities of each event given those before it.

    Raises ValueError like `posterior_mean`, and for a strength that is not above 0.
    """
    counts, prior = _checked(counts, prior)
    if not 0 < strength < np.inf:
        raise ValueError(f"the strength must be above 0 and finite, not {strength!r}")
    alpha = np.maximum(strength * prior, 1e-300)
    total = gammaln(strength) - gammaln(counts.sum(axis=1) + strength)
    return total + (gammaln(counts + alpha) - gammaln(alpha)).sum(axis=1)


def fit_strength(counts: ArrayLike, prior: ArrayLike) -> float:
    """The strength M under which the counts are likeliest, between .01 and 10,000.

    Raises ValueError like `posterior_mean`, and where nobody has two events: how much customers
    differ shows only in those who came again.
    """
    counts, prior = _checked(counts, prior)
    several = counts.sum(axis=1) >= 2
    if not several.any():
        raise ValueError(
            "no customer has two events, so the strength of the prior cannot be learned: pass one"
        )
    counts, prior = counts[several], prior[several]
    found = minimize_scalar(
        lambda log: -marginal_likelihood(counts, prior, np.exp(log)).sum(),
        bounds=tuple(np.log(STRENGTHS)),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return float(np.exp(found.x))


def credible_interval(
    counts: ArrayLike, prior: ArrayLike, strength: float, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """The ends of the central interval of each share, (n, K) each: given the model, the customer's
    true share lies inside with probability `level`.

    A share of a Dirichlet distribution is beta distributed. Raises ValueError like
    `posterior_mean`, and for a level outside (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"the level lies between 0 and 1, not {level!r}")
    mean = posterior_mean(counts, prior, strength)
    total = np.asarray(counts, dtype=float).sum(axis=1, keepdims=True) + strength
    a, b = np.maximum(mean * total, 1e-9), np.maximum((1 - mean) * total, 1e-9)
    tail = (1 - level) / 2
    return beta.ppf(tail, a, b), beta.ppf(1 - tail, a, b)


def favorite_chance(
    counts: ArrayLike, prior: ArrayLike, strength: float, draws: int = 2_000, seed: int = 0
) -> np.ndarray:
    """The probability (n, K) that each category has the customer's largest share, from `draws`
    draws of the posterior. Raises ValueError like `posterior_mean`."""
    mean = posterior_mean(counts, prior, strength)
    total = np.asarray(counts, dtype=float).sum(axis=1, keepdims=True) + strength
    drawn = np.random.default_rng(seed).standard_gamma(
        np.maximum(mean * total, 1e-9), size=(draws, *mean.shape)
    )
    best = drawn.argmax(axis=2)
    return np.stack([(best == k).mean(axis=0) for k in range(mean.shape[1])], axis=1)


def _checked(counts: ArrayLike, prior: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    counts, prior = np.asarray(counts, dtype=float), np.asarray(prior, dtype=float)
    if counts.ndim != 2 or counts.shape[1] < 2:
        raise ValueError(f"counts are (customers, categories), at least two, not {counts.shape}")
    if prior.ndim == 1:  # one prior for all
        prior = np.broadcast_to(prior, (len(counts), len(prior)))
    if prior.shape != counts.shape:
        raise ValueError(f"counts are {counts.shape} and the prior {prior.shape}: they must match")
    if len(counts) == 0:
        raise ValueError("there is no customer")
    if not (counts >= 0).all() or np.isinf(counts).any():
        raise ValueError("counts are numbers from 0 on: some are negative, missing or infinite")
    if not (prior >= 0).all() or not np.allclose(prior.sum(axis=1), 1, atol=1e-6):
        raise ValueError("the prior of each customer must be shares from 0 on that sum to one")
    return counts, prior
