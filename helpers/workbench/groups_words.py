"""The words of the screen of groups, and how cards and tables are written."""

from __future__ import annotations

import pandas as pd

from helpers import quote
from helpers.errors import counted
from helpers.widgets.kit import to_table

# what is commonly done with such customers; whether it pays, only a campaign with a hold-out tells
ADVICE = {
    "champions": "thank them",
    "loyal": "tell them first what is new",
    "new": "welcome them: the second order is the hard one",
    "active": "show them what goes with what they have",
    "promising": "remind them",
    "needs attention": "write before they forget you",
    "almost lost": "one more reminder",
    "previously loyal": "ask what went wrong",
    "at risk": "win them back, while they know you",
    "dormant": "leave them in peace, or a last try",
    "top customers": "thank them",
    "frequent buyers": "show them more: they come often and spend little",
    "big spenders": "give them a reason to come again",
    "all others who bought lately": "welcome them",
    "top customers, now silent": "ask what went wrong",
    "frequent buyers, now silent": "win them back, while they know you",
    "big spenders, now silent": "remind them of what they bought",
    "all others who are silent": "leave them in peace, or a last try",
}

CARDS = (
    "<style>.groups{display:flex;flex-wrap:wrap;gap:.8rem;margin:.5rem 0}.groups>div{flex:1 1 15rem"
    ";max-width:24rem;border:1px solid #ccc;border-radius:.5rem;padding:.6rem .9rem;line-height:1.4"
    "}.groups h4{margin:0;font-size:1.05rem}.groups p{margin:.3rem 0}.groups .did{color:#555}"
    "</style>"
)

EXPLAINED = {
    True: "<p>The names are those of Shopify's customer groups. Last order, number of orders and "
    "money are each cut into fifths of your own customers (5: the best); a group is a range of the "
    "first and of the mean of the other two. Shopify does not say where it draws every line: these "
    "lines are ours, so counts may differ from those in your shop system.</p>",
    False: "<p>The lines are yours: lately, often, much. They stay where they are, whatever your "
    "customers do.</p>",
}
NEXT_WHY = (
    "<p>What a group did next is seen on the groups as they were 91 days before the last order, by "
    "the same rules. “Lapsed”: of those who had ordered in the quarter before, the share without "
    "an order in the quarter after. In brackets, the range that the truth lies in with 95 % "
    "certainty (Wilson intervals; money by bootstrap; the difference by Newcombe's method).</p>"
)
RETURN_WHY = (
    "<p>A row is the customers who ordered for the first time in it (their number in brackets), a "
    "column how much later. Only what is over is shown; canceled orders do not count. The first "
    "rows of a file hold customers who had ordered before it begins, too. The saved file has all "
    "rows, each share with its 95 % interval.</p>"
)
MOVED_WHY = (
    "<p>Customers move between groups only by ordering or not. So of each group it is counted who "
    "ordered between the two dates, beside how many customers like them (silent as long, as many "
    "orders in the last year, customers as long) did in earlier windows of the same length in this "
    "file: a logistic regression, its uncertainty, chance, and how much whole windows differed. "
    "The bands are made to hold all at once (Bonferroni). Of 1,000 simulated shops that do not "
    "change, 27 showed something outside (2.7 %, 1.9 to 3.9). Where all customers of such shops "
    "ordered 30 % less from the first date on, 15 to 72 of 100 showed it with 500 new customers a "
    "year, and 100 of 100 with 2,000; 50 % less, 85 to 100. A season that the earlier windows "
    "do not hold can look like a change: compare with the same months of last year.</p>"
)


def card(name: str, many: str, facts: str, did: str, advice: str) -> str:
    """One group as a card."""
    title = f"{name[:1].upper()}{name[1:]}"
    lines = [
        f"<h4>{quote.html(title)}: {quote.html(many)} {'person' if many == '1' else 'people'}</h4>",
        f"<p>{quote.html(facts)}</p>",
        f"<p>→ <b>{quote.html(advice)}</b></p>",
        f"<p class='did'>{quote.html(did)}</p>" if did else "",
    ]
    return f"<div>{''.join(lines)}</div>"


def folded(title: str, inner: str) -> str:
    """A folded part; `inner` is HTML already."""
    return f"<details><summary>{quote.html(title)}</summary>{inner}</details>"


def table(shown: pd.DataFrame, caption: str) -> str:
    """A table whose every cell is a value, never markup."""
    return to_table(shown.rename_axis(None), caption)


def share(part: float) -> str:
    """A share of all money; where there is none, of nothing."""
    return "none" if pd.isna(part) else f"{part:.0%}"


def days(number: float) -> str:
    """Whole days."""
    return counted(round(number), "day")


def span(first: pd.Timestamp, end: pd.Timestamp) -> str:
    """How long a file is, in months from three of them on."""
    number = (end - first) / pd.Timedelta("1D")
    return f"{number / 30.44:.0f} months" if number > 90 else counted(round(number), "day")
