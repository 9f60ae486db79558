"""Who is slipping away: regulars who are silent for longer than their own rhythm explains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from helpers import evaluation, features, lifetime
from helpers.errors import counted
from helpers.evaluation import Interval
from helpers.shop import Shop

LEAST = 3  # repeat purchases: of fewer nobody knows a rhythm
SURE = 0.5  # more likely gone than not
GONE = 0.8  # probably gone
STEPS = (0.5, 0.6, 0.7, 0.8, 0.9)  # how sure one may want to be that somebody has left
LONG = 3.0  # times their usual gap: silent for long
BACK = pd.Timedelta("182D")  # a regular who is silent for so long has left


class Back(NamedTuple):
    """How a list of half a year ago did: how many were on it, and the share of them who have bought
    since, with its interval (None of an empty list)."""

    listed: int
    share: Interval | None


class Silence(NamedTuple):
    """What regulars of half a year ago have done since: those who had been silent for `LONG` times
    their usual gap or longer, and the others."""

    long: Back
    others: Back


def slipping(store: Shop, as_of: str | pd.Timestamp, sure: float = SURE) -> pd.DataFrame:
    """Return the regulars who have left with a probability of at least `sure`, best first.

    The probability is BG/NBD's (`lifetime.BetaGeometric`), fitted to all buyers; who bought fewer
    than four times is never on the list, because the model knows no rhythm of theirs.

    Args:
        store: The shop; orders that stand strictly before `as_of` count.
        as_of: The cut-off.
        sure: From 0 (every regular) to 1 (nobody).

    Returns:
        By `customer_id`, by money spent: `last_order` (day), `usual` (days: the median between two
        purchases), `silent` (days since the last one), `purchases`, `spent`, `gone` (probability).
        Empty where nobody bought twice.

    Raises:
        ValueError: `as_of` is no moment in time, nobody bought before it, or `sure` is not from 0
            to 1.
    """
    if not 0 <= sure <= 1:
        raise ValueError(f"sure is a probability from 0 to 1, not {sure}")
    moment = features.cutoff(as_of)
    past = lifetime.history(store, moment)
    regular = past["repeats"] >= LEAST
    if regular.any():
        gone = 1 - lifetime.BetaGeometric.fit(past).probability_alive(past)
    else:
        gone = pd.Series(0.0, past.index)
    listed = past[regular & (gone >= sure)]
    silent = listed["age"] - listed["last"]
    purchases = listed["repeats"].astype("int64") + 1
    table = pd.DataFrame(
        {
            "last_order": moment - pd.to_timedelta(silent, "D"),
            "usual": usual(store, moment).reindex(listed.index),
            "silent": silent,
            "purchases": purchases,
            "spent": (listed["value"] * purchases).round(2),
            "gone": gone[listed.index],
        },
        index=listed.index,
    )
    return table.sort_values("spent", ascending=False, kind="stable")


def usual(store: Shop, as_of: str | pd.Timestamp) -> pd.Series:
    """The median number of days between two purchases of each buyer before `as_of`, by
    `customer_id`; NaN with only one."""
    days = lifetime.purchase_days(store, as_of)
    between = days.groupby("customer_id")["day"].diff() / pd.Timedelta("1D")
    return between.groupby(days["customer_id"]).median().rename("usual")


def step(gone: float) -> int:
    """How many of `STEPS` a probability of having left reaches, 0 to 5."""
    return sum(gone >= sure for sure in STEPS)


def in_ten(gone: float) -> str:
    """A probability of having left in words, never more sure than nine in ten: "6 in 10"."""
    return f"{min(9, int(10 * gone + 1e-9))} in 10"


def came_back(
    store: Shop, as_of: str | pd.Timestamp, sure: float = SURE
) -> tuple[int, Interval | None]:
    """Try the list on the shop's own past: made half a year ago, how many of it came back?

    Returns how many were on that list, and the share of them who bought in the 182 days after it,
    with its interval (None of an empty list). Raises ValueError like `slipping`.
    """
    return came_back_at(store, as_of, [sure])[sure]


def came_back_at(
    store: Shop, as_of: str | pd.Timestamp, steps: Sequence[float]
) -> dict[float, Back]:
    """`came_back` for several values of `sure` at once, by value: one fit for all of them."""
    then = features.cutoff(as_of) - BACK
    gone = slipping(store, then, sure=0)["gone"]
    came = lifetime.purchases_after(store, then, BACK).reindex(gone.index) > 0
    return {sure: _back(came[gone >= sure]) for sure in steps}


def silence(store: Shop, as_of: str | pd.Timestamp) -> Silence:
    """Whether silence says anything in this shop: of the regulars of 182 days before `as_of`, how
    many of those silent for long have bought since, and how many of the others. Raises ValueError
    like `slipping`."""
    then = features.cutoff(as_of) - BACK
    regulars = slipping(store, then, sure=0)
    came = lifetime.purchases_after(store, then, BACK).reindex(regulars.index) > 0
    long = times(regulars) >= LONG
    return Silence(*(_back(came[some]) for some in (long, ~long)))


def times(regulars: pd.DataFrame) -> pd.Series:
    """How many times as long as usual for them the customers of `slipping` are silent; the usual
    gap is a day at least."""
    return regulars["silent"] / regulars["usual"].clip(lower=1)


def nobody_left(found: Silence | None) -> str:
    """What is to be said where no regular seems to have left; `found` is what such customers have
    done since, None where that is not known."""
    said = (
        "No regular can be said to have left: by the model of this file, customers come back after "
        "long silences, too."
    )
    if found is None or found.long.share is None or found.others.share is None:
        return said
    return (
        f"{said} Half a year ago {counted(found.long.listed, 'regular')} had been silent for "
        f"{LONG:.0f} times as long as usual for them, or longer: {_in_words(found.long.share)} "
        f"have ordered since; of the other {found.others.listed:,}, "
        f"{_in_words(found.others.share)}."
    )


def _in_words(share: Interval) -> str:
    return f"{share.estimate:.0%} ({share.low:.0%} to {share.high:.0%})"


def _back(came: pd.Series) -> Back:
    if not len(came):
        return Back(0, None)
    return Back(len(came), evaluation.proportion_interval(int(came.sum()), len(came)))
