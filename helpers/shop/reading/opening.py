"""From a path to a table of cells: which kind of file, which sheet."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.errors import ShopError, nearest
from helpers.shop.reading.cells import (
    Source,
    as_name,
    empty_error,
    find_header,
    from_frame,
    no_header_error,
    say_skipped,
    unique,
    without_blank_rows,
)
from helpers.shop.reading.delimited import read_text
from helpers.shop.reading.names import recognized

TEXT = (".csv", ".tsv", ".txt", ".psv", ".tab")
EXCEL = (".xlsx", ".xlsm")
PARQUET = (".parquet", ".pq")
READABLE = (*TEXT, *(f"{suffix}.gz" for suffix in TEXT), *EXCEL, *PARQUET)
_CELL_ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how old .xls and encrypted workbooks begin


def open_table(
    path: Path, told: frozenset[str] = frozenset(), encoding: str | None = None
) -> Source:
    """Read a text file, Excel workbook or Parquet file into a `Source`.

    Args:
        path: An existing file.
        told: Column names that the reader has given: a header that has them is the header.
        encoding: That of a text file, None to let the data decide.

    Raises:
        ShopError: The file is empty, of another kind, broken, or not a table.
    """
    kind = "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()
    if kind in (".pkl", ".pickle", ".joblib"):
        raise ShopError(
            "a pickle is a program, and opening one from elsewhere runs it: it is not read",
            file=path.name,
            expected="a table: CSV, Excel or Parquet",
            remedy="where you trust it, load it yourself and pass the DataFrame to shop.read",
        )
    if not kind.endswith(READABLE):
        raise ShopError(
            f"files ending in {kind or 'nothing'!r} are not read",
            file=path.name,
            expected=f"CSV, Excel or Parquet ({', '.join((*TEXT[:3], *EXCEL, *PARQUET))})",
            remedy="save the table as CSV (UTF-8) and read that",
        )
    if path.stat().st_size == 0:
        raise empty_error(path.name)
    if kind in PARQUET:
        return _parquet(path)
    if kind in EXCEL:
        return _excel(path, told)
    return read_text(path, told, encoding)


def _parquet(path: Path) -> Source:
    try:
        # Arrow types: whole numbers beside missing ones would else become floats.
        frame = pd.read_parquet(path, dtype_backend="pyarrow")
    except (OSError, ValueError, pa.ArrowException) as error:
        raise ShopError(
            "this is not a Parquet file, whatever its name",
            file=path.name,
            expected="a file written by to_parquet or an export",
            remedy="export it again; if it was cut off while copying, copy it again",
        ) from error
    return from_frame(frame, path.name)


def _excel(path: Path, told: frozenset[str]) -> Source:
    """Read the sheet that is best known, and those with the same columns; see `_sheet`."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    head = path.read_bytes()[:8]
    if head.startswith(_OLE):
        raise ShopError(
            "the workbook is protected by a password, or is an old .xls under a new name",
            file=path.name,
            expected="an .xlsx workbook without a password",
            remedy="open it in Excel, remove the password (File > Info), save it as .xlsx or CSV",
        )
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some writers give a wrong size, which would cut rows off
        sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
        book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise ShopError(
            "this is not an Excel workbook, whatever its name",
            file=path.name,
            expected="an .xlsx workbook",
            remedy="open it in Excel and save it again as .xlsx, or save it as CSV",
        ) from error
    heads = {title: find_header(rows, told) for title, rows in sheets.items() if rows}
    tables = {title: head for title, head in heads.items() if head is not None}
    if not tables:
        if not any(cell is not None for rows in sheets.values() for row in rows for cell in row):
            raise empty_error(path.name)
        raise no_header_error(path.name)
    # The sheet whose header is best known; of equals the first.
    title = max(
        tables, key=lambda name: recognized([str(c) for c in sheets[name][tables[name]]], told)
    )
    parts = {title: _sheet(path.name, sheets[title], tables[title])}
    for name, start in tables.items():
        other = _sheet(path.name, sheets[name], start) if name != title else None
        if other is not None and list(other.frame) == list(parts[title].frame):
            parts[name] = other
    parts = {name: parts[name] for name in sheets if name in parts}
    source = _below_each_other(parts)
    if source.frame.empty:
        raise empty_error(path.name)
    others = [name for name in sheets if name not in parts]
    if others or len(parts) > 1:
        read = " and ".join(map(repr, parts))
        said = f"sheets {read} were read" if len(parts) > 1 else f"sheet {read} was read"
        rest = f"; not read: {', '.join(map(repr, others))}" if others else ""
        source.remarks.insert(0, said + rest)
    return source


def _sheet(name: str, rows: list[tuple], start: int) -> Source:
    """Make a table of a sheet; title rows above its header are skipped."""
    width = max(map(len, rows[start:]))
    body = pd.DataFrame(
        [[*row, *[None] * (width - len(row))] for row in rows[start:]], dtype=object
    )
    body = body.where(~body.isin(_CELL_ERRORS), None).dropna(axis=1, how="all")
    names = unique([as_name(cell) for cell in body.iloc[0]])
    frame = body.iloc[1:].set_axis(names, axis=1).reset_index(drop=True)
    lines = np.arange(start + 2, start + 2 + len(frame))
    source = without_blank_rows(Source(name, frame, lines, np.zeros(len(frame), dtype=bool)))
    say_skipped(source, start)
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
        sheet=np.repeat(list(parts), [len(part.frame) for part in parts.values()]),
    )


def existing(path: Path) -> Path:
    """Return `path` if it exists, else raise with the nearest name beside it."""
    if path.exists():
        return path
    beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    where = "" if path.parent.is_dir() else f" The folder {path.parent.name!r} does not exist."
    raise ShopError(
        f"there is no such file or folder.{where}{nearest(path.name, beside)}",
        file=path.name,
        expected="the path of a file or folder",
        remedy="check the name, and the folder that the notebook runs in",
    )
