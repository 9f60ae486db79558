"""What the screen of a campaign says and draws: what the file holds, what the numbers can show."""

from __future__ import annotations

import datetime
import math

import pandas as pd
from matplotlib.figure import Figure

from helpers import plots, quote
from helpers.campaign import audiences, lists
from helpers.campaign.plan import Plan
from helpers.errors import counted
from helpers.evaluation import Interval
from helpers.workbench.campaign_work import Audience, Offered

DAYS = 28  # whose orders count
OLD = 7  # days
FEW = 0.5  # a rise by half: hardly a mail brings that
TYPICAL = 0.1  # what a mail that does something brings, relative: a tenth more
WHO = {
    audiences.SLIPPING: "Regulars who are silent for much longer than is usual for them.",
    **{
        name: f"Regulars who are gone with a chance of {10 * sure:.0f} in 10 or more."
        for name, sure in audiences.NARROWER.items()
    },
    audiences.BEST: "The tenth of all customers who spent most.",
    audiences.EXPECTED: "The tenth of all who are expected to spend most in the next 12 months.",
    audiences.REGULARS: "Everybody who ordered on four days or more.",
    audiences.SOON: "The tenth most likely to order in the next four weeks, mail or no mail.",
    audiences.ALL: "Everybody with an order in the last 365 days.",
    "champions": "Ordered lately, often, and for much money.",
    "loyal": "Ordered not long ago, and more often or for more than most.",
    "new": "Ordered lately, for the first time or for little.",
    "active": "Ordered not long ago, about as often and as much as the middle of your customers.",
    "promising": "Ordered not long ago, but seldom and for little.",
    "needs attention": "Ordered often or for much, and not for a while.",
    "almost lost": "Ordered seldom, and not for a while.",
    "previously loyal": "Were among your best, and have been silent for long.",
    "at risk": "Ordered more often or for more than most, and have been silent for long.",
    "dormant": "Ordered seldom, long ago.",
}
FORMS = {
    "Mailchimp": "Mailchimp",
    "Klaviyo": "Klaviyo",
    "Brevo": "Brevo",
    "Google ads": "Google (hashed)",
    "Meta ads": "Meta (hashed)",
    "Excel": lists.EXCEL,
    "other (CSV)": lists.PLAIN,
}
ENCODED = (
    "<p>Google and Meta take addresses only as fingerprints (SHA-256): they find the people who "
    "have an account with that address, and cannot read the others.</p>"
)
WHY = """<p>Many of those you write to would have ordered anyway. How many, only customers like them
show who get no mail. Who is kept back is drawn by a rule of their number and the campaign's name,
so it cannot be chosen and can be checked.</p>
<p>A mail “shows” what it does where four campaigns of five with such an effect would prove it. That
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
        said.append("Whoever did not agree to mails is left out.")
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
    return f"{who} ({audience.customers:,}, {audience.taken[False]:,} of them may get a mail)"


def share(share: float) -> str:
    """A share in per cent, with a decimal where it is small."""
    return f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"


def can(usual_share: Interval, now: float | None, half: float | None, written: int) -> str:
    """What a mail must do to be seen, and what keeping back half would show."""
    base = usual_share.estimate
    if base == 0:
        return "Nobody did, so what a mail could show cannot be said beforehand."
    if now is None:
        return "With so few kept back, no effect of a mail would show."
    more = math.ceil(base * now * written)
    said = (
        f"With these numbers a mail shows only if it makes about {_of_hundred(base * (1 + now))} "
        f"order: {counted(more, 'order')} more in all"
    )
    if now > FEW:
        said += ". Hardly a mail does that: these are too few to see what a mail does"
    elif now > TYPICAL:
        said += f". One that brings a tenth more ({_of_hundred(base * 1.1)}) mostly would not show"
    if half is not None and half < now * 0.9 and half <= FEW:
        said += f". With half kept back, {_of_hundred(base * (1 + half))} would do"
    return f"{said}."


def _of_hundred(part: float) -> str:
    """A share as so many of a hundred, with a decimal where it is small."""
    return f"{100 * part:.0f} of 100" if part >= 0.1 or part == 0 else f"{100 * part:.1f} of 100"


def hopeless(usual_share: Interval | None, half: float | None) -> bool:
    """Whether even with half kept back only an effect would show that hardly a mail has; False
    where it is not known who orders anyway, or nobody does."""
    if usual_share is None or usual_share.estimate == 0:
        return False
    return half is None or half > FEW


def power(
    written: int, kept: int, anyway: Interval | None, can_show: str, paying: bool, few: bool
) -> str:
    """How many are written to and kept back, how many order anyway, and what that can show."""
    about = "at most about" if paying else "about"
    if not kept:
        why = (
            "These are too few to see what a mail does, whomever you keep back."
            if few
            else "Then nobody will know whether the mail brought anything."
        )
        return (
            f"<b>{f'At most {written:,}' if paying else f'{written:,}'} get the mail, nobody is "
            f"kept back.</b> {why}"
        )
    who = "such customers (not only those for whom it would pay)" if paying else "such customers"
    if anyway is None:
        said = "Your orders do not reach back far enough to say what this can show."
    else:
        said = (
            f"Without a mail {_of_hundred(anyway.estimate)} {who} order within {DAYS} days "
            f"({100 * anyway.low:.1f} to {100 * anyway.high:.1f}). {can_show}"
        )
    return (
        f"<b>{about[:1].upper()}{about[1:]} {written:,} get the mail, {about} {kept:,} are kept "
        f"back to compare.</b> {said}"
    )


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
    ax.set(xlabel="kept back (%)", ylabel="order, of 100", ylim=(0, None))
    ax.set_title("How many must order for the mail to show", loc="left")
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
    return f"<b>The plan</b> is needed only to see later what the mail brought. {held}"


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
    back = f"{plan.kept:,} are kept back" if plan.kept else "nobody is kept back"
    last = plan.ends - pd.Timedelta("1D")
    return (
        f"<p><b>{quote.html(plan.name)}</b>: {plan.written:,} are written to, {back}.{left} What "
        f"the mail brought is seen in the orders from {plan.starts.day} {plan.starts:%B} to "
        f"{last.day} {last:%B %Y}.</p>"
    )
