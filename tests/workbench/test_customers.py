"""The screen of customers: figures as the library gives them, the slider and the search at once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from benches import few_orders, load

from helpers import features, owner, shop
from helpers.workbench import Workbench


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("orders") / "my_orders.csv"
    few_orders(1_500).to_csv(path, index=False)
    return path


def turn_to(bench: Workbench, screen) -> None:
    bench.selected_index = bench.children.index(screen)
    bench.jobs.wait()


@pytest.fixture(scope="module")
def bench(file) -> Workbench:
    bench = load(file)
    turn_to(bench, bench.customers)
    return bench


@pytest.fixture(scope="module")
def store(file) -> shop.Shop:
    return shop.read(file)


def test_the_screen_says_first_what_the_file_can_answer(bench, store):
    there = owner.buyers(store, features.end_of(store))
    said = bench.customers.says.value
    for number in (there.buyers, there.repeaters, there.regulars):
        assert f"{number:,}" in said
    assert bench.customers.body.layout.display == "" and not bench.customers.message.value


def test_the_slider_filters_at_once_and_the_past_stands_beneath(bench, store):
    screen, moment = bench.customers, features.end_of(store)
    for sure in (0.5, 0.9):
        screen.sure.value = sure
        assert not bench.jobs.busy
        listed = owner.slipping(store, moment, sure)
        assert f"{len(listed):,} regular" in screen.count.value
        many, share = owner.came_back(store, moment, sure)
        assert f"such a list held {many:,} people; of 100 of them" in screen.slipping.value
        assert f"of them {100 * share.estimate:.0f} (" in screen.slipping.value
        assert screen.slipping.value.count("<tr>") == 1 + min(50, len(listed))
    assert len(owner.slipping(store, moment, 0.5)) > len(listed) > 0


def test_those_who_went_quiet_lately_can_come_first(bench, store):
    screen = bench.customers
    listed = owner.slipping(store, features.end_of(store), screen.sure.value)
    screen.lost_by.value = "who went quiet lately"
    first = listed.sort_values("silent", kind="stable").index[0]
    assert screen.slipping.value.split("<tbody>")[1].startswith(f"<tr><td>{first}<")
    screen.lost_by.value = "who spent most"
    assert screen.slipping.value.split("<tbody>")[1].startswith(f"<tr><td>{listed.index[0]}<")


def test_a_card_of_regulars_opens_a_list_of_regulars(bench, store):
    screen = bench.customers
    there = owner.buyers(store, features.end_of(store))
    bench.monday.cards["best"].click()
    assert f"{there.regulars:,} regulars" in screen.best.value and screen.part.value == "Best"
    screen.regulars.value = False
    assert f"{there.buyers:,} customers" in screen.best.value


def test_a_search_finds_by_part_of_the_number(bench):
    screen = bench.customers
    assert screen.best.value.count("<tr>") == 51 and "1,500 customers" in screen.best.value
    one = screen.people.best.index[70]
    assert one not in screen.best.value
    screen.search.value = f" {one.lower()} "
    assert screen.best.value.count("<tr>") == 2 and one in screen.best.value
    screen.search.value = "nobody (of this name"
    assert "Nobody found" in screen.best.value
    screen.search.value = ""


def test_the_best_by_what_is_expected_and_a_list_that_becomes_a_campaign(bench):
    screen = bench.customers
    first = screen.people.best["expected"].idxmax()
    screen.by.value = screen.by.options[1]
    row = screen.best.value.split("<tr>")[2]
    assert f">{first}<" in row
    screen.by.value = screen.by.options[0]
    screen.write_to[0].click()
    bench.jobs.wait()
    assert bench.titles[bench.selected_index] == "Campaign"
    assert bench.campaign.who.value == "best customers"
    bench.campaign.who.value = "loyal"
    bench.go("Customers")
    screen.write_to[0].click()
    assert bench.campaign.who.value == "best customers", "now, since they are counted"
    bench.go("Customers")


def test_all_customers_are_saved_not_only_those_shown(bench, store, tmp_path):
    screen = bench.customers
    screen.save_best.path.value = str(tmp_path / "all.xlsx")
    screen.save_best.save()
    saved = pd.read_excel(tmp_path / "all.xlsx", dtype={"customer": str})
    best = owner.best(store, features.end_of(store))
    assert list(saved["customer"]) == list(best.index)
    assert "expected to spend in 12 months" in saved
    assert saved["spent"].sum() == pytest.approx(best["spent"].sum())
    screen.sure.value = 0.8
    screen.save_slipping.path.value = str(tmp_path / "slipping.csv")
    screen.save_slipping.save()
    assert len(pd.read_csv(tmp_path / "slipping.csv")) == len(
        owner.slipping(store, features.end_of(store), 0.8)
    )


def test_one_customer_has_a_page_and_a_one_timer_no_chance_of_being_there(bench, store):
    screen, moment = bench.customers, features.end_of(store)
    known = owner.know(store, moment)
    regular = owner.slipping(store, moment, 0).query("gone < 0.5").index[0]
    screen.who.value = regular
    bench.jobs.wait()
    found = owner.one(known, regular)
    assert "Next order expected around" in screen.one.value and "<img" in screen.one.value
    assert f"<b>{found.expected:,.0f}</b>" in screen.one.value
    assert f"<b>{found.if_today:,.0f}</b>" in screen.one.value
    once = known.past.index[known.past["repeats"] == 0][0]
    screen.who.value = once
    bench.jobs.wait()
    assert "cannot be said" in screen.one.value
    assert "Probability of being gone, by" not in screen.one.value
    first_layer = screen.one.value.partition("<details>")[0]
    for word in ("BG/NBD", "probability", "median", "model", "interval"):
        assert word not in first_layer
    screen.who.value = ""


def test_a_table_with_one_row_a_customer_is_refused_and_forgets(file, tmp_path):
    bench = load(file)
    turn_to(bench, bench.customers)
    assert bench.customers.people is not None
    bench.selected_index = 0
    lines = pd.DataFrame({"customer_id": range(40), "income": range(40), "recency": 1})
    lines.to_csv(tmp_path / "customers.csv", index=False)
    bench.data.path.value = str(tmp_path / "customers.csv")
    bench.data.start()
    bench.jobs.wait()
    assert bench.customers.people is None and not bench.customers.best.value
    turn_to(bench, bench.customers)
    assert "one row a customer" in bench.customers.message.value
    assert bench.customers.body.layout.display == "none"
