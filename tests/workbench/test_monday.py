"""The screen of a Monday: computed when looked at, kept as a page, refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers import owner, shop
from helpers.workbench import Workbench, report


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    lines = shop.load().purchases
    few = lines[lines["customer_id"].isin(lines["customer_id"].unique()[:1_000])]
    path = tmp_path_factory.mktemp("orders") / "my_orders.csv"
    few[["customer_id", "order_id", "ordered_at", "category", "amount"]].to_csv(path, index=False)
    return path


def load(path: Path) -> Workbench:
    bench = Workbench()
    bench.data.path.value = str(path)
    bench.data.load.click()
    bench.jobs.wait()
    return bench


def test_nothing_is_computed_before_it_is_looked_at_and_then_the_page_is_that_of_the_shell(
    file, tmp_path, capsys
):
    bench = load(file)
    assert not bench.monday.answers.value
    assert bench.monday.save.layout.display == "none"
    bench.selected_index = 1
    bench.jobs.wait()
    assert "slipping away" in bench.monday.answers.value and not bench.monday.message.value
    bench.monday.save.path.value = str(tmp_path / "page.html")
    bench.monday.save.save()
    assert report.main([str(file), "--out", str(tmp_path / "shell.html")]) == 0
    there, shell = ((tmp_path / name).read_text("utf-8") for name in ("page.html", "shell.html"))
    assert there == shell == owner.page(shop.read(file))
    assert "is written" in capsys.readouterr().err


def test_looked_at_while_features_are_built_it_waits_and_both_come(file):
    bench = load(file)
    bench.segments.start()
    bench.selected_index = 1
    for _ in range(2):  # the features, then the answers
        bench.jobs.wait()
    assert bench.segments.built and "slipping away" in bench.monday.answers.value


def test_another_shop_takes_the_answers_away(file, tmp_path):
    bench = load(file)
    bench.selected_index = 1
    bench.jobs.wait()
    bench.selected_index = 0
    lines = pd.DataFrame({"customer_id": range(40), "income": range(40), "recency": 1})
    lines.to_csv(tmp_path / "customers.csv", index=False)
    bench.data.path.value = str(tmp_path / "customers.csv")
    bench.data.load.click()
    bench.jobs.wait()
    assert not bench.monday.answers.value
    bench.selected_index = 1
    bench.jobs.wait()
    assert "one row a customer" in bench.monday.message.value and not bench.monday.answers.value


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv", "--out", "page.html"], "nowhere.csv"),
        (["my_orders.csv", "--out", "page.txt"], "let it end in .html"),
        (["my_orders.csv", "--out", "taken.html"], "add --replace"),
        (["my_orders.csv", "--out", "page.html", "--as-of", "someday"], "must be a date"),
        (["customers.csv", "--out", "page.html"], "a page about customers who order"),
    ],
)
def test_what_the_shell_cannot_do_is_a_sentence(
    file, tmp_path, monkeypatch, capsys, arguments, said
):
    (tmp_path / "my_orders.csv").write_bytes(file.read_bytes())
    (tmp_path / "taken.html").write_text("mine")
    lines = pd.DataFrame({"customer_id": range(40), "income": range(40), "recency": 1})
    lines.to_csv(tmp_path / "customers.csv", index=False)
    monkeypatch.chdir(tmp_path)
    assert report.main(arguments) == 2
    assert said in capsys.readouterr().err
    assert (tmp_path / "taken.html").read_text() == "mine"
    assert not (tmp_path / "page.html").exists()
