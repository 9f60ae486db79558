"""Who could be written to: the owner's lists and groups, each customer with a reason."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from helpers import features, lifetime, owner
from helpers.errors import ReaderError, counted
from helpers.owner import named_groups
from helpers.owner.customers import TOP, expected
from helpers.owner.rhythm import LEAST, STEPS, SURE
from helpers.shop import Shop

SLIPPING, BEST, EXPECTED, REGULARS, SOON, ALL = (
    "slipping regulars",
    "best customers",
    "expected to spend most",
    "regulars",
    "likely to buy soon",
    "everybody who ordered in the last year",
)
AUDIENCES = (SLIPPING, BEST, EXPECTED, REGULARS, SOON, *named_groups.NAMES, ALL)
# of the slipping regulars those only who are gone with a higher probability
NARROWER = {f"{SLIPPING}, gone {10 * sure:.0f} in 10": sure for sure in STEPS if sure > SURE}
YEAR = pd.Timedelta("365D")
HALF_YEAR = pd.Timedelta("182D")
LOOKS_BACK = {ALL: YEAR}  # how far an audience looks back; the others half a year or more


class CampaignError(ReaderError, ValueError):
    """A campaign that cannot be made, opened or read: a sentence that says why."""


def audience(store: Shop, as_of: str | pd.Timestamp, who: str) -> pd.DataFrame:
    """Return the customers of an audience at a cut-off, those first who come first where the number
    is limited.

    Args:
        store: The shop; orders that stand strictly before `as_of` count.
        as_of: The cut-off.
        who: One of `AUDIENCES`, or of `NARROWER`.

    Returns:
        By `customer_id`: `reason` (text, why they are in it), `orders` (days with a purchase),
        `last_order` (day), `spent`.

    Raises:
        CampaignError: No such audience.
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    if who not in AUDIENCES and who not in NARROWER:
        raise CampaignError(f"There is no audience {who!r}; there are: {', '.join(AUDIENCES)}.")
    moment = features.cutoff(as_of)
    everybody = _buyers(store, moment)
    reason = _reasons(store, moment, who, everybody)
    table = everybody.loc[reason.index]
    table.insert(0, "reason", reason)
    return table


@lru_cache(maxsize=2)  # every audience of a moment asks for the same; nobody changes it
def _buyers(store: Shop, moment: pd.Timestamp) -> pd.DataFrame:
    """`orders`, `last_order` and `spent` of everybody who bought, those who spent most first."""
    past = lifetime.history(store, moment)
    orders = past["repeats"].astype("int64") + 1
    table = pd.DataFrame(
        {
            "orders": orders,
            "last_order": moment.normalize() - pd.to_timedelta(past["age"] - past["last"], "D"),
            "spent": (past["value"] * orders).round(2),
        }
    )
    return table.sort_values("spent", ascending=False, kind="stable")


def _reasons(store: Shop, moment: pd.Timestamp, who: str, everybody: pd.DataFrame) -> pd.Series:
    """Why each customer of an audience is in it, in the audience's order."""
    tenth = max(1, round(TOP * len(everybody)))
    if who == SLIPPING or who in NARROWER:
        found = _regulars(store, moment)
        found = found[found["gone"] >= NARROWER.get(who, SURE)]
        said = [
            f"usually every {_days(round(row.usual))}, silent for {_days(round(row.silent))}"
            for row in found.itertuples()
        ]
    elif who == BEST:
        found = everybody.head(tenth)
        said = [f"spent {row.spent:,.0f} on {_days(row.orders)}" for row in found.itertuples()]
    elif who == EXPECTED:
        spend = expected(lifetime.history(store, moment), YEAR.days).dropna()
        found = spend.sort_values(ascending=False, kind="stable").head(tenth).to_frame("spend")
        said = [f"expected to spend {spend:,.0f} in 12 months" for spend in found["spend"]]
    elif who == REGULARS:
        found = everybody[everybody["orders"] > LEAST]
        said = [f"ordered on {_days(orders)}" for orders in found["orders"]]
    elif who == SOON:
        found = owner.next_buyers(store, moment, tenth)
        said = [f"{_days(row.purchases)} with orders so far" for row in found.itertuples()]
    elif who == ALL:
        found = everybody[everybody["last_order"] >= moment.normalize() - YEAR]
        said = [f"last order on {row.last_order:%Y-%m-%d}" for row in found.itertuples()]
    else:
        group = _group(store, moment)
        found = everybody[group.reindex(everybody.index) == who]
        said = [f"group: {who}"] * len(found)
    return pd.Series(said, found.index, dtype="str", name="reason")


@lru_cache(maxsize=2)  # however sure one wants to be
def _regulars(store: Shop, moment: pd.Timestamp) -> pd.DataFrame:
    return owner.slipping(store, moment, sure=0)


@lru_cache(maxsize=2)
def _group(store: Shop, moment: pd.Timestamp) -> pd.Series:
    return named_groups.groups_at(store, moment)["group"]


def _days(number: int) -> str:
    return counted(int(number), "day")


def pays(
    store: Shop,
    as_of: str | pd.Timestamp,
    days: int,
    lift: float,
    margin: float,
    cost: float,
) -> pd.Series:
    """Whether writing to a customer would pay, if a mail brought `lift` more of what they are
    expected to spend in `days`: expected × lift × margin ≥ cost.

    The lift is the reader's guess until a campaign with customers kept back has measured it.

    Args:
        store, as_of: The shop and the cut-off.
        days: The window.
        lift: Share that a mail adds, such as .1; above 0.
        margin: Share of the money that stays, above 0 and up to 1.
        cost: What a contact costs, in the shop's currency; 0 or above.

    Returns:
        bool by `customer_id` of all buyers. True where it costs nothing; missing ("boolean") where
        nothing is known of what to expect, which is where nobody bought twice.

    Raises:
        CampaignError: A number out of range.
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    if not lift > 0 or not 0 < margin <= 1 or not cost >= 0:
        raise CampaignError(
            "A mail must bring something (above 0 %), the margin lies above 0 and up to 100 %, and "
            "a contact costs 0 or more."
        )
    spend = expected(lifetime.history(store, features.cutoff(as_of)), days)
    worth = (spend * lift * margin >= cost).astype("boolean").mask(spend.isna())
    return worth.fillna(True).rename("pays") if cost == 0 else worth.rename("pays")
