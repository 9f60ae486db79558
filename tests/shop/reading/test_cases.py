"""What real exports hold that was once read wrongly: one test a case, the right value in it."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import shop
from helpers.shop.reading.times import to_time


def read(path, text, encoding="utf-8", **more):
    """Read `text` as a file; every row has one fate, whatever else is tested."""
    path = path / "export.csv" if path.is_dir() else path
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return whole(shop.read(path, **more))


def whole(store):
    assert store.report.fates["rows"].sum() == store.report.rows
    aside = store.report.fates.query("fate == 'set aside'")["rows"].sum()
    assert aside == len(store.set_aside)
    return store


def frame(**columns):
    return pd.DataFrame(columns)


def warned(store):
    return " ".join(store.report.warnings)


def table(header, *rows, separator=","):
    return "\n".join(separator.join(map(str, row)) for row in (header, *rows)) + "\n"


# Evidence is weighed: what the cells hold before what the column is called


def test_an_empty_receipt_number_is_not_shopifys_order_number(tmp_path):
    text = """Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem price,Receipt Number
#1,a@x.org,voided,2024-01-05 10:22:33 -0500,1,10.00,
#1,a@x.org,,2024-01-05 10:22:33 -0500,3,10.00,
#2,b@x.org,paid,2024-01-06 10:22:33 -0500,1,7.00,
"""
    store = read(tmp_path, text)
    assert store.purchases["order_id"].tolist() == ["#2"]
    assert store.purchases["amount"].tolist() == [7.0]
    assert store.set_aside["reason"].tolist() == ["canceled", "canceled"]


DOUBTFUL = {
    # what no amount has no vote: neither a remark nor a name with a point
    "tab, a remark with a comma": (["1,234", "2,500", "refunded, see note"], "\t"),
    "semicolon, a name with a point": (["1.234", "2.500", "siehe Hr. Maier"], ";"),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_an_undecidable_decimal_sign_is_asked_about(case, tmp_path):
    cells, separator = DOUBTFUL[case]
    rows = [(f"c{i}", "2024-01-31", cell) for i, cell in enumerate(cells)]
    text = table(("customer_id", "date", "amount"), *rows, separator=separator)
    with pytest.raises(shop.ShopError, match="thousands or decimals") as caught:
        read(tmp_path, text)
    assert caught.value.column == "amount" and "decimal=" in caught.value.remedy
    sign = "," if cells[0] == "1.234" else "."
    assert read(tmp_path, text, decimal=sign).purchases["amount"].tolist() == [1234.0, 2500.0]
    other = "." if sign == "," else ","
    assert read(tmp_path, text, decimal=other).purchases["amount"].tolist() == [1.23, 2.5]


def test_another_column_of_the_file_decides_the_decimal_sign(tmp_path):
    text = table(
        ("customer", "date", "quantity", "amount", "unit price"),
        ("a", "2024-01-31", "1", "1.234", "1.234"),
        ("a", "2024-01-31", "2", "2.500", "12,50"),
        separator="\t",
    )
    assert read(tmp_path, text).purchases["amount"].tolist() == [1234.0, 2500.0]


def test_yen_have_no_decimals():
    cells = frame(customer_id=["a", "b"], date=["2024-01-31"] * 2, amount=["¥1,234", "1,234円"])
    assert shop.read(cells).purchases["amount"].tolist() == [1234.0, 1234.0]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_order_of_rows_outranks_the_separator(separator, tmp_path):
    days = pd.to_datetime(
        [f"2023-{m}-{d}" for m, d in zip(range(1, 10), (2, 5, 1, 9, 4, 11, 3, 8, 6), strict=True)]
    )
    rows = [(f"c{i}", f"{d.month}/{d.day}/{d.year}", "1.50") for i, d in enumerate(days)]
    store = read(tmp_path, table(("customer_id", "date", "amount"), *rows, separator=separator))
    assert store.purchases["ordered_at"].tolist() == days.tolist()
    assert store.purchases["amount"].sum() == pytest.approx(1.5 * len(days))
    assert "month/day/year: the rows are then in order of time" in str(store.report)


def woo(guest, emails=True):
    """Twenty orders of guests and ten of registered customers, as WooCommerce lists them."""
    guests = [
        (f"{900 + i}", "2024-01-31 10:00", "completed", guest, f"g{i % 15}@x.org", "5.00")
        for i in range(20)
    ]
    known = [
        (f"{950 + i}", "2024-02-01 10:00", "completed", 1 + i % 5, f"r{i % 5}@x.org", "7.00")
        for i in range(10)
    ]
    header = ("Order ID", "Date Created", "Status", "Customer ID", "Email", "Total Amount")
    text = pd.DataFrame([*guests, *known], columns=header).astype("str")
    return text if emails else text.drop(columns="Email")


@pytest.mark.parametrize("guest", ["0", "-1", "guest", "Unknown", "anonymous"])
def test_guests_are_told_apart_by_their_email(guest):
    store = whole(shop.read(woo(guest)))
    assert store.purchases["customer_id"].nunique() == 15 + 5
    assert store.purchases.query("customer_id == 'g3@x.org'")["order_id"].tolist() == ["903", "918"]
    assert f"{guest!r}" in warned(store) and "'Email'" in warned(store)
    assert len(store.purchases) == 30


@pytest.mark.parametrize("guest", ["0", "-1", "guest", "Unknown", "anonymous"])
def test_without_an_email_each_order_of_a_guest_is_a_customer(guest):
    store = whole(shop.read(woo(guest, emails=False)))
    assert store.purchases["customer_id"].nunique() == 20 + 5
    assert f"{guest!r}" in warned(store) and "each of 20" in warned(store)


def test_a_guest_with_the_email_of_a_registered_customer_is_that_customer():
    cells = woo("0")
    cells.loc[0, "Email"] = "R3@x.org "
    store = shop.read(cells)
    assert store.purchases.loc[0, "customer_id"] == "4"


def test_customers_numbered_from_zero_are_no_guests():
    days = pd.date_range("2024-01-01", periods=60).astype("str")
    store = shop.read(frame(customer_id=[i % 20 for i in range(60)], date=days, amount=1.0))
    assert store.purchases["customer_id"].value_counts().tolist() == [3] * 20


# What cannot be read has no meaning


@pytest.mark.parametrize(
    "never", ["0000-00-00 00:00:00", "0000-00-00", "0", "No", "False", "1970-01-01", "1900-01-00"]
)
def test_a_zero_date_or_a_no_is_not_a_cancellation(never, tmp_path):
    header = ("customer_id", "order_id", "date", "amount", "cancelled_at")
    rows = [("a", 1, "2024-01-31", 5, never), ("b", 2, "2024-01-31", 7, "2024-02-03")]
    store = read(tmp_path, table(header, *rows))
    assert store.purchases["amount"].tolist() == [5.0, 7.0]
    assert store.purchases["cancelled_at"].isna().tolist() == [True, False]
    assert store.set_aside.empty


def test_a_word_that_is_no_date_of_cancellation_is_said_and_is_not_a_yes(tmp_path):
    header = ("customer_id", "order_id", "date", "amount", "cancelled_at")
    rows = [("a", 1, "2024-01-31", 5, "see note"), ("b", 2, "2024-01-31", 7, "yes")]
    store = read(tmp_path, table(header, *rows))
    assert store.purchases["amount"].tolist() == [5.0]
    assert store.set_aside["reason"].tolist() == ["canceled"]
    assert "'see note'" in warned(store)


# One parser for every time of day


def test_the_afternoon_is_in_the_afternoon(tmp_path):
    text = "customer_id,date,time,amount\na,2024-01-01,02:15 PM,1\na,2024-01-01,02:15 AM,1\n"
    store = read(tmp_path, text)
    assert store.purchases["ordered_at"].dt.hour.tolist() == [14, 2]
    assert store.purchases["order_id"].nunique() == 2
    seconds = read(tmp_path, text.replace(":15", ":15:07")).purchases["ordered_at"]
    assert seconds.dt.strftime("%H:%M:%S").tolist() == ["14:15:07", "02:15:07"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("14:15", "14:15"),
        ("2:15 p.m.", "14:15"),
        ("02:15:30 p. m.", "14:15:30"),
        ("12:05 am", "00:05"),
        ("2 PM", "14:00"),
        ("14h15", "14:15"),
        ("14.15 Uhr", "14:15"),
        ("1415", "14:15"),
        ("915", "09:15"),
        ("0.5", "12:00"),
        ("1899-12-30 14:15:00", "14:15"),
        ("14:15:00+01:00", "14:15"),
    ],
)
def test_a_clock_is_read_as_people_write_it(written, meant):
    cells = frame(customer_id=["a"], date=["2024-01-01"], time=[written], amount=[1])
    at = shop.read(cells).purchases["ordered_at"]
    assert at.tolist() == [pd.Timestamp(f"2024-01-01 {meant}")]


def test_a_clock_that_cannot_be_read_is_said():
    cells = frame(
        customer_id=list("abc"),
        date=["2024-01-01"] * 3,
        time=["10:15", "teatime", "25:00"],
        amount=[1, 1, 1],
    )
    store = shop.read(cells)
    assert store.purchases["ordered_at"].dt.hour.tolist() == [10, 0, 0]
    assert "2 values" in warned(store) and "'teatime'" in warned(store)


# Ids are text from the first byte


@pytest.mark.parametrize("kind", ["Int64", "int64[pyarrow]", object, "float64[pyarrow]"])
def test_ids_of_any_dtype_are_exact(kind):
    big = kind != "float64[pyarrow]"
    numbers = [17, None, *((9007199254740993, 9007199254740992) if big else (18, 19))]
    ids = pd.array(numbers, dtype=kind) if kind is not object else pd.Series(numbers, dtype=object)
    store = whole(shop.read(frame(customer_id=ids, date=["2024-01-31"] * 4, amount=[1, 2, 3, 4])))
    assert store.purchases["customer_id"].tolist() == [str(n) for n in numbers if n]
    assert store.set_aside["reason"].tolist() == ["no customer"]


@pytest.mark.parametrize("kind", ["parquet", "xlsx", "csv"])
def test_ids_of_a_file_are_exact_beside_missing_ones(kind, tmp_path):
    big = [9007199254740993, 9007199254740992] if kind != "xlsx" else [900719925474099, 18]
    ids = pd.array([17, None, *big], dtype="Int64")
    cells = frame(customer_id=ids, date=["2024-01-31"] * 4, amount=[1, 2, 3, 4])
    path = tmp_path / f"orders.{kind}"
    write = {"parquet": cells.to_parquet, "xlsx": cells.to_excel, "csv": cells.to_csv}[kind]
    write(path, index=False)
    store = whole(shop.read(path))
    assert store.purchases["customer_id"].tolist() == ["17", *map(str, big)]
    assert len(store.set_aside) == 1


# Money in the file is used, or said


def shopify(*rows):
    header = (
        "Name,Email,Financial Status,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,"
        "Created at,Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount"
    )
    return header + "\n" + "\n".join(rows) + "\n"


def test_shopifys_discounts_and_refunds_are_taken_off(tmp_path):
    text = shopify(
        "#1,a@x.org,paid,80.00,0.00,0.00,80.00,X,20.00,2024-01-05 10:22:33 -0500,1,Mug,100.00,0.00",
        "#2,b@x.org,partially_refunded,100.00,0.00,0.00,100.00,,0.00,"
        "2024-01-06 10:22:33 -0500,1,Mug,100.00,60.00",
        "#3,c@x.org,paid,90.00,5.00,0.00,95.00,X,10.00,2024-01-07 10:22:33 -0500,3,Cup,20.00,0.00",
        "#3,c@x.org,,,,,,,,2024-01-07 10:22:33 -0500,1,Mug,40.00,",
    )
    store = read(tmp_path, text)
    assert store.purchases["amount"].tolist() == pytest.approx([80, 40, 54, 36])
    said = " ".join(store.report.remarks)
    assert "'Discount Amount'" in said and "30.00" in said
    assert "'Refunded Amount'" in said and "60.00" in said


def test_a_refund_of_the_whole_order_takes_the_order_back(tmp_path):
    header = (
        "ID,Purchase Date,Grand Total (Base),Grand Total (Purchased),Status,Customer Email,"
        "Total Refunded"
    )
    text = (
        f"{header}\n000000001,2024-01-05 10:22:33,35.00,35.00,closed,a@x.org,35.00\n"
        "000000002,2024-01-26 10:22:33,7.50,7.50,complete,b@x.org,2.50\n"
        "000000003,2024-01-27 10:22:33,7.50,7.50,complete,b@x.org,\n"
    )
    store = read(tmp_path, text)
    assert store.purchases["amount"].tolist() == [5.0, 7.5]
    assert store.set_aside["reason"].tolist() == ["refunded in full"]


def test_stripes_refunds_are_taken_off(tmp_path):
    header = "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID"
    text = (
        f"{header}\nch_1,2024-01-05 10:22:33,100.00,80.00,eur,Paid,cus_A\n"
        "ch_2,2024-01-26 10:22:33,7.50,0.00,eur,Paid,cus_B\n"
    )
    assert read(tmp_path, text).purchases["amount"].tolist() == [20.0, 7.5]


def test_pieces_that_came_back_are_taken_off():
    cells = frame(
        customer_id=list("abc"),
        date=["2024-01-31"] * 3,
        price=[10.0, 10.0, 10.0],
        quantity=[4, 2, 1],
        returnQuantity=[1, 2, 0],
    )
    store = whole(shop.read(cells))
    assert store.purchases["amount"].tolist() == [30.0, 10.0]
    assert store.purchases["quantity"].tolist() == [3, 1]
    assert store.set_aside["reason"].tolist() == ["returned in full"]


def test_rows_of_type_refund_are_no_sales_and_their_sum_is_said():
    cells = frame(
        customer_id=list("aab"),
        order_id=[1, 1, 2],
        date=["2024-01-31"] * 3,
        type=["Sale", "Refund", "Sale"],
        amount=[100.0, 60.0, 7.0],
    )
    store = whole(shop.read(cells))
    assert store.purchases["amount"].tolist() == [100.0, 7.0]
    assert store.set_aside["reason"].tolist() == ["refund"]
    assert "60.00" in warned(store)


@pytest.mark.parametrize("rows", [1, 5])
def test_a_total_that_is_never_price_times_quantity_is_said(rows):
    cells = frame(
        customer_id=["a"] * rows,
        order_id=range(rows),
        date=["2024-01-31"] * rows,
        price=[10.0] * rows,
        qty=[1] * rows,
        total=[7.0] * rows,
    )
    store = shop.read(cells)
    assert "'total'" in warned(store)
    assert f"{10.0 * rows:,.2f}" in warned(store) and f"{7.0 * rows:,.2f}" in warned(store)


def test_a_discount_that_nothing_proves_is_said_with_its_sum():
    cells = frame(
        customer_id=["a", "b"],
        date=["2024-01-31"] * 2,
        amount=[10.0, 20.0],
        discount=[1.5, 2.0],
    )
    store = shop.read(cells)
    assert store.purchases["amount"].tolist() == [10.0, 20.0]
    assert "'discount'" in warned(store) and "3.50" in warned(store)


def test_a_discount_that_the_totals_prove_is_taken_off():
    cells = frame(
        customer_id=list("aab"),
        order_id=[1, 1, 2],
        date=["2024-01-31"] * 3,
        price=[10.0, 20.0, 30.0],
        qty=[1, 1, 2],
        discount=[1.0, 2.0, 0.0],
        total=[9.0, 18.0, 60.0],
    )
    store = shop.read(cells)
    assert store.purchases["amount"].tolist() == [9.0, 18.0, 60.0]


def test_times_with_and_without_hint_say_the_true_reason():
    days = pd.Series(["03/04/2024", "05/06/2024"])
    assert "as elsewhere" in to_time(days, hint=True).how[-1]
