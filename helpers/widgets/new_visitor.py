"""The form of a new visitor: answers in, clicks in, a recommendation with its uncertainty out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers import cold_start, plots, quote
from helpers.widgets.kit import Picture, to_table, with_picture

UNKNOWN = "(not known)"


class NewVisitorForm(widgets.VBox):
    """Fill in what is known, click categories, and see the recommendation move.

    Parameters
    ----------
    hybrid : a fitted `cold_start.Hybrid`; it says which fields there are and which answers.
    seen_before : ids of customers who are in the tables: for them this form is the wrong place.

    Attributes
    ----------
    fields : the dropdowns by column. buttons : the category buttons. customer : the id.
    clicks : the categories clicked so far, in order.
    table : DataFrame by category: next visit (probability), low and high (95 % interval of the
        visitor's true share), favorite (probability that it is their largest).
    said : the recommendation, or what is wrong with the input, as text.
    """

    def __init__(self, hybrid: cold_start.Hybrid, seen_before: Iterable[str] = ()):
        self.hybrid, self.seen_before = hybrid, frozenset(seen_before)
        self.clicks: list[str] = []
        self.table, self.said, self._alt = pd.DataFrame(), "", ""
        self._quiet = False
        style = {"description_width": "150px"}
        self.customer = widgets.Text(
            description="customer id",
            placeholder="empty if none yet",
            style=style,
            continuous_update=False,
        )
        self.fields = {
            name: widgets.Dropdown(
                options=[(UNKNOWN, None), *((str(level), level) for level in hybrid.levels_[name])],
                description=name,
                style=style,
                layout={"width": "330px"},
            )
            for name in hybrid.columns_
        }
        self.buttons = {name: widgets.Button(description=name) for name in hybrid.categories_}
        self.undo_button = widgets.Button(description="Undo click", icon="undo")
        self.reset_button = widgets.Button(description="Reset", tooltip="empty the form")
        self.message, self.figures = widgets.HTML(), widgets.HTML()
        self.picture = Picture(layout={"width": "100%", "max_width": "640px"})
        for field in (self.customer, *self.fields.values()):
            field.observe(lambda _: self.update(), names="value")
        for name, button in self.buttons.items():
            button.on_click(lambda _, name=name: self.click(name))
        self.undo_button.on_click(lambda _: self.undo())
        self.reset_button.on_click(lambda _: self.reset())
        row = {"flex_flow": "row wrap"}
        groups = [
            widgets.VBox(
                [
                    widgets.HTML(f"<strong>{quote.html(group)}</strong>"),
                    *(self.fields[name] for name in columns if name in self.fields),
                ]
            )
            for group, columns in cold_start.GROUPS.items()
            if any(name in self.fields for name in columns)
        ]
        clicked = widgets.HBox(
            [
                widgets.Label("The visitor clicks on"),
                *self.buttons.values(),
                self.undo_button,
                self.reset_button,
            ],
            layout=row,
        )
        # fields to the left, what they say to the right; on a narrow page one under the other
        left = widgets.VBox([self.customer, *groups], layout={"flex": "1 1 340px"})
        right = widgets.VBox(
            [clicked, self.message, self.picture], layout={"flex": "2 1 480px", "min_width": "0"}
        )
        folded = widgets.Accordion([self.figures], titles=["The same in figures"])
        super().__init__([widgets.HBox([left, right], layout=row), folded])
        self.update()

    def fill(self, **known: Any) -> None:
        """Set fields by column; None for not known. What is not on the list is said in `said`, and
        nothing is changed."""
        try:
            cold_start.visitor(self.hybrid, known)
        except ValueError as error:
            self._wrong(error)
            return
        self._together(known)

    def click(self, category: str) -> None:
        """The visitor looks at a category. One that is not on the list is said in `said`."""
        if category not in self.hybrid.categories_:
            listed = ", ".join(self.hybrid.categories_)
            self._wrong(ValueError(f"{category!r} is not a category here; there are: {listed}."))
            return
        self.clicks.append(category)
        self.update()

    def undo(self) -> None:
        """Take the last click back; without any, nothing happens."""
        if self.clicks:
            self.clicks.pop()
        self.update()

    def reset(self) -> None:
        """Empty the form."""
        self.clicks.clear()
        self._together(dict.fromkeys(self.fields), id_too=True)

    def update(self) -> None:
        """Compute the recommendation for what stands in the form; a mistake is shown as a sentence,
        and the earlier picture stays."""
        if self._quiet:
            return
        known = {name: field.value for name, field in self.fields.items()}
        customer = self.customer.value.strip() or None
        try:
            row = cold_start.visitor(self.hybrid, known, self.clicks, customer, self.seen_before)
        except ValueError as error:
            self._wrong(error)
            return
        evidence, prior, M = self.hybrid.counts(row), self.hybrid.prior(row), self.hybrid.strength_
        low, high = cold_start.credible_interval(evidence, prior, M)
        self.table = pd.DataFrame(
            {
                "next visit": cold_start.posterior_mean(evidence, prior, M)[0],
                "low": low[0],
                "high": high[0],
                "favorite": cold_start.favorite_chance(evidence, prior, M)[0],
            },
            index=pd.Index(self.hybrid.categories_, name="category"),
        ).sort_values("next visit", ascending=False)
        best = self.table.iloc[0]
        asked = sum(value is not None for value in known.values())
        trail = " → ".join(_in_a_row(self.clicks)) or "none"
        self.said = (
            f"Recommend {self.table.index[0]}: {best['next visit']:.0%} of this visitor's visits "
            f"would begin there (95 % interval {best['low']:.0%} to {best['high']:.0%}), and "
            f"with a probability of {best['favorite']:.0%} it is their favorite."
        )
        rest = (
            f"Known: {asked} of {len(self.fields)} fields. Clicks: {trail}. The prior is "
            f"worth {M:.1f} clicks."
        )
        self.message.value = f"<p role='status'>{quote.html(self.said)}<br>{quote.html(rest)}</p>"
        self._alt = f"Bars of six categories with intervals. {self.said} {rest}".replace(
            "six", str(len(self.table))
        )
        bars = _bars(self.table, self.hybrid.popularity_, self.hybrid.categories_)
        self.picture.value = plots.to_png(bars, quick=True)
        self.picture.tooltip = self._alt
        self.figures.value = to_table(
            self.table, "Probabilities, and the 95 % interval of the true share"
        )

    def _together(self, known: dict[str, Any], id_too: bool = False) -> None:
        """Set several fields and compute once."""
        self._quiet = True
        try:
            for name, value in known.items():
                self.fields[name].value = value
            if id_too:
                self.customer.value = ""
        finally:
            self._quiet = False
        self.update()

    def _wrong(self, error: ValueError) -> None:
        self.said = str(error)
        self.message.value = f"<p role='alert'><strong>{quote.html(self.said)}</strong></p>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The form, and beside it its picture for pages that have no kernel."""
        return with_picture(super()._repr_mimebundle_(**options), self.picture.value, self._alt)


def _in_a_row(clicks: list[str]) -> list[str]:
    """The clicks in order, those in a row on one category as one: "toys", "sports × 3"."""
    said = []
    for category, run in groupby(clicks):
        times = len(list(run))
        said.append(category if times == 1 else f"{category} × {times}")
    return said


def _bars(table: pd.DataFrame, popularity: np.ndarray, names: list[str]) -> Figure:
    """A bar a category with its interval, and a mark where popularity alone would put it."""
    figure = Figure(figsize=(8, 0.9 + 0.4 * len(table)))
    ax = figure.subplots()
    figure.subplots_adjust(left=0.16, right=0.97, bottom=0.2, top=0.88)
    place = np.arange(len(table))
    colors = [plots.BLUE] + [plots.SKY] * (len(table) - 1)
    ax.barh(place, 100 * table["next visit"], color=colors, height=0.6)
    ax.hlines(place, 100 * table["low"], 100 * table["high"], color=plots.BLACK, linewidth=1.5)
    common = 100 * pd.Series(popularity, index=names)[table.index]
    ax.plot(common, place, linestyle="", marker="d", color=plots.RED, label="popularity")
    ax.set_yticks(place, table.index)
    ax.invert_yaxis()
    ax.set(xlabel="% of the visits (line: 95 % interval of the true share)", xlim=(0, 100))
    ax.set_title(f"Recommend {table.index[0]}", loc="left", fontsize=11)
    ax.legend(loc="lower right", frameon=False, fontsize=9)
    ax.spines[["top", "right"]].set_visible(False)
    return figure
