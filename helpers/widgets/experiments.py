"""The explorers of chapter 06: how many customers an experiment needs and how long it takes; and
what looking early does."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator
from scipy.stats import norm

from helpers import experiments, plots
from helpers.errors import counted
from helpers.widgets.kit import Explorer, Ghost, View

DAYS = 56  # of waiting: eight weeks, beyond which few shops wait


def experiment_planner(base: float = 0.025, relative: float = 0.05, daily: int = 5_000) -> Explorer:
    """An explorer of size and duration of an experiment on a rate, begun at these values.

    `base` and `relative` as for `experiments.arm_size`, `daily` the new customers of a day in both
    arms together. What cannot be is answered with a sentence.
    """

    def draw(base, relative, daily, power, alpha, ghosts=()) -> View:
        made = experiments.plan(base / 100, relative / 100, daily, power, alpha)
        table = pd.DataFrame(
            {
                "customers per arm": [f"{made.per_arm:,}"],
                "customers in all": [f"{2 * made.per_arm:,}"],
                "days": [f"{made.days:,}"],
                "in whole weeks": [f"{made.weeks:,}"],
            },
            index=[f"{100 * made.base:.4g} % to {100 * made.target:.4g} %"],
        )
        days, effects = curve_of(made, relative, daily, power, alpha)
        verdict = (
            f"{relative:+g} % on a base rate of {base:g} % takes {in_days(made)}, that is "
            f"{counted(made.weeks, 'whole week')}. {in_eight_weeks(days, effects, relative)}"
        )
        alt = "The smallest relative effect that the test can show, falling with its days."
        figure = picture(made, relative, daily, (days, effects), ghosts)
        return View(figure, table, alt, verdict, (days, effects))

    wide = {"description_width": "115px"}
    options = {"style": wide, "continuous_update": False}
    text = {"style": wide}
    controls = {
        "base": widgets.FloatText(100 * base, description="base rate (%)", step=0.1, **text),
        "relative": widgets.FloatSlider(
            100 * relative, min=-20, max=50, step=0.5, description="relative effect (%)", **options
        ),
        "daily": widgets.IntText(daily, description="customers per day", step=500, **text),
        "power": widgets.FloatSlider(
            0.8, min=0.5, max=0.99, step=0.01, description="power", **options
        ),
        "alpha": widgets.Dropdown(
            options=[0.01, 0.05, 0.10], value=0.05, description="alpha", **text
        ),
    }
    examples: dict[str, dict[str, Any]] = {
        "a small shop": {"base": 2.5, "relative": 10, "daily": 200},
        "a large shop": {"base": 2.5, "relative": 5, "daily": 50_000},
        "a common event": {"base": 30, "relative": 5, "daily": 5_000},
    }
    title = "What it takes, two arms of equal size"
    return Explorer(controls, draw, title=title, examples=examples, ghosts=True)


def in_days(made: experiments.Plan) -> str:
    """The duration in words."""
    return counted(made.days, "day")


def curve_of(
    made: experiments.Plan, relative: float, daily: float, power: float, alpha: float
) -> tuple[np.ndarray, np.ndarray]:
    """Days of the test, and the smallest change (in %, of the plan's sign) that it then shows."""
    effects = np.sign(relative) * np.geomspace(0.005, 0.5, 60)
    effects = effects[(made.base * (1 + effects) > 0) & (made.base * (1 + effects) < 1)]
    days = [2 * experiments.arm_size(made.base, e, power, alpha) / daily for e in effects]
    return np.array(days), 100 * np.abs(effects)


def in_eight_weeks(days: np.ndarray, effects: np.ndarray, relative: float) -> str:
    """A sentence: the smallest effect that eight weeks show."""
    if days.min() > DAYS:
        return f"In eight weeks it cannot even show {np.sign(relative) * effects.max():+.0f} %."
    if days.max() < DAYS:
        return f"In eight weeks it can show less than {np.sign(relative) * effects.min():+.1f} %."
    shown = np.exp(np.interp(np.log(DAYS), np.log(days[::-1]), np.log(effects[::-1])))
    return f"In eight weeks it can show {np.sign(relative) * shown:+.1f} %."


def picture(
    made: experiments.Plan,
    relative: float,
    daily: float,
    curve: tuple[np.ndarray, np.ndarray],
    ghosts: list[Ghost] | tuple = (),
) -> Figure:
    """The smallest change that the test shows, by days, with the plan marked on it. The axes stay,
    so that a move is seen."""
    figure = Figure(figsize=(7.6, 3.8))
    figure.subplots_adjust(left=0.1, right=0.97, bottom=0.14, top=0.97)
    ax = figure.subplots()
    ax.axvspan(DAYS, 1_000, color=plots.GRAY, alpha=0.12, linewidth=0)
    ax.text(DAYS * 1.08, 41, "more than eight weeks", fontsize=9, color="black", va="top")
    for ghost in ghosts:
        ax.plot(*ghost.trace, **ghost.style)
    ax.plot(*curve, color=plots.BLUE)
    days = np.clip(2 * made.per_arm / daily, 1, 1_000)
    effect = np.clip(abs(relative), 0.5, 50)
    ax.plot([days], [effect], marker="o", color=plots.ORANGE, markersize=9, clip_on=False)
    right = days < 150
    ax.annotate(
        f"{relative:+g} %: {in_days(made)}",
        (days, effect),
        xytext=(10 if right else -10, 8),
        textcoords="offset points",
        ha="left" if right else "right",
        color="black",
    )
    ax.set(xscale="log", yscale="log", xlim=(1, 1_000), ylim=(0.5, 50))
    ax.set_xticks([1, 7, 14, 28, 56, 182, 365, 1_000])
    ax.set_yticks([0.5, 1, 2, 5, 10, 20, 50])
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:,.10g}")
        axis.set_minor_locator(NullLocator())
    ax.set(xlabel="days", ylabel="smallest effect the test can show (%)")
    return figure


def peeking_explorer(effects: np.ndarray, errors: np.ndarray, looks: np.ndarray) -> Explorer:
    """An explorer that looks once more with every step of its slider, at A/A tests.

    `effects` and `errors` (looks, tests) as `experiments.running` gives them, `looks` (looks,) the
    customers so far. An alarm is p < 0.05 at any look until now.
    """
    effects, errors, looks = np.asarray(effects), np.asarray(errors), np.asarray(looks)
    if effects.shape != errors.shape or len(effects) != len(looks):
        raise ValueError("effects and errors need one shape, with a row for each of the looks")
    p_values = 2 * norm.sf(np.abs(effects) / errors)
    alarm = p_values < 0.05
    so_far = np.maximum.accumulate(alarm, axis=0)
    share = so_far.mean(axis=1)
    gone = np.flatnonzero(alarm.any(axis=0) & ~alarm[-1])  # an alarm that was gone at the end
    first = int(gone[0]) if len(gone) else 0

    def draw(look, test) -> View:
        p = p_values[:look, test - 1]
        early = np.flatnonzero(p < 0.05)
        alarms = f"{share[look - 1]:.0%} of the {p_values.shape[1]:,} A/A tests"
        here = f"an alarm at look {early[0] + 1}" if len(early) else "no alarm yet"
        verdict = (
            f"After {counted(look, 'look')}, {alarms} have had an alarm. In this one: {here}, and "
            f"p = {p[-1]:.2f} now."
        )
        table = pd.DataFrame(
            {"customers": [looks[look - 1]], "p now": [p[-1]], "with an alarm": [share[look - 1]]},
            index=pd.Index([look], name="looks"),
        )
        alt = "Left: the p-value of one A/A test by look. Right: the share with an alarm so far."
        return View(path(looks, p, share), table, alt, verdict)

    wide = {"style": {"description_width": "110px"}, "continuous_update": False}
    number, tests = p_values.shape
    controls = {
        "look": widgets.IntSlider(number, min=1, max=number, description="looks so far", **wide),
        "test": widgets.IntSlider(
            first + 1, min=1, max=tests, description="A/A test number", **wide
        ),
    }
    examples = {counted(n, "look"): {"look": n} for n in (1, 10, number) if n <= number}
    return Explorer(controls, draw, title="At this look", examples=examples)


def path(looks: np.ndarray, p: np.ndarray, share: np.ndarray) -> Figure:
    """The p-value of one test until now, and the share of all tests with an alarm until now."""
    figure = Figure(figsize=(7.6, 3.2))
    figure.subplots_adjust(left=0.08, right=0.98, bottom=0.16, top=0.9, wspace=0.28)
    left, right = figure.subplots(1, 2)
    seen = looks[: len(p)]
    left.plot(seen, p, color=plots.BLUE, marker=".", markersize=4)
    left.plot(seen[p < 0.05], p[p < 0.05], "o", color=plots.RED, markersize=5, label="p < 0.05")
    left.axhline(0.05, color=plots.RED, linewidth=1)
    left.set(ylim=(-0.02, 1), ylabel="p-value at this look")
    left.set_title("One A/A test", loc="left", fontsize=11)
    left.legend(loc="upper right", fontsize=9)
    right.plot(seen, share[: len(p)], color=plots.BLUE)
    right.axhline(0.05, color=plots.RED, linewidth=1)
    right.set(ylim=(0, max(0.5, 1.1 * share.max())), ylabel="share with an alarm so far")
    right.set_title("All A/A tests", loc="left", fontsize=11)
    for ax in (left, right):
        ax.set(xlim=(0, looks[-1]), xlabel="customers so far")
        ax.xaxis.set_major_formatter("{x:,.0f}")
        ax.xaxis.set_major_locator(MaxNLocator(4))
    return figure
