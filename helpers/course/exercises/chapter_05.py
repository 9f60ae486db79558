"""Exercises of chapter 05."""

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from helpers import segments, simulator
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong
from helpers.files import DATA

DOUBLED = ("exact duplicate", "same customer, other figures")  # flaws that leave a row usable


@lru_cache(maxsize=1)
def behavior() -> pd.DataFrame:
    return pd.read_csv(DATA / "customer_behavior.csv")


@lru_cache(maxsize=1)
def dirty() -> tuple[pd.DataFrame, pd.Series]:
    """The dirty file, and by customer_id the flaw of each row that cannot be used."""
    truth = simulator.load_truth("customer_behavior_dirty")
    unusable = truth[~truth["flaw"].isin(DOUBLED)].set_index("customer_id")["flaw"]
    return pd.read_csv(DATA / "customer_behavior_dirty.csv"), unusable


def cleaned(answer: object) -> str:
    answer = read.frame(answer)
    table = answer if "customer_id" in answer else answer.reset_index()
    missing = [name for name in ("customer_id", *segments.FEATURES) if name not in table]
    if missing:
        raise Wrong(f"The table lost the columns {', '.join(missing)}.")
    if text := [
        name for name in segments.FEATURES if not pd.api.types.is_numeric_dtype(table[name])
    ]:
        raise Wrong(
            f"{', '.join(text)}: text or objects, not numbers, and KMeans cannot measure with "
            "them. pd.to_numeric makes numbers of them; or drop rows without touching the columns."
        )
    names, figures = table["customer_id"].astype(str), table[segments.FEATURES].astype(float)
    if figures.isna().any(axis=None):
        raise Wrong("Some values are still missing: KMeans cannot measure a distance to nothing.")
    if (figures[["recency", "monetary"]] < 0).any(axis=None):
        raise Wrong("Some recency or monetary is still negative: log1p is wrong there.")
    none_invented(names)
    if names.duplicated().any():
        raise Wrong(
            "Some customers still stand twice. drop_duplicates() finds rows that are alike in all "
            "columns; twenty customers came again with other figures."
        )
    none_changed(names, figures)
    if len(table) < 3_750:
        raise Wrong(
            f"Only {len(table):,} customers are left. Of 4,000, 161 have values that cannot be "
            "used, and 60 stand twice."
        )
    return (
        f"{len(table):,} customers, each once, every value as the file has it. Of the twenty who "
        "came again with other figures, either row will do, or neither: nothing says which."
    )


def none_invented(names: pd.Series) -> None:
    """Raise Wrong where a customer is left whose only row cannot be used."""
    flaws = names.map(dirty()[1])
    left, drop = flaws.fillna("").str, "The task was to drop what cannot be used."
    if count := left.startswith("missing").sum():
        raise Wrong(
            f"{count} customers with a missing value are still here, with something in its place. "
            f"Nothing says that a missing recency is 0, or the median: it is invented. {drop}"
        )
    if count := left.startswith("negative").sum():
        raise Wrong(
            f"{count} customers with a negative value are still here, with another in its place. "
            f"Nothing says that -5 means 5, or 0: it is invented. {drop}"
        )
    if left.startswith("wholesaler").any():
        raise Wrong(
            f"{names[flaws == 'wholesaler'].iloc[0]} ordered 900 times and spent 1,250,000: a "
            f"wholesaler would be a segment of its own, and a cap would be invented. {drop}"
        )


def none_changed(names: pd.Series, figures: pd.DataFrame) -> None:
    """Raise Wrong where a row is not one of the file's rows of this customer."""
    rows = dirty()[0].set_index("customer_id")[segments.FEATURES]
    if len(unknown := names[~names.isin(rows.index)]):
        raise Wrong(f"{len(unknown)} customers are not in the file, {unknown.iloc[0]} for one.")
    same = np.zeros(len(names), dtype=bool)
    for keep in ("first", "last"):
        version = rows[~rows.index.duplicated(keep=keep)].loc[names]
        same |= np.isclose(figures, version).all(axis=1)
    if not same.all():
        raise Wrong(
            f"{(~same).sum()} customers have figures that the file does not hold, "
            f"{names[~same].iloc[0]} for one. Drop rows and change no figure: of two rows of a "
            "customer keep one or neither, not their mean; logarithm and scale come later."
        )


@lru_cache(maxsize=1)
def with_a_step_left_out() -> dict[str, np.ndarray]:
    """Labels (n,) of KMeans where a step was left out, by what to say about it."""
    features = behavior()[segments.FEATURES]
    logged = KMeans(4, n_init=10, random_state=0).fit_predict(np.log1p(features))
    return {
        "These are segments in raw units: monetary has the largest numbers and decides alone.": (
            segments.assign(features, 4, "raw")
        ),
        "These were standardized without the logarithm: a few big spenders stretch the scale.": (
            segments.assign(features, 4, "standardize")
        ),
        "These were logged without scaling: recency and spend, which vary most on the logarithmic "
        "scale, drown the interest score. Put StandardScaler after log1p.": logged,
    }


def segmented(answer: object) -> str:
    labels = read.per_row(answer, behavior().index)
    codes, found = pd.factorize(labels)
    if len(found) != 4:
        raise Wrong(f"The number of segments here is {len(found)}; four were asked for.")
    score = adjusted_rand_score(simulator.load_truth("customer_behavior")["segment"], codes)
    if score > 0.95:
        raise Wrong(
            f"ARI {score:.2f}: these are the true segments; no shop has them. Find what you can "
            "from the four features alone."
        )
    if score >= 0.6:
        return (
            f"ARI to the truth is {score:.2f}, by the recipe it was .47. Another seed or other "
            "names for the segments are as good."
        )
    for reply, labels in with_a_step_left_out().items():
        if adjusted_rand_score(labels, codes) > 0.9:
            raise Wrong(f"ARI to the truth is {score:.2f}. {reply}")
    raise Wrong(
        f"ARI to the truth is {score:.2f}; at least .6 was asked for. Do all four features go in, "
        "and nothing else, in the order of the file? log1p, StandardScaler and KMeans reach .7."
    )


def agreement(answer: object) -> str:
    share = read.share(answer)
    features = behavior()[segments.FEATURES]
    first = segments.model(4, seed=1).fit_predict(features.iloc[:2000])
    second = segments.model(4, seed=2).fit(features.iloc[2000:]).predict(features.iloc[:2000])
    right = (segments.match(first, second) == first).mean()
    if abs(share - right) > 0.01:
        mistakes = {
            "The numbers of the labels are arbitrary: match them first, then compare.": (
                (first == second).mean()
            ),
            "This is the ARI. The share of customers who keep their segment was asked for.": (
                adjusted_rand_score(first, second)
            ),
            "This is the share of those who change it.": 1 - right,
        }
        read.name_mistake(share, mistakes)
        raise Wrong(
            "Not this share. When both fits give the same segment different numbers, what has to "
            "come before a comparison customer by customer?"
        )
    return f"{share:.0%} of customers land in the same segment, whichever half taught it."


def structure(answer: object) -> str:
    none = "No segments is k = 1: all customers in one. If you mean that, answer 1."
    if answer is None or (isinstance(answer, str) and answer.strip().lower() == "none"):
        raise Wrong(none)
    k = read.number(answer, whole=True)
    if k == 0:
        raise Wrong(none)
    if k not in range(1, 11):
        raise read.Unreadable(f"A k of {k:g} is out of range.")
    if k == 1:
        return (
            "This file is a copula twin of other customers: real-looking columns, their rank "
            "correlations, no segments. The elbow and the silhouette name a k all the same."
        )
    raise Wrong(
        "The elbow or the silhouette may say so, but they never say 1. Compare the file with its "
        "own twins, which have no segments."
    )


def winback(answer: object) -> str:
    replies = {
        "a": "Those most likely to leave are not those whom a voucher keeps: risk is not effect.",
        "b": "For frequent buyers a long silence is unusual and suggests that they left; whether "
        "a voucher moves them nobody knows.",
        "d": "Then the vouchers go to people many of whom buy anyway, and you learn nothing.",
    }
    why = (
        "A segment says who is alike, not who can be moved. Drawing at random inside each segment "
        "makes the segments strata of an experiment, which tells where the voucher pays."
    )
    return read.letter(answer, replies, "c", why)


EXERCISES = {
    "05.1": Exercise(
        minutes=7,
        expects="a DataFrame with customer_id and the four features",
        hints=(
            "Look: dirty.describe(), dirty.isna().sum(), dirty['customer_id'].value_counts().",
            "drop_duplicates('customer_id') keeps one row each; dropna() and query() do the rest.",
            "The wholesaler stands at the top of dirty.nlargest(3, 'frequency').",
        ),
        solution="""\
clean = dirty.dropna().query("recency >= 0 and monetary >= 0 and frequency < 900")
clean = clean.drop_duplicates("customer_id")""",
        why="A row whose value is missing or impossible says nothing about that customer, and a"
        " filled value would be invented. A customer who stands twice would count twice.",
        check=cleaned,
    ),
    "05.2": Exercise(
        minutes=4,
        expects="an array, a list or a Series with one label per customer",
        hints=(
            "A few big spenders stretch the scale of monetary. What brings them nearer the rest?",
            "np.log1p(behavior[segments.FEATURES]), then StandardScaler, then KMeans.",
        ),
        solution="""\
logged = StandardScaler().fit_transform(np.log1p(behavior[segments.FEATURES]))
my_segments = KMeans(n_clusters=4, n_init=10, random_state=0).fit_predict(logged)""",
        why="The logarithm brings the few big spenders closer, and scaling lets each feature "
        "count the same. KMeans only measures distances, so both decide what it finds.",
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
        why="The numbers of the labels are arbitrary, so the segments are matched first. Then "
        "the mean of the comparison is the share that agrees.",
        check=agreement,
    ),
    "05.4": Exercise(
        minutes=4,
        expects="a whole number from 1 to 10",
        hints=(
            "The elbow names a k for every file. With what can a file be compared instead?",
            "segments.gap(mystery) compares the file with twenty twins of itself.",
        ),
        solution="k = segments.choose_k(segments.gap(mystery))",
        why="The elbow and the silhouette name a number for any file. Only a comparison with "
        "twins without segments can answer that there are none.",
        check=structure,
    ),
    "05.5": Exercise(
        minutes=3,
        expects="one letter",
        hints=("Which of the four would let you find out that you were wrong?",),
        solution='choice = "c"',
        why="A group that was not contacted shows what would have happened anyway. Only a "
        "random draw makes both groups alike.",
        check=winback,
    ),
}
