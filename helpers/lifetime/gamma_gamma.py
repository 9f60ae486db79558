"""Gamma-Gamma: what a purchase will be worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import digamma, gammaln

from helpers.lifetime.fitting import above_zero, most_likely


@dataclass(frozen=True)
class GammaGamma:
    """The gamma-gamma model of what a purchase is worth: its three parameters, all above 0; `v` has
    the unit of money. It takes a customer's values to be independent of how often they buy: check
    their correlation first."""

    p: float
    q: float
    v: float

    def __post_init__(self) -> None:
        above_zero(p=self.p, q=self.q, v=self.v)

    @classmethod
    def fit(cls, past: pd.DataFrame) -> GammaGamma:
        """Fit by maximum likelihood (FH, equation 1a) to a history (customers × repeats, value).

        Unlike the authors, who leave the first purchase out, every purchase counts. Customers whose
        purchases are worth nothing say nothing and are passed over. Raises ValueError where nobody
        is left, or nobody bought twice: then what differs between customers cannot be told from
        what differs between purchases.
        """
        known = past[past["value"] > 0]
        if not (known["repeats"] > 0).any():
            raise ValueError("nobody bought twice for money: values cannot be told from customers")
        n, mean = known["repeats"].to_numpy(float) + 1, known["value"].to_numpy(float)
        unit = float(mean.mean())
        mean = mean / unit

        def loss(p, q, v):
            pn, total = p * n, v + n * mean
            value = gammaln(pn + q) - gammaln(pn) - gammaln(q) + q * np.log(v / total)
            value += pn * np.log(n * mean / total) - np.log(mean)
            both = digamma(pn + q)
            slope = [
                n * (both - digamma(pn) + np.log(n * mean / total)),
                both - digamma(q) + np.log(v / total),
                q / v - (pn + q) / total,
            ]
            return -value.sum(), -np.sum(slope, axis=1)

        p, q, v = most_likely(loss, np.array([2.0, 3.0, 1.0]), len(n))
        return cls(p, q, v * unit)

    def expected_value(self, past: pd.DataFrame) -> pd.Series:
        """Expected value of each customer's future purchases (FH, equation 5), currency
        (customers,): the own mean, shrunk toward everybody's the more the fewer the purchases.

        Raises ValueError where q is 1 or less and a customer without any purchase has no mean.
        """
        n, mean = past["repeats"].to_numpy(float) + 1, past["value"].to_numpy(float)
        below = self.p * n + self.q - 1
        if (below <= 0).any():
            raise ValueError(f"with q = {self.q:.2f} the mean value is not finite")
        return pd.Series(self.p * (self.v + n * mean) / below, past.index, name="expected_value")
