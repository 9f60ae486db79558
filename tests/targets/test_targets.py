"""Targets: what happened in [cut-off, cut-off + horizon), by hand and at every border."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_index_equal, assert_series_equal

from helpers import features, targets
from helpers.shop import Shop, conform

AS_OF = pd.Timestamp("2024-07-01")
DAY = pd.Timedelta("1D")
INSTANT = pd.Timedelta("1us")
END = AS_OF + 10 * DAY
HORIZON = "10D"
PROFILE = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)

# (customer, order, days after the cut-off, category, amount, days after the cut-off of cancelling)
ROWS = [
    ("a", "a0", -400, "x", 500.0, None),
    ("a", "a1", -30, "x", 10.0, 3),  # canceled inside the window: in neither
    ("a", "a2", 0, "x", 1.0, None),  # the instant of the cut-off belongs to the future
    ("a", "a2", 0, "y", 2.5, None),
    ("b", "b1", -20, "y", 90.0, None),
    ("b", "b2", 4, "y", 40.0, 9),  # canceled before the window closes
    ("b", "b3", 5, "y", 7.0, 10),  # canceled when it closes: nobody knew
    ("c", "c1", -500, "x", 5.0, None),  # bought long ago
    ("c", "c2", 2, "x", 300.0, None),
    ("d", "d1", -5, "z", 1.0, None),
    ("e", "e1", 1, "z", 999.0, None),  # unknown at the cut-off
    ("z", "z1", 10, "z", 999.0, None),  # after the window; its day closes the shop's data
]


def _purchases(rows):
    names = ["customer_id", "order_id", "ordered_at", "category", "amount", "cancelled_at"]
    frame = pd.DataFrame(rows, columns=names)
    for name in ("ordered_at", "cancelled_at"):
        frame[name] = AS_OF + pd.to_timedelta(frame[name].astype("float64"), unit="D")
    return conform(frame, "purchases")


def _visits(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "started_at"])
    frame["started_at"] = AS_OF + pd.to_timedelta(frame["started_at"].astype("float64"), unit="D")
    frame["visit_id"] = [str(number) for number in range(len(frame))]
    return conform(frame.assign(category="x", seconds=10), "visits")


@pytest.fixture
def store():
    return Shop("small", _purchases(ROWS), _visits([("v", -3), ("w", -366), ("new", 1)]))


def test_future(store):
    found = targets.future(store, AS_OF, HORIZON)
    expected = pd.DataFrame(
        {"orders": [1, 1, 1, 0, 0, 0], "revenue": [3.5, 7.0, 300.0, 0.0, 0.0, 0.0]},
        index=pd.Index(list("abcdvw"), name="customer_id", dtype="str"),
    ).assign(bought=[True, True, True, False, False, False])
    assert_frame_equal(found, expected)
    assert_index_equal(found.index, features.build(store, AS_OF).index)


@pytest.mark.parametrize(
    ("moment", "orders"), [(AS_OF - INSTANT, 0), (AS_OF, 1), (END - INSTANT, 1), (END, 0)]
)
def test_window_is_closed_at_the_cut_off_and_open_at_its_end(moment, orders):
    purchases = _purchases(
        [
            ("a", "0", -99, "x", 1.0, None),
            ("a", "1", 0, "x", 8.0, None),
            ("z", "z", 10, "x", 1.0, None),
        ]
    )
    purchases.loc[1, "ordered_at"] = moment
    found = targets.future(Shop("border", purchases), AS_OF, HORIZON).loc["a"]
    assert (found["orders"], found["revenue"], found["bought"]) == (
        orders,
        8.0 * orders,
        orders == 1,
    )


def test_high_value_is_asked_of_the_active_and_of_their_future(store):
    # c bought too long ago and w visited too long ago to be active; v only visits
    half = targets.high_value(store, AS_OF, HORIZON, share=0.5)
    assert half.to_dict() == {"a": True, "b": True, "d": False, "v": False}
    assert half.dtype == bool and half.name == "high_value" and half.index.dtype == "str"
    quarter = targets.high_value(store, AS_OF, HORIZON, share=0.25)
    assert quarter[quarter].index.tolist() == ["b"]
    least = targets.high_value(store, AS_OF, HORIZON, share=0.01)
    assert least.sum() == 1  # one at least is sought
    most = targets.high_value(store, AS_OF, HORIZON, share=0.9)
    assert most.sum() == 2  # but none without revenue


def test_newly_high_value_leaves_out_who_was_at_the_top(store):
    # b spent most in the year before; the 500 of a are older than that
    newly = targets.newly_high_value(store, AS_OF, HORIZON, share=0.5)
    before = {"a": 10.0, "b": 90.0, "d": 1.0, "v": 0.0}  # a1 was not yet canceled
    assert newly.to_dict() == {name: False for name in before}
    quarter = targets.newly_high_value(store, AS_OF, HORIZON, share=0.25)
    assert not quarter.any()
    rows = [row for row in ROWS if row[1] not in ("a1", "b3")] + [("a", "a3", -2, "x", 0.5, None)]
    other = Shop("other", _purchases(rows), store.visits)
    newly = targets.newly_high_value(other, AS_OF, HORIZON, share=0.25)
    assert newly[newly].index.tolist() == ["a"] and newly.name == "newly_high_value"


def test_already_high_value_knows_the_past_only_and_as_far_back_as_asked(store):
    already = targets.already_high_value(store, AS_OF, share=0.25)
    assert already[already].index.tolist() == ["b"] and already.name == "already_high_value"
    # within ten days only d has ordered
    lately = targets.already_high_value(store, AS_OF, share=0.25, past="10D")
    assert lately[lately].index.tolist() == ["d"]
    later = store.purchases["ordered_at"] >= AS_OF
    cut = Shop("past", store.purchases[~later], store.visits[store.visits["started_at"] < AS_OF])
    assert_series_equal(targets.already_high_value(cut, AS_OF, share=0.25), already)
    newly = targets.newly_high_value(store, AS_OF, HORIZON, share=0.25, past="10D")
    assert newly[newly].index.tolist() == ["b"], "at the top, and not within the last ten days"


def test_equals_at_the_border_are_all_in():
    rows = [(name, name, -1, "x", 1.0, None) for name in "abcd"]
    rows += [(name, name + "1", 1, "x", 5.0, None) for name in "abc"]
    rows += [("z", "z", 10, "x", 1.0, None)]
    high = targets.high_value(Shop("equals", _purchases(rows)), AS_OF, HORIZON, share=0.25)
    assert high.to_dict() == {"a": True, "b": True, "c": True, "d": False}


def test_next_category_counts_orders(store):
    found = targets.next_category(store, AS_OF, HORIZON)
    assert found.columns.tolist() == ["x", "y", "z"] and found.index.tolist() == list("abcdvw")
    assert found.loc["a"].tolist() == [1, 1, 0]
    assert found.loc["b"].tolist() == [0, 1, 0]
    assert found.to_numpy().sum() == 4 and (found.dtypes == "int64").all()
    ranked = targets.next_category(store, AS_OF, HORIZON, categories=["q", "x"])
    assert ranked.loc["c"].to_dict() == {"q": 0, "x": 1}


def test_subcategories_can_be_ranked_too(store):
    lines = store.purchases.assign(subcategory=store.purchases["category"] + "1")
    found = targets.next_category(Shop("sub", lines), AS_OF, HORIZON, column="subcategory")
    assert found.columns.tolist() == ["x1", "y1", "z1"] and found.columns.name == "subcategory"
    assert found.loc["a"].tolist() == [1, 1, 0]


def test_next_category_without_orders():
    rows = [("a", "a", -1, "x", 1.0, None), ("z", "z", 10, "x", 1.0, None)]
    found = targets.next_category(Shop("none", _purchases(rows)), AS_OF, HORIZON, categories=["x"])
    assert found.to_dict() == {"x": {"a": 0}}


ALL = [targets.future, targets.high_value, targets.newly_high_value, targets.next_category]


@pytest.mark.parametrize("target", ALL)
def test_a_window_past_the_data_names_the_latest_cut_off(store, target):
    # the last order is of the eleventh day, which counts as seen whole
    target(store, AS_OF, "11D")
    with pytest.raises(ValueError, match="latest possible cut-off is 2024-06-30 00:00:00"):
        target(store, AS_OF, "12D")
    with pytest.raises(ValueError, match="cut short"):
        targets.snapshots(store, [AS_OF - 9 * DAY, AS_OF], "12D")


@pytest.mark.parametrize("target", ALL)
@pytest.mark.parametrize("horizon", ["soon", None, "0D", "-3D", 182, pd.NaT])
def test_a_bad_horizon_is_named(store, target, horizon):
    with pytest.raises(ValueError, match="horizon must be"):
        target(store, AS_OF, horizon)


def test_bad_input(store):
    with pytest.raises(ValueError, match="as_of must be"):
        targets.future(store, "no date", HORIZON)
    with pytest.raises(ValueError, match="no orders"):
        targets.future(Shop("empty", _purchases([])), AS_OF, HORIZON)
    for share in (0, 1, 1.5, -0.1, np.nan):
        with pytest.raises(ValueError, match="share must lie"):
            targets.high_value(store, AS_OF, HORIZON, share)
    for cutoffs in ([], [AS_OF, str(AS_OF)], "2024-07-01", AS_OF):
        with pytest.raises(ValueError, match="cutoffs must"):
            targets.snapshots(store, cutoffs, HORIZON)


def test_snapshots_stack_features_and_targets(store):
    earlier = AS_OF - 25 * DAY
    stacked = targets.snapshots(store, [AS_OF, earlier], HORIZON, share=0.25)
    assert stacked.index.names == ["cutoff", "customer_id"]
    assert stacked.index.is_monotonic_increasing and stacked.index.is_unique
    assert stacked.index.unique("cutoff").tolist() == [earlier, AS_OF]
    for moment in (earlier, AS_OF):
        part = stacked.loc[moment]
        known = features.build(store, moment)
        shared = [name for name in known if name in part]
        known.attrs = {}
        assert_frame_equal(part[shared], known[shared])
        after = targets.future(store, moment, HORIZON).add_prefix("future_")
        assert_frame_equal(part[list(after)], after)
        for target in (targets.high_value, targets.newly_high_value):
            found = target(store, moment, HORIZON, 0.25)
            assert_series_equal(part.loc[part["active"], found.name], found)
            assert not part.loc[~part["active"], found.name].any()
    # the visit of "w" is all that had been seen at the earlier cut-off
    assert "seconds_x" in stacked and not stacked.loc[AS_OF, "active"]["w"]


def test_snapshot_columns_are_those_of_the_earliest_cut_off(store):
    fresh = store.visits.assign(category="fresh").tail(1).assign(started_at=AS_OF - DAY)
    later = Shop("fresh", store.purchases, pd.concat([store.visits, fresh], ignore_index=True))
    stacked = targets.snapshots(later, [AS_OF - 25 * DAY, AS_OF], HORIZON)
    assert "seconds_fresh" in features.build(later, AS_OF)
    assert "seconds_fresh" not in stacked


orders = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.sampled_from(["o1", "o2", "o3"]),
        st.sampled_from([-300, -10, -1e-6, 0, 1e-6, 3, 9.5, 10 - 1e-6]),
        st.sampled_from(["x", "y", None]),
        st.integers(0, 9_999).map(lambda cents: cents / 100),
        st.none() | st.sampled_from([-5, 0, 2, 10 - 1e-6, 10, 30]),
    ),
    max_size=15,
)


def _store(rows):
    # a cancellation follows its order; the last row closes the data
    rows = [(*row[:5], None if row[5] is None else max(row[5], row[2])) for row in rows]
    closing = [("z", "z", 12, "x", 1.0, None), ("a", "first", -360, "x", 1.0, None)]
    return Shop("drawn", _purchases(rows + closing))


@PROFILE
@given(orders)
def test_agrees_with_pandas_by_hand(rows):
    store = _store(rows)
    lines = store.purchases
    lines = lines[lines["ordered_at"].between(AS_OF, END, inclusive="left")]
    lines = lines[lines["cancelled_at"].isna() | (lines["cancelled_at"] >= END)]
    found = targets.future(store, AS_OF, HORIZON)
    by_category = targets.next_category(store, AS_OF, HORIZON, categories=["x", "y"])
    for customer, row in found.iterrows():
        own = lines[lines["customer_id"] == customer]
        assert row["orders"] == own["order_id"].nunique()
        assert row["revenue"] == pytest.approx(own["amount"].sum(), abs=1e-9)
        assert row["bought"] == (len(own) > 0)
        for name in ("x", "y"):
            expected = own.loc[own["category"] == name, "order_id"].nunique()
            assert by_category.loc[customer, name] == expected


@PROFILE
@given(orders, st.integers(0, 99))
def test_neither_the_past_nor_what_comes_later_nor_the_order_of_rows_matters(rows, seed):
    store = _store(rows)
    lines = store.purchases.copy()
    past = lines["ordered_at"] < AS_OF
    lines.loc[past, ["amount", "category"]] = [1234.5, "y"]
    lines.loc[past & (lines["cancelled_at"] >= AS_OF), "cancelled_at"] = AS_OF + DAY
    lines.loc[~past & lines["cancelled_at"].isna(), "cancelled_at"] = END
    later = lines[past].assign(ordered_at=END, amount=1e6, cancelled_at=pd.NaT)
    lines = pd.concat([lines, later]).sample(frac=1, random_state=seed)
    changed = Shop("changed", lines)
    for target in (targets.future, targets.next_category):
        assert_frame_equal(target(store, AS_OF, HORIZON), target(changed, AS_OF, HORIZON))
    assert_series_equal(
        targets.high_value(store, AS_OF, HORIZON, 0.3),
        targets.high_value(changed, AS_OF, HORIZON, 0.3),
    )


def test_on_real_shoppers(journey):
    high = targets.high_value(journey, "2017-07-01", "180D")
    newly = targets.newly_high_value(journey, "2017-07-01", "180D")
    assert 0.09 < high.mean() < 0.11 and 0.01 < newly.mean() < high.mean()
    after = targets.future(journey, "2017-07-01", "180D")
    assert (
        after.loc[high[high].index, "revenue"].min()
        >= after.loc[high[~high].index, "revenue"].max()
    )
    window = journey.purchases["ordered_at"].between("2017-07-01", "2017-12-28", inclusive="left")
    known = journey.purchases["customer_id"].isin(after.index)
    lines = journey.purchases[window & known]
    assert after["revenue"].sum() == pytest.approx(lines["amount"].sum())
    assert after["orders"].sum() == lines["order_id"].nunique()
    latest = "latest possible cut-off is 2017-07-03 00:00:00"
    with pytest.raises(ValueError, match=latest):
        targets.future(journey, "2017-07-04")
