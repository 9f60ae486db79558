"""Money beside the amounts: returns, refunds and discounts are taken off, or said."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.shop.reading.beside import columns_of, concerns_orders, over_lines, used
from helpers.shop.reading.discounts import discounts_beside, less_discounts
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.totals import explained, keep_totals, totals_of
from helpers.shop.reading.values import CENT, Values

MONEY = ("discount", "refund", "returned_quantity", "shipping", "tax", "subtotal")


def net(ledger: Ledger, values: Values, order_id: pd.Series, cancelled_at: pd.Series) -> Values:
    """Take off what came back and what was never charged; say what could not be used.

    A column whose cells stand on one line of an order, or repeat on all of them, concerns the
    order and is spread over its lines in proportion to their amounts.
    """
    gross = "unit_price" in ledger
    amount, quantity = _less_returns(ledger, *values)
    returned = values.amount - amount
    ledger.less("refund", returned)
    if gross:
        amount = less_discounts(ledger, amount, order_id)
    else:
        amount = discounts_beside(ledger, amount, quantity, order_id)
    keep_totals(ledger, amount, order_id)
    amount = _less_refunds(ledger, amount, returned, order_id, cancelled_at)
    ledger.roles.pop("order_total" if gross else "", None)
    return Values(amount, quantity)


def _less_returns(
    ledger: Ledger, amount: pd.Series, quantity: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Take off the pieces that came back; lines of which all did are set aside."""
    for name in columns_of(ledger, "returned_quantity"):
        back = ledger.numbers(name).abs().fillna(0).where(quantity > 0, 0)
        some = (back > 0).to_numpy() & ledger.kept
        if not some.any():
            continue
        share = (back / quantity.where(quantity > 0)).fillna(0).clip(upper=1)
        used(
            ledger,
            "returned_quantity",
            name,
            "pieces that came back are taken off",
            amount[some] * share[some],
        )
        ledger.set_aside(share >= 1, "returned in full")
        amount, quantity = amount * (1 - share), quantity - back.clip(upper=quantity)
    return amount, quantity


def _less_refunds(
    ledger: Ledger,
    amount: pd.Series,
    returned: pd.Series,
    order_id: pd.Series,
    cancelled_at: pd.Series,
) -> pd.Series:
    """Take refunds off; orders or lines refunded in full are set aside.

    What pieces that came back were worth (`returned`) is part of the refund and taken off already.
    A canceled order with a date keeps its amount: until that day it was worth so much.
    """
    for name in columns_of(ledger, "refund"):
        # lines of which all pieces came back still say what their order's refund was
        rows = ledger.kept | (returned > 0).to_numpy()
        cells = _beyond(ledger.numbers(name).abs(), returned, order_id, rows)
        usable = ledger.kept & cancelled_at.isna().to_numpy()
        refund = over_lines(cells, amount, order_id, usable)
        if not (refund > 0).any():
            continue
        if _off_already(ledger, amount, refund, order_id):
            ledger.remarks.append(f"{name!r}: off the amounts already, as the totals show")
            continue
        full = (refund >= amount - CENT).to_numpy() & (amount > 0).to_numpy() & usable
        taken = refund.where(refund < amount, amount)
        used(ledger, "refund", name, "refunds are taken off", taken[usable])
        ledger.set_aside(full, "refunded in full")
        ledger.less("refund", taken)
        amount = amount - taken
    return amount


def _beyond(
    cells: pd.Series, returned: pd.Series, order_id: pd.Series, rows: np.ndarray
) -> pd.Series:
    """Return refunds less the money for pieces that came back, of the order or of the line."""
    if not (returned > 0).any():
        return cells
    if concerns_orders(cells, order_id, rows):
        cells = cells.where(rows).groupby(order_id).transform("first")
        returned = returned.groupby(order_id).transform("sum")
    return (cells - returned).clip(lower=0)


def _off_already(ledger: Ledger, amount: pd.Series, refund: pd.Series, order_id: pd.Series) -> bool:
    """Whether the totals are reached only with the refunds added: pieces less those refunded."""
    if "unit_price" not in ledger:
        return False
    of_order = refund[ledger.kept].groupby(order_id[ledger.kept]).sum()
    some = of_order[of_order > 0].index
    return any(
        explained(ledger, amount + refund, total, order_id, some) is not None
        and explained(ledger, amount, total, order_id, some) is None
        for total in totals_of(ledger, order_id)
    )
