"""Exercises of chapter 00."""

from functools import lru_cache

from helpers import shop
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong

CUT_OFF = "2025-01-01"


@lru_cache(maxsize=1)
def counts() -> dict[str, int]:
    """What can be counted in the orders of the shop: the buyers asked for, and others."""
    purchases = shop.load().purchases
    before = purchases[purchases["ordered_at"] < CUT_OFF]
    return {
        "lines": len(before),
        "orders": before["order_id"].nunique(),
        "buyers of all times": purchases["customer_id"].nunique(),
        "buyers": before["customer_id"].nunique(),
    }


def customers_before(answer: object) -> str:
    answer = read.number(answer, whole=True)
    ours = counts()
    if answer == ours["lines"]:
        raise Wrong("These are order lines; a customer with three lines counts once.")
    if answer == ours["orders"]:
        raise Wrong("These are orders; a customer with three orders counts once.")
    if answer == ours["buyers of all times"]:
        raise Wrong("These are all buyers, those who first bought after the cut-off included.")
    if answer != ours["buyers"]:
        raise Wrong("Which rows lie before the cut-off, and what is to be counted once in them?")
    return (
        "Only what was recorded before the cut-off counts: every feature of this course keeps "
        "to that."
    )


EXERCISES = {
    "00.1": Exercise(
        minutes=3,
        expects="a whole number",
        hints=(
            "store.purchases has a column ordered_at; compare it with the text '2025-01-01'.",
            "A Series has nunique(), which counts each value once.",
        ),
        solution="""\
before = store.purchases["ordered_at"] < "2025-01-01"
buyers = store.purchases.loc[before, "customer_id"].nunique()""",
        why="A customer stands in as many rows as there are order lines, so ids are counted "
        "once each. The cut-off comes first, because a later order was unknown on that day.",
        check=customers_before,
    ),
}
