"""Exercises of chapter 04."""

from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import cold_start, shop
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
    return {"late": int(late), "any": int(when["answered_at"].notna().sum()), "all": len(new)}


def leaked(answer: object) -> str:
    number, known = float(answer), answers()
    if abs(number - known["late"]) <= 1:
        return (
            f"{known['late']} customers answered after the visit that was to be predicted: "
            f"{known['late'] / known['any']:.0%} of all answers. In training nobody would "
            "notice; at work these answers are not there."
        )
    if abs(number - known["any"]) <= 1:
        raise Wrong("These are all who ever answered. Most had done so before the moment.")
    if abs(number - (known["any"] - known["late"])) <= 1:
        raise Wrong("These answers were there in time. The others were asked for.")
    if abs(number - (known["all"] - known["any"] + known["late"])) <= 1:
        raise Wrong(
            "Those who never answered are among these: a missing time is not before a moment."
        )
    if 0 < number < 1:
        raise Wrong("This is a share; the number of customers was asked for.")
    raise Wrong("Compare answered_at with moment, row by row, and count.")


def by_hand(answer: object) -> str:
    given = np.asarray(answer, dtype=float)
    if given.shape != COUNTS.shape:
        raise Wrong(f"The answer is {COUNTS.shape}, a row a customer; this is {given.shape}.")
    total = COUNTS.sum(axis=1, keepdims=True)
    right = (COUNTS + 6 * PRIORS) / (total + 6)
    if np.allclose(given, right, atol=0.006):
        return (
            "The first customer is the prior, the second three quarters prior, the third ten "
            "sixteenths own behavior: nobody had to decide when to switch."
        )
    if np.isnan(given[0]).all() or np.allclose(
        given[1:], (COUNTS / np.maximum(total, 1))[1:], atol=0.01
    ):
        raise Wrong(
            "These are the bare shares: the prior is missing, and nobody knows the first customer."
        )
    if np.allclose(given, (COUNTS + PRIORS) / (total + 1), atol=0.006):
        raise Wrong("Here the prior is worth one visit: multiply it by its strength, 6.")
    if np.allclose(given, (COUNTS + 6 / 6) / (total + 6), atol=0.006):
        raise Wrong("Here every category has the same prior; use each customer's own.")
    if np.allclose(given, PRIORS, atol=0.006):
        raise Wrong("These are the priors; the visits have not moved them yet.")
    if not np.allclose(given.sum(axis=1), 1, atol=0.02):
        raise Wrong(
            "The rows do not sum to one: divide by n + M, the number of visits and the strength."
        )
    raise Wrong("(counts + M · prior) / (n + M), row by row; n is the sum of a row of counts.")


def learnable(answer: object) -> str:
    if not isinstance(answer, pd.DataFrame) or not {"customer_id", "moment", "events"} <= set(
        answer
    ):
        raise Wrong("The answer is the rows of `table`: a DataFrame with its columns.")
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
        name: tuple(cold_start.fit_strength(history[rows], prior[rows]) for rows in (told, ~told))
        for name, prior in (("hybrid", hybrid.prior(first)), ("popularity", popular))
    }


def strength_of_each(answer: object) -> str:
    pair = np.asarray(
        list(answer.values()) if isinstance(answer, dict) else answer, dtype=float
    ).ravel()
    if pair.shape != (2,):
        raise Wrong(f"The answer is a pair (answered, silent); this has {pair.size} values.")
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
        raise Wrong(
            "Both are the same: pick the rows of each group, from the histories and the priors."
        )
    raise Wrong(
        "cold_start.fit_strength(histories[rows], priors_at_start[rows]), for told_us and ~told_us."
    )


def fair(answer: object) -> str:
    choice = str(answer).strip(" ().").lower()
    replies = {
        "a": "More than half of the gap stayed without age, income and region, probabilities "
        "became wrong by age, and without the column nobody can see either.",
        "b": "Device and channel are proxies of age: the gap stays, and is harder to find.",
        "d": "Equal shares are one meaning of fair. Here they send the catalog to young "
        "customers who do not want it, past older ones who do; whether the board means that, "
        "nobody asked.",
    }
    if choice in replies:
        raise Wrong(replies[choice])
    if choice != "c":
        raise Wrong("Answer with one letter: 'a', 'b', 'c' or 'd'.")
    return (
        "Selection, calibration and benefit will hardly all be equal where tastes differ. "
        "Measuring is our part; which gap counts is a decision of people who answer for it. "
        "(Keeping a column for audits needs a legal basis of its own: ask.)"
    )


EXERCISES = {
    "04.1": Exercise(
        minutes=6,
        expects="a number of customers",
        hints=(
            "An answer leaks if it was given at the moment or after it.",
            "A comparison gives True and False; its sum counts. Missing times compare as False.",
        ),
        solution='leaked = (joined["answered_at"] >= joined["moment"]).sum()',
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
        check=by_hand,
    ),
    "04.3": Exercise(
        minutes=6,
        expects="the rows of `table`, a DataFrame",
        hints=(
            "A row can teach only when its target has happened.",
            "`moment` is the time of the next visit, the target.",
        ),
        solution='rows = table[table["moment"] < "2025-01-01"]',
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
        check=strength_of_each,
    ),
    "04.5": Exercise(
        minutes=5,
        expects="one letter",
        hints=("Which of the four lets you see whether it worked?",),
        solution='choice = "c"',
        check=fair,
    ),
}
