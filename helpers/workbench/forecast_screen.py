"""The screen of how many will buy: weeks past and to come, and how well that was told before."""

from __future__ import annotations

import ipywidgets as widgets

from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import sentence
from helpers.workbench import forecast_work
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.looked_at import LookedAt


class ForecastScreen(LookedAt):
    """How many will buy; then, for it takes longer, which way told best who buys next."""

    def __init__(self, jobs: JobBar, data: DataScreen):
        self.says, self.words = widgets.HTML(), widgets.HTML()
        self.picture, self.record = widgets.HTML(), widgets.HTML()
        self.who = widgets.HTML()
        body = [self.says, self.words, self.picture, self.record, self.who]
        super().__init__(jobs, data, body)

    def _forget(self) -> None:
        for part in (self.says, self.words, self.picture, self.record, self.who):
            part.value = ""

    def _ask(self) -> None:
        self.data.ask(forecast_work.ahead, done=self._show, failed=self.say)

    def _show(self, found: forecast_work.Ahead) -> None:
        self.says.value, self.words.value = found.says, found.words
        self.picture.value, self.record.value = found.picture, found.record
        self.who.value = "<p role='status'>Trying who would buy next …</p>"
        self.show()
        self.ask_later(
            lambda: self.data.ask(forecast_work.who, done=self._show_who, failed=self._no_who)
        )

    def _show_who(self, found: str) -> None:
        self.who.value = found

    def _no_who(self, problem: str) -> None:
        self.who.value = sentence(problem, wrong=False)
