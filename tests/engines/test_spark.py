"""A shop of 2,000 customers on a cluster: features, segments, boosted trees, scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.metrics import roc_auc_score

from helpers import features, models, segments, simulator, targets
from helpers.errors import ModelError
from helpers.production import spark as production
from helpers.segments import spark as clustering

AS_OF, LATER = pd.Timestamp("2025-04-01"), pd.Timestamp("2025-07-01")
TABLES = ("purchases", "visits", "customers")
CATEGORIES = ["beauty", "toys"]
DAYS = ["recency", "visit_recency", "tenure", "days_since_activity", "account_age"]


@pytest.fixture(scope="module")
def store():
    """The simulated shop, whose clock here shows fractions of a second."""
    shop = simulator.simulate(customers=2_000, seed=7)[0]
    fractions = np.random.default_rng(7)
    for table, column in (("purchases", "ordered_at"), ("visits", "started_at")):
        lines = getattr(shop, table)
        lines[column] += pd.to_timedelta(fractions.integers(10**6, size=len(lines)), unit="us")
    return shop


@pytest.fixture(scope="module")
def connection(spark, store, tmp_path_factory):
    """Ibis on the cluster, with the shop's tables."""
    import ibis

    folder = tmp_path_factory.mktemp("shop")
    for name in TABLES:
        store.tables[name].to_parquet(folder / f"{name}.parquet")
        spark.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    return ibis.pyspark.connect(spark)


@pytest.fixture(scope="module")
def known(spark, connection):
    """The features at the cut-off: a table of Spark."""
    tables = {name: connection.table(name) for name in TABLES}
    expression = features.define(tables, AS_OF, CATEGORIES)
    return spark.sql(connection.compile(expression)).cache()


@pytest.fixture(scope="module")
def fetched(known) -> pd.DataFrame:
    """The same here, indexed by customer."""
    return by_customer(known.toArrow().to_pandas())


def here(store, as_of: pd.Timestamp) -> pd.DataFrame:
    """What DuckDB makes of the same expression."""
    tables = features.tables_of(store)
    expression = features.define({name: tables[name] for name in TABLES}, as_of, CATEGORIES)
    return by_customer(features.fetch(store, expression))


def by_customer(table: pd.DataFrame) -> pd.DataFrame:
    table = table.set_index("customer_id").sort_index()
    return table.astype({n: float for n in table if table[n].dtype == object})


def test_the_features_are_those_of_duckdb(fetched, store):
    expected = here(store, AS_OF)
    assert list(fetched.columns) == list(expected.columns)
    assert fetched.index.equals(expected.index) and len(expected) > 1_000
    # Spark's epoch is in whole seconds, DuckDB's in fractions of one: 1.2e-5 of a day
    for column in expected:
        given, wanted = fetched[column].astype(float), expected[column].astype(float)
        off = 1.2e-5 if column in DAYS else 1e-6 if column.endswith("_rate") else 1e-12
        np.testing.assert_allclose(given, wanted, rtol=0, atol=off, err_msg=column)


def test_any_pipeline_scores_on_the_cluster_as_here(known, fetched, store):
    bought = targets.future(store, AS_OF, "91D")["bought"].loc[fetched.index]
    for name in ("logistic regression", "xgboost"):
        pipeline = models.model(name).fit(fetched, bought)
        there = by_customer(production.score(pipeline, known).toArrow().to_pandas())
        expected = pipeline.predict_proba(fetched)[:, 1]
        np.testing.assert_allclose(there["propensity"], expected, rtol=0, atol=1e-9, err_msg=name)


def test_text_flags_and_gaps_score_as_here(spark, tmp_path):
    draws = np.random.default_rng(0)
    n = 400
    table = pd.DataFrame(
        {
            "customer_id": np.arange(n),
            "channel": pd.Series(draws.choice(["ads", "mail", "shop"], n), dtype="str"),
            "member": pd.Series(draws.random(n) < 0.5, dtype=object),
            "orders": pd.Series(draws.poisson(3, n), dtype="Int64"),
            "spent": draws.lognormal(size=n),
        }
    )
    for column in ("channel", "member", "orders", "spent"):
        table.loc[draws.random(n) < 0.2, column] = None
    table.to_parquet(tmp_path / "customers.parquet")
    read = pd.read_parquet(tmp_path / "customers.parquet")
    X = read.drop(columns="customer_id").astype({"member": float, "orders": float})
    y = (X["channel"] == "ads") != (draws.random(n) < 0.2)
    pipeline = models.model("logistic regression", C=10.0).fit(X, y)
    frame = spark.read.parquet(str(tmp_path / "customers.parquet"))
    frame = frame.withColumn("spent", frame["spent"].cast("decimal(20, 15)"))
    there = by_customer(production.score(pipeline, frame).toArrow().to_pandas())
    expected = pipeline.predict_proba(X)[:, 1]
    np.testing.assert_allclose(there["propensity"], expected, rtol=0, atol=1e-9)
    with pytest.raises(ModelError, match="lacks the columns channel, spent"):
        production.score(pipeline, frame.drop("channel", "spent"))


def test_boosted_trees_trained_on_the_cluster(spark, known, fetched, store):
    bought = targets.future(store, AS_OF, "91D")["bought"].loc[fetched.index]
    outcomes = spark.createDataFrame(bought.rename("bought").reset_index())
    trained = production.train_boosted(known.join(outcomes, "customer_id"), "bought", workers=2)
    booster = trained.get_booster()
    assert booster.num_boosted_rounds() == 200
    assert booster.feature_names == list(fetched.columns)
    # the booster scores here as on the cluster
    there = by_customer(production.score(trained, known).toArrow().to_pandas())
    expected = booster.predict(xgboost.DMatrix(fetched))
    np.testing.assert_allclose(there["propensity"], expected, rtol=0, atol=1e-6)
    # of eight seeds here the AUC ranges over .007; half of the customers would cost .02
    later = here(store, LATER)
    came = targets.future(store, LATER, "91D")["bought"].loc[later.index]
    classifier = models.ALGORITHMS["xgboost"].classifier(0).fit(fetched, bought)
    auc = [roc_auc_score(came, each.predict_proba(later)[:, 1]) for each in (trained, classifier)]
    print("AUC on the cluster and here:", auc)
    assert auc[1] > 0.8 and abs(auc[0] - auc[1]) < 0.012


def test_segments_of_all_customers(known, fetched):
    buyers = fetched.loc[fetched["frequency"] > 0, segments.FEATURES]
    fitted = clustering.fit(known.filter("frequency > 0"), k=4, starts=3)
    plain = segments.model(4).fit(buyers)
    scaled = fitted[:-1].transform(buyers)
    np.testing.assert_allclose(scaled, plain[:-1].transform(buyers), rtol=0, atol=1e-9)
    labels, cluster_ = fitted.predict(buyers), fitted[-1]
    inertia = ((scaled - cluster_.cluster_centers_[labels]) ** 2).sum()
    assert cluster_.inertia_ == pytest.approx(inertia, rel=1e-9)
    assert inertia < 1.01 * plain[-1].inertia_
    assert (segments.match(plain.predict(buyers), labels) == plain.predict(buyers)).mean() > 0.98
    assert (np.diff(np.bincount(labels)) <= 0).all(), "segment 0 is the largest"


def test_segments_refuse_what_has_no_logarithm(known):
    with pytest.raises(ValueError, match="number above -1 in recency: leave those out"):
        clustering.fit(known, k=3)
    with pytest.raises(ValueError, match="k is at least 2, not 1"):
        clustering.fit(known, k=1)


def test_fewer_different_customers_than_segments(spark):
    frame = spark.createDataFrame([(1.0, 3.0), (5.0, 3.0), (5.0, 3.0)], ["orders", "always"])
    fitted = clustering.fit(frame, k=4, columns=["orders", "always"], starts=1)
    assert fitted.predict(frame.toArrow().to_pandas()).tolist() == [1, 0, 0]
    assert fitted[-1].inertia_ == pytest.approx(0, abs=1e-12)
