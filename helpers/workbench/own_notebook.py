"""The cells of the notebook that gives a shop's figures again: a part for each screen, from what
was chosen there."""

from __future__ import annotations

from typing import Any, NamedTuple

from helpers import quote
from helpers.owner.named_groups import Cuts

COMING = """weeks = WEEKS
ahead = owner.coming(store, as_of, weeks)
print(f"the next {weeks} weeks: {ahead.orders:,.0f} orders, {ahead.low:,.0f} to {ahead.high:,.0f}")
ahead.trials.round()"""


class Cell(NamedTuple):
    """A cell of a notebook: its kind ("code" or "markdown") and its text."""

    kind: str
    source: str


def beginning(recipe: str, orders: bool) -> list[Cell]:
    """The imports, and the shop as `recipe` reads it; with `orders` the moment looked from."""
    imports = ["campaign", "features", "owner", "quote", "segments", "shop"]
    parts = "from helpers.owner import cohorts, moved, named_groups, who_next" if orders else ""
    cells = [
        _text("# My shop\n\nMade on the workbench of the personalization course."),
        _code(f"import pandas as pd\n\nfrom helpers import {', '.join(imports)}\n{parts}".strip()),
        _code(f"store = {recipe}\nprint(store.report)"),
    ]
    if orders:
        when = "as_of = features.end_of(store)  # the midnight after the last order\nas_of"
        cells.append(_code(when))
    return cells


def monday() -> list[Cell]:
    """The account of the money, and the first figures."""
    return [
        _text("## Monday\n\nHow the lines of the file become the money that counts."),
        _code("owner.money(store)"),
        _text("The first figures."),
        _code("head = owner.head(store, as_of)\npd.Series(head._asdict())"),
        _text("The page for the partner."),
        _code(
            '# "x": never over an existing file\n'
            '# with open("my_report.html", "x", encoding="utf-8") as file:\n'
            "#     file.write(owner.page(store, as_of))\n"
            "page = owner.page(store, as_of)\n"
            "len(page)"
        ),
    ]


def customers(sure: float) -> list[Cell]:
    """The best, the regulars who are slipping away, and how such a list did half a year ago."""
    return [
        _text("## Customers\n\nThose who spent most."),
        _code("best = owner.best(store, as_of)\nbest.head(20)"),
        _text("Regulars who have left, with at least this probability."),
        _code(f"sure = {quote.python(sure)}\nowner.slipping(store, as_of, sure)"),
        _text("How many were on such a list half a year ago, and the share that came back."),
        _code("owner.came_back(store, as_of, sure)"),
    ]


def forecast(horizons: list[int], compared: bool) -> list[Cell]:
    """How many orders will come in so many weeks, beside six forecasts of the past; and, where they
    were `compared`, the ways of telling who buys next."""
    who = [
        _text("Which way told best who buys next."),
        _code("who_next.compare(store, as_of).judged.round(2)"),
    ]
    return [
        _text("## How many will buy"),
        *[_code(COMING.replace("WEEKS", str(weeks))) for weeks in horizons],
        *(who if compared else []),
    ]


def groups(cuts: Cuts | None) -> list[Cell]:
    """The groups of today by these lines."""
    if cuts is None:
        lines = "cuts = None  # by name"
    else:
        days, orders, money = map(quote.python, cuts)
        lines = f"cuts = named_groups.Cuts(days={days}, orders={orders}, money={money})"
    return [
        _text("## Groups"),
        _code(lines),
        _code("customers, table = named_groups.of_today(store, as_of, cuts)\ntable.round(2)"),
    ]


def came_back(every: str) -> list[Cell]:
    """The share of each month's (or quarter's) new customers who ordered again."""
    return [
        _text("Who ordered again, by when they ordered first."),
        _code(
            f"found = cohorts.retention(store, as_of, {quote.python(every)})\nfound.share.round(2)"
        ),
    ]


def two_dates(first: str, second: str) -> list[Cell]:
    """Who moved between two days."""
    days = f"{quote.python(first)}, {quote.python(second)}"
    return [
        _text("What each group did between two dates, beside what is usual."),
        _code(f"moved.moved(store, {days}, cuts).groups.round(1)"),
    ]


def plan(who: str, name: str, wishes: dict[str, Any], form: str) -> list[Cell]:
    """The plan as it was made on the screen of campaigns, and its list."""
    told = "".join(
        f"    {what}={quote.python(wish)},\n" for what, wish in wishes.items() if what != "earlier"
    )
    if wishes["earlier"]:  # files
        loaded = ", ".join(f"campaign.load({quote.python(file)})" for file in wishes["earlier"])
        told += f"    earlier=[{loaded}],\n"
    return [
        _text("## Campaign\n\nThe same name draws the same customers to keep back."),
        _code(
            f"plan = campaign.make(\n    store,\n    as_of,\n    {quote.python(who)},\n"
            f"    {quote.python(name)},\n{told})\nplan.written, plan.kept, plan.usual"
        ),
        _text("The smallest rise that it shows four times in five (.18 for +18 %)."),
        _code("campaign.can_show(plan)"),
        _code(
            f"contacts = campaign.contacts(plan, store.people, {quote.python(form)})\n"
            '# "x": never over an existing file\n'
            '# quote.write_csv(contacts, "my_list.csv", mode="x")\n'
            "contacts.head()"
        ),
    ]


def result(file: str, cost: float, margin: float) -> list[Cell]:
    """What came of the plan in a file beside the notebook."""
    return [
        _text("## Result"),
        _code(
            f"planned = campaign.load({quote.python(file)})\n"
            "came = campaign.result(planned, store)\n"
            "came = campaign.priced(planned, came, "
            f"cost={quote.python(cost)}, margin={quote.python(margin)})\n"
            "print(campaign.verdict(planned, came))"
        ),
    ]


def explored(settings: dict[str, Any], day: str | None, names: dict[int, str]) -> list[Cell]:
    """The segments of the last fit: from orders at a `day`, or (None) as the table has them."""
    code = {name: quote.python(value) for name, value in settings.items()}
    arguments = f"k={code['k']}, transform={code['transform']}, algorithm={code['algorithm']}"
    columns = f"columns = {code['features']}\n"
    if day is None:
        buyers = f"{columns}buyers = store.features(columns)"
    else:
        buyers = (
            f"day = pd.Timestamp({quote.python(day)})\n{columns}"
            "known = features.build(store, day)\n"
            'buyers = known.loc[~known["never_bought"], columns]'
        )
    return [
        _text("## Explore"),
        _code(buyers),
        _code(
            f"labels = segments.assign(buyers, {arguments})\n"
            "segments.profile(buyers, labels).round(2)"
        ),
        _code(
            "few = buyers if len(buyers) <= 5_000 else buyers.sample(5_000, random_state=0)\n"
            f"gaps = segments.gap(few, transform={code['transform']}, references=10)\n"
            'print("the twin gap says k =", segments.choose_k(gaps))\ngaps.round(2)'
        ),
        _code(
            f"names = {quote.python(names)}\n"
            'result = pd.DataFrame({"segment": labels}, index=buyers.index)\n'
            'result["name"] = result["segment"].map(names)\n'
            '# "x": never over an existing file\n'
            '# quote.write_csv(result.reset_index(), "my_segments.csv", mode="x")\n'
            "result.head()"
        ),
    ]


def _text(source: str) -> Cell:
    return Cell("markdown", source)


def _code(source: str) -> Cell:
    return Cell("code", source)
