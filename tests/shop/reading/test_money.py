"""Money beside the amounts is counted once: refunds, pieces that came back, discounts, sums."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import shop

DAY = "2024-01-31"
quick = settings(max_examples=8, deadline=None)


def lines(order_id, price, quantity, **columns):
    """Lines of orders of one customer, as an export lists them."""
    n = len(order_id)
    base = {"customer_id": ["a"] * n, "order_id": order_id, "date": [DAY] * n}
    return pd.DataFrame({**base, "price": price, "quantity": quantity, **columns})


def amounts(cells):
    store = shop.read(cells)
    assert store.report.fates["rows"].sum() == len(cells)
    return store.purchases["amount"].tolist()


def test_pieces_that_came_back_and_their_refund_are_the_same_money():
    back = {"quantity refunded": [1, 0, 0]}
    cells = lines([1, 1, 2], [10, 20, 5], [2, 1, 1], **back)
    assert amounts(cells.assign(**{"refunded amount": [10, 10, 0]})) == [10, 20, 5]
    assert amounts(cells.assign(**{"refunded amount": [10, None, None]})) == [10, 20, 5]
    # ... and what was refunded besides is taken off besides.
    more = amounts(cells.assign(**{"refunded amount": [16, 16, 0]}))
    assert more == pytest.approx([8, 16, 5])


def test_a_refund_that_the_pieces_are_less_already():
    cells = lines([1, 2], [10, 8], [1, 2], **{"refund amount": [10, 0], "order total": [20, 16]})
    assert amounts(cells) == [10, 16]
    cells = cells.assign(**{"order total": [10, 16], "refund amount": [4, 0]})
    assert amounts(cells) == [6, 16]


def test_a_subtotal_before_the_discount_does_not_say_that_it_is_in_the_prices():
    money = {"discount": [2, 1], "subtotal": [20, 10]}
    store = shop.read(lines([1, 2], [10, 10], [2, 1], **money))
    assert store.purchases["amount"].tolist() == [20, 10]
    assert any("was not taken off" in said for said in store.report.warnings)
    assert amounts(lines([1, 2], [10, 10], [2, 1], **money, total=[18, 9])) == [18, 9]
    assert amounts(lines([1, 2], [10, 10], [2, 1], **money, total=[20, 10])) == [20, 10]


def test_a_row_that_sums_up_its_order_is_no_line():
    cells = lines([1, 1, 1, 2], [9, 4, 5, 3], [2, 1, 1, 1], sku=[None, "x", "y", "x"])
    assert amounts(cells) == [4, 5, 3]
    assert shop.read(cells).set_aside["reason"].tolist() == ["sum of the other lines of its order"]
    other = cells.assign(price=[8, 4, 5, 3])  # goods without a number
    assert amounts(other) == [16, 4, 5, 3]
    assert amounts(cells.assign(sku=["z", "x", "y", "x"])) == [18, 4, 5, 3]


def test_totals_on_the_summing_row_alone_are_no_reason_to_warn():
    cells = lines([1, 1, 1], [9, 4, 5], [2, 1, 1], sku=[None, "x", "y"], total=[9, None, None])
    assert not any("differs" in said for said in shop.read(cells).report.warnings)


def test_totals_with_and_without_tax():
    cells = lines([1, 2], [10, 10], [1, 1]).drop(columns=["price", "quantity"])
    cells = cells.assign(**{"Order Total (ex tax)": [10, 20], "Order Total (inc tax)": [12, 24]})
    assert amounts(cells) == [12, 24]


@pytest.mark.parametrize("status", ["Dibatalkan", "Đã hủy", "ยกเลิกแล้ว"])
def test_canceled_in_asia(status):
    assert amounts(lines([1, 2], [10, 5], [1, 1], status=[status, "Completed"])) == [5]


goods = st.tuples(st.integers(1, 5), st.integers(100, 9_999), st.integers(0, 5))


@quick
@given(
    st.lists(st.tuples(st.lists(goods, min_size=1, max_size=3), st.integers(0, 500)), min_size=1),
    st.booleans(),
)
def test_what_is_left_of_orders_after_returns_and_refunds(made, repeated):
    """Each order: lines of (pieces, cents, pieces that came back), cents refunded besides."""
    rows, truth = [], {}
    for number, (order, besides) in enumerate(made):
        back = [min(pieces, returned) for pieces, _, returned in order]
        worth = sum(n * price for n, (_, price, _) in zip(back, order, strict=True))
        left = sum(pieces * price for pieces, price, _ in order) - worth
        truth[str(number)] = max(left - besides, 0) / 100
        for line, (n, (pieces, price, _)) in enumerate(zip(back, order, strict=True)):
            refund = (worth + besides) / 100 if repeated or line == 0 else None
            row = (f"c{number}", str(number), DAY, pieces, price / 100, n, refund)
            rows.append(row)
    names = ["customer", "order id", "date", "qty", "price", "returned qty", "refund amount"]
    try:
        store = shop.read(pd.DataFrame(rows, columns=names))
    except shop.ShopError as error:
        assert sum(truth.values()) <= 0.011 * len(truth) and "in full" in str(error)
        return
    found = store.purchases.groupby("order_id")["amount"].sum()
    wanted = pd.Series(truth)
    assert (found.reindex(wanted.index).fillna(0.0) - wanted).abs().max() <= 0.03


@quick
@given(st.lists(st.lists(st.integers(100, 9_999), min_size=1, max_size=4), min_size=1, max_size=8))
def test_orders_with_a_row_that_sums_them_up(orders):
    rows = []
    for number, prices in enumerate(orders):
        head = (f"c{number}", number, DAY)
        if len(prices) > 1:
            rows.append((*head, None, len(prices), sum(prices) / 100))
        rows += [(*head, f"i{i}", 1, price / 100) for i, price in enumerate(prices)]
    names = ["customer", "order id", "date", "item number", "quantity", "price"]
    store = shop.read(pd.DataFrame(rows, columns=names))
    assert store.purchases["amount"].sum() == pytest.approx(sum(map(sum, orders)) / 100)
    assert len(store.purchases) == sum(map(len, orders))


@pytest.mark.parametrize(
    ("columns", "currency"),
    [
        ({"price": ["1.00", "2.00"], "currency": ["eur", "EUR"]}, "EUR"),
        ({"price": ["1.00", "2.00"], "currency": ["EUR", None]}, "EUR"),
        ({"price": ["1.00", "2.00"], "currency": ["EUR", "USD"]}, ""),
        ({"price": ["1,00 €", "2,00 €"]}, "€"),
        ({"price": ["£1.00", "£2.00"]}, "£"),
        ({"price": ["1.00 €", "$2.00"]}, ""),
        ({"price (EUR)": [1.0, 2.0]}, "EUR"),
        ({"price": [1.0, 2.0]}, ""),
        ({"price": [1.0, 2.0], "currency": ["see the invoice", "see the invoice"]}, ""),
    ],
)
def test_the_currency_is_known_where_it_is_one(columns, currency):
    base = {"customer_id": ["a", "b"], "order_id": ["1", "2"], "date": [DAY] * 2}
    assert shop.read(pd.DataFrame({**base, **columns})).currency == currency
