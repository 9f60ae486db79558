"""What the screens of a campaign and of its result have done in the child process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import campaign
from helpers.campaign import Plan, Result
from helpers.campaign.audiences import NARROWER
from helpers.campaign.choosing import Wishes, ordered_anyway, who_may
from helpers.campaign.plan import held
from helpers.owner import named_groups
from helpers.shop import Shop
from helpers.workbench import work

DAY = pd.Timedelta("1D")


class Audience(NamedTuple):
    """An audience as the screen offers it: how many are in it; how many of them a plan takes, with
    and without those of whom consent is unknown (True and False); and whether each of those it
    would have taken four weeks ago ordered since (`campaign.plan.ordered_anyway`)."""

    customers: int
    taken: dict[bool, int]
    ordered: dict[bool, np.ndarray | None]


class Offered(NamedTuple):
    """The audiences by name; the day after the last order; how many buyers there are, how many with
    an e-mail address, and whether the file says who may be written to."""

    audiences: dict[str, Audience]
    as_of: pd.Timestamp
    customers: int
    with_email: int
    says_consent: bool


def offer(source: work.Source, days: int, say) -> Offered:
    """All audiences at the day after the last order, for the screen to choose from."""
    store = work.orders_of(source, say)
    as_of = store.last.normalize() + DAY
    people = store.people
    found = {}
    every = (*campaign.AUDIENCES, *NARROWER)
    for number, who in enumerate(every):
        say(number / len(every), f"counting: {who}")
        try:
            found[who] = _audience(store, as_of, who, days)
        except campaign.CampaignError:
            raise
        except ValueError:  # nobody bought twice, so nobody is known to be likely to buy
            found[who] = Audience(0, {False: 0, True: 0}, {False: None, True: None})
    buyers = named_groups.buyers_at(store, as_of).index
    emails, says = 0, False
    if people is not None:
        known = people[people["customer_id"].isin(buyers)]
        emails, says = int(known["email"].notna().sum()), bool(people["consent"].notna().any())
    return Offered(found, as_of, len(buyers), emails, says)


def _audience(store: Shop, as_of: pd.Timestamp, who: str, days: int) -> Audience:
    table = campaign.audience(store, as_of, who)
    taken, ordered = {}, {}
    for unknown_too in (False, True):
        wishes = Wishes(unknown_too)
        taken[unknown_too] = len(who_may(table, store.people, wishes)[0])
        ordered[unknown_too] = ordered_anyway(store, as_of, who, days, wishes)
    return Audience(len(table), taken, ordered)


def count(
    source: work.Source, plans: Sequence[Plan], starts: pd.Timestamp, apart: bool, say
) -> dict[str, dict[bool, int]]:
    """How many of each audience a plan takes that starts on a day, by whether those of whom consent
    is unknown are taken, too: without those whom other campaigns keep back then (`apart`: or write
    to)."""
    store = work.orders_of(source, say)
    as_of = store.last.normalize() + DAY
    kept = held(plans, starts, apart)
    found = {}
    every = (*campaign.AUDIENCES, *NARROWER)
    for number, who in enumerate(every):
        say(number / len(every), f"counting: {who}")
        try:
            table = campaign.audience(store, as_of, who)
        except campaign.CampaignError:
            raise
        except ValueError:  # nobody bought twice, so nobody is known to be likely to buy
            continue
        found[who] = {
            unknown_too: len(who_may(table, store.people, Wishes(unknown_too, held=kept))[0])
            for unknown_too in (False, True)
        }
    return found


class Made(NamedTuple):
    """A plan, and the names and addresses of those in it (None where the file knows none)."""

    plan: Plan
    people: pd.DataFrame | None


def make(source: work.Source, who: str, name: str, wishes: dict, say) -> Made:
    """Plan a campaign on what is known at the day after the last order; `wishes` are those of
    `campaign.make`."""
    store = work.orders_of(source, say)
    say(0.3, "choosing whom to write to")
    plan = campaign.make(store, store.last.normalize() + DAY, who, name, **wishes)
    people = store.people
    if people is not None:
        people = people[people["customer_id"].isin(plan.customers.index)]
    return Made(plan, people)


def read(source: work.Source, text: str, say) -> tuple[Plan, Result]:
    """The plan in a JSON text, and what came of it by the orders that are loaded."""
    store = work.orders_of(source, say)
    say(0.3, "comparing those written to with those kept back")
    plan = campaign.from_json(text)
    return plan, campaign.result(plan, store)
