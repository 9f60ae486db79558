"""From a path to a table of cells: which kind of file, which sheet."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import ShopError
from helpers.shop.reading.boundary import existing, foreseen, no_folder
from helpers.shop.reading.cells import Source, empty_error
from helpers.shop.reading.delimited import read_text
from helpers.shop.reading.invisible import without_invisible
from helpers.shop.reading.parquet import read_parquet
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
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = "".join(suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:])
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
    with foreseen(path.name):
        return without_invisible(_open(existing(path), kind, told, encoding))


def _open(path: Path, kind: str, told: frozenset[str], encoding: str | None) -> Source:
    no_folder(path)
    if path.stat().st_size == 0:
        raise empty_error(path.name)
    if kind in PARQUET:
        return read_parquet(path)
    if kind == ".xls" and not is_workbook(path):
        return read_text(path, told, encoding)  # what many shop systems call .xls
    if kind in EXCEL:
        return read_workbook(path, told)
    if kind.removesuffix(".gz") in JSON:
        return read_records(path, encoding)
    return read_text(path, told, encoding)
