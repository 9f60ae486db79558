"""One customer's page, and who buys next: figures by hand, nothing from later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_orders import AS_OF, DAY, ago, drawn, store_of
from one_shop import as_shopify, one_shop

from helpers import features, lifetime, owner, shop
from helpers.owner import one_customer, rhythm, who_next


@pytest.fixture(scope="module")
def store() -> shop.Shop:
    return drawn(3, 600, 0.08, often=2.5)


@pytest.fixture(scope="module")
def known(store) -> one_customer.Known:
    return owner.know(store, AS_OF)


def test_a_customers_page_is_that_of_pandas(store, known):
    who = known.past.index[known.past["repeats"] >= 5][3]
    lines = store.purchases[store.purchases["customer_id"] == who]
    by_day = lines.groupby(lines["ordered_at"].dt.normalize())["amount"].sum()
    found = owner.one(known, who)
    assert list(found.days["day"]) == list(by_day.index)
    np.testing.assert_allclose(found.days["amount"], by_day)
    assert found.purchases == len(by_day) and found.spent == pytest.approx(by_day.sum())
    assert found.usual == np.median(np.diff(by_day.index) / DAY)
    assert found.silent == (AS_OF - by_day.index[-1]) / DAY
    model = lifetime.BetaGeometric.fit(known.past)
    worth = lifetime.GammaGamma.fit(known.past)
    row = known.past.loc[[who]]
    expected = model.expected_orders(row, 365) * worth.expected_value(row)
    assert found.expected == pytest.approx(expected.iloc[0])
    table = owner.best(store, AS_OF)
    assert found.expected == pytest.approx(table.loc[who, "expected"])


def test_one_order_more_is_the_same_history_with_one_more(store, known):
    who = known.past.index[known.past["repeats"] >= 5][3]
    more = known.past.loc[[who]].assign(repeats=lambda past: past["repeats"] + 1)
    more["last"] = more["age"]
    orders = known.counts.expected_orders(more, 365) * known.worth.expected_value(more)
    found = owner.one(known, who)
    assert found.if_today == pytest.approx(orders.iloc[0]) and found.if_today > found.expected


def test_of_one_timers_no_chance_is_said(known):
    for repeats in (0, 1, 2):
        found = owner.one(known, known.past.index[known.past["repeats"] == repeats][0])
        assert np.isnan(found.gone) and np.isnan(found.usual) and found.next_order is None
    gone = [owner.one(known, who) for who in known.past.index[known.past["repeats"] >= 3]]
    for found in gone:
        long = found.silent >= 3 * max(found.usual, 1)
        assert (found.next_order is None) == (found.gone >= 0.8 or long)
    assert {one.next_order is None for one in gone} == {True, False}


def test_the_rule_of_the_next_day_is_the_one_that_missed_less(store, known):
    then = AS_OF - rhythm.BACK
    past = lifetime.history(store, then)
    model = lifetime.BetaGeometric.fit(past)
    gone = 1 - model.probability_alive(past)
    later = store.purchases[store.purchases["ordered_at"] >= then]
    came = later.groupby("customer_id")["ordered_at"].min().dt.normalize()
    rows = []
    for who, row in past[(past["repeats"] >= 3) & (gone < 0.8)].iterrows():
        if who not in came:
            continue
        days = store.purchases.query("customer_id == @who and ordered_at < @then")["ordered_at"]
        middle = np.median(np.diff(np.unique(days.dt.normalize().sort_values())) / DAY)
        waited = (came[who] - then) / DAY
        rate = (model.r + row["repeats"]) / (model.alpha + row["age"])
        own = max(0.0, middle - (row["age"] - row["last"]))
        rows.append((abs(own - waited), abs(np.log(2) / rate - waited)))
    own, model_misses = np.array(rows).T
    chosen = known.next_day
    assert chosen.tried == len(rows) > 50
    assert chosen.rule == ("rhythm" if own.mean() < model_misses.mean() else "rate")
    assert chosen.misses["rhythm"] == pytest.approx(np.median(own))
    assert chosen.misses["rate"] == pytest.approx(np.median(model_misses))
    assert chosen.difference.estimate == pytest.approx(-abs(own.mean() - model_misses.mean()))


def test_those_alike_are_counted_by_hand(store, known):
    who = known.past.index[(known.past["repeats"] == 0) & (known.past["age"] > 100)][0]
    silent = known.past.loc[who, "age"]
    then = AS_OF - rhythm.BACK
    past = lifetime.history(store, then)
    like = past[(past["repeats"] == 0) & past["age"].between(silent / 2, silent * 2)]
    later = store.purchases[store.purchases["ordered_at"] >= then]["customer_id"]
    found = owner.one(known, who).alike
    assert found.listed == len(like) > 5
    assert found.share.estimate == pytest.approx(like.index.isin(later).mean())


def test_several_values_at_once_are_those_one_by_one(store):
    at_once = owner.came_back_at(store, AS_OF, rhythm.STEPS)
    for sure in rhythm.STEPS:
        assert at_once[sure] == owner.came_back(store, AS_OF, sure)
    assert [rhythm.step(gone) for gone in (0.49, 0.5, 0.79, 0.8, 1)] == [0, 1, 3, 4, 5]


def test_the_reach_is_counted(store):
    days = store.purchases.groupby("customer_id")["ordered_at"].agg(
        lambda at: at.dt.normalize().nunique()
    )
    found = owner.buyers(store, AS_OF)
    assert found[:3] == (len(days), (days > 1).sum(), (days > 3).sum())
    assert found.first == store.purchases["ordered_at"].min().normalize()
    assert found.days == (AS_OF - found.first) / DAY


@pytest.fixture(scope="module")
def compared(store) -> who_next.Compared:
    return who_next.compare(store, AS_OF)


def test_the_counted_list_is_judged_by_what_came(store, compared):
    then = AS_OF - 28 * DAY
    listed = owner.next_buyers(store, then, compared.listed).index
    later = store.purchases[store.purchases["ordered_at"] >= then]
    judged = compared.judged
    assert judged.loc[who_next.COUNTED, "bought"] == pytest.approx(
        listed.isin(later["customer_id"]).mean()
    )
    assert (
        compared.came
        == later[
            later["customer_id"].isin(
                store.purchases.loc[store.purchases["ordered_at"] < then, "customer_id"]
            )
        ]["customer_id"].nunique()
    )
    assert compared.at_random == pytest.approx(compared.came / compared.customers)
    assert compared.chosen in judged.index[:-1] and judged.index[-1] == compared.column
    gain = judged.loc[compared.chosen, "bought"] - judged.loc[compared.column, "bought"]
    assert compared.gain.estimate == pytest.approx(gain)
    assert compared.gain.low <= gain <= compared.gain.high
    assert judged["bought"].min() > compared.at_random  # or none would be of use


def test_what_is_chosen_knows_nothing_of_the_month_it_is_judged_on(store, compared):
    """The last month swapped for another: column and candidate stay, what came does not."""
    lines = store.purchases
    late = lines["ordered_at"] >= AS_OF - 28 * DAY
    swapped = lines.copy()
    ids = lines["customer_id"].unique()
    other = dict(zip(ids, np.roll(ids, 7), strict=True))
    swapped.loc[late, "customer_id"] = swapped.loc[late, "customer_id"].map(other)
    found = who_next.compare(shop.Shop("s", swapped), AS_OF)
    assert (found.chosen, found.column) == (compared.chosen, compared.column)
    assert found.judged["foretold"].iloc[:-1].to_numpy() == pytest.approx(
        compared.judged["foretold"].iloc[:-1].to_numpy()
    )
    assert found.judged["bought"].iloc[0] != compared.judged["bought"].iloc[0]


def test_a_young_shop_and_one_with_few_buyers_are_refused_in_a_sentence():
    young = store_of([(f"c{n}", ago(n % 150 + 1), 1.0) for n in range(400)])
    with pytest.raises(who_next.CannotCompare, match="32 weeks are needed"):
        who_next.compare(young, AS_OF)
    few = store_of([(f"c{n}", ago(n + 1), 1.0) for n in range(400)])
    with pytest.raises(who_next.CannotCompare, match="30 are needed"):
        who_next.compare(few, AS_OF)


def test_where_nobody_leaves_silence_is_tried_on_the_past(tmp_path):
    """Customers who come at random times and never leave: the model knows, and the page says so."""
    truth = one_shop(5, customers=1_500)
    path = tmp_path / "orders.csv"
    path.write_text(as_shopify(truth))
    store = shop.read(path)
    moment = features.end_of(store)
    regulars = owner.slipping(store, moment, sure=0)
    assert (regulars["gone"] < rhythm.STEPS[0]).all() and (rhythm.times(regulars) > 3).any()

    then = moment - rhythm.BACK
    days = store.purchases[store.purchases["ordered_at"] < then]
    days = days.assign(day=days["ordered_at"].dt.normalize()).groupby("customer_id")["day"].unique()
    long = []
    for customer, mine in days[days.map(len) >= 4].items():
        gaps = np.diff(np.sort(mine)) / np.timedelta64(1, "D")
        silent = (then - pd.Timestamp(max(mine))) / pd.Timedelta("1D")
        if silent >= 3 * np.median(gaps):
            long.append(customer)
    later = store.purchases[store.purchases["ordered_at"].between(then, moment, inclusive="left")]
    found = rhythm.silence(store, moment)
    assert found.long.listed == len(long)
    assert found.long.share.estimate == np.isin(long, later["customer_id"]).mean()
    said = rhythm.nobody_left(found)
    assert f"{len(long)} regulars" in said
    assert said in owner.answers(store)
