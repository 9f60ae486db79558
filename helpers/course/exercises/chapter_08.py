"""Exercises of chapter 08."""

from __future__ import annotations

from functools import lru_cache

import ibis
import pandas as pd

from helpers import features, shop
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong

AS_OF = "2025-07-01"
SHARE, HALF_WIDTH = 0.07, 0.01


def machines() -> pd.DataFrame:
    """What each of two machines says of its own orders: their number and their mean (money)."""
    return pd.DataFrame(
        {"orders": [900, 100], "mean": [40.0, 90.0]}, index=["machine 1", "machine 2"]
    )


def mean_of_both(answer: object) -> str:
    value = read.number(answer)
    if abs(value - 45) < 0.01:
        return (
            "45: each machine sends its number and its sum, and sums can be added. A mean cannot, "
            "and a number of different customers cannot either: some may stand on both machines."
        )
    mistakes = {
        "That is the mean of the two means: 100 orders would weigh as much as 900.": 65.0,
        "That is the sum of all orders; the question is their mean.": 45_000.0,
        "The weights are exchanged: machine 1 has 900 orders.": 85.0,
        "That is the mean number of orders.": 500.0,
    }
    read.name_mistake(value, mistakes, 2)
    raise Wrong("What is the sum of all 1,000 orders? Divide it by their number.")


@lru_cache(maxsize=1)
def toys() -> dict[str, float]:
    """The money for toys before the cut-off, counted rightly and in ways that are not."""
    moment = pd.Timestamp(AS_OF)
    lines = shop.load().purchases
    lines = lines[lines["category"] == "toys"]
    standing = features.standing(lines, None, moment)
    return {
        "right": standing["amount"].sum(),
        "canceled": lines.loc[lines["ordered_at"] < moment, "amount"].sum(),
        "all": lines["amount"].sum(),
        "later": lines.loc[lines["ordered_at"] >= moment, "amount"].sum(),
        "uncanceled": lines.loc[lines["cancelled_at"].isna(), "amount"].sum(),
        "lines": len(standing),
        "every category": features.standing(shop.load().purchases, None, moment)["amount"].sum(),
    }


def money_for_toys(answer: object) -> str:
    if isinstance(answer, ibis.Table):
        answer = answer.to_pyarrow().to_pandas()
    elif isinstance(answer, ibis.Expr):
        answer = answer.to_pyarrow().as_py()
    value, known = read.number(answer), toys()
    if abs(value - known["right"]) < 0.01:
        return (
            f"{value:,.2f}. Only one number left the engine. The same expression would run on a "
            "table of any size."
        )
    mistakes = {
        "Some of these orders were canceled before the cut-off: they are as if never placed.": (
            known["canceled"]
        ),
        "This counts orders from after the cut-off, too.": known["all"],
        "These are the orders from the cut-off on; the question is what came before it.": (
            known["later"]
        ),
        "Canceled lines are out, and orders from after the cut-off are still in.": (
            known["uncanceled"]
        ),
        "That is the number of lines, not their money.": known["lines"],
        "That is the money for all categories.": known["every category"],
    }
    read.name_mistake(value, mistakes, 2)
    raise Wrong(
        "Filter three times: the category, the time of the order, and whether it stood at the "
        "cut-off. Then sum the amounts."
    )


def customers_to_draw(answer: object) -> str:
    value = read.number(answer)
    variance = SHARE * (1 - SHARE)
    right = variance * (1.96 / HALF_WIDTH) ** 2
    if abs(value / right - 1) < 0.04:
        return (
            f"About {right:,.0f}, whether the shop has one million customers or ten million. "
            "The width of the interval depends on the sample, not on the shop."
        )
    mistakes = {
        "That is for an interval one point wide in all: half a point on each side.": 4 * right,
        "That is for a share of one half, where the spread is largest; here it is 7 %.": (
            0.25 * (1.96 / HALF_WIDTH) ** 2
        ),
        "The width falls with the square root of n: so n grows with the square.": (
            1.96 * variance**0.5 / HALF_WIDTH
        ),
        "The factor 1.96 is missing: this gives one standard error of one point.": (
            variance / HALF_WIDTH**2
        ),
        "Here the share stands for its variance, which is 0.07 × 0.93.": (
            SHARE * (1.96 / HALF_WIDTH) ** 2
        ),
    }
    for reply, mistake in mistakes.items():
        if abs(value / mistake - 1) < 0.02:
            raise Wrong(reply)
    raise Wrong("Set 1.96 × sqrt(0.07 × 0.93 / n) equal to 0.01, and solve for n.")


def which_needs_a_cluster(answer: object) -> str:
    replies = {
        "a": "Turn the CSV into Parquet once: then one laptop sums three million lines in less "
        "than a second.",
        "b": "The model can learn from a part. Only the scores need every customer, and these are "
        "written part by part.",
        "d": "The centers of segments come from a sample; then every customer gets the nearest "
        "one, inside the engine.",
    }
    why = (
        "The data lie on the cluster already: to bring them elsewhere costs more than to compute "
        "there, every night anew."
    )
    return read.letter(answer, replies, "c", why)


EXERCISES = {
    "08.1": Exercise(
        minutes=6,
        expects="a number, the money",
        hints=(
            "`orders.filter(...)` three times, then `.amount.sum()`; the result is an expression.",
            "An order stands if orders.cancelled_at.isnull() | (orders.cancelled_at >= moment).",
        ),
        solution=(
            "stands = orders.cancelled_at.isnull() | (orders.cancelled_at >= moment)\n"
            "past = orders.filter(orders.ordered_at < moment, stands)\n"
            "answer = past.filter(past.category == 'toys').amount.sum()"
        ),
        why="An order canceled before the cut-off is as if it had never been placed; one canceled "
        "later still counts, because nobody knew. The engine filters and sums, and sends one "
        "number.",
        check=money_for_toys,
    ),
    "08.2": Exercise(
        minutes=5,
        expects="a number of customers",
        hints=(
            "The standard error of a share p is sqrt(p × (1 - p) / n).",
            "1.96 standard errors are to be 0.01.",
        ),
        solution="answer = 0.07 * 0.93 * (1.96 / 0.01) ** 2",
        why="Half the width of the interval is 1.96 standard errors, and a standard error is "
        "sqrt(p × (1 - p) / n). The size of a large shop does not stand in it.",
        check=customers_to_draw,
    ),
    "08.3": Exercise(
        minutes=3,
        expects="a number, the mean amount of an order",
        hints=(
            "What can each machine send that may simply be added?",
            "Sums and numbers: 900 × 40 is the sum of machine 1.",
        ),
        solution=(
            "total = (machines['orders'] * machines['mean']).sum()\n"
            "answer = total / machines['orders'].sum()"
        ),
        why="Sums and numbers of two machines can be added, means cannot. So every engine carries "
        "both to the end, and divides once.",
        check=mean_of_both,
    ),
    "08.4": Exercise(
        minutes=4,
        expects="a letter",
        hints=(
            "For each: what is the smallest thing that helps?",
            "Where do the data lie already?",
        ),
        solution="answer = 'c'",
        why="First another file format, then an engine that reads only what it needs, then a "
        "sample. A cluster where the data already lie there, or one machine is measured to be "
        "too slow.",
        check=which_needs_a_cluster,
    ),
}
