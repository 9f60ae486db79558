"""The planner of experiments, moved without a browser."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import experiments, widgets
from helpers.widgets import experiments as explorer


@pytest.fixture
def planner():
    return widgets.experiment_planner()


def test_it_begins_with_the_plan_it_was_given(planner):
    assert planner.message.value == ""
    for figure in ("250,810", "501,620", "101", "15"):
        assert f"<td>{figure}</td>" in planner.table.value
    assert "2.5 % to 2.625 %" in planner.table.value


def test_every_control_moves_picture_and_table(planner):
    for name, value in {
        "base": 3.0,
        "relative": 10,
        "daily": 20_000,
        "power": 0.9,
        "alpha": 0.01,
    }.items():
        picture, table = planner.picture.value, planner.table.value
        planner.controls[name].value = value
        assert planner.message.value == ""
        assert planner.picture.value != picture and planner.table.value != table, name


def test_a_fall_and_a_large_effect_can_be_planned(planner):
    for relative in (-20, 50, 1):
        planner.controls["relative"].value = relative
        assert planner.message.value == "", relative
    planner.controls["base"].value = 60.0
    planner.controls["daily"].value = 1
    assert planner.message.value == ""


@pytest.mark.parametrize("relative", [-0.2, 0.05, 0.5])
def test_the_curve_goes_through_the_plan(relative):
    made = experiments.plan(0.025, relative, daily=1_000_000)
    days, effects = explorer.curve_of(made, 100 * relative, 1_000_000, 0.8, 0.05)
    shown = np.exp(np.interp(np.log(100 * abs(relative)), np.log(effects), np.log(days)))
    assert shown == pytest.approx(2 * made.per_arm / 1_000_000, rel=0.03) and shown <= made.days


def test_eight_weeks_are_read_off_the_curve():
    made = experiments.plan(0.025, 0.05, daily=5_000)
    days, effects = explorer.curve_of(made, 5, 5_000, 0.8, 0.05)
    said = explorer.in_eight_weeks(days, effects, 5)
    shown = experiments.detectable(0.025, 5_000 * 56 // 2)
    assert said == f"In eight weeks it can show {100 * shown:+.1f} %."
    assert "cannot even show -50 %" in explorer.in_eight_weeks(days * 1e6, effects, -5)
    assert "less than +0.5 %" in explorer.in_eight_weeks(days / 1e6, effects, 5)


def test_the_dot_travels_and_the_axes_stay():
    seen = set()
    for daily in (500, 5_000, 50_000):
        made = experiments.plan(0.025, 0.05, daily=daily)
        curve = explorer.curve_of(made, 5, daily, 0.8, 0.05)
        ax = explorer.picture(made, 5, daily, curve).axes[0]
        assert ax.get_xlim() == (1, 1_000) and ax.get_ylim() == (0.5, 50)
        seen.add(tuple(ax.get_lines()[-1].get_xydata()[0]))
    assert len(seen) == 3


def test_every_look_more_finds_no_fewer_alarms():
    errors = np.ones((4, 2))
    effects = np.array([[0.0, 0.0], [2.5, 0.0], [0.0, 0.0], [1.0, 3.0]])
    made = widgets.peeking_explorer(effects, errors, np.array([10, 20, 30, 40]))
    assert made.setting == {"look": 4, "test": 1}  # the one whose alarm was gone at the end
    assert "100% of the 2 A/A tests" in made.verdict.value
    assert "an alarm at look 2" in made.verdict.value
    made.controls["look"].value = 2
    assert "After 2 looks, 50%" in made.verdict.value
    made.controls["test"].value = 2
    assert "no alarm yet" in made.verdict.value and "p = 1.00 now" in made.verdict.value
    made.examples["1 look"].click()
    assert made.setting["look"] == 1 and "After 1 look, 0%" in made.verdict.value
    with pytest.raises(ValueError, match="one shape"):
        widgets.peeking_explorer(effects, errors, np.array([10, 20]))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("base", 0, "the base rate must lie between 0 and 1"),
        ("base", 100, "the base rate must lie between 0 and 1"),
        ("base", -3, "the base rate"),
        ("relative", 0, "no number of customers shows an effect of 0"),
        ("daily", 0, "somebody must come"),
        ("daily", -10, "somebody must come"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_the_picture_stays(planner, name, value, said):
    before = planner.picture.value
    planner.controls[name].value = value
    assert said in planner.message.value and planner.picture.value == before


def test_a_rate_beyond_all_customers_is_a_sentence(planner):
    planner.controls["base"].value = 80.0
    planner.controls["relative"].value = 50
    assert "no rate" in planner.message.value
