"""The reader's own data: a file, a folder or a DataFrame becomes a `Shop`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.customers import Customers
from helpers.shop.reading import customer_sums, customer_table, events, orders, people
from helpers.shop.reading.account import to_the_cent
from helpers.shop.reading.boundary import existing, foreseen
from helpers.shop.reading.cells import Source, from_frame
from helpers.shop.reading.distinct import out_of_categories
from helpers.shop.reading.folders import files_of, name_unread
from helpers.shop.reading.invisible import without_invisible
from helpers.shop.reading.joining import add_people, join_lines
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.opening import open_table
from helpers.shop.reading.roles import CUSTOMERS, roles
from helpers.shop.reading.row_kinds import is_customer_table
from helpers.shop.reading.side_tables import read_side_table, unknown_customers
from helpers.shop.reading.wishes import Wishes, check_told, told_here, wishes_of
from helpers.shop.report import Report
from helpers.shop.tables import SCHEMA, Shop, conform

_ROLES = {*CUSTOMERS, *roles("order", tuple(SCHEMA))}


def read(
    source: str | os.PathLike | pd.DataFrame,
    columns: Mapping[str, str | None] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    row_is: str | None = None,
) -> Shop | Customers:
    """Read a shop of your own, or its customers; the source itself is never changed.

    Args:
        source: A file (CSV, Excel, Parquet, JSON) or DataFrame of order lines or of events (view,
            cart, purchase), or a folder with `purchases` (or `orders`, `transactions`, `events`)
            and any of `visits`, `customers`, `campaigns`, `impressions`. A single table with one
            row a customer is recognized too.
        columns: Role -> column where the names do not say it, such as
            `{"customer_id": "Kunde"}`; None as column switches a role off.
        day_first: Whether 03/04/2024 is April 3; None lets the data decide.
        decimal: The decimal sign, "." or ","; None lets the data decide.
        encoding: That of text files, such as "cp1250"; None lets the data decide.
        row_is: What a row of a single table is, "order" (a line of one, or an event) or
            "customer"; None lets the data decide.

    Returns:
        A shop whose `report` says how columns were understood and what became of every row, and
        whose `set_aside` holds the rows used nowhere; of a table with one row a customer
        `Customers`, with the same account.

    Raises:
        ShopError: The source cannot be read at all; the message says where, why, and what to do.
    """
    wishes = wishes_of(columns, day_first, decimal, _ROLES, row_is)
    name = Path(source).name if isinstance(source, str | os.PathLike) else "DataFrame"
    with foreseen(name):
        return _read(source, wishes, encoding)


def _read(
    source: str | os.PathLike | pd.DataFrame, wishes: Wishes, encoding: str | None
) -> Shop | Customers:
    """Open what `source` names and read it."""
    if isinstance(source, pd.DataFrame):
        return _single("DataFrame", without_invisible(from_frame(source, "DataFrame")), wishes)
    if not isinstance(source, str | os.PathLike):
        raise ShopError(
            f"a {type(source).__name__} cannot be read",
            expected="the path of a file or folder, or a pandas DataFrame",
            remedy="pandas.DataFrame(...) makes a table of most things",
        )
    path = existing(Path(source))
    told = frozenset(column for column in wishes.columns.values() if column)
    if path.is_dir():
        found = files_of(path)
        sources = {table: open_table(file, told, encoding) for table, file in found.items()}
        shop = _shop(path.name, sources, wishes)
        return name_unread(shop, path, found)
    return _single(path.stem, open_table(path, told, encoding), wishes)


def _single(name: str, source: Source, wishes: Wishes) -> Shop | Customers:
    """Read a single table: orders, events or customers."""
    check_told({"": source}, wishes)
    if events.is_event_log(source, wishes) or not is_customer_table(source, wishes):
        return _shop(name, {"": source}, wishes)
    table, roles, ledger = customer_table.read_customer_table(source, wishes)
    who = people.of_table(ledger, table.index)
    return Customers(
        name,
        table,
        roles,
        _report(name, [ledger], []),
        ledger.rows_aside(),
        customer_sums.abilities(table, roles),
        who,
    )


def column_names(source: str | os.PathLike) -> list[str]:
    """The names of the columns of a file, or of all readable tables of a folder, in order.

    Raises ShopError where the file cannot be opened as a table.
    """
    with foreseen(Path(source).name):
        return _column_names(existing(Path(source)))


def _column_names(path: Path) -> list[str]:
    files = files_of(path).values() if path.is_dir() else [path]
    names = [str(name) for file in files for name in open_table(file).frame.columns]
    return list(dict.fromkeys(names))


def _shop(name: str, sources: dict[str, Source], wishes: Wishes) -> Shop:
    """Read every source by its table ("" for a single one: orders or events) and join them."""
    check_told(sources, wishes)
    tables: dict[str, pd.DataFrame] = {}
    ledgers: list[Ledger] = []
    if "lines" in sources:
        lines = sources.pop("lines")
        sources["purchases"], heads = join_lines(sources["purchases"], lines, wishes)
        if "customers" in sources:
            sources["purchases"] = add_people(sources["purchases"], sources["customers"])
        ledgers.append(heads)
    person = ""
    for table, source in sorted(sources.items(), key=lambda item: item[0] != "purchases"):
        here = replace(wishes, columns=told_here(source, wishes))
        if table == "customers" and person in source.frame:
            # the same customers as in the purchases
            here = replace(here, columns={"customer_id": person, **here.columns})
        if table in SCHEMA and table != "purchases":
            tables[table], ledger = read_side_table(source, table, here)
        elif table == "events" or events.is_event_log(source, here):
            bought, tables["visits"], ledger = events.read_events(
                source, here, with_purchases="purchases" not in sources or table == "purchases"
            )
            if bought is not None:
                tables["purchases"], money = bought, ledger
        else:
            tables["purchases"], ledger = orders.read_orders(source, here)
            money = ledger
        ledgers.append(ledger)
        person = person or ledger.roles["customer_id"].column
    if "purchases" not in tables:
        raise ShopError(
            "the events hold no purchase",
            file=ledgers[0].source.name,
            column=ledgers[0].roles["event_type"].column,
            expected="events such as view, cart, purchase",
            remedy="export the purchases too, or put them beside it as purchases.csv in a folder",
        )
    exact = tables["purchases"]["amount"].to_numpy(dtype="float64")
    tables = {
        table: conform(tables.pop(table).apply(out_of_categories), table)
        for table in SCHEMA
        if table in tables
    }
    who, said_of_who = people.of_shop(tables, ledgers)
    rounded = tables["purchases"]["amount"].to_numpy() - exact
    lines = int((~np.isclose(rounded, 0, atol=1e-6)).sum())
    if lines:
        made = f"{rounded.sum():+,.2f}" if abs(rounded.sum()) >= 0.005 else "next to nothing"
        money.remarks.append(
            f"{counted(lines, 'line')} rounded to the cent, which makes {made} in all"
        )
    report = _report(name, ledgers, unknown_customers(tables), said_of_who)
    return Shop(
        name=name,
        **tables,
        report=replace(report, money=to_the_cent(money.money, tables["purchases"])),
        set_aside=pd.concat([ledger.rows_aside() for ledger in ledgers], ignore_index=True),
        notes=_notes(tables),
        people=who,
        currency=money.currency,
    )


def _report(
    name: str, ledgers: list[Ledger], warnings: list[str], remarks: Sequence[str] = ()
) -> Report:
    several = len(ledgers) > 1

    def said(ledger: Ledger, sentences: list[str]) -> list[str]:
        once = dict.fromkeys(sentences)
        return [f"{ledger.source.name}: {text}" if several else text for text in once]

    return Report(
        source=name if several else ledgers[0].source.name,
        rows=sum(len(ledger.frame) for ledger in ledgers),
        mapping=pd.concat([ledger.mapping() for ledger in ledgers], ignore_index=True),
        fates=pd.concat([ledger.fates() for ledger in ledgers], ignore_index=True),
        remarks=(
            *(text for ledger in ledgers for text in said(ledger, ledger.remarks)),
            *remarks,
        ),
        warnings=(
            *(text for ledger in ledgers for text in said(ledger, ledger.warnings)),
            *warnings,
        ),
        columns=tuple(dict.fromkeys(str(name) for ledger in ledgers for name in ledger.frame)),
    )


def _notes(tables: dict[str, pd.DataFrame]) -> tuple[str, ...]:
    notes = [
        "Times are as written in the source; nothing was moved between time zones.",
    ]
    if "customers" not in tables or tables["customers"]["signed_up_at"].isna().all():
        notes.append(
            "Nobody's sign-up is known: the first order in the data need not be the first ever."
        )
    if "visits" not in tables:
        notes.append("Without visits there are no features of browsing and abandoned carts.")
    if not tables["purchases"]["amount"].any():
        notes.append("Nothing says what a purchase was worth: all amounts are 0.")
    return tuple(notes)
