"""The workbench in a real browser: a file in, segments and a notebook out."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pandas as pd
from nbclient import NotebookClient
from pages import LOAD, end_kernels, open_workbench
from playwright.sync_api import Page, expect

from helpers import shop
from helpers.files import DATA


def upload(page: Page, path: Path) -> None:
    """Load a file of one's own on the workbench's first screen."""
    page.get_by_label("Which shop?").select_option("My own file")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Choose files")).click()
    chooser.value.set_files(path)
    expect(page.get_by_role("button", name=re.compile("Choose files"))).to_contain_text("1")
    page.get_by_role("button", name=LOAD).click()


def test_the_workbench_takes_a_file_to_segments_and_a_notebook(lab, open_page, tmp_path):
    """As somebody who does not code: upload, correct a column, choose k, export, take it along."""
    address, folder = lab
    lines = shop.load().purchases.head(1_500)
    names = {"customer_id": "kto", "order_id": "co", "ordered_at": "kiedy", "amount": "ile"}
    lines[list(names)].rename(columns=names).to_csv(tmp_path / "zamowienia.csv", index=False)

    page = open_page(width=800)
    end_kernels(address)
    open_workbench(page, address)
    assert page.locator(".jp-CodeCell .jp-InputArea:visible").count() == 0, "the code is hidden"

    upload(page, tmp_path / "zamowienia.csv")
    expect(page.get_by_role("alert").first).to_contain_text("customer_id", timeout=30_000)
    for role, name in names.items():
        page.get_by_label(role, exact=True).select_option(name)
    page.get_by_role("button", name="Read again with these columns").click()
    expect(page.get_by_text("Health of the shop")).to_be_visible(timeout=30_000)
    page.screenshot(path=tmp_path / "data.png")

    page.get_by_role("tab", name="2 Monday").click()
    expect(page.get_by_role("heading", name="Your best customers")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="How many orders will come")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 800
    page.screenshot(path=tmp_path / "monday.png")

    page.get_by_role("tab", name="3 Segments").click()
    handle = page.locator(".noUi-handle:visible").first
    expect(handle).to_be_visible(timeout=30_000)
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(re.compile("Customers colored by 5 segments"))).to_be_visible()
    page.get_by_role("button", name="Fit all customers").click()
    expect(page.get_by_text("Is it stable?")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Does structure exist?")).to_be_visible()
    save = page.get_by_label("Save as").locator("visible=true").last
    save.fill(str(tmp_path / "segments.csv"))
    save.press("Enter")
    expect(page.get_by_text(re.compile("Saved as .*segments.csv"))).to_be_visible()
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 800, "usable at 800 pixels"
    page.screenshot(path=tmp_path / "segments.png")

    page.get_by_role("tab", name="4 Take it with you").click()
    taken = tmp_path / "empty"
    taken.mkdir()
    save = page.get_by_label("Save as").locator("visible=true").last
    save.fill(str(taken / "taken.ipynb"))
    save.press("Tab")
    page.get_by_role("button", name="Save the notebook").click()
    expect(page.get_by_text(re.compile("Saved as .*taken.ipynb"))).to_be_visible()

    notebook = nbformat.read(taken / "taken.ipynb", as_version=4)
    notebook.cells[-1].source += '\nresult.to_csv("again.csv", mode="x")'
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(taken)}}).execute()
    exported, again = (
        pd.read_csv(p / n) for p, n in ((tmp_path, "segments.csv"), (taken, "again.csv"))
    )
    pd.testing.assert_frame_equal(
        again[["customer_id", "segment"]], exported[["customer_id", "segment"]]
    )
    assert exported["segment"].nunique() == 5


def test_a_table_with_one_row_a_customer_goes_from_upload_to_exported_segments(
    lab, open_page, tmp_path
):
    address, _ = lab
    page = open_page(width=800)
    end_kernels(address)
    open_workbench(page, address)
    upload(page, DATA / "customer_behavior.csv")
    expect(page.get_by_text("Health of the table")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("They need the orders themselves")).to_be_visible()
    expect(page.get_by_label("last_ordered_at", exact=True)).to_be_hidden()
    more = page.get_by_role("button", name="More columns")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("last_ordered_at", exact=True)).to_be_visible()
    page.screenshot(path=tmp_path / "data.png")

    page.get_by_role("tab", name="3 Segments").click()
    expect(page.get_by_text("4,000 customers in the table.")).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Cut-off")).to_be_hidden()
    page.get_by_role("button", name="Fit all customers").click()
    expect(page.get_by_text("Is it useful?")).to_be_visible(timeout=60_000)
    save = page.get_by_label("Save as").locator("visible=true").last
    save.fill(str(tmp_path / "segments.csv"))
    save.press("Tab")
    page.get_by_role("button", name="Export customer → segment").click()
    expect(page.get_by_text(re.compile("Saved as .*segments.csv"))).to_be_visible()
    page.screenshot(path=tmp_path / "segments.png")
    exported = pd.read_csv(tmp_path / "segments.csv")
    table = pd.read_csv(DATA / "customer_behavior.csv")
    assert exported["customer_id"].tolist() == table["customer_id"].tolist()
    assert exported["segment"].nunique() == 4
