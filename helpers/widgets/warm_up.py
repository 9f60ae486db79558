"""The explorer of chapter 04: what is known at sign-up, how strong the prior is, and the warm-up
curve."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers import cold_start, plots
from helpers.errors import counted
from helpers.widgets.kit import Choices, Explorer, Ghost, View

STRENGTHS = ["auto", 0.5, 1, 2, 5, 10, 20, 50, 200]
COLORS = {
    "popularity": plots.GRAY,
    "behavior": plots.ORANGE,
    "prior alone": plots.SKY,
    "hybrid": plots.BLUE,
    "oracle": plots.BLACK,
}


def warm_up_explorer(
    train: pd.DataFrame,
    test: pd.DataFrame,
    oracle: np.ndarray | None = None,
    fitted: cold_start.Hybrid | None = None,
) -> Explorer:
    """An explorer of the warm-up curve of new customers (`test`) by a hybrid learned from `train`.

    Args:
        train, test: `cold_start.moments`, split.
        oracle: True probabilities of the next category (n of test, K), if known.
        fitted: A hybrid fitted to `train`; its columns are those chosen at first.

    A set of columns is fitted when it is first chosen, and kept.
    """
    offered = [name for name in cold_start.COLUMNS if train[name].notna().any()]
    first = fitted or cold_start.Hybrid(offered).fit(train)
    names = first.categories_
    ready: dict[tuple, cold_start.Hybrid] = {tuple(first.columns_): first}
    behavior = cold_start.Hybrid([]).fit(train)
    fixed = {"popularity": behavior.prior(test), "behavior": behavior.predict_proba(test)}
    if oracle is not None:
        fixed["oracle"] = np.asarray(oracle)

    def model(columns: tuple[str, ...]) -> cold_start.Hybrid:
        if columns not in ready:
            ready[columns] = cold_start.Hybrid(columns).fit(train)
        return ready[columns]

    @lru_cache(maxsize=32)
    def evidence(columns: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        hybrid = model(columns)
        return hybrid.counts(test), hybrid.prior(test)

    def draw(demographics, survey, context, strength, ghosts=()) -> View:
        columns = tuple([*demographics, *survey, *context])
        hybrid = model(columns)
        counts, prior = evidence(columns)
        M = hybrid.strength_ if strength == "auto" else float(strength)
        p = {**fixed, "prior alone": prior, "hybrid": cold_start.posterior_mean(counts, prior, M)}
        curve = cold_start.warm_up(test, p)
        gain = cold_start.warm_up(
            test, {n: p[n] for n in ("behavior", "hybrid")}, against="behavior"
        )
        gain = gain[gain["model"] == "hybrid"].set_index("events")
        table = curve.pivot_table("estimate", "events", "model")[list(p)]
        table["hybrid − behavior"] = [
            f"{g.estimate:+.3f} [{g.low:+.3f}, {g.high:+.3f}]" for g in gain.itertuples()
        ]
        table.columns.name = None
        said = f"M = {M:.1f}" + (" by marginal likelihood" if strength == "auto" else ", as chosen")
        at = gain["estimate"].to_numpy()
        alt = f"Log-loss against visits seen, {counted(len(columns), 'column')}, {said}."
        verdict = (
            f"Hybrid minus behavior: {at[0]:+.3f} after {counted(int(gain.index[0]), 'visit')}, "
            f"{at[-1]:+.3f} after {gain.index[-1]} (below 0 the hybrid is better). {said}."
        )
        own = curve[curve["model"] == "hybrid"].set_index("events")["estimate"]
        return View(picture(curve, ghosts), table, alt, verdict, own)

    def heavy(demographics, survey, context, strength) -> bool:
        return tuple([*demographics, *survey, *context]) not in ready

    def chooser(group: str) -> Choices:
        options = [name for name in cold_start.GROUPS[group] if name in offered]
        return Choices(options, [n for n in options if n in first.columns_], group)

    controls = {group: chooser(group) for group in cold_start.GROUPS}
    controls["strength"] = widgets.SelectionSlider(
        options=STRENGTHS,
        value="auto",
        description="strength M",
        continuous_update=False,
        style={"description_width": "95px"},
    )
    title = f"Log-loss of the next visit's category, one of {len(names)}"
    examples: dict[str, dict[str, Any]] = {
        "a weak prior": {"strength": 1},
        "a strong prior": {"strength": 50},
        "by the data": {"strength": "auto"},
    }
    return Explorer(controls, draw, heavy=heavy, title=title, examples=examples, ghosts=True)


def picture(curve: pd.DataFrame, ghosts: list[Ghost] | tuple = ()) -> Figure:
    """The warm-up curve: log-loss against events seen, a line a model, its name at the end."""
    figure = Figure(figsize=(7.6, 3.8))
    ax = figure.subplots()
    figure.subplots_adjust(left=0.1, right=0.84, bottom=0.14, top=0.97)
    lengths = sorted(curve["events"].unique())
    ends = curve.drop_duplicates("model", keep="last").set_index("model")["estimate"].sort_values()
    space = 0.05 * (curve["estimate"].max() - curve["estimate"].min())
    labels = dict.fromkeys(ends.index, -np.inf)
    for name, below in zip(ends.index, [None, *ends.index[:-1]], strict=True):  # none over the next
        labels[name] = max(ends[name], labels[below] + space) if below else ends[name]
    for ghost in ghosts:
        ax.plot([lengths.index(n) for n in ghost.trace.index], ghost.trace, **ghost.style)
    for name, part in curve.groupby("model", sort=False):
        place = [lengths.index(n) for n in part["events"]]
        width = 2.5 if name == "hybrid" else 1.5
        ax.plot(
            place, part["estimate"], color=COLORS[name], linewidth=width, marker="o", markersize=4
        )
        ax.text(
            len(lengths) - 0.85, labels[name], name, color=COLORS[name], va="center", fontsize=9
        )
        if name == "hybrid":
            ax.fill_between(
                place, part["low"], part["high"], color=COLORS[name], alpha=0.15, linewidth=0
            )
    ax.set_xticks(range(len(lengths)), [str(n) for n in lengths])
    ax.set(xlabel="visits seen since the sign-up", ylabel="log-loss (lower is better)")
    ax.grid(alpha=0.4)
    ax.spines[["top", "right"]].set_visible(False)
    return figure
