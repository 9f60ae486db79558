"""Numbers, flags and identifiers as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from helpers.shop.reading.distinct import as_text, distinct, in_categories, labels
from helpers.shop.reading.regex import replace
from helpers.shop.reading.vocabulary import BLANK, MONEY_SIGN, NO, WHOLE_MONEY, YES

# Before or after a number; spaces of all kinds, Swiss apostrophes.
_CURRENCY = rf"(?i)^([-+(]?)\s*{MONEY_SIGN}\s*|\s*{MONEY_SIGN}\s*([-)]?)$"
_SPACE = "[\\s\u00a0\u202f\u2009'’]"
# Digits with at most one decimal sign, or in groups of three (in India also of two).
_NUMBER = (
    r"[+-]?(?:\d+[.,]?\d*|[.,]\d+|\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d*)?)(?:[eE][+-]?\d+)?"
)
# Beyond it a float64 no longer holds the cents.
LARGEST = 2**53 / 100


@dataclass(frozen=True)
class Numbers:
    """A column read as numbers.

    Attributes:
        numbers: float64, NaN where missing or unreadable.
        decimal: "." or "," where text was read and a sign stood in it, else None.
        certain: False where nothing in the column decided what the sign means.
    """

    numbers: pd.Series
    decimal: str | None = None
    certain: bool = True


def is_text(column: pd.Series) -> bool:
    """Whether a column holds text (or objects of several kinds) rather than typed values."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return True
    return pd.api.types.is_string_dtype(column) or column.dtype == object


def to_text(column: pd.Series) -> pd.Series:
    """Return a column as trimmed text: 12345.0 becomes "12345", blanks become missing."""
    return as_text(to_labels(column))


def to_labels(column: pd.Series) -> pd.Series:
    """Return a column as `to_text` does, in categories."""
    if pd.api.types.is_bool_dtype(column):
        return in_categories(column.astype("str"))
    spelled = is_text(column)
    if pd.api.types.is_float_dtype(column):
        whole = column.dropna()
        if len(whole) and (whole.abs() < 2**63).all() and (whole % 1 == 0).all():
            column = column.astype("Int64")
    elif column.dtype == object:
        # One by one: pandas would turn whole numbers beside missing ones into floats.
        missing = column.isna()
        spellings = [
            None if nothing else cell if isinstance(cell, str) else _id(cell)
            for cell, nothing in zip(column, missing, strict=True)
        ]
        column = pd.Series(spellings, index=column.index, dtype="str")
    column = in_categories(column)
    cells, codes = distinct(column)
    text = cells.str.strip()
    text = text.where(~text.str.lower().isin(BLANK))
    # Where all ids are numbers, "12345.0" is one that once passed through a spreadsheet.
    if spelled and text.dropna().str.fullmatch(r"\d+(?:\.0)?").all():
        text = text.str.removesuffix(".0")
    return column if text.equals(cells) else labels(text, codes, column.index)


def _id(cell: object) -> str:
    """Return a typed cell as text; 17.0 is 17."""
    if isinstance(cell, float | Decimal) and cell == cell // 1:
        return str(int(cell))
    return str(cell)


def to_number(column: pd.Series, hint: str | None = None, told: str | None = None) -> Numbers:
    """Read a column as numbers: currency signs, thousands, decimal comma or point.

    A value with both signs, or with a sign not followed by exactly three digits, shows which sign
    is the decimal one. "1,234" alone could be either: the rest of the column decides, then `hint`
    (what the rest of the file showed) or else the English reading, with `certain=False`. What is
    no number has no say.

    Args:
        column: Text, numbers or a mixture of both.
        hint: "." or ",": the decimal sign seen elsewhere in the file.
        told: The decimal sign that the reader has named.
    """
    if pd.api.types.is_bool_dtype(column):
        return Numbers(column.astype("float64"))
    if not is_text(column):
        return Numbers(_finite(pd.to_numeric(column, errors="coerce")))
    typed = None
    if column.dtype == object:
        already = column.map(lambda cell: not isinstance(cell, str), na_action="ignore")
        already = already.fillna(False).astype(bool)
        typed = column.where(already).map(_float).astype("float64")
        column = column.where(~already).astype("str")
    cells, codes = distinct(column)
    values, decimal, certain = _parse(cells.astype("str"), hint, told)
    values[~np.isfinite(values)] = np.nan
    # the code of a missing value is -1
    numbers = pd.Series(np.append(values, np.nan)[codes], index=column.index)
    if typed is not None:
        numbers = _finite(typed.fillna(numbers))
    return Numbers(numbers, decimal, certain)


def _float(cell: object) -> float:
    """Return a typed cell as a number, NaN where it is none (a date) or beyond all measure."""
    try:
        return (
            float(cell)
            if isinstance(cell, float | int | Decimal | np.number | np.bool_)
            else np.nan
        )
    except (OverflowError, TypeError):
        return np.nan


def _parse(
    text: pd.Series, hint: str | None, told: str | None
) -> tuple[np.ndarray, str | None, bool]:
    """Read distinct texts as numbers; return values, decimal sign, and whether it is certain."""
    cells = text.str.strip().str.replace("\u2212", "-")
    text = replace(cells, _CURRENCY, r"\1\2")
    text = replace(text, _SPACE, "")
    text = replace(text, r"[.,][-–—]{1,2}$", "")  # 12,- and 12.– are written without cents
    # Accountants' negatives: (12.00) and 12.00-
    text = replace(text, r"^\((.*)\)$", r"-\1")
    text = replace(text, r"^([^-].*)-$", r"-\1")
    text = text.where(text.str.fullmatch(_NUMBER).fillna(False).astype(bool))
    point, comma = text.str.count(r"\."), text.str.count(",")
    comma_last = text.str.rfind(",") > text.str.rfind(".")
    both = (point > 0) & (comma > 0)
    one_comma = (comma == 1) & (point == 0)
    one_point = (point == 1) & (comma == 0)
    # Three digits after the sign and one to three before it could be thousands.
    either = text.str.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}").fillna(False).astype(bool)
    # ... and are, of a currency without decimals.
    whole = either & cells.str.contains(WHOLE_MONEY, na=False)
    shows_comma = (both & comma_last) | (one_comma & ~either) | (point > 1) | (whole & one_point)
    shows_point = (both & ~comma_last) | (one_point & ~either) | (comma > 1) | (whole & one_comma)
    votes = {",": int(shows_comma.sum()), ".": int(shows_point.sum())}
    certain = not either.any() or told is not None
    if votes[","] != votes["."]:
        decimal, certain = max(votes, key=votes.__getitem__), True
    elif _in_thousands(text, either & one_comma):
        decimal, certain = ".", True
    else:
        decimal = hint or "."
    decimal = told or decimal
    comma_decimal = shows_comma | (either & ~whole & (decimal == ","))
    plain = text.str.replace(",", "").where(
        ~comma_decimal, text.str.replace(".", "").str.replace(",", ".")
    )
    # Several points can only be thousands, wherever they stand.
    plain = plain.where(~(point > 1), text.str.replace(".", "").str.replace(",", "."))
    seen = bool(((point > 0) | (comma > 0)).any())
    values = pd.to_numeric(plain, errors="coerce").to_numpy(dtype="float64", copy=True)
    return values, decimal if seen else None, certain


def _in_thousands(text: pd.Series, grouped: pd.Series) -> bool:
    """Whether 1,234 stands beside 950 but never beside 1234: then the comma groups thousands."""
    digits = text.str.fullmatch(r"[+-]?\d+").fillna(False).astype(bool)
    longest = text[digits].str.lstrip("+-").str.len().max()
    return bool(grouped.any() and digits.any() and longest <= 3)


def _finite(values: pd.Series) -> pd.Series:
    values = values.astype("float64")
    return values.where(np.isfinite(values))


def to_flag(column: pd.Series) -> pd.Series:
    """Read a column as True / False (object dtype, None where missing or unreadable)."""
    if pd.api.types.is_bool_dtype(column):
        return column.astype(object).where(column.notna(), None)
    cells, codes = distinct(to_labels(column))
    text = cells.str.lower()
    flags = np.full(len(text) + 1, None, dtype=object)
    flags[:-1][text.isin(YES)] = True
    flags[:-1][text.isin(NO)] = False
    return pd.Series(flags[codes], index=column.index, dtype=object)
