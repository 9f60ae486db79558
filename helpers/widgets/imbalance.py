"""The explorers of chapter 03: a threshold to be moved; and money, prevalence, learner and
strategy, and what they do to a decision."""

from __future__ import annotations

from functools import cache, lru_cache

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from helpers import evaluation, models, plots
from helpers.course.studies import rare
from helpers.widgets.kit import Explorer, Ghost, View

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


def threshold_explorer(y: ArrayLike, p: ArrayLike, gain: float = 30, cost: float = 2) -> Explorer:
    """A threshold to be moved along its curve of profit, and the prices that move the curve.

    `y` (n,) is who would join, of 0 and 1, `p` (n,) what a model says; `gain` and `cost` of a
    contact are where the sliders stand first. Profit is per 1,000 customers.
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)

    def draw(threshold, gain, cost, ghosts=()) -> View:
        curve = evaluation.profit_curve(y, p, gain, cost, points=401)
        chosen = p > threshold
        here = {
            "letters per 1,000": 1_000 * chosen.mean(),
            "of these join": 1_000 * (chosen * y).mean(),
            "profit per 1,000": evaluation.profit(y, chosen, gain, cost) + 0.0,  # no "-0"
        }
        table = pd.DataFrame([here], index=[f"p above {threshold:.3f}"]).map("{:,.1f}".format)
        earned, best = here["profit per 1,000"], evaluation.best_threshold(gain, cost)
        at_best = evaluation.profit(y, p > best, gain, cost) + 0.0
        verdict = (
            f"Letters to all with p above {threshold:.3f}: profit {round(earned) + 0:,} per 1,000 "
            f"customers. At cost / gain = {best:.3f} it is {round(at_best) + 0:,}."
        )
        alt = (
            f"Profit by threshold, where a letter costs {cost:g} and whoever joins brings {gain:g}."
        )
        figure = _on_the_curve(curve, threshold, earned, ghosts)
        return View(figure, table, alt, verdict, curve)

    wide = {"style": {"description_width": "80px"}, "continuous_update": False}
    steps = {"min": 0, "max": 0.5, "step": 0.005, "readout_format": ".3f"}
    controls = {
        "threshold": widgets.FloatSlider(0.5, description="threshold", **steps, **wide),
        "gain": widgets.FloatSlider(gain, min=5, max=100, step=1, description="gain", **wide),
        "cost": widgets.FloatSlider(cost, min=0.5, max=20, step=0.5, description="cost", **wide),
    }
    examples = {
        "everybody": {"threshold": 0.0},
        "cost / gain": {"threshold": round(evaluation.best_threshold(gain, cost) / 0.005) * 0.005},
        "one half": {"threshold": 0.5},
    }
    return Explorer(controls, draw, title="At this threshold", examples=examples, ghosts=True)


def _on_the_curve(
    curve: pd.DataFrame, threshold: float, profit: float, ghosts: list[Ghost] | tuple = ()
) -> Figure:
    """Profit by threshold up to .5, with a dot at one threshold."""
    figure = Figure(figsize=(7, 3.4))
    figure.subplots_adjust(left=0.12, right=0.98, bottom=0.16, top=0.96)
    ax = figure.subplots()
    for ghost in ghosts:
        ax.plot(ghost.trace["threshold"], ghost.trace["profit"], **ghost.style)
    shown = curve[curve["threshold"] <= 0.5]
    ax.plot(shown["threshold"], shown["profit"], color=plots.BLUE)
    ax.axhline(0, color=plots.GRAY, linewidth=1)
    ax.plot([threshold], [profit], "o", color=plots.RED, markersize=9)
    # the peak fills half of the picture, whatever writing to everybody loses
    top = max(shown["profit"].max(), profit, 1.0)
    ax.set(xlim=(-0.01, 0.51), ylim=(min(-top, 1.1 * profit), 1.2 * top))
    ax.set(xlabel="threshold", ylabel="profit per 1,000 customers")
    return figure


def imbalance_explorer() -> Explorer:
    """An explorer of the exact layer of chapter 03 (25,000 customers whose true probability is
    known): the calibration of a learner, its profit by threshold, and the oracle's.

    The prevalence is changed by weighing positives and negatives anew, after the model has learned.
    A learner and strategy met for the first time are fitted in a thread.
    """
    fitted: set[tuple[str, str]] = {(FIRST["learner"], FIRST["strategy"])}

    def draw(gain, cost, prevalence, learner, strategy, corrected, ghosts=()) -> View:
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
        verdict = (
            f"At cost / gain = {border:.3f} the profit is {earned.iloc[0]:,.0f} per 1,000; with "
            f"the true probabilities it would be {earned['oracle']:,.0f}. Mean p is "
            f"{100 * world.mean(p):.1f} %, and {prevalence:g} % are positive."
        )
        alt = f"{learner}, {strategy}: its calibration, and its profit by threshold."
        here = (border, float(earned.iloc[0]))
        curve = world.curve(p)
        figure = picture(world, p, curve, here, float(earned["oracle"]), ghosts)
        return View(figure, table, alt, verdict, curve)

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
    plain = {"learner": FIRST["learner"], "strategy": "none", "corrected": False}
    examples = {
        "nothing done": plain,
        "undersampled": {**plain, "strategy": "undersampling"},
        "… and corrected": {**plain, "strategy": "undersampling", "corrected": True},
    }
    title = "Whom to contact, and what it earns"
    return Explorer(controls, draw, heavy=heavy, title=title, examples=examples, ghosts=True)


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


def picture(
    world: Weighed,
    p: np.ndarray,
    earned: np.ndarray,
    here: tuple[float, float],
    oracle: float,
    ghosts: list[Ghost] | tuple = (),
) -> Figure:
    """Calibration on the left, profit by threshold on the right, with a dot `here`: at cost / gain,
    and what is earned there."""
    figure = Figure(figsize=(8.6, 3.8))
    figure.subplots_adjust(left=0.08, right=0.98, bottom=0.14, top=0.9, wspace=0.34)
    left, right = figure.subplots(1, 2)
    plots.calibration(world.calibration(p), ax=left)
    left.set_ylabel("observed share")
    left.set_title("Can p be trusted? (yes: on the dotted line)", loc="left", fontsize=11)
    for ghost in ghosts:
        right.plot(THRESHOLDS, ghost.trace, **ghost.style)
    right.plot(THRESHOLDS, earned, color=plots.BLUE, label="by threshold")
    right.axhline(oracle, color=plots.GREEN, linestyle="--", label="true probabilities")
    right.axvline(here[0], color=plots.RED, linestyle=":", label="cost / gain")
    right.plot(*here, "o", color=plots.RED, markersize=7, zorder=5)
    limit = max(oracle, here[1], 1.0)
    bottom = min(-1.5 * limit, 1.15 * here[1])  # the dot is always in the picture
    right.set(xlim=(0, 1), ylim=(bottom, 1.25 * limit), xlabel="threshold")
    right.set_ylabel("profit per 1,000 customers")
    right.set_title("What it earns", loc="left", fontsize=11)
    right.legend(loc="lower right", fontsize=9)
    return figure
