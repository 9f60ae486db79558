"""What stands first, on the screen of a Monday and on the page for the partner: one sentence, four
figures, and what the orders cannot tell."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from helpers.errors import counted
from helpers.owner.customers import best
from helpers.owner.forecast import MONTH, TRIALS, Coming, coming
from helpers.owner.rhythm import BACK, LEAST, LONG, SURE, slipping, times
from helpers.owner.ways import RECENT, YEAR
from helpers.shop import Shop

WEEKS = 4  # of the forecast that stands first
NEEDED = RECENT + WEEKS + MONTH * (TRIALS - 1)  # weeks of orders for it
DAYS_A_MONTH = 365.25 / 12


class Known(NamedTuple):
    """What several answers of one moment are made of, computed once: the tables of `best` and of
    all regulars (`slipping`, however sure), and `coming` for the next four weeks, or the sentence
    that says why it is not known."""

    best: pd.DataFrame
    regulars: pd.DataFrame
    coming: Coming | str


class Head(NamedTuple):
    """The figures that stand first; `currency` is that of the shop, empty where unknown.

    `first` and `until` are the first order and the moment looked from; `again` are the customers
    who bought on more than one day, `regulars` those who bought on four or more; the shares are
    those of all money (0 to 1, NaN without any). `silent` regulars have been silent for `LONG`
    times their usual gap or longer, whether they have left or not. `coming` are the orders of the
    next four weeks, None where there are too few weeks to say.
    """

    first: pd.Timestamp
    until: pd.Timestamp
    customers: int
    again: int
    total: float
    regulars: int
    share_of_regulars: float
    slipping: int
    share_of_slipping: float
    silent: int
    coming: Coming | None
    currency: str = ""


def known(store: Shop, moment: pd.Timestamp) -> Known:
    """Compute what the first figures and several sections share. Raises ValueError where nobody
    bought before the moment."""
    try:
        ahead: Coming | str = coming(store, moment, WEEKS)
    except ValueError as error:
        ahead = str(error)
    return Known(best(store, moment), slipping(store, moment, sure=0), ahead)


def head(store: Shop, moment: pd.Timestamp, found: Known | None = None) -> Head:
    """Return the first figures at a moment; `found` is what `known` gives, computed where it is not
    there. Raises ValueError like `known`."""
    found = known(store, moment) if found is None else found
    table, known_well, ahead = found
    lost = known_well[known_well["gone"] >= SURE]
    total = table["spent"].sum()
    regulars = table[table["purchases"] > LEAST]
    return Head(
        store.purchases["ordered_at"].min(),
        moment,
        len(table),
        int((table["purchases"] > 1).sum()),
        float(total),
        len(regulars),
        _share(regulars["spent"].sum(), total),
        len(lost),
        _share(lost["spent"].sum(), total),
        int((times(known_well) >= LONG).sum()),
        None if isinstance(ahead, str) else ahead,
        store.currency,
    )


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def in_percent(share: float) -> str:
    """A share in words: "58%", "none" where there is no money."""
    return "none" if pd.isna(share) else f"{share:.0%}"


def orders_ahead(found: Head) -> tuple[str, str]:
    """The orders of the next four weeks: the figure, and what it is."""
    ahead = found.coming
    if ahead is None:
        return "–", "orders in the next four weeks: too few weeks to say"
    around = f"likely {ahead.low:,.0f} to {ahead.high:,.0f} orders"
    return (
        f"about {ahead.orders:,.0f}",
        f"orders in the next four weeks{ahead.buyers}: {around}",
    )


def reach(found: Head) -> tuple[str, list[str]]:
    """What the orders hold, in a sentence, and what they cannot tell, each with what is missing."""
    span = found.until - found.first
    months = span / pd.Timedelta("1D") / DAYS_A_MONTH
    long = counted(round(months), "month") if months >= 2 else counted(span.days, "day")
    holds = (
        f"{counted(found.customers, 'customer')} in {long} of orders; {found.again:,} of them "
        "bought more than once."
    )
    weeks = span // pd.Timedelta("7D")
    lacking = []
    if not found.again:
        lacking.append("Nobody came back, so nothing can be said of who will.")
    elif not found.regulars:
        lacking.append(
            "Nobody bought four times or more, so nobody's rhythm is known and nobody can be said "
            "to slip away."
        )
    elif span < 2 * BACK:
        lacking.append(
            "Who is slipping away is said, but cannot be tried on your own past: that takes a year "
            "of orders."
        )
    if weeks < NEEDED:
        lacking.append(
            f"How many orders will come cannot be said: {NEEDED} weeks of orders are needed, and "
            f"there are {weeks}."
        )
    elif weeks < YEAR + RECENT:
        lacking.append("Last year's season cannot be seen: 15 months of orders are needed for it.")
    if pd.isna(found.share_of_regulars):
        lacking.append("Nothing says what an order was worth, so no money is counted.")
    return holds, lacking
