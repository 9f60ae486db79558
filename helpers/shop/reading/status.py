"""Which rows did not stand: refunds, canceled orders, credit notes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.errors import counted
from helpers.shop.reading.amounts import to_flag, to_number
from helpers.shop.reading.distinct import Distinct, distinct
from helpers.shop.reading.fates import CANCELED, CREDIT_NOTE, REFUND
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import plain
from helpers.shop.reading.times import AHEAD, EARLIEST
from helpers.shop.reading.vocabulary import (
    CANCELLED,
    CREDITS,
    NO_SALES,
    PAID_BACK,
    REFUNDS,
    SALES,
    STILL_BOUGHT,
)


def set_kinds_aside(ledger: Ledger) -> None:
    """Set rows aside whose type says that they are refunds, payouts, fees: no sales."""
    if "kind" not in ledger:
        return
    kind = ledger.text("kind")
    words = pd.Series(kind.dropna().unique(), dtype="str")
    takes_back = words.str.contains(REFUNDS, case=False)
    no_sale = words.str.contains(NO_SALES, case=False) & ~takes_back
    sale = words.str.contains(SALES, case=False) & ~takes_back & ~no_sale
    if not sale.any() or not (takes_back | no_sale).any():
        del ledger.roles["kind"]  # a type of something else
        return
    back = kind.isin(words[takes_back]).to_numpy() & ledger.kept
    ledger.set_aside(back, REFUND)  # `credits` finds the sale or says the sum
    ledger.set_aside(kind.isin(words[no_sale]), "no sale")
    meanings = dict.fromkeys(words[takes_back | no_sale], "no sale")
    _say_meanings(ledger, "kind", distinct(kind), meanings, "sale")


def cancellations(ledger: Ledger, ordered_at: pd.Series) -> pd.Series:
    """When orders were canceled; those without a date of it are set aside."""
    cancelled_at = pd.Series(np.datetime64("NaT", "us"), index=ledger.frame.index)
    undated = np.zeros(len(ledger.frame), dtype=bool)
    if "cancelled_at" in ledger:
        cancelled_at, undated = _by_date(ledger, ordered_at)
    if "status" in ledger:
        undated = undated | _by_status(ledger)
    ledger.set_aside(undated & cancelled_at.isna().to_numpy(), CANCELED)
    _set_credit_notes_aside(ledger, cancelled_at)
    return cancelled_at


def _by_date(ledger: Ledger, ordered_at: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """The dates of cancellation, and which rows say only that they were canceled."""
    raw, name = ledger.column("cancelled_at"), ledger.roles["cancelled_at"].column
    cells = distinct(raw)
    flag = to_flag(cells.cells)
    yes, no = (cells.rows(flag.map(lambda cell, word=word: cell is word)) for word in (True, False))
    ledger.filled[name] = raw.mask(yes | no)
    times = ledger.time("cancelled_at", required=False)
    never = times < EARLIEST  # zero in the counting of some database
    if never.any():
        ledger.remarks.append(
            f"{name!r}: {counted(int(never.sum()), 'date')} before {EARLIEST.year}: not canceled"
        )
    future = times > ledger.wishes.now + AHEAD  # 9999-12-31, say
    if future.any():
        ledger.remarks.append(
            f"{name!r}: {counted(int(future.sum()), 'date')} in the future: not canceled"
        )
    never |= future
    unread = times.isna().to_numpy() & ~ledger.blank(ledger.column("cancelled_at"))
    if unread.any():
        ledger.warnings.append(
            f"{name!r}: {counted(int(unread.sum()), 'value')} such as {str(raw[unread].iloc[0])!r} "
            "could not be read and were not taken for canceled"
        )
    times = times.mask(never)
    early = int((times < ordered_at.dt.normalize()).sum())
    if early:
        ledger.warnings.append(f"canceled before it was ordered: {counted(early, 'row')}")
    return times, yes


def _by_status(ledger: Ledger) -> np.ndarray:
    """Which rows are canceled according to their status; say what was taken how."""
    status = distinct(ledger.labels("status"))
    words = status.cells
    notes = set(words[status_of_notes(ledger, status)])
    off = words.str.contains(CANCELLED, case=False, regex=True)
    off &= ~words.str.contains(STILL_BOUGHT, case=False, regex=True)
    if is_flag_of_cancellation(ledger):
        off |= to_flag(words).map(lambda cell: cell is True).astype(bool)
    paid_back = words.str.contains(PAID_BACK, case=False, regex=True)
    ledger.refunded = status.rows(off & paid_back)
    meanings = {word: "canceled" for word in words[off]} | dict.fromkeys(notes, "credit note")
    _say_meanings(ledger, "status", status, meanings, "kept")
    return status.rows(off)


def status_of_notes(ledger: Ledger, status: Distinct) -> pd.Series:
    """Which statuses call rows of negative money credit notes: those rows are set aside."""
    credit = status.cells.str.contains(CREDITS, case=False, regex=True).astype(bool)
    rows = status.rows(credit)
    roles = [role for role in ("amount", "quantity", "unit_price", "order_total") if role in ledger]
    if not rows.any() or not roles:
        return credit & False
    below = [(to_number(ledger.column(role)).numbers < 0).to_numpy() for role in roles]
    notes = rows & np.any(below, axis=0)
    ledger.set_aside(notes, REFUND)
    return credit & status.cells.index.isin(status.codes[notes])


def is_flag_of_cancellation(ledger: Ledger) -> bool:
    """Whether the column of the status asks a question of each line: returned? canceled?"""
    names = pd.Series([plain(ledger.roles["status"].column)])
    return bool(names.str.contains(CANCELLED).all())


def _say_meanings(
    ledger: Ledger, role: str, cells: Distinct, meanings: dict[str, str], other: str
) -> None:
    """Report every word with its count and meaning; above fifty of them, those in use most."""
    counts = cells.counts()
    if counts.empty:
        return
    said = [f"{word!r} {n:,} {meanings.get(word, other)}" for word, n in counts.head(50).items()]
    more = f" and {len(counts) - 50} more" if len(counts) > 50 else ""
    ledger.remarks.append(f"{ledger.roles[role].column!r}: {', '.join(said)}{more}")


def _set_credit_notes_aside(ledger: Ledger, cancelled_at: pd.Series) -> None:
    """Orders numbered C... beside others without a letter take an order back."""
    order = distinct(ledger.labels("order_id"))
    lettered = order.cells.str.fullmatch(r"[Cc]\d+").astype(bool)
    if not lettered.any() or lettered.all():
        return
    credit, others = order.rows(lettered), order.rows(~lettered)
    if order.rows(order.cells.str.match(r"\d"))[others].mean() <= 0.99:
        return
    if others.sum() <= credit.sum() and not _negative(ledger, credit):
        return
    ledger.set_aside(credit & cancelled_at.isna(), CREDIT_NOTE)


def _negative(ledger: Ledger, rows: np.ndarray) -> bool:
    """Whether most of these rows have a negative amount or quantity."""
    roles = [role for role in ("amount", "quantity", "order_total") if role in ledger]
    return any((to_number(ledger.column(role)[rows]).numbers < 0).mean() > 0.5 for role in roles)
