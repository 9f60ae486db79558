"""What else decides what is in a cart: things that are used up, and recommendations."""

import numpy as np
import pandas as pd

from helpers.simulator import world
from helpers.simulator.population import Population

# Subcategories that are used up, and the days after which they are bought again, in the middle.
USED_UP = {
    "skin_care": 45,
    "hair_care": 40,
    "makeup": 60,
    "wellness": 30,
    "baby": 30,
    "underwear": 120,
    "fitness": 60,
    "accessories": 150,
}
SPREAD = 0.3  # standard deviation of the logarithm of the days


def follow_clicks(
    people: Population,
    log: pd.DataFrame,
    lines: pd.DataFrame,
    clicked: np.ndarray,
    shares: np.ndarray,
    chance: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the lines, some of them now of the recommendation that was clicked in their visit.

    `clicked` (visits,) is the code of the first category clicked in a visit, -1 for none; `shares`
    are those of `world.subcategory_shares`; each line of a visit with a click goes there with
    probability `chance`.
    """
    visit = lines["visit"].to_numpy()
    moved = (clicked[visit] >= 0) & (rng.random(len(lines)) < chance)
    category = clicked[visit[moved]]
    style = people.style[log["who"].to_numpy()[visit[moved]]]
    return replaced(lines, moved, world.draw(rng, shares[category, style]))


def replenish(
    log: pd.DataFrame, lines: pd.DataFrame, chance: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the lines, some of the orders' now of what the customer has used up by then.

    With probability `chance` a line is of the subcategory that has been due longest: last bought
    longer ago than its days, which vary by lognormal factors. The log is ordered by customer and
    time, and the lines by visit.
    """
    names = world.SUBCATEGORIES["subcategory"]
    days = {int(np.flatnonzero(names == name)[0]): interval for name, interval in USED_UP.items()}
    visit, bought = lines["visit"].to_numpy(), lines["subcategory"].to_numpy().copy()
    who, time = log["who"].to_numpy()[visit], log["time"].to_numpy()[visit]
    again = rng.random(len(lines)) < chance
    factor = rng.lognormal(0, SPREAD, len(lines))
    due: dict[int, float] = {}  # of one customer: when each subcategory will be used up
    customer = -1
    for i in np.flatnonzero(log["order"].to_numpy()[visit]):
        if who[i] != customer:
            customer, due = who[i], {}
        ready = [code for code, at in due.items() if at <= time[i]]
        if again[i] and ready:
            bought[i] = min(ready, key=lambda code: due[code])
        code = int(bought[i])
        if code in days:
            due[code] = time[i] + days[code] * factor[i] * world.DAY
    moved = bought != lines["subcategory"].to_numpy()
    return replaced(lines, moved, bought[moved])


def replaced(lines: pd.DataFrame, moved: np.ndarray, subcategory: np.ndarray) -> pd.DataFrame:
    """Return the lines with other subcategories (codes) where `moved`; category and weight
    follow."""
    level = world.SUBCATEGORIES["price_level"].to_numpy()
    codes = pd.Categorical(world.SUBCATEGORIES["category"], world.CATEGORIES).codes.astype("int64")
    lines = lines.copy()
    before = lines.loc[moved, "subcategory"].to_numpy()
    lines.loc[moved, "weight"] *= level[subcategory] / level[before]
    lines.loc[moved, "subcategory"] = subcategory
    lines.loc[moved, "category"] = codes[subcategory]
    return lines


def looked_at(seconds: np.ndarray, lines: pd.DataFrame) -> np.ndarray:
    """Return `seconds` (visits, 6) with at least one for each category in the cart."""
    seconds = seconds.copy()
    at = (lines["visit"].to_numpy(), lines["category"].to_numpy())
    seconds[at] = np.maximum(seconds[at], 1)
    return seconds
