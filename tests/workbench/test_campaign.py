"""The screens of a campaign and of its result, from the choice to the sentence for the boss."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pandas as pd
import pytest
from benches import few_orders, looked, read

from helpers import campaign, shop
from helpers.workbench import Workbench, campaign_words

DAY = pd.Timedelta("1D")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> tuple[Path, Path]:
    """The orders of 1,500 customers up to some day, and 40 days later."""
    few = few_orders(1_500)
    folder = tmp_path_factory.mktemp("orders")
    few[few["ordered_at"] < few["ordered_at"].max() - 40 * DAY].to_csv(
        folder / "before.csv", index=False
    )
    few.to_csv(folder / "after.csv", index=False)
    return folder / "before.csv", folder / "after.csv"


def test_from_the_choice_to_what_came_of_it(files, tmp_path):
    before, after = files
    bench = looked(before, "Campaign")
    screen = bench.campaign
    assert "no e-mail addresses" in screen.says.value
    assert "does not say who may be written to" in screen.says.value
    counts = {who: a.customers for who, a in screen.offered.audiences.items()}
    store = shop.read(before)
    as_of = store.last.normalize() + DAY
    for who in ("best customers", "champions"):
        assert counts[who] == len(campaign.audience(store, as_of, who))
    assert all(f"({counts[who]:,})" in label for label, who in screen.who.options)

    screen.who.value, screen.name.value, screen.cost.value = "champions", "May", "0,5"
    shown = screen.power.value, screen.picture.value
    screen.starts.value = as_of.date()
    screen.keep.value = 50
    assert screen.power.value != shown[0] and screen.picture.value != shown[1]
    screen.go.click()
    bench.jobs.wait()
    plan = campaign.make(store, as_of, "champions", "May", keep_back=0.5, cost=0.5)
    assert campaign.as_json(screen.plan) == campaign.as_json(plan)
    assert f"{plan.written:,} are written to" in screen.said.value
    assert "no name and no address" in screen.held.value

    assert screen.save_list.path.value.endswith("May.xlsx"), "a list that opens by itself"
    screen.form.value = "CSV"
    screen.save_list.path.value = str(tmp_path / "list.csv")
    screen.save_list.save()
    listed = pd.read_csv(tmp_path / "list.csv")["customer"].tolist()
    assert listed == plan.customers.index[plan.customers["arm"] == "written to"].tolist()
    screen.save_plan.path.value = str(tmp_path / "plan.json")
    screen.save_plan.save()
    screen.form.value = "Brevo"
    assert screen.save_list.path.value == str(tmp_path / "May_Brevo.csv")
    screen.save_list.save()
    assert "no e-mail address" in screen.save_list.said.value
    assert not (tmp_path / "May_Brevo.csv").exists()

    read(bench, after)
    bench.go("Result")
    bench.result.path.value = str(tmp_path / "plan.json")
    bench.result.open_plan()
    bench.jobs.wait()
    found = campaign.result(plan, shop.read(after))
    assert campaign.verdict(plan, found) in bench.result.verdict.value
    first = bench.result.found.profit
    bench.result.cost.value = "1.5"
    assert first.low - bench.result.found.profit.low == pytest.approx(plan.written)
    bench.result.save.path.value = str(tmp_path / "said.txt")
    bench.result.save.save()
    assert f"Of the {plan.written:,} you wrote to" in (tmp_path / "said.txt").read_text("utf-8")


def test_where_nothing_can_show_nobody_is_kept_back_unless_one_wants_it(files):
    bench = looked(files[0], "Campaign")
    screen = bench.campaign
    screen.who.value = "champions"
    assert screen.keep.value == 0 and "too few to see what a mail does" in screen.power.value
    assert f"<b>{screen.many.value:,} get the mail, nobody is kept back.</b>" in screen.power.value
    screen.keep.value = 30
    assert "order: " in screen.power.value and "too few to see" in screen.power.value
    screen.who.value = "loyal"
    assert screen.keep.value == 30, "whoever has chosen is not asked again"


def test_the_list_of_customers_that_is_seen_is_the_one_that_is_written_to(files):
    bench = looked(files[0], "Customers")
    customers, screen = bench.customers, bench.campaign
    customers.sure.value = 0.7
    customers.write_to[1].click()
    bench.jobs.wait()
    assert screen.who.value == "slipping regulars, gone 7 in 10"
    there = screen.offered.audiences[screen.who.value].customers
    assert there == len(customers._listed()) == screen.many.max > 0
    bench.go("Customers")
    customers.regulars.value = True
    customers.write_to[0].click()
    assert screen.who.value == "regulars"
    there = screen.offered.audiences["regulars"].customers
    assert f"{there:,} regulars" in customers.best.value
    customers.regulars.value, customers.by.value = False, "who are expected to spend most"
    customers.write_to[0].click()
    assert screen.who.value == "expected to spend most"
    best = campaign.audience(shop.read(files[0]), screen.offered.as_of, screen.who.value)
    assert customers._best_shown().index[: len(best)].tolist() == best.index.tolist()


def test_every_audience_is_said_in_words():
    assert {*campaign_words.WHO} == {*campaign.AUDIENCES, *campaign.audiences.NARROWER}


def test_a_campaign_is_named_after_its_day_until_it_has_a_name(files):
    bench = looked(files[0], "Campaign")
    screen = bench.campaign
    screen.starts.value = pd.Timestamp("2031-12-01").date()
    assert screen.name.value == "Mail of 1 December 2031"
    screen.name.value = "Advent"
    screen.starts.value = pd.Timestamp("2031-12-02").date()
    assert screen.name.value == "Advent"


def test_choices_that_moved_dim_the_list_and_save_nothing(files, tmp_path):
    bench = looked(files[0], "Campaign")
    screen = bench.campaign
    screen.name.value, screen.form.value, screen.keep.value = "May", "CSV", 20
    screen.go.click()
    bench.jobs.wait()
    screen.keep.value = 35
    assert "made with other choices" in screen.said.value
    for bar, name in ((screen.save_list, "list.csv"), (screen.save_plan, "plan.json")):
        bar.path.value = str(tmp_path / name)
        bar.save()
        assert "other choices" in bar.said.value and not (tmp_path / name).exists()
    screen.keep.value = 20
    screen.save_list.save()
    assert (tmp_path / "list.csv").exists()


def test_a_campaign_without_a_name_and_a_file_that_is_no_plan_are_sentences(files, tmp_path):
    bench = looked(files[0], "Campaign")
    assert bench.campaign.name.value.startswith("Mail of "), "a name is proposed"
    bench.campaign.name.value = " "
    bench.campaign.go.click()
    bench.jobs.wait()
    assert "name of its own" in bench.campaign.said.value and bench.campaign.plan is None
    bench.go("Result")
    for text in ("", "[1]", json.dumps({"what": "a recipe"})):
        path = tmp_path / "no_plan.json"
        path.write_text(text)
        bench.result.path.value = str(path)
        bench.result.open_plan()
        bench.jobs.wait()
        assert "no campaign's plan" in bench.result.message.value.replace("&#x27;", "'")
    bench.result.path.value = str(tmp_path / "nowhere.json")
    bench.result.open_plan()
    assert "cannot be opened" in bench.result.message.value


def test_a_table_with_one_row_a_customer_is_told_what_it_lacks(tmp_path):
    lines = pd.DataFrame({"customer_id": range(40), "income": range(40), "recency": 1})
    lines.to_csv(tmp_path / "customers.csv", index=False)
    bench = looked(tmp_path / "customers.csv", "Campaign")
    assert "one row a customer" in bench.campaign.message.value


def test_a_project_opens_the_choices_as_they_were(files, tmp_path, monkeypatch):
    bench = looked(files[0], "Campaign")
    bench.kept.folder.value = str(tmp_path / "p")
    bench.kept.open_project()
    screen = bench.campaign
    screen.who.value, screen.keep.value, screen.name.value = "loyal", 35, "May"
    bench.customers.sure.value = bench.customers.sure.options[0][1]
    assert not bench.kept.undo.disabled

    monkeypatch.setenv("WORKBENCH_PROJECT", str(tmp_path / "p"))
    again = Workbench()
    again.jobs.wait()
    assert again.data.place == str(files[0])
    again.go("Campaign")
    again.jobs.wait()
    there = again.campaign
    deadline = time.monotonic() + 10
    while again.kept.waiting and time.monotonic() < deadline:  # set just after the job has ended
        time.sleep(0.02)
    assert (there.who.value, there.keep.value) == ("loyal", 35)
    assert there.name.value != "May", "it would draw the same customers again"
    there.name.value = "May"
    assert again.customers.sure.value == bench.customers.sure.value
    for made in (screen, there):
        made.go.click()
        (bench if made is screen else again).jobs.wait()
    assert campaign.as_json(there.plan) == campaign.as_json(screen.plan)


def test_a_plan_of_customers_known_by_their_address_says_that_it_holds_them(tmp_path):
    lines = few_orders(400)
    lines["customer_id"] += "@shop.example"
    lines.rename(columns={"customer_id": "Email"}).to_csv(tmp_path / "orders.csv", index=False)
    bench = looked(tmp_path / "orders.csv", "Campaign")
    bench.campaign.name.value = "May"
    bench.campaign.go.click()
    bench.jobs.wait()
    assert bench.campaign.plan.customers.index.str.contains("@").all()
    assert "keep it as carefully as the list" in bench.campaign.held.value


def test_where_nobody_knows_who_orders_anyway_some_are_kept_back(tmp_path):
    lines = few_orders(4_000)
    young = lines[lines["ordered_at"] > lines["ordered_at"].max() - 120 * DAY]
    young.to_csv(tmp_path / "young.csv", index=False)
    screen = looked(tmp_path / "young.csv", "Campaign").campaign
    assert screen.keep.value == 20
    assert "do not reach back far enough" in screen.power.value
