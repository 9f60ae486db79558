"""The worlds of the studies are what their names say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans

from helpers import simulator
from helpers.course.studies import designs, next_category


@pytest.fixture(scope="module")
def store():
    return simulator.simulate(customers=1_500, seed=5)[0]


def begins(store) -> pd.DataFrame:
    """A row a visit, in order: customer_id, category."""
    visits = store.tables["visits"].drop_duplicates("visit_id")
    order = ["customer_id", "started_at", "visit_id"]
    return visits.sort_values(order)[["customer_id", "landing_category"]]


def repeats(store) -> float:
    """The share of visits that begin where the customer's last one began."""
    table = begins(store)
    same = table["customer_id"] == table["customer_id"].shift()
    return (table["landing_category"] == table["landing_category"].shift())[same].mean()


def test_categories_stick(store):
    kept = store.tables["visits"]["landing_category"].copy()
    other = next_category.broken(store, next_category.STICKS, seed=1)
    before, after = repeats(store), repeats(other)
    assert after == pytest.approx(before + next_category.REPEAT * (1 - before), abs=0.03)
    pd.testing.assert_series_equal(store.tables["visits"]["landing_category"], kept)


def test_tastes_change(store):
    """Early and late visits of a customer agree less often than they did; the mix stays."""

    def agree(of) -> float:
        ends = begins(of).groupby("customer_id")["landing_category"]
        many = ends.size() > 5
        return (ends.first() == ends.last())[many].mean()

    other = next_category.broken(store, next_category.CHANGES, seed=1)
    assert agree(other) < agree(store) - 0.05
    mix = [begins(of)["landing_category"].value_counts(normalize=True) for of in (store, other)]
    assert (mix[0] - mix[1]).abs().max() < 0.03


def test_a_line_of_a_visit_begins_where_the_others_do(store):
    other = next_category.broken(store, next_category.STICKS, seed=1).tables["visits"]
    begun = other.groupby("visit_id")["landing_category"]
    assert (begun.first() == begun.last()).all()


def test_real_baskets_are_learned_before_they_are_judged():
    table = next_category.baskets()
    assert table.columns.get_level_values(0).unique().tolist() == next_category.PARTS
    assert len(table) > 500 and np.isfinite(table["hybrid", 0].dropna()).all()
    assert (table > 0).sum().sum() == table.notna().sum().sum()


def test_the_designs_are_those_that_were_written_down():
    pairs = (designs.tuned(3), designs.TUNED), (designs.held_out(3), designs.HELD_OUT)
    for found, wanted in pairs:
        assert list(found) == list(wanted)
        for name, (frame, transform) in found.items():
            assert transform in ("log", "standardize")
            assert np.isfinite(frame.to_numpy()).all() and len(frame) > 500, name
            assert transform != "log" or frame.to_numpy().min() >= 0, name


def test_clusters_have_their_shares():
    rng = np.random.default_rng(0)
    frame = designs.worlds.unlike_clusters(3_000, [0.7, 0.25, 0.05], [0.1] * 3, 4, rng)
    labels = KMeans(3, n_init=10, random_state=0).fit_predict(frame)
    assert sorted(np.bincount(labels) / 3_000) == pytest.approx([0.05, 0.25, 0.7], abs=0.03)
