"""The folders for a warehouse, as the shell writes them, and the five steps of their README."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from helpers.features import __main__ as features
from helpers.features.warehouse import DIALECTS
from helpers.production import __main__ as production
from helpers.segments import __main__ as segments
from helpers.targets import __main__ as targets

AS_OF = "2026-02-03 04:05"
MODEL = Path(__file__).parents[1] / "production" / "saved" / "batch.skops"
CATEGORIES = ["Toys", "home & garden", "a b'c"]  # what SQL must put in quotes, and twice
WRITERS: dict[str, tuple[Callable[[list[str]], int], list[str]]] = {
    "features": (features.main, ["--categories", *CATEGORIES]),
    "targets": (targets.main, ["--horizon", "91D"]),
    "segments": (segments.main, []),
    "scores": (production.main, ["--model", str(MODEL)]),
}
NAMES = list(WRITERS)


def write_folder(name: str, dialect: str, out: Path) -> Path:
    """What `sql` writes, of the room that has this query."""
    main, own = WRITERS[name]
    assert main(["sql", "--dialect", dialect, "--as-of", AS_OF, "--out", str(out), *own]) == 0
    return out


def take_steps(
    folder: Path,
    name: str,
    dialect: str,
    execute: Callable[[str], object],
    load: Callable[[str, Path], object],
) -> None:
    """Steps 1 to 3: the tables, the fixture, the result."""
    for statement in statements(folder / "create.sql"):
        execute(statement)
    for file in sorted((folder / "fixture").iterdir()):
        load(file.stem, file)
    [query] = statements(folder / f"{name}.sql")
    execute(f"{DIALECTS[dialect].keep}\n{query}")


def statements(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").removesuffix(";\n").split(";\n\n")


def assert_same(row: dict[str, int], folder: Path) -> None:
    """What step 4 must find: every customer, and no difference."""
    expected = len((folder / "fixture" / "expected.csv").read_text().splitlines()) - 1
    assert row.pop("customers") == expected > 300
    assert set(row.values()) == {0}, {column: number for column, number in row.items() if number}
