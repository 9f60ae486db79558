"""The plan of a campaign: who is written to, who is kept back, and what that can show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers import experiments, features
from helpers.campaign.audiences import CampaignError
from helpers.campaign.choosing import Wishes, chosen, ordered_anyway, usual
from helpers.errors import counted
from helpers.evaluation import Interval
from helpers.shop import Shop

WRITTEN, KEPT = "written to", "kept back"
LEAST = 20  # customers: fewer are not divided, only written to
BEFORE = pd.Timedelta("91D")  # the past that the result is adjusted by


@dataclass(frozen=True, eq=False)
class Plan:
    """A campaign as it was planned; `save` and `load` keep it.

    Attributes:
        name: The campaign's own name: another name draws other customers to keep back.
        shop: The name of the shop's file.
        audience: Whom it is for.
        starts: The day from which orders count.
        days: How many days of orders count.
        keep_back: The share kept back; 0 where nobody is, and nothing can be compared.
        cost, margin: What a contact costs, and the share of the money that stays.
        usual: The share of such an audience that orders in so many days anyway, with its interval;
            None where the past does not say.
        left_out: How many of the audience were left out, by reason.
        drawn: How many were drawn into each arm.
        customers: By `customer_id`: `arm` ("written to" or "kept back"), `reason`, `spent_before`
            (in the 91 days before the cut-off). No name; an e-mail only where it is the number.
    """

    name: str
    shop: str
    audience: str
    starts: pd.Timestamp
    days: int
    keep_back: float
    cost: float
    margin: float
    usual: Interval | None
    left_out: dict[str, int]
    drawn: dict[str, int]
    customers: pd.DataFrame

    @property
    def written(self) -> int:
        """How many are written to."""
        return int((self.customers["arm"] == WRITTEN).sum())

    @property
    def kept(self) -> int:
        """How many are kept back."""
        return len(self.customers) - self.written

    @property
    def ends(self) -> pd.Timestamp:
        """The first day whose orders count no more."""
        return self.starts + pd.Timedelta(self.days, "D")


def make(
    store: Shop,
    as_of: str | pd.Timestamp,
    who: str,
    name: str,
    *,
    many: int | None = None,
    keep_back: float = 0.2,
    days: int = 28,
    cost: float = 0.0,
    margin: float = 0.3,
    lift: float | None = None,
    unknown_too: bool = False,
    letters_too: bool = False,
    starts: str | pd.Timestamp | None = None,
    earlier: Sequence[Plan] = (),
    apart: bool = False,
) -> Plan:
    """Plan a campaign on what is known at `as_of`.

    First consent: whoever may not be written to is left out, with everybody of the same e-mail
    address, and whoever it is unknown of, too, unless `unknown_too`; where the file says it of
    nobody, nobody is left out. Where the file has e-mail addresses, those without one are left out
    unless `letters_too`; of several customers with one address the first stays. Then, if wanted,
    only those for whom a mail pays, and the first `many`. Of these the share `keep_back` is drawn
    by hash (`experiments.assign`).

    Args:
        store: The shop.
        as_of: The cut-off.
        who: One of `AUDIENCES`.
        name: The campaign's name.
        many: At most so many customers, those kept back included; None for all.
        keep_back: Share, 0 to .5; with 0 nobody will know what the mail brought.
        days: The window whose orders count, 1 to 365.
        cost: Of a contact, in the shop's currency.
        margin: Share of the money that stays, above 0 and up to 1.
        lift: Only customers for whom a mail that brings so much more pays (`pays`); None for all.
        unknown_too: Also those of whom consent is unknown.
        letters_too: Also those without an e-mail address.
        starts: The day on which the mail goes out, from which orders count; `as_of` where None.
        earlier: Other campaigns: whom they keep back while this one counts is left out, or their
            comparison would be spoiled.
        apart: Also leave out whom they write to while this one counts.

    Raises:
        CampaignError: A start before the cut-off, a wish out of range, no such audience, nobody
            in it, or fewer than 20 customers to keep some back of.
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    begins = moment if starts is None else features.cutoff(starts)
    if begins < moment:
        raise CampaignError(
            f"The mail cannot go out on {begins:%Y-%m-%d}: orders are known up to the end of "
            f"{moment - pd.Timedelta('1s'):%Y-%m-%d}, and count from the mail on."
        )
    name = name.strip()
    check(name, many, keep_back, days, cost, margin)
    others = held([plan for plan in earlier if plan.name != name], begins, apart)
    wishes = Wishes(unknown_too, letters_too, lift, cost, margin)
    found, left_out = chosen(store, moment, who, days, wishes._replace(held=others))
    if many is not None:
        left_out["beyond the number wished"] = max(0, len(found) - many)
        found = found.head(many)
    left_out = {why: number for why, number in left_out.items() if number}
    needed = LEAST if keep_back else 1
    if len(found) < needed:
        out = "; ".join(f"{number:,}: {why}" for why, number in left_out.items())
        more = f", and {needed} are needed to keep some back" if keep_back else ""
        raise CampaignError(
            f"Only {counted(len(found), 'customer')} would be left to write to{more}"
            f"{f' (left out: {out})' if out else ''}. Choose a larger "
            "audience, or keep nobody back."
        )
    arms = draw(found.index, name, keep_back)
    past = features.standing(store.purchases, moment - BEFORE, moment, ["customer_id", "amount"])
    spent = past.groupby("customer_id")["amount"].sum().reindex(found.index)
    customers = pd.DataFrame(
        {"arm": arms, "reason": found["reason"], "spent_before": spent.fillna(0.0).round(2)}
    )
    return Plan(
        name,
        store.name,
        who,
        begins,
        days,
        keep_back,
        float(cost),
        float(margin),
        usual(ordered_anyway(store, moment, who, days, wishes), many),
        left_out,
        {arm: int((arms == arm).sum()) for arm in (WRITTEN, KEPT)},
        customers,
    )


def draw(customers: pd.Index, name: str, keep_back: float) -> pd.Series:
    """Which part each customer is in: kept back are those whom a hash of their number and the
    campaign's name draws."""
    if not keep_back:
        return pd.Series(WRITTEN, customers)
    return experiments.assign(customers, name, {KEPT: keep_back, WRITTEN: 1 - keep_back})


def held(plans: Sequence[Plan], moment: pd.Timestamp, apart: bool = False) -> frozenset[str]:
    """The customers whom these campaigns keep back (`apart`: or write to) at a moment: those whose
    orders still count, or will."""
    running = [plan for plan in plans if moment < plan.ends]
    taken = [
        plan.customers.index[plan.customers["arm"].isin([KEPT, WRITTEN] if apart else [KEPT])]
        for plan in running
    ]
    return frozenset(customer for some in taken for customer in some)


def both(plan: Plan, plans: Sequence[Plan]) -> dict[str, int]:
    """How many customers of a plan other campaigns write to, too, while its orders count, by the
    name of the campaign."""
    found = {}
    for other in plans:
        if other.name == plan.name or other.ends <= plan.starts or plan.ends <= other.starts:
            continue
        written = other.customers.index[other.customers["arm"] == WRITTEN]
        if number := len(plan.customers.index.intersection(written)):
            found[other.name] = number
    return found


def check(
    name: str, many: int | None, keep_back: float, days: int, cost: float, margin: float
) -> None:
    """Raise CampaignError for wishes that no plan can have."""
    if not name.strip():
        raise CampaignError("Give the campaign a name of its own, such as “Winter mail 2026”.")
    if many is not None and many < (LEAST if keep_back else 1):
        raise CampaignError(f"At least {LEAST} customers are needed to keep some of them back.")
    if not 0 <= keep_back <= 0.5:
        raise CampaignError("Keep back between none and half of them.")
    if not 1 <= days <= 365:
        raise CampaignError(f"The orders of 1 to 365 days count, not of {days}.")
    if not cost >= 0 or not 0 < margin <= 1:
        raise CampaignError("A contact costs 0 or more; the margin lies above 0 and up to 100 %.")


def can_show(plan: Plan) -> float | None:
    """The smallest relative rise of the share that orders which this plan shows four times in five
    (80 % power; `experiments.detectable` with the harmonic mean of the parts): .18 for +18 %.

    None where nothing is known of the usual share, or no rise at all would show.
    """
    return can_show_with(plan.usual, plan.written, plan.kept)


def can_show_with(usual_share: Interval | None, written: int, kept: int) -> float | None:
    """`can_show` for other numbers."""
    if usual_share is None or not 0 < usual_share.estimate < 1 or min(written, kept) < 1:
        return None
    size = round(2 * written * kept / (written + kept))
    found = experiments.detectable(usual_share.estimate, size)
    return found if math.isfinite(found) else None
