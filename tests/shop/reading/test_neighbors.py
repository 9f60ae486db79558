"""Neighbors of the cases: the same kinds of mistake elsewhere."""

from __future__ import annotations

import datetime
import decimal
import gzip

import numpy as np
import pandas as pd
import pytest
from frames import DAY, bought, warned

from helpers import shop
from helpers.shop.reading.amounts import to_number
from helpers.shop.reading.encodings import to_utf8
from helpers.shop.reading.times import to_time

# Evidence before names


def test_an_empty_customer_number_leaves_the_email():
    cells = bought([1, 2], email=["a@x.org", "b@x.org"]).assign(customer_id=None)
    assert shop.read(cells).purchases["customer_id"].tolist() == ["a@x.org", "b@x.org"]


def test_an_empty_order_date_leaves_the_invoice_date():
    cells = bought([1], **{"Invoice Date": [DAY], "Order Date": [None]}).drop(columns="date")
    assert shop.read(cells).purchases["ordered_at"].tolist() == [pd.Timestamp(DAY)]


def test_an_empty_line_total_leaves_price_and_quantity():
    cells = bought([None, None], price=[2.0, 3.0], quantity=[2, 1])
    assert shop.read(cells).purchases["amount"].tolist() == [4.0, 3.0]


def test_a_shop_id_that_numbers_orders_gives_way_to_the_person():
    n = 40
    cells = pd.DataFrame(
        {
            "order_id": range(n),
            "customer_id": [f"o{i}" for i in range(n)],
            "customer_unique_id": [f"p{i % 13}" for i in range(n)],
            "date": [DAY] * n,
            "amount": [1.0] * n,
        }
    )
    assert shop.read(cells).purchases["customer_id"].nunique() == 13
    told = shop.read(cells, columns={"customer_id": "customer_id"})
    assert told.purchases["customer_id"].nunique() == n


def test_a_separator_alone_is_weak_and_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("customer_id;date;amount\na;03/04/2024;5\nb;05/06/2024;7\n")
    store = shop.read(path)
    assert store.purchases["ordered_at"].dt.month.tolist() == [4, 6]
    assert "separated by semicolons" in str(store.report)


def test_decimal_points_and_semicolons_are_asked_about(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("customer_id;date;amount\na;03/04/2024;5.50\nb;05/06/2024;7.25\n")
    with pytest.raises(shop.ShopError, match="nothing in the file decides"):
        shop.read(path)


def test_thousands_beside_whole_numbers_below_a_thousand():
    assert shop.read(bought(["1,234", "950", "12"])).purchases["amount"].sum() == 2196


@pytest.mark.parametrize("sign", ["1,234 JPY", "₩1,234", "1.234円", "¥1.234"])
def test_money_without_decimals(sign):
    assert shop.read(bought([sign])).purchases["amount"].tolist() == [1234.0]


@pytest.mark.parametrize("cell", ["US $12.50", "AU $12.50", "12,50 TL", "Rp 12,50", "12.50 CA$"])
def test_more_signs_of_money(cell):
    assert shop.read(bought([cell])).purchases["amount"].tolist() == [12.5]


@pytest.mark.parametrize("cell", ["1,2,3", "12.34.56", "1.2.3,4", "--5", "5-6", "12 pieces"])
def test_what_is_no_number_has_no_value(cell):
    assert to_number(pd.Series([cell, "5"])).numbers.isna().tolist() == [True, False]


def test_indian_lakhs():
    assert shop.read(bought(["12,34,567.50", "950.00"])).purchases["amount"].sum() == 1235517.5


# Guests


@pytest.mark.parametrize("word", ["Gast", "Invité", "WALK-IN", "Not logged in", "anon."])
def test_words_for_guests(word):
    cells = bought([1, 2, 3], customer_id=["17", word, word])
    store = shop.read(cells)
    assert store.purchases["customer_id"].nunique() == 3 and "guests" in warned(store)


def test_an_empty_customer_number_beside_an_email_is_no_lost_row():
    cells = bought([1, 2, 3], customer_id=["17", None, None], email=["a@x.org", "b@x.org", None])
    store = shop.read(cells)
    assert store.purchases["customer_id"].tolist() == ["17", "b@x.org"]
    assert store.set_aside["reason"].tolist() == ["no customer"]


def test_emails_that_differ_in_case_are_one_person():
    cells = bought([1, 2], customer_id=None, email=["Ann@x.org", "ann@X.org "])
    assert shop.read(cells).purchases["customer_id"].unique().tolist() == ["ann@x.org"]


def test_a_single_customer_zero_is_a_customer():
    store = shop.read(bought([1, 2, 3], customer_id=["0", "1", "2"]))
    assert store.purchases["customer_id"].tolist() == ["0", "1", "2"]


# No meaning for what cannot be read


@pytest.mark.parametrize("cell", ["00.00.0000", "0000/00/00", "0000-00-00T00:00:00", "1900-01-00"])
def test_zero_dates_of_orders_are_no_dates(cell):
    store = shop.read(bought([1, 2], date=[cell, DAY]))
    assert store.set_aside["reason"].tolist() == ["no date"]


def test_a_negative_price_of_several_pieces_is_a_return():
    store = shop.read(bought([0] * 2, price=[-5, 5], quantity=[-3, 3]).drop(columns="amount"))
    assert store.purchases["amount"].tolist() == [15.0]


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        ("Return denied", True),
        ("Keine Erstattung", True),
        ("Not returned", True),
        ("Cancellation requested", True),
        ("Partially refunded", True),
        ("return policy accepted", True),
        ("Refunded", False),
        ("Order cancelled", False),
        ("Rejected", False),
        ("Chargeback", False),
        ("storniert", False),
    ],
)
def test_statuses(status, stands):
    store = shop.read(bought([1, 2], status=[status, "paid"]))
    assert (len(store.purchases) == 2) is stands


def test_a_type_of_goods_is_no_type_of_row():
    store = shop.read(bought([1, 2], type=["Return label", "Gift wrap"]))
    assert len(store.purchases) == 2


@pytest.mark.parametrize("word", ["Chargeback", "Credit Memo", "Gutschrift", "Reversal", "Return"])
def test_rows_that_take_money_back(word):
    store = shop.read(bought([9, 4], **{"Transaction Type": ["Sale", word]}))
    assert store.purchases["amount"].tolist() == [9.0]
    assert store.set_aside["reason"].tolist() == ["refund"] and "4.00" in warned(store)


# Times


def test_times_of_day_as_objects():
    cells = bought([1, 2], time=[datetime.time(14, 15), datetime.time(2, 15)])
    assert shop.read(cells).purchases["ordered_at"].dt.hour.tolist() == [14, 2]


def test_time_differences_as_clock():
    cells = bought([1], time=pd.to_timedelta(["14:15:00"]))
    assert shop.read(cells).purchases["ordered_at"].dt.hour.tolist() == [14]


@pytest.mark.parametrize("cell", ["32-Jan-24", "31-Feb-2024", "Foo-25-25", "11-Feb", "Feb-2017"])
def test_no_days_with_names_of_months(cell):
    assert to_time(pd.Series([cell]), now=pd.Timestamp("2026-01-01")).times.isna().all()


def test_arrow_times_with_a_zone_keep_their_clock():
    at = pd.Series(pd.to_datetime(["2024-01-31 10:00"])).dt.tz_localize("Asia/Tokyo")
    cells = bought([1]).assign(date=at.convert_dtypes(dtype_backend="pyarrow"))
    assert shop.read(cells).purchases["ordered_at"].tolist() == [pd.Timestamp("2024-01-31 10:00")]


# Ids


def test_ids_as_decimals_and_mixed_objects():
    ids = pd.Series([decimal.Decimal("17"), 17.0, "17", 17, np.int64(17)], dtype=object)
    assert shop.read(bought([1] * 5, customer_id=ids)).purchases["customer_id"].unique() == ["17"]


def test_floats_beyond_their_digits_are_said():
    store = shop.read(bought([1, 2], customer_id=[9007199254740994.0, 17.0]))
    assert "lost digits" in warned(store) and "1 row" in warned(store)


def test_order_numbers_that_lost_digits_are_said():
    store = shop.read(bought([1, 2], order_id=["4.05E+11", "4.05E+11"]))
    assert "'order_id'" in warned(store) and "lost digits" in warned(store)


def test_categories_of_whole_numbers_are_exact():
    ids = pd.Series([9007199254740993, 9007199254740992]).astype("category")
    store = shop.read(bought([1, 2], customer_id=ids))
    assert store.purchases["customer_id"].tolist() == ["9007199254740993", "9007199254740992"]


# Money


def test_a_refund_of_one_line_and_one_of_an_order():
    cells = bought([60, 40, 50], order_id=[1, 1, 2], customer_id=list("aab"))
    by_line = shop.read(cells.assign(**{"Refund amount": [10.0, 0.0, 0.0]}))
    assert by_line.purchases["amount"].tolist() == [50, 40, 50]
    by_order = shop.read(cells.assign(**{"Refund amount": [10.0, None, None]}))
    assert by_order.purchases["amount"].tolist() == [54, 36, 50]


def test_a_canceled_order_with_a_date_was_worth_its_amount_until_then():
    cells = bought([10.0, 7.0], refunded_amount=[10.0, 0.0], cancelled_at=["2024-02-03", None])
    store = shop.read(cells)
    assert store.purchases["amount"].tolist() == [10.0, 7.0]


def test_shares_of_discount_are_no_money():
    store = shop.read(bought([10.0, 20.0], discount=[0.2, 0.0]))
    assert store.purchases["amount"].sum() == 30 and "shares" in str(store.report)
    assert "'discount'" not in warned(store)


def test_totals_that_hold_shipping_are_explained():
    cells = bought([0] * 3, price=[10, 20, 30], qty=[1, 1, 2], order_id=[1, 1, 2])
    cells = cells.drop(columns="amount").assign(customer_id=list("aab"))
    cells = cells.assign(Shipping=[5.0, None, 3.0], **{"Order total": [35.0, None, 63.0]})
    store = shop.read(cells)
    assert store.purchases["amount"].sum() == 90
    assert "differs" not in warned(store) and "'Shipping'" in str(store.report)


def test_rounding_to_the_cent_is_said():
    assert "-0.01" in str(shop.read(bought([0.0031] * 3)).report)


# Files


def test_a_line_break_in_the_header(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('customer_id,"Order\ndate",amount\na,2024-01-31,5\nb,never,7\n')
    store = shop.read(path)
    assert store.report.rows == 2 and store.set_aside["row"].tolist() == [4]


def test_the_lock_of_an_open_workbook_is_no_second_file(tmp_path):
    (tmp_path / "orders.csv").write_text(f"customer_id,date,amount\na,{DAY},5\n")
    (tmp_path / "~$orders.xlsx").write_bytes(b"\x05Ann")
    assert len(shop.read(tmp_path).purchases) == 1


def test_a_compressed_file_is_read(tmp_path):
    (tmp_path / "orders.csv.gz").write_bytes(
        gzip.compress(f"customer_id,date,amount\na,{DAY},5\n".encode())
    )
    assert len(shop.read(tmp_path / "orders.csv.gz").purchases) == 1


def test_an_unknown_encoding_is_a_sentence(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"customer_id,date,amount\na,{DAY},5\n")
    with pytest.raises(shop.ShopError, match="Python does not know"):
        shop.read(path, encoding="klingon")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Małgorzata Dąbrowska\nKrzysztof Pawłowski\nZbigniew Wójcik\n", "cp1250"),
        ("Größe «x»;L’été;5,00€;2³ m²\n", "cp1252"),
        ("Müller;Groß;Jäger;Köln\n", "cp850"),
        ("zákazník;datum;částka\nŘehoř Dvořák;13.01.2024;5\n", "cp1250"),
        ("müşteri;tarih;tutar\nIşık Yılmaz;13.01.2024;5\n", "cp1254"),
        ("Γιώργος Παπαδόπουλος;Μαρία\n", "cp1253"),
        ("陳大文,2024-01-31\n李小明,2024-01-31\n", "big5"),
    ],
)
def test_letters_come_back(text, page):
    assert to_utf8(text.encode(page), "a.csv", None)[0].decode() == text


def test_olists_folder(tmp_path):
    n = 30
    pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(n)],
            "customer_id": [f"c{i}" for i in range(n)],
            "order_status": ["delivered"] * (n - 1) + ["canceled"],
            "order_purchase_timestamp": [DAY] * n,
        }
    ).to_csv(tmp_path / "olist_orders_dataset.csv", index=False)
    pd.DataFrame(
        {
            "order_id": [f"o{i // 2}" for i in range(2 * n)],
            "order_item_id": [1 + i % 2 for i in range(2 * n)],
            "price": [1.0] * (2 * n),
            "freight_value": [2.0] * (2 * n),
        }
    ).to_csv(tmp_path / "olist_order_items_dataset.csv", index=False)
    pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "customer_unique_id": [f"p{i % 11}" for i in range(n)],
            "customer_state": ["SP"] * n,
        }
    ).to_csv(tmp_path / "olist_customers_dataset.csv", index=False)
    pd.DataFrame({"order_id": ["o1"], "payment_value": [6.0]}).to_csv(
        tmp_path / "olist_order_payments_dataset.csv", index=False
    )
    store = shop.read(tmp_path)
    assert store.report.fates["rows"].sum() == store.report.rows == n + 2 * n + n
    assert store.purchases["amount"].sum() == 2 * (n - 1)
    assert store.purchases["customer_id"].nunique() == 11
    assert store.customers["customer_id"].isin(store.purchases["customer_id"]).all()


def test_an_error_names_the_row_of_the_header(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"Our orders of January,,\nwho,date,amount\na,{DAY},5\n")
    with pytest.raises(shop.ShopError, match="the customer") as caught:
        shop.read(path)
    assert caught.value.row == 2


@pytest.mark.parametrize("columns", ["amount", "customer_id", "date", "quantity"])
def test_cells_of_every_kind_end_in_a_sentence_or_a_shop(columns):
    odd = [[1], {"a": 1}, (1, 2), b"x", float("inf"), pd.NaT, object, 10**400, True]
    odd = pd.Series([*odd, "5"], dtype=object)
    cells = bought(["5"] * len(odd), quantity=["1"] * len(odd)).assign(**{columns: odd})
    try:
        store = shop.read(cells)
    except shop.ShopError as error:
        assert "not foreseen" not in str(error)
    else:
        assert store.report.fates["rows"].sum() == len(odd)


def test_the_events_of_a_guests_visit_stay_together():
    cells = pd.DataFrame(
        {
            "user_id": ["guest", "guest", "guest", "u1"],
            "event_time": [f"{DAY} 10:0{i}:00" for i in range(4)],
            "event_type": ["view", "purchase", "view", "purchase"],
            "price": [5.0] * 4,
            "user_session": ["s1", "s1", "s2", "s3"],
        }
    )
    store = shop.read(cells)
    assert store.visits["customer_id"].nunique() == 3
    assert store.purchases["customer_id"].tolist() == ["guest-s1", "u1"]
    assert "each of 2 visits" in warned(store)
