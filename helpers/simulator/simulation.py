"""One run of the shop: the tables in the order in which they depend on each other."""

import numpy as np
import pandas as pd

from helpers.shop import Report, Shop, conform
from helpers.simulator import baskets, campaigns, impressions, oracle, population, visits, world

NOTES = (
    "simulated: registered customers only, two years from 2024-01-01 to 2025-12-31",
    "a campaign's revenue is before its discount; the discount is part of its cost",
)


def simulate(
    customers: int = 20_000, seed: int = 20_260_101, sep: float = 1.0, drift: float = 0.0
) -> tuple[Shop, dict[str, pd.DataFrame]]:
    """Simulate a shop for two years; return its tables and, apart from them, the truth.

    `sep` scales how far the segments lie apart (0: a world without segments), `drift` is the shift
    of the logit of P(order | cart) reached by the end of the two years. The truth is a dict:

    - `customers`: a row a customer: segment, style, the six traits, taste_* (six, sum to one),
      mobile (share of visits), life_ends_at, rater
    - `campaigns`: a row per row of `shop.campaigns`: p0, p1, uplift (= p1 - p0), profit_uplift
    - `oracle`: a row per cut-off and customer: alive, p_order, expected_revenue, p_high_value
    - `policies`: the true click rate of six policies on the logged impressions
    - `categories`, `subcategories`, `calendar`: popularity; P(subcategory | category, style);
      season and promotion by day

    Raises ValueError for fewer than 100 customers or a negative `sep`.
    """
    if customers < 100:
        raise ValueError(f"customers must be at least 100, not {customers}")
    if sep < 0:
        raise ValueError(f"sep must not be negative, not {sep}")
    # A stream per step, so that a change in one leaves the draws of the others alone.
    streams = iter(np.random.default_rng(seed).spawn(9))
    people = population.draw_population(customers, sep, next(streams))
    known = population.customers_table(people, sep, next(streams))
    log = visits.draw_visits(people, drift, next(streams))
    mailed, stream = [], next(streams)
    for campaign in campaigns.CAMPAIGNS:
        log, rows = campaigns.run(campaign, people, log, sep, drift, stream)
        mailed.append(rows)
    mailed = pd.concat(mailed, ignore_index=True)

    landing, source, seconds = baskets.look(people, log, sep, next(streams))
    lines = baskets.fill_carts(people, log, seconds, next(streams))
    purchases = baskets.purchases_table(people, log, lines, next(streams))
    visited = baskets.visits_table(people, log, landing, source, seconds, lines, next(streams))
    shown, value, rater = impressions.impressions_tables(people, log, seconds, next(streams))

    kept = 1 - baskets.cancel_chance(people)
    on = (log["who"].to_numpy(), log["time"].to_numpy() // world.DAY)
    by_customer = {
        "customers": customers_truth(people, rater),
        "campaigns": mailed[["campaign_id", "customer_id", "p0", "p1", "uplift", "profit_uplift"]],
        "oracle": oracle.oracle_table(people, purchases, on, drift, kept),
    }
    # Single precision is plenty for a truth, and half the size.
    truth = {name: single(table) for name, table in by_customer.items()}
    truth |= {"policies": value, **world_truth()}
    tables = {
        "purchases": purchases,
        "visits": visited,
        "customers": known,
        "campaigns": campaigns.campaigns_table(mailed, purchases),
        "impressions": shown,
    }
    tables = {name: conform(table, name) for name, table in tables.items()}
    report = Report(
        source=f"simulate(customers={customers}, seed={seed}, sep={sep}, drift={drift})",
        rows=sum(map(len, tables.values())),
    )
    return Shop(name="simulated", **tables, report=report, notes=NOTES), truth


def single(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with its float64 columns as float32."""
    return table.astype(dict.fromkeys(table.select_dtypes("float64"), "float32"))


def customers_truth(people: population.Population, rater: np.ndarray) -> pd.DataFrame:
    """Return the truth about each customer, a row each in the order of the table `customers`."""
    return pd.DataFrame(
        {
            "customer_id": people.customer_id,
            "segment": np.array(world.SEGMENTS)[people.segment],
            "style": np.array(world.STYLES)[people.style],
            **{name: people.trait(name) for name in world.TRAITS},
            **{f"taste_{name}": people.taste[:, i] for i, name in enumerate(world.CATEGORIES)},
            "mobile": visits.mobile_share(people),
            "life_ends_at": world.as_time(people.end_day * world.DAY),
            "rater": rater,
        }
    )


def world_truth() -> dict[str, pd.DataFrame]:
    """Return what holds for all customers: categories, subcategories by style, the calendar."""
    shares = world.subcategory_shares().sum(axis=0)  # every subcategory is in one category
    categories = pd.DataFrame({"category": world.CATEGORIES, "popularity": world.POPULARITY})
    names = world.SUBCATEGORIES[["category", "subcategory", "price_level"]]
    by_style = pd.DataFrame(shares.T, columns=[f"share_{style}" for style in world.STYLES])
    return {
        "categories": categories,
        "subcategories": names.join(by_style),
        "calendar": world.calendar(),
    }
