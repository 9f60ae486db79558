"""What a message tells people to write in Python, said for where they do not write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from helpers.errors import ShopError
from helpers.shop.report import Report

_PAIR = r'"\w+": (?:"[^"\n]*"|None)'
_HINT = re.compile(
    r"(?P<say>\b(?:say|write) )?(?P<call>shop\.(?:read|open)\(\.\.\., )?"
    rf"(?:columns=\{{(?P<columns>{_PAIR}(?:, {_PAIR})*)(?:, \.\.\.)?\}}"
    r'|(?P<name>day_first|decimal|encoding|row_is)=(?P<value>"[^"\n]*"|True|False|\.\.\.))'
    r"(?(call)\))"
)


class Place(NamedTuple):
    """Where a message is read, and what one does there instead of writing Python.

    column: What to do so that a role is played by a column: (role, column) -> words. The column
        is "..." where it is the reader who knows it, "" where none shall play the role.
    options: For `day_first`, `decimal`, `encoding` and `row_is`: value as text -> words.
    then: What comes after the last column that is told in a remedy.
    """

    column: Callable[[str, str], str]
    options: Mapping[str, Callable[[str], str]]
    then: str = ""


def reword(text: str, place: Place, then: str = "") -> str:
    """Return `text` with each hint in Python (`row_is="order"`) said as one does it at `place`;
    after the last hint about columns comes `then`."""
    text = re.sub(r"\btold by (?:columns|day_first|decimal)=", "told by you", text)
    about_columns = [hint.start() for hint in _HINT.finditer(text) if hint["columns"]]
    every: list[str] = []

    def said(hint: re.Match[str]) -> str:
        if hint["columns"]:
            pairs = re.findall(r'"(\w+)": (?:"([^"\n]*)"|None)', hint["columns"])
            words = " and ".join(place.column(role, column) for role, column in pairs)
            words += then if hint.start() == about_columns[-1] else ""
        else:
            words = place.options[hint["name"]](hint["value"].strip('"'))
        every.append(words)
        # "say --day-first", but not "say choose ..."
        return (hint["say"] or "") + words if words.startswith("-") else words

    text = _HINT.sub(said, text)
    for words in every:  # day_first=True and day_first=False may be one choice there
        text = text.replace(f"{words} or {words}", words)
    return text


def reword_error(error: ShopError, place: Place) -> ShopError:
    """The same error with its remedy said for `place`."""
    return ShopError(
        error.problem,
        file=error.file,
        column=error.column,
        row=error.row,
        expected=error.expected,
        remedy=reword(error.remedy, place, place.then) if error.remedy else None,
    )


def reword_report(report: Report, place: Place) -> Report:
    """The same report with its remarks, warnings and reasons said for `place`."""
    mapping = report.mapping.assign(
        how=[reword(how, place) for how in report.mapping["how"]],
    )
    return replace(
        report,
        mapping=mapping,
        remarks=tuple(reword(text, place) for text in report.remarks),
        warnings=tuple(reword(text, place) for text in report.warnings),
    )
