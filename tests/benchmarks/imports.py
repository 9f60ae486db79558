"""What a chapter's set-up takes to import, beside the libraries that the chapter needs anyway.

    uv run python tests/benchmarks/imports.py    # writes data/benchmarks/imports.csv

For every core notebook and the workbench, in turn, five times, each in a process of its own:

- `libraries`: Matplotlib, NumPy, pandas, seaborn, Ibis, DuckDB, ipywidgets and IPython's display;
  what the notebook's own cells import that is neither the course's nor Python's (parts of
  scikit-learn and SciPy, XGBoost, imbalanced-learn); XGBoost where the cells ask for it by name;
  and the parts of scikit-learn that the course's models and segments are made of, where the cells
  use these (`NEEDED`);
- `set-up`: the import lines up to the cell that sets the style of the plots (the first cell; in
  chapter 00 the second), and in the workbench those of its only cell;
- `on top`: every import line of the notebook, in a process that has the libraries already: what the
  course adds to them in all, without the noise of a difference.

Seconds by the clock, and CPU seconds, which others at work on the machine disturb less. A first
round, which is not counted, compiles what changed. Prints the medians, each with its ratio to the
libraries of the same round, and what the set-up takes more than these.

Columns: arm, chapter, repeat, metric, value.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "data" / "benchmarks" / "imports.csv"
SOURCES = ROOT / "notebooks" / "sources"
CHAPTERS = [*sorted(path.stem for path in SOURCES.glob("0*.py")), "primer", "workbench"]
REPEATS = 5
SECONDS, CPU = "seconds", "CPU seconds"
EVERYWHERE = """
import matplotlib.pyplot
import numpy
import pandas
import seaborn
import ibis
import duckdb
import ipywidgets
import IPython.display
"""
PARTS = ["compose", "ensemble", "impute", "linear_model", "metrics", "model_selection"]
NEEDED = {  # room of the course -> what it is made of
    "models": [f"sklearn.{part}" for part in [*PARTS, "pipeline", "preprocessing"]],
    "segments": ["sklearn.cluster", "sklearn.pipeline", "sklearn.preprocessing"],
    "workbench": ["sklearn.cluster", "sklearn.pipeline", "sklearn.preprocessing"],
}
TIMED = """
{before}
import time
began, used = time.perf_counter(), time.process_time()
{lines}
print(time.perf_counter() - began, time.process_time() - used)
"""


def import_lines(source: str) -> list[ast.Import | ast.ImportFrom]:
    """A notebook's own import lines, but for those that stand under a condition (Spark's)."""
    return [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)]


def all_lines(source: str) -> str:
    """Every import line."""
    return "\n".join(map(ast.unparse, import_lines(source)))


def set_up(source: str) -> str:
    """The import lines up to the cell that sets the style; without one, all of them."""
    return all_lines(source.partition("plots.use_style()")[0])


def libraries(source: str) -> str:
    """The import lines of what is neither the course's nor Python's, and of what a notebook with
    these rooms cannot do without."""
    lines = [EVERYWHERE]
    for node in import_lines(source):
        module = str(node.module) if isinstance(node, ast.ImportFrom) else node.names[0].name
        first, _, rest = module.partition(".")
        if first == "helpers":
            rooms = {rest.split(".")[0], *(alias.name for alias in node.names)} & set(NEEDED)
            lines += [f"import {part}" for room in sorted(rooms) for part in NEEDED[room]]
        elif first not in sys.stdlib_module_names:
            lines.append(ast.unparse(node))
    if '"xgboost"' in source:
        lines.append("import xgboost")
    return "\n".join(lines)


ARMS = {  # what is imported before the clock starts, and what while it runs
    "libraries": (lambda _: "", libraries),
    "set-up": (lambda _: "", set_up),
    "on top": (libraries, all_lines),
}


def measure(arm: str, chapter: str) -> dict[str, float]:
    """In a process of its own: what the import lines take."""
    source = (SOURCES / f"{chapter}.py").read_text(encoding="utf-8")
    before, lines = ARMS[arm]
    code = TIMED.format(before=before(source), lines=lines(source))
    # the first round must leave its bytecode behind, or each one would be of the compiler
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip((SECONDS, CPU), map(float, done.stdout.split()), strict=True))


def table(rows: pd.DataFrame) -> str:
    """The medians with their ratio to the libraries, and what the set-up takes more than these."""
    of_round = rows.pivot_table("value", ["metric", "chapter", "repeat"], "arm", sort=False)
    ratio = of_round.div(of_round["libraries"], axis=0)
    of_round["more"] = of_round["set-up"] - of_round["libraries"]
    medians, ratios = (
        frame.groupby(["metric", "chapter"], sort=False).median() for frame in (of_round, ratio)
    )
    lines = []
    for metric in rows["metric"].unique():
        heads = "".join(f"{arm:>17}" for arm in ARMS)
        lines.append(f"{metric:24}{heads}{'set-up - libraries':>20}")
        for chapter, values in medians.loc[metric].iterrows():
            cells = (
                f"{values[arm]:.2f} ({ratios.loc[(metric, chapter), arm]:.2f} x)" for arm in ARMS
            )
            line = "".join(f"{cell:>17}" for cell in cells)
            lines.append(f"{chapter:24}{line}{values['more']:+20.2f}")
    return "\n".join(lines)


def main() -> None:
    records = []
    for repeat in range(-1, REPEATS):
        for chapter in CHAPTERS:
            for arm in ARMS:
                found = measure(arm, chapter)
                if repeat >= 0:
                    records += [
                        (arm, chapter, repeat, metric, value) for metric, value in found.items()
                    ]
    rows = pd.DataFrame(records, columns=["arm", "chapter", "repeat", "metric", "value"])
    rows.to_csv(RESULT, index=False, float_format="%.4g", lineterminator="\n")
    print(table(rows))


if __name__ == "__main__":
    main()
