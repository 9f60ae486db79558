"""Histories and cohorts as expressions: as pandas counts them by hand."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest
from hypothesis import given
from pandas.testing import assert_frame_equal
from small_shops import AS_OF, PROFILE, schema_table, shops

from helpers import features, lifetime, shop
from helpers.files import DATA
from helpers.shop import Shop


@pytest.fixture(scope="module")
def con():
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


def cohorts_by_hand(store, as_of):
    """Customer by customer, order by order."""
    whole = pd.Timestamp(as_of).replace(day=1).normalize()
    lines = store.purchases[store.purchases["ordered_at"] < whole]
    lines = lines[lines["cancelled_at"].isna() | (lines["cancelled_at"] >= whole)]
    rows = []
    for customer, mine in lines.groupby("customer_id"):
        orders = mine.groupby("order_id").agg(at=("ordered_at", "min"), amount=("amount", "sum"))
        months = orders["at"].dt.year * 12 + orders["at"].dt.month
        for month, amount in zip(months, orders["amount"], strict=True):
            cohort = f"{orders['at'].min():%Y-%m}"
            rows.append((cohort, month - months.min(), customer, amount))
    found = pd.DataFrame(rows, columns=["cohort", "months", "customer_id", "amount"])
    table = found.groupby(["cohort", "months"]).agg(
        customers=("customer_id", "nunique"), orders=("amount", "size"), revenue=("amount", "sum")
    )
    size = found.groupby("cohort")["customer_id"].nunique().rename("size")
    return table.join(size, on="cohort")[["size", "customers", "orders", "revenue"]]


@PROFILE
@given(store=shops())
def test_histories_agree_with_pandas(con, store):
    found = features.fetch(store, lifetime.define_history(features.tables_of(store), AS_OF), con)
    found = found.set_index("customer_id").sort_index()
    try:
        expected = lifetime.history(store, AS_OF)
    except ValueError:
        assert found.empty
        return
    assert_frame_equal(
        found[expected.columns], expected, check_dtype=False, check_index_type=False, rtol=1e-9
    )


def test_an_order_over_midnight_is_one_purchase_and_a_number_used_again_is_another(con):
    times = ["2024-01-01 23:59", "2024-01-02 00:01", "2024-03-01 12:00", "2024-03-05 12:00"]
    lines = [
        {"customer_id": "c", "order_id": number, "ordered_at": pd.Timestamp(at), "amount": 10.0}
        for number, at in zip(["a", "a", "b", "b"], times, strict=True)
    ]
    store = Shop("one", schema_table("purchases", lines))
    expression = lifetime.define_history(features.tables_of(store), "2024-04-01")
    [row] = features.fetch(store, expression, con).to_dict("records")
    assert row == {"customer_id": "c", "repeats": 2, "last": 64.0, "age": 91.0, "value": 40 / 3}


@pytest.mark.parametrize("name", ["simulated", "complete_journey"])
def test_cohorts_agree_with_pandas_by_hand(name, journey):
    store = journey if name == "complete_journey" else shop.load()
    some = store.purchases[store.purchases["customer_id"].str.endswith("3")]
    as_of = "2017-10-02" if name == "complete_journey" else "2025-07-15"
    found = lifetime.cohorts(Shop("some", some), as_of)
    expected = cohorts_by_hand(Shop("some", some), as_of)
    found.index = pd.MultiIndex.from_tuples([(str(c), m) for c, m in found.index])
    expected.index.names = found.index.names = ["cohort", "months"]
    assert_frame_equal(found, expected, check_dtype=False, check_index_type=False, rtol=1e-9)
    assert (found["customers"] <= found["size"]).all()


def test_an_opened_shop_gives_the_same(journey):
    opened, store = shop.open(DATA / "shop"), shop.load()
    assert_frame_equal(
        lifetime.history(opened, "2025-07-01"),
        lifetime.history(store, "2025-07-01"),
        check_index_type=False,
        check_dtype=False,
        rtol=1e-9,
    )
    assert_frame_equal(
        lifetime.cohorts(opened, "2025-07-01"), lifetime.cohorts(store, "2025-07-01")
    )
    with pytest.raises(ValueError, match="nobody bought before"):
        lifetime.history(opened, "2020-01-01")
