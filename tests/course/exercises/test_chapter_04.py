"""What the checks of chapter 04 accept and refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from judged import judged

from helpers import cold_start
from helpers.course import exercises
from helpers.course.exercises import chapter_04

COUNTS, PRIORS = chapter_04.COUNTS, chapter_04.PRIORS
RIGHT = cold_start.posterior_mean(COUNTS, PRIORS, 6)
NUMBERS = [f"04.{i}" for i in range(1, 6)]


@pytest.fixture
def said(monkeypatch, tmp_path, capsys):
    """What `exercises.check` prints."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "my_progress.json"))

    def check(number: str, answer: object) -> str:
        exercises.check(number, answer)
        return capsys.readouterr().out

    return check


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        "many",
        float("nan"),
        [],
        {},
        np.zeros((2, 2)),
        pd.DataFrame(),
        pd.DataFrame({"a": [1]}),
        max,
    ],
    ids=str,
)
def test_odd_answers_get_a_sentence(said, number, answer):
    reply = said(number, answer)
    assert reply.startswith(f"{number}: ") and "right." not in reply and "Traceback" not in reply


@pytest.mark.parametrize(
    "kind", [np.asarray, list, pd.DataFrame, lambda a: a.round(2), lambda a: a.tolist()]
)
def test_04_2_takes_the_formula_in_any_form(kind):
    assert judged("04.2", kind(RIGHT)).startswith("right")


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (RIGHT.T, "This has 6 × 3 values, not 3 × 6"),
        (RIGHT[::-1], "in reverse order"),
        ((COUNTS + 6 * PRIORS) / (COUNTS.sum() + 6), "do not sum to one"),
        (
            np.where(
                COUNTS.sum(axis=1, keepdims=True) > 0,
                COUNTS / np.maximum(COUNTS.sum(axis=1, keepdims=True), 1),
                np.nan,
            ),
            "bare shares",
        ),
    ],
)
def test_04_2_names_the_mistake(answer, reply):
    assert reply in judged("04.2", answer)


def test_04_1_counts_what_came_late():
    known = chapter_04.answers()
    assert 0 < known["late"] < known["any"] < known["all"]
    for kind in (int, float, np.int64):
        assert judged("04.1", kind(known["late"])).startswith("right")
    assert "Not this number" in judged("04.1", 7)


def test_04_3_takes_the_rows_in_any_order_and_refuses_fewer():
    rows = chapter_04.table().query("moment < '2025-01-01'")
    assert judged("04.3", rows[::-1].reset_index(drop=True)).startswith("right")
    assert judged("04.3", rows[["customer_id", "moment", "events"]]).startswith("right")
    assert "to learn from" in judged("04.3", rows[rows["answered"]])
    assert "had not happened yet" in judged("04.3", chapter_04.table())


def test_04_4_takes_a_rough_pair_and_names_the_order():
    right = chapter_04.strengths()["hybrid"]
    assert judged("04.4", [round(m, 1) for m in right]).startswith("right")
    assert judged("04.4", {"answered": right[0], "silent": right[1]}).startswith("right")
    assert "other way around" in judged("04.4", right[::-1])
    assert "a pair" in judged("04.4", right[0])
