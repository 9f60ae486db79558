"""A plan as a file, and back: JSON."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.campaign.audiences import AUDIENCES, NARROWER, CampaignError
from helpers.campaign.plan import KEPT, WRITTEN, Plan, check
from helpers.errors import NotWritten
from helpers.evaluation import Interval
from helpers.files import write_text

VERSION = 1


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
        check(plan.name, None, plan.keep_back, plan.days, plan.cost, plan.margin)
    except CampaignError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CampaignError(f"{broken}: {error}.") from None
    numbers = [plan.keep_back, plan.cost, plan.margin, *plan.customers["spent_before"]]
    if not np.isfinite(numbers).all() or plan.starts is pd.NaT or plan.starts.tz is not None:
        raise CampaignError(f"{broken}: a number or its first day is none.")
    if not isinstance(said["starts"], str) or plan.starts != plan.starts.normalize():
        raise CampaignError(f"{broken}: its first day is none.")
    known = plan.audience in AUDIENCES or plan.audience in NARROWER
    if not known or not customers["arm"].isin([WRITTEN, KEPT]).all():
        raise CampaignError(f"{broken}: it names an audience or a part that does not exist.")
    if customers.index.has_duplicates or customers["spent_before"].isna().any():
        raise CampaignError(f"{broken}: a customer stands there twice, or without their past.")
    return plan
