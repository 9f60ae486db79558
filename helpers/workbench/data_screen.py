"""The first screen: choose a shop, see what was taken for what, correct it, see its health."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from helpers import quote
from helpers.shop.reading.opening import READABLE
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import on_enter, sentence, to_table
from helpers.widgets.saving import SaveBar
from helpers.workbench import uploads, work
from helpers.workbench.column_choices import ColumnChoices
from helpers.workbench.words import DATES, NUMBERS, ROWS

ENDINGS = dict.fromkeys(f".{ending.rpartition('.')[2]}" for ending in READABLE)
UPLOAD_LIMIT = int(os.environ.get("WORKBENCH_UPLOAD_MB", 10))  # 10 is a plain Jupyter server's
KNOWN = {"The simulated shop": "simulated", "The Complete Journey": "complete_journey"}
OWN = "My own file"


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
        self.upload = uploads.Upload(
            accept=".csv,.tsv,.txt,.gz,.parquet,.xlsx,.xls,.json,.jsonl,.ndjson",
            multiple=True,
            description="Choose files",
            tooltip="One file, or several that belong together",
            layout={"width": "auto"},
        )
        self.path = widgets.Text(
            placeholder="or a path on this computer: orders.csv, or a folder",
            description="Path",
            style=wide,
            layout={"width": "420px"},
        )
        self.dates, self.numbers, self.rows = (
            widgets.Dropdown(
                options=[*options], description=says, style=wide, layout={"width": "420px"}
            )
            for options, says in (
                (DATES, "Dates are"),
                (NUMBERS, "Numbers are"),
                (ROWS, "Each row is"),
            )
        )
        note = widgets.HTML(
            "<p>CSV, Excel, Parquet or JSON: order lines, an event log, several tables, or a table "
            "with one row a customer (enough for segments). Uploads up to "
            f"{UPLOAD_LIMIT} MB in all; larger files by their path. Nothing leaves this "
            "computer. An upload lies in its folder for temporary files while it is read, a few "
            "seconds, and is removed then.</p>"
        )
        self.own = widgets.VBox(
            [note, self.upload, self.path, self.rows, self.dates, self.numbers],
            layout={"display": "none"},
        )
        self.load = widgets.Button(description="Load", button_style="primary", icon="play")
        self.message = widgets.HTML()
        self.report = widgets.HTML()
        self.mapping = ColumnChoices()
        self.correct = self.mapping.again
        self.health = widgets.Image(format="png", layout={"width": "100%", "max_width": "700px"})
        self.facts = widgets.HTML()
        self.first_aside = widgets.HTML()
        self.save_aside = SaveBar(
            "rows_set_aside.csv", "Save all rows set aside", self._write_aside, endings=(".csv",)
        )
        self.aside = widgets.VBox([self.first_aside, self.save_aside])
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
        self.mapping.clear()

    @property
    def columns(self) -> dict[str, widgets.Dropdown]:
        """The drop-downs by role; empty where nothing is offered."""
        return self.mapping.dropdowns

    @property
    def _wishes(self) -> tuple[bool | None, str | None, str | None]:
        """What the reader said of dates, numbers and rows: arguments of `shop.read`."""
        return DATES[self.dates.value], NUMBERS[self.numbers.value], ROWS[self.rows.value]

    def start(self, corrected: bool = False) -> None:
        """Load what is chosen, in the child process; with the corrected columns where asked."""
        columns = self.mapping.told if corrected else {}
        if not corrected:
            self.mapping.clear()
        asked = work.Source("", columns, *self._wishes)
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
            source = self._put_down(files, asked)
        elif place in work.KNOWN:
            source = work.Source(place)
        else:
            # absolute, so that the notebook runs in any folder; ~ of nobody stays as it is
            place = str(Path(os.path.expanduser(place)).absolute())
            source = asked._replace(place=place, stamp=work.stamp_of(place))
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

    def _fail(self, problem: str, names: list[str] | None = None) -> None:
        before = (
            f"What was loaded before, {self.loaded.name}, is still there." if self.loaded else ""
        )
        self.message.value = sentence(problem) + (sentence(before, wrong=False) if before else "")
        self.result.layout.display = "" if self.loaded else "none"
        if names and not self.columns:
            self.mapping.offer(names, {}, self._told, ROWS[self.rows.value] or "order")

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
        self.facts.value = to_table(
            loaded.facts, f"Health of the {'table' if loaded.row_is == 'customer' else 'shop'}"
        )
        notes = "".join(f"<li>{quote.html(note)}</li>" for note in loaded.notes)
        self.report.value = (
            "<details open><summary><b>What was read</b></summary>"
            f"<pre>{quote.html(loaded.report)}</pre><ul>{notes}</ul></details>"
        )
        self._offer_columns(loaded)
        self._offer_rows_aside(loaded)
        self.result.layout.display = ""
        self._on_load(loaded)

    def _offer_columns(self, loaded: work.Loaded) -> None:
        """What was taken for what, to be corrected; only for the reader's own tables."""
        if not loaded.columns:
            self.mapping.clear()
            return
        found = dict(zip(loaded.mapping["role"], loaded.mapping["column"], strict=True))
        beside = [name for name in dict.fromkeys(loaded.mapping["table"]) if name != "purchases"]
        self.mapping.offer(loaded.columns, found, self._told, loaded.row_is, beside)

    def _offer_rows_aside(self, loaded: work.Loaded) -> None:
        self.save_aside.reset()
        if not loaded.aside:
            self.first_aside.value = "<p>No row was set aside.</p>"
            self.save_aside.layout.display = "none"
            return
        title = f"{loaded.aside:,} rows set aside, the first of them"
        self.first_aside.value = to_table(loaded.first_aside, title)
        self.save_aside.layout.display = ""

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
        wishes = {
            "columns": source.columns or None,
            "day_first": source.day_first,
            "decimal": source.decimal,
            "row_is": source.row_is,
        }
        told = [f", {k}={quote.python(v)}" for k, v in wishes.items() if v is not None]
        return f"shop.read({quote.python(name)}{''.join(told)})"
