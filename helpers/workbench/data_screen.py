"""The first screen: drop a file, see what was taken for what; the rest is folded."""

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
from helpers.widgets.kit import Picture, on_enter, sentence, to_table
from helpers.widgets.saving import SaveBar
from helpers.workbench import uploads, work
from helpers.workbench.column_choices import ColumnChoices
from helpers.workbench.fold import Fold
from helpers.workbench.words import AGAIN, DATES, DECIDE, NUMBERS, ROWS, WRONG, undecided

UPLOAD_LIMIT = int(os.environ.get("WORKBENCH_UPLOAD_MB", 10))  # 10 is a plain Jupyter server's
EXAMPLES = {"a simulated shop": "simulated", "2,500 real households": "complete_journey"}
HEADING = (
    "<h2>Your orders, please</h2><p>The file that your shop system exports: CSV, Excel, JSON or "
    "Parquet. It is read as soon as it is here.</p>"
)
DETAILS = (
    "<p>Orders and their lines, a log of visits and purchases, several tables that belong together "
    "(choose them all, or write the path of their folder), or a table with one row a customer. "
    f"Dropped or chosen files up to {UPLOAD_LIMIT} MB in all; larger ones by their path. Nothing "
    "leaves this computer. A dropped file lies in its folder for temporary files while it is read, "
    "a few seconds, and is removed then.</p>"
)


class DataScreen(widgets.VBox):
    """Your file: `loaded` is what the screen shows of the shop that was loaded, `uploaded` the
    files it came from, if the browser sent them, and `recipe` the Python that loads it again.
    `settled` says whether it was read without anything for the reader to decide."""

    def __init__(self, jobs: JobBar, on_load: Callable[[work.Loaded], None]):
        self.jobs, self._on_load = jobs, on_load
        self.loaded: work.Loaded | None = None
        self.recipe = ""
        self.uploaded: list[dict] = []
        self._known = ""  # the example that was asked for
        self._source: work.Source | None = None
        self._child: int | None = None  # the process that holds the shop
        self._folder: tempfile.TemporaryDirectory | None = None  # of an upload that is being read
        self._told: dict[str, str | None] = {}
        self.upload = uploads.Upload(
            accept=",".join(dict.fromkeys(f".{name.rpartition('.')[2]}" for name in READABLE)),
            multiple=True,
            description="Drop your file here, or press to choose it",
            tooltip="One file, or several that belong together",
        )
        self.upload.add_class("workbench-drop")
        self.path = widgets.Text(
            placeholder="or its path on this computer, then Enter",
            description="Path",
            style={"description_width": "40px"},
            layout={"width": "480px"},
        )
        self.examples = {words: self._example(words) for words in EXAMPLES}
        or_look = widgets.HTML("<p>or look at an example:</p>")
        examples = widgets.HBox(
            [or_look, *self.examples.values()],
            layout={"flex_flow": "row wrap", "align_items": "center"},
        )
        self.message, self.taken = widgets.HTML(), widgets.HTML()
        self.dates, self.numbers, self.rows = (
            widgets.Dropdown(
                options=[*options],
                description=says,
                style={"description_width": "110px"},
                layout={"width": "400px"},
            )
            for options, says in (
                (DATES, "Dates are"),
                (NUMBERS, "Numbers are"),
                (ROWS, "Each row is"),
            )
        )
        self.mapping = ColumnChoices()
        self.load = widgets.Button(
            description=AGAIN, icon="refresh", button_style="primary", layout={"width": "auto"}
        )
        self.wrong = Fold(WRONG, [self.mapping, self.rows, self.dates, self.numbers, self.load])
        self.health = Picture(layout={"width": "100%", "max_width": "700px"})
        self.facts, self.report = widgets.HTML(), widgets.HTML()
        self.first_aside = widgets.HTML()
        self.save_aside = SaveBar(
            "rows_set_aside.csv", "Save all rows set aside", self._write_aside, endings=(".csv",)
        )
        self.details = Fold(
            "details",
            [self.health, self.facts, self.report, self.first_aside, self.save_aside],
        )
        self.result = widgets.VBox([self.taken, self.details], layout={"display": "none"})
        self.wrong.layout.display = "none"
        # the last that was touched counts: a file, a path or an example
        self.upload.observe(self._dropped, names="value")
        self.path.observe(self._typed, names="value")
        on_enter(self.path, self.start)
        self.load.on_click(lambda _: self.start(again=True))
        super().__init__(
            [
                widgets.HTML(HEADING),
                self.upload,
                self.path,
                examples,
                self.jobs,
                self.message,
                self.result,
                self.wrong,
                Fold("what can be read, and where it stays", [widgets.HTML(DETAILS)]),
            ]
        )

    def _example(self, words: str) -> widgets.Button:
        button = widgets.Button(description=words)
        button.add_class("workbench-link")
        button.on_click(lambda _: self.show(EXAMPLES[words]))
        return button

    def _dropped(self, change: dict) -> None:
        if change["new"]:
            self._known, self.path.value = "", ""
            self.start()

    def _typed(self, change: dict) -> None:
        if change["new"]:
            self._known, self.upload.value = "", ()

    def show(self, known: str) -> None:
        """Load one of the examples."""
        self.path.value, self.upload.value, self._known = "", (), known
        self.start()

    @property
    def columns(self) -> dict[str, widgets.Dropdown]:
        """The drop-downs by role; empty where nothing is offered."""
        return self.mapping.dropdowns

    @property
    def settled(self) -> bool:
        return self.loaded is not None and not any(map(undecided, self.loaded.warnings))

    @property
    def _wishes(self) -> tuple[bool | None, str | None, str | None]:
        """What the reader said of dates, numbers and rows: arguments of `shop.read`."""
        return DATES[self.dates.value], NUMBERS[self.numbers.value], ROWS[self.rows.value]

    def start(self, again: bool = False) -> None:
        """Load what was dropped, written or asked for, in the child process; `again` with what the
        reader chose of its columns, dates and numbers."""
        if not again:
            for choice in (self.dates, self.numbers, self.rows):
                choice.value = DECIDE
        columns = self.mapping.told if again else {}
        if not again:
            self.mapping.clear()
            self.wrong.opened = False
        self._load(columns)

    def _load(self, columns: dict[str, str | None]) -> None:
        """Load what was dropped, written or asked for, with these columns."""
        asked = work.Source("", columns, *self._wishes)
        place = self._known or self.path.value.strip()
        files = [] if place else list(self.upload.value)
        if not place and not files:
            self._fail(
                "No file has arrived. Choose one, or write its path; a file larger than "
                f"{UPLOAD_LIMIT} MB comes by its path only."
            )
            return
        self.jobs.make_room()
        self.message.value = ""  # a load that this one takes the place of is nobody's news
        self.result.layout.display = self.wrong.layout.display = "none"
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

    @property
    def place(self) -> str:
        """Where the shop that is loaded lies; "" where the browser sent it, or none is loaded."""
        return "" if self._source is None or self.uploaded else self._source.place

    @property
    def reading(self) -> dict[str, Any]:
        """How the shop that is loaded was read, as `reopen` takes it."""
        if self._source is None:
            return {}
        wishes = {name: getattr(self._source, name) for name in ("day_first", "decimal", "row_is")}
        return {"columns": self._source.columns or None, **wishes}

    def reopen(self, place: str, reading: dict[str, Any]) -> None:
        """Load what lies at a place, or the files that the browser sent ("" as place), as it was
        read before."""
        for choice, options, name in (
            (self.dates, DATES, "day_first"),
            (self.numbers, NUMBERS, "decimal"),
            (self.rows, ROWS, "row_is"),
        ):
            wished = [words for words, value in options.items() if value == reading.get(name)]
            choice.value = wished[0] if wished else DECIDE
        if place in work.KNOWN:
            self.path.value, self._known = "", place
        elif place:
            self.path.value = place
        self._load(dict(reading.get("columns") or {}))

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
        if names is None:
            return
        if names and not self.columns:
            self.mapping.offer(names, {}, self._told, ROWS[self.rows.value] or "order")
        self.wrong.layout.display = ""
        self.wrong.opened = bool(names)

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
        self.health.tooltip = "Orders and money over time, and what share of it the best bring."
        self.facts.value = to_table(
            loaded.facts, f"Health of the {'table' if loaded.row_is == 'customer' else 'shop'}"
        )
        notes = "".join(f"<li>{quote.html(note)}</li>" for note in loaded.notes)
        self.report.value = (
            f"<p><b>What was read</b></p><pre>{quote.html(loaded.report)}</pre><ul>{notes}</ul>"
        )
        self.taken.value = self._in_words(loaded)
        self._offer_columns(loaded)
        self._offer_rows_aside(loaded)
        self.result.layout.display = ""
        self._on_load(loaded)

    def _in_words(self, loaded: work.Loaded) -> str:
        """How it went: what was taken for what, and what deserves a look before going on."""
        if loaded.row_is == "customer":
            head = "is read: a table with one row a customer. “Explore” can group them."
        else:
            head = "is read. “Monday” says what is in it."
        said = f"<p role='status'><b>{quote.html(loaded.name)}</b> {head}</p>{loaded.taken}"
        asks = sorted(loaded.warnings, key=lambda text: not undecided(text))
        if not asks:
            return said
        first = "Please decide before you go on" if undecided(asks[0]) else "Worth knowing"
        return (
            f"{said}<p><b>{first}:</b></p><ul>"
            + "".join(f"<li>{quote.html(text[:1].upper() + text[1:])}</li>" for text in asks)
            + "</ul>"
        )

    def _offer_columns(self, loaded: work.Loaded) -> None:
        """What was taken for what, to be corrected; only for the reader's own tables."""
        if not loaded.columns:
            self.mapping.clear()
            return
        found = dict(zip(loaded.mapping["role"], loaded.mapping["column"], strict=True))
        beside = [name for name in dict.fromkeys(loaded.mapping["table"]) if name != "purchases"]
        self.mapping.offer(loaded.columns, found, self._told, loaded.row_is, beside)
        self.wrong.layout.display = ""

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
