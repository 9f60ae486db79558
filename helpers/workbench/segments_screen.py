"""Explore: groups of customers on cards, a picture with its controls, one light, names, a list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from helpers import plots, quote
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import STALE, STYLE, Picture, sentence, to_table
from helpers.widgets.saving import SaveBar
from helpers.widgets.segments import MOST, SegmentExplorer
from helpers.workbench import own_notebook, work
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.fold import Fold
from helpers.workbench.own_notebook import Cell
from helpers.workbench.plain_groups import cards_html, light_html
from helpers.workbench.waiting import WhenFree

# what was set when the groups were made, in words, by control
SAID = {
    "features": "other things they are made from",
    "transform": "numbers as “{}”",
    "algorithm": "the way “{}”",
    "k": "{} groups",
}


class SegmentsScreen(widgets.VBox):
    """Explore: a picture of the customers in groups, and groups of all of them to be taken along.
    `on_fit` is called when there is a new fit, and when there is none any more or it is stale."""

    def __init__(self, jobs: JobBar, data: DataScreen, on_fit: Callable[[], None]):
        self.jobs, self._data, self._on_fit = jobs, data, on_fit
        self._when_free = WhenFree(jobs)
        self.as_of: pd.Timestamp | None = None  # of the features in the explorer
        self.customers = 0
        self.explorer = _folded(SegmentExplorer(plain=True))
        self.explorer.layout.display = "none"
        for control in self.explorer.controls.values():
            control.observe(lambda _: self._moved(), names="value")
        self.built = False  # whether the explorer has customers of this shop and cut-off
        self.fitted: work.Fit | None = None
        self.settings: dict = {}
        self.cut_off = widgets.DatePicker(
            description="Look from", style={"description_width": "80px"}
        )
        self.build = widgets.Button(description="Look again", icon="refresh")
        self.message = widgets.HTML("Load your file on the first screen.")
        self.run = widgets.Button(
            description="Group all my customers",
            button_style="primary",
            layout={"width": "auto"},
        )
        self.fit_message = widgets.HTML()
        self.names: list[widgets.Text] = []  # those of the fit
        self._boxes = [
            widgets.Text(placeholder="a name", layout={"width": "400px"}) for _ in range(MOST)
        ]
        for box in self._boxes:
            box.observe(lambda _: self._renamed(), names="value")
        self._names = widgets.HBox(layout={"flex_flow": "row wrap"})
        self.cards, self.light = widgets.HTML(), widgets.HTML()
        self.table, self.answers = widgets.HTML(), widgets.HTML()
        self.picture = Picture(layout={"max_width": "640px"})
        self.save = SaveBar(
            "my_segments.csv",
            "Save the list: customer and group",
            self._export,
            endings=(".csv", ".parquet"),
        )
        self.result = widgets.VBox(
            [
                self.light,
                self.cards,
                Fold("why?", [self.answers, self.table, self.picture]),
                widgets.HTML("<b>Names</b> for the groups, as you would say them:"),
                self._names,
                self.save,
            ],
            layout={"display": "none"},
        )
        self.fit_area = widgets.VBox(
            [
                widgets.HBox([self.run, self.jobs], layout={"flex_flow": "row wrap"}),
                self.fit_message,
                self.result,
            ],
            layout={"display": "none"},
        )
        self.build.on_click(lambda _: self.start())
        self.run.on_click(lambda _: self.fit())
        top = widgets.HBox([self.cut_off, self.build, self.jobs], layout={"flex_flow": "row wrap"})
        self._with_orders = [
            self.cut_off,
            widgets.HTML(
                "<p>Only orders before this day count: at first the day after the last one.</p>"
            ),
        ]
        super().__init__([top, self._with_orders[1], self.message, self.explorer, self.fit_area])

    @property
    def kept(self) -> dict[str, widgets.Widget]:
        """The choices that a project keeps."""
        return dict(self.explorer.controls)

    @property
    def cells(self) -> list[Cell]:
        """What gives these groups again, in a notebook; nothing where the controls have moved."""
        if self.fitted is None or self.stale:
            return []
        settings = {**self.settings}
        as_of = settings.pop("as_of")
        day = None if as_of is None else f"{as_of:%Y-%m-%d}"
        return own_notebook.explored(settings, day, self.given_names)

    def shop_loaded(self) -> None:
        """Take a new shop: the day to look from is the one after its last order; a table with one
        row a customer has none. Nothing is computed before the screen is looked at."""
        last_order = None if self._data.loaded is None else self._data.loaded.last_order
        for part in (*self._with_orders, self.build):
            part.layout.display = "none" if last_order is None else ""
        if last_order is not None:
            self.cut_off.value = (last_order.normalize() + pd.Timedelta("1D")).date()
        self._forget()

    def look(self) -> None:
        """Build what the explorer shows, unless it is there."""
        if self._data.loaded is not None and not self.built:
            self._when_free(self.start)

    def _forget(self) -> None:
        self.message.value = ""
        self.fit_area.layout.display = self.explorer.layout.display = "none"
        self.built, self.fitted = False, None
        self._when_free.forget()
        self._on_fit()

    def start(self) -> None:
        """Build the features at the cut-off, in the child process."""
        if self._data.loaded is None:
            self._say("Load your file on the first screen first.")
            return
        if self._data.loaded.row_is == "customer":
            self.as_of = None
        elif self.cut_off.value is None:
            self._say("Choose a day to look from.")
            return
        else:
            self.as_of = pd.Timestamp(self.cut_off.value)
        self.jobs.make_room()
        self._forget()
        self._data.ask(work.build, self.as_of, done=self._built, failed=self._say)

    def _built(self, built: work.Built) -> None:
        self.customers, sample, chosen, said = built
        self.explorer.take(sample, chosen=chosen)
        self.built = True
        who = "had bought before this day" if self.as_of is not None else "in the table"
        self.message.value = f"<p>{self.customers:,} customers {who}. {quote.html(said)}</p>"
        self.explorer.layout.display = self.fit_area.layout.display = ""
        self.result.layout.display, self.fit_message.value = "none", ""

    def _say(self, problem: str) -> None:
        self.message.value = sentence(problem)

    def fit(self) -> None:
        """Fit the explorer's setting to all customers, in the child process."""
        if not self.built:
            self._fit_failed("Load your file first, and choose a day to look from.")
            return
        values = self.explorer.setting
        if not values["features"]:
            self._fit_failed("Choose at least one thing to make groups from.")
            return
        settings = {**values, "features": list(values["features"])}
        self.jobs.make_room()
        self.fit_message.value = ""

        def done(fitted: work.Fit) -> None:
            self._fitted(fitted, {**settings, "as_of": self.as_of})

        asked = (settings[name] for name in ("features", "transform", "algorithm", "k"))
        self._data.ask(work.fit, self.as_of, *asked, done=done, failed=self._fit_failed)

    def _fit_failed(self, problem: str) -> None:
        self.fit_message.value = sentence(problem)
        self._moved(problem)

    @property
    def stale(self) -> str:
        """What is to be said where the controls have moved since the fit; empty where they have
        not."""
        if self.fitted is None:
            return ""
        now = self.explorer.setting
        now = {**now, "features": list(now["features"])}
        moved = [name for name, value in now.items() if value != self.settings[name]]
        if not moved:
            return ""
        were = [SAID[name].format(self.settings[name]) for name in moved]
        return (
            f"The groups below are those of {', '.join(were)}. Group again, or move the controls "
            "back."
        )

    def _moved(self, problem: str = "") -> None:
        """Dim a fit that belongs to earlier settings, and say so."""
        if self.fitted is None:
            return
        stale = self.stale
        for shown in (self.light, self.cards, self.table, self.picture, self.answers):
            (shown.add_class if stale else shown.remove_class)(STALE)
        said = " ".join(part for part in (problem, stale) if part)
        self.fit_message.value = STYLE + sentence(said) if said else ""
        self._on_fit()

    def _fitted(self, fitted: work.Fit, settings: dict) -> None:
        self.fitted, self.settings = fitted, settings
        figure = Figure(figsize=(7.5, 1.4 + 0.4 * len(fitted.heat)), layout="constrained")
        heat = fitted.heat.rename(columns=_short)
        plots.heatmap(heat, "How each segment differs from the average", figure.subplots())
        self.picture.value = plots.to_png(figure, quick=True)
        self.picture.tooltip = "How each group differs from the average; in figures above."
        self.table.value = to_table(fitted.profile, "All customers: shares and medians")
        items = (f"<li><b>{quote.html(q)}</b> {quote.html(a)}</li>" for q, a in fitted.answers)
        self.answers.value = f"<ol>{''.join(items)}</ol>"
        self.light.value = light_html(fitted.light)
        self.names = self._boxes[: len(fitted.profile)]
        for segment, box in zip(fitted.profile.index, self.names, strict=True):
            box.description, box.value = f"segment {segment}", fitted.cards[segment].name
        self._names.children = self.names
        self._renamed()
        self.save.reset()
        self.result.layout.display = ""
        self._moved()  # the controls may have moved while it was fitted

    @property
    def given_names(self) -> dict[int, str]:
        """The names that were given, by segment."""
        if self.fitted is None:
            return {}
        pairs = zip(self.fitted.profile.index, self.names, strict=True)
        return {int(segment): box.value.strip() for segment, box in pairs if box.value.strip()}

    def _renamed(self) -> None:
        """Show the cards, and what is taken along, with the names as they are now."""
        if self.fitted is None:
            return
        shown = [self.fitted.cards[segment] for segment in self.fitted.profile.index]
        self.cards.value = cards_html(shown, [box.value.strip() for box in self.names])
        self._on_fit()

    def _export(self, path: Path) -> str:
        if self.fitted is None:
            raise ValueError("Group your customers first.")
        if self.stale:
            raise ValueError(self.stale)
        result = self.fitted.labels.to_frame()
        if self.given_names:
            result["name"] = result["segment"].map(self.given_names)
        note = ""
        if path.suffix.lower() == ".parquet":
            result.reset_index().to_parquet(path, index=False)
        else:
            note = quote.write_csv(result.reset_index(), path)
        return f"{len(result):,} customers. {note}"


def _folded(explorer: SegmentExplorer) -> SegmentExplorer:
    """The explorer with the number of groups in front, and its other controls folded."""
    left = explorer.children[0].children[0]
    number = explorer.controls["k"]
    others = [control for control in explorer.controls.values() if control is not number]
    rest = [child for child in left.children if child not in explorer.controls.values()]
    left.children = (number, Fold("change how they are made", others), *rest)
    return explorer


def _short(name: object, most: int = 24) -> str:
    """A name from outside as it fits beside a picture, in one line."""
    line = " ".join(str(name).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
