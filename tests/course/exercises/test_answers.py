"""The readers of answers, by themselves and through every exercise: odd forms of the right answer
are taken, or get a sentence that says what they are."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged import judged
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.preprocessing import TargetEncoder

from helpers import cold_start, experiments, features, models, production, segments, shop
from helpers.course import exercises
from helpers.course.exercises import (
    answers as read,
)
from helpers.course.exercises import (
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    chapter_08,
)
from helpers.course.exercises.exercise import Unreadable, Wrong

ALL = [number for chapter in exercises.chapters() for number in exercises.exercises(chapter)]
LETTERS = [number for number in ALL if "letter" in exercises.find(number).expects]


# ---- letters
REPLIES = {"a": "not a", "b": "not b", "d": "not d"}


@given(
    st.sampled_from("abcd"),
    st.sampled_from(
        ["{}", " {} ", "({})", "{}.", "{}) wait", "({}) wait and see", "{}: wait", "{} – so"]
    ),
    st.booleans(),
    st.sampled_from(
        [lambda a: a, lambda a: [a], lambda a: {a}, pd.Series, lambda a: np.array([a])]
    ),
)
def test_a_letter_in_any_dress_is_that_letter(letter, form, capital, box):
    text = form.format(letter.upper() if capital else letter)
    answer = box([text]) if box is pd.Series else box(text)
    if letter == "c":
        assert read.letter(answer, REPLIES, "c", "because") == "because"
    else:
        with pytest.raises(Wrong, match=f"^not {letter}$"):
            read.letter(answer, REPLIES, "c", "because")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("e", "no choice 'e'"),
        ("wait", "does not begin"),
        ("a good idea", "does not begin"),
        ("cat", "does not begin"),
        ("a, c", "two letters"),
        (["a", "c"], "2 values"),
        ("", "does not begin"),
        (3, "3 is no letter"),
        (None, "This is None"),
        (len, "has not been called"),
        (np.nan, "no letter"),
    ],
)
def test_what_is_no_letter_is_said(answer, said):
    with pytest.raises(Unreadable, match=said):
        read.letter(answer, REPLIES, "c", "because")


# ---- numbers
@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_a_number_in_any_box_is_that_number(value):
    boxes = [value, [value], (value,), {value}, np.float64(value), np.array(value), str(value)]
    boxes += [np.array([[value]]), pd.Series([value], index=["x"]), {"sum": value}, iter([value])]
    boxes += [pd.DataFrame({"sum": [value]}), [[str(value)]]]
    for box in boxes:
        assert read.number(box) == value


@given(st.integers(0, 100))
def test_percent_with_its_sign_is_a_share(percent):
    assert math.isclose(read.share(f"{percent} %"), percent / 100)
    assert math.isclose(read.share(f"{percent}%"), percent / 100)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.22", 0.22), (".22", 0.22), ("0,22", 0.22), ("0,220", 0.22), ("1,234", 1234), ("−3", -3)],
)
def test_numbers_as_people_write_them(text, value):
    assert read.number(text) == value


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (np.nan, "NaN.*indexes differ"),
        ([np.nan], "NaN"),
        (pd.NA, "NaN"),
        ("nan", "NaN"),
        (np.inf, "infinite"),
        (10**400, "too large"),
        (True, "truth value"),
        (1j, "not a number"),
        ("many", "'many' is not a number"),
        ([], "empty"),
        ([1, 2], "2 values"),
        (pd.Series([True, False, True]), "3 values, not one: count"),
        (None, "None"),
        (max, "not been called"),
        (TargetEncoder(), "a model"),
    ],
)
def test_what_is_no_number_is_said(answer, said):
    with pytest.raises(Unreadable, match=said):
        read.number(answer)


@given(st.floats(0.01, 10), st.integers(3, 8))
def test_a_value_equals_a_target_exactly_or_rounded_and_not_otherwise(target, places):
    assert read.equals(target, target) and read.equals(round(target, places), target)
    assert not read.equals(target * 1.01 + 0.002, target)


# ---- rows
INDEX = pd.Index(["u", "v", "w"])


@pytest.mark.parametrize(
    "answer",
    [
        [True, False, True],
        np.array([[1], [0], [1]]),
        ("yes", "NO", " Yes "),
        pd.Series([False, True, True], index=["v", "w", "u"]),
        pd.DataFrame({"letter": [1.0, 1.0, 0.0]}, index=["w", "u", "v"]),
        {"w": True, "v": False, "u": True},
        pd.Series([True, False, True]),
    ],
)
def test_decisions_in_any_form_and_by_index(answer):
    assert read.decisions(answer, INDEX).tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([True, None, True], "1 value missing"),
        ([0.2, 0.7, 0.1], "numbers, not True and False"),
        (["yes", "no", "maybe"], "'maybe' is neither"),
        ([True], "This has 1 value; there are 3 rows"),
        ({True, False}, "no order"),
        ("yes", "one value"),
        ([["a"], [1, 2]], "unlike length|values"),
    ],
)
def test_what_is_no_decision_for_each_row_is_said(answer, said):
    with pytest.raises(Unreadable, match=said):
        read.decisions(answer, INDEX)


def test_a_pair_is_put_in_order_by_its_names():
    pair = read.numbers({"high": "2", "low": 1}, (2,), ["low", "high"])
    assert pair.tolist() == [1.0, 2.0]
    with pytest.raises(Unreadable, match="no order"):
        read.numbers({1, 2}, (2,))


# ---- the table of known failures, by the exact calls
def test_03_3_praises_only_what_a_number_can_show():
    said = judged("03.3", 0.71)
    assert said.startswith("right") and "cannot show" in said
    assert "A forest without SMOTE" in judged("03.3", 0.65)
    assert not judged("03.3", 0.58).startswith("right")
    assert not judged("03.3", 0.77).startswith("right")


def test_03_1_knows_the_rule_from_the_order_and_reads_yes_and_no():
    p = chapter_03.chapter_model()
    rows = pd.Series(p).sample(frac=1, random_state=0)
    assert judged("03.1", rows > 0.08).startswith("right")
    assert "to others" in judged("03.1", (rows > 0.08).to_numpy())
    assert judged("03.1", np.where(p > 4 / 50, "yes", "no")).startswith("right")
    assert "row by row" in judged("03.1", pd.Series(p > 0.08, index=np.arange(len(p))[::-1]))


def test_01_4_names_what_the_ends_are_and_gives_no_call():
    differences = chapter_01.DIFFERENCES
    m, s = differences.mean(), differences.std()
    said = judged("01.4", (m - 1.96 * s, m + 1.96 * s))
    assert "standard deviations" in said and "evaluation." not in said
    assert "smallest and the largest" in judged("01.4", [differences.min(), differences.max()])
    assert "evaluation." not in judged("01.4", (0, 1))


def test_01_2_shows_the_error_of_scikit_learn():
    whose_row = np.tile(np.arange(30), 2)
    said = judged("01.2", GroupKFold(5).split(whose_row))
    assert "The 'groups' parameter should not be None" in said


def test_04_1_says_that_the_indexes_differ():
    new = cold_start.split(chapter_04.table(), chapter_04.CUTOFF)[1].query("events == 0")
    early = new[["customer_id", "moment"]]
    joined = early.merge(shop.load().customers[["customer_id", "answered_at"]], on="customer_id")
    said = judged("04.1", early["moment"].lt(joined["answered_at"]).sum())
    assert "Their indexes differ" in said


def test_04_2_says_percent():
    right = cold_start.posterior_mean(chapter_04.COUNTS, chapter_04.PRIORS, 6)
    assert "These are percents" in judged("04.2", right * 100)


def test_06_1_says_days():
    assert "are days" in judged("06.1", 2 * experiments.arm_size(0.04, 0.08) / 6000)
    assert "relative" not in judged("06.1", 12)


def test_06_4_says_nan_and_why():
    a, b = pd.Series([1.0], index=[0]), pd.Series([1.0], index=["toys"])
    said = judged("06.4", (a * b).mean())
    assert "NaN" in said and "indexes differ" in said


# ---- every exercise: nearly right
@lru_cache(maxsize=1)
def right() -> dict[str, object]:
    """A right answer to each exercise, without its notebook."""
    store, whose = shop.load(), np.tile(np.arange(30), 2)
    code, y = chapter_02.codes()
    lines, behavior = store.purchases, chapter_05.behavior()[segments.FEATURES]
    first = segments.model(4, seed=1).fit_predict(behavior.iloc[:2000])
    second = segments.model(4, seed=2).fit(behavior.iloc[2000:]).predict(behavior.iloc[:2000])
    dirty = chapter_05.dirty()[0].dropna().drop_duplicates("customer_id")
    year, waiting = chapter_07.year(), chapter_07.waiting()
    by = year["profit"].groupby(year["group"] == "hold-out").mean()
    end = waiting["scored_at"] + chapter_07.WINDOW
    missed = waiting["propensity"] - (waiting["first_order_at"] < end)
    table = chapter_04.table()
    return {
        "00.1": lines.loc[lines["ordered_at"] < "2025-01-01", "customer_id"].nunique(),
        "01.1": "loyalty_points",
        "01.2": list(GroupKFold(5).split(whose, groups=whose)),
        "01.5": 3,
        "01.4": (-0.0027, 0.0191),
        "02.1": features.build(store, "2025-04-01")["frequency"],
        "02.2": chapter_02.first_above(*chapter_02.carts()),
        "02.3": sorted(chapter_02.LEAKS),
        "02.4": pd.Series(TargetEncoder().fit_transform(code, y)[:, 0], index=y.index),
        "03.1": pd.Series(chapter_03.chapter_model() > 0.08),
        "03.2": "reminders",
        "03.3": 0.71,
        "03.4": float(models.correct_prior([0.8], 0.02)[0]),
        "04.1": chapter_04.answers()["late"],
        "04.2": cold_start.posterior_mean(chapter_04.COUNTS, chapter_04.PRIORS, 6),
        "04.3": table[table["moment"] < "2025-01-01"],
        "04.4": chapter_04.strengths()["hybrid"],
        "05.1": dirty.query("recency >= 0 and monetary >= 0 and frequency < 900"),
        "05.2": pd.Series(segments.assign(behavior, 4)),
        "05.3": (segments.match(first, second) == first).mean(),
        "05.4": 1,
        "06.1": experiments.plan(0.04, 0.08, daily=6_000).weeks,
        "06.2": sorted(chapter_06.OLDER),
        "06.3": chapter_06.carts()["right"],
        "06.4": chapter_06.recommended()["right"],
        "07.1": "carts",
        "07.2": production.psi_by_chance(500, 500, level=0.05),
        "07.3": by[False] - by[True],
        "07.4": missed[end <= chapter_07.NOW].mean(),
        "08.1": chapter_08.toys()["right"],
        "08.2": 0.07 * 0.93 * 196**2,
        "08.3": 45,
        **dict.fromkeys(LETTERS, "c"),
    }


def is_one(value: object) -> bool:
    return isinstance(value, (str, int, float, np.number))


ONE = [
    number
    for number in ALL
    if number
    not in {
        "01.2",
        "01.4",
        "02.1",
        "02.3",
        "02.4",
        "03.1",
        "04.2",
        "04.3",
        "04.4",
        "05.1",
        "05.2",
        "06.2",
    }
]
ROWS = ["02.4", "03.1", "05.2"]
PAIRS = ["01.4", "04.4"]
NAMES = ["02.3", "06.2"]


@pytest.mark.parametrize("number", ONE)
def test_one_value_is_taken_in_every_box(number):
    value = right()[number]
    assert is_one(value)
    boxes = [value, [value], (value,), {value}, {"answer": value}, np.array([value]), iter([value])]
    boxes += [pd.Series([value], index=["z"]), pd.DataFrame({"sum": [value]}), str(value)]
    for box in boxes:
        assert judged(number, box).startswith("right"), box
    if number in ("03.3", "03.4", "05.3", "06.3", "06.4"):
        assert judged(number, f"{100 * value} %").startswith("right")


@pytest.mark.parametrize("number", ROWS)
def test_a_value_for_each_row_is_read_by_its_index(number):
    rows = right()[number]
    for box in (
        rows,
        list(rows),
        rows.to_numpy()[:, None],
        rows.sample(frac=1, random_state=0),
        rows.to_frame(),
        dict(rows),
        rows.sample(frac=1, random_state=1).to_dict(),
    ):
        assert judged(number, box).startswith("right"), type(box)
    shuffled = rows.sample(frac=1, random_state=0).to_numpy()
    assert "order" in judged(number, shuffled)
    hole = rows.astype(object).where(np.arange(len(rows)) != 3)
    assert "NaN" in judged(number, hole)


@pytest.mark.parametrize("number", PAIRS)
def test_a_pair_is_taken_in_every_box(number):
    low, high = right()[number]
    for box in (
        [low, high],
        np.array([[low, high]]),
        [str(low), str(high)],
        {1: low, 2: high},
        pd.Series([low, high], index=["y", "x"]),
        pd.DataFrame({"ends": [low, high]}),
        iter((low, high)),
    ):
        assert judged(number, box).startswith("right"), box
    assert "NaN" in judged(number, [low, np.nan])
    assert "no order" in judged(number, {low, high})


@pytest.mark.parametrize("number", NAMES)
def test_names_are_taken_in_every_box(number):
    names = right()[number]
    flags = {**dict.fromkeys(names, True), exercises_other(number): False}
    for box in (
        set(names),
        tuple(names),
        np.array(names),
        pd.Index(names),
        dict.fromkeys(names, 1),
        pd.Series(names, index=list("xyz")),
        ", ".join(names).upper(),
        flags,
        pd.Series(flags),
        pd.DataFrame(columns=names),
    ):
        assert judged(number, box).startswith("right"), box
    assert "NaN" in judged(number, [*names, np.nan])


def exercises_other(number: str) -> str:
    """A column that is no part of the answer."""
    return "channel" if number == "02.3" else "visits_in_april"


def test_a_series_or_a_dict_by_customer_is_the_same():
    orders = right()["02.1"]
    for box in (
        orders.sample(frac=1, random_state=0),
        dict(orders),
        orders.to_frame(),
        orders.rename("n").reset_index(),
        orders.astype(str),
        orders.where(orders > 0),
    ):
        assert judged("02.1", box).startswith("right"), type(box)
    bought = orders[orders > 0]
    assert "NaN" in judged("02.1", bought.where(np.arange(len(bought)) != 3))
    assert "does not hold customer ids" in judged("02.1", orders.reset_index(drop=True))


NEARLY = {
    "None": lambda a: None,
    "a function": lambda a: lambda: a,
    "NaN": lambda a: np.nan,
    "a list of NaN": lambda a: [np.nan],
    "a truth value": lambda a: True,
    "twice": lambda a: [a, a],
    "a set of two": lambda a: {"x", "y"},
    "a dict of two": lambda a: {"one": "x", "two": "y"},
    "a frame of words": lambda a: pd.DataFrame({"x": ["u", "v"], "y": ["w", "z"]}),
    "empty": lambda a: pd.Series(dtype=float),
    "yes": lambda a: "yes",
    "a sentence": lambda a: "I do not know",
}


@pytest.mark.parametrize("number", ALL)
def test_what_is_nearly_an_answer_gets_a_sentence_about_itself(number):
    for name, form in NEARLY.items():
        said = judged(number, form(right()[number]))
        assert not said.startswith("right"), name
        assert said.endswith((".", "?")) and "\n" not in said, (name, said)
        assert "could not be examined" not in said, (name, said)
        if number not in ("05.4",):
            assert exercises.find(number).solution not in said


@pytest.mark.parametrize("number", ALL)
def test_every_solution_says_why_in_two_sentences(number, capsys):
    why = exercises.find(number).why
    assert why.endswith(".") and why.count(". ") == 1
    exercises.solution(number)
    assert capsys.readouterr().out.rstrip().endswith(why)


def test_the_second_miss_offers_a_hint(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "p.json"))
    monkeypatch.setattr(exercises, "_misses", type(exercises._misses)())
    exercises.check("05.5", "a")
    assert "hint(" not in capsys.readouterr().out
    exercises.check("05.5", "b")
    assert 'hint("05.5")' in capsys.readouterr().out


def test_the_range_of_03_3_holds_what_smote_in_the_folds_gives():
    """A check of the constants on a fresh draw, by the exercise's own solution."""
    from helpers import simulator

    X, y, _ = simulator.rare_positives(10_000, seed=1)
    model = models.rebalance(
        models.model("random forest", seed=3, n_estimators=20), "SMOTE", seed=5
    )
    q = cross_val_predict(model, X[:3_000], y[:3_000], cv=3, method="predict_proba")[:, 1]
    assert judged("03.3", roc_auc_score(y[:3_000], q)).startswith("right")
