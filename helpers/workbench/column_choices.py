"""Which column is what: a drop-down a role, the usual ones first, the others folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ipywidgets as widgets

from helpers.shop.reading.roles import COMMON, roles
from helpers.shop.tables import SCHEMA
from helpers.workbench.words import AUTOMATIC, NONE, label

MEANING = {
    "order": "One of three says the money: that of the line, the price of a piece, or the money of "
    "the whole order, repeated on its lines. <i>Canceled?</i> tells orders that were; <i>Viewed or "
    "bought?</i> is for a log of views, carts and purchases.",
    "customer": "For groups, any columns of numbers will do. What sums up the orders of each "
    "customer, the first four below, tells more.",
}


class ColumnChoices(widgets.VBox):
    """A drop-down for every role; `dropdowns` holds them by role, empty where nothing is
    offered."""

    def __init__(self) -> None:
        self.dropdowns: dict[str, widgets.Dropdown] = {}
        self._all = {
            role: widgets.Dropdown(
                description=label(role),
                style={"description_width": "165px"},
                layout={"width": "400px"},
            )
            for role in {**roles("order", tuple(SCHEMA)), **roles("customer")}
        }
        self._title, self._meanings = widgets.HTML(), widgets.HTML()
        self._common, self._others = (
            widgets.HBox(layout={"flex_flow": "row wrap"}) for _ in range(2)
        )
        self.more = widgets.ToggleButton(
            description="More columns", icon="caret-right", layout={"align_self": "flex-start"}
        )
        self._rest = widgets.VBox([self._others, self._meanings])
        self.more.observe(lambda _: self._fold(), names="value")
        super().__init__(
            [self._title, self._common, self.more, self._rest],
            layout={"display": "none"},
        )

    def clear(self) -> None:
        """Offer nothing."""
        self.dropdowns = {}
        self.layout.display = "none"

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
            taken = f"{found[role]} ✓" if role in found else "none found" if found else AUTOMATIC
            dropdown = self.dropdowns[role] = self._all[role]
            dropdown.options = [
                (taken, AUTOMATIC),
                (NONE, NONE),
                *((n, n) for n in names),
            ]
            dropdown.value = value if value in (AUTOMATIC, NONE, *names) else AUTOMATIC
            dropdown.tooltip = meanings[role]
        rest = [role for role in self.dropdowns if role not in common]
        self._common.children = [self.dropdowns[role] for role in common]
        self._others.children = [self.dropdowns[role] for role in rest]
        listed = "; ".join(f"<i>{label(role)}</i>: {meanings[role]}" for role in rest)
        self._meanings.value = f"<p>{listed}.</p>"
        self._title.value = (
            f"<p><b>Which column is what?</b> Change what was taken wrongly. {MEANING[row_is]}</p>"
        )
        self.more.value = bool(set(rest) & set(told))
        self._fold()
        self.layout.display = ""

    def _fold(self) -> None:
        self._rest.layout.display = "" if self.more.value else "none"
        self.more.icon = "caret-down" if self.more.value else "caret-right"

    @property
    def told(self) -> dict[str, str | None]:
        """The columns that the reader chose, by role: what `shop.read` takes as `columns`."""
        chosen = {role: dropdown.value for role, dropdown in self.dropdowns.items()}
        return {r: None if c == NONE else c for r, c in chosen.items() if c != AUTOMATIC}
