"""What a line is worth: from amounts, from price and quantity, or from order totals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.shop.reading.amounts import LARGEST
from helpers.shop.reading.fates import NEGATIVE
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import Match, plain, usual
from helpers.shop.reading.vocabulary import OF_GOODS, VAGUE_TOTALS

CENT = 0.011  # what rounding may do to the sum of an order
SUM = "sum of the other lines of its order"
BEYOND = "amount beyond all measure"
ENOUGH = 3  # orders of several lines before a column called "Total" can be a repeated order total
AMOUNTS = ("amount", "unit_price", "order_total")  # the roles that say what a line is worth


class Values(NamedTuple):
    """Amount (currency, whole line) and quantity (pieces), one a row."""

    amount: pd.Series
    quantity: pd.Series


def line_values(ledger: Ledger, order_id: pd.Series) -> Values:
    """Find amount and quantity of every line; rows without a usable one are set aside.

    In this order: the amount of the line; unit price x quantity; a total, counted once where it
    repeats on the lines of an order; a unit price alone, as one piece; 0, and said, without any.
    """
    quantity = _quantity(ledger)
    if not any(role in ledger for role in AMOUNTS):
        ledger.warnings.append(
            "there are no amounts: every line counts with 0. Who bought, when and how often is "
            "right; what is said of money is not."
        )
        return Values(pd.Series(0.0, index=ledger.frame.index), quantity)
    told_total = "order_total" in ledger.wishes.columns and "order_total" in ledger
    if "amount" in ledger and not told_total:
        role, amount = "amount", _measured(ledger, "amount")
        _set_sums_aside(ledger, amount, amount, order_id)
        _unused(ledger, "unit_price", "order_total")
        _warn_if_total(ledger, amount, order_id)
        empty = ledger.blank(ledger.column(role))
    elif (
        "unit_price" in ledger
        and not told_total
        and ("quantity" in ledger or "order_total" not in ledger)
    ):
        role, price = "unit_price", _measured(ledger, "unit_price")
        by = "quantity" if "quantity" in ledger else None
        amount = price * quantity
        found = ledger.roles["unit_price"]
        how = f"x {ledger.roles[by].column!r} gives the amount" if by else "one piece a line"
        ledger.roles["unit_price"] = Match(found.column, f"{found.how}; {how}")
        if by:
            ledger.set_aside(price.notna() & quantity.isna(), "missing or unreadable quantity")
        # Two negative numbers are one return.
        amount = amount.mask((price < 0) & (quantity < 0), -amount)
        _set_sums_aside(ledger, price, amount, order_id)
        empty = ledger.blank(ledger.column(role))
    else:
        role = "order_total"
        amount, empty = _from_total(ledger, order_id, told_total)
        _unused(ledger, "unit_price", "amount")
    readable = amount.notna()
    if not readable.any():
        raise ledger.error(
            "nothing in the column can be read as an amount",
            role,
            ~empty,
            expected="numbers such as 1234.50, 1.234,50 or $12",
            remedy='name the column with the amounts: columns={"amount": "..."}',
        )
    ledger.set_aside(amount.abs() > LARGEST, BEYOND)
    ledger.set_aside(amount.isna() & empty, "missing amount")
    ledger.set_aside(amount.isna(), "unreadable amount")
    ledger.set_aside(amount < 0, NEGATIVE)  # `credits` finds the sale or says the sum
    ledger.gross = amount.fillna(0.0)
    return Values(amount, quantity)


def _measured(ledger: Ledger, role: str) -> pd.Series:
    """The numbers of a role; rows with one beyond all measure are set aside."""
    numbers = ledger.number(role)
    ledger.set_aside(ledger.beyond[ledger.roles[role].column], BEYOND)
    return numbers


def _set_sums_aside(
    ledger: Ledger, written: pd.Series, amount: pd.Series, order_id: pd.Series
) -> None:
    """A row without goods that holds the sum of its order's other lines is no line, as in eBay's
    reports: counted too, it would double the order."""
    for name in ledger.frame:
        if plain(name) not in OF_GOODS:
            continue
        without = ledger.blank(ledger.frame[name]) & ledger.kept
        if not without.any() or without.all():
            continue
        lines = amount.where(~without & ledger.kept).groupby(order_id)
        sums = (written - lines.transform("sum")).abs() <= CENT
        if ledger.set_aside(without & sums & (lines.transform("count") > 1), SUM):
            ledger.remarks.append(f"rows without {name!r} sum up the lines of their order")


def _quantity(ledger: Ledger) -> pd.Series:
    if "quantity" in ledger:
        return _measured(ledger, "quantity")
    ledger.remarks.append("no quantity: every line counts as one piece")
    return pd.Series(1.0, index=ledger.frame.index)


def _unused(ledger: Ledger, *roles: str) -> None:
    """Take back the roles of columns that the amount was not made of."""
    for role in roles:
        ledger.roles.pop(role, None)


def repeats(total: pd.Series, order_id: pd.Series) -> tuple[bool, int]:
    """Whether a value is the same on all lines of every order of several lines, and how many."""
    orders = total.groupby(order_id).agg(["size", "nunique"])
    several = orders[orders["size"] > 1]
    return bool((several["nunique"] <= 1).all()), len(several)


def _from_total(ledger: Ledger, order_id: pd.Series, told: bool) -> tuple[pd.Series, np.ndarray]:
    """Count a total once an order where it repeats on its lines; else take it as line amounts.

    The total stands on the order's first line that is not set aside (the first, where all are), 0
    on its other lines. Lines of an order with a negative total are a credit note of its own.
    """
    total = _measured(ledger, "order_total")
    empty = ledger.blank(ledger.column("order_total"))
    found = ledger.roles["order_total"]
    number = _with_notes(ledger, total, order_id)
    same, orders = repeats(total, number)
    # "Order total" says what it is; "Total" alone needs more evidence.
    vague = usual(found.column) in VAGUE_TOTALS
    if told or (same and orders >= (ENOUGH if vague else 1)):
        kept = pd.Series(ledger.kept, total.index)
        stands = kept | ~kept.groupby(number).transform("any")
        of_order = total.where(stands).groupby(number).transform("first")
        first = stands & ~number.where(stands).duplicated()
        ledger.roles["order_total"] = Match(
            found.column, f"{found.how}; counted once an order ({orders:,} have several lines)"
        )
        ledger.warnings.append(
            f"{found.column!r} repeats the total of the order on its lines. It stands on the "
            "first line, the others have amount 0: money by category is not to be trusted."
        )
        if not same:
            ledger.warnings.append(
                f"{found.column!r} differs within some orders; the first value was taken"
            )
        # the lines of a negative total share its fate
        ledger.set_aside((of_order < 0) & ~first, NEGATIVE)
        return of_order.where(first | of_order.isna(), 0.0), empty & of_order.isna().to_numpy()
    if orders:
        ledger.warnings.append(
            f"{found.column!r} was taken as the amount of each line"
            + (
                ", because it differs within orders."
                if not same
                else "; if it is the total of the order, say "
                f'columns={{"order_total": "{found.column}"}}.'
            )
        )
    return total, empty


def _with_notes(ledger: Ledger, total: pd.Series, order_id: pd.Series) -> pd.Series:
    """The number of each line's order; of negative totals that of a credit note: the lines of one
    order with one total at one time."""
    note = total < 0
    if not note.any():
        return order_id
    parts = [order_id.astype("str"), total.astype("str")]
    if "ordered_at" in ledger:
        parts.append(ledger.column("ordered_at").astype("str"))
    named = parts[0].str.cat(parts[1:], sep="\0")
    return order_id.astype("object").where(~note, named)


def _warn_if_total(ledger: Ledger, amount: pd.Series, order_id: pd.Series) -> None:
    same, orders = repeats(amount, order_id)
    if same and orders >= 10 * ENOUGH:
        column = ledger.roles["amount"].column
        ledger.warnings.append(
            f"{column!r} is the same on all lines of every order. If it is the total of the "
            f'order, it is counted several times: say columns={{"order_total": "{column}"}}.'
        )
