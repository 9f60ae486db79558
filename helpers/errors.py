"""The errors that a reader can mend, each shown as a sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ReaderError(Exception):
    """An error that the reader can mend: a notebook shows its sentence instead of the stack, which
    `%tb` still prints."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for it
        return [f"{type(self).__name__}: {self}"]


class ShopError(ReaderError):
    """Data that cannot be read at all, said so that the reader can mend it.

    Args:
        problem: What is wrong, in one sentence.
        file: Name of the file (or `DataFrame`) concerned.
        column: Name of the column concerned.
        row: First offending row: the line of a text file or sheet as a person counts it, header
            included; the 1-based record of a Parquet file or a DataFrame.
        expected: What should have stood there.
        remedy: What to do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        column: str | None = None,
        row: int | None = None,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem, self.file, self.column, self.row = problem, file, column, row
        self.expected, self.remedy = expected, remedy
        place = ", ".join(
            text
            for text in (
                file,
                None if column is None else f"column {column!r}",
                None if row is None else f"row {row}",
            )
            if text
        )
        lines = [f"{place}: {problem}" if place else problem]
        if expected:
            lines.append(f"  expected:   {expected}")
        if remedy:
            lines.append(f"  what to do: {remedy}")
        super().__init__("\n".join(lines))


class ModelError(ReaderError):
    """A model that must not be used, or not with this shop: one sentence that says why."""


class NotWritten(ReaderError):
    """A file that was not written: one is there already, or its folder takes none."""


def counted(number: int, noun: str) -> str:
    """Return "1 row", "2 rows", "1,234 rows"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the closest of `choices`, or an empty string."""
    by_lower = {str(choice).lower(): str(choice) for choice in choices}
    close = difflib.get_close_matches(str(word).lower(), by_lower, n=1)
    return f" Did you mean {by_lower[close[0]]!r}?" if close else ""
