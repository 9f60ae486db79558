"""Twins: the same marginals and rank correlations, and no segments."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from helpers import segments, simulator
from helpers.simulator.behavior import FEATURES


def cluster(table: pd.DataFrame) -> np.ndarray:
    scaled = StandardScaler().fit_transform(table)
    return KMeans(4, n_init=10, random_state=0).fit_predict(scaled)


def test_copula_twin_keeps_marginals_and_ranks_but_not_the_segments():
    table, truth = simulator.customer_behavior()
    features = table[FEATURES]
    twin = segments.copula_twin(features, np.random.default_rng(0))
    for name in FEATURES:
        assert (np.sort(twin[name]) == np.sort(features[name])).all()
    gap = features.corr("spearman") - twin.corr("spearman")
    assert gap.abs().max(axis=None) < 0.05
    assert features.corr("spearman").abs().sort_values("recency").iloc[0, 0] > 0.1
    assert adjusted_rand_score(truth["segment"], cluster(np.log1p(twin))) < 0.02


@settings(max_examples=40, deadline=None)
@given(
    arrays(
        "float64", st.tuples(st.integers(3, 30), st.integers(1, 4)), elements=st.floats(-1e6, 1e6)
    ),
    st.integers(0, 10),
)
def test_copula_twin_keeps_any_marginal(values, seed):
    frame = pd.DataFrame(values).rename(columns=str)
    twin = segments.copula_twin(frame, np.random.default_rng(seed))
    assert (np.sort(twin.to_numpy(), axis=0) == np.sort(values, axis=0)).all()
    assert twin.index.equals(frame.index) and list(twin) == list(frame)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"a": [1.0, 2.0]}), "at least three"),
        (pd.DataFrame({"a": [1.0, 2.0, None]}), "missing"),
        (pd.DataFrame({"a": [1, 2, 3], "name": list("xyz")}), "name"),
    ],
)
def test_copula_twin_says_what_it_cannot_use(frame, message):
    with pytest.raises(ValueError, match=message):
        segments.copula_twin(frame, np.random.default_rng(0))


def test_permuted_twin_has_no_correlation_left():
    table, _ = simulator.customer_behavior()
    twin = segments.permuted_twin(table[FEATURES], np.random.default_rng(0))
    assert (np.sort(twin["monetary"]) == np.sort(table["monetary"])).all()
    off = twin.corr("spearman").to_numpy() - np.eye(4)
    assert np.abs(off).max() < 0.06
