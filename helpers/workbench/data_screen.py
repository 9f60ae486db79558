"""The first screen: choose a shop, see what was taken for what, correct it, see its health."""

from __future__ import annotations

import html
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from helpers.shop import Shop
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import to_table
from helpers.widgets.saving import SaveBar
from helpers.workbench import work

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
    """Data: `store` is the shop that was loaded, `recipe` the line of Python that loads it
    again."""

    def __init__(self, jobs: JobBar, on_load: Callable[[Shop], None]):
        self.jobs, self._on_load = jobs, on_load
        self.store: Shop | None = None
        self.recipe = ""
        self.uploaded: list[dict] = []
        self._folder: tempfile.TemporaryDirectory | None = None
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
            "computer.</p>"
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
        self.correct.on_click(lambda _: self.start(corrected=True))
        start = widgets.HBox([self.load, self.jobs], layout={"flex_flow": "row wrap"})
        super().__init__([self.source, self.own, start, self.message, self.mapping, self.result])

    def _chosen(self, change) -> None:
        self.own.layout.display = "" if change["new"] == OWN else "none"
        self.message.value = ""
        self.mapping.children = ()

    def start(self, corrected: bool = False) -> None:
        """Load what is chosen, in the child process; with the corrected columns where asked."""
        self.message.value = ""
        columns = self.told if corrected else {}
        if not corrected:
            self.columns, self.mapping.children = {}, ()
        self.result.layout.display = "none"
        source = KNOWN.get(self.source.value) or self._own_path()
        if source is None:
            self._fail(
                "No file has arrived. Choose one, or write its path; a file larger than "
                f"{UPLOAD_LIMIT} MB comes by its path only."
            )
            return
        day_first = self.dates.value if self.source.value == OWN else None
        self._asked = (source, columns, day_first)
        self.jobs.run(work.load, *self._asked, done=self._loaded, failed=self._fail)

    @property
    def told(self) -> dict[str, str | None]:
        """The columns that the reader chose, by role: what `shop.read` takes as `columns`."""
        chosen = {role: dropdown.value for role, dropdown in self.columns.items()}
        return {r: None if c == NONE else c for r, c in chosen.items() if c != AUTOMATIC}

    def _own_path(self) -> str | None:
        if self.path.value.strip():
            self.uploaded = []
            return str(Path(self.path.value.strip()).expanduser())
        self.uploaded = list(self.upload.value)
        if not self.uploaded:
            return None
        self._folder = tempfile.TemporaryDirectory(prefix="workbench-")  # gone with the kernel
        return work.copy_of(self.uploaded, Path(self._folder.name))

    def _fail(self, sentence: str, names: list[str] | None = None) -> None:
        lines = html.escape(sentence).replace("\n", "<br>")
        kept = (
            f"<p>The shop loaded before, {self.store.name}, is still there.</p>"
            if self.store
            else ""
        )
        self.message.value = f"<p role='alert'><strong>{lines}</strong></p>{kept}"
        self.result.layout.display = "" if self.store else "none"
        if names and not self.columns:
            self._offer_columns(names, pd.DataFrame(columns=["role", "column", "how"]))

    def _loaded(self, loaded: work.Loaded | work.Refused) -> None:
        if isinstance(loaded, work.Refused):
            self._fail(*loaded)
            return
        source, columns, day_first = self._asked
        self.store = loaded.store
        self.recipe = self._line(source, columns, day_first)
        self.health.value = loaded.picture
        self.facts.value = to_table(loaded.facts, "Health of the shop")
        text = html.escape(str(loaded.store.report))
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in loaded.store.notes)
        self.report.value = (
            "<details open><summary><b>What was "
            f"read</b></summary><pre>{text}</pre><ul>{notes}</ul></details>"
        )
        self._offer_columns(loaded.names, loaded.store.report.mapping)
        self._offer_rows_aside(loaded.store.set_aside)
        self.result.layout.display = ""
        self._on_load(loaded.store)

    def _offer_columns(self, names: list[str], mapping: pd.DataFrame) -> None:
        """A drop-down a role, with what was taken for it; only for the reader's own tables."""
        if not names:
            self.columns, self.mapping.children = {}, ()
            return
        found = dict(zip(mapping["role"], mapping["column"], strict=True))
        told = self._asked[1]
        self.columns = {}
        for role in ROLES:
            value = told.get(role, AUTOMATIC) or NONE
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

    def _offer_rows_aside(self, aside: pd.DataFrame) -> None:
        if aside.empty:
            self.aside.children = (widgets.HTML("<p>No row was set aside.</p>"),)
            return
        shown = to_table(aside.head(10), f"{len(aside):,} rows set aside, the first of them")
        save = SaveBar(
            "rows_set_aside.csv",
            "Save all rows set aside",
            lambda p: aside.to_csv(p, index=False),
            endings=(".csv",),
        )
        self.aside.children = (widgets.HTML(shown), save)

    def _line(self, source: str, columns: dict, day_first: bool | None) -> str:
        if source in KNOWN.values():
            return f'shop.load("{source}")'
        name = (
            source if not self.uploaded else Path(source).name if len(self.uploaded) == 1 else "."
        )
        wishes = f", columns={columns!r}" if columns else ""
        dates = "" if day_first is None else f", day_first={day_first}"
        return f"shop.read({name!r}{wishes}{dates})"
