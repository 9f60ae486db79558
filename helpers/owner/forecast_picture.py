"""The picture of orders to come: the weeks of the past, and those ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers import plots
from helpers.owner.forecast import WEEK, Coming, season

SHOWN = 104  # weeks of the past


def draw(orders: pd.Series, found: dict[int, Coming], moment: pd.Timestamp) -> str:
    """Return the picture as HTML, its figures in words beside it.

    Args:
        orders: `weekly`: past weeks, drawn as bars.
        found: By number of weeks ahead what is foretold: bands at their weekly mean.
        moment: Where the past ends.
    """
    plots.use_style()
    figure = Figure(figsize=(8, 3.4), layout="constrained")
    ax = figure.subplots()
    past = orders.iloc[-SHOWN:]
    ax.bar(past.index, past, width=6, align="edge", color=plots.BLUE, label="orders a week")
    said = [f"Orders a week since {past.index[0]:%B %Y}"]
    for weeks, alpha in zip(sorted(found, reverse=True), (0.3, 0.6), strict=False):
        ahead = found[weeks]
        low, high = ahead.low / weeks, ahead.high / weeks
        label = f"likely, the next {weeks} weeks"
        days = [moment, moment + weeks * WEEK]
        ax.fill_between(days, low, high, color=plots.ORANGE, alpha=alpha, linewidth=0, label=label)
        said.append(f"{label}: between {low:,.0f} and {high:,.0f} a week")
    last_year = season(orders, max(found))
    if len(last_year):
        days = [moment + (week + 0.5) * WEEK for week in range(len(last_year))]
        label = "as last year, at today's pace"
        ax.plot(days, last_year, color=plots.BLACK, linestyle=":", label=label)
        said.append(f"{label}: {np.min(last_year):,.0f} to {np.max(last_year):,.0f} a week")
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.12), ncols=2, frameon=False)
    ax.set_title("Orders a week, past and to come", loc="left")
    return plots.to_html(figure, "; ".join(said) + ".")
