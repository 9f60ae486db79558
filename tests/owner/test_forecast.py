"""Orders to come: ways and ranges by hand, nothing from later, and what the ranges held."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import features, lifetime, owner, shop
from helpers.owner import forecast, ways

AS_OF = pd.Timestamp("2024-07-01")
DAY = pd.Timedelta("1D")


def drawn(seed: int, customers: int = 300) -> shop.Shop:
    """Two years of order lines, two an order, some canceled later, by customers who come anew."""
    rng = np.random.default_rng(seed)
    rows, number = [], 0
    for customer in range(customers):
        at, rate = rng.uniform(0, 700), rng.gamma(1.5, 1 / 60)
        while at < 730:
            gone = AS_OF - (730 - at - rng.exponential(20)) * DAY if rng.random() < 0.1 else None
            for _line in range(2):
                when = AS_OF - (730 - at) * DAY
                rows.append((f"c{customer}", str(number), when, rng.integers(1, 900) / 4, gone))
            number += 1
            if rng.random() < 0.1:
                break
            at += rng.exponential(1 / rate)
    names = ["customer_id", "order_id", "ordered_at", "amount", "cancelled_at"]
    table = pd.DataFrame(rows, columns=names)
    table["cancelled_at"] = pd.to_datetime(table["cancelled_at"])
    return shop.Shop("s", shop.conform(table, "purchases"))


@pytest.fixture(scope="module")
def store() -> shop.Shop:
    return drawn(0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500))
def test_the_compact_shop_has_the_same_weeks_and_histories(store, ago):
    small, moment = ways.compact(store), AS_OF - ago * DAY
    pd.testing.assert_series_equal(
        ways.weekly(small.shop, moment), ways.weekly(store, moment), check_freq=False
    )
    whole = lifetime.history(store, moment).reset_index(drop=True)
    few = lifetime.history(small.few, moment).reset_index(drop=True)
    by = ["age", "last", "repeats", "value"]
    pd.testing.assert_frame_equal(
        few.sort_values(by, ignore_index=True), whole.sort_values(by, ignore_index=True)
    )


def test_what_came_and_what_was_foretold_are_those_of_pandas(store):
    found = owner.coming(store, AS_OF, 4)
    lines = store.purchases
    for day, row in found.trials.iterrows():
        end = day + 28 * DAY
        stood = lines[~(lines["cancelled_at"] < end)]
        came = stood[stood["ordered_at"].between(day, end, inclusive="left")]["order_id"].nunique()
        assert row["came"] == came
        known = lines[(lines["ordered_at"] < day) & ~(lines["cancelled_at"] < day)]
        recent = known[known["ordered_at"] >= day - 91 * DAY]["order_id"].nunique()
        table = ways.tried(store, AS_OF, (4, 13))[4]
        assert table.loc[day, "as in the last 13 weeks"] == pytest.approx(recent / 13 * 4)
    assert list(found.trials.index) == [AS_OF - (4 + 4 * n) * 7 * DAY for n in range(5, -1, -1)]
    assert found.nearest.sum() == 6 and found.low < found.orders < found.high


def test_the_range_is_that_of_the_formula():
    misses = np.array([0.1, -0.1, 0.1, -0.1, 0.1])  # every 2 weeks: 12 weeks, three windows of 4
    low, high = forecast.ends(100.0, misses, 4)
    far = 1.6377443 * np.sqrt(4 / 3) * 0.1  # t of 3 degrees of freedom at 90 % (a printed table)
    assert (low, high) == pytest.approx((100 * np.exp(-far), 100 * np.exp(far)), rel=1e-5)


def test_nothing_from_after_the_day_enters(store):
    then = AS_OF - 70 * DAY
    lines = store.purchases[store.purchases["ordered_at"] < then].reset_index(drop=True)
    lines.loc[lines["cancelled_at"] >= then, "cancelled_at"] = pd.NaT
    cut = shop.Shop("s", lines)
    for weeks in (4, 13):
        whole, early = owner.coming(store, then, weeks), owner.coming(cut, then, weeks)
        assert whole[:5] == early[:5] and (whole.held, whole.of) == (early.held, early.of)


def test_the_ranges_of_the_past_are_counted_by_hand(store):
    """Each earlier range is the one that was made then."""
    found = owner.coming(store, AS_OF, 4)
    held = of = 0
    table = ways.tried(store, AS_OF, (4, 13))[4]
    days = table.index[table["came"].notna()]
    for day in days[forecast.LEAST + 1 :]:
        then = ways.tried(store, day, (4, 13))
        _, low, high = forecast._foretell(then, day, 4)
        held, of = held + (low <= table.loc[day, "came"] <= high), of + 1
    assert (found.held, found.of) == (held, of) and of > 20


@pytest.mark.parametrize("name", ["simulated", "complete_journey"])
def test_the_ranges_hold_more_often_than_the_worst_of_six_did(name):
    """Measured over all moments of both shops: 27 of 32 and 11 of 11 at four weeks (the worst
    misses of six trials held in 8 of 14 on the simulated shop)."""
    known = shop.load(name)
    found = owner.coming(known, features.end_of(known), 4)
    assert found.of >= 11 and found.held / found.of >= 0.8


def test_a_sample_of_the_customers_counts_for_all(monkeypatch):
    store = drawn(1, 1_500)
    whole = ways.each_way(ways.compact(store), AS_OF, (4,))
    monkeypatch.setattr(ways, "MOST", 700)
    small = ways.compact(store)
    assert small.few.purchases["customer_id"].nunique() == 700
    part = ways.each_way(small, AS_OF, (4,))
    assert part.loc[4, ways.CUSTOMERS] == pytest.approx(whole.loc[4, ways.CUSTOMERS], rel=0.15)
    assert part.loc[4, "as in the last 13 weeks"] == whole.loc[4, "as in the last 13 weeks"]


def shop_of(days: np.ndarray, customers: int = 400) -> shop.Shop:
    """Orders so many days before `AS_OF`, by customers drawn at random."""
    who = np.random.default_rng(0).integers(0, customers, len(days)).astype(str)
    ids = [str(number) for number in range(len(days))]
    at = AS_OF - pd.to_timedelta(days, "D")
    columns = {"customer_id": who, "order_id": ids, "ordered_at": at, "amount": 5.0}
    return shop.Shop("s", shop.conform(pd.DataFrame(columns), "purchases"))


def test_a_season_that_lies_beyond_the_range_is_planned_with():
    """Two years of some ten orders a week, and forty in four weeks of last year, after this day."""
    rng = np.random.default_rng(0)
    peak = shop_of(np.concatenate([rng.uniform(0, 720, 1_030), rng.uniform(337, 365, 160)]))
    found = owner.coming(peak, AS_OF, 4)
    weeks = ways.weekly(peak, AS_OF)
    pace = weeks.iloc[-13:].sum() / weeks.iloc[-65:-52].sum()
    assert found.orders == pytest.approx(weeks.iloc[-52:-48].sum() * pace)
    assert found.way == ways.LAST_YEAR and found.low < found.orders < found.high
    without, _, high, _ = found.otherwise
    assert high < found.low, "two answers that do not meet"
    table = ways.tried(peak, AS_OF, (4, 13))[4]
    assert without == table.loc[AS_OF, "as in the last 13 weeks"]
    assert (found.trials["foretold"] == table.loc[found.trials.index, ways.LAST_YEAR]).all()
    last, before = found.years[0], weeks.iloc[-65:-52].sum()
    assert last == weeks.iloc[-52:-48].sum() and len(found.years) == 1, "no second year is whole"
    assert found.pace == weeks.iloc[-13:].sum() / before - 1
    assert found.lately == weeks.iloc[-4:].sum() / weeks.iloc[-56:-52].sum() - 1
    each = forecast.customers_an_order(peak, AS_OF - 48 * 7 * DAY, 4)
    assert (
        found.answer
        == f"about {found.orders:,.0f} orders from about {found.customers:,.0f} customers"
    )
    assert found.customers == pytest.approx(found.orders * each)
    assert f"Last year {last:,.0f} orders came in the same weeks" in found.around
    assert f"those before, it would be about {without:,.0f} orders" in found.around
    page = owner.page(peak, AS_OF).replace("&#x27;", "'")
    assert found.around in page and f"<b>{found.answer}</b>" in page
    number, of = owner.orders_ahead(owner.head(peak, AS_OF))
    assert number == f"about {found.orders:,.0f}" and f"{found.low:,.0f} to " in of
    assert owner.coming(drawn(0), AS_OF, 4).otherwise is None


def test_a_launch_is_no_season():
    """A hundred orders a week for sixteen weeks, then twenty: what last year's weeks foretell
    was as far off at every earlier day, so it is not planned with."""
    rng = np.random.default_rng(0)
    for weeks in (70, 74, 76):
        first, rest = (
            rng.uniform(weeks - 16, weeks, 1_600),
            rng.uniform(0, weeks - 16, 20 * (weeks - 16)),
        )
        launched = shop_of(7 * np.concatenate([first, rest]))
        found = owner.coming(launched, AS_OF, 4)
        last_year = ways.tried(launched, AS_OF, (4, 13))[4].loc[AS_OF, ways.LAST_YEAR]
        assert last_year < found.orders / 1.5, "they do lie apart"
        assert found.otherwise is None and found.way != ways.LAST_YEAR, weeks


def test_weeks_without_an_order_last_year_are_no_season():
    """Closed for the four weeks after this day last year: none is planned with."""
    rng = np.random.default_rng(0)
    days = rng.uniform(0, 720, 1_100)
    closed = shop_of(days[(days < 336) | (days > 365)])
    found = owner.coming(closed, AS_OF, 4)
    assert found.years[0] == 0 and found.otherwise is None and found.orders > 20
    with pytest.raises(ValueError, match="from 1 to 52"):
        owner.coming(closed, AS_OF, 53)


def test_one_way_is_used_for_four_weeks_and_for_thirteen(store):
    for ago in (0, 70, 140):
        ways_used = {owner.coming(store, AS_OF - ago * DAY, weeks).way for weeks in (4, 13)}
        assert len(ways_used) == 1


def test_how_many_customers_an_order_has():
    store = drawn(0)
    late = features.standing(store.purchases, None, AS_OF)
    late = late[late["ordered_at"] >= AS_OF - 28 * DAY]
    found = forecast.customers_an_order(store, AS_OF, 4)
    assert found == late["customer_id"].nunique() / late["order_id"].nunique() <= 1
    assert np.isnan(forecast.customers_an_order(store, pd.Timestamp("1999-01-01"), 4))
