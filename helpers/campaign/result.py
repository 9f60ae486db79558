"""What came of a campaign: those written to beside those kept back, in orders and in money."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import evaluation, experiments, features
from helpers.campaign.audiences import CampaignError
from helpers.campaign.plan import KEPT, WRITTEN, Plan, draw
from helpers.errors import counted
from helpers.evaluation import Interval
from helpers.experiments import Effect, RatioCheck
from helpers.experiments.reading import LEAST
from helpers.shop import Shop

HOPED = 0.2  # relative rise of the usual share: the size of effect that early looks are tuned to
FOUND = 0.98  # share of the plan's customers whose orders of before are in the newer file
DAY = pd.Timedelta("1D")


class Result(NamedTuple):
    """What came of a campaign.

    `days` of its window have passed, and `over` says whether all have. `ratio` checks that the
    parts are those of the plan; None where nobody was kept back, and then nothing is compared.
    `ordered` and `of` are counts by arm. `share` is the difference of the shares that ordered
    (written to less kept back), `spend` that of the money per customer; None where fewer than ten
    of an arm have ordered. `extra_orders`, `extra_money` and `profit` are for all who were written
    to, less the cost. Before the end of the window the intervals are
    those that may be looked at every day. `guards` is a table of what should not have become worse.
    """

    days: int
    over: bool
    ratio: RatioCheck | None
    ordered: dict[str, int]
    of: dict[str, int]
    share: Interval | None
    spend: Interval | None
    extra_orders: Interval | None
    extra_money: Interval | None
    profit: Interval | None
    guards: pd.DataFrame


def result(plan: Plan, later: Shop) -> Result:
    """Read a campaign from the orders that came since.

    Everybody in the plan counts, whether the mail arrived or not; whoever did not order counts with
    nothing. The shares are compared by `evaluation.difference_of_proportions`, the money per
    customer by CUPED on what each spent in the 91 days before the plan and Welch's interval; both
    of 95 %. While the window is open, the shares are read by a confidence sequence
    (`experiments.always_valid`), which holds however often one looks.

    Args:
        plan: The plan.
        later: The shop as it is read from a newer file.

    Raises:
        CampaignError: The parts are not those that the plan drew; the orders end before the
            campaign began, begin after it, or lack more than a few of its customers.
    """
    arms = plan.customers["arm"]
    ratio = _as_drawn(plan)
    until = min(plan.ends, later.last.normalize() + DAY)
    days = int((until - plan.starts) / DAY)
    if days < 1:
        and_kept = f", and of the {plan.kept:,} kept back" if plan.kept else ""
        raise CampaignError(
            f"The orders of {later.name} end on {later.last:%Y-%m-%d}, and those from "
            f"{plan.starts:%Y-%m-%d} on count. Export your orders again: for a first look some "
            f"days later, for the result after {plan.ends - DAY:%Y-%m-%d}. Then it stands here how "
            f"many of the {plan.written:,} written to have ordered{and_kept}."
        )
    table = _orders(later, plan, until)
    if not plan.kept:
        return _nobody_kept(plan, table, days, until >= plan.ends)
    written = (arms == WRITTEN).to_numpy()
    ordered = (table["orders"] > 0).to_numpy()
    hits = {arm: int(ordered[(arms == arm).to_numpy()].sum()) for arm in (WRITTEN, KEPT)}
    of = {WRITTEN: plan.written, KEPT: plan.kept}
    over = until >= plan.ends
    readable = min(hits.values()) >= LEAST
    share = None
    if over:
        share = evaluation.difference_of_proportions(
            hits[WRITTEN], of[WRITTEN], hits[KEPT], of[KEPT]
        )
    elif readable:
        share = _early(plan, ordered, written)
    spend = None
    if over and readable:
        adjusted = experiments.cuped(table["spend"], plan.customers["spent_before"])
        spend = _interval(experiments.compare(adjusted, written))
    money = None if spend is None else _times(spend, plan.written)
    found = Result(
        days,
        over,
        ratio,
        hits,
        of,
        share,
        spend,
        None if share is None else _times(share, plan.written),
        money,
        None,
        _guards(table, written) if over and readable else pd.DataFrame(),
    )
    return priced(plan, found, plan.cost, plan.margin)


def _nobody_kept(plan: Plan, table: pd.DataFrame, days: int, over: bool) -> Result:
    """How many of those written to ordered, where there is nobody to compare them with."""
    hits = {WRITTEN: int((table["orders"] > 0).sum()), KEPT: 0}
    of = {WRITTEN: plan.written, KEPT: 0}
    return Result(days, over, None, hits, of, None, None, None, None, None, pd.DataFrame())


def priced(plan: Plan, found: Result, cost: float, margin: float) -> Result:
    """A result at another cost of a contact and another share of the money that stays."""
    if found.extra_money is None:
        return found
    spent = cost * plan.written
    return found._replace(profit=Interval(*(margin * end - spent for end in found.extra_money)))


def _as_drawn(plan: Plan) -> RatioCheck | None:
    """The check of the parts' sizes, None of one part. Raises CampaignError where they are not
    those that were drawn: an unlikely draw alone is no reason to refuse what is known to be
    drawn."""
    arms = plan.customers["arm"]
    drawn = draw(arms.index, plan.name, plan.keep_back)
    moved = int((drawn != arms).sum())
    if moved:
        raise CampaignError(
            f"{counted(moved, 'customer')} of the plan stand in another part than the one that was "
            "drawn for them. The plan was changed after it was made, and what it compares is no "
            "longer chance."
        )
    missing = plan.drawn != {WRITTEN: plan.written, KEPT: plan.kept}
    if missing:
        raise CampaignError(
            f"{counted(sum(plan.drawn.values()), 'customer')} were drawn, and "
            f"{len(plan.customers):,} stand in the plan: it was changed after it was made."
        )
    if not plan.keep_back:
        return None
    shares = {KEPT: plan.keep_back, WRITTEN: 1 - plan.keep_back}
    return experiments.check_ratio(arms, shares)


def _orders(later: Shop, plan: Plan, until: pd.Timestamp) -> pd.DataFrame:
    """Of each customer of the plan `orders`, `spend`, and `canceled` (orders) in the window."""
    first = later.purchases["ordered_at"].min()
    if not first < plan.starts:
        raise CampaignError(
            f"The orders of {later.name} begin on {first:%Y-%m-%d}, after the campaign did: export "
            "all your orders, from the beginning."
        )
    lines = later.purchases[later.purchases["customer_id"].isin(plan.customers.index)]
    there = lines["customer_id"].nunique()
    # all of them had ordered before: whoever is missing has another number now
    if there < FOUND * len(plan.customers):
        raise CampaignError(
            f"Only {there:,} of the {len(plan.customers):,} customers of this plan are in "
            f"{later.name}. Is it the same shop, with all its orders, and customers numbered as "
            "before?"
        )
    standing = features.standing(lines, plan.starts, until)
    by_customer = standing.groupby("customer_id")
    inside = (lines["ordered_at"] >= plan.starts) & (lines["ordered_at"] < until)
    gone = lines[inside & (lines["cancelled_at"] < until)].groupby("customer_id")
    found = pd.DataFrame(
        {
            "orders": by_customer["order_id"].nunique(),
            "spend": by_customer["amount"].sum(),
            "canceled": gone["order_id"].nunique(),
        }
    )
    return found.reindex(plan.customers.index).fillna(0.0)


def _early(plan: Plan, ordered: np.ndarray, written: np.ndarray) -> Interval:
    """The share while the window is open, with an interval that holds at every look."""
    values = ordered.astype(float)
    estimate = values[written].mean() - values[~written].mean()
    parts = [values[arm].var(ddof=1) / arm.sum() for arm in (written, ~written)]
    usual = values[~written].mean() if plan.usual is None else plan.usual.estimate
    scale = max(HOPED * usual, 0.001)
    found = experiments.always_valid([estimate], [np.sqrt(sum(parts))], scale)
    return Interval(float(estimate), float(found.low[0]), float(found.high[0]))


def _guards(table: pd.DataFrame, written: np.ndarray) -> pd.DataFrame:
    """What should not have become worse: the money per order, and the orders canceled."""
    found = {
        "money per order": experiments.compare_ratio(table["spend"], table["orders"], written),
    }
    if table["canceled"].any():
        placed = table["orders"] + table["canceled"]
        found["share of orders canceled"] = experiments.compare_ratio(
            table["canceled"], placed, written
        )
    rows = {
        what: dict(zip(Interval._fields, effect, strict=False)) for what, effect in found.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("what")


def _interval(effect: Effect) -> Interval:
    return Interval(effect.estimate, effect.low, effect.high)


def _times(interval: Interval, number: float) -> Interval:
    return Interval(*(end * number for end in interval))


def verdict(plan: Plan, found: Result) -> str:
    """What came of it, in a few sentences for whoever decides."""
    wrote, kept = found.of[WRITTEN], found.of[KEPT]
    of_kept = (
        f"; of the {kept:,} kept back, {found.ordered[KEPT]:,} ({found.ordered[KEPT] / kept:.0%})"
        if kept
        else ""
    )
    said = [
        f"Of the {wrote:,} you wrote to, {found.ordered[WRITTEN]:,} ordered "
        f"({found.ordered[WRITTEN] / wrote:.0%}){of_kept}."
    ]
    if not found.over:
        said.append(
            f"{counted(found.days, 'day')} of {plan.days} have passed, so this is a look on the "
            "way: it may still move."
        )
    if not kept:
        said.append(
            "Nobody was kept back, so nobody can say how many of them would have ordered anyway."
        )
        return " ".join(said)
    if found.share is None:
        said.append("Too few have ordered to say anything yet.")
        return " ".join(said)
    extra = found.extra_orders
    assert extra is not None
    low, high = round(extra.low), round(extra.high)
    if found.share.low > 0:
        said.append(
            f"The mail brought orders that would not have come: {max(low, 1):,} to {high:,} "
            "customers more have ordered because of it."
        )
    elif found.share.high < 0:
        said.append(
            f"Those written to ordered less often: {-min(high, -1):,} to {-low:,} customers fewer."
        )
    else:
        said.append(
            f"No effect can be seen: the difference can be chance. Anything from {-low:,} "
            f"customers fewer to {high:,} more may be due to the mail."
        )
    if found.profit is not None:
        said.append(_money(found.profit))
    elif found.over:
        said.append(
            f"What it brought in money cannot be said: fewer than {LEAST} of those written to, or "
            "of those kept back, have ordered."
        )
    return " ".join(said)


def _money(profit: Interval) -> str:
    low, high = round(profit.low), round(profit.high)
    if profit.low > 0:
        return f"It paid: a profit of {low:,} to {high:,} after its cost."
    if profit.high < 0:
        return f"It did not pay: a loss of {-high:,} to {-low:,} after its cost."
    return (
        f"Whether it paid is open: with the mail the profit may be anything from {-low:,} less to "
        f"{high:,} more than without it."
    )
