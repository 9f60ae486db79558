"""Looking early, without false alarms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from helpers import evaluation, experiments


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
