"""Recommendations shown under a policy whose propensities are known."""

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.simulator import oracle, world
from helpers.simulator.population import Population

SINCE = "2025-01-01"
CHANGED = "2025-07-01"
# Shares of uniform, popularity and history in the policy, before and since the change.
MIX = np.array([[0.40, 0.30, 0.30], [0.20, 0.40, 0.40]])
SHOWN = 0.5  # share of the visits without a bounce that see a row of three recommendations
SLOTS = 3
EXAMINED = np.array([1.0, 0.7, 0.5])  # chance that a position is looked at
WINDOW = 1800  # seconds after which the outcome is recorded


def click_probability(taste: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Return P(click) for a category with share `taste` of a customer's taste at `position` 1 to 3.

    Examination times attraction, as in the position-based click model (Craswell et al. 2008).
    """
    attraction = expit(-2.2 + 1.1 * np.log(6 * np.asarray(taste) + 0.1))
    return EXAMINED[np.asarray(position) - 1] * attraction


def favorite_so_far(log: pd.DataFrame, seconds: np.ndarray) -> np.ndarray:
    """Return per visit the category most looked at in the customer's earlier visits, -1 if none.

    The log is ordered by customer and time.
    """
    who = log["who"].to_numpy()
    before = np.cumsum(seconds, axis=0) - seconds
    starts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
    base = np.repeat(before[starts], np.diff(np.r_[starts, len(who)]), axis=0)
    earlier = before - base
    return np.where(earlier.any(axis=1), earlier.argmax(axis=1), -1)


def policies(taste: np.ndarray, favorite: np.ndarray, late: np.ndarray) -> dict:
    """Return P(category) of each policy per impression (n, 6); `taste` (n, 6) as it is then."""
    size = len(taste)
    popular = np.tile(world.POPULARITY, (size, 1))
    history = np.where(favorite[:, None] < 0, popular, np.eye(6)[favorite])
    uniform = np.full((size, 6), 1 / 6)
    mix = MIX[late.astype(int)]
    return {
        "logging": mix[:, [0]] * uniform + mix[:, [1]] * popular + mix[:, [2]] * history,
        "uniform": uniform,
        "popularity": popular,
        "history": history,
        "taste": taste,
        "best_taste": np.eye(6)[taste.argmax(axis=1)],
    }


def impressions_tables(
    people: Population,
    log: pd.DataFrame,
    taste: np.ndarray,
    seconds: np.ndarray,
    identified: np.ndarray,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the table `impressions`, the true value of each policy, who rates at all (n,), and the
    first category clicked by visit (visits,): its code, -1 for none.

    `taste` (visits, 6) is that of the customer at the visit; only the visits `identified` (visits,)
    are in the table, and they alone make up the history that the policy knows.

    The slots of a row are drawn independently, so that one propensity per impression is the whole
    truth; a category may stand in two of them. `value` is the expected share of clicks over the
    customers, times and positions that were logged.
    """
    day = log["time"].to_numpy() // world.DAY
    eligible = ~log["bounce"].to_numpy() & (day >= oracle.day_of(SINCE))
    shown = np.flatnonzero(eligible & (rng.random(len(log)) < SHOWN))
    at = np.repeat(shown, SLOTS)
    position = np.tile(np.arange(1, SLOTS + 1), len(shown))
    who, time = log["who"].to_numpy()[at], log["time"].to_numpy()[at]
    late = day[at] >= oracle.day_of(CHANGED)
    known = seconds * identified[:, None]
    policy = policies(taste[at], favorite_so_far(log, known)[at], late)
    chance = click_probability(taste[at], position[:, None])
    kept = identified[at]
    value = pd.DataFrame(
        {
            "policy": list(policy),
            "value": [(p * chance).sum(axis=1)[kept].mean() for p in policy.values()],
        }
    )

    rows = np.arange(len(at))
    category = world.draw(rng, policy["logging"])
    clicked = rng.random(len(at)) < chance[rows, category]

    # Ratings and hides come from a biased few: the engaged, and rather those with a firm opinion.
    visits = people.trait("log_visits")
    rater = rng.random(len(visits)) < expit(-2.2 + 0.6 * (visits - visits.mean()))
    liking = 6 * taste[at, category]
    rates = rater[who] & (rng.random(len(at)) < np.where(clicked, 0.2 + 0.3 * (liking > 1.5), 0.02))
    stars = np.clip(np.round(3 + np.log(liking + 0.1) + rng.normal(0, 0.7, len(at))), 1, 5)
    hidden = rater[who] & ~clicked & (rng.random(len(at)) < 0.15 * np.exp(-liking))
    waits = np.where(rates, rng.exponential(world.DAY, len(at)), 0).astype("int64")
    shown_at = time + 5
    recorded = shown_at + WINDOW + waits
    rates &= recorded < world.DAYS * world.DAY
    recorded = np.where(rates, recorded, shown_at + WINDOW)
    table = pd.DataFrame(
        {
            "customer_id": people.customer_id[who],
            "shown_at": world.as_time(shown_at),
            "category": np.array(world.CATEGORIES)[category],
            "position": position,
            "propensity": policy["logging"][rows, category],
            "clicked": clicked,
            "rating": np.where(rates, stars, np.nan),
            "hidden": hidden,
            "recorded_at": world.as_time(recorded),
        }
    )
    order = ["shown_at", "customer_id", "position"]
    table = table[kept].sort_values(order, ignore_index=True)
    first = np.full(len(log), -1)
    last_to_first = np.flatnonzero(clicked)[::-1]  # what is written last stays
    first[at[last_to_first]] = category[last_to_first]
    return table, value, rater, first
