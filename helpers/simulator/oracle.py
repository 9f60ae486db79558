"""What only the simulator knows: each customer's exact chances in a window to come."""

import numpy as np
import pandas as pd
from scipy.special import expit, gammaln, ndtr

from helpers import evaluation
from helpers.features.cut_off import standing
from helpers.simulator import visits, world
from helpers.simulator.population import Population

CUT_OFFS = ("2025-01-01", "2025-04-01", "2025-07-01")
WEEKS = 26
YEAR = 365  # days in which a visit makes a customer active
ORDERS = 25  # more orders than this in half a year count as this many


def day_of(time) -> int:
    """Return the day since the shop opened of a time."""
    return int((np.datetime64(time, "us") - world.START) // np.timedelta64(1, "D"))


def window(people: Population, day: int, days: int, drift: float) -> tuple:
    """Return the orders to expect in `days` days from `day` on, given who is a customer by then.

    Three arrays: `weight` and `orders` (n, k): with probability `weight` the customer stays so long
    that the number of orders is Poisson with mean `orders`; `promotion` (n,): the share of the
    orders under promotion. Customers who dropped out, or came later, expect none. Campaigns are
    left out; a drift is taken at the middle of the window.
    """
    calendar = world.calendar()
    season, promoted = calendar["season"].to_numpy() / 7, calendar["promotion"].to_numpy()
    total = [np.concatenate([[0.0], np.cumsum(season * (promoted == p))]) for p in (0, 1)]
    shift = float(visits.drift_at(day + days / 2, drift))
    rate = np.exp(people.trait("log_visits")) * ((people.signup_day < day) & (people.end_day > day))
    chance = [rate * visits.order_chance(people, p, shift) for p in (0, 1)]

    # Customers drop out at whole weeks since the sign-up: the ends of the window's pieces.
    steps = days // 7 + 1
    next_end = day + 7 - (day - people.signup_day) % 7
    ends = np.minimum(next_end[:, None] + 7 * np.arange(steps), day + days)
    by_promotion = [c[:, None] * (t[ends] - t[day]) for c, t in zip(chance, total, strict=True)]
    orders = by_promotion[0] + by_promotion[1]
    stay = 1 - expit(people.trait("drop_out"))[:, None]
    weight = (1 - stay) * stay ** np.arange(steps)
    weight[:, -1] = stay[:, 0] ** (steps - 1)
    promotion = by_promotion[1][:, -1] / np.maximum(orders[:, -1], 1e-12)
    return weight, orders, promotion


def chance_above(people: Population, weight, orders, promotion, threshold: float) -> np.ndarray:
    """Return P(revenue of the window > threshold) per customer.

    The sum of k log-normal order values is taken as log-normal with the same mean and variance
    (Fenton 1960).
    """
    location = people.trait("log_value") + visits.PROMOTION_VALUE * promotion
    variance = visits.VALUE_SD**2
    result = np.zeros(len(location))
    for k in range(1, ORDERS + 1):
        log_count = k * np.log(np.maximum(orders, 1e-300)) - orders - gammaln(k + 1)
        count = (weight * np.exp(log_count)).sum(axis=1)
        spread = np.log1p(np.expm1(variance) / k)
        center = np.log(k) + location + variance / 2 - spread / 2
        result += count * ndtr((center - np.log(threshold)) / np.sqrt(spread))
    return result


def oracle_table(
    people: Population,
    purchases: pd.DataFrame,
    visited: tuple[np.ndarray, np.ndarray],
    drift: float,
    kept: np.ndarray,
) -> pd.DataFrame:
    """Return the truth about the next 26 weeks for customers with a visit in the year before.

    A row a cut-off and customer: `alive` (has not dropped out), `p_order`, `expected_revenue`,
    `p_high_value` (revenue of at least `threshold`, the least that made a customer one of high
    value). `kept` (n,) is the share of orders not canceled, `visited` the visits as arrays
    (who, day).
    """
    rows = []
    for cut_off in CUT_OFFS:
        day, days = day_of(cut_off), 7 * WEEKS
        who, on = visited
        seen = np.zeros(len(people.segment), dtype=bool)
        seen[who[(on < day) & (on >= day - YEAR)]] = True
        weight, orders, promotion = window(people, day, days, drift)
        orders = orders * kept[:, None]
        value = np.exp(
            people.trait("log_value") + visits.PROMOTION_VALUE * promotion + visits.VALUE_SD**2 / 2
        )
        begin = pd.Timestamp(cut_off)
        inside = standing(purchases, begin, begin + pd.Timedelta(days=days))
        spent = inside.groupby("customer_id")["amount"].sum()
        spent = spent.reindex(people.customer_id[seen], fill_value=0)
        threshold = evaluation.least_high_value(spent)
        table = pd.DataFrame(
            {
                "cut_off": pd.Timestamp(cut_off).as_unit("us"),
                "customer_id": people.customer_id,
                "alive": people.end_day > day,
                "p_order": (weight * -np.expm1(-orders)).sum(axis=1),
                "expected_revenue": (weight * orders).sum(axis=1) * value,
                "p_high_value": chance_above(people, weight, orders, promotion, threshold),
                "threshold": threshold,
            }
        )
        rows.append(table[seen])
    return pd.concat(rows, ignore_index=True)
