"""What was known at a cut-off: as pandas counts it by hand, and unmoved by what came later."""

import json

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from small_shops import AS_OF, MICROSECOND, PROFILE, schema_table, shops

from helpers import features, shop
from helpers.features import ShrinkRates, fit_beta_binomial
from helpers.shop import EVENT_TIME, SCHEMA, Shop


@pytest.fixture(scope="module")
def con():
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


def _replace(store, **tables):
    return Shop(store.name, **(store.tables | tables))


def by_hand(store, as_of):
    """Every column in plain pandas, one customer after the other where that is plainer."""
    as_of = pd.Timestamp(as_of)
    before = {name: table[table[EVENT_TIME[name]] < as_of] for name, table in store.tables.items()}
    orders = before["purchases"]
    orders = orders[orders["cancelled_at"].isna() | (orders["cancelled_at"] >= as_of)]
    before["purchases"] = orders  # what was canceled was never placed
    first = pd.concat(
        [table.set_index("customer_id")[EVENT_TIME[name]] for name, table in before.items()]
    )
    first = first.groupby(level=0).min().sort_index()
    frame = pd.DataFrame(index=first.index.rename("customer_id"))

    def days(moment):
        return (as_of - moment).dt.total_seconds().reindex(frame.index) / 86_400

    def count(series):
        return series.reindex(frame.index).fillna(0)

    of_customer = orders.groupby("customer_id")
    frame["recency"] = days(of_customer["ordered_at"].max())
    frame["never_bought"] = ~frame.index.isin(orders["customer_id"])
    frame["frequency"] = count(of_customer["order_id"].nunique())
    frame["monetary"] = count(of_customer["amount"].sum())
    frame["tenure"] = days(first)
    months = (frame["tenure"] / 30).clip(lower=1)
    frame["order_rate"] = frame["frequency"] / months

    lines = orders.dropna(subset="category").groupby(["customer_id", "category"]).size()
    frame["top_category_share"] = lines.groupby(level=0).max() / lines.groupby(level=0).sum()
    frame["interest_count"] = count(lines.groupby(level=0).sum())
    acts = orders[["customer_id", "ordered_at"]].set_axis(["customer_id", "at"], axis=1)

    if store.visits is not None:
        seen = before["visits"].assign(category=lambda t: t["category"].fillna("?"))
        looks = seen.groupby(["customer_id", "visit_id", "category"]).agg(
            seconds=("seconds", "sum"), started_at=("started_at", "first")
        )
        looks["seconds"] = looks["seconds"].clip(upper=1_800)
        each = seen.groupby(["customer_id", "visit_id"]).agg(
            started_at=("started_at", "first"),
            cart=("added_to_cart", "max"),
            ordered=("ordered", "max"),
        )
        frame["visits"] = count(each.groupby("customer_id").size())
        frame["visit_recency"] = days(each.groupby("customer_id")["started_at"].max())
        frame["visit_rate"] = frame["visits"] / months
        frame["seconds"] = count(looks["seconds"].groupby("customer_id").sum())
        known = looks[looks.index.get_level_values("category") != "?"]["seconds"]
        table = known.reset_index().pivot_table("seconds", "customer_id", "category", "sum")
        table = table.reindex(frame.index).fillna(0)
        totals = table.sum(axis=1)
        for name in table:
            frame[f"seconds_{name}"] = table[name]
            frame[f"share_{name}"] = table[name] / totals.where(totals > 0)
        carts = each[each["cart"]]
        frame["carts"] = count(carts.groupby("customer_id").size())
        frame["abandoned_carts"] = count(carts[~carts["ordered"]].groupby("customer_id").size())
        browsed = totals > 0
        frame.loc[browsed, "top_category_share"] = (table.max(axis=1) / totals)[browsed]
        frame.loc[browsed, "interest_count"] = known.groupby("customer_id").size()[
            browsed[browsed].index
        ]
        visited = seen[["customer_id", "started_at"]].set_axis(["customer_id", "at"], axis=1)
        acts = pd.concat([acts, visited], ignore_index=True)

    if store.customers is not None:
        frame["account_age"] = days(before["customers"].set_index("customer_id")["signed_up_at"])
    ago = (as_of - acts["at"]).dt.total_seconds() / 86_400
    frame["days_since_activity"] = ago.groupby(acts["customer_id"]).min()
    day = np.ceil(ago)
    recent, earlier = (
        count(day[which].groupby(acts["customer_id"]).nunique())
        for which in (day <= 90, (day > 90) & (day <= 180))
    )
    frame["active_days"] = recent
    frame["activity_trend"] = (recent - earlier) / (recent + earlier + 1)

    # What `transform` does, from the counts; the priors themselves have tests of their own.
    alpha, beta = fit_beta_binomial(
        (frame["top_category_share"] * frame["interest_count"]).fillna(0), frame["interest_count"]
    )
    taken = (frame["top_category_share"] * frame["interest_count"]).fillna(0)
    frame["category_interest_score"] = (taken + alpha) / (frame["interest_count"] + alpha + beta)
    if "carts" in frame:
        alpha, beta = fit_beta_binomial(frame["abandoned_carts"], frame["carts"])
        frame["cart_abandonment"] = (frame["abandoned_carts"] + alpha) / (
            frame["carts"] + alpha + beta
        )
    return frame


def _assert_by_hand(store, as_of, built):
    expected = by_hand(store, as_of)
    assert sorted(built.columns) == sorted(expected.columns)
    assert built.index.tolist() == expected.index.tolist()
    for name in built:
        np.testing.assert_allclose(
            built[name].to_numpy(float),
            expected[name].to_numpy(float),
            rtol=1e-9,
            atol=1e-9,
            err_msg=name,
        )


@PROFILE
@given(store=shops())
def test_agrees_with_pandas_by_hand(con, store):
    _assert_by_hand(store, AS_OF, features.build(store, AS_OF, con))


def test_agrees_with_pandas_by_hand_on_the_simulated_shop():
    whole = shop.load()
    tables = {
        name: table[table["customer_id"].str.endswith("7")] for name, table in whole.tables.items()
    }
    store = Shop("a tenth", **tables)
    built = features.build(store, "2025-07-01")
    _assert_by_hand(store, "2025-07-01", built)
    assert len(built) > 500
    assert built.attrs["missing_tables"] == []


def test_agrees_with_pandas_by_hand_on_real_shoppers(journey):
    some = [
        table[table["customer_id"].str.endswith(("3", "8"))]
        for table in (journey.purchases, journey.customers)
    ]
    store = Shop("a fifth", some[0], customers=some[1])
    built = features.build(store, "2017-10-01")
    _assert_by_hand(store, "2017-10-01", built)
    assert len(built) > 450
    assert built.attrs["missing_tables"] == ["visits", "campaigns", "impressions"]


def _later_rows(name, at):
    row = {column: None for column in SCHEMA[name]} | {EVENT_TIME[name]: at}
    row |= {"order_id": "new", "visit_id": "new", "category": "new", "amount": 77.0}
    row |= {"seconds": 55, "added_to_cart": True, "treated": True}
    people = ["c0", "c1", "c2", "c10", "stranger"]
    return schema_table(name, [row | {"customer_id": who} for who in people])


def _assert_unmoved_by_what_follows(con, store, at):
    tables = {
        name: pd.concat([table, _later_rows(name, at)], ignore_index=True)
        for name, table in store.tables.items()
    }
    if "customers" in tables:  # a customer signs up once
        tables["customers"] = tables["customers"].drop_duplicates("customer_id")
    pending = tables["purchases"]["cancelled_at"].isna()
    tables["purchases"].loc[pending, "cancelled_at"] = at
    after = features.build(_replace(store, **tables), AS_OF, con)
    assert_frame_equal(features.build(store, AS_OF, con), after, check_exact=True)


WAITS = [pd.Timedelta(wait) for wait in ("0us", "1us", "1D", "300D")]


@PROFILE
@given(store=shops(), wait=st.sampled_from(WAITS))
def test_what_is_recorded_later_changes_nothing(con, store, wait):
    _assert_unmoved_by_what_follows(con, store, AS_OF + wait)


@pytest.mark.parametrize("wait", WAITS)
def test_what_is_recorded_later_changes_nothing_where_all_tables_are_full(con, wait):
    early = AS_OF - pd.Timedelta("50D")
    full = {name: _later_rows(name, early).head(4) for name in SCHEMA}
    full["customers"] = full["customers"].head(1)  # the others sign up later
    _assert_unmoved_by_what_follows(con, Shop("full", **full), AS_OF + wait)


@PROFILE
@given(store=shops(), seed=st.integers(0, 1_000))
def test_the_order_of_rows_changes_nothing(con, store, seed):
    shuffled = {
        name: table.sample(frac=1, random_state=seed) for name, table in store.tables.items()
    }
    assert_frame_equal(
        features.build(store, AS_OF, con),
        features.build(_replace(store, **shuffled), AS_OF, con),
        check_exact=True,
    )


def test_the_order_of_rows_changes_no_bit_on_real_shoppers(journey):
    reverse = Shop("reverse", journey.purchases.iloc[::-1], customers=journey.customers)
    assert_frame_equal(
        features.build(journey, "2017-06-01"),
        features.build(reverse, "2017-06-01"),
        check_exact=True,
    )


def _one_order(**changes):
    row = {
        "customer_id": "c",
        "order_id": "o",
        "ordered_at": AS_OF - pd.Timedelta("10D"),
        "category": "a",
        "amount": 12.34,
        "cancelled_at": pd.NaT,
    }
    return Shop("one", schema_table("purchases", [row | changes]))


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({}, True),
        ({"cancelled_at": AS_OF}, True),
        ({"cancelled_at": AS_OF - MICROSECOND}, False),
        ({"ordered_at": AS_OF - MICROSECOND}, True),
    ],
)
def test_cancellation_counts_from_its_own_time(con, changes, stands):
    built = features.build(_one_order(**changes), AS_OF, con)
    # whose only order was canceled is not known at all, as if it had never been placed
    assert built["frequency"].tolist() == [1] * stands
    assert built["monetary"].tolist() == [12.34] * stands


def test_the_instant_of_the_cut_off_is_not_before_it(con):
    assert features.build(_one_order(ordered_at=AS_OF), AS_OF, con).empty


def _visit(customer, visit, days, category="a", seconds=100, cart=False, ordered=False):
    return {
        "customer_id": customer,
        "visit_id": visit,
        "started_at": AS_OF - pd.Timedelta(days, "D"),
        "category": category,
        "seconds": seconds,
        "added_to_cart": cart,
        "ordered": ordered,
    }


def test_customers_who_only_visit(con):
    visits = [
        _visit("c", "1", 20, "a", 5_000, cart=True),
        _visit("c", "1", 20, "b", 600),
        _visit("c", "2", 3, "b", 0),
        _visit("d", "3", 3, None, 30, cart=True, ordered=True),
    ]
    store = Shop("visits", schema_table("purchases", []), schema_table("visits", visits))
    built = features.build(store, AS_OF, con)
    assert built.index.tolist() == ["c", "d"]
    c, d = built.loc["c"], built.loc["d"]
    assert c["never_bought"] and np.isnan(c["recency"]) and c["monetary"] == 0
    assert (c["visits"], c["seconds"], c["seconds_a"], c["seconds_b"]) == (2, 2_400, 1_800, 600)
    assert (c["share_a"], c["top_category_share"], c["interest_count"]) == (0.75, 0.75, 3)
    assert (c["carts"], c["abandoned_carts"], c["visit_recency"]) == (1, 1, 3.0)
    assert (c["active_days"], c["activity_trend"], c["tenure"]) == (2, 2 / 3, 20.0)
    assert c["visit_rate"] == 2  # a tenure of 20 days counts as 30
    assert (d["carts"], d["abandoned_carts"], d["interest_count"]) == (1, 0, 0)
    assert np.isnan(d["share_a"]) and d["seconds"] == 30
    assert "account_age" not in built


@pytest.mark.parametrize("with_all", [False, True])
def test_empty_tables(con, with_all):
    optional = {name: schema_table(name, []) for name in SCHEMA if with_all and name != "purchases"}
    built = features.build(Shop("empty", schema_table("purchases", []), **optional), AS_OF, con)
    assert built.empty and built.index.name == "customer_id"
    assert ("visits" in built, "account_age" in built) == (with_all, with_all)
    assert built["frequency"].dtype == "int64" and built["never_bought"].dtype == bool


def test_types_names_and_attributes(con):
    table = [_visit("c", "1", 1)]
    built = features.build(
        Shop("typed", _one_order().purchases, schema_table("visits", table)),
        "2024-07-01 12:00",
        con,
    )
    assert built.index.dtype == "str" and built.index.name == "customer_id"
    whole = [
        "frequency",
        "interest_count",
        "active_days",
        "visits",
        "seconds",
        "seconds_a",
        "carts",
        "abandoned_carts",
    ]
    assert (built.dtypes[whole] == "int64").all()
    assert (built.dtypes.drop([*whole, "never_bought"]) == "float64").all()
    assert built.attrs == {
        "as_of": "2024-07-01T12:00:00",
        "missing_tables": ["customers", "campaigns", "impressions"],
    }
    json.dumps(built.attrs)  # else `to_parquet` fails


def test_every_column_is_documented(con):
    store = Shop(
        "all",
        _one_order().purchases,
        schema_table("visits", [_visit("c", "1", 1)]),
        schema_table("customers", []),
    )
    text = features.__doc__
    for name in features.build(store, AS_OF, con):
        name = name.removesuffix("_a") + "_<category>" if name.endswith("_a") else name
        assert f"| `{name}`" in text, name


def test_every_table_brings_customers(con):
    early = AS_OF - pd.Timedelta("5D")
    tables = {
        name: schema_table(
            name,
            [
                {
                    "customer_id": name,
                    EVENT_TIME[name]: early,
                    "order_id": "o",
                    "visit_id": "v",
                    "treated": True,
                }
            ],
        )
        for name in SCHEMA
    }
    store = Shop("all", **tables)
    built = features.build(store, AS_OF, con)
    assert built.index.tolist() == sorted(SCHEMA)
    assert (built["tenure"] == 5).all()
    assert built["frequency"].sum() == 1
    assert built["account_age"].count() == 1
    assert features.known_customers(store, AS_OF, con).equals(built.index)


def test_categories_can_be_set_and_are_at_most_thirty(con):
    seen = [_visit("c", str(n), 1, f"k{n:02d}") for n in range(40)] + [_visit("c", "x", 1, "k39")]
    store = Shop("many", schema_table("purchases", []), schema_table("visits", seen))
    names = features.browsed_categories(store, AS_OF)
    assert names == [f"k{n:02d}" for n in range(29)] + ["k39"]
    built = features.build(store, AS_OF, con, categories=["k05", "unheard of"])
    found = [name for name in built if name.startswith("seconds_")]
    assert found == ["seconds_k05", "seconds_unheard of"]
    assert built["seconds_unheard of"].tolist() == [0] and built["seconds"].tolist() == [4_100]
    assert built["share_k05"].tolist() == [100 / 4_100]


@pytest.mark.parametrize(
    "as_of",
    [
        "yesterdayish",
        None,
        pd.NaT,
        20171001,
        2.5,
        np.int64(3),
        "2024-13-01",
        object(),
        pd.Timestamp("2024-01-01", tz="UTC"),
    ],
)
def test_a_bad_cut_off_is_named(as_of):
    with pytest.raises(ValueError, match="as_of must be"):
        features.build(_one_order(), as_of)


@pytest.mark.parametrize(
    "as_of", ["2024-07-01 12:00", AS_OF.to_pydatetime(), AS_OF.to_numpy(), AS_OF]
)
def test_any_kind_of_moment_will_do(con, as_of):
    assert features.build(_one_order(), as_of, con)["recency"].tolist() == [10.0]


@settings(PROFILE, max_examples=3)
@given(store=shops())
def test_expressions_run_on_tables_of_a_database(tmp_path, con, store):
    tables = {}
    for name, table in store.tables.items():
        table.to_parquet(tmp_path / f"{name}.parquet")
        tables[name] = con.read_parquet(tmp_path / f"{name}.parquet")
    names = features.browsed_categories(store, AS_OF)
    found = con.to_pyarrow(features.define(tables, AS_OF, names)).to_pandas()
    found = ShrinkRates().fit_transform(found.set_index("customer_id").sort_index())
    expected = features.build(store, AS_OF, con)
    expected.attrs = {}
    assert_frame_equal(found, expected, check_exact=True)


@settings(PROFILE, max_examples=5)
@given(store=shops())
def test_categories_counted_side_by_side_are_those_counted_in_groups(con, store):
    tables = features.tables_of(store)
    bought = sorted(store.purchases["category"].dropna().unique())
    grouped, beside = (
        con.to_pyarrow(features.define(tables, AS_OF, bought=names)).to_pandas()
        for names in ((), bought)
    )
    assert_frame_equal(
        grouped.sort_values("customer_id", ignore_index=True),
        beside.sort_values("customer_id", ignore_index=True),
        check_exact=True,
    )


@pytest.mark.parametrize("categories", [0, 1, 30, 31])
def test_any_number_of_categories_gives_the_same_top(con, categories):
    lines = [category for category in range(categories) for _ in range(1 + (category == 0))]
    lines = [f"it's {category}" for category in lines] + [None]
    purchases = pd.DataFrame(
        {
            "customer_id": "a",
            "order_id": [str(number) for number in range(len(lines))],
            "ordered_at": AS_OF - pd.Timedelta("1D"),
            "category": lines,
            "amount": 1.0,
        }
    )
    found = features.build(Shop("s", shop.conform(purchases, "purchases")), AS_OF, con).loc["a"]
    assert found["interest_count"] == len(lines) - 1
    if categories:
        assert found["top_category_share"] == 2 / (len(lines) - 1)
    else:
        assert pd.isna(found["top_category_share"])


@pytest.mark.parametrize("dialect", ["bigquery", "snowflake", "postgres"])
def test_expressions_compile_elsewhere(dialect):
    kinds = {
        "id": "string",
        "text": "string",
        "time": "timestamp",
        "money": "float64",
        "number": "float64",
        "whole": "int64",
        "flag": "boolean",
    }
    tables = {
        name: ibis.table({column: kinds[kind] for column, kind in columns.items()}, name=name)
        for name, columns in SCHEMA.items()
    }
    text = ibis.to_sql(features.define(tables, AS_OF, ["a", "b"]), dialect=dialect)
    assert "category_interest_score" in text and "seconds_b" in text
