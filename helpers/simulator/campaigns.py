"""Two campaigns with a voucher: one randomized, one whose recipients were selected."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from helpers.simulator import oracle, visits, world
from helpers.simulator.population import Population

DAYS = 56  # the voucher is valid, and the outcome counted, so long
LONG = 182  # 26 weeks: by then what was pulled forward is missing
DISCOUNT, MARGIN, MAIL = 0.10, 0.40, 0.05


@dataclass(frozen=True)
class Campaign:
    """A mailing: its first day, the mean log-odds effect, and whether spend selects."""

    campaign_id: str
    assigned_at: str
    effect: float
    selected: bool


CAMPAIGNS = (
    Campaign("autumn_best_customers", "2024-10-01", 0.15, True),
    Campaign("spring_voucher", "2025-04-01", 0.55, False),
)


def run(
    campaign: Campaign,
    people: Population,
    log: pd.DataFrame,
    sep: float,
    drift: float,
    pull_forward: float,
    rng: np.random.Generator,
    pull_rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Send a campaign: return the log of visits with its effect, and a row per customer.

    The voucher changes who orders at all in the 56 days: where it helps, some of those who would
    not have ordered come for one more visit and order; where it harms, some of those who would have
    ordered do not. Both at the rate that turns p0 into p1. Of the extra orders a share of
    `pull_forward` replaces the next order of the weeks up to the 26th, where there is one.
    """
    day = oracle.day_of(campaign.assigned_at)
    who, on = log["who"].to_numpy(), log["time"].to_numpy() // world.DAY
    before = (on < day) & (on >= day - 364)
    last = np.full(len(people.segment), -1)
    np.maximum.at(last, who[before], on[before])
    members = np.flatnonzero(last >= 0)
    recency = (day - last[members]) / 7

    weight, orders, promotion = oracle.window(people, day, DAYS, drift)
    p0 = (weight * -np.expm1(-orders)).sum(axis=1)[members]
    expected = (weight * orders).sum(axis=1)[members]
    effect = log_odds_effect(campaign, people, members, recency, sep)
    p1 = np.where(p0 > 0, expit(logit(np.clip(p0, 1e-12, 1 - 1e-12)) + effect), 0.0)

    propensity = np.full(len(members), 0.5)
    if campaign.selected:
        recent = log[log["order"] & (on < day) & (on >= day - 90)]
        spend = np.bincount(recent["who"], recent["value"], minlength=len(people.segment))[members]
        propensity = expit(-2.5 + 0.85 * np.log1p(spend))
    treated = rng.random(len(members)) < propensity

    inside = log["order"].to_numpy() & (on >= day) & (on < day + DAYS)
    would = np.isin(members, who[inside])
    coin = rng.random(len(members))
    later = later_orders(people, members, day, drift, p0)
    comes = np.isin(members, who[log["order"].to_numpy() & (on >= day + DAYS) & (on < day + LONG)])
    if_comes, if_not = extra_order(p0, p1, later.chance, pull_forward)
    more = treated & ~would & (coin < np.where(comes, if_comes, if_not))
    less = treated & would & (coin < (p0 - p1) / np.maximum(p0, 1e-12))
    log = log.assign(order=log["order"] & ~(inside & np.isin(who, members[less])))
    moved_share = np.minimum(1.0, pull_forward / np.maximum(later.chance, 1e-12))
    moved = more & comes & (pull_rng.random(len(members)) < moved_share)
    log = drop_next_order(log, members[moved], day)
    log = add_orders(people, log, members[more], day, drift, rng)

    value = np.exp(
        people.trait("log_value")[members]
        + visits.VALUE_SD**2 / 2
        + visits.PROMOTION_VALUE * promotion[members]
    )
    revenue0 = expected * value
    revenue1 = np.where(
        p1 >= p0, revenue0 + (p1 - p0) * value, revenue0 * p1 / np.maximum(p0, 1e-12)
    )
    profit = revenue1 * (MARGIN - DISCOUNT) - revenue0 * MARGIN - MAIL
    to_move = (1 - p0) * later.chance * if_comes * moved_share * (p1 > p0)
    rows = pd.DataFrame(
        {
            "campaign_id": campaign.campaign_id,
            "customer_id": people.customer_id[members],
            "assigned_at": pd.Timestamp(campaign.assigned_at).as_unit("us"),
            "treated": treated,
            "propensity": propensity,
            "p0": p0,
            "p1": p1,
            "uplift": p1 - p0,
            "profit_uplift": profit,
            "moved": to_move,
            "profit_uplift_26": profit - to_move * later.value * MARGIN,
        }
    )
    return log, rows


class Later(NamedTuple):
    """Of each member, given no order in the voucher's 56 days: the `chance` of an order from then
    to the 26th week (m,), and the `value` to expect of it (m,)."""

    chance: np.ndarray
    value: np.ndarray


def later_orders(people, members, day, drift, p0) -> Later:
    """Return what would come after a voucher sent on `day` to `members` (m,)."""
    weight, orders, promotion = oracle.window(people, day, LONG, drift)
    none_at_all = (weight * np.exp(-orders)).sum(axis=1)[members]
    chance = np.clip(1 - none_at_all / (1 - p0), 0.0, 1.0)
    location = people.trait("log_value")[members] + visits.PROMOTION_VALUE * promotion[members]
    return Later(chance, np.exp(location + visits.VALUE_SD**2 / 2))


def extra_order(p0, p1, chance, pull_forward: float) -> tuple[np.ndarray, np.ndarray]:
    """Return P(extra order | no order otherwise) of members who would, and who would not, order in
    the weeks after the voucher.

    The mean over both is what turns p0 into p1. Where fewer of the extra orders than `pull_forward`
    would come from the former by chance, they are taken to it more often, up to certainty.
    """
    rate = np.clip((p1 - p0) / (1 - p0), 0.0, None)
    if_comes = np.maximum(rate, np.minimum(1.0, pull_forward * rate / np.maximum(chance, 1e-12)))
    if_not = (rate - chance * if_comes) / np.maximum(1 - chance, 1e-12)
    return if_comes, np.maximum(np.where(if_comes > rate, if_not, rate), 0.0)


def drop_next_order(log: pd.DataFrame, who: np.ndarray, day: int) -> pd.DataFrame:
    """Return the log without the first order of each customer in `who` after the voucher's days."""
    on = log["time"].to_numpy() // world.DAY
    later = log["order"].to_numpy() & (on >= day + DAYS) & (on < day + LONG)
    later &= np.isin(log["who"], who)
    first = log[later].drop_duplicates("who").index  # the log is ordered by customer and time
    order = log["order"].copy()
    order.loc[first] = False
    return log.assign(order=order)


def log_odds_effect(campaign, people, members, recency, sep) -> np.ndarray:
    """Return the effect of the voucher on the log-odds of ordering; `recency` in weeks."""
    sensitivity = people.trait("price_sensitivity")
    loyal = world.blend(np.array([1.0, 0.0, 0.0, 0.0]), sep)[people.segment[members]]
    return (
        campaign.effect
        + 0.50 * (sensitivity[members] - sensitivity.mean())
        - 0.80 * loyal
        + 0.50 * ((recency > 4) & (recency < 16))
        - 0.50 * (recency > 35)
    )


def add_orders(people, log, who, day, drift, rng) -> pd.DataFrame:
    """Add a visit with an order, led there by the mail, for each customer in `who`."""
    hour = world.draw(rng, people.hours[people.segment[who]])
    on = day + rng.integers(0, DAYS, len(who))
    time = on * world.DAY + hour * 3600 + rng.integers(0, 3600, len(who))
    promotion = world.calendar()["promotion"].to_numpy()[on]
    first = np.zeros(len(who), dtype=bool)
    extra = visits.respond(people, who, time, first, promotion, drift, rng)
    long = np.exp(visits.DWELL + rng.normal(0, 0.85, len(who)))
    extra["dwell"] = np.where(extra["bounce"], long, extra["dwell"])
    extra = extra.assign(bounce=False, cart=True, order=True, mailed=True)
    log = pd.concat([log, extra], ignore_index=True)
    return log.sort_values(["who", "time"], kind="stable", ignore_index=True)


def campaigns_table(rows: pd.DataFrame, purchases: pd.DataFrame) -> pd.DataFrame:
    """Return the table `campaigns`, its outcomes read off the purchases.

    `revenue` is the value of the orders placed within 56 days of `assigned_at`, before the
    discount; `cost` the mail plus the discount; profit = .40 revenue - cost.
    """
    orders = rows[["campaign_id", "customer_id", "assigned_at"]].merge(
        purchases[["customer_id", "ordered_at", "amount"]], on="customer_id"
    )
    until = orders["assigned_at"] + pd.Timedelta(days=DAYS)
    orders = orders[
        (orders["ordered_at"] >= orders["assigned_at"]) & (orders["ordered_at"] < until)
    ]
    revenue = orders.groupby(["campaign_id", "customer_id"])["amount"].sum()
    keys = pd.MultiIndex.from_frame(rows[["campaign_id", "customer_id"]])
    table = rows[["campaign_id", "customer_id", "assigned_at", "treated", "propensity"]].copy()
    table["revenue"] = revenue.reindex(keys, fill_value=0.0).round(2).to_numpy()
    table.insert(5, "converted", table["revenue"] > 0)
    table["cost"] = (table["treated"] * (MAIL + DISCOUNT * table["revenue"])).round(2)
    table["recorded_at"] = table["assigned_at"] + pd.Timedelta(days=DAYS)
    return table
