"""When customers visit, and whether a visit ends in a cart and an order."""

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.simulator import world
from helpers.simulator.population import Population

MOBILE_BY_AGE = np.array([0.82, 0.76, 0.69, 0.63, 0.55, 0.45])  # share of visits from a phone
CART_INTERCEPT = -1.10
BUY_INTERCEPT = -0.95
FIRST_CART = 2.1
FIRST_BUY = 0.25
DWELL = np.log(200)  # seconds
VALUE_SD = 0.45
PROMOTION_VALUE = -0.1


def mobile_share(people: Population) -> np.ndarray:
    """Return each customer's share of visits from a phone (n,)."""
    return MOBILE_BY_AGE[people.age]


def bounce_chance(cart: np.ndarray, mobile: np.ndarray | int) -> np.ndarray:
    """Return the probability of leaving after a first glance, of each visit or for one device."""
    return expit(-0.35 - 0.5 * cart + 0.25 * mobile)


def cart_chance(cart, log_dwell, mobile, promotion, first):
    """Return P(something is put into the cart | no bounce); `log_dwell` is log(seconds / 200)."""
    return expit(
        CART_INTERCEPT
        + cart
        + 0.55 * log_dwell
        - 0.35 * mobile
        + 0.5 * promotion
        + FIRST_CART * first
    )


def buy_chance(buy, sensitivity, mobile, promotion, first, drift):
    """Return P(order | cart); `drift` is a shift of its logit."""
    return expit(
        BUY_INTERCEPT
        + buy
        - 0.45 * sensitivity * (1 - promotion)
        + 0.3 * promotion
        - 0.25 * mobile
        + FIRST_BUY * first
        + drift
    )


def drift_at(day, drift: float):
    """Return the shift of the logit of P(order | cart): 0 on the first day, `drift` at the end."""
    return drift * np.asarray(day) / world.DAYS


def draw_visits(people: Population, drift: float, rng: np.random.Generator) -> pd.DataFrame:
    """Draw all visits, a row each, by customer and time.

    Columns: `who` (index of the customer), `time` (seconds since the start), `first`, `mobile`,
    `promotion`, `bounce`, `dwell` (seconds), `cart`, `order`, `value` (of the order placed, or that
    would have been), `mailed` (False: no visit here is a campaign's).
    """
    days = world.calendar()
    exposure = np.concatenate([[0.0], np.cumsum(days["season"].to_numpy())]) / 7  # weeks
    n = len(people.segment)
    # The visit of the sign-up, and from the next day on a Poisson process that follows the season.
    begin, end = exposure[people.signup_day + 1], exposure[people.end_day]
    count = rng.poisson(np.exp(people.trait("log_visits")) * (end - begin))
    who = np.repeat(np.arange(n), count)
    at = begin[who] + rng.random(len(who)) * (end - begin)[who]
    day = np.minimum(np.searchsorted(exposure, at, side="right") - 1, people.end_day[who] - 1)
    hour = world.draw(rng, people.hours[people.segment[who]])
    time = day * world.DAY + hour * 3600 + rng.integers(0, 3600, len(who))

    who = np.concatenate([np.arange(n), who])
    time = np.concatenate([people.signed_up, time])
    first = np.arange(len(who)) < n
    order = np.lexsort((time, who))
    who, time, first = who[order], time[order], first[order]
    promotion = days["promotion"].to_numpy()[time // world.DAY]
    return respond(people, who, time, first, promotion, drift, rng)


def respond(people, who, time, first, promotion, drift, rng) -> pd.DataFrame:
    """Let visits at known times run their course; arguments and columns as `draw_visits` says."""
    size = len(who)
    cart, buy = people.trait("cart")[who], people.trait("buy")[who]
    mobile = rng.random(size) < mobile_share(people)[who]
    log_dwell = 0.25 * cart + rng.normal(0, 0.85, size)
    # Who signs up has not left at the first glance.
    bounce = ~first & (rng.random(size) < bounce_chance(cart, mobile))
    in_cart = rng.random(size) < cart_chance(cart, log_dwell, mobile, promotion, first)
    in_cart &= ~bounce
    shift = drift_at(time // world.DAY, drift)
    sensitivity = people.trait("price_sensitivity")[who]
    order = in_cart & (
        rng.random(size) < buy_chance(buy, sensitivity, mobile, promotion, first, shift)
    )
    location = people.trait("log_value")[who] + PROMOTION_VALUE * promotion
    glance = 1 + rng.exponential(9, size)
    return pd.DataFrame(
        {
            "who": who,
            "time": time,
            "first": first,
            "mobile": mobile,
            "promotion": promotion,
            "bounce": bounce,
            "dwell": np.where(bounce, glance, np.exp(DWELL + log_dwell)),
            "cart": in_cart,
            "order": order,
            "value": np.exp(location + rng.normal(0, VALUE_SD, size)),
            "mailed": False,
        }
    )


def order_chance(people: Population, promotion: int, drift: float) -> np.ndarray:
    """Return P(order | a later visit) per customer (n,), the dwell and the device averaged out.

    The dwell is integrated by Gauss-Hermite quadrature, the device weighted by its share.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    weights = weights / weights.sum()
    cart, buy = people.trait("cart"), people.trait("buy")
    chance = np.zeros(len(cart))
    phone = mobile_share(people)
    for mobile, share in ((1, phone), (0, 1 - phone)):
        cart_given = sum(
            w * cart_chance(cart, 0.25 * cart + 0.85 * z, mobile, promotion, 0)
            for z, w in zip(nodes, weights, strict=True)
        )
        bought = buy_chance(buy, people.trait("price_sensitivity"), mobile, promotion, 0, drift)
        chance += share * (1 - bounce_chance(cart, mobile)) * cart_given * bought
    return chance
