"""What the first layer says in plain words: what was taken for what, lists of products, cards of
groups and their light, what a file cannot tell."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import owner, shop
from helpers.shop.reading import reader
from helpers.workbench import Workbench, plain_groups, taken, words, work

GERMAN = pd.DataFrame(
    {
        "E-Mail": ["a@b.de", "c@d.de", "<b>@x.de"] * 10,
        "Bestelldatum": ["25.11.2024", "04.11.2024", "13.11.2024"] * 10,
        "Einzelpreis": ["1.234,50", "2,00", "3,10"] * 10,
        "Menge": [1, 2, 3] * 10,
    }
)


def quiet(*_) -> None:
    pass


def test_what_was_taken_for_what_is_said_with_the_file_own_cells(tmp_path):
    GERMAN.to_csv(tmp_path / "a.csv", sep=";", index=False)
    said = work.load(work.Source(str(tmp_path / "a.csv")), quiet).taken
    assert "Customer: <i>E-Mail</i> ✓" in said
    assert "Date: <i>Bestelldatum</i>, 25.11.2024 = 25 November 2024 ✓" in said
    assert "Money: <i>Einzelpreis × Menge</i> ✓" in said
    assert "1.234,50" in said and said.count("<tr>") == 3
    assert "<b>@" not in said, "a cell is no markup"


def test_a_large_file_gives_its_first_rows_too(tmp_path):
    many = pd.concat([GERMAN] * 400)
    many.to_csv(tmp_path / "a.csv", sep=";", index=False)
    assert (tmp_path / "a.csv").stat().st_size > taken.HEAD
    assert taken.first_rows(str(tmp_path / "a.csv")).shape == (3, 4)


@pytest.mark.parametrize(
    "names",
    [
        ["Handle", "Title", "Vendor", "Variant SKU", "Variant Price", "Variant Inventory Qty"],
        ["ID", "SKU", "Name", "Stock", "Regular price"],  # taken for customers otherwise
        ["Artikelnummer", "Bezeichnung", "Preis", "Bestand"],
    ],
)
def test_a_list_of_products_is_called_one(tmp_path, names):
    frame = pd.DataFrame({name: range(30) for name in names})
    frame.to_csv(tmp_path / "p.csv", index=False)
    refused = work.load(work.Source(str(tmp_path / "p.csv")), quiet)
    assert isinstance(refused, work.Refused)
    assert "looks like a list of products" in refused.sentence
    assert "Export your orders" in refused.sentence


@pytest.mark.parametrize(
    "names",
    [
        ["SKU", "title", "price", "Order date"],
        ["SKU", "title", "price", "customer"],
        ["title", "price"],
    ],
)
def test_orders_of_products_are_no_list_of_products(names):
    assert taken.goods(names) == []


def test_every_decision_is_one_that_the_import_asks_for():
    texts = " ".join(
        " ".join(path.read_text("utf-8").replace('"\n', "").split())
        for path in Path(reader.__file__).parent.glob("*.py")
    ).replace('" f"', "").replace('" "', "")  # fmt: skip
    for asked in words.UNDECIDED:
        assert asked.split("{")[0] in texts or asked in texts.replace('"', ""), asked


def test_a_file_that_leaves_something_to_decide_stays_on_its_tab(tmp_path):
    lines = shop.load().purchases.head(600)[["customer_id", "order_id", "ordered_at", "amount"]]
    lines.assign(order_id=range(600), currency=["EUR", "USD"] * 300).to_csv(
        tmp_path / "two.csv", index=False
    )
    bench = Workbench()
    bench.data.path.value = str(tmp_path / "two.csv")
    bench.data.start()
    bench.jobs.wait()
    assert bench.titles[bench.selected_index] == "Your file" and not bench.data.settled
    assert "Please decide" in bench.data.taken.value and "currencies" in bench.data.taken.value


def test_cards_count_what_is_there():
    known = pd.DataFrame(
        {
            "recency": [10, 12, 300, 310, 100, 100],
            "frequency": [9, 11, 1, 1, 2, 2],
            "monetary": [50.0, 30, 5, 5, 5, 5],
        }
    )
    first, second, third = plain_groups.cards(known, np.array([0, 0, 1, 1, 2, 2]))
    assert (first.people, first.orders, first.days) == (2, 10, 11)
    assert first.money == pytest.approx(0.8) and first.name == "Often and lately"
    assert second.name == "Came once, long ago" and third.name == "Now and then"
    nothing = plain_groups.cards(pd.DataFrame(index=range(4)), np.array([0, 0, 1, 1]))
    assert [card.name for card in nothing] == ["Group 1", "Group 2"]
    assert math.isnan(nothing[0].money)


def test_no_two_cards_have_one_name():
    known = pd.DataFrame({"recency": 5.0, "frequency": 1.0, "monetary": range(60)})
    made = plain_groups.cards(known, np.arange(60) // 10)
    assert len({card.name for card in made}) == 6


@pytest.mark.parametrize(
    ("natural", "alike", "word", "said"),
    [
        (True, 0.95, "Good", "nearly all"),
        (False, 0.82, "Usable", "four of five"),
        (True, 0.6, "Shaky", "three of five"),
        (False, 0.05, "Shaky", "hardly anybody"),
    ],
)
def test_the_light_says_how_many_stay(natural, alike, word, said):
    found = plain_groups.light(natural, alike)
    assert found.word == word and said in found.sentence


def test_what_a_file_cannot_tell_is_said_with_what_is_missing():
    start = pd.Timestamp("2024-01-01")
    base = owner.Head(start, start + pd.Timedelta("70D"), 10, 0, 5.0, 0, 0.0, 0, 0.0, 0, None, None)
    holds, lacking = owner.reach(base)
    assert holds.startswith("10 customers in 2 months of orders; 0 of them")
    assert "Nobody came back" in lacking[0] and "37 weeks" in lacking[1] and "are 10." in lacking[1]
    long = base._replace(until=start + pd.Timedelta("800D"), again=5, regulars=3)
    assert owner.reach(long)[1] == []
    assert "no money" in owner.reach(long._replace(share_of_regulars=float("nan")))[1][0]


def test_a_name_that_is_typed_stands_on_its_card_and_in_the_code(tmp_path):
    lines = shop.load().purchases.head(1_500)
    lines[["customer_id", "order_id", "ordered_at", "amount"]].to_csv(
        tmp_path / "orders.csv", index=False
    )
    bench = Workbench()
    bench.data.path.value = str(tmp_path / "orders.csv")
    bench.data.start()
    bench.jobs.wait()
    bench.go("Explore")
    bench.jobs.wait()
    bench.segments.run.click()
    bench.jobs.wait()
    bench.segments.names[0].value = "my darlings"
    assert "my darlings" in bench.segments.cards.value and "my darlings" in bench.take.code.value
    assert "stability" not in bench.segments.explorer.slow.value, "one figure for one thing"
