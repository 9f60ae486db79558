"""The committed benchmark of the algorithms is whole, and its scores are those of today's code."""

import numpy as np
import pandas as pd
import pytest
from benchmarks import algorithms as benchmark

from helpers import evaluation, models, simulator
from helpers.targets import tasks


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return pd.read_csv(benchmark.RESULT)


def test_nothing_is_missing(rows):
    assert list(rows.columns) == ["benchmark", "arm", "rows", "seed", "metric", "value"]
    assert np.isfinite(rows["value"]).all() and (rows["value"] >= 0).all()
    cost, search = (rows[rows["benchmark"] == name] for name in ("cost", "search"))
    arms = {"one column", *models.ALGORITHMS, "average of three"}
    assert set(cost["arm"]) == arms and set(cost["rows"]) == set(benchmark.ROWS)
    assert len(cost) == len(arms) * len(benchmark.ROWS) * 3 * 4
    assert set(search["seed"]) == set(benchmark.SEEDS)
    assert set(search["arm"]) == {"library default", "catalogue", "grid", "random", "halving"}


def test_the_scores_are_those_of_todays_code(rows, seed_of_the_day):
    seed = benchmark.SEEDS[seed_of_the_day % len(benchmark.SEEDS)]
    store, _ = simulator.simulate(customers=benchmark.SMALL, seed=seed)
    train, test = evaluation.time_split(
        tasks.table(store), tasks.SHOP_CUTOFFS[-1], tasks.SHOP_HORIZON
    )
    columns = tasks.features_of(train)
    fitted = models.model("xgboost").fit(train[columns], train[benchmark.TARGET])
    found = evaluation.average_precision(
        test[benchmark.TARGET], fitted.predict_proba(test[columns])[:, 1]
    )
    kept = rows.query("benchmark == 'search' and arm == 'catalogue' and seed == @seed")
    [value] = kept.loc[kept["metric"] == "average precision", "value"]
    assert found == pytest.approx(value, abs=1e-3), f"seed {seed}: measure again with algorithms.py"
