"""The checks of chapter 02 against answers of many kinds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from judged import judged

from helpers import features, shop
from helpers.course.exercises import chapter_02

ODD = [
    None,
    "text",
    3,
    3.5,
    [],
    {},
    np.array([1.0, 2.0]),
    pd.DataFrame({"a": [1, 2]}),
    pd.Series([1.0]),
]


@pytest.mark.parametrize("number", ["02.1", "02.2", "02.3", "02.5"])
@pytest.mark.parametrize("answer", ODD, ids=lambda answer: type(answer).__name__)
def test_odd_answers_get_a_sentence_and_are_not_right(number, answer):
    try:
        said = judged(number, answer)
    except (TypeError, ValueError):
        return  # `check` says what was expected
    assert not said.startswith("right") and said.endswith((".", "?"))


def test_02_1_takes_every_way_of_counting():
    april = pd.Timestamp("2025-04-01")
    right = features.build(shop.load(), april)["frequency"]
    for answer in (
        right,
        right[right > 0],
        right.astype(float),
        right.sample(frac=1, random_state=0),
        right.to_frame(),
    ):
        assert judged("02.1", answer).startswith("right")
    assert "fewer than were known" in judged("02.1", right.clip(upper=3))


@pytest.mark.parametrize("digits", [1, 2, 6])
def test_02_2_does_not_hang_on_rounding(digits):
    alpha, beta = (round(value, digits) for value in chapter_02.carts())
    assert judged("02.2", chapter_02.first_above(alpha, beta)).startswith("right")


def test_02_3_the_three_columns_change_when_the_shop_is_cut_to_what_was_recorded():
    """The colleague's six features from the whole log, and from what stood in it on the day."""
    store, asked_on = shop.load(), pd.Timestamp("2024-11-01")

    def six(store):
        orders, visits, campaigns = store.purchases, store.visits, store.campaigns
        placed = orders[orders["ordered_at"] < asked_on]
        people = store.customers[store.customers["signed_up_at"] < asked_on].set_index(
            "customer_id"
        )
        mailed = campaigns[campaigns["assigned_at"] < asked_on]
        return {
            "orders_placed": placed.groupby("customer_id")["order_id"].nunique(),
            "money_kept": placed[placed["cancelled_at"].isna()]
            .groupby("customer_id")["amount"]
            .sum(),
            "last_look": visits[visits["started_at"] < asked_on]
            .groupby("customer_id")["started_at"]
            .max(),
            "voucher_revenue": mailed.groupby("customer_id")["revenue"].sum(),
            "price_attitude": people["price_attitude"],
            "channel": people["acquisition_channel"],
        }

    orders, people = store.purchases.copy(), store.customers.copy()
    orders["cancelled_at"] = orders["cancelled_at"].where(orders["cancelled_at"] < asked_on)
    people.loc[~(people["answered_at"] < asked_on), "price_attitude"] = np.nan
    campaigns = store.campaigns.copy()
    campaigns.loc[campaigns["recorded_at"] >= asked_on, "revenue"] = 0
    then = replace(store, purchases=orders, customers=people, campaigns=campaigns)
    today, on_the_day = six(store), six(then)
    changed = {name for name in today if not today[name].equals(on_the_day[name])}
    assert changed == set(chapter_02.LEAKS)
    assert set(today) - changed == set(chapter_02.SOUND)


def test_02_4_takes_any_encoding_that_leaves_the_row_out():
    code, y = chapter_02.codes()
    total, size = (y.groupby(code["code"]).transform(how) for how in ("sum", "size"))
    others = ((total - y + 5 * y.mean()) / (size - 1 + 5)).to_numpy()  # leave one out, shrunk
    assert "sign is turned" in judged("02.4", 1 - y.groupby(code["code"]).transform("mean"))
    assert not judged("02.4", others[:10]).startswith("right")
    assert "NaN" in judged("02.4", np.where(size == 1, np.nan, others))
    said = judged("02.4", others)
    assert said.startswith("right"), said
