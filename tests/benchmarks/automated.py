"""The course's models beside automated modelling, on the tasks of chapters 01 and 03.

    uv run python tests/benchmarks/automated.py [--quick] [--seconds 120 240] [--only TASK ...]
    # writes data/benchmarks/automated.csv and the page data/benchmarks/README.md

Same rows to learn from, same later rows to judge, for all: the catalogue, its average of three, the
recipe; LightGBM and CatBoost; FLAML and AutoGluon, with `--seconds` each. Everything gets one core.
No tool is a dependency of the course: each gets an environment of its own in a temporary folder
(`uv venv`, a pinned version from the package index that this machine uses) and is talked to through
files (`automated_tools.py`). A tool that does not install, or fails, is a row that says so.

What is finished is stored by task and arm; started again, the run goes on where it stopped, and
does anew what was measured with another version or budget. `--quick` is a smoke run: 10 seconds a
tool, one seed, few draws, printed and not stored.

Columns: task, arm, version, budget (seconds asked for), seed, metric, value, low, high, note.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import automated_page as page
from benchmarks.automated_tasks import OWN, TASKS, Task, own

from helpers import evaluation

RESULT, COLUMNS, AVERAGE = page.RESULT, page.COLUMNS, page.AVERAGE
DRAWS, SEEDS = 2_000, (0, 1)


class Tool(NamedTuple):
    """What to install, the first with its version; the seconds of a search, 0 where there is
    none."""

    packages: tuple[str, ...]
    seconds: float = 0

    @property
    def version(self) -> str:
        return self.packages[0].split("==")[1]


FRAME = ("pandas==3.1.1", "pyarrow==26.0.1", "scikit-learn==1.9.1")
TOOLS = {
    "LightGBM": Tool(("lightgbm==4.7.0", *FRAME)),
    "CatBoost": Tool(("catboost==1.2.10", *FRAME)),
    "FLAML": Tool(("flaml[automl]==2.7.0", *FRAME), 120),
    # without torch, whose build for Linux is of gigabytes: trees, forests and their stack
    "AutoGluon": Tool(("autogluon.tabular[lightgbm,catboost,xgboost]==1.6.3",), 240),
}


class Failed(Exception):
    """A tool that could not be installed or run; its text is the row's note."""


def environment(name: str, folder: Path) -> Path:
    """The Python of the tool's own environment, made where it is not there yet."""
    home = folder / name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (home / "whole").exists():
        uv = os.environ.get("UV") or shutil.which("uv") or "uv"
        shutil.rmtree(home, ignore_errors=True)
        called([uv, "venv", "-q", "--python", sys.executable, str(home)], "does not install")
        packages = TOOLS[name].packages
        called([uv, "pip", "install", "-q", "--python", str(python), *packages], "does not install")
        (home / "whole").touch()
    return python


def called(command: list[str], what: str, seconds: float = 1_800) -> None:
    """Run a command; its errors go to the screen, only `what` (no path, no address) to the row."""
    outside = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    try:
        subprocess.run(command, check=True, timeout=seconds, env=outside)
    except (OSError, subprocess.SubprocessError) as error:
        tqdm.write(f"{what}: {type(error).__name__}: {error}", file=sys.stderr)
        raise Failed(what) from error


def automated(
    name: str, task: Task, seed: int, seconds: float, environments: Path
) -> tuple[np.ndarray, np.ndarray]:
    """The test rows' probabilities (n,) by a tool in its environment, and what fitting took (2,).

    Raises Failed.
    """
    python = environment(name, environments)
    whose = np.unique(task.customers, return_inverse=True)[1]
    fold = np.random.default_rng(seed).permutation(np.arange(whose.max() + 1) % 5)[whose]
    flags = {column: "int8" for column in task.X.select_dtypes("bool")}
    train = task.X.astype(flags).assign(outcome=task.y, customer=whose, fold=fold)
    with tempfile.TemporaryDirectory() as folder:
        train.to_parquet(f"{folder}/train.parquet", index=False)
        task.X_test.astype(flags).to_parquet(f"{folder}/test.parquet", index=False)
        script = Path(__file__).with_name("automated_tools.py")
        command = [str(python), "-P", str(script), name, folder, str(seconds), str(seed)]
        told = f"no model with {seconds:.0f} s" if seconds else "does not run"
        called(command, told, 4 * seconds + 600)
        p = pd.read_parquet(f"{folder}/predicted.parquet")["p"].to_numpy()
        return p, np.loadtxt(f"{folder}/seconds.txt")


def judged(task: Task, found: list, average: list, args: argparse.Namespace) -> list[tuple]:
    """Rows (seed, metric, value, low, high): scores by seed; then, over the seeds' mean, the paired
    difference to the average of three of the same seed, test customers drawn anew."""
    rows = []
    for seed, (p, taken) in zip(args.seeds, found, strict=True):
        values = {name: score(task.y_test, p) for name, score in page.SCORES.items()}
        values |= dict(zip(page.COSTS, taken, strict=True))
        for metric, value in values.items():
            rows.append((seed, metric, value, np.nan, np.nan))

    def gains(who: np.ndarray | slice) -> list[float]:
        y, means = task.y_test[who], []
        for score in page.SCORES.values():
            pairs = zip(found, average, strict=True)
            means.append(np.mean([score(y, p[who]) - score(y, q[who]) for (p, _), (q, _) in pairs]))
        return means

    drawn = [gains(who) for who in evaluation.resample(task.test_customers, args.draws)]
    ends = evaluation.drawn_ends(drawn, axis=0)
    for name, *less in zip(page.SCORES, gains(slice(None)), *ends, strict=True):
        rows.append(("all", name + page.LESS, *less))
    return rows


def measured(task: Task, arm: str, args: argparse.Namespace, average: list) -> list[tuple]:
    """The rows of an arm on a task, by all seeds; one row with a note where its tool failed."""
    tool, seconds = TOOLS.get(arm), args.budget.get(arm, 0)
    start = (arm, tool.version if tool else "", seconds)
    try:
        if arm == AVERAGE:
            found = average
        elif tool:
            found = [automated(arm, task, s, seconds, args.environments) for s in args.seeds]
        else:
            found = [own(arm, task, seed) for seed in args.seeds]
    except Failed as why:
        return [(*start, "all", "failed", np.nan, np.nan, np.nan, str(why))]
    return [(*start, *row, "") for row in judged(task, found, average, args)]


def finished(rows: pd.DataFrame, budget: dict[str, float]) -> set[tuple[str, str]]:
    """The tasks and arms that need not be measured again: today's versions, the budgets asked for,
    not failed."""
    version = rows["arm"].map({name: tool.version for name, tool in TOOLS.items()}).fillna("")
    seconds = rows["arm"].map(budget).fillna(0)
    good = (rows["version"] == version) & (rows["budget"] == seconds)
    kept = rows[good & (rows["metric"] != "failed")]
    return set(zip(kept["task"], kept["arm"], strict=True))


def run(args: argparse.Namespace, result: Path) -> None:
    """Measure what is missing, write after every arm."""
    rows = page.read(result) if result.exists() else pd.DataFrame(columns=COLUMNS)
    done = finished(rows, args.budget)
    arms = [*OWN, *TOOLS]
    missing = {name: [a for a in arms if (name, a) not in done] for name in args.only}
    with tqdm(total=sum(map(len, missing.values()))) as bar:
        for name, left in missing.items():
            if not left:
                continue
            task = TASKS[name]()
            average = [own(AVERAGE, task, seed) for seed in args.seeds]
            for arm in left:
                bar.set_description(f"{name}: {arm}")
                new = [(name, *row) for row in measured(task, arm, args, average)]
                old = (rows["task"] == name) & (rows["arm"] == arm)
                rows = pd.concat([rows[~old], pd.DataFrame(new, columns=COLUMNS)])
                page.write(rows, result, list(TASKS), arms)
                bar.update()


def main() -> None:
    parser = argparse.ArgumentParser(description="The course's models beside automated modelling.")
    parser.add_argument("--quick", action="store_true", help="a smoke run, printed, not stored")
    parser.add_argument("--seconds", type=float, nargs=2, metavar=("FLAML", "AutoGluon"))
    parser.add_argument("--only", nargs="+", choices=list(TASKS), default=list(TASKS))
    parser.add_argument("--environments", type=Path, help="a folder that keeps them")
    args = parser.parse_args()
    args.seeds, args.draws = (SEEDS[:1], 100) if args.quick else (SEEDS, DRAWS)
    asked = [10.0, 20.0] if args.quick else [TOOLS["FLAML"].seconds, TOOLS["AutoGluon"].seconds]
    args.budget = dict(zip(("FLAML", "AutoGluon"), args.seconds or asked, strict=True))
    if hasattr(os, "getloadavg") and (load := os.getloadavg()[0]) > 0.5:
        print(f"busy (load {load:.1f}): a search by the clock finds less", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        args.environments = args.environments or Path(folder, "environments")
        run(args, Path(folder, RESULT.name) if args.quick else RESULT)
        if args.quick:
            print(page.text(page.read(Path(folder, RESULT.name))))
        else:
            page.PAGE.write_text(page.text(page.read(RESULT)), encoding="utf-8")


if __name__ == "__main__":
    main()
