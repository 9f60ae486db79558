"""The targets as Ibis expressions: the same on DuckDB, Spark or a warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ibis
import pandas as pd
from ibis import _

from helpers import features
from helpers.features.cut_off import standing_orders
from helpers.features.definitions import records
from helpers.targets.windows import HALF_YEAR, YEAR, span


def define(
    tables: Mapping[str, ibis.Table],
    as_of: str | pd.Timestamp,
    horizon: str | pd.Timedelta = HALF_YEAR,
    share: float = 0.10,
    past: str | pd.Timedelta = YEAR,
) -> ibis.Table:
    """Return the expression of all targets of the customers known at `as_of`.

    An expression does not look at the data: that the window closed before the last order is for
    `window(store, as_of, horizon)` to say.

    Args:
        tables: Ibis tables by name, in the schema of `helpers.shop`; `purchases` is required.
        as_of: The cut-off, without time zone.
        horizon, share, past: As for `future`, `high_value` and `already_high_value`.

    Returns:
        A row per customer, in no order: `customer_id`; `active` (bool, any visit or order in the
        365 days before); `future_orders`, `future_revenue`, `future_bought` as `future` has them;
        `high_value`, `already_high_value` and `newly_high_value`, False where not active.

    Raises:
        ValueError: The cut-off or the horizon cannot be read, or `share` is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, not {share!r}")
    start, end = span(as_of, horizon)
    purchases = tables["purchases"]
    after = bought(purchases, start, end)
    before = bought(purchases, start - pd.Timedelta(past), start)
    active = active_customers(tables, start).mutate(active=ibis.literal(True))
    joined = records(tables, start).select("customer_id")
    for part in (
        after.rename(future_orders="orders", future_cents="cents"),
        before.select("customer_id", past_cents="cents"),
        active,
    ):
        joined = joined.left_join(part, "customer_id").drop("customer_id_right")
    known = joined.select(
        "customer_id",
        active=_.active.fill_null(False),
        future_orders=_.future_orders.fill_null(0),
        future_cents=_.future_cents.fill_null(0),
        past_cents=_.past_cents.fill_null(0),
    )
    judged = known.mutate(
        high_value=_at_the_top(known, "future_cents", share),
        already_high_value=_at_the_top(known, "past_cents", share),
    )
    return judged.select(
        "customer_id",
        "active",
        "future_orders",
        future_revenue=_.future_cents / 100,
        future_bought=_.future_orders > 0,
        high_value=_.high_value,
        already_high_value=_.already_high_value,
        newly_high_value=_.high_value & ~_.already_high_value,
    )


def define_snapshots(
    tables: Mapping[str, ibis.Table],
    cutoffs: Iterable[str | pd.Timestamp],
    horizon: str | pd.Timedelta = HALF_YEAR,
    share: float = 0.10,
    categories: Sequence[str] = (),
) -> ibis.Table:
    """Return the expression of features and targets at several cut-offs, one below the other.

    `cutoff` (timestamp), then the columns of `features.define` (the rates as counted) and of
    `define`, without `already_high_value`. Arguments as for `snapshots`; `categories` as for
    `features.define`, where an expression cannot know them.
    """
    moments = sorted(features.cutoff(cutoff) for cutoff in cutoffs)
    if not moments or len(set(moments)) < len(moments):
        raise ValueError("cutoffs must hold at least one cut-off, and none twice")
    parts = []
    for moment in moments:
        known = features.define(tables, moment, categories)
        asked = define(tables, moment, horizon, share).drop("already_high_value")
        joined = known.join(asked, "customer_id")
        parts.append(joined.mutate(cutoff=ibis.literal(moment.to_pydatetime(), "timestamp(6)")))
    stacked = ibis.union(parts[0], *parts[1:])
    return stacked.relocate("cutoff")


def bought(purchases: ibis.Table, start: pd.Timestamp, end: pd.Timestamp) -> ibis.Table:
    """`orders` and whole `cents` of each customer who bought in [start, end), as known at its
    end."""
    orders = standing_orders(purchases, end, start)
    cents = (_.amount * 100).round().cast("int64").sum().fill_null(0)
    return orders.group_by("customer_id").agg(orders=_.order_id.nunique(), cents=cents)


def active_customers(tables: Mapping[str, ibis.Table], start: pd.Timestamp) -> ibis.Table:
    """The customers with a visit or a standing order in the year before."""
    seen = standing_orders(tables["purchases"], start, start - YEAR).select("customer_id")
    if "visits" in tables:
        visits = tables["visits"].filter(_.started_at >= start - YEAR, _.started_at < start)
        seen = seen.union(visits.select("customer_id"))
    return seen.drop_null("customer_id").distinct()


def _at_the_top(known: ibis.Table, column: str, share: float) -> ibis.Value:
    """Whether a customer is among the top `share` of the active: `evaluation.high_value`.

    The border is looked for among the amounts, each with its number of customers, not among the
    customers: a window over all of them would bring them to one machine.
    """
    asked = known.filter(_.active)
    amounts = asked.group_by(cents=_[column]).agg(customers=_.count())
    above = ibis.window(order_by=ibis.desc("cents"), preceding=None, following=0)
    amounts = amounts.mutate(
        better=_.customers.sum().over(above) - _.customers,
        share=share * _.customers.sum().over(ibis.window()),
    )
    # rounded as Python rounds: of two equally near numbers the even one; at least one is sought
    whole = amounts.share.floor()
    rest = amounts.share - whole
    up = (rest > 0.5) | ((rest == 0.5) & (whole % 2 == 1))
    sought = ibis.greatest(whole + up.ifelse(1, 0), 1)
    border = amounts.filter(amounts.better < sought, _.cents > 0).cents.min()
    return known.active & (known[column] >= border.as_scalar()).fill_null(False)
