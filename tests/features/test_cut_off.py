"""An order canceled before the cut-off is as if it had never been placed: in every feature, target,
history and offer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import cold_start, features, lifetime, shop, targets
from helpers.errors import ReaderError
from helpers.features import coupons, ranking
from helpers.production.model import category_counts
from helpers.shop import Shop, conform
from helpers.targets import tasks

CUT_OFF = pd.Timestamp("2017-07-01")
HORIZON = "90D"


def some_shop(seed: int) -> Shop:
    """A year of orders of thirty customers, with nothing canceled."""
    rng = np.random.default_rng(seed)
    orders = 150
    lines = pd.DataFrame(
        {
            "customer_id": rng.integers(1, 30, orders).astype(str),
            "order_id": [f"o{number}" for number in range(orders)],
            "ordered_at": pd.Timestamp("2017-01-01")
            + pd.to_timedelta(rng.integers(0, 365 * 24, orders), "h"),
        }
    )
    lines = lines.loc[np.repeat(np.arange(orders), rng.integers(1, 4, orders))]
    lines["category"] = rng.choice(["toys", "books", "home"], len(lines))
    lines["subcategory"] = lines["category"] + rng.choice([" a", " b"], len(lines))
    lines["quantity"], lines["amount"] = 1.0, rng.integers(100, 9_000, len(lines)) / 100
    lines["cancelled_at"] = pd.NaT
    return Shop("test", purchases=conform(lines.reset_index(drop=True), "purchases"))


def known(store: Shop) -> dict[str, pd.DataFrame | pd.Series]:
    """Everything that the course computes of a shop at the cut-off."""
    people = features.known_customers(store, CUT_OFF)
    items = ranking.items(store, CUT_OFF)
    return {
        "features": features.build(store, CUT_OFF),
        "first orders": features.first_orders(store, CUT_OFF, 1),
        "ranking pairs": ranking.candidates(store, CUT_OFF, people, items),
        "spend lately": pd.DataFrame(tasks.lately(store, CUT_OFF, people), people),
        "history": lifetime.history(store, CUT_OFF),
        "purchases after": lifetime.purchases_after(store, CUT_OFF, HORIZON),
        "future": targets.future(store, CUT_OFF, HORIZON),
        "high value": targets.high_value(store, CUT_OFF, HORIZON),
        "already": targets.already_high_value(store, CUT_OFF),
        "next category": targets.next_category(store, CUT_OFF, HORIZON),
        "categories": category_counts(store, CUT_OFF),
    }


def canceled(store: Shop, order: str, at: pd.Timestamp) -> Shop:
    lines = store.purchases.copy()
    lines.loc[lines["order_id"] == order, "cancelled_at"] = at
    return replace(store, purchases=lines)


def without(store: Shop, order: str) -> Shop:
    lines = store.purchases
    return replace(store, purchases=lines[lines["order_id"] != order].reset_index(drop=True))


def same(one, other) -> None:
    left, right = pd.DataFrame(one), pd.DataFrame(other)
    left.attrs = right.attrs = {}
    pd.testing.assert_frame_equal(left, right)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10_000), share=st.floats(0, 1), number=st.integers(0, 10_000))
def test_canceled_before_the_cut_off_is_never_placed(seed, share, number):
    store = some_shop(seed)
    orders = store.purchases.drop_duplicates("order_id")
    past = orders[orders["ordered_at"] < CUT_OFF]
    chosen = past.iloc[number % len(past)]
    at = chosen["ordered_at"] + share * (CUT_OFF - pd.Timedelta("1us") - chosen["ordered_at"])
    one = known(canceled(store, chosen["order_id"], at.floor("us")))
    other = known(without(store, chosen["order_id"]))
    for name in one:
        same(one[name], other[name])


@pytest.mark.parametrize("seed", range(3))
def test_many_canceled_before_the_cut_off_were_never_placed(seed):
    store, rng = some_shop(seed), np.random.default_rng(seed)
    orders = store.purchases.drop_duplicates("order_id")
    past = orders.loc[orders["ordered_at"] < CUT_OFF, "order_id"]
    chosen = set(rng.choice(past, len(past) // 3, replace=False))
    gone = store.purchases["order_id"].isin(chosen)
    lines = store.purchases.copy()
    lines.loc[gone, "cancelled_at"] = CUT_OFF - pd.Timedelta("1us")
    one = known(replace(store, purchases=lines))
    other = known(replace(store, purchases=store.purchases[~gone].reset_index(drop=True)))
    for name in one:
        same(one[name], other[name])


@pytest.mark.parametrize("wait", ["0D", "400D"])
def test_canceled_on_the_cut_off_or_later_still_counts_in_the_past(wait):
    store = some_shop(0)
    before = store.purchases[store.purchases["ordered_at"] < CUT_OFF]
    later = canceled(store, before["order_id"].iloc[0], CUT_OFF + pd.Timedelta(wait))
    one, other = known(later), known(store)
    for name in one:
        same(one[name], other[name])


def test_what_is_ordered_and_canceled_in_the_window_is_no_target():
    store = some_shop(1)
    window = store.purchases[store.purchases["ordered_at"] > CUT_OFF]
    order, at = window.iloc[0][["order_id", "ordered_at"]]
    one, other = known(canceled(store, order, at)), known(without(store, order))
    for name in one:
        same(one[name], other[name])


def test_a_customer_whose_only_order_was_canceled_has_bought_nothing():
    store = some_shop(2)
    alone = store.purchases.iloc[[0]].assign(
        customer_id="alone", order_id="x", ordered_at=CUT_OFF - pd.Timedelta("9D")
    )
    alone["cancelled_at"] = CUT_OFF - pd.Timedelta("8D")
    store = replace(store, purchases=pd.concat([store.purchases, alone], ignore_index=True))
    for table in known(store).values():
        assert "alone" not in table.index.get_level_values(0)


def test_an_offer_knows_nothing_of_a_basket_canceled_before_it():
    store = some_shop(3)
    earliest = store.purchases["ordered_at"].idxmin()
    order, at = store.purchases.loc[earliest, ["order_id", "ordered_at"]]
    one = coupons.coupon_offers(canceled(store, order, at + pd.Timedelta("1h")))
    same(one, coupons.coupon_offers(without(store, order)))
    assert not one.equals(coupons.coupon_offers(store))


def test_no_moment_knows_of_an_order_canceled_before_it():
    store = some_shop(4)
    orders = store.purchases.drop_duplicates("order_id").sort_values("ordered_at")
    for _, own in orders.groupby("customer_id"):
        if len(own) < 4:
            continue
        order, placed, following = own["order_id"].iloc[1], *own["ordered_at"].iloc[1:3]
        at = placed + (following - placed) / 2
        one = cold_start.moments(canceled(store, order, at))
        same(one, cold_start.moments(without(store, order)))
        later = cold_start.moments(canceled(store, order, following))
        same(later, cold_start.moments(store))
        break
    else:
        pytest.fail("no customer with four orders")


@pytest.mark.parametrize("seed", range(3))
def test_orders_canceled_before_the_next_one_are_no_moments(seed):
    store, rng = some_shop(seed), np.random.default_rng(seed)
    orders = store.purchases.drop_duplicates("order_id")
    orders = orders.sort_values(["customer_id", "ordered_at", "order_id"])
    wait = orders.groupby("customer_id")["ordered_at"].shift(-1) - orders["ordered_at"]
    chosen = (wait > pd.Timedelta(0)) & (rng.random(len(orders)) < 0.3)
    at = (orders["ordered_at"] + wait / 2).where(chosen).set_axis(orders["order_id"])
    lines = store.purchases.assign(cancelled_at=store.purchases["order_id"].map(at))
    gone = lines["cancelled_at"].notna()
    one = cold_start.moments(replace(store, purchases=lines))
    never = store.purchases[~gone].reset_index(drop=True)
    same(one, cold_start.moments(replace(store, purchases=never)))


def test_an_order_that_did_not_last_hides_no_earlier_cancellation():
    """The first order is canceled after the second was placed, which did not last either."""
    store = some_shop(5)
    own = store.purchases.drop_duplicates("order_id").groupby("customer_id")
    longest = own.get_group(own.size().idxmax()).sort_values("ordered_at")
    (first, _), (second, placed), (_, third) = longest[["order_id", "ordered_at"]].to_numpy()[:3]
    wait = third - placed
    both = canceled(canceled(store, second, placed + wait / 3), first, placed + wait / 2)
    assert placed < third
    same(cold_start.moments(both), cold_start.moments(without(without(store, first), second)))


def test_today_is_the_midnight_after_the_last_order():
    line = {"customer_id": "a", "order_id": "1", "ordered_at": "2025-03-04 17:05", "amount": 5.0}
    assert features.end_of(shop.read(pd.DataFrame([line]))) == pd.Timestamp("2025-03-05")
    customers = pd.DataFrame({"CustomerID": ["a", "b", "c"], "Recency": [3, 9, 1], "Orders": 1})
    with pytest.raises(ReaderError, match="one row a customer"):
        features.end_of(shop.read(customers, row_is="customer"))
    nobody = Shop("new", purchases=conform(pd.DataFrame([line]), "purchases").head(0))
    with pytest.raises(ReaderError, match="no orders"):
        features.end_of(nobody)
