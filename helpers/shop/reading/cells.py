"""A table of cells as they stand in a file, and where its header is. Nothing is converted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.errors import ShopError, counted
from helpers.shop.reading.bounds import check_columns
from helpers.shop.reading.distinct import in_categories, labels
from helpers.shop.reading.names import recognized

_VALUE_LIKE = re.compile(r"[\s\d.,:/+\-()%€$£]*\d[\s\d.,:/+\-()%€$£TZ]*")


@dataclass
class Source:
    """A table of cells as they stand in a file.

    Attributes:
        name: File name for messages.
        frame: The cells under the columns' own names; text in categories (see `distinct`).
        line: Where each row stands, as a person counts (see `ShopError.row`).
        broken: Rows whose cells do not fit the columns.
        remarks: How it was read.
        warnings: What deserves a look.
        decimal: "," where the separator suggests decimal commas, else None.
        sheet: The sheet of each row where several were read.
        useless: Why a row can be used for nothing, "" where it can; None where all can.
        header: The line with the names of the columns, 0 where they have none.
        unstored: What there is to say of formulas without values, said too where a column fails.
    """

    name: str
    frame: pd.DataFrame
    line: np.ndarray
    broken: np.ndarray
    remarks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    decimal: str | None = None
    sheet: np.ndarray | None = None
    useless: np.ndarray | None = None
    header: int = 1
    unstored: str = ""


def from_frame(frame: pd.DataFrame, name: str) -> Source:
    """Take a DataFrame as a `Source`; a named index becomes columns, the frame is not changed."""
    check_columns(frame.shape[1], name)
    levels = [level for level in frame.index.names if level is not None]
    index = frame.index.to_frame(index=False)
    named = {level: index[level] for level in levels if level not in frame.columns}
    names = [" ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in frame]
    columns = [*named.values(), *(frame.iloc[:, place] for place in range(len(names)))]
    names = unique([*map(str, named), *names])
    cells = {
        name: _simple(c.reset_index(drop=True)) for name, c in zip(names, columns, strict=True)
    }
    if frame.empty:
        raise empty_error(name)
    frame = pd.DataFrame(cells)
    return Source(name, frame, np.arange(1, len(frame) + 1), np.zeros(len(frame), dtype=bool))


def _simple(column: pd.Series) -> pd.Series:
    """Return categories, Arrow and nullable types as plain ones; whole numbers stay exact."""
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        cells, codes = pd.Series(kind.categories), column.array.codes
        if pd.api.types.is_string_dtype(cells):  # never a text a row, however long it is
            return labels(cells, codes, column.index)
        if (codes < 0).any():
            # Only these types have room for a missing whole number or flag.
            roomy = {"i": "Int64", "u": "UInt64", "b": "boolean"}
            cells = cells.astype(roomy.get(cells.dtype.kind, cells.dtype))
        return _simple(pd.Series(cells.array.take(codes, allow_fill=True), index=column.index))
    if column.dtype == object:
        return _hashable(column)
    if isinstance(kind, pd.StringDtype):
        return in_categories(column)
    if isinstance(kind, np.dtype | pd.DatetimeTZDtype):
        return column
    if pd.api.types.is_datetime64_any_dtype(column):
        if pa.types.is_date(kind.pyarrow_dtype):
            # What is later than any date of Python's is as far in the future.
            days = pc.min_element_wise(pa.array(column.array), date.max, skip_nulls=False)
            column = pd.Series(pd.array(days, dtype=pd.ArrowDtype(pa.timestamp("s"))))
        zone = getattr(column.dt, "tz", None)
        local = column.dt.tz_localize(None) if zone else column
        plain = pd.Series(local.array.to_numpy(), index=column.index)
        return plain.dt.tz_localize(zone, ambiguous=True, nonexistent="NaT") if zone else plain
    if pd.api.types.is_bool_dtype(column):
        return column.astype(object).where(column.notna(), None)
    if pd.api.types.is_integer_dtype(column):
        unsigned = pd.api.types.is_unsigned_integer_dtype(column)
        return column.astype("UInt64" if unsigned else "Int64")
    if pd.api.types.is_float_dtype(column):
        return pd.Series(column.to_numpy("float64", na_value=np.nan), index=column.index)
    if pd.api.types.is_string_dtype(column):
        return in_categories(column)
    return _hashable(column.astype(object).where(column.notna(), None))


def _hashable(column: pd.Series) -> pd.Series:
    """Return lists, dicts and the like as text (bytes as what they spell), so cells compare."""
    odd = column.map(lambda cell: isinstance(cell, bytes) or not isinstance(cell, Hashable))
    if not odd.any():
        return column
    return column.map(
        lambda cell: (
            cell.decode("utf-8", "replace")
            if isinstance(cell, bytes)
            else cell
            if isinstance(cell, Hashable)
            else str(cell)
        )
    )


def find_header(rows: list, told: frozenset[str]) -> int | None:
    """Return the position of the row with the column names, None when no row looks like it."""
    rows = rows[:50]
    filled = [[text for cell in row if (text := as_name(cell))] for row in rows]
    width = max(map(len, filled), default=0)
    best: tuple[int, int] | None = None
    for position, (row, cells) in enumerate(zip(rows, filled, strict=True)):
        wide = len(cells) >= max(2, width / 2)
        typed = any(not isinstance(cell, str | None) for cell in row)
        if wide and not typed and not any(map(_VALUE_LIKE.fullmatch, cells)):
            score = recognized(cells, told)
            if best is None or score > best[1]:
                best = (position, score)
    return None if best is None else best[0]


def empty_error(name: str) -> ShopError:
    """Return the error for a file without rows."""
    return ShopError(
        "there is nothing in it",
        file=name,
        expected="a header with column names and a row per order line",
        remedy="export the orders again and look whether the file has rows",
    )


def without_blank_rows(source: Source, dropped: int = 0) -> Source:
    """Drop rows without any cell; the others keep their line numbers, `dropped` are gone before."""
    blank = np.ones(len(source.frame), dtype=bool)
    for name in source.frame:
        blank &= source.frame[name].isna().to_numpy()
    if blank.any():
        source.frame = source.frame[~blank].reset_index(drop=True)
        source.line, source.broken = source.line[~blank], source.broken[~blank]
        source.sheet = None if source.sheet is None else source.sheet[~blank]
    if dropped or blank.any():
        source.remarks.append(f"{counted(dropped + int(blank.sum()), 'blank row')} skipped")
    return source


def say_skipped(source: Source) -> None:
    """Note how many rows stand above the header, or that there is none."""
    above = source.header - 1
    if above > 0:
        source.remarks.insert(
            0, f"the header is in row {source.header}; {counted(above, 'row')} above it skipped"
        )
    elif above < 0:
        source.remarks.insert(0, "the columns have no names and are numbered")


def as_name(cell: object) -> str:
    """Return a header cell as trimmed text, "" for an empty one."""
    return "" if cell is None else str(cell).strip()


def unique(names: list[str]) -> list[str]:
    """Make column names usable: blanks are numbered, repeats get a number in brackets."""
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    unique = []
    for position, name in enumerate(names, start=1):
        name = free = name.strip() or f"column {position}"
        while free in taken:
            seen[name] += 1
            free = f"{name} ({seen[name] + 1})"
        taken.add(free)
        unique.append(free)
    return unique
