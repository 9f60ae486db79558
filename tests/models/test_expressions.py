"""The probability of a linear model in DuckDB is that of scikit-learn."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers import features, models, shop, targets
from helpers.features.expressions import NoExpression

CUTOFF = pd.Timestamp("2025-07-01")


def lying(frame: pd.DataFrame, missing_as_null: bool = True) -> ibis.Table:
    arrays = {"customer_id": pa.array(range(len(frame)))}
    for name in frame:
        null = missing_as_null or not pd.api.types.is_float_dtype(frame[name])
        arrays[name] = pa.array(frame[name], from_pandas=null)
    return ibis.memtable(pa.table(arrays))


def check(fitted, frame: pd.DataFrame) -> None:
    expected = fitted.predict_proba(frame)[:, 1]
    for missing_as_null in (True, False):
        scores = models.define_probability(fitted, lying(frame, missing_as_null)).to_pandas()
        assert list(scores) == ["customer_id", "propensity"] and len(scores) == len(frame)
        found = scores.sort_values("customer_id")["propensity"]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def table(rows: int = 300, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Columns of every kind, gaps among them, negative ones, a constant, one without values."""
    rng = np.random.default_rng(seed)
    gap = rng.random(rows) < 0.2
    X = pd.DataFrame(
        {
            "spend": rng.lognormal(3, 1, rows),
            "margin": rng.normal(-5, 40, rows),
            "recency": np.where(gap, np.nan, rng.integers(0, 300, rows)),
            "never": gap,
            "orders": rng.integers(0, 9, rows),
            "constant": 1.0,
            "missing": np.nan,
            "region": pd.Series(rng.choice(["north", "it's", None], rows), dtype="str"),
            "plan": pd.Series(["basic"] * (rows - 3) + ["gold"] * 3, dtype="str"),
        }
    )
    y = (np.log(X["spend"]) + X["orders"] / 3 - gap + rng.normal(0, 1, rows)) > 5
    return X, y.to_numpy()


@pytest.mark.parametrize("scale", ["default", "standardize", None])
def test_gaps_flags_text_and_new_levels(scale):
    X, y = table()
    fitted = models.model("logistic regression", scale=scale).fit(X, y)
    new = table(60, seed=1)[0].astype({"orders": float, "constant": float})
    new.loc[:30, "region"] = "east"  # never seen
    new.loc[:9, "plan"] = "silver"
    new.loc[0, ["spend", "margin", "recency", "orders", "constant", "region", "plan"]] = np.nan
    new.loc[1:40, "missing"] = 3.0
    check(fitted, new)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.one_of(st.none(), st.floats(-1e9, 1e9))] * 2, st.booleans()),
        min_size=1,
        max_size=30,
    )
)
def test_numbers_of_any_size(rows):
    X, y = table()
    columns = ["spend", "margin", "never"]
    new = pd.DataFrame(rows, columns=columns).astype({"spend": float, "margin": float})
    for scale in ("default", "standardize"):
        check(models.model("logistic regression", scale=scale).fit(X[columns], y), new)


def test_a_shop_is_scored_where_it_lies():
    """Rates as counted, shrunk in the expression: from the tables of orders to the probability."""
    store = shop.load()
    tables = features.tables_of(store)
    categories = features.browsed_categories(store, CUTOFF)
    learned = features.build(store, "2025-01-01", categories=categories)
    outcome = targets.future(store, "2025-01-01", "91D")["bought"]
    fitted = models.model("logistic regression").fit(learned, outcome)
    defined = features.define(tables, CUTOFF, categories)
    found = features.fetch(store, models.define_probability(fitted, defined))
    found = found.set_index("customer_id")["propensity"].sort_index()
    built = features.build(store, CUTOFF, categories=categories)
    assert found.index.equals(built.index) and found.std() > 0.05
    np.testing.assert_allclose(found, fitted.predict_proba(built)[:, 1], rtol=0, atol=1e-9)


def test_certain_outcomes_are_0_and_1_and_what_is_missing_stays_so():
    X = pd.DataFrame({"x": [-2.0, -1.0, 1.0, 2.0]})
    regression = LogisticRegression(C=1e6).fit(X, X["x"] > 0)
    far = pd.DataFrame({"x": [-1e6, -1e3, 0.0, 1e3, 1e6]})
    fitted = make_pipeline(regression)
    check(fitted, far)
    assert fitted.predict_proba(far)[[0, -1], 1].tolist() == [0.0, 1.0]
    gap = models.define_probability(fitted, lying(far.replace(0.0, np.nan)))
    found = gap.order_by("customer_id").to_pandas()["propensity"]
    assert found.isna().tolist() == [False, False, True, False, False]


def test_what_cannot_be_written_is_named():
    X, y = table()
    few = X[["spend", "orders"]]
    three = make_pipeline(StandardScaler(), LogisticRegression()).fit(few, X["orders"] % 3)
    for fitted, frame, said in (
        (models.model("random forest").fit(few, y), few, "RandomForestClassifier has no"),
        (three, few, "two classes, not of 3"),
        (models.model("logistic regression").fit(few, y), X[["spend"]], "lacks the columns orders"),
    ):
        with pytest.raises(NoExpression, match=said):
            models.define_probability(fitted, lying(frame))
