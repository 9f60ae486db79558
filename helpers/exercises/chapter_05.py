"""Exercises of chapter 05."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from helpers import segments, simulator
from helpers.exercises.exercise import Exercise, Wrong

DATA = Path(__file__).resolve().parents[2] / "data"


@lru_cache(maxsize=1)
def behavior() -> pd.DataFrame:
    return pd.read_csv(DATA / "customer_behavior.csv")


def cleaned(answer: object) -> str:
    if not isinstance(answer, pd.DataFrame):
        raise Wrong("The answer is a DataFrame: the table, cleaned.")
    missing = {"customer_id", *segments.FEATURES} - set(answer.columns)
    if missing:
        raise Wrong(f"The table lost the columns {', '.join(sorted(missing))}.")
    if answer[segments.FEATURES].isna().any(axis=None):
        raise Wrong("Some values are still missing: KMeans cannot measure a distance to nothing.")
    if (answer[["recency", "monetary"]] < 0).any(axis=None):
        raise Wrong("Some recency or monetary is still negative: log1p of it is wrong or undefined.")
    if answer["customer_id"].duplicated().any():
        raise Wrong(
            "Some customers still stand twice. drop_duplicates() finds rows that are alike in every "
            "column; twenty customers came again with other figures."
        )
    if answer["frequency"].max() >= 900:
        raise Wrong("One customer ordered 900 times: a wholesaler would be a segment of its own.")
    if len(answer) < 3_800:
        raise Wrong(f"Only {len(answer):,} customers are left; the flaws concern about 160 of 4,000.")
    return f"{len(answer):,} customers, each once, every value usable."


def segmented(answer: object) -> str:
    labels = np.asarray(answer)
    if labels.shape != (len(behavior()),):
        raise Wrong(f"The answer has one label per customer: {len(behavior()):,} of them, in order.")
    if len(np.unique(labels)) != 4:
        raise Wrong(f"These are {len(np.unique(labels))} segments; four were asked for.")
    features = behavior()[segments.FEATURES]
    found = {
        name: adjusted_rand_score(segments.model(4, name).fit_predict(features), labels)
        for name in ("raw", "standardize", "log")
    }
    if found["raw"] > 0.9:
        raise Wrong("These are segments in raw units: monetary has the largest numbers and decides alone.")
    if found["standardize"] > 0.9 and found["standardize"] > found["log"]:
        raise Wrong("These were standardized without the logarithm: a few big spenders stretch the scale.")
    truth = simulator.load_truth("customer_behavior")["segment"]
    score = adjusted_rand_score(truth, labels)
    if score < 0.55:
        raise Wrong(
            f"ARI to the truth is {score:.2f}; with log1p and StandardScaler it is above .6. "
            "Are the four features in, and nothing else?"
        )
    return f"ARI to the truth is {score:.2f}. Another seed or other numbers for the labels are as good."


def agreement(answer: object) -> str:
    share = float(answer)
    features = behavior()[segments.FEATURES]
    first = segments.model(4, seed=1).fit_predict(features.iloc[:2000])
    second = segments.model(4, seed=2).fit(features.iloc[2000:]).predict(features.iloc[:2000])
    right = (segments.match(first, second) == first).mean()
    if abs(share - right) > 0.01 and abs(share - (first == second).mean()) < 0.005:
        raise Wrong("The numbers of the labels are arbitrary: match them first, then compare.")
    if abs(share - adjusted_rand_score(first, second)) < 0.005:
        raise Wrong("This is the ARI. The share of customers who keep their segment was asked for.")
    if not 0 <= share <= 1:
        raise Wrong("A share lies between 0 and 1.")
    if abs(share - right) > 0.01:
        raise Wrong("Compare segments.match(first, second) with first, customer by customer.")
    return f"{share:.0%} of customers land in the same segment, whichever half of the others taught it."


def structure(answer: object) -> str:
    if answer not in range(1, 11):
        raise Wrong("The answer is a k: a whole number from 1 to 10.")
    if answer == 1:
        return (
            "This file is a copula twin: the same columns, the same rank correlations, no segments. "
            "The elbow and the silhouette name a k all the same."
        )
    raise Wrong(
        "The elbow or the silhouette may say so, but they never say 1. Compare the file with its own "
        "twins: segments.gap, then segments.choose_k."
    )


def winback(answer: object) -> str:
    choice = str(answer).strip().lower()
    replies = {
        "a": "Those most likely to leave are not those whom a voucher keeps: risk is not effect.",
        "b": "Their silence may be their usual rhythm; and nothing here says that a voucher moves them.",
        "d": "Then half of the budget goes to people who buy anyway, and you learn nothing from it.",
    }
    if choice in replies:
        raise Wrong(replies[choice])
    if choice != "c":
        raise Wrong("Answer with one letter: 'a', 'b', 'c' or 'd'.")
    return (
        "A segment says who is alike, not who can be moved. Drawing at random inside each segment "
        "makes the segments strata of an experiment, and the experiment tells where the voucher pays."
    )


EXERCISES = {
    "05.1": Exercise(
        minutes=8,
        expects="a DataFrame with customer_id and the four features",
        hints=(
            "Look first: dirty.describe(), dirty.isna().sum(), dirty['customer_id'].duplicated().sum().",
            "drop_duplicates('customer_id') keeps one row a customer; dropna() and query() do the rest.",
            "The wholesaler stands at the top of dirty.nlargest(3, 'frequency').",
        ),
        solution="""\
clean = dirty.dropna().drop_duplicates("customer_id")
clean = clean.query("recency >= 0 and monetary >= 0 and frequency < 900")""",
        check=cleaned,
    ),
    "05.2": Exercise(
        minutes=5,
        expects="an array with one label per customer",
        hints=(
            "Which step of the recipe lets monetary decide alone?",
            "np.log1p(behavior[segments.FEATURES]), then StandardScaler, then KMeans.",
        ),
        solution="""\
logged = StandardScaler().fit_transform(np.log1p(behavior[segments.FEATURES]))
my_segments = KMeans(n_clusters=4, n_init=10, random_state=0).fit_predict(logged)""",
        check=segmented,
    ),
    "05.3": Exercise(
        minutes=6,
        expects="a share between 0 and 1",
        hints=(
            "Segment 2 of one fit may be segment 0 of the other: segments.match(first, second).",
            "The mean of a comparison is the share of customers for whom it is true.",
        ),
        solution="kept = (segments.match(first, second) == first).mean()",
        check=agreement,
    ),
    "05.4": Exercise(
        minutes=6,
        expects="a whole number from 1 to 10",
        hints=(
            "The elbow cannot answer 1. What can?",
            "segments.gap(mystery) compares the file with twenty twins of itself.",
        ),
        solution="k = segments.choose_k(segments.gap(mystery))",
        check=structure,
    ),
    "05.5": Exercise(
        minutes=4,
        expects="one letter",
        hints=("Which of the four would let you find out that you were wrong?",),
        solution='choice = "c"',
        check=winback,
    ),
}
