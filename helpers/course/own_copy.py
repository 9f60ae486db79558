"""A reader's own copy of the notebooks: the folder `my_course`, ignored by git and by the tests.

What is answered there stays there when the course is updated. An update goes cell by cell: a cell
that the reader changed or added is kept, every other one is as in the new version. Which cells
were changed is told by their ids alone: the course makes an id of the cell's text (`cell_id`).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from helpers.errors import counted
from helpers.files import DEEPER, NOTEBOOKS, ROOT, write_text

FOLDER = ROOT / "my_course"
VERSION = "course_version"  # in a copy's metadata: which version of the course it is a copy of


def cell_id(kind: str, source: str) -> str:
    """The id that the course gives to a cell: eight hexadecimal digits of its text."""
    return hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:8]


def is_the_readers(cell: NotebookNode) -> bool:
    """Whether a reader changed or added this cell. (The second of two equal cells is "…-2".)"""
    return cell["id"].partition("-")[0] != cell_id(cell.cell_type, cell.source)


def version(course: NotebookNode) -> str:
    """What tells one version of a notebook from another."""
    ids = " ".join(cell["id"] for cell in course.cells)
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def merged(own: NotebookNode, course: NotebookNode) -> NotebookNode:
    """The new version of a notebook with the reader's cells: a changed cell in its old place, an
    added one after the cell that it stood behind, and so a changed one that the new version has no
    longer. Neither argument is changed."""
    known = {cell["id"] for cell in course.cells}
    changed: dict[str, NotebookNode] = {}
    behind: dict[str, list[NotebookNode]] = {}  # the reader's cells by the known one before them
    before = ""
    for cell in own.cells:
        if cell["id"] in known:
            before = cell["id"]
            if is_the_readers(cell):
                changed[before] = cell
        elif is_the_readers(cell):
            behind.setdefault(before, []).append(cell)
    cells = [*behind.get("", [])]
    for cell in course.cells:
        cells.append(changed.get(cell["id"], cell))
        cells.extend(behind.get(cell["id"], []))
    new = deepcopy(course)
    new.cells = deepcopy(cells)
    new.metadata[VERSION] = version(course)
    return new


class Refreshed(NamedTuple):
    """What became of the copies: names of notebooks, and sentences about those left as they are."""

    copied: list[str]
    updated: list[str]
    kept: list[str]  # of the updated ones, those that held something of the reader's
    left: list[str]

    def __str__(self) -> str:
        said = []
        if self.copied:
            said.append(f"{counted(len(self.copied), 'notebook')} copied into my_course.")
        if self.updated:
            said.append(f"{counted(len(self.updated), 'notebook')} updated.")
        if self.kept:
            said.append(
                f"What you had written is in the new version too: {', '.join(self.kept)}. "
                "The copies from before are in my_course/earlier."
            )
        return " ".join([*said, *self.left]) or "my_course is up to date."


def refresh(folder: Path = FOLDER, course: Path = NOTEBOOKS) -> Refreshed:
    """Make the copies that are missing, and bring the others up to date.

    A copy with something of the reader's in it is kept in `folder/earlier` before it is updated.
    One that is no notebook any more is left as it is. A notebook that is open in JupyterLab is best
    closed before.

    Args:
        folder: Where the copies are.
        course: Where the course's notebooks are.

    Raises:
        OSError: The folder cannot be written.
    """
    found = Refreshed([], [], [], [])
    for name, path in _notebooks(course):
        new, target = nbformat.read(path, as_version=4), folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            new.metadata[VERSION] = version(new)
            _write(new, target)
            found.copied.append(name)
            continue
        try:
            own = nbformat.read(target, as_version=4)
            written = any(is_the_readers(cell) for cell in own.cells)
        except Exception as error:  # whatever a broken file makes a reader of notebooks raise
            found.left.append(
                f"my_course/{name} is not a notebook any more ({type(error).__name__}) and was "
                "left as it is: move it away, and it is made anew."
            )
            continue
        if own.metadata.get(VERSION) == version(new):
            continue
        if written:
            _keep(target, folder)
            found.kept.append(name)
        _write(merged(own, new), target)
        found.updated.append(name)
    return found


def _notebooks(course: Path) -> Iterator[tuple[str, Path]]:
    """The course's notebooks with their names: "05_….ipynb", "deeper/05_….ipynb"."""
    for place in (course, course / DEEPER.name):
        for path in sorted(place.glob("*.ipynb")):
            if not path.name.startswith("my_"):
                yield path.relative_to(course).as_posix(), path


def _write(notebook: NotebookNode, path: Path) -> None:
    write_text(path, nbformat.writes(notebook) + "\n")


def _keep(target: Path, folder: Path) -> None:
    """Copy what stands at `target`, byte by byte, to a new file in `folder/earlier`."""
    now = time.strftime("%Y-%m-%d %H.%M.%S")
    name = target.relative_to(folder).with_suffix("").as_posix().replace("/", " ")
    place = folder / "earlier"
    place.mkdir(exist_ok=True)
    path = place / f"{name} {now}.ipynb"
    with path.open("xb") as file:  # never over an earlier one
        file.write(target.read_bytes())
