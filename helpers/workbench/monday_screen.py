"""The second screen: what a shop owner asks on a Monday, in a sentence and four cards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from helpers import owner, quote
from helpers.owner.rhythm import LONG
from helpers.widgets.jobs import JobBar
from helpers.widgets.kit import sentence
from helpers.widgets.saving import SaveBar
from helpers.workbench import own_notebook, work
from helpers.workbench.customers_screen import PARTS, REGULARS
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.looked_at import with_a_way_on
from helpers.workbench.own_notebook import Cell
from helpers.workbench.waiting import WhenFree

FIRST = "<p>Load your orders on the first screen.</p>"
CUSTOMERS, FORECAST, CAMPAIGN = "Customers", "How many will buy", "Campaign"  # tabs

SECOND = pd.Timedelta("1s")


class MondayScreen(widgets.VBox):
    """Monday: the first figures, computed when the screen is first looked at after a shop was
    loaded; all answers, as a page for the partner, where asked. `go(title, part)` opens another
    tab, at one of its parts."""

    def __init__(
        self,
        jobs: JobBar,
        data: DataScreen,
        go: Callable[[str, str], None] = lambda title, part: None,
    ):
        self._jobs, self._data = jobs, data
        self.message, self.said = widgets.HTML(FIRST), widgets.HTML()
        self.head: owner.Head | None = None
        self.cards = {
            name: self._card(place, go)
            for name, place in (
                ("best", (CUSTOMERS, REGULARS)),
                ("slipping", (CUSTOMERS, PARTS[1])),
                ("coming", (FORECAST, "")),
                ("list", (CAMPAIGN, "")),
            )
        }
        cards = widgets.HBox(
            list(self.cards.values()), layout={"flex_flow": "row wrap", "grid_gap": "10px"}
        )
        self.show_page = widgets.Button(
            description="The page for your partner",
            icon="file-text-o",
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self.show_page.on_click(lambda _: self.ask_for_page())
        self.answers = widgets.HTML()
        self.save = SaveBar(
            "my_report.html", "Save as a page for your partner", self._write, endings=(".html",)
        )
        self.money = widgets.HTML()
        self._figures = widgets.VBox([self.said, cards, self.money, self.show_page])
        self._page = widgets.VBox([self.save, self.answers])
        self._when_free = WhenFree(jobs)
        super().__init__([jobs, self.message, self._figures, self._page])
        self._show()

    def _card(self, place: tuple[str, str], go: Callable[[str, str], None]) -> widgets.Button:
        card = widgets.Button(layout={"width": "auto"})
        card.add_class("workbench-card")
        card.on_click(lambda _: go(*place))
        return card

    @property
    def cells(self) -> list[Cell]:
        """What gives these figures again, in a notebook."""
        return [] if self.head is None else own_notebook.monday()

    def shop_loaded(self) -> None:
        """Forget what was said of the shop before."""
        self.head, self.answers.value, self.message.value = None, "", ""
        self._when_free.forget()
        self.save.reset()
        self._show()

    def look(self) -> None:
        """Compute the first figures, unless they are there."""
        if self._data.loaded is not None and self.head is None:
            self.message.value = "<p>Looking at your customers …</p>"
            self._when_free(lambda: self._ask(work.head, self._found))

    def ask_for_page(self) -> None:
        """Compute all answers, unless they are there."""
        if self._data.loaded is not None and not self.answers.value:
            self.message.value = "<p>Writing the page for your partner …</p>"
            self._when_free(lambda: self._ask(work.monday, self._written))

    def _ask(self, job: Callable, done: Callable) -> None:
        self._data.ask(job, done=done, failed=self._say)

    def _found(self, found: work.Monday) -> None:
        head = found.head
        self.head, self.message.value, self.money.value = head, "", found.money
        holds, lacking = owner.reach(head)
        spent = quote.money(head.total, head.currency)
        cannot = "".join(f"<li>{quote.html(text)}</li>" for text in lacking)
        name = self._data.loaded.name if self._data.loaded else ""
        remarks = len(self._data.loaded.warnings) if self._data.loaded else 0
        self.said.value = (
            f"<p>This file holds {quote.html(holds)}</p>"
            + (f"<p>What it cannot tell:</p><ul>{cannot}</ul>" if cannot else "")
            + f"<p style='font-size:24px;margin:.6em 0'><b>{head.customers:,} customers "
            f"spent {quote.html(spent)}.</b></p>"
            f"<p>{quote.html(name)}, {_day(head.first)} to {_day(head.until - SECOND)}. "
            "Counted after discounts and refunds, without shipping and canceled orders."
            + (" How the file was read deserves a look, on the first tab." if remarks else "")
            + "</p>"
        )
        for name, words in _words(head).items():
            self.cards[name].description = words
        self._show()

    def _written(self, found: str) -> None:
        self.answers.value, self.message.value = found, ""
        self._show()

    def _show(self) -> None:
        """Show what there is."""
        self._figures.layout.display = "none" if self.head is None else ""
        self.show_page.layout.display = "none" if self.answers.value else ""
        self._page.layout.display = "" if self.answers.value else "none"

    def _say(self, problem: str) -> None:
        self.message.value = sentence(with_a_way_on(problem))

    def _write(self, path: Path) -> str:
        name = self._data.loaded.name if self._data.loaded else ""
        path.write_text(owner.as_page(name, self.answers.value), encoding="utf-8")
        held = "It names customers: send it only to those who may know them."
        return f"Open it in a browser, or print it: it needs nothing else. {held}"


def _day(moment: pd.Timestamp) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _words(head: owner.Head) -> dict[str, str]:
    """What each card says: the figure in its first line."""
    if head.regulars:
        best = (
            f"{head.regulars:,} regulars\nbring {owner.in_percent(head.share_of_regulars)} of the "
            "money: who ordered on four days or more"
        )
    else:
        best = "Your best customers\nNobody ordered on four days yet."
    if head.slipping:
        slipping = (
            f"{head.slipping:,} slipping away\nregulars, silent for longer than is usual for "
            f"them; they brought {owner.in_percent(head.share_of_slipping)} of the money"
        )
    elif not head.regulars:
        slipping = "Who is slipping away\ncannot be said yet: nobody ordered on four days."
    elif head.silent:
        slipping = (
            f"{head.silent:,} silent for long\nregulars, {LONG:.0f} times as long as is usual for "
            "them or longer; nobody can be said to have left"
        )
    else:
        slipping = "Nobody is slipping away\nof those who order regularly"
    if head.coming:
        number, of = owner.orders_ahead(head)
        coming = f"{number} orders\n{of.removeprefix('orders ')}"
    else:
        coming = "Orders to come\nThere are too few weeks to say how many."
    return {
        "best": f"{best}\n→ {CUSTOMERS}",
        "slipping": f"{slipping}\n→ {CUSTOMERS}",
        "coming": f"{coming}\n→ {FORECAST}",
        "list": f"A mail list\nwhom to write to next, whom to keep back\n→ {CAMPAIGN}",
    }
