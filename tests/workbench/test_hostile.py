"""Names from outside are neither code nor markup, on no screen and in no notebook."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import ipywidgets as widgets
import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient

from helpers.workbench import Workbench, own_notebook, work
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.take_screen import TakeScreen

CODE = 'toys"]; open("PWNED", "w").close(); x = ["'
MARKUP = "<img src=x onerror=alert(1)>"


def upload(bench: Workbench, name: str, content: bytes) -> None:
    file = {"name": name, "type": "", "size": len(content), "content": memoryview(content)}
    bench.data.upload.value = ({**file, "last_modified": pd.Timestamp(0)},)
    bench.jobs.wait()
    bench.go("Explore")
    bench.jobs.wait()


def events(hostile: str) -> bytes:
    """A log of 60 customers; a category, a column and a customer have a hostile name."""
    rng = np.random.default_rng(0)
    n = 1_500
    visit = np.arange(n) // 3  # three events a visit, so that seconds are known
    begins = np.sort(rng.integers(0, 300 * 86_400, n))[visit * 3]
    log = pd.DataFrame(
        {
            "customer_id": rng.integers(0, 60, n)[visit].astype(str),
            "event_time": pd.Timestamp("2025-01-01")
            + pd.to_timedelta(begins + np.arange(n) % 3 * 40, unit="s"),
            "event_type": rng.choice(["view", "cart", "purchase"], n),
            "category": rng.choice([hostile, "books", '27" TV'], n),
            "price": rng.lognormal(3, 1, n).round(2),
            hostile: "x",
        }
    )
    log.loc[log["customer_id"] == "7", "customer_id"] = hostile
    log["event_time"] = log["event_time"].astype(str)
    log.loc[5:9, "event_time"] = hostile
    return log.to_csv(index=False).encode()


def fitted(bench: Workbench) -> None:
    features = bench.segments.explorer.controls["features"]
    features.value = features.options
    bench.segments.run.click()
    bench.jobs.wait()
    assert bench.segments.fitted is not None, bench.segments.fit_message.value


def walk(widget: widgets.Widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def test_no_screen_shows_markup_from_a_file():
    bench = Workbench()
    seen = []

    def look() -> None:
        for part in walk(bench):
            if isinstance(part, widgets.HTML):
                seen.append(part.value)

    upload(bench, f"{MARKUP}.csv".replace("/", ""), events(MARKUP))
    assert bench.data.loaded is not None, bench.data.message.value
    look()
    fitted(bench)
    for box in bench.segments.names:
        box.value = MARKUP
    bench.segments.save.path.value = MARKUP
    bench.segments.save.save()
    bench.segments.explorer.wait()
    bench.take.update()
    look()
    bench.segments.explorer.controls["k"].value = 2
    look()
    upload(bench, f"{MARKUP}2.csv", b"nothing to see")
    look()
    assert "is still there" in bench.data.message.value
    bench.data.path.value = f"{MARKUP}.csv"
    bench.data.start()
    bench.jobs.wait()
    look()
    page = "".join(seen)
    assert "&lt;img" in page, "the names are shown"
    assert "<img" not in page


def test_a_notebook_with_hostile_names_runs_and_does_nothing_else(tmp_path):
    bench = Workbench()
    upload(bench, f"{CODE}.csv", events(CODE))
    assert bench.data.loaded is not None, bench.data.message.value
    fitted(bench)
    assert any(CODE in name for name in bench.segments.settings["features"])
    bench.segments.names[0].value = CODE
    bench.take.save.path.value = str(tmp_path / "taken.ipynb")
    bench.take.save.save()
    assert "Saved" in bench.take.save.said.value, bench.take.save.said.value
    notebook = nbformat.read(tmp_path / "taken.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert not (tmp_path / "PWNED").exists()
    assert CODE in str(notebook.cells[-1].outputs)


names = st.text(max_size=12) | st.sampled_from([CODE, '27" TV', "a\\", "'''", "\n", "{x}", MARKUP])


@settings(max_examples=60, deadline=None)
@given(names, names, names, names)
def test_every_notebook_is_the_program_that_was_meant(path, column, feature, given_name):
    source = work.Source(path, {"customer_id": column}, True)
    recipe = DataScreen._line(SimpleNamespace(uploaded=[]), source)
    settings = {"features": [feature], "transform": "log", "algorithm": "kmeans", "k": 3}
    wishes = {"many": None, "starts": "2025-01-01", "earlier": [feature]}
    data = SimpleNamespace(
        uploaded=[], recipe=recipe, loaded=SimpleNamespace(row_is="order", name="")
    )
    screens = {
        "Campaign": SimpleNamespace(
            cells=own_notebook.plan("best customers", given_name, wishes, "CSV")
        ),
        "Result": SimpleNamespace(cells=own_notebook.result(path, 0.5, 0.3)),
        "Explore": SimpleNamespace(
            cells=own_notebook.explored(settings, "2025-01-01", {0: given_name})
        ),
    }
    taken = TakeScreen(data, screens)
    trees = [ast.parse(c.source) for c in taken.notebook().cells if c.cell_type == "code"]
    statements = [type(node).__name__ for tree in trees for node in tree.body]
    assert statements == (
        ["Import", "ImportFrom", "ImportFrom", "Assign", "Expr", "Assign", "Expr"]
        + ["Assign", "Expr", "Expr", "Assign", "Expr"]  # the campaign
        + ["Assign", "Assign", "Assign", "Expr"]  # its result
        + ["Assign", "Assign", "Assign", "Assign", "Assign", "Expr", "Assign", "Assign"]
        + ["Expr", "Expr", "Assign", "Assign", "Assign", "Expr"]
    )
    said = [
        node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)
    ]
    assert {path, column, feature, given_name} <= set(said)


@pytest.mark.parametrize("hostile", [CODE, MARKUP])
def test_what_a_shop_is_loaded_with_is_plain(hostile):
    line = DataScreen._line(SimpleNamespace(uploaded=[{"name": hostile}]), work.Source(hostile))
    assert ast.literal_eval(ast.parse(line).body[0].value.args[0]) == hostile
