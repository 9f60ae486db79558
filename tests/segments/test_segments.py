"""Clustering pipelines, label matching, the choice of k."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from helpers import segments


@pytest.fixture(scope="module")
def three() -> tuple[pd.DataFrame, np.ndarray]:
    """Three well separated segments of unequal size in two positive columns, and their truth."""
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], [300, 150, 50])
    centers = np.log([[5, 500], [60, 80], [300, 900]])
    values = np.exp(centers[truth] + rng.normal(scale=0.15, size=(500, 2)))
    return pd.DataFrame(values, columns=["recency", "monetary"]), truth


@pytest.mark.parametrize("algorithm", ["kmeans", "ward", "mixture"])
def test_separated_segments_are_found(three, algorithm):
    frame, truth = three
    labels = segments.model(3, algorithm=algorithm).fit_predict(frame)
    assert adjusted_rand_score(truth, labels) > 0.99


def test_the_helper_is_the_recipe_by_hand(three):
    frame, _ = three
    by_hand = KMeans(3, n_init=10, random_state=7).fit_predict(
        StandardScaler().fit_transform(np.log1p(frame))
    )
    assert (segments.model(3, seed=7).fit_predict(frame) == by_hand).all()


@pytest.mark.parametrize("algorithm", ["kmeans", "ward", "mixture"])
def test_new_customers_join_the_segment_of_their_like(three, algorithm):
    frame, truth = three
    model = segments.model(3, algorithm=algorithm).fit(frame.iloc[::2])
    assert adjusted_rand_score(truth[1::2], model.predict(frame.iloc[1::2])) > 0.99


def test_ward_beyond_its_memory_assigns_everybody(three):
    frame, truth = three
    ward = segments.Ward(3, max_rows=100)
    labels = ward.fit_predict(segments.transformer("log").fit_transform(frame))
    assert len(labels) == len(frame)
    assert adjusted_rand_score(truth, labels) > 0.99


def test_customers_who_are_alike_are_in_one_segment_of_ward():
    rounded = np.random.default_rng(0).normal(size=(2_000, 2)).round(1)
    ward = segments.Ward(5, max_rows=300).fit(rounded)
    kinds = pd.DataFrame(rounded, columns=["x", "y"]).assign(segment=ward.labels_)
    assert kinds.groupby(["x", "y"])["segment"].nunique().max() == 1
    assert set(ward.labels_) == set(range(5))
    three_kinds = np.repeat([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], 5, axis=0)
    for k, found in ((5, 3), (3, 3)):
        labels = segments.Ward(k).fit(three_kinds).labels_.reshape(3, 5)
        assert (labels == labels[:, :1]).all() and len(set(labels[:, 0])) == found
    assert set(segments.Ward(3).fit(np.zeros((9, 2))).labels_) == {0}


def test_one_segment_holds_everybody(three):
    for algorithm in ("kmeans", "ward", "mixture"):
        model = segments.model(1, algorithm=algorithm).fit(three[0])
        assert set(model.predict(three[0])) == {0}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"k": 0}, "at least 1"),
        ({"k": 2, "algorithm": "dbscan"}, "not 'dbscan'"),
        ({"k": 2, "transform": "sqrt"}, "not 'sqrt'"),
    ],
)
def test_wrong_choices_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        segments.model(**arguments)


def test_profile_adds_up(three):
    frame, truth = three
    table = segments.profile(frame, truth)
    assert list(table["customers"]) == [300, 150, 50]
    assert table["share"].sum() == pytest.approx(1)
    assert table["share_of_monetary"].sum() == pytest.approx(1)
    assert table.loc[2, "recency"] == frame["recency"][truth == 2].median()


def test_standardized_profile_averages_to_zero(three):
    frame, truth = three
    z = segments.standardized_profile(frame, truth)
    sizes = segments.profile(frame, truth)["customers"]
    assert list(z.index) == list(sizes.index)
    assert np.allclose(z.mul(sizes, axis=0).sum() / len(frame), 0)


def test_a_nearly_constant_column_is_named_and_its_exceptions_become_a_segment(three):
    frame = three[0]
    few = np.random.default_rng(0).random(len(frame)) < 0.04
    labels = segments.assign(frame.assign(app=few * 1.0), 4)
    assert set(labels[few]).isdisjoint(labels[~few]), "all of them, and nobody else"
    assert segments.nearly_constant(frame) == []
    [said] = segments.nearly_constant(frame.assign(app=few * 1.0))
    assert "the same app" in said and f"{1 - few.mean():.0%}" in said


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.permutations(range(5)))
@settings(max_examples=50, deadline=None)
def test_match_undoes_any_renaming(labels, renaming):
    labels = np.array(labels)
    assert (segments.match(labels, np.array(renaming)[labels]) == labels).all()


def test_match_keeps_the_partition():
    reference, labels = np.array([0, 0, 1, 1, 1, 2]), np.array([5, 5, 3, 3, 4, 4])
    matched = segments.match(reference, labels)
    assert adjusted_rand_score(labels, matched) == 1
    assert (matched == reference).sum() == 5


def test_knee_of_a_curve_with_one_bend():
    curve = pd.Series([100, 60, 20, 18, 16, 14], index=pd.Index(range(1, 7), name="k"))
    assert segments.knee(curve) == 3


def test_gap_finds_the_segments_and_finds_none_in_their_twin(three):
    frame, _ = three
    assert segments.choose_k(segments.gap(frame, references=10)) == 3
    twin = segments.copula_twin(frame, np.random.default_rng(1))
    assert segments.choose_k(segments.gap(twin, references=10)) == 1


def test_choose_k_follows_the_rule_and_the_floor():
    def gaps(*values, se=0.01):
        return pd.DataFrame({"gap": values, "se": se}, index=pd.RangeIndex(1, len(values) + 1))

    assert segments.choose_k(gaps(0, 0.10, 0.30, 0.305, 0.31)) == 3
    assert segments.choose_k(gaps(0, 0.00, 0.12, 0.31, 0.30)) == 4, "a flat start is no stop"
    assert segments.choose_k(gaps(0, 0.02, 0.03, 0.03)) == 1, "below the floor"
    assert segments.choose_k(gaps(0, 0.10, 0.10, 0.10, se=0.06)) == 1, "within two standard errors"
    assert segments.choose_k(gaps(0, 0.1, 0.2, 0.3)) == 4, "still rising: the last"


def test_stability_is_one_for_separated_segments_and_lower_for_noise(three):
    frame, _ = three
    assert segments.stability(frame, 3, repeats=5).min() > 0.99
    noise = pd.DataFrame(np.random.default_rng(0).normal(3, 0.3, size=(500, 4)))
    assert segments.stability(noise, 5, repeats=5).mean() < 0.8


def test_the_rule_of_the_authors_can_be_asked_for():
    values = {"gap": [0, 0.0, 0.12, 0.31, 0.30], "se": 0.01}
    gaps = pd.DataFrame(values, index=pd.RangeIndex(1, 6))
    assert segments.choose_k(gaps, floor=0, first=1) == 1
    assert segments.choose_k(gaps) == 4


def test_a_twin_of_a_table_full_of_ties_keeps_its_rank_correlations():
    rng = np.random.default_rng(0)
    loyal = rng.random(3_000) < 0.25
    frequency = np.where(loyal, 1 + rng.poisson(3, 3_000), 1)
    monetary = frequency * rng.lognormal(4, 0.5, 3_000)
    frame = pd.DataFrame({"frequency": frequency, "monetary": monetary})
    twin = segments.copula_twin(frame, rng)
    asked, kept = (f.corr(method="spearman").iloc[0, 1] for f in (frame, twin))
    assert abs(asked - kept) < 0.03
    assert sorted(twin["frequency"]) == sorted(frequency)
