"""The workbench: your own file in, answers and segments out. Screens as tabs, one a kernel."""

from __future__ import annotations

import weakref
from typing import ClassVar

import ipywidgets as widgets

from helpers import plots
from helpers.widgets.jobs import JobBar
from helpers.workbench import groups_work, uploads, work
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.groups_screen import GroupsScreen
from helpers.workbench.monday_screen import MondayScreen
from helpers.workbench.segments_screen import SegmentsScreen
from helpers.workbench.take_screen import TakeScreen

__all__ = ["Workbench"]


class Workbench(widgets.Tab):
    """Data → Monday → Groups → Segments → Take it with you.

    `Workbench.here()` is the one of this kernel: a page that is loaded again, a second tab and
    another Run All show it as it is, with what was loaded and what is under way. A new one,
    `Workbench()`, ends the work of the one before it; used again, that one starts its work again.

    All its widgets are made at the start, and shown, filled or hidden later: a widget made while a
    page loads can be lost to that page.
    """

    _latest: ClassVar[weakref.ref[Workbench] | None] = None

    jobs: JobBar

    def __init__(self):
        before = None if Workbench._latest is None else Workbench._latest()
        if before is not None:
            before.jobs.end()
        Workbench._latest = weakref.ref(self)
        uploads.sweep()
        plots.use_style()
        # one child process, and one bar seen on both screens
        self.jobs = JobBar(preload=(work.__name__, groups_work.__name__))
        self.data = DataScreen(self.jobs, self._loaded)
        self.monday = MondayScreen(self.jobs, self.data)
        self.groups = GroupsScreen(self.jobs, self.data)
        self.segments = SegmentsScreen(self.jobs, self.data, self._fitted)
        self.take = TakeScreen(self.data, self.segments)
        super().__init__(
            [self.data, self.monday, self.groups, self.segments, self.take],
            titles=["1 Data", "2 Monday", "Groups", "3 Segments", "4 Take it with you"],
        )
        self.observe(lambda _: self._turned(), names="selected_index")
        self.jobs.warm()

    @classmethod
    def here(cls) -> Workbench:
        """The workbench of this kernel, or a new one where there is none or it was closed."""
        latest = None if cls._latest is None else cls._latest()
        return cls() if latest is None or latest.comm is None else latest

    def _turned(self) -> None:
        if self.selected_index == 1:
            self.monday.look()
        elif self.selected_index == 2:
            self.groups.look()

    def _loaded(self, loaded: work.Loaded) -> None:
        self.monday.shop_loaded()
        self.groups.shop_loaded()
        self.segments.shop_loaded(loaded.last_order)
        self._turned()

    def _fitted(self) -> None:
        self.take.update()

    def _repr_mimebundle_(self, **options) -> dict:
        """The workbench, and for pages that have no kernel a word on how to start it."""
        data = super()._repr_mimebundle_(**options)
        return {**data, "text/plain": "To start the workbench choose Run > Run All Cells."}
