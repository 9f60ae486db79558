"""The explorer of chapter 07: customers, drift and threshold, and what an alarm on the PSI is
worth."""

from __future__ import annotations

from functools import lru_cache

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import norm

from helpers import plots, production
from helpers.production.drift import psi_of_counts
from helpers.widgets.kit import Explorer, View

WEEKS = 2_000
LEAST, MOST = 0.0001, 2.0  # the ends of the axis of the PSI
SIZES = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000]


@lru_cache(maxsize=128)
def simulated_psi(reference: int, current: int, shift: float, bins: int = 10) -> np.ndarray:
    """The PSI of 2,000 weeks (weeks,): a standard normal column, `reference` customers then,
    `current` now, whose mean moved by `shift` standard deviations.

    The quantiles of a sample cut the distribution into shares that are Dirichlet distributed (David
    & Nagaraja 2003, "Order statistics"), so that no customer has to be drawn.
    """
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.full(bins, reference / bins), size=WEEKS)
    edges = norm.ppf(np.clip(shares.cumsum(axis=1)[:, :-1], 1e-12, 1 - 1e-12))
    ends = np.ones((WEEKS, 1))
    cumulative = np.hstack([0 * ends, norm.cdf(edges - shift), ends])
    counts = rng.multinomial(current, np.diff(cumulative, axis=1))
    then = np.full(bins, reference / bins)
    return np.array([psi_of_counts(then, now, np.array([0]))[0] for now in counts])


def drift_explorer() -> Explorer:
    """An explorer of how often an alarm on the PSI is false and how often it is right, by the
    number of customers on both sides, the true shift, and the threshold."""

    def draw(reference, current, shift, threshold) -> View:
        calm = simulated_psi(reference, current, 0.0)
        moved = simulated_psi(reference, current, shift)
        calibrated = production.psi_by_chance(reference, current, level=0.05)
        rules = {
            f"yours: {threshold:g}": threshold,
            "0.1": 0.1,
            "0.25": 0.25,
            f"calibrated at 5 %: {calibrated:.3f}": calibrated,
        }
        table = pd.DataFrame(
            {
                "share of weeks with a false alarm": [(calm > t).mean() for t in rules.values()],
                f"with an alarm at a shift of {shift:.2f} SD": [
                    (moved > t).mean() for t in rules.values()
                ],
            },
            index=pd.Index(rules, name="alarm if the PSI exceeds"),
        )
        false, right = table.iloc[0]
        verdict = (
            f"{reference:,} customers then, {current:,} now: a threshold of {threshold:g} raises a "
            f"false alarm in {100 * false:.0f} of 100 calm weeks. It sees a shift of {shift:.2f} "
            f"SD in {100 * right:.0f} of 100."
        )
        alt = "Histograms of the PSI in calm weeks and in weeks with the shift, and two thresholds."
        return View(picture(calm, moved, threshold, calibrated), table, alt, verdict)

    wide = {"description_width": "115px"}
    controls = {
        "reference": widgets.SelectionSlider(
            options=SIZES,
            value=200,
            description="customers then",
            style=wide,
            continuous_update=False,
        ),
        "current": widgets.SelectionSlider(
            options=SIZES,
            value=200,
            description="customers now",
            style=wide,
            continuous_update=False,
        ),
        "shift": widgets.FloatSlider(
            0.2,
            min=0.0,
            max=0.6,
            step=0.05,
            description="true shift (SD)",
            style=wide,
            continuous_update=False,
        ),
        "threshold": widgets.FloatSlider(
            0.1,
            min=0.005,
            max=0.3,
            step=0.005,
            description="your threshold",
            readout_format=".3f",
            style=wide,
            continuous_update=False,
        ),
    }
    examples = {
        "few customers": {"reference": 200, "current": 200, "shift": 0.2, "threshold": 0.1},
        "many customers": {"reference": 50_000, "current": 50_000, "shift": 0.2, "threshold": 0.1},
        "a small shift": {"reference": 2_000, "current": 2_000, "shift": 0.1, "threshold": 0.1},
    }
    title = "How often each rule raises an alarm (0 to 1)"
    return Explorer(controls, draw, title=title, examples=examples)


def picture(calm: np.ndarray, moved: np.ndarray, threshold: float, calibrated: float) -> Figure:
    """Two histograms of the PSI and the thresholds, on an axis that stays: it goes by tenfold
    steps, for the PSI of 100 customers is five hundred times that of 50,000."""
    figure = Figure(figsize=(7.6, 3.6))
    figure.subplots_adjust(left=0.09, right=0.98, bottom=0.15, top=0.8)
    ax = figure.subplots()
    edges = np.geomspace(LEAST, MOST, 90).tolist()
    ax.hist(np.clip(calm, LEAST, MOST), edges, color=plots.GRAY, alpha=0.7, label="nothing changed")
    ax.hist(np.clip(moved, LEAST, MOST), edges, color=plots.SKY, alpha=0.6, label="shifted")
    ax.axvline(threshold, color=plots.RED, label="your threshold")
    ax.axvline(calibrated, color=plots.BLUE, linestyle="--", label="calibrated at 5 %")
    ax.set(xscale="log", xlim=(LEAST, MOST))
    ax.set_xticks([0.0001, 0.001, 0.01, 0.1, 1])
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set(xlabel="population stability index", ylabel=f"weeks of {len(calm):,}")
    ax.set_title(
        "Right of the solid line are the alarms; the gray ones are false",
        loc="left",
        fontsize=11,
        y=1.12,
    )
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=4, fontsize=9, frameon=False)
    return figure
