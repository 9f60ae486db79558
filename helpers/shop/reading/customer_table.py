"""A table with one row a customer: its ids, its columns by what they hold, and who sums up what."""

from __future__ import annotations

import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.reading import people
from helpers.shop.reading.amounts import is_text, to_number
from helpers.shop.reading.cells import Source
from helpers.shop.reading.customer_sums import (
    DATES,
    DAY,
    add_up_ways,
    as_lifetime_counts,
    check_numbers,
    from_dates,
)
from helpers.shop.reading.customers import with_those_called_null
from helpers.shop.reading.distinct import as_text
from helpers.shop.reading.fates import REPEATS
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import Match, match, plain
from helpers.shop.reading.roles import PEOPLE
from helpers.shop.reading.row_kinds import id_column
from helpers.shop.reading.vocabulary import SUMMED
from helpers.shop.reading.wishes import Wishes

ROLES = ("customer_id", *SUMMED, *PEOPLE)
NEARLY_ALL = 0.9  # share of the filled cells that must be numbers for a column of numbers


def read_customer_table(
    source: Source, wishes: Wishes
) -> tuple[pd.DataFrame, dict[str, str], Ledger]:
    """Turn a table with one row a customer into columns by what they hold.

    Returns:
        The customers (indexed by `customer_id`, source order, as in `shop.Customers.table`), role
        -> column of it, and the ledger of all rows.

    Raises:
        ShopError: Customers have several rows, or nobody has a number.
    """
    ledger = Ledger(source, "customers", (), wishes)
    ids = _ids(ledger)
    _find_roles(ledger)
    people.note(ledger, ids)
    _one_row_each(ledger, ids)
    used = {ledger.roles[role].column for role in ("customer_id", *PEOPLE) if role in ledger}
    columns = {name: _cells(ledger, name) for name in source.frame if name not in used}
    table = pd.DataFrame(columns, index=source.frame.index)[ledger.kept]
    table.index = pd.Index(ids[ledger.kept], name="customer_id")
    add_up_ways(ledger, table)
    check_numbers(ledger, table)
    from_dates(ledger, table)
    as_lifetime_counts(ledger, table)
    ledger.roles = {role: ledger.roles[role] for role in ROLES if role in ledger}
    return table, {role: m.column for role, m in ledger.roles.items() if role in SUMMED}, ledger


def _ids(ledger: Ledger) -> pd.Series:
    """The customers' numbers as text; the number of the row where no column has them."""
    name = id_column(ledger.frame, ledger.source.name, ledger.wishes)
    if name is None:
        ledger.warnings.append(
            "no column was recognized as the customer: each is called by the number of the row"
        )
        return pd.Series(ledger.source.line.astype(str), index=ledger.frame.index, dtype="str")
    told = ledger.wishes.columns.get("customer_id")
    how = "told by columns=" if told else "a usual name" if plain(name) != "customerid" else ""
    ledger.roles["customer_id"] = Match(name, how or "the name itself")
    ids = as_text(with_those_called_null(ledger, ledger.ids("customer_id")))
    if ids.isna().all():
        raise ledger.error(
            "the column is empty: no row names a customer",
            "customer_id",
            ids.isna(),
            expected="a number or a name on every row",
            remedy='name the column of the customer: columns={"customer_id": "..."}',
        )
    ledger.set_aside(ids.isna(), "no customer")
    return ids


def _find_roles(ledger: Ledger) -> None:
    """Find the column of each role; two for one are not chosen between, but said."""
    for role in SUMMED:
        taken = [found.column for found in ledger.roles.values()]
        free = ledger.frame.drop(columns=taken)
        told = {role: ledger.wishes.columns[role]} if role in ledger.wishes.columns else {}
        try:
            found = match(free, (role,), ledger.source.name, told)
        except ShopError as error:
            if told:
                raise
            ledger.warnings.append(f"{error.problem}: none of them was taken. {error.remedy}")
            continue
        ledger.roles |= found


def _one_row_each(ledger: Ledger, ids: pd.Series) -> None:
    """Rows that repeat a customer are set aside; where most do, a row is something else."""
    known = ids[ledger.kept]
    repeats = ids.duplicated().to_numpy() & ledger.kept
    if repeats.sum() > len(known) / 2:
        raise ledger.error(
            f"customers have {len(known) / known.nunique():.1f} rows each, so a row is no customer",
            "customer_id",
            repeats,
            expected="one row a customer",
            remedy="keep one row of each, such as that of the last month; or, where each row is "
            'an order, say row_is="order"',
        )
    whole = ledger.frame.duplicated().to_numpy() & repeats
    different = int((repeats & ~whole).sum())
    if different:
        ledger.warnings.append(
            f"{counted(different, 'row')} of customers who had one already, with other values: "
            "the first was kept"
        )
    ledger.set_aside(repeats, REPEATS)


def _cells(ledger: Ledger, name: str) -> pd.Series:
    """One column by what it holds: dates where its role says so, numbers, times, or text."""
    role = next((r for r, found in ledger.roles.items() if found.column == name), None)
    if role in DATES:
        times = ledger.time(role, required=False)
        later = times > ledger.wishes.now + DAY
        if later.any():
            ledger.warnings.append(
                f"{name!r}: {counted(int(later.sum()), 'date')} in the future, taken as missing"
            )
        return times.mask(later)
    column = ledger.frame[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        return column
    blank = ledger.blank(column)
    filled = column[~blank]
    numbers = to_number(filled, told=ledger.wishes.decimal).numbers
    readable = numbers.notna().mean() if len(filled) else 0.0
    if readable < NEARLY_ALL or (is_text(column) and _is_code(filled)):
        return column.astype("str").where(~blank)
    values = ledger.numbers(name).mask(blank)
    unread = values.isna().to_numpy() & ~blank & ledger.kept
    if unread.any():
        ledger.warnings.append(
            f"{name!r}: {counted(int(unread.sum()), 'value')} such as "
            f"{str(column[unread].iloc[0])!r} that could not be read as a number, now missing"
        )
    return values


def _is_code(filled: pd.Series) -> bool:
    """Whether cells are codes (01234) and not numbers, though they have digits alone."""
    return bool(filled.astype("str").str.fullmatch(r"0\d+").any())
