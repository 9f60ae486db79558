"""What cannot be read says where, why and what to do."""

import os
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers import shop

HEADER = "customer_id,order_id,ordered_at,amount\n"
GOOD = HEADER + "1,1,2024-01-31,5\n2,2,2024-01-31,7\n"

UNREADABLE = {
    "empty file": ("a.csv", b"", "nothing in it"),
    "blank file": ("a.csv", b"\n\n", "nothing in it"),
    "header only": ("a.csv", HEADER.encode(), "nothing in it"),
    "prose": ("a.txt", b"Dear all,\nthis is a letter.\nBye\n", "not a table"),
    "no names": ("a.csv", b"1,1,2024-01-01,5\n1,2,2024-01-04,7\n", "columns have no names"),
    "binary": ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x01" * 99, "a picture, a PDF"),
    "garbage workbook": ("a.xlsx", b"PK\x03\x04 nonsense", "not an Excel workbook"),
    "protected workbook": ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 99, "password"),
    "cut-off parquet": ("a.parquet", b"PAR1abc", "not a Parquet file"),
    "pickle": ("a.pkl", b"\x80\x04.", "a pickle is a program"),
    "other ending": ("a.docx", b"{}", "'.docx' are not read"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_files(tmp_path, case):
    name, content, said = UNREADABLE[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(shop.ShopError, match=said) as caught:
        shop.read(tmp_path / name)
    assert caught.value.file == name and name in str(caught.value)
    assert caught.value.expected and caught.value.remedy
    assert caught.value.remedy in str(caught.value)


BAD = {
    # text -> (said, column, row)
    "no customer column": ("order,date,amount\n1,2024-01-31,5\n", "the customer", "customer_id", 1),
    "no date column": ("customer,order,amount\n1,1,5\n", "the time of the order", "ordered_at", 1),
    "no amount column": ("customer,order,date\n1,1,2024-01-31\n", "the amount", "amount", 1),
    "all dates bad": (HEADER + "1,1,,5\n1,1,soon,5\n", "'soon' is not a date", "ordered_at", 3),
    "all amounts bad": (HEADER + "1,1,2024-01-31,lots\n", "as an amount", "amount", 2),
    "no customer at all": (
        HEADER + ",1,2024-01-31,5\n,2,2024-01-31,6\n",
        "empty",
        "customer_id",
        2,
    ),
    "two candidates": (
        "customer,client,date,amount\n1,2,2024-01-31,5\n",
        "'customer' and 'client'",
        "customer",
        None,
    ),
    "day or month": (HEADER + "1,1,03/04/2024,5\n", "nothing in the file decides", "ordered_at", 2),
    "open quote": (
        GOOD + '3,3,2024-01-31,"5\n' + "1,1,2024-01-31,5\n" * 20,
        "never closes",
        None,
        4,
    ),
    "nothing left": (HEADER + "1,1,2024-01-31,-5\n", "negative amount", None, 2),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_tables(tmp_path, case):
    text, said, column, row = BAD[case]
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(shop.ShopError, match=said) as caught:
        shop.read(path)
    error = caught.value
    assert (error.file, error.column, error.row) == ("bad.csv", column, row)
    assert error.expected and error.remedy
    assert path.read_text() == text


def test_two_candidates_name_what_to_write_and_that_works():
    frame = pd.DataFrame({"customer": [1], "client": [2], "date": ["2024-01-31"], "amount": [5]})
    with pytest.raises(shop.ShopError, match=r'columns=\{"customer_id": "client"\}'):
        shop.read(frame)
    store = shop.read(frame, columns={"customer_id": "client"})
    assert store.purchases["customer_id"].tolist() == ["2"]
    told = store.report.mapping.set_index("role").loc["customer_id"]
    assert told["column"] == "client" and "columns=" in told["how"]


def test_equal_candidates_and_the_exact_name_are_no_conflict():
    frame = pd.DataFrame({"user": [1], "client": [1], "date": ["2024-01-31"], "amount": [5]})
    assert shop.read(frame).purchases["customer_id"].tolist() == ["1"]
    store = shop.read(frame.assign(customer_id=[3]))
    assert store.purchases["customer_id"].tolist() == ["3"]
    assert "preferred to" in store.report.mapping.set_index("role").loc["customer_id", "how"]


def test_a_missing_column_lists_those_there_are():
    with pytest.raises(shop.ShopError, match="'order', 'date', 'amount'"):
        shop.read(pd.DataFrame({"order": [1], "date": ["2024-01-31"], "amount": [5]}))


def test_a_wrong_mapping_suggests_the_nearest():
    frame = pd.DataFrame({"Kunde": [1], "date": ["2024-01-31"], "amount": [5]})
    with pytest.raises(shop.ShopError, match="Did you mean 'Kunde'"):
        shop.read(frame, columns={"customer_id": "Kundee"})
    with pytest.raises(shop.ShopError, match="Did you mean 'customer_id'"):
        shop.read(frame, columns={"custmer_id": "Kunde"})


def test_a_path_that_does_not_exist_suggests_the_nearest(tmp_path):
    (tmp_path / "orders_2024.csv").write_text(GOOD)
    with pytest.raises(shop.ShopError, match="Did you mean 'orders_2024.csv'"):
        shop.read(tmp_path / "order_2024.csv")
    with pytest.raises(shop.ShopError, match="The folder 'nowhere' does not exist"):
        shop.read(tmp_path / "nowhere" / "orders.csv")


def test_not_a_table_at_all():
    with pytest.raises(shop.ShopError, match="a list cannot be read"):
        shop.read([1, 2, 3])
    with pytest.raises(shop.ShopError, match="nothing in it"):
        shop.read(pd.DataFrame())


def test_folders(tmp_path):
    (tmp_path / "export.csv").write_text(GOOD)
    with pytest.raises(shop.ShopError, match="no purchases; it has 'export.csv'"):
        shop.read(tmp_path)
    (tmp_path / "orders.csv").write_text(GOOD)
    assert len(shop.read(tmp_path).purchases) == 2
    (tmp_path / "purchases.csv").write_text(GOOD)
    with pytest.raises(shop.ShopError, match="two files could be purchases"):
        shop.read(tmp_path)


def test_events_without_a_purchase():
    frame = pd.DataFrame({"user_id": [1], "event_time": ["2024-01-31"], "event_type": ["view"]})
    with pytest.raises(shop.ShopError, match="hold no purchase"):
        shop.read(frame)


def test_one_customer_works_with_a_warning():
    frame = pd.DataFrame(
        {"customer_id": [1, 1], "ordered_at": ["2024-01-31"] * 2, "amount": [5, 6]}
    )
    store = shop.read(frame)
    assert len(store.purchases) == 2
    assert any("only one customer" in warning for warning in store.report.warnings)


def test_sessions_without_customers_say_what_they_are_good_for():
    path = os.environ.get("ONLINE_SHOPPERS_CSV")
    if not path:
        pytest.skip("ONLINE_SHOPPERS_CSV does not name a copy of online_shoppers_intention.csv")
    with pytest.raises(shop.ShopError, match="session without a customer") as caught:
        shop.read(Path(path))
    assert caught.value.column == "customer_id" and "read_csv" in caught.value.remedy


def test_a_table_of_sessions_is_recognized_without_that_file():
    frame = pd.DataFrame({"PageValues": [0.0], "VisitorType": ["New"], "Revenue": [0]})
    with pytest.raises(shop.ShopError, match="session without a customer"):
        shop.read(frame)


def test_a_notebook_shows_the_sentence_and_not_the_stack(tmp_path):
    notebook = nbformat.v4.new_notebook()
    code = 'from helpers import shop\nshop.read("nowhere.csv")'
    notebook.cells = [nbformat.v4.new_code_cell(code)]
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, kernel_name="python3").execute()
    [output] = notebook.cells[0].outputs
    assert output.ename == "ShopError"
    assert "helpers/shop" not in "\n".join(output.traceback)
    assert "\n".join(output.traceback).startswith("ShopError: nowhere.csv: ")
