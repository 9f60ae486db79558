"""The notebook that is taken along: in an empty folder it gives the figures of every screen."""

from __future__ import annotations

import nbformat
import pandas as pd
import pytest
from benches import few_orders, load
from nbclient import NotebookClient

from helpers.workbench import Workbench

DAY = pd.Timedelta("1D")


def look(bench: Workbench, title: str) -> None:
    bench.go(title)
    bench.jobs.wait()


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Workbench:
    """A workbench on which every screen was looked at, and a plan made, and read with later
    orders."""
    few = few_orders(1_500)
    folder = tmp_path_factory.mktemp("orders")
    early = few[few["ordered_at"] < few["ordered_at"].max() - 40 * DAY]
    early.to_csv(folder / "before.csv", index=False)
    few.to_csv(folder / "after.csv", index=False)
    bench = load(folder / "before.csv")
    look(bench, "Campaign")
    bench.campaign.name.value, bench.campaign.keep.value = "May", 40
    bench.campaign.starts.value = bench.campaign.offered.as_of.date()
    bench.campaign.make()
    bench.jobs.wait()
    plan = folder / "plan.json"
    bench.campaign.save_plan.path.value = str(plan)
    bench.campaign.save_plan.save()

    bench = load(folder / "after.csv")
    for title in list(bench.screens)[1:]:
        look(bench, title)
    bench.customers.sure.value = 0.6
    for part in bench.groups.part.options[1:]:
        bench.groups.part.value = part
        bench.jobs.wait()
    bench.campaign.name.value = "June"
    bench.campaign.make()
    bench.jobs.wait()
    bench.result.path.value = str(plan)
    bench.result.open_plan()
    bench.jobs.wait()
    bench.result.margin.value = "40"
    bench.segments.run.click()
    bench.jobs.wait()
    return bench


@pytest.fixture(scope="module")
def outputs(bench, tmp_path_factory) -> dict[str, str]:
    """The last line of each cell of the saved notebook -> what it showed."""
    folder = tmp_path_factory.mktemp("empty")
    look(bench, "Take it with you")
    bench.take.save.path.value = str(folder / "my_shop.ipynb")
    bench.take.save.save()
    assert "Beside it: my_plan.json" in bench.take.save.said.value, bench.take.save.said.value
    notebook = nbformat.read(folder / "my_shop.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    shown = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            last = cell.source.splitlines()[-1]
            texts = [o.get("text") or o["data"]["text/plain"] for o in cell.outputs]
            shown[last if last not in shown else cell.source] = "\n".join(texts)
    return shown


def test_every_screen_has_its_part(bench):
    for title in list(bench.screens)[1:-1]:
        assert title in bench.take.message.value, title


def test_the_notebook_shows_the_figures_of_the_screens(bench, outputs):
    head = bench.monday.head
    first = outputs["pd.Series(head._asdict())"]
    assert f"{head.customers}" in first and f"{head.regulars}" in first
    slipping = outputs["owner.slipping(store, as_of, sure)"]
    many = len(bench.customers._listed())
    assert f"[{many} rows" in slipping or slipping.count("\n") >= many > 0
    back = bench.customers.people.tried[0.6]
    assert outputs["owner.came_back(store, as_of, sure)"].startswith(f"Back(listed={back.listed}, ")
    (foretold,) = [text for text in outputs.values() if text.startswith("the next 4 weeks: ")]
    number = foretold.split(": ")[1].split(" orders")[0]
    assert f"about {number} orders from" in bench.forecast.words.value
    groups = outputs["table.round(2)"]
    for name, many in bench.groups.today.customers["group"].value_counts().items():
        assert f"{name}" in groups and f" {many} " in groups
    assert "found.share.round(2)" in outputs
    assert any("moved.moved" in last for last in outputs)
    plan = bench.campaign.plan
    made = outputs["plan.written, plan.kept, plan.usual"].replace("\n", "")
    assert made.startswith(f"({plan.written}, {plan.kept}, ")
    verdict = outputs["print(campaign.verdict(planned, came))"].strip()
    assert verdict in bench.result.verdict.value


def test_what_is_of_another_shop_is_not_taken_along(bench, outputs, tmp_path):
    few_orders(200).to_csv(tmp_path / "others.csv", index=False)
    bench.data.path.value = str(tmp_path / "others.csv")
    bench.data.start()
    bench.jobs.wait()
    look(bench, "Take it with you")
    for gone in ("campaign.make", "campaign.load", "segments.assign", "after.csv"):
        assert gone not in bench.take.code.value
