"""Histories and cohorts as Ibis expressions: the same on DuckDB, Spark or a warehouse."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import pandas as pd
from ibis import _

from helpers import features
from helpers.features.cut_off import standing_orders
from helpers.shop import Opened, Shop

_DAY = 86_400


def define_history(tables: Mapping[str, ibis.Table], as_of: str | pd.Timestamp) -> ibis.Table:
    """Return the expression of `history`: a row per buyer, in no order.

    Args:
        tables: Ibis tables by name, in the schema of `helpers.shop`; only `purchases` is used.
        as_of: The day up to which the history goes, without time zone.

    Returns:
        `customer_id`, `repeats`, `last` and `age` (days), `value` (currency), as `history` says.
    """
    moment = features.cutoff(as_of)
    lines = standing_orders(tables["purchases"], moment)
    moments = lines.group_by("customer_id", "order_id", "ordered_at").agg(
        cents=(_.amount * 100).round().cast("int64").sum()
    )
    # lines on both sides of midnight are one purchase; a day later a number is another order's
    first = moments.ordered_at.min().over(ibis.window(group_by=["customer_id", "order_id"]))
    moments = moments.mutate(first=first)
    same = moments.ordered_at <= moments["first"] + ibis.interval(days=1)
    began = same.ifelse(moments["first"], moments.ordered_at)
    days = moments.group_by("customer_id", day=_day(began)).agg(cents=_.cents.sum())
    past = days.group_by("customer_id").agg(
        purchases=_.count(), first=_.day.min(), last=_.day.max(), cents=_.cents.sum()
    )
    today = (moment - pd.Timestamp(0)).total_seconds() / _DAY
    return past.select(
        "customer_id",
        repeats=past.purchases - 1,
        last=(past["last"] - past["first"]).cast("float64"),
        age=today - past["first"].cast("float64"),
        value=past.cents / 100 / past.purchases,
    )


EVERY = {"M": 1, "Q": 3}  # months of a period, by the name that pandas has for it


def define_cohorts(
    tables: Mapping[str, ibis.Table], as_of: str | pd.Timestamp, every: str = "M"
) -> ibis.Table:
    """Return the expression of `cohorts`, with periods as numbers: of months, year × 12 + month
    - 1; of quarters, a third of that. Raises ValueError where `every` is neither "M" nor "Q"."""
    if every not in EVERY:
        raise ValueError(f'every is "M" (months) or "Q" (quarters), not {every!r}')
    whole = features.cutoff(as_of).to_period(every).start_time
    lines = standing_orders(tables["purchases"], whole)
    orders = lines.group_by("customer_id", "order_id").agg(
        at=_.ordered_at.min(), cents=(_.amount * 100).round().cast("int64").sum()
    )
    month = (_.at.year() * 12 + _.at.month() - 1).cast("int64")
    orders = orders.mutate(month=month if every == "M" else month // EVERY[every])
    first = orders.group_by("customer_id").agg(cohort=_.month.min())
    sizes = first.group_by("cohort").agg(size=_.count())
    dated = orders.join(first, "customer_id")
    found = dated.group_by("cohort", months=_.month - _.cohort).agg(
        customers=_.customer_id.nunique(), orders=_.count(), cents=_.cents.sum()
    )
    sized = found.join(sizes, "cohort")
    return sized.select("cohort", "months", "size", "customers", "orders", revenue=_.cents / 100)


def cohorts(store: Shop | Opened, as_of: str | pd.Timestamp, every: str = "M") -> pd.DataFrame:
    """Return who of those that ordered first in a month came back in the months after it; with
    `every="Q"`, in quarters of a year for months.

    An order lies in the month in which it began, a customer in the cohort of the first one. Only
    whole months before `as_of` are counted; an order canceled before them is out. Where the data
    begin, the first cohorts hold customers who ordered before that, too.

    Returns:
        Indexed by (`cohort` (month, as a period), `months` since), sorted; months in which nobody
        of a cohort ordered are absent. `size` (customers of the cohort), `customers` (of them, who
        ordered in that month), `orders` (number), `revenue` (currency).
    """
    frame = features.fetch(store, define_cohorts(features.tables_of(store), as_of, every))
    ordinals = frame.pop("cohort").astype("int64") - 1970 * 12 // EVERY[every]
    frame["cohort"] = pd.PeriodIndex.from_ordinals(ordinals, freq=every)
    return frame.set_index(["cohort", "months"]).sort_index()


def _day(moment: ibis.Value) -> ibis.Value:
    """The day of a moment, counted from 1970."""
    return moment.epoch_seconds().cast("int64") // _DAY
