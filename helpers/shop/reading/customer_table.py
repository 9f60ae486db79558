"""A table with one row a customer: its ids, its columns by what they hold, and who sums up what."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.customers import MEANING
from helpers.shop.reading.amounts import is_text, to_number
from helpers.shop.reading.cells import Source
from helpers.shop.reading.customers import with_those_called_null
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import Match, match, plain
from helpers.shop.reading.row_kinds import id_column
from helpers.shop.reading.vocabulary import NAMES, SUMMED, WAYS_TO_BUY
from helpers.shop.reading.wishes import Wishes

DATES = ("last_ordered_at", "first_ordered_at")
ROLES = ("customer_id", *SUMMED)
NEARLY_ALL = 0.9  # share of the filled cells that must be numbers for a column of numbers
DAY = pd.Timedelta("1D")


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
    _one_row_each(ledger, ids)
    used = ledger.roles.get("customer_id")
    columns = {
        name: _cells(ledger, name) for name in source.frame if used is None or name != used.column
    }
    table = pd.DataFrame(columns, index=source.frame.index)[ledger.kept]
    table.index = pd.Index(ids[ledger.kept], name="customer_id")
    _add_up_ways(ledger, table)
    _check_numbers(ledger, table)
    _from_dates(ledger, table)
    _as_lifetime_counts(ledger, table)
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
    ids = with_those_called_null(ledger, ledger.ids("customer_id"))
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
    ledger.set_aside(repeats, "repeats a customer")


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


def _add_up_ways(ledger: Ledger, table: pd.DataFrame) -> None:
    """Where orders or money stand once for each way to buy (online, offline), take their sum."""
    for role in ("frequency", "monetary"):
        if role in ledger or role in ledger.wishes.columns or role in table:
            continue
        usual_names = {name for tier in NAMES[role] for name in tier.split()}
        parts = []
        for name in table.select_dtypes("number"):
            words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())
            rest = "".join(word for word in words if word not in WAYS_TO_BUY)
            if rest != "".join(words) and rest in usual_names:
                parts.append(name)
        if len(parts) > 1:
            table[role] = table[parts].sum(axis=1, min_count=len(parts))
            how = f"the sum of {', '.join(map(repr, parts))}"
            ledger.roles[role] = Match(role, how)


def _check_numbers(ledger: Ledger, table: pd.DataFrame) -> None:
    """A role of numbers needs a column of numbers; days and counts are not below 0."""
    for role in [role for role in SUMMED if role in ledger and role not in DATES]:
        name = ledger.roles[role].column
        whole = "whole " if role in ("frequency", "repeats") else ""
        if not pd.api.types.is_numeric_dtype(table[name]) or (
            whole and (table[name].dropna() % 1 != 0).any()
        ):
            del ledger.roles[role]
            ledger.warnings.append(
                f"{name!r} does not hold {whole}numbers: it is not the {MEANING[role]}"
            )
        elif role != "monetary" and (table[name] < 0).any():
            below = int((table[name] < 0).sum())
            ledger.warnings.append(
                f"{name!r}: {counted(below, 'customer')} below 0, which cannot be ({MEANING[role]})"
            )
    for role in [role for role in DATES if role in ledger]:
        name = ledger.roles[role].column
        if table[name].isna().all():
            del ledger.roles[role]
            ledger.warnings.append(f"{name!r} holds no dates: it is not the {MEANING[role]}")


def _from_dates(ledger: Ledger, table: pd.DataFrame) -> None:
    """Days since the first and the last order, counted to the day after the last of all."""
    dates = [ledger.roles[role].column for role in DATES if role in ledger]
    if "last_ordered_at" not in ledger:
        return
    as_of = table[dates].max().max().normalize() + DAY
    for role, of in (("recency", "last_ordered_at"), ("tenure", "first_ordered_at")):
        if of not in ledger or role in ledger or role in ledger.wishes.columns or role in table:
            continue
        name = ledger.roles[of].column
        table[role] = (as_of - table[name]) / DAY
        ledger.roles[role] = Match(
            role, f"days from {name!r} to {as_of:%Y-%m-%d}, the day after the last"
        )


def _as_lifetime_counts(ledger: Ledger, table: pd.DataFrame) -> None:
    """Tell the two meanings of recency and frequency beside a tenure apart.

    Models of lifetime count from the first purchase: frequency is 0, and recency 0, for whoever
    bought once. Elsewhere frequency is 1 then, and recency (since the last order) is the tenure.
    """
    roles = ("recency", "frequency", "tenure")
    told = {*roles, "repeats", "last"} & set(ledger.wishes.columns)
    if not told and set(roles) <= set(ledger.roles) and "last_ordered_at" not in ledger:
        names = [ledger.roles[role].column for role in roles]
        recency, frequency, tenure = table[names].dropna().to_numpy(dtype=float).T
        none, once = frequency == 0, frequency == 1
        if (recency > tenure).any():
            del ledger.roles["tenure"]
            ledger.warnings.append(
                f"{names[2]!r} is below {names[0]!r} for some customers: it is not the "
                f"{MEANING['tenure']}"
            )
        elif none.any() and (none == (recency == 0)).all():
            how = "0 for whoever bought once, as models of lifetime count"
            del ledger.roles["frequency"], ledger.roles["recency"]
            ledger.roles |= {"repeats": Match(names[1], how), "last": Match(names[0], how)}
        elif none.any() or (
            plain(names[2]) in ("t", "tcal")
            and not (once.any() and np.allclose(recency[once], tenure[once], atol=1))
        ):
            del ledger.roles["frequency"], ledger.roles["recency"]
            ledger.warnings.append(
                f"are {names[0]!r} and {names[1]!r} the {MEANING['recency']} and the "
                f"{MEANING['frequency']}, or the {MEANING['last']} and the {MEANING['repeats']}? "
                f'Nothing decides, so neither is used. Say it: columns={{"recency": '
                f'"{names[0]}", "frequency": "{names[1]}"}} or columns={{"last": "{names[0]}", '
                f'"repeats": "{names[1]}"}}'
            )
    if "repeats" in ledger and "monetary" in ledger and "monetary" not in ledger.wishes.columns:
        name = ledger.roles["monetary"].column
        if plain(name) == "monetaryvalue":
            del ledger.roles["monetary"]
            ledger.warnings.append(
                f"{name!r} is not used: in such a summary it is the mean of the purchases after "
                f"the first, and not the {MEANING['monetary']}"
            )


def abilities(table: pd.DataFrame, roles: dict[str, str]) -> tuple[str, ...]:
    """What can be done with a table of customers, and what cannot, a sentence each."""
    numbers = list(table.select_dtypes("number"))
    said = [
        f"Segments: yes, by any of {counted(len(numbers), 'column')} of numbers."
        if numbers
        else "Segments: no, there is no column of numbers."
    ]
    said.append(_able("RFM groups", ("recency", "frequency", "monetary"), roles))
    counts = ("repeats", "last", "tenure")
    if not {"repeats", "last"} & set(roles):
        counts = ("frequency", "recency", "tenure")
    said.append(_able("How many will buy (BG/NBD)", counts, roles))
    said.append(
        "Features at a cut-off, targets, models of who buys, cohorts: no. They need the orders "
        "themselves: a row per order, with customer, time and amount."
    )
    return tuple(said)


def _able(what: str, needed: tuple[str, ...], roles: dict[str, str]) -> str:
    lacking = [f"the {MEANING[role]} ({role})" for role in needed if role not in roles]
    if lacking:
        return f"{what}: no. No column says {' nor '.join(lacking)}."
    return f"{what}: yes, from {', '.join(repr(roles[role]) for role in needed)}."
