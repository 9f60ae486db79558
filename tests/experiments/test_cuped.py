"""CUPED: the past takes variance away, and only the past may."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import evaluation, experiments


@given(st.integers(0, 1_000), st.floats(-3, 3), st.integers(10, 300))
@settings(max_examples=30, deadline=None)
def test_cuped_keeps_the_mean_and_takes_rho_squared(seed, slope, n):
    rng = np.random.default_rng(seed)
    before = rng.normal(size=n)
    values = slope * before + rng.normal(size=n)
    adjusted = experiments.cuped(values, before)
    assert adjusted.mean() == pytest.approx(values.mean())
    rho = np.corrcoef(before, values)[0, 1]
    assert adjusted.var() == pytest.approx((1 - rho**2) * values.var())
    assert np.allclose(experiments.cuped(values, 5 * before - 7), adjusted)


def test_cuped_with_nothing_to_learn_from_changes_nothing():
    values = np.array([1.0, 5.0, 2.0])
    assert np.allclose(experiments.cuped(values, np.ones(3)), values)
    assert experiments.cuped([], []).size == 0


def test_cuped_takes_several_columns():
    rng = np.random.default_rng(0)
    before = rng.normal(size=(500, 2))
    values = before @ [1.0, 2.0] + rng.normal(size=500)
    assert (
        experiments.cuped(values, before).var() < experiments.cuped(values, before[:, 0]).var() / 2
    )


def test_cuped_is_unbiased_and_a_covariate_from_later_is_not():
    rng = np.random.default_rng(0)
    fair, leaked = [], []
    for _ in range(200):
        before, treated = rng.normal(size=400), rng.random(400) < 0.5
        values = before + treated + rng.normal(scale=0.5, size=400)
        later = values + rng.normal(scale=0.5, size=400)
        fair.append(experiments.compare(experiments.cuped(values, before), treated).estimate)
        leaked.append(experiments.compare(experiments.cuped(values, later), treated).estimate)
    assert evaluation.mean_interval(fair).low < 1 < evaluation.mean_interval(fair).high
    assert np.mean(leaked) < 0.4


@pytest.mark.parametrize(
    ("values", "before", "said"),
    [
        ([1, 2], [1, 2, 3], "must match"),
        ([1, np.nan], [1, 2], "1 values are missing"),
        ([1, 2], [1, np.nan], "without a past"),
    ],
)
def test_a_wrong_past_is_a_sentence(values, before, said):
    with pytest.raises(ValueError, match=said):
        experiments.cuped(values, before)
