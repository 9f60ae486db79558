"""The reader's own data: a file, a folder or a DataFrame becomes a `Shop`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from helpers.errors import ShopError, nearest
from helpers.shop.reading import events, orders
from helpers.shop.reading.cells import Source, from_frame
from helpers.shop.reading.joining import add_people, join_lines
from helpers.shop.reading.ledger import Ledger, Wishes
from helpers.shop.reading.money import MONEY
from helpers.shop.reading.names import plain
from helpers.shop.reading.opening import READABLE, existing, open_table
from helpers.shop.reading.side_tables import read_side_table, unknown_customers
from helpers.shop.reading.vocabulary import FILES
from helpers.shop.report import Report
from helpers.shop.tables import SCHEMA, Shop, conform

_ROLES = {
    "email",
    *MONEY,
    *orders.ROLES,
    *events.ROLES,
    *(role for table in SCHEMA.values() for role in table),
}


def read(
    source: str | os.PathLike | pd.DataFrame,
    columns: Mapping[str, str | None] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> Shop:
    """Read a shop of your own; the source itself is never changed.

    Args:
        source: A file (CSV, Excel, Parquet) or DataFrame of order lines or of events (view, cart,
            purchase), or a folder with `purchases` (or `orders`, `transactions`, `events`) and any
            of `visits`, `customers`, `campaigns`, `impressions`.
        columns: Role -> column where the names do not say it, such as
            `{"customer_id": "Kunde"}`; None as column switches a role off.
        day_first: Whether 03/04/2024 is April 3; None lets the data decide.
        decimal: The decimal sign, "." or ","; None lets the data decide.
        encoding: That of text files, such as "cp1250"; None lets the data decide.

    Returns:
        A shop whose `report` says how columns were understood and what became of every row, and
        whose `set_aside` holds the rows used nowhere.

    Raises:
        ShopError: The source cannot be read at all; the message says where, why, and what to do.
    """
    wishes = _wishes(columns, day_first, decimal)
    try:
        return _read(source, wishes, encoding)
    except ShopError:
        raise
    except Exception as error:  # nothing but a sentence reaches the reader
        raise ShopError(
            f"this could not be read, for a reason not foreseen ({type(error).__name__}: {error})",
            file=Path(source).name if isinstance(source, str | os.PathLike) else "DataFrame",
            expected="a table of orders",
            remedy="save the table as CSV (UTF-8) and read that; and please report what happened",
        ) from error


def _read(source: str | os.PathLike | pd.DataFrame, wishes: Wishes, encoding: str | None) -> Shop:
    """Open what `source` names and read it."""
    if isinstance(source, pd.DataFrame):
        return _shop("DataFrame", {"": from_frame(source, "DataFrame")}, wishes)
    if not isinstance(source, str | os.PathLike):
        raise ShopError(
            f"a {type(source).__name__} cannot be read",
            expected="the path of a file or folder, or a pandas DataFrame",
            remedy="pandas.DataFrame(...) makes a table of most things",
        )
    path = existing(Path(source))
    told = frozenset(column for column in wishes.columns.values() if column)
    if path.is_dir():
        found = _files_of(path)
        sources = {table: open_table(file, told, encoding) for table, file in found.items()}
        shop = _shop(path.name, sources, wishes)
        return _name_unread(shop, path, found)
    return _shop(path.stem, {"": open_table(path, told, encoding)}, wishes)


def _wishes(
    columns: Mapping[str, str | None] | None, day_first: bool | None, decimal: str | None
) -> Wishes:
    """Check what the reader has said."""
    if columns is not None and not isinstance(columns, Mapping):
        raise ShopError(
            f"columns= is a {type(columns).__name__}",
            expected="a dictionary of role and column",
            remedy='write columns={"customer_id": "Kunde"}',
        )
    if decimal not in (None, ".", ","):
        raise ShopError(
            f"decimal= is {decimal!r}",
            expected='"." or ","',
            remedy="leave it out to let the data decide",
        )
    told = {role: None if name is None else str(name) for role, name in (columns or {}).items()}
    for role in told:
        if role not in _ROLES:
            raise ShopError(
                f"{role!r} is not a role that a column can play.{nearest(role, _ROLES)}",
                expected=f"columns={{role: column}} with roles such as {', '.join(orders.ROLES)}",
                remedy='write the role first, then your column: {"customer_id": "Kunde"}',
            )
    return Wishes(told, day_first, decimal)


def column_names(source: str | os.PathLike) -> list[str]:
    """The names of the columns of a file, or of all readable tables of a folder, in order.

    Raises ShopError where the file cannot be opened as a table.
    """
    path = existing(Path(source))
    files = _files_of(path).values() if path.is_dir() else [path]
    names = [str(name) for file in files for name in open_table(file).frame.columns]
    return list(dict.fromkeys(names))


def _files_of(folder: Path) -> dict[str, Path]:
    """Find the table that each file of a folder holds, by its name."""
    words = {word: table for table, names in FILES.items() for word in names.split()}
    found: dict[str, Path] = {}
    files = [
        file
        for file in sorted(folder.iterdir())
        # ~$orders.xlsx is the lock of an open workbook
        if file.name.lower().endswith(READABLE) and not file.name.startswith(("~$", "."))
    ]
    stems = {file: file.name.split(".")[0] for file in files}
    tables = {file: words.get(plain(stem)) for file, stem in stems.items()}
    if not {"purchases", "lines", "events"} & set(tables.values()):
        # olist_orders_dataset: the word stands within the name
        tables = {file: _word_within(stem, words) for file, stem in stems.items()}
    for file, table in tables.items():
        if table in found:
            raise ShopError(
                f"two files could be {table}: {found[table].name!r} and {file.name!r}",
                file=folder.name,
                expected=f"one file with {table}",
                remedy="move one of them out of the folder",
            )
        if table:
            found[table] = file
    if "lines" in found and "purchases" not in found:
        found["purchases"] = found.pop("lines")
    if "purchases" not in found and "events" not in found:
        listed = ", ".join(repr(file.name) for file in files[:8]) or "no table at all"
        raise ShopError(
            f"the folder has no purchases; it has {listed}",
            file=folder.name,
            expected="purchases.csv (or orders, transactions, events; or .parquet, .xlsx)",
            remedy="give the file with the orders one of these names, or read that file by itself",
        )
    if "events" in found and "visits" in found:
        raise ShopError(
            f"visits would come twice: from {found['events'].name!r} and {found['visits'].name!r}",
            file=folder.name,
            expected="events or visits",
            remedy="move one of them out of the folder",
        )
    return found


def _word_within(stem: str, words: dict[str, str]) -> str | None:
    """Return the table of the longest run of words in a file's name that is known."""
    parts = re.split(r"[\W_]+", stem)
    runs = sorted(
        (
            "".join(map(plain, parts[start:end]))
            for start in range(len(parts))
            for end in range(start + 1, len(parts) + 1)
        ),
        key=len,
        reverse=True,
    )
    return next((words[run] for run in runs if run in words), None)


def _name_unread(shop: Shop, folder: Path, found: dict[str, Path]) -> Shop:
    """Add the files that were left alone to the report."""
    read_files = set(found.values())
    others = [repr(file.name) for file in sorted(folder.iterdir()) if file not in read_files]
    if not others:
        return shop
    said = f"not read (no name of a table): {', '.join(others[:8])}"
    return replace(shop, report=replace(shop.report, remarks=(*shop.report.remarks, said)))


def _shop(name: str, sources: dict[str, Source], wishes: Wishes) -> Shop:
    """Read every source by its table ("" for a single one: orders or events) and join them."""
    _check_told(sources, wishes)
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
        here = replace(wishes, columns=_told_here(source, wishes))
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
                tables["purchases"] = bought
        else:
            tables["purchases"], ledger = orders.read_orders(source, here)
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
    exact = tables["purchases"]["amount"].sum()
    tables = {table: conform(tables[table], table) for table in SCHEMA if table in tables}
    rounded = tables["purchases"]["amount"].sum() - exact
    if abs(rounded) >= 0.005:
        ledgers[-1].remarks.append(
            f"every line is rounded to the cent, which makes {rounded:+,.2f} in all"
        )
    return Shop(
        name=name,
        **tables,
        report=_report(name, ledgers, unknown_customers(tables)),
        set_aside=pd.concat([ledger.rows_aside() for ledger in ledgers], ignore_index=True),
        notes=_notes(tables),
    )


def _check_told(sources: dict[str, Source], wishes: Wishes) -> None:
    """A column that the reader names must stand in one of the sources."""
    names = [name for source in sources.values() for name in source.frame.columns]
    for role, column in wishes.columns.items():
        if column is not None and column not in names:
            raise ShopError(
                f"there is no column {column!r} for {role}.{nearest(column, names)}",
                file=", ".join(source.name for source in sources.values()),
                column=column,
                expected=f"one of {', '.join(map(repr, names[:20]))}",
                remedy=f'write columns={{"{role}": "..."}} with one of these names',
            )


def _told_here(source: Source, wishes: Wishes) -> dict[str, str | None]:
    return {
        role: column
        for role, column in wishes.columns.items()
        if column is None or column in source.frame.columns
    }


def _report(name: str, ledgers: list[Ledger], warnings: list[str]) -> Report:
    several = len(ledgers) > 1

    def said(ledger: Ledger, sentences: list[str]) -> list[str]:
        once = dict.fromkeys(sentences)
        return [f"{ledger.source.name}: {text}" if several else text for text in once]

    return Report(
        source=name if several else ledgers[0].source.name,
        rows=sum(len(ledger.frame) for ledger in ledgers),
        mapping=pd.concat([ledger.mapping() for ledger in ledgers], ignore_index=True),
        fates=pd.concat([ledger.fates() for ledger in ledgers], ignore_index=True),
        remarks=tuple(text for ledger in ledgers for text in said(ledger, ledger.remarks)),
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
    return tuple(notes)
