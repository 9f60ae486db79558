"""BG/NBD: how often customers will buy, and whether they are still there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma, gammaln, hyp2f1

from helpers.lifetime.fitting import above_zero, most_likely
from helpers.lifetime.past import checked

NEAR = 1e-5  # this near to a pole of the closed form, the mean of its two sides is taken
STEP = 1e-4


@dataclass(frozen=True)
class BetaGeometric:
    """The BG/NBD model: its four parameters, all above 0. `alpha` has the unit of time (days where
    the history comes from `history`); r / alpha is the mean rate of purchases of those alive."""

    r: float
    alpha: float
    a: float
    b: float

    def __post_init__(self) -> None:
        above_zero(r=self.r, alpha=self.alpha, a=self.a, b=self.b)

    @classmethod
    def fit(cls, past: pd.DataFrame) -> BetaGeometric:
        """Fit by maximum likelihood to a history (customers × repeats, last, age).

        Raises ValueError where the history is impossible (a last purchase after the cut-off, no
        time passed) or tells nothing about rates: nobody bought twice.
        """
        x, last, age = checked(past)
        if not (x > 0).any():
            raise ValueError("nobody bought twice: nothing tells how often customers come back")
        unit = float(age.mean())
        table = pd.DataFrame({"x": x, "last": last / unit, "age": age / unit})
        # many customers share a history: each distinct one is computed once
        table = table.value_counts(sort=False).sort_index().reset_index(name="weight")
        x, last, age, weight = table.to_numpy(dtype=float).T

        def loss(r, alpha, a, b):
            value, slope = _log_likelihood(x, last, age, r, alpha, a, b)
            return -weight @ value, -slope @ weight

        r, alpha, a, b = most_likely(loss, np.array([0.5, 0.5, 1.0, 2.0]), weight.sum())
        return cls(r, alpha * unit, a, b)

    def log_likelihood(self, past: pd.DataFrame) -> float:
        """Log-likelihood of a history (FHL, equation 6), summed over customers."""
        return float(_log_likelihood(*checked(past), self.r, self.alpha, self.a, self.b)[0].sum())

    def expected_purchases(self, t: ArrayLike) -> np.ndarray:
        """Expected repeat purchases of somebody not yet observed in time (0, t] after the first
        purchase (FHL, equation 9): shape of `t`, in the unit of `alpha`."""
        nobody = np.zeros(np.shape(t))
        return self._expected(nobody, nobody, np.asarray(t, dtype=float))

    def expected_orders(self, past: pd.DataFrame, t: ArrayLike) -> pd.Series:
        """Expected purchases of each customer in the time `t` after the cut-off, given the history
        (FHL, equation 10): (customers,), `t` one number or one per customer. Raises ValueError for
        a negative `t` or an impossible history."""
        x, _, age = checked(past)
        ahead = self._expected(x, age, np.asarray(t, dtype=float))
        expected = ahead * self.probability_alive(past)
        return expected.rename("expected_orders")

    def probability_alive(self, past: pd.DataFrame) -> pd.Series:
        """Probability that each customer has not left by the cut-off (Fader, Hardie & Lee 2008,
        brucehardie.com/notes/021): (customers,), 0 to 1; 1 without a repeat purchase, because this
        model lets customers leave only after one."""
        x, last, age = checked(past)
        # a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ^ (r + x), on the log scale
        log_odds = np.full(len(x), -np.inf)
        again = x > 0
        growth = np.log((self.alpha + age) / (self.alpha + last))[again]
        log_odds[again] = np.log(self.a / (self.b + x[again] - 1)) + (self.r + x[again]) * growth
        return pd.Series(np.exp(-np.logaddexp(0, log_odds)), past.index, name="probability_alive")

    def _expected(self, x: np.ndarray, age: np.ndarray, t: np.ndarray) -> np.ndarray:
        """Expected purchases in `t` of somebody alive, with `x` repeats in time `age`.

        FHL, equation 10 without its denominator, after Euler's transformation of 2F1, which keeps
        x out of the first two arguments (it would overflow there): with z = t / (alpha + T + t),
        (a + b + x - 1) / (a - 1) * [1 - (1 - z)^(a - 1) 2F1(a - 1, a + b - 1 - r; a + b + x - 1;
        z)].
        """
        if (t < 0).any():
            raise ValueError("the time ahead must not be negative")
        if min(abs(self.a - 1), abs(self.a + self.b - 1)) < NEAR:  # 0/0 there, and smooth around it
            sides = [
                BetaGeometric(self.r, self.alpha, self.a * s, self.b) for s in (1 - STEP, 1 + STEP)
            ]
            return np.mean([side._expected(x, age, t) for side in sides], axis=0)
        z = t / (self.alpha + age + t)
        c = self.a + self.b + x - 1
        series = hyp2f1(self.a - 1, self.a + self.b - 1 - self.r, c, z)
        return c / (self.a - 1) * (1 - (1 - z) ** (self.a - 1) * series)


def _log_likelihood(x, last, age, r, alpha, a, b) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihood of each customer (n,) and its slopes by r, alpha, a, b (4, n)."""
    again = x > 0
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    stays = -(r + x) * np.log(alpha + age)
    beyond = np.where(again, b + x - 1, 1.0)
    leaves = np.where(again, np.log(a / beyond) - (r + x) * np.log(alpha + last), -np.inf)
    both = np.logaddexp(stays, leaves)
    left = np.exp(leaves - both)  # the probability that the customer has left
    total = digamma(a + b) - digamma(a + b + x)
    slopes = [
        digamma(r + x)
        - digamma(r)
        + np.log(alpha)
        - (1 - left) * np.log(alpha + age)
        - left * np.log(alpha + last),
        r / alpha - (r + x) * ((1 - left) / (alpha + age) + left / (alpha + last)),
        total + left / a,
        total + digamma(b + x) - digamma(b) - left / beyond,
    ]
    return common + both, np.array(slopes)
