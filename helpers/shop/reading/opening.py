"""From a path to a table of cells: which kind of file, which sheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.errors import ShopError, nearest
from helpers.shop.reading.cells import Source, empty_error, from_frame
from helpers.shop.reading.delimited import read_text
from helpers.shop.reading.records import read_records
from helpers.shop.reading.workbooks import is_workbook, read_workbook

TEXT = (".csv", ".tsv", ".txt", ".psv", ".tab")
JSON = (".json", ".jsonl", ".ndjson")
EXCEL = (".xlsx", ".xlsm", ".xls")
PARQUET = (".parquet", ".pq")
READABLE = (*TEXT, *JSON, *(f"{suffix}.gz" for suffix in (*TEXT, *JSON)), *EXCEL, *PARQUET)


def open_table(
    path: Path, told: frozenset[str] = frozenset(), encoding: str | None = None
) -> Source:
    """Read a text file, JSON, an Excel workbook or a Parquet file into a `Source`.

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
            expected="a table: CSV, Excel, JSON or Parquet",
            remedy="where you trust it, load it yourself and pass the DataFrame to shop.read",
        )
    if not kind.endswith(READABLE):
        raise ShopError(
            f"files ending in {kind or 'nothing'!r} are not read",
            file=path.name,
            expected="CSV, Excel, JSON or Parquet "
            f"({', '.join((*TEXT[:3], *EXCEL[:2], *JSON[:2], *PARQUET[:1]))})",
            remedy="save the table as CSV (UTF-8) and read that",
        )
    if path.stat().st_size == 0:
        raise empty_error(path.name)
    if kind in PARQUET:
        return _parquet(path)
    if kind == ".xls" and not is_workbook(path):
        return read_text(path, told, encoding)  # what many shop systems call .xls
    if kind in EXCEL:
        return read_workbook(path, told)
    if kind.removesuffix(".gz") in JSON:
        return read_records(path, encoding)
    return read_text(path, told, encoding)


def _parquet(path: Path) -> Source:
    try:
        # Arrow types: whole numbers beside missing ones would else become floats.
        frame = pd.read_parquet(path, dtype_backend="pyarrow")
    except Exception as error:  # damaged bytes end in errors of Arrow, JSON, pandas and more
        raise ShopError(
            "this is not a Parquet file, whatever its name",
            file=path.name,
            expected="a file written by to_parquet or an export",
            remedy="export it again; if it was cut off while copying, copy it again",
        ) from error
    return from_frame(frame, path.name)


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
