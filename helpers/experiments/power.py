"""How many customers an experiment needs, and how long that takes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm


class Plan(NamedTuple):
    """What an experiment on a rate needs: customers per arm, days (whole weeks in `weeks`), the
    rates that it is to tell apart, and the alpha at which each arm is compared with the control."""

    per_arm: int
    days: int
    weeks: int
    base: float
    target: float
    arms: int = 2
    alpha: float = 0.05

    def __str__(self) -> str:
        text = (
            f"{self.per_arm:,} customers per arm tell {100 * self.target:.4g} % from "
            f"{100 * self.base:.4g} %; "
            f"that takes {self.days:,} days, in whole weeks {self.weeks:,}"
        )
        if self.arms > 2:
            text += (
                f"; each of {self.arms - 1} arms is compared with the control at alpha "
                f"{self.alpha:.3g}"
            )
        return text


def arm_size(base: float, relative: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Customers per arm that show a change of a rate with probability `power`.

    The arcsine formula for two rates (Cohen 1988, chapter 6), two-sided, as in statsmodels'
    `NormalIndPower` with `proportion_effectsize`: n = 2 ((z(1 - alpha/2) + z(power)) / h)² with
    h = 2 asin √p1 - 2 asin √p0.

    Args:
        base: The rate without the change, between 0 and 1.
        relative: The relative change: .05 for 2.5 % to 2.625 %; below 0 for a fall.
        power: Probability of seeing it, above alpha and below 1.
        alpha: Probability of a false alarm.

    Raises:
        ValueError: A rate, power or alpha out of range; no change; a change beyond 0 or 100 %.
    """
    _in_range(base, power, alpha)
    if not np.isfinite(relative) or relative == 0:
        raise ValueError(
            "no number of customers shows an effect of 0: "
            "name the smallest relative effect that would change what you do"
        )
    target = base * (1 + relative)
    if not 0 < target < 1:
        raise ValueError(f"{base:.2%} changed by {relative:+.0%} would be {target:.0%}: no rate")
    distance = 2 * math.asin(math.sqrt(target)) - 2 * math.asin(math.sqrt(base))
    return math.ceil(2 * (_quantiles(power, alpha) / distance) ** 2)


def detectable(base: float, per_arm: int, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest relative rise of a rate that `per_arm` customers per arm show with `power`: the
    inverse of `arm_size`. Infinite where even a rate of 100 % would not show.

    Raises ValueError for values out of range.
    """
    _in_range(base, power, alpha)
    if not per_arm > 0:
        raise ValueError(f"an arm needs customers: {per_arm} are too few")
    angle = math.asin(math.sqrt(base)) + _quantiles(power, alpha) / math.sqrt(2 * per_arm)
    return math.sin(angle) ** 2 / base - 1 if angle < math.pi / 2 else math.inf


def detectable_mean(values: ArrayLike, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest difference of two means that shows with `power` if these units (n,) are put into
    two arms of equal size: (z(1 - alpha/2) + z(power)) · 2 sd / √n, in the unit of the values.

    Pass the outcome of an earlier time, or the one that `cuped` has adjusted. Raises ValueError for
    values missing or fewer than four, power or alpha out of range.
    """
    values = np.asarray(values, dtype=float)
    _in_range(0.5, power, alpha)
    if len(values) < 4 or np.isnan(values).any():
        raise ValueError(f"at least four values are needed, none missing; here are {len(values)}")
    return float(_quantiles(power, alpha) * 2 * values.std(ddof=1) / math.sqrt(len(values)))


def plan(
    base: float,
    relative: float,
    daily: float,
    power: float = 0.8,
    alpha: float = 0.05,
    arms: int = 2,
) -> Plan:
    """Size and duration of an experiment into which `daily` new customers come each day.

    `arms` share them equally, the control among them. `alpha` is the probability of any false alarm
    in the experiment: with more than two arms each is compared with the control at
    alpha / (arms - 1) (Bonferroni; Dunnett's test, which knows that the control is shared, needs
    hardly fewer). Read the experiment at the `alpha` of the plan. The rest as for `arm_size`.
    Raises ValueError for values out of range.
    """
    if not daily > 0:
        raise ValueError(f"somebody must come: {daily} customers a day are too few")
    if arms < 2:
        raise ValueError(f"a comparison needs two arms at least, not {arms}")
    each = alpha / (arms - 1)
    size = arm_size(base, relative, power, each)
    days = math.ceil(size * arms / daily)
    return Plan(size, days, math.ceil(days / 7), base, base * (1 + relative), arms, each)


def _quantiles(power: float, alpha: float) -> float:
    return float(norm.ppf(1 - alpha / 2) + norm.ppf(power))


def _in_range(base: float, power: float, alpha: float) -> None:
    if not 0 < base < 1:
        raise ValueError(
            f"the base rate must lie between 0 and 1, not {base:g}: "
            "measure how many of your customers convert today"
        )
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha:g}")
    if not alpha < power < 1:
        raise ValueError(f"the power must lie between alpha ({alpha:g}) and 1, not {power:g}")
