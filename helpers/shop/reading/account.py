"""The account of the money: from all lines to what counts, and on to the shop system's total."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.shop.reading.fates import (
    CANCELED,
    CREDIT_NOTE,
    NEGATIVE,
    REFUND,
    REFUNDED,
    RETURNED,
)
from helpers.shop.reading.ledger import Ledger
from helpers.shop.report import Entry

# rows that are no sales: they have no part in "all lines"
_NO_SALES = (REFUND, NEGATIVE, CREDIT_NOTE, "no sale", "sum of the other lines of its order")
_BEYOND = "amount beyond all measure"


def entries(
    ledger: Ledger, order: pd.Series, ordered_at: pd.Series, cancelled_at: pd.Series
) -> tuple[Entry, ...]:
    """Return the steps from all lines to the money that counts; see `Entry`.

    What is canceled before the midnight after the last order does not count; a row belongs to the
    first step that takes it away as a whole.

    Args:
        ledger: The book of the orders, with every row's fate and what was taken off.
        order: The number of each row's order.
        ordered_at, cancelled_at: One a row.
    """
    kept, gross = ledger.kept, ledger.gross.to_numpy()
    if not kept.any():
        return ()
    sale = gross >= 0
    for reason in (*_NO_SALES, _BEYOND):
        sale &= ~ledger.because(reason)
    end = ordered_at[kept].max().normalize() + pd.Timedelta("1D")
    over = kept & (cancelled_at < end).to_numpy()
    out = ledger.because(CANCELED) | over
    gone = sale & (ledger.because(REFUNDED) | ledger.because(RETURNED) | (out & ledger.refunded))
    canceled = sale & out & ~ledger.refunded
    steps = [Entry("lines", "", int(sale.sum()), "line", _sum(gross[sale]))]
    left = sale & ~kept & ~gone & ~canceled
    for reason in ledger.reasons[1:]:
        rows = left & ledger.because(reason)
        if rows.any():
            steps.append(Entry("aside", reason, int(rows.sum()), "line", -_sum(gross[rows])))
    orders = order.to_numpy()
    if canceled.any():
        number = len(np.unique(orders[canceled]))
        steps.append(Entry("canceled", "", number, "order", -_sum(gross[canceled])))
    in_play = sale & (kept | gone) & ~canceled
    discount, refund = _off(ledger, "discount"), _off(ledger, "refund")
    standing = np.unique(orders[in_play & ~gone])
    whole = gone & ~np.isin(orders, standing)
    back = np.where(gone, gross - discount, refund)
    if whole.any():
        number = len(np.unique(orders[whole]))
        steps.append(Entry("refunded", "", number, "order", -_sum(back[whole])))
    part = in_play & ~whole & (np.abs(back) > 0)
    if part.any():
        number = len(np.unique(orders[part]))
        steps.append(Entry("refunded in part", "", number, "order", -_sum(back[part])))
    less = in_play & (np.abs(discount) > 0)
    if less.any():
        number = len(np.unique(orders[less]))
        steps.append(Entry("discount", "", number, "order", -_sum(discount[less])))
    total = sum(step.money for step in steps)
    steps.append(Entry("counted", "", len(standing), "order", total))
    steps += _to_the_system(ledger, standing, np.unique(orders[in_play]), total)
    for number, money in ledger.unmatched:
        steps.append(Entry("unmatched", "", number, "line", money))
    return tuple(steps)


def _to_the_system(
    ledger: Ledger, standing: np.ndarray, in_play: np.ndarray, total: float
) -> list[Entry]:
    """What the shop system adds to the goods, and its own total where the file has one."""
    steps = []
    for role, by_order in ledger.besides.items():
        here = by_order.reindex(standing).fillna(0)
        here = here[here != 0]
        if len(here):
            steps.append(Entry(role, "", len(here), "order", _sum(here.to_numpy())))
    if ledger.file_total is not None:
        system = ledger.file_total.reindex(in_play).sum()
        if ledger.paid_back is not None:
            system -= ledger.paid_back.reindex(in_play).sum()
        system -= ledger.paid_by_notes
        apart = system - total - sum(step.money for step in steps)
        if abs(apart) >= 0.005:
            steps.append(Entry("difference", "", 0, "order", float(apart)))
        steps.append(Entry("shop system", "", len(in_play), "order", float(system)))
    elif steps:
        system = total + sum(step.money for step in steps)
        steps.append(Entry("shop system", "", len(standing), "order", float(system)))
    return steps


def _off(ledger: Ledger, what: str) -> np.ndarray:
    """What was taken off each row as a discount or as a refund."""
    parts = [money.fillna(0.0).to_numpy() for kind, money in ledger.off if kind == what]
    return np.sum(parts, axis=0) if parts else np.zeros(len(ledger.frame))


def _sum(money: np.ndarray) -> float:
    return float(np.nansum(money))


def to_the_cent(steps: tuple[Entry, ...], purchases: pd.DataFrame) -> tuple[Entry, ...]:
    """Put what rounding to the cent made before the money that counts, if it made anything."""
    if not steps:
        return steps
    end = purchases["ordered_at"].max().normalize() + pd.Timedelta("1D")
    total = float(purchases.loc[~(purchases["cancelled_at"] < end), "amount"].sum())
    place = [step.what for step in steps].index("counted")
    counted = steps[place]._replace(money=round(total, 2))
    made = total - steps[place].money
    rounded = [Entry("rounded", "", 0, "line", made)] if abs(made) >= 0.005 else []
    return (*steps[:place], *rounded, counted, *steps[place + 1 :])
