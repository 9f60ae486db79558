"""Guess before you run: a question with choices, whose answer the next cell shows.

`guess("05.1", "Which curve belongs to which file?", ["A", "B"])` shows the choices as buttons. What
was guessed is kept by `helpers.course.progress`, and `exercises.progress()` counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets

from helpers import quote
from helpers.course.progress import keep, stored
from helpers.errors import ReaderError

# a letter where the chapter's exercises have numbers;
# what the cell behind each question shows, word for word as it stands among the choices
ANSWERS = {
    "00.a": "about 0.70",
    "00.b": "groups 5 to 9",
    "00.c": "file B",
    "primer.1": "about 0.83",
    "primer.2": "17",
    "primer.3": "p",
    "primer.4": "narrower",
    "01.a": "visits per month",
    "01.b": "about 0.01",
    "01.c": "last",
    "01.d": "nothing for certain",
    "02.a": "the last visit",
    "02.b": "about 0.17",
    "02.c": "nearest neighbors only",
    "02.d": "about 0.65",
    "03.a": "5",
    "03.b": "2",
    "03.c": "about 0.40",
    "03.d": "about 0.99",
    "04.a": "about 4",
    "04.b": "context",
    "04.c": "about 3 visits",
    "04.d": "about three quarters",
    "05.a": "half-way: about 0.5",
    "05.b": "about 0.20",
    "05.c": "for neither",
    "05.d": "features",
    "06.a": "about 250,000",
    "06.b": "cannot be distinguished from zero",
    "06.c": "about 0.20",
    "06.d": "likely to leave",
    "07.a": "version 2 only",
    "07.b": "any command can run",
    "07.c": "no difference beyond chance",
    "07.d": "AUC",
    "08.a": "about a fifth",
    "08.b": "about 10 times",
    "08.c": "about 0.01",
    "08.d": "more than ten times",
}


class UnknownGuess(ReaderError, ValueError):
    """A number that no guess has, or choices without the answer among them."""


def key(number: str) -> str:
    """The name under which a guess is kept."""
    return f"guess {number}"


def asking() -> set[str]:
    """The chapters that ask for guesses."""
    return {number.rpartition(".")[0] for number in ANSWERS}


def guessed(chapter: str) -> tuple[int, int, int]:
    """How many guesses a chapter asks for, how many were made, and how many were right."""
    kept = stored()
    asked = [number for number in ANSWERS if number.rpartition(".")[0] == chapter]
    made = [number for number in asked if key(number) in kept]
    right = [number for number in made if kept[key(number)] == ANSWERS[number]]
    return len(asked), len(made), len(right)


class Guess(widgets.VBox):
    """A question with its choices as radio buttons; `choice` is what was chosen, None before."""

    def __init__(self, number: str, question: str, choices: Sequence[str]):
        self._text = f"Guess {number}: {question}\n" + "\n".join(f"  ○ {c}" for c in choices)
        self._number = number
        earlier = stored().get(key(number))
        asked = widgets.HTML(f"<b>Guess first ({quote.html(number)}).</b> {quote.html(question)}")
        self.buttons = widgets.RadioButtons(
            options=list(choices),
            value=earlier if earlier in choices else None,
            layout={"width": "auto"},
        )
        self.said = widgets.HTML()
        self.buttons.observe(self._chosen, names="value")
        super().__init__([asked, self.buttons, self.said])

    @property
    def choice(self) -> str | None:
        """What was guessed, None before."""
        return self.buttons.value

    def _chosen(self, change: dict[str, Any]) -> None:
        keep(key(self._number), change["new"])
        self.said.value = "<span role='status'>Kept. Now run the next cell.</span>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and beside it the question as text for pages that have no kernel."""
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": self._text}, metadata


def guess(number: str, question: str, choices: Sequence[str]) -> Guess:
    """Ask for a guess among `choices`, texts. Raises UnknownGuess where `number` is not known or
    its answer is not among them."""
    if number not in ANSWERS:
        raise UnknownGuess(f"there is no guess {number!r}; there are: {', '.join(ANSWERS)}")
    if ANSWERS[number] not in choices:
        raise UnknownGuess(f"guess {number!r}: none of the choices is {ANSWERS[number]!r}")
    return Guess(number, question, choices)
