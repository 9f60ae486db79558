"""Tables of any size where they lie: found, understood, counted in the engine, never loaded."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from helpers import features, shop
from helpers.files import DATA
from helpers.shop import ShopError, conform
from helpers.shop.engine import checks


@pytest.fixture
def lines() -> pd.DataFrame:
    rows = {
        "customer_id": ["a", "a", "b", None, "c", ""],
        "order_id": ["1", "1", "2", "3", "4", "5"],
        "ordered_at": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-02-01", "2024-03-01", None,
                                      "2024-04-01"]),
        "category": ["x", "x", "y", "y", "x", "x"],
        "amount": [10.0, 10.0, 5.5, 1.0, 2.0, 3.0],
    }  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture
def file(lines, tmp_path) -> Path:
    lines.to_parquet(tmp_path / "orders.parquet")
    return tmp_path / "orders.parquet"


def built(store):
    return features.build(store, "2025-07-01")


def test_a_folder_is_the_shop_that_reading_gives():
    opened = shop.open(DATA / "shop")
    assert_frame_equal(built(opened), built(shop.load()), check_index_type=False)
    assert features.end_of(opened) == features.end_of(shop.load())
    assert "opened in duckdb" in repr(opened) and "impressions" in repr(opened)


def test_parts_named_folders_and_database_are_the_same(tmp_path):
    store = shop.load()
    parts = tmp_path / "shop" / "orders"
    parts.mkdir(parents=True)
    for number, start in enumerate(range(0, len(store.purchases), 10_000)):
        part = store.purchases.iloc[start : start + 10_000]
        part.to_parquet(parts / f"part-{number}.parquet")
    visits = store.visits
    visits.to_parquet(tmp_path / "shop" / "visits.parquet")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as con:
        con.register("p", store.purchases)
        con.register("v", visits)
        con.execute(
            "CREATE TABLE orders AS SELECT * FROM p; CREATE TABLE visits AS SELECT * FROM v"
        )
    expected = built(shop.Shop("two tables", store.purchases, visits))
    folder, database = shop.open(tmp_path / "shop"), shop.open(tmp_path / "shop.duckdb")
    connection = shop.open(ibis.duckdb.connect(tmp_path / "shop.duckdb", read_only=True))
    for opened in (folder, database, connection):
        assert list(opened.tables) == ["purchases", "visits"]
        assert_frame_equal(built(opened), expected, check_index_type=False)
    only = shop.open(parts)
    assert list(only.tables) == ["purchases"]
    assert only.last == store.last


def test_every_row_has_one_fate(file):
    opened = shop.open(file)
    report = opened.report
    counts = {(row.fate, row.reason): row.rows for row in report.fates.itertuples()}
    assert counts == {
        ("purchases", ""): 3,
        ("set aside", "no customer_id"): 2,  # missing, and empty
        ("set aside", "no ordered_at"): 1,
    }
    assert report.rows == sum(counts.values()) == 6
    assert "2 customers; 25.50 in all" in str(report)
    assert "1 line equal to another one in every column" in str(report)
    assert built(opened).index.tolist() == ["a", "b"]


def test_repeated_lines_of_a_large_table_are_told_from_a_part_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "MANY", 100)
    people = [f"k{number}" for number in range(4_000)]
    rows = pd.DataFrame({"customer_id": people, "order_id": people, "amount": 1.0})
    rows["ordered_at"] = pd.Timestamp("2024-01-01")
    pd.concat([rows, rows]).to_parquet(tmp_path / "twice.parquet")
    [said] = shop.open(tmp_path / "twice.parquet").report.warnings
    assert said.startswith("about ") and "one customer in 64" in said
    assert 2_500 < int(said.split()[1].replace(",", "")) < 5_500


def test_columns_are_found_by_name_told_and_computed(tmp_path):
    rows = pd.DataFrame(
        {
            "Kundennummer": [1, 2],
            "wann": pd.to_datetime(["2024-01-01 10:00", "2024-01-02 10:00"]).tz_localize("UTC"),
            "unit price": [2.5, 4.0],
            "quantity": [2, 1],
            "status": ["paid", "paid"],
        }
    )
    rows.to_parquet(tmp_path / "export.parquet")
    opened = shop.open(tmp_path / "export.parquet", {"ordered_at": "wann"})
    found = built(opened)
    assert found.index.tolist() == ["1", "2"] and found["monetary"].tolist() == [5.0, 4.0]
    assert found["frequency"].tolist() == [1, 1]
    said = str(opened.report)
    for words in ("told by columns=", "unit price × quantity", "clock of UTC", "no order number",
                  "'status' is not looked at"):  # fmt: skip
        assert words in said
    days = rows.assign(wann=rows["wann"].dt.date)
    days.to_parquet(tmp_path / "days.parquet")
    opened = shop.open(tmp_path / "days.parquet", {"ordered_at": "wann"})
    assert built(opened)["recency"].tolist() == [547.0, 546.0]
    assert "holds days" in str(opened.report)


def test_a_sample_has_every_row_of_some_customers():
    opened = shop.open(DATA / "shop")
    drawn = opened.sample(2_000)
    again = shop.open(DATA / "shop").sample(2_000)
    assert_frame_equal(drawn.purchases, again.purchases)
    ids = set(drawn.customers["customer_id"])
    store = shop.load()
    for name, table in store.tables.items():
        expected = conform(table[table["customer_id"].isin(ids)], name)
        columns = list(expected)
        pd.testing.assert_frame_equal(
            drawn.tables[name][columns].sort_values(columns, ignore_index=True),
            expected.sort_values(columns, ignore_index=True),
        )
    assert 1_700 < len(ids) < 2_300 and "one customer in" in drawn.notes[0]
    assert len(opened.sample(1_000_000).purchases) == len(store.purchases)
    with pytest.raises(ValueError, match="at least one customer"):
        opened.sample(0)


def test_what_does_not_fit_into_the_room_is_computed_all_the_same(lines, tmp_path):
    many = lines.loc[[0]].merge(pd.Series(range(60_000), name="number"), how="cross")
    many["customer_id"] = many["number"].astype("str")
    many.drop(columns="number").to_parquet(tmp_path / "orders.parquet")
    opened = shop.open(tmp_path / "orders.parquet")
    limit = "SELECT current_setting('memory_limit')"
    before = opened.con.raw_sql(limit).fetchall()
    refused = []

    def answered(expression, asked=opened.con.to_pyarrow):
        try:
            return asked(expression)
        except duckdb.OutOfMemoryException as error:
            refused.append(error)
            raise

    opened.con.to_pyarrow = answered
    tight = dataclasses.replace(opened, room=1_000_000)
    expected = built(opened)
    assert not refused
    assert_frame_equal(built(tight), expected, check_exact=True)
    assert refused
    assert opened.con.raw_sql(limit).fetchall() == before


def test_what_cannot_be_opened_is_said(tmp_path, file, lines):
    wrong = lines.assign(ordered_at=lines["ordered_at"].astype("str"))
    wrong.to_parquet(tmp_path / "text.parquet")
    lines.drop(columns="amount").to_parquet(tmp_path / "none.parquet")
    lines.to_csv(tmp_path / "orders.csv")
    (tmp_path / "broken.duckdb").write_text("no database")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt.docx").write_text("")
    for source, words in (
        (tmp_path / "text.parquet", "its type is string"),
        (tmp_path / "none.parquet", "no column of purchases is known to be amount"),
        (tmp_path / "orders.csv", "shop.to_parquet"),
        (tmp_path / "notes.txt.docx", "export it as Parquet"),
        (tmp_path / "broken.duckdb", "cannot be opened as a DuckDB database"),
        (tmp_path / "empty", "there are no purchases"),
        (tmp_path / "orders.parquat", "Did you mean 'orders.parquet'"),
        (lines, "shop.read takes it"),
        ({"orders": ibis.memtable({"a": [1]})}, "is no table of a shop"),
        (ibis.duckdb.connect(), "there are no purchases"),
    ):
        with pytest.raises(ShopError, match=words):
            shop.open(source)
    with pytest.raises(ShopError, match="no column 'Kunde'"):
        shop.open(file, {"customer_id": "Kunde"})
    with pytest.raises(ShopError, match="there is no role 'customer'"):
        shop.open(file, {"customer": "customer_id"})
