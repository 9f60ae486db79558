"""Money beside the amounts: returns, refunds and discounts are taken off, or said."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from helpers.errors import counted
from helpers.shop.reading.evidence import system
from helpers.shop.reading.fates import CANCELED
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import Match, plain, usual
from helpers.shop.reading.values import CENT, Values
from helpers.shop.reading.vocabulary import NAMES

MONEY = ("discount", "refund", "returned_quantity", "shipping", "tax", "subtotal")
NEARLY_ALL = 0.95  # share of the orders on which an explanation must hold


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
        amount = _less_discounts(ledger, amount, order_id)
    else:
        amount = _discounts_beside(ledger, amount, quantity, order_id)
    _keep_totals(ledger, amount, order_id)
    amount = _less_refunds(ledger, amount, returned, order_id, cancelled_at)
    ledger.roles.pop("order_total" if gross else "", None)
    return Values(amount, quantity)


def _columns(ledger: Ledger, role: str) -> list[str]:
    """The filled columns of a role: as told, else all with a usual name and no other role."""
    told = ledger.wishes.columns
    if role in told:
        column = told[role]
        return [column] if column is not None and column in ledger.frame else []
    taken = {found.column for found in ledger.roles.values()} | set(told.values())
    names = {role.replace("_", ""), *" ".join(NAMES[role]).split()}
    return [
        name
        for name in ledger.frame
        if name not in taken and usual(name) in names and ledger.frame[name].notna().any()
    ]


def _less_returns(
    ledger: Ledger, amount: pd.Series, quantity: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Take off the pieces that came back; lines of which all did are set aside."""
    for name in _columns(ledger, "returned_quantity"):
        back = ledger.numbers(name).abs().fillna(0).where(quantity > 0, 0)
        some = (back > 0).to_numpy() & ledger.kept
        if not some.any():
            continue
        share = (back / quantity.where(quantity > 0)).fillna(0).clip(upper=1)
        _used(
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
    for name in _columns(ledger, "refund"):
        # lines of which all pieces came back still say what their order's refund was
        rows = ledger.kept | (returned > 0).to_numpy()
        cells = _beyond(ledger.numbers(name).abs(), returned, order_id, rows)
        usable = ledger.kept & cancelled_at.isna().to_numpy()
        refund = _over_lines(cells, amount, order_id, usable)
        if not (refund > 0).any():
            continue
        if _off_already(ledger, amount, refund, order_id):
            ledger.remarks.append(f"{name!r}: off the amounts already, as the totals show")
            continue
        full = (refund >= amount - CENT).to_numpy() & (amount > 0).to_numpy() & usable
        taken = refund.where(refund < amount, amount)
        _used(ledger, "refund", name, "refunds are taken off", taken[usable])
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
    if _concerns_orders(cells, order_id, rows):
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
        _explained(ledger, amount + refund, total, order_id, some) is not None
        and _explained(ledger, amount, total, order_id, some) is None
        for total in _totals(ledger, order_id)
    )


def _less_discounts(ledger: Ledger, amount: pd.Series, order_id: pd.Series) -> pd.Series:
    """Take a discount off price x quantity where the shop system or the totals say so."""
    for name in _columns(ledger, "discount"):
        cells = ledger.numbers(name).abs()
        discount = _over_lines(cells, amount, order_id, ledger.kept)
        if not (discount > 0).any():
            continue
        meaning = _proof(ledger, amount, discount, order_id)
        if meaning == "off":
            _used(ledger, "discount", name, "discounts are taken off", discount[ledger.kept])
            amount = _without(ledger, amount, discount)
            out = _over_lines(cells, amount, order_id, ledger.because(CANCELED))
            ledger.less("discount", out.clip(upper=amount))
        elif meaning != "in":
            _say_unused(ledger, name, cells)
    _compare_with_total(ledger, amount, order_id)
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
    totals = _totals(ledger, order_id)
    if any(_explained(ledger, amount - discount, t, order_id, some) is not None for t in totals):
        return "off"
    # A subtotal may stand before the discount: it proves nothing.
    in_total = "order_total" in ledger and _explained(ledger, amount, totals[-1], order_id, some)
    return "in" if in_total not in (False, None) else None


def _totals(ledger: Ledger, order_id: pd.Series) -> list[pd.Series]:
    """What the file says the orders came to: subtotals and totals, one a row of `order_id`."""
    names = _columns(ledger, "subtotal")
    if "order_total" in ledger:
        names.append(ledger.roles["order_total"].column)
    return [_of_order(ledger.numbers(name), order_id, ledger.kept) for name in names]


def _explained(
    ledger: Ledger,
    amount: pd.Series,
    total: pd.Series,
    order_id: pd.Series,
    orders: pd.Index | None = None,
) -> list[str] | None:
    """Return the columns that, added to the amounts, give the totals of nearly all orders."""
    rows = ledger.kept
    sums = amount[rows].groupby(order_id[rows]).sum().reindex(total.index)
    extras = {
        name: _of_order(ledger.numbers(name), order_id, rows).fillna(0)
        for role in ("shipping", "tax")
        for name in _columns(ledger, role)
    }
    for size in range(min(len(extras), 3) + 1):
        for names in itertools.combinations(extras, size):
            apart = (total - sums - sum((extras[name] for name in names), 0.0)).abs()
            apart = apart.dropna() if orders is None else apart.reindex(orders).dropna()
            if len(apart) and (apart <= CENT).mean() >= NEARLY_ALL:
                return list(names)
    return None


def _compare_with_total(ledger: Ledger, amount: pd.Series, order_id: pd.Series) -> None:
    """Where a total stands beside price and quantity, say what it holds or that they disagree."""
    totals = _totals(ledger, order_id)
    if "order_total" not in ledger or not totals:
        return
    column, total = ledger.roles["order_total"].column, totals[-1]
    why = _explained(ledger, amount, total, order_id)
    if why is None and not any(_explained(ledger, amount, t, order_id) == [] for t in totals[:-1]):
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


def _of_order(cells: pd.Series, order_id: pd.Series, rows: np.ndarray) -> pd.Series:
    """Return what a column says of each order: once where it concerns the order, else the sum."""
    by_order = cells[rows].groupby(order_id[rows])
    return (
        by_order.first() if _concerns_orders(cells, order_id, rows) else by_order.sum(min_count=1)
    )


def _concerns_orders(cells: pd.Series, order_id: pd.Series, rows: np.ndarray) -> bool:
    """Whether a column stands on one line an order, or repeats on all lines of each."""
    orders = cells[rows].groupby(order_id[rows]).agg(["size", "count", "nunique", "max"])
    several = orders[(orders["size"] > 1) & (orders["max"] > 0)]
    alone = several["count"] == 1
    repeated = (several["count"] == several["size"]) & (several["nunique"] == 1)
    return bool(len(several) and (alone.all() or repeated.all()))


def _over_lines(
    cells: pd.Series, amount: pd.Series, order_id: pd.Series, rows: np.ndarray
) -> pd.Series:
    """Return a column's money by line, that of an order spread over its lines; 0 elsewhere."""
    cells = cells.where(rows)
    if not _concerns_orders(cells, order_id, rows):
        return cells.fillna(0.0)
    usable = amount.where(rows)
    whole = usable.groupby(order_id).transform("sum")
    share = (usable / whole.where(whole > 0)).fillna(0.0)
    exact = cells.groupby(order_id).transform("first").fillna(0.0) * share
    # In whole cents, so that the lines of an order add up to what the file says of it.
    upto = exact.groupby(order_id).cumsum().round(2)
    return (upto - upto.groupby(order_id).shift(fill_value=0.0)).round(2)


def _used(ledger: Ledger, role: str, name: str, what: str, money: pd.Series) -> None:
    ledger.roles.setdefault(role, Match(name, "a usual name"))
    ledger.remarks.append(f"{name!r}: {what}, {money.sum():,.2f} in all")


def _discounts_beside(
    ledger: Ledger, amount: pd.Series, quantity: pd.Series, order_id: pd.Series
) -> pd.Series:
    """Beside amounts: a total of the order or "net sales" is net; of others price x quantity or the
    totals of the orders say whether the discount is still to be taken off, else nobody knows."""
    is_net = "amount" not in ledger or "net" in plain(ledger.roles["amount"].column)
    for name in _columns(ledger, "discount"):
        cells = ledger.numbers(name).abs()
        discount = _over_lines(cells, amount, order_id, ledger.kept)
        if "amount" not in ledger or not (discount > 0).any():
            continue
        meaning = _meaning_beside(ledger, amount, discount, quantity, order_id)
        if meaning == "off" and not is_net:
            _used(ledger, "discount", name, "discounts are taken off", discount[ledger.kept])
            amount = _without(ledger, amount, discount)
        elif meaning is not None and meaning.startswith("in"):
            said = f"{discount[ledger.kept].sum():,.2f} in all, is off the amounts already"
            ledger.remarks.append(f"{name!r}: {said}, as {meaning[3:]}")
            sold = ledger.kept | ledger.because(CANCELED)
            discount = _over_lines(cells, amount, order_id, sold)
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
    for name in _columns(ledger, "unit_price"):
        apart = (ledger.numbers(name) * quantity - amount)[rows].groupby(order_id[rows]).sum()
        of_order = discount[rows].groupby(order_id[rows]).sum()
        if (apart.abs() <= CENT).mean() >= NEARLY_ALL:
            return "off"
        if ((apart - of_order).abs() <= CENT).mean() >= NEARLY_ALL:
            return "in price x quantity shows"
    total = _file_total(ledger, order_id, ledger.kept)
    if total is not None:
        some = order_id[rows].unique()
        if _explained(ledger, amount - discount, total, order_id, some) is not None:
            return "off"
        if _explained(ledger, amount, total, order_id, some) is not None:
            return "in the totals show"
    return None


def _without(ledger: Ledger, amount: pd.Series, discount: pd.Series) -> pd.Series:
    """The amounts less a discount, at least 0."""
    less = (amount - discount).clip(lower=0).where(ledger.kept, amount)
    ledger.less("discount", amount - less)
    return less


def _file_total(ledger: Ledger, order_id: pd.Series, rows: np.ndarray) -> pd.Series | None:
    """What the file says each order came to, where it says so beside the amounts."""
    if "order_total" in ledger and "unit_price" not in ledger:
        return None  # the amounts are those totals
    names = _columns(ledger, "order_total")
    if "order_total" in ledger:
        names = [ledger.roles["order_total"].column]
    if not names:
        return None
    ledger.total = ledger.numbers(names[0])
    return _of_order(ledger.total, order_id, rows)


def _keep_totals(ledger: Ledger, amount: pd.Series, order_id: pd.Series) -> None:
    """Keep what each order came to, and what of it is shipping and tax, for the account."""
    rows = ledger.kept
    total = _file_total(ledger, order_id, rows)
    added = None if total is None else _explained(ledger, amount, total, order_id)
    is_total = "order_total" in ledger and "unit_price" not in ledger
    for role in ("shipping", "tax"):
        for name in [] if is_total else _columns(ledger, role)[:1]:
            # without a total, shipping is no part of the price of goods; of tax nobody knows
            if name in added if added is not None else role == "shipping":
                ledger.besides[role] = _of_order(ledger.numbers(name), order_id, rows)
    if total is None:
        return
    refunds = [ledger.numbers(name).abs() for name in _columns(ledger, "refund")]
    if refunds:  # they say what of an order was paid back that does not stand any more
        rows = rows | (ledger.refunded & ledger.because(CANCELED))
        ledger.paid_back = _of_order(refunds[0], order_id, rows)
    ledger.file_total = _file_total(ledger, order_id, rows)


def _say_unused(ledger: Ledger, name: str, cells: pd.Series) -> None:
    """Say the sum of a discount of which nothing tells whether it is still to be taken off."""
    cells = cells[ledger.kept]
    if not cells.sum():
        return
    if cells.max() <= 1 or ledger.frame[name].astype("str").str.contains("%", regex=False).any():
        ledger.remarks.append(f"{name!r} holds shares, not money: not used")
    else:
        ledger.warnings.append(
            f"{name!r} ({cells.sum():,.2f} in all) was not taken off: nothing in the file says "
            "whether the amounts are before or after it"
        )
