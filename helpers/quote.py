"""A value that goes into HTML, Markdown, Python code or a spreadsheet stays a value.

Names of files, columns, categories and people come from outside. Wherever one is put into a page,
a report, a notebook or a CSV file, it goes through one of these.
"""

from __future__ import annotations

import html as _html
import re
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.errors import NotWritten, counted
from helpers.files import write_whole

# an underscore within a word is no markup, and stays readable
_MARKDOWN = re.compile(r"([\\`*\[\]|~$#!]|(?<![^\W_])_|_(?![^\W_]))")

# where a spreadsheet begins to read a formula: at the start of a cell, or after a sign at which it
# may split a line in its own way (a German one splits at semicolons), also in full width
_FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n\0])")
MOST_NAMED = 8  # columns that a sentence names

_NEGATIVE = re.compile(r"-\d[\d.,]*")


def html(value: Any) -> str:
    """The text of `value` for HTML, also within an attribute's quotes."""
    return _html.escape(str(value), quote=True)


def markdown(value: Any) -> str:
    """The text of `value` for one line of Markdown or a cell of its tables; line breaks are
    spaces."""
    text = _html.escape(" ".join(str(value).split()), quote=False)
    return _MARKDOWN.sub(r"\\\1", text)


def python(value: Any) -> str:
    """Python code for `value`: text, a number, a flag, None, or lists and dicts of these.

    Raises TypeError for anything else, whose `repr` need not be code.
    """
    if isinstance(value, dict):
        pairs = (f"{python(key)}: {python(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(python, value)) + "]"
    if value is None or type(value) in (str, bool, int, float):
        return repr(value)
    raise TypeError(f"a {type(value).__name__} is not written into code")


def money(amount: float, currency: str, digits: int = 0) -> str:
    """An amount in words, with the currency where it is known: "1,204 EUR"."""
    return f"{amount:,.{digits}f} {currency}".rstrip()


def write_sheet(table: pd.DataFrame, path: Path) -> str:
    """Write a table for a spreadsheet, by the path's ending: .xlsx, or CSV; its texts as `cell`
    gives them. Returns a sentence about texts that were changed, empty where none was. Raises
    OSError where the path cannot be written."""
    if path.suffix.lower() != ".xlsx":
        return write_csv(table, path)
    table, said = cells(table)
    table.to_excel(path, index=False)
    return said


def cell(value: str) -> str:
    """The text for a cell of a CSV file: an apostrophe goes before what a spreadsheet would run as
    a formula (CWE-1236); negative numbers stay numbers."""
    return value if _NEGATIVE.fullmatch(value) else _FORMULA.sub("'", value)


def cells(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The table with every text, headers included, as `cell` gives it, and a sentence that says how
    many texts were changed, empty where none was."""
    changed = 0

    def plain(value: Any) -> Any:
        nonlocal changed
        if not isinstance(value, str):
            return value
        text = cell(value)
        changed += text != value
        return text

    table = table.rename(columns=plain)
    for place, kind in enumerate(table.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            table.isetitem(place, table.iloc[:, place].astype(object).map(plain))
    if not changed:
        return table, ""
    return table, (
        "An apostrophe was put before what would be a formula in a spreadsheet: "
        f"{counted(changed, 'text')}."
    )


def write_csv(table: pd.DataFrame, path: str | Path, mode: str = "w") -> str:
    """Write a table as CSV, without its index, every text as `cell` gives it; mode "x": never over
    a file that is there. Returns the sentence of `cells`."""
    table, said = cells(table)
    table.to_csv(path, mode=mode, index=False)
    return said


def new_csv(table: pd.DataFrame, path: str | Path) -> str:
    """`write_csv` to a file that is not there yet, whole or not at all; returns its sentence.

    Raises NotWritten where a file is there, which is left as it is, and where the folder is missing
    or takes no file.
    """
    path = Path(path)
    if path.exists():
        raise NotWritten(f"{path} exists, and was left as it is. Choose another name.")
    try:
        return write_whole(path, lambda beside: write_csv(table, beside))
    except OSError as error:
        raise NotWritten(
            f"{path} was not written: {error.strerror or error}. Is the folder there, and yours?"
        ) from None


def save_list(table: pd.DataFrame, path: str | Path | None = None) -> None:
    """Write a list of customers (with its index where that has a name) as CSV where `path` says,
    and say so; without a path nothing is written.

    Raises NotWritten where a file is there already, or no folder.
    """
    if any(name is not None for name in table.index.names):
        table = table.reset_index()
    if path is None:
        names = [str(name) for name in table.columns]
        if len(names) > MOST_NAMED:
            names = [*names[: MOST_NAMED - 1], f"and {len(names) - MOST_NAMED + 1} columns more"]
        columns = ", ".join(names)
        print(f"Nothing was written. With a path, this writes {len(table):,} rows of {columns}.")
        return
    note = new_csv(table, path)
    print(" ".join(part for part in (f"{len(table):,} rows written to {path}.", note) if part))
