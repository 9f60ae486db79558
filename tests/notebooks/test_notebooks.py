"""The notebooks keep their frame and agree with their sources."""

from __future__ import annotations

import re
from pathlib import Path

import build
import nbformat
import pytest
from stored import ALL, AT_SIGHT, CORES, name

from helpers.files import ROOT

CHAPTERS = [path for path in CORES if re.match(r"0[1-8]_", path.name)]
DEEPER = [path for path in ALL if path not in CORES]

# the headings of a chapter, in this order
FRAME = [
    "What people say, what we measured",
    "On real shoppers",
    "On your own data",
    "Summary",
]
# one that reads at sight: one's own data come right after the first usable result
FRAME_AT_SIGHT = [
    "On your own data",
    "On real shoppers",
    "What people say, what we measured",
    "Summary",
]
IGNORED = "nbval-ignore-output"


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            yield cell, output


def by_name(paths):
    return pytest.mark.parametrize("path", paths, ids=[name(path) for path in paths])


def test_there_are_notebooks():
    names = [name(path) for path in ALL]
    assert "00_start_here" in names and "05_customer_segments" in names
    assert CHAPTERS


def test_the_sections_that_are_named_to_teachers_exist():
    page = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    plan = page.split("## Half a day with a group")[1]
    headings = [
        line.removeprefix("# ").lstrip("#").strip()
        for path in build.sources().values()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("# ##")
    ]
    named = re.findall(r"(?<!\*)\*([^*|]+)\*(?!\*)", plan)
    assert len(named) > 20
    assert not [name for name in named if not any(h.startswith(name) for h in headings)]


def test_every_notebook_has_a_source_and_every_source_a_notebook():
    assert set(build.sources()) == {name(path) for path in ALL}


def test_every_deeper_notebook_has_its_chapter():
    assert {path.name for path in DEEPER} <= {path.name for path in CHAPTERS}


@by_name(ALL)
def test_notebook_and_source_agree(path):
    text = build.sources()[name(path)].read_text(encoding="utf-8")
    stored = [(c.cell_type, c.source, c.metadata.get("tags", [])) for c in read(path).cells]
    assert stored == build.parse(text), (
        f"run: uv run python notebooks/sources/build.py {name(path)}"
    )


@by_name(ALL)
def test_every_cell_was_run_in_order(path):
    counts = [cell.execution_count for cell in code_cells(read(path))]
    assert counts == list(range(1, len(counts) + 1)), "nbval compares only cells that were run"


@by_name(ALL)
def test_no_error_stands_in_an_output(path):
    for cell, output in outputs(read(path)):
        wanted = "raises-exception" in cell.metadata.get("tags", [])
        assert output.output_type != "error" or wanted, cell.source
        assert output.get("name") != "stderr", f"a warning stands under: {cell.source}"


@by_name(ALL)
def test_code_cells_are_short(path):
    for cell in code_cells(read(path)):
        assert len(cell.source.splitlines()) <= 20, cell.source


@by_name(ALL)
def test_no_path_of_a_machine(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'"image/png": "[^"]*"', "", text)
    # any absolute path; what follows a letter, a colon or a point is an address or a relative one
    found = re.search(r"(?<![\w:/.<])/[\w.-]+/\S*|file://\S*|\b[A-Z]:\\\\\S*", text)
    assert not found, found


@pytest.mark.parametrize(
    "place", ["/home/me/course", "'/srv/data/x.csv'", "file:///x/y", "C:\\\\Users"]
)
def test_a_path_of_a_machine_is_found(tmp_path, place):
    (tmp_path / "a.ipynb").write_text(f'"see {place}"', encoding="utf-8")
    with pytest.raises(AssertionError):
        test_no_path_of_a_machine(tmp_path / "a.ipynb")


@by_name(ALL)
def test_every_picture_says_what_is_to_be_seen(path):
    for cell, output in outputs(read(path)):
        if "image/png" in output.get("data", {}):
            alt = output.metadata.get("image/png", {}).get("alt", "")
            assert len(alt) >= 40, (
                f"end the cell with plots.show('what is to be seen'): {cell.source}"
            )


@by_name(ALL)
def test_few_outputs_are_left_uncompared(path):
    ignored = [c.source for c in code_cells(read(path)) if IGNORED in c.metadata.get("tags", [])]
    assert len(ignored) <= 3, ignored


@by_name(ALL)
def test_starts_with_title_and_setup(path):
    first, *rest = read(path).cells
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    setup = next(cell for cell in rest if cell.cell_type == "code")
    assert "import" in setup.source


@by_name(CHAPTERS)
def test_a_chapter_keeps_the_frame(path):
    notebook = read(path)
    first = notebook.cells[0].source
    assert len(re.findall(r"(?m)^\d\. ", first)) == 3, "three objectives in the first cell"
    assert "minutes" in first
    headings = re.findall(
        r"(?m)^## (.*)$", "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    )
    frame = FRAME_AT_SIGHT if path in AT_SIGHT else FRAME
    assert [heading for heading in headings if heading in FRAME] == frame
    asked = "\nguess(" if path in AT_SIGHT else "Guess first"
    assert asked in "\n".join(cell.source for cell in notebook.cells)
    exercise = [
        c
        for c in notebook.cells
        if re.search(r"^### Exercise|^(check|hint|solution)\(", c.source, re.M)
    ]
    if path not in AT_SIGHT:  # there one act a cell, and the length is counted in minutes
        assert 30 <= len(notebook.cells) - len(exercise) <= 50


def test_the_source_format_is_read():
    text = '# %% [markdown]\n# # Title\n#\n# words\n\n# %% tags=["a"]\nx = 1\n\nx\n'
    assert build.parse(text) == [
        ("markdown", "# Title\n\nwords", []),
        ("code", "x = 1\n\nx", ["a"]),
    ]
    for broken in ("x = 1\n", "# %% [markdown]\nno hash\n", "# %% oops\n"):
        with pytest.raises(ValueError, match="line"):
            build.parse(broken)
