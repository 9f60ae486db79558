"""Counts and a prior: the posterior, and the strength that the data speak for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers import cold_start, evaluation

K = 4


counts_of = arrays(
    float, st.tuples(st.integers(1, 6), st.just(K)), elements=st.integers(0, 50).map(float)
)


def shares(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.full(K, 0.8), size=n)


@given(counts_of, st.floats(0.01, 1e4), st.integers(0, 1000))
def test_the_posterior_mean_is_a_distribution_between_counts_and_prior(counts, strength, seed):
    prior = shares(len(counts), seed)
    mean = cold_start.posterior_mean(counts, prior, strength)
    np.testing.assert_allclose(mean.sum(axis=1), 1)
    total = counts.sum(axis=1, keepdims=True)
    own = np.divide(counts, total, out=prior.copy(), where=total > 0)
    assert (mean >= np.minimum(own, prior) - 1e-12).all()
    assert (mean <= np.maximum(own, prior) + 1e-12).all()


@given(counts_of, st.integers(0, 1000))
def test_an_endless_strength_gives_the_prior_and_none_the_counts(counts, seed):
    prior = shares(len(counts), seed)
    np.testing.assert_array_equal(cold_start.posterior_mean(counts, prior, np.inf), prior)
    np.testing.assert_allclose(cold_start.posterior_mean(counts, prior, 1e12), prior, atol=1e-9)
    counts = counts + 1
    own = counts / counts.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(cold_start.posterior_mean(counts, prior, 0), own)
    np.testing.assert_allclose(cold_start.posterior_mean(counts, prior, 1e-9), own, atol=1e-8)


@given(
    st.lists(st.integers(0, K - 1), min_size=1, max_size=12),
    st.floats(0.1, 100),
    st.integers(0, 1000),
)
def test_the_marginal_likelihood_is_the_chain_of_predictions(sequence, strength, seed):
    prior, seen, chain = shares(1, seed) * 0.98 + 0.005, np.zeros((1, K)), 0.0
    for event in sequence:
        chain += np.log(cold_start.posterior_mean(seen, prior, strength)[0, event])
        seen[0, event] += 1
    [found] = cold_start.marginal_likelihood(seen, prior, strength)
    assert found == pytest.approx(chain, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("strength", [0.7, 4.0, 25.0])
def test_the_strength_is_recovered(strength):
    rng = np.random.default_rng(0)
    prior = rng.dirichlet(np.full(6, 3.0), size=6_000)
    drawn = rng.standard_gamma(strength * prior)
    taste = drawn / drawn.sum(axis=1, keepdims=True)
    counts = np.array(
        [rng.multinomial(n, p) for n, p in zip(rng.integers(0, 20, len(taste)), taste, strict=True)]
    )
    assert cold_start.fit_strength(counts, prior) == pytest.approx(strength, rel=0.1)
    low, high = cold_start.credible_interval(counts, prior, strength)
    assert ((low <= taste) & (taste <= high)).mean() == pytest.approx(evaluation.LEVEL, abs=0.01)
    chance = cold_start.favorite_chance(counts[:1500], prior[:1500], strength, draws=400)
    np.testing.assert_allclose(chance.sum(axis=1), 1)
    best = chance.argmax(axis=1)
    assert (taste[:1500].argmax(axis=1) == best).mean() == pytest.approx(
        chance.max(axis=1).mean(), abs=0.04
    )


ONE, EVEN = np.ones((2, K)), np.full((2, K), 1 / K)


@pytest.mark.parametrize(
    ("counts", "prior", "strength", "said"),
    [
        (-ONE, EVEN, 1, "numbers from 0 on"),
        (ONE * np.nan, EVEN, 1, "missing"),
        (ONE, EVEN * 2, 1, "sum to one"),
        (ONE, EVEN[:1], 1, "must match"),
        (np.ones(3), np.full(3, 1 / 3), 1, "at least two"),
        (ONE[:0], EVEN[:0], 1, "no customer"),
        (ONE, EVEN, -1, "from 0 on, not -1"),
        (ONE, EVEN, np.nan, "from 0 on, not nan"),
        (ONE * 0, EVEN, 0, "nothing is known"),
    ],
)
def test_what_cannot_be_is_a_sentence(counts, prior, strength, said):
    with pytest.raises(ValueError, match=said):
        cold_start.posterior_mean(counts, prior, strength)


def test_a_strength_needs_somebody_who_came_twice():
    with pytest.raises(ValueError, match="no customer has two events"):
        cold_start.fit_strength(np.eye(K), np.full((K, K), 1 / K))
    with pytest.raises(ValueError, match="above 0"):
        cold_start.marginal_likelihood(ONE, EVEN, 0)
    with pytest.raises(ValueError, match="level"):
        cold_start.credible_interval(ONE, EVEN, 1, level=90)
