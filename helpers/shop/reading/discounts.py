"""Discounts beside the amounts: still to be taken off, off already, or said."""

from __future__ import annotations

import pandas as pd

from helpers.shop.reading.beside import columns_of, over_lines, used
from helpers.shop.reading.evidence import system
from helpers.shop.reading.fates import CANCELED
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import plain
from helpers.shop.reading.totals import (
    NEARLY_ALL,
    compare_with_total,
    explained,
    file_total,
    readable,
    totals_of,
)
from helpers.shop.reading.values import CENT


def less_discounts(ledger: Ledger, amount: pd.Series, order_id: pd.Series) -> pd.Series:
    """Take a discount off price x quantity where the shop system or the totals say so."""
    for name in columns_of(ledger, "discount"):
        cells = ledger.numbers(name).abs()
        discount = over_lines(cells, amount, order_id, ledger.kept)
        if not (discount > 0).any():
            continue
        meaning = _proof(ledger, amount, discount, order_id)
        if meaning == "off":
            used(ledger, "discount", name, "discounts are taken off", discount[ledger.kept])
            amount = _without(ledger, amount, discount)
            out = over_lines(cells, amount, order_id, ledger.because(CANCELED))
            ledger.less("discount", out.clip(upper=amount))
        elif meaning != "in":
            _say_unused(ledger, name, cells)
    compare_with_total(ledger, amount, order_id)
    return amount


def _proof(
    ledger: Ledger, amount: pd.Series, discount: pd.Series, order_id: pd.Series
) -> str | None:
    """Whether a discount is still to be taken "off", is already "in" the prices, or None."""
    if system(ledger.frame) == "Shopify":
        return "off"
    rows = ledger.kept
    of_order = discount[rows].groupby(order_id[rows]).sum()
    some = of_order[of_order > 0].index
    totals = totals_of(ledger, order_id)
    if any(explained(ledger, amount - discount, t, order_id, some) is not None for t in totals):
        return "off"
    # A subtotal may stand before the discount: it proves nothing.
    in_total = "order_total" in ledger and explained(ledger, amount, totals[-1], order_id, some)
    return "in" if in_total not in (False, None) else None


def discounts_beside(
    ledger: Ledger, amount: pd.Series, quantity: pd.Series, order_id: pd.Series
) -> pd.Series:
    """Beside amounts: a total of the order or "net sales" is net; of others price x quantity or the
    totals of the orders say whether the discount is still to be taken off, else nobody knows."""
    is_net = "amount" not in ledger or "net" in plain(ledger.roles["amount"].column)
    for name in columns_of(ledger, "discount"):
        if "amount" not in ledger:
            continue
        cells = readable(ledger, name) if is_net else ledger.numbers(name)
        if cells is None:
            continue
        cells = cells.abs()
        discount = over_lines(cells, amount, order_id, ledger.kept)
        if not (discount > 0).any():
            continue
        meaning = None
        if not _is_share(ledger, name, cells[ledger.kept]):
            meaning = _meaning_beside(ledger, amount, discount, quantity, order_id)
        if meaning == "off" and not is_net:
            used(ledger, "discount", name, "discounts are taken off", discount[ledger.kept])
            amount = _without(ledger, amount, discount)
        elif meaning is not None and meaning.startswith("in"):
            said = f"{discount[ledger.kept].sum():,.2f} in all, is off the amounts already"
            ledger.remarks.append(f"{name!r}: {said}, as {meaning[3:]}")
            sold = ledger.kept | ledger.because(CANCELED)
            discount = over_lines(cells, amount, order_id, sold)
            ledger.gross = ledger.gross + discount
            ledger.less("discount", discount)
        elif meaning is None and not is_net:
            _say_unused(ledger, name, cells)
    return amount


def _meaning_beside(
    ledger: Ledger,
    amount: pd.Series,
    discount: pd.Series,
    quantity: pd.Series,
    order_id: pd.Series,
) -> str | None:
    """Whether a discount beside amounts is still to be taken "off" or "in" them already, with what
    shows it; None where nothing tells."""
    rows = ledger.kept & (discount > 0).to_numpy()
    for name in columns_of(ledger, "unit_price"):
        price = readable(ledger, name)
        if price is None:
            continue
        apart = (price * quantity - amount)[rows].groupby(order_id[rows]).sum()
        of_order = discount[rows].groupby(order_id[rows]).sum()
        # equal to price x quantity proves nothing: the price may be that after the discount
        if ((apart - of_order).abs() <= CENT).mean() >= NEARLY_ALL:
            return "in price x quantity shows"
    total = file_total(ledger, order_id, ledger.kept)
    if total is not None:
        some = order_id[rows].unique()
        if explained(ledger, amount - discount, total, order_id, some) is not None:
            return "off"
        if explained(ledger, amount, total, order_id, some) is not None:
            return "in the totals show"
    return None


def _without(ledger: Ledger, amount: pd.Series, discount: pd.Series) -> pd.Series:
    """The amounts less a discount, at least 0."""
    less = (amount - discount).clip(lower=0).where(ledger.kept, amount)
    ledger.less("discount", amount - less)
    return less


def _say_unused(ledger: Ledger, name: str, cells: pd.Series) -> None:
    """Say the sum of a discount of which nothing tells whether it is still to be taken off."""
    cells = cells[ledger.kept]
    if not cells.sum():
        return
    if _is_share(ledger, name, cells):
        ledger.remarks.append(f"{name!r} holds shares, not money: not used")
    else:
        ledger.warnings.append(
            f"{name!r} ({cells.sum():,.2f} in all) was not taken off: nothing in the file says "
            "whether the amounts are before or after it"
        )


def _is_share(ledger: Ledger, name: str, cells: pd.Series) -> bool:
    """Whether a column holds shares, such as 0.1 or 10%, and no money."""
    signs = ledger.frame[name].astype("str").str.contains("%", regex=False)
    return bool(cells.max() <= 1 or signs.any())
