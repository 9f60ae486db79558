"""Exercises that answer: every exercise has its cell and its answers, whatever is answered gets a
sentence, hints come one at a time, progress is kept.

The answers themselves are tried in the run of the notebooks (`conftest.py`, at the top)."""

from __future__ import annotations

import re

import nbformat
import numpy as np
import pandas as pd
import pytest
from course.exercises.answers import ANSWERS
from stored import ALL

from helpers.course import exercises


def test_every_exercise_has_its_answers_here():
    known = [number for chapter in exercises.chapters() for number in exercises.exercises(chapter)]
    assert sorted(known) == sorted(ANSWERS)
    for number, answers in ANSWERS.items():
        assert len(answers["mistakes"]) >= 2, number


@pytest.mark.parametrize("chapter", exercises.chapters())
def test_every_exercise_is_asked_unanswered_in_its_notebook(chapter):
    paths = [path for path in ALL if path.name.startswith(f"{chapter}_")]
    notebooks = [nbformat.read(path, as_version=4) for path in paths]
    cells = [c for notebook in notebooks for c in notebook.cells if c.cell_type == "code"]
    for number in exercises.exercises(chapter):
        [cell] = [cell for cell in cells if f'\ncheck("{number}", ' in cell.source]
        assert re.findall(r"^\w+ = \.\.\.$", cell.source, re.MULTILINE), cell.source
        assert any(f"{number}: not answered yet" in o.get("text", "") for o in cell.outputs)


class Odd:
    """An answer that cannot even be compared."""

    def __eq__(self, other):
        raise RuntimeError("no")


ODD = [
    None,
    "x",
    "",
    b"x",
    [],
    [[1], [2, 3]],
    {},
    {77},
    float("nan"),
    float("inf"),
    1j,
    10**400,
    -1,
    len,
    int,
    np.arange(3.0),
    np.zeros((3, 4)),
    np.array([{}, []], dtype=object),
    pd.Series([1, 2]),
    pd.DataFrame(),
    pd.DataFrame({"a": [77]}),
    pd.NA,
    pd.NaT,
    Odd(),
]


@pytest.mark.parametrize("number", sorted(ANSWERS))
def test_odd_answers_get_a_sentence(number, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "p.json"))
    for answer in ODD:
        exercises.check(number, answer)
        said = capsys.readouterr().out
        assert said.startswith(f"{number}: ") and said.count("\n") == 1 and said[-2] in ".?", said
        assert "right." not in said and "Error" not in said, (answer, said)


def test_hints_come_one_at_a_time_and_start_again(capsys):
    count = len(exercises.find("05.1").hints)
    said = []
    for _ in range(count + 1):
        exercises.hint("05.1")
        said.append(capsys.readouterr().out)
    assert len(set(said[:count])) == count and said[count] == said[0]


def test_the_solution_is_shown_as_code(capsys):
    exercises.solution("05.3")
    assert capsys.readouterr().out.startswith("kept = ")


def test_an_unknown_number_is_named():
    with pytest.raises(ValueError, match="00.1"):
        exercises.check("99.9", 1)


def test_progress_counts_and_right_stays_right(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "my_progress.json"))
    assert exercises.progress()["right"].sum() == 0
    exercises.check("05.5", "a")
    assert exercises.progress().loc["05", "tried"] == 1
    exercises.check("05.5", "c")
    exercises.check("05.5", "a")
    row = exercises.progress().loc["05"]
    assert (row["right"], row["tried"]) == (1, 0)
    (tmp_path / "my_progress.json").write_text("not json")
    assert exercises.progress()["right"].sum() == 0
    capsys.readouterr()


def test_progress_that_cannot_be_kept_is_only_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "no such folder" / "p.json"))
    exercises.check("05.5", "c")
    said = capsys.readouterr().out
    assert "right." in said and "could not be kept" in said
