"""Credit notes: rows that take money back are taken off the orders they belong to, or said."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.errors import counted
from helpers.shop.reading.distinct import as_text, distinct
from helpers.shop.reading.fates import CANCELED, CREDIT_NOTE, NEGATIVE, REFUND, REFUNDED
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.values import AMOUNTS, CENT, Values


class _Order(NamedTuple):
    """An order that a credit note may belong to: its rows by position, its customer, its time."""

    rows: np.ndarray
    customer: int
    at: np.datetime64
    gross: float


class _Note(NamedTuple):
    """A credit note: its rows by position, the money of each, its customer (-1: unknown)."""

    rows: np.ndarray
    money: np.ndarray
    customer: int
    order: int
    at: np.datetime64


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
    book = _Book(ledger, values.amount, cancelled_at, ordered_at)
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


def _notes(
    money: np.ndarray, customer: np.ndarray, order: np.ndarray, at: pd.Series
) -> list[_Note]:
    """Credit notes: the rows of one order number and customer at one time."""
    rows = np.flatnonzero(money > 0)
    times = at.to_numpy()
    groups: dict[tuple, list[int]] = defaultdict(list)
    for row in rows.tolist():
        groups[(order[row], customer[row], times[row])].append(row)
    return [
        _Note(np.array(some), money[some], person, number, when)
        for (number, person, when), some in groups.items()
    ]


def _orders(
    ledger: Ledger,
    money: np.ndarray,
    customer: np.ndarray,
    order: np.ndarray,
    ordered_at: pd.Series,
    notes: list[_Note],
) -> dict[int, _Order]:
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
        number: _Order(
            np.array(rows), customer[rows[0]], times[rows].max(), round(gross[rows].sum(), 2)
        )
        for number, rows in groups.items()
    }


def _named(
    ledger: Ledger, notes: list[_Note], orders: dict[int, _Order], numbers: pd.Series
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


class _Book:
    """What is left of each row while credit notes are taken off."""

    def __init__(
        self, ledger: Ledger, amount: pd.Series, cancelled_at: pd.Series, ordered_at: pd.Series
    ) -> None:
        self.ledger, self.amount, self.ordered_at = ledger, amount.copy(), ordered_at
        self.cancelled_at = cancelled_at.copy()
        self.worth = amount.to_numpy(dtype="float64").copy()
        self.open = ledger.kept & cancelled_at.isna().to_numpy()
        self.settled: set[int] = set()  # rows of orders out of the count that a note paid back
        self.gone: list[tuple[np.ndarray, np.datetime64]] = []

    def off(self, order: _Order, note: _Note) -> float:
        """Take a note off the order that it names; return what the order cannot bear."""
        rows = order.rows[self.open[order.rows]]
        total, money = self.worth[rows].sum(), note.money.sum()
        if not len(rows):  # canceled or refunded already: the same money
            return max(0.0, money - order.gross) if money > order.gross + CENT else 0.0
        if money >= total - CENT:
            self._whole(rows, note.at)
            if money <= total + CENT:
                self._paid(note)
                return 0.0
            self.ledger.paid_by_notes += total
            return money - total
        self.ledger.paid_by_notes += money
        for amount in note.money:
            self._part(rows[self.open[rows]], amount, note.at)
        return 0.0

    def _part(self, rows: np.ndarray, money: float, at: np.datetime64) -> None:
        """Take back the line of the same amount, else a share of all."""
        same = rows[np.abs(self.worth[rows] - money) <= CENT / 2]
        if len(same):
            self._whole(same[:1], at)
            return
        exact = self.worth[rows] * (1 - money / self.worth[rows].sum())
        self.worth[rows] = np.diff(np.cumsum(exact).round(2), prepend=0.0).round(2)

    def same_amount(self, before: list[_Order], note: _Note) -> np.ndarray:
        """Take a note off the latest order with its amount, else each of its rows off an order or
        line with that; return what is left of each row."""
        if self._matched(before, note.money.sum(), note):
            return np.zeros(len(note.rows))
        left = note.money.copy()
        for position, money in enumerate(note.money):
            if len(note.money) > 1 and self._matched(before, money, note):
                left[position] = 0.0
                continue
            for order in before:
                rows = order.rows[self.open[order.rows]]
                same = rows[np.abs(self.worth[rows] - money) <= CENT / 2]
                if len(same):
                    self._whole(same[:1], note.at)
                    self.ledger.paid_by_notes += money
                    left[position] = 0.0
                    break
        return left

    def _matched(self, before: list[_Order], money: float, note: _Note) -> bool:
        """Whether an order of this amount was found: one that counts, else one that is out. A note
        that its status calls canceled belongs to an order that is out, where there is one."""
        passes = ["counts", "out"]
        if self.ledger.because(CANCELED)[note.rows].any():
            passes.reverse()
        for which in passes:
            for order in before:
                rows = order.rows[self.open[order.rows]]
                if which == "counts" and len(rows):
                    if abs(self.worth[rows].sum() - money) <= CENT:
                        self._whole(rows, note.at)
                        self._paid(note, money)
                        return True
                elif which == "out" and not len(rows) and order.rows[0] not in self.settled:
                    if abs(order.gross - money) <= CENT:
                        self.settled.add(int(order.rows[0]))
                        return True
        return False

    def _paid(self, note: _Note, money: float | None = None) -> None:
        """Keep what was paid back of a whole order: by the note's own total, shipping too."""
        money = note.money.sum() if money is None else money
        total = self.ledger.total
        said = np.nan if total is None else abs(total.iloc[note.rows[0]])
        whole = abs(money - note.money.sum()) <= CENT and said >= money
        self.ledger.paid_by_notes += float(said if whole else money)

    def _whole(self, rows: np.ndarray, at: np.datetime64) -> None:
        self.open[rows] = False
        self.settled.update(rows.tolist())
        self.gone.append((rows, at))

    def close(self) -> None:
        """Write down what was taken: off the amounts, as canceled at a date, or set aside."""
        kept = self.ledger.kept
        worth = pd.Series(self.worth, self.amount.index).where(kept, self.amount)
        self.ledger.less("refund", self.amount - worth)
        self.amount = worth
        ordered_at, cancelled_at = self.ordered_at.to_numpy(), self.cancelled_at.to_numpy(copy=True)
        todo = self.gone
        while True:  # setting the last order aside may bring the end forward
            kept = self.ledger.kept
            last = np.datetime64("NaT") if not kept.any() else self.ordered_at[kept].max()
            end = pd.Timestamp(last).normalize() + pd.Timedelta("1D")
            late = [(rows, at) for rows, at in todo if not at < end or at < ordered_at[rows].max()]
            if not late:
                break
            for rows, _ in late:
                self.ledger.set_aside(np.isin(np.arange(len(kept)), rows), REFUNDED)
            todo = [(rows, at) for rows, at in todo if at < end and at >= ordered_at[rows].max()]
        for rows, at in todo:
            cancelled_at[rows] = at
            self.ledger.refunded[rows] = True
        self.cancelled_at = pd.Series(cancelled_at, self.cancelled_at.index)


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
