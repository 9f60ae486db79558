"""Words and small things: money, names, e-mails, dates that mean never, logs without prices."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from frames import DAY, bought, warned

from helpers import shop

# Money


@pytest.mark.parametrize(
    ("cell", "worth"),
    [
        ("RM 12.50", 12.5),
        ("S/ 12.50", 12.5),
        ("USD $12.50", 12.5),
        ("NT$12.50", 12.5),
        ("R 1,234.50", 1234.5),
        ("AED 12.50", 12.5),
        ("12.50 SGD", 12.5),
        ("￥1,250", 1250),
        ("12.500đ", 12500),
        ("VND 12.500", 12500),
        ("Rp1.250", 1250),
        ("1.250,-", 1250),
        ("CHF 1.250.-", 1250),
    ],
)
def test_signs_of_money(cell, worth):
    assert shop.read(bought([cell])).purchases["amount"].tolist() == [worth]


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ([0.0031, 0.654, 0.8569], "3 lines rounded to the cent, which makes next to nothing"),
        ([0.0031] * 3, "3 lines rounded to the cent, which makes -0.01 in all"),
        ([5.0, 0.1 + 0.2], None),
    ],
)
def test_lines_that_are_rounded_are_counted(amounts, said):
    report = str(shop.read(bought(amounts)).report)
    assert said in report if said else "rounded" not in report


def test_the_rounding_is_said_of_the_purchases(tmp_path):
    bought([0.005, 0.014]).to_csv(tmp_path / "orders.csv", index=False)
    pd.DataFrame({"customer_id": ["k0"], "region": ["x"]}).to_csv(tmp_path / "users.csv")
    assert "orders.csv: 2 lines rounded" in " ".join(shop.read(tmp_path).report.remarks)


def test_discounts_of_nothing_are_no_shares():
    store = shop.read(bought([10.0, 20.0], discount=["0.00", "0.00"]))
    assert "shares" not in str(store.report) and "'discount'" not in warned(store)


# Who bought


CALLED = {
    # cells, who is kept
    "names": (["Ann", "Lee", "Null", "None"], ["Ann", "Lee", "Null", "None"]),
    "names of several words": (["Ann Lee", "Bob O'Neil", "Na"], ["Ann Lee", "Bob O'Neil", "Na"]),
    "codes of two letters": (["DE", "FR", "NA", "NULL"], ["DE", "FR", "NA"]),
    "numbers": (["17", "18", "NA", "None", "NULL", "Null"], ["17", "18"]),
    "e-mails": (["a@x.org", "b@x.org", "None"], ["a@x.org", "b@x.org"]),
    "lower case": (["ann", "bob", "null", "nan"], ["ann", "bob"]),
    "far oftener than anybody": (["Ann", "Bob", *["None"] * 5], ["Ann", "Bob"]),
}


@pytest.mark.parametrize("case", CALLED)
@pytest.mark.parametrize("as_file", [False, True])
def test_customers_called_null(case, as_file, tmp_path):
    cells, kept = CALLED[case]
    orders = bought([1] * len(cells), customer_id=cells)
    if as_file:
        orders.to_csv(tmp_path / "orders.csv", index=False)
    store = shop.read(tmp_path / "orders.csv" if as_file else orders)
    assert store.purchases["customer_id"].tolist() == kept
    assert set(store.set_aside["reason"]) <= {"no customer"}
    taken = {"Null", "None", "NA", "Na"} & set(kept)
    assert all(f"{word!r} (1 row) was taken for a customer" in warned(store) for word in taken)


def test_emails_among_numbers_are_one_person_in_any_case():
    store = shop.read(bought([1, 2, 3, 4], customer_id=["Ann@X.org", "ann@x.org ", "17", "Lee"]))
    assert store.purchases["customer_id"].tolist() == ["ann@x.org", "ann@x.org", "17", "Lee"]


# What was canceled


@pytest.mark.parametrize("never", ["9999-12-31", "31.12.2999", "1753-01-01", "0001-01-01 00:00:00"])
def test_a_day_that_no_shop_has_seen_is_no_cancellation(never):
    store = shop.read(bought([5, 7], cancelled_at=[never, "2024-02-13"]))
    assert store.purchases["cancelled_at"].isna().tolist() == [True, False]
    assert "1 date" in str(store.report) and "not canceled" in str(store.report)


@pytest.mark.parametrize("odd", ["2024-01-31 10Z", "2024-01-31 1005+02", "2024-01-31T10-0500"])
def test_a_zone_that_is_not_understood_is_an_unread_time(odd):
    store = shop.read(bought([1, 2, 4], date=[odd, "2024-02-01", "2024-02-02 10:00+0100"]))
    assert store.purchases["amount"].tolist() == [2, 4]
    assert store.set_aside["date"].tolist() == [odd]


# No prices


def log(**columns):
    kinds = ["view", "purchase", "cart", "purchase", "view"]
    base = {
        "user_id": ["u1", "u1", "u2", "u2", "u3"],
        "event_time": [f"{DAY} 10:0{i}:00" for i in range(5)],
        "event_type": kinds,
        "item_id": range(5),
    }
    return pd.DataFrame({**base, **columns})


def test_a_log_without_prices_says_who_bought_and_when():
    store = shop.read(log())
    assert store.purchases["customer_id"].tolist() == ["u1", "u2"]
    assert store.purchases["amount"].tolist() == [0.0, 0.0]
    assert len(store.visits) == 3 and "no amounts" in warned(store)
    assert any("all amounts are 0" in note for note in store.notes)


def test_retailrockets_log(tmp_path):
    (tmp_path / "events.csv").write_text(
        "timestamp,visitorid,event,itemid,transactionid\n"
        "1433221332117,257597,view,355908,\n1433224214164,992329,addtocart,248676,\n"
        "1433221999827,111016,transaction,318965,13059\n"
    )
    store = shop.read(tmp_path)
    assert store.purchases[["customer_id", "order_id"]].to_numpy().tolist() == [["111016", "13059"]]
    assert store.visits["added_to_cart"].sum() == 1


def test_a_log_with_money_under_another_name_is_asked_about():
    with pytest.raises(shop.ShopError, match="the amount") as caught:
        shop.read(log(worth=[1.5, 2.5, 3.0, 4.0, 5.0]))
    assert '"amount": None' in caught.value.remedy
    told = shop.read(log(worth=[1.5, 2.5, 3.0, 4.0, 5.0]), columns={"amount": "worth"})
    assert told.purchases["amount"].tolist() == [2.5, 4.0]


def test_orders_without_amounts_are_asked_about_and_then_read():
    orders = bought([1, 2]).drop(columns="amount")
    with pytest.raises(shop.ShopError, match="the amount") as caught:
        shop.read(orders)
    assert 'columns={"amount": None}' in caught.value.remedy
    store = shop.read(orders, columns={"amount": None})
    assert len(store.purchases) == 2 and "no amounts" in warned(store)
    money = bought([1, 2]).rename(columns={"amount": "price"})
    assert shop.read(money, columns={"amount": None}).purchases["amount"].sum() == 3


def test_an_event_log_as_json_lines(tmp_path):
    lines = log(price=["1.50"] * 5).to_dict("records")
    text = "\n".join(json.dumps(line) for line in lines)
    (tmp_path / "events.jsonl").write_text(text)
    assert shop.read(tmp_path).purchases["amount"].tolist() == [1.5, 1.5]
