"""The workbench: your own file in, segments out. Screens as tabs; every instance on its own."""

from __future__ import annotations

import ipywidgets as widgets

from helpers import plots
from helpers.widgets.jobs import JobBar
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.segments_screen import SegmentsScreen
from helpers.workbench.take_screen import TakeScreen

__all__ = ["Workbench"]


class Workbench(widgets.Tab):
    """Data → Segments → Take it with you."""

    def __init__(self):
        plots.use_style()
        self.jobs = JobBar()  # one child process, and one bar seen on both screens
        self.segments = SegmentsScreen(self.jobs, self._fitted)
        self.data = DataScreen(self.jobs, self._loaded)
        self.take = TakeScreen(self.data, self.segments)
        super().__init__(
            [self.data, self.segments, self.take],
            titles=["1 Data", "2 Segments", "3 Take it with you"],
        )
        self.jobs.warm()

    def _loaded(self, store) -> None:
        self.segments.set_store(store)

    def _fitted(self) -> None:
        self.take.update()

    def _repr_mimebundle_(self, **options) -> dict:
        """The workbench, and for pages that have no kernel a word on how to start it."""
        data = super()._repr_mimebundle_(**options)
        return {**data, "text/plain": "To start the workbench choose Run > Run All Cells."}
