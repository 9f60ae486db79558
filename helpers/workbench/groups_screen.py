"""The screen of groups: cards and what each did next, who came back, two dates compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from helpers import quote
from helpers.owner.named_groups import QUARTER, Cuts
from helpers.widgets.amount import Amount
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import STALE, STYLE, sentence
from helpers.widgets.saving import SHEETS, SaveBar
from helpers.workbench import groups_work, own_notebook
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.own_notebook import Cell
from helpers.workbench.waiting import WhenFree

FIRST = "<p>Load your orders on the first screen.</p>"
GROUPS, BACK, DATES = "Groups", "Who comes back", "Two dates"
NAMED, OWN = "by their names", "by my own lines"
EVERY = {"months": "M", "quarters": "Q"}
EVERYBODY = "everybody"


class GroupsScreen(widgets.VBox):
    """Groups: three parts, each computed when it is first looked at after a shop was loaded."""

    def __init__(self, jobs: JobBar, data: DataScreen):
        self._jobs, self._data = jobs, data
        self.today: groups_work.Today | None = None
        self.back: groups_work.Back | None = None
        self._when_free = WhenFree(jobs)
        self._filling = False  # controls move by themselves
        self.message, self.can = widgets.HTML(FIRST), widgets.HTML()
        self.part = widgets.ToggleButtons(options=[GROUPS, BACK, DATES], layout={"width": "auto"})
        self._parts = {GROUPS: self._groups_part(), BACK: self._back_part(), DATES: self._dates()}
        self.part.observe(lambda _: self._turned(), names="value")
        self.body = widgets.VBox([self.part, *self._parts.values()], layout={"display": "none"})
        super().__init__([jobs, self.message, self.can, self.body])
        self._show_part()

    def _groups_part(self) -> widgets.VBox:
        self.how = widgets.ToggleButtons(options=[NAMED, OWN], description="Groups")
        wide = {"description_width": "260px"}
        box = {"style": wide, "layout": {"width": "380px"}}
        self.days = widgets.BoundedIntText(
            91, min=1, max=3_650, description="Lately: last order within … days", **box
        )
        self.orders = widgets.BoundedIntText(
            3, min=1, max=1_000, description="Often: orders, at least", **box
        )
        self.money = Amount(100, 0, 1e9, description="Much: spent in all, at least", **box)
        self.lines = widgets.VBox([self.days, self.orders, self.money])
        for control in (self.how, self.days, self.orders, self.money):
            control.observe(lambda _: self._cuts_moved(), names="value")
        self.cards = widgets.HTML()
        self.which = widgets.Dropdown(options=[EVERYBODY], description="The list of")
        self.which.observe(lambda _: self._name_file(), names="value")
        self.save = SaveBar("my_groups.xlsx", "Save the list", self._write, endings=SHEETS)
        self.taken = widgets.VBox([self.which, self.save], layout={"display": "none"})
        return widgets.VBox([self.how, self.lines, self.cards, self.taken])

    def _back_part(self) -> widgets.VBox:
        self.every = widgets.ToggleButtons(options=[*EVERY], description="First order by")
        self.kind = widgets.ToggleButtons(options=["orders", "money"], description="Show")
        self.every.observe(lambda _: self._every_moved(), names="value")
        self.kind.observe(lambda _: self._show_back(), names="value")
        self.came, self.picture = widgets.HTML(), widgets.HTML()
        self.save_back = SaveBar(
            "who_comes_back.csv", "Save the table", self._write_back, endings=SHEETS
        )
        self.save_back.layout.display = "none"
        row = widgets.HBox([self.every, self.kind], layout={"flex_flow": "row wrap"})
        return widgets.VBox([row, self.came, self.picture, self.save_back])

    def _dates(self) -> widgets.VBox:
        self.first, self.second = (
            widgets.DatePicker(description=says, style={"description_width": "60px"})
            for says in ("From", "to")
        )
        for picker in (self.first, self.second):
            picker.observe(lambda _: self._dates_moved(), names="value")
        self.compared = widgets.HTML()
        note = widgets.HTML(
            "<p>Of a day, what was ordered before it counts. At first the last 13 weeks.</p>"
        )
        row = widgets.HBox([self.first, self.second], layout={"flex_flow": "row wrap"})
        return widgets.VBox([row, note, self.compared])

    @property
    def kept(self) -> dict[str, widgets.Widget]:
        """The choices that a project keeps."""
        return {
            "Shown": self.part,
            "Groups": self.how,
            "Lately": self.days,
            "Often": self.orders,
            "Much": self.money,
        }

    def shop_loaded(self) -> None:
        """Forget what was of the shop before."""
        self.today = self.back = None
        self._when_free.forget()
        self._filling = True
        self.part.value, self.how.value, self.days.value, self.orders.value = GROUPS, NAMED, 91, 3
        self.which.options = [EVERYBODY]
        self.first.value = self.second.value = None
        self._filling = False
        for shown in (self.message, self.can, self.cards, self.came, self.picture, self.compared):
            shown.value = ""
        for hidden in (self.body, self.taken, self.save_back):
            hidden.layout.display = "none"
        self.save.reset()
        self.save_back.reset()
        self._show_part()

    def look(self) -> None:
        """Compute the part that is looked at, unless it is there."""
        if self._data.loaded is None:
            return
        if self.today is None:
            self._start(self._ask_today)
        elif self.part.value == BACK and self.back is None:
            self._start(self._ask_back)
        elif self.part.value == DATES and not self.compared.value:
            self._start(self._ask_dates)

    @property
    def cells(self) -> list[Cell]:
        """What gives these figures again, in a notebook."""
        if self.today is None or STALE in self.cards._dom_classes:
            return []
        cells = own_notebook.groups(self.cuts)
        if self.back is not None:
            cells += own_notebook.came_back(EVERY[self.every.value])
        fresh = self.compared.value and STALE not in self.compared._dom_classes
        if fresh and self.first.value is not None and self.second.value is not None:
            cells += own_notebook.two_dates(str(self.first.value), str(self.second.value))
        return cells

    @property
    def cuts(self) -> Cuts | None:
        """The lines that are set; None for the groups by name."""
        if self.how.value == NAMED:
            return None
        return Cuts(self.days.value, self.orders.value, self.money.number)

    def _start(self, ask: Callable[[], None]) -> None:
        """Ask now, or when the job under way has ended; the last that was asked for counts."""

        def begin() -> None:
            self.message.value = "<p role='status'>Looking at your customers …</p>"
            try:
                ask()
            except ValueError as problem:  # a field that holds no number
                self._say(str(problem))

        self._when_free(begin)

    def _ask_today(self) -> None:
        self._data.ask(groups_work.today, self.cuts, done=self._take, failed=self._say)

    def _ask_back(self) -> None:
        every = EVERY[self.every.value]
        self._data.ask(groups_work.back, every, done=self._take_back, failed=self._say)

    def _ask_dates(self) -> None:
        first, second = self.first.value, self.second.value
        if first is None or second is None:
            self._say("Choose both dates.")
            return
        days = pd.Timestamp(first), pd.Timestamp(second)
        self._data.ask(
            groups_work.two_dates, *days, self.cuts, done=self._take_dates, failed=self._say
        )

    def _take(self, found: groups_work.Today) -> None:
        fresh = self.today is None
        self.today = found
        self.message.value, self.can.value, self.cards.value = "", found.can, found.cards
        if not self._when_free.waits:
            self.cards.remove_class(STALE)
        self._filling = True
        self.which.options = [EVERYBODY, *found.names]
        if fresh:
            self.money.number = found.much
            self.second.value = found.end.date()
            self.first.value = (found.end - QUARTER).date()
        self._filling = False
        self.body.layout.display = self.taken.layout.display = ""
        self._name_file()
        self._show_part()
        if not self._when_free.waits:
            self.look()

    def _take_back(self, found: groups_work.Back) -> None:
        self.back, self.message.value = found, ""
        self.came.value, self.save_back.layout.display = found.said, ""
        self.save_back.reset()
        self._show_back()

    def _take_dates(self, found: str) -> None:
        self.compared.value, self.message.value = STYLE + found, ""
        self.compared.remove_class(STALE)

    def _say(self, problem: str) -> None:
        self.message.value = sentence(problem)

    def _turned(self) -> None:
        if not self._filling:
            self.message.value = ""
            self._show_part()
            self.look()

    def _show_part(self) -> None:
        for name, part in self._parts.items():
            part.layout.display = "" if name == self.part.value else "none"
        self.lines.layout.display = "" if self.how.value == OWN else "none"

    def _show_back(self) -> None:
        if self.back is not None:
            self.picture.value = getattr(self.back, self.kind.value)

    def _cuts_moved(self) -> None:
        if self._filling or self.today is None:
            return
        self._show_part()
        self.cards.add_class(STALE)
        self.compared.value = ""  # made by other lines
        self._start(self._ask_today)

    def _every_moved(self) -> None:
        if not self._filling and self.today is not None:
            self.back, self.picture.value, self.came.value = None, "", ""
            self.save_back.layout.display = "none"
            self._start(self._ask_back)

    def _dates_moved(self) -> None:
        if not self._filling and self.today is not None:
            self.compared.add_class(STALE)
            self._start(self._ask_dates)

    def _name_file(self) -> None:
        """Propose a name for the list that is chosen."""
        name = "my_groups.xlsx"
        if self.which.value != EVERYBODY:
            plain = "".join(c if c.isalnum() else "_" for c in str(self.which.value))
            name = f"{plain}.xlsx"
        self.save.propose(name, SHEETS)

    def _write(self, path: Path) -> str:
        if self.today is None:
            raise ValueError("Load your orders first.")
        if STALE in self.cards._dom_classes:
            raise ValueError("The lines have moved: wait until the groups are there.")
        listed = self.today.customers
        if self.which.value != EVERYBODY:
            listed = listed[listed["group"] == self.which.value]
        note = quote.write_sheet(listed, path)
        return f"{len(listed):,} customers. {note}"

    def _write_back(self, path: Path) -> str:
        if self.back is None:
            raise ValueError("Look at who comes back first.")
        return quote.write_sheet(self.back.rows, path)
