"""Notebooks that read at sight: short cells, one result each, few words and figures at a time."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import nbformat
import pytest
from prose import figures
from stored import AT_SIGHT, name

from helpers.course.exercises import find

ALT = re.compile(r"plots\.show\((.*?)\n?\)$", re.DOTALL)  # words, and no code
NUMBER = re.compile(r"\d[\d.,]*")


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


def lines(cell: nbformat.NotebookNode) -> list[str]:
    """The lines of code that are to be read."""
    return [line for line in ALT.sub("plots.show()", cell.source).splitlines() if line.strip()]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", text)


def paragraphs(cell: nbformat.NotebookNode) -> list[str]:
    """The paragraphs and list items of a text cell, without headings and tables."""
    parts = re.split(r"\n\s*\n|\n(?=- |\d+\. )", cell.source)
    return [part for part in parts if not part.startswith(("#", "|"))]


def printed(cell: nbformat.NotebookNode) -> int:
    """How many numbers the outputs of a cell show."""
    texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return sum(len(NUMBER.findall(text)) for text in texts)


def minutes(path: Path) -> float:
    """What a reader needs: two words a second, four seconds a line of code, two seconds a number
    that is printed; a fifth more for what is read twice; and the minutes of the exercises."""
    asked = "\n".join(cell.source for cell in cells(path, "code"))
    exercising = sum(find(n).minutes for n in re.findall(r'^check\("(\d\d\.\d)"', asked, re.M))
    said = sum(len(words(cell.source)) for cell in cells(path, "markdown"))
    code = sum(len(lines(cell)) for cell in cells(path, "code"))
    numbers = sum(printed(cell) for cell in cells(path, "code"))
    return 1.2 * (said / 2 + code * 4 + numbers * 2) / 60 + exercising


at_sight = pytest.mark.parametrize("path", AT_SIGHT, ids=[name(path) for path in AT_SIGHT])


@at_sight
def test_code_is_short(path):
    found = cells(path, "code")
    assert median(len(lines(cell)) for cell in found) <= 6
    for cell in found:
        assert len(lines(cell)) <= 12, cell.source
        assert max(map(len, lines(cell))) <= 88, cell.source


@at_sight
def test_a_code_cell_has_one_result(path):
    for cell in cells(path, "code"):
        kinds = {o.output_type for o in cell.outputs}
        assert len(cell.outputs) <= 1 or "plots.show" in cell.source, cell.source
        assert len(kinds) <= 2, cell.source
        for output in cell.outputs:
            if output.output_type == "stream":
                assert len(output.text.splitlines()) <= 2, output.text


@at_sight
def test_text_is_short(path):
    for cell in cells(path, "markdown"):
        told = [part for part in cell.source.split("\n") if not part.startswith("|")]
        assert len(words("\n".join(told))) <= 120, f"{len(words(cell.source))}: {cell.source}"
        for part in paragraphs(cell):
            assert len(figures.read(part)) <= 3, part
            for sentence in re.split(r"(?<=[.?!:])\s+", part):
                assert len(words(sentence)) <= 25, sentence


@at_sight
def test_the_minutes_of_the_title_are_those_of_the_model(path):
    title = cells(path, "markdown")[0].source
    said = re.search(r"About (\d+) minutes", title)
    assert said, "the title says how long it takes"
    assert abs(int(said[1]) - minutes(path)) <= 5, f"{minutes(path):.0f} by the model"
    assert minutes(path) <= 75, "what a first reader does not need belongs into notebooks/deeper"
