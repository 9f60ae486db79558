"""The course in a real browser: a chapter run from top to bottom, its explorer moved."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

READY = """async () => {
  const sleep = ms => new Promise(done => setTimeout(done, ms));
  while (!(window.jupyterapp && jupyterapp.shell.currentWidget && jupyterapp.shell.currentWidget.sessionContext))
    await sleep(200);
  const context = jupyterapp.shell.currentWidget.sessionContext;
  await context.ready;
  await context.session.kernel.info;
}"""
COUNTS = """() => jupyterapp.shell.currentWidget.content.model.cells
  ? Array.from(jupyterapp.shell.currentWidget.content.model.cells)
      .filter(cell => cell.type === 'code')
      .map(cell => [cell.executionCount, Array.from({length: cell.outputs.length},
        (_, i) => cell.outputs.get(i).type)])
  : []"""


def open_notebook(page: Page, address: str, name: str, view: str = "lab") -> None:
    page.goto(f"{address}/{view}/tree/notebooks/{name}?reset")
    page.evaluate(READY)


def run_all(page: Page) -> list:
    """Run every cell; wait until all have run; their (count, output types)."""
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_function(
        f"() => {{ const counts = ({COUNTS})(); return counts.length && counts.every(c => c[0] > 0); }}",
        timeout=180_000,
    )
    return page.evaluate(COUNTS)


def test_chapter_05_runs_and_its_explorer_moves(lab, open_page, tmp_path):
    address, _ = lab
    page = open_page()
    open_notebook(page, address, "05_customer_segments.ipynb")
    cells = run_all(page)
    assert all("error" not in types for _, types in cells)

    page.evaluate("""() => {
      const notebook = jupyterapp.shell.currentWidget.content;
      const cells = Array.from(notebook.model.cells);
      notebook.activeCellIndex = cells.findIndex(c => c.sharedModel.source.startsWith('widgets.segment_explorer'));
      return notebook.scrollToItem(notebook.activeCellIndex, 'start');
    }""")
    picture = page.locator("img.widget-image").first
    expect(picture).to_be_visible()
    before = picture.get_attribute("src")
    handle = page.locator(".noUi-handle").first
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(picture).not_to_have_attribute("src", before)
    expect(page.locator(".widget-html", has_text=re.compile("Segments, largest first"))).to_contain_text("4")
    expect(page.locator(".widget-html", has_text="Slower figures")).to_contain_text("silhouette")
    page.screenshot(path=tmp_path / "explorer.png")
