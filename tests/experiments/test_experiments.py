"""Experiments: what is planned, read, adjusted, looked at and valued is right, or a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from helpers import evaluation, experiments

rates = st.floats(0.001, 0.6)
lifts = st.floats(0.01, 0.5)


# power


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
    assert experiments.plan(0.025, 0.10, daily=5_000, arms=3).days == 39
    assert "2.75 % from 2.5 %" in str(plan) and "26 days" in str(plan)


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


# reading


@pytest.fixture(scope="module")
def baskets() -> pd.DataFrame:
    """Baskets of customers who differ: customer, amount, treated (by customer)."""
    rng = np.random.default_rng(0)
    size = rng.geometric(0.2, 600)
    who = np.repeat(np.arange(600), size)
    amount = np.exp(rng.normal(3, 0.7, 600))[who] * np.exp(rng.normal(0, 0.4, len(who)))
    return pd.DataFrame(
        {"customer": who, "amount": amount, "treated": (rng.random(600) < 0.5)[who]}
    )


def test_compare_is_welch(baskets):
    spend = baskets.groupby("customer").agg(amount=("amount", "sum"), treated=("treated", "first"))
    found = experiments.compare(spend["amount"], spend["treated"])
    a, b = (spend.loc[spend["treated"] == arm, "amount"] for arm in (True, False))
    test = stats.ttest_ind(a, b, equal_var=False)
    assert found.p_value == pytest.approx(test.pvalue)
    assert found.estimate == pytest.approx(a.mean() - b.mean())
    assert found.low < found.estimate < found.high
    assert found.text(1).startswith("+" if found.estimate > 0 else "-")


def test_the_delta_method_agrees_with_the_bootstrap_by_customer(baskets):
    own = baskets.groupby("customer").agg(
        top=("amount", "sum"), bottom=("amount", "size"), treated=("treated", "first")
    )
    found = experiments.compare_ratio(own["top"], own["bottom"], own["treated"])
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(2_000):
        one = own.iloc[rng.integers(len(own), size=len(own))]
        sums = one.groupby("treated")[["top", "bottom"]].sum()
        ratio = sums["top"] / sums["bottom"]
        drawn.append(ratio[True] - ratio[False])
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(np.std(drawn), rel=0.08)
    naive = experiments.compare(baskets["amount"], baskets["treated"])
    assert naive.high - naive.low < 0.7 * (found.high - found.low)


def test_a_ratio_over_one_each_is_a_mean():
    rng = np.random.default_rng(0)
    values, treated = rng.normal(size=500), np.arange(500) % 2 == 0
    mean, ratio = (
        experiments.compare(values, treated),
        experiments.compare_ratio(values, np.ones(500), treated),
    )
    assert ratio.estimate == pytest.approx(mean.estimate)
    assert ratio.p_value == pytest.approx(mean.p_value, abs=2e-3)


@pytest.mark.filterwarnings("error")
def test_arms_without_any_spread_have_an_answer():
    assert experiments.compare([1, 1, 1, 1], [1, 0, 1, 0]) == (0, 0, 0, 1)
    assert experiments.compare([1, 2, 1, 2], [1, 0, 1, 0]) == (-1, -1, -1, 0)
    assert experiments.compare_ratio([1, 1, 1, 1], [2, 2, 2, 2], [1, 0, 1, 0]).p_value == 1


@pytest.mark.parametrize(
    ("values", "treated", "said"),
    [
        ([1, 2, 3], [True, False], "differ in length"),
        ([1, 2, np.nan, 4], [1, 0, 1, 0], "1 values are missing"),
        ([1, 2, 3, 4], ["a", "b", "a", "b"], "arm == 'voucher'"),
        ([1, 2, 3, 4], [1, 2, 1, 2], "true or false"),
        ([1, 2, 3, 4], [True, True, True, False], "3 treated and 1 others"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_a_sentence(values, treated, said):
    with pytest.raises(ValueError, match=said):
        experiments.compare(values, treated)
    with pytest.raises(ValueError, match=said):
        experiments.compare_ratio(values, np.ones(len(values)), treated)


def test_a_ratio_needs_something_below():
    with pytest.raises(ValueError, match="adds up to 0"):
        experiments.compare_ratio([1, 1, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0])


# CUPED


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


# looking while it runs


def test_running_differences_are_those_of_the_first_customers():
    rng = np.random.default_rng(0)
    values, arms = rng.normal(size=300), rng.random((300, 3)) < 0.5
    estimate, error = experiments.running(values, arms, [50, 120, 300])
    for look, n in enumerate([50, 120, 300]):
        for split in range(3):
            found = experiments.compare(values[:n], arms[:n, split])
            assert estimate[look, split] == pytest.approx(found.estimate)
            test = stats.ttest_ind(
                values[:n][arms[:n, split]], values[:n][~arms[:n, split]], equal_var=False
            )
            assert error[look, split] == pytest.approx(found.estimate / test.statistic)
    alone = experiments.running(values, arms[:, 0], [50, 120, 300])
    assert np.allclose(alone[0], estimate[:, 0]) and alone[0].shape == (3,)
    each = experiments.running(np.tile(values[:, None], 3), arms, [50, 120, 300])
    assert np.allclose(each[1], error)


def test_the_always_valid_interval_holds_what_its_p_value_does_not_reject():
    estimate, error = np.array([0.3, 0.25, 0.1]), np.array([0.1, 0.05, 0.04])
    found = experiments.always_valid(estimate, error, scale=0.1)
    for i in range(3):  # the effect at the end of the interval is just rejected
        alone = experiments.always_valid(
            estimate[i : i + 1] - found.low[i], error[i : i + 1], scale=0.1
        )
        assert alone.p_value[0] == pytest.approx(0.05)
    assert (np.diff(found.p_value) <= 0).all(), "once found, stays found"
    assert (found.high - found.low > 2 * 1.96 * error).all(), "looking often costs width"


def test_the_likelihood_ratio_is_the_published_one():
    # Johari et al. 2017, Bernoulli data: n pairs, V = p1(1-p1) + p0(1-p0), mixture variance tau2
    n, v, tau2, d = 5_000, 0.05, 0.0001, 0.02
    ratio = np.sqrt(v / (v + n * tau2)) * np.exp(n**2 * tau2 * d**2 / (2 * v * (v + n * tau2)))
    found = experiments.always_valid([d], [np.sqrt(v / n)], scale=np.sqrt(tau2))
    assert found.p_value[0] == pytest.approx(min(1, 1 / ratio))


def test_a_hundred_looks_raise_few_false_alarms():
    rng = np.random.default_rng(0)
    values, arms = rng.normal(size=5_000), rng.random((5_000, 600)) < 0.5
    estimate, error = experiments.running(values, arms, range(50, 5_001, 50))
    valid = experiments.always_valid(estimate, error, scale=0.05)
    alarms = evaluation.proportion_interval(int((valid.p_value[-1] < 0.05).sum()), 600)
    covered = ((valid.low <= 0) & (valid.high >= 0)).all(axis=0).mean()
    peeked = (np.abs(estimate / error) > 1.96).any(axis=0).mean()
    assert alarms.high <= 0.05 and covered > 0.95 and peeked > 0.25


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: experiments.always_valid([0.1], [0.1], scale=0),
            "the scale is the size of effect",
        ),
        (lambda: experiments.always_valid([0.1], [np.nan], scale=1), "needs its standard error"),
        (lambda: experiments.always_valid([0.1], [0.1], scale=1, alpha=2), "alpha must lie"),
        (lambda: experiments.running([1, 2], [1], [4]), "must match"),
        (lambda: experiments.running(np.ones(9), np.arange(9) % 2, [8, 6]), "rising numbers"),
        (lambda: experiments.running(np.ones(9), np.arange(9) % 2, [20]), "from 4 to 9"),
        (lambda: experiments.running(np.ones(9), np.arange(9) % 2, []), "rising numbers"),
        (lambda: experiments.running(np.ones(9), np.arange(9) < 1, [6]), "look later"),
    ],
)
def test_a_look_that_cannot_be_taken_is_a_sentence(call, said):
    with pytest.raises(ValueError, match=said):
        call()


# a new policy from old records


def world(seed: int, n: int = 4_000):
    """Two contexts, three actions, known propensities and click rates."""
    rng = np.random.default_rng(seed)
    context = rng.integers(2, size=n)
    old = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])[context]
    rate = np.array([[0.30, 0.20, 0.10], [0.05, 0.10, 0.20]])[context]
    new = np.array([[0.0, 0.5, 0.5], [0.5, 0.5, 0.0]])[context]
    action = (old.cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
    rows = np.arange(n)
    clicked = (rng.random(n) < rate[rows, action]).astype(float)
    return clicked, old[rows, action], new, rate, action, (new * rate).sum(axis=1).mean()


def test_off_policy_estimates_are_unbiased_and_cover():
    errors = {"ips": [], "snips": [], "doubly robust": []}
    covered = []
    for seed in range(200):
        clicked, logged, new, rate, action, value = world(seed)
        rows = np.arange(len(clicked))
        wrong = np.full(rate.shape, 0.3)  # a bad model: right only through the propensities
        found = {
            "ips": experiments.ips(clicked, logged, new[rows, action]),
            "snips": experiments.snips(clicked, logged, new[rows, action]),
            "doubly robust": experiments.doubly_robust(
                clicked, logged, new[rows, action], wrong[rows, action], (new * wrong).sum(axis=1)
            ),
        }
        for name, estimate in found.items():
            errors[name].append(estimate.estimate - value)
            covered.append(estimate.low <= value <= estimate.high)
    for name, error in errors.items():
        inside = evaluation.mean_interval(error)
        assert inside.low < 0.001 and inside.high > -0.001, name
    assert 0.92 < np.mean(covered) < 0.98


def test_a_true_model_makes_the_doubly_robust_estimate_sharper():
    clicked, logged, new, rate, action, _ = world(0)
    rows = np.arange(len(clicked))
    mine = new[rows, action]
    plain = experiments.ips(clicked, logged, mine)
    sharp = experiments.doubly_robust(
        clicked, logged, mine, rate[rows, action], (new * rate).sum(axis=1)
    )
    assert sharp.high - sharp.low < plain.high - plain.low
    assert plain.effective < len(clicked) and plain.mean_weight == pytest.approx(1, abs=0.1)


def test_what_was_never_tried_is_missing_from_the_mean_weight():
    short, whole = [], []
    for seed in range(100):
        clicked, logged, new, rate, action, value = world(seed)
        mine, tried = new[np.arange(len(clicked)), action], action != 1
        # action 1 is half of the new policy: where it was drawn, nothing was shown
        blind = experiments.ips(clicked * tried, logged, mine * tried)
        short.append(blind.mean_weight)
        whole.append((blind.estimate, value - (new[:, 1] * rate[:, 1]).mean()))
    assert np.mean(short) == pytest.approx(0.5, abs=0.01)
    assert np.mean(whole, axis=0)[0] == pytest.approx(np.mean(whole, axis=0)[1], abs=0.002)


def test_the_old_policy_is_worth_what_it_brought():
    clicked, logged, *_ = world(1)
    for method in (experiments.ips, experiments.snips):
        found = method(clicked, logged, logged)
        assert found.estimate == pytest.approx(clicked.mean()) and found.effective == len(clicked)
    assert found.text().startswith(f"{clicked.mean():.3f} [")


def test_rows_of_one_customer_count_as_one():
    clicked, logged, new, _, action, _ = world(2)
    mine = new[np.arange(len(clicked)), action]
    twice = [np.repeat(x, 4) for x in (clicked, logged, mine, np.arange(len(clicked)))]
    alone = experiments.snips(clicked, logged, mine)
    by_customer = experiments.snips(*twice)
    assert by_customer.high - by_customer.low == pytest.approx(alone.high - alone.low, rel=1e-3)
    by_row = experiments.snips(*twice[:3])
    assert by_row.high - by_row.low == pytest.approx((alone.high - alone.low) / 2, rel=1e-3)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_the_effective_size_is_at_most_the_number_of_rows(weights):
    assert 0 <= experiments.effective_size(weights) <= len(weights) + 1e-6


@pytest.mark.parametrize(
    ("reward", "logged", "wanted", "said"),
    [
        (
            [1, 0],
            [0.5, 0.0],
            [1, 1],
            "1 logged propensities are not above 0: no support, no estimate",
        ),
        (
            [1, 0],
            [0.5, np.nan],
            [1, 1],
            "1 logged propensities are missing: no support, no estimate",
        ),
        ([1, 0], [0.5, -0.1], [1, 1], "no support"),
        ([1, 0], [0.5, 0.5], [0, 0], "takes none of the logged actions: no support"),
        ([1, 0], [0.5, 1.5], [1, 1], "from 0 to 1"),
        ([1, 0], [0.5, 0.5], [1, np.nan], "from 0 to 1"),
        ([1, np.nan], [0.5, 0.5], [1, 1], "1 rewards are missing"),
        ([1, 0, 1], [0.5, 0.5], [1, 1], "differ in length"),
        ([], [], [], "no row"),
    ],
)
def test_no_support_no_estimate(reward, logged, wanted, said):
    for method in (experiments.ips, experiments.snips):
        with pytest.raises(ValueError, match=said):
            method(reward, logged, wanted)
    with pytest.raises(ValueError, match=said):
        experiments.doubly_robust(reward, logged, wanted, reward, reward)


def test_a_model_must_predict_every_row_and_customers_must_match():
    with pytest.raises(ValueError, match="each of the 2 rows"):
        experiments.doubly_robust([1, 0], [0.5, 0.5], [1, 0], [0.1], [0.1, 0.2])
    with pytest.raises(ValueError, match="predictions are missing"):
        experiments.doubly_robust([1, 0], [0.5, 0.5], [1, 0], [0.1, np.nan], [0.1, 0.2])
    with pytest.raises(ValueError, match="3 customers and 2 rows"):
        experiments.ips([1, 0], [0.5, 0.5], [1, 0], ["a", "b", "c"])
