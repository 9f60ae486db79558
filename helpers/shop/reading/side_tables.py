"""The tables beside purchases: visits, customers, campaigns, impressions."""

from __future__ import annotations

import pandas as pd

from helpers.errors import counted
from helpers.shop.reading import people
from helpers.shop.reading.amounts import is_text, to_flag
from helpers.shop.reading.cells import Source
from helpers.shop.reading.customers import customer_ids
from helpers.shop.reading.distinct import as_text
from helpers.shop.reading.events import GAP
from helpers.shop.reading.fates import REPEATS
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.orders import require
from helpers.shop.reading.time_parts import to_seconds
from helpers.shop.reading.wishes import Wishes
from helpers.shop.tables import EVENT_TIME, REQUIRED, SCHEMA


def read_side_table(source: Source, table: str, wishes: Wishes) -> tuple[pd.DataFrame, Ledger]:
    """Turn a table under usual names into one of the schema.

    Rows without a required value are set aside; an optional value that cannot be read is missing.

    Returns:
        The rows of `table` (schema columns, source order) and the ledger of all rows.
    """
    schema = SCHEMA[table]
    ledger = Ledger(source, table, tuple(schema), wishes)
    required = tuple(role for role in REQUIRED[table] if role != "visit_id")
    require(ledger, *required)
    columns = {"customer_id": as_text(customer_ids(ledger))}
    if table == "customers":
        people.note(ledger, columns["customer_id"])
    for role, kind in schema.items():
        if role in ledger and role != "customer_id":
            columns[role] = _read(ledger, role, kind, role in required)
    frame = pd.DataFrame(columns)
    if table == "visits":
        frame["visit_id"] = _visit_ids(ledger, frame)
    if table == "campaigns" and "campaign_id" not in frame:
        frame["campaign_id"] = source.name.split(".")[0]
    if table == "customers":
        ledger.set_aside(frame["customer_id"].duplicated(), REPEATS)
    absent = [role for role, kind in schema.items() if kind == "flag" and role not in frame]
    if absent:
        ledger.warnings.append(f"{table}: no column for {', '.join(absent)}; taken as False")
    used = {found.column for found in ledger.roles.values()}
    unused = [repr(name) for name in ledger.frame if name not in used]
    if unused:
        ledger.remarks.append(f"not used: {', '.join(unused[:8])}")
    return frame[ledger.kept], ledger


def _read(ledger: Ledger, role: str, kind: str, required: bool) -> pd.Series:
    """Read one column by its kind."""
    if kind in ("id", "text"):
        return ledger.text(role)
    if kind == "time":
        is_event = role == EVENT_TIME[ledger.table] and required
        values = ledger.time(role, required=is_event)
    elif kind == "flag":
        values = to_flag(ledger.column(role))
        if required:
            ledger.set_aside(values.isna(), f"unreadable {role}")
    elif role == "seconds" and is_text(ledger.column(role)):
        values = to_seconds(ledger.column(role))
    else:
        values = ledger.number(role)
    unread = values.isna().to_numpy() & ~ledger.blank(ledger.column(role)) & ledger.kept
    if unread.any() and not required:
        name = ledger.roles[role].column
        ledger.warnings.append(
            f"{role}: {counted(int(unread.sum()), 'value')} such as "
            f"{str(ledger.column(role)[unread].iloc[0])!r} in {name!r} that could not be read, now "
            + {"whole": "0", "flag": "False"}.get(kind, "missing")
        )
    if kind == "whole":
        ledger.set_aside(values < 0, f"negative {role}")
        values = values.fillna(0).round()
    return values.fillna(False).astype(bool) if kind == "flag" else values


def _visit_ids(ledger: Ledger, visits: pd.DataFrame) -> pd.Series:
    """The visit numbers; where there is none, a pause of over 30 minutes begins a visit."""
    given = visits.get("visit_id", pd.Series(None, index=visits.index, dtype="str"))
    if given.notna().all():
        return given
    ordered = visits.sort_values(["customer_id", "started_at"], kind="stable")
    pause = ordered.groupby("customer_id", sort=False)["started_at"].diff()
    number = (pause.isna() | (pause > GAP)).cumsum().reindex(visits.index)
    ledger.remarks.append(
        f"{counted(int(given.isna().sum()), 'row')} without a visit number: a pause of over 30 "
        "minutes begins a new visit"
    )
    return given.fillna("pause-" + number.astype("str"))


def unknown_customers(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Warn of side tables that hardly share a customer with the purchases."""
    if len(tables) == 1:
        return []
    buyers = tables["purchases"]["customer_id"].drop_duplicates()
    warnings = []
    for name, table in tables.items():
        if name == "purchases" or table.empty:
            continue
        if not buyers.isin(table["customer_id"].drop_duplicates()).any():
            warnings.append(
                f"no customer of purchases occurs in {name}: are the customer numbers the same?"
            )
    return warnings
