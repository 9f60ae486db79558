"""What the file says an order came to, and which columns explain it."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.reading.beside import columns_of, of_order
from helpers.shop.reading.fates import CANCELED
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.values import CENT

NEARLY_ALL = 0.95  # share of the orders on which an explanation must hold


def totals_of(ledger: Ledger, order_id: pd.Series) -> list[pd.Series]:
    """What the file says the orders came to: subtotals and totals, one a row of `order_id`."""
    names = columns_of(ledger, "subtotal")
    if "order_total" in ledger:
        names.append(ledger.roles["order_total"].column)
    return [of_order(ledger.numbers(name), order_id, ledger.kept) for name in names]


def file_total(ledger: Ledger, order_id: pd.Series, rows: np.ndarray) -> pd.Series | None:
    """What the file says each order came to, where it says so beside the amounts."""
    if "order_total" in ledger and "unit_price" not in ledger:
        return None  # the amounts are those totals
    names = columns_of(ledger, "order_total")
    if "order_total" in ledger:
        names = [ledger.roles["order_total"].column]
    if not names:
        return None
    ledger.total = readable(ledger, names[0])
    return None if ledger.total is None else of_order(ledger.total, order_id, rows)


def readable(ledger: Ledger, name: str) -> pd.Series | None:
    """A column that only helps as numbers, None where nothing decides how they are meant."""
    try:
        return ledger.numbers(name)
    except ShopError:
        return None


def explained(
    ledger: Ledger,
    amount: pd.Series,
    total: pd.Series,
    order_id: pd.Series,
    orders: pd.Index | None = None,
) -> list[str] | None:
    """Return the columns that, added to the amounts, give the totals of nearly all orders."""
    rows = ledger.kept
    sums = amount[rows].groupby(order_id[rows]).sum().reindex(total.index)
    cells = {
        name: readable(ledger, name)
        for role in ("shipping", "tax")
        for name in columns_of(ledger, role)
    }
    extras = {
        name: of_order(column, order_id, rows).fillna(0)
        for name, column in cells.items()
        if column is not None
    }
    for size in range(min(len(extras), 3) + 1):
        for names in itertools.combinations(extras, size):
            apart = (total - sums - sum((extras[name] for name in names), 0.0)).abs()
            apart = apart.dropna() if orders is None else apart.reindex(orders).dropna()
            if len(apart) and (apart <= CENT).mean() >= NEARLY_ALL:
                return list(names)
    return None


def compare_with_total(ledger: Ledger, amount: pd.Series, order_id: pd.Series) -> None:
    """Where a total stands beside price and quantity, say what it holds or that they disagree."""
    totals = totals_of(ledger, order_id)
    if "order_total" not in ledger or not totals:
        return
    column, total = ledger.roles["order_total"].column, totals[-1]
    why = explained(ledger, amount, total, order_id)
    if why is None and not any(explained(ledger, amount, t, order_id) == [] for t in totals[:-1]):
        rows = ledger.kept
        sums = amount[rows].groupby(order_id[rows]).sum()
        both = pd.DataFrame({"sums": sums, "total": total}).dropna()
        if both.empty:
            return
        apart = int(((both["sums"] - both["total"]).abs() > CENT).sum())
        ledger.warnings.append(
            f"price x quantity differs from {column!r} on {counted(apart, 'order')}: "
            f"{both['sums'].sum():,.2f} against {both['total'].sum():,.2f} in all (discounts, "
            f'shipping?). To use the total instead, say columns={{"amount": "{column}"}}.'
        )
    elif why:
        ledger.remarks.append(f"{column!r} holds {', '.join(map(repr, why))} besides: not used")


def keep_totals(ledger: Ledger, amount: pd.Series, order_id: pd.Series) -> None:
    """Keep what each order came to, and what of it is shipping and tax, for the account."""
    rows = ledger.kept
    total = file_total(ledger, order_id, rows)
    added = None if total is None else explained(ledger, amount, total, order_id)
    is_total = "order_total" in ledger and "unit_price" not in ledger
    for role in ("shipping", "tax"):
        for name in [] if is_total else columns_of(ledger, role)[:1]:
            # without a total, shipping is no part of the price of goods; of tax nobody knows
            known = name in added if added is not None else role == "shipping"
            cells = readable(ledger, name) if known else None
            if cells is not None:
                ledger.besides[role] = of_order(cells, order_id, rows)
    if total is None:
        return
    refunds = [ledger.numbers(name).abs() for name in columns_of(ledger, "refund")]
    if refunds:  # they say what of an order was paid back that does not stand any more
        rows = rows | (ledger.refunded & ledger.because(CANCELED))
        ledger.paid_back = of_order(refunds[0], order_id, rows)
    ledger.file_total = file_total(ledger, order_id, rows)
