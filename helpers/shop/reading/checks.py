"""A look at the outcome: repeats, collective accounts, mixed currencies, nothing left."""

from __future__ import annotations

import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.reading.ledger import Ledger

_GUEST = 0.1  # share of the lines from which one customer looks like a collective account


def set_duplicates_aside(ledger: Ledger) -> None:
    """Exact repeats with a line number are set aside; without one they may be two pieces."""
    repeated = ledger.frame[ledger.kept].duplicated()
    rows = repeated.reindex(ledger.frame.index, fill_value=False).to_numpy()
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
    lines = purchases["customer_id"].value_counts()
    if len(lines) == 1:
        ledger.warnings.append(
            "there is only one customer: nothing can be compared or learned between customers"
        )
    elif len(lines) >= 20 and lines.iloc[0] > _GUEST * len(purchases):
        ledger.warnings.append(
            f"customer {lines.index[0]!r} has {lines.iloc[0] / len(purchases):.0%} of all lines: "
            "a collective account (guests, the till)?"
        )
    orders = purchases[["customer_id", "order_id"]].drop_duplicates()
    if len(lines) >= 20 and len(orders) == len(lines):
        ledger.warnings.append(
            "every customer has exactly one order: nobody comes back, or "
            f"{ledger.roles['customer_id'].column!r} numbers the orders and not the customers"
        )
    currencies = ledger.text("currency")[ledger.kept].dropna().unique()
    if len(currencies) > 1:
        ledger.warnings.append(
            f"the amounts are in several currencies ({', '.join(sorted(currencies)[:5])}) and "
            "were added as they are"
        )
    shared = purchases.groupby("order_id")["customer_id"].nunique()
    if (shared > 1).any():
        ledger.warnings.append(
            f"{counted(int((shared > 1).sum()), 'order number')} shared by several customers "
            f"(such as {shared.idxmax()!r}): is it the right column?"
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
