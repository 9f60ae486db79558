"""What came after a cut-off, histories, cohorts, groups: on the cluster what DuckDB gives."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers import features, lifetime, segments, shop, simulator, targets

AS_OF = "2025-04-01"
TABLES = ("purchases", "visits", "customers")
DEFINITIONS = {
    "targets": lambda tables: targets.define(tables, AS_OF, "91D"),
    "histories": lambda tables: lifetime.define_history(tables, AS_OF),
    "cohorts": lambda tables: lifetime.define_cohorts(tables, AS_OF),
    "RFM groups": lambda tables: segments.define_rfm_groups(features.define(tables, AS_OF)),
}
KEYS = {"cohorts": ["cohort", "months"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The tables of a shop of 1,000 customers as Parquet."""
    store = simulator.simulate(customers=1_000, seed=5)[0]
    path = tmp_path_factory.mktemp("shop")
    for name in TABLES:
        store.tables[name].to_parquet(path / f"{name}.parquet")
    return path


@pytest.fixture(scope="module")
def opened(spark, folder):
    """The same tables, opened on the cluster."""
    for name in TABLES:
        spark.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    return shop.open(ibis.pyspark.connect(spark))


@pytest.mark.parametrize("name", list(DEFINITIONS))
def test_the_cluster_gives_what_duckdb_gives(opened, folder, name):
    here = shop.open(folder)
    keys = KEYS.get(name, ["customer_id"])
    tables = []
    for store in (opened, here):
        table = features.fetch(store, DEFINITIONS[name](store.tables))
        tables.append(table.sort_values(keys, ignore_index=True))
    there, expected = tables
    assert list(there) == list(expected) and len(there) == len(expected) > 0
    for column in expected:
        if pd.api.types.is_numeric_dtype(expected[column]):
            np.testing.assert_allclose(
                there[column].astype(float),
                expected[column].astype(float),
                rtol=1e-9,
                err_msg=column,
            )
        else:
            assert there[column].tolist() == expected[column].tolist(), column


def test_a_shop_on_the_cluster_is_counted_and_built_there(opened, folder):
    here = shop.open(folder)
    assert opened.report.rows == here.report.rows
    assert [*opened.report.remarks] == [*here.report.remarks]
    there, expected = (features.build(store, AS_OF) for store in (opened, here))
    assert there.index.tolist() == expected.index.tolist()
    # Spark's clock stops at whole seconds
    np.testing.assert_allclose(
        there[list(expected)].astype(float), expected.astype(float), rtol=1e-5, atol=1.2e-5
    )
