"""The workbench: your own file in, answers and groups out. Screens as tabs, one a kernel."""

from __future__ import annotations

import os
import weakref
from typing import ClassVar

import ipywidgets as widgets

from helpers import plots
from helpers.widgets.jobs import JobBar
from helpers.workbench import campaign_work, customers_work, groups_work, uploads, work
from helpers.workbench.campaign_screen import CampaignScreen
from helpers.workbench.customers_screen import CustomersScreen
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.forecast_screen import ForecastScreen
from helpers.workbench.groups_screen import GroupsScreen
from helpers.workbench.look import STYLE
from helpers.workbench.monday_screen import MondayScreen
from helpers.workbench.plans import Plans
from helpers.workbench.project_bar import ProjectBar
from helpers.workbench.result_screen import ResultScreen
from helpers.workbench.segments_screen import SegmentsScreen
from helpers.workbench.take_screen import TakeScreen

__all__ = ["Workbench"]


class Workbench(widgets.Tab):
    """Your file → Monday → … → Explore → Take it with you.

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
        # one child process, and one bar seen on all screens
        self.jobs = JobBar(
            preload=tuple(m.__name__ for m in (work, customers_work, groups_work, campaign_work))
        )
        self.plans = Plans()
        self.data = DataScreen(self.jobs, self._loaded)
        self.monday = MondayScreen(self.jobs, self.data, self.go)
        self.customers = CustomersScreen(self.jobs, self.data, self._write_to)
        self.forecast = ForecastScreen(self.jobs, self.data)
        self.groups = GroupsScreen(self.jobs, self.data)
        self.campaign = CampaignScreen(self.jobs, self.data, self.plans)
        self.result = ResultScreen(self.jobs, self.data, self.plans)
        self.segments = SegmentsScreen(self.jobs, self.data, self._fitted)
        # The tabs in their order. A screen may have `shop_loaded()`, to forget what was of the shop
        # before, and `look()`, called when it is turned to, to compute what it shows.
        self.screens: dict[str, widgets.VBox] = {
            "Your file": self.data,
            "Monday": self.monday,
            "Customers": self.customers,
            "How many will buy": self.forecast,
            "Groups": self.groups,
            "Campaign": self.campaign,
            "Result": self.result,
            "Explore": self.segments,
        }
        self.take = TakeScreen(self.data, dict(self.screens))
        self.screens["Take it with you"] = self.take
        self.data.children = (widgets.HTML(STYLE), *self.data.children)
        # on each screen, as one widget: keeping one's work, and undoing the last change
        self.kept = ProjectBar(
            self.jobs,
            self.data,
            self.screens,
            lambda: list(self.screens)[self.selected_index or 0],
            self.plans,
        )
        for screen in self.screens.values():
            screen.children = (*screen.children, self.kept)
        super().__init__(list(self.screens.values()), titles=list(self.screens))
        self.add_class("workbench")
        self.observe(lambda _: self._turned(), names="selected_index")
        self.data.upload.observe(lambda _: self.go("Your file"), names="value")
        self.jobs.warm()
        if os.environ.get("WORKBENCH_PROJECT"):
            self.kept.folder.value = os.environ["WORKBENCH_PROJECT"]
            self.kept.open_project()

    @classmethod
    def here(cls) -> Workbench:
        """The workbench of this kernel, or a new one where there is none or it was closed."""
        latest = None if cls._latest is None else cls._latest()
        return cls() if latest is None or latest.comm is None else latest

    def go(self, title: str, part: str = "") -> None:
        """Turn to a tab by its title, and to a part of it; nothing where there is none of it."""
        if title in self.screens:
            if part:
                self.screens[title].turn_to(part)
            self.selected_index = list(self.screens).index(title)

    def _write_to(self, who: str) -> None:
        """Plan a campaign for an audience."""
        self.campaign.propose(who)
        self.go("Campaign")

    def _turned(self) -> None:
        self.kept.turned()
        look = getattr(list(self.screens.values())[self.selected_index or 0], "look", None)
        if look is not None:
            look()

    def _loaded(self, loaded: work.Loaded) -> None:
        for screen in self.screens.values():
            forget = getattr(screen, "shop_loaded", None)
            if forget is not None:
                forget()
        self.kept.shop_loaded()
        if self.data.settled and loaded.row_is == "order" and self.selected_index == 0:
            self.go("Monday")
        else:
            self._turned()

    def _fitted(self) -> None:
        self.take.update()

    def _repr_mimebundle_(self, **options) -> dict:
        """The workbench, and for pages that have no kernel a word on how to start it."""
        data = super()._repr_mimebundle_(**options)
        return {**data, "text/plain": "To start the workbench choose Run > Run All Cells."}
