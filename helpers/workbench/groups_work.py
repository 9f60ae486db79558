"""The jobs of the screen of groups, in the child process: cards, who came back, two dates."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from helpers import features, plots, quote
from helpers.owner import cohorts, moved, named_groups
from helpers.owner.cohorts import Retention
from helpers.owner.named_groups import Cuts
from helpers.shop import Shop
from helpers.workbench import groups_said, work
from helpers.workbench.groups_words import (
    CARDS,
    EXPLAINED,
    MOVED_WHY,
    NEXT_WHY,
    RETURN_WHY,
    folded,
    table,
)
from helpers.workbench.work import Source

ROWS, COLUMNS = 18, 12  # of the picture of who came back: the latest, the first


class Today(NamedTuple):
    """The screen of groups: what this file can answer, the cards and what each did next, as HTML;
    the list of customers for a file; the first and last moment of the data, and a sum of money that
    a fifth of the customers spent at least."""

    can: str
    cards: str
    customers: pd.DataFrame
    names: list[str]
    first: pd.Timestamp
    end: pd.Timestamp
    much: int


class Back(NamedTuple):
    """Who came back: a sentence, the two pictures (orders, money) as HTML, the rows for a file."""

    said: str
    orders: str
    money: str
    rows: pd.DataFrame


def today(source: Source, cuts: Cuts | None, say) -> Today:
    """The groups at the end of the data, and what groups made alike did in the last quarter."""
    store = work.orders_of(source, say)
    end = features.end_of(store)
    say(0.3, "sorting your customers into groups")
    customers, table_ = named_groups.of_today(store, end, cuts)
    say(0.6, "looking at what such groups did in the last quarter")
    try:
        _, since = named_groups.a_quarter_ago(store, end, cuts)
    except named_groups.TooYoung as error:
        since, verdict = None, f"<p>{quote.html(groups_said.capital(str(error)))}</p>"
    else:
        verdict = groups_said.verdict(since, named_groups.order_of(cuts)[0])
    shown = [groups_said.card_of(name, row, since) for name, row in table_.iterrows()]
    waiting = named_groups.prospects_at(store, end)
    parts = [
        verdict,
        f"{CARDS}<div class='groups'>{''.join(shown)}</div>",
        groups_said.waiting(len(waiting)),
    ]
    if since is not None:
        parts.append(
            folded("why?", EXPLAINED[cuts is None] + NEXT_WHY + groups_said.what_next(since))
        )
    first = store.purchases["ordered_at"].min()
    much = float(customers["spent"].quantile(0.8))
    return Today(
        groups_said.can_answer(store, customers, first, end),
        "".join(parts),
        as_list(store, customers, end, waiting),
        [*table_.index, *([named_groups.PROSPECTS] if len(waiting) else [])],
        first,
        end,
        max(1, round(much)),
    )


def back(source: Source, every: str, say) -> Back:
    """Who came back, by month ("M") or quarter ("Q") of the first order."""
    store = work.orders_of(source, say)
    say(0.4, "following your customers from their first order")
    found = cohorts.retention(store, features.end_of(store), every)
    plots.use_style()
    word = cohorts.WORDS[every]
    orders = _picture(found, found.share, f"Who ordered again, by {word} of first order", ".0%")
    money = _picture(
        found, found.money, f"Money a customer, by {word} of first order", _form(found.money)
    )
    return Back(
        groups_said.came_again(found) + folded("why?", RETURN_WHY),
        orders,
        money,
        cohorts.as_rows(found),
    )


def two_dates(
    source: Source, first: pd.Timestamp, second: pd.Timestamp, cuts: Cuts | None, say
) -> str:
    """Who moved between two dates, as HTML."""
    store = work.orders_of(source, say)
    if second > features.end_of(store):
        raise ValueError(
            f"Your orders end on {store.last:%d %B %Y}: choose a second date up to the day after."
        )
    say(0.4, "comparing the two dates with how this shop usually moves")
    found = moved.moved(store, first, second, cuts)
    shown = groups_said.compared(found, first, second)
    flows = found.flows.rename_axis(index=None, columns=None)
    return "".join(
        [
            f"<p><b>{quote.html(groups_said.moved_said(found, first, second))}</b></p>",
            table(shown, "What each group did between the two dates"),
            f"<p>Both dates by the lines of the first, {first:%d %B %Y}, so that who did nothing "
            "new does not seem to move; the cards are by the lines of today.</p>"
            if cuts is None
            else "",
            table(flows, "From (row) to (column): how many customers"),
            folded("why?", MOVED_WHY),
        ]
    )


def as_list(
    store: Shop, customers: pd.DataFrame, end: pd.Timestamp, waiting: pd.Index
) -> pd.DataFrame:
    """The customers as a file has them: `customer_id`, what `Shop.people` knows, `group`,
    `last_order`, `orders`, `spent`; those who spent most first."""
    last = end - pd.to_timedelta(customers["silent"], "D")
    listed = pd.DataFrame(
        {
            "group": customers["group"],
            "last_order": last.dt.strftime("%Y-%m-%d"),
            "orders": customers["orders"].astype("int64"),
            "spent": customers["spent"].round(2),
        },
        customers.index,
    ).sort_values("spent", ascending=False, kind="stable")
    none = pd.DataFrame({"group": named_groups.PROSPECTS, "orders": 0, "spent": 0.0}, waiting)
    listed = pd.concat([listed, none]) if len(none) else listed
    listed = listed.rename_axis("customer_id").reset_index()
    people = getattr(store, "people", None)
    if people is None:
        return listed
    beside = [name for name in ("email", "name", "consent") if name in people]
    joined = listed.merge(people[["customer_id", *beside]], on="customer_id", how="left")
    return joined[["customer_id", *beside, *listed.columns[1:]]]


def _picture(found: Retention, grid: pd.DataFrame, title: str, form: str) -> str:
    """The latest rows that have anything to show, the first columns."""
    shown = grid[grid.iloc[:, 1:].notna().any(axis=1)].iloc[-ROWS:, : COLUMNS + 1]
    shown = shown.dropna(axis=1, how="all")
    shown.index = [f"{row}  ({found.size[row]:,})" for row in shown.index]
    size = (2.2 + 0.55 * shown.shape[1], 1.3 + 0.3 * len(shown))
    figure = Figure(figsize=size, layout="constrained")
    word = cohorts.WORDS[found.every]
    plots.cohorts(shown, title, form, f"{word}s since the first order", figure.subplots())
    alt = f"{title}: a row for each {word}, a column for each {word} since; the darker, the more."
    return plots.to_html(figure, alt)


def _form(money: pd.DataFrame) -> str:
    later = money.iloc[:, 1:].max().max()
    return ",.0f" if later >= 20 else ".1f"
