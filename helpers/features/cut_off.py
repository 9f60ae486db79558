"""The cut-off, and which orders stand at one: the one place that says either.

The cut-off is the moment that parts what was known from what came after. An order line stands at
the end of a window where it was placed inside the window and not canceled before its end. What was
canceled on the cut-off or later still counts, because nobody knew then; what was canceled before it
is as if it had never been placed.
"""

from __future__ import annotations

from numbers import Number

import ibis
import pandas as pd
from ibis import _

from helpers.errors import ReaderError
from helpers.shop import Customers, Opened, Shop

STANDING_COLUMNS = ["ordered_at", "cancelled_at"]  # what the rule looks at


def cutoff(as_of: str | pd.Timestamp) -> pd.Timestamp:
    """Return `as_of` as a timestamp without time zone; ValueError if it is none.

    A bare number is refused: pandas would read 20171001 as 20 milliseconds after 1970.
    """
    try:
        if isinstance(as_of, Number):
            raise TypeError("a number is no date")
        moment = pd.Timestamp(as_of)
    except (TypeError, ValueError) as error:
        raise ValueError(f"as_of must be a date such as '2017-10-01', not {as_of!r}") from error
    if moment is pd.NaT:
        raise ValueError(f"as_of must be a date such as '2017-10-01', not {as_of!r}")
    if moment.tz is not None:
        raise ValueError(
            f"as_of must be in the shop's local time, without a time zone, not {as_of!r}: "
            "use .tz_convert(the shop's zone).tz_localize(None)"
        )
    return moment.as_unit("us")


class NoEnd(ReaderError, ValueError):
    """A shop whose last day is not known, because it has no orders."""


def end_of(store: Shop | Opened | Customers) -> pd.Timestamp:
    """The cut-off of today: the midnight after the last order.

    Raises NoEnd where there are no orders, or a table with one row a customer in their place.
    """
    if isinstance(store, Customers):
        raise NoEnd(
            f"{store.name} has one row a customer and says nothing of when they ordered: this "
            "needs orders (customer, time, amount). Segments can be made of it: chapter 05."
        )
    last = store.last
    if pd.isna(last):
        raise NoEnd(f"{store.name} has no orders.")
    return last.normalize() + pd.Timedelta("1D")


def standing(
    purchases: pd.DataFrame,
    start: pd.Timestamp | None,
    end: pd.Timestamp,
    columns: list[str] | None = None,
) -> pd.DataFrame:
    """Return the order lines placed in [start, end) and not canceled before `end`.

    Args:
        purchases: Lines with `ordered_at` and `cancelled_at` (missing where never canceled).
        start: The beginning of the window; None for all that came before `end`.
        end: The cut-off, or the end of the window; without time zone.
        columns: Those to return, which is quicker than all (None).
    """
    inside = (purchases["ordered_at"] < end) & ~canceled_before(purchases, end)
    if start is not None:
        inside &= purchases["ordered_at"] >= start
    return purchases[inside] if columns is None else purchases.loc[inside, columns]


def canceled_before(purchases: pd.DataFrame, moment: pd.Timestamp) -> pd.Series:
    """Whether each order line was canceled before a moment: bool, the index of `purchases`."""
    return purchases["cancelled_at"] < moment


def sum_orders(purchases: pd.DataFrame) -> pd.DataFrame:
    """Sum the lines of an order that were canceled at one time: a tenth of the rows, to which
    `standing` applies as it does to the lines.

    Columns customer_id, order_id, cancelled_at, ordered_at (the last line's), amount (the sum).
    """
    keys = ["customer_id", "order_id", "cancelled_at"]
    grouped = purchases.groupby(keys, as_index=False, dropna=False)
    return grouped.agg(ordered_at=("ordered_at", "max"), amount=("amount", "sum"))


def standing_orders(
    purchases: ibis.Table, end: pd.Timestamp, start: pd.Timestamp | None = None
) -> ibis.Table:
    """`standing`, from `start` (by default the beginning) to `end`, as an expression for any
    engine."""
    inside = [_.ordered_at < end, _.cancelled_at.isnull() | (_.cancelled_at >= end)]
    if start is not None:
        inside.append(_.ordered_at >= start)
    return purchases.filter(*inside)
