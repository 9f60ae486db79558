"""What customers will buy, from four numbers: BG/NBD for how often, Gamma-Gamma for how much.

    past = lifetime.history(store, "2025-07-01")     # a row per buyer: repeats, last, age, value
    counts = lifetime.BetaGeometric.fit(past)
    counts.expected_orders(past, 182)                # in the next 182 days
    values = lifetime.GammaGamma.fit(past)
    counts.expected_orders(past, 182) * values.expected_value(past)

The story of BG/NBD: while a customer is alive, purchases come at random at a rate of their own, and
after each the customer leaves for good with a probability of their own. Rates follow a gamma
distribution (r, alpha), probabilities a beta distribution (a, b). Nothing else enters: no visit, no
season, no price.

Sources, cited below by their initials:
FHL: Fader, Hardie & Lee 2005, "Counting your customers" the easy way, Marketing Science 24:275-284.
FH: Fader & Hardie 2013, The gamma-gamma model of monetary value (brucehardie.com/notes/025).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln, hyp2f1

from helpers import features, targets
from helpers.shop import Shop

NEAR = 1e-5  # this near to a pole of the closed form, the mean of its two sides is taken
STEP = 1e-4
BOUNDS = (-9.0, 9.0)  # of the logarithm of each parameter, time and money in units of their mean


def history(store: Shop, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Return the purchases of each buyer strictly before `as_of`, as these models want them.

    All orders of a calendar day count as one purchase. An order cancelled before `as_of` is out.

    Returns:
        Indexed by `customer_id` (sorted), buyers only: `repeats` (x: purchases after the first),
        `last` (t_x: days from the first to the last), `age` (T: days from the first to `as_of`),
        `value` (currency: mean amount of a purchase).

    Raises:
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    lines = store.purchases
    standing = (lines["ordered_at"] < moment) & ~(lines["cancelled_at"] < moment)
    days = lines[standing].assign(day=lambda table: table["ordered_at"].dt.normalize())
    if days.empty:
        raise ValueError(f"nobody bought before {moment}: there is no history to learn from")
    days = days.groupby(["customer_id", "day"], as_index=False)["amount"].sum()
    past = days.groupby("customer_id").agg(
        first=("day", "min"), last=("day", "max"), purchases=("day", "size"), spent=("amount", "sum")
    )
    day = pd.Timedelta("1D")
    return pd.DataFrame(
        {
            "repeats": past["purchases"] - 1,
            "last": (past["last"] - past["first"]) / day,
            "age": (moment - past["first"]) / day,
            "value": past["spent"] / past["purchases"],
        }
    )


def purchases_after(
    store: Shop, as_of: str | pd.Timestamp, horizon: str | pd.Timedelta
) -> pd.Series:
    """Return on how many days each customer of `history` bought in [as_of, as_of + horizon): what
    `expected_orders` foretells. (customers,) of int. An order cancelled within the horizon is out.

    Raises ValueError like `targets.future`, or where nobody bought before `as_of`.
    """
    targets.future(store, as_of, horizon)  # refuses a window that the shop has not seen whole
    start = features.cutoff(as_of)
    end, lines = start + pd.Timedelta(horizon), store.purchases
    inside = (lines["ordered_at"] >= start) & (lines["ordered_at"] < end)
    lines = lines[inside & ~(lines["cancelled_at"] < end)]
    days = lines["ordered_at"].dt.normalize().groupby(lines["customer_id"]).nunique()
    known = history(store, as_of).index
    return days.reindex(known, fill_value=0).rename("purchases").astype("int64")


@dataclass(frozen=True)
class BetaGeometric:
    """The BG/NBD model: its four parameters, all above 0. `alpha` has the unit of time (days where
    the history comes from `history`); r / alpha is the mean rate of purchases of those alive."""

    r: float
    alpha: float
    a: float
    b: float

    def __post_init__(self) -> None:
        _positive(r=self.r, alpha=self.alpha, a=self.a, b=self.b)

    @classmethod
    def fit(cls, past: pd.DataFrame) -> BetaGeometric:
        """Fit by maximum likelihood to a history (customers × repeats, last, age).

        Raises ValueError where the history is impossible (a last purchase after the cut-off, no time
        passed) or tells nothing about rates: nobody bought twice.
        """
        x, last, age = _checked(past)
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

        r, alpha, a, b = _fit(loss, np.array([0.5, 0.5, 1.0, 2.0]), weight.sum())
        return cls(r, alpha * unit, a, b)

    def log_likelihood(self, past: pd.DataFrame) -> float:
        """Log-likelihood of a history (FHL, equation 6), summed over customers."""
        return float(_log_likelihood(*_checked(past), self.r, self.alpha, self.a, self.b)[0].sum())

    def expected_purchases(self, t: ArrayLike) -> np.ndarray:
        """Expected repeat purchases of somebody not yet observed in time (0, t] after the first
        purchase (FHL, equation 9): shape of `t`, in the unit of `alpha`."""
        nobody = np.zeros(np.shape(t))
        return self._expected(nobody, nobody, np.asarray(t, dtype=float))

    def expected_orders(self, past: pd.DataFrame, t: ArrayLike) -> pd.Series:
        """Expected purchases of each customer in the time `t` after the cut-off, given the history
        (FHL, equation 10): (customers,), `t` one number or one per customer. Raises ValueError for a
        negative `t` or an impossible history."""
        x, _, age = _checked(past)
        ahead = self._expected(x, age, np.asarray(t, dtype=float))
        expected = ahead * self.probability_alive(past)
        return expected.rename("expected_orders")

    def probability_alive(self, past: pd.DataFrame) -> pd.Series:
        """Probability that each customer has not left by the cut-off (Fader, Hardie & Lee 2008,
        brucehardie.com/notes/021): (customers,), 0 to 1; 1 without a repeat purchase, because this
        model lets customers leave only after one."""
        x, last, age = _checked(past)
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
        (a + b + x - 1) / (a - 1) * [1 - (1 - z)^(a - 1) 2F1(a - 1, a + b - 1 - r; a + b + x - 1; z)].
        """
        if (t < 0).any():
            raise ValueError("the time ahead must not be negative")
        if min(abs(self.a - 1), abs(self.a + self.b - 1)) < NEAR:  # 0/0 there, and smooth around it
            sides = [BetaGeometric(self.r, self.alpha, self.a * s, self.b) for s in (1 - STEP, 1 + STEP)]
            return np.mean([side._expected(x, age, t) for side in sides], axis=0)
        z = t / (self.alpha + age + t)
        c = self.a + self.b + x - 1
        series = hyp2f1(self.a - 1, self.a + self.b - 1 - self.r, c, z)
        return c / (self.a - 1) * (1 - (1 - z) ** (self.a - 1) * series)


@dataclass(frozen=True)
class GammaGamma:
    """The gamma-gamma model of what a purchase is worth: its three parameters, all above 0; `v` has
    the unit of money. It takes a customer's values to be independent of how often they buy: check
    their correlation first."""

    p: float
    q: float
    v: float

    def __post_init__(self) -> None:
        _positive(p=self.p, q=self.q, v=self.v)

    @classmethod
    def fit(cls, past: pd.DataFrame) -> GammaGamma:
        """Fit by maximum likelihood (FH, equation 1a) to a history (customers × repeats, value).

        Unlike the authors, who leave the first purchase out, every purchase counts. Customers whose
        purchases are worth nothing say nothing and are passed over. Raises ValueError where nobody is
        left, or nobody bought twice: then what differs between customers cannot be told from what
        differs between purchases.
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

        p, q, v = _fit(loss, np.array([2.0, 3.0, 1.0]), len(n))
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
        digamma(r + x) - digamma(r) + np.log(alpha)
        - (1 - left) * np.log(alpha + age) - left * np.log(alpha + last),
        r / alpha - (r + x) * ((1 - left) / (alpha + age) + left / (alpha + last)),
        total + left / a,
        total + digamma(b + x) - digamma(b) - left / beyond,
    ]  # fmt: skip
    return common + both, np.array(slopes)


def _fit(loss: Callable, start: np.ndarray, n: float) -> list[float]:
    """Parameters above 0 that minimize `loss(*parameters) -> (value, slopes)` over `n` customers."""

    def on_logs(point: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(point)
        value, slope = loss(*parameters)
        return value / n, slope * parameters / n

    found = minimize(
        on_logs, np.log(start), jac=True, method="L-BFGS-B", bounds=[BOUNDS] * len(start),
        options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 2_000},
    )  # fmt: skip
    return np.exp(found.x).tolist()


def _checked(past: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, last, age = (past[name].to_numpy(dtype=float) for name in ("repeats", "last", "age"))
    possible = (x >= 0) & (last >= 0) & (last <= age) & (age > 0) & ((x > 0) | (last == 0))
    if not possible.all():
        wrong = past.index[np.argmin(possible)]
        raise ValueError(
            f"the history of customer {wrong} is impossible: 0 <= last <= age, age above 0 and "
            "repeats not below 0 (last is 0 without repeats) must hold"
        )
    return x, last, age


def _positive(**parameters: float) -> None:
    for name, value in parameters.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be above 0, not {value!r}")
