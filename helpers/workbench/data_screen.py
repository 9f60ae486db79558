"""The first screen: choose a shop, see what was taken for what, correct it, see its health."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd

from helpers import quote
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import on_enter, sentence, to_table
from helpers.widgets.saving import SaveBar
from helpers.workbench import uploads, work

UPLOAD_LIMIT = int(os.environ.get("WORKBENCH_UPLOAD_MB", 10))  # 10 is a plain Jupyter server's
KNOWN = {"The simulated shop": "simulated", "The Complete Journey": "complete_journey"}
OWN = "My own orders"
ROLES = [
    "customer_id",
    "order_id",
    "ordered_at",
    "amount",
    "unit_price",
    "order_total",
    "quantity",
    "category",
    "status",
    "event_type",
]
MEANING = (
    "One of three says the money: <i>amount</i> is that of the line, <i>unit_price</i> that of a "
    "piece, <i>order_total</i> that of the order, repeated on its lines. <i>status</i> tells "
    "canceled orders; <i>event_type</i> is for a log of views, carts and purchases."
)
DATES = {"let the data decide": None, "day first (31/12)": True, "month first (12/31)": False}
AUTOMATIC, NONE = "(by its name)", "(no column)"


class DataScreen(widgets.VBox):
    """Data: `loaded` is what the screen shows of the shop that was loaded, `uploaded` the files it
    came from, if the browser sent them, and `recipe` the Python that loads it again."""

    def __init__(self, jobs: JobBar, on_load: Callable[[work.Loaded], None]):
        self.jobs, self._on_load = jobs, on_load
        self.loaded: work.Loaded | None = None
        self.recipe = ""
        self.uploaded: list[dict] = []
        self._source: work.Source | None = None
        self._child: int | None = None  # the process that holds the shop
        self._folder: tempfile.TemporaryDirectory | None = None  # of an upload that is being read
        wide = {"description_width": "110px"}
        self.source = widgets.Dropdown(
            options=[*KNOWN, OWN], description="Which shop?", style=wide, layout={"width": "420px"}
        )
        self.upload = widgets.FileUpload(
            accept=".csv,.tsv,.txt,.gz,.parquet,.xlsx",
            multiple=True,
            description="Choose files",
            layout={"width": "auto"},
        )
        self.path = widgets.Text(
            placeholder="or a path on this computer: orders.csv, or a folder",
            description="Path",
            style=wide,
            layout={"width": "420px"},
        )
        self.dates = widgets.Dropdown(
            options=DATES, description="Dates are", style=wide, layout={"width": "420px"}
        )
        note = widgets.HTML(
            "<p>CSV, Parquet or Excel: order lines, an event log, or several tables. Uploads up "
            f"to {UPLOAD_LIMIT} MB in all; larger files by their path. Nothing leaves this "
            "computer. An upload lies in its folder for temporary files while it is read, a few "
            "seconds, and is removed then.</p>"
        )
        self.own = widgets.VBox(
            [note, self.upload, self.path, self.dates], layout={"display": "none"}
        )
        self.load = widgets.Button(description="Load", button_style="primary", icon="play")
        self.message = widgets.HTML()
        self.report = widgets.HTML()
        self.columns: dict[str, widgets.Dropdown] = {}
        self.correct = widgets.Button(
            description="Read again with these columns",
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self.mapping = widgets.VBox()
        self.health = widgets.Image(format="png", layout={"width": "100%", "max_width": "700px"})
        self.facts = widgets.HTML()
        self.aside = widgets.VBox()
        self.result = widgets.VBox(
            [self.health, self.facts, self.report, self.aside], layout={"display": "none"}
        )
        self.source.observe(self._chosen, names="value")
        # the last that was touched counts: a file or a path
        self.upload.observe(
            lambda change: change["new"] and self.path.set_trait("value", ""), names="value"
        )
        self.path.observe(
            lambda change: change["new"] and self.upload.set_trait("value", ()), names="value"
        )
        self.load.on_click(lambda _: self.start())
        on_enter(self.path, self.start)
        self.correct.on_click(lambda _: self.start(corrected=True))
        start = widgets.HBox([self.load, self.jobs], layout={"flex_flow": "row wrap"})
        super().__init__([self.source, self.own, start, self.message, self.mapping, self.result])

    def _chosen(self, change) -> None:
        self.own.layout.display = "" if change["new"] == OWN else "none"
        self.message.value = ""
        self.mapping.children = ()

    def start(self, corrected: bool = False) -> None:
        """Load what is chosen, in the child process; with the corrected columns where asked."""
        columns = self.told if corrected else {}
        if not corrected:
            self.columns, self.mapping.children = {}, ()
        day_first = self.dates.value if self.source.value == OWN else None
        files: list[dict] = []
        place = KNOWN.get(self.source.value) or self.path.value.strip()
        if not place:
            files = list(self.upload.value)
        if not place and not files:
            self._fail(
                "No file has arrived. Choose one, or write its path; a file larger than "
                f"{UPLOAD_LIMIT} MB comes by its path only."
            )
            return
        self.jobs.make_room()
        self.message.value = ""  # a load that this one takes the place of is nobody's news
        self.result.layout.display = "none"
        if files:
            source = self._put_down(files, work.Source("", columns, day_first))
        elif place in work.KNOWN:
            source = work.Source(place)
        else:
            place = str(Path(place).expanduser().absolute())  # so the notebook runs in any folder
            source = work.Source(place, columns, day_first, work.stamp_of(place))
        self._told = columns

        def done(loaded: work.Loaded | work.Refused) -> None:
            self._clean()
            self._loaded(loaded, source, files)

        self.jobs.run(work.load, source, done=done, failed=self._cleaning(self._fail))

    def ask(
        self,
        function: Callable,
        *arguments: Any,
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> None:
        """Run `function(source, *arguments, say=say)` of the shop that is loaded, in the child."""
        self.jobs.make_room()
        self.jobs.run(
            function,
            self._at_hand(),
            *arguments,
            done=self._cleaning(done),
            failed=self._cleaning(failed),
        )
        self._child = self.jobs.child

    def _at_hand(self) -> work.Source:
        """The source, its upload on the disk again where the child that had read it has ended."""
        if self._source is None:
            raise ValueError("Load a shop first.")
        if self.uploaded and self.jobs.child != self._child:
            self._source = self._put_down(self.uploaded, self._source)
        return self._source

    def _put_down(self, files: list[dict], source: work.Source) -> work.Source:
        self._clean()
        self._folder, place = uploads.put_down(files)
        return source._replace(place=place, temporary=self._folder.name)

    def _clean(self) -> None:
        """Remove an upload that the child did not come to remove."""
        if self._folder is not None:
            self._folder.cleanup()
        self._folder = None

    def _cleaning(self, then: Callable[[Any], None]) -> Callable[[Any], None]:
        def clean_first(value: Any) -> None:
            self._clean()
            then(value)

        return clean_first

    @property
    def told(self) -> dict[str, str | None]:
        """The columns that the reader chose, by role: what `shop.read` takes as `columns`."""
        chosen = {role: dropdown.value for role, dropdown in self.columns.items()}
        return {r: None if c == NONE else c for r, c in chosen.items() if c != AUTOMATIC}

    def _fail(self, problem: str, names: list[str] | None = None) -> None:
        before = (
            f"The shop loaded before, {self.loaded.name}, is still there." if self.loaded else ""
        )
        self.message.value = sentence(problem) + (sentence(before, wrong=False) if before else "")
        self.result.layout.display = "" if self.loaded else "none"
        if names and not self.columns:
            self._offer_columns(names, pd.DataFrame(columns=["role", "column", "how"]))

    def _loaded(
        self, loaded: work.Loaded | work.Refused, source: work.Source, files: list[dict]
    ) -> None:
        if isinstance(loaded, work.Refused):
            self._fail(*loaded)
            return
        self.loaded, self.uploaded = loaded, files
        self._source, self._child = source, self.jobs.child
        self.recipe = self._line(source)
        self.health.value = loaded.picture
        self.facts.value = to_table(loaded.facts, "Health of the shop")
        notes = "".join(f"<li>{quote.html(note)}</li>" for note in loaded.notes)
        self.report.value = (
            "<details open><summary><b>What was read</b></summary>"
            f"<pre>{quote.html(loaded.report)}</pre><ul>{notes}</ul></details>"
        )
        self._offer_columns(loaded.columns, loaded.mapping)
        self._offer_rows_aside(loaded)
        self.result.layout.display = ""
        self._on_load(loaded)

    def _offer_columns(self, names: list[str], mapping: pd.DataFrame) -> None:
        """A drop-down a role, with what was taken for it; only for the reader's own tables."""
        if not names:
            self.columns, self.mapping.children = {}, ()
            return
        found = dict(zip(mapping["role"], mapping["column"], strict=True))
        self.columns = {}
        for role in ROLES:
            value = self._told.get(role, AUTOMATIC) or NONE
            taken = f" ← {found[role]}" if role in found else " ← none" if found else ""
            self.columns[role] = widgets.Dropdown(
                options=[
                    (f"{AUTOMATIC}{taken}", AUTOMATIC),
                    (NONE, NONE),
                    *((n, n) for n in names),
                ],
                value=value if value in (AUTOMATIC, NONE, *names) else AUTOMATIC,
                description=role,
                style={"description_width": "110px"},
                layout={"width": "340px"},
            )
        grid = widgets.HBox(list(self.columns.values()), layout={"flex_flow": "row wrap"})
        title = widgets.HTML(
            f"<b>Which column is what?</b> Change what was taken wrongly, and read again. {MEANING}"
        )
        self.mapping.children = (title, grid, self.correct)

    def _offer_rows_aside(self, loaded: work.Loaded) -> None:
        if not loaded.aside:
            self.aside.children = (widgets.HTML("<p>No row was set aside.</p>"),)
            return
        title = f"{loaded.aside:,} rows set aside, the first of them"
        save = SaveBar(
            "rows_set_aside.csv", "Save all rows set aside", self._write_aside, endings=(".csv",)
        )
        self.aside.children = (widgets.HTML(to_table(loaded.first_aside, title)), save)

    def _write_aside(self, path: Path) -> str:
        if not self.jobs.busy:  # else `result` says so
            self._at_hand()
        try:
            note = self.jobs.result(work.save_aside, self._source, path)
            self._child = self.jobs.child
            return note
        finally:
            self._clean()

    def _line(self, source: work.Source) -> str:
        if source.place in work.KNOWN:
            return f"shop.load({quote.python(source.place)})"
        name = source.place
        if self.uploaded:
            name = Path(name).name if len(self.uploaded) == 1 else "."
        wishes = f", columns={quote.python(source.columns)}" if source.columns else ""
        dates = "" if source.day_first is None else f", day_first={quote.python(source.day_first)}"
        return f"shop.read({quote.python(name)}{wishes}{dates})"
