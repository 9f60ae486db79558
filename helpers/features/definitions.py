"""The features as Ibis expressions: the same on DuckDB, Spark, BigQuery or Snowflake.

Money is summed as whole cents and time as whole seconds of visits, so that no sum depends on the
order in which an engine happens to add. Differences of time go through `epoch_seconds()`, which
every engine has (set Spark's time zone to UTC).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import pandas as pd
from ibis import _

from helpers.features.cut_off import cutoff, standing_orders
from helpers.shop import EVENT_TIME

IDLE_SECONDS = 1_800  # of one category in one visit; 30 minutes, the usual end of a web session
WINDOW = 90  # days, for active_days and activity_trend
RATE_DAYS = 30  # rates are per 30 days, and a shorter tenure counts as 30

_DAY = 86_400


def define(
    tables: Mapping[str, ibis.Table],
    as_of: str | pd.Timestamp,
    categories: Sequence[str] = (),
    *,
    bought: Sequence[str] = (),
) -> ibis.Table:
    """Return the expression whose rows are the customers known before `as_of`.

    Args:
        tables: Ibis tables by name, in the schema of `helpers.shop`; `purchases` is required.
        as_of: The cut-off, without time zone.
        categories: Those that get `seconds_` and `share_` columns.
        bought: All categories among the lines of orders, where they are known and few: they are
            then counted side by side, which spares the engine a pass. The answer is the same.

    Returns:
        Columns as in `helpers.features`, in no order of rows; `cart_abandonment` and
        `category_interest_score` stand there as counted, to be shrunk by `ShrinkRates`.
    """
    as_of = cutoff(as_of)
    orders = standing_orders(tables["purchases"], as_of).drop_null("customer_id")
    value = _value(orders, as_of, bought)
    parts = [] if bought else [_top_category(_lines_by_category(orders), "line")]
    activity = orders.select("customer_id", at="ordered_at")
    if "visits" in tables:
        looks = _looks(tables["visits"], as_of)
        visits = _by_visit(looks)
        parts += [
            _browsing(visits, as_of),
            _top_category(_seconds_by_category(looks), "look"),
        ]
        if categories:
            parts.append(_by_category(looks, categories))
        activity = activity.union(visits.select("customer_id", at="started_at"))
    if "customers" in tables:
        parts.append(_account(tables["customers"], as_of))
    parts.append(_active_days(activity, as_of))
    joined = value
    if len(tables) > 1:  # else whoever is known has an order, and the first record is the first one
        parts.insert(0, value.drop("first_record"))
        joined = records(tables, as_of)
    for part in parts:
        joined = joined.left_join(part, "customer_id").drop("customer_id_right")
    return _finish(joined, as_of, categories, set(tables))


def records(tables: Mapping[str, ibis.Table], as_of: pd.Timestamp) -> ibis.Table:
    """Return `customer_id` and `first_record` (timestamp) of all with a record before `as_of`.

    An order canceled before `as_of` is none.
    """
    tables = {**tables, "purchases": standing_orders(tables["purchases"], as_of)}
    moments = [
        table.drop_null("customer_id")
        .filter(_[EVENT_TIME[name]] < as_of)
        .group_by("customer_id")
        .agg(first_record=_[EVENT_TIME[name]].min())
        for name, table in tables.items()
    ]
    everyone = ibis.union(moments[0], *moments[1:])
    return everyone.group_by("customer_id").agg(first_record=_.first_record.min())


def _days_before(as_of: pd.Timestamp, moment: ibis.Value) -> ibis.Value:
    since_1970 = (as_of - pd.Timestamp(0)).total_seconds()
    # a float: Spark would take the difference for a decimal of few digits
    return (since_1970 - moment.epoch_seconds().cast("float64")) / _DAY


def _value(orders: ibis.Table, as_of: pd.Timestamp, bought: Sequence[str]) -> ibis.Table:
    counted = {}
    if bought:
        lines = [_.category.count(where=_.category == name) for name in bought]
        known = _.category.count()
        # some engines do not take the greatest of one; without a known line there is no top
        counted = {
            "line_top": ibis.greatest(0, *lines).nullif(0),
            "line_total": known.nullif(0),
            "line_count": known,
        }
    return orders.group_by("customer_id").agg(
        first_record=_.ordered_at.min(),
        recency=_days_before(as_of, _.ordered_at.max()),
        frequency=_.order_id.nunique(),
        cents=(_.amount * 100).round().cast("int64").sum(),
        **counted,
    )


def _lines_by_category(orders: ibis.Table) -> ibis.Table:
    known = orders.drop_null("category")
    return known.group_by("customer_id", "category").agg(weight=_.count(), rows=_.count())


def _looks(visits: ibis.Table, as_of: pd.Timestamp) -> ibis.Table:
    """A row per category in a visit, whatever the number of rows that the log gives it."""
    past = visits.filter(_.started_at < as_of)
    return past.group_by("customer_id", "visit_id", "category").agg(
        started_at=_.started_at.max(),
        seconds=ibis.least(_.seconds.sum(), IDLE_SECONDS),
        added_to_cart=_.added_to_cart.any(),
        ordered=_.ordered.any(),
    )


def _seconds_by_category(looks: ibis.Table) -> ibis.Table:
    known = looks.drop_null("category")
    return known.group_by("customer_id", "category").agg(weight=_.seconds.sum(), rows=_.count())


def _top_category(by_category: ibis.Table, kind: str) -> ibis.Table:
    return by_category.group_by("customer_id").agg(
        **{
            f"{kind}_top": _.weight.max(),
            f"{kind}_total": _.weight.sum(),
            f"{kind}_count": _["rows"].sum(),
        }
    )


def _by_visit(looks: ibis.Table) -> ibis.Table:
    return looks.group_by("customer_id", "visit_id").agg(
        started_at=_.started_at.max(),
        seconds=_.seconds.sum(),
        cart=_.added_to_cart.any(),
        ordered=_.ordered.any(),
    )


def _browsing(visits: ibis.Table, as_of: pd.Timestamp) -> ibis.Table:
    return visits.group_by("customer_id").agg(
        visits=_.count(),
        visit_recency=_days_before(as_of, _.started_at.max()),
        seconds=_.seconds.sum(),
        carts=_.cart.sum(),
        abandoned_carts=(_.cart & ~_.ordered).sum(),
    )


def _by_category(looks: ibis.Table, categories: Sequence[str]) -> ibis.Table:
    # Numbered until the end: most engines take "Toys" and "toys" for the same column.
    columns = {
        f"category_{number}": _.seconds.sum(where=_.category == name)
        for number, name in enumerate(categories)
    }
    return looks.group_by("customer_id").agg(**columns)


def _account(customers: ibis.Table, as_of: pd.Timestamp) -> ibis.Table:
    signed = customers.filter(_.signed_up_at < as_of)
    return signed.group_by("customer_id").agg(account_age=_days_before(as_of, _.signed_up_at.min()))


def _active_days(activity: ibis.Table, as_of: pd.Timestamp) -> ibis.Table:
    # Day 1 is the 24 hours before the cut-off: no window depends on where midnight falls. Days are
    # told apart first and counted then: engines count distinct values group by group, slowly.
    recent = activity.filter(_.at >= as_of - pd.Timedelta(2 * WINDOW, "D"))
    days = recent.select("customer_id", day=_days_before(as_of, _.at).ceil().cast("int64"))
    return (
        days.distinct()
        .group_by("customer_id")
        .agg(
            active_days=_.count(where=_.day <= WINDOW),
            active_days_before=_.count(where=_.day > WINDOW),
        )
    )


def _finish(
    joined: ibis.Table, as_of: pd.Timestamp, categories: Sequence[str], present: set[str]
) -> ibis.Table:
    """Derive what needs several parts, and say 0 where nothing happened."""
    tenure = _days_before(as_of, joined.first_record)
    periods = ibis.greatest(tenure / RATE_DAYS, 1.0)
    zero = {name: joined[name].fill_null(0) for name in joined.columns if name in _COUNTS}
    frequency, recent = zero["frequency"], zero["active_days"]
    before = joined.active_days_before.fill_null(0)
    top, total, count = joined.line_top, joined.line_total, joined.line_count
    since = joined.recency
    if "visits" in present:
        # of the two the later one; an engine may take the least of a number and nothing for nothing
        visited = joined.visit_recency
        since = ibis.least(since.fill_null(visited), visited.fill_null(since))
        # Shops whose log has no dwell times show 0 seconds everywhere: then lines must do.
        browsed = joined.look_total.fill_null(0) > 0
        top = browsed.ifelse(joined.look_top, top)
        total = browsed.ifelse(joined.look_total, total)
        count = browsed.ifelse(joined.look_count, count)
    columns = {
        "customer_id": joined.customer_id,
        "recency": joined.recency,
        "never_bought": frequency == 0,
        "frequency": frequency,
        "monetary": joined.cents.fill_null(0) / 100,
        "order_rate": frequency / periods,
        "top_category_share": top / total,
        "interest_count": count.fill_null(0),
        "category_interest_score": top / total,
        "tenure": tenure,
        "days_since_activity": since,
        "active_days": recent,
        "activity_trend": (recent - before) / (recent + before + 1),
    }
    if "visits" in present:
        seconds = {
            name: joined[f"category_{number}"].fill_null(0)
            for number, name in enumerate(categories)
        }
        columns |= {
            "visits": zero["visits"],
            "visit_recency": joined.visit_recency,
            "visit_rate": zero["visits"] / periods,
            "seconds": zero["seconds"],
            **{f"seconds_{name}": spent for name, spent in seconds.items()},
            **{
                f"share_{name}": spent.cast("float64") / joined.look_total.nullif(0)
                for name, spent in seconds.items()
            },
            "carts": zero["carts"],
            "abandoned_carts": zero["abandoned_carts"],
            "cart_abandonment": zero["abandoned_carts"].cast("float64") / zero["carts"].nullif(0),
        }
    if "customers" in present:
        columns["account_age"] = joined.account_age
    return joined.select(**columns)


_COUNTS = {"frequency", "active_days", "visits", "seconds", "carts", "abandoned_carts"}
