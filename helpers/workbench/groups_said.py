"""What the screen of groups says of its results: sentences, cards and tables as HTML."""

from __future__ import annotations

import pandas as pd

from helpers import evaluation, quote
from helpers.errors import counted
from helpers.evaluation import Interval
from helpers.owner import cohorts, followed, moved, named_groups
from helpers.owner.cohorts import Retention
from helpers.shop import Shop
from helpers.workbench.groups_words import ADVICE, card, days, share, span, table

SOME = 10  # customers: of a smaller group nothing is said beside others


def can_answer(store: Shop, customers: pd.DataFrame, first: pd.Timestamp, end: pd.Timestamp) -> str:
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


def verdict(since: pd.DataFrame, name: str) -> str:
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
        f"{found.share_of_others:.0%} (a difference of {points}). {_as_often(since, name)}</p>"
    )


def _as_often(since: pd.DataFrame, name: str) -> str:
    """Which other groups came back as often as this one, as far as can be told."""
    of = {other: (round(row["ordered"] * row["before"]), int(row["before"]))
          for other, row in since.iterrows()}  # fmt: skip
    alike = [
        f"“{other}” ({came / many:.0%} of {many:,})"
        for other, (came, many) in of.items()
        if other != name
        and many >= SOME
        and evaluation.difference_of_proportions(*of[name], came, many).low <= 0
    ]
    if not alike:
        return "No other group came back as often."
    return f"As often, as far as can be told, came {', '.join(map(quote.html, alike))}."


def card_of(name: str, row: pd.Series, since: pd.DataFrame | None) -> str:
    facts = (
        f"about {counted(round(row['orders']), 'order')} each, the last {days(row['silent'])} ago, "
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
        did += "."
    elif since is not None:
        did = "A quarter ago nobody was in it."
    return card(name, f"{row['customers']:,.0f}", facts, did, ADVICE[name])


def waiting(many: int) -> str:
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


def what_next(since: pd.DataFrame) -> str:
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


def came_again(found: Retention) -> str:
    word = cohorts.WORDS[found.every]
    parts = []
    for later in (1, 3, 6, 12) if found.every == "M" else (1, 2, 4):
        came = cohorts.came_again(found, later)
        if came is not None:
            parts.append(f"{_of(came[1])} in {word} {later} after (of {came[0]:,} customers)")
    return (
        f"<p><b>Who orders for the first time in this file comes back:</b> {'; '.join(parts)}.</p>"
    )


def _of(one: Interval) -> str:
    return f"{one.estimate:.1%} ({one.low:.1%} to {one.high:.1%})"


def compared(found: moved.Moved, day: pd.Timestamp, second: pd.Timestamp) -> pd.DataFrame:
    rows = found.groups
    ranges = [
        "–" if pd.isna(row["low"]) else f"{row['low']:,.0f} to {row['high']:,.0f}"
        for _, row in rows.iterrows()
    ]
    first = rows["customers"].map("{:,.0f}".format)
    first[moved.FRESH] = "–"
    now = found.flows.sum().reindex(rows.index).map("{:,.0f}".format).replace("nan", "–")
    return pd.DataFrame(
        {
            f"on {day:%d %B %Y}": first,
            f"on {second:%d %B %Y}": now,
            "ordered since": rows["ordered"].map("{:,.0f}".format),
            "usual here": ranges,
            "": rows["verdict"] if found.earlier else "",
        },
        rows.index,
    )


def moved_said(found: moved.Moved, first: pd.Timestamp, second: pd.Timestamp) -> str:
    between = f"Between {first:%d %B %Y} and {second:%d %B %Y}"
    if not found.earlier:
        return (
            f"{between}, who moved stands below. Whether that is more than usual cannot be said: "
            "this file holds no two earlier windows of this length to compare with."
        )
    out = found.groups[found.groups["verdict"].isin([moved.FEWER, moved.MORE])]
    if out.empty:
        return f"{between} as many of each group ordered as is usual for this shop."
    parts = [
        f"{name}: {row['ordered']:,.0f} ordered, usual are {row['low']:,.0f} to {row['high']:,.0f}"
        if name != moved.FRESH
        else f"{name}: {row['ordered']:,.0f}, usual are {row['low']:,.0f} to {row['high']:,.0f}"
        for name, row in out.iterrows()
    ]
    return (
        f"{between} this shop moved more than chance explains. That can be a season: compare with "
        f"these dates a year earlier. {'; '.join(parts)}."
    )


def capital(text: str) -> str:
    """A sentence begins with a capital."""
    return text[:1].upper() + text[1:]
