"""Signs that nobody sees and that make two of one: they are taken out of cells of text, and said.

A zero-width space, a mark of direction or a letter in two parts (e and its accent) comes in with a
copy from a web page or a file name of macOS, and the customer is another one to every computer.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.errors import counted
from helpers.shop.reading.cells import Source
from helpers.shop.reading.distinct import distinct, labels

# NUL, soft hyphen, zero-width space, marks of direction, word joiner, byte-order mark. Joiners have
# a meaning within Persian words and emoji, none at the ends.
_UNSEEN = re.compile(
    "[\0\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
)
_JOINERS = "\u200c\u200d"
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


def cleaned(cell: str) -> str:
    """Return text in composed letters (NFC), without unseen signs, with ordinary blanks."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", cell))
    return _BLANKS.sub(" ", text).strip(_JOINERS)


def without_invisible(source: Source) -> Source:
    """Clean the cells of text of a source; how many rows of which column changed is a remark."""
    columns = {}
    for name in source.frame:
        column, changed = _clean(source.frame[name])
        if changed:
            columns[name] = column
            source.remarks.append(
                f"{name!r}: {counted(changed, 'row')} with signs that are not seen, blanks of "
                "another width or letters in two parts (é as e and its accent), read as plain text"
            )
    if columns:
        source.frame = source.frame.assign(**columns)
    return source


def _odd(cell: object) -> bool:
    """Whether something in a cell would be cleaned away."""
    if not isinstance(cell, str) or (cell.isascii() and "\0" not in cell):
        return False
    return cleaned(cell) != cell


def _clean(column: pd.Series) -> tuple[pd.Series, int]:
    """Return a column with clean cells, and in how many rows another one now stands."""
    if column.dtype == object:
        cells = [cleaned(str(cell)) if _odd(cell) else cell for cell in column]
        changed = sum(new is not old for new, old in zip(cells, column, strict=True))
        clean = pd.Series(cells, index=column.index, dtype=object)
        return clean if changed else column, changed
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column, 0
    arrow = pa.array(column.dtype.categories.array)
    odd = pc.or_(pc.invert(pc.string_is_ascii(arrow)), pc.match_substring(arrow, "\0"))
    if not pc.any(odd).as_py():  # nearly every column: not looked at cell by cell
        return column, 0
    cells, codes = distinct(column)
    clean = cells.map(lambda cell: cleaned(cell) if _odd(cell) else cell)
    changed = np.append((clean != cells).to_numpy(), False)[codes].sum()
    return labels(clean, codes, column.index) if changed else column, int(changed)
