"""Moments: what was known of a newcomer, and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import cold_start, shop
from helpers.shop import Shop


def test_a_moment_by_hand(world, table):
    visits = world[0].visits.drop_duplicates("visit_id").sort_values(["customer_id", "started_at"])
    who = table.loc[table["events"] == 5, "customer_id"].iloc[3]
    own = visits[visits["customer_id"] == who].reset_index(drop=True)
    row = table[(table["customer_id"] == who) & (table["events"] == 5)].iloc[0]
    assert (
        row["moment"] == own["started_at"][6] and row["next_category"] == own["landing_category"][6]
    )
    assert (
        row["landing_category"] == own["landing_category"][0] and row["source"] == own["source"][0]
    )
    seen = own["landing_category"][1:6].value_counts()
    for name in cold_start.categories(table):
        assert row["seen_" + name] == seen.get(name, 0)


def test_counts_match_the_number_of_events(table):
    assert (cold_start.counts(table).sum(axis=1) == table["events"]).all()
    assert (cold_start.counts(table, first=True).sum(axis=1) == table["events"] + 1).all()
    assert set(table["events"]) == set(cold_start.LENGTHS)


def test_no_answer_stands_before_it_was_given(world, table):
    when = table[["customer_id"]].merge(world[0].customers, on="customer_id", how="left")[
        "answered_at"
    ]
    told = table["favorite_category"].notna()
    assert told.any() and (when[told] < table.loc[told, "moment"]).all()
    assert (told == table["answered"]).all()
    late = ~told & when.notna().to_numpy()
    assert late.any(), "some answer later, and must not count yet"


def test_the_future_changes_no_moment(world, table):
    """Rows added later leave every earlier moment as it was."""
    store = world[0]
    day = pd.Timestamp("2025-06-01")
    past = replace(store, visits=store.visits[store.visits["started_at"] < day])
    earlier = cold_start.moments(past)
    both = table[table["moment"] < day].reset_index(drop=True)
    pd.testing.assert_frame_equal(earlier, both)


def test_nobody_is_on_both_sides(sides):
    train, test = sides
    day = pd.Timestamp("2025-04-01")
    assert not set(train["customer_id"]) & set(test["customer_id"])
    assert (train["moment"] < day).all() and (train["signed_up_at"] < day).all()
    assert (test["signed_up_at"] >= day).all()


@pytest.mark.parametrize("day", ["2023-01-01", "2027-01-01"])
def test_a_side_without_customers_is_said(table, day):
    with pytest.raises(ValueError, match="sign-ups run from 2024"):
        cold_start.split(table, day)


@pytest.mark.parametrize("lengths", [[], [-1], [1.5]])
def test_lengths_are_whole_numbers(world, lengths):
    with pytest.raises(ValueError, match="whole numbers"):
        cold_start.moments(world[0], lengths)


def test_orders_alone_are_enough(world):
    store = shop.read(world[0].purchases)
    table = cold_start.moments(store)
    assert table["age_band"].isna().all() and not table["answered"].any()
    assert table["landing_category"].notna().all()
    train, test = cold_start.split(table, table["signed_up_at"].median().normalize())
    fitted = cold_start.Hybrid(strength=5).fit(train)
    assert set(fitted.columns_) == {"part_of_day", "landing_category"}
    np.testing.assert_allclose(fitted.predict_proba(test).sum(axis=1), 1)


def test_a_shop_without_a_second_event_or_a_category_is_said(world):
    orders = world[0].purchases
    once = orders.drop_duplicates("customer_id")
    with pytest.raises(ValueError, match="nothing to predict"):
        cold_start.moments(Shop("once", once))
    with pytest.raises(ValueError, match="category"):
        cold_start.moments(Shop("none", orders.assign(category=pd.Series(dtype="str"))))


def test_many_categories_share_other():
    times = pd.date_range("2024-01-01", periods=120, freq="D")
    lines = pd.DataFrame(
        {
            "customer_id": [f"c{i % 10}" for i in range(120)],
            "order_id": range(120),
            "ordered_at": times,
            "category": [f"k{i % 30}" for i in range(120)],
            "amount": 1.0,
        }
    )
    found = cold_start.categories(cold_start.moments(shop.read(lines)))
    assert len(found) == 21 and "other" in found
