"""A table with one row a customer on the screens: what is offered for segments, and its health."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers import plots, segments
from helpers.errors import counted
from helpers.shop import Customers
from helpers.shop.reading.fates import REPEATS

MISSING = 0.1  # share of the customers; a column that lacks more would cost too many of them
FEWEST = 10  # customers, below which nothing is asked about segments
AT_FIRST = 4  # columns chosen where the table says neither recency nor frequency nor monetary
VALUES = 10  # different ones that a column of amounts has, and one of flags and codes has not


def offered(customers: Customers) -> tuple[pd.DataFrame, str]:
    """The features offered: columns of numbers, not negative, not the same for all, hardly any
    missing; customers without a value in one of them are left out. And a sentence on what is left
    out, empty where nothing is.

    Raises ValueError where no column is left, or fewer than ten customers.
    """
    numbers = customers.table.select_dtypes("number")
    why = {
        "the same for all": [n for n in numbers if numbers[n].nunique() < 2],
        "with values below 0": [n for n in numbers if numbers[n].min() < 0],
        f"missing for more than {MISSING:.0%}": [
            n for n in numbers if numbers[n].isna().mean() > MISSING
        ],
    }
    out = {name: reason for reason, names in reversed(why.items()) for name in names}
    kept = [name for name in numbers if name not in out]
    if not kept:
        raise ValueError(
            "No column is left for segments: it takes numbers, not below 0, not the same for all."
        )
    table = numbers[kept].dropna()
    if len(table) < FEWEST:
        raise ValueError(f"Only {counted(len(table), 'customer')} with a value; ten are needed.")
    said = []
    if out:
        each = ", ".join(f"{name} ({reason})" for name, reason in out.items())
        said.append(f"Not offered: {each}.")
    if len(table) < len(numbers):
        said.append(
            f"{len(numbers) - len(table):,} of them lack a value in some column and are not in the "
            "picture; a fit leaves out only those who lack one in the columns chosen."
        )
    return table[kept], " ".join(said)


def first_choice(customers: Customers, table: pd.DataFrame) -> list[str]:
    """The features chosen at first: those of the course where the table has them, else the first
    few columns of amounts."""
    names = [customers.roles.get(name, name) for name in segments.FEATURES]
    usual = [name for name in names if name in table]
    if len(usual) > 1:
        return usual
    amounts = [name for name in table if table[name].nunique() > VALUES] or list(table)
    return list(dict.fromkeys([*usual, *amounts]))[:AT_FIRST]


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
    shown = first_choice(customers, numbers)[:3] if numbers.shape[1] else []
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
