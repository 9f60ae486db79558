"""Decisions in money: by hand, at the ends, and refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import make_scorer
from sklearn.model_selection import TunedThresholdClassifierCV

from helpers import evaluation, simulator


def test_profit_by_hand():
    y, contacted = [1, 0, 1, 0], [True, True, False, False]
    assert evaluation.profit(y, contacted, 30, 2) == pytest.approx(1_000 * (28 - 2) / 4)
    assert evaluation.profit(y, np.zeros(4, dtype=bool), 30, 2) == 0
    gains = [10, 20, 30, 40]
    assert evaluation.profit(y, contacted, gains, [1, 2, 3, 4]) == pytest.approx(
        1_000 * (9 - 2) / 4
    )


def test_the_curve_is_the_profit_at_each_threshold():
    rng = np.random.default_rng(0)
    p = rng.random(500).round(2)  # ties, and values on the grid
    y = rng.random(500) < p
    curve = evaluation.profit_curve(y, p, 5, 1)
    for row in curve.itertuples():
        assert row.profit == pytest.approx(evaluation.profit(y, p > row.threshold, 5, 1))
        assert row.contacted == pytest.approx((p > row.threshold).mean())


@given(st.floats(0.1, 100), st.floats(0, 1))
def test_at_the_true_probabilities_cost_over_gain_is_best(gain, share):
    cost = gain * share
    _, _, truth = simulator.rare_positives(500, seed=9)
    border = evaluation.best_threshold(gain, cost)
    best = evaluation.profit(truth, truth > border, gain, cost)
    curve = evaluation.profit_curve(truth, truth, gain, cost)
    assert best >= curve["profit"].max() - 1e-6 * gain * 1_000


def test_what_never_pays_is_a_sentence():
    assert evaluation.best_threshold(30, 30) == 1
    assert evaluation.best_threshold(30, 0) == 0
    with pytest.raises(ValueError, match="nobody is worth it"):
        evaluation.best_threshold(2, 30)
    for gain, cost in ((0, 0), (-1, 1), (30, -2), (float("nan"), 1)):
        with pytest.raises(ValueError, match="the gain must be above 0"):
            evaluation.best_threshold(gain, cost)


def test_profit_is_a_scorer_of_scikit_learn():
    X, y, _ = simulator.rare_positives(3_000, seed=4)
    scorer = make_scorer(evaluation.profit, gain=30, cost=2)
    model = LogisticRegression(max_iter=500)
    tuned = TunedThresholdClassifierCV(model, scoring=scorer, cv=3, random_state=0).fit(
        np.log(X[["x1", "x2", "x3"]]), y
    )
    default = TunedThresholdClassifierCV(model, cv=3, random_state=0).fit(
        np.log(X[["x1", "x2", "x3"]]), y
    )
    assert default.best_threshold_ < tuned.best_threshold_ < 0.2
