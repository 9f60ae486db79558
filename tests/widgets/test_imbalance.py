"""The explorer of imbalance."""

from __future__ import annotations

import re

import numpy as np
import pytest

from helpers import evaluation, models, widgets
from helpers.course.studies import rare
from helpers.widgets import imbalance


@pytest.fixture(scope="module")
def explorer() -> widgets.Explorer:
    return widgets.imbalance_explorer()


def figures(made: widgets.Explorer) -> dict[str, float]:
    """Profit per 1,000 by decision, as the table under the picture says it."""
    rows = re.findall(r"<th>([^<]+)</th>\s*<td>[^<]+</td>\s*<td>([^<]+)</td>", made.table.value)
    assert len(rows) == 4
    return {name: float(value.replace(",", "")) for name, value in rows}


def test_every_control_moves_the_explorer(explorer):
    moves = {
        "gain": 40.0,
        "cost": 3.0,
        "prevalence": 8.0,
        "learner": "logistic regression",
        "strategy": "class weights",
        "corrected": True,
    }
    for name, value in moves.items():
        picture, before = explorer.picture.value, explorer.table.value
        explorer.controls[name].value = value
        explorer.wait()
        assert explorer.message.value == ""
        assert explorer.picture.value != picture and explorer.table.value != before, name
    assert "logistic regression, class weights" in explorer.table.value


def test_the_explorer_tells_what_the_studies_tell(explorer):
    start = {
        "gain": 30.0,
        "cost": 2.0,
        "prevalence": 3.7,
        "learner": "xgboost",
        "strategy": "none",
        "corrected": False,
    }
    for name, value in start.items():
        explorer.controls[name].value = value
    explorer.wait()
    profit = figures(explorer)
    _, _, _, truth = rare.exact(0)
    at_threshold = rare.profit(truth, rare.on_exact(0, "xgboost") > 2 / 30)
    assert profit["cost / gain = 0.067"] == pytest.approx(
        at_threshold, abs=5
    )  # 3.7 % against 3.67 % drawn
    assert profit["oracle"] == max(profit.values())
    assert profit["everybody"] == pytest.approx(0.037 * 30_000 - 2_000)


def test_a_cost_above_the_gain_is_a_sentence_and_the_picture_stays(explorer):
    explorer.controls["gain"].value = 10.0
    before = explorer.picture.value
    explorer.controls["cost"].value = 12.0
    assert "nobody is worth it" in explorer.message.value
    assert explorer.picture.value == before
    explorer.controls["cost"].value = 2.0
    assert explorer.message.value == ""


def test_prevalence_at_its_ends_and_every_arm(explorer):
    for prevalence in (0.5, 30.0):
        explorer.controls["prevalence"].value = prevalence
        explorer.controls["corrected"].value = True
        assert explorer.message.value == ""
        assert figures(explorer)["oracle"] == max(figures(explorer).values()) >= 0
    for learner in ("logistic regression", "decision tree"):
        for strategy in models.STRATEGIES:
            explorer.controls["learner"].value = learner
            explorer.controls["strategy"].value = strategy
            explorer.wait()
            assert explorer.message.value == "" and f"{learner}, {strategy}" in explorer.table.value


def test_a_move_of_money_predicts_nothing_anew(explorer):
    """Which is why it is quick: only what is learned is slow."""
    learned = imbalance.predicted.cache_info().misses
    for gain in (21.0, 39.0):
        before = explorer.table.value
        explorer.controls["gain"].value = gain
        explorer.wait()
        assert explorer.message.value == "" and explorer.table.value != before
    assert imbalance.predicted.cache_info().misses == learned


def test_the_profit_at_the_red_line_is_always_in_the_picture():
    world = imbalance.Weighed(np.full(4, 0.001), np.full(4, 0.249), gain=100, cost=1)
    for profit in (-996.0, 5.0):
        p = np.array([0.1, 0.2, 0.3, 0.4])
        figure = imbalance.picture(world, p, world.curve(p), (0.01, profit), 3.0)
        low, high = figure.axes[1].get_ylim()
        assert low < profit < high


def test_the_threshold_is_moved_along_its_curve():
    y = np.array([1, 0, 0, 1, 0])
    p = np.array([0.4, 0.3, 0.2, 0.1, 0.05])
    explorer = widgets.threshold_explorer(y, p, gain=30, cost=2)
    assert "profit 0 per 1,000" in explorer.verdict.value, "nobody at 0.5"
    for name, value in {"threshold": 0.15, "gain": 20.0, "cost": 4.0}.items():
        picture = explorer.picture.value
        explorer.controls[name].value = value
        explorer.wait()
        assert explorer.message.value == "" and explorer.picture.value != picture, name
    expected = evaluation.profit(y, p > 0.15, 20, 4)
    assert f"{expected:,.1f}" in explorer.table.value
    assert "600.0" in explorer.table.value and "200.0" in explorer.table.value
