"""Exports as five unlike shops write them, and the tables beside purchases."""

import pandas as pd
import pytest

from helpers import shop

GERMAN = """Bestellungen Januar bis Februar
Kundennummer;Bestellnummer;Bestelldatum;Warengruppe;Menge;Einzelpreis;Status
00123;B-1;13.01.2024 10:15;Möbel;2;1.234,50 €;abgeschlossen
00123;B-1;13.01.2024 10:15;Küche;1;12,90 €;abgeschlossen
00456;B-2;02.02.2024 18:00;Küche;3;5,00 €;Storniert
00456;B-3;05.02.2024 09:30;Küche;3;5,00 €;abgeschlossen
;B-4;06.02.2024 09:30;Küche;1;5,00 €;abgeschlossen
"""

AMERICAN = """Customer ID,Order ID,Order Date,Department,Amount
0007,1,01/13/2024 1:05 PM,Toys,"$1,200.00"
0007,1,01/13/2024 1:05 PM,Books,$5.00
0008,2,02/03/2024 2:05 AM,Toys,$7.25
"""

EVENTS = """event_time,event_type,product_id,category_code,brand,price,user_id,user_session
2019-10-01 00:00:00 UTC,view,1,electronics.smartphone,a,100.50,u1,s1
2019-10-01 00:01:00 UTC,cart,1,electronics.smartphone,a,100.50,u1,s1
2019-10-01 00:03:00 UTC,purchase,1,electronics.smartphone,a,100.50,u1,s1
2019-10-01 00:03:20 UTC,view,3,furniture.bed,a,400,u1,s1
2019-10-01 09:00:00 UTC,view,2,,b,3,u2,s2
2019-10-01 10:30:00 UTC,view,3,furniture.bed,b,5,u2,s2
2019-10-01 10:30:10 UTC,purchase,3,furniture.bed,b,,u2,s2
2019-10-01 11:00:00 UTC,view,3,furniture.bed,b,5,,s3
"""

RETAIL = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,"HOLDER, WHITE",6,12/1/2010 8:26,2.55,17850,United Kingdom
536365,71053,LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom
536365,71053,LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom
536366,22633,WARMER,6,12/13/2010 8:28,1.85,13047,United Kingdom
C536379,D,Discount,-1,12/14/2010 9:41,27.5,14527,United Kingdom
536414,22139,,56,12/1/2010 11:52,0,,United Kingdom
"""


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def fates(store):
    assert store.report.fates["rows"].sum() == store.report.rows
    table = store.report.fates
    return dict(
        zip(
            table["fate"] + table["reason"].radd(": ").where(table["reason"] != "", ""),
            table["rows"],
            strict=True,
        )
    )


def mapping(store):
    return dict(zip(store.report.mapping["role"], store.report.mapping["column"], strict=True))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_german_export(tmp_path, encoding):
    path = write(tmp_path / "bestellungen.csv", GERMAN, encoding)
    store = shop.read(path)
    assert store.purchases["customer_id"].tolist() == ["00123", "00123", "00456"]
    assert store.purchases["amount"].tolist() == [2469.0, 12.9, 15.0]
    assert store.purchases["category"].tolist() == ["Möbel", "Küche", "Küche"]
    assert store.purchases["ordered_at"].iloc[2] == pd.Timestamp("2024-02-05 09:30")
    assert fates(store) == {"purchases": 3, "set aside: no customer": 1, "set aside: canceled": 1}
    assert store.set_aside["row"].tolist() == [5, 7]  # as an editor numbers the lines
    assert mapping(store)["unit_price"] == "Einzelpreis"
    report = str(store.report)
    assert "day/month/year" in report and "decimal commas" in report
    assert "1 row above it skipped" in report
    assert path.read_bytes() == GERMAN.encode(encoding)


def test_american_export(tmp_path):
    store = shop.read(write(tmp_path / "us.csv", AMERICAN))
    assert store.purchases["customer_id"].tolist() == ["0007", "0007", "0008"]
    assert store.purchases["amount"].tolist() == [1200.0, 5.0, 7.25]
    assert store.purchases["ordered_at"].iloc[2] == pd.Timestamp("2024-02-03 02:05")
    assert "month/day/year" in str(store.report)
    assert store.purchases["order_id"].tolist() == ["1", "1", "2"]


def test_excel_with_title_rows_and_a_second_sheet(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["made by", "the back office"])
    sheet = book.create_sheet("Orders")
    for row in (
        ["Sales report"],
        [],
        ["Printed", pd.Timestamp("2024-03-01").to_pydatetime()],
        ["Customer No.", "Order No.", "Order date", "Qty", "Unit price"],
        [12345.0, 1, pd.Timestamp("2024-01-05 10:00").to_pydatetime(), 2, 1.234],
        [12346, 2, "17.02.2024", "1", "2,50"],
        [None, None, None, None, None],
        [12346, 3, "never", 1, 2],
    ):
        sheet.append(row)
    path = tmp_path / "report.xlsx"
    book.save(path)
    store = shop.read(path)
    assert store.purchases["customer_id"].tolist() == ["12345", "12346"]
    assert store.purchases["amount"].tolist() == [2.47, 2.5]
    assert store.purchases["ordered_at"].iloc[1] == pd.Timestamp("2024-02-17")
    assert fates(store) == {"purchases": 2, "set aside: unreadable date": 1}
    assert store.set_aside["row"].tolist() == [8]
    report = str(store.report)
    assert "'Orders' was read; not read: 'Notes'" in report
    assert "the header is in row 4; 3 rows above it skipped" in report


def test_event_log(tmp_path):
    store = shop.read(write(tmp_path / "events.csv", EVENTS))
    assert fates(store) == {
        "purchases": 1,
        "visits": 5,
        "set aside: no customer": 1,
        "set aside: missing amount": 1,
    }
    assert store.purchases.iloc[0][["customer_id", "amount", "subcategory"]].tolist() == [
        "u1",
        100.5,
        "electronics.smartphone",
    ]
    visits = store.visits.set_index(["visit_id", "category"])
    phone = visits.loc[("s1", "electronics")]
    assert phone["seconds"] == 200 and phone["added_to_cart"] and phone["ordered"]
    assert not visits.loc[("s1", "furniture"), "ordered"]
    # From 9:00 to 10:30 nobody looks at one page: 30 minutes at most.
    nameless = store.visits[store.visits["category"].isna()].iloc[0]
    assert nameless["visit_id"] == "s2" and nameless["seconds"] == 1800
    starts = store.visits[["visit_id", "started_at"]].drop_duplicates()
    assert not starts["visit_id"].duplicated().any()


def test_event_log_without_sessions_begins_a_visit_after_a_pause(tmp_path):
    frame = pd.read_csv(write(tmp_path / "events.csv", EVENTS)).drop(columns="user_session")
    store = shop.read(frame)
    counts = store.visits.groupby("customer_id")["visit_id"].nunique()
    assert counts.to_dict() == {"u1": 1, "u2": 2}
    assert store.visits["seconds"].max() == 200


def test_online_retail(tmp_path):
    store = shop.read(write(tmp_path / "retail.csv", RETAIL))
    assert store.purchases["amount"].tolist() == [15.3, 20.34, 20.34, 11.1]
    assert fates(store) == {
        "purchases": 4,
        "set aside: no customer": 1,
        "set aside: canceled (order number starts with C)": 1,
    }
    warnings = " ".join(store.report.warnings)
    assert "credit notes" in warnings and "1 row equal to another" in warnings


def test_shopify_fills_the_lines_below_and_keeps_cancelled_orders_with_their_date(tmp_path):
    text = """Name,Email,Financial Status,Total,Created at,Lineitem quantity,Lineitem price,Cancelled at
#1,a@x.org,paid,35.00,2024-01-05 10:22:33 -0500,1,10.00,
#1,a@x.org,,,2024-01-05 10:22:33 -0500,2,10.00,
#2,b@x.org,refunded,35.00,2024-01-06 10:22:33 -0500,1,10.00,2024-01-08 10:00:00 -0500
#2,b@x.org,,,2024-01-06 10:22:33 -0500,2,10.00,
#3,c@x.org,voided,10.00,2024-01-07 10:22:33 -0500,1,10.00,
#4,c@x.org,partially_refunded,10.00,2024-01-07 11:22:33 -0500,1,10.00,
"""
    store = shop.read(write(tmp_path / "shopify.csv", text))
    assert store.purchases["order_id"].tolist() == ["#1", "#1", "#2", "#2", "#4"]
    assert store.purchases["amount"].tolist() == [10, 20, 10, 20, 10]
    cancelled = store.purchases["cancelled_at"]
    assert cancelled.isna().tolist() == [True, True, False, False, True]
    assert cancelled.dropna().unique() == pd.Timestamp("2024-01-08 10:00")
    assert fates(store) == {"purchases": 5, "set aside: canceled": 1}


def test_french_and_spanish_names(tmp_path):
    french = "Numéro client\tDate de commande\tMontant\tCatégorie\nA\t25/01/2024\t1 234,50 €\tThé\n"
    spanish = "ID Cliente|Fecha pedido|Importe|Categoría\nA|25/01/2024|1.234,50|Té\n"
    for name, text in (("fr.tsv", french), ("es.txt", spanish)):
        store = shop.read(write(tmp_path / name, text))
        assert store.purchases["amount"].tolist() == [1234.5], name
        assert store.purchases["ordered_at"].tolist() == [pd.Timestamp("2024-01-25")], name
        assert store.purchases["category"].notna().all(), name


def test_a_clock_in_its_own_column():
    frame = pd.DataFrame(
        {
            "customer": ["a", "b"],
            "date": ["2024-01-01", "2024-01-02"],
            "time": ["10:15", "23:59:01"],
            "amount": [1, 2],
        }
    )
    times = shop.read(frame).purchases["ordered_at"]
    assert times.tolist() == [pd.Timestamp("2024-01-01 10:15"), pd.Timestamp("2024-01-02 23:59:01")]


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_folder_of_a_shop_comes_back_as_it_was(tmp_path, kind):
    store = shop.load()
    some = store.customers["customer_id"].head(300)
    buyers = store.purchases["customer_id"].drop_duplicates().head(300)
    small = {
        name: table[table["customer_id"].isin([*some, *buyers])].reset_index(drop=True)
        for name, table in store.tables.items()
    }
    for name, table in small.items():
        path = tmp_path / f"{name}.{kind}"
        table.to_parquet(path) if kind == "parquet" else table.to_csv(path, index=False)
    (tmp_path / "readme.md").write_text("a file of another kind")
    back = shop.read(tmp_path)
    for name, table in small.items():
        pd.testing.assert_frame_equal(back.tables[name], table)
    assert back.report.rows == sum(map(len, small.values())) == back.report.fates["rows"].sum()
    assert back.set_aside.empty and "'readme.md'" in str(back.report)


def test_side_tables_set_aside_what_says_nothing(tmp_path):
    write(tmp_path / "orders.csv", "customer_id,date,amount\n1,2024-01-31,5\n2,2024-01-31,5\n")
    write(tmp_path / "customers.csv", "customer_id,age\n1,18-25\n1,26-35\n,26-35\n9,\n")
    write(
        tmp_path / "visits.csv",
        "customer_id,started_at,category,seconds\n1,2024-01-30 10:00,a,12\n"
        "1,2024-01-30 10:20,b,\n1,2024-01-30 12:00,a,3\n1,never,a,3\n",
    )
    store = shop.read(tmp_path)
    assert store.customers["customer_id"].tolist() == ["1", "9"]
    assert store.customers["age_band"].iloc[0] == "18-25"
    assert store.visits["visit_id"].nunique() == 2 and store.visits["seconds"].tolist() == [
        12,
        0,
        3,
    ]
    reasons = store.set_aside.groupby("source")["reason"].apply(sorted).to_dict()
    assert reasons == {
        "customers.csv": ["no customer", "repeats a customer"],
        "visits.csv": ["unreadable date"],
    }
    assert "added_to_cart, ordered" in " ".join(store.report.warnings)


def test_events_beside_purchases_do_not_count_money_twice(tmp_path):
    write(tmp_path / "purchases.csv", "customer_id,date,amount\nu1,2019-10-01,100.5\n")
    write(tmp_path / "events.csv", EVENTS)
    store = shop.read(tmp_path)
    assert store.purchases["amount"].sum() == 100.5
    assert store.visits["ordered"].sum() == 2
    assert store.report.fates.query("fate == 'visits'")["rows"].sum() == 7


def test_frames_of_every_kind_of_dtype_give_the_same_shop():
    frame = pd.DataFrame(
        {
            "customer_id": [123456789012345678, 2, 3],  # too long for a float
            "ordered_at": pd.to_datetime(
                ["2024-01-31 10:00", "2024-02-01 10:00", "2024-02-02 10:00"]
            ),
            "amount": [1.5, 2, 3],
            "category": ["a", "b", "a"],
        }
    )
    expected = shop.read(frame).purchases
    assert expected["customer_id"][0] == "123456789012345678"
    kinds = {
        "nullable": frame.convert_dtypes(),
        "arrow": frame.convert_dtypes(dtype_backend="pyarrow"),
        "categories": frame.astype({"category": "category", "amount": "category"}),
        "objects": frame.astype(object),
        "index": frame.set_index(["customer_id", "category"]),
        "zone": frame.assign(ordered_at=frame["ordered_at"].dt.tz_localize("Asia/Tokyo")),
    }
    for kind, other in kinds.items():
        pd.testing.assert_frame_equal(shop.read(other).purchases, expected, obj=kind)


def test_columns_named_like_those_of_set_aside_survive():
    frame = pd.DataFrame(
        {
            "customer_id": ["a", None],
            "date": ["2024-01-31"] * 2,
            "amount": [1, 2],
            "row": ["x", "y"],
            "reason": ["p", "q"],
            "source": ["s", "t"],
        }
    )
    aside = shop.read(frame).set_aside.iloc[0]
    assert aside[["source", "row", "reason"]].tolist() == ["DataFrame", 2, "no customer"]
    assert aside[["source (as read)", "row (as read)", "reason (as read)"]].tolist() == [
        "t",
        "y",
        "q",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path, newline):
    store = shop.read(write(tmp_path / "us.csv", AMERICAN.replace("\n", newline)))
    assert store.purchases["amount"].tolist() == [1200.0, 5.0, 7.25]


def test_a_repeated_column_name_is_said(tmp_path):
    path = write(tmp_path / "x.csv", "customer_id,date,amount,amount\na,2024-01-31,1,2\n")
    store = shop.read(path)
    assert store.purchases["amount"].tolist() == [1.0]
    assert any("several columns are called 'amount'" in said for said in store.report.warnings)


def test_an_order_total_beside_prices_is_left_alone():
    frame = pd.DataFrame(
        {
            "customer": list("aab"),
            "order id": [1, 1, 2],
            "date": ["2024-01-31"] * 3,
            "price": [1, 2, 3],
            "qty": [1, 1, 2],
            "Order total": [3, 3, 6],
        }
    )
    store = shop.read(frame)
    assert store.purchases["amount"].tolist() == [1, 2, 6]
    assert not any("differs" in warning for warning in store.report.warnings)


def test_customer_numbers_that_are_order_numbers_are_noticed():
    days = pd.date_range("2024-01-01", periods=30).astype("str")
    frame = pd.DataFrame({"customer_id": range(30), "date": days, "amount": 1.0})
    assert any("exactly one order" in said for said in shop.read(frame).report.warnings)
    frame["customer_id"] = [1, 1, *range(2, 30)]
    assert not any("exactly one order" in said for said in shop.read(frame).report.warnings)


def test_one_bad_byte_does_not_spoil_the_rest(tmp_path):
    good = "customer_id,date,amount,category\nJosé,2024-01-31,5,Café\nZoë,2024-01-31,5,Thé\n"
    path = tmp_path / "mixed.csv"
    path.write_bytes(good.encode() + b"Bj\xf6rn,2024-01-31,5,x\n")
    store = shop.read(path)
    assert store.purchases["customer_id"].tolist()[:2] == ["José", "Zoë"]
    assert "UTF-8 but for 1 byte" in str(store.report)
