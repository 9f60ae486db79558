"""The screen of how many will buy: weeks past and to come, and how well that was told before."""

from __future__ import annotations

import ipywidgets as widgets

from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import sentence
from helpers.workbench import forecast_work, own_notebook
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.looked_at import LookedAt
from helpers.workbench.own_notebook import Cell


class ForecastScreen(LookedAt):
    """How many will buy; then, for it takes longer, which way told best who buys next."""

    def __init__(self, jobs: JobBar, data: DataScreen):
        self.says, self.words = widgets.HTML(), widgets.HTML()
        self.picture, self.record = widgets.HTML(), widgets.HTML()
        self.who = widgets.HTML()
        self.weeks: list[int] = []  # ahead, that are foretold
        self.compared = False  # whether it is known which way told best who buys next
        body = [self.says, self.words, self.picture, self.record, self.who]
        super().__init__(jobs, data, body)

    @property
    def cells(self) -> list[Cell]:
        """What gives these figures again, in a notebook."""
        return own_notebook.forecast(self.weeks, self.compared) if self.there else []

    def _forget(self) -> None:
        self.weeks, self.compared = [], False
        for part in (self.says, self.words, self.picture, self.record, self.who):
            part.value = ""

    def _ask(self) -> None:
        self.data.ask(forecast_work.ahead, done=self._show, failed=self.say)

    def _show(self, found: forecast_work.Ahead) -> None:
        self.says.value, self.words.value = found.says, found.words
        self.picture.value, self.record.value = found.picture, found.record
        self.who.value = "<p role='status'>Trying who would buy next …</p>"
        self.weeks = found.weeks
        self.show()
        self.ask_later(
            lambda: self.data.ask(forecast_work.who, done=self._show_who, failed=self._no_who)
        )

    def _show_who(self, found: str) -> None:
        self.who.value, self.compared = found, True

    def _no_who(self, problem: str) -> None:
        self.who.value = sentence(problem, wrong=False)
