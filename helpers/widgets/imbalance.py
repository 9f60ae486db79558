"""The explorer of chapter 03: money, prevalence, learner and strategy, and what they do to a
decision."""

from __future__ import annotations

from functools import cache, lru_cache

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers import evaluation, models, plots
from helpers.course.studies import rare
from helpers.widgets.kit import Explorer, View

SEED = 0
THRESHOLDS = np.linspace(0, 1, 201)
FIRST = {"learner": "xgboost", "strategy": "none"}


@lru_cache(maxsize=1)
def customers() -> tuple[np.ndarray, float, float]:
    """The true probabilities of the tested customers, their mean, and the prevalence in
    training."""
    _, y, _, truth = rare.exact(SEED)
    return truth, float(truth.mean()), float(y.mean())


@cache
def predicted(learner: str, strategy: str) -> np.ndarray:
    """What a learner after a strategy says of the tested customers: fitted once, then kept."""
    return rare.on_exact(SEED, learner, strategy)


def imbalance_explorer() -> Explorer:
    """An explorer of the exact layer of chapter 03 (25,000 customers whose true probability is
    known): the calibration of a learner, its profit by threshold, and the oracle's.

    The prevalence is changed by weighing positives and negatives anew, after the model has learned.
    A learner and strategy met for the first time are fitted in a thread.
    """
    fitted: set[tuple[str, str]] = {(FIRST["learner"], FIRST["strategy"])}

    def draw(gain, cost, prevalence, learner, strategy, corrected) -> View:
        border = evaluation.best_threshold(gain, cost)
        truth, mean, learned = customers()
        p = predicted(learner, strategy)
        fitted.add((learner, strategy))
        if corrected:
            p = models.correct_prior(p, prevalence / 100, learned if strategy == "none" else 0.5)
        positive = truth * (prevalence / 100 / mean)
        negative = (1 - truth) * ((1 - prevalence / 100) / (1 - mean))
        world = Weighed(positive / len(truth), negative / len(truth), gain, cost)
        shown = {
            f"cost / gain = {border:.3f}": p > border,
            "threshold .5": p > 0.5,
            "everybody": np.ones(len(p), dtype=bool),
            "oracle": positive / (positive + negative) > border,
        }
        rows = {name: world.decision(who) for name, who in shown.items()}
        table = pd.DataFrame(rows, index=["contacted per 1,000", "profit per 1,000"]).T
        earned = table["profit per 1,000"]
        table = table.map("{:,.0f}".format)
        alt = (
            f"{learner}, {strategy}: mean p {world.mean(p):.3f}, {prevalence:g} % are positive. At "
            f"cost / gain the profit per 1,000 is {earned.iloc[0]:,.0f}, the oracle's "
            f"{earned['oracle']:,.0f}."
        )
        return View(picture(world, p, border, earned["oracle"]), table, alt)

    def heavy(gain, cost, prevalence, learner, strategy, corrected) -> bool:
        return (learner, strategy) not in fitted

    wide = {"style": {"description_width": "80px"}}
    money = {**wide, "continuous_update": False, "readout_format": ".1f"}
    controls = {
        "gain": widgets.FloatSlider(30, min=1, max=100, step=1, description="gain", **money),
        "cost": widgets.FloatSlider(2, min=0.5, max=40, step=0.5, description="cost", **money),
        "prevalence": widgets.FloatSlider(
            3.7, min=0.5, max=30, step=0.1, description="% positive", **money
        ),
        "learner": widgets.Dropdown(
            options=rare.LEARNERS, value=FIRST["learner"], description="learner", **wide
        ),
        "strategy": widgets.Dropdown(
            options=list(models.STRATEGIES), value=FIRST["strategy"], description="strategy", **wide
        ),
        "corrected": widgets.Checkbox(False, description="correct the prior", **wide),
    }
    return Explorer(controls, draw, heavy=heavy, title="Whom to contact, and what it earns")


class Weighed:
    """Customers who count in part as a positive (`positive`, (n,), together the prevalence) and in
    part as a negative (`negative`), and what contacting them earns."""

    def __init__(self, positive: np.ndarray, negative: np.ndarray, gain: float, cost: float):
        self.positive, self.negative = positive, negative
        self.mass = positive + negative
        self.value = 1_000 * (positive * gain - self.mass * cost)

    def decision(self, contacted: np.ndarray) -> tuple[float, float]:
        """How many of 1,000 are contacted, and the profit per 1,000."""
        return 1_000 * self.mass[contacted].sum(), self.value[contacted].sum()

    def mean(self, p: np.ndarray) -> float:
        """The mean of p (n,)."""
        return float(self.mass @ p / self.mass.sum())

    def calibration(self, p: np.ndarray, bins: int = 10) -> pd.DataFrame:
        """Mean p (predicted) and share of positives (observed) in `bins` groups of equal mass, by
        p."""
        order = np.argsort(p, kind="stable")
        reached = np.cumsum(self.mass[order])
        group = np.minimum((bins * reached / reached[-1]).astype(int), bins - 1)
        mass, said, happened = (
            np.bincount(group, weight[order], bins)
            for weight in (self.mass, self.mass * p, self.positive)
        )
        return pd.DataFrame({"predicted": said / mass, "observed": happened / mass})

    def curve(self, p: np.ndarray) -> np.ndarray:
        """Profit per 1,000 of contacting whoever is above each of THRESHOLDS."""
        step = np.searchsorted(THRESHOLDS, p, side="left")  # p is above the first `step` thresholds
        value = np.bincount(step, self.value, len(THRESHOLDS) + 1)
        return value.sum() - np.cumsum(value)[: len(THRESHOLDS)]


def picture(world: Weighed, p: np.ndarray, border: float, oracle: float) -> Figure:
    """Calibration on the left, profit by threshold on the right."""
    figure = Figure(figsize=(8.6, 3.8))
    figure.subplots_adjust(left=0.08, right=0.98, bottom=0.14, top=0.9, wspace=0.34)
    left, right = figure.subplots(1, 2)
    plots.calibration(world.calibration(p), ax=left)
    left.set_ylabel("true share")
    left.set_title("Can p be believed? (yes: on the dots)", loc="left", fontsize=11)
    right.plot(THRESHOLDS, world.curve(p), color=plots.BLUE, label="by threshold")
    right.axhline(oracle, color=plots.GREEN, linestyle="--", label="oracle")
    right.axvline(border, color=plots.RED, linestyle=":", label="cost / gain")
    limit = max(oracle, 1.0)
    right.set(xlim=(0, 1), ylim=(-1.5 * limit, 1.25 * limit), xlabel="threshold")
    right.set_ylabel("profit per 1,000 customers")
    right.set_title("What it earns", loc="left", fontsize=11)
    right.legend(loc="lower right", fontsize=9)
    return figure
