"""The screen of a campaign: whom to write to, whom to keep back, what that can show, the list."""

from __future__ import annotations

import datetime
from pathlib import Path

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from helpers import campaign, plots, quote
from helpers.campaign.plan import LEAST, can_show_with, usual
from helpers.errors import counted
from helpers.evaluation import Interval
from helpers.files import write_text
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import STALE, STYLE, sentence, to_table
from helpers.widgets.saving import SaveBar
from helpers.workbench import campaign_work
from helpers.workbench.campaign_work import Audience, Made, Offered
from helpers.workbench.data_screen import DataScreen

FIRST = "<p>Load your orders on the first screen.</p>"
DAYS = 28
SHOWN = 20  # customers of the plan that the screen shows
TYPICAL = 0.1  # what a mail that does something brings, relative: a tenth more
SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
OLD = 7  # days
WIDE = {"description_width": "150px"}
WHY = """<details><summary>Why keep some back?</summary><p>Many of those you write to would have
ordered anyway. Only customers like them who get no mail tell how many. Who is kept back is drawn by
a rule of their number and the campaign's name, so it cannot be chosen and can be checked.</p>
<p>“Can show” means: if the mail really does so much, four campaigns of five will show it. It rests
on the share of such customers who ordered in as many days before.</p></details>"""


class CampaignScreen(widgets.VBox):
    """Campaign: the audiences are counted when the screen is first looked at; a plan is made, kept
    as a file, and turned into a list for the mail tool. `plan` is the one made last."""

    def __init__(self, jobs: JobBar, data: DataScreen):
        self._jobs, self._data = jobs, data
        self.offered: Offered | None = None
        self.made: Made | None = None
        self._wanted = False
        self.message = widgets.HTML(FIRST)
        self.says = widgets.HTML()
        self.who = widgets.Dropdown(
            description="Write to", style=WIDE, layout={"width": "100%", "max_width": "520px"}
        )
        self.name = widgets.Text(
            description="Name of the campaign",
            placeholder="Winter mail 2026",
            style=WIDE,
            layout={"width": "100%", "max_width": "520px"},
        )
        slider = {"style": WIDE, "layout": {"width": "100%", "max_width": "520px"}}
        self.many = widgets.IntSlider(
            description="At most", min=LEAST, max=LEAST + 1, continuous_update=False, **slider
        )
        self.keep = widgets.IntSlider(
            20, 5, 50, 5, description="Keep back (%)", continuous_update=False, **slider
        )
        small = {"style": WIDE, "layout": {"width": "260px"}}
        self.cost = widgets.BoundedFloatText(
            0.0, min=0, max=1e6, description="A mail costs", **small
        )
        self.margin = widgets.BoundedFloatText(
            30.0, min=1, max=100, description="Margin (%)", **small
        )
        self.lift = widgets.BoundedFloatText(
            10.0, min=0.1, max=1000, description="A mail brings (%)", disabled=True, **small
        )
        self.only = widgets.Checkbox(
            False, description="only those for whom that would pay", indent=False
        )
        self.unknown = widgets.Checkbox(
            False, description="also those of whom consent is unknown", indent=False
        )
        self.letters = widgets.Checkbox(
            False, description="also those without an e-mail address (for letters)", indent=False
        )
        self.starts = widgets.DatePicker(description="It goes out on", style=WIDE)
        self.old = widgets.HTML()
        self.power = widgets.HTML()
        self.picture = widgets.Image(format="png", layout={"width": "100%", "max_width": "560px"})
        self.go = widgets.Button(
            description="Draw who is kept back, and make the list",
            button_style="primary",
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self.said, self.table = widgets.HTML(), widgets.HTML()
        self.form = widgets.Dropdown(
            options=campaign.FORMS,
            value="CSV",
            description="For",
            style=WIDE,
            layout={"width": "360px"},
        )
        self.save_list = SaveBar("my_list.csv", "Save the list", self._write_list)
        self.save_plan = SaveBar(
            "my_plan.json", "Save the plan", self._write_plan, endings=(".json",)
        )
        self.result = widgets.VBox(
            [
                self.said,
                self.table,
                widgets.HTML("<b>The list</b> has only those who are written to."),
                self.form,
                self.save_list,
                widgets.HTML(
                    "<b>The plan</b> is what the result is read with later. It holds customer "
                    "numbers, no name and no address."
                ),
                self.save_plan,
            ],
            layout={"display": "none"},
        )
        row = {"flex_flow": "row wrap"}
        self.choices = widgets.VBox(
            [
                self.says,
                self.who,
                self.name,
                self.starts,
                self.old,
                self.many,
                self.keep,
                widgets.HBox([self.cost, self.margin], layout=row),
                widgets.HBox([self.only, self.lift], layout=row),
                self.unknown,
                self.letters,
                self.power,
                self.picture,
                widgets.HTML(WHY),
                self.go,
            ],
            layout={"display": "none"},
        )
        self.who.observe(lambda _: self._chosen(), names="value")
        self.unknown.observe(lambda _: self._chosen(), names="value")
        for control in (self.many, self.keep):
            control.observe(lambda _: self._moved(), names="value")
        for control in (self.name, self.cost, self.margin, self.lift, self.letters, self.starts):
            control.observe(lambda _: self._outdated(), names="value")
        self.only.observe(lambda _: self._paying(), names="value")
        self.form.observe(lambda _: self._form(), names="value")
        self.go.on_click(lambda _: self.make())
        jobs.layout.observe(lambda _: self._freed(), names="visibility")
        super().__init__([jobs, self.message, self.choices, self.result])

    @property
    def kept(self) -> dict[str, widgets.Widget]:
        """The choices that a project keeps, those first that others hang on. Not the name, which
        draws the same customers again, not a number of customers or a day, which are of one file,
        and not whom to write to without consent."""
        return {
            "Write to": self.who,
            "Keep back": self.keep,
            "A mail costs": self.cost,
            "Margin": self.margin,
            "Only those for whom it pays": self.only,
            "A mail brings": self.lift,
        }

    @property
    def plan(self) -> campaign.Plan | None:
        """The plan made last; None where there is none."""
        return None if self.made is None else self.made.plan

    def shop_loaded(self) -> None:
        """Forget what was of the shop before."""
        self.offered = self.made = None
        self.choices.layout.display = self.result.layout.display = "none"
        self.message.value = self.name.value = ""
        self.unknown.value = self.letters.value = False
        self.save_list.reset()
        self.save_plan.reset()

    def look(self) -> None:
        """Count the audiences, unless that is done."""
        if self._data.loaded is None or self.offered is not None:
            return
        self.message.value = "<p>Counting your customers …</p>"
        self._wanted = self._jobs.busy
        if not self._wanted:
            self._data.ask(campaign_work.offer, DAYS, done=self._show, failed=self._fail)

    def _freed(self) -> None:
        if self._wanted and not self._jobs.busy:
            self.look()

    def _fail(self, problem: str) -> None:
        self.message.value = sentence(problem)

    def _show(self, offered: Offered) -> None:
        self.offered = offered
        large = {who: a for who, a in offered.audiences.items() if a.taken[True] >= LEAST}
        self.message.value = ""
        self.says.value = _what_the_file_says(offered)
        if not large:
            self._fail(
                f"No audience has {LEAST} customers who may be written to: a comparison needs at "
                "least so many. Write to these few by hand."
            )
            return
        self.unknown.layout.display = "" if offered.says_consent else "none"
        lacking = 0 < offered.with_email < offered.customers
        self.letters.layout.display = "" if lacking else "none"
        today = pd.Timestamp.now().normalize()
        self.starts.value = max(offered.as_of, today).date()
        self.starts.min = offered.as_of.date()
        said = [(_offer(who, a, offered.says_consent), who) for who, a in large.items()]
        self.who.options = said
        self.who.value = next(iter(large))
        self._chosen()
        self.choices.layout.display = ""

    def _chosen(self) -> None:
        if self.offered is None or self.who.value is None:
            return
        most = self.offered.audiences[self.who.value].taken[self.unknown.value]
        self.many.max = max(most, LEAST + 1)
        self.many.value = most
        self._moved()

    def _paying(self) -> None:
        self.lift.disabled = not self.only.value
        self._moved()

    def _moved(self) -> None:
        """Say and draw what these numbers can show."""
        if self.offered is None or self.who.value is None:
            return
        ordered = self.offered.audiences[self.who.value].ordered[self.unknown.value]
        anyway = usual(ordered, self.many.value)
        shown = {share: can_show_with(anyway, *self._parts(share)) for share in SHARES}
        written, kept = self._parts(self.keep.value / 100)
        now = can_show_with(anyway, written, kept)
        if anyway is None:
            said = "Your orders do not reach back far enough to say what this can show."
        else:
            who = "such customers (not only those for whom it would pay)"
            said = (
                f"Of {who if self.only.value else 'such customers'} {_share(anyway.estimate)} "
                f"({_share(anyway.low)} to {_share(anyway.high)}) ordered within {DAYS} days "
                f"anyway. {_can(anyway, now, shown[max(shown)])}"
            )
        about = "at most about" if self.only.value else "about"
        self.power.value = (
            f"<p><b>Written to: {about} {written:,}. Kept back: {about} {kept:,}.</b> {said}</p>"
        )
        drawable = any(effect is not None for effect in shown.values())
        self.picture.layout.display = "" if drawable else "none"
        if drawable:
            self.picture.value = _curve(shown, self.keep.value / 100, now)
            self.picture.alt = f"The smallest effect shown, by the share kept back. {said}"
        self._outdated()

    def _parts(self, keep_back: float) -> tuple[int, int]:
        kept = round(self.many.value * keep_back)
        return self.many.value - kept, kept

    def _wishes(self) -> dict:
        return {
            "many": self.many.value if self.many.value < self.many.max else None,
            "keep_back": self.keep.value / 100,
            "days": DAYS,
            "cost": self.cost.value,
            "margin": self.margin.value / 100,
            "lift": self.lift.value / 100 if self.only.value else None,
            "unknown_too": self.unknown.value,
            "letters_too": self.letters.value,
            "starts": None if self.starts.value is None else pd.Timestamp(self.starts.value),
        }

    def make(self) -> None:
        """Make the plan, in the child process."""
        if self.offered is None:
            return
        self._made_with = (self.who.value, self.name.value.strip(), self._wishes())
        self.message.value = ""
        self._data.ask(
            campaign_work.make, *self._made_with, done=self._planned, failed=self._not_planned
        )

    def _not_planned(self, problem: str) -> None:
        self.said.value = sentence(problem)
        self.result.layout.display = ""
        for part in self.result.children[1:]:
            part.layout.display = "none"

    def _planned(self, made: Made) -> None:
        self.made = made
        for part in self.result.children[1:]:
            part.layout.display = ""
        self.result.layout.display = ""
        head = campaign.contacts(made.plan, made.people).head(SHOWN)
        title = f"The first {len(head)} of {made.plan.written:,} who are written to"
        self.table.value = to_table(head, title)
        self._outdated()

    def _outdated(self) -> None:
        """Say where the export is old, and dim a list that belongs to earlier choices."""
        self.old.value = "" if self.offered is None else _age(self.offered.as_of, self.starts.value)
        if self.made is None:
            return
        stale = self.stale
        (self.table.add_class if stale else self.table.remove_class)(STALE)
        self.said.value = STYLE + (sentence(stale) if stale else f"<p>{_planned(self.made)}</p>")

    @property
    def stale(self) -> str:
        """What is to be said where the choices have moved since the list was made."""
        now = (self.who.value, self.name.value.strip(), self._wishes())
        if self.made is None or now == self._made_with:
            return ""
        return "The list below was made with other choices. Make it again, or move them back."

    def _form(self) -> None:
        ending = campaign.lists.ENDING.get(self.form.value, ".csv")
        tool = self.form.value.split()[0].lower()
        name = f"my_list_{tool}{ending}" if tool != "csv" else "my_list.csv"
        self.save_list.propose(name, (ending,))

    def _write_list(self, path: Path) -> str:
        if self.made is None or self.stale:
            raise ValueError(self.stale or "Make the list first.")
        return campaign.write(self.made.plan, self.made.people, self.form.value, path)

    def _write_plan(self, path: Path) -> str:
        if self.made is None or self.stale:
            raise ValueError(self.stale or "Make the list first.")
        write_text(path, campaign.as_json(self.made.plan))
        return "Keep it: the result is read with it."


def _what_the_file_says(offered: Offered) -> str:
    said = [f"This file has {counted(offered.customers, 'buyer')}."]
    if offered.with_email:
        said.append(f"{offered.with_email:,} have an e-mail address.")
    else:
        said.append(
            "It has no e-mail addresses: the list will have customer numbers only. Export your "
            "orders with the e-mail column to get a list for a mail tool."
        )
    if offered.says_consent:
        said.append("Whoever may not be written to is left out.")
    else:
        said.append(
            "It does not say who may be written to: let your mail tool leave out those who may not."
        )
    return f"<p>{' '.join(said)}</p>"


def _age(as_of: pd.Timestamp, starts: datetime.date | None) -> str:
    """What is to be said where the orders are older than a week when the mail goes out."""
    if starts is None or (pd.Timestamp(starts) - as_of).days <= OLD:
        return ""
    last = as_of - pd.Timedelta("1D")
    return (
        f"<p>Your orders end on {last.day} {last:%B %Y}: export them again before you write, so "
        "that nobody is called silent who has ordered since.</p>"
    )


def _offer(who: str, audience: Audience, says_consent: bool) -> str:
    if not says_consent:
        return f"{who} ({audience.customers:,})"
    return f"{who} ({audience.customers:,}, of whom {audience.taken[False]:,} may be written to)"


def _share(share: float) -> str:
    """A share in per cent, with a decimal where it is small."""
    return f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"


def _can(usual_share: Interval, now: float | None, half: float | None) -> str:
    """What can be shown, and what keeping back half would show."""
    base = usual_share.estimate
    if base == 0:
        return "Nobody did, so what a mail could show cannot be said beforehand."
    if now is None:
        return "With so few kept back, hardly any effect would show."
    said = f"Four times in five, a rise to {_share(base * (1 + now))} or more would show"
    if now > TYPICAL:
        said += f"; that a mail brings a tenth more ({base * 1.1:.1%}) would mostly not"
    if half is not None and half < now * 0.9:
        said += f". With half kept back, a rise to {_share(base * (1 + half))} would"
    return f"{said}."


def _curve(shown: dict[float, float | None], keep: float, now: float | None) -> bytes:
    plots.use_style()
    figure = Figure(figsize=(5.6, 2.4), layout="constrained")
    ax = figure.subplots()
    known = {share: effect for share, effect in shown.items() if effect is not None}
    ax.plot([100 * s for s in known], [100 * e for e in known.values()], color=plots.BLUE)
    if now is not None:
        ax.plot([100 * keep], [100 * now], "o", color=plots.ORANGE, markersize=9)
    ax.set(xlabel="kept back (%)", ylabel="smallest rise shown (%)", ylim=(0, None))
    ax.set_title("Keeping more back shows smaller effects", loc="left")
    return plots.to_png(figure, quick=True)


def _planned(made: Made) -> str:
    plan = made.plan
    out = "; ".join(f"{number:,}: {why}" for why, number in plan.left_out.items())
    left = f" Left out: {quote.html(out)}." if out else ""
    return (
        f"<b>{quote.html(plan.name)}</b>: {plan.written:,} are written to, {plan.kept:,} are kept "
        f"back.{left} Orders from {plan.starts:%d %B %Y} on count, for {plan.days} days, to "
        f"{plan.ends - pd.Timedelta('1D'):%d %B %Y}."
    )
