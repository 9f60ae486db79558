"""The second screen: what a shop owner asks on a Monday, in words."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets

from helpers import owner
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import sentence
from helpers.widgets.saving import SaveBar
from helpers.workbench import work
from helpers.workbench.data_screen import DataScreen

FIRST = "<p>Load your orders on the first screen.</p>"


class MondayScreen(widgets.VBox):
    """Monday: computed when the screen is first looked at after a shop was loaded, for it takes
    some seconds; kept as the page for the partner where asked."""

    def __init__(self, jobs: JobBar, data: DataScreen):
        self._jobs, self._data = jobs, data
        self.message = widgets.HTML(FIRST)
        self.answers = widgets.HTML()
        self.save = SaveBar("my_report.html", "Save as a page", self._write, endings=(".html",))
        self.save.layout.display = "none"
        self._wanted = False  # looked at while something else was under way
        jobs.layout.observe(lambda change: self._freed(), names="visibility")
        super().__init__([jobs, self.message, self.save, self.answers])

    def shop_loaded(self) -> None:
        """Forget the answers about the shop before."""
        self.answers.value, self.message.value = "", ""
        self.save.layout.display = "none"
        self.save.reset()

    def look(self) -> None:
        """Compute the answers, unless they are there."""
        if self._data.loaded is None or self.answers.value:
            return
        self.message.value = "<p>Looking at your customers …</p>"
        self._wanted = self._jobs.busy
        if not self._wanted:
            self._data.ask(work.monday, done=self._show, failed=self._say)

    def _freed(self) -> None:
        if self._wanted and not self._jobs.busy:
            self.look()

    def _show(self, found: str) -> None:
        self.answers.value, self.message.value = found, ""
        self.save.layout.display = ""

    def _say(self, problem: str) -> None:
        self.message.value = sentence(problem)

    def _write(self, path: Path) -> str:
        name = self._data.loaded.name if self._data.loaded else ""
        path.write_text(owner.as_page(name, self.answers.value), encoding="utf-8")
        return "Open it in a browser, print it, or send it: it needs nothing else."
