"""Bombs and files that will not open: refused in a sentence, before they fill the memory."""

import gzip
import os
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers import shop
from helpers.shop.reading import bounds, workbooks

HEAD = ["customer_id", "order_id", "date", "amount"]
ROWS = [[f"c{i % 9}", f"o{i}", f"2024-01-{1 + i % 28:02d}", 5.0 + i] for i in range(60)]
TEXT = "\n".join(",".join(map(str, row)) for row in [HEAD, *ROWS]) + "\n"


def refused(source, match, **how):
    """The sentence with which a source is refused; it has all its parts."""
    with pytest.raises(shop.ShopError, match=match) as caught:
        shop.read(source, **how)
    assert "not foreseen" not in str(caught.value)
    assert caught.value.file and caught.value.expected and caught.value.remedy
    return caught.value


def workbook(path, rows=None, change=None):
    """Write a workbook; `change` is applied to the XML of its sheet."""
    pd.DataFrame(ROWS if rows is None else rows, columns=HEAD).to_excel(path, index=False)
    if change:
        with zipfile.ZipFile(path) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        parts = {n: change(part) if "sheet1" in n else part for n, part in parts.items()}
        with zipfile.ZipFile(path, "w") as packed:
            for name, part in parts.items():
                packed.writestr(name, part)
    return path


@pytest.mark.parametrize("ending", ["csv.gz", "json.gz", "CSV.GZ"])
def test_a_gzip_bomb_is_refused(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(bounds, "MOST_BYTES", 1_000_000)
    path = tmp_path / f"a.{ending}"
    path.write_bytes(gzip.compress(TEXT.encode() * 20))
    if "json" not in ending:
        assert len(shop.read(path).purchases) > 1_000
    path.write_bytes(gzip.compress(TEXT.encode() * 2_000))
    refused(path, "larger than 1,000,000 bytes")


def test_a_parquet_bomb_is_refused_by_its_own_account(tmp_path, monkeypatch):
    table = pd.DataFrame(ROWS * 200, columns=HEAD).assign(note="x" * 1_000)
    path = tmp_path / "a.parquet"
    table.to_parquet(path)
    monkeypatch.setattr(bounds, "MOST_BYTES", 2_000_000)
    assert len(shop.read(path).purchases) == len(table)  # the note is kept once
    monkeypatch.setattr(bounds, "MOST_BYTES", 300_000)
    refused(path, "larger than 300,000 bytes")


def test_a_workbook_bomb_is_refused(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx")
    monkeypatch.setattr(bounds, "MOST_CELLS", 100)
    assert refused(path, "more than 100 cells").row == 26
    monkeypatch.setattr(bounds, "MOST_BYTES", 5_000)
    refused(path, "larger than 5,000 bytes")


@pytest.mark.parametrize("text", [b"<si><t>a</t></si>", b"<si/>", b"<x:si ><x:t>a</x:t></x:si>"])
@pytest.mark.parametrize("gap", [0, 1 << 20])
def test_texts_that_no_cell_shows_are_counted_before_they_are_made(
    tmp_path, monkeypatch, text, gap
):
    monkeypatch.setattr(bounds, "MOST_CELLS", 5_000)

    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b"<sst>" + b" " * gap + text * 6_000 + b"</sst>")
    monkeypatch.setattr("openpyxl.load_workbook", None)  # it would make them
    refused(path, "more than 5,000 cells")


def test_a_row_of_formulas_longer_than_a_chunk_is_read_once(tmp_path):
    cells = b"<c><f>A1*2</f></c>" * 200_000

    def widen(part):
        return part.replace(b"</sheetData>", b'<row r="90">' + cells + b"</row></sheetData>")

    path = workbook(tmp_path / "a.xlsx", change=widen)
    assert workbooks._formulas_without_values(path).startswith("200,000 formulas")


def test_cells_far_away_do_not_make_a_sheet_large(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_ROWS", 500)
    cell = b'<row r="%d"><c r="XFD%d"><v>1</v></c></row></sheetData>'

    def far(row):
        return lambda sheet: sheet.replace(b"</sheetData>", cell % (row, row))

    store = shop.read(workbook(tmp_path / "a.xlsx", change=far(400)))
    assert len(store.purchases) == len(ROWS) and store.report.rows == len(ROWS) + 1
    assert "338 blank rows skipped" in store.report.remarks
    assert store.set_aside["row"].tolist() == [400]
    refused(workbook(tmp_path / "b.xlsx", change=far(2_000_000_000)), "500 rows in a sheet")


def test_too_many_columns_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_COLUMNS", 8)
    wide = pd.DataFrame(ROWS, columns=HEAD).assign(**{f"k{i}": 1 for i in range(9)})
    for ending in ("csv", "xlsx", "parquet", "json"):
        path = tmp_path / f"a.{ending}"
        getattr(wide, {"xlsx": "to_excel"}.get(ending, f"to_{ending}"))(path)
        refused(path, "more than 8 columns")
    refused(wide, "more than 8 columns")


def test_what_the_system_says_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "gone.csv").symlink_to("nowhere.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    for name in ("gone.csv", "loop.csv"):
        assert "Did you mean" not in str(refused(tmp_path / name, "this is a link to"))
    refused(tmp_path / ("n" * 300 + ".csv"), "longer than any file")
    (tmp_path / "shop" / "orders.csv").mkdir(parents=True)
    refused(tmp_path / "shop", "a folder under the name of a file")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        refused(tmp_path / "pipe.csv", "a pipe or a device")


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "json", "xlsx", "parquet"])
@pytest.mark.parametrize(
    ("error", "match"),
    [
        (PermissionError(13, "Permission denied"), "may not be read"),
        (OSError(5, "Input/output error"), "Input/output error|cut off"),
        (MemoryError(), "memory of this computer"),
    ],
)
def test_no_permission_is_not_called_a_wrong_kind(tmp_path, monkeypatch, ending, error, match):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"PK or anything")

    def fails(*args, **kwargs):
        raise error

    monkeypatch.setattr("pathlib.Path.open", fails)
    monkeypatch.setattr("pathlib.Path.read_bytes", fails)
    refused(path, match)
    with pytest.raises(shop.ShopError, match=match):
        shop.column_names(path)


def parquet(path, **columns):
    table = {
        name: pa.array(cells) for name, cells in zip(HEAD, zip(*ROWS, strict=True), strict=True)
    }
    pq.write_table(pa.table({**table, **columns}), path)
    return path


def test_odd_columns_of_parquet_files(tmp_path):
    days = pa.array([2**31 - 1, *[19_700 + i for i in range(59)]], pa.int32()).cast(pa.date32())
    store = shop.read(parquet(tmp_path / "a.parquet", date=days))
    assert store.set_aside["reason"].tolist() == ["date in the future"]
    assert store.purchases["ordered_at"].min() == pd.Timestamp("2023-12-09")
    parts = pa.array([b"caf\xe9"] * 60).buffers()
    bad = pa.StringArray.from_buffers(60, parts[1], parts[2])
    assert refused(parquet(tmp_path / "b.parquet", note=bad), "UTF-8").column == "note"
    double = pa.Table.from_arrays(
        [pa.array([row[i] for row in ROWS]) for i in (0, 1, 2, 3, 3)], [*HEAD, "amount"]
    )
    pq.write_table(double, tmp_path / "c.parquet")
    store = shop.read(tmp_path / "c.parquet")
    assert any("several columns are called 'amount'" in said for said in store.report.warnings)
    data = bytearray((tmp_path / "c.parquet").read_bytes())
    data[4:200] = bytes(196)
    (tmp_path / "d.parquet").write_bytes(data)
    refused(tmp_path / "d.parquet", "the Parquet file is damaged")


def test_names_that_repeat_a_numbered_one_lose_no_column(tmp_path):
    rows = [["x", "x", "x (2)", *HEAD], *[[1, 2, 3, *row] for row in ROWS]]
    (tmp_path / "a.csv").write_text("\n".join(",".join(map(str, row)) for row in rows))
    pd.DataFrame(rows).to_excel(tmp_path / "a.xlsx", index=False, header=False)
    for name in ("a.csv", "a.xlsx"):
        assert len(set(shop.column_names(tmp_path / name))) == 7
        assert len(shop.read(tmp_path / name).purchases) == 60


@pytest.mark.parametrize("length", [140_000, 2_000_000])
def test_long_cells_are_cells(tmp_path, length):
    first, *others = TEXT.splitlines()
    path = tmp_path / "a.csv"
    long = f'c1,"{"y" * length}",2024-01-05,5.00'
    path.write_text("\n".join([first, long, *others, f'c2,"{"y" * length}"']))
    store = shop.read(path)
    assert len(store.purchases) == 61 and len(store.set_aside) == 1


def test_a_line_beyond_16_mb_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'{TEXT}c1,"{"y" * 34_000_000}",2024-01-05,5.00\n')
    refused(path, "longer than 16 MB")


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"])
def test_wide_encodings_with_and_without_a_mark(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    store = shop.read(path)
    assert len(store.purchases) == 60
    assert any(f"encoding {encoding[:6].upper()}" in said for said in store.report.remarks)


def test_an_encoding_that_is_none_of_files(tmp_path):
    (tmp_path / "a.csv").write_text(TEXT)
    with pytest.raises(shop.ShopError, match="does not know"):
        shop.read(tmp_path / "a.csv", encoding="idna")


def test_formulas_without_values_are_said(tmp_path):
    every = workbook(tmp_path / "a.xlsx", [[*row[:3], f"=2*{i}"] for i, row in enumerate(ROWS)])
    assert "60 formulas without a value" in str(refused(every, "nothing in the column"))
    some = [[*row[:3], "=2*3" if i % 3 else 5] for i, row in enumerate(ROWS)]
    store = shop.read(workbook(tmp_path / "b.xlsx", some))
    assert any("40 formulas without a value" in said for said in store.report.warnings)


def test_a_hidden_sheet_is_not_read_before_a_visible_one(tmp_path):
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame(ROWS[:20], columns=HEAD).to_excel(book, sheet_name="Old", index=False)
        pd.DataFrame(ROWS, columns=HEAD).to_excel(book, sheet_name="Now", index=False)
        book.book["Old"].sheet_state = "hidden"
    store = shop.read(path)
    assert len(store.purchases) == 60
    assert "the hidden sheet 'Old' (21 rows) was not read" in store.report.warnings


ID_FORMS = {
    "zero width": ["", "\u200b", "\ufeff", "\u2060"],
    "direction": ["", "\u200e", "\u202c", "\u2069"],
    "soft hyphen, NUL": ["", "\u00ad", "\0", "\u200d"],
    "accents": ["\u00e9", "e\u0301", "\u00e9\u200b", "e\u0301\u200f"],
    "blanks": [" x", "\u00a0x", "\u202fx", "\u2009x"],
}


@pytest.mark.parametrize("kind", ID_FORMS)
@pytest.mark.parametrize("as_file", [True, False])
def test_a_customer_is_one_however_it_was_typed(tmp_path, kind, as_file):
    ids = [f"c{i % 5}{form}" for form in ID_FORMS[kind] for i in range(15)]
    table = pd.DataFrame(ROWS, columns=HEAD).assign(customer_id=ids)
    if as_file:
        table.to_csv(tmp_path / "a.csv", index=False)
    store = shop.read(tmp_path / "a.csv" if as_file else table)
    assert store.purchases["customer_id"].nunique() == 5
    said = " ".join(store.report.remarks)
    assert "'customer_id': 45 rows" in said or ("15 NUL characters" in said and "30 rows" in said)


def test_numbers_and_dates_with_unseen_signs_are_read(tmp_path):
    table = pd.DataFrame(ROWS, columns=HEAD).astype(str)
    table["amount"] += "\u200b"
    table["date"] = "\u200e" + table["date"]
    assert shop.read(table).purchases["amount"].sum() == sum(row[3] for row in ROWS)


def test_ids_in_powers_of_ten_are_counted_in_every_form():
    forms = ["1e15", "1.0E+15", "1000000000000000"] * 20
    table = pd.DataFrame(ROWS, columns=HEAD).assign(customer_id=forms)
    assert any("40 rows such as '1e15'" in said for said in shop.read(table).report.warnings)
    codes = pd.DataFrame(ROWS, columns=HEAD).assign(customer_id=["1e15", "3f70", "9b11"] * 20)
    assert not any("lost digits" in said for said in shop.read(codes).report.warnings)


BEYOND = ["9.2e16", "-9.2e16", "1.8e306", "-1.8e306"]


@pytest.mark.parametrize("value", BEYOND)
@pytest.mark.parametrize("role", ["amount", "unit_price", "quantity", "order_total"])
def test_one_absurd_amount_is_set_aside_and_stops_nothing(value, role):
    table = pd.DataFrame(ROWS, columns=HEAD).astype(str).assign(quantity="2")
    if role in ("unit_price", "quantity"):
        table = table.rename(columns={"amount": "unit_price"})
    elif role == "order_total":
        table = table.rename(columns={"amount": "order_total"}).drop(columns="quantity")
    table.loc[7, role] = value
    store = shop.read(table)
    assert store.set_aside["reason"].tolist() == ["amount beyond all measure"]
    assert not any("00,000,000" in said for said in store.report.warnings)


@pytest.mark.parametrize("value", BEYOND)
def test_absurd_money_beside_the_amount_is_missing_and_said(value):
    table = pd.DataFrame(ROWS, columns=HEAD).astype(str).assign(discount="0")
    table.loc[7, "discount"] = value
    store = shop.read(table)
    assert len(store.purchases) == 60
    assert "'discount': 1 value beyond all measure, missing" in store.report.warnings
    assert np.isfinite(store.purchases["amount"]).all()
