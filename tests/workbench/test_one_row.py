"""A table with one row a customer on the screens: from upload to exported segments and a notebook
that gives the same; what is left out and what cannot be done is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import segments, shop
from helpers.files import DATA
from helpers.workbench import Workbench, one_row, words, work


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return Workbench()


def load(bench: Workbench, path: Path) -> None:
    bench.data.path.value = str(path)
    bench.data.start()
    bench.jobs.wait()
    bench.go("Explore")
    bench.jobs.wait()


def fit(bench: Workbench, target: Path) -> pd.DataFrame:
    bench.segments.run.click()
    bench.jobs.wait()
    assert bench.segments.fitted is not None, bench.segments.fit_message.value
    bench.segments.save.path.value = str(target)
    bench.segments.save.save()
    return pd.read_csv(target)


def run(code: str, folder: Path, monkeypatch) -> dict:
    monkeypatch.chdir(folder)
    names: dict = {}
    exec(code, names)
    return names


def test_the_table_of_the_recipe_from_upload_to_segments_and_a_notebook(
    bench, tmp_path, monkeypatch
):
    content = memoryview((DATA / "customer_behavior.csv").read_bytes())
    file = {"name": "customer_behavior.csv", "type": "", "size": len(content), "content": content}
    bench.data.upload.value = ({**file, "last_modified": pd.Timestamp(0)},)
    bench.jobs.wait()
    bench.go("Explore")
    bench.jobs.wait()
    assert bench.data.message.value == "" and bench.data.loaded.row_is == "customer"
    assert "They need the orders themselves" in bench.data.report.value
    assert list(bench.data.columns)[:3] == ["customer_id", "recency", "frequency"]
    assert "4,000 customers in the table" in bench.segments.message.value
    assert bench.segments.cut_off.layout.display == "none"
    result = fit(bench, tmp_path / "segments.csv")
    table = pd.read_csv(DATA / "customer_behavior.csv").set_index("customer_id")
    assert result["customer_id"].tolist() == table.index.tolist()
    assert result["segment"].tolist() == segments.assign(table, 4).tolist()
    useful = dict(bench.segments.fitted.answers)["Is it useful?"]
    assert "this table has one row a customer" in useful
    (tmp_path / "customer_behavior.csv").write_bytes(content)
    again = run(bench.take._code(), tmp_path, monkeypatch)["result"]
    assert again["segment"].tolist() == result["segment"].tolist()


def test_orders_after_customers_have_their_cut_off_again(bench, tmp_path):
    load(bench, DATA / "customer_behavior.csv")
    lines = shop.load().purchases.head(300)
    lines[["customer_id", "ordered_at", "amount"]].to_csv(tmp_path / "orders.csv", index=False)
    load(bench, tmp_path / "orders.csv")
    assert bench.segments.cut_off.layout.display == "" and bench.data.loaded.row_is == "order"
    assert "had bought before this day" in bench.segments.message.value


def campaign(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "ID": rng.permutation(n),
            "Year_Birth": rng.integers(1940, 1999, n),
            "Education": "PhD",
            "Income": [None, None, *rng.integers(20_000, 90_000, n - 2)],
            "Recency": rng.integers(0, 99, n),
            "Mnt$Wines$": rng.integers(0, 900, n),
            "Change": rng.normal(size=n),
            "Seldom": [1.0, 2.0, *[None] * (n - 2)],
            "Z_Revenue": 11,
        }
    )


def test_what_is_left_out_is_said_and_dollar_signs_are_no_formula(bench, tmp_path):
    campaign().to_csv(tmp_path / "campaign.csv", sep="\t", index=False)
    load(bench, tmp_path / "campaign.csv")
    said = bench.segments.message.value
    assert "60 customers in the table" in said and "2 of them lack a value" in said
    assert "drawn at random" not in said
    for name in ("Change (with values below 0)", "Z_Revenue (the same for all)", "Seldom (missing"):
        assert name in said
    features = bench.segments.explorer.controls["features"]
    assert features.options == ("Year_Birth", "Income", "Recency", "Mnt$Wines$")
    features.value = ("Recency", "Mnt$Wines$")
    assert len(fit(bench, tmp_path / "a.csv")) == 60, "nobody lacks a value in these"
    features.value = ("Recency", "Income")
    assert len(fit(bench, tmp_path / "b.csv")) == 58


def test_what_a_row_is_can_be_chosen(bench, tmp_path):
    orders = pd.DataFrame(
        {
            "customer_id": range(40),
            "date": pd.date_range("2024-01-01", periods=40),
            "amount": range(40),
            "Recency": range(40),
        }
    )
    orders.to_csv(tmp_path / "both.csv", index=False)
    load(bench, tmp_path / "both.csv")
    said = bench.data.message.value
    assert "is each row a customer" in said and "“Each row is”" in said and "row_is" not in said
    for row_is in ("customer", "order"):
        bench.data.rows.value = words.A_ROW[row_is]
        bench.data.load.click()
        bench.jobs.wait()
        assert bench.data.message.value == "" and bench.data.loaded.row_is == row_is
        assert f"row_is='{row_is}'" in bench.data.recipe
    bench.data.rows.value = words.DECIDE


def test_a_role_is_told_and_the_file_read_again(bench, tmp_path):
    table = pd.DataFrame({"customer_id": range(30), "Annual Income": range(30), "spent": range(30)})
    table.to_csv(tmp_path / "mall.csv", index=False)
    load(bench, tmp_path / "mall.csv")
    bench.data.columns["monetary"].value = "spent"
    bench.data.load.click()
    bench.jobs.wait()
    assert "'monetary': 'spent'" in bench.data.recipe
    assert "told by you" in bench.data.report.value


def test_first_choices():
    course = shop.read(DATA / "colleague.csv")
    assert segments.first_choice(course, course.features()) == segments.FEATURES
    other = shop.read(campaign().rename(columns={"Recency": "Visits"}), row_is="customer")
    table, _ = one_row.offered(other)
    assert segments.first_choice(other, table) == ["Year_Birth", "Income", "Visits", "Mnt$Wines$"]


def test_a_table_without_numbers_is_shown_and_refused_for_segments():
    words = shop.read(pd.DataFrame({"customer_id": list("abc"), "gender": "f"}), row_is="customer")
    picture, facts = one_row.health(words)
    assert picture.startswith(b"\x89PNG") and facts.loc["columns of numbers", "value"] == "0"
    with pytest.raises(ValueError, match="No column is left"):
        one_row.offered(words)


def test_every_wish_is_in_the_recipe(bench):
    source = work.Source("a.csv", {}, True, ",", "customer")
    bench.data.uploaded = []
    assert bench.data._line(source) == (
        "shop.read('a.csv', day_first=True, decimal=',', row_is='customer')"
    )


def test_the_browser_offers_every_file_that_is_read(bench):
    offered_endings = bench.data.upload.accept.split(",")
    assert {".csv", ".gz", ".json", ".xls", ".xlsx", ".parquet", ".tsv"} <= set(offered_endings)
