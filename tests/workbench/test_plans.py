"""Campaigns that are known: to the next one, to the screen of results, and in a project."""

from __future__ import annotations

import pandas as pd
import pytest
from benches import few_orders, load, looked, read

from helpers import campaign, shop
from helpers.campaign.plan import KEPT
from helpers.workbench.plans import Plans

DAY = pd.Timedelta("1D")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    few = few_orders(1_500)
    folder = tmp_path_factory.mktemp("orders")
    early = few[few["ordered_at"] < few["ordered_at"].max() - 40 * DAY]
    early.to_csv(folder / "before.csv", index=False)
    few.to_csv(folder / "after.csv", index=False)
    return folder / "before.csv", folder / "after.csv"


def planned(bench, name: str, who: str = "champions") -> campaign.Plan:
    screen = bench.campaign
    screen.who.value, screen.name.value, screen.form.value = who, name, "CSV"
    screen.keep.value = 20
    screen.starts.value = screen.offered.as_of.date()
    screen.make()
    bench.jobs.wait()
    return screen.plan


def test_a_plan_is_known_once_its_list_was_saved_and_read_with_a_later_export(files, tmp_path):
    before, after = files
    bench = looked(before, "Campaign")
    first = planned(bench, "May")
    bench.go("Result")
    assert bench.result.known.layout.display == "none", "only drawn, it may never be sent"
    bench.campaign.save_list.path.value = str(tmp_path / "list.csv")
    bench.campaign.save_list.save()

    second = planned(bench, "June", campaign.audiences.ALL)
    kept = first.customers.index[first.customers["arm"] == KEPT]
    assert second.customers.index.intersection(kept).empty
    store = shop.read(before)
    everybody = campaign.audience(store, bench.campaign.offered.as_of, campaign.audiences.ALL)
    held = everybody.index.intersection(kept)
    assert second.left_out["in another campaign at the time"] == len(held) > 0
    assert "in another campaign at the time" in bench.campaign.said.value

    screen, everybody = bench.campaign, campaign.audiences.ALL
    screen.who.value, screen.name.value = everybody, "July"
    for starts, out in ((first.starts, len(held)), (first.ends, 0)):
        screen.starts.value = starts.date()
        bench.jobs.wait()
        counted = screen.offered.audiences[everybody]
        assert counted.taken[False] == counted.customers - out == screen.many.max, "by the day"

    read(bench, after)
    bench.go("Result")
    bench.jobs.wait()
    (label, plan) = bench.result.known.options[1]
    assert plan is first and label.startswith("May, from ")
    assert bench.result.known.value is plan, "the only one is read by itself"
    assert "May, to champions: orders from" in bench.result.verdict.value
    assert f"Of the {first.written:,} you wrote to" in bench.result.verdict.value


def test_a_project_keeps_the_plans_and_knows_them_again(files, tmp_path, monkeypatch):
    bench = looked(files[0], "Campaign")
    bench.kept.folder.value = str(tmp_path / "p")
    bench.kept.open_project()
    plan = planned(bench, "May / 1")
    save = bench.campaign.save_list
    assert save.path.value == str(tmp_path / "p" / "May_1.csv"), "where the work is kept"
    save.save()
    (path,) = (tmp_path / "p" / "plans").glob("*.json")
    assert str(path) in save.said.value
    assert campaign.as_json(campaign.load(path)) == campaign.as_json(plan)
    (tmp_path / "p" / "plans" / "other.json").write_text("{}")

    again = load(files[1])
    again.kept.folder.value = str(tmp_path / "p")
    again.kept.open_project()
    again.go("Result")
    assert [campaign.as_json(plan) for plan in again.plans] == [campaign.as_json(plan)]
    assert len(again.result.known.options) == 2


def test_two_plans_of_one_name_and_day_lie_side_by_side(files, tmp_path):
    bench = looked(files[0], "Campaign")
    plans = Plans()
    first, other = planned(bench, "May"), planned(bench, "May", "loyal")
    plans.add(first)
    assert plans.add(first) is None
    plans.open(tmp_path)
    assert plans.add(other) != plans.add(first)
    known = Plans()
    known.open(tmp_path)
    assert {plan.audience for plan in known} == {"champions", "loyal"}
    assert len(list((tmp_path / "plans").iterdir())) == 2


def test_the_name_and_the_day_can_be_undone_and_are_not_kept(files, tmp_path):
    bench = looked(files[0], "Campaign")
    screen = bench.campaign
    name, day = screen.name.value, screen.starts.value
    screen.starts.value = day + pd.Timedelta("14D")
    assert screen.name.value != name
    bench.kept.undo.click()
    assert (screen.name.value, screen.starts.value) == (name, day), "the name follows its day"
    screen.name.value = "May"
    screen.starts.value = day + pd.Timedelta("7D")
    bench.kept.undo.click()
    assert screen.starts.value == day and screen.name.value == "May"
    bench.kept.undo.click()
    assert screen.name.value == name and bench.kept.undo.disabled
    bench.kept.folder.value = str(tmp_path / "p")
    bench.kept.open_project()
    screen.name.value = "June"
    assert "June" not in (tmp_path / "p" / "project.json").read_text("utf-8")
