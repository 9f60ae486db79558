"""What the screens of customers and of orders to come have computed in the child process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from helpers import features, owner, plots, quote
from helpers.errors import counted
from helpers.owner import one_customer, rhythm
from helpers.owner.buyers import Buyers
from helpers.owner.rhythm import GONE, LEAST, STEPS, Back
from helpers.shop import Shop
from helpers.workbench import work


class People(NamedTuple):
    """What the screen of customers shows: what this file can answer, as sentences; all buyers
    (`owner.best`) and all regulars (`owner.slipping`), with `name` and `email` where known; how
    lists of regulars did half a year ago, by how sure one was, or why that is not known; and, where
    no regular seems to have left, whether silence says anything here."""

    says: list[str]
    best: pd.DataFrame
    regulars: pd.DataFrame
    tried: dict[float, Back]
    untried: str
    silence: str


@dataclass
class _Kept:
    """What was looked at last, so that a question about one customer is answered at once."""

    source: work.Source | None = None
    known: one_customer.Known | None = None


_kept = _Kept()


def customers(source: work.Source, say) -> People:
    """Look at all customers of the shop that is loaded, at the midnight after the last order."""
    store = work.orders_of(source, say)
    moment = features.end_of(store)
    say(0.1, "counting customers")
    there = owner.buyers(store, moment)
    say(0.2, "what each has spent and is expected to spend")
    best = with_names(owner.best(store, moment), store)
    say(0.5, "who is silent for longer than usual")
    regulars = with_names(owner.slipping(store, moment, sure=0), store)
    tried, untried = _tried(store, moment, there)
    silence = ""
    if len(regulars) and not (regulars["gone"] >= STEPS[0]).any():
        silence = rhythm.nobody_left(None if untried else rhythm.silence(store, moment))
    says = _says(there) + ([f"Money is in {store.currency}."] if store.currency else [])
    return People(says, best, regulars, tried, untried, silence)


def _tried(store: Shop, moment: pd.Timestamp, there: Buyers) -> tuple[dict[float, Back], str]:
    if not there.regulars:
        return {}, ""
    if there.days < 2 * rhythm.BACK.days:
        return {}, (
            "Whether people on such a list come back cannot be told from this file: it takes a "
            "year of orders."
        )
    return rhythm.came_back_at(store, moment, STEPS), ""


def with_names(table: pd.DataFrame, store: Shop) -> pd.DataFrame:
    """The table with `name` and `email` of each customer where the shop knows any, and whether
    they may be written to, in words, where it says that."""
    people = store.people
    if people is None:
        return table
    known = people.set_index("customer_id")
    beside = [name for name in ("name", "email") if known[name].notna().any()]
    table = pd.concat([known[beside].reindex(table.index), table], axis=1)
    if known["consent"].notna().any():
        said = known["consent"].map({True: "yes", False: "no"}).reindex(table.index)
        table["may be written to"] = said.astype("str").where(said.notna(), "unknown")
    return table


def _says(there: Buyers) -> list[str]:
    """What this file can and cannot answer about customers."""
    since = f"since {_day(there.first)}"
    said = [
        f"This file holds {counted(there.buyers, 'buyer')} {since}: {there.repeaters:,} came "
        f"again, and {there.regulars:,} are regulars: they ordered on four days or more."
    ]
    if not there.repeaters:
        said.append("Nobody bought twice, so nothing can be said of what is to come.")
    elif not there.regulars:
        said.append(
            "It can say what to expect of them. Who is slipping away it cannot: nobody has bought "
            "four times, and before that nobody knows a customer's own rhythm."
        )
    else:
        others = there.buyers - there.regulars
        said.append(
            f"It can say what to expect of all of them, and which of the {there.regulars:,} are "
            f"slipping away; the other {others:,} ordered too seldom to know what is usual for "
            "them."
        )
    return said


def one(source: work.Source, customer: str, say) -> str:
    """One customer's page, as HTML. Raises ValueError for somebody who is not there."""
    store = work.orders_of(source, say)
    if _kept.source != source or _kept.known is None:
        say(0.3, "looking at all customers")
        _kept.known = one_customer.know(store, features.end_of(store))
        _kept.source = source
    try:
        found = owner.one(_kept.known, customer)
    except KeyError:
        raise ValueError(f"There is no customer {customer} with an order.") from None
    return page_of(found, _kept.known)


def page_of(found: one_customer.One, known: one_customer.Known) -> str:
    """The answers for one customer in words."""
    first = found.days["day"].iloc[0]
    spent = quote.html(quote.money(found.spent, known.currency))
    head = (
        f"<p>{counted(found.purchases, 'purchase')} since {_day(first)}, "
        f"{spent} spent in all; the last on {_day(found.last_order)}, "
        f"{counted(round(found.silent), 'day')} ago.</p>"
    )
    parts = [head, _picture(found, known.moment), *_next(found), _reason(found, known)]
    parts += [_what_if(found, known), _why(found, known)]
    return "".join(parts)


def _day(moment: pd.Timestamp) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _next(found: one_customer.One) -> list[str]:
    if pd.isna(found.gone):
        return [
            "<p><b>When they will order next cannot be said</b>: it takes four purchases to know a "
            "customer's own rhythm.</p>"
        ]
    rhythm_said = (
        f"Usually every {counted(round(found.usual), 'day')}, silent for {round(found.silent):,}."
    )
    if found.next_order is None and found.gone >= GONE:
        return [f"<p><b>Probably gone.</b> {rhythm_said}</p>"]
    if found.next_order is None:
        times = found.silent / max(found.usual, 1)
        return [
            f"<p><b>When they will order next cannot be said</b>: {rhythm_said} That is "
            f"{times:.0f} times as long as usual for them.</p>"
        ]
    return [f"<p><b>Next order expected around {_day(found.next_order)}.</b> {rhythm_said}</p>"]


def _reason(found: one_customer.One, known: one_customer.Known) -> str:
    back = found.alike
    if back.share is None:
        return ""
    if pd.isna(found.gone):
        like = f"with {counted(found.purchases, 'purchase')} and silent for about as long"
    else:
        like = "as regular, and as silent for their rhythm"
    return (
        f"<p>Half a year ago this file held {counted(back.listed, 'customer')} {like}: "
        f"{back.share.estimate:.0%} ({back.share.low:.0%} to {back.share.high:.0%}) have ordered "
        "since.</p>"
    )


def _what_if(found: one_customer.One, known: one_customer.Known) -> str:
    if pd.isna(found.expected):
        return "<p>What they will spend cannot be said from this file.</p>"
    expected = quote.money(found.expected, known.currency)
    if_today = quote.money(found.if_today, known.currency)
    return (
        f"<p>In the next 12 months they are expected to spend <b>{quote.html(expected)}</b>. If "
        f"they order today, that goes to <b>{quote.html(if_today)}</b> (without today's order).</p>"
    )


def _why(found: one_customer.One, known: one_customer.Known) -> str:
    said = [
        "All orders of a day are one purchase. What is expected is the number of purchases by the "
        "model BG/NBD times the worth of one by Gamma-Gamma, fitted to all customers of the file: "
        "no season, no price and no mail enters. “If they order today” is the same with one "
        "purchase more; it says what such customers do, not what a mail would bring about."
    ]
    if pd.isna(found.gone):
        said.append(
            "The model takes nobody who bought once for gone, so of customers with fewer than "
            f"{LEAST + 1} purchases no chance of being gone is shown; what it expects of those who "
            "bought once long ago is rather too much."
        )
    else:
        said.append(f"Probability of being gone, by the model: {found.gone:.0%}.")
        said.append(_rule_said(known.next_day))
    items = "".join(f"<p>{quote.html(text)}</p>" for text in said)
    return f"<details><summary>why?</summary>{items}</details>"


def _rule_said(chosen: one_customer.NextDay) -> str:
    rule = f"The day of the next order is {one_customer.RULES[chosen.rule]}."
    if not chosen.tried or chosen.difference is None:
        return f"{rule} Too few regulars have bought since, half a year ago, to try it."
    (other,) = set(chosen.misses) - {chosen.rule}
    gap = chosen.difference
    return (
        f"{rule} Tried half a year ago on the {chosen.tried:,} regulars who have bought since: in "
        f"the middle case it missed the day by {chosen.misses[chosen.rule]:.0f} days, and "
        f"{one_customer.RULES[other]} by {chosen.misses[other]:.0f}; on average it missed by "
        f"{-gap.estimate:.1f} days less ({-gap.high:.1f} to {-gap.low:.1f}), which is why it was "
        "chosen."
    )


def _picture(found: one_customer.One, moment: pd.Timestamp) -> str:
    """Each purchase as a line as high as its amount, up to today."""
    plots.use_style()
    figure = Figure(figsize=(7, 1.7), layout="constrained")
    ax = figure.subplots()
    days = found.days
    ax.vlines(days["day"], 0, days["amount"], color=plots.BLUE, linewidth=2)
    ax.axvline(moment, color=plots.GRAY, linestyle=":")
    first = days["day"].iloc[0]
    room = max(pd.Timedelta("7D"), (moment - first) * 0.02)
    ax.set_xlim(first - room, moment + room)
    ax.set_ylim(bottom=min(0, float(days["amount"].min())))
    ax.set_title("Purchases and what each brought; dotted, today", loc="left", fontsize=10)
    ax.tick_params(labelsize=8)
    said = (
        f"{counted(len(days), 'purchase')} between {_day(first)} and {_day(days['day'].iloc[-1])}, "
        f"from {days['amount'].min():,.0f} to {days['amount'].max():,.0f}."
    )
    return plots.to_html(figure, said)
