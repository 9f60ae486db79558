"""First recommendations from somebody's own orders, or a sentence that says why not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import cold_start, shop, simulator
from helpers.errors import ReaderError


@pytest.fixture(scope="module")
def store():
    return simulator.simulate(customers=3_000, seed=5)[0]


@pytest.fixture(scope="module")
def orders_only(store):
    return replace(store, visits=None, customers=None, campaigns=None, impressions=None)


def alike(customers: int = 400, seed: int = 0) -> shop.Shop:
    """A shop of four categories in which everybody stays with the category of the first order."""
    rng = np.random.default_rng(seed)
    names = np.array(["a", "b", "c", "d"])
    kind = rng.choice(names, customers, p=[0.4, 0.3, 0.2, 0.1])
    began = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 200, customers), "D")
    rows = [
        (f"K{i:03}", began[i] + pd.Timedelta(days=20 * n), 10.0, kind[i])
        for i in range(customers)
        for n in range(1 + i % 3)
    ]
    return shop.read(pd.DataFrame(rows, columns=["customer", "date", "amount", "category"]))


def test_the_one_order_finds_what_popularity_misses():
    found = cold_start.compare(alike())
    assert found["categories taken from"] == "orders, category"
    assert found["hits, one order"] == "1.00"
    gain = 1 - float(found["hits, popular"])
    assert 0.05 < gain < 0.2, "the fourth category, a tenth of the customers"
    assert found["one order minus popular"].startswith(f"+{gain:.2f} [+0.0")


def test_the_comparison_knows_nothing_of_the_test_customers():
    """Orders after the cut-off change neither popularity nor M."""
    own = alike()
    began = own.purchases.groupby("customer_id")["ordered_at"].transform("min")
    lines = own.purchases.assign(
        category=own.purchases["category"].where(began < "2025-06-20", "b").astype("str")
    )
    before, after = cold_start.compare(own), cold_start.compare(replace(own, purchases=lines))
    name = "popularity is worth, in orders"
    assert before[name] == after[name]
    assert before["hits, one order"] == after["hits, one order"] == "1.00"


def test_new_customers_have_no_order_or_one(store):
    listed = cold_start.first_list(store)
    assert list(listed) == ["customer_id", "first", "second", "third", "why"]
    assert listed["customer_id"].is_unique and listed["third"].notna().all()
    orders = store.purchases[store.purchases["cancelled_at"].isna()]
    count = orders.groupby("customer_id")["order_id"].nunique()
    mine = listed["customer_id"].map(count).fillna(0)
    assert mine.max() == 1
    assert ((mine == 1) == listed["why"].str.startswith("one order in ")).all()
    popular = listed.loc[listed["why"] == "popular", ["first", "second", "third"]]
    assert len(popular.drop_duplicates()) == 1
    said = listed["why"].str.removeprefix("one order in ")
    among = listed[["first", "second", "third"]].eq(said, axis=0).any(axis=1)
    assert among[mine == 1].all(), "with popularity worth a few orders, one order leads or follows"


def test_popular_shows_the_same_to_all(orders_only):
    listed = cold_start.first_list(orders_only, "popular")
    assert set(listed["why"]) == {"popular"}
    assert len(listed[["first", "second", "third"]].drop_duplicates()) == 1
    with pytest.raises(ReaderError, match="Did you mean 'popular'"):
        cold_start.first_list(orders_only, "populer")


def test_whoever_did_nothing_for_a_year_is_not_new(orders_only):
    end = orders_only.purchases["ordered_at"].max()
    listed = cold_start.first_list(orders_only)
    last = orders_only.purchases.groupby("customer_id")["ordered_at"].max()
    assert (last[listed["customer_id"]] >= end - pd.Timedelta("366D")).all()
    order = last[listed["customer_id"]].to_numpy()
    assert (order[:-1] >= order[1:]).all(), "the latest first"


def test_a_canceled_order_was_never_placed():
    own = alike()
    once = own.purchases["customer_id"] == "K000"
    canceled = own.purchases["cancelled_at"].where(~once, own.purchases["ordered_at"])
    listed = cold_start.first_list(
        replace(own, purchases=own.purchases.assign(cancelled_at=canceled))
    )
    assert listed.set_index("customer_id").loc["K000", "why"] == "popular"


def test_a_small_shop_gets_its_list_and_a_sentence():
    few = alike(30)
    with pytest.raises(ReaderError, match="50 are needed.*'?popular"):
        cold_start.compare(few)
    assert set(cold_start.first_list(few)["why"]) == {"popular"}


def test_two_categories_leave_the_third_place_empty():
    own = alike()
    two = own.purchases["category"].where(own.purchases["category"] == "a", "b").astype("str")
    own = replace(own, purchases=own.purchases.assign(category=two))
    listed = cold_start.first_list(own)
    assert listed["second"].notna().all() and listed["third"].isna().all()
    with pytest.raises(ReaderError, match="everybody sees the same"):
        cold_start.compare(own)


def test_without_categories_finer_ones_or_visits_are_taken(store, orders_only):
    bare = orders_only.purchases.assign(category=None)
    finer = replace(orders_only, purchases=bare)
    assert cold_start.compare(finer)["categories taken from"] == "orders, subcategory"
    none = bare.assign(subcategory=None)
    listed = cold_start.first_list(replace(store, purchases=none))
    assert set(listed["why"]) == {"popular"}, "by the visits"
    for ask in (cold_start.compare, cold_start.first_list):
        with pytest.raises(ReaderError, match="category is needed"):
            ask(replace(orders_only, purchases=none))


@pytest.mark.parametrize("ask", [cold_start.compare, cold_start.first_list])
def test_what_cannot_be_read_for_it_is_said(ask, orders_only):
    with pytest.raises(ReaderError, match="no orders"):
        ask(replace(orders_only, purchases=orders_only.purchases.head(0)))
    people = shop.read(pd.DataFrame({"customer": range(40), "spend": range(40)}), row_is="customer")
    with pytest.raises(ReaderError, match="one row a customer.*chapter 05"):
        ask(people)
    one = orders_only.purchases.assign(category="all")
    with pytest.raises(ReaderError, match=r"one category \(all\)"):
        ask(replace(orders_only, purchases=one))


def test_nobody_new_is_said():
    own = alike()
    several = own.purchases.groupby("customer_id")["order_id"].transform("nunique") > 1
    with pytest.raises(ReaderError, match="no new customer"):
        cold_start.first_list(replace(own, purchases=own.purchases[several]))
