"""Money one recognizes: from the lines of the file to what counts, to the shop system's total."""

from __future__ import annotations

import pandas as pd

from helpers import features, quote
from helpers.errors import counted
from helpers.shop import Entry, Shop

# What each step is called; "aside" adds why.
WORDS = {
    "lines": "all lines",
    "aside": "− left out",
    "canceled": "− canceled or voided",
    "refunded": "− refunded, whole orders",
    "refunded in part": "− refunded in part",
    "discount": "− discounts",
    "rounded": "rounding to the cent",
    "counted": "= what counts here",
    "shipping": "+ shipping",
    "tax": "+ tax on top of the prices",
    "difference": "what the file does not explain",
    "shop system": "= what the shop system shows",
}
COLUMNS = ["what", "number", "of", "sum", "total"]


def money(store: Shop) -> pd.DataFrame:
    """Return how the lines of the file become the money that counts, a row a step, in order.

    What counts are the orders that stand the midnight after the last one, as everywhere else. Of a
    shop that was not read from a file the steps are its lines and what was canceled.

    Returns:
        Columns `what` (text), `number` (whole; missing where nothing is counted) `of` "orders" or
        "lines", `sum` (currency, negative where it is taken off; of a row that begins with "=" what
        there is so far) and `total` (currency, so far).
    """
    rows, total = [], 0.0
    for step in store.report.money or _of_purchases(store):
        if step.what not in WORDS:
            continue
        what = WORDS[step.what] + (f": {step.why}" if step.why else "")
        result = what.startswith("=")
        total = step.money if result else total + step.money
        number = step.number or pd.NA
        rows.append((what, number, f"{step.of}s" if step.number else "", step.money, total))
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"number": "Int64"})
    return table.round({"sum": 2, "total": 2})


def sentence(store: Shop) -> str:
    """Say in words what the table of `money` comes to, and what the file does not tell."""
    steps = store.report.money or _of_purchases(store)
    of = {step.what: step for step in steps}
    here = of["counted"]

    def in_money(amount: float) -> str:
        return quote.money(amount, store.currency, 2)

    said = [f"{in_money(here.money)} in {counted(here.number, 'order')} count here."]
    not_counted = [
        f"{counted(of[what].number, of[what].of)} {words}"
        for what, words in {"canceled": "canceled", "refunded": "refunded as a whole"}.items()
        if what in of and of[what].number
    ]
    if not_counted:
        said.append(f"Not counted: {', '.join(not_counted)}.")
    if "shop system" in of:
        on_top = " and ".join(what for what in ("shipping", "tax") if what in of)
        said.append(
            f"With {on_top or 'all that is no goods'} this is "
            f"{in_money(of['shop system'].money)}: the total that the shop system should "
            "show for the same time."
        )
    if "difference" in of:
        said.append(
            f"{in_money(of['difference'].money)} of that stands in the totals of the orders "
            "and in no line: shipping kept when an order was refunded, fees, vouchers."
        )
    for step in steps:
        if step.what == "unmatched":
            said.append(
                f"{in_money(step.money)} were paid back ({counted(step.number, 'line')}), and "
                "the file does not say of which orders: they still count in full, and the sum is "
                "too high by as much."
            )
    if not store.report.money:
        said.append("Nothing is known of refunds, discounts or shipping.")
    elif {"refunded", "refunded in part", "unmatched"}.isdisjoint(of):
        said.append("The file holds no refunds.")
    return " ".join(said)


def as_shown(store: Shop) -> pd.DataFrame:
    """The table of `money` as a page shows it: text, by what each step is."""
    table = money(store)
    return pd.DataFrame(
        {
            "orders or lines": [
                "" if pd.isna(number) else counted(int(number), of.removesuffix("s"))
                for number, of in zip(table["number"], table["of"], strict=True)
            ],
            "sum": table["sum"].map("{:,.2f}".format),
            "so far": table["total"].map("{:,.2f}".format),
        }
    ).set_axis(table["what"])


def _of_purchases(store: Shop) -> tuple[Entry, ...]:
    """The steps of a shop of which no file tells more."""
    every = store.purchases
    lines = features.standing(every, None, features.end_of(store))
    over = every.drop(lines.index)
    steps = [Entry("lines", "", len(every), "line", float(every["amount"].sum()))]
    if len(over):
        number = over["order_id"].nunique()
        steps.append(Entry("canceled", "", number, "order", -float(over["amount"].sum())))
    orders, total = lines["order_id"].nunique(), float(lines["amount"].sum())
    return (*steps, Entry("counted", "", orders, "order", total))
