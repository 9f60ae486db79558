"""Credit notes: rows that take money back are taken off the orders they belong to, or said."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np
import pandas as pd

from helpers.errors import counted
from helpers.shop.reading.credit_book import Book, Note, Order
from helpers.shop.reading.distinct import as_text, distinct
from helpers.shop.reading.fates import CANCELED, CREDIT_NOTE, NEGATIVE, REFUND, REFUNDED
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.values import AMOUNTS, CENT, Values


def take_back(
    ledger: Ledger,
    values: Values,
    customer: pd.Series,
    order_id: pd.Series,
    ordered_at: pd.Series,
    cancelled_at: pd.Series,
) -> tuple[Values, pd.Series]:
    """Take credit notes off the orders they belong to; say the sum of those that match nothing.

    A credit note belongs to the order that it names (by its own number, or in any of its cells, if
    customer and order are of one person), else to the last order before it, or line of one, of the
    same customer with the same amount. What it takes back whole is canceled at its date, so that it
    counts until then; where no cut-off could lie after that date, it is set aside. What it takes
    back in part is taken off the lines of the order, in proportion to their amounts.

    Returns:
        The values of all rows, and when each was canceled.
    """
    money = _money_back(ledger, values.amount)
    if not money.any():
        return values, cancelled_at
    book = Book(ledger, values.amount, cancelled_at, ordered_at)
    left = money.copy()
    codes = distinct(customer).codes
    numbers = distinct(order_id)
    notes = _notes(money, codes, numbers.codes, ordered_at)
    orders = _orders(ledger, money, codes, numbers.codes, ordered_at, notes)
    names = _named(ledger, notes, orders, numbers.cells)
    by_customer: dict[int, list[int]] = defaultdict(list)
    for number in sorted(orders, key=lambda number: orders[number].at):
        by_customer[orders[number].customer].append(number)
    has_clock = bool((ordered_at.dropna().dt.normalize() != ordered_at.dropna()).any())
    found = {"named": 0, "same amount": 0}
    for note, name in zip(notes, names, strict=True):
        if name is not None:
            left[note.rows] = _spread(book.off(orders[name], note), note.money)
            found["named"] += 1
            continue
        before = [
            orders[number]
            for number in reversed(by_customer[note.customer] if note.customer >= 0 else [])
            if orders[number].at < note.at or (orders[number].at == note.at and not has_clock)
        ]
        rest = book.same_amount(before, note)
        found["same amount"] += bool(rest.sum() < note.money.sum() - CENT)
        left[note.rows] = rest
    book.close()
    taken = money.sum() - left.sum()
    if taken:
        ledger.remarks.append(
            f"credit notes and negative lines: {taken:,.2f} in all taken off the orders they "
            f"belong to ({found['named']:,} name one, {found['same amount']:,} follow a purchase "
            "of the same customer with the same amount)"
        )
    _say_left(ledger, left)
    return Values(book.amount, values.quantity), book.cancelled_at


def _money_back(ledger: Ledger, amount: pd.Series) -> np.ndarray:
    """What each row takes back (0 where it takes nothing back)."""
    back = ledger.because(REFUND) | ledger.because(NEGATIVE) | ledger.because(CREDIT_NOTE)
    negative = (amount < 0).to_numpy()
    back |= ledger.because(CANCELED) & negative
    if not back.any():
        return np.zeros(len(amount))
    money = amount.where(back).abs()
    role = next((role for role in AMOUNTS if role in ledger), None)
    if role is not None and money[back].isna().any():  # a total counted once says 0 or nothing
        money = money.fillna(ledger.number(role).abs().where(back))
    return money.fillna(0.0).to_numpy(copy=True)


def _notes(money: np.ndarray, customer: np.ndarray, order: np.ndarray, at: pd.Series) -> list[Note]:
    """Credit notes: the rows of one order number and customer at one time."""
    rows = np.flatnonzero(money > 0)
    times = at.to_numpy()
    groups: dict[tuple, list[int]] = defaultdict(list)
    for row in rows.tolist():
        groups[(order[row], customer[row], times[row])].append(row)
    return [
        Note(np.array(some), money[some], person, number, when)
        for (number, person, when), some in groups.items()
    ]


def _orders(
    ledger: Ledger,
    money: np.ndarray,
    customer: np.ndarray,
    order: np.ndarray,
    ordered_at: pd.Series,
    notes: list[Note],
) -> dict[int, Order]:
    """The orders of the notes' customers and numbers, by order number; those that do not stand
    too, for a credit note may belong to them."""
    out = ledger.because(CANCELED) | ledger.because(REFUNDED)
    gross = ledger.gross.to_numpy()
    usable = (ledger.kept | out) & (gross > 0) & (money == 0)
    people, numbers = [note.customer for note in notes], [note.order for note in notes]
    usable &= np.isin(customer, people) | np.isin(order, numbers)
    times = ordered_at.to_numpy()
    groups: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(usable).tolist():
        groups[order[row]].append(row)
    return {
        number: Order(
            np.array(rows), customer[rows[0]], times[rows].max(), round(gross[rows].sum(), 2)
        )
        for number, rows in groups.items()
    }


def _named(
    ledger: Ledger, notes: list[Note], orders: dict[int, Order], numbers: pd.Series
) -> list[int | None]:
    """The order that each note names: the same number, or one that stands in any of its cells."""
    if "order_id" not in ledger:
        return [None] * len(notes)
    position = {text: number for number, text in numbers.items() if number in orders}
    taken = {found.column for role, found in ledger.roles.items() if role != "order_id"}
    rows = np.concatenate([note.rows for note in notes])
    cells = {name: as_text(ledger.frame[name].iloc[rows]) for name in ledger.frame}
    texts = pd.DataFrame({name: cells[name].to_numpy() for name in cells if name not in taken})
    texts.index = pd.Index(rows)
    names: list[int | None] = []
    for note in notes:
        candidates = [note.order] if note.order in orders else []
        for text in texts.loc[note.rows[0]].dropna():
            candidates += [position[word] for word in _words(text) if word in position]
        same = [n for n in candidates if note.customer in (-1, orders[n].customer)]
        names.append(same[0] if same else None)
    return names


def _words(text: str) -> list[str]:
    """What may be an order number in a cell: the whole, its words, and those without letters."""
    words = re.findall(r"[\w#/-]+", text)
    parts = [part for word in words for part in re.split(r"[-_/]", word)]
    bare = [part.lstrip("CcGgSsRr") for part in parts]
    return list(dict.fromkeys([text.strip(), *words, *parts, *bare]))


def _spread(rest: float, money: np.ndarray) -> np.ndarray:
    return money * (rest / money.sum())


def _say_left(ledger: Ledger, left: np.ndarray) -> None:
    """Say the sum of what was taken back of a sale that nothing names."""
    for reason in (REFUND, NEGATIVE, CREDIT_NOTE, CANCELED):
        rows = ledger.because(reason) & (left > CENT / 2)
        if not rows.any():
            continue
        money, many = left[rows].sum(), counted(int(rows.sum()), "row")
        ledger.unmatched.append((int(rows.sum()), round(float(money), 2)))
        if reason == CREDIT_NOTE:
            ledger.warnings.append(
                f"{many} of credit notes (order number C...), {money:,.2f} in all: nothing says "
                "which order they take back, so the orders themselves still count and sales are a "
                "little too high."
            )
            continue
        what = "refunds" if reason == REFUND else "negative amounts"
        column = (
            f"{ledger.roles['kind'].column!r}: " if "kind" in ledger and reason == REFUND else ""
        )
        ledger.warnings.append(
            f"{column}{what} of {money:,.2f} in all ({many}); nothing says of which sale, so the "
            "sales themselves still count and are too high by as much"
        )
