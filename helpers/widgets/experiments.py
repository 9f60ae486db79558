"""The explorer of chapter 06: how many customers an experiment needs, and how long it takes."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers import experiments, plots
from helpers.widgets.kit import Explorer, View


def experiment_planner(base: float = 0.025, relative: float = 0.05, daily: int = 5_000) -> Explorer:
    """An explorer of size and duration of an experiment on a rate, begun at these values.

    `base` and `relative` as for `experiments.arm_size`, `daily` the new customers of a day in both
    arms together. What cannot be is answered with a sentence.
    """

    def draw(base, relative, daily, power, alpha) -> View:
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
        alt = (
            f"The smallest relative effect that shows, falling with the days of the experiment. "
            f"{relative:+g} % on {base:g} % takes {in_days(made)}."
        )
        return View(picture(made, relative, daily, power, alpha), table, alt)

    wide = {"description_width": "130px"}
    options = {"style": wide, "continuous_update": False, "layout": {"width": "380px"}}
    text = {"style": wide, "layout": {"width": "240px"}}
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
    return Explorer(controls, draw, title="What it takes, two arms of equal size")


def in_days(made: experiments.Plan) -> str:
    """The duration in words."""
    return f"{made.days:,} day{'s' if made.days > 1 else ''}"


def picture(
    made: experiments.Plan, relative: float, daily: float, power: float, alpha: float
) -> Figure:
    """The smallest change of the plan's sign that shows, by day, with the plan marked on it."""
    figure = Figure(figsize=(8.0, 3.6))
    figure.subplots_adjust(left=0.1, right=0.97, bottom=0.15, top=0.89)
    ax = figure.subplots()
    # from half the planned effect to six times it, as far as it leaves a rate
    effects = relative / 100 * np.geomspace(0.5, 6, 80)
    effects = effects[(made.base * (1 + effects) > 0) & (made.base * (1 + effects) < 1)]
    days = np.array([2 * experiments.arm_size(made.base, e, power, alpha) / daily for e in effects])
    ax.plot(days, 100 * abs(effects), color=plots.BLUE)
    planned = 2 * made.per_arm / daily
    ax.plot([planned], [abs(relative)], marker="o", color=plots.ORANGE, markersize=9)
    label = f"{relative:+g} % within {in_days(made)}"
    ax.annotate(
        label, (planned, abs(relative)), xytext=(8, 8), textcoords="offset points", color="black"
    )
    ax.set_ylim(0, 100 * abs(effects).max() * 1.2)
    ax.set_xlim(0, days.max())
    ax.set(xlabel="days", ylabel="relative effect that shows (%)")
    ax.xaxis.set_major_formatter("{x:,.10g}")
    ax.set_title(
        "Half the effect takes four times as long", loc="left", fontsize=11, fontweight="bold"
    )
    return figure
