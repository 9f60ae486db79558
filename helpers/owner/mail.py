"""Whom the next mail would reach at the right moment: who is most likely to buy soon."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from helpers import evaluation, features, lifetime
from helpers.evaluation import Interval
from helpers.shop import Shop

DAYS = 28


class Tried(NamedTuple):
    """How a list made 28 days ago did: how many were on it, the share of them who bought in the 28
    days since, with its interval, and the share of all customers."""

    listed: int
    bought: Interval
    of_all: float


def next_buyers(store: Shop, as_of: str | pd.Timestamp, many: int) -> pd.DataFrame:
    """Return the `many` customers with most purchases expected in the next 28 days (BG/NBD), first
    the most.

    Likely buyers are not those whom a mail moves: that only a hold-out tells.

    Returns:
        By `customer_id`: `expected` (purchases), `purchases` so far, `silent` (days since the
        last).

    Raises:
        ValueError: `as_of` is no moment in time, `many` is below 1, nobody bought before, or nobody
            bought twice.
    """
    if many < 1:
        raise ValueError(f"many is at least 1, not {many}")
    past = lifetime.history(store, as_of)
    table = pd.DataFrame(
        {
            "expected": lifetime.BetaGeometric.fit(past).expected_orders(past, DAYS),
            "purchases": past["repeats"].astype("int64") + 1,
            "silent": past["age"] - past["last"],
        }
    )
    return table.sort_values("expected", ascending=False, kind="stable").head(many)


def bought_next(store: Shop, as_of: str | pd.Timestamp, many: int) -> Tried:
    """Try the list on the shop's own past: made 28 days before `as_of`, how many of it bought?

    Raises ValueError like `next_buyers`, or where the shop is younger.
    """
    then = features.cutoff(as_of) - pd.Timedelta(DAYS, "D")
    listed = next_buyers(store, then, many).index
    came = lifetime.purchases_after(store, then, f"{DAYS}D") > 0
    share = evaluation.proportion_interval(int(came[listed].sum()), len(listed))
    return Tried(len(listed), share, float(came.mean()))
