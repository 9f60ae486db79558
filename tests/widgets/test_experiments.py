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
    ax = explorer.picture(made, 100 * relative, 1_000_000, 0.8, 0.05).axes[0]
    curve, plan = (line.get_xydata() for line in ax.get_lines())
    days = np.interp(plan[0, 1], curve[:, 1], curve[:, 0])
    assert days == pytest.approx(plan[0, 0], rel=0.03) and plan[0, 0] <= made.days


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
