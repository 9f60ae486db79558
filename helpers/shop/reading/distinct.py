"""Text in categories: what is done to a cell is done once to each different one.

A column of a million lines holds few different statuses, dates and order numbers. It is kept as
its distinct cells and a code a row (pandas' category dtype), and whatever reads, trims or counts
it does so over the distinct ones. A column of plain text gives the same answers, only slower.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

_HEAD = 1 << 16


class Distinct(NamedTuple):
    """A column by its different cells.

    Attributes:
        cells: In order of first appearance, none missing.
        codes: One a row: the position of its cell in `cells`, -1 where it is missing.
    """

    cells: pd.Series
    codes: np.ndarray

    def rows(self, flags: pd.Series | np.ndarray) -> np.ndarray:
        """Turn a flag a cell into one a row; False where the cell is missing."""
        return np.append(np.asarray(flags, dtype=bool), False)[self.codes]

    def counts(self) -> pd.Series:
        """Number of rows of each cell, the most frequent first."""
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.cells))
        return pd.Series(counts, index=self.cells).sort_values(ascending=False, kind="stable")


def distinct(column: pd.Series) -> Distinct:
    """Return the different cells of a column of any kind."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        codes, cells = pd.factorize(column)
        return Distinct(pd.Series(cells), codes)
    codes, cells = column.array.codes, pd.Series(column.dtype.categories)
    if not _by_appearance(codes, len(cells)):  # these are some of the rows of a longer column
        used = pd.unique(codes)
        used = used[used >= 0]
        number = np.full(len(cells) + 1, -1)  # the last is that of a missing cell
        number[used] = np.arange(len(used))
        codes, cells = number[codes], cells.iloc[used].reset_index(drop=True)
    return Distinct(cells, codes)


def _by_appearance(codes: np.ndarray, size: int) -> bool:
    """Whether codes number the cells as they first appear, and leave none out."""
    if size == 0 or not len(codes):
        return size == 0
    for part in (codes[:_HEAD], codes):  # of few cells the first rows show all
        highest = np.maximum.accumulate(part)
        if highest[-1] == size - 1:
            # up from 0 (or -1, missing) to the last in so many steps: each is one
            steps = np.count_nonzero(highest[1:] != highest[:-1])
            return bool(highest[0] <= 0 and steps == highest[-1] - highest[0])
    return False


def in_categories(text: pd.Series | pa.ChunkedArray, index: pd.Index | None = None) -> pd.Series:
    """Return a column of text (pandas or Arrow) in categories; one that is already as it is."""
    if isinstance(text, pd.Series):
        if isinstance(text.dtype, pd.CategoricalDtype):
            return text
        text, index = pa.array(text.astype("str").array), text.index
    encoded = text.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    cells = pd.array(encoded.dictionary.cast(pa.large_string()), dtype="str")
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return _categories(cells, codes, index)


def labels(text: pd.Series, codes: np.ndarray, index: pd.Index) -> pd.Series:
    """Return a column in categories from a text a code; texts may repeat and may be missing."""
    merged, cells = pd.factorize(text.astype("str"))
    if len(cells) < len(text):
        codes = np.append(merged, -1)[codes]
    return _categories(cells, codes, index)


def _categories(cells: pd.Index, codes: np.ndarray, index: pd.Index | None) -> pd.Series:
    # They differ by the way they were made. Were pandas to check it, it would keep a Python string
    # of each: 100 MB for a million order numbers.
    dtype = pd.CategoricalDtype._from_fastpath(pd.Index(cells), ordered=False)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype, validate=False), index=index)


def as_text(column: pd.Series) -> pd.Series:
    """Return a column as plain text (dtype str)."""
    return out_of_categories(column).astype("str")


def out_of_categories(column: pd.Series) -> pd.Series:
    """Return a column in categories as plain text, any other as it is."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column
    codes = column.array.codes
    # Arrow takes several times faster than pandas' own astype.
    texts = pa.array(column.dtype.categories.array).take(pa.array(codes, mask=codes < 0))
    return pd.Series(pd.array(texts, dtype="str"), index=column.index)
