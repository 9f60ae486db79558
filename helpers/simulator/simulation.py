"""One run of the shop: the tables in the order in which they depend on each other."""

import numpy as np
import pandas as pd

from helpers.shop import Report, Shop, conform
from helpers.simulator import (
    baskets,
    campaigns,
    contents,
    impressions,
    oracle,
    population,
    tastes,
    visits,
    world,
)
from helpers.simulator.knobs import NONE, Knobs

NOTES = (
    "simulated: registered customers only, two years from 2024-01-01 to 2025-12-31",
    "a campaign's revenue is before its discount; the discount is part of its cost",
)
# A stream of random numbers per step, so that a change in one leaves the draws of the others alone.
# New steps go to the end: those before keep theirs.
STEPS = (
    "population",
    "customers",
    "visits",
    "campaigns",
    "looks",
    "carts",
    "purchases",
    "visits table",
    "impressions",
    "identified",
    "pull forward",
    "tastes",
    "recommended",
    "replenishment",
    "returns",
)


def simulate(
    customers: int = 20_000,
    seed: int = 20_260_101,
    sep: float = 1.0,
    drift: float = 0.0,
    knobs: Knobs = NONE,
) -> tuple[Shop, dict[str, pd.DataFrame]]:
    """Simulate a shop for two years; return its tables and, apart from them, the truth.

    `sep` scales how far the segments lie apart (0: a world without segments), `drift` is the shift
    of the logit of P(order | cart) reached by the end of the two years; what else real shops have
    is in `knobs`. The truth is a dict:

    - `customers`: a row a customer: segment, style, the six traits, taste_* (six, sum to one),
      mobile (share of visits), life_ends_at, rater
    - `campaigns`: a row per row of `shop.campaigns`: p0, p1, uplift (= p1 - p0), profit_uplift
    - `oracle`: a row per cut-off and customer: alive, p_order, expected_revenue, p_high_value
    - `policies`: the true click rate of six policies on the logged impressions
    - `categories`, `subcategories`, `calendar`: popularity; P(subcategory | category, style);
      season and promotion by day; with returns or margins, `return_rate` and `margin` by category
    - with pull_forward, `long_run`: a row per row of `shop.campaigns`: moved (orders to expect that
      came at the voucher's time instead of later), profit_uplift_26 (by the 26th week)
    - with taste_drift, `tastes`: a row per month and customer: month, begins_at, taste_*

    Raises ValueError for fewer than 100 customers or a negative `sep`.
    """
    if customers < 100:
        raise ValueError(f"customers must be at least 100, not {customers}")
    if sep < 0:
        raise ValueError(f"sep must not be negative, not {sep}")
    streams = dict(zip(STEPS, np.random.default_rng(seed).spawn(len(STEPS)), strict=True))
    people = population.draw_population(customers, sep, streams["population"])
    known = population.customers_table(people, sep, streams["customers"])
    log = visits.draw_visits(people, drift, streams["visits"])
    mailed = []
    for campaign in campaigns.CAMPAIGNS:
        # What the earlier campaign moved would lie in the window of the randomized one.
        pull = 0.0 if campaign.selected else knobs.pull_forward
        draws = streams["campaigns"], streams["pull forward"]
        log, rows = campaigns.run(campaign, people, log, sep, drift, pull, *draws)
        mailed.append(rows)
    mailed = pd.concat(mailed, ignore_index=True)

    by_month = None
    if knobs.taste_drift > 0:
        by_month = tastes.walk(people, sep, knobs.taste_drift, streams["tastes"])
    taste = taste_at(people, log, by_month)
    landing, source, seconds = baskets.look(people, log, taste, sep, streams["looks"])
    identified = log["first"].to_numpy() | (
        streams["identified"].random(len(log)) < knobs.identified
    )
    shown, value, rater, clicked = impressions.impressions_tables(
        people, log, taste, seconds, identified, streams["impressions"]
    )
    shares = world.subcategory_shares(knobs.tail)
    lines = baskets.fill_carts(people, log, seconds, shares, streams["carts"])
    if knobs.recommended > 0:
        lines = contents.follow_clicks(
            people, log, lines, clicked, shares, knobs.recommended, streams["recommended"]
        )
    if knobs.replenishment > 0:
        lines = contents.replenish(log, lines, knobs.replenishment, streams["replenishment"])
    seconds = contents.looked_at(seconds, lines)
    purchases = baskets.purchases_table(people, log, lines, streams["purchases"])
    if knobs.returns > 0:
        purchases = baskets.returned(purchases, knobs.return_rates(), streams["returns"])
    visited = baskets.visits_table(
        people, log, landing, source, seconds, lines, identified, streams["visits table"]
    )

    kept = 1 - baskets.cancel_chance(people)
    on = (log["who"].to_numpy(), log["time"].to_numpy() // world.DAY)
    by_customer = {
        "customers": customers_truth(people, rater),
        "campaigns": mailed[["campaign_id", "customer_id", "p0", "p1", "uplift", "profit_uplift"]],
        "oracle": oracle.oracle_table(people, purchases, on, drift, kept),
    }
    # Single precision is plenty for a truth, and half the size.
    truth = {name: single(table) for name, table in by_customer.items()}
    truth |= {"policies": value, **world_truth(shares)}
    truth |= knobs_truth(knobs, truth, mailed, people, by_month)
    tables = {
        "purchases": purchases,
        "visits": visited,
        "customers": known,
        "campaigns": campaigns.campaigns_table(mailed, purchases),
        "impressions": shown,
    }
    tables = {name: conform(table, name) for name, table in tables.items()}
    report = Report(
        source=f"simulate(customers={customers}, seed={seed}, sep={sep}, drift={drift}"
        f"{said(knobs)})",
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


def taste_at(
    people: population.Population, log: pd.DataFrame, by_month: np.ndarray | None
) -> np.ndarray:
    """Return the taste in each visit (visits, 6); `by_month` as `tastes.walk`, None: no change."""
    who = log["who"].to_numpy()
    if by_month is None:
        return people.taste[who]
    return by_month[tastes.month_of(log["time"].to_numpy() // world.DAY), who]


def said(knobs: Knobs) -> str:
    """Return the knobs that are turned as the rest of a call: ", knobs=Knobs(returns=1.0)"."""
    turned = ", ".join(f"{name}={value}" for name, value in knobs.turned().items())
    return f", knobs=Knobs({turned})" if turned else ""


def knobs_truth(knobs, truth, mailed, people, by_month) -> dict[str, pd.DataFrame]:
    """Return the tables of the truth that knobs add or change; none where all are at rest."""
    found = {}
    if knobs.pull_forward > 0:
        found["long_run"] = single(
            mailed[["campaign_id", "customer_id", "moved", "profit_uplift_26"]]
        )
    if by_month is not None:
        begins = world.as_time(tastes.first_day(np.arange(tastes.MONTHS)) * world.DAY)
        names = [f"taste_{name}" for name in world.CATEGORIES]
        table = pd.DataFrame(by_month.reshape(-1, len(names)), columns=names)
        n = len(people.customer_id)
        table.insert(0, "month", np.repeat(np.arange(tastes.MONTHS), n))
        table.insert(1, "begins_at", np.repeat(begins, n))
        table.insert(2, "customer_id", np.tile(people.customer_id, tastes.MONTHS))
        found["tastes"] = single(table)
    if knobs.returns > 0 or knobs.margins > 0:
        rates = {"return_rate": knobs.return_rates(), "margin": knobs.margin_rates()}
        found["categories"] = truth["categories"].assign(**rates)
    return found


def world_truth(shares: np.ndarray) -> dict[str, pd.DataFrame]:
    """Return what holds for all customers: categories, subcategories by style (of `shares`), the
    calendar."""
    shares = shares.sum(axis=0)  # every subcategory is in one category
    categories = pd.DataFrame({"category": world.CATEGORIES, "popularity": world.POPULARITY})
    names = world.SUBCATEGORIES[["category", "subcategory", "price_level"]]
    by_style = pd.DataFrame(shares.T, columns=[f"share_{style}" for style in world.STYLES])
    return {
        "categories": categories,
        "subcategories": names.join(by_style),
        "calendar": world.calendar(),
    }
