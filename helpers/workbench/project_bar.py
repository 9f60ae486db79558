"""Above the tabs: keeping one's work in a folder, and undoing the last change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets as widgets
import traitlets

from helpers.errors import counted
from helpers.shop.known import KNOWN
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import on_enter, sentence
from helpers.widgets.saving import SaveBar
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.fold import Fold
from helpers.workbench.plans import Plans
from helpers.workbench.project import Project, from_json, to_json

KEEP = "keep my work in a folder, or open what is kept in one"
MOST = 100  # changes that can be undone
VIEWS = {"Shown", "Plan"}  # what is looked at is kept, and no change to be undone


class Change(NamedTuple):
    """A control of a screen, and its value before."""

    title: str
    name: str
    before: Any


def _within(widget: widgets.Widget, kind: type) -> Iterator[Any]:
    """All parts of a widget that are of this kind."""
    if isinstance(widget, kind):
        yield widget
        return
    for child in getattr(widget, "children", ()):
        yield from _within(child, kind)


class ProjectBar(widgets.VBox):
    """`project` is the open one, None before. `screens` are those of the workbench by title; what
    is kept of one are the values of its `kept` controls, by name, where it has any. Undone is what
    was changed on the screen that is looked at, `current()`."""

    def __init__(
        self,
        jobs: JobBar,
        data: DataScreen,
        screens: Mapping[str, widgets.Widget],
        current: Callable[[], str],
        plans: Plans,
    ):
        self.project: Project | None = None
        self._jobs, self._data, self._current, self._plans = jobs, data, current, plans
        self._controls: dict[tuple[str, str], Any] = {
            (title, name): control
            for title, screen in screens.items()
            for name, control in getattr(screen, "kept", {}).items()
        }
        # what can be undone, and is not kept
        self._passing: dict[tuple[str, str], Any] = {
            (title, name): control
            for title, screen in screens.items()
            for name, control in getattr(screen, "undoable", {}).items()
        }
        self._saves = [part for s in screens.values() for part in _within(s, SaveBar)]
        self._pending: dict[tuple[str, str], Any] = {}  # kept values that do not fit yet
        self._changes: list[Change] = []
        self._restoring = False
        self.folder = widgets.Text(
            str(Path.home() / "my_shop"),
            description="In the folder",
            style={"description_width": "110px"},
            layout={"width": "100%", "max_width": "420px"},
        )
        self.keep = widgets.Button(
            description="Keep, or open what is kept there", layout={"width": "auto"}
        )
        self.undo = widgets.Button(description="Undo", icon="undo", disabled=True)
        self.said = widgets.HTML()
        self.keep.on_click(lambda _: self.open_project())
        on_enter(self.folder, self.open_project)
        self.undo.on_click(lambda _: self.take_back())
        for (title, name), control in (self._controls | self._passing).items():
            control.observe(self._changed(title, name), names="value")
        jobs.layout.observe(lambda _: self._freed(), names="visibility")
        wrap = {"flex_flow": "row wrap"}
        self.fold = Fold(KEEP, [widgets.HBox([self.folder, self.keep], layout=wrap)])
        super().__init__([widgets.HBox([self.undo, self.fold], layout=wrap), self.said])

    @property
    def waiting(self) -> int:
        """How many kept choices wait until their screen offers them."""
        return len(self._pending)

    def open_project(self) -> None:
        """Keep the work in the folder that is named; where work is kept there, open it."""
        try:
            project = Project(self.folder.value.strip())
            self._plans.open(project.folder)
        except (ValueError, RuntimeError) as problem:  # RuntimeError: ~name of somebody unknown
            self._say(str(problem), wrong=True)
            return
        except OSError as problem:
            self._say(f"That folder cannot be used: {problem.strerror}.", wrong=True)
            return
        self.project = project
        for save in self._saves:
            save.move(project.folder)
        if project.where and self._data.loaded is None:
            if Path(project.where).exists():
                self._say(f"Opening {project.where} as you left it …")
                self._data.reopen(project.where, {})
            else:
                self._say(
                    f"{project.where} is no longer there. Choose your file again: what you had "
                    "chosen comes back with it.",
                    wrong=True,
                )
            return
        if self._data.loaded is not None:
            self.shop_loaded()

    def shop_loaded(self) -> None:
        """Take a shop that was loaded: what was chosen for files like it comes back."""
        self._changes.clear()
        self.turned()
        if self.project is None or self._data.loaded is None:
            return
        kept = self.project.kept(self._form())
        reading = {name: value for name, value in kept["reading"].items() if value is not None}
        told = {name: value for name, value in self._data.reading.items() if value is not None}
        if reading and not told:
            self._data.reopen(self._data.place, reading)  # comes back here
            return
        kept["reading"] = dict(self._data.reading)
        try:
            if self._data.uploaded:
                files = [(f["name"], bytes(f["content"])) for f in self._data.uploaded]
                self.project.where = str(self.project.put(files))
            elif self._data.place and not (self._data.place in KNOWN and self.project.where):
                self.project.where = self._data.place
            self._pending = {
                (title, name): kept["screens"][title][name]
                for title, name in self._controls
                if name in kept["screens"].get(title, {})
            }
            found = len(self._pending)
            self._fit_in()
            self.project.save()
        except OSError as problem:
            self._say(f"Not kept: {problem.strerror}.", wrong=True)
            return
        came = f" {counted(found, 'choice')} came back." if found else ""
        self._say(f"Kept in {self.project.folder}, with every change.{came}")

    def _freed(self) -> None:
        """A job has ended, and with it what it filled: what was kept may fit now."""
        if not self._jobs.busy:
            self._fit_in()
            self._keep()

    def _fit_in(self) -> None:
        """Set the kept values that fit by now: some do only once their screen is filled."""
        self._restoring = True
        try:
            for key, value in list(self._pending.items()):
                try:
                    self._controls[key].value = from_json(value)
                    fits = to_json(self._controls[key].value) == value
                except (traitlets.TraitError, TypeError, ValueError):
                    fits = False
                if fits:
                    del self._pending[key]
        finally:
            self._restoring = False

    def _changed(self, title: str, name: str) -> Callable[[dict], None]:
        def changed(change: dict) -> None:
            if self._restoring or self._jobs.filling:
                return
            if name not in VIEWS:
                self._changes = [*self._changes[-MOST + 1 :], Change(title, name, change["old"])]
                self.turned()
            self._pending.pop((title, name), None)
            self._keep()

        return changed

    def _keep(self) -> None:
        """Write all choices as they are, but for those that wait until they fit."""
        if self.project is None or self._data.loaded is None:
            return
        screens = self.project.kept(self._form())["screens"]
        for (title, name), control in self._controls.items():
            if (title, name) not in self._pending:
                screens.setdefault(title, {})[name] = to_json(control.value)
        try:
            self.project.save()
        except OSError as problem:
            self._say(f"Not kept: {problem.strerror}.", wrong=True)

    def _form(self) -> list[str]:
        """The columns by which the file's form is known; an example's name."""
        loaded = self._data.loaded
        return [] if loaded is None else list(loaded.columns) or [loaded.name]

    def take_back(self) -> None:
        """Undo the last change on this screen."""
        while places := self._of_this_screen():
            title, name, before = self._changes.pop(places[-1])
            self._restoring = True
            try:
                self._control(title, name).value = before
            except traitlets.TraitError:  # it is no longer offered: the one before, then
                continue
            finally:
                self._restoring = False
            self._keep()
            self.turned()
            self._say(f"“{name}” is as it was before.")
            return
        self.turned()

    def _of_this_screen(self) -> list[int]:
        """The places of the changes of the screen that is looked at, but for those that have gone
        back with another that they had followed."""
        now = self._current()
        return [
            place
            for place, (title, name, before) in enumerate(self._changes)
            if title == now and self._control(title, name).value != before
        ]

    def _control(self, title: str, name: str) -> Any:
        return (self._controls | self._passing)[title, name]

    def turned(self) -> None:
        """Another screen is looked at: offer what can be undone on it."""
        self.undo.disabled = not self._of_this_screen()
        if self.said.value.startswith("<p role='status'>“"):
            self.said.value = ""  # what was undone is news on its own screen only

    def _say(self, text: str, wrong: bool = False) -> None:
        self.said.value = sentence(text, wrong)
