"""A screen that is computed when it is first looked at, in the child process."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from helpers import quote
from helpers.widgets.jobs import STOPPED, JobBar
from helpers.widgets.kit import sentence
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.waiting import WhenFree

SHOWN = 50  # rows of a table on a screen
STYLE = (
    "<style>.wb-table{border-collapse:collapse;margin:.5rem 0;line-height:1.35}.wb-table td,"
    ".wb-table th{padding:.15rem .7rem;text-align:right;border-bottom:1px solid #ccc}.wb-table "
    "td{white-space:nowrap}.wb-table caption{text-align:left;font-weight:bold;caption-side:top}"
    ".wb-table .text{text-align:left}"
    "</style>"
)


class LookedAt(widgets.VBox):
    """A screen over the shop that is loaded. A subclass says in `_ask` what to compute, and in
    `_forget` how to be as at the start; its widgets stand in `body`, shown when there is an answer.

    `ask_later` asks a question now, or when what is under way is done.
    """

    def __init__(self, jobs: JobBar, data: DataScreen, body: list[widgets.Widget]):
        self.jobs, self.data = jobs, data
        self.message = widgets.HTML("<p>Load your orders on the first screen.</p>")
        self.body = widgets.VBox(body, layout={"display": "none"})
        self.there = False  # whether the answers are those about this shop
        self.ask_later = WhenFree(jobs)
        super().__init__([jobs, self.message, self.body])

    def shop_loaded(self) -> None:
        """Forget the answers about the shop before."""
        self.there = False
        self.ask_later.forget()
        self.body.layout.display, self.message.value = "none", ""
        self._forget()

    def look(self) -> None:
        """Compute the answers, unless they are there."""
        if self.data.loaded is not None and not self.there:
            self.message.value = "<p>Looking at your customers …</p>"
            self.ask_later(lambda: None if self.there else self._ask())

    def show(self) -> None:
        """Show the body: its answers are there."""
        self.there = True
        self.message.value, self.body.layout.display = "", ""

    def say(self, problem: str) -> None:
        """Say why there is no answer."""
        self.message.value = sentence(with_a_way_on(problem))

    def _ask(self) -> None:
        raise NotImplementedError

    def _forget(self) -> None:
        raise NotImplementedError


def with_a_way_on(problem: str) -> str:
    """A sentence that says why there is no answer; of a job that was stopped, how to begin it."""
    again = " To begin again, turn to another tab and back." if problem == STOPPED else ""
    return f"{problem}{again}"


def to_rows(caption: str, columns: dict[str, list[Any]], text: set[str], marked: set[str]) -> str:
    """A table as HTML: `columns` by heading; those in `text` stand left; cells of those in `marked`
    are HTML already, all others are values."""
    heads = "".join(
        f"<th scope='col'{_side(name, text)}>{quote.html(name)}</th>" for name in columns
    )
    rows = []
    for cells in zip(*columns.values(), strict=True):
        shown = "".join(
            f"<td{_side(name, text)}>{cell if name in marked else quote.html(cell)}</td>"
            for name, cell in zip(columns, cells, strict=True)
        )
        rows.append(f"<tr>{shown}</tr>")
    return (
        f"{STYLE}<div style='overflow-x:auto' tabindex='0'><table class='wb-table'><caption>"
        f"{quote.html(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>"
        f"{''.join(rows)}</tbody></table></div>"
    )


def _side(name: str, text: set[str]) -> str:
    return " class='text'" if name in text else ""
