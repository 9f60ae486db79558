"""Pareto/NBD: customers who leave at any moment, not only after a purchase."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import gammaln

from helpers.lifetime.fitting import above_zero, most_likely
from helpers.lifetime.past import checked

STEP = 1e-5  # of a parameter, in its slope
NEAR = 1e-7  # this near to s = 1, the limit is taken
NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True)
class ParetoNBD:
    """The Pareto/NBD model (Schmittlein, Morrison & Colombo 1987): while alive, a customer buys at
    a rate of their own, gamma (r, alpha); they leave at a rate of their own, gamma (s, beta). All
    four above 0; `alpha` and `beta` have the unit of time (days where the history comes from
    `history`)."""

    r: float
    alpha: float
    s: float
    beta: float

    def __post_init__(self) -> None:
        above_zero(r=self.r, alpha=self.alpha, s=self.s, beta=self.beta)

    @classmethod
    def fit(cls, past: pd.DataFrame) -> ParetoNBD:
        """Fit by maximum likelihood to a history (customers × repeats, last, age).

        Raises ValueError where the history is impossible or nobody bought twice.
        """
        x, last, age = checked(past)
        if not (x > 0).any():
            raise ValueError("nobody bought twice: nothing tells how often customers come back")
        unit = float(age.mean())
        table = pd.DataFrame({"x": x, "last": last / unit, "age": age / unit})
        table = table.value_counts(sort=False).sort_index().reset_index(name="weight")
        x, last, age, weight = table.to_numpy(dtype=float).T

        def value(parameters: np.ndarray) -> float:
            return -float(weight @ _log_likelihood(x, last, age, *parameters)[0])

        def loss(*parameters: float) -> tuple[float, np.ndarray]:
            point = np.array(parameters)
            slopes = []
            for i in range(len(point)):
                step = np.zeros(len(point))
                step[i] = STEP * point[i]
                slopes.append((value(point + step) - value(point - step)) / (2 * step[i]))
            return value(point), np.array(slopes)

        r, alpha, s, beta = most_likely(loss, np.array([0.5, 0.5, 0.5, 0.5]), weight.sum())
        return cls(r, alpha * unit, s, beta * unit)

    def log_likelihood(self, past: pd.DataFrame) -> float:
        """Log-likelihood of a history (Fader & Hardie 2005, brucehardie.com/notes/009, equation
        18), summed over customers."""
        return float(_log_likelihood(*checked(past), *astuple(self))[0].sum())

    def probability_alive(self, past: pd.DataFrame) -> pd.Series:
        """Probability that each customer has not left by the cut-off (notes/009, equation 24):
        (customers,), 0 to 1."""
        alive = np.exp(_log_likelihood(*checked(past), *astuple(self))[1])
        return pd.Series(alive, past.index, name="probability_alive")

    def expected_purchases(self, t: ArrayLike) -> np.ndarray:
        """Expected repeat purchases of somebody not yet observed in time (0, t] after the first
        purchase (notes/009, equation 27): shape of `t`, in the unit of `alpha`."""
        return self.r / self.alpha * self._time_alive(np.zeros(np.shape(t)), np.asarray(t, float))

    def expected_orders(self, past: pd.DataFrame, t: ArrayLike) -> pd.Series:
        """Expected purchases of each customer in the time `t` after the cut-off, given the history
        (notes/009, equation 41): (customers,), `t` one number or one per customer. Raises
        ValueError for a negative `t` or an impossible history."""
        x, _, age = checked(past)
        rate = (self.r + x) / (self.alpha + age)
        ahead = rate * self._time_alive(age, np.asarray(t, dtype=float))
        return (ahead * self.probability_alive(past)).rename("expected_orders")

    def _time_alive(self, age: np.ndarray, t: np.ndarray) -> np.ndarray:
        """Expected time in `t` before somebody leaves who is alive at `age`."""
        if (t < 0).any():
            raise ValueError("the time ahead must not be negative")
        shrunk = np.log((self.beta + age) / (self.beta + age + t))
        power = self.s - 1
        left = -shrunk if abs(power) < NEAR else -np.expm1(power * shrunk) / power
        return (self.beta + age) * left


def _log_likelihood(x, last, age, r, alpha, s, beta) -> tuple[np.ndarray, np.ndarray]:
    """Of each customer (n,): the log-likelihood, and the log-probability to be alive.

    A customer is still there, or left at some moment y between the last purchase and the cut-off:
    an integral of (alpha + y)^-(r + x) s beta^s (beta + y)^-(s + 1), which notes/009 writes as
    hypergeometric functions. Those overflow where x is large; here it is a Gauss-Legendre sum over
    q, y - last = (e^q - 1) / k, where the integrand falls off at the rate k to begin with.
    """
    k = (r + x) / (alpha + last) + (s + 1) / (beta + last)
    end = np.log1p(k * (age - last))
    q = end[:, None] * (NODES + 1) / 2
    y = np.expm1(q) / k[:, None]
    falls = (r + x)[:, None] * np.log1p(y / (alpha + last)[:, None])
    falls += (s + 1) * np.log1p(y / (beta + last)[:, None])
    area = (np.exp(q - falls) @ WEIGHTS) * end / 2 / k
    left = np.log(np.maximum(area, np.finfo(float).tiny)) + np.log(s) - np.log(beta + last)
    left += -(r + x) * np.log(alpha + last) - s * np.log(beta + last)
    stays = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
    both = np.logaddexp(stays, left)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return common + both, stays - both
