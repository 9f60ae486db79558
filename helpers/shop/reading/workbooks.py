"""Excel workbooks: which sheets hold the table, and where in them it begins."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.reading import bounds
from helpers.shop.reading.bounds import check_bytes, check_cells, check_columns
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
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
# A formula at the end of a cell, or with an empty value after it.
_UNSTORED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)

Rows = dict[int, tuple]  # the cells of each filled line of a sheet, by its number


def read_workbook(path: Path, told: frozenset[str]) -> Source:
    """Read the sheet whose header is best known, and those with the same columns.

    Args:
        path: An existing workbook.
        told: Column names that the reader has given: a header that has them is the header.

    Raises:
        ShopError: It is none, protected, or empty.
    """
    every, hidden = _sheets(path)
    sheets = {title: rows for title, rows in every.items() if rows}
    if not sheets:
        raise empty_error(path.name)
    seen = {title: rows for title, rows in sheets.items() if title not in hidden}
    if any(_known(rows, told) for rows in seen.values()):
        sheets = seen  # what is hidden is an old state as a rule
    heads = {title: find_header(_first(rows), told) for title, rows in sheets.items()}
    tables = {title: head for title, head in heads.items() if head is not None}
    if not tables:
        tables = {next(iter(sheets)): _NO_NAMES}
    known = {title: _known(sheets[title], told) for title in tables}
    best = max(known, key=known.__getitem__)  # of equals the first
    read = {title: _sheet(path.name, sheets[title], head) for title, head in tables.items()}
    same = [title for title in read if list(read[title].frame) == list(read[best].frame)]
    source = _below_each_other({title: read[title] for title in same})
    if source.frame.empty:
        raise empty_error(path.name)
    others = [title for title in sheets if title not in same]
    unread = {title: len(every[title]) for title in hidden if every[title] and title not in sheets}
    for title, rows in unread.items():
        source.warnings.append(f"the hidden sheet {title!r} ({counted(rows, 'row')}) was not read")
    for title in hidden & set(same):
        source.warnings.append(f"the sheet {title!r} is hidden in the workbook, and was read")
    source.unstored = _formulas_without_values(path)
    if source.unstored:
        source.warnings.append(source.unstored)
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


def _known(rows: Rows, told: frozenset[str]) -> int:
    """How many names of columns are known in the header of a sheet."""
    start = find_header(_first(rows), told)
    head = _first(rows)[start or 0]
    return recognized([str(cell) for cell in head], told)


def _first(rows: Rows) -> list[tuple]:
    """The first fifty lines of a sheet, blank ones included."""
    return [rows.get(line, ()) for line in range(1, 51)]


def _sheets(path: Path) -> tuple[dict[str, Rows], set[str]]:
    """The filled rows of each sheet by its title, and which sheets are hidden."""
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
            with zipfile.ZipFile(file) as packed:
                unpacked = sum(part.file_size for part in packed.infolist())
                check_bytes(unpacked, path.name, bounds.MOST_BYTES)
                check_cells(_texts(packed), None, path.name)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            hidden = {s.title for s in book.worksheets if s.sheet_state != "visible"}
            return _read_sheets(book.worksheets, path.name), hidden
    except (ShopError, MemoryError):
        raise
    except Exception as error:  # damaged bytes end in errors of zlib, XML and more
        raise ShopError(
            "the workbook is damaged"
            if zipfile.is_zipfile(path)
            else "this is not an Excel workbook, whatever its name",
            file=path.name,
            expected="an .xlsx workbook",
            remedy="open it in Excel and save it again as .xlsx, or save it as CSV",
        ) from error


def _texts(packed: zipfile.ZipFile) -> int:
    """How many texts a workbook holds beside its sheets: openpyxl makes all of them before the
    first row is read, nine seconds a million."""
    found = 0
    for part in packed.namelist():
        if part.startswith("xl/worksheets/") or not part.endswith(".xml"):
            continue
        with packed.open(part) as file:
            before = b""
            while chunk := before + file.read(1 << 20):
                if chunk == before:  # the end
                    break
                cut = chunk.rfind(b"<", len(chunk) - 64)  # a tag that the next chunk ends
                cut = len(chunk) if cut < 0 else cut
                found += len(_TEXT.findall(chunk, 0, cut))
                before = chunk[cut:]
    return found


def _read_sheets(sheets: Iterable, name: str) -> dict[str, Rows]:
    """Read sheets up to a limit of cells; of each row up to its last filled cell."""
    read: dict[str, Rows] = {}
    cells = 0
    for sheet in sheets:
        sheet.reset_dimensions()  # some writers give a wrong size, which cuts rows off
        rows = read[sheet.title] = {}
        for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells += len(row)
            check_cells(cells, line, name)
            width = len(row)
            while width and row[width - 1] is None:
                width -= 1
            if width:
                rows[line] = row[:width]
    return read


def _formulas_without_values(path: Path) -> str:
    """What there is to say of formulas that no program has worked out, "" where all have values."""
    found = 0
    with zipfile.ZipFile(path) as packed:
        for part in packed.namelist():
            if not part.startswith("xl/worksheets/"):
                continue
            before = b""
            with packed.open(part) as file:
                while chunk := file.read(1 << 20):
                    chunk = before + chunk
                    cut = chunk.rfind(b"</row>") + 1  # rows are counted whole
                    if not cut and b"c>" in chunk:  # a row longer than a chunk: cells are
                        cut = chunk.rfind(b"c>") + 2
                    found += len(_UNSTORED.findall(chunk, 0, cut))
                    before = chunk[cut:]
            found += len(_UNSTORED.findall(before))
    if not found:
        return ""
    return (
        f"{counted(found, 'formula')} without a value, as programs write them: read as empty. Open "
        "the workbook in Excel or LibreOffice and save it, and the values are in it"
    )


def is_workbook(path: Path) -> bool:
    """Whether a file begins as an Excel workbook, old or new, does."""
    return _start(path).startswith((_OLE, b"PK"))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_OLE))


def _sheet(name: str, rows: Rows, start: int) -> Source:
    """Make a table of a sheet; title rows above its header are skipped."""
    table = {line: row for line, row in rows.items() if line > start}
    filled = {place for row in table.values() for place, cell in enumerate(row) if cell is not None}
    check_columns(len(filled), name)
    places = sorted(filled)
    body = pd.DataFrame(
        [[row[at] if at < len(row) else None for at in places] for row in table.values()],
        dtype=object,
    )
    body = body.where(~body.isin(_CELL_ERRORS), None).dropna(axis=1, how="all")
    if start == _NO_NAMES:
        names = unique([""] * body.shape[1])
    else:
        names = unique([" ".join(as_name(cell).split()) for cell in body.iloc[0]])
        body = body.iloc[1:]
        table.pop(start + 1)
    frame = body.set_axis(names, axis=1).reset_index(drop=True)
    lines = np.array([*table], dtype="int64")
    blank = max(rows) - start - 1 - len(lines)
    source = Source(name, frame, lines, np.zeros(len(frame), dtype=bool), header=start + 1)
    source = without_blank_rows(source, blank)
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
