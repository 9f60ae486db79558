"""The book of credit notes: what is left of each order while they are taken off."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.shop.reading.fates import CANCELED, REFUNDED
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.values import CENT


class Order(NamedTuple):
    """An order that a credit note may belong to: its rows by position, its customer, its time."""

    rows: np.ndarray
    customer: int
    at: np.datetime64
    gross: float


class Note(NamedTuple):
    """A credit note: its rows by position, the money of each, its customer (-1: unknown)."""

    rows: np.ndarray
    money: np.ndarray
    customer: int
    order: int
    at: np.datetime64


class Book:
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

    def off(self, order: Order, note: Note) -> float:
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

    def same_amount(self, before: list[Order], note: Note) -> np.ndarray:
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

    def _matched(self, before: list[Order], money: float, note: Note) -> bool:
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

    def _paid(self, note: Note, money: float | None = None) -> None:
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
        while todo and self.ledger.kept.any():  # without the last order the end comes earlier
            kept = self.ledger.kept
            end = self.ordered_at[kept].max().normalize() + pd.Timedelta("1D")
            late = [(rows, at) for rows, at in todo if not at < end or at < ordered_at[rows].max()]
            if not late:
                break
            gone = np.zeros(len(kept), dtype=bool)
            gone[np.concatenate([rows for rows, _ in late])] = True
            self.ledger.set_aside(gone, REFUNDED)
            todo = [(rows, at) for rows, at in todo if at < end and at >= ordered_at[rows].max()]
        for rows, at in todo:
            cancelled_at[rows] = at
            self.ledger.refunded[rows] = True
        self.cancelled_at = pd.Series(cancelled_at, self.cancelled_at.index)
