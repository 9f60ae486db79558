"""What a fitted transformer does to a table, DuckDB does by its expression: missing values too."""

from __future__ import annotations

import itertools
import warnings

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    StandardScaler,
)

from helpers import features, shop
from helpers.features import ShrinkRates
from helpers.features.expressions import (
    FUNCTIONS,
    NoExpression,
    columns_of,
    define_inputs,
    define_transformed,
    weighted_sum,
)

NUMBERS, TEXTS = ["spend", "orders", "constant"], ["region", "channel"]
FILL = SimpleImputer(strategy="constant", fill_value="(missing)", missing_values=np.nan)

numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.integers(-3, 3).map(float))
texts = st.sampled_from([None, "north", "south", "east", "Ünder", "it's", ""])


def tables(least: int = 2):
    row = st.tuples(numbers, numbers, st.just(5.0), texts, texts)
    rows = st.lists(row, min_size=least, max_size=12)
    kinds = {name: float for name in NUMBERS} | {name: "str" for name in TEXTS}
    return rows.map(lambda rows: pd.DataFrame(rows, columns=[*NUMBERS, *TEXTS]).astype(kinds))


def without_empty_columns(frame: pd.DataFrame) -> pd.DataFrame:
    frame.loc[0] = [7.0, 2.0, 5.0, "north", "south"]
    return frame


def lying(frame: pd.DataFrame) -> ibis.Table:
    """The table in an engine; of the missing numbers every other is NULL, the others NaN."""
    arrays = {"customer_id": pa.array(range(len(frame)))}
    for name in frame:
        arrays[name] = pa.array(frame[name], from_pandas=True)
        if pa.types.is_floating(arrays[name].type):
            nan = pc.and_(pa.array(frame.index % 2 == 0), arrays[name].is_null())
            arrays[name] = pc.if_else(nan, np.nan, arrays[name])
    return ibis.memtable(pa.table(arrays))


def transformed(transformer, table: ibis.Table) -> dict[str, ibis.Value]:
    return define_transformed(transformer, columns_of(define_inputs(transformer, table)), FUNCTIONS)


def computed(transformers: list, frame: pd.DataFrame) -> list[pd.DataFrame]:
    """What each makes of the table, by one query."""
    everything = FunctionTransformer().fit(frame)
    known = define_inputs(everything, lying(frame)).order_by("customer_id")
    whole = columns_of(known)
    parts = []
    for transformer in transformers:
        names = getattr(transformer, "feature_names_in_", list(whole))
        columns = {name: whole[name] for name in names}
        parts.append(define_transformed(transformer, columns, FUNCTIONS))
    query = {f"{i} {name}": value for i, part in enumerate(parts) for name, value in part.items()}
    table = known.select(**query).to_pyarrow()
    for column in table.columns:  # what is missing is NULL, never NaN
        assert not pa.types.is_floating(column.type) or not pc.any(pc.is_nan(column)).as_py()
    found = table.to_pandas()
    return [
        found[[f"{i} {name}" for name in part]].set_axis(list(part), axis="columns")
        for i, part in enumerate(parts)
    ]


def check(frame: pd.DataFrame, *transformers) -> None:
    for transformer, found in zip(transformers, computed(list(transformers), frame), strict=True):
        expected = pd.DataFrame(transformer.transform(frame[transformer.feature_names_in_]))
        assert list(found) == list(transformer.get_feature_names_out())
        np.testing.assert_allclose(found.astype(float), expected.astype(float), 1e-12, 1e-12)


@settings(max_examples=8, deadline=None)
@given(tables(), tables(1))
def test_scales_and_gaps(seen, new):
    kept = SimpleImputer(keep_empty_features=True, add_indicator=True)
    transformers = (
        StandardScaler(),
        StandardScaler(with_mean=False),
        StandardScaler(with_std=False),
        SimpleImputer(strategy="median", add_indicator=True),
        SimpleImputer(strategy="constant", fill_value=-2.5),
        make_pipeline(kept, "passthrough", StandardScaler()),
    )
    seen = without_empty_columns(seen)[NUMBERS]
    check(new, *(transformer.fit(seen) for transformer in transformers))


def test_a_column_without_values_is_kept_or_dropped():
    seen = pd.DataFrame({"spend": [1.0, 2.0, 4.0], "nothing": np.nan})
    new = pd.DataFrame({"spend": [np.nan, 3.0], "nothing": [np.nan, 8.0]})
    kept = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    check(new, kept.fit(seen))
    dropped = SimpleImputer(strategy="median", add_indicator=True).fit(seen)
    assert list(transformed(dropped, lying(new))) == ["spend", "missingindicator_nothing"]
    with pytest.warns(UserWarning, match="Skipping features"):
        check(new, dropped)


@settings(max_examples=8, deadline=None)
@given(tables(), tables(1))
def test_levels_seen_rare_and_new(seen, new):
    seen = without_empty_columns(seen)[TEXTS]
    transformers = []
    for unknown, rare in itertools.product(("ignore", "infrequent_if_exist"), (None, 2, 3)):
        encoder = OneHotEncoder(handle_unknown=unknown, min_frequency=rare, sparse_output=False)
        transformers.append(make_pipeline(FILL, encoder).fit(seen))
        # not filled, what is missing is a level like others
        transformers.append(clone(encoder).fit(seen))
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # of unknown levels
        check(new, *transformers)


def test_a_level_that_the_encoder_refuses_is_missing():
    encoder = OneHotEncoder(sparse_output=False).fit(pd.DataFrame({"code": [1.0, 2.0]}))
    check(pd.DataFrame({"code": [2.0, 1.0]}), encoder)
    [found] = computed([encoder], pd.DataFrame({"code": [2.0, 3.0, np.nan]}))
    assert found.isna().all(axis=1).tolist() == [False, True, True]


def test_columns_chosen_by_name_place_mask_or_kind():
    row = [1.0, np.nan, 5.0, "north", np.nan]
    frame = pd.DataFrame([row] * 3, columns=[*NUMBERS, *TEXTS]).astype({"channel": "str"})
    frame = without_empty_columns(frame)
    fill, numeric = SimpleImputer(), make_column_selector(dtype_include="number")
    encode = make_pipeline(FILL, OneHotEncoder(handle_unknown="ignore", sparse_output=False))
    transformers = [
        ColumnTransformer(
            [("n", fill, chosen), ("t", encode, ["channel"]), ("none", "drop", ["region"])],
            verbose_feature_names_out=verbose,
        )
        for chosen, verbose in (
            (["orders", "spend"], True),
            ([1, 0], True),
            (slice(0, 2), False),
            ([True, False, True, False, False], False),
            (numeric, True),
        )
    ]
    rest = ColumnTransformer(
        [("n", fill, ["orders"]), ("t", "drop", TEXTS), ("e", fill, [])], remainder="passthrough"
    )
    check(frame, *(transformer.fit(frame) for transformer in [*transformers, rest]))


def test_logarithms_are_missing_where_there_is_none():
    log = FunctionTransformer(np.log1p, feature_names_out="one-to-one")
    frame = pd.DataFrame({"spend": [0.0, 1e-9, 3.5, 1e6, -0.5, np.nan]})
    same = FunctionTransformer(feature_names_out="one-to-one")
    check(frame, log.fit(frame), same.fit(frame))
    [beyond] = computed([log], pd.DataFrame({"spend": [-1.0, -2.0, np.inf, -np.inf]}))
    assert beyond["spend"].isna().all()


def test_flags_whole_numbers_and_decimals_are_numbers():
    frame = pd.DataFrame({"flag": [True, False, True], "whole": [1, 2, 9], "price": [1.5, 2, 3.25]})
    scaler = StandardScaler().fit(frame.astype(float))
    table = lying(frame).mutate(price=ibis._.price.cast("decimal(10, 2)"))
    known = define_inputs(scaler, table)
    assert {str(value.type()) for value in columns_of(known).values()} == {"float64"}
    found = known.select(**transformed(scaler, table)).to_pandas()
    np.testing.assert_allclose(found, scaler.transform(frame.astype(float)))


def test_rates_of_a_shop_are_shrunk_as_in_pandas():
    store, as_of = shop.load(), pd.Timestamp("2025-07-01")
    known = features.fetch(store, features.define(features.tables_of(store), as_of))
    known = known.sort_values("customer_id", ignore_index=True)
    known = known[
        [*features.RATES, "abandoned_carts", "carts", "top_category_share", "interest_count"]
    ]
    known = known.iloc[:500].astype(float)
    assert (known["carts"] == 0).any() and (known["interest_count"] > 3).any()
    shrink = ShrinkRates().fit(known)
    assert set(shrink.priors_) == set(features.RATES)
    known.loc[:9, "carts"] = known.loc[5:19, "top_category_share"] = np.nan
    check(known, shrink)


def test_what_is_not_known_is_named():
    frame = pd.DataFrame({"spend": [1.0, 2.0, 3.0]})
    odd = ColumnTransformer(
        [("n", StandardScaler(), ["spend"])], verbose_feature_names_out="{feature_name}_of"
    )
    for transformer, said in (
        (make_pipeline(StandardScaler(), MinMaxScaler()), "MinMaxScaler cannot be written"),
        (FunctionTransformer(np.cbrt), "function cbrt"),
        (FunctionTransformer(np.log1p, kw_args={"dtype": "float32"}), "function log1p"),
        (SimpleImputer(missing_values=2.0), "SimpleImputer that fills 2.0"),
        (OneHotEncoder(drop="first"), "OneHotEncoder that drops a level"),
        (odd, "ColumnTransformer with names of its own"),
    ):
        fitted = transformer.fit(frame)
        with pytest.raises(NoExpression, match=said):
            transformed(fitted, lying(frame))


def test_a_table_without_the_columns_is_refused():
    frame = pd.DataFrame({"spend": [1.0, 2.0], "orders": [1.0, 2.0]})
    named, nameless = StandardScaler().fit(frame), StandardScaler().fit(frame.to_numpy())
    with pytest.raises(NoExpression, match="lacks the columns orders"):
        define_inputs(named, lying(frame[["spend"]]))
    with pytest.raises(NoExpression, match="lacks the columns customer_id"):
        define_inputs(named, lying(frame).drop("customer_id"))
    with pytest.raises(NoExpression, match="from 2 columns without names; the table has 1 beside"):
        define_inputs(nameless, lying(frame[["spend"]]))
    more = lying(frame.assign(other=1.0)[["orders", "other", "spend"]])
    assert define_inputs(named, more).columns == ("customer_id", "spend", "orders")
    assert define_inputs(nameless, lying(frame)).columns == ("customer_id", "spend", "orders")


def test_a_sum_of_a_thousand_columns_can_be_written():
    frame = pd.DataFrame(np.arange(2_000.0).reshape(2, 1_000)).rename(columns="c{}".format)
    weights = np.linspace(-1, 1, 1_000)
    table = lying(frame)
    found = table.select(sum=weighted_sum(columns_of(table).values(), weights, 0.25)).to_pandas()
    np.testing.assert_allclose(found["sum"], frame @ weights + 0.25)
