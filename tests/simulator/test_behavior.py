"""The files of behavior: segments that can be found as well as stated."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import cross_val_score
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from helpers import simulator
from helpers.simulator import storage
from helpers.simulator.behavior import FEATURES


def cluster(table: pd.DataFrame) -> np.ndarray:
    scaled = StandardScaler().fit_transform(table)
    return KMeans(4, n_init=10, random_state=0).fit_predict(scaled)


@pytest.mark.parametrize(
    ("hardness", "low", "high"),
    [("easy", 0.74, 0.84), ("normal", 0.66, 0.76), ("hard", 0.52, 0.66)],
)
def test_segments_can_be_found_as_well_as_stated(hardness, low, high):
    table, truth = simulator.customer_behavior(hardness=hardness)
    score = adjusted_rand_score(truth["segment"], cluster(np.log1p(table[FEATURES])))
    assert low < score < high


def test_no_single_feature_separates_the_segments():
    table, truth = simulator.customer_behavior()

    def accuracy(features):
        tree = DecisionTreeClassifier(max_leaf_nodes=16, min_samples_leaf=20, random_state=0)
        return cross_val_score(tree, table[features], truth["segment"]).mean()

    assert accuracy(FEATURES) > 0.85
    for name in FEATURES:
        assert accuracy([name]) < 0.75
        assert adjusted_rand_score(truth["segment"], cluster(np.log1p(table[[name]]))) < 0.45


def test_unknown_hardness_is_refused():
    with pytest.raises(ValueError, match="easy, normal, hard"):
        simulator.customer_behavior(hardness="harder")


def test_dirty_rows_are_those_that_the_truth_names():
    table = pd.read_csv(storage.DATA / "customer_behavior_dirty.csv")
    flaws = simulator.load_truth("customer_behavior_dirty")
    rows = {flaw: table.iloc[group["row"]] for flaw, group in flaws.groupby("flaw")}
    assert set(table.index[table["monetary"] < 0]) == set(rows["negative monetary"].index)
    assert set(table.index[table["recency"] < 0]) == set(rows["negative recency"].index)
    assert set(table.index[table["recency"].isna()]) == set(rows["missing recency"].index)
    assert set(table.index[table["category_interest_score"].isna()]) == set(
        rows["missing interest"].index
    )
    assert set(table.index[table.duplicated()]) == set(rows["exact duplicate"].index)
    again = set(table.index[table.duplicated("customer_id")])
    assert again - set(rows["exact duplicate"].index) == set(
        rows["same customer, other figures"].index
    )
    assert list(rows["wholesaler"].index) == [table["monetary"].idxmax()]
