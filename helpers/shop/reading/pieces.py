"""A text file in pieces of whole lines, none of which cuts an order whose lines stand together."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from helpers.errors import ShopError

PIECE = 128 << 20  # bytes; what is read of them takes eight times as much memory
TAIL = 1 << 20  # bytes at the end of a piece in which the last order must begin


class Piece(NamedTuple):
    """Lines of a file under the file's own header.

    `lines_before` is how many lines of the file stand before the first one, less the header's.
    """

    text: bytes
    lines_before: int


class Form(NamedTuple):
    """How the lines of a file are to be cut: its header, the separator, the order's column."""

    header: bytes
    separator: str
    order: int | None


def cut(
    path: Path, form: Form, size: int = PIECE, progress: Callable[[int], object] = lambda _: None
) -> Iterator[Piece]:
    """Give the file piece by piece, each with the header on top.

    Args:
        path: A text file in an encoding whose line ends are single bytes (UTF-8, Windows …), or
            such a file packed with gzip.
        form: Its header and how its lines are read.
        size: Bytes of a piece, about.
        progress: Called with the number of bytes taken from the disk since the last call.

    Raises ShopError where a piece has no end of a line: a quotation mark never closes.
    """
    with path.open("rb") as disk:
        file: BinaryIO = gzip.open(disk) if path.suffix.lower() == ".gz" else disk  # type: ignore[assignment]
        file.read(len(form.header))
        rest, before, seen = b"", 0, 0
        while True:
            block = file.read(size)
            progress(disk.tell() - seen)
            seen = disk.tell()
            data = rest + block
            if not data.strip():
                return
            end = _border(data, form, path.name) if len(block) == size else len(data)
            yield Piece(form.header + data[:end], before)
            before += data[:end].count(b"\n")
            rest = data[end:]


def _border(data: bytes, form: Form, name: str) -> int:
    """Where the last order of `data` begins, or else its last whole line ends."""
    start = data.rfind(b"\n", 0, max(len(data) - TAIL, 0)) + 1
    while data.count(b'"', 0, start) % 2:  # within a quoted cell: that line began earlier
        start = data.rfind(b"\n", 0, start - 1) + 1
    rows, place, open_row = [], start, start
    for line in data[start:].splitlines(keepends=True):
        place += len(line)
        if line.endswith(b"\n") and data.count(b'"', open_row, place) % 2 == 0:
            rows.append((open_row, place))
            open_row = place
    if not rows:
        raise ShopError(
            "a quotation mark opens here and never closes",
            file=name,
            expected='quotation marks in pairs: "..."',
            remedy="look for a single one among the last lines that were read",
        )
    if form.order is None:
        return rows[-1][1]
    last = _order(data, rows[-1], form)
    for begin, end in reversed(rows[:-1]):
        if _order(data, (begin, end), form) != last:
            return end
    return rows[-1][1]  # an order of more than a megabyte, or one number throughout


def _order(data: bytes, row: tuple[int, int], form: Form) -> str:
    text = data[row[0] : row[1]].decode("utf-8", "replace")
    cells = next(csv.reader([text], delimiter=form.separator), [])
    return cells[form.order] if form.order is not None and form.order < len(cells) else ""
