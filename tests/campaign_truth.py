"""Customers who respond to a campaign by a known rule: what an interval is to cover."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import campaign, experiments, shop
from helpers.campaign.plan import KEPT, WRITTEN, Plan
from helpers.evaluation import Interval

STARTS = pd.Timestamp("2024-03-01")
DAYS = 28
SPEND = 40.0  # mean money of an order
SPREAD = 0.7  # of its logarithm


def rates(customers: int, rng: np.random.Generator) -> np.ndarray:
    """Orders a day of each customer: gamma, a fifth of the customers order within four weeks."""
    return rng.gamma(0.8, 0.3 / 0.8, customers) / DAYS


def ran(
    seed: int, customers: int, keep_back: float, more: float, days: int = DAYS
) -> tuple[Plan, shop.Shop]:
    """A campaign with its plan, and the orders of the 91 days before it and of `days` of it. Of
    those written to each places one order more, with the probability `more`."""
    rng = np.random.default_rng(seed)
    ids = pd.Index([f"c{number}" for number in range(customers)], name="customer_id")
    name = f"campaign {seed}"
    arms = experiments.assign(ids, name, {KEPT: keep_back, WRITTEN: 1 - keep_back})
    rate = rates(customers, rng)
    count = rng.poisson(rate * (91 + DAYS))
    responds = (arms == WRITTEN).to_numpy() & (rng.random(customers) < more)
    at = np.concatenate([rng.uniform(-91, DAYS, count.sum()), rng.uniform(0, DAYS, responds.sum())])
    who = np.concatenate([np.repeat(np.arange(customers), count), np.flatnonzero(responds)])
    lines = pd.DataFrame(
        {
            "customer_id": ids.to_numpy()[who],
            "order_id": [str(number) for number in range(len(at))],
            "ordered_at": STARTS + pd.to_timedelta(at, "D"),
            "amount": rng.lognormal(np.log(SPEND) - SPREAD**2 / 2, SPREAD, len(at)),
        }
    )
    # somebody who is in no campaign orders on the last day: the export is of that day
    end = {"customer_id": "x", "order_id": "end", "amount": 1.0}
    lines.loc[len(lines)] = end | {"ordered_at": STARTS + pd.Timedelta(days - 0.001, "D")}
    lines = lines[lines["ordered_at"] < STARTS + pd.Timedelta(days, "D")]
    before = lines[lines["ordered_at"] < STARTS].groupby("customer_id")["amount"].sum()
    # whoever is in a plan had ordered before
    once = {"customer_id": ids, "order_id": "first " + ids, "amount": 9.0}
    lines = pd.concat([pd.DataFrame(once).assign(ordered_at=STARTS - pd.Timedelta("200D")), lines])
    frame = pd.DataFrame(
        {"arm": arms, "reason": "", "spent_before": before.reindex(ids).fillna(0.0)}
    )
    drawn = {arm: int((arms == arm).sum()) for arm in (WRITTEN, KEPT)}
    plan = Plan(
        name, "s", campaign.AUDIENCES[0], STARTS, DAYS, keep_back, 0.5, 0.4,
        Interval(0.2, 0.15, 0.25), {}, drawn, frame,
    )  # fmt: skip
    return plan, shop.Shop("s", shop.conform(lines, "purchases"))


def truth(more: float) -> tuple[float, float]:
    """What the campaign does to the share that orders and to the money per customer."""
    # nobody orders with the probability E[exp(-rate × days)] = (1 + scale)^-shape
    nobody = (1 + 0.3 / 0.8) ** -0.8
    return more * nobody, more * SPEND
