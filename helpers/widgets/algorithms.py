"""The explorer of chapter 01: a task, an algorithm, how complex it may be, and what comes of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from threadpoolctl import threadpool_limits

from helpers import evaluation, models, plots
from helpers.targets import tasks
from helpers.widgets.kit import Explorer, Ghost, View

TASKS = {"high value": "high_value", "newly high value": "newly_high_value"}
# from simple to complex, in five steps
COMPLEXITY: dict[str, tuple[str, tuple[Any, ...]]] = {
    "logistic regression": ("C", (1e-4, 1e-3, 1e-2, 1e-1, 1e1)),
    "random forest": ("min_samples_leaf", (300, 100, 20, 5, 1)),
    "xgboost": ("max_depth", (1, 2, 3, 5, 8)),
    "neural network": ("alpha", (100.0, 10.0, 1.0, 0.1, 0.001)),
}
AP = "average precision"
MOST = 4_000  # customers to learn from: a move is answered within a second or two
PARTS = (0.1, 0.25, 0.5, 1.0)
DRAWS = 100


class Result(NamedTuple):
    """What one setting gave: rows learned from, average precision on them and later,
    probabilities; beside it the one column to be beaten, and its score on later customers."""

    rows: list[int]
    learned: list[float]
    later: list[float]
    y: np.ndarray
    p: np.ndarray
    column: str
    by_column: float


def algorithm_explorer(train: pd.DataFrame, test: pd.DataFrame) -> Explorer:
    """An explorer of the algorithms of `models.ALGORITHMS`: learned from `train`, scored on `test`,
    both as `tasks.table` and `evaluation.time_split` give them. At most 4,000 rows of each are
    used.

    Raises ValueError where one of them holds no positive of a task.
    """
    columns = tasks.features_of(train)
    rows = {name: (_rows(train, target), _rows(test, target)) for name, target in TASKS.items()}
    for name, target in TASKS.items():
        for part in rows[name]:
            if part[target].nunique() < 2:
                raise ValueError(
                    f"{name}: every customer has the same outcome, there is nothing to learn"
                )
    known: set[tuple] = set()  # settings already learned, so that going back follows at once

    @lru_cache(maxsize=64)
    def learned(task: str, algorithm: str, complexity: int) -> Result:
        target, (parameter, steps) = TASKS[task], COMPLEXITY[algorithm]
        pipeline = models.model(algorithm, **{parameter: steps[complexity - 1]})
        part, last = rows[task]
        score, y = evaluation.SCORES[AP], last[target].to_numpy()
        column = _column(part)
        by_column = score(y, models.OneColumn(column).values(last).ravel())
        found = Result([], [], [], y, np.array([]), column, by_column)
        for share in PARTS:
            some = part.head(round(share * len(part)))
            if some[target].nunique() < 2:
                continue
            with threadpool_limits(limits=1):
                pipeline.fit(some[columns], some[target])
                p, own = (pipeline.predict_proba(t[columns])[:, 1] for t in (last, some))
            found.rows.append(len(some))
            found.learned.append(score(some[target], own))
            found.later.append(score(found.y, p))
        known.add((task, algorithm, complexity))
        return found._replace(p=p)

    def draw(task, algorithm, complexity, ghosts=()) -> View:
        found = learned(task, algorithm, complexity)
        table = pd.DataFrame(
            {
                "trained on": found.rows,
                "on these rows": found.learned,
                "on later customers": found.later,
            }
        ).set_index("trained on")
        parameter, steps = COMPLEXITY[algorithm]
        verdict = (
            f"{algorithm[0].upper()}{algorithm[1:]}, complexity {complexity} of 5, {task}: average "
            f"precision on later customers {found.later[-1]:.2f}; {found.column} alone "
            f"reaches {found.by_column:.2f}. On the rows trained on it is {found.learned[-1]:.2f}."
        )
        alt = (
            f"{algorithm} with {parameter} = {steps[complexity - 1]:g}, {task}: average precision "
            f"by rows trained on, and observed against predicted shares. One of "
            f"{1 / found.y.mean():.0f} later customers is a positive."
        )
        trace = (found.rows, found.later)
        return View(picture(found, ghosts), table, alt, verdict, trace)

    def later(task, algorithm, complexity) -> pd.DataFrame:
        found = learned(task, algorithm, complexity)
        part, last = rows[task]
        column = models.OneColumn(_column(part))
        column.fit(part[columns], part[TASKS[task]])
        board = evaluation.scoreboard(
            found.y,
            {"this": found.p, "column": column.predict_proba(last[columns])[:, 1]},
            scores=("AUC", AP, "log loss"),
            against="column",
            draws=DRAWS,
        )
        board = board[board["model"] == "this"].set_index("score")
        against = f"minus {column.column} alone"
        shown = {
            "score (95 %)": ["estimate", "low", "high"],
            against: ["difference", "difference_low", "difference_high"],
        }
        return pd.DataFrame(
            {
                name: [
                    evaluation.Interval(*row).text(signed=name == against)
                    for row in board[ends].to_numpy()
                ]
                for name, ends in shown.items()
            },
            index=board.index,
        )

    def heavy(task, algorithm, complexity) -> bool:
        # the first picture is drawn at once: pages without a kernel show it
        return bool(known) and (task, algorithm, complexity) not in known

    wide = {"description_width": "80px"}
    controls = {
        "task": widgets.Dropdown(options=list(TASKS), description="task", style=wide),
        "algorithm": widgets.Dropdown(
            options=list(COMPLEXITY), description="algorithm", style=wide
        ),
        "complexity": widgets.IntSlider(
            4,
            min=1,
            max=5,
            description="complexity",
            style=wide,
            continuous_update=False,
            tooltip="1 is simple and heavily regularized, 5 complex",
        ),
    }
    examples = {
        "too simple": {"algorithm": "xgboost", "complexity": 1},
        "too complex": {"algorithm": "random forest", "complexity": 5},
        "linear": {"algorithm": "logistic regression", "complexity": 4},
    }
    title = "Average precision by rows trained on"
    return Explorer(controls, draw, later, heavy, title, examples, ghosts=True)


def _rows(frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """Up to MOST rows in random order; those at the top already left out where being new is
    asked."""
    asked = frame[~frame["already_high_value"]] if target == "newly_high_value" else frame
    return asked.sample(min(len(asked), MOST), random_state=0)


def _column(frame: pd.DataFrame) -> str:
    """The one column to be beaten."""
    return "visit_rate" if "visit_rate" in frame else "monetary"


def picture(found: Result, ghosts: list[Ghost] | tuple = ()) -> Figure:
    """The learning curve beside the one column, and predicted against observed shares with their
    intervals. The axis ends above what is drawn, so that differences are seen."""
    figure = Figure(figsize=(8.6, 3.6))
    figure.subplots_adjust(left=0.08, right=0.98, bottom=0.15, top=0.9, wspace=0.24)
    curve, calibration = figure.subplots(1, 2)
    for ghost in ghosts:
        curve.plot(*ghost.trace, **ghost.style)
    curve.plot(found.rows, found.learned, marker="o", color=plots.GRAY, label="the rows trained on")
    curve.plot(found.rows, found.later, marker="o", color=plots.BLUE, label="later customers")
    curve.axhline(found.by_column, color=plots.ORANGE, linewidth=1, label=f"{found.column} alone")
    curve.axhline(found.y.mean(), color=plots.BLACK, linestyle=":", linewidth=1, label="by chance")
    top = max(*found.learned, *found.later, found.by_column)
    curve.set(xlabel="rows trained on", ylabel=AP)
    curve.set_title("Does it generalize?", loc="left", fontsize=11)
    curve.set_xticks(found.rows)
    curve.set_yticks(np.arange(0, 1.01, 0.1 if top < 0.7 else 0.2))
    curve.set_ylim(0, 1.3 * top)
    curve.legend(
        fontsize=7.5, ncol=2, loc="upper center", columnspacing=0.8, handlelength=1
    )  # above the lines
    table = evaluation.calibration_table(found.y, found.p)
    plots.calibration(table, "later customers", ax=calibration)
    calibration.set_title("Can its probabilities be believed?", loc="left", fontsize=11)
    return figure
