"""Exercises of chapter 00."""

from helpers import shop
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong

CUT_OFF = "2025-01-01"


def customers_before(answer: object) -> str:
    answer = read.number(answer, whole=True)
    purchases = shop.load().purchases
    before = purchases["ordered_at"] < CUT_OFF
    if answer == before.sum():
        raise Wrong("These are order lines; a customer with three lines counts once.")
    if answer == purchases.loc[before, "order_id"].nunique():
        raise Wrong("These are orders; a customer with three orders counts once.")
    if answer == purchases["customer_id"].nunique():
        raise Wrong("These are all buyers, those who first bought after the cut-off included.")
    if answer != purchases.loc[before, "customer_id"].nunique():
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
