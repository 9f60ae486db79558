"""Text files: their encoding, their separator, their lines."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from helpers.errors import ShopError
from helpers.shop.reading import bounds
from helpers.shop.reading.bounds import check_bytes, check_columns
from helpers.shop.reading.cells import (
    Source,
    empty_error,
    find_header,
    say_skipped,
    unique,
    without_blank_rows,
)
from helpers.shop.reading.distinct import in_categories
from helpers.shop.reading.encodings import to_utf8
from helpers.shop.reading.lines import SEPARATORS, cells_of, rewritten

_PAGE = re.compile(rb"(?i)\s*<(?:\?xml|!doctype|html|head|meta|table)\b")
_SAMPLE = 200  # lines looked at to find separator and header


def read_text(path: Path, told: frozenset[str], encoding: str | None = None) -> Source:
    """Read a text file as text: every cell as it stands."""
    data, remarks = to_utf8(unpacked(path), path.name, encoding)
    if _PAGE.match(data):
        raise ShopError(
            "this is a web page or XML, whatever its name",
            file=path.name,
            expected="lines of values separated by comma, semicolon or tab",
            remedy="open it in Excel or LibreOffice and save it as .xlsx or CSV",
        )
    lines = first_lines(data)
    if not any(line.strip() for line in lines):
        raise empty_error(path.name)
    data, how = rewritten(data, lines)
    remarks += how
    separator, rows = separator_of(first_lines(data) if how else lines, path.name)
    start = find_header(rows, told)
    start, header = (-1, []) if start is None else (start, rows[start])
    # A line break within a cell of the header, or above it, is a line of the file too.
    above = sum(cell.count("\n") for row in rows[: max(start, 0)] for cell in row)
    breaks = above + sum(cell.count("\n") for cell in header)
    width = Counter(len(row) for row in rows[max(start, 0) :] if row).most_common(1)[0][0]
    width = max(width, len(header))
    check_columns(width, path.name)
    names = unique([" ".join(name.split()) for name in [*header, *[""] * width][:width]])
    line_ends = data.count(b"\n")
    columns, bad = _split(data, names, separator, start + 1 + breaks, path.name)
    del data  # a large file is not kept beside its columns
    source = _restore(path.name, columns, bad, start + breaks, separator)
    pa.default_memory_pool().release_unused()
    if line_ends > len(source.frame) + start + breaks + 1:
        source.line = _physical_lines(source, separator)
    source.header = start + 1 + above
    source = without_blank_rows(source)
    if source.frame.empty:
        raise empty_error(path.name)
    source.remarks += remarks
    if separator != ",":
        word = {"\t": "tab"}.get(separator, repr(separator))
        source.remarks.append(f"columns separated by {word}")
    source.decimal = "," if separator == ";" else None
    say_skipped(source)
    return source


def _split(
    data: bytes, names: list[str], separator: str, skipped: int, name: str
) -> tuple[dict[str, pa.ChunkedArray], list[tuple[int, str]]]:
    """Split a file into columns of text; return them, and apart the rows of another width."""
    bad: list[tuple[int, str]] = []

    def keep_aside(row: pyarrow.csv.InvalidRow) -> str:
        bad.append((row.number, row.text))
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            pa.py_buffer(data),
            # One thread: only then are the invalid rows numbered.
            pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=1 << 24,
                skip_rows=skipped,
                column_names=names,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep_aside,
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        reason = "one is longer than 16 MB" if "straddling" in str(error) else error
        raise ShopError(
            f"the lines cannot be split into columns ({reason})",
            file=name,
            expected=f"values separated by {separator!r}",
            remedy="look for a quotation mark that opens and never closes",
        ) from error
    return dict(zip(names, table.columns, strict=True)), bad


def first_lines(data: bytes) -> list[str]:
    text = io.StringIO(data[: 1 << 20].decode("utf-8", "ignore"), None)
    lines = list(itertools.islice(text, _SAMPLE))
    if len(data) > 1 << 20 and 1 < len(lines) < _SAMPLE:
        lines.pop()  # it was cut
    return lines


def unpacked(path: Path) -> bytes:
    """Return the bytes of a file, unpacked where it is a .gz."""
    if path.suffix.lower() != ".gz":
        return path.read_bytes()
    whole = io.BytesIO()  # gives its bytes away without a copy
    try:
        with path.open("rb") as packed, gzip.open(packed) as file:
            while chunk := file.read(1 << 20):
                whole.write(chunk)
                check_bytes(whole.tell(), path.name, bounds.MOST_BYTES)
        return whole.getvalue()
    except PermissionError:
        raise
    except (EOFError, OSError, zlib.error) as error:
        raise ShopError(
            "the compressed file cannot be unpacked: it was cut off, or is no .gz",
            file=path.name,
            expected="a whole file that gzip has written",
            remedy="copy or download it again, or unpack it yourself and read the .csv",
        ) from error


def separator_of(lines: list[str], name: str) -> tuple[str, list[list[str]]]:
    """Return the separator under which most lines have the same number (over one) of cells."""
    best: tuple[float, int, str, list[list[str]]] | None = None
    for separator in SEPARATORS:
        try:
            rows = cells_of(lines, separator)
        except csv.Error:  # a cell beyond all measure: not with this separator
            continue
        if len(rows) > 1 and len(lines) == _SAMPLE:
            rows = rows[:-1]  # the sample may end within a quoted cell
        widths = Counter(len(row) for row in rows if any(row))
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        if width > 1:
            score = (count / sum(widths.values()), width, separator, rows)
            best = max(best, score, key=lambda item: item[:2]) if best else score
    if best is None or best[0] < 0.5:
        raise ShopError(
            "this is not a table: the lines do not fall into columns",
            file=name,
            expected="lines of values separated by comma, semicolon, tab or |",
            remedy="open the file and see whether it is the export that you meant",
        )
    return best[2], best[3]


def _restore(
    name: str,
    columns: dict[str, pa.ChunkedArray],
    bad: list[tuple[int, str]],
    start: int,
    separator: str,
) -> Source:
    """Put rows of unequal length back in their place: short ones filled, long ones marked.

    `columns` is empty afterwards: each column's text is released as soon as it is in categories.
    """
    width, cells, broken = len(columns), [], []
    for number, text in bad:
        if text.count("\n") > 5:
            raise _open_quote(name, int(number))
        row = next(iter(cells_of(io.StringIO(text), separator)), [])
        broken.append(any(row[width:]))
        if broken[-1]:
            row = [*row[: width - 1], separator.join(row[width - 1 :])]
        cells.append([cell or None for cell in [*row, *[""] * width][:width]])

    def encoded(place: int, column: str) -> pd.Series:
        added = pa.array([row[place] for row in cells], pa.string())
        return in_categories(pa.chunked_array([*columns.pop(column).chunks, added]))

    names = list(columns)
    with ThreadPoolExecutor() as pool:
        frame = pd.DataFrame(dict(zip(names, pool.map(encoded, range(width), names), strict=True)))
    records = np.arange(start + 2, start + 2 + len(frame))
    numbers = np.array([number for number, _ in bad], dtype="int64")
    source = Source(name, frame, records, np.zeros(len(frame), dtype=bool))
    if bad:
        source.line = np.concatenate([records[~np.isin(records, numbers)], numbers])
        source.broken[-len(bad) :] = broken
        order = np.argsort(source.line, kind="stable")
        source.frame = frame.iloc[order].reset_index(drop=True)
        source.line, source.broken = source.line[order], source.broken[order]
    return source


def _physical_lines(source: Source, separator: str) -> np.ndarray:
    """Shift line numbers by the line breaks inside the cells above; refuse swallowed lines."""
    inside = np.zeros(len(source.frame), dtype="int64")
    width = source.frame.shape[1]
    for name in source.frame:
        column = source.frame[name]
        breaks = column.str.count("\n").fillna(0).to_numpy("int64")
        long = np.flatnonzero(breaks > 1)
        # A cell that holds lines with as many separators as the table is several lines swallowed.
        for row in long[:1000]:
            whole = [part.count(separator) >= width - 1 for part in column.iloc[row].split("\n")]
            if sum(whole) > 1:
                raise _open_quote(source.name, int((source.line + _shift(inside))[row]))
        inside += breaks
    return source.line + _shift(inside)


def _shift(inside: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(inside)[:-1]])


def _open_quote(name: str, row: int) -> ShopError:
    return ShopError(
        "a quotation mark opens here and never closes",
        file=name,
        row=row,
        expected='quotation marks in pairs: "..."',
        remedy="remove or close the quotation mark in this line",
    )
