"""The course's one plotting style: seaborn on matplotlib, one palette, and pictures that speak.

Nothing here knows of shops or models; a function takes numbers and draws them.
"""

from __future__ import annotations

import base64
import io
import threading

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML, display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers import quote

# Okabe & Ito (2008), distinguishable under the common forms of color blindness
PALETTE = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7F7F7F", "#000000"]
BLUE, ORANGE, GREEN, PINK, SKY, RED, GRAY, BLACK = PALETTE
DPI = 80
_drawing = threading.Lock()  # matplotlib's font cache is not made for two threads


def use_style() -> None:
    """Set the course's look for every following figure."""
    sns.set_theme(
        context="notebook",
        style="whitegrid",
        palette=PALETTE,
        rc={
            "figure.figsize": (7, 3.6),
            "figure.dpi": DPI,
            "savefig.dpi": DPI,
            "axes.titlesize": 12,
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "axes.labelsize": 10,
            "xtick.labelsize": 9,
            "ytick.labelsize": 9,
            "legend.fontsize": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
        },
    )


def label(name: object) -> str:
    """A name from outside as the text of a picture: its dollar signs begin no formula."""
    return str(name).replace("$", r"\$")


def to_png(figure: Figure, quick: bool = False) -> bytes:
    """The figure as PNG bytes, cropped to its content, the same for the same figure.

    `quick` is for a picture that follows a slider: at the figure's own size (cropping would draw it
    twice), and barely compressed, for the browser is next door.
    """
    options = {"pil_kwargs": {"compress_level": 1}} if quick else {"bbox_inches": "tight"}
    buffer = io.BytesIO()
    with _drawing:
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None}, **options)
    return buffer.getvalue()


def to_html(figure: Figure, alt: str) -> str:
    """The figure as an image for a page, inside the page itself, with its alternative text."""
    picture = base64.b64encode(to_png(figure)).decode()
    style = "max-width:100%;height:auto"
    return f"<img alt='{quote.html(alt)}' style='{style}' src='data:image/png;base64,{picture}'>"


def show(alt: str, figure: Figure | None = None) -> None:
    """Show the figure (the current one by default) with its alternative text, then close it.

    `alt` says what is to be seen. It becomes the image's alternative text where the viewer supports
    one, and stands folded under the picture where it does not (JupyterLab).
    """
    figure = figure or plt.gcf()
    picture = base64.b64encode(to_png(figure)).decode()
    plt.close(figure)
    display(
        {"image/png": picture, "text/plain": f"Picture: {alt}"},
        metadata={"image/png": {"alt": alt}},
        raw=True,
    )
    display(HTML(f"<details><summary>This picture in words</summary>{quote.html(alt)}</details>"))


def heatmap(profile: pd.DataFrame, title: str, ax: Axes | None = None) -> Axes:
    """Draw a table of standardized values (rows × columns) in blue (low) and red (high).

    The color scale is symmetric around zero, so that white means average.
    """
    ax = ax or plt.subplots(figsize=(7.5, 1.2 + 0.5 * len(profile)))[1]
    limit = float(profile.abs().to_numpy().max())
    sns.heatmap(
        profile.rename(columns=label),
        ax=ax,
        cmap="vlag",
        center=0,
        vmin=-limit,
        vmax=limit,
        annot=True,
        fmt="+.1f",
        linewidths=1,
        cbar_kws={"label": "standard deviations\nfrom the mean"},
    )
    ax.set(title=title, xlabel="", ylabel="")
    ax.tick_params(axis="y", rotation=0)
    return ax


def cohorts(
    table: pd.DataFrame, title: str, form: str, xlabel: str, ax: Axes | None = None
) -> Axes:
    """Draw a table of cohorts (rows) by periods since (columns, the first of them 0): the darker,
    the more; NaN stays empty.

    The column 0, in which everybody ordered, is left out: it would take all the color. `form` is
    how a cell is written (".0%").
    """
    later = table.iloc[:, 1:]
    size = (1.6 + 0.48 * later.shape[1], 1.3 + 0.3 * len(later))
    ax = ax or plt.subplots(figsize=size)[1]
    known = later.to_numpy(float)
    top = np.nanmax(known) if np.isfinite(known).any() else 0.0
    sns.heatmap(
        later,
        ax=ax,
        cmap="Blues",
        vmin=0,
        vmax=float(top) or 1.0,
        annot=True,
        fmt=form,
        annot_kws={"size": 8},
        linewidths=1,
        cbar=False,
    )
    ax.grid(False)
    ax.set(title=title, xlabel=xlabel, ylabel="")
    ax.tick_params(axis="both", rotation=0)
    return ax


def calibration(
    table: pd.DataFrame, label: str | None = None, color: str = BLUE, ax: Axes | None = None
) -> Axes:
    """Draw observed against predicted shares beside the diagonal, on square axes that hold whatever
    was drawn on them before.

    `table`: rows are groups of customers, columns predicted, observed and, for intervals, low, high
    (`evaluation.calibration_table`).
    """
    ax = ax or plt.gca()
    error = None
    if "low" in table:
        error = [table["observed"] - table["low"], table["high"] - table["observed"]]
        error = np.clip(error, 0, None)
    ax.errorbar(
        table["predicted"],
        table["observed"],
        yerr=error,
        label=label,
        color=color,
        marker="o",
        markersize=4,
        linewidth=1.2,
        elinewidth=1,
    )
    ax.axline((0, 0), slope=1, color=GRAY, linestyle=":", linewidth=1)
    top = 1.05 * max(ax.dataLim.max)
    ax.set(xlim=(-0.02 * top, top), ylim=(-0.02 * top, top), aspect="equal")
    ax.set(xlabel="mean predicted probability", ylabel="observed share")
    if label is not None:
        ax.legend()
    return ax


def intervals(table: pd.DataFrame, label: str, ax: Axes | None = None) -> Axes:
    """Draw a point with its interval for each row of `table`, in its order from the top.

    Its first three columns are the point and the two ends, whatever their names; where there is a
    column `truth`, that is marked too. A line stands at zero. `label` names the points.
    """
    ax = ax or plt.subplots(figsize=(7, 0.9 + 0.42 * len(table)))[1]
    points, low, high = (table.iloc[:, column] for column in range(3))
    place = np.arange(len(table))
    ax.errorbar(points, place, xerr=[points - low, high - points], fmt="o", label=label)
    if "truth" in table:
        ax.plot(table["truth"], place, "D", color=ORANGE, label="truth")
    ax.axvline(0, color=BLACK, linewidth=0.8)
    ax.set_yticks(place, table.index)
    ax.margins(y=0.15)
    ax.invert_yaxis()
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax
