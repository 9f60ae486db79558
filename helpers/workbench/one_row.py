"""A table with one row a customer on the screens: what is offered for segments, and its health."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers import plots, segments
from helpers.shop import Customers
from helpers.shop.reading.fates import REPEATS


def offered(customers: Customers) -> tuple[pd.DataFrame, str]:
    """The features offered (`segments.offered`), and a sentence on what is left out."""
    table, said = segments.offered(customers.table)
    left = len(customers.table) - len(table)
    if left:
        said += (
            f" {left:,} of them lack a value in some column and are not in the picture; a fit "
            "leaves out only those who lack one in the columns chosen."
        )
    return table, said.strip()


def health(customers: Customers) -> tuple[bytes, pd.DataFrame]:
    """A picture (PNG bytes) of some columns, and the facts beside it (a column `value`, a row a
    fact)."""
    table = customers.table
    numbers = table.select_dtypes("number")
    lacking = numbers.isna().sum()
    lacking = lacking[lacking > 0].sort_values(ascending=False)
    facts = {
        "customers": f"{len(table):,}",
        "columns of numbers": f"{numbers.shape[1]:,}",
        "other columns": f"{table.shape[1] - numbers.shape[1]:,}",
        "rows that repeat a customer": f"{(customers.set_aside['reason'] == REPEATS).sum():,}",
        "customers with a value in every column of numbers": f"{len(numbers.dropna()):,}",
        **{f"without a value in {name}": f"{n:,}" for name, n in lacking.head(5).items()},
    }
    return plots.to_png(_picture(customers, numbers), quick=True), pd.DataFrame({"value": facts})


def _picture(customers: Customers, numbers: pd.DataFrame) -> Figure:
    """Histograms of up to three columns, those that sum up orders first."""
    shown = segments.first_choice(customers, numbers)[:3] if numbers.shape[1] else []
    figure = Figure(figsize=(8.6, 2.8))
    figure.subplots_adjust(left=0.08, right=0.98, bottom=0.22, top=0.86, wspace=0.38)
    if not shown:
        figure.text(0.5, 0.5, "no column of numbers", ha="center")
        return figure
    for ax, name in zip(figure.subplots(1, 3, squeeze=False)[0], shown, strict=False):
        ax.hist(numbers[name].dropna(), bins=30, color=plots.BLUE)
        ax.set_title(plots.label(name[:30]), loc="left", fontsize=10)
        ax.set_ylabel("customers", fontsize=8)
        ax.tick_params(labelsize=8)
        ax.xaxis.set_major_locator(MaxNLocator(5))
    for ax in figure.axes[len(shown) :]:
        ax.set_visible(False)
    return figure
