"""The form of a new visitor and the explorers of chapters 04 and 05 in a real browser, and a
notebook of the course run from top to bottom."""

from __future__ import annotations

import json
import re

import nbformat
from pages import open_notebook, run_all
from playwright.sync_api import expect

CELLS = [
    """from helpers import cold_start, simulator, widgets
store, _ = simulator.simulate(customers=1_500, seed=5)
train, test = cold_start.split(cold_start.moments(store), "2025-04-01")
hybrid = cold_start.Hybrid().fit(train)""",
    "widgets.NewVisitorForm(hybrid, store.customers['customer_id'])",
    "widgets.warm_up_explorer(train, test, fitted=hybrid)",
    """behavior, kinds = simulator.customer_behavior(1_500)
widgets.segment_explorer(behavior[simulator.behavior.FEATURES], kinds["segment"])""",
]


def test_the_primer_runs_and_a_guess_unfolds_what_answers_it(lab, open_page):
    address, folder = lab
    page = open_page()
    open_notebook(page, address, "primer.ipynb")
    expect(page.locator(".jp-OutputPlaceholder")).not_to_have_count(0)  # folded until it is run
    cells = run_all(page)
    assert all("error" not in types for _, types in cells)
    expect(page.locator(".jp-OutputPlaceholder")).to_have_count(0)

    page.evaluate("""() => {
      const notebook = jupyterapp.shell.currentWidget.content;
      const cells = Array.from(notebook.model.cells);
      notebook.activeCellIndex = cells.findIndex(c => c.sharedModel.source.startsWith('guess('));
      return notebook.scrollToItem(notebook.activeCellIndex, 'start');
    }""")
    page.get_by_label("about 0.95").check()
    expect(page.get_by_role("status").filter(has_text="Kept")).to_be_visible()
    kept = json.loads((folder / "my_progress.json").read_text(encoding="utf-8"))
    assert kept == {"guess primer.1": "about 0.95"}


def test_a_visitor_answers_and_clicks_and_the_explorer_follows(lab, open_page):
    address, folder = lab
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "notebooks" / "small_04.ipynb")
    page = open_page()
    open_notebook(page, address, "small_04.ipynb")
    cells = run_all(page)
    assert all("error" not in types for _, types in cells)

    said = page.get_by_role("status").filter(has_text="Recommend")
    page.get_by_role("combobox", name="favorite_category").select_option("toys")
    expect(said).to_contain_text("Known: 1 of 13 fields")
    for _ in range(4):
        page.get_by_role("button", name="sports", exact=True).click()
    expect(said).to_contain_text("Recommend sports")
    page.get_by_role("button", name="Reset").click()
    expect(said).to_contain_text("Clicks: none")
    page.get_by_label("customer id").fill("C00001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("C00001 has been here before")

    words = page.locator(".widget-html", has_text="Log-loss of the next visit")
    expect(words).to_contain_text("by marginal likelihood")
    handle = page.locator(".noUi-handle").first
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text("M = 0.5, as chosen")

    picture = page.locator("img.widget-image").last
    before = picture.get_attribute("src")
    handle = page.locator(".noUi-handle").last
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(picture).not_to_have_attribute("src", before)
    segments = page.locator(".widget-html", has_text=re.compile("Segments, largest first"))
    expect(segments).to_contain_text("4")
    slower = page.locator(".widget-html", has_text="Slower figures").last
    expect(slower).to_contain_text("silhouette")
