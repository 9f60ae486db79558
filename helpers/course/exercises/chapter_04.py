"""Exercises of chapter 04."""

from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import cold_start, shop
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong

CUTOFF, AT_WORK = "2025-04-01", pd.Timestamp("2025-01-01")
COUNTS = np.array([[0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 1], [1, 0, 0, 2, 0, 7]])
PRIORS = np.array(
    [[0.2, 0.2, 0.2, 0.2, 0.1, 0.1], [0.1, 0.1, 0.1, 0.4, 0.1, 0.2], [0.3, 0.1, 0.3, 0.1, 0.1, 0.1]]
)


@lru_cache(maxsize=1)
def table() -> pd.DataFrame:
    return cold_start.moments(shop.load())


@lru_cache(maxsize=1)
def answers() -> dict[str, int]:
    """The new customers before their second visit: how many answers there are, by when."""
    new = cold_start.split(table(), CUTOFF)[1].query("events == 0")[["customer_id", "moment"]]
    when = new.merge(shop.load().customers, on="customer_id")
    late = (when["answered_at"] >= when["moment"]).sum()
    return {
        "late": int(late),
        "any": int(when["answered_at"].notna().sum()),
        "all": len(new),
        "unlike": int(new["moment"].lt(when["answered_at"]).sum()),
    }


def leaked(answer: object) -> str:
    number, known = read.number(answer), answers()
    if number == known["late"]:
        return (
            f"{known['late']} customers answered after the visit that was to be predicted: "
            f"{known['late'] / known['any']:.0%} of all answers. In training nobody would "
            "notice; at work these answers are not there."
        )
    mistakes = {
        "These are all who ever answered. Most had done so before the moment.": known["any"],
        "These answers were there in time. The others were asked for.": (
            known["any"] - known["late"]
        ),
        "Those who never answered are among these: a missing time is not before a moment.": (
            known["all"] - known["any"] + known["late"]
        ),
        "Here a column of `early` is compared with one of `joined`. Their indexes differ, so that "
        "pandas sets the times of unlike customers side by side: take both from `joined`.": (
            known["unlike"]
        ),
        "This is a share of all of them; the number of customers was asked for.": (
            known["late"] / known["all"]
        ),
        "This is a share of the answers; the number of customers was asked for.": (
            known["late"] / known["any"]
        ),
    }
    read.name_mistake(number, mistakes)
    if not number.is_integer():
        raise Wrong(f"{number:g} is not a whole number, and customers were to be counted.")
    raise Wrong(
        "Not this number. Which two times in a row of `joined` say whether its answer came late?"
    )


def by_hand(answer: object) -> str:
    given = read.numbers(answer, COUNTS.shape, nan=True)
    total = COUNTS.sum(axis=1, keepdims=True)
    right = (COUNTS + 6 * PRIORS) / (total + 6)
    if np.allclose(given, right, atol=0.006):
        return (
            "The first customer is the prior, the second three quarters prior, the third ten "
            "sixteenths own behavior: nobody had to decide when to switch."
        )
    bare = COUNTS / np.maximum(total, 1)
    if np.isnan(given[0]).all() and read.equals(given[1:], bare[1:], 2):
        raise Wrong(
            "These are the bare shares: the prior is missing, and nobody knows the first customer."
        )
    if np.isnan(given).any():
        raise read.Unreadable(f"Among them is {read.NAN}.")
    mistakes = {
        "These are percents, and otherwise right: a probability lies between 0 and 1.": 100 * right,
        "These are the bare shares: the prior is missing, and nobody knows the first customer.": (
            bare
        ),
        "Here the prior is worth one visit: multiply it by its strength, 6.": (
            (COUNTS + PRIORS) / (total + 1)
        ),
        "Here every category has the same prior; use each customer's own.": (
            (COUNTS + 1) / (total + 6)
        ),
        "These are the priors; the visits have not moved them yet.": PRIORS,
        "The numbers are right, the customers in reverse order.": right[::-1],
    }
    for reply, value in mistakes.items():
        if np.allclose(given, value, rtol=0, atol=0.6 if value.max() > 1 else 0.006):
            raise Wrong(reply)
    if not np.allclose(given.sum(axis=1), 1, atol=0.02):
        raise Wrong(
            "The rows do not sum to one. How many visits does each row rest on, those that the "
            "prior is worth included?"
        )
    raise Wrong(
        "Not these. Each row mixes its own counts with its own prior, which counts like 6 visits "
        "more: go through it row by row."
    )


def learnable(answer: object) -> str:
    answer = read.frame(answer)
    if missing := [name for name in ("customer_id", "moment", "events") if name not in answer]:
        raise read.Unreadable(f"This frame has no column {missing[0]!r}.")
    if not pd.api.types.is_datetime64_any_dtype(answer["moment"]):
        raise read.Unreadable("Its column moment no longer holds times.")
    if blank := answer[["customer_id", "moment", "events"]].isna().any(axis=1).sum():
        raise read.Unreadable(f"In {blank:,} rows a value is missing.")
    late = answer["moment"] >= AT_WORK
    early = (table()["moment"] < AT_WORK).sum()
    if late.any():
        known = (answer["signed_up_at"] < AT_WORK).all() if "signed_up_at" in answer else False
        more = " That all of them had signed up before is not enough." if known else ""
        raise Wrong(
            f"In {late.sum():,} rows the visit to be predicted lies after the morning of 1 "
            f"January: it had not happened yet.{more}"
        )
    if answer.duplicated(["customer_id", "events"]).any():
        raise Wrong("Some rows stand twice.")
    if len(answer) < early:
        raise Wrong(
            f"All true, but these are {len(answer):,} rows, and there were {early:,} to learn from."
        )
    return (
        f"{early:,} rows whose next visit had been seen by then. `moment` is the time of the "
        "target, so it decides; every sign-up lies before it."
    )


@lru_cache(maxsize=1)
def strengths() -> dict[str, tuple[float, float]]:
    """M of those who answered and of the silent, with the hybrid's prior and with popularity."""
    train = cold_start.split(table(), CUTOFF)[0]
    hybrid = cold_start.Hybrid().fit(train)
    first, last = (
        train.drop_duplicates("customer_id"),
        train.drop_duplicates("customer_id", keep="last"),
    )
    history = cold_start.counts(last) + pd.get_dummies(last["next_category"]).to_numpy()
    told = first["answered"].to_numpy()
    popular = np.tile(hybrid.popularity_, (len(first), 1))
    return {
        name: (
            cold_start.fit_strength(history[told], prior[told]),
            cold_start.fit_strength(history[~told], prior[~told]),
        )
        for name, prior in (("hybrid", hybrid.prior(first)), ("popularity", popular))
    }


def strength_of_each(answer: object) -> str:
    pair = read.numbers(answer, (2,), ["answered", "silent"])
    right = np.array(strengths()["hybrid"])
    if np.allclose(pair, right, rtol=0.05):
        return (
            f"The prior of those who answered is worth {right[0]:.0f} visits, of the silent "
            f"{right[1]:.0f}: it says more about them. One M for both is a compromise."
        )
    if np.allclose(pair[::-1], right, rtol=0.05):
        raise Wrong("The other way around: those who answered come first.")
    if np.allclose(pair, strengths()["popularity"], rtol=0.05):
        raise Wrong(
            "This is the strength of popularity; use each customer's own prior, priors_at_start."
        )
    if abs(pair[0] - pair[1]) < 0.1:
        raise Wrong("Both are the same here. Each group has a strength of its own.")
    raise Wrong(
        "Not this pair. Fit the strength twice, for told_us and ~told_us: the histories and the "
        "priors are those of the same customers."
    )


def fair(answer: object) -> str:
    replies = {
        "a": "More than half of the gap stayed without age, income and region, probabilities "
        "became wrong by age, and without the column nobody can see either.",
        "b": "Device and channel are proxies of age: the gap stays, and is harder to find.",
        "d": "Equal shares are one meaning of fair. Here they send the catalog to young "
        "customers who do not want it, past older ones who do; whether the board means that, "
        "nobody asked.",
    }
    why = (
        "Selection, calibration and benefit will hardly all be equal where tastes differ. "
        "Measuring is our part; which gap counts is a decision of people who answer for it. "
        "(Keeping a column for audits needs a legal basis of its own: ask.)"
    )
    return read.letter(answer, replies, "c", why)


EXERCISES = {
    "04.1": Exercise(
        minutes=5,
        expects="a number of customers",
        hints=(
            "An answer leaks if it was given at the moment or after it.",
            "A comparison gives True and False; its sum counts. Missing times compare as False.",
        ),
        solution='leaked = (joined["answered_at"] >= joined["moment"]).sum()',
        why="At the moment of prediction an answer given later does not exist. A model that "
        "trains with such answers relies on a column that will be empty at work.",
        check=leaked,
    ),
    "04.2": Exercise(
        minutes=6,
        expects="an array of 3 rows and 6 columns",
        hints=(
            "n is counts.sum(axis=1, keepdims=True): one number a row.",
            "(counts + 6 * priors) / (n + 6)",
        ),
        solution="probabilities = (counts + 6 * priors) / (counts.sum(axis=1, keepdims=True) + 6)",
        why="The prior counts like six earlier visits, so a customer without visits gets the "
        "prior alone. With each visit the customer's own behavior weighs more.",
        check=by_hand,
    ),
    "04.3": Exercise(
        minutes=4,
        expects="the rows of `table`, a DataFrame",
        hints=(
            "A row can teach only when its target has happened.",
            "`moment` is the time of the next visit, the target.",
        ),
        solution='rows = table[table["moment"] < "2025-01-01"]',
        why="A row can be used for training only when its target has been seen. The target is "
        "the next visit, and `moment` says when that was.",
        check=learnable,
    ),
    "04.4": Exercise(
        minutes=8,
        expects="a pair of numbers (answered, silent)",
        hints=(
            "histories[told_us] are the histories of those who answered.",
            "cold_start.fit_strength(counts, prior) wants the counts and the priors of the same "
            "rows.",
        ),
        solution="""\
strengths = (
    cold_start.fit_strength(histories[told_us], priors_at_start[told_us]),
    cold_start.fit_strength(histories[~told_us], priors_at_start[~told_us]),
)""",
        why="The more a prior knows about a customer, the more visits it is worth. Those who "
        "answered the survey have the better prior.",
        check=strength_of_each,
    ),
    "04.5": Exercise(
        minutes=5,
        expects="one letter",
        hints=("Which of the four lets you see whether it worked?",),
        solution='choice = "c"',
        why="Nobody can see a gap between ages without the ages. The measures of fairness "
        "contradict each other, so people who answer for it have to choose one.",
        check=fair,
    ),
}
