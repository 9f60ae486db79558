"""What a model learns, and from what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import production, shop
from helpers.files import DATA
from helpers.production import ModelError
from helpers.shop import EVENT_TIME

TODAY = pd.Timestamp("2025-10-01")


def until(store: shop.Shop, moment: pd.Timestamp) -> shop.Shop:
    """The shop without anything that was recorded at `moment` or later."""
    tables = {}
    for name, table in store.tables.items():
        table = table[table[EVENT_TIME[name]] < moment]
        late = {
            c: table[c].where(table[c] < moment)
            for c in ("cancelled_at", "answered_at")
            if c in table
        }
        tables[name] = table.assign(**late)
    return replace(store, **tables)


def test_nothing_after_the_day_of_training_is_used(store, model):
    past = until(store, TODAY)
    assert past.purchases["ordered_at"].max().normalize() == TODAY - pd.Timedelta("1D")
    again = production.train(past, TODAY, owner="the tests")
    assert replace(again.card, data_sha256="") == replace(model.card, data_sha256="")
    night = production.inputs(model, past, TODAY)
    pd.testing.assert_frame_equal(night, production.inputs(model, store, TODAY))
    for one in (model, again):
        np.testing.assert_array_equal(
            one.propensity.predict_proba(night), model.propensity.predict_proba(night)
        )
    assert again.taste.popularity.tolist() == model.taste.popularity.tolist()
    pd.testing.assert_frame_equal(
        production.score(model, past, TODAY), production.score(model, store, TODAY)
    )


def test_too_little_to_learn_from_is_a_sentence(store):
    with pytest.raises(ModelError, match="no order before"):
        production.train(store, "2024-04-01")
    few = store.purchases[store.purchases["customer_id"] < "C00100"]
    with pytest.raises(ModelError, match="customers ordered within 91 days"):
        production.train(replace(store, purchases=few), "2025-10-01")
    with pytest.raises(ModelError, match="no orders"):
        production.train(replace(store, purchases=store.purchases.iloc[:0]))


def test_a_table_with_one_row_a_customer_is_told_that_orders_are_needed():
    customers = shop.read(DATA / "customer_behavior.csv")
    with pytest.raises(shop.ShopError, match="a model of who will order needs the orders"):
        production.train(customers)


def test_a_shop_without_visits_is_served_by_what_it_has(store):
    orders = shop.Shop(name="orders only", purchases=store.purchases)
    trained = production.train(orders, horizon="91D")
    scores = production.score(trained, orders)
    assert "visits" not in trained.card.features and scores["propensity"].between(0, 1).all()


def test_the_taste_is_shares_and_follows_the_counts():
    counts = pd.DataFrame({"a": [0, 9, 0], "b": [0, 0, 3]}, index=["x", "y", "z"])
    taste = production.model.fit_taste(counts)
    shares = taste.shares(counts)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_allclose(shares[0], taste.popularity)
    assert shares[1, 0] > shares[0, 0] > shares[2, 0]
