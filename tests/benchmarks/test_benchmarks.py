"""The committed benchmarks are whole, and say what today's code does."""

import numpy as np
import pandas as pd
import pytest
from benchmarks import algorithms as benchmark
from benchmarks import reading, upload

from helpers import evaluation, models, shop, simulator
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


def test_reading_is_measured_beside_the_others():
    rows = pd.read_csv(reading.RESULT)
    assert list(rows.columns) == ["arm", "lines", "repeat", "metric", "value"]
    assert (rows["lines"] == reading.LINES).all() and (rows["value"] > 0).all()
    assert set(rows["arm"]) == set(reading.ARMS)
    assert len(rows) == len(reading.ARMS) * reading.REPEATS * 3
    assert reading.table(rows).count("(1.00 x)") >= 3


def test_an_upload_is_measured_from_page_to_page():
    rows = pd.read_csv(upload.RESULT)
    assert list(rows.columns) == ["step", "repeat", "metric", "value"]
    assert (rows["value"] > 0).all() and set(rows["step"]) == {*upload.STEPS, "whole"}
    seconds = rows[rows["metric"] == upload.SECONDS]
    assert len(seconds) == len(upload.STEPS) * upload.REPEATS
    whole = rows[rows["step"] == "whole"].groupby("metric")["value"]
    kinds = {f"{upload.MEMORY}: {kind}" for kind in [*upload.KINDS.values(), "all"]}
    assert set(whole.groups) == kinds | {upload.LIMIT}
    assert whole.max()[f"{upload.MEMORY}: all"] < whole.min()[upload.LIMIT] == 8_000


def test_the_file_that_is_read_fast_is_read_right(tmp_path):
    fates = reading.write_orders(tmp_path / "orders.csv", lines=20_000)
    store = shop.read(tmp_path / "orders.csv")
    assert store.report.fates.set_index("reason")["rows"].to_dict() == fates
    assert any("equal to another one in every column" in said for said in store.report.warnings)
