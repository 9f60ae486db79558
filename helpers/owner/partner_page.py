"""All answers as one HTML page: printable, pictures inside, no code, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers import features, quote
from helpers.errors import ReaderError, counted
from helpers.owner import forecast_picture
from helpers.owner.first_figures import Known, head, in_percent, known, orders_ahead
from helpers.owner.forecast import TooShort, coming, weekly
from helpers.owner.mail import bought_next, next_buyers
from helpers.owner.money import as_shown, sentence
from helpers.owner.named_groups import groups
from helpers.owner.rhythm import BACK, SURE, came_back, in_ten, nobody_left, silence
from helpers.shop import Shop

SHOWN = 10  # rows of a list on the page
MAIL = 200  # customers of the next mail
WEEKS = (4, 13)
Section = Callable[[Shop, pd.Timestamp, Known], str]

STYLE = (
    ".owner{font:16px/1.5 system-ui,sans-serif;max-width:60rem;color:#222}.owner table{"
    "border-collapse:collapse;margin:1rem 0;font-size:.9rem}.owner td,.owner th{padding:.2rem "
    ".7rem;text-align:right;border-bottom:1px solid #ccc}.owner th:first-child{text-align:left}"
    ".owner img{max-width:100%}.owner h2{margin-top:2rem;break-after:avoid}.cards{display:flex;"
    "flex-wrap:wrap;gap:1rem}.card{flex:1 1 12rem;border:1px solid #ccc;border-radius:.5rem;"
    "padding:.8rem 1rem}.card b{display:block;font-size:1.5rem}.owner .small{color:#555;font-size:"
    ".9rem}.scroll{overflow-x:auto}@media print{.owner{font-size:10pt;"
    "line-height:1.35}.owner h1{font-size:16pt;margin:0}.owner h2{margin-top:.8rem;font-size:12pt}"
    ".owner table{margin:.3rem 0}.owner td,.owner th{padding:.05rem .5rem}.card{padding:.3rem "
    ".6rem}.card b{font-size:1.2rem}.scroll{overflow:visible}.owner img{max-height:6cm}"
    "tr,.owner img,.card{break-inside:avoid}}.owner td{white-space:nowrap}"
)


def page(store: Shop, as_of: str | pd.Timestamp | None = None) -> str:
    """Return `answers` as a page that needs nothing else."""
    return as_page(store.name, answers(store, as_of))


def as_page(title: str, inner: str) -> str:
    """Return the page around answers; `inner` is HTML already."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{quote.html(title)}</title>'
        f'<body style="margin:2rem auto;padding:0 1rem;max-width:60rem">{inner}</body></html>'
    )


def answers(
    store: Shop,
    as_of: str | pd.Timestamp | None = None,
    say: Callable[[float, str], None] = lambda share, text: None,
) -> str:
    """Return all answers as HTML that can stand in a page; `as_of` is by default the midnight after
    the last order, and `say` hears how far it is.

    What the orders cannot answer stands there as a sentence. Raises NoEnd without any order, and
    ValueError where `as_of` is no moment in time or nobody bought before it.
    """
    moment = features.end_of(store) if as_of is None else features.cutoff(as_of)
    say(0.05, "the first figures")
    found = known(store, moment)
    parts = [f"<style>{STYLE}</style>", _head(store, moment, found)]
    for number, (title, section) in enumerate(SECTIONS.items()):
        say((number + 1) / (len(SECTIONS) + 1), title.lower())
        parts.append(f"<h2>{title}</h2>{_or_why(section, store, moment, found)}")
    return f'<div class="owner">{"".join(parts)}</div>'


def _head(store: Shop, moment: pd.Timestamp, found: Known) -> str:
    """The name, one sentence, four cards."""
    first = head(store, moment, found)
    cards = [
        (f"{first.customers:,}", f"customers, {first.again:,} bought more than once"),
        (
            f"{first.regulars:,}",
            "regulars (ordered on four days or more) bring "
            f"{in_percent(first.share_of_regulars)} of the money",
        ),
        (
            f"{first.slipping:,}",
            f"of them slipping away; together they brought {in_percent(first.share_of_slipping)}",
        ),
        orders_ahead(first),
    ]
    shown = "".join(
        f'<div class="card"><b>{quote.html(number)}</b>{quote.html(text)}</div>'
        for number, text in cards
    )
    return (
        f"<h1>Our customers, up to {_day(moment - pd.Timedelta('1s'))}</h1>"
        f"<p>{first.customers:,} customers spent "
        f"{quote.html(quote.money(first.total, first.currency))} since {_day(first.first)} (from "
        f"{quote.html(store.name)}). Counted after discounts and refunds, "
        "without shipping and canceled orders.</p>"
        f'<div class="cards">{shown}</div>'
    )


def _or_why(section: Section, store: Shop, moment: pd.Timestamp, found: Known) -> str:
    """The section, or the sentence that says why there is none."""
    try:
        return section(store, moment, found)
    except (ReaderError, ValueError) as error:
        return f"<p>{quote.html(str(error)[:1].upper() + str(error)[1:])}</p>"


def _best(store: Shop, moment: pd.Timestamp, found: Known) -> str:
    table = found.best.head(SHOWN)
    shown = pd.DataFrame(
        {
            "spent": table["spent"].map("{:,.0f}".format),
            "purchases": table["purchases"],
            "last order": table["last_order"].dt.strftime("%Y-%m-%d"),
            "expected to spend in a year": table["expected"]
            .map("{:,.0f}".format)
            .replace("nan", "–"),
            "note": table["note"],
        }
    )
    return _table(_named(shown, store)) + (
        '<p class="small">Expected: how often such customers go on buying, times what a purchase '
        "of theirs is worth.</p>"
    )


def _slipping(store: Shop, moment: pd.Timestamp, found: Known) -> str:
    lost = found.regulars[found.regulars["gone"] >= SURE]
    reaches_back = store.purchases["ordered_at"].min() < moment - 2 * BACK
    many, back = came_back(store, moment) if reaches_back else (0, None)
    tried = (
        "This list cannot be tried on the past: there is no year of orders, or it would have been "
        "empty."
        if back is None
        else f"Half a year ago such a list held {counted(many, 'customer')}; {back.estimate:.0%} "
        f"({back.low:.0%} to {back.high:.0%}) ordered in the half year after."
    )
    if lost.empty:
        said = nobody_left(silence(store, moment) if reaches_back else None)
        return f"<p>{quote.html(said)}</p>"
    head = lost.sort_values("silent", kind="stable").head(SHOWN)
    shown = pd.DataFrame(
        {
            "last order": head["last_order"].dt.strftime("%Y-%m-%d"),
            "usually every": head["usual"].map(_days),
            "silent for": head["silent"].map(_days),
            "purchases": head["purchases"],
            "spent": head["spent"].map("{:,.0f}".format),
            "chance of being gone": head["gone"].map(in_ten),
        }
    )
    return (
        f"<p>{counted(len(lost), 'customer')} who ordered on four days or more, silent for so "
        "long that they are more likely gone than not; first those who went quiet lately. "
        f"{tried}</p>"
        f"{_table(_named(shown, store))}"
    )


def _next(store: Shop, moment: pd.Timestamp, found: Known) -> str:
    buyers = store.purchases["customer_id"].nunique()
    many = min(MAIL, max(1, buyers // 10))
    head = next_buyers(store, moment, many).head(SHOWN)
    tried = bought_next(store, moment, many)
    shown = pd.DataFrame(
        {
            "purchases expected in four weeks": head["expected"].map("{:.2f}".format),
            "purchases so far": head["purchases"],
            "silent for": head["silent"].map(_days),
        }
    )
    return (
        f"<p>Of the {counted(tried.listed, 'customer')} on such a list four weeks ago "
        f"{tried.bought.estimate:.0%} ({tried.bought.low:.0%} to {tried.bought.high:.0%}) bought "
        f"since; of all customers {tried.of_all:.0%}. Who would buy anyway needs no mail: "
        f"keep some back, and compare.</p>{_table(_named(shown, store))}"
    )


def _coming(store: Shop, moment: pd.Timestamp, known: Known) -> str:
    said, found = [], {}
    for weeks in WEEKS:
        try:
            ahead = known.coming if weeks == WEEKS[0] else coming(store, moment, weeks)
        except TooShort as error:
            ahead = str(error)
        if isinstance(ahead, str):
            said.append(f"<p>{quote.html(ahead)}</p>")
            continue
        found[weeks] = ahead
        said.append(
            f"<p>In the next {weeks} weeks: <b>{quote.html(ahead.answer)}</b>. "
            f"{quote.html(ahead.around)}</p>"
        )
    picture = forecast_picture.draw(weekly(store, moment), found, moment) if found else ""
    return "".join([*said, picture])


def _groups(store: Shop, moment: pd.Timestamp, found: Known) -> str:
    table = groups(store, moment)
    shown = pd.DataFrame(
        {
            "customers": table["customers"],
            "share of all money": table["share_of_spent"].map("{:.0%}".format).replace("nan%", "–"),
            "were a quarter ago": table["before"],
            "of these ordered since": [
                _of(row.ordered, row.low, row.high) for row in table.itertuples()
            ],
            "spent since, each": table["spent_each"].map("{:,.0f}".format).replace("nan", "–"),
        }
    )
    return _table(shown) + (
        '<p class="small">Grouped by last order, number of orders and money. A name is only a '
        "name: whether champions come back stands in the last two columns.</p>"
    )


def _money(store: Shop, moment: pd.Timestamp, known: Known) -> str:
    whole = "" if moment >= features.end_of(store) else "Of the whole file, up to its end: "
    return f"<p>{quote.html(whole + sentence(store))}</p>{_table(as_shown(store))}"


def _day(moment: pd.Timestamp) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _days(number: float) -> str:
    return counted(round(number), "day")


def _of(share: float, low: float, high: float) -> str:
    return "–" if pd.isna(share) else f"{share:.0%} ({low:.0%} to {high:.0%})"


def _named(shown: pd.DataFrame, store: Shop) -> pd.DataFrame:
    """The table with the customers' names in front, where the shop knows any."""
    shown = shown.rename_axis("customer")
    if store.people is None or store.people["name"].isna().all():
        return shown
    names = store.people.set_index("customer_id")["name"].reindex(shown.index).fillna("")
    return shown.assign(name=names)[["name", *shown.columns]]


def _table(shown: pd.DataFrame) -> str:
    """A table whose every cell is a value, never markup."""
    columns = shown.rename_axis(shown.index.name or "").reset_index()
    table = columns.to_html(border=0, escape=True, index=False)
    return f'<div class="scroll" tabindex="0">{table}</div>'


SECTIONS: dict[str, Section] = {
    "Your best customers": _best,
    "Regulars who are slipping away": _slipping,
    "Who will buy next": _next,
    "How many orders will come": _coming,
    "Groups, and what each did next": _groups,
    "Money you will recognize": _money,
}
