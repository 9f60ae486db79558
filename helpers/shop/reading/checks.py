"""A look at the outcome: repeats, collective accounts, mixed currencies, nothing left."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.reading.amounts import is_text
from helpers.shop.reading.distinct import as_text, distinct, labels
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.regex import extract
from helpers.shop.reading.vocabulary import MONEY_SIGN, SAME_MONEY

_ODD, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)  # mix the bits of a hash
_GUEST = 0.1  # share of the lines from which one customer looks like a collective account

_IN_HEADING = re.compile(r"(?i)\b(eur|usd|gbp|chf|sek|nok|dkk|pln|czk)\b|[€£$]")  # "Total (EUR)"
_LONGEST = 5  # characters of a currency's name


def set_duplicates_aside(ledger: Ledger) -> None:
    """Exact repeats with a line number are set aside; without one they may be two pieces."""
    rows = _repeated(ledger.frame, ledger.kept)
    if not rows.any():
        return
    if "line_id" in ledger:
        ledger.set_aside(rows & ledger.text("line_id").notna().to_numpy(), "duplicate")
    left = int((rows & ledger.kept).sum())
    if left:
        ledger.warnings.append(
            f"{counted(left, 'row')} equal to another one in every column. Without a line number "
            "that may be two pieces of the same thing or an export done twice: kept."
        )


def _repeated(frame: pd.DataFrame, kept: np.ndarray) -> np.ndarray:
    """Which of the rows kept equal an earlier one of them in every column."""
    mixed = np.zeros(len(frame), dtype=np.uint64)
    for name in frame:
        mixed = (mixed ^ distinct(frame[name]).codes.astype(np.uint64)) * _ODD
        mixed ^= mixed >> _HALF
    # Different rows may mix to the same number, equal ones must: only those are compared.
    ordered = np.sort(mixed[kept])
    alike = kept & pd.Series(mixed).isin(ordered[1:][ordered[1:] == ordered[:-1]]).to_numpy()
    rows = np.zeros(len(frame), dtype=bool)
    rows[alike] = frame[alike].duplicated()
    return rows


def warn(ledger: Ledger, purchases: pd.DataFrame) -> None:
    """Look at the outcome for what would mislead: one customer, guests, several currencies."""
    if purchases.empty:
        reasons = ledger.fates().sort_values("rows", ascending=False)
        first = reasons.iloc[0]
        raise ShopError(
            f"no row is a purchase; {first['rows']:,} were set aside: {first['reason']}",
            file=ledger.source.name,
            row=int(ledger.source.line[0]),
            expected="rows with a customer, a date and an amount of at least 0",
            remedy="check the columns taken: "
            + ", ".join(f"{role} <- {found.column!r}" for role, found in ledger.roles.items()),
        )
    customer, order = distinct(purchases["customer_id"]), distinct(purchases["order_id"])
    lines = customer.counts()
    if len(lines) == 1:
        ledger.warnings.append(
            "there is only one customer: nothing can be compared or learned between customers"
        )
    elif len(lines) >= 20 and lines.iloc[0] > _GUEST * len(purchases):
        ledger.warnings.append(
            f"customer {lines.index[0]!r} has {lines.iloc[0] / len(purchases):.0%} of all lines: "
            "a collective account (guests, the till)?"
        )
    # One number for a customer's order: order numbers may be used by several customers.
    pair = order.codes.astype("int64") * len(lines) + customer.codes
    number, pairs = pd.factorize(pair)
    if len(lines) >= 20 and len(pairs) == len(lines):
        ledger.warnings.append(
            "every customer has exactly one order: nobody comes back, or "
            f"{ledger.roles['customer_id'].column!r} numbers the orders and not the customers"
        )
    _note_currency(ledger, purchases["amount"])
    if "order_id" in ledger:
        _say_numbers_that_begin_again(
            ledger, purchases["ordered_at"], number, order.cells.iloc[pairs // len(lines)]
        )
    customers = np.bincount(pairs // len(lines))
    if (customers > 1).any():
        most = order.cells[customers == customers.max()].min()
        ledger.warnings.append(
            f"{counted(int((customers > 1).sum()), 'order number')} shared by several customers "
            f"(such as {most!r}): is it the right column?"
        )
    free = int((purchases["amount"] == 0).sum())
    if free and "order_total" not in ledger:
        ledger.remarks.append(f"kept: {counted(free, 'line')} with amount 0")
    unused = [
        name for name in ledger.frame if name not in {m.column for m in ledger.roles.values()}
    ]
    if unused:
        more = f" and {len(unused) - 8} more" if len(unused) > 8 else ""
        ledger.remarks.append(f"not used: {', '.join(map(repr, unused[:8]))}{more}")


def _note_currency(ledger: Ledger, amount: pd.Series) -> None:
    """Write down the currency, by a column, by the amounts' signs or by their heading; amounts in
    several were added as they are, and that is said."""
    text, codes = distinct(ledger.labels("currency"))
    currency = text.str.upper()
    role = next((r for r in ("amount", "unit_price", "order_total") if r in ledger), None)
    if role and currency.empty:
        found = _IN_HEADING.search(ledger.roles[role].column)
        ledger.currency = found[0].upper() if found else ""
        if not is_text(ledger.column(role)):
            return
        text, codes = distinct(ledger.labels(role))
        if not text.str.contains(r"[^\d\s.,+-]").any():
            return
        signs = extract(text, f"(?i)^[-+(]?\\s*({MONEY_SIGN})?.*?({MONEY_SIGN})?[-)]?$")
        currency = signs[0].fillna(signs[1]).str.upper().str.strip(" .").replace(SAME_MONEY)
    if currency.nunique() < 2:
        only = str(next(iter(currency.dropna()), ledger.currency))
        ledger.currency = only if len(only) <= _LONGEST else ""
        return
    ledger.currency = ""
    of_row = as_text(labels(currency, codes, ledger.frame.index)[amount.index])
    sums = amount.groupby(of_row).sum()
    if len(sums) > 1:
        each = ", ".join(f"{name} {money:,.2f}" for name, money in sums.items())
        ledger.warnings.append(
            f"the amounts are in several currencies and were added as they are: {each}"
        )


def _say_numbers_that_begin_again(
    ledger: Ledger, ordered_at: pd.Series, number: np.ndarray, order_ids: pd.Series
) -> None:
    """One order lasts a day; a customer's order number on several is used twice.

    `number` is the position in `order_ids` of each row's order.
    """
    per_order = ordered_at.groupby(number)
    again = (per_order.max() - per_order.min() > pd.Timedelta(days=1)).to_numpy()
    if again.any():
        ledger.warnings.append(
            f"{counted(int(again.sum()), 'order number')} of one customer on several days (such as "
            f"{order_ids[again].iloc[0]!r}): if the numbers begin again, orders were taken together"
        )
