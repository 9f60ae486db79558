"""What real exports hold that was once read wrongly: one test a case, the right value in it."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import warned

from helpers import experiments, shop
from helpers.shop.reading.times import to_time


def read(path, text, written_in="utf-8", **more):
    """Read `text` as a file; every row has one fate, whatever else is tested."""
    path = path / "export.csv" if path.is_dir() else path
    path.write_bytes(text if isinstance(text, bytes) else text.encode(written_in))
    return whole(shop.read(path, **more))


def whole(store):
    assert store.report.fates["rows"].sum() == store.report.rows
    aside = store.report.fates.query("fate == 'set aside'")["rows"].sum()
    assert aside == len(store.set_aside)
    return store


def frame(**columns):
    return pd.DataFrame(columns)


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
        order_id=[1, 3, 2],
        date=["2024-01-31"] * 3,
        type=["Sale", "Refund", "Sale"],
        amount=[100.0, 60.0, 7.0],
    )
    store = whole(shop.read(cells))
    assert store.purchases["amount"].tolist() == [100.0, 7.0]
    assert store.set_aside["reason"].tolist() == ["refund"]
    assert "60.00" in warned(store)


def test_a_refund_with_the_number_of_its_sale_is_taken_off_it():
    cells = frame(
        customer_id=list("aab"),
        order_id=[1, 1, 2],
        date=["2024-01-31"] * 3,
        type=["Sale", "Refund", "Sale"],
        amount=[100.0, 60.0, 7.0],
    )
    store = whole(shop.read(cells))
    assert store.purchases["amount"].tolist() == [40.0, 7.0]
    assert store.set_aside["reason"].tolist() == ["refund"]
    assert not any("nothing says" in warning for warning in store.report.warnings)


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


# Wrong, half said, or a stack


def test_a_negative_price_times_a_negative_quantity_is_a_return():
    cells = frame(customer_id=["a", "b"], date=["2024-01-31"] * 2, price=[-10, 5], quantity=[-1, 1])
    store = whole(shop.read(cells))
    assert store.purchases["amount"].tolist() == [5.0]
    assert store.set_aside["reason"].tolist() == ["negative amount"]
    assert "10.00" in warned(store)


def test_amounts_in_several_currencies_are_said_with_the_sum_of_each():
    cells = frame(
        customer_id=list("abcd"),
        date=["2024-01-31"] * 4,
        amount=["$12.50", "€3.00", "£4.00", "€ 2.00"],
    )
    said = warned(shop.read(cells))
    assert "$ 12.50" in said and "€ 5.00" in said and "£ 4.00" in said


def test_a_column_of_currencies_is_said_with_the_sum_of_each():
    cells = frame(
        customer_id=list("abc"),
        date=["2024-01-31"] * 3,
        amount=[12.5, 3, 4],
        currency=["usd", "EUR", "USD"],
    )
    said = warned(shop.read(cells))
    assert "USD 16.50" in said and "EUR 3.00" in said


def test_durations_are_read_as_people_write_them(tmp_path):
    (tmp_path / "orders.csv").write_text("customer_id,date,amount\n1,2024-01-31,5\n")
    written = ["00:05:10", "5 min", "310", "1h 20m", "2:30", "a while"]
    rows = [(1, f"2024-01-30 {10 + i}:00", "a", cell) for i, cell in enumerate(written)]
    text = table(("customer_id", "started_at", "category", "seconds"), *rows)
    (tmp_path / "visits.csv").write_text(text)
    store = whole(shop.read(tmp_path))
    assert store.visits["seconds"].tolist() == [310, 300, 310, 4800, 150, 0]
    assert "1 value" in warned(store) and "'a while'" in warned(store)


ODD_CELLS = {
    "lists": [["a"], ["b"], ["a"]],
    "dicts": [{"id": 1}, {"id": 2}, {"id": 1}],
    "bytes": [b"a", b"b", b"a"],
}


@pytest.mark.parametrize("kind", ODD_CELLS)
def test_cells_that_are_no_scalars_are_text(kind):
    cells = frame(customer_id=ODD_CELLS[kind], date=["2024-01-31"] * 3, amount=[1, 2, 3])
    store = whole(shop.read(cells.assign(tags=ODD_CELLS[kind])))
    assert store.purchases.groupby("customer_id")["amount"].sum().tolist() == [4.0, 2.0]


def test_nested_parquet_is_read(tmp_path):
    cells = frame(
        customer_id=["a", "b"], date=["2024-01-31"] * 2, amount=[1, 2], tags=[["x"], ["y", "z"]]
    )
    cells.assign(who=[{"n": 1}, {"n": 2}]).to_parquet(tmp_path / "orders.parquet")
    assert len(whole(shop.read(tmp_path / "orders.parquet")).purchases) == 2


def test_an_index_that_is_also_a_column():
    cells = frame(customer_id=["a", "b"], date=["2024-01-31"] * 2, amount=[1, 2])
    store = shop.read(cells.set_index("customer_id", drop=False))
    assert store.purchases["customer_id"].tolist() == ["a", "b"]


def test_a_compressed_file_that_was_cut_off(tmp_path):
    import gzip

    whole_file = gzip.compress(b"customer_id,date,amount\n" + b"a,2024-01-31,5\n" * 500)
    for name, content in (("cut", whole_file[:60]), ("no gzip", b"customer_id,date\n")):
        (tmp_path / "orders.csv.gz").write_bytes(content)
        with pytest.raises(shop.ShopError, match="compressed") as caught:
            shop.read(tmp_path / "orders.csv.gz")
        assert caught.value.remedy, name


@pytest.mark.parametrize("columns", [["customer_id"], "customer_id", {"customer_id": ["a"]}])
def test_columns_that_are_no_mapping(columns):
    cells = frame(customer_id=["a"], date=["2024-01-31"], amount=[1])
    with pytest.raises(shop.ShopError) as caught:
        shop.read(cells, columns=columns)
    assert "columns=" in caught.value.remedy


def test_an_amount_beyond_all_measure_is_set_aside():
    cells = frame(customer_id=["a", "b"], date=["2024-01-31"] * 2, amount=["1e20", "5"])
    store = whole(shop.read(cells))
    assert store.purchases["amount"].tolist() == [5.0]
    assert store.set_aside["reason"].tolist() == ["amount beyond all measure"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("11-Feb-17", "2017-02-11"),
        ("11-Feb-2017", "2017-02-11"),
        ("Jul-25-25", "2025-07-25"),
        ("01JAN2019", "2019-01-01"),
        ("01JAN2019:10:22:33", "2019-01-01 10:22:33"),
        ("5/Mar/2024 2:05 PM", "2024-03-05 14:05"),
        ("01-JAN-19 10.15.30.000000 AM", "2019-01-01 10:15:30"),
        ("31 Dec 23", "2023-12-31"),
        ("Mar-05-2024", "2024-03-05"),
    ],
)
def test_dates_with_short_months(written, meant):
    read = to_time(pd.Series([written]), now=pd.Timestamp("2026-01-01"))
    assert read.times[0] == pd.Timestamp(meant)


def test_a_returned_line_leaves_the_others_of_its_order():
    cells = frame(
        customer_id=["a"] * 3,
        order_id=[1, 1, 2],
        date=["2024-01-31"] * 3,
        amount=[5, 7, 9],
        returned=["yes", "", ""],
    )
    store = whole(shop.read(cells))
    assert store.purchases["amount"].tolist() == [7.0, 9.0]


CODE_PAGES = {
    "cp1250": (
        "Nr zamówienia;Data zamówienia;Klient;Kategoria;Wartość pozycji\n"
        "1;13.05.2024;Łukasz Żółć;Książki;12,50\n2;26.05.2024;Święta Gęś;Żywność;7,00\n",
        ["Łukasz Żółć", "Święta Gęś"],
    ),
    "shift_jis": (
        "customer,date,amount,category\n松田,2024-01-31,1200,食品と飲み物\n"
        "西田,2024-01-31,800,家電製品\n鈴木一郎,2024-01-31,500,本と雑誌\n",
        ["松田", "西田", "鈴木一郎"],
    ),
    "cp1251": (
        "customer,date,amount,category\nИванов Пётр,2024-01-31,1200,Книги\n"
        "Сидорова Анна,2024-01-31,800,Продукты питания\n",
        ["Иванов Пётр", "Сидорова Анна"],
    ),
    "gb18030": (
        "customer,date,amount,category\n张伟,2024-01-31,1200,食品和饮料\n"
        "王芳,2024-01-31,800,家用电器商品\n李娜,2024-01-31,500,图书杂志\n",
        ["张伟", "王芳", "李娜"],
    ),
}


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_code_pages(encoding, tmp_path):
    text, customers = CODE_PAGES[encoding]
    told = read(tmp_path, text, encoding, encoding=encoding)
    assert told.purchases["customer_id"].tolist() == customers
    try:
        store = read(tmp_path, text, encoding)
    except shop.ShopError as error:
        assert "encoding=" in error.remedy  # asked
    else:
        assert store.purchases["customer_id"].tolist() == customers
        assert "encoding" in str(store.report)


def test_western_europe_is_still_read_without_a_word(tmp_path):
    text = "Kunde;Datum;Betrag;Kategorie\nMüller;13.01.2024;5,00;Möbel\nGroß;14.01.2024;5,00;Tür\n"
    store = read(tmp_path, text, "cp1252")
    assert store.purchases["customer_id"].tolist() == ["Müller", "Groß"]


def test_ids_that_lost_their_digits_are_said(tmp_path):
    rows = [
        ("1.23457E+12", "2024-01-31", 5),
        ("1.23457E+12", "2024-01-31", 5),
        ("7", "2024-02-01", 1),
    ]
    store = read(tmp_path, table(("customer_id", "date", "amount"), *rows))
    assert "2 rows" in warned(store) and "lost digits" in warned(store)


def test_amounts_without_cents_as_shops_write_them():
    cells = frame(customer_id=list("abc"), date=["2024-01-31"] * 3, amount=["12,-", "12.-", "9,–"])
    assert shop.read(cells).purchases["amount"].tolist() == [12.0, 12.0, 9.0]


def test_a_refund_that_was_only_asked_for_is_a_sale():
    status = [
        *("No refund", "Refund requested", "Return window closed", "Return rejected", "paid"),
        *("Refunded", "Returned", "Cancelled by customer"),
    ]
    n = len(status)
    cells = frame(
        customer_id=list("abcdefgh"), date=["2024-01-31"] * n, amount=range(1, n + 1), status=status
    )
    store = whole(shop.read(cells))
    assert store.purchases["amount"].tolist() == [1, 2, 3, 4, 5]
    assert all(repr(word) in str(store.report.remarks) for word in status)


def test_every_status_is_shown_with_its_count():
    words = [f"state {i}" for i in range(30)]
    cells = frame(customer_id=range(30), date=["2024-01-31"] * 30, amount=[1] * 30, status=words)
    remarks = " ".join(shop.read(cells).report.remarks)
    assert all(f"'state {i}' 1 kept" in remarks for i in range(30))


def test_order_numbers_that_begin_again_are_said():
    cells = frame(
        customer_id=["a"] * 3,
        order_id=[5, 5, 6],
        date=["2024-01-01", "2024-02-01", "2024-02-02"],
        amount=[1, 2, 3],
    )
    store = shop.read(cells)
    assert store.purchases["order_id"].nunique() == 3 or "several days" in warned(store)


def test_stripes_two_names_for_one_invoice():
    cells = pd.DataFrame(
        {
            "id": ["ch_1", "ch_2"],
            "Created date (UTC)": ["2024-01-05 10:22:33", "2024-01-26 10:22:33"],
            "Amount": [35.0, 7.5],
            "Customer ID": ["cus_A", "cus_B"],
            "Invoice ID": ["in_1", None],
            "Invoice Number": ["A-0001", None],
        }
    )
    assert shop.read(cells).purchases["amount"].tolist() == [35.0, 7.5]


def test_refunds_in_an_event_log_are_no_looks():
    kinds = ["view", "purchase", "refund", "view"]
    cells = frame(
        user_id=["u1"] * 4,
        event_time=[f"2024-01-31 10:0{i}:00" for i in range(4)],
        event_type=kinds,
        price=[5.0] * 4,
        category=["a"] * 4,
    )
    store = whole(shop.read(cells))
    assert store.set_aside["reason"].tolist() == ["refund"]
    assert store.purchases["amount"].tolist() == [5.0]


def test_sales_and_refunds_as_actions_are_orders():
    cells = frame(
        customer_id=list("aab"),
        order_id=[1, 1, 2],
        date=["2024-01-31"] * 3,
        action=["sale", "refund", "sale"],
        amount=[10.0, 4.0, 7.0],
    )
    store = whole(shop.read(cells))
    assert store.visits is None
    assert store.purchases["amount"].tolist() == [6.0, 7.0]
    assert store.set_aside["reason"].tolist() == ["refund"]


def test_a_workbook_with_a_sheet_a_year_is_read_whole(tmp_path):
    path = tmp_path / "orders.xlsx"
    with pd.ExcelWriter(path) as book:
        for year in (2022, 2023):
            cells = frame(
                customer_id=["a", None], date=[f"{year}-01-31"] * 2, amount=[year - 2000, 1]
            )
            cells.to_excel(book, sheet_name=str(year), index=False)
        frame(note=["made by"], by=["us"]).to_excel(book, sheet_name="Notes", index=False)
    store = whole(shop.read(path))
    assert store.purchases["amount"].tolist() == [22.0, 23.0]
    assert "'2022'" in str(store.report) and "'2023'" in str(store.report)
    assert len(store.set_aside) == 2


@pytest.mark.parametrize("others", [0, 3])
def test_order_numbers_with_c_stand_unless_others_have_none(others):
    n = 2 + others
    cells = frame(
        customer_id=[f"k{i}" for i in range(n)],
        order_id=["C1", "C2", *map(str, range(others))],
        date=["2024-01-31"] * n,
        amount=[5.0] * n,
    )
    store = whole(shop.read(cells))
    assert len(store.purchases) == (others or 2)


def test_header_and_lines_in_two_files(tmp_path):
    (tmp_path / "orders.csv").write_text(
        "order_id,customer_id,date\n1,a,2024-01-31\n2,b,2024-02-01\n3,c,2024-02-02\n"
    )
    (tmp_path / "order_items.csv").write_text("order_id,price\n1,5\n1,7\n2,9\n9,1\n")
    store = whole(shop.read(tmp_path))
    assert store.purchases["customer_id"].tolist() == ["a", "a", "b"]
    assert store.purchases["amount"].tolist() == [5, 7, 9]
    assert "joined" in str(store.report)


@pytest.mark.parametrize("customer", [19, 19.0, "19"])
def test_an_arm_belongs_to_the_customer_whatever_the_dtype(customer):
    shares = {"treated": 0.5, "control": 0.5}

    def arm(ids):
        return [experiments.assign(ids, f"spring {i}", shares).tolist() for i in range(8)]

    assert arm(pd.Index([customer])) == arm(pd.Index(["19"]))
    assert arm(pd.Series([customer], dtype=object)) == arm(["19"])
