"""The rows of `automated.py` and the page that is made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers import evaluation, files

RESULT, PAGE = (files.DATA / "benchmarks" / name for name in ("automated.csv", "README.md"))
COLUMNS = "task arm version budget seed metric value low high note".split()
AVERAGE = "average of three"
AP, LOSS, LESS = "average precision", "log-loss", f" less that of the {AVERAGE}"
# the page shows the second: what the clock says depends on the load
COSTS = ("seconds", "CPU seconds")
MARK = "<!-- made by tests/benchmarks/automated.py -->"


def log_loss(y: ArrayLike, p: ArrayLike) -> float:
    """The mean of -log of what was given to what happened, probabilities kept a millionth away from
    0 and 1: what `evaluation.PROBABILITY_SCORES` gives, without the checks of scikit-learn."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-np.log(np.where(np.asarray(y) == 1, p, 1 - p)).mean())


SCORES = {AP: evaluation.average_precision, LOSS: log_loss}
BETTER = {AP: 1, LOSS: -1}  # the sign of a gain


def read(path: Path = RESULT) -> pd.DataFrame:
    """The rows; seeds as text, nothing missing in text columns."""
    rows = pd.read_csv(path, dtype={"seed": "str", "version": "str", "note": "str"})
    return rows.fillna({"version": "", "note": ""})


def write(rows: pd.DataFrame, path: Path, tasks: list[str], arms: list[str]) -> None:
    """Write the rows in the order of the tasks and arms, whole or not at all."""
    order = {name: place for place, name in enumerate([*tasks, *arms])}
    rows = rows.sort_values(["task", "arm"], key=lambda column: column.map(order), kind="stable")
    path.parent.mkdir(exist_ok=True)
    files.write_whole(
        path,
        lambda new: rows.to_csv(new, index=False, float_format="%.5g", lineterminator="\n"),
    )


def difference(rows: pd.DataFrame, score: str) -> evaluation.Interval:
    """The paired difference of an arm's rows on one task."""
    [found] = rows.loc[rows["metric"] == score + LESS, ["value", "low", "high"]].to_numpy()
    return evaluation.Interval(*found)


def line(arm: str, rows: pd.DataFrame) -> str:
    """An arm's line in the table of a task."""
    if (rows["metric"] == "failed").any():
        return f"| {arm} | {rows['note'].iloc[0]} | | | | |"
    cells = []
    for score in SCORES:
        mean = rows.loc[rows["metric"] == score, "value"].mean()
        less = "" if arm == AVERAGE else difference(rows, score).text(3, signed=True)
        cells += [f"{mean:.3f}", less]
    cells.append(f"{rows.loc[rows['metric'] == COSTS[1], 'value'].mean():.1f}")
    return f"| {arm} | {' | '.join(cells)} |"


def told_apart(rows: pd.DataFrame, score: str) -> str:
    """Which arms of a task the interval tells from the average of three, as a sentence."""
    found: dict[str, list[str]] = {"better": [], "worse": []}
    for arm, part in rows.groupby("arm", sort=False):
        if arm == AVERAGE or (part["metric"] == "failed").any():
            continue
        low, high = sorted(end * BETTER[score] for end in difference(part, score)[1:])
        if low > 0 or high < 0:
            found["better" if low > 0 else "worse"].append(str(arm))
    said = [f"{how}: {', '.join(arms) or 'none'}" for how, arms in found.items()]
    return f"Told from the average of three by {score}, {'; '.join(said)}."


def text(rows: pd.DataFrame) -> str:
    """The page (Markdown): a table a task, and what the intervals tell apart."""
    tools = rows[rows["version"] != ""].drop_duplicates("arm")
    named = [
        f"{tool.arm} {tool.version}" + (f" ({tool.budget:.0f} s)" if tool.budget else "")
        for tool in tools.itertuples()
    ]
    seeds = sorted(set(rows["seed"]) - {"all"})
    parts = [
        MARK,
        "# Automated modelling beside the course's models",
        f"Written by `uv run python tests/benchmarks/automated.py` from the rows in "
        f"`{RESULT.name}`, which `data/README.md` describes. Scores are means over the seeds "
        f"{', '.join(seeds)}; differences are paired with the average of three of the same seed, "
        "the customers of the test drawn anew (what was learned, and the time split, held fixed). "
        "Each model and each tool had one core. "
        "Of so many intervals some miss the truth by chance alone: one in twenty is made to. "
        f"In environments of their own: {', '.join(named) or 'none'}.",
    ]
    for task, part in rows.groupby("task", sort=False):
        parts.append(f"## {str(task)[0].upper()}{str(task)[1:]}")
        table = [
            "| model | average precision | less the average's | log-loss | less the average's | "
            "CPU seconds to fit |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        table += [line(str(arm), own) for arm, own in part.groupby("arm", sort=False)]
        parts.append("\n".join(table))
        parts.append(" ".join(told_apart(part, score) for score in SCORES))
    return "\n\n".join(parts) + "\n"
