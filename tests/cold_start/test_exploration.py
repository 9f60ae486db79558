"""Exploration: policies, their propensities, and the clicks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from helpers import cold_start, evaluation, simulator

K = 4


def test_propensities_of_thompson_are_the_shares_of_its_draws():
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.5, 6, (4, K)), rng.uniform(5, 40, (4, K))
    drawn = rng.beta(a, b, size=(40_000, 4, K)).argmax(axis=2)
    observed = np.stack([(drawn == k).mean(axis=0) for k in range(K)], axis=1)
    np.testing.assert_allclose(cold_start.thompson_probabilities(a, b), observed, atol=0.01)


def exact_chance(a, b, k):
    """The chance that arm `k` has the largest draw, by adaptive quadrature between quantiles."""
    levels = [1e-6, 1e-4, 0.01, 0.25, 0.5, 0.75, 0.99, 1 - 1e-4, 1 - 1e-6]
    inner = [stats.beta.ppf(levels, a[j], b[j]) for j in range(len(a))]
    ends = np.unique([0, 1, *np.concatenate(inner)])

    def density(rate):
        others = [stats.beta.cdf(rate, a[j], b[j]) for j in range(len(a)) if j != k]
        return stats.beta.pdf(rate, a[k], b[k]) * np.prod(others)

    pieces = [integrate.quad(density, *ends[i : i + 2], epsabs=1e-13) for i in range(len(ends) - 1)]
    return sum(value for value, _ in pieces)


@pytest.mark.parametrize("sd", [0.004, 0.012, 0.05])
def test_a_narrow_posterior_has_its_propensity(sd):
    """Bins of a hundredth gave .0087 where .0069 is right, at a standard deviation of .012."""
    mean = np.array([0.10, 0.13, 0.09, 0.11])
    strength = mean * (1 - mean) / sd**2 - 1
    a, b = mean * strength, (1 - mean) * strength
    found = cold_start.thompson_probabilities(a[None], b[None])[0]
    exact = np.array([exact_chance(a, b, k) for k in range(K)])
    assert exact.sum() == pytest.approx(1, abs=1e-6)
    likely = exact > 1e-3
    np.testing.assert_allclose(found[likely], exact[likely], rtol=0.02)


def test_narrow_and_wide_posteriors_side_by_side():
    a, b = np.array([1.5, 200, 5, 2]), np.array([8.0, 1_800, 45, 30])
    exact = [exact_chance(a, b, k) for k in range(K)]
    found = cold_start.thompson_probabilities(a[None], b[None])[0]
    np.testing.assert_allclose(found, exact, rtol=0.01)


RATES = np.tile([0.05, 0.1, 0.15, 0.4], (300, 1))


FLAT = np.ones_like(RATES)


def test_weighting_by_the_propensity_gives_the_truth_where_plain_means_do_not():
    log = cold_start.play(RATES, FLAT, FLAT, 20, "thompson", seed=1, floor=0.2, propensities=True)
    assert (log.propensity >= 0.2 / K - 1e-12).all()
    for k, truth in enumerate(RATES[0]):
        found = evaluation.mean_interval(
            ((log.arm == k) * log.clicked / log.propensity).mean(axis=1)
        )
        assert found.low - 0.02 < truth < found.high + 0.02


def test_policies_differ_as_they_should():
    lost = {
        policy: cold_start.regret(RATES, cold_start.play(RATES, FLAT, FLAT, 40, policy).arm)
        for policy in ("thompson", "epsilon-greedy", "uniform")
    }
    assert (
        lost["thompson"][-1] < lost["uniform"][-1]
        and lost["epsilon-greedy"][-1] < lost["uniform"][-1]
    )
    assert (np.diff(lost["uniform"]) > 0).all()
    known = cold_start.play(RATES, 50 * RATES, 50 * (1 - RATES), 10, "greedy", propensities=True)
    assert (known.arm == 3).all() and (known.propensity == 1).all()
    anything = cold_start.play(RATES, FLAT, FLAT, 3, "uniform", propensities=True)
    np.testing.assert_allclose(anything.propensity, 1 / K)
    again = (
        cold_start.play(RATES, FLAT, FLAT, 5, seed=3),
        cold_start.play(RATES, FLAT, FLAT, 5, seed=3),
    )
    np.testing.assert_array_equal(again[0].arm, again[1].arm)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"policy": "best"}, "no policy 'best'"),
        ({"rates": RATES * 3}, "between 0 and 1"),
        ({"rates": RATES[:5]}, "must match"),
        ({"a": FLAT * 0}, "above 0"),
        ({"rounds": 0}, "at least one round"),
        ({"floor": 2}, "floor from 0 to 1"),
    ],
)
def test_a_wrong_play_is_a_sentence(change, said):
    arguments = {"rates": RATES, "a": FLAT, "b": FLAT, "rounds": 2} | change
    with pytest.raises(ValueError, match=said):
        cold_start.play(**arguments)


def test_click_rates_are_learned_from_impressions(world, sides, hybrid):
    store, truth = world
    old, new = (side[side["events"] == 0] for side in sides)
    shown = store.impressions[store.impressions["recorded_at"] < "2025-04-01"]
    clicks = cold_start.ClickPrior().fit(shown, old, hybrid)
    a, b = clicks.parameters(hybrid.prior(new))
    np.testing.assert_allclose(a + b, clicks.strength_)
    taste = truth["customers"].set_index("customer_id")[["taste_" + c for c in hybrid.categories_]]
    rates = simulator.click_probability(
        taste.loc[new["customer_id"]].to_numpy(dtype=float), np.array(1)
    )
    assert (a / (a + b)).mean() == pytest.approx(rates.mean(), abs=0.03)
    assert np.corrcoef((a / (a + b)).ravel(), rates.ravel())[0, 1] > 0.2
    with pytest.raises(ValueError, match="0 impressions of these customers"):
        cold_start.ClickPrior().fit(shown[:0], old, hybrid)
    with pytest.raises(ValueError, match="0 impressions of these customers"):
        cold_start.ClickPrior().fit(shown.assign(shown_at=pd.Timestamp("2023-01-01")), old, hybrid)
