"""What a row is, a line of an order or a customer: names, uniqueness and cells weighed."""

from __future__ import annotations

import pandas as pd

from helpers.errors import ShopError
from helpers.shop.reading.amounts import to_number
from helpers.shop.reading.cells import Source
from helpers.shop.reading.names import match, plain
from helpers.shop.reading.times import to_time
from helpers.shop.reading.vocabulary import (
    ID_OF_ROW,
    NAMES,
    OF_CUSTOMERS,
    OF_PEOPLE,
    SUMMED,
)
from helpers.shop.reading.wishes import Wishes, told_here

MANY = 20  # rows from which it says something that no customer comes twice
UNIQUE = 0.95  # share of the rows with a customer of their own; the rest are repeats of a row
LONG = 6  # letters; a longer word tells also as the beginning of a name (Spending Score (1-100))
_MONEY = ("amount", "unit_price", "order_total")
_OF_ORDERS = ("order_id", "ordered_at", *_MONEY, "quantity", "status", "line_id")
_SUMS = OF_CUSTOMERS.union(
    *(NAMES[role][0].split() for role in SUMMED[:-2]), map(plain, SUMMED[:-2]), ["orders"]
)


def telling(names: list[str], words: frozenset[str]) -> list[str]:
    """The names that are, or begin with, one of `words`."""
    return [
        name
        for name in names
        if plain(name) in words
        or any(len(word) > LONG and plain(name).startswith(word) for word in words)
    ]


def id_column(frame: pd.DataFrame, file: str, wishes: Wishes) -> str | None:
    """The column with the number of the customer, where each row is one; None where none is
    known."""
    found = match(frame, ("customer_id",), file, wishes.columns)
    if "customer_id" in found:
        return found["customer_id"].column
    if "customer_id" in wishes.columns:
        return None
    return next((name for name in frame if plain(name) in ID_OF_ROW), None)


def is_customer_table(source: Source, wishes: Wishes) -> bool:
    """Whether each row is a customer, and not a line of an order or an event.

    What the reader says counts first. Then: a table can be one of orders only where time and money
    have columns; only a customer has a recency or a date of the last order; and in a
    table of customers nobody comes twice.

    Raises:
        ShopError: Both could be.
    """
    told = told_here(source, wishes)
    said_summed = [role for role in SUMMED if told.get(role)]
    if wishes.row_is is not None:
        return wishes.row_is == "customer"
    if said_summed:
        return True
    frame, names = source.frame, list(source.frame.columns)
    sums, people = telling(names, _SUMS), telling(names, OF_PEOPLE)
    taken = {column for column in told.values() if column}
    rest = frame.drop(columns=[name for name in (*sums, *people) if name not in taken])
    has = {role: _present(rest, role, source.name, told) for role in _OF_ORDERS}
    without_money = told.get("amount", "") is None  # as the reader says
    can_be_orders = has["ordered_at"] and (without_money or any(has[role] for role in _MONEY))
    if can_be_orders and has["order_id"]:
        return False
    try:
        person = id_column(frame, source.name, wishes)
    except ShopError:  # two could be it: to be asked, whatever a row is
        return False
    several = len(sums) + len(people) >= 2
    if can_be_orders:
        if not sums or person is None or not nobody_twice(frame[person]):
            return False
        if len(sums) >= 2 and not set(told) & set(_OF_ORDERS):
            return True
        if several or len(frame) >= MANY:
            raise _asked(source, person, sums)
        return False
    if several:
        return True
    if person is None or not nobody_twice(frame[person]):
        return False
    if sums or people:
        return True
    bare = not any(has.values()) and len(frame) >= MANY
    return bare and _numbers_and_no_dates(frame.drop(columns=person))


def _present(frame: pd.DataFrame, role: str, file: str, told: dict[str, str | None]) -> bool:
    """Whether a column that is not empty could play a role."""
    try:
        found = match(frame, (role,), file, {k: v for k, v in told.items() if k == role})
    except ShopError:  # two of them
        return True
    return role in found and bool(frame[found[role].column].notna().any())


def nobody_twice(column: pd.Series) -> bool:
    """Whether (nearly) every filled cell of a column has a value of its own."""
    known = column.dropna()
    return len(known) > 0 and known.nunique() >= UNIQUE * len(known)


def _numbers_and_no_dates(frame: pd.DataFrame) -> bool:
    """Whether at least one column holds numbers, and none dates."""
    some = False
    for name in frame:
        cells = frame[name].dropna().head(500)
        if len(cells) == 0:
            continue
        if pd.api.types.is_datetime64_any_dtype(cells):
            return False
        if to_number(cells).numbers.notna().mean() > 0.9:
            some = True
        elif to_time(cells).times.notna().mean() > 0.9:
            return False
    return some


def _asked(source: Source, person: str, sums: list[str]) -> ShopError:
    shown = " and ".join(map(repr, sums[:2]))
    return ShopError(
        f"is each row a customer, or a line of an order? Nobody comes twice in {person!r}, and "
        f"{shown} would sum a customer up; but there are a date and an amount as in orders",
        file=source.name,
        column=sums[0],
        row=source.header,
        expected="an order number, or customers without a date and an amount",
        remedy='say it: shop.read(..., row_is="customer") or row_is="order"',
    )
