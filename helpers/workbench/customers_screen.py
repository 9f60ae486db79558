"""The screen of customers: the best, the regulars who are slipping away, and one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from helpers import quote
from helpers.campaign import audiences
from helpers.errors import counted
from helpers.owner import rhythm
from helpers.owner.rhythm import LEAST, STEPS, SURE, in_ten
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import sentence
from helpers.widgets.saving import SHEETS, SaveBar
from helpers.workbench import customers_work, own_notebook
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.looked_at import SHOWN, LookedAt, to_rows
from helpers.workbench.own_notebook import Cell

HEADINGS = {
    "customer_id": "customer",
    "email": "e-mail",
    "last_order": "last order",
    "expected": "expected to spend in 12 months",
    "usual": "usually every (days)",
    "silent": "silent for (days)",
    "gone": "probability of having left",
}
BY = {"who spent most": "spent", "who are expected to spend most": "expected"}  # a column each
LOST_BY = {"who went quiet lately": ("silent", True), "who spent most": ("spent", False)}
PARTS = ["Best", "Slipping away", "One customer"]
WRITE_TO = {  # what the button says, by audience
    audiences.BEST: "the tenth who spent most",
    audiences.EXPECTED: "the tenth who are expected to spend most",
    audiences.REGULARS: "the regulars",
}
REGULARS = "Best: regulars"  # the first part, of regulars only
HOW_SURE = [(f"{10 * sure:.0f} in 10", sure) for sure in STEPS]
WHY_BEST = (
    "<details><summary>why?</summary><p>All orders of a day are one purchase. Expected is how "
    "often such customers go on buying (BG/NBD) times what a purchase of theirs is worth "
    "(Gamma-Gamma), fitted to all customers of this file, in the next 365 days; no season and no "
    "visit enters. “Was big, quiet now”: of the tenth who spent most, expected to spend less than "
    "half of what the middle one of that tenth is. “New, rising”: of the tenth with the highest "
    "expectation, first purchase in the last half-year, and not in the other tenth.</p></details>"
)
WHY_SLIPPING = (
    "<details><summary>why?</summary><p>“Usually” is the middle gap between two purchases of "
    "theirs. Gone: the probability of having left, by a model of all customers of this file "
    "(BG/NBD), from how often and how regularly they bought and how long they have been silent. "
    "Only those with four purchases or more are asked about: of others the model knows no rhythm, "
    "and it would take everybody who bought once for still being here. How many came back is "
    "counted: the same list, made from what was known half a year ago, and who of it has bought "
    "since; in brackets the ends of its 95% interval (Wilson).</p></details>"
)


class CustomersScreen(LookedAt):
    """Customers: what each spent and is expected to spend; who is slipping away, by how sure one
    wants to be; one customer at a time. All of it is computed once in the child; search and slider
    answer here."""

    def __init__(
        self, jobs: JobBar, data: DataScreen, write_to: Callable[[str], None] = lambda who: None
    ):
        self.people: customers_work.People | None = None
        self._words = pd.Series(dtype="str")  # what can be searched, by customer
        self.says = widgets.HTML()
        self.part = widgets.ToggleButtons(
            options=PARTS,
            tooltips=[f"Show: {name}" for name in PARTS],
            style={"button_width": "auto"},
        )
        wide = {"layout": {"width": "420px"}, "style": {"description_width": "90px"}}
        hint = "customer number, name or e-mail"
        self.search = widgets.Text(placeholder=hint, description="Search", **wide)
        self.by = widgets.ToggleButtons(
            options=[*BY],
            description="First those",
            tooltips=[f"First those {name}" for name in BY],
            style={"button_width": "auto"},
        )
        self.by.observe(lambda _: self._show_best(), names="value")
        self.regulars = widgets.Checkbox(
            False,
            description="only regulars, who ordered on four days or more",
            indent=False,
            layout={"width": "auto"},
        )
        self.regulars.observe(lambda _: self._show_best(), names="value")
        self.best = widgets.HTML()
        self.write_to = [
            widgets.Button(description="Write to them", icon="envelope-o", layout={"width": "auto"})
            for _ in range(2)
        ]
        for button, who in zip(self.write_to, (self._best_are, self._slipping_are), strict=True):
            button.on_click(lambda _, who=who: write_to(who()))
        self.save_best = SaveBar(
            "my_customers.xlsx", "Save this list", self._write_best, endings=SHEETS
        )
        self.sure = widgets.SelectionSlider(
            options=HOW_SURE, value=SURE, description="Gone", continuous_update=True, **wide
        )
        self.lost_by = widgets.ToggleButtons(
            options=[*LOST_BY],
            description="First those",
            tooltips=[f"First those {name}" for name in LOST_BY],
            style={"button_width": "auto"},
        )
        self.lost_by.observe(lambda _: self._show_slipping(), names="value")
        self.count, self.slipping = widgets.HTML(), widgets.HTML()
        self.save_slipping = SaveBar(
            "my_slipping.xlsx", "Save this list", self._write_slipping, endings=SHEETS
        )
        self.who = widgets.Text(placeholder=hint, description="Search", **wide)
        self.found = widgets.Select(options=[], description="Found", rows=6, **wide)
        self.one_message, self.one = widgets.HTML(), widgets.HTML()
        self._parts = [
            widgets.VBox(
                [
                    self.search,
                    self.by,
                    self.regulars,
                    self.best,
                    widgets.HTML(WHY_BEST),
                    self.write_to[0],
                    self.save_best,
                ]
            ),
            widgets.VBox(
                [
                    widgets.HBox([self.sure, self.count], layout={"flex_flow": "row wrap"}),
                    self.lost_by,
                    self.slipping,
                    widgets.HTML(WHY_SLIPPING),
                    self.write_to[1],
                    self.save_slipping,
                ]
            ),
            widgets.VBox([self.who, self.found, self.one_message, self.one]),
        ]
        self.part.observe(lambda _: self._turned(), names="value")
        self.search.observe(lambda _: self._show_best(), names="value")
        self.sure.observe(lambda _: self._show_slipping(), names="value")
        self.who.observe(lambda _: self._show_found(), names="value")
        self.found.observe(lambda _: self._look_up(), names="value")
        self._turned()
        super().__init__(jobs, data, [self.says, self.part, *self._parts])

    @property
    def kept(self) -> dict[str, widgets.Widget]:
        """The choices that a project keeps."""
        return {
            "Shown": self.part,
            "First": self.by,
            "Only regulars": self.regulars,
            "How sure": self.sure,
            "First of those slipping": self.lost_by,
        }

    def turn_to(self, part: str) -> None:
        """Show one of `PARTS`; `REGULARS` shows the best with regulars only."""
        self.regulars.value = part == REGULARS
        self.part.value = PARTS[0] if part == REGULARS else part

    @property
    def cells(self) -> list[Cell]:
        """What gives these figures again, in a notebook."""
        return [] if self.people is None else own_notebook.customers(self.sure.value)

    def _turned(self) -> None:
        for name, part in zip(PARTS, self._parts, strict=True):
            part.layout.display = "" if name == self.part.value else "none"

    def _best_are(self) -> str:
        """The audience that is the list of the best, as it is chosen."""
        if self.regulars.value:
            return audiences.REGULARS
        return {"spent": audiences.BEST, "expected": audiences.EXPECTED}[BY[self.by.value]]

    def _slipping_are(self) -> str:
        """The audience that is the list of those slipping away, as it is chosen."""
        of_sure = {sure: name for name, sure in audiences.NARROWER.items()}
        return of_sure.get(self.sure.value, audiences.SLIPPING)

    def _forget(self) -> None:
        self.people = None
        self.search.value = self.who.value = ""
        self.best.value = self.slipping.value = self.count.value = self.says.value = ""
        self.one.value = self.one_message.value = ""
        self.found.options = []
        self.sure.value, self.part.value, self.regulars.value = SURE, PARTS[0], False
        self.save_best.reset()
        self.save_slipping.reset()

    def _ask(self) -> None:
        self.data.ask(customers_work.customers, done=self._show, failed=self.say)

    def _show(self, people: customers_work.People) -> None:
        self.people = people
        names = [people.best[name].astype("str") for name in _named(people.best)]
        ids = pd.Series(people.best.index.astype("str"), people.best.index)
        words = ids.str.cat(names, sep="\n", na_rep="") if names else ids
        self._words = words.str.lower()
        self.says.value = "".join(f"<p>{quote.html(text)}</p>" for text in people.says)
        self._show_best()
        self._show_slipping()
        self._show_found()
        self.show()

    def _matching(self, text: str) -> pd.DataFrame:
        """The customers whose number, name or e-mail holds the text, those who spent most first."""
        if self.people is None:
            return pd.DataFrame()
        text = text.strip().lower()
        if not text:
            return self.people.best
        return self.people.best[self._words.str.contains(text, regex=False)]

    def _best_shown(self) -> pd.DataFrame:
        """Those whom the first part shows: who matches, all or regulars only, first those first."""
        found = self._matching(self.search.value)
        if self.regulars.value:
            found = found[found["purchases"] > LEAST]
        return found.sort_values(BY[self.by.value], ascending=False, kind="stable")

    def _show_best(self) -> None:
        if self.people is None:
            return
        found = self._best_shown()
        self.write_to[0].description = f"Write to {WRITE_TO[self._best_are()]}"
        few = found.head(SHOWN)
        columns = {
            **_who(few),
            "spent so far": [f"{spent:,.0f}" for spent in few["spent"]],
            "expected to spend in 12 months": [_or_dash(spend) for spend in few["expected"]],
            "purchases": [f"{many:,}" for many in few["purchases"]],
            "last order": _days(few["last_order"]),
            "note": [_badge(note) for note in few["note"]],
        }
        self.best.value = to_rows(
            _many(found, "regular" if self.regulars.value else "customer"),
            columns,
            {"name", "e-mail", "note"},
            {"note"},
        )

    def _listed(self) -> pd.DataFrame:
        if self.people is None:
            return pd.DataFrame()
        found = self.people.regulars[self.people.regulars["gone"] >= self.sure.value]
        column, ascending = LOST_BY[self.lost_by.value]
        return found.sort_values(column, ascending=ascending, kind="stable")

    def _show_slipping(self) -> None:
        if self.people is None:
            return
        found = self._listed()
        for control in (self.sure, self.lost_by):
            control.layout.display = "none" if self.people.silence else ""
        if self.people.silence:
            self._show_silent(self.people)
            return
        few = found.head(SHOWN)
        share = found["spent"].sum() / max(self.people.best["spent"].sum(), 1e-9)
        self.count.value = (
            f"<p role='status'><b>{counted(len(found), 'regular')}</b> of "
            f"{len(self.people.regulars):,}; they brought {share:.0%} of the money. Each is gone "
            f"with a chance of {10 * self.sure.value:.0f} in 10 or more.</p>"
        )
        columns = {
            **_who(few),
            "last order": _days(few["last_order"]),
            "rhythm": _rhythms(few),
            "spent": [f"{spent:,.0f}" for spent in few["spent"]],
            "gone": [in_ten(gone) for gone in few["gone"]],
        }
        table = to_rows(_many(found, "regular"), columns, {"name", "e-mail", "rhythm"}, set())
        self.slipping.value = f"{table if len(few) else ''}<p>{quote.html(self._tried())}</p>"

    def _show_silent(self, people: customers_work.People) -> None:
        """Nobody seems to have left: those who are silent for longest, for their rhythm."""
        times = rhythm.times(people.regulars).sort_values(ascending=False, kind="stable")
        few = people.regulars.loc[times.index[:SHOWN]]
        columns = {
            **_who(few),
            "last order": _days(few["last_order"]),
            "rhythm": _rhythms(few),
            "times as long as usual": [f"{many:,.1f}" for many in times.iloc[:SHOWN]],
            "spent": [f"{spent:,.0f}" for spent in few["spent"]],
        }
        title = f"The {len(few)} regulars who are silent for longest, for their rhythm"
        self.count.value = f"<p role='status'>{quote.html(people.silence)}</p>"
        self.slipping.value = to_rows(title, columns, {"name", "e-mail", "rhythm"}, set())

    def _tried(self) -> str:
        """What became of such a list half a year ago."""
        if self.people is None or self.people.untried or not self.people.tried:
            return "" if self.people is None else self.people.untried
        back = self.people.tried[self.sure.value]
        if back.share is None:
            return "Half a year ago such a list would have been empty."
        return (
            f"Half a year ago such a list held {back.listed:,} people; of 100 of them "
            f"{100 * back.share.estimate:.0f} ({100 * back.share.low:.0f} to "
            f"{100 * back.share.high:.0f}) have ordered since."
        )

    def _show_found(self) -> None:
        found = self._matching(self.who.value)
        beside = [found.head(SHOWN)[name] for name in _named(found)]
        options = []
        for place, customer in enumerate(found.index[:SHOWN]):
            more = [str(column.iloc[place]) for column in beside if pd.notna(column.iloc[place])]
            words = dict.fromkeys([str(customer), *more])  # the e-mail may be the number
            options.append((" · ".join(words), customer))
        self.found.options = options
        self.found.value = options[0][1] if len(options) == 1 else None
        if self.people is not None:
            self.one_message.value = f"<p role='status'>{_many(found, 'customer')}</p>"

    def _look_up(self) -> None:
        customer = self.found.value
        self.one.value = ""
        if customer is None:
            return
        head = next(label for label, name in self.found.options if name == customer)

        def done(page: str) -> None:
            if self.found.value == customer:
                self.one.value = f"<h3>{quote.html(head)}</h3>{page}"

        def failed(problem: str) -> None:
            self.one.value = sentence(problem)

        self.ask_later(
            lambda: self.data.ask(customers_work.one, customer, done=done, failed=failed)
        )

    def _write_best(self, path: Path) -> str:
        if self.people is None:
            raise ValueError("Load your orders first.")
        return _write(self._best_shown(), path)

    def _write_slipping(self, path: Path) -> str:
        if self.people is None:
            raise ValueError("Load your orders first.")
        return _write(self._listed(), path)


def _write(table: pd.DataFrame, path: Path) -> str:
    if table.empty:
        raise ValueError("Nobody is on this list: there is nothing to save.")
    listed = table.round(2).reset_index().rename(columns=HEADINGS)
    listed["last order"] = listed["last order"].dt.strftime("%Y-%m-%d")
    note = quote.write_sheet(listed, path)
    for_mail = "To write to them, make the list on “Campaign”: it leaves out who may not."
    return f"{counted(len(table), 'customer')}. {for_mail} {note}"


def _named(table: pd.DataFrame) -> list[str]:
    return [name for name in ("name", "email") if name in table]


def _who(table: pd.DataFrame) -> dict[str, list[str]]:
    """The columns that say who a customer is."""
    beside = {"name": "name", "email": "e-mail"}
    ids = list(table.index.astype("str"))
    known = {
        beside[name]: list(table[name].astype("str").where(table[name].notna(), ""))
        for name in _named(table)
    }
    # where the e-mail is the customer's number it need not stand there twice
    return {"customer": ids, **{what: cells for what, cells in known.items() if cells != ids}}


def _many(found: pd.DataFrame, noun: str) -> str:
    if found.empty:
        return "Nobody found"
    more = f", the first {SHOWN} of them" if len(found) > SHOWN else ""
    return f"{counted(len(found), noun)}{more}"


def _days(moments: pd.Series) -> list[str]:
    return list(moments.dt.strftime("%Y-%m-%d"))


def _rhythms(few: pd.DataFrame) -> list[str]:
    return [
        f"usually every {counted(round(usual), 'day')}, silent for {round(silent):,}"
        for usual, silent in zip(few["usual"], few["silent"], strict=True)
    ]


def _or_dash(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:,.0f}"


def _badge(note: str) -> str:
    if not note:
        return ""
    color = "#8a3b00" if "quiet" in note else "#00573c"
    return (
        f"<span style='border:1px solid {color};border-radius:.6rem;padding:0 .5rem;color:{color};"
        f"white-space:nowrap'>{quote.html(note)}</span>"
    )
