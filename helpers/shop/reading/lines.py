"""Text files that are a table only on a second look: lines quoted as a whole, columns held apart by
blanks. They are rewritten as an ordinary file, line by line."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable

SEPARATORS = (",", ";", "\t", "|")
_MOST = 0.95  # share of the lines that must agree: quotation marks and blanks stand in every text
# A line that is one quoted cell, and perhaps empty ones after it.
_QUOTED = r'(?m)^[ \t]*"((?:[^"\n]|"")*)"[,;\t|]*[ \t\r]*$'


def cells_of(lines: Iterable[str], separator: str) -> list[list[str]]:
    """Split lines into cells of any length; Python's own limit of a cell is 131,072 characters."""
    limit = csv.field_size_limit(1 << 30)
    try:
        return list(csv.reader(lines, delimiter=separator))
    finally:
        csv.field_size_limit(limit)


def rewritten(data: bytes, sample: list[str]) -> tuple[bytes, list[str]]:
    """Return the text of a file as an ordinary table, and what was done to it ([] for nothing).

    Args:
        data: The whole file, in UTF-8.
        sample: Its first lines.
    """
    lines = [line.strip("\r\n") for line in sample if line.strip()]
    if _quoted_as_a_whole(lines):
        bare = re.sub(_QUOTED.encode(), lambda line: line[1].replace(b'""', b'"'), data)
        return bare, ["every line was quoted as a whole: read without the quotation marks"]
    if any(separator in line for line in lines for separator in SEPARATORS):
        return data, []
    for blanks in (" +", " {2,}"):
        if _agree([len(re.split(blanks, line.strip())) for line in lines]):
            bare = re.sub(rb"(?m)^ +| +$", b"", data.replace(b"\r\n", b"\n"))
            said = "blanks between columns were taken for tabs"
            return re.sub(blanks.encode(), b"\t", bare), [said]
    return data, []


def _quoted_as_a_whole(lines: list[str]) -> bool:
    """Whether lines are one quoted cell each that holds several; the names may stand bare."""
    found = [re.fullmatch(_QUOTED, line) for line in lines]
    quoted = sum(cell is not None for cell in found[1:])
    if quoted < max(1, _MOST * len(lines[1:])):
        return False
    inside = [
        cell[1].replace('""', '"') if cell else line
        for cell, line in zip(found, lines, strict=True)
    ]
    return any(
        _agree([len(row) for row in cells_of(inside, separator)]) for separator in SEPARATORS
    )


def _agree(widths: list[int]) -> bool:
    """Whether the first line and nearly all others have as many cells, and more than one."""
    width, lines = Counter(widths).most_common(1)[0]
    return width == widths[0] > 1 and lines >= max(2, _MOST * len(widths))
