"""The texts of a notebook, and what stands above each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from prose import numbers
from prose.figures import COMMENT, Figure, blank, read
from prose.given import GIVEN
from prose.matching import Placed
from prose.numbers import Number, joined

from helpers.files import ROOT

NEXT = 1.0  # the cells that a text introduces are as near as the block before the last


@lru_cache
def studies() -> dict[str, list[Number]]:
    """The figures of each study, from the page that its rows were rendered to."""
    page = (ROOT / "data" / "studies" / "README.md").read_text(encoding="utf-8")
    found = {}
    for part in re.findall(r"<details.*?</details>", page, re.DOTALL):
        claim = part[13:16]
        found[claim] = numbers.weigh(list(numbers.in_markdown(part)))
    return found


@lru_cache
def phrases() -> list[str]:
    """Those of the list, and the minutes of each chapter as the README has them."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    minutes = re.findall(r"(?m)^\| \d\d \|.*\| (\d+) \|$", page)
    listed = [phrase for those in GIVEN.values() for phrase in those]
    return [*listed, *(f"About {count} minutes" for count in minutes)]


def given(text: str) -> list[tuple[int, int]]:
    """Where the phrases lie that need no output."""
    bare = COMMENT.sub(blank, text)
    sources = [match.span() for match in re.finditer(r"(?m)^\*\*Sources\.\*\*.*$", bare)]
    said = [m.span() for phrase in phrases() for m in re.finditer(re.escape(phrase), bare)]
    return sources + said


@dataclass
class Text:
    """A text cell, or the words to a picture, with the numbers that it may speak of."""

    place: str
    words: str
    placed: list[Placed]

    def figures(self) -> list[Figure]:
        """The figures that are to be found."""
        parts = given(self.words)
        return [
            figure
            for figure in read(self.words)
            if not any(start <= figure.start < stop for start, stop in parts)
        ]


def texts(path: Path) -> Iterator[Text]:
    """All texts of a notebook, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = {i: cell for i, cell in enumerate(cells) if cell["cell_type"] == "code"}
    shown = {i: numbers.shown(cell) for i, cell in code.items()}
    sets = {i: numbers.weigh(list(numbers.set_in(joined(cell["source"])))) for i, cell in code.items()}
    asked = exercises(path)

    def near(i: int, away: float) -> list[Placed]:
        return [Placed(n, away) for n in shown[i]] + [Placed(n, away) for n in sets[i]]

    def above(i: int) -> list[Placed]:
        """What stands in the code cells up to i; each block of them is one further away."""
        placed, away = [], 0
        for k in range(i, -1, -1):
            if k in code:
                placed += near(k, away)
            elif k + 1 in code and k < i:
                away += 1
        return placed

    for i, cell in enumerate(cells):
        place = f"{path.stem}, cell {i}"
        if i in code:
            for output in cell["outputs"]:
                if numbers.by_hand(cell, output):
                    yield Text(f"{place}, picture", numbers.described(output), above(i))
            continue
        words = joined(cell["source"])
        placed = above(i - 1)
        k = i + 1
        while k in code:
            placed += near(k, NEXT)
            k += 1
        if "### Exercise" in words:
            placed += [Placed(number, 0) for number in asked]
        for claim in set(re.findall(r"\bc\d\d\b", words)) & studies().keys():
            placed += [Placed(number, 0) for number in studies()[claim]]
        yield Text(place, words, placed)


def exercises(path: Path) -> list[Number]:
    """The numbers in the code of a chapter's exercises: what a question sets, its answer uses."""
    code = ROOT / "helpers" / "course" / "exercises" / f"chapter_{path.stem[:2]}.py"
    if not code.exists():
        return []
    text = re.sub(r"(?<=\d)_(?=\d)", "", code.read_text(encoding="utf-8"))
    return numbers.weigh(list(numbers.printed(text)))
