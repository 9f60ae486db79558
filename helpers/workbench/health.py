"""A shop's health at a glance: orders and revenue over time, concentration, gaps, duplicates."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers import plots
from helpers.features.cut_off import standing
from helpers.shop import Shop


def health(store: Shop) -> tuple[bytes, pd.DataFrame]:
    """A picture (PNG bytes) and the facts beside it (a column `value`, a row a fact).

    Counted are the orders that stand the day after the last one, as in the features at that
    cut-off; canceled lines are counted by themselves. Raises ValueError where no order stands.
    """
    every = store.purchases
    as_of = every["ordered_at"].max().normalize() + pd.Timedelta("1D")
    lines = standing(every, None, as_of)
    if lines.empty:
        raise ValueError("Every order in it was canceled: none is left to look at.")
    day = lines["ordered_at"].dt.normalize()
    span = (day.max() - day.min()).days + 1
    step, word = ("7D", "week") if span > 60 else ("1D", "day")
    orders = lines.groupby("order_id").agg(at=("ordered_at", "min"), amount=("amount", "sum"))
    over_time = orders.set_index("at").resample(step)["amount"].agg(["size", "sum"])
    if step == "7D" and over_time.index[-1] + pd.Timedelta(step) > as_of:
        over_time = over_time.iloc[:-1]  # a week that is not over would look like a fall
    spent = lines.groupby("customer_id")["amount"].sum().sort_values(ascending=False)
    fifth = spent.head(max(1, len(spent) // 5)).sum()
    top = f"{fifth / spent.sum():.0%}" if spent.sum() else "no money is known"
    days = pd.Series(np.sort(day.unique()))
    gap = days.diff().dt.days.max()
    alike = int(lines.drop(columns="order_id").duplicated().sum())
    pairs = lines[["customer_id", "order_id"]].drop_duplicates()
    once = (pairs["customer_id"].value_counts() == 1).mean()
    facts = {
        "orders": f"{len(orders):,}",
        "customers": f"{len(spent):,}",
        "bought once": f"{once:.0%}",
        "from … to": f"{day.min():%Y-%m-%d} … {day.max():%Y-%m-%d}",
        "revenue": f"{lines['amount'].sum():,.0f}",
        "brought by the top fifth": top,
        "longest stretch without an order": f"{max(int(gap) - 1, 0) if pd.notna(gap) else 0} days",
        "lines alike in everything but the order": f"{alike:,}",
        "canceled lines that were kept, not counted above": f"{len(every) - len(lines):,}",
    }
    figure = _picture(over_time, word, spent)
    return plots.to_png(figure, quick=True), pd.DataFrame({"value": facts})


def _picture(over_time: pd.DataFrame, word: str, spent: pd.Series) -> Figure:
    figure = Figure(figsize=(8.6, 2.8))
    figure.subplots_adjust(left=0.08, right=0.98, bottom=0.22, top=0.86, wspace=0.38)
    orders, revenue, share = figure.subplots(1, 3)
    for ax, column, title in ((orders, "size", "Orders"), (revenue, "sum", "Revenue")):
        ax.plot(over_time.index, over_time[column], color=plots.BLUE, linewidth=1)
        ax.set_title(f"{title} per {word}", loc="left", fontsize=10)
        ax.set_ylim(bottom=0)
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.tick_params(axis="x", rotation=35, labelsize=7)
        ax.tick_params(axis="y", labelsize=8)
        empty = over_time.index[over_time["size"] == 0]
        ax.plot(empty, np.zeros(len(empty)), "|", color=plots.RED, label="no order")
    customers = np.arange(len(spent) + 1) / max(len(spent), 1) * 100
    total = spent.sum() or 1
    share.plot(customers, np.concatenate([[0], spent.cumsum() / total * 100]), color=plots.BLUE)
    share.plot([0, 100], [0, 100], color=plots.GRAY, linewidth=0.8)
    share.set_title("Who brings the revenue", loc="left", fontsize=10)
    share.set(xlabel="% of customers, biggest first", ylabel="% of revenue", ylim=(0, 103))
    share.tick_params(labelsize=8)
    return figure
