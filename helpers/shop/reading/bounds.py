"""How much is opened: limits on what a small file can unpack to, each said in a sentence."""

from __future__ import annotations

from helpers.errors import ShopError

MOST_BYTES = 1 << 30  # unpacked; of short lines it takes several times as much memory
MOST_CELLS = 10_000_000  # of a workbook: a full sheet of nearly ten columns
MOST_ROWS = 1 << 20  # of a sheet, as in Excel
MOST_COLUMNS = 4_096


def check_bytes(unpacked: int, name: str, most: int) -> None:
    """Raise ShopError for a file that unpacks to more than `most` bytes."""
    if unpacked > most:
        raise ShopError(
            f"unpacked, the file is larger than {most:,} bytes: it was not opened further",
            file=name,
            expected="a table that fits in the memory of this computer",
            remedy="export a shorter span of time or fewer columns, or split the file",
        )


def check_cells(cells: int, row: int | None, name: str) -> None:
    """Raise ShopError for a workbook with more cells, or a sheet with more rows, than is read."""
    if cells > MOST_CELLS or (row or 0) > MOST_ROWS:
        much = f"{MOST_CELLS:,} cells" if cells > MOST_CELLS else f"{MOST_ROWS:,} rows in a sheet"
        raise ShopError(
            f"the workbook has more than {much}: it was not read further",
            file=name,
            row=row,
            expected="a workbook such as Excel can save",
            remedy="save the sheet with the orders as CSV (UTF-8) and read that",
        )


def check_columns(columns: int, name: str) -> None:
    """Raise ShopError for a table of more columns than are looked at."""
    if columns > MOST_COLUMNS:
        raise ShopError(
            f"the table has more than {MOST_COLUMNS:,} columns",
            file=name,
            expected="a row an order line or a customer, and a column for each thing known of it",
            remedy="look whether rows and columns were exchanged, or export fewer columns",
        )
