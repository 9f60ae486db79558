"""The tables of chapter 01: what is ranked and what is learned from knows nothing of the future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import simulator, targets
from helpers.features import ranking
from helpers.shop import Shop, conform
from helpers.targets import tasks

CUTOFF = pd.Timestamp("2025-01-01")


@pytest.fixture(scope="module")
def store():
    return simulator.simulate(customers=1_500, seed=5)[0]


def future_changed(store: Shop) -> Shop:
    """The same shop, with every order and visit from the cut-off on dropped."""
    return replace(
        store,
        purchases=store.purchases[store.purchases["ordered_at"] < CUTOFF],
        visits=store.visits[store.visits["started_at"] < CUTOFF],
    )


def test_the_candidates_of_a_ranking_know_the_past_only(store):
    ranked = ranking.items(store, CUTOFF)
    customers = pd.Index(store.purchases["customer_id"].unique()[:200])
    found = ranking.candidates(store, CUTOFF, customers, ranked)
    assert ranking.items(future_changed(store), CUTOFF) == ranked
    again = ranking.candidates(future_changed(store), CUTOFF, customers, ranked)
    pd.testing.assert_frame_equal(found, again)
    assert len(found) == 200 * len(ranked) and found.index.names == ["customer_id", "subcategory"]


def test_candidates_by_hand():
    rows = [
        ("a", "1", "2024-06-01", "x", "x1"),
        ("a", "1", "2024-06-01", "x", "x1"),  # twice in one order
        ("a", "2", "2024-12-22", "x", "x1"),
        ("a", "2", "2024-12-22", "y", "y1"),
        ("b", "3", "2024-12-30", "x", "x1"),
        ("b", "4", "2024-12-31", "x", "x2"),
        ("c", "5", "2025-01-01", "y", "y1"),  # the day of the cut-off is the future
    ]
    names = ["customer_id", "order_id", "ordered_at", "category", "subcategory"]
    lines = pd.DataFrame(rows, columns=names).assign(amount=1.0)
    lines["ordered_at"] = pd.to_datetime(lines["ordered_at"])
    small = Shop("small", conform(lines, "purchases"))
    found = ranking.candidates(small, CUTOFF, pd.Index(["a", "b", "c"]), ["x1", "x2", "y1"])
    assert "interest" not in found
    a = found.loc["a"]
    assert a["own"].tolist() == [2, 0, 1] and a["own_lately"].tolist() == [1, 0, 1]
    assert a.loc["x1", "days_since"] == 10 and np.isnan(a.loc["x2", "days_since"])
    assert a["orders"].tolist() == [2, 2, 2] and a["in_category"].tolist() == [2, 2, 1]
    assert found.loc["b"]["popularity"].tolist() == [1, 0.5, 0.5], "two, one and one buyer"
    # of the two who bought x1, one bought x2 and one y1
    assert found.loc["b"].loc["y1", "neighbors"] == pytest.approx((0.5 + 0) / 2)
    assert found.loc["c"]["neighbors"].isna().all() and (found.loc["c"]["own"] == 0).all()


def test_the_table_of_tasks(store):
    table = tasks.table(store)
    assert set(tasks.OUTCOMES) <= set(table) and table["active"].all()
    features = tasks.features_of(table)
    assert not set(features) & set(tasks.OUTCOMES) and "spend_28" in features
    assert not (table["newly_high_value"] & table["already_high_value"]).any()
    assert (table["newly_high_value"] <= table["high_value"]).all()
    assert (table["spend_28"] <= table["spend_90"] + 1e-9).all()
    assert (table["orders_90"] <= table["frequency"]).all()
    for cutoff, part in table.groupby(level="cutoff"):
        expected = targets.newly_high_value(store, cutoff)
        assert (part.droplevel("cutoff")["newly_high_value"] == expected).all()


def test_what_was_done_lately_is_known_at_the_cut_off(store):
    who = pd.Index(store.purchases["customer_id"].unique()[:300])
    before = tasks.lately(store, CUTOFF, who)
    after = tasks.lately(future_changed(store), CUTOFF, who)
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name])
    lines = store.purchases
    mine = lines[(lines["customer_id"] == who[0]) & (lines["ordered_at"] < CUTOFF)]
    mine = mine[
        (mine["ordered_at"] >= CUTOFF - pd.Timedelta("90D")) & ~(mine["cancelled_at"] < CUTOFF)
    ]
    assert before["spend_90"][0] == pytest.approx(mine["amount"].sum())
