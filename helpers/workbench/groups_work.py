"""The jobs of the screen of groups, in the child process: cards, who came back, two dates."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from helpers import features, plots, quote
from helpers.errors import ReaderError, counted
from helpers.evaluation import Interval
from helpers.owner import cohorts, followed, moved, named_groups
from helpers.owner.cohorts import Retention
from helpers.owner.named_groups import Cuts
from helpers.shop import Customers, Shop
from helpers.workbench import work
from helpers.workbench.groups_words import (
    ADVICE,
    CARDS,
    EXPLAINED,
    MOVED_WHY,
    NEXT_WHY,
    RETURN_WHY,
    card,
    days,
    folded,
    share,
    span,
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
    store = _orders_of(source, say)
    end = features.end_of(store)
    say(0.3, "sorting your customers into groups")
    customers, table_ = named_groups.of_today(store, end, cuts)
    say(0.6, "looking at what such groups did in the last quarter")
    try:
        _, since = named_groups.a_quarter_ago(store, end, cuts)
    except named_groups.TooYoung as error:
        since, verdict = None, f"<p>{quote.html(_sentence(error))}</p>"
    else:
        verdict = _verdict(since, named_groups.order_of(cuts)[0])
    shown = [_card(name, row, since) for name, row in table_.iterrows()]
    waiting = named_groups.prospects_at(store, end)
    parts = [verdict, f"{CARDS}<div class='groups'>{''.join(shown)}</div>", _waiting(len(waiting))]
    if since is not None:
        parts.append(folded("why?", EXPLAINED[cuts is None] + NEXT_WHY + _next(since)))
    first = store.purchases["ordered_at"].min()
    much = float(customers["spent"].quantile(0.8))
    return Today(
        _can(store, customers, first, end),
        "".join(parts),
        as_list(store, customers, end, waiting),
        [*table_.index, *([named_groups.PROSPECTS] if len(waiting) else [])],
        first,
        end,
        max(1, round(much)),
    )


def back(source: Source, every: str, say) -> Back:
    """Who came back, by month ("M") or quarter ("Q") of the first order."""
    store = _orders_of(source, say)
    say(0.4, "following your customers from their first order")
    found = cohorts.retention(store, features.end_of(store), every)
    plots.use_style()
    word = cohorts.WORDS[every]
    orders = _picture(found, found.share, f"Who ordered again, by {word} of first order", ".0%")
    money = _picture(
        found, found.money, f"Money a customer, by {word} of first order", _form(found.money)
    )
    return Back(_came(found) + folded("why?", RETURN_WHY), orders, money, cohorts.as_rows(found))


def two_dates(
    source: Source, first: pd.Timestamp, second: pd.Timestamp, cuts: Cuts | None, say
) -> str:
    """Who moved between two dates, as HTML."""
    store = _orders_of(source, say)
    if second > features.end_of(store):
        raise ValueError(
            f"Your orders end on {store.last:%d %B %Y}: choose a second date up to the day after."
        )
    say(0.4, "comparing the two dates with how this shop usually moves")
    found = moved.moved(store, first, second, cuts)
    shown = _compared(found)
    flows = found.flows.rename_axis(index=None, columns=None)
    return "".join(
        [
            f"<p><b>{quote.html(_moved_said(found, first, second))}</b></p>",
            table(shown, "What each group did between the two dates"),
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


def _orders_of(source: Source, say) -> Shop:
    store = work._store(source, say)
    if isinstance(store, Customers):
        raise ValueError(
            "This table has one row a customer and says nothing of when they ordered. Load your "
            "orders: groups by their last order need them."
        )
    return store


def _can(store: Shop, customers: pd.DataFrame, first: pd.Timestamp, end: pd.Timestamp) -> str:
    """What this file can and cannot answer here."""
    again = int((customers["orders"] > 1).sum())
    known = (
        f"{counted(len(customers), 'customer')}, {again:,} of them with two orders or more, in "
        f"{span(first, end)}."
    )
    days_there = (end - first) / pd.Timedelta("1D")
    quarter = named_groups.QUARTER.days
    if days_there <= 2 * quarter:
        rest = (
            "Enough for groups; what a group did next needs half a year of orders, and two dates "
            "compared with what is usual about a year."
        )
    elif not moved.enough(store, end - named_groups.QUARTER, named_groups.QUARTER):
        rest = (
            "Enough for groups and what each did next; whether more moved than usual needs about a "
            "year of orders."
        )
    else:
        rest = "Enough for groups, what each did next, who came back, and two dates compared."
    return f"<p>{known} {rest}</p>"


def _verdict(since: pd.DataFrame, name: str) -> str:
    """Whether the first group deserves its name."""
    found = followed.deserves(since, name)
    if found is None:
        return f"<p>A quarter ago nobody was among “{quote.html(name)}”: nothing to compare.</p>"
    low, high = found.difference.low, found.difference.high
    title = f"“{name[:1].upper()}{name[1:]}”"
    if low > 0:
        said = f"{title} is an earned name here"
    elif high < 0:
        said = f"{title} is not an earned name here"
    else:
        said = f"Whether “{name}” is an earned name here cannot be told"
    points = f"{100 * low:.0f} to {100 * high:.0f} points"
    return (
        f"<p><b>{quote.html(said)}</b>: of the {found.members:,} a quarter ago {found.share:.0%} "
        f"ordered in the three months since, of the {found.others:,} others "
        f"{found.share_of_others:.0%} (a difference of {points}).</p>"
    )


def _card(name: str, row: pd.Series, since: pd.DataFrame | None) -> str:
    facts = (
        f"{counted(round(row['orders']), 'order')}, last {days(row['silent'])} ago, "
        f"{share(row['share_of_spent'])} of the money"
    )
    did = ""
    if since is not None and name in since.index:
        then = since.loc[name]
        did = (
            f"Such a group a quarter ago ({then['before']:,.0f}): "
            f"{_range(then, 'ordered', 'low', 'high')} ordered since, "
            f"{then['spent_each']:,.0f} spent each"
        )
        if pd.notna(then["lapsed"]):
            did += f"; {_range(then, 'lapsed', 'lapsed_low', 'lapsed_high')} lapsed"
        did += "."
    elif since is not None:
        did = "A quarter ago nobody was in it."
    return card(name, f"{row['customers']:,.0f}", facts, did, ADVICE[name])


def _waiting(many: int) -> str:
    if many:
        return (
            f"<p>Besides, {counted(many, 'prospect')}: known to the shop and without an order yet. "
            "They are in the list below, and in no card: nothing they bought tells them apart.</p>"
        )
    return (
        "<p>Prospects, who are known and have not bought, are in no file of orders: there is no "
        "card for them.</p>"
    )


def _range(row: pd.Series, at: str, low: str, high: str) -> str:
    return f"{row[at]:.0%} ({row[low]:.0%} to {row[high]:.0%})"


def _next(since: pd.DataFrame) -> str:
    shown = pd.DataFrame(
        {
            "were": since["before"].map("{:,.0f}".format),
            "ordered": [_range(row, "ordered", "low", "high") for _, row in since.iterrows()],
            "spent each": [
                f"{row['spent_each']:,.2f} ({row['spent_low']:,.2f} to {row['spent_high']:,.2f})"
                for _, row in since.iterrows()
            ],
            "lapsed": [
                "–"
                if pd.isna(row["lapsed"])
                else _range(row, "lapsed", "lapsed_low", "lapsed_high")
                for _, row in since.iterrows()
            ],
        },
        since.index,
    )
    return table(shown, "The groups of a quarter ago, and what each did since")


def _came(found: Retention) -> str:
    word = cohorts.WORDS[found.every]
    parts = []
    for later in (1, 3, 6, 12) if found.every == "M" else (1, 2, 4):
        came = cohorts.came_again(found, later)
        if came is not None:
            parts.append(f"{_of(came[1])} in {word} {later} after (of {came[0]:,} customers)")
    return f"<p><b>Who orders for the first time comes back:</b> {'; '.join(parts)}.</p>"


def _of(one: Interval) -> str:
    return f"{one.estimate:.1%} ({one.low:.1%} to {one.high:.1%})"


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


def _compared(found: moved.Moved) -> pd.DataFrame:
    rows = found.groups
    ranges = [
        "–" if pd.isna(row["low"]) else f"{row['low']:,.0f} to {row['high']:,.0f}"
        for _, row in rows.iterrows()
    ]
    first = rows["customers"].map("{:,.0f}".format)
    first[moved.NEW] = "–"
    return pd.DataFrame(
        {
            "were": first,
            "ordered since": rows["ordered"].map("{:,.0f}".format),
            "usual here": ranges,
            "": rows["verdict"] if found.earlier else "",
        },
        rows.index,
    )


def _moved_said(found: moved.Moved, first: pd.Timestamp, second: pd.Timestamp) -> str:
    between = f"Between {first:%d %B %Y} and {second:%d %B %Y}"
    if not found.earlier:
        return (
            f"{between}, who moved stands below. Whether that is more than usual cannot be said: "
            "this file holds no two earlier windows of this length to compare with."
        )
    out = found.groups[found.groups["verdict"].isin([moved.FEWER, moved.MORE])]
    if out.empty:
        return f"{between} nothing moved beyond what is usual for this shop."
    parts = [
        f"{name}: {row['ordered']:,.0f} ordered, usual are {row['low']:,.0f} to {row['high']:,.0f}"
        if name != moved.NEW
        else f"new customers: {row['ordered']:,.0f}, usual are {row['low']:,.0f} to "
        f"{row['high']:,.0f}"
        for name, row in out.iterrows()
    ]
    return f"{between} this shop moved more than chance explains. {'; '.join(parts)}."


def _sentence(error: ReaderError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
