"""The workbench without a browser: five unlike files go from upload to exported segments or are
refused with a sentence; work can be stopped; the notebook that is taken along gives the same
figures."""

from __future__ import annotations

import re
from pathlib import Path

import ipywidgets as widgets
import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient

from helpers import segments, shop
from helpers.workbench import Workbench, words, work


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """The lines of some 700 customers of the simulated shop, in plain columns."""
    lines = shop.load().purchases
    few = lines[
        lines["customer_id"].str.endswith(("3", "7")) & (lines["ordered_at"] >= "2025-01-01")
    ]
    return few.head(2_000).reset_index(drop=True)


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return Workbench()


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html).strip()


def uploaded(path: Path) -> tuple[dict]:
    """What the browser hands over for a file."""
    content = memoryview(path.read_bytes())
    return (
        {
            "name": path.name,
            "type": "",
            "size": len(content),
            "content": content,
            "last_modified": pd.Timestamp(0),
        },
    )


def load(bench: Workbench, path: Path) -> None:
    """Upload a file, which is read by itself, and turn to Explore; what is not there is given by
    its path."""
    if path.is_file():
        bench.data.upload.value = ()
        bench.data.upload.value = uploaded(path)
    else:
        bench.data.path.value = str(path)
        bench.data.start()
    bench.jobs.wait()
    bench.go("Explore")
    bench.jobs.wait()


def purchases(source, say):
    return work._store(source, say).purchases


def held(bench: Workbench) -> pd.DataFrame:
    """The purchases of the shop that the child holds."""
    bench.jobs.wait()
    return bench.jobs.result(purchases, bench.data._source)


def fit_and_export(bench: Workbench, target: Path, k: int = 3) -> pd.DataFrame:
    bench.segments.explorer.controls["k"].value = k
    bench.segments.run.click()
    bench.jobs.wait()
    assert bench.segments.message.value.startswith("<p>") and bench.segments.fitted is not None
    bench.segments.names[0].value = "many"
    bench.segments.save.path.value = str(target)
    bench.segments.save.save()
    assert "Saved" in bench.segments.save.said.value, bench.segments.save.said.value
    read = pd.read_parquet if target.suffix == ".parquet" else pd.read_csv
    result = read(target)
    assert list(result.columns) == ["customer_id", "segment", "name"]
    assert sorted(result["segment"].unique()) == list(range(k))
    assert result["name"].nunique() == k and "many" in set(result["name"]), "each has a name"
    return result


def test_a_french_file_with_commas_and_windows_letters(bench, orders, tmp_path):
    path = tmp_path / "commandes.csv"
    french = pd.DataFrame(
        {
            "N° client": orders["customer_id"],
            "N° commande": orders["order_id"],
            "Date de commande": orders["ordered_at"].dt.strftime("%d/%m/%Y %H:%M"),
            "Montant (€)": orders["amount"].map(
                lambda x: f"{x:,.2f}".translate(str.maketrans(",.", " ,"))
            ),
            "Catégorie": orders["category"],
        }
    )
    french.to_csv(path, sep=";", index=False, encoding="cp1252")
    load(bench, path)
    assert bench.data.message.value == "", bench.data.message.value
    assert held(bench)["amount"].sum() == pytest.approx(orders["amount"].sum())
    result = fit_and_export(bench, tmp_path / "segments.csv")
    assert set(result["customer_id"]) == set(orders["customer_id"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "nothing in it"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x01" * 99, "a picture, a PDF"),
        ("letter.txt", b"Dear all,\nthis is a letter.\nBye\n", "not a table"),
        ("broken.xlsx", b"PK\x03\x04 nonsense", "not an Excel workbook"),
        ("slides.pptx", b"PK\x03\x04 nonsense", "are not read"),
        ("cut.parquet", b"PAR1abc", "not a Parquet file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(bench, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    load(bench, tmp_path / name)
    assert name in text(bench.data.message.value) and said in text(bench.data.message.value)
    assert not bench.data.columns and "Traceback" not in bench.data.message.value


def test_prices_and_totals_can_be_told(bench, orders, tmp_path):
    path = tmp_path / "prices.csv"
    lines = orders[["customer_id", "order_id", "ordered_at", "quantity", "amount"]]
    paid = lines.groupby("order_id")["amount"].transform("sum")
    lines.assign(ecu=lines["amount"] / lines["quantity"], all=paid).drop(columns="amount").to_csv(
        path, index=False
    )
    for role, column in (("unit_price", "ecu"), ("order_total", "all")):
        load(bench, path)
        assert "the amount" in text(bench.data.message.value)
        bench.data.columns[role].value = column
        bench.data.load.click()
        bench.jobs.wait()
        assert bench.data.message.value == "", bench.data.message.value
        assert held(bench)["amount"].sum() == pytest.approx(lines["amount"].sum(), rel=1e-3)


def test_unknown_names_are_refused_with_a_sentence_and_corrected(bench, orders, tmp_path):
    path = tmp_path / "zamowienia.csv"
    names = {"customer_id": "kto", "order_id": "co", "ordered_at": "kiedy", "amount": "ile"}
    orders[list(names)].rename(columns=names).to_csv(path, index=False)
    load(bench, path)
    said = text(bench.data.message.value)
    assert "zamowienia.csv" in said and "the customer" in said and "Traceback" not in said
    assert "choose the column at “Customer” below" in said
    assert "columns=" not in said and "customer_id" not in said
    for role, name in names.items():
        bench.data.columns[role].value = name
    bench.data.load.click()
    bench.jobs.wait()
    assert bench.data.message.value == ""
    assert bench.data.recipe.startswith("shop.read(") and "'kto'" in bench.data.recipe
    result = fit_and_export(bench, tmp_path / "segments.parquet")
    assert len(result) == orders["customer_id"].nunique()


def test_excel_with_a_title_row_uploaded(bench, orders, tmp_path):
    table = orders[["customer_id", "order_id", "ordered_at", "amount"]].head(800)
    with pd.ExcelWriter(tmp_path / "Orders 2025.xlsx") as writer:
        table.to_excel(writer, startrow=3, index=False)
        writer.sheets["Sheet1"]["A1"] = "Orders of the year, confidential"
    load(bench, tmp_path / "Orders 2025.xlsx")
    assert bench.data.message.value == "" and len(held(bench)) == 800
    fit_and_export(bench, tmp_path / "segments.csv")


def test_dates_that_nothing_decides_are_asked_for(bench, orders, tmp_path):
    path = tmp_path / "orders.csv"
    early = orders[(orders["ordered_at"].dt.day <= 12)][
        ["customer_id", "order_id", "ordered_at", "amount"]
    ]
    early = early.assign(ordered_at=early["ordered_at"].dt.strftime("%d/%m/%Y"))
    early.sample(frac=1, random_state=0).to_csv(path, index=False)
    load(bench, path)
    said = text(bench.data.message.value)
    assert "day/month or month/day" in said and "“Dates are”" in said and "day_first" not in said
    bench.data.dates.value = "day first (31/12)"
    bench.data.load.click()
    bench.jobs.wait()
    assert bench.data.message.value == "" and "day_first=True" in bench.data.recipe
    fit_and_export(bench, tmp_path / "segments.csv")


def test_three_hundred_thousand_lines(bench, tmp_path):
    rng = np.random.default_rng(0)
    n = 300_000
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(
        np.sort(rng.integers(0, 365 * 86_400, n)), unit="s"
    )
    big = pd.DataFrame(
        {
            "customer_id": rng.zipf(1.6, n) % 40_000,
            "order_id": np.arange(n) // 2,
            "ordered_at": at,
            "amount": rng.lognormal(3, 1, n).round(2),
        }
    )
    big["customer_id"] = big.groupby("order_id")["customer_id"].transform("first")
    big["ordered_at"] = big.groupby("order_id")["ordered_at"].transform("first")
    big.to_csv(tmp_path / "big.csv", index=False)
    load(bench, tmp_path / "big.csv")
    assert bench.data.message.value == "", bench.data.message.value
    assert len(held(bench)) == n
    result = fit_and_export(bench, tmp_path / "segments.parquet", k=4)
    assert len(result) == big["customer_id"].nunique()


def test_the_notebook_gives_the_same_figures_in_an_empty_folder(bench, orders, tmp_path):
    orders[["customer_id", "order_id", "ordered_at", "amount"]].to_csv(
        tmp_path / "my_orders.csv", index=False
    )
    load(bench, tmp_path / "my_orders.csv")
    bench.segments.explorer.controls["transform"].value = "standardize"
    fit_and_export(bench, tmp_path / "first.csv", k=5)
    folder = tmp_path / "empty"
    folder.mkdir()
    bench.take.save.path.value = str(folder / "taken.ipynb")
    bench.take.save.save()
    assert "my_orders.csv" in bench.take.save.said.value
    notebook = nbformat.read(folder / "taken.ipynb", as_version=4)
    written = notebook.cells[-1].source.replace("# quote.write_csv", "quote.write_csv")
    notebook.cells[-1].source = written.replace("my_segments.csv", "again.csv")
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    first = pd.read_csv(tmp_path / "first.csv")
    pd.testing.assert_frame_equal(pd.read_csv(folder / "again.csv"), first)
    (profile,) = [c for c in notebook.cells if "segments.profile" in c.source]
    shown = profile.outputs[0]["data"]["text/plain"]
    assert shown == str(bench.segments.fitted.profile.round(2))
    bench.take.save.save()
    assert "exists" in bench.take.save.said.value, "never over an existing file"


def test_what_is_missing_is_said(tmp_path):
    bench = Workbench()
    bench.data.load.click()
    assert "No file has arrived" in bench.data.message.value and "MB" in bench.data.message.value
    bench.segments.build.click()
    assert "Load your file" in bench.segments.message.value
    load(bench, tmp_path / "none.csv")
    assert "no such file" in bench.data.message.value
    (tmp_path / "orders.csv").write_text(
        "customer_id,ordered_at,amount\n1,2025-01-01,5\n2,2025-01-02,6\n"
    )
    load(bench, tmp_path / "orders.csv")
    assert bench.data.message.value == ""
    assert "ten are needed" in bench.segments.message.value


def test_what_the_data_decide_can_be_chosen_again(bench):
    """As the browser does it: by the place in the list, and the list always shows its choice."""
    for choice in (bench.data.dates, bench.data.numbers, bench.data.rows):
        assert choice.label == words.DECIDE and choice.index == 0
        choice.index = 1
        choice.index = 0
        assert choice.label == words.DECIDE and choice.index == 0
    assert bench.data._wishes == (None, None, None)


def test_a_path_that_is_none_is_refused_with_a_sentence(bench, tmp_path):
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    for path in ("x" * 5_000, "a\0b.csv", str(tmp_path / "orders")):
        bench.data.message.value = ""
        bench.data.path.value = path
        bench.data.start()
        bench.jobs.wait()
        assert "what to do" in bench.data.message.value, path[:20]


def test_the_last_that_was_touched_counts_a_file_or_a_path(orders, tmp_path):
    bench = Workbench()
    orders.to_csv(tmp_path / "orders.csv", index=False)
    (tmp_path / "mine.csv").write_text("customer_id,ordered_at,amount\n1,2025-01-01,5\n")
    bench.data.path.value = str(tmp_path / "orders.csv")
    bench.data.upload.value = uploaded(tmp_path / "mine.csv")
    assert bench.data.path.value == ""
    bench.data.path.value = str(tmp_path / "orders.csv")
    assert bench.data.upload.value == ()
    bench.data.load.click()
    bench.jobs.wait()
    assert bench.data.loaded.name == "orders"


def test_what_is_taken_along_belongs_to_the_shop_that_is_loaded(orders, tmp_path):
    bench = Workbench()
    orders.to_csv(tmp_path / "orders.csv", index=False)
    load(bench, tmp_path / "orders.csv")
    bench.segments.run.click()
    bench.jobs.wait()
    assert bench.take.rest.layout.display == "" and "orders.csv" in bench.take.code.value
    orders.head(500).to_csv(tmp_path / "others.csv", index=False)
    load(bench, tmp_path / "others.csv")
    assert "segments.assign" not in bench.take.code.value
    assert "&#x27;orders.csv" not in bench.take.code.value, "of the shop before"


def test_no_widget_is_made_after_the_start(orders, tmp_path):
    """What is made while a page loads is lost to that page: a name typed there reached nobody."""
    bench = Workbench()
    made: list[widgets.Widget] = []
    first = orders.head(800)
    first.assign(ordered_at=first["ordered_at"].mask(first.index == 3)).to_csv(
        tmp_path / "orders.csv", index=False
    )
    people = pd.DataFrame({"customer": range(40), "spend": range(40), "visits": [3, 5] * 20})
    people.to_csv(tmp_path / "people.csv", index=False)
    (tmp_path / "none.csv").write_text("a,b\n1,2\n")
    widgets.Widget.on_widget_constructed(made.append)
    try:
        load(bench, tmp_path / "orders.csv")
        assert bench.data.loaded.aside == 1
        fit_and_export(bench, tmp_path / "segments.csv")
        load(bench, tmp_path / "none.csv")
        assert bench.data.columns, "offered, since the file was refused"
        load(bench, tmp_path / "people.csv")
        fit_and_export(bench, tmp_path / "more.csv", k=10)
        assert len(bench.segments.names) == 10
    finally:
        widgets.Widget.on_widget_constructed(None)
    assert made == []


def test_rows_set_aside_can_be_saved(tmp_path):
    bench = Workbench()
    (tmp_path / "orders.csv").write_text(
        "customer_id,ordered_at,amount\n1,2025-01-01,5\n,2025-01-02,6\n=1+1,never,7\n3,2025-01-04,-1\n"
    )
    load(bench, tmp_path / "orders.csv")
    save = bench.data.save_aside
    save.path.value = str(tmp_path / "aside.csv")
    save.save()
    aside = pd.read_csv(tmp_path / "aside.csv")
    assert len(aside) == 3 and aside["reason"].notna().all()
    assert (
        "'=1+1" in aside["customer_id"].to_list() and "-1" in aside["amount"].astype(str).to_list()
    )
    assert "a formula in a spreadsheet: 1 text." in save.said.value


def test_two_workbenches_do_not_disturb_each_other(bench, orders, tmp_path):
    other = Workbench()
    orders[["customer_id", "order_id", "ordered_at", "amount"]].to_csv(
        tmp_path / "a.csv", index=False
    )
    load(other, tmp_path / "a.csv")
    before = bench.segments.explorer.picture.value
    other.segments.explorer.controls["k"].value = 9
    assert (
        bench.segments.explorer.picture.value == before
        and bench.segments.explorer.setting["k"] != 9
    )


def test_assign_numbers_by_size():
    labels = np.array([7, 7, 7, 2, 2, 5])
    assert segments.by_size(labels).tolist() == [0, 0, 0, 1, 1, 2]
