"""Excel workbooks: which sheets hold the table, and where in them it begins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.errors import ShopError
from helpers.shop.reading.cells import (
    Source,
    as_name,
    empty_error,
    find_header,
    say_skipped,
    unique,
    without_blank_rows,
)
from helpers.shop.reading.names import recognized

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how old .xls and encrypted workbooks begin
_CELL_ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!")
_NO_NAMES = -1


def read_workbook(path: Path, told: frozenset[str]) -> Source:
    """Read the sheet whose header is best known, and those with the same columns.

    Args:
        path: An existing workbook.
        told: Column names that the reader has given: a header that has them is the header.

    Raises:
        ShopError: It is none, protected, or empty.
    """
    sheets = {title: rows for title, rows in _sheets(path).items() if _filled(rows)}
    if not sheets:
        raise empty_error(path.name)
    heads = {title: find_header(rows, told) for title, rows in sheets.items()}
    tables = {title: head for title, head in heads.items() if head is not None}
    if not tables:
        tables = {next(iter(sheets)): _NO_NAMES}
    known = {
        title: recognized([str(cell) for cell in sheets[title][max(head, 0)]], told)
        for title, head in tables.items()
    }
    best = max(known, key=known.__getitem__)  # of equals the first
    read = {title: _sheet(path.name, sheets[title], head) for title, head in tables.items()}
    same = [title for title in read if list(read[title].frame) == list(read[best].frame)]
    source = _below_each_other({title: read[title] for title in same})
    if source.frame.empty:
        raise empty_error(path.name)
    others = [title for title in sheets if title not in same]
    if len(same) > 1:
        said = f"sheets {' and '.join(map(repr, same))} were read"
    else:
        said = f"sheet {best!r} was read"
        source.name = f"{path.name}, sheet {best!r}" if others else path.name
    if others:
        said += f"; not read: {', '.join(map(repr, others))}"
    if others or len(same) > 1:
        source.remarks.insert(0, said)
    return source


def _sheets(path: Path) -> dict[str, list[tuple]]:
    """The rows of each sheet by its title."""
    import openpyxl  # takes a fifth of a second, and few files are workbooks

    if _start(path).startswith(_OLE):
        old = path.suffix.lower() == ".xls"
        raise ShopError(
            "this is a workbook of Excel 2003 or older"
            if old
            else "the workbook is protected by a password, or is an old .xls under a new name",
            file=path.name,
            expected="an .xlsx workbook without a password",
            remedy="open it in Excel or LibreOffice and save it as .xlsx"
            if old
            else "open it in Excel, remove the password (File > Info), save it as .xlsx or CSV",
        )
    if path.name.startswith("~$"):
        raise ShopError(
            "this is not a workbook but the mark that somebody has one open",
            file=path.name,
            expected="the workbook itself",
            remedy=f"read {path.name.removeprefix('~$')!r}",
        )
    try:
        with path.open("rb") as file:  # opened here: the name of an .xls would be refused
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # some writers give a wrong size, which cuts rows off
            return {s.title: list(s.iter_rows(values_only=True)) for s in book.worksheets}
    except Exception as error:  # damaged bytes end in errors of zlib, XML and more
        raise ShopError(
            "this is not an Excel workbook, whatever its name",
            file=path.name,
            expected="an .xlsx workbook",
            remedy="open it in Excel and save it again as .xlsx, or save it as CSV",
        ) from error


def is_workbook(path: Path) -> bool:
    """Whether a file begins as an Excel workbook, old or new, does."""
    return _start(path).startswith((_OLE, b"PK"))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_OLE))


def _filled(rows: list[tuple]) -> bool:
    return any(cell is not None for row in rows for cell in row)


def _sheet(name: str, rows: list[tuple], start: int) -> Source:
    """Make a table of a sheet; title rows above its header are skipped."""
    width = max(map(len, rows[max(start, 0) :]))
    body = pd.DataFrame(
        [[*row, *[None] * (width - len(row))] for row in rows[max(start, 0) :]], dtype=object
    )
    body = body.where(~body.isin(_CELL_ERRORS), None).dropna(axis=1, how="all")
    if start == _NO_NAMES:
        names = unique([""] * body.shape[1])
    else:
        names = unique([" ".join(as_name(cell).split()) for cell in body.iloc[0]])
        body = body.iloc[1:]
    frame = body.set_axis(names, axis=1).reset_index(drop=True)
    lines = np.arange(start + 2, start + 2 + len(frame))
    source = Source(name, frame, lines, np.zeros(len(frame), dtype=bool), header=start + 1)
    source = without_blank_rows(source)
    say_skipped(source)
    return source


def _below_each_other(parts: dict[str, Source]) -> Source:
    """Join sheets with the same columns into one table; each row keeps its sheet and line."""
    first = next(iter(parts.values()))
    if len(parts) == 1:
        return first
    return Source(
        first.name,
        pd.concat([part.frame for part in parts.values()], ignore_index=True),
        np.concatenate([part.line for part in parts.values()]),
        np.concatenate([part.broken for part in parts.values()]),
        [f"{name!r}: {said}" for name, part in parts.items() for said in part.remarks],
        sheet=np.repeat(np.array([*parts], object), [len(part.frame) for part in parts.values()]),
        header=first.header,
    )
