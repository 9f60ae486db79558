"""What the screen of a campaign says and draws: what the file holds, what the numbers can show."""

from __future__ import annotations

import datetime
import math

import pandas as pd
from matplotlib.figure import Figure

from helpers import plots, quote
from helpers.campaign.plan import Plan
from helpers.errors import counted
from helpers.evaluation import Interval
from helpers.workbench.campaign_work import Audience, Offered

DAYS = 28  # whose orders count
OLD = 7  # days
FEW = 0.5  # a rise by half: hardly a mail brings that
TYPICAL = 0.1  # what a mail that does something brings, relative: a tenth more
WHY = """<p>Many of those you write to would have
ordered anyway. Only customers like them who get no mail tell how many. Who is kept back is drawn by
a rule of their number and the campaign's name, so it cannot be chosen and can be checked.</p>
<p>“To be seen” means: if the mail really does so much, four campaigns of five will show it. It
rests on the share of such customers who ordered in as many days before: in another season it may be
another.</p>"""


def what_the_file_says(offered: Offered) -> str:
    said = [f"This file has {counted(offered.customers, 'buyer')}."]
    if offered.with_email:
        said.append(f"{offered.with_email:,} have an e-mail address.")
    else:
        said.append(
            "It has no e-mail addresses: the list will have customer numbers only. Export your "
            "orders with the e-mail column to get a list for a mail tool."
        )
    if offered.says_consent:
        said.append("Whoever may not be written to is left out.")
    else:
        said.append(
            "It does not say who may be written to: let your mail tool leave out those who may not."
        )
    return f"<p>{' '.join(said)}</p>"


def age(as_of: pd.Timestamp, starts: datetime.date | None) -> str:
    """What is to be said where the orders are older than a week when the mail goes out."""
    if starts is None or (pd.Timestamp(starts) - as_of).days <= OLD:
        return ""
    last = as_of - pd.Timedelta("1D")
    return (
        f"<p>Your orders end on {last.day} {last:%B %Y}: export them again before you write, so "
        "that nobody is called silent who has ordered since.</p>"
    )


def offer(who: str, audience: Audience, says_consent: bool) -> str:
    if not says_consent:
        return f"{who} ({audience.customers:,})"
    return f"{who} ({audience.customers:,}, of whom {audience.taken[False]:,} can be written to)"


def share(share: float) -> str:
    """A share in per cent, with a decimal where it is small."""
    return f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"


def can(usual_share: Interval, now: float | None, half: float | None, written: int) -> str:
    """What can be shown, and what keeping back half would show."""
    base = usual_share.estimate
    if base == 0:
        return "Nobody did, so what a mail could show cannot be said beforehand."
    if now is None:
        return "With so few kept back, hardly any effect would show."
    more = math.ceil(base * now * written)
    said = (
        f"To be seen, {share(base * (1 + now))} of those written to must order: "
        f"{counted(more, 'customer')} more than would anyway"
    )
    if now > FEW:
        said = f"These are few for a test. {said}"
    if now > TYPICAL:
        said += f". A mail that brings a tenth more ({base * 1.1:.1%}) would mostly not be seen"
    if half is not None and half < now * 0.9:
        said += f". With half kept back, {share(base * (1 + half))} would do"
    return f"{said}."


def power(written: int, kept: int, anyway: Interval | None, can_show: str, paying: bool) -> str:
    """How many are written to and kept back, how many order anyway, and what that can show."""
    about = "at most about" if paying else "about"
    who = "such customers (not only those for whom it would pay)" if paying else "such customers"
    if anyway is None:
        said = "Your orders do not reach back far enough to say what this can show."
    else:
        said = (
            f"Of {who} {share(anyway.estimate)} ({share(anyway.low)} to {share(anyway.high)}) "
            f"ordered within {DAYS} days anyway. {can_show}"
        )
    return f"<b>Written to: {about} {written:,}. Kept back: {about} {kept:,}.</b> {said}"


def curve(base: float, shown: dict[float, float | None], keep: float, now: float | None) -> bytes:
    """The smallest share that would be seen, by the share kept back; `base` ordered anyway."""
    plots.use_style()
    figure = Figure(figsize=(5.6, 2.4), layout="constrained")
    ax = figure.subplots()
    known = {share: effect for share, effect in shown.items() if effect is not None}
    ends = [100 * base * (1 + effect) for effect in known.values()]
    ax.plot([100 * s for s in known], ends, color=plots.BLUE)
    if now is not None:
        ax.plot([100 * keep], [100 * base * (1 + now)], "o", color=plots.ORANGE, markersize=9)
    ax.axhline(100 * base, color=plots.GRAY, linestyle=":")
    ax.set(xlabel="kept back (%)", ylabel="ordered (%)", ylim=(0, None))
    ax.set_title("How many must order to be seen", loc="left")
    ax.annotate(
        "who orders anyway",
        (0, 100 * base),
        (4, 4),
        textcoords="offset points",
        xycoords=("axes fraction", "data"),
        color=plots.GRAY,
        fontsize=8,
    )
    return plots.to_png(figure, quick=True)


def what_the_plan_holds(plan: Plan) -> str:
    """What stands in the plan's file: customers by their number, which may be an address."""
    held = "It holds customer numbers, no name and no address."
    if plan.customers.index.str.contains("@", regex=False).any():
        held = (
            "It holds no names, but the customers of this file are known by their e-mail "
            "addresses, and these stand in it: keep it as carefully as the list."
        )
    return f"<b>The plan</b> is what the result is read with later. {held}"


def overlap(others: dict[str, int]) -> str:
    """A warning where other campaigns write to some of these at the time, as HTML."""
    if not others:
        return ""
    named = "; ".join(f"{number:,} by “{name}”" for name, number in others.items())
    return (
        f"<p role='alert'><b>Of these are written to at the time, too: {quote.html(named)}.</b> "
        "What each mail did is then harder to see: choose another day, or leave them out "
        "above.</p>"
    )


def planned(plan: Plan) -> str:
    """What was planned, in words, as HTML."""
    out = "; ".join(f"{number:,}: {why}" for why, number in plan.left_out.items())
    left = f" Left out: {quote.html(out)}." if out else ""
    return (
        f"<p><b>{quote.html(plan.name)}</b>: {plan.written:,} are written to, {plan.kept:,} are "
        f"kept back.{left} Orders from {plan.starts:%d %B %Y} on count, for {plan.days} days, to "
        f"{plan.ends - pd.Timedelta('1D'):%d %B %Y}.</p>"
    )
