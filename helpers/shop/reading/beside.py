"""Columns of money beside the amounts: which there are, of lines or of orders."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import Match, usual
from helpers.shop.reading.vocabulary import NAMES


def columns_of(ledger: Ledger, role: str) -> list[str]:
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


def of_order(cells: pd.Series, order_id: pd.Series, rows: np.ndarray) -> pd.Series:
    """Return what a column says of each order: once where it concerns the order, else the sum."""
    by_order = cells[rows].groupby(order_id[rows])
    return by_order.first() if concerns_orders(cells, order_id, rows) else by_order.sum(min_count=1)


def concerns_orders(cells: pd.Series, order_id: pd.Series, rows: np.ndarray) -> bool:
    """Whether a column stands on one line an order, or repeats on all lines of each."""
    orders = cells[rows].groupby(order_id[rows]).agg(["size", "count", "nunique", "max"])
    several = orders[(orders["size"] > 1) & (orders["max"] > 0)]
    alone = several["count"] == 1
    repeated = (several["count"] == several["size"]) & (several["nunique"] == 1)
    return bool(len(several) and (alone.all() or repeated.all()))


def over_lines(
    cells: pd.Series, amount: pd.Series, order_id: pd.Series, rows: np.ndarray
) -> pd.Series:
    """Return a column's money by line, that of an order spread over its lines; 0 elsewhere."""
    cells = cells.where(rows)
    if not concerns_orders(cells, order_id, rows):
        return cells.fillna(0.0)
    usable = amount.where(rows)
    whole = usable.groupby(order_id).transform("sum")
    share = (usable / whole.where(whole > 0)).fillna(0.0)
    exact = cells.groupby(order_id).transform("first").fillna(0.0) * share
    # In whole cents, so that the lines of an order add up to what the file says of it.
    upto = exact.groupby(order_id).cumsum().round(2)
    return (upto - upto.groupby(order_id).shift(fill_value=0.0)).round(2)


def used(ledger: Ledger, role: str, name: str, what: str, money: pd.Series) -> None:
    ledger.roles.setdefault(role, Match(name, "a usual name"))
    ledger.remarks.append(f"{name!r}: {what}, {money.sum():,.2f} in all")
