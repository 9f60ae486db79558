"""What is looked at in a visit, put into the cart and ordered: the tables visits and purchases."""

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.simulator import world
from helpers.simulator.population import Population

SOURCES = ("direct", "search", "social", "email", "ads")
SOURCE_BY_SEGMENT = np.array(
    [
        [0.42, 0.22, 0.06, 0.24, 0.06],
        [0.16, 0.20, 0.12, 0.32, 0.20],
        [0.18, 0.26, 0.36, 0.08, 0.12],
        [0.14, 0.46, 0.10, 0.08, 0.22],
    ]
)
RETURN_DAYS, RETURN_WAIT = 3, 10  # a line comes back after so many days and a mean wait on top
IDLE = 0.01  # share of visits that leave a tab open for half an hour to three hours


def cancel_chance(people: Population) -> np.ndarray:
    """Return the probability of a canceled order by customer: rises with price sensitivity."""
    return expit(-3.5 + 0.3 * people.trait("price_sensitivity"))


def look(
    people: Population, log: pd.DataFrame, taste: np.ndarray, sep: float, rng: np.random.Generator
) -> tuple:
    """Draw where visits land and how their time spreads, given the taste in each visit (n, 6).

    Returns `landing`, `source` (n,) as codes and whole `seconds` (n, 6); the landing category
    gets at least one second, and in a bounce all of them.
    """
    who, size = log["who"].to_numpy(), len(log)
    landing = world.draw(rng, taste)
    source = world.draw(rng, world.blend(SOURCE_BY_SEGMENT, sep)[people.segment[who]])
    source[log["mailed"].to_numpy()] = SOURCES.index("email")
    landed = np.eye(6)[landing]
    share = rng.standard_gamma(3 * taste + landed)
    share /= share.sum(axis=1, keepdims=True)
    share = np.where(log["bounce"].to_numpy()[:, None], landed, share)
    seconds = np.floor(log["dwell"].to_numpy()[:, None] * share).astype("int64")
    rows = np.arange(size)
    seconds[rows, landing] = np.maximum(seconds[rows, landing], 1)
    return landing, source, seconds


def fill_carts(
    people: Population,
    log: pd.DataFrame,
    seconds: np.ndarray,
    shares: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the lines in all carts: `visit` (row of the log), `category`, `subcategory` (codes),
    `quantity`, `weight` (of the order's value). `shares` are those of `world.subcategory_shares`.
    """
    carts = np.flatnonzero(log["cart"])
    visit = np.repeat(carts, 1 + np.minimum(rng.poisson(0.5, len(carts)), 5))
    category = world.draw(rng, seconds[visit])
    style = people.style[log["who"].to_numpy()[visit]]
    subcategory = world.draw(rng, shares[category, style])
    quantity = 1 + world.draw(rng, np.tile([0.86, 0.10, 0.04], (len(visit), 1)))
    level = world.SUBCATEGORIES["price_level"].to_numpy()[subcategory]
    weight = level * np.sqrt(quantity) * rng.lognormal(0, 0.4, len(visit))
    return pd.DataFrame(
        {
            "visit": visit,
            "category": category,
            "subcategory": subcategory,
            "quantity": quantity,
            "weight": weight,
        }
    )


def purchases_table(
    people: Population, log: pd.DataFrame, lines: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the table `purchases`; every line of an order shares its cancellation."""
    is_order = log["order"].to_numpy()
    visit = np.flatnonzero(is_order)
    who = log["who"].to_numpy()[visit]
    ordered = log["time"].to_numpy()[visit] + np.ceil(
        log["dwell"].to_numpy()[visit] * rng.uniform(0.5, 1, len(visit))
    ).astype("int64")
    cancelled = rng.random(len(visit)) < cancel_chance(people)[who]
    cancelled_at = ordered + 3600 + rng.exponential(3 * world.DAY, len(visit)).astype("int64")
    # What happens after the end of the log is not known to it.
    cancelled &= cancelled_at < world.DAYS * world.DAY
    rank = np.empty(len(visit), dtype="int64")
    rank[np.lexsort((visit, ordered))] = np.arange(1, len(visit) + 1)

    of_order = lines[is_order[lines["visit"]]]
    at = np.searchsorted(visit, of_order["visit"])
    share = of_order["weight"] / of_order.groupby("visit")["weight"].transform("sum")
    quantity = of_order["quantity"].to_numpy()
    price = np.maximum(
        np.round(share.to_numpy() * log["value"].to_numpy()[visit][at] / quantity, 2), 0.01
    )
    table = pd.DataFrame(
        {
            "customer_id": people.customer_id[who][at],
            "order_id": np.char.add("O", np.char.zfill(rank.astype(str), 6))[at],
            "ordered_at": world.as_time(ordered)[at],
            "category": np.array(world.CATEGORIES)[of_order["category"]],
            "subcategory": world.SUBCATEGORIES["subcategory"].to_numpy()[of_order["subcategory"]],
            "quantity": quantity,
            "amount": np.round(price * quantity, 2),
            "cancelled_at": pd.Series(world.as_time(cancelled_at)).where(cancelled).to_numpy()[at],
        }
    )
    return table.sort_values(["order_id"], kind="stable", ignore_index=True)


def returned(purchases: pd.DataFrame, rates: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Return the purchases with lines sent back, at `rates` (6,) by category: `cancelled_at` three
    days after the order and later, where the order was not canceled before."""
    code = pd.Categorical(purchases["category"], world.CATEGORIES).codes
    back = rng.random(len(purchases)) < rates[code]
    days = RETURN_DAYS + rng.exponential(RETURN_WAIT, len(purchases))
    at = purchases["ordered_at"] + pd.to_timedelta((days * world.DAY).astype("int64"), unit="s")
    # What happens after the end of the log is not known to it.
    back &= (at < pd.Timestamp(world.START) + pd.Timedelta(world.DAYS, "D")).to_numpy()
    before = purchases["cancelled_at"] < at
    return purchases.assign(cancelled_at=purchases["cancelled_at"].where(before | ~back, at))


def visits_table(
    people: Population,
    log: pd.DataFrame,
    landing,
    source,
    seconds,
    lines,
    identified: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the table `visits`: a row per visit `identified` (visits,) and category looked at for
    at least a second.

    Rows are ordered by customer, time and category.
    """
    size = len(log)
    in_cart = np.zeros((size, 6), dtype=bool)
    in_cart[lines["visit"], lines["category"]] = True
    idle = (rng.random(size) < IDLE) & ~log["bounce"].to_numpy()
    seconds = seconds.copy()
    seconds[np.arange(size), landing] += idle * rng.integers(1800, 10_800, size)

    # In the log's order, by customer and time, the table is a third smaller than by time alone.
    name = np.char.add("V", np.char.zfill(np.arange(1, size + 1).astype(str), 6))
    at, category = np.nonzero(seconds * identified[:, None])
    return pd.DataFrame(
        {
            "customer_id": people.customer_id[log["who"].to_numpy()[at]],
            "visit_id": name[at],
            "started_at": world.as_time(log["time"].to_numpy()[at]),
            "device": np.where(log["mobile"].to_numpy()[at], "mobile", "desktop"),
            "source": np.array(SOURCES)[source[at]],
            "landing_category": np.array(world.CATEGORIES)[landing[at]],
            "category": np.array(world.CATEGORIES)[category],
            "seconds": seconds[at, category],
            "added_to_cart": in_cart[at, category],
            "ordered": in_cart[at, category] & log["order"].to_numpy()[at],
        }
    )
