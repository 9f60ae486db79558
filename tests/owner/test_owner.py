"""The owner's answers: figures by hand on small shops, nothing from after the cut-off."""

from __future__ import annotations

import itertools

import drawn_orders
import numpy as np
import pandas as pd
import pytest
from drawn_orders import AS_OF, DAY, ago, store_of
from pandas.testing import assert_frame_equal

from helpers import owner, shop
from helpers.owner import named_groups
from helpers.owner.forecast import as_last_year, weekly


@pytest.fixture(scope="module")
def drawn() -> shop.Shop:
    return drawn_orders.drawn(0, 400, 0.1)


def test_a_regular_who_is_silent_is_slipping_and_nobody_else():
    orders = [("silent", ago(300 + 10 * n), 5.0) for n in range(10)]
    orders += [("steady", ago(3 + 10 * n), 9.0) for n in range(30)]
    orders += [("once", ago(500), 1.0), ("thrice", ago(400), 1.0)]
    orders += [("thrice", ago(390), 1.0), ("thrice", ago(380), 1.0)]
    store = store_of(orders)
    found = owner.slipping(store, AS_OF)
    assert list(found.index) == ["silent"]
    row = found.loc["silent"]
    assert (row["usual"], row["silent"], row["purchases"], row["spent"]) == (10, 300, 10, 50.0)
    assert row["last_order"] == ago(300) and 0.8 <= row["gone"] <= 1
    everyone = owner.slipping(store, AS_OF, sure=0)
    assert set(everyone.index) == {"silent", "steady"}
    assert owner.slipping(store, AS_OF, sure=1).empty


def test_the_list_of_half_a_year_ago_is_tried_by_what_came(drawn):
    then = ago(182)
    listed = owner.slipping(drawn, then).index
    later = drawn.purchases[drawn.purchases["ordered_at"].between(then, AS_OF, inclusive="left")]
    many, share = owner.came_back(drawn, AS_OF)
    assert many == len(listed) > 5
    assert share.estimate == pytest.approx(listed.isin(later["customer_id"]).mean())


def test_the_next_buyers_are_tried_by_what_came(drawn):
    then = ago(28)
    listed = owner.next_buyers(drawn, then, 40).index
    later = drawn.purchases[drawn.purchases["ordered_at"].between(then, AS_OF, inclusive="left")]
    tried = owner.bought_next(drawn, AS_OF, 40)
    assert tried.listed == 40
    assert tried.bought.estimate == pytest.approx(listed.isin(later["customer_id"]).mean())
    assert tried.bought.estimate > 2 * tried.of_all > 0  # or the list would be of no use


def test_the_best_are_by_money_and_their_notes_say_what_changed(drawn):
    found = owner.best(drawn, AS_OF)
    spent = drawn.purchases.groupby("customer_id")["amount"].sum()
    assert found["spent"].is_monotonic_decreasing
    np.testing.assert_allclose(found["spent"], spent[found.index])
    tenth = found.head(40)
    quiet = tenth[tenth["note"] == "was big, quiet now"]
    assert 0 < len(quiet) < 20
    assert (quiet["expected"] < tenth["expected"].median() / 2).all()
    assert not (found["note"].iloc[40:] == "was big, quiet now").any()


def test_without_a_second_purchase_nothing_is_expected():
    store = store_of([(str(number), ago(number + 1), 1.0) for number in range(30)])
    assert owner.best(store, AS_OF)["expected"].isna().all()
    assert owner.slipping(store, AS_OF).empty


def steady(weeks: int, orders: int = 10) -> shop.Shop:
    return store_of(
        [(f"c{n}", ago(7 * week + 3), 1.0) for week in range(weeks) for n in range(orders)]
    )


def test_a_shop_that_never_changes_goes_on():
    assert (weekly(steady(5), AS_OF) == 10).all()
    found = owner.coming(steady(50), AS_OF, 4)
    assert (found.orders, found.low, found.high) == (40, 40, 40)
    assert (found.trials["came"] == 40).all() and len(found.trials) == 6


def test_a_season_is_seen_a_year_later():
    weeks = np.arange(130)
    counts = 10 + 10 * (weeks % 52 < 4)  # four weeks of each year bring twice as many
    orders = [
        (f"c{n}", ago(7 * (129 - week) + 3), 1.0) for week in weeks for n in range(counts[week])
    ]
    store = store_of(orders)
    day = AS_OF - 26 * 7 * DAY  # the weeks that follow begin the third year's season
    foretold = as_last_year(weekly(store, day), pd.DataFrame(), 4)
    assert foretold == pytest.approx(weekly(store, day + 28 * DAY).iloc[-4:].sum()) == 80
    assert np.isnan(as_last_year(weekly(steady(60), AS_OF), pd.DataFrame(), 4))


def test_too_few_weeks_are_said():
    with pytest.raises(owner.TooShort, match="12 whole weeks.* 37 are needed to foretell 4 weeks"):
        owner.coming(steady(13), AS_OF, 4)


def test_every_pair_of_scores_has_a_name():
    for r, both in itertools.product(range(1, 6), np.arange(1, 5.5, 0.5)):
        fitting = [
            name
            for name, first, last, low, high in named_groups.RULES
            if first <= r <= last and low <= both <= high
        ]
        assert fitting, (r, both)


def test_groups_are_followed_for_a_quarter(drawn):
    found = owner.groups(drawn, AS_OF)
    assert found["customers"].sum() == drawn.purchases["customer_id"].nunique()
    assert found["share_of_spent"].sum() == pytest.approx(1)
    then = AS_OF - 91 * DAY
    before = named_groups.groups_at(drawn, then)["group"]
    champions = before[before == "champions"].index
    later = drawn.purchases[drawn.purchases["ordered_at"].between(then, AS_OF, inclusive="left")]
    row = found.loc["champions"]
    assert row["before"] == len(champions)
    assert row["ordered"] == pytest.approx(champions.isin(later["customer_id"]).mean())
    assert row["low"] < row["ordered"] < row["high"]
    assert row["ordered"] > found.loc["dormant", "ordered"]


def test_a_young_shop_has_groups_that_nobody_could_follow():
    with pytest.raises(ValueError, match="half a year is needed"):
        owner.groups(steady(20), AS_OF)


def test_nothing_from_after_the_cut_off_enters(drawn):
    then = ago(100)
    before = drawn.purchases[drawn.purchases["ordered_at"] < then]
    cut = shop.Shop("s", before.reset_index(drop=True))
    for answer in (owner.best, owner.slipping, lambda s, t: owner.next_buyers(s, t, 30)):
        assert_frame_equal(answer(drawn, then), answer(cut, then))
    assert_frame_equal(owner.groups(drawn, then), owner.groups(cut, then))
    assert owner.coming(drawn, then)[:5] == owner.coming(cut, then)[:5]


def test_the_page_says_all_of_it_and_runs_nothing(drawn):
    hostile = "<script>alert(1)</script>"
    purchases = drawn.purchases.replace({"customer_id": {"c7": hostile}})
    text = owner.page(shop.Shop(hostile, purchases))
    assert "<script" not in text and "&lt;script&gt;" in text
    assert text.count("<img") == 1 and "src='data:image/png" in text
    for said in (
        "regulars (ordered on four days or more)",
        "slipping away",
        "In the next 13 weeks",
    ):
        assert said in text
    assert "http" not in text


@pytest.mark.parametrize(
    "orders",
    [
        [("a", ago(1), 1.0)],
        [(str(n), ago(n), 1.0) for n in range(1, 50)],
        [("a", ago(7 * n), 0.0) for n in range(1, 60)],
    ],
)
def test_a_shop_of_which_little_is_known_gets_sentences(orders):
    text = owner.page(store_of(orders))
    assert "Traceback" not in text and "nan" not in text and "Your best customers" in text


def test_a_forecast_that_is_too_far_takes_the_nearer_one_away_from_nobody(drawn):
    """41 weeks of orders are enough for the next four, and not for the next thirteen."""
    lines = drawn.purchases
    young = shop.Shop("s", lines[lines["ordered_at"] >= ago(41 * 7)].reset_index(drop=True))
    text = owner.page(young, AS_OF)
    assert "In the next 4 weeks: <b>about" in text and "are needed to foretell 13 weeks" in text
