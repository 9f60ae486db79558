"""The form of the blind review: name the cards, put customers to them, save to a file."""

from __future__ import annotations

import json
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from helpers.segments import Review
from helpers.widgets.kit import to_table
from helpers.widgets.saving import SaveBar

TITLES = {
    "recency": "days since last order",
    "frequency": "orders",
    "monetary": "money spent",
    "category_interest_score": "category interest score",
}


class ReviewForm(widgets.VBox):
    """A page per set of cards: a name for each card, a card for each customer; then save.

    The answers go to the file that the reader names, and over an existing file only when asked to.
    `answers` gives the cards chosen so far, for `segments.kappa`.
    """

    def __init__(self, review: Review, path: str = "my_review.json"):
        self.review = review
        self.names: dict[tuple, widgets.Text] = {}
        self.choices: dict[tuple, widgets.Dropdown] = {}
        sets = list(review.cards.index.unique("set"))
        pages = widgets.Tab([self._page(name) for name in sets], titles=[f"Set {s}" for s in sets])
        self.bar = SaveBar(path, "Save my answers", self._save, endings=(".json",), folder=Path())
        super().__init__([pages, self.bar])

    @property
    def answers(self) -> pd.Series:
        """The card chosen for each (set, customer); missing where none was chosen."""
        chosen = pd.array([dropdown.value for dropdown in self.choices.values()], dtype="Int64")
        return pd.Series(chosen, index=self.review.customers.index, name="answer")

    def _repr_mimebundle_(self, **options) -> dict:
        """The form, and beside it the cards for pages that have no kernel."""
        data = super()._repr_mimebundle_(**options)
        cards = self.review.cards
        return {
            **data,
            "text/plain": cards.round(2).to_string(),
            "text/html": _table(cards, "The cards"),
        }

    def _page(self, name: str) -> widgets.VBox:
        cards = self.review.cards.loc[name]
        shown = _table(cards.rename_axis("card"), f"Set {name}: the middle customer of each card")
        rows = [widgets.HTML(shown)]
        for card in cards.index:
            self.names[name, card] = widgets.Text(
                placeholder="a name for these customers", description=f"Card {card}"
            )
        rows.append(
            widgets.HBox(
                [self.names[name, c] for c in cards.index], layout={"flex_flow": "row wrap"}
            )
        )
        rows.append(
            widgets.HTML(_table(self.review.customers.loc[name], "Which card fits each customer?"))
        )
        for customer in self.review.customers.loc[name].index:
            self.choices[name, customer] = widgets.Dropdown(
                options=[("–", None), *((f"card {c}", int(c)) for c in cards.index)],
                description=f"No. {customer}",
                layout={"width": "180px"},
            )
        chosen = [self.choices[name, c] for c in self.review.customers.loc[name].index]
        rows.append(widgets.HBox(chosen, layout={"flex_flow": "row wrap"}))
        return widgets.VBox(rows)

    def _save(self, path: Path) -> str:
        answers = self.answers
        content = {
            "names": [
                {"set": s, "card": int(c), "name": w.value} for (s, c), w in self.names.items()
            ],
            "answers": [
                {"set": s, "customer": int(c), "card": None if pd.isna(a) else int(a)}
                for (s, c), a in answers.items()
            ],
        }
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
        left = int(answers.isna().sum())
        return f"{left} customers have no card yet." if left else ""


def load_answers(path: str | Path) -> pd.Series:
    """The answers of a saved review, as `segments.kappa` takes them."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    table = pd.DataFrame(content["answers"]).set_index(["set", "customer"])
    return table["card"].astype("Int64").rename("answer")


def _table(frame: pd.DataFrame, caption: str) -> str:
    return to_table(frame.rename(columns=TITLES), caption)
