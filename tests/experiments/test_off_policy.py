"""What another policy would have brought."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import evaluation, experiments


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
