"""What the checks of chapter 06 accept and refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from judged import judged

from helpers import experiments
from helpers.course import exercises
from helpers.course.exercises import chapter_06

ODD = [None, "many", [1, 2], np.arange(3), pd.DataFrame({"a": [1, 2]}), float("nan"), True, {}]


@pytest.mark.parametrize("number", ["06.1", "06.3", "06.4"])
@pytest.mark.parametrize("answer", ODD, ids=lambda answer: type(answer).__name__)
def test_a_figure_is_asked_for_in_a_sentence(number, answer):
    said = judged(number, answer)
    assert said.endswith(f"The answer is {exercises.find(number).expects}.")


@pytest.mark.parametrize("answer", [3, 3.0, np.int64(3), np.array([3]), pd.Series([3])])
def test_06_1_takes_every_three(answer):
    assert judged("06.1", answer).startswith("right")


@pytest.mark.parametrize(
    ("answer", "said"),
    [(21, "are days"), (20, "are days"), (2.9, "rounded up"), (11, "two arms"), (-1, "is not it")],
)
def test_06_1_names_the_mistake(answer, said):
    assert said in judged("06.1", answer)


@pytest.mark.parametrize("kind", [list, tuple, set, pd.Index, np.array, pd.Series])
def test_06_2_takes_any_collection(kind):
    assert judged("06.2", kind(sorted(chapter_06.OLDER))).startswith("right")


@pytest.mark.parametrize("answer", [None, 3, True])
def test_06_2_asks_for_names(answer):
    assert judged("06.2", answer).endswith("The answer is a list of column names.")


def test_06_2_refuses_each_column_of_later():
    for later in chapter_06.LATER:
        assert "CUPED would subtract a part of the effect" in judged(
            "06.2", [*chapter_06.OLDER, later]
        )


def test_06_3_takes_the_effect_and_its_replies_do_not_overlap():
    known = chapter_06.carts()
    assert judged("06.3", experiments.Effect(0, -1, 1, known["right"])).startswith("right")
    assert judged("06.3", known["right"] + 0.03).startswith("right")
    wrong = [judged("06.3", known[name]) for name in ("visits", "carts", "rates")]
    assert len(set(wrong)) == 3 and not any(said.startswith("right") for said in wrong)


def test_06_4_takes_every_estimator_and_its_replies_do_not_overlap():
    known = chapter_06.recommended()
    assert judged("06.4", known["right"] + 0.001).startswith("right")
    assert judged("06.4", experiments.Value(known["right"], 0, 1, 10, 1)).startswith("right")
    wrong = [judged("06.4", known[name]) for name in ("now", "naive")]
    assert len(set(wrong)) == 2 and not any(said.startswith("right") for said in wrong)


@pytest.mark.parametrize("answer", [*ODD, "e"], ids=str)
def test_06_5_asks_for_a_letter(answer):
    assert "The answer is one letter" in judged("06.5", answer)
