"""The committed rows of the elbow are whole, and a sample's centers are as good as they should."""

import pandas as pd
import pytest
from benchmarks import elbow

from helpers.segments.choosing import SAMPLE


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return pd.read_csv(elbow.RESULT)


def test_every_arm_was_measured_at_every_size(rows):
    assert list(rows.columns) == ["arm", "rows", "repeat", "metric", "value"]
    assert (rows["value"] > 0).all() and not rows.drop(columns="value").duplicated().any()
    of_labels = rows["arm"].isin(list(elbow.LABELS))
    rounds = len(elbow.ROWS) * elbow.REPEATS
    assert len(rows[~of_labels]) == len(elbow.ELBOWS) * rounds * (3 + len(elbow.KS))
    assert len(rows[of_labels]) == len(elbow.LABELS) * rounds * (3 + 1)
    # one to itself for each number of rows: the first arm of the elbows and of the labels
    assert elbow.table(rows).count("(1.000 x)") >= 2 * 3 * len(elbow.ROWS)


def test_centers_of_a_sample_cost_about_one_percent_at_the_worst_k(rows):
    over = elbow.over_the_best(rows)
    for size in elbow.ROWS:
        if size > SAMPLE:
            assert over["segments.inertias", size] < 1.015
            assert over["labels in DuckDB", size] < 1.001


def test_the_inertia_is_that_of_todays_code(rows, seed_of_the_day):
    repeat = seed_of_the_day % elbow.REPEATS
    frame = elbow.customer_behavior(elbow.ROWS[1])[0][elbow.FEATURES]
    found = elbow.ours(frame, elbow.SEED + repeat)
    kept = rows.query(
        "arm == 'segments.inertias' and rows == @frame.shape[0] and repeat == @repeat"
    )
    kept = kept[kept["metric"].str.startswith(elbow.INERTIA)]
    assert found == pytest.approx(kept["value"].tolist(), rel=1e-3), "measure again with elbow.py"
