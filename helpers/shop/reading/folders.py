"""Which file of a folder holds which table."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from helpers.errors import ShopError
from helpers.shop.reading.names import plain
from helpers.shop.reading.opening import READABLE
from helpers.shop.reading.vocabulary import FILES
from helpers.shop.tables import Shop

_NO_FILES = ("~$", ".")  # ~$orders.xlsx is the lock of an open workbook
_WORDS = {word: table for table, names in FILES.items() for word in names.split()}


def table_of(name: str) -> str | None:
    """Return the table that a file of a folder holds by its name, None where it says none."""
    return _WORDS.get(plain(name.split(".")[0]))


def files_of(folder: Path) -> dict[str, Path]:
    """Find the table that each file of a folder holds, by its name."""
    found: dict[str, Path] = {}
    files = [
        file
        for file in sorted(folder.iterdir())
        if file.name.lower().endswith(READABLE) and not file.name.startswith(_NO_FILES)
    ]
    tables = {file: table_of(file.name) for file in files}
    if not {"purchases", "lines", "events"} & set(tables.values()):
        # olist_orders_dataset: the word stands within the name
        tables = {file: _word_within(file.name.split(".")[0]) for file in files}
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


def _word_within(stem: str) -> str | None:
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
    return next((_WORDS[run] for run in runs if run in _WORDS), None)


def name_unread(shop: Shop, folder: Path, found: dict[str, Path]) -> Shop:
    """Add the files that were left alone to the report."""
    read_files = set(found.values())
    others = [
        repr(file.name)
        for file in sorted(folder.iterdir())
        if file not in read_files and not file.name.startswith(_NO_FILES)
    ]
    if not others:
        return shop
    said = f"not read (no name of a table): {', '.join(others[:8])}"
    return replace(shop, report=replace(shop.report, remarks=(*shop.report.remarks, said)))
