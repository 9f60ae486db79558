"""Files of other forms than a plain CSV: blanks, quoted lines, no names, JSON, workbooks."""

from __future__ import annotations

import datetime
import json

import openpyxl
import pandas as pd
import pytest

from helpers import shop

DAY = "2024-01-31"
CDNOW = """ 00001 19970101  1   11.77
 00002 19970112  1   12.00
 00002 19970112  5   77.00
 00003 19970102  2   20.76
 00003 19970330  2   20.76
"""
FRAME = pd.DataFrame({"customer_id": ["a", "b"], "date": [DAY] * 2, "amount": [5.0, 7.25]})


def read(folder, text, name="export.csv", **more):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    store = shop.read(path, **more)
    assert store.report.fates["rows"].sum() == store.report.rows
    assert store.report.fates.query("fate == 'set aside'")["rows"].sum() == len(store.set_aside)
    return store


# Columns held apart by blanks, columns without names


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_cdnows_own_file_needs_no_word(tmp_path, newline):
    store = read(tmp_path, CDNOW.replace("\n", newline), "CDNOW_master.txt")
    assert store.purchases["customer_id"].tolist() == ["00001", "00002", "00002", "00003", "00003"]
    assert store.purchases["amount"].tolist() == [11.77, 12, 77, 20.76, 20.76]
    assert store.purchases["quantity"].sum() == 11
    assert store.purchases["order_id"].nunique() == 4
    assert store.purchases["ordered_at"].max() == pd.Timestamp("1997-03-30")
    assert "no names" in str(store.report) and "form of CDNOW" in str(store.report)


def test_cdnows_sample_has_a_second_number_of_the_customer(tmp_path):
    text = " 00004 0001 19970101  2   29.33\n 00021 0002 19970118  1   14.96\n"
    assert read(tmp_path, text, "sample.txt").purchases["customer_id"].tolist() == [
        "00004",
        "00021",
    ]


@pytest.mark.parametrize(
    "header", ["customer_id date n dollar_value", "user_id order_dt order_products order_amount"]
)
def test_cdnow_with_a_header_as_analysts_add_it(tmp_path, header):
    store = read(tmp_path, f" {header}\n{CDNOW}", "cdnow.txt")
    assert store.purchases["amount"].sum() == pytest.approx(142.29)


def test_two_blanks_between_columns_and_one_within(tmp_path):
    text = "customer    date              amount\n"
    text += "Ann Lee     2024-01-31 10:15  5.00\nBob         2024-01-31 11:00  7.25\n"
    store = read(tmp_path, text, "report.txt")
    assert store.purchases["customer_id"].tolist() == ["Ann Lee", "Bob"]
    assert store.purchases["ordered_at"].dt.hour.tolist() == [10, 11]


def test_columns_without_names_can_be_named_by_their_number(tmp_path):
    text = f"a,1,{DAY},5\na,2,2024-02-01,7\nb,3,2024-02-02,never\n"
    with pytest.raises(shop.ShopError, match="columns have no names") as caught:
        read(tmp_path, text)
    assert '{"customer_id": "column 1"' in caught.value.remedy and caught.value.row == 1
    assert shop.column_names(tmp_path / "export.csv") == [f"column {i}" for i in range(1, 5)]
    roles = ["customer_id", "order_id", "ordered_at", "amount"]
    told = {role: f"column {number}" for number, role in enumerate(roles, 1)}
    store = read(tmp_path, text, columns=told)
    assert store.purchases["amount"].tolist() == [5.0, 7.0]
    assert store.set_aside[["row", "reason"]].to_numpy().tolist() == [[3, "unreadable amount"]]


def test_columns_without_names_below_a_blank_line(tmp_path):
    with pytest.raises(shop.ShopError, match="columns have no names"):
        read(tmp_path, f"\na,1,{DAY},5\n")


def test_a_sheet_without_names(tmp_path):
    path = tmp_path / "orders.xlsx"
    FRAME.to_excel(path, index=False, header=False)
    with pytest.raises(shop.ShopError, match="columns have no names"):
        shop.read(path)
    told = {"customer_id": "column 1", "ordered_at": "column 2", "amount": "column 3"}
    assert shop.read(path, told).purchases["amount"].tolist() == [5.0, 7.25]


# Lines quoted as a whole


QUOTED = {
    "all": '"customer_id,date,amount"\n"a,2024-01-31,5.00"\n"b,2024-01-31,""7,25"""\n',
    "all but the names": 'customer_id,date,amount\n"a,2024-01-31,5.00"\n"b,2024-01-31,""7,25"""\n',
    "with empty cells after": '"customer_id,date,amount";;\n"a,2024-01-31,5";;\n"b,2024-01-31,7.25";;\n',
    "semicolons within": '"customer_id;date;amount"\r\n"a;2024-01-31;5,00"\r\n"b;2024-01-31;7,25"\r\n',
}


@pytest.mark.parametrize("case", QUOTED)
def test_lines_quoted_as_a_whole(case, tmp_path):
    store = read(tmp_path, QUOTED[case])
    assert store.purchases["customer_id"].tolist() == ["a", "b"]
    assert store.purchases["amount"].tolist() == [5.0, 7.25]
    assert "quoted as a whole" in str(store.report)


def test_quoted_cells_are_no_quoted_lines(tmp_path):
    text = '"customer_id","date","amount","note"\n"a","2024-01-31","5","x, y"\n'
    store = read(tmp_path, text)
    assert len(store.purchases) == 1 and "as a whole" not in str(store.report)


# JSON


@pytest.mark.parametrize(
    "orient", ["records", "columns", "split", "table", "index", "lines", "list"]
)
def test_json_as_pandas_writes_it(orient, tmp_path):
    if orient == "list":
        text = json.dumps(FRAME.to_dict(orient="list"))
    elif orient == "lines":
        text = FRAME.to_json(orient="records", lines=True)
    else:
        text = FRAME.to_json(orient=orient)
    store = read(tmp_path, text, "orders.jsonl" if orient == "lines" else "orders.json")
    assert store.purchases["customer_id"].tolist() == ["a", "b"]
    assert store.purchases["amount"].tolist() == [5.0, 7.25]


def test_a_line_that_is_no_json_is_set_aside_by_its_number(tmp_path):
    good = FRAME.to_json(orient="records", lines=True)
    store = read(tmp_path, f"{good}\n{{broken\n{good}", "orders.jsonl")
    assert len(store.purchases) == 4
    assert store.set_aside[["row", "reason"]].to_numpy().tolist() == [[4, "no record"]]


def test_numbers_of_json_are_exact(tmp_path):
    ids = (9007199254740993, None, 9007199254740992)
    records = [{"customer_id": i, "date": DAY, "amount": 1} for i in ids]
    store = read(tmp_path, json.dumps(records), "orders.json")
    assert store.purchases["customer_id"].tolist() == ["9007199254740993", "9007199254740992"]


# Orders as the interfaces of two shop systems give them, shortened.
WOO = [
    {
        "id": 727,
        "number": "727",
        "status": "processing",
        "date_created": "2017-03-22T16:28:02",
        "discount_total": "0.00",
        "shipping_total": "10.00",
        "total": "29.35",
        "customer_id": 26,
        "billing": {"first_name": "John", "email": "john.doe@example.com"},
        "line_items": [
            {"id": 315, "name": "Single", "quantity": 2, "subtotal": "6.00", "total": "6.00"},
            {"id": 316, "name": "Idea", "quantity": 1, "subtotal": "12.00", "total": "12.00"},
        ],
    },
    {
        "id": 728,
        "number": "728",
        "status": "cancelled",
        "date_created": "2017-03-23T16:28:02",
        "total": "12.00",
        "customer_id": 7,
        "billing": {"first_name": "Ann", "email": "a@example.com"},
        "line_items": [{"id": 317, "quantity": 1, "subtotal": "12.00", "total": "12.00"}],
    },
]
SHOPIFY = {
    "orders": [
        {
            "id": 450789469,
            "name": "#1001",
            "created_at": "2008-01-10T11:00:00-05:00",
            "total_discounts": "10.00",
            "financial_status": "paid",
            "customer": {"id": 207119551, "email": "bob.norman@mail.example.com"},
            "line_items": [
                {"id": 466157049, "price": "20.00", "quantity": 1, "title": "Nano"},
                {"id": 518995019, "price": "10.00", "quantity": 8, "title": "Case"},
            ],
        }
    ]
}


def test_the_lines_within_an_order_are_rows(tmp_path):
    store = read(tmp_path, json.dumps(WOO), "orders.json")
    assert store.purchases["customer_id"].tolist() == ["26", "26"]
    assert store.purchases["order_id"].tolist() == ["727", "727"]
    assert store.purchases["amount"].tolist() == [6.0, 12.0]
    assert store.set_aside["reason"].tolist() == ["canceled"]
    assert store.report.warnings == (
        "there is only one customer: nothing can be compared or learned between customers",
    )
    store = read(tmp_path, json.dumps(SHOPIFY), "orders.json")
    assert store.purchases["customer_id"].unique().tolist() == ["207119551"]
    assert store.purchases["order_id"].tolist() == ["#1001", "#1001"]
    assert store.purchases["amount"].tolist() == [18.0, 72.0]


NO_JSON = {
    "cut off": (FRAME.to_json(orient="records")[:-9], "not JSON"),
    "too deep": ("[" * 100_000, "not JSON"),
    "a number too long": ("[" + "1" * 5_000 + "]", "not JSON"),
    "numbers": ("[1, 2, 3]", "no records"),
    "a number": ("17", "no records"),
    "nothing": ("{}", "no records"),
    "blank": (" \n", "nothing in it"),
}


@pytest.mark.parametrize("case", NO_JSON)
def test_no_json_ends_in_a_sentence(case, tmp_path):
    text, said = NO_JSON[case]
    with pytest.raises(shop.ShopError, match=said) as caught:
        read(tmp_path, text, "orders.json")
    assert caught.value.expected and caught.value.remedy


# Workbooks


def test_old_workbooks_pages_and_text_that_are_called_xls(tmp_path):
    old = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    with pytest.raises(shop.ShopError, match="Excel 2003 or older") as caught:
        read(tmp_path, old, "orders.xls")
    assert "save it as .xlsx" in caught.value.remedy
    with pytest.raises(shop.ShopError, match="web page"):
        read(tmp_path, FRAME.to_html(), "orders.xls")
    text = FRAME.to_csv(sep="\t", index=False)
    assert read(tmp_path, text, "orders.xls").purchases["amount"].tolist() == [5.0, 7.25]
    FRAME.to_excel(tmp_path / "new.xlsx", index=False)
    (tmp_path / "new.xlsx").rename(tmp_path / "new.xls")
    assert len(shop.read(tmp_path / "new.xls").purchases) == 2


def test_the_mark_of_an_open_workbook_is_named_for_what_it_is(tmp_path):
    FRAME.to_excel(tmp_path / "orders.xlsx", index=False)
    (tmp_path / "~$orders.xlsx").write_bytes(b"\x05Ann")
    store = shop.read(tmp_path)
    assert len(store.purchases) == 2 and "~$" not in str(store.report)
    with pytest.raises(shop.ShopError, match="somebody has one open") as caught:
        shop.read(tmp_path / "~$orders.xlsx")
    assert "'orders.xlsx'" in caught.value.remedy


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_errors_and_rows_set_aside_name_the_sheet(tmp_path):
    path = tmp_path / "orders.xlsx"
    good = [["customer", "date", "amount"], ["a", DAY, 5], ["b", "never", 7]]
    notes = [["made by", "the back office"]]
    workbook(path, Notes=notes, Orders=good)
    assert shop.read(path).set_aside["source"].tolist() == ["orders.xlsx, sheet 'Orders'"]
    workbook(path, Notes=notes, Orders=[*good[:1], good[2]])
    with pytest.raises(shop.ShopError, match="sheet 'Orders', column 'date', row 2"):
        shop.read(path)
    workbook(path, **{"2022": [good[0], [None, DAY, 1]], "2023": [good[0], [None, DAY, 1]]})
    with pytest.raises(shop.ShopError, match="sheet '2022', column 'customer', row 2"):
        shop.read(path)


def test_a_line_break_in_the_header_of_a_sheet(tmp_path):
    path = tmp_path / "orders.xlsx"
    rows = [["Customer\nid", "Order\ndate", "amount"], ["a", datetime.datetime(2024, 1, 31), 5]]
    workbook(path, Orders=rows)
    assert shop.column_names(path) == ["Customer id", "Order date", "amount"]
    assert shop.read(path).purchases["customer_id"].tolist() == ["a"]


@pytest.mark.parametrize(
    ("above", "row"), [("", 1), ("Orders of January\n", 2), ("\n\n", 3), ('"two\nlines",\n', 3)]
)
def test_a_missing_column_is_missed_in_the_row_of_the_header(above, row, tmp_path):
    with pytest.raises(shop.ShopError, match="the customer") as caught:
        read(tmp_path, f"{above}who,date,amount\n\na,{DAY},5\nb,{DAY},7\n")
    assert caught.value.row == row
