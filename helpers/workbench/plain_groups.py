"""Groups in plain words: a card for each, with a name, four figures and what to do; and one light
for the four questions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import quote
from helpers.errors import counted

FAR = 1.5  # times the middle customer's: more orders, or a longer silence, than is usual
COLORS = {"Good": "#009e73", "Usable": "#e69f00", "Shaky": "#d55e00"}

# by orders (one, usual, many) and by the time since the last (short, usual, long)
NAMES = {
    ("one", "short"): ("New, one order", "Make the second order easy: say thanks, and what fits."),
    ("one", "usual"): ("Came once", "Remind them before they forget you."),
    ("one", "long"): ("Came once, long ago", "Leave them out of mail that costs."),
    ("usual", "short"): ("Now and then, here lately", "Show them what is new."),
    ("usual", "usual"): ("Now and then", "Remind them at the time they usually order."),
    ("usual", "long"): ("Fading", "Give them one good reason to come back, then let them rest."),
    ("many", "short"): ("Often and lately", "Thank them; they need no discount."),
    ("many", "usual"): ("Often, a while ago", "Ask them back now, with something of theirs."),
    ("many", "long"): ("Often, now silent", "Write to them yourself, and ask why."),
}
UNKNOWN = ("Group", "Look at what sets it apart, behind “why?”.")


class Card(NamedTuple):
    """A group: how many people, their share of all (0 to 1), the middle one's orders and days since
    the last (NaN where unknown), their share of the money (NaN where unknown), a name and what to
    do."""

    people: int
    share: float
    orders: float
    days: float
    money: float
    name: str
    action: str


class Light(NamedTuple):
    """The four questions in one: "Good", "Usable" or "Shaky", and a sentence."""

    word: str
    sentence: str


def cards(known: pd.DataFrame, labels: np.ndarray) -> list[Card]:
    """A card for each group, by the group's number.

    Args:
        known: Of each customer, those of `recency` (days since the last order), `frequency`
            (orders) and `monetary` (money spent) that are known.
        labels: Whole numbers from 0, (customers,).
    """
    table = known.reindex(columns=["frequency", "recency", "monetary"]).astype("float64")
    groups = table.groupby(np.asarray(labels))
    middle, whole = groups.median(), table.median()
    people, money = groups.size(), groups["monetary"].sum(min_count=1)
    total = table["monetary"].sum()
    named = [_name(middle.loc[group], whole) for group in middle.index]
    names = _apart([name for name, _ in named], (money / people).to_list())
    return [
        Card(
            int(people[group]),
            people[group] / len(table),
            middle.loc[group, "frequency"],
            middle.loc[group, "recency"],
            money[group] / total if total else float("nan"),
            name,
            action,
        )
        for group, name, (_, action) in zip(middle.index, names, named, strict=True)
    ]


def _name(middle: pd.Series, whole: pd.Series) -> tuple[str, str]:
    orders, days = middle["frequency"], middle["recency"]
    if pd.isna(orders) or pd.isna(days):
        return UNKNOWN
    often = "one" if orders <= 1 else "many" if orders > FAR * whole["frequency"] else "usual"
    usual = whole["recency"]
    silent = "short" if days < usual / FAR else "long" if days > usual * FAR else "usual"
    return NAMES[often, silent]


def _apart(names: list[str], each: list[float]) -> list[str]:
    """Names of which no two are alike: of those that are, who spends most each comes first."""
    made = list(names)
    spent = np.nan_to_num(each)
    for name in set(names):
        same = [place for place, other in enumerate(names) if other == name]
        same.sort(key=lambda place: -spent[place])
        words = [str(number + 1) for number in range(len(same))]
        if len(same) == 2 and spent[same[0]] > spent[same[1]]:
            words = ["who spend more", "who spend less"]
        for place, word in zip(same, words, strict=True):
            if len(same) > 1 or name == UNKNOWN[0]:
                made[place] = f"{name} {word}"
    return made


def light(natural: bool, alike: float) -> Light:
    """The light: whether there are groups by nature, and what share of the customers (0 to 1) are
    in the same group when it is made anew of half of them."""
    of_five = ("hardly anybody", "one of five", "two of five", "three of five", "four of five")
    share = "nearly all" if alike >= 0.9 else of_five[min(4, round(5 * alike))]
    stay = f"{share} stay together when they are counted again from other customers"
    if alike < 0.7:
        return Light("Shaky", f"Do not build on these groups: {stay}.")
    if not natural:
        return Light(
            "Usable", f"A useful cut, not species: customers shade into each other; {stay}."
        )
    return Light("Good", f"Groups that your customers form by themselves; {stay}.")


def light_html(shown: Light) -> str:
    """The light with its word, so that it is not told by its color alone."""
    return (
        f"<p role='status'><span class='workbench-light' style='background:{COLORS[shown.word]}'>"
        f"</span><b>{shown.word}.</b> {quote.html(shown.sentence)}</p>"
    )


def cards_html(shown: list[Card], names: list[str]) -> str:
    """The cards, each under the name that it has now."""
    return (
        "<div class='workbench-groups'>"
        + "".join(
            f"<div class='workbench-group'><b>{quote.html(name or card.name)}</b><br>"
            f"{'<br>'.join(_lines(card))}<br>→ {quote.html(card.action)}</div>"
            for card, name in zip(shown, names, strict=True)
        )
        + "</div>"
    )


def _lines(card: Card) -> list[str]:
    lines = [f"{counted(card.people, 'customer')}, {card.share:.0%} of all"]
    if pd.notna(card.orders):
        lines.append(f"about {counted(round(card.orders), 'order')} each")
    if pd.notna(card.days):
        lines.append(f"the last about {counted(round(card.days), 'day')} ago")
    if pd.notna(card.money):
        lines.append(f"{card.money:.0%} of the money")
    return lines
