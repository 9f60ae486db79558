"""What groups of customers did next: who ordered, what they spent, who lapsed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import evaluation
from helpers.evaluation import Interval
from helpers.shop import Shop
from helpers.targets.definitions import future_of

DRAWS = 500
MANY = 5_000  # customers
_NOTHING = Interval(np.nan, np.nan, np.nan)


class Deserved(NamedTuple):
    """Whether the first of all groups did better than everybody else: its name, its customers and
    all others, the shares of each that ordered, and the difference with its interval."""

    name: str
    members: int
    others: int
    share: float
    share_of_others: float
    difference: Interval


def follow(
    store: Shop, then: pd.Timestamp, horizon: pd.Timedelta, before: pd.DataFrame
) -> pd.DataFrame:
    """Return what each group did in the `horizon` after `then`.

    Args:
        store: The shop.
        then: When the groups were made.
        horizon: How long they are looked at.
        before: Customers × `group`, `silent` (days since the last order), by `customer_id`.

    Returns:
        By group: `before` (customers), `ordered` (share that ordered, with `low` and `high`),
        `spent_each` (mean, with `spent_low` and `spent_high`, by bootstrap), `lapsed` (of those who
        had ordered in as long a time before, the share without an order after, with `lapsed_low`
        and `lapsed_high`; NaN where nobody had).
    """
    after = future_of(store, then, horizon, before.index)
    lately = before["silent"] <= horizon / pd.Timedelta("1D")
    rows = {}
    for name, members in before.groupby("group").groups.items():
        came = after.loc[members]
        ordered = evaluation.proportion_interval(int(came["bought"].sum()), len(came))
        spent = _mean(came["revenue"].to_numpy(float))
        active = came.loc[lately[members], "bought"]
        lapsed = (
            evaluation.proportion_interval(int((~active).sum()), len(active))
            if len(active)
            else _NOTHING
        )
        rows[name] = [len(came), *ordered, *spent, *lapsed]
    columns = ["before", "ordered", "low", "high", "spent_each", "spent_low", "spent_high"]
    columns += ["lapsed", "lapsed_low", "lapsed_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def deserves(since: pd.DataFrame, name: str) -> Deserved | None:
    """Compare one group with all others by the share that ordered; `since` is `follow`'s table.

    None where there is nobody in it, or nobody else.
    """
    if name not in since.index or len(since) < 2:
        return None
    members = int(since.loc[name, "before"])
    rest = since.drop(name)
    others = int(rest["before"].sum())
    here = round(since.loc[name, "ordered"] * members)
    there = round((rest["ordered"] * rest["before"]).sum())
    gap = evaluation.difference_of_proportions(here, members, there, others)
    return Deserved(name, members, others, here / members, there / others, gap)


def _mean(values: np.ndarray) -> Interval:
    """The mean with its bootstrap interval; of many customers with the t interval, which is then
    the same."""
    if len(values) > MANY:
        return evaluation.mean_interval(values)
    drawn = [values[rows].mean() for rows in evaluation.resample(np.arange(len(values)), DRAWS)]
    return Interval(float(values.mean()), *evaluation.drawn_ends(drawn))
