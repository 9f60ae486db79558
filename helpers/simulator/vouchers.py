"""The spring voucher again, sent to whom one likes: what each customer then brings."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from helpers.simulator.storage import load_truth

CAMPAIGN = "spring_voucher"
MARGIN, DISCOUNT, MAIL = 0.4, 0.1, 0.05  # shares of the order value, and the cost of a mail


@lru_cache(maxsize=1)
def _truth() -> pd.DataFrame:
    """The chance of an order without (`p0`) and with (`p1`) the voucher, and the `value` of an
    order, by customer."""
    truth = load_truth("campaigns")
    truth = truth[truth["campaign_id"] == CAMPAIGN].set_index("customer_id")
    people = load_truth("customers").set_index("customer_id")
    return truth[["p0", "p1"]].assign(value=np.exp(people["log_value"]))


def reachable() -> pd.Index:
    """The customers that the spring voucher could reach, (n,) ids."""
    return _truth().index


def voucher_profit(contacted: pd.Series, rng: np.random.Generator | None = None) -> pd.Series:
    """The profit of each customer in the eight weeks of the spring voucher.

    Whoever is contacted gets 10 % off, and orders with the true chance that the voucher leaves
    them; the others order with the true chance without it. An order brings its value times the
    margin of 40 %, less the discount; a contact costs .05.

    Args:
        contacted: Flags (n,), indexed by customer.
        rng: Draws who orders; None gives the profit to expect.

    Returns:
        Profit (n,), indexed as `contacted`.

    Raises:
        ValueError: Customers that the voucher could not reach (see `reachable`).
    """
    if len(lacking := contacted.index.difference(reachable())):
        raise ValueError(
            f"{len(lacking)} customers, {lacking[0]} among them, are none that the voucher could "
            "reach: see simulator.reachable()"
        )
    truth = _truth().loc[contacted.index]
    sent = contacted.to_numpy(dtype=bool)
    chance = np.where(sent, truth["p1"], truth["p0"]).astype(float)
    orders = chance if rng is None else (rng.random(len(chance)) < chance).astype(float)
    profit = orders * truth["value"] * (MARGIN - DISCOUNT * sent) - MAIL * sent
    return profit.rename("profit")
