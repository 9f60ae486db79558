"""The screen of a Monday: computed when looked at, kept as a page, refused in a sentence."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest
from benches import few_orders, load

from helpers import owner, shop
from helpers.workbench import report
from helpers.workbench.monday_screen import MondayScreen


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("orders") / "my_orders.csv"
    few_orders(1_000).to_csv(path, index=False)
    return path


def test_the_figures_come_by_themselves_and_the_page_is_that_of_the_shell(file, tmp_path, capsys):
    bench = load(file)
    assert bench.titles[bench.selected_index] == "Monday", "nobody had to press a button"
    lines = pd.read_csv(file, parse_dates=["ordered_at"])
    total, people = lines["amount"].sum(), lines["customer_id"].nunique()
    assert f"{people:,} customers spent {total:,.0f}." in bench.monday.said.value
    days = lines.assign(day=lines["ordered_at"].dt.normalize())
    days = days.groupby("customer_id")["day"].nunique()
    spent = lines.groupby("customer_id")["amount"].sum()
    share = spent[days >= 4].sum() / total
    first = bench.monday.cards["best"].description
    assert first.startswith(f"{(days >= 4).sum():,} regulars\nbring {share:.0%} of the money")
    assert not bench.monday.answers.value
    bench.monday.show_page.click()
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
    bench.monday.shop_loaded()
    bench.segments.start()
    bench.monday.look()
    for _ in range(2):  # the features, then the figures
        bench.jobs.wait()
    end = time.monotonic() + 60
    while bench.monday.head is None and time.monotonic() < end:
        time.sleep(0.05)
    assert bench.segments.built and bench.monday.head is not None


def test_a_card_opens_its_tab_and_nothing_where_there_is_none(file):
    bench = load(file)
    bench.go("No such tab")
    assert bench.titles[bench.selected_index] == "Monday"
    opened = []
    screen = MondayScreen(bench.jobs, bench.data, lambda *place: opened.append(place))
    for card in screen.cards.values():
        card.click()
    assert opened == [
        ("Customers", "Best: regulars"),
        ("Customers", "Slipping away"),
        ("How many will buy", ""),
        ("Campaign", ""),
    ]
    bench.go(*opened[1])
    assert bench.customers.part.value == "Slipping away" and bench.selected_index == 2


def test_another_shop_takes_the_answers_away(file, tmp_path):
    bench = load(file)
    lines = pd.DataFrame({"customer_id": range(40), "income": range(40), "recency": 1})
    lines.to_csv(tmp_path / "customers.csv", index=False)
    bench.go("Your file")
    bench.data.path.value = str(tmp_path / "customers.csv")
    bench.data.start()
    bench.jobs.wait()
    assert bench.monday.head is None and bench.titles[bench.selected_index] == "Your file"
    bench.go("Monday")
    bench.jobs.wait()
    assert "one row a customer" in bench.monday.message.value and bench.monday.head is None


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
