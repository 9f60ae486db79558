"""The monitoring page: one HTML file that needs nothing else, for people who do not run Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from helpers import evaluation, plots, quote
from helpers.files import write_whole
from helpers.production.card import Card
from helpers.production.drift import Drift
from helpers.production.health import Health

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 "
    "1rem;color:#222}table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem "
    ".7rem;text-align:right;border-bottom:1px solid "
    "#ccc}th:first-child{text-align:left}img{max-width:100%}.good{border-left:6px solid "
    "#009E73;padding-left:1rem}.bad{border-left:6px solid "
    "#D55E00;padding-left:1rem}.open{border-left:6px solid #999;padding-left:1rem}"
)


def report(
    path: str | Path,
    card: Card,
    drift: Drift,
    health: Health | None,
    y=None,
    p=None,
    about: str = "",
) -> None:
    """Write the page to `path`, whole or not at all: what the outcomes say first, then the inputs.

    `health` is None as long as no window has closed; `y` and `p` (n,) are its outcomes and
    propensities.
    `about` says which scores of whom are judged.
    """
    parts = [f"<h1>{quote.html(card.name)}: is it well?</h1>", verdict(drift, health)]
    parts.append(
        f"<p>{quote.html(about)}</p><p>Trained on data before {quote.html(card.as_of)}; owner: "
        f"{quote.html(card.owner)}; last day {quote.html(card.retire_on)}.</p><h2>What it "
        "promised, and what came</h2>"
    )
    if health is None:
        parts.append("<p>No window has closed yet: nobody knows whether the propensities hold.</p>")
    else:
        parts.append(health.shown().to_html(border=0))
        parts.append(
            f"<p>Profit per 1,000 customers: {health.missing()}. p takes the four figures "
            "together.</p>"
        )
        parts.append(
            plots.to_html(
                calibration_picture(np.asarray(y), np.asarray(p)),
                "Observed share against predicted propensity in ten groups, with intervals; on "
                "the diagonal the model keeps its promise.",
            )
        )
    parts.append("<h2>Have the inputs changed?</h2>")
    parts.append(
        "<p>PSI compares each column with the customers that the model learned from; <em>by "
        "chance</em> is its mean without any change. One alarm for all columns: p is adjusted "
        "for their number. A change of inputs is a question, not a fault.</p>"
    )
    parts.append(
        plots.to_html(
            drift_picture(drift),
            "Bars of the PSI of the twelve columns that changed most, and a mark where chance "
            "alone would be.",
        )
    )
    parts.append(drift.table.head(12).to_html(border=0, float_format="{:.3f}".format))
    page = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Monitoring "
        f"report</title><style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )
    write_whole(Path(path), lambda beside: beside.write_text(page, encoding="utf-8"))


def verdict(drift: Drift, health: Health | None) -> str:
    """The sentence on top, in HTML."""
    if health is None:
        kind, said = "open", "No outcomes yet."
    elif health.alarm:
        missed = health.table[health.table["p"] <= 0.05]
        side = np.where(missed["observed"] > missed["promised"], "higher", "lower")
        named = ", ".join(f"{name} {where}" for name, where in zip(missed.index, side, strict=True))
        kind, said = "bad", f"Alarm: it came otherwise than the model promised ({named})."
    else:
        kind, said = "good", "No alarm: outcomes are what the model promised."
    inputs = (
        f"The inputs have changed, {drift.table.index[0]} most."
        if drift.alarm
        else "The inputs are as they were."
    )
    return (
        f"<p class='{kind}' role='status'><strong>{quote.html(said)}</strong> "
        f"{quote.html(inputs)}</p>"
    )


def calibration_picture(y: np.ndarray, p: np.ndarray) -> Figure:
    """Observed against predicted share in ten groups."""
    found = evaluation.calibration_table(y, p)
    figure = Figure(figsize=(4.4, 4.4))
    ax = plots.calibration(found, ax=figure.subplots())
    ax.set(
        xlabel="predicted propensity", ylabel="share that ordered", title="Promised and observed"
    )
    return figure


def drift_picture(drift: Drift) -> Figure:
    """Bars of the PSI, largest surprise on top, with its mean by chance."""
    shown = drift.table.head(12).iloc[::-1]
    figure = Figure(figsize=(7, 0.8 + 0.3 * len(shown)))
    ax = figure.subplots()
    colors = [plots.RED if p <= 0.05 else plots.SKY for p in shown["p"]]
    ax.barh(shown.index.astype(str), shown["psi"], color=colors)
    ax.plot(
        shown["by_chance"],
        shown.index.astype(str),
        "|",
        color="black",
        markersize=12,
        label="by chance",
    )
    ax.legend(loc="lower right")
    ax.set(xlabel="population stability index", title="Orange: more than chance")
    return figure
