"""Exercises of chapter 02."""

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.preprocessing import TargetEncoder

from helpers import features, shop, targets
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong

APRIL = pd.Timestamp("2025-04-01")
CUT_OFF, HORIZON = pd.Timestamp("2025-01-01"), "182D"
BOUND = 7 / 8
LEAKS = {
    "money_kept": "it leaves out every order ever cancelled, also those cancelled after the "
    "cut-off",
    "voucher_revenue": "the campaign began before the cut-off, its outcome was recorded on 26 "
    "November",
    "price_attitude": "some customers answered the survey after the cut-off: answered_at says when",
}
SOUND = {
    "orders_placed": "it counts what was placed before the cut-off, cancelled or not",
    "last_look": "a visit before the cut-off was known then",
    "channel": "how customers came was known when they signed up",
}


@lru_cache(maxsize=1)
def orders_in_april() -> dict[str, pd.Series]:
    """Orders by customer as they should be counted, and in typical wrong ways, by what to say."""
    lines = shop.load().purchases
    right = features.standing(lines, None, APRIL)
    before = lines[lines["ordered_at"] < APRIL]

    def count(rows: pd.DataFrame) -> pd.Series:
        return rows.groupby("customer_id")["order_id"].nunique()

    return {
        "right": count(right),
        "Orders cancelled before the cut-off still count here. On 1 April everybody knew.": count(
            before
        ),
        "Every order ever cancelled is out here. Of those cancelled after 1 April nobody knew it "
        "yet: compare cancelled_at with the cut-off.": count(before[before["cancelled_at"].isna()]),
        "These rows include the cut-off day itself: a feature is made of what lies strictly before "
        "it.": count(features.standing(lines, None, APRIL + pd.Timedelta("1D"))),
        "This is the whole log: where is the cut-off?": count(lines),
        "These are order lines; an order with three lines counts once.": (
            right.groupby("customer_id").size()
        ),
    }


@lru_cache(maxsize=1)
def customers() -> pd.Index:
    """Everybody who was ever seen in the shop."""
    return features.known_customers(shop.load(), "2026-01-01")


def counted(answer: object) -> str:
    answer = read.by_label(answer)
    ours = orders_in_april()
    if not answer.index.isin(customers()).all():
        raise read.Unreadable("The index does not hold customer ids.")
    if answer.index.duplicated().any():
        raise Wrong("Some customers stand there twice: one number per customer was asked for.")
    given = answer.fillna(0)
    given = given[given != 0].sort_index()
    for reply, count in ours.items():
        if given.index.equals(count.index) and np.allclose(given, count):
            if reply == "right":
                return (
                    f"{given.sum():,.0f} orders of {len(given):,} customers: placed before 1 "
                    "April, and not known to be cancelled by then."
                )
            raise Wrong(reply)
    if missing := answer.isna().sum():
        raise Wrong(f"{missing:,} customers have no number here, but {read.NAN}.")
    total, right = given.sum(), ours["right"].sum()
    if total == right:
        raise Wrong("The sum is right, but not each customer's number: whose orders are they?")
    raise Wrong(
        f"This counts {total:,.0f} orders, {'more' if total > right else 'fewer'} than were known "
        "on 1 April. When was each order placed, and when was it known to be canceled?"
    )


@lru_cache(maxsize=1)
def carts() -> tuple[float, float]:
    table = features.build(shop.load(), CUT_OFF)
    return features.fit_beta_binomial(table["abandoned_carts"], table["carts"])


def first_above(alpha: float, beta: float) -> int:
    return next(n for n in range(1, 1_000) if (n + alpha) / (n + alpha + beta) > BOUND)


def enough_carts(answer: object) -> str:
    n = int(read.number(answer, whole=True))
    alpha, beta = carts()
    right = first_above(alpha, beta)
    if n < 1:
        raise Wrong("At least one cart must have been filled.")
    if n == right:
        rate = (n + alpha) / (n + alpha + beta)
        return (
            f"({n} + α) / ({n} + α + β) = {rate:.3f}. Fewer carts leave too much to the usual "
            "customer."
        )
    if n == first_above(beta, alpha):
        raise Wrong("Here α and β changed places: α stands beside the abandoned carts.")
    rate = (n + alpha) / (n + alpha + beta)
    if n == 1:
        raise Wrong(
            f"One of one is 100 % as counted; shrunk it is {rate:.2f}. Put n into the formula "
            "twice."
        )
    if n < right:
        raise Wrong(f"With {n} of {n} the shrunk rate is {rate:.3f}, not yet above 7/8.")
    raise Wrong(f"With {n} of {n} it is {rate:.3f}, but fewer are enough.")


def leaking(answer: object) -> str:
    named = read.names(answer, [*LEAKS, *SOUND])
    if innocent := sorted(named & set(SOUND)):
        raise Wrong(f"{innocent[0]} does not leak: {SOUND[innocent[0]]}.")
    missing = sorted(set(LEAKS) - named)
    if missing:
        found = f"{', '.join(sorted(named))}: yes. " if named else ""
        raise Wrong(
            f"{found}{len(missing)} more. Every one of these columns is filtered by a date "
            "before the cut-off; ask for each value on which day it was *recorded*."
        )
    return "; ".join(f"{name}: {why}" for name, why in LEAKS.items()) + "."


@lru_cache(maxsize=1)
def codes() -> tuple[pd.DataFrame, pd.Series]:
    """The codes that mean nothing, and the target, as the notebook has them."""
    y = targets.high_value(shop.load(), CUT_OFF, HORIZON)
    code = np.random.default_rng(0).integers(2_000, size=len(y))
    return pd.DataFrame({"code": code}, index=y.index), y


def encoded(answer: object) -> str:
    code, y = codes()
    try:
        values = read.per_row(answer, y.index).astype(float)
    except (TypeError, ValueError):
        raise read.Unreadable("Some of its values are not numbers.") from None
    if np.ptp(values) == 0:
        raise Wrong("The same number in every row encodes nothing.")
    if ((values < 0) | (values > 1)).any():
        raise Wrong("A mean of 0 and 1 lies between them.")
    naive = y.groupby(code["code"]).transform("mean").to_numpy()
    trap = TargetEncoder().fit(code, y).transform(code)[:, 0]
    together = np.corrcoef(values, y)[0, 1]
    if np.allclose(values, y):
        raise Wrong("This is the target itself.")
    if np.allclose(values, naive):
        raise Wrong(
            "Every row's own outcome is part of its level's mean: that is the naive encoding."
        )
    if np.allclose(values, trap, atol=1e-3):
        raise Wrong(
            "transform() on the rows of fit() uses each row's own outcome; only fit_transform() "
            "leaves it out."
        )
    if together > 0.1:
        raise Wrong(
            f"The code means nothing, and this column correlates {together:.2f} with the target: "
            "rows still see their own outcome."
        )
    others = y.groupby(code["code"]).transform("sum") - y
    others = (others / (y.groupby(code["code"]).transform("size") - 1)).fillna(y.mean())
    if np.corrcoef(values, others)[0, 1] < 0.3:  # by two folds or more it is above .5
        raise Wrong(
            "This column hardly follows the outcomes of the other rows with the same code: the "
            "order of the rows is not that of y, the sign is turned, or no mean stands for the "
            "code."
        )
    return (
        f"It correlates {together:.2f} with the target, as it should: the code means nothing. "
        f"(The naive column correlates {np.corrcoef(naive, y)[0, 1]:.2f}.)"
    )


def jump(answer: object) -> str:
    replies = {
        "a": "It may be good news. A jump this large from one column is more often tomorrow's "
        "news.",
        "b": "More rows teach the same leak; cross-validation repeats it in every fold.",
        "d": "The score in service falls because the column is different there, not because the "
        "model is too flexible.",
    }
    why = (
        "A count of this year's redemptions is known in December, not when the campaign starts. "
        "The day on which a value was recorded, and a score on rows as the service saw them, "
        "settle it."
    )
    return read.letter(answer, replies, "c", why)


EXERCISES = {
    "02.1": Exercise(
        minutes=6,
        expects="a Series of numbers indexed by customer_id",
        hints=(
            "Two moments matter in each row: when it was ordered, and when it was cancelled, if "
            "it was.",
            "A missing cancelled_at compares as False: ~(orders['cancelled_at'] < april) keeps it.",
            "groupby('customer_id')['order_id'].nunique() counts an order once.",
        ),
        solution="""\
known = orders[(orders["ordered_at"] < april) & ~(orders["cancelled_at"] < april)]
frequency = known.groupby("customer_id")["order_id"].nunique()""",
        why="What counts is what was known on 1 April: an order canceled later still stood on "
        "that day. An order has several lines, so its id is counted once.",
        check=counted,
    ),
    "02.2": Exercise(
        minutes=5,
        expects="a whole number",
        hints=(
            "The shrunk rate of n abandoned carts out of n is (n + alpha) / (n + alpha + beta).",
            "Compute it for n = 1, 2, 3, … and take the first that is above 7/8.",
        ),
        solution="n = next(n for n in range(1, 100) if (n + alpha) / (n + alpha + beta) > 7 / 8)",
        why="The prior acts like alpha abandoned and beta finished carts seen before the first "
        "own one. A customer's own carts must outweigh them before the rate comes near 1.",
        check=enough_carts,
    ),
    "02.3": Exercise(
        minutes=8,
        expects="a list of column names",
        hints=(
            "A row can be older than the cut-off and hold a value that is younger.",
            "Look for the columns cancelled_at, recorded_at and answered_at in store.",
            "Three of the six columns leak.",
        ),
        solution='leaks = ["money_kept", "voucher_revenue", "price_attitude"]',
        why="The date in a row's filter is not the date on which its value was recorded. These "
        "three columns hold values that were recorded after the cut-off.",
        check=leaking,
    ),
    "02.4": Exercise(
        minutes=6,
        expects="an array or a Series of one number per training row",
        hints=(
            "Each row must be encoded by a mean that its own outcome is not part of.",
            "TargetEncoder does that in one of its methods only: which one?",
        ),
        solution="column = TargetEncoder(cv=KFold(5, shuffle=True, "
        "random_state=1)).fit_transform(code, y)",
        why="fit_transform encodes each part of the rows with means of the other parts, so no "
        "row sees its own outcome. transform uses all rows, as is right for new customers, "
        "but not for the training rows.",
        check=encoded,
    ),
    "02.5": Exercise(
        minutes=4,
        expects="one letter",
        hints=("On which day is that count known?",),
        solution='choice = "c"',
        why="A count that runs on after the campaign started contains the outcome. Only a score"
        " on rows as they stood on the day of use can show it.",
        check=jump,
    ),
}
