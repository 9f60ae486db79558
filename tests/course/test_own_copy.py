"""A reader's own copy of the notebooks: what is theirs stays, the rest follows the course."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored import ALL, name

from helpers.course import own_copy

CELLS = {"# One": "markdown", "import pandas": "code", "answer = ...": "code", "# Two": "markdown"}


def notebook(cells: dict[str, str]) -> nbformat.NotebookNode:
    """A notebook as `build.py` makes it: the id of each cell comes from its text."""
    made = nbformat.v4.new_notebook()
    for source, kind in cells.items():
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        made.cells.append(new(source, id=own_copy.cell_id(kind, source)))
    return made


def sources(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """The folder of the copies, and a course of a chapter and its deeper part."""
    course = tmp_path / "notebooks"
    (course / "deeper").mkdir(parents=True)
    nbformat.write(notebook(CELLS), course / "01.ipynb")
    nbformat.write(notebook(CELLS), course / "deeper" / "01.ipynb")
    nbformat.write(notebook(CELLS), course / "my_own.ipynb")
    return tmp_path / "my_course", course


def answer(path: Path, old: str, new: str) -> None:
    """Write `new` into the cell that holds `old`, and add a cell behind it."""
    own = nbformat.read(path, as_version=4)
    [place] = [i for i, cell in enumerate(own.cells) if cell.source == old]
    own.cells[place].source = new
    own.cells.insert(place + 1, nbformat.v4.new_code_cell("my_own = 1"))
    nbformat.write(own, path)


@pytest.mark.parametrize("path", ALL, ids=[name(path) for path in ALL])
def test_nothing_in_the_course_itself_is_taken_for_a_readers(path):
    cells = nbformat.read(path, as_version=4).cells
    assert not [cell.source for cell in cells if own_copy.is_the_readers(cell)]


def test_the_first_start_copies_and_the_second_does_nothing(places):
    folder, course = places
    assert own_copy.refresh(folder, course).copied == ["01.ipynb", "deeper/01.ipynb"]
    before = (folder / "01.ipynb").read_bytes()
    answer(folder / "deeper" / "01.ipynb", "answer = ...", "answer = 3")
    again = own_copy.refresh(folder, course)
    assert not any(again) and str(again) == "my_course is up to date."
    assert (folder / "01.ipynb").read_bytes() == before
    assert "answer = 3" in sources(folder / "deeper" / "01.ipynb")


def test_an_update_keeps_the_answers_and_brings_the_rest(places):
    folder, course = places
    own_copy.refresh(folder, course)
    answer(folder / "01.ipynb", "answer = ...", "answer = 3")
    before = (folder / "01.ipynb").read_bytes()
    newer = {"# One, better": "markdown", **dict(list(CELLS.items())[1:]), "# Three": "markdown"}
    for path in (course / "01.ipynb", course / "deeper" / "01.ipynb"):
        nbformat.write(notebook(newer), path)
    found = own_copy.refresh(folder, course)
    assert found.updated == ["01.ipynb", "deeper/01.ipynb"] and found.kept == ["01.ipynb"]
    assert sources(folder / "01.ipynb") == [
        "# One, better",
        "import pandas",
        "answer = 3",
        "my_own = 1",
        "# Two",
        "# Three",
    ]
    assert sources(folder / "deeper" / "01.ipynb") == list(newer)
    [earlier] = (folder / "earlier").iterdir()
    assert earlier.read_bytes() == before
    assert not any(own_copy.refresh(folder, course))


def test_an_answer_to_a_cell_that_is_gone_stays_where_it_was(places):
    folder, course = places
    own_copy.refresh(folder, course)
    answer(folder / "01.ipynb", "answer = ...", "answer = 3")
    newer = {source: kind for source, kind in CELLS.items() if source != "answer = ..."}
    nbformat.write(notebook(newer), course / "01.ipynb")
    own_copy.refresh(folder, course)
    expected = ["# One", "import pandas", "answer = 3", "my_own = 1", "# Two"]
    assert sources(folder / "01.ipynb") == expected


def test_what_is_no_notebook_is_left_and_said(places):
    folder, course = places
    own_copy.refresh(folder, course)
    (folder / "01.ipynb").write_text("{half a file")
    found = own_copy.refresh(folder, course)
    assert "01.ipynb is not a notebook any more" in str(found)
    assert (folder / "01.ipynb").read_text() == "{half a file"


texts = st.lists(st.sampled_from([f"x = {i}" for i in range(12)]), unique=True)


@given(old=texts, new=texts, changed=st.sets(st.integers(0, 11)), added=st.lists(st.text("abc")))
def test_nothing_of_a_readers_is_lost_and_nothing_of_the_new_version(old, new, changed, added):
    own = notebook(dict.fromkeys(old, "code"))
    for place, cell in enumerate(own.cells):
        cell.source += "  # mine" * (place in changed)
    own.cells += [nbformat.v4.new_code_cell(text) for text in added]
    theirs = [cell for cell in own.cells if own_copy.is_the_readers(cell)]
    course = notebook(dict.fromkeys(new, "code"))
    result = own_copy.merged(own, course)
    nbformat.validate(result)
    by_id = {cell["id"]: cell.source for cell in result.cells}
    assert all(by_id[cell["id"]] == cell.source for cell in theirs)
    unchanged = [c for c in course.cells if c["id"] not in {cell["id"] for cell in theirs}]
    assert all(by_id[cell["id"]] == cell.source for cell in unchanged)
    assert len(result.cells) == len({*by_id}) == len(theirs) + len(unchanged)
