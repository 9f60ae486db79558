"""The screen of a campaign: whom to write to, whom to keep back, what that can show, the list."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from helpers import campaign
from helpers.campaign.choosing import usual
from helpers.campaign.plan import LEAST, both, can_show_with
from helpers.widgets.amount import Amount
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import STALE, STYLE, Picture, sentence
from helpers.widgets.saving import SaveBar
from helpers.workbench import campaign_words, campaign_work, own_notebook
from helpers.workbench.campaign_words import DAYS
from helpers.workbench.campaign_work import Made, Offered
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.fold import Fold
from helpers.workbench.looked_at import LookedAt, to_rows
from helpers.workbench.own_notebook import Cell
from helpers.workbench.plans import Plans

SHOWN = 20  # customers of the plan that the screen shows
KEEP = 20  # per cent, where that can show anything
SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
WIDE = {"description_width": "150px"}


class CampaignScreen(LookedAt):
    """Campaign: the audiences are counted when the screen is first looked at; a plan is made, kept
    as a file, and turned into a list for the mail tool. `plan` is the one made last."""

    def __init__(self, jobs: JobBar, data: DataScreen, plans: Plans):
        self._plans, self._proposed = plans, ""
        self._own_keep = self._proposing = False  # whether the reader has said how many to keep
        self._named = ""  # the name that was proposed
        self._counted: tuple = ([], None, False)  # by which plans, day and wish the offer counts
        self.offered: Offered | None = None
        self.made: Made | None = None
        self.says = widgets.HTML()
        self.who = widgets.Dropdown(
            description="Write to", style=WIDE, layout={"width": "auto", "max_width": "700px"}
        )
        self.are = widgets.HTML()
        self.name = widgets.Text(
            description="Name of the campaign",
            placeholder="Winter mail 2026",
            continuous_update=False,
            style=WIDE,
            layout={"width": "auto", "max_width": "520px"},
        )
        slider = {"style": WIDE, "layout": {"width": "auto", "max_width": "520px"}}
        self.many = widgets.IntSlider(
            description="At most", min=1, max=LEAST + 1, continuous_update=False, **slider
        )
        self.keep = widgets.IntSlider(
            KEEP, 0, 50, 5, description="Keep back (%)", continuous_update=False, **slider
        )
        small = {"style": WIDE, "layout": {"width": "260px"}}
        self.cost = Amount(0, 0, 1e6, description="A mail costs", **small)
        self.margin = Amount(30, 1, 100, description="Of 100 sold I keep", **small)
        self.lift = Amount(10, 0.1, 1000, description="More orders by (%)", disabled=True, **small)
        self.only = widgets.Checkbox(
            False,
            description="only those for whom a mail would pay, if it brought …",
            indent=False,
            layout={"width": "auto"},
        )
        self.unknown = widgets.Checkbox(
            False,
            description="also those who never said yes or no to mails",
            indent=False,
            layout={"width": "auto"},
        )
        self.letters = widgets.Checkbox(
            False,
            description="also those without an e-mail address (for letters)",
            indent=False,
            layout={"width": "auto"},
        )
        self.apart = widgets.Checkbox(
            False,
            description="only those whom no other campaign of mine writes to at the time",
            indent=False,
            layout={"width": "auto"},
        )
        self.starts = widgets.DatePicker(description="It goes out on", style=WIDE)
        self.old = widgets.HTML()
        self.power = widgets.HTML()
        self.picture = Picture(layout={"width": "100%", "max_width": "560px"})
        self.why = widgets.HTML(campaign_words.WHY)
        self.go = widgets.Button(
            description="Make the list",
            button_style="primary",
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self.said, self.table, self.held = (widgets.HTML() for _ in range(3))
        self.form = widgets.ToggleButtons(
            options=list(campaign_words.FORMS.items()),
            value=campaign.lists.EXCEL,
            description="For",
            tooltips=[f"The list as {name} takes it" for name in campaign_words.FORMS],
            style={**WIDE, "button_width": "auto"},
        )
        self.encoded = widgets.HTML()
        self.save_list = SaveBar(
            "my_list.xlsx", "Save the list", self._write_list, endings=(".xlsx",)
        )
        self.save_plan = SaveBar(
            "my_plan.json", "Save the plan", self._write_plan, endings=(".json",)
        )
        self.result = widgets.VBox(
            [
                self.said,
                self.table,
                widgets.HTML("<b>The list</b> has only those who are written to."),
                self.save_list,
                self.held,
                self.save_plan,
            ],
            layout={"display": "none"},
        )
        row = {"flex_flow": "row wrap"}
        self.more = Fold(
            "more choices",
            [
                self.unknown,
                self.letters,
                self.apart,
                widgets.HBox([self.cost, self.margin], layout=row),
                widgets.HBox([self.only, self.lift], layout=row),
            ],
        )
        self.choices = widgets.VBox(
            [
                self.who,
                self.are,
                self.starts,
                self.name,
                self.old,
                self.many,
                self.keep,
                self.power,
                Fold("why keep some back, and how many?", [self.picture, self.why]),
                self.form,
                self.encoded,
                self.more,
                self.go,
            ]
        )
        self.who.observe(lambda _: self._another(), names="value")
        self.unknown.observe(lambda _: self._chosen(), names="value")
        self.keep.observe(lambda _: self._kept_so_many(), names="value")
        for control in (self.many, self.keep):
            control.observe(lambda _: self._moved(), names="value")
        outdating = (self.name, self.cost, self.margin, self.lift, self.letters, self.starts)
        for control in (*outdating, self.apart):
            control.observe(lambda _: self._outdated(), names="value")
        self.starts.observe(lambda _: self._name(), names="value")
        for control in (self.name, self.starts, self.apart):
            control.observe(lambda _: self._count_again(), names="value")
        self.only.observe(lambda _: self._paying(), names="value")
        self.form.observe(lambda _: self._form(), names="value")
        self.go.on_click(lambda _: self.make())
        super().__init__(jobs, data, [self.says, self.choices, self.result])

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
            "For": self.form,
        }

    @property
    def undoable(self) -> dict[str, widgets.Widget]:
        """What can be undone, and is not kept for other campaigns."""
        return {
            "Name of the campaign": self.name,
            "It goes out on": self.starts,
            "At most": self.many,
            "Also those who never said yes or no": self.unknown,
            "Also those without an address": self.letters,
            "Only those whom no other campaign writes to": self.apart,
        }

    @property
    def cells(self) -> list[Cell]:
        """What gives this plan again, in a notebook; nothing where the choices have moved."""
        if self.made is None or self.stale:
            return []
        who, name, wishes = self._made_with
        wishes = {**wishes, "starts": f"{wishes['starts']:%Y-%m-%d}"}
        wishes["earlier"] = list(self.files)
        return own_notebook.plan(who, name, wishes, self.form.value)

    @property
    def files(self) -> dict[str, str]:
        """The files that `cells` read, by name: the plans of other campaigns."""
        if self.made is None or self.stale:
            return {}
        others = enumerate(self._made_with[2]["earlier"], 1)
        return {f"earlier_plan_{number}.json": campaign.as_json(plan) for number, plan in others}

    @property
    def plan(self) -> campaign.Plan | None:
        """The plan made last; None where there is none."""
        return None if self.made is None else self.made.plan

    def _forget(self) -> None:
        self.offered = self.made = None
        self._own_keep = False
        self.result.layout.display = "none"
        self.name.value = ""
        self.unknown.value = self.letters.value = self.apart.value = False
        self.save_list.reset()
        self.save_plan.reset()

    def _ask(self) -> None:
        """Count the audiences."""
        self._counted = ([], None, False)
        self.data.ask(campaign_work.offer, DAYS, done=self._show, failed=self.say)

    def _show(self, offered: Offered) -> None:
        self.offered = offered
        some = self._offer()
        self.says.value = campaign_words.what_the_file_says(offered)
        self.show()
        self.choices.layout.display = "" if some else "none"
        if not some:
            self.say("There is nobody who may get a mail.")
            return
        self.unknown.layout.display = "" if offered.says_consent else "none"
        lacking = 0 < offered.with_email < offered.customers
        self.letters.layout.display = "" if lacking else "none"
        self.apart.layout.display = "" if list(self._plans) else "none"
        today = pd.Timestamp.now().normalize()
        day = max(offered.as_of, today)
        self.starts.value = (day + pd.Timedelta(7 - day.weekday(), "D")).date()  # next Monday
        self._name()
        self._label(some)
        self.who.value = next(iter(some))
        self._take_proposed()
        self._another()
        self._count_again()

    def _label(self, audiences: dict[str, campaign_work.Audience]) -> None:
        """The audiences with their numbers; the one that is chosen stays."""
        says = self.offered is not None and self.offered.says_consent
        before = self.who.value
        options = [(campaign_words.offer(who, a, says), who) for who, a in audiences.items()]
        if options != list(self.who.options):
            self.who.options = options
            if before in audiences:
                self.who.value = before

    def _others(self) -> list[campaign.Plan]:
        """The plans of campaigns other than the one that is named."""
        return [plan for plan in self._plans if plan.name != self.name.value.strip()]

    def _count_again(self) -> None:
        """Other campaigns keep customers back, by the day: count whom this one can write to."""
        others = self._others()
        if self.offered is None or self.starts.value is None:
            return
        asked = (others, pd.Timestamp(self.starts.value), self.apart.value)
        for_what = ([plan.name for plan in others], *asked[1:])
        if for_what == self._counted or not (others or self._counted[0]):
            return
        self._counted = for_what

        def done(counts: dict[str, dict[bool, int]]) -> None:
            if self.offered is None or for_what != self._counted:
                return
            for who, taken in counts.items():
                self.offered.audiences[who].taken.update(taken)
            self._label(self._offer())
            self._limit()

        self.ask_later(
            lambda: self.data.ask(campaign_work.count, *asked, done=done, failed=self.say)
        )

    def propose(self, who: str) -> None:
        """Choose an audience, now or as soon as the audiences are counted; a list made for another
        one is put away."""
        self._proposed, self.made = who, None
        self.result.layout.display = "none"
        self._take_proposed()

    def _take_proposed(self) -> None:
        if self.offered is None or not self._proposed:
            return
        self._label(self._offer(self._proposed))
        if self._proposed in [value for _, value in self.who.options]:
            self.who.value = self._proposed
        self._proposed = ""

    def _offer(self, also: str | None = None) -> dict[str, campaign_work.Audience]:
        """The audiences that hold anybody who may get a mail: the usual ones, the one that is
        chosen, and one more."""
        every = {} if self.offered is None else self.offered.audiences
        wanted = (*campaign.AUDIENCES, self.who.value, also)
        return {who: a for who, a in every.items() if a.taken[True] and who in wanted}

    def _another(self) -> None:
        """Another audience: all of it, and some kept back where that can show anything."""
        self._chosen()
        if self.offered is None or self.who.value is None:
            return
        ordered = self.offered.audiences[self.who.value].ordered[self.unknown.value]
        anyway = usual(ordered, self.many.value)
        half = can_show_with(anyway, *self._parts(max(SHARES)))
        if not self._own_keep:
            self._proposing = True
            self.keep.value = 0 if campaign_words.hopeless(anyway, half) else KEEP
            self._proposing = False

    def _kept_so_many(self) -> None:
        self._own_keep = self._own_keep or not self._proposing

    def _chosen(self) -> None:
        if self.offered is None or self.who.value is None:
            return
        self.are.value = f"<p>{campaign_words.WHO[self.who.value]}</p>"
        self.many.value = self.many.max
        self._limit()

    def _limit(self) -> None:
        """No more can be written to than may be; all of them, where the number stood at all."""
        if self.offered is None or self.who.value is None:
            return
        most = max(1, self.offered.audiences[self.who.value].taken[self.unknown.value])
        every = self.many.value == self.many.max
        self.many.max = max(most, self.many.value)
        self.many.value = most if every else min(most, self.many.value)
        self.many.max = most
        if most < LEAST and self.keep.value:
            self.keep.value = 0
        self._moved()

    def _name(self) -> None:
        """Name the campaign after its day, unless it has a name of its own."""
        if self.starts.value is not None and self.name.value in ("", self._named):
            self._named = f"Mail of {self.starts.value.day} {self.starts.value:%B %Y}"
            self.name.value = self._named

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
        half = shown[max(shown)]
        can = "" if anyway is None else campaign_words.can(anyway, now, half, written)
        few = campaign_words.hopeless(anyway, half)
        said = campaign_words.power(written, kept, anyway, can, self.only.value, few)
        self.power.value = f"<p>{said}</p>"
        drawable = anyway is not None and any(effect is not None for effect in shown.values())
        drawable = drawable and kept > 0
        self.picture.layout.display = "" if drawable else "none"
        if anyway is not None and drawable:
            keep = self.keep.value / 100
            self.picture.value = campaign_words.curve(anyway.estimate, shown, keep, now)
            self.picture.tooltip = f"The smallest share seen, by the share kept back. {can}"
        self._outdated()

    def _parts(self, keep_back: float) -> tuple[int, int]:
        kept = round(self.many.value * keep_back)
        return self.many.value - kept, kept

    def _wishes(self) -> dict:
        if self.starts.value is None:
            raise ValueError("Choose the day on which the mail goes out.")
        return {
            "many": self.many.value if self.many.value < self.many.max else None,
            "keep_back": self.keep.value / 100,
            "days": DAYS,
            "cost": self.cost.number,
            "margin": self.margin.number / 100,
            "lift": self.lift.number / 100 if self.only.value else None,
            "unknown_too": self.unknown.value,
            "letters_too": self.letters.value,
            "starts": pd.Timestamp(self.starts.value),
            "apart": self.apart.value,
            "earlier": self._others(),
        }

    def make(self) -> None:
        """Make the plan, in the child process."""
        if self.offered is None:
            return
        try:
            self._made_with = (self.who.value, self.name.value.strip(), self._wishes())
        except ValueError as problem:  # a field that holds no number
            self._not_planned(str(problem))
            return
        wanted = self._made_with
        self.ask_later(
            lambda: self.data.ask(
                campaign_work.make, *wanted, done=self._planned, failed=self._not_planned
            )
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
        if "e-mail" in head and head["e-mail"].equals(head["customer"]):
            head = head.drop(columns="e-mail")
        head = head.drop(columns="campaign").fillna("").astype("str")
        self.held.value = campaign_words.what_the_plan_holds(made.plan)
        title = f"The first {len(head)} of {made.plan.written:,} who are written to"
        self.table.value = to_rows(title, head.to_dict("list"), {*head}, set())
        self._form()
        self._outdated()

    def _outdated(self) -> None:
        """Say where the export is old, and dim a list that belongs to earlier choices."""
        if self.offered is not None:
            self.old.value = campaign_words.age(self.offered.as_of, self.starts.value)
        if self.made is None:
            return
        stale = self.stale
        (self.table.add_class if stale else self.table.remove_class)(STALE)
        said = sentence(stale)
        if not stale:
            others = both(self.made.plan, list(self._plans))
            said = campaign_words.planned(self.made.plan) + campaign_words.overlap(others)
        self.said.value = STYLE + said

    @property
    def stale(self) -> str:
        """What is to be said where the choices have moved since the list was made."""
        if self.made is None:
            return ""
        try:
            now = (self.who.value, self.name.value.strip(), self._wishes())
        except ValueError as problem:  # a field that holds no number
            return str(problem)
        if now == self._made_with:
            return ""
        return "The list below was made with other choices. Make it again, or move them back."

    def _form(self) -> None:
        """Propose names for the files: those of the campaign, and of the form."""
        encoded = self.form.value in campaign.lists.HASHED
        self.encoded.value = campaign_words.ENCODED if encoded else ""
        ending = campaign.lists.ENDING.get(self.form.value, ".csv")
        form = "" if ending == ".xlsx" or self.form.value == "CSV" else f" {self.form.value}"
        letters = "".join(c if c.isalnum() else " " for c in f"{self.name.value}{form}").split()
        self.save_list.propose(f"{'_'.join(letters)[:80] or 'my_list'}{ending}", (ending,))
        letters = "".join(c if c.isalnum() else " " for c in self.name.value).split()
        self.save_plan.propose(f"{'_'.join(letters)[:80] or 'my'}_plan.json", (".json",))

    def _write_list(self, path: Path) -> str:
        if self.made is None or self.stale:
            raise ValueError(self.stale or "Make the list first.")
        said = campaign.write(self.made.plan, self.made.people, self.form.value, path)
        return f"{said} {self._known(self.made.plan)}".strip()

    def _write_plan(self, path: Path) -> str:
        if self.made is None or self.stale:
            raise ValueError(self.stale or "Make the list first.")
        path.write_text(campaign.as_json(self.made.plan), encoding="utf-8")
        return f"Keep it: the result is read with it. {self._known(self.made.plan)}".strip()

    def _known(self, plan: campaign.Plan) -> str:
        """Let the other screens and the next campaign know a plan; returns where it is kept."""
        path = self._plans.add(plan)
        self.apart.layout.display = ""
        self._count_again()
        return "" if path is None else f"The plan is kept in {path}, for its result."
