"""Who came back: customers by the month of their first order, and what came of them after it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import evaluation, features, lifetime
from helpers.errors import ReaderError
from helpers.evaluation import Interval
from helpers.shop import Shop

WORDS = {"M": "month", "Q": "quarter"}


class TooFew(ReaderError, ValueError):
    """A shop without two whole months (or quarters) of orders."""


class Retention(NamedTuple):
    """Customers by the period of their first order (rows, as periods, oldest first), and the
    periods since (columns, 0 is that of the first order). Cells that are not over are NaN.

    `size`: customers of each row; `customers`: of them, who ordered in that period, `share` as a
    share; `money`: what was spent in it, by customer of the row. `every`: "M" for months, "Q" for
    quarters.
    """

    every: str
    size: pd.Series
    customers: pd.DataFrame
    share: pd.DataFrame
    money: pd.DataFrame


def retention(store: Shop, as_of: str | pd.Timestamp, every: str = "M") -> Retention:
    """Return who ordered again, by month (or quarter) of first order: `lifetime.cohorts` as grids.

    Only whole periods before `as_of` are counted; a period in which nobody ordered first has no
    row. Where the file begins, the first rows hold customers who ordered before that, too.

    Raises:
        TooFew: There are no two whole periods.
        ValueError: `as_of` is no moment in time, or `every` is neither "M" nor "Q".
    """
    found = lifetime.cohorts(store, as_of, every)
    end = features.cutoff(as_of).to_period(every) - 1  # the last one that is over
    first = found.index.get_level_values("cohort").min() if len(found) else end
    last = (end - first).n
    if last < 1:
        raise TooFew(
            f"The orders of {store.name} hold no two whole {WORDS[every]}s: who came back a "
            f"{WORDS[every]} later cannot be seen yet."
        )
    since = range(last + 1)
    size = found["size"].groupby("cohort").first()
    over = np.array([[(end - cohort).n >= months for months in since] for cohort in size.index])

    def grid(column: str) -> pd.DataFrame:
        wide = found.reset_index().pivot_table(column, "cohort", "months", aggfunc="sum")
        return wide.reindex(columns=since).fillna(0.0).astype(float).where(over)

    customers, revenue = grid("customers"), grid("revenue")
    return Retention(every, size, customers, customers.div(size, axis=0), revenue.div(size, axis=0))


def came_again(found: Retention, months: int) -> tuple[int, Interval] | None:
    """Of all whose period so many later is over: how many they are, and the share who ordered in
    it, with its interval. None where there is nobody."""
    if months not in found.customers:
        return None
    column = found.customers[months].dropna()
    n = int(found.size[column.index].sum())
    return (n, evaluation.proportion_interval(int(column.sum()), n)) if n else None


def as_rows(found: Retention) -> pd.DataFrame:
    """The grids as rows, for a file: `first_order` (month or quarter), `later` (periods since),
    `customers_at_first`, `ordered`, `share` with `low` and `high`, `money_each`."""
    wide = {"ordered": found.customers, "money_each": found.money}
    long = pd.concat(
        [
            grid.rename_axis(columns="later").melt(ignore_index=False, value_name=name)
            for name, grid in wide.items()
        ],
        axis=1,
    )
    long = long.loc[:, ~long.columns.duplicated()].dropna()
    long = long.reset_index(names="first_order").sort_values(["first_order", "later"])
    size = found.size[long["first_order"]].to_numpy()
    shares = [
        evaluation.proportion_interval(int(hits), int(n))
        for hits, n in zip(long["ordered"], size, strict=True)
    ]
    long = long.reset_index(drop=True)
    ends = pd.DataFrame(shares, columns=["share", "low", "high"]).round(4)
    return pd.DataFrame(
        {
            "first_order": long["first_order"].astype(str),
            "later": long["later"],
            "customers_at_first": size,
            "ordered": long["ordered"].astype("int64"),
            **ends,
            "money_each": long["money_each"].round(2),
        }
    )
