"""Every exercise, as a reader meets it: unanswered, wrong in typical ways, right in another way,
right by its solution. The notebook runs to the end with each of them."""

from __future__ import annotations

import copy
import json
import runpy
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient

from helpers.course import exercises
from helpers.files import ROOT

# number -> "mistakes": ((code of a typical mistake, a part of the reply), …) and "other": another
# right answer; a file a chapter in answers/
FILES = sorted((Path(__file__).parent / "answers").glob("chapter_[0-9][0-9].py"))
ANSWERS = {
    number: answers
    for file in FILES
    for number, answers in runpy.run_path(str(file))["ANSWERS"].items()
}


def test_every_exercise_has_its_answers_here():
    known = [number for chapter in exercises.chapters() for number in exercises.exercises(chapter)]
    assert sorted(known) == sorted(ANSWERS)
    for number, answers in ANSWERS.items():
        assert len(answers["mistakes"]) >= 2, number


@pytest.fixture(scope="module", params=exercises.chapters())
def replies(request, tmp_path_factory) -> dict[str, dict[str, str]]:
    """Run a chapter once, each exercise in all variants: number -> variant -> the printed reply."""
    [path] = (ROOT / "notebooks").glob(f"{request.param}_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    cells, asked = [], {}
    for cell in notebook.cells:
        number = next((n for n in ANSWERS if f'check("{n}"' in cell.source), None)
        if number is None:
            cells.append(cell)
            continue
        exercise, lines = exercises.find(number), cell.source.splitlines()
        [place] = [i for i, line in enumerate(lines) if line.endswith("= ...")]
        variants = {"nothing": lines[place], "other": ANSWERS[number]["other"]}
        variants |= {reply: code for code, reply in ANSWERS[number]["mistakes"]}
        variants["solution"] = exercise.solution
        for name, code in variants.items():
            changed = copy.deepcopy(cell)
            changed.id = f"{cell.id}-{len(asked)}"
            changed.source = "\n".join([*lines[:place], code, *lines[place + 1 :]])
            asked[changed.id] = (number, name)
            cells.append(changed)
    notebook.cells = cells
    progress = tmp_path_factory.mktemp("progress") / "my_progress.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_PROGRESS", str(progress))
        NotebookClient(
            notebook, timeout=300, resources={"metadata": {"path": str(ROOT / "notebooks")}}
        ).execute()
    found: dict[str, dict[str, str]] = {"progress": json.loads(progress.read_text())}
    for cell in notebook.cells:
        if cell.id in asked:
            number, name = asked[cell.id]
            text = "".join(o.get("text", "") for o in cell.outputs if o.output_type == "stream")
            found.setdefault(number, {})[name] = text
    return found


def test_every_answer_gets_its_reply(replies):
    kept = replies["progress"]
    numbers = [number for number in replies if number != "progress"]
    assert numbers
    for number in numbers:
        for name, text in replies[number].items():
            if name in ("solution", "other"):
                assert f"{number}: right. " in text, (number, name, text)
            elif name == "nothing":
                assert "not answered yet" in text, (number, text)
            else:
                assert name in text and "right." not in text, (number, name, text)
        assert kept[number] == "right"


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
