"""How the lines of a text file are to be cut, seen from its beginning."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Mapping
from pathlib import Path

from helpers.errors import ShopError
from helpers.shop.reading.boundary import existing, no_folder
from helpers.shop.reading.cells import empty_error, find_header
from helpers.shop.reading.delimited import first_lines, separator_of
from helpers.shop.reading.pieces import Form
from helpers.shop.reading.reader import read

SAMPLE = 4 << 20  # bytes


def form_of(
    path: Path, columns: Mapping[str, str | None] | None = None, encoding: str | None = None
) -> Form:
    """The header of a text file, its separator, and which column numbers the orders.

    Raises ShopError where the file is no table of lines, or its characters have more than one byte
    each (UTF-16).
    """
    no_folder(existing(path))
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    with opened(path, "rb") as file:
        data = file.read(SAMPLE)
    if not data.strip():
        raise empty_error(path.name)
    if b"\0" in data:
        raise ShopError(
            "its characters have two bytes (UTF-16), or it is no text: it cannot be cut into lines",
            file=path.name,
            expected="a text file such as CSV, in UTF-8",
            remedy="save it as UTF-8, or read it whole: shop.read",
        )
    lines = first_lines(data)
    separator, rows = separator_of(lines, path.name)
    start = find_header(rows, frozenset(name for name in (columns or {}).values() if name))
    if start is None:
        raise ShopError(
            "the columns have no names",
            file=path.name,
            row=1,
            expected="a first line such as customer_id,order_id,ordered_at,amount",
            remedy="add a line with the names of the columns at the top",
        )
    if any("\n" in cell for row in rows[: start + 1] for cell in row):
        raise ShopError(
            "a line break stands within a name of a column",
            file=path.name,
            expected="names in one line",
            remedy="write the names in one line, or read the file whole: shop.read",
        )
    header = b"".join(data.splitlines(keepends=True)[: start + 1])
    return Form(header, separator, _order_column(path.name, data, rows[start], columns, encoding))


def _order_column(
    name: str,
    data: bytes,
    header: list[str],
    columns: Mapping[str, str | None] | None,
    encoding: str | None,
) -> int | None:
    """The place of the order's number, else of the customer's; None where it is not known yet."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name.removesuffix(".gz")
        file.write_bytes(data[: data.rfind(b"\n") + 1])
        try:
            found = read(file, columns, encoding=encoding).report.mapping
        except ShopError:  # what the beginning does not say a whole piece may
            return None
    names = [" ".join(cell.split()) for cell in header]
    by_role = dict(zip(found["role"], found["column"], strict=True))
    for role in ("order_id", "customer_id"):
        if by_role.get(role) in names:
            return names.index(by_role[role])
    return None
