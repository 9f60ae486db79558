"""What the screens of a campaign and of its result have done in the child process."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from helpers import campaign
from helpers.campaign import Plan, Result
from helpers.campaign.plan import who_may
from helpers.evaluation import Interval
from helpers.shop import Customers, Shop
from helpers.workbench import work

DAY = pd.Timedelta("1D")


class Audience(NamedTuple):
    """An audience as the screen offers it: how many are in it, how many of them may be written to
    (None where the file says it of nobody), the share that orders anyway within four weeks (None
    where the past does not say), and the mean of what is expected of each."""

    customers: int
    may: int | None
    usual: Interval | None


class Offered(NamedTuple):
    """The audiences by name, and how many buyers have a known e-mail address and consent."""

    audiences: dict[str, Audience]
    customers: int
    with_email: int
    says_consent: bool


def _orders(source: work.Source, say) -> Shop:
    store = work._store(source, say)
    if isinstance(store, Customers):
        raise ValueError(
            "This table has one row a customer and says nothing of when they ordered. Load your "
            "orders to plan a campaign or to read its result."
        )
    return store


def offer(source: work.Source, days: int, say) -> Offered:
    """All audiences at the day after the last order, for the screen to choose from."""
    store = _orders(source, say)
    as_of = store.last.normalize() + DAY
    people = store.people
    says = people is not None and bool(people["consent"].notna().any())
    found = {}
    for number, who in enumerate(campaign.AUDIENCES):
        say(number / len(campaign.AUDIENCES), f"counting: {who}")
        table = campaign.audience(store, as_of, who)
        may = len(who_may(table, people)[0]) if says else None
        found[who] = Audience(len(table), may, campaign.usual(store, as_of, who, days))
    emails = 0 if people is None else int(people["email"].notna().sum())
    return Offered(found, store.purchases["customer_id"].nunique(), emails, says)


class Made(NamedTuple):
    """A plan, and the names and addresses of those in it (None where the file knows none)."""

    plan: Plan
    people: pd.DataFrame | None


def make(source: work.Source, who: str, name: str, wishes: dict, say) -> Made:
    """Plan a campaign from the day after the last order on; `wishes` are those of
    `campaign.make`."""
    store = _orders(source, say)
    say(0.3, "choosing whom to write to")
    plan = campaign.make(store, store.last.normalize() + DAY, who, name, **wishes)
    people = store.people
    if people is not None:
        people = people[people["customer_id"].isin(plan.customers.index)]
    return Made(plan, people)


def read(source: work.Source, text: str, say) -> tuple[Plan, Result]:
    """The plan in a JSON text, and what came of it by the orders that are loaded."""
    store = _orders(source, say)
    say(0.3, "comparing those written to with those kept back")
    plan = campaign.from_json(text)
    return plan, campaign.result(plan, store)
