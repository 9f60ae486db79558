"""The form of a new visitor and the explorer of chapter 04 in a real browser."""

from __future__ import annotations

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
]


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
    page.get_by_label("favorite_category").select_option("toys")
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
