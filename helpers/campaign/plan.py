"""The plan of a campaign: who is written to, who is kept back, and what that can show."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import experiments, features
from helpers.campaign.audiences import AUDIENCES, CampaignError, audience, pays, usual
from helpers.errors import NotWritten, counted
from helpers.evaluation import Interval
from helpers.files import write_text
from helpers.shop import Shop

WRITTEN, KEPT = "written to", "kept back"
LEAST = 20  # customers: fewer are not divided
BEFORE = pd.Timedelta("91D")  # the past that the result is adjusted by
VERSION = 1
LEFT_OUT = ("may not be written to", "unknown whether they may", "same e-mail as another")


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
) -> Plan:
    """Plan a campaign on what is known at `as_of`, its first day.

    First consent: whoever may not be written to is left out, and whoever it is unknown of, too,
    unless `unknown_too`; where the file says it of nobody, nobody is left out. Of several customers
    with one e-mail the first stays. Then, if wanted, only those for whom a mail pays, and the first
    `many`. Of these the share `keep_back` is drawn by hash (`experiments.assign`).

    Args:
        store: The shop.
        as_of: The cut-off and first day of the campaign.
        who: One of `AUDIENCES`.
        name: The campaign's name.
        many: At most so many customers, those kept back included; None for all.
        keep_back: Share, above 0 and at most .5.
        days: The window whose orders count, 1 to 365.
        cost: Of a contact, in the shop's currency.
        margin: Share of the money that stays, above 0 and up to 1.
        lift: Only customers for whom a mail that brings so much more pays (`pays`); None for all.
        unknown_too: Also those of whom consent is unknown.

    Raises:
        CampaignError: A wish out of range, no such audience, or fewer than 20 customers in it.
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    _check(name, many, keep_back, days, cost, margin)
    found = audience(store, moment, who)
    found, left_out = who_may(found, store.people, unknown_too)
    if lift is not None:
        worth = pays(store, moment, days, lift, margin, cost).reindex(found.index)
        left_out["it would not pay"] = int((~worth).sum())
        found = found[worth]
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
        name.strip(),
        store.name,
        who,
        moment,
        days,
        keep_back,
        float(cost),
        float(margin),
        usual(store, moment, who, days),
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


def who_may(
    found: pd.DataFrame, people: pd.DataFrame | None, unknown_too: bool = False
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Those of an audience who may be written to, and how many were left out, by reason; `people`
    as in `Shop`."""
    if people is None:
        return found, {}
    known = people.set_index("customer_id").reindex(found.index)
    consent = known["consent"].astype("boolean")
    out = pd.Series("", found.index)
    if people["consent"].notna().any():  # the file says it of somebody
        out[consent.eq(False).fillna(False)] = LEFT_OUT[0]
        if not unknown_too:
            out[consent.isna()] = LEFT_OUT[1]
    address = known["email"].str.strip().str.lower().where(out == "")
    out[address.notna() & address.duplicated()] = LEFT_OUT[2]
    counts = {why: int((out == why).sum()) for why in LEFT_OUT}
    return found[out == ""], counts


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
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CampaignError(f"{broken}: {error}.") from None
    if plan.audience not in AUDIENCES or not customers["arm"].isin([WRITTEN, KEPT]).all():
        raise CampaignError(f"{broken}: it names an audience or a part that does not exist.")
    if customers.index.has_duplicates or customers["spent_before"].isna().any():
        raise CampaignError(f"{broken}: a customer stands there twice, or without their past.")
    return plan
