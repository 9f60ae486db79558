"""Run the notebook sources (py:percent text) and write them, with outputs, as notebooks.

    uv run python notebooks/sources/build.py          # all of them
    uv run python notebooks/sources/build.py 05 00    # only these
    uv run python notebooks/sources/build.py deeper/05

A source in `sources/deeper/` becomes a notebook in `notebooks/deeper/`.

A source is plain Python text. A line `# %%` opens a code cell, `# %% [markdown]` a text cell whose
lines start with `# `; `tags=["..."]` behind the marker sets the cell's tags. The reader of this
format is twenty lines here rather than jupytext, because jupytext in the environment would replace
the contents manager of every learner's JupyterLab.

The result depends on nothing but the source and the locked packages: cell ids come from the text,
times, versions and widget states are left out. A rebuild gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from tqdm import tqdm

from helpers.course.own_copy import cell_id
from helpers.files import NOTEBOOKS, write_text

SOURCES = NOTEBOOKS / "sources"
MARKER = re.compile(r"^# %%(?P<text> \[markdown\])?(?: tags=(?P<tags>\[.*\]))?\s*$")
WIDGET = "application/vnd.jupyter.widget-view+json"


def parse(text: str) -> list[tuple[str, str, list[str]]]:
    """Read a source: a list of (cell type, source, tags), in order.

    Raises ValueError on text before the first marker or on a text line without `#`.
    """
    cells: list[tuple[str, list[str], list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("# %%"):
            marker = MARKER.match(line)
            if not marker:
                raise ValueError(f"line {number}: not a cell marker: {line!r}")
            kind = "markdown" if marker["text"] else "code"
            cells.append((kind, [], json.loads(marker["tags"] or "[]")))
        elif not cells:
            if line.strip():
                raise ValueError(f"line {number}: text before the first cell marker")
        elif cells[-1][0] == "code":
            cells[-1][1].append(line)
        elif line.strip() in ("", "#"):
            cells[-1][1].append("")
        elif line.startswith("# "):
            cells[-1][1].append(line[2:])
        else:
            raise ValueError(f"line {number}: a text cell's lines start with '# '")
    return [(kind, "\n".join(lines).strip("\n"), tags) for kind, lines, tags in cells]


def assemble(cells: list[tuple[str, str, list[str]]]) -> nbformat.NotebookNode:
    """Make an unexecuted notebook of the parsed cells, with ids that depend on their text alone."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    seen: dict[str, int] = {}
    for kind, source, tags in cells:
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        digest = cell_id(kind, source)
        seen[digest] = seen.get(digest, 0) + 1
        cell = new(source, id=digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
        if "source_hidden" in tags:
            cell.metadata["jupyter"] = {"source_hidden": True}
        if "reveal" in tags:  # shows what was to be guessed: folded until it is run
            cell.metadata["jupyter"] = {"outputs_hidden": True}
        if tags:
            cell.metadata["tags"] = tags
        notebook.cells.append(cell)
    return notebook


def run(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Execute every cell in `folder` and drop what differs from run to run."""
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        coalesce_streams=True,  # where a print was cut in two depends on the load of the machine
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            # a page without a kernel shows the picture or text beside a widget, not an empty frame
            if WIDGET in output.get("data", {}):
                del output["data"][WIDGET]
    return notebook


def sources() -> dict[str, Path]:
    """Every source by its name: "05_customer_segments", "deeper/05_customer_segments"."""
    paths = sorted(path for path in SOURCES.rglob("*.py") if path.name != Path(__file__).name)
    return {path.relative_to(SOURCES).with_suffix("").as_posix(): path for path in paths}


def build(source: Path, target: Path) -> None:
    """Build one source into `target`, atomically: a failing cell leaves the earlier notebook whole.

    The cells run in the folder of `target`, as a reader's do.
    """
    notebook = run(assemble(parse(source.read_text(encoding="utf-8"))), target.parent)
    nbformat.validate(notebook)
    write_text(target, nbformat.writes(notebook) + "\n")


def main(wanted: list[str]) -> None:
    known = sources()
    chosen = [name for name in known if not wanted or any(name.startswith(w) for w in wanted)]
    unknown = [w for w in wanted if not any(name.startswith(w) for name in known)]
    if unknown:
        sys.exit(f"no source starts with {', '.join(unknown)}; there are: {', '.join(known)}")
    progress = tqdm(chosen, unit="notebook")
    for name in progress:
        progress.set_description(name)
        build(known[name], NOTEBOOKS / f"{name}.ipynb")


if __name__ == "__main__":
    main(sys.argv[1:])
