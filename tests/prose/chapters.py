"""The texts of a notebook, and the numbers that each may speak of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from prose import numbers
from prose.figures import COMMENT, Figure, blank, read
from prose.given import GIVEN
from prose.matching import Answer, Placed, find
from prose.numbers import Number, joined

from helpers.files import DEEPER, NOTEBOOKS, ROOT

NEXT = 1.0  # the cells that a text introduces stand as near as the last block but one above it
SOURCES = re.compile(r"(?m)^\*\*Sources\.\*\*.*$")  # names, years, pages


@dataclass
class Text:
    """A text cell, or the words to a picture."""

    place: str
    words: str
    placed: list[Placed]

    @cached_property
    def figures(self) -> list[Figure]:
        return read(SOURCES.sub(blank, self.words))

    def answer(self, figure: Figure) -> Answer | None:
        """What became of a figure, None for one of those that are given. A text that differs from
        a given phrase in one digit is a slip of it."""
        bare = COMMENT.sub(blank, self.words)
        apart = [
            sum(a != b for a, b in zip(there[0], phrase, strict=True))
            for phrase, pattern in phrases(re.split("[_,]", self.place.removeprefix("deeper/"))[0])
            for there in pattern.finditer(bare)
            if there.start() <= figure.start < there.end()
        ]
        if 0 in apart:
            return None
        return Answer() if 1 in apart else find(figure, self.placed)

    def missing(self) -> list[str]:
        """A sentence about each figure that is not found."""
        answers = [(figure, self.answer(figure)) for figure in self.figures]
        return [self.said(f, answer) for f, answer in answers if answer and not answer.found]

    def said(self, figure: Figure, answer: Answer) -> str:
        before, after = self.words[: figure.start], self.words[figure.start + len(figure.text) :]
        where = f"{self.place}: {figure.text} in “{before[-40:]}{figure.text}{after[:25]}”"
        if answer.hidden is None or answer.slip is None:
            return f"{where}: no number above says so. Correct it, or print it in the cell above"
        names, others = (", ".join(sorted(n.words)) for n in (answer.hidden, answer.slip))
        return (
            f"{where}: {answer.hidden.value:g} ({names}) says so, but {answer.slip.value:g} "
            f"({others}) stands nearer. Name the first in the sentence, or in a comment behind "
            f"the figure: {figure.text}<!-- its row, its column -->"
        )

    def notices(self, figure: Figure, slip: str) -> bool:
        """Whether a figure would be missing with a slip in it."""
        stop = figure.start + len(figure.text)
        changed = replace(self, words=self.words[: figure.start] + slip + self.words[stop:])
        answers = [changed.answer(f) for f in changed.figures if f.start == figure.start]
        return any(answer is not None and answer.found is None for answer in answers)


@lru_cache
def phrases(chapter: str) -> list[tuple[str, re.Pattern]]:
    """Those of the list, and the minutes of a chapter as the READMEs have them, each with a pattern
    for any digits in it; a short one holds only as it is."""
    pages = [folder / "README.md" for folder in (ROOT, NOTEBOOKS)]
    page = "".join(path.read_text(encoding="utf-8") for path in pages)
    minutes = re.findall(rf"(?m)^\| {chapter} \|.*\| (\d+) \|$", page)
    listed = [phrase for those in GIVEN.values() for phrase in those]
    listed += [f"About {count} minutes" for count in minutes]
    any_digits = (
        re.sub(r"\d", r"\\d", re.escape(p)) if len(p) > 9 else re.escape(p) for p in listed
    )
    return [(p, re.compile(text)) for p, text in zip(listed, any_digits, strict=True)]


@lru_cache
def studies() -> dict[str, list[Number]]:
    """The figures of each study, from the page that its rows were rendered to."""
    page = (ROOT / "data" / "studies" / "README.md").read_text(encoding="utf-8")
    found: dict[str, list[Number]] = {}
    for number in numbers.in_markdown(page):
        found.setdefault(number.claim, []).append(number)
    return {claim: numbers.weigh(those) for claim, those in found.items()}


def exercises(chapter: str) -> list[Number]:
    """The numbers in the code of a chapter's exercises: what a question sets, its answer uses."""
    path = ROOT / "helpers" / "course" / "exercises" / f"chapter_{chapter}.py"
    code = path.read_text(encoding="utf-8") if path.exists() else ""
    return numbers.weigh(numbers.printed(re.sub(r"(?<=\d)_(?=\d)", "", code)))


def texts(path: Path) -> Iterator[Text]:
    """All texts of a notebook, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    held = [numbers.of_cell(cell) for cell in cells]
    asked = exercises(path.stem[:2])
    for i, cell in enumerate(cells):
        place = f"{'deeper/' * (path.parent == DEEPER)}{path.stem}, cell {i}"
        if cell["cell_type"] == "code":
            for output in cell["outputs"]:
                if numbers.by_hand(cell, output):
                    picture = numbers.described(output)
                    yield Text(f"{place}, picture", picture, above(cells, held, i + 1))
            continue
        words = joined(cell["source"])
        placed = above(cells, held, i) + below(cells, held, i)
        if "### Exercise" in words:
            placed += [Placed(number, 0) for number in asked]
        for claim in set(re.findall(r"\bc\d\d\b", words)) & studies().keys():
            placed += [Placed(number, 0) for number in studies()[claim]]
        yield Text(place, words, placed)


def above(cells: list[dict], held: list[list[Number]], end: int) -> list[Placed]:
    """What stands in the cells before `end`; each block of code cells is one further away."""
    placed: list[Placed] = []
    away = 0
    for k in reversed(range(end)):
        if cells[k]["cell_type"] == "markdown" and placed and cells[k - 1]["cell_type"] == "code":
            away += 1
        placed += [Placed(number, away) for number in held[k]]
    return placed


def below(cells: list[dict], held: list[list[Number]], begin: int) -> list[Placed]:
    """What stands in the code cells directly below a text."""
    placed: list[Placed] = []
    for k in range(begin + 1, len(cells)):
        if cells[k]["cell_type"] == "markdown":
            break
        placed += [Placed(number, NEXT) for number in held[k]]
    return placed
