"""A log of events (view, cart, purchase) becomes the tables `visits` and `purchases`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.errors import counted
from helpers.shop.reading import people
from helpers.shop.reading.account import entries
from helpers.shop.reading.amounts import to_number
from helpers.shop.reading.cells import Source
from helpers.shop.reading.checks import set_duplicates_aside, warn
from helpers.shop.reading.credits import take_back
from helpers.shop.reading.customers import customer_ids
from helpers.shop.reading.distinct import as_text, distinct
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import match, plain
from helpers.shop.reading.orders import categories, order_ids, require
from helpers.shop.reading.values import line_values
from helpers.shop.reading.vocabulary import CART, PURCHASE, TAKEN_BACK, VIEW
from helpers.shop.reading.wishes import Wishes

ROLES = (
    "customer_id",
    "event_type",
    "ordered_at",
    "visit_id",
    "order_id",
    "line_id",
    "amount",
    "unit_price",
    "quantity",
    "category",
    "subcategory",
    "device",
    "source",
    "currency",
)

GAP = pd.Timedelta(minutes=30)  # after a longer pause a new visit begins, as in web analytics


def is_event_log(source: Source, wishes: Wishes) -> bool:
    """Whether a table has a column of event types with the usual words in it."""
    told = {k: v for k, v in wishes.columns.items() if v is None or v in source.frame.columns}
    found = match(source.frame, ("event_type",), source.name, told)
    if "event_type" not in found:
        return False
    kinds = source.frame[found["event_type"].column].dropna().astype("str").unique()
    if not 0 < len(kinds) < 200:
        return False
    found = {plain(kind) for kind in kinds}
    # Sales and refunds alone are an export of orders, whatever their column is called.
    return bool(found & (CART | VIEW)) or bool(found & PURCHASE and not found & TAKEN_BACK)


def read_events(
    source: Source, wishes: Wishes, with_purchases: bool = True
) -> tuple[pd.DataFrame | None, pd.DataFrame, Ledger]:
    """Turn a log of events into purchases and visits.

    Args:
        source: A row per event.
        wishes: What the reader has said.
        with_purchases: False where the purchases come from a table of their own; purchase events
            then only mark their visit as `ordered`.

    Returns:
        The rows of `purchases` (None without purchase events), of `visits`, and the ledger.
    """
    ledger = Ledger(source, "visits", ROLES, wishes)
    ledger.table = "events"
    require(ledger, "customer_id", "ordered_at")
    customer, at = as_text(customer_ids(ledger)), ledger.time("ordered_at")
    people.note(ledger, customer, at)
    kind = distinct(ledger.labels("event_type"))
    ledger.set_aside(kind.codes < 0, "no event type")
    simple = kind.cells.map(plain)
    names = dict(zip(kind.cells, simple, strict=True))
    bought, carted, taken_back = (
        kind.rows(simple.isin(words)) for words in (PURCHASE, CART, TAKEN_BACK)
    )
    _set_refunds_aside(ledger, taken_back)
    _say_kinds(ledger, names)
    category, subcategory = categories(ledger)
    purchases = None
    rows = bought & ledger.kept
    if with_purchases and rows.any():
        part = ledger.part(rows, "purchases")
        if wishes.columns.get("amount", "") is not None and _may_hold_money(part):
            require(part, ("amount", "unit_price"))
        order_id = order_ids(part, customer[rows], at[rows])
        number = pd.Series(distinct(order_id).codes, index=order_id.index)
        values = line_values(part, number)
        never = pd.Series(np.datetime64("NaT", "us"), index=part.frame.index)
        values, cancelled_at = take_back(part, values, customer[rows], order_id, at[rows], never)
        set_duplicates_aside(part)
        ledger.money = entries(part, number, at[rows], cancelled_at)
        purchases = pd.DataFrame(
            {
                "customer_id": customer[rows],
                "order_id": order_id,
                "ordered_at": at[rows],
                "category": category[rows],
                "subcategory": subcategory[rows],
                "quantity": values.quantity,
                "amount": values.amount,
                "cancelled_at": cancelled_at,
            }
        )[part.kept]
        warn(part, purchases)
        ledger.adopt(part, rows)
    kept = ledger.kept
    events = pd.DataFrame(
        {
            "customer_id": customer,
            "visit_id": ledger.text("visit_id"),
            "at": at,
            "category": as_text(category),
            "device": ledger.text("device"),
            "source": ledger.text("source"),
            "added_to_cart": carted,
            "ordered": bought,
        }
    )[kept]
    return purchases, _visits(events, ledger), ledger


def _may_hold_money(part: Ledger) -> bool:
    """Whether a column without a role holds broken numbers, as money would be."""
    used = {found.column for found in part.roles.values()}
    for name in part.frame.columns.difference(used):
        numbers = to_number(part.frame[name]).numbers
        if numbers.notna().mean() > 0.9 and (numbers % 1 != 0).any():
            return True
    return False


def _set_refunds_aside(ledger: Ledger, rows: np.ndarray) -> None:
    """Events that take a purchase back are neither looks nor sales."""
    taken = ledger.set_aside(rows, "refund")
    if taken:
        ledger.warnings.append(
            f"purchases taken back: {counted(taken, 'event')}; nothing says which, so the "
            "purchases themselves still count and sales are too high by as much"
        )


def _say_kinds(ledger: Ledger, names: dict[str, str]) -> None:
    """Report how each kind of event was understood."""
    said = {"purchase": PURCHASE, "added to cart": CART, "looked at": VIEW}
    for meaning, words in said.items():
        these = [repr(value) for value, name in names.items() if name in words]
        if these:
            ledger.remarks.append(f"events {', '.join(these)}: {meaning}")
    known = PURCHASE | CART | VIEW | TAKEN_BACK
    unknown = [repr(value) for value, name in names.items() if name not in known]
    if unknown:
        ledger.warnings.append(
            f"events of unknown kind count as looking: {', '.join(unknown[:10])}"
        )


def _visits(events: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Sum events up to a row per customer, visit and category.

    Seconds run to the next event of the visit, 30 minutes at most; those after the last event
    are unknown and count 0.
    """
    events = events.sort_values(["customer_id", "at"], kind="stable", ignore_index=True)
    pause = events.groupby("customer_id", sort=False)["at"].diff()
    number = (pause.isna() | (pause > GAP)).cumsum()
    lacking = int(events["visit_id"].isna().sum())
    if lacking:
        ledger.remarks.append(
            f"{counted(lacking, 'event')} without a visit number: a pause of over 30 minutes "
            "begins a new visit"
        )
    events["visit_id"] = events["visit_id"].fillna("pause-" + number.astype("str"))
    ledger.remarks.append(
        "seconds run to the next event of the visit, 30 minutes at most; after its last event "
        "they are unknown and count 0"
    )
    visit = events.groupby(["customer_id", "visit_id"], sort=False).ngroup()
    events = events.assign(visit=visit).sort_values(["visit", "at"], kind="stable")
    by_visit = events.groupby("visit", sort=False)
    dwell = (by_visit["at"].shift(-1) - events["at"]).clip(upper=GAP)
    events["seconds"] = dwell.dt.total_seconds().fillna(0).astype("int64")
    events["started_at"] = by_visit["at"].transform("first")
    for column, wanted in {
        "device": "device",
        "source": "source",
        "category": "landing_category",
    }.items():
        events[wanted] = by_visit[column].transform("first")
    keys = ["visit", "category"]
    return (
        events.groupby(keys, sort=False, dropna=False)
        .agg(
            customer_id=("customer_id", "first"),
            visit_id=("visit_id", "first"),
            started_at=("started_at", "first"),
            device=("device", "first"),
            source=("source", "first"),
            landing_category=("landing_category", "first"),
            seconds=("seconds", "sum"),
            added_to_cart=("added_to_cart", "any"),
            ordered=("ordered", "any"),
        )
        .reset_index()
        .drop(columns="visit")
    )
