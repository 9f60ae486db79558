"""The rooms of `helpers` are those of its map, and none imports from a room below it."""

from __future__ import annotations

import ast
import re

import pytest

import helpers
from helpers.files import ROOT

FOLDER = ROOT / "helpers"
ROOMS = re.findall(r"(?m)^\| `(\w+)`", helpers.__doc__)
FILES = sorted(FOLDER.rglob("*.py"))


def room(path) -> str:
    return path.relative_to(FOLDER).parts[0].removesuffix(".py")


def imported(path) -> set[str]:
    """The rooms that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "helpers":
            names = [f"helpers.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("helpers.")}
    return found


def test_every_room_is_on_the_map():
    there = {room(path) for path in FILES} - {"__init__"}
    assert there == set(ROOMS)
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    first, second = page.split("## Where do I change")
    assert re.findall(r"(?m)^\| `(\w+)`", first) == ROOMS
    for place in re.findall(r"`([\w/]+(?:/|\.py))`", second):
        assert (FOLDER / place).exists(), place


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_arrow_runs_back(path):
    own = room(path)
    if own == "__init__":
        return
    below = ROOMS[ROOMS.index(own) + 1 :]
    assert not imported(path) & set(below)
