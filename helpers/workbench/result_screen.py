"""The screen of a campaign's result: the plan and the orders that came since."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from helpers import campaign, evaluation, plots, quote
from helpers.campaign import Plan, Result
from helpers.campaign.plan import KEPT, WRITTEN
from helpers.widgets.amount import Amount
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import Picture, on_enter, sentence, to_table
from helpers.widgets.saving import SaveBar
from helpers.workbench import campaign_work, own_notebook, uploads
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.own_notebook import Cell
from helpers.workbench.plans import Plans
from helpers.workbench.waiting import WhenFree

FIRST = (
    "<p>Some weeks after a campaign: load a new export of your orders on the first screen, and "
    "open the plan here that was saved with the list.</p>"
)
PLAN = "my_plan.json"  # beside a notebook
CHOOSE = "choose one …"
DAY = pd.Timedelta("1D")
WIDE = {"description_width": "150px"}
WHY = """<p>Everybody in the plan counts, whether the mail arrived, was opened or not: otherwise
those who like mail would be compared with everybody. The ranges are 95 % intervals. On simulated
campaigns those of the shares (Newcombe's interval) held the truth in 94 to 96 of a hundred, those
of the money (CUPED on what each spent in the 91 days before, Welch's t) in 92 to 98. While the
campaign runs, the range is one that may be looked at every day (a mixture sequential probability
ratio test), and is wider.</p>"""


class ResultScreen(widgets.VBox):
    """Result: `found` is what was read last, `plan` the plan that it was read with."""

    def __init__(self, jobs: JobBar, data: DataScreen, plans: Plans):
        self._data, self._plans = data, plans
        self._when_free = WhenFree(jobs)
        self.plan: Plan | None = None
        self.found: Result | None = None
        self.message = widgets.HTML(FIRST)
        self.upload = uploads.Upload(
            accept=".json", description="Open a plan", layout={"width": "220px"}
        )
        self.path = widgets.Text(
            placeholder="or its path: my_plan.json",
            description="Path of the plan",
            style=WIDE,
            layout={"width": "100%", "max_width": "520px"},
        )
        self.known = widgets.Dropdown(
            description="Your plans", style=WIDE, layout={"width": "100%", "max_width": "520px"}
        )
        small = {"style": WIDE, "layout": {"width": "260px"}, "disabled": True}
        self.cost = Amount(0, 0, 1e6, description="A mail cost", **small)
        self.margin = Amount(30, 1, 100, description="Of 100 sold I keep", **small)
        self.verdict = widgets.HTML()
        self.picture = Picture(layout={"width": "100%", "max_width": "560px"})
        self.money, self.details = widgets.HTML(), widgets.HTML()
        self.save = SaveBar("my_result.txt", "Save these sentences", self._write, endings=(".txt",))
        self.result = widgets.VBox(
            [
                self.verdict,
                self.picture,
                widgets.HBox([self.cost, self.margin], layout={"flex_flow": "row wrap"}),
                self.money,
                self.details,
                self.save,
            ],
            layout={"display": "none"},
        )
        self.upload.observe(lambda _: self._arrived(), names="value")
        on_enter(self.path, self.open_plan)
        self.known.observe(lambda _: self._take_known(), names="value")
        for control in (self.cost, self.margin):
            control.observe(lambda _: self._count(), names="value")
        super().__init__([self.message, self.known, self.upload, self.path, jobs, self.result])

    @property
    def kept(self) -> dict[str, widgets.Widget]:
        """The choices that a project keeps."""
        return {"Plan": self.path}

    @property
    def cells(self) -> list[Cell]:
        """What reads this result again, in a notebook that the plan's file lies beside."""
        if self.plan is None or self.found is None:
            return []
        try:
            cost, margin = self.cost.number, self.margin.number / 100
        except ValueError:
            cost, margin = self.plan.cost, self.plan.margin
        return own_notebook.result(PLAN, cost, margin)

    @property
    def files(self) -> dict[str, str]:
        """The files that `cells` read, by name."""
        plan = None if self.found is None else self.plan
        return {} if plan is None else {PLAN: campaign.as_json(plan)}

    def shop_loaded(self) -> None:
        """Forget the result of the shop before; a plan that was opened is read again."""
        self.found = None
        self.known.value = None
        self._when_free.forget()
        self.result.layout.display = "none"
        self.message.value = FIRST
        self.save.reset()

    def look(self) -> None:
        """Offer the plans that are known, if there are any."""
        self.known.layout.display = "" if (plans := list(self._plans)) else "none"
        shown = [(f"{p.name}, from {p.starts:%d %B %Y}, to {p.audience}", p) for p in plans]
        options = [(CHOOSE, None), *shown]
        if options != list(self.known.options):
            self.known.options = options
        if len(plans) == 1 and self.found is None and self._data.loaded is not None:
            self._when_free(lambda: self._choose(plans[0]))

    def _choose(self, plan: Plan) -> None:
        self.known.value = plan

    def _take_known(self) -> None:
        if self.known.value is not None:
            self._read(campaign.as_json(self.known.value))

    def _arrived(self) -> None:
        if not self.upload.value:
            return
        try:
            text = bytes(self.upload.value[0]["content"]).decode("utf-8")
        except UnicodeDecodeError:
            text = ""  # no plan; said so where it is read
        self._read(text)

    def open_plan(self) -> None:
        """Open the plan at the path, and read its result."""
        try:
            path = Path(self.path.value.strip()).expanduser()
            self._read(path.read_text(encoding="utf-8"))
        except (OSError, RuntimeError, UnicodeDecodeError, ValueError) as problem:
            said = getattr(problem, "strerror", None) or "it is no plan"
            self._fail(f"{self.path.value.strip()} cannot be opened: {said}.")

    def _read(self, text: str) -> None:
        self.message.value = ""
        if self._data.loaded is None:
            self._fail("Load a new export of your orders on the first screen.")
            return
        self._data.ask(campaign_work.read, text, done=self._show, failed=self._fail)

    def _fail(self, problem: str) -> None:
        self.message.value = sentence(problem)
        self.result.layout.display = "none"

    def _show(self, both: tuple[Plan, Result]) -> None:
        self.plan, self.found = None, both[1]
        plan, found = both
        # both fields first, then one count
        self.cost.number, self.margin.number = plan.cost, 100 * plan.margin
        self.plan = plan
        self.message.value = ""
        for control in (self.cost, self.margin):
            control.disabled = found.extra_money is None
        self.picture.value, self.picture.tooltip = _bars(found)
        self.details.value = (
            f"<details><summary>Why, and the figures</summary>{WHY}"
            f"{to_table(_figures(plan, found), 'Figures')}</details>"
        )
        self._count()
        self.save.reset()
        self.result.layout.display = ""

    def _count(self) -> None:
        """The sentences, with the cost and the margin in the fields."""
        if self.plan is None or self.found is None:
            return
        try:
            cost, margin = self.cost.number, self.margin.number / 100
        except ValueError as problem:
            self.verdict.value = sentence(str(problem))
            return
        self.found = campaign.priced(self.plan, self.found, cost, margin)
        plan = self.plan
        self.verdict.value = (
            f"<p>{quote.html(plan.name)}, to {quote.html(plan.audience)}: orders from "
            f"{plan.starts:%d %B %Y} to {plan.ends - DAY:%d %B %Y}.</p>"
            f"<p style='font-size:1.1em'><b>{campaign.verdict(plan, self.found)}</b></p>"
        )

    def _write(self, path: Path) -> str:
        if self.plan is None or self.found is None:
            raise ValueError("Open a plan first.")
        said = f"{self.plan.name}\n\n{campaign.verdict(self.plan, self.found)}\n"
        path.write_text(said, encoding="utf-8")
        return ""


def _bars(found: Result) -> tuple[bytes, str]:
    """The shares that ordered, with their intervals, and what is to be seen."""
    plots.use_style()
    figure = Figure(figsize=(5.6, 1.9), layout="constrained")
    ax = figure.subplots()
    said = []
    for place, (arm, color) in enumerate(((KEPT, plots.GRAY), (WRITTEN, plots.BLUE))):
        share = evaluation.proportion_interval(found.ordered[arm], found.of[arm])
        ax.barh(place, 100 * share.estimate, color=color, height=0.6)
        ax.plot([100 * share.low, 100 * share.high], [place, place], color=plots.BLACK)
        said.append(f"{arm}: {share.estimate:.0%} ({share.low:.0%} to {share.high:.0%})")
    ax.set_yticks([0, 1], [KEPT, WRITTEN])
    ax.set(xlabel="ordered (%)")
    ax.set_title("Who ordered", loc="left")
    return plots.to_png(figure, quick=True), f"Share that ordered. {'; '.join(said)}."


def _figures(plan: Plan, found: Result) -> pd.DataFrame:
    rows = {
        "more who order, of a hundred": found.share and [100 * end for end in found.share],
        "more customers who ordered": found.extra_orders,
        "money per customer": found.spend,
        "money in all": found.extra_money,
        "profit": found.profit,
    }
    for guard in found.guards.itertuples():
        rows[f"{guard.Index}, difference"] = [guard.estimate, guard.low, guard.high]
    shown = {what: ends for what, ends in rows.items() if ends is not None}
    table = pd.DataFrame.from_dict(shown, orient="index", columns=["estimate", "from", "to"])
    return table.rename_axis(f"{plan.written:,} written to, {plan.kept:,} kept back")
