"""Whom of an audience a plan takes: consent first, then addresses, then whether a mail pays."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import evaluation, lifetime
from helpers.campaign.audiences import HALF_YEAR, LOOKS_BACK, CampaignError, audience, pays
from helpers.evaluation import Interval
from helpers.shop import Shop

LEFT_OUT = (
    "did not agree to mails",
    "not known whether they agreed to mails",
    "no e-mail address",
    "same e-mail as another",
    "in another campaign at the time",
)


class Wishes(NamedTuple):
    """Whom of an audience a plan takes: those of whom consent is unknown, too; those without an
    e-mail address, too (for letters); only those for whom a mail that brings the share `lift` more
    pays, at a cost of a contact and a margin (None for all); nobody of those `held` by another
    campaign, by `customer_id`."""

    unknown_too: bool = False
    letters_too: bool = False
    lift: float | None = None
    cost: float = 0.0
    margin: float = 0.3
    held: frozenset[str] = frozenset()


ALL_WHO_MAY = Wishes()


def chosen(
    store: Shop, moment: pd.Timestamp, who: str, days: int, wishes: Wishes
) -> tuple[pd.DataFrame, dict[str, int]]:
    """The customers of an audience whom a plan takes, and how many were left out, by reason."""
    found, left_out = who_may(audience(store, moment, who), store.people, wishes)
    if wishes.lift is None:
        return found, left_out
    worth = pays(store, moment, days, wishes.lift, wishes.margin, wishes.cost).reindex(found.index)
    left_out["it would not pay"] = int(worth.eq(False).fillna(False).sum())
    left_out["not known whether it would pay"] = int(worth.isna().sum())
    return found[worth.fillna(False).astype(bool)], left_out


def who_may(
    found: pd.DataFrame, people: pd.DataFrame | None, wishes: Wishes = ALL_WHO_MAY
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Those of an audience who may be written to, and how many were left out, by reason; `people`
    as in `Shop`: also who is in no audience may have refused an address."""
    held = pd.Series(found.index.isin(wishes.held), found.index)
    if people is None:
        return found[~held], {LEFT_OUT[4]: int(held.sum())}
    address = people["email"].str.strip().str.lower()
    refused = address[people["consent"].eq(False).fillna(False)].dropna()
    known = people.assign(address=address).set_index("customer_id").reindex(found.index)
    out = pd.Series("", found.index)
    no = known["consent"].eq(False).fillna(False) | known["address"].isin(refused)
    if people["consent"].notna().any():  # the file says it of somebody
        out[known["consent"].isna() & ~no] = "" if wishes.unknown_too else LEFT_OUT[1]
        out[no] = LEFT_OUT[0]
    if address.notna().any() and not wishes.letters_too:
        out[known["address"].isna() & (out == "")] = LEFT_OUT[2]
    theirs = address[people["customer_id"].isin(wishes.held)].dropna()
    out[(held | known["address"].isin(theirs)) & (out == "")] = LEFT_OUT[4]
    here = known["address"].where(out == "")
    out[here.notna() & here.duplicated()] = LEFT_OUT[3]
    counts = {why: int((out == why).sum()) for why in LEFT_OUT}
    return found[out == ""], counts


def ordered_anyway(
    store: Shop, moment: pd.Timestamp, who: str, days: int, wishes: Wishes = ALL_WHO_MAY
) -> np.ndarray | None:
    """Whether each customer whom such a plan would have taken `days` before ordered in these days,
    in its order: (customers,) of bool. None where the orders do not reach back as far as the
    audience looks, or half a year, before that, or nobody would have been in it.

    Consent is that of today: a file does not say since when.
    """
    then = moment - pd.Timedelta(days, "D")
    first = store.purchases["ordered_at"].min()
    if not first <= then - LOOKS_BACK.get(who, HALF_YEAR):
        return None
    try:
        listed = chosen(store, then, who, days, wishes)[0].index
    except CampaignError:
        raise
    except ValueError:  # nobody had bought, or not twice
        return None
    if listed.empty:
        return None
    return (_came(store, then, days).reindex(listed) > 0).to_numpy()


@lru_cache(maxsize=1)  # every audience asks for the same
def _came(store: Shop, then: pd.Timestamp, days: int) -> pd.Series:
    return lifetime.purchases_after(store, then, f"{days}D")


def usual(ordered: np.ndarray | None, many: int | None = None) -> Interval | None:
    """The share of the first `many` of `ordered_anyway`, with its interval; None of nobody."""
    some = None if ordered is None else ordered[:many]
    if some is None or not len(some):
        return None
    return evaluation.proportion_interval(int(some.sum()), len(some))
