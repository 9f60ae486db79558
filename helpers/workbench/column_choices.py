"""Which column is what: a drop-down a role, the usual ones first, the others folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ipywidgets as widgets

from helpers.shop.reading.roles import COMMON, roles
from helpers.workbench.words import AUTOMATIC, NONE

MEANING = {
    "order": "One of three says the money: <i>amount</i> is that of the line, <i>unit_price</i> "
    "that of a piece, <i>order_total</i> that of the order, repeated on its lines. <i>status</i> "
    "tells canceled orders; <i>event_type</i> is for a log of views, carts and purchases.",
    "customer": "For segments, any columns of numbers will do. <i>recency</i> (days since the last "
    "order), <i>frequency</i> (orders), <i>monetary</i> (money spent) and <i>tenure</i> (days "
    "since the first order) are for RFM groups and forecasts.",
}


class ColumnChoices(widgets.VBox):
    """A drop-down for every role; `dropdowns` holds them by role, empty where nothing is offered.

    `again` is the button that reads the file again.
    """

    def __init__(self) -> None:
        self.dropdowns: dict[str, widgets.Dropdown] = {}
        self.children: tuple[widgets.Widget, ...]
        self.again = widgets.Button(
            description="Read again with these columns",
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self.more = widgets.ToggleButton(
            description="More columns", icon="caret-right", layout={"align_self": "flex-start"}
        )
        self._rest = widgets.VBox()
        self.more.observe(lambda _: self._fold(), names="value")
        super().__init__()

    def clear(self) -> None:
        """Offer nothing."""
        self.dropdowns, self.children = {}, ()

    def offer(
        self,
        names: Sequence[str],
        found: Mapping[str, str],
        told: Mapping[str, str | None],
        row_is: str,
        tables: Sequence[str] = (),
    ) -> None:
        """Offer the columns `names` for each role of a table whose rows are `row_is`.

        Args:
            names: The columns of the file.
            found: Role -> column as it was taken; empty where the file could not be read.
            told: Role -> column as the reader chose before.
            row_is: "order" or "customer".
            tables: What was read beside the orders.
        """
        self.dropdowns = {}
        meanings = roles(row_is, tuple(tables))
        common = COMMON[row_is]
        for role in (*common, *(role for role in meanings if role not in common)):
            value = told.get(role, AUTOMATIC) or NONE
            taken = f" ← {found[role]}" if role in found else " ← none" if found else ""
            self.dropdowns[role] = widgets.Dropdown(
                options=[
                    (f"{AUTOMATIC}{taken}", AUTOMATIC),
                    (NONE, NONE),
                    *((n, n) for n in names),
                ],
                value=value if value in (AUTOMATIC, NONE, *names) else AUTOMATIC,
                description=role,
                tooltip=meanings[role],
                style={"description_width": "130px"},
                layout={"width": "360px"},
            )
        rest = [role for role in self.dropdowns if role not in common]
        listed = "; ".join(f"<i>{role}</i>: {meanings[role]}" for role in rest)
        self._rest.children = (_grid(self.dropdowns, rest), widgets.HTML(f"<p>{listed}.</p>"))
        self.more.value = bool(set(rest) & set(told))
        self._fold()
        title = widgets.HTML(
            "<b>Which column is what?</b> Change what was taken wrongly, and read again. "
            f"{MEANING[row_is]}"
        )
        self.children = (title, _grid(self.dropdowns, common), self.more, self._rest, self.again)

    def _fold(self) -> None:
        self._rest.layout.display = "" if self.more.value else "none"
        self.more.icon = "caret-down" if self.more.value else "caret-right"

    @property
    def told(self) -> dict[str, str | None]:
        """The columns that the reader chose, by role: what `shop.read` takes as `columns`."""
        chosen = {role: dropdown.value for role, dropdown in self.dropdowns.items()}
        return {r: None if c == NONE else c for r, c in chosen.items() if c != AUTOMATIC}


def _grid(dropdowns: Mapping[str, widgets.Dropdown], shown: Sequence[str]) -> widgets.HBox:
    return widgets.HBox([dropdowns[role] for role in shown], layout={"flex_flow": "row wrap"})
