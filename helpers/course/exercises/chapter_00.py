"""Exercises of chapter 00."""

import numbers

from helpers import shop
from helpers.course.exercises.exercise import Exercise, Wrong

CUT_OFF = "2025-01-01"


def customers_before(answer: object) -> str:
    if hasattr(answer, "__len__") and not isinstance(answer, str):
        raise Wrong("These are several values. The answer is one whole number: count them.")
    if not isinstance(answer, numbers.Real) or answer % 1 != 0:
        raise Wrong("The answer is one whole number: how many different customers.")
    purchases = shop.load().purchases
    before = purchases["ordered_at"] < CUT_OFF
    if answer == before.sum():
        raise Wrong("These are order lines; a customer with three lines counts once.")
    if answer == purchases.loc[before, "order_id"].nunique():
        raise Wrong("These are orders; a customer with three orders counts once.")
    if answer == purchases["customer_id"].nunique():
        raise Wrong("These are all buyers, those who first bought after the cut-off included.")
    if answer != purchases.loc[before, "customer_id"].nunique():
        raise Wrong(
            "Keep the rows with ordered_at before the cut-off, then count customer_id once each."
        )
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
        check=customers_before,
    ),
}
