"""The targets as expressions: as pandas counts them by hand, in memory and where the tables lie."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from small_shops import AS_OF, PROFILE, shops

from helpers import features, shop, targets
from helpers.files import DATA
from helpers.shop import EVENT_TIME

DAY = pd.Timedelta("1D")
YEAR = pd.Timedelta("365D")


@pytest.fixture(scope="module")
def con():
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


def by_hand(store, as_of, length, share, past=YEAR):
    """Every target of every known customer, one customer after the other."""
    lines = store.purchases
    end = as_of + length

    def bought(customer, start, until):
        mine = lines[(lines["customer_id"] == customer) & lines["ordered_at"].between(start, until)]
        mine = mine[mine["ordered_at"] < until]
        mine = mine[mine["cancelled_at"].isna() | (mine["cancelled_at"] >= until)]
        return mine["order_id"].nunique(), round(mine["amount"].sum(), 2)

    known = set()
    for name, rows in store.tables.items():
        rows = rows[rows[EVENT_TIME[name]] < as_of]
        if name == "purchases":
            rows = rows[rows["cancelled_at"].isna() | (rows["cancelled_at"] >= as_of)]
        known |= set(rows["customer_id"])
    table = []
    for customer in sorted(known):
        active = bought(customer, as_of - YEAR, as_of)[0] > 0
        if store.visits is not None:
            at = store.visits.loc[store.visits["customer_id"] == customer, "started_at"]
            active |= bool(((at >= as_of - YEAR) & (at < as_of)).any())
        orders, revenue = bought(customer, as_of, end)
        table.append((customer, active, orders, revenue, bought(customer, as_of - past, as_of)[1]))
    names = ["customer_id", "active", "future_orders", "future_revenue", "spent"]
    found = pd.DataFrame(table, columns=names).set_index("customer_id")
    sought = max(1, round(share * found["active"].sum()))
    for name, money in (("high_value", "future_revenue"), ("already_high_value", "spent")):
        asked = sorted(found.loc[found["active"].astype(bool), money], reverse=True)
        border = asked[sought - 1] if asked else float("inf")
        found[name] = found["active"].astype(bool) & (found[money] >= border) & (found[money] > 0)
    found["newly_high_value"] = found["high_value"] & ~found["already_high_value"]
    found["future_bought"] = found["future_orders"] > 0
    return found.drop(columns="spent")


@PROFILE
@given(
    store=shops(),
    days=st.sampled_from([1, 40, 90]),
    share=st.sampled_from([0.1, 0.5, 0.75]),
    past=st.sampled_from(["30D", "365D"]),
)
def test_agrees_with_pandas_by_hand(con, store, days, share, past):
    expression = targets.define(features.tables_of(store), AS_OF, f"{days}D", share, past)
    found = features.fetch(store, expression, con).set_index("customer_id").sort_index()
    expected = by_hand(store, AS_OF, days * DAY, share, pd.Timedelta(past))
    assert_frame_equal(
        found[expected.columns], expected, check_dtype=False, check_index_type=False, rtol=1e-9
    )


@pytest.fixture(scope="module")
def bundled():
    return shop.load(), shop.open(DATA / "shop")


@pytest.mark.parametrize("share", [0.1, 0.013])
def test_agrees_with_the_shop_in_memory(bundled, share):
    store, opened = bundled
    when = ("2025-04-02", "91D")
    found = features.fetch(opened, targets.define(opened.tables, *when, share))
    found = found.set_index("customer_id").sort_index()
    future = targets.future(store, *when).add_prefix("future_")
    assert_frame_equal(found[list(future)], future, check_index_type=False, rtol=1e-9)
    high = targets.high_value(store, *when, share)
    asked = found[found["active"]]
    assert asked.index.tolist() == high.index.tolist()
    assert (asked["high_value"] == high).all() and not found["high_value"][~found["active"]].any()
    newly = targets.newly_high_value(store, *when, share)
    assert (asked["newly_high_value"] == newly).all()
    already = targets.already_high_value(store, when[0], share)
    assert (asked["already_high_value"] == already).all()


def test_an_opened_shop_gives_the_same_tables(bundled):
    store, opened = bundled
    cutoffs = ["2024-10-01", "2025-04-01"]
    same = {"check_index_type": False, "check_column_type": False, "rtol": 1e-9}
    expected = targets.snapshots(store, cutoffs, "91D")
    assert_frame_equal(targets.snapshots(opened, cutoffs, "91D"), expected, **same)
    ranked = targets.next_category(store, "2025-04-01", "91D")
    assert_frame_equal(targets.next_category(opened, "2025-04-01", "91D"), ranked, **same)
    assert targets.window(opened, "2025-04-01", "91D") == targets.window(store, "2025-04-01", "91D")
    with pytest.raises(ValueError, match="ends after the last order"):
        targets.future(opened, "2025-12-01", "91D")


def test_snapshots_as_one_expression(bundled):
    store, opened = bundled
    cutoffs = ["2025-04-01", "2024-10-01"]
    categories = features.browsed_categories(store, "2024-10-01")
    expression = targets.define_snapshots(opened.tables, cutoffs, "91D", categories=categories)
    found = features.fetch(opened, expression).set_index(["cutoff", "customer_id"]).sort_index()
    expected = targets.snapshots(store, cutoffs, "91D").drop(columns=list(features.RATES))
    assert_frame_equal(
        found[expected.columns], expected, check_index_type=False, check_dtype=False, rtol=1e-9
    )
    for wrong in ([], ["2025-04-01", "2025-04-01"]):
        with pytest.raises(ValueError, match="at least one cut-off, and none twice"):
            targets.define_snapshots(opened.tables, wrong)


def test_what_cannot_be_is_said(bundled):
    _store, opened = bundled
    with pytest.raises(ValueError, match="share must lie between 0 and 1"):
        targets.define(opened.tables, "2025-04-01", "91D", share=1.0)
    with pytest.raises(ValueError, match="a length such as '182D'"):
        targets.define(opened.tables, "2025-04-01", 91)
