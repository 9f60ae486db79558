"""An export of orders becomes the table `purchases`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.reading import evidence, people
from helpers.shop.reading.account import entries
from helpers.shop.reading.cells import Source
from helpers.shop.reading.checks import set_duplicates_aside, warn
from helpers.shop.reading.credits import take_back
from helpers.shop.reading.customers import customer_ids
from helpers.shop.reading.distinct import as_text, distinct, in_categories, labels
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.money import net
from helpers.shop.reading.names import plain
from helpers.shop.reading.row_kinds import nobody_twice
from helpers.shop.reading.status import (
    cancellations,
    is_flag_of_cancellation,
    set_kinds_aside,
)
from helpers.shop.reading.time_parts import to_clock
from helpers.shop.reading.values import AMOUNTS, line_values
from helpers.shop.reading.vocabulary import OF_SESSIONS
from helpers.shop.reading.wishes import Wishes

ROLES = (
    "customer_id",
    "order_id",
    "line_id",
    "ordered_at",
    "clock",
    "amount",
    "unit_price",
    "order_total",
    "quantity",
    "category",
    "subcategory",
    "status",
    "cancelled_at",
    "currency",
    "kind",
)


def read_orders(source: Source, wishes: Wishes) -> tuple[pd.DataFrame, Ledger]:
    """Turn a table of order lines into purchases.

    Returns:
        The rows of `purchases` (schema columns, source order) and the ledger of all rows.

    Raises:
        ShopError: A required role has no column, or nothing in its column can be read.
    """
    ledger = Ledger(source, "purchases", ROLES, wishes)
    evidence.apply_form(ledger)
    evidence.apply_system(ledger, ROLES)
    evidence.drop_empty_amounts(ledger)
    evidence.prefer_people(ledger)
    require(ledger, "customer_id", "ordered_at")
    if wishes.columns.get("amount", "") is not None:  # None: the reader says that there are none
        require(ledger, AMOUNTS)
    fill_down(ledger, "customer_id", "ordered_at", "cancelled_at", "currency")
    if "status" in ledger and not is_flag_of_cancellation(ledger):
        fill_down(ledger, "status")
    set_kinds_aside(ledger)
    customer = customer_ids(ledger)
    ordered_at = with_clock(ledger, ledger.time("ordered_at"))
    people.note(ledger, customer, ordered_at)
    order_id = order_ids(ledger, customer, ordered_at)
    cancelled_at = cancellations(ledger, ordered_at)
    number = pd.Series(distinct(order_id).codes, index=order_id.index)
    values = net(ledger, line_values(ledger, number), number, cancelled_at)
    values, cancelled_at = take_back(ledger, values, customer, order_id, ordered_at, cancelled_at)
    category, subcategory = categories(ledger)
    set_duplicates_aside(ledger)
    ledger.money = entries(ledger, number, ordered_at, cancelled_at)
    kept = ledger.kept
    purchases = pd.DataFrame(
        {
            "customer_id": customer,
            "order_id": order_id,
            "ordered_at": ordered_at,
            "category": category,
            "subcategory": subcategory,
            "quantity": values.quantity,
            "amount": values.amount,
            "cancelled_at": cancelled_at,
        },
        copy=False,
    )[kept]
    warn(ledger, purchases)
    return purchases, ledger


def require(ledger: Ledger, *roles: str | tuple[str, ...]) -> None:
    """Raise an error for the first role (or group of which one is enough) without a column."""
    for role in roles:
        group = (role,) if isinstance(role, str) else role
        if not any(one in ledger for one in group):
            raise _missing(ledger, group)


def _missing(ledger: Ledger, group: tuple[str, ...]) -> ShopError:
    names = list(ledger.frame.columns)
    header = ledger.source.header
    if header == 0:
        return ShopError(
            "the columns have no names",
            file=ledger.source.name,
            column=group[0],
            row=1,
            expected="a first line such as customer_id,order_id,ordered_at,amount",
            remedy="add a line with the names of the columns at the top, or say which is which: "
            f'columns={{"{group[0]}": "{names[0]}", ...}}',
        )
    words = {"customer_id": "the customer", "ordered_at": "the time of the order"}
    what = words.get(group[0], "the amount")
    listed = ", ".join(map(repr, names[:20])) + (" ..." if len(names) > 20 else "")
    telling = OF_SESSIONS.intersection(map(plain, names))
    if group == ("customer_id",) and telling:
        return ShopError(
            "each row is a session without a customer, so no customer's history can be made of it",
            file=ledger.source.name,
            column="customer_id",
            row=header,
            expected="a column that says who came, the same in every visit of a person",
            remedy="export the sessions again with a user or customer id; or use the table as it "
            "is to predict what happens in a session: pandas.read_csv, one row an example",
        )
    none = '; where the file has none: columns={"amount": None}' if "amount" in group else ""
    person = ledger.roles.get("customer_id")
    once = ledger.wishes.row_is is None and (
        person is None or nobody_twice(ledger.frame[person.column])
    )
    return ShopError(
        f"no column was recognized as {what} ({' or '.join(group)})",
        file=ledger.source.name,
        column=group[0],
        row=header,
        expected=f"{what} in one of the columns {listed}",
        remedy=f'name it: shop.read(..., columns={{"{group[0]}": "..."}}){none}'
        + ('; where each row is a customer, say row_is="customer"' if once else ""),
    )


def fill_down(ledger: Ledger, *roles: str) -> None:
    """Let blank cells take the value of the line above in the same order, as Shopify writes."""
    if "order_id" not in ledger:
        return
    order = ledger.labels("order_id")
    number, known = distinct(order).codes, order.notna().to_numpy()
    for role in roles:
        if role not in ledger:
            continue
        name = ledger.roles[role].column
        column = ledger.frame[name]
        blank = ledger.blank(column) & known
        if not blank.any():
            continue
        open_orders = np.zeros(number.max() + 2, dtype=bool)
        open_orders[number[blank]] = True
        rows = known & open_orders[number]
        above = column[rows].mask(blank[rows]).groupby(number[rows]).ffill()
        taken = blank.copy()
        taken[rows] &= above.notna().to_numpy()
        if taken.any():
            ledger.filled[name] = column.copy()
            ledger.filled[name][taken] = above[taken[rows]]
            ledger.remarks.append(
                f"{name!r}: {counted(int(taken.sum()), 'blank cell')} took the value of the line "
                "above in the same order"
            )


def with_clock(ledger: Ledger, ordered_at: pd.Series) -> pd.Series:
    """Add the hour from a column of its own where the dates have none."""
    dates_only = bool((ordered_at.dropna().dt.normalize() == ordered_at.dropna()).all())
    if "clock" in ledger and dates_only and ledger.roles["clock"] != ledger.roles["ordered_at"]:
        column = ledger.column("clock")
        clock = to_clock(column)
        unread = clock.isna().to_numpy() & ~ledger.blank(column)
        if unread.any():
            ledger.warnings.append(
                f"{ledger.roles['clock'].column!r}: {counted(int(unread.sum()), 'value')} such as "
                f"{str(column[unread].iloc[0])!r} could not be read as a time of day: these rows "
                "have the day alone"
            )
        if clock.notna().any():
            return ordered_at + clock.fillna(pd.Timedelta(0)).dt.as_unit("us")
    ledger.roles.pop("clock", None)
    if dates_only:
        ledger.remarks.append("the times are days without an hour")
    return ordered_at


def order_ids(ledger: Ledger, customer: pd.Series, ordered_at: pd.Series) -> pd.Series:
    """The order numbers; where there is none, an order is a customer at a time."""
    given = ledger.ids("order_id")
    lacking = given.isna()
    if not lacking.any():
        return given
    given = as_text(given)
    keys = pd.DataFrame({"customer": customer, "time": ordered_at})[lacking]
    number = keys.groupby(["customer", "time"], sort=False, dropna=False).ngroup() + 1
    used = int((lacking & ledger.kept).sum())
    if "order_id" in ledger and used:
        ledger.warnings.append(
            f"{counted(used, 'row')} without an order number: lines of one customer "
            "at one time were taken as one order"
        )
    elif "order_id" not in ledger:
        ledger.remarks.append("no order number: lines of one customer at one time are one order")
    return in_categories(given.fillna("at-" + number.astype("str").reindex(given.index)))


def categories(ledger: Ledger) -> tuple[pd.Series, pd.Series]:
    """Category and subcategory in categories; a path such as electronics.audio gives both."""
    category, subcategory = ledger.labels("category"), ledger.labels("subcategory")
    known, codes = distinct(category)
    for sign, pattern in ((".", r"[a-z_0-9]+(?:\.[a-z_0-9]+)+"), (" > ", r".+ > .+")):
        if len(known) and known.str.fullmatch(pattern).mean() > 0.5 and "subcategory" not in ledger:
            ledger.remarks.append(
                f"{ledger.roles['category'].column!r} is a path: its first part is the category, "
                "the whole the subcategory"
            )
            first = known.str.split(sign, regex=False).str[0]
            return labels(first, codes, category.index), category
    return category, subcategory
