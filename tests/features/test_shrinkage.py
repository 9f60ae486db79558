"""Shares are shrunk by the evidence behind them, as the training rows say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.optimize import minimize
from scipy.stats import betabinom
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from helpers import features
from helpers.features import ShrinkRates, fit_beta_binomial

PROFILE = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def _likelihood(x, n, alpha, beta):
    return betabinom.logpmf(x, n, alpha, beta).sum()


@pytest.mark.parametrize(("alpha", "beta"), [(2.0, 5.0), (0.4, 0.2), (30.0, 12.0)])
def test_maximum_likelihood_against_scipy(alpha, beta):
    rng = np.random.default_rng(3)
    n = rng.integers(0, 12, 4_000)
    x = betabinom.rvs(n, alpha, beta, random_state=rng)
    found = fit_beta_binomial(x, n)
    best = minimize(
        lambda point: -_likelihood(x, n, *np.exp(point)),
        np.log([1.0, 1.0]),
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-8},
    )
    np.testing.assert_allclose(found, np.exp(best.x), rtol=1e-3)
    assert _likelihood(x, n, *found) >= -best.fun - 1e-6
    if alpha < 10:  # a strong prior is known with less certainty
        np.testing.assert_allclose(found, (alpha, beta), rtol=0.15)


@PROFILE
@given(
    st.lists(
        st.integers(0, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=30
    )
)
def test_no_prior_within_bounds_is_likelier(pairs):
    x, n = np.array(pairs, dtype=float).reshape(-1, 2).T
    found = fit_beta_binomial(x, n)
    assert np.isfinite(found).all() and min(found) > 0
    at_best = _likelihood(x, n, *found)
    for alpha, beta in [(1, 1), (0.1, 0.1), (5, 1), (1, 5), (50, 50), (0.02, 0.5)]:
        assert at_best >= _likelihood(x, n, alpha, beta) - 1e-6


def test_edges_of_the_prior():
    assert fit_beta_binomial([], []) == (1.0, 1.0)
    assert fit_beta_binomial([0, 0], [0, 0]) == (1.0, 1.0)
    for x, mean in [([0, 0, 0], 0.0), ([4, 2, 9], 1.0), ([2, 1, 4.5], 0.5)]:
        alpha, beta = fit_beta_binomial(x, [4, 2, 9])
        assert alpha / (alpha + beta) == pytest.approx(mean, abs=1e-3)
        assert alpha + beta <= 1e4 * (1 + 1e-9)
    assert np.allclose(fit_beta_binomial([1, 0, 1, 1], [1, 1, 1, 1]), (1.5, 0.5))
    for x, n in [([2], [1]), ([-1], [4]), ([1], [-1]), ([np.nan], [2])]:
        with pytest.raises(ValueError, match="between 0 and trials"):
            fit_beta_binomial(x, n)


def _rates(abandoned, carts, share=None, count=None):
    frame = pd.DataFrame({"abandoned_carts": abandoned, "carts": carts})
    frame["cart_abandonment"] = -1.0
    if share is not None:
        frame = frame.assign(
            top_category_share=share, interest_count=count, category_interest_score=-1.0
        )
    return frame


def test_shrinks_by_the_formula_and_little_evidence_most():
    rng = np.random.default_rng(0)
    carts = np.r_[0, 1, 100, rng.integers(1, 20, 500)]
    abandoned = np.r_[0, 1, 100, rng.binomial(carts[3:], rng.beta(4, 2, 500))]
    frame = _rates(abandoned, carts)
    shrink = ShrinkRates().fit(frame)
    alpha, beta = shrink.priors_["cart_abandonment"]
    rate = shrink.transform(frame)["cart_abandonment"]
    np.testing.assert_allclose(rate, (abandoned + alpha) / (carts + alpha + beta), rtol=1e-14)
    assert rate[0] == pytest.approx(alpha / (alpha + beta))
    assert rate[0] < rate[1] < 0.85 < 0.95 < rate[2] < 1


def test_share_times_count_is_what_was_counted():
    frame = _rates([1, 0], [2, 3], [0.5, np.nan], [8, 0])
    shrink = ShrinkRates().fit(frame)
    alpha, beta = shrink.priors_["category_interest_score"]
    score = shrink.transform(frame)["category_interest_score"]
    assert score.tolist() == [(4 + alpha) / (8 + alpha + beta), alpha / (alpha + beta)]


def test_shrinking_twice_changes_nothing_and_leaves_the_input():
    frame = _rates([1, 2, 0], [2, 5, 0], [0.5, 0.9, np.nan], [8, 3, 0])
    once = ShrinkRates().fit_transform(frame)
    assert_frame_equal(ShrinkRates().fit_transform(once), once, check_exact=True)
    assert (frame["cart_abandonment"] == -1).all()
    other = frame.columns.difference(["cart_abandonment", "category_interest_score"])
    assert_frame_equal(once[other], frame[other])


def test_learns_from_the_training_rows_only():
    train = _rates([1, 4, 2, 3], [2, 5, 6, 3])
    test = _rates([9, 9], [9, 9])
    alpha, beta = fit_beta_binomial(train["abandoned_carts"], train["carts"])
    model = make_pipeline(clone(ShrinkRates()), LogisticRegression()).fit(train, [0, 1, 0, 1])
    shrunk = model[:1].transform(test)["cart_abandonment"]
    np.testing.assert_allclose(shrunk, (9 + alpha) / (9 + alpha + beta), rtol=1e-14)
    assert model[:1].get_feature_names_out().tolist() == list(train.columns)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"recency": [1.0, 2.0]}),
        _rates([0], [0], [np.nan], [0]),
        _rates([1], [1], [1.0], [1]),
        _rates([0, 0], [3, 4], [1.0, 1.0], [3, 9]),
        _rates([], [], [], []),
    ],
    ids=["columns absent", "all counts 0", "one customer", "all rates alike", "no customer"],
)
def test_awkward_frames_pass(frame):
    shrunk = ShrinkRates().set_output(transform="pandas").fit_transform(frame)
    assert list(shrunk) == list(frame) and len(shrunk) == len(frame)
    for rate in set(features.RATES) & set(frame):
        assert shrunk[rate].between(0, 1, inclusive="neither").all()


def test_wrong_input_to_the_transformer():
    frame = _rates([1, 0], [2, 3])
    with pytest.raises(TypeError, match="needs a DataFrame"):
        ShrinkRates().fit(frame.to_numpy())
    with pytest.raises(ValueError, match="feature names"):
        ShrinkRates().fit(frame).transform(frame.drop(columns="carts"))
