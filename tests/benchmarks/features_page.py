"""What `features.py` measured: a table to print, and the README's picture."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from benchmarks.features_arms import ARMS, LIMIT
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from helpers import plots

PICTURE = Path(__file__).resolve().parents[2] / ".github" / "pictures" / "scale.png"
OURS = "helpers"
SECONDS, CPU, MEMORY = "seconds", "CPU seconds", "memory at most, MB"
START, TOO_MUCH = "seconds to start", "needs more memory than, GB"
BY_HAND = [arm for arm in ARMS if arm.endswith("by hand")]
APART = 0.055  # of an axis: names at least


def table(rows: pd.DataFrame) -> str:
    """The medians side by side, each with its ratio to ours and to the quickest by hand."""
    text = []
    for lines, of_size in rows.groupby("lines"):
        text.append(f"\n{lines:,} lines: median (ratio to ours; to the best by hand)")
        for metric in (SECONDS, CPU, MEMORY, START):
            found = of_size[of_size["metric"] == metric]
            by_round = found.pivot_table("value", "repeat", "arm")
            by_hand = by_round[[arm for arm in BY_HAND if arm in by_round]].min(axis=1)
            for arm in (arm for arm in ARMS if arm in by_round):
                ours, best = (
                    by_round[arm].div(other).median() for other in (by_round[OURS], by_hand)
                )
                middle = by_round[arm].median()
                text.append(f"{metric:20}{arm:20}{middle:12,.2f} ({ours:.2f} x; {best:.2f} x)")
        spent = of_size.loc[of_size["metric"] == TOO_MUCH, "arm"].unique()
        text += [f"{arm} needs more than {LIMIT} GB" for arm in spent]
    return "\n".join(text)


def picture(rows: pd.DataFrame) -> None:
    """Draw seconds and memory against lines, all contenders, and write it."""
    plots.use_style()
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    panels = ((SECONDS, "Seconds to the table", 1), (MEMORY, "Memory at most, GB", 1_000))
    spent = set(rows.loc[rows["metric"] == TOO_MUCH, "arm"])
    for ax, (metric, title, unit) in zip(axes, panels, strict=True):
        found = rows[rows["metric"] == metric]
        draw(ax, found.pivot_table("value", "lines", "arm", aggfunc="median") / unit, spent)
        ax.set(title=title, xlabel="order lines, millions", ylabel="")
    PICTURE.write_bytes(plots.to_png(figure))
    plt.close(figure)


def draw(ax: Axes, values: pd.DataFrame, spent: set[str]) -> None:
    """A line per contender (lines x arms, both axes logarithmic), its name beside its end."""
    arms = [arm for arm in ARMS if arm in values]
    colors = dict(zip(ARMS, plots.PALETTE, strict=False))
    ax.set(xscale="log", yscale="log", xlim=(values.index[0] * 0.7, values.index[-1] * 20))
    ax.margins(y=0.12)
    ends: dict[int, list[str]] = {}
    for arm in arms:
        known = values[arm].dropna()
        width = 3 if arm == OURS else 1.5
        ax.plot(known.index, known, color=colors[arm], marker="o", markersize=4, linewidth=width)
        ends.setdefault(known.index[-1], []).append(arm)
    low, high = np.log10(ax.get_ylim())
    for place, here in ends.items():
        height = -np.inf
        for arm in sorted(here, key=values.loc[place].get):
            # Where two end at one height, the name of the higher one moves up.
            height = max(np.log10(values.loc[place, arm]), height + APART * (high - low))
            name = f"{arm} (then > {LIMIT} GB)" if arm in spent else arm
            ax.annotate(
                name,
                (place, 10**height),
                xytext=(6, 0),
                textcoords="offset points",
                color=colors[arm],
                weight="bold" if arm == OURS else "normal",
                size=9,
                va="center",
                annotation_clip=False,
                path_effects=[withStroke(linewidth=3, foreground="white")],
            )
    ax.set_xticks(values.index, [f"{lines / 1e6:g}" for lines in values.index])
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
