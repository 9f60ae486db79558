"""The second screen: cut-off, explorer, the four questions, names, export."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from helpers import plots, segments
from helpers.shop import Shop
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import Explorer, to_table
from helpers.widgets.saving import SaveBar
from helpers.widgets.segments import segment_explorer
from helpers.workbench import work


class SegmentsScreen(widgets.VBox):
    """Segments: an explorer of the customers, and a fit to all of them that can be taken along.
    `on_fit` is called when there is a new fit, and when there is none any more."""

    def __init__(self, jobs: JobBar, on_fit: Callable[[], None]):
        self.jobs, self._on_fit = jobs, on_fit
        self.store: Shop | None = None
        self.table = pd.DataFrame()
        self.explorer: Explorer | None = None
        self.fitted: work.Fit | None = None
        self.settings: dict = {}
        self.cut_off = widgets.DatePicker(
            description="Cut-off", style={"description_width": "110px"}
        )
        self.build = widgets.Button(description="Build features", icon="play")
        self.message = widgets.HTML("Load a shop on the first screen.")
        self.place = widgets.VBox()
        self.run = widgets.Button(
            description="Fit all customers, answer the four questions",
            button_style="primary",
            layout={"width": "auto"},
        )
        self.fit_message = widgets.HTML()
        self.names: list[widgets.Text] = []
        self.result = widgets.VBox()
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
        note = widgets.HTML(
            "<p>The cut-off: features use only what was recorded before this day. By default the "
            "day after the last order.</p>"
        )
        super().__init__([top, note, self.message, self.place, self.fit_area])

    def set_store(self, store: Shop) -> None:
        """Take a new shop: the cut-off goes to the day after its last order."""
        self.store = store
        last = store.purchases["ordered_at"].max().normalize() + pd.Timedelta("1D")
        self.cut_off.value = last.date()
        self.start()

    def start(self) -> None:
        """Build the features at the cut-off, in the child process."""
        if self.store is None:
            self._say("Load a shop on the first screen first.")
            return
        if self.cut_off.value is None:
            self._say("Choose a day as cut-off.")
            return
        as_of = pd.Timestamp(self.cut_off.value)
        self.message.value = ""
        self.fit_area.layout.display = "none"
        self.place.children, self.fitted = (), None
        self._on_fit()
        self.jobs.run(work.build, self.store, as_of, done=self._built, failed=self._say)

    def _built(self, table: pd.DataFrame) -> None:
        self.table = table
        chosen = [name for name in segments.FEATURES if name in table]
        self.explorer = segment_explorer(table, chosen=chosen)
        shown = ""
        if len(table) > work.LARGEST:
            shown = (
                f" The picture shows {work.LARGEST:,} of them, drawn at random; the fit "
                "below takes all."
            )
        self.message.value = (
            f"<p>{len(table):,} customers had bought before the cut-off.{shown}</p>"
        )
        self.place.children = (self.explorer,)
        self.fit_area.layout.display = ""
        self.result.children, self.fit_message.value = (), ""

    def _say(self, sentence: str) -> None:
        self.message.value = f"<p role='alert'><strong>{html.escape(sentence)}</strong></p>"

    def fit(self) -> None:
        """Fit the explorer's setting to all customers, in the child process."""
        values = self.explorer.setting
        if not values["features"]:
            self.fit_message.value = (
                "<p role='alert'><strong>Choose at least one feature.</strong></p>"
            )
            return
        as_of = pd.Timestamp(self.cut_off.value)
        self.settings = {**values, "as_of": as_of}
        self.fit_message.value = ""
        table = self.table[list(values["features"])]
        arguments = (
            self.store,
            table,
            as_of,
            values["transform"],
            values["algorithm"],
            values["k"],
        )
        self.jobs.run(work.fit, *arguments, done=self._fitted, failed=self._fit_failed)

    def _fit_failed(self, sentence: str) -> None:
        self.fit_message.value = f"<p role='alert'><strong>{html.escape(sentence)}</strong></p>"

    def _fitted(self, fitted: work.Fit) -> None:
        self.fitted = fitted
        figure = Figure(figsize=(7.5, 1.4 + 0.4 * len(fitted.heat)), layout="constrained")
        plots.heatmap(fitted.heat, "How each segment differs from the average", figure.subplots())
        picture = widgets.Image(
            value=plots.to_png(figure, quick=True), format="png", layout={"max_width": "640px"}
        )
        table = widgets.HTML(to_table(fitted.profile, "All customers: shares and medians"))
        answers = widgets.HTML("<ol>" + "".join(f"<li>{a}</li>" for a in fitted.answers) + "</ol>")
        self.names = [
            widgets.Text(
                description=f"segment {segment}", placeholder="a name", layout={"width": "320px"}
            )
            for segment in fitted.profile.index
        ]
        title = widgets.HTML("<b>Names</b> for the segments, as your colleagues would say them:")
        names = widgets.HBox(self.names, layout={"flex_flow": "row wrap"})
        save = SaveBar(
            "my_segments.csv",
            "Export customer → segment",
            self._export,
            endings=(".csv", ".parquet"),
        )
        hint = widgets.HTML("<p>A name that ends in .parquet gives Parquet, .csv gives CSV.</p>")
        self.save = save
        self.result.children = (table, picture, answers, title, names, save, hint)
        self._on_fit()

    @property
    def given_names(self) -> dict[int, str]:
        """The names that were given, by segment."""
        pairs = zip(self.fitted.profile.index, self.names, strict=True)
        return {int(segment): box.value.strip() for segment, box in pairs if box.value.strip()}

    def _export(self, path: Path) -> str:
        result = self.fitted.labels.to_frame()
        if self.given_names:
            result["name"] = result["segment"].map(self.given_names)
        if path.suffix.lower() == ".parquet":
            result.reset_index().to_parquet(path, index=False)
        else:
            result.reset_index().to_csv(path, index=False)
        return f"{len(result):,} customers."
