"""Rates that are shrunk toward what is usual, as strongly as the data say.

One abandoned cart out of one is no rate of 100 %. Each rate is taken as a draw from a common beta
distribution, whose two parameters are learned from all customers; a customer's own count then
moves it (empirical Bayes).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, logit
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

# rate: (what was counted, out of how many, is the count itself given as a share?)
RATES: dict[str, tuple[str, str, bool]] = {
    "cart_abandonment": ("abandoned_carts", "carts", False),
    "category_interest_score": ("top_category_share", "interest_count", True),
}

# The strength alpha + beta stays in here: beyond, all customers are alike or there is no prior.
STRENGTHS = (1e-2, 1e4)
MEANS = (1e-4, 1 - 1e-4)


class ShrinkRates(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Shrink `cart_abandonment` and `category_interest_score` toward the mean of the training rows.

    `fit` learns a beta prior for each rate from its counts; `transform` writes
    (x + alpha) / (n + alpha + beta) into its column, which is the prior mean where n is 0. Both
    work from the counts, not from the column itself, so shrinking twice changes nothing.

    The share of the favorite category is no count: its n is `interest_count`, taken as if that
    many looks had each gone whole to one category, and its x is share * n. That is an
    approximation. The favorite of few looks is also bound to have a large share (of one look: all
    of it), which shrinkage lessens and does not remove.

    A rate whose columns (itself and its two counts) are not all in the frame is left alone.

    Attributes:
        priors_: (alpha, beta) by rate.
    """

    def fit(self, X: pd.DataFrame, y: object = None) -> ShrinkRates:
        """Learn the priors from a frame as `features.build` gives it; `y` is ignored.

        Raises TypeError if X is no DataFrame.
        """
        self._check(X, reset=True)
        self.priors_ = {
            rate: fit_beta_binomial(*_counts(X, rate))
            for rate, (part, count, _) in RATES.items()
            if {rate, part, count} <= set(X.columns)
        }
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return a copy of X with the rates shrunk; the columns must be those of `fit`."""
        check_is_fitted(self)
        self._check(X, reset=False)
        shrunk = {}
        for rate, (alpha, beta) in self.priors_.items():
            successes, trials = _counts(X, rate)
            shrunk[rate] = (successes + alpha) / (trials + alpha + beta)
        return X.assign(**shrunk)

    def _check(self, X: pd.DataFrame, reset: bool) -> None:
        if not isinstance(X, pd.DataFrame):
            raise TypeError(
                "ShrinkRates finds its columns by name and needs a DataFrame, "
                f"not {type(X).__name__}: make it the first step of the pipeline"
            )
        validate_data(self, X, reset=reset, skip_check_array=True)


def fit_beta_binomial(successes: ArrayLike, trials: ArrayLike) -> tuple[float, float]:
    """Return (alpha, beta) of the beta-binomial by maximum likelihood.

    The log-likelihood, without its constant, is the sum over rows of
    ln B(x + alpha, n - x + beta) - ln B(alpha, beta) (Griffiths 1973, Biometrics 29:637-648). The
    search starts from the moments and stays there if it finds no maximum. Rates that are all 0,
    all 1 or all alike have theirs at the edge: the mean is kept in `MEANS`, alpha + beta in
    `STRENGTHS`. Where every n is 1 the data say nothing about alpha + beta, which stays 2.

    Args:
        successes: x (n,), not below 0 nor above `trials`; need not be whole.
        trials: n (n,); rows with 0 are passed over. Without any other, (1, 1): every rate is as
            likely as any other.

    Raises:
        ValueError: A count is out of range.
    """
    pairs = pd.DataFrame({"x": np.asarray(successes, float), "n": np.asarray(trials, float)})
    pairs = pairs[pairs["n"] != 0]
    if not ((pairs["n"] > 0) & pairs["x"].between(0, pairs["n"])).all():
        raise ValueError("successes must lie between 0 and trials")
    if pairs.empty:
        return 1.0, 1.0
    # Sorted and counted: most customers have few carts, and no order of rows can matter.
    pairs = pairs.value_counts(sort=False).sort_index().reset_index(name="weight")
    x, n, weight = (pairs[name].to_numpy(float) for name in ("x", "n", "weight"))
    start = _moments(x, n, weight)

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        mean, strength = expit(point[0]), np.exp(point[1])
        alpha, beta = mean * strength, (1 - mean) * strength
        likelihood = weight @ (betaln(x + alpha, n - x + beta) - betaln(alpha, beta))
        common = digamma(alpha + beta) - digamma(n + alpha + beta)
        by_alpha = weight @ (digamma(x + alpha) - digamma(alpha) + common)
        by_beta = weight @ (digamma(n - x + beta) - digamma(beta) + common)
        slope = [
            strength * mean * (1 - mean) * (by_alpha - by_beta),
            alpha * by_alpha + beta * by_beta,
        ]
        return -likelihood / weight.sum(), -np.array(slope) / weight.sum()

    bounds = [tuple(logit(MEANS)), tuple(np.log(STRENGTHS))]
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-14, "gtol": 1e-9},
    )
    best = found.x if np.isfinite(found.fun) and found.fun <= loss(start)[0] else start
    mean, strength = float(expit(best[0])), float(np.exp(best[1]))
    return mean * strength, (1 - mean) * strength


def _moments(x: np.ndarray, n: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return (logit of the mean, log of alpha + beta) that match mean and spread of the rates.

    With m = x/n weighted by n, E[sum n (x/n - m)^2] is about
    m (1 - m) * (sum over rows of 1 + (n - 1) * rho), rho = 1 / (alpha + beta + 1)
    (the weighting of Kleinman 1973, JASA 68:46-54, without its correction for the estimated mean).
    """
    mean = np.clip(weight @ x / (weight @ n), *MEANS)
    spread = weight @ (n * (x / n - mean) ** 2) / (mean * (1 - mean))
    beyond = weight @ (n - 1)
    strength = 2.0
    if beyond > 0:
        correlation = (spread - weight.sum()) / beyond
        strength = np.inf if correlation <= 0 else 1 / correlation - 1
    return np.array([logit(mean), np.log(np.clip(strength, *STRENGTHS))])


def _counts(X: pd.DataFrame, rate: str) -> tuple[np.ndarray, np.ndarray]:
    part, count, is_share = RATES[rate]
    trials = X[count].to_numpy(float)
    successes = X[part].fillna(0).to_numpy(float)
    return (successes * trials if is_share else successes), trials
