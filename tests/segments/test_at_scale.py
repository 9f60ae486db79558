"""Segments of many customers: labels by an expression, the elbow from a sample."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from helpers import segments
from helpers.features.expressions import NoExpression
from helpers.segments.at_scale import inertia_of, sample_centers
from helpers.simulator.behavior import FEATURES, customer_behavior

CUSTOMERS = 12_000


@pytest.fixture(scope="module")
def behavior() -> pd.DataFrame:
    return customer_behavior(CUSTOMERS)[0]


def labels(fitted, table: pd.DataFrame) -> pd.Series:
    """By customer, in the order of the table."""
    found = segments.define_labels(fitted, ibis.memtable(table)).to_pandas()
    assert list(found) == ["customer_id", "segment"] and len(found) == len(table)
    return found.set_index("customer_id")["segment"].reindex(table["customer_id"])


@pytest.mark.parametrize(
    "fitted",
    [
        pytest.param(segments.model(4, "raw"), id="raw"),
        pytest.param(segments.model(4, "standardize"), id="standardize"),
        pytest.param(segments.model(4, "log"), id="log"),
        pytest.param(segments.model(1), id="one segment"),
        pytest.param(segments.model(5, algorithm="ward"), id="Ward"),
        pytest.param(make_pipeline(StandardScaler(), KMeans(4, random_state=42)), id="recipe"),
        pytest.param(make_pipeline(MiniBatchKMeans(3, random_state=0)), id="mini-batch"),
        pytest.param(KMeans(3, random_state=0), id="alone"),
    ],
)
def test_labels_are_those_of_predict(behavior, fitted):
    some, turned = behavior[FEATURES].iloc[:2_000], [*FEATURES[::-1], "customer_id"]
    expected = fitted.fit(some).predict(behavior[FEATURES])
    assert (labels(fitted, behavior[turned]) == expected).all()


def test_what_was_fitted_without_names_takes_the_columns_in_order(behavior):
    X = StandardScaler().fit_transform(behavior[FEATURES])
    kmeans = KMeans(n_clusters=4, random_state=42).fit(X)
    scaled = pd.DataFrame(X, columns=list("abcd")).assign(customer_id=behavior["customer_id"])
    assert (labels(kmeans, scaled) == kmeans.labels_).all()
    with pytest.raises(NoExpression, match="without names; the table has 3"):
        segments.define_labels(kmeans, ibis.memtable(scaled.drop(columns="a")))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(-3, 3)] * 2), min_size=1, max_size=4),
    st.lists(st.tuples(*[st.integers(-6, 6)] * 2), min_size=1, max_size=40),
)
def test_between_centers_at_one_distance_the_first_is_taken(centers, points):
    """Centers and points on a grid: ties are everywhere, and exact. A center may stand twice."""
    kmeans = KMeans(len(centers))
    kmeans.cluster_centers_ = np.array(centers, dtype=float)
    kmeans._n_threads, kmeans.n_features_in_ = 1, 2
    halves = pd.DataFrame(points, columns=["a", "b"]) / 2
    distances = ((halves.to_numpy()[:, None] - kmeans.cluster_centers_) ** 2).sum(axis=2)
    found = labels(kmeans, halves.assign(customer_id=range(len(halves))))
    assert found.tolist() == distances.argmin(axis=1).tolist()
    assert found.tolist() == kmeans.predict(halves.to_numpy()).tolist()


def test_who_lacks_a_column_has_no_label(behavior):
    fitted = segments.model(3).fit(behavior[FEATURES])
    few = behavior.iloc[:6].astype({"recency": float, "frequency": "Int64"})
    few.loc[0, "recency"] = np.nan
    few.loc[1, "frequency"] = pd.NA
    few.loc[2, "monetary"] = -1.0  # no logarithm
    few.loc[3, "monetary"] = -0.5
    found = labels(fitted, few)
    assert found.isna().tolist() == [True] * 3 + [False] * 3
    assert (found.iloc[3:] == fitted.predict(few[FEATURES].iloc[3:])).all()


def test_what_does_not_label_by_the_nearest_center_is_named(behavior):
    few, table = behavior[FEATURES].iloc[:200], ibis.memtable(behavior)
    for fitted, said in (
        (segments.model(3, algorithm="mixture"), "GaussianMixture does not label"),
        (BisectingKMeans(3, random_state=0), "BisectingKMeans does not label"),
    ):
        with pytest.raises(NoExpression, match=said):
            segments.define_labels(fitted.fit(few), table)
    with pytest.raises(NoExpression, match="lacks the columns monetary"):
        segments.define_labels(segments.model(3).fit(few), table.drop("monetary"))


def test_inertia_in_one_pass_is_that_of_the_distances():
    rng = np.random.default_rng(0)
    X = rng.normal(3, 1, (5_000, 3))
    clusterings = [rng.normal(3, 1, (k, 3)) for k in (1, 4, 60)]
    expected = [
        ((X[:, None] - centers) ** 2).sum(axis=2).min(axis=1).sum() for centers in clusterings
    ]
    for layout in (X, np.asfortranarray(X), pd.DataFrame(X).to_numpy()):
        np.testing.assert_allclose(inertia_of(layout, clusterings), expected, rtol=1e-12)
    assert 0 <= inertia_of(X[:1] * 1e6, [X[:1] * 1e6])[0] < 1


@pytest.mark.parametrize("transform", ["log", "standardize"])
def test_the_elbow_of_a_sample_is_that_of_all(behavior, transform):
    ks = [1, 2, 4, 6, 9]
    all_of_them = segments.inertias(behavior[FEATURES], ks, transform, n_init=10)
    sampled = segments.inertias(behavior[FEATURES], ks, transform, sample=8_000)
    assert sampled.index.equals(all_of_them.index) and sampled.name == all_of_them.name
    # never far below the best of ten full fits, and hardly above it
    assert (sampled / all_of_them).between(0.999, 1.01).all()
    assert sampled.loc[1] == pytest.approx(all_of_them.loc[1], rel=1e-3)
    assert sampled.attrs["sample"] == 8_000 and 0 < sampled.attrs["sample_error"] < 0.05
    again = segments.inertias(behavior[FEATURES], ks, transform, sample=8_000)
    pd.testing.assert_series_equal(again, sampled)


def test_small_tables_are_fitted_whole(behavior):
    few = behavior[FEATURES].iloc[:1_500]
    X = segments.transformer("log").fit_transform(few)
    with threadpool_limits(limits=1):  # to the last digit: sums hang on the number of threads
        expected = [KMeans(k, n_init=3, random_state=0).fit(X).inertia_ for k in range(1, 5)]
    for sample in (1_500, 30_000):
        found = segments.inertias(few, range(1, 5), sample=sample)
        assert found.tolist() == expected and not found.attrs


def test_a_sample_that_misses_the_wholesalers_says_so(behavior):
    drawn = np.random.default_rng(0).choice(CUSTOMERS, 2_000, replace=False)
    two = np.setdiff1d(range(CUSTOMERS), drawn)[:2]
    table = behavior[FEATURES].astype(float)
    table.loc[two, ["frequency", "monetary"]] = [9_000, 12_500_000.0]
    errors = [
        segments.inertias(each, [3], "standardize", sample=2_000).attrs["sample_error"]
        for each in (behavior[FEATURES], table)
    ]
    assert errors[0] < 0.1 and errors[1] > 0.5


def test_customers_alike_leave_no_inertia_and_no_error():
    alike = pd.DataFrame({"a": [1.0, 2.0, 3.0] * 1_000, "b": [5.0, 5.0, 9.0] * 1_000})
    curve = segments.inertias(alike, [1, 3], sample=2_000)
    assert curve.loc[3] == pytest.approx(0, abs=1e-6) and curve.attrs["sample_error"] < 0.1


def test_a_missing_value_stops_it_wherever_it_stands(behavior):
    table = behavior[FEATURES].astype(float)
    for row in (0, CUSTOMERS - 1):
        gap = table.copy()
        gap.loc[row, "recency"] = np.nan
        for sample in (2_000, CUSTOMERS):
            with pytest.raises(ValueError, match="NaN"):
                segments.inertias(gap, [2], sample=sample)


def test_centers_of_a_sample_have_their_shape_for_any_number_of_starts(behavior):
    X = segments.transformer("log").fit_transform(behavior[FEATURES])
    for starts in (3, 10, 25):
        found = sample_centers(np.asarray(X)[:4_000], [1, 3, 7], starts)
        assert [centers.shape for centers in found] == [(1, 4), (3, 4), (7, 4)]
