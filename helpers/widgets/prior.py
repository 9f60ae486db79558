"""The slider of chapter 04: one customer's visits, popularity, and how many visits it is worth."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from helpers import cold_start, plots
from helpers.errors import counted
from helpers.widgets.kit import Explorer, View

STRENGTHS = [0, 1, 2, 4, 8, 16, 32, 100]
COLORS = {"own visits": plots.ORANGE, "popularity": plots.GRAY, "mixed": plots.BLUE}


def prior_explorer(rows: pd.DataFrame, popularity: pd.Series) -> Explorer:
    """An explorer of (visits + M · popularity) / (n + M) for one customer.

    Args:
        rows: The customer's rows of `cold_start.moments`, those with a visit seen.
        popularity: The share of each category, in any order.

    Raises ValueError where no visit was seen, or a category has no share.
    """
    names = cold_start.categories(rows)
    if missing := [name for name in names if name not in popularity.index]:
        raise ValueError(f"popularity has no share for {', '.join(missing)}")
    rows = rows[rows["events"] > 0].set_index("events")
    if rows.empty:
        raise ValueError("this customer has no row with a visit seen")
    prior = popularity[names].to_numpy()

    def draw(visits, strength) -> View:
        counts = cold_start.counts(rows.loc[[visits]])
        mixed = cold_start.posterior_mean(counts, prior, strength)[0]
        table = pd.DataFrame(
            {"own visits": counts[0] / visits, "popularity": prior, "mixed": mixed}, index=names
        )
        own = visits / (visits + strength)
        number = counted(visits, "visit")
        said = f"{number} seen, popularity worth {strength}: own visits weigh {own:.0%}"
        best = table["mixed"].idxmax()
        alt = f"Three bars for each of {len(names)} categories: own visits, popularity and mixed."
        verdict = f"{said[0].upper()}{said[1:]}. Mixed, {best} leads with {mixed.max():.2f}."
        return View(_picture(table), table, alt, verdict)

    seen = [int(number) for number in rows.index]
    style = {"description_width": "120px"}
    controls = {
        "visits": widgets.SelectionSlider(
            options=seen, value=seen[:2][-1], description="visits seen", style=style
        ),
        "strength": widgets.SelectionSlider(
            options=STRENGTHS, value=STRENGTHS[3], description="popularity, M", style=style
        ),
    }
    for control in controls.values():
        control.continuous_update = False
    examples = {
        "no prior": {"strength": STRENGTHS[0]},
        "a weak prior": {"strength": STRENGTHS[2]},
        "a strong prior": {"strength": STRENGTHS[-1]},
    }
    return Explorer(controls, draw, title="Share of each category", examples=examples)


def _picture(table: pd.DataFrame) -> Figure:
    """Three bars a category; the axis stays from 0 to 1 so that moves can be compared."""
    figure = Figure(figsize=(7.5, 3.4))
    ax = figure.subplots()
    figure.subplots_adjust(left=0.09, right=0.98, bottom=0.12, top=0.96)
    for place, (name, shares) in enumerate(table.items()):
        at = [i + 0.27 * (place - 1) for i in range(len(table))]
        ax.bar(at, shares, 0.25, color=COLORS[str(name)], label=name)
    ax.set_xticks(range(len(table)), list(table.index))
    ax.set(ylim=(0, 1), ylabel="share")
    ax.legend(frameon=False, loc="upper right")
    ax.spines[["top", "right"]].set_visible(False)
    return figure
