"""What learns in cold start is a scikit-learn estimator. `check_estimator` feeds arrays of numbers,
which no table of moments is, so the rules that hold for any input are checked one by one."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import (
    check_get_params_invariance,
    check_no_attributes_set_in_init,
    check_parameters_default_constructible,
    check_set_params,
)

from helpers import cold_start, simulator

ESTIMATORS = [
    cold_start.Hybrid(),
    cold_start.Hybrid(columns=("age_band", "region"), strength=3.0),
    cold_start.MaskedClassifier(shortest=1),
    cold_start.ClickPrior(),
]


@pytest.fixture(scope="module")
def table():
    store, _ = simulator.simulate(customers=600, seed=1)
    return cold_start.moments(store, (0, 1, 2, 5))


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
@pytest.mark.parametrize(
    "check",
    [
        check_no_attributes_set_in_init,
        check_parameters_default_constructible,
        check_get_params_invariance,
        check_set_params,
    ],
    ids=lambda check: check.__name__,
)
def test_parameters_are_scikit_learns(estimator, check):
    check(type(estimator).__name__, estimator)


@pytest.mark.parametrize("estimator", ESTIMATORS[:3], ids=repr)
def test_a_clone_learns_the_same_and_fitting_changes_no_parameter(estimator, table):
    first, second = clone(estimator), clone(estimator)
    before = first.get_params()
    assert first.fit(table) is first
    assert first.get_params() == before
    np.testing.assert_array_equal(
        first.predict_proba(table), second.fit(table, table["next_category"]).predict_proba(table)
    )


@pytest.mark.parametrize("estimator", ESTIMATORS[:3], ids=repr)
def test_before_fit_there_is_nothing_to_predict(estimator, table):
    with pytest.raises(NotFittedError):
        clone(estimator).predict_proba(table)


def test_a_click_prior_without_fit_has_no_parameters():
    with pytest.raises(NotFittedError):
        cold_start.ClickPrior().parameters(np.full((1, 2), 0.5))
