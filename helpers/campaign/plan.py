"""The plan of a campaign: who is written to, who is kept back, and what that can show."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from helpers import evaluation, experiments, features, lifetime
from helpers.campaign.audiences import (
    AUDIENCES,
    HALF_YEAR,
    LOOKS_BACK,
    CampaignError,
    audience,
    pays,
)
from helpers.errors import NotWritten, counted
from helpers.evaluation import Interval
from helpers.files import write_text
from helpers.shop import Shop

WRITTEN, KEPT = "written to", "kept back"
LEAST = 20  # customers: fewer are not divided
BEFORE = pd.Timedelta("91D")  # the past that the result is adjusted by
VERSION = 1
LEFT_OUT = (
    "may not be written to",
    "unknown whether they may",
    "no e-mail address",
    "same e-mail as another",
)


class Wishes(NamedTuple):
    """Whom of an audience a plan takes: those of whom consent is unknown, too; those without an
    e-mail address, too (for letters); only those for whom a mail that brings the share `lift` more
    pays, at a cost of a contact and a margin (None for all)."""

    unknown_too: bool = False
    letters_too: bool = False
    lift: float | None = None
    cost: float = 0.0
    margin: float = 0.3


ALL_WHO_MAY = Wishes()


@dataclass(frozen=True, eq=False)
class Plan:
    """A campaign as it was planned; `save` and `load` keep it.

    Attributes:
        name: The campaign's own name: another name draws other customers to keep back.
        shop: The name of the shop's file.
        audience: Whom it is for.
        starts: The day from which orders count.
        days: How many days of orders count.
        keep_back: The share kept back.
        cost, margin: What a contact costs, and the share of the money that stays.
        usual: The share of such an audience that orders in so many days anyway, with its interval;
            None where the past does not say.
        left_out: How many of the audience were left out, by reason.
        drawn: How many were drawn into each arm.
        customers: By `customer_id`: `arm` ("written to" or "kept back"), `reason`, `spent_before`
            (in the 91 days before the start). No name and no e-mail.
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
        keep_back: Share, above 0 and at most .5.
        days: The window whose orders count, 1 to 365.
        cost: Of a contact, in the shop's currency.
        margin: Share of the money that stays, above 0 and up to 1.
        lift: Only customers for whom a mail that brings so much more pays (`pays`); None for all.
        unknown_too: Also those of whom consent is unknown.
        letters_too: Also those without an e-mail address.
        starts: The day on which the mail goes out, from which orders count; `as_of` where None.

    Raises:
        CampaignError: A start before the cut-off, a wish out of range, no such audience, or fewer
            than 20 customers in it.
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    begins = moment if starts is None else features.cutoff(starts)
    if begins < moment:
        raise CampaignError(
            f"The mail cannot go out on {begins:%Y-%m-%d}: the orders are known up to "
            f"{moment:%Y-%m-%d}."
        )
    name = name.strip()
    _check(name, many, keep_back, days, cost, margin)
    wishes = Wishes(unknown_too, letters_too, lift, cost, margin)
    found, left_out = chosen(store, moment, who, days, wishes)
    if many is not None:
        left_out["beyond the number wished"] = max(0, len(found) - many)
        found = found.head(many)
    left_out = {why: number for why, number in left_out.items() if number}
    if len(found) < LEAST:
        out = "; ".join(f"{number:,}: {why}" for why, number in left_out.items())
        raise CampaignError(
            f"Only {counted(len(found), 'customer')} would be left to write to, and {LEAST} are "
            f"needed to keep some back{f' (left out: {out})' if out else ''}. Choose a larger "
            "audience, or write to these few by hand."
        )
    arms = experiments.assign(found.index, name, {KEPT: keep_back, WRITTEN: 1 - keep_back})
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


def _check(
    name: str, many: int | None, keep_back: float, days: int, cost: float, margin: float
) -> None:
    if not name.strip():
        raise CampaignError("Give the campaign a name of its own, such as “Winter mail 2026”.")
    if many is not None and many < LEAST:
        raise CampaignError(f"At least {LEAST} customers are needed to keep some of them back.")
    if not 0 < keep_back <= 0.5:
        raise CampaignError(
            "Keep back more than none and at most half: without them nobody will know what the "
            "campaign brought."
        )
    if not 1 <= days <= 365:
        raise CampaignError(f"The orders of 1 to 365 days count, not of {days}.")
    if not cost >= 0 or not 0 < margin <= 1:
        raise CampaignError("A contact costs 0 or more; the margin lies above 0 and up to 100 %.")


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
    if people is None:
        return found, {}
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


def save(plan: Plan, path: str | Path) -> None:
    """Write a plan as JSON, whole or not at all. Raises NotWritten where a file is there already,
    or no folder."""
    path = Path(path)
    if path.exists():
        raise NotWritten(f"{path} exists, and was left as it is. Choose another name.")
    try:
        write_text(path, as_json(plan))
    except OSError as error:
        raise NotWritten(
            f"{path} was not written: {error.strerror or error}. Is the folder there, and yours?"
        ) from None


def as_json(plan: Plan) -> str:
    """A plan as JSON text."""
    said: dict[str, Any] = {"what": "a campaign's plan", "version": VERSION}
    said |= {field.name: getattr(plan, field.name) for field in fields(plan)}
    said["starts"] = f"{plan.starts:%Y-%m-%d %H:%M:%S}"
    said["customers"] = plan.customers.rename_axis("customer_id").reset_index().to_dict("records")
    return json.dumps(said, ensure_ascii=False, indent=1)


def load(path: str | Path) -> Plan:
    """Read a plan that `save` has written. Raises CampaignError where it is none, or was changed
    so that it says nothing any more."""
    path = Path(path)
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CampaignError(
            f"{path.name} cannot be opened as a campaign's plan: {error}."
        ) from None


def from_json(text: str) -> Plan:
    """The plan that `as_json` has written. Raises CampaignError like `load`."""
    broken = "This is no campaign's plan as the Campaign screen saves it"
    try:
        said = json.loads(text)
    except ValueError:
        raise CampaignError(f"{broken}.") from None
    if not isinstance(said, dict) or said.get("what") != "a campaign's plan":
        raise CampaignError(f"{broken}.")
    if said.get("version") != VERSION:
        raise CampaignError("This plan was saved by another version of the course.")
    try:
        customers = pd.DataFrame(said["customers"]).astype(
            {"customer_id": "str", "arm": "str", "reason": "str", "spent_before": "float64"}
        )
        customers = customers.set_index("customer_id")
        share = said["usual"]
        plan = Plan(
            str(said["name"]),
            str(said["shop"]),
            str(said["audience"]),
            pd.Timestamp(said["starts"]),
            int(said["days"]),
            float(said["keep_back"]),
            float(said["cost"]),
            float(said["margin"]),
            None if share is None else Interval(*map(float, share)),
            {str(why): int(number) for why, number in said["left_out"].items()},
            {arm: int(said["drawn"][arm]) for arm in (WRITTEN, KEPT)},
            customers[["arm", "reason", "spent_before"]],
        )
        _check(plan.name, None, plan.keep_back, plan.days, plan.cost, plan.margin)
    except CampaignError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CampaignError(f"{broken}: {error}.") from None
    numbers = [plan.keep_back, plan.cost, plan.margin, *plan.customers["spent_before"]]
    if not np.isfinite(numbers).all() or plan.starts is pd.NaT or plan.starts.tz is not None:
        raise CampaignError(f"{broken}: a number or its first day is none.")
    if not isinstance(said["starts"], str) or plan.starts != plan.starts.normalize():
        raise CampaignError(f"{broken}: its first day is none.")
    if plan.audience not in AUDIENCES or not customers["arm"].isin([WRITTEN, KEPT]).all():
        raise CampaignError(f"{broken}: it names an audience or a part that does not exist.")
    if customers.index.has_duplicates or customers["spent_before"].isna().any():
        raise CampaignError(f"{broken}: a customer stands there twice, or without their past.")
    return plan
