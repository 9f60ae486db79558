"""How many customers, how long."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from helpers import experiments

rates = st.floats(0.001, 0.6)


lifts = st.floats(0.01, 0.5)


@pytest.mark.parametrize(("relative", "size"), [(0.05, 250_810), (0.10, 64_165), (0.02, 1_545_404)])
def test_the_sizes_that_statsmodels_gives(relative, size):
    assert experiments.arm_size(0.025, relative) == size
    effect = proportion_effectsize(0.025 * (1 + relative), 0.025)
    # alpha is split over two tails, and only the tail on the side of the effect counts as found
    one_tail = NormalIndPower().solve_power(effect, power=0.8, alpha=0.025, alternative="larger")
    assert np.ceil(one_tail) == size
    # two-sided, statsmodels also counts the millionth that is found on the wrong side
    assert NormalIndPower().solve_power(effect, power=0.8, alpha=0.05) == pytest.approx(
        size, rel=1e-4
    )


@given(rates, lifts, st.floats(0.7, 0.99), st.floats(0.001, 0.1))
@settings(max_examples=50, deadline=None)
def test_any_size_is_the_smallest_that_is_enough(base, relative, power, alpha):
    size = experiments.arm_size(base, relative, power, alpha)
    effect = proportion_effectsize(base * (1 + relative), base)
    found = [
        NormalIndPower().power(effect, n, alpha / 2, alternative="larger") for n in (size - 1, size)
    ]
    assert found[0] < power + 1e-9 and found[1] >= power - 1e-9


@given(rates, lifts)
def test_the_detectable_effect_is_the_inverse(base, relative):
    size = experiments.arm_size(base, relative)
    assert experiments.detectable(base, size) == pytest.approx(
        relative, rel=0.2 if size < 50 else 0.02
    )
    assert experiments.arm_size(base, relative) >= experiments.arm_size(base, relative * 1.2)


def test_a_fall_is_an_effect_and_too_few_see_nothing():
    assert experiments.arm_size(0.025, -0.05) > 200_000
    assert experiments.detectable(0.5, 3) == np.inf


def test_a_plan_counts_arms_and_days():
    plan = experiments.plan(0.025, 0.10, daily=5_000)
    assert (plan.per_arm, plan.days, plan.weeks) == (64_165, 26, 4)
    assert "2.75 % from 2.5 %" in str(plan) and "26 days" in str(plan)


def test_more_arms_share_one_alpha():
    """Three arms against a control, none of which does anything: one false alarm in twenty."""
    plan = experiments.plan(0.2, 0.3, daily=1_000, arms=4)
    assert plan.per_arm == experiments.arm_size(0.2, 0.3, alpha=0.05 / 3)
    assert plan.days == np.ceil(4 * plan.per_arm / 1_000)
    assert "each of 3 arms is compared with the control at alpha 0.0167" in str(plan)
    rng = np.random.default_rng(0)
    rates = rng.binomial(plan.per_arm, 0.2, size=(20_000, 4)) / plan.per_arm
    error = np.sqrt(2 * 0.2 * 0.8 / plan.per_arm)
    largest = np.abs(rates[:, 1:] - rates[:, :1]).max(axis=1) / error
    assert np.mean(2 * norm.sf(largest) < plan.alpha) < 0.052
    assert np.mean(2 * norm.sf(largest) < 0.05) > 0.10, "each at alpha, as it was"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"base": 0.0}, "base rate must lie between 0 and 1, not 0"),
        ({"base": 1.2}, "base rate"),
        ({"base": np.nan}, "base rate"),
        ({"relative": 0.0}, "no number of customers shows an effect of 0"),
        ({"relative": np.nan}, "an effect of 0"),
        ({"base": 0.6, "relative": 1.0}, "120%: no rate"),
        ({"relative": -1.0}, "0%: no rate"),
        ({"power": 1.0}, "the power must lie"),
        ({"power": 0.04}, "the power must lie"),
        ({"alpha": 0.0}, "alpha must lie"),
        ({"daily": 0}, "somebody must come"),
        ({"daily": -5}, "somebody must come"),
        ({"arms": 1}, "two arms at least"),
    ],
)
def test_an_impossible_plan_is_a_sentence(arguments, said):
    with pytest.raises(ValueError, match=said):
        experiments.plan(**({"base": 0.025, "relative": 0.05, "daily": 1_000} | arguments))


def test_an_arm_needs_customers():
    with pytest.raises(ValueError, match="an arm needs customers"):
        experiments.detectable(0.025, 0)


def test_the_detectable_mean_is_found_as_often_as_promised():
    rng = np.random.default_rng(0)
    values = rng.exponential(size=2_000)
    effect, found = experiments.detectable_mean(values), []
    for _ in range(400):
        treated = rng.permutation(2_000) < 1_000
        found.append(experiments.compare(values + effect * treated, treated).p_value < 0.05)
    assert 0.74 < np.mean(found) < 0.86
    assert experiments.detectable_mean(3 * values) == pytest.approx(3 * effect)


@pytest.mark.parametrize("values", [[], [1, 2, 3], [1, 2, np.nan, 4]])
def test_too_few_values_to_plan_with_are_a_sentence(values):
    with pytest.raises(ValueError, match="at least four values"):
        experiments.detectable_mean(values)
