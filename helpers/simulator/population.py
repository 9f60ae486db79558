"""Who the customers are: segment, traits, taste, and what the shop gets to know of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.simulator import world

TASTE_CONCENTRATION = 5.0
MAX_LOG_VISITS = np.log(7)  # nobody comes more than once a day on average
SURVEY_INTERCEPT = 0.35
CHANNELS = ("search", "social", "referral", "ads", "marketplace")
CHANNEL_BY_SEGMENT = np.array(
    [
        [0.34, 0.16, 0.28, 0.14, 0.08],
        [0.24, 0.20, 0.12, 0.22, 0.22],
        [0.28, 0.34, 0.10, 0.20, 0.08],
        [0.34, 0.14, 0.10, 0.22, 0.20],
    ]
)
AGE_BY_SEGMENT = np.array(
    [
        [0.08, 0.18, 0.24, 0.22, 0.17, 0.11],
        [0.11, 0.22, 0.26, 0.19, 0.13, 0.09],
        [0.22, 0.28, 0.20, 0.14, 0.10, 0.06],
        [0.10, 0.19, 0.21, 0.20, 0.17, 0.13],
    ]
)
INCOME_BANDS = ("low", "middle", "upper_middle", "high")
REGIONS = ("north", "east", "south", "west")
# Peaks of the day by segment: (hour, weight) of four bumps on a flat floor.
PEAKS = np.array([8, 12, 18, 22])
PEAKS_BY_SEGMENT = np.array(
    [
        [0.20, 0.40, 0.30, 0.10],
        [0.10, 0.15, 0.25, 0.50],
        [0.35, 0.20, 0.30, 0.15],
        [0.15, 0.45, 0.30, 0.10],
    ]
)


@dataclass(frozen=True)
class Population:
    """The truth of n customers as arrays, ordered by day of sign-up.

    `segment`, `age`, `style`: (n,) codes; `traits` (n, 6) as `world.TRAITS`; `taste` (n, 6) sums to
    one; `signed_up` (n,) seconds since the start; `end_day` (n,) first day without visits; `hours`
    (4, 24) hour of the day by segment.
    """

    customer_id: np.ndarray
    segment: np.ndarray
    age: np.ndarray
    style: np.ndarray
    traits: np.ndarray
    taste: np.ndarray
    signed_up: np.ndarray
    end_day: np.ndarray
    hours: np.ndarray

    def trait(self, name: str) -> np.ndarray:
        """Return one trait (n,) by its name."""
        return self.traits[:, world.TRAITS.index(name)]

    @property
    def signup_day(self) -> np.ndarray:
        """Return the day of the sign-up, counted from the start."""
        return self.signed_up // world.DAY


def hours_by_segment(sep: float) -> np.ndarray:
    """Return P(hour | segment) as (4, 24)."""
    distance = np.abs((np.arange(24)[None, :] - PEAKS[:, None] + 12) % 24 - 12)
    bumps = np.exp(-0.5 * (distance / 1.8) ** 2)
    bumps /= bumps.sum(axis=1, keepdims=True)
    return 0.15 / 24 + 0.85 * world.blend(PEAKS_BY_SEGMENT, sep) @ bumps


def draw_population(customers: int, sep: float, rng: np.random.Generator) -> Population:
    """Draw `customers` customers; `sep` scales how far the segments lie apart (0: not at all)."""
    segment = draw_codes(rng, world.SHARES, customers)
    noise = rng.standard_normal((customers, len(world.TRAITS)))
    traits = world.blend(world.TRAIT_MEANS, sep)[segment] + world.TRAIT_SDS * noise
    often = world.TRAITS.index("log_visits")
    traits[:, often] = np.minimum(traits[:, often], MAX_LOG_VISITS)
    age = world.draw(rng, world.blend(AGE_BY_SEGMENT, sep)[segment])
    style = draw_codes(rng, world.STYLE_SHARES, customers)

    taste = rng.standard_gamma(TASTE_CONCENTRATION * taste_base(segment, age, sep))
    taste = np.clip(taste, 1e-6, None)
    taste /= taste.sum(axis=1, keepdims=True)

    # Numbered by the day of the sign-up, as a shop's own database would.
    day = np.sort(np.floor(103 * 7 * rng.beta(1.1, 1.3, customers)).astype("int64"))
    hours = hours_by_segment(sep)
    second = world.draw(rng, hours[segment]) * 3600 + rng.integers(0, 3600, customers)
    life = rng.geometric(expit(traits[:, world.TRAITS.index("drop_out")]))
    return Population(
        customer_id=np.char.add("C", np.char.zfill(np.arange(1, customers + 1).astype(str), 5)),
        segment=segment,
        age=age,
        style=style,
        traits=traits,
        taste=taste,
        signed_up=day * world.DAY + second,
        end_day=np.minimum(day + 7 * np.minimum(life, world.DAYS), world.DAYS),
        hours=hours,
    )


def taste_base(segment: np.ndarray, age: np.ndarray, sep: float) -> np.ndarray:
    """Return the mean taste (n, 6) of customers of a segment and an age band (n,) of codes."""
    # The tilt by segment is blended in logs, so that it stays positive for any sep.
    tilt = np.exp(world.blend(np.log(world.TASTE_BY_SEGMENT), sep))[segment]
    base = world.POPULARITY * tilt * world.TASTE_BY_AGE[age]
    base /= base.sum(axis=1, keepdims=True)
    return base


def draw_codes(rng: np.random.Generator, shares: np.ndarray, size: int) -> np.ndarray:
    """Draw `size` codes with the same shares for all."""
    return np.searchsorted(np.cumsum(shares)[:-1], rng.random(size), side="right")


def likert(rng: np.random.Generator, value: np.ndarray, center: float, sd: float) -> np.ndarray:
    """Read `value` with noise on a scale of 1 to 5: cuts at -1.2, -.4, .4, 1.2 SD."""
    z = (value - center) / sd + rng.normal(0, 0.7, len(value))
    return 1.0 + np.searchsorted([-1.2, -0.4, 0.4, 1.2], z)


def customers_table(people: Population, sep: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return the table `customers`: what the shop knows, the survey missing where not answered."""
    n = len(people.segment)
    income = people.trait("log_value") + rng.normal(0, 0.6, n)
    channel = world.draw(rng, world.blend(CHANNEL_BY_SEGMENT, sep)[people.segment])
    favorite = (np.log(people.taste) + 0.5 * rng.gumbel(size=(n, 6))).argmax(axis=1)
    toys = people.taste[:, world.CATEGORIES.index("toys")]
    shopping_for = world.draw(
        rng, np.column_stack([np.full(n, 0.7), 0.15 + 1.5 * toys, 0.12 + 0.4 * toys])
    )
    told = np.where(rng.random(n) < 0.6, people.style, rng.integers(0, 4, n))
    attitude = likert(rng, people.trait("price_sensitivity"), 0.3, 0.9)
    frequency = likert(rng, people.trait("log_visits"), -1.4, 1.0)

    # Most answer at once, the others days later; what would come after the end is not answered.
    answers = rng.random(n) < expit(SURVEY_INTERCEPT + 0.5 * people.trait("log_visits"))
    at_once = rng.random(n) < 0.7
    delay = np.where(at_once, rng.uniform(60, 900, n), rng.lognormal(np.log(3 * world.DAY), 1, n))
    answered = people.signed_up + delay.astype("int64")
    answers &= answered < world.DAYS * world.DAY
    table = pd.DataFrame(
        {
            "customer_id": people.customer_id,
            "signed_up_at": world.as_time(people.signed_up),
            "age_band": np.array(world.AGE_BANDS)[people.age],
            "income_band": np.array(INCOME_BANDS)[np.searchsorted([3.55, 4.15, 4.75], income)],
            "region": np.array(REGIONS)[draw_codes(rng, np.array([0.22, 0.2, 0.33, 0.25]), n)],
            "acquisition_channel": np.array(CHANNELS)[channel],
            "answered_at": pd.Series(world.as_time(answered)).where(answers),
        }
    )
    survey = pd.DataFrame(
        {
            "favorite_category": np.array(world.CATEGORIES)[favorite],
            "price_attitude": attitude,
            "expected_frequency": frequency,
            "shopping_for": np.array(("self", "family", "gifts"))[shopping_for],
            "style": np.array(world.STYLES)[told],
        }
    )
    survey.loc[~answers] = None
    return table.join(survey)
