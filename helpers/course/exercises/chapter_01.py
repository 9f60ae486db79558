"""Exercises of chapter 01."""

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from helpers import evaluation, targets
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong
from helpers.shop import Shop

CUTOFF = pd.Timestamp("2025-01-01")
COLUMNS = ["days_known", "average_order", "loyalty_points", "visits_of_december"]


def offered(store: Shop) -> pd.DataFrame:
    """Four columns "as of 2025-01-01" for the customers active then, and what they became
    (`high_value`, in the 26 weeks from that day on). One column knows the future."""
    high = targets.high_value(store, CUTOFF)
    lines, visits = store.purchases, store.tables["visits"]
    orders = lines.groupby(["customer_id", "order_id"], as_index=False).agg(
        at=("ordered_at", "min"), amount=("amount", "sum")
    )
    before, seen = orders[orders["at"] < CUTOFF], visits[visits["started_at"] < CUTOFF]
    december = seen[seen["started_at"] >= "2024-12-01"]
    columns = {
        "days_known": (CUTOFF - seen.groupby("customer_id")["started_at"].min()).dt.days,
        "average_order": before.groupby("customer_id")["amount"].mean(),
        # a point for every ten spent, read off the account today, not on the day of the cut-off
        "loyalty_points": orders.groupby("customer_id")["amount"].sum() // 10,
        "visits_of_december": december.groupby("customer_id")["visit_id"].nunique(),
    }
    table = pd.DataFrame(columns, index=high.index).fillna(0)
    return table[COLUMNS].assign(high_value=high)


def leaking(answer: object) -> str:
    name = read.name(answer, [*COLUMNS, "high_value"])
    replies = {
        "days_known": "days_known ranks hardly better than chance: it may be useless, it is no "
        "leak.",
        "average_order": "average_order is 0 for everybody without an order before the cut-off: it "
        "knows nothing of later ones.",
        "visits_of_december": "December lies before the cut-off. That it tells a lot is no crime: "
        "who visits, buys.",
        "high_value": "high_value is the target itself. Which of the four columns leaks it?",
    }
    if name in replies:
        raise Wrong(replies[name])
    return (
        "Points stand on the account of people who had never ordered at the cut-off: the column "
        "was read off today's account. It ranks better than anything that could be known, and on "
        "the day of use it would be worth little more than spend so far."
    )


def is_rows(part: np.ndarray) -> bool:
    """Whether these are row numbers, whole ones, or a mask of the sixty rows."""
    if part.dtype == bool:
        return part.shape == (60,)
    return part.ndim == 1 and part.dtype.kind in "iuf" and bool((part == part.round()).all())


def grouped(answer: Any) -> str:
    read.reject_objects(answer)
    given: Any = read.unrolled(answer)
    if hasattr(given, "split") and not isinstance(given, str):
        raise read.Unreadable("This is a splitter; its method split yields the pairs.")
    if isinstance(given, dict):
        given = list(given.values())
    try:
        pairs = [(np.asarray(a), np.asarray(b)) for a, b in given]
    except (TypeError, ValueError):
        raise read.Unreadable("This cannot be taken apart into pairs.") from None
    if not all(is_rows(part) for pair in pairs for part in pair):
        raise read.Unreadable("Some parts are not flat lists of row numbers, or hold NaN.")
    if any(part.dtype == bool for pair in pairs for part in pair):
        pairs = [tuple(np.flatnonzero(p) if p.dtype == bool else p for p in pair) for pair in pairs]
    if len(pairs) != 5:
        raise Wrong(f"These are {len(pairs)} folds; five were asked for.")
    scored = np.concatenate([b for _, b in pairs])
    if len(scored) and (scored.min() < 0 or scored.max() > 59):
        raise Wrong("The rows are numbered from 0 to 59.")
    if len(scored) != 60 or len(np.unique(scored)) != 60:
        raise Wrong("Every row is to be scored once, in one of the folds.")
    for learn, score in pairs:
        if np.intersect1d(learn, score).size:
            raise Wrong("Some rows are learned from and scored in the same fold.")
        if np.intersect1d(learn % 30, score % 30).size:
            raise Wrong(
                "Some customers stand on both sides: row 0 and row 30 are the same one. A splitter "
                "that takes `groups` keeps them together."
            )
        if len(np.unique(learn)) < 30 or not len(score):
            raise Wrong(
                "Score a fifth of the rows in each fold, and learn from the other four fifths."
            )
    return "Five folds, every row scored once, and no customer is their own teacher."


@lru_cache(maxsize=1)
def depths() -> pd.DataFrame:
    """The scores of the exercise: (folds, depth)."""
    return pd.DataFrame(
        {
            1: [0.405, 0.422, 0.398, 0.431, 0.419],
            2: [0.441, 0.452, 0.437, 0.462, 0.453],
            3: [0.449, 0.458, 0.441, 0.470, 0.457],
            4: [0.451, 0.461, 0.438, 0.476, 0.459],
            5: [0.444, 0.455, 0.430, 0.470, 0.451],
            6: [0.432, 0.446, 0.421, 0.459, 0.437],
        }
    )


def simplest(answer: object) -> str:
    depth = int(read.number(answer, whole=True))
    if not 1 <= depth <= 6:
        raise read.Unreadable(f"There is no depth {depth}.")
    mean, se = depths().mean(), depths().sem()
    top = mean.idxmax()
    right = mean.index[mean >= mean[top] - se[top]].min()
    with_sd = mean.index[mean >= mean[top] - depths()[top].std()].min()
    if depth == right:
        return (
            f"Depth {top} is best with {mean[top]:.3f}, its standard error is {se[top]:.3f}, and "
            f"depth {right} with {mean[right]:.3f} lies within it. The rule takes it: a simpler "
            "tree for a score as good as can be told from five folds."
        )
    if depth == top:
        raise Wrong(
            f"Depth {top} has the best mean. Is a simpler one within one standard error of it?"
        )
    if depth == with_sd:
        raise Wrong(
            "That takes the standard deviation of the folds; the standard error is SD / √5."
        )
    if depth == 1:
        raise Wrong(
            "Depth 1 is the simplest of all, and far more than one standard error below the best."
        )
    raise Wrong(
        "Which depths lie within one standard error of the best mean? Which of them is simplest?"
    )


DIFFERENCES = np.array([0.011, 0.004, 0.016, 0.001, 0.009])


def corrected(answer: object) -> str:
    if isinstance(answer, evaluation.Interval):
        answer = answer[1:]
    values = read.numbers(answer, (2,), ["low", "high"])
    if values[0] > values[1]:
        raise Wrong("The lower end comes first.")
    right = evaluation.corrected_interval(DIFFERENCES, train=16_000, test=4_000)
    independent = evaluation.mean_interval(DIFFERENCES)
    middle, half = right.estimate, right.high - right.estimate
    swapped = evaluation.corrected_interval(DIFFERENCES, train=4_000, test=16_000)
    all_rows = evaluation.corrected_interval(DIFFERENCES, train=20_000, test=4_000)
    sd = DIFFERENCES.std(ddof=1)
    normal, biased = 1.96 * sd * np.sqrt(1 / 5 + 1 / 4), half * np.sqrt(0.8)
    quantiles = np.quantile(DIFFERENCES, [0.025, 0.975])
    mistakes = {
        "These are the smallest and the largest of the five differences (independent folds give "
        "the same to three digits); the interval of their mean was asked for.": (
            DIFFERENCES.min(),
            DIFFERENCES.max(),
        ),
        "This takes the folds for independent experiments; their training rows overlap.": (
            independent[1:]
        ),
        "Training and test rows are exchanged: one learns from 16,000.": swapped[1:],
        "The training rows are those of one fold (16,000), not all rows.": all_rows[1:],
        "With five folds take the t distribution with 4 degrees of freedom, 2.78 in place of "
        "1.96.": (middle - normal, middle + normal),
        "The variance of the folds is divided by 4, not by 5: numpy wants ddof=1.": (
            middle - biased,
            middle + biased,
        ),
        "These are quantiles of the five differences; the interval of their mean was asked "
        "for.": tuple(quantiles),
        "This is the mean ± 1.96 standard deviations: the spread of single folds. The interval "
        "of their mean was asked for.": (middle - 1.96 * sd, middle + 1.96 * sd),
        "This is the mean ± 1.96 standard deviations with ddof=0: the spread of single folds. "
        "The interval of their mean was asked for.": (
            middle - 1.96 * DIFFERENCES.std(),
            middle + 1.96 * DIFFERENCES.std(),
        ),
    }
    distance = np.abs(values - right[1:]).max()
    if distance < 5.1e-4:  # three digits are enough, and the spread of single folds is 6e-4 off
        return (
            f"[{right.low:+.3f}, {right.high:+.3f}] includes zero. Without the correction the "
            f"interval would have been [{independent.low:+.3f}, {independent.high:+.3f}], and "
            "somebody would have written that XGBoost is better."
        )
    read.name_mistake(values, mistakes)
    distances = {reply: np.abs(values - ends).max() for reply, ends in mistakes.items()}
    nearest = min(distances, key=distances.__getitem__)
    if distances[nearest] < 1e-4:  # with t read off a table
        raise Wrong(nearest)
    raise Wrong(
        "Not this interval. It is the mean ± t times a standard error that is larger than SD / √5, "
        "because the folds share training rows: what does that add to the variance?"
    )


def proposed(answer: object) -> str:
    replies = {
        "a": "A network needs many rows: with 2,000 it was not ahead (deeper notebook, costs). "
        "When data have grown, try it again.",
        "b": "With 55 positives every score is a rough guess, and the best of 500 rough guesses is "
        "mostly luck.",
        "d": "A segment gives all its customers the same number, and ranked far below a single "
        "column.",
    }
    why = (
        "With so few customers logistic regression leads XGBoost, and a column that everybody "
        "understands may be as good. Come back with the protocol when there are 5,000 customers."
    )
    return read.letter(answer, replies, "c", why)


EXERCISES = {
    "01.1": Exercise(
        minutes=5,
        expects="the name of a column",
        hints=(
            "How well does each column rank on its own? "
            "average_precision_score(offered['high_value'], …).",
            "Look at customers who had not ordered at the cut-off: average_order is 0 for them.",
        ),
        solution="""\
nobody = offered.query("average_order == 0")   # no order before the cut-off
culprit = next(name for name in ["loyalty_points", "average_order"] if (nobody[name] > 0).any())""",
        why="A column known at the cut-off cannot tell apart customers who had not ordered by "
        "then, by what they ordered later. Loyalty points do, because the account was read "
        "today.",
        check=leaking,
    ),
    "01.2": Exercise(
        minutes=6,
        expects="a list of five pairs of row numbers",
        hints=(
            "KFold(5) splits rows. Which splitter of scikit-learn splits groups of rows?",
            "GroupKFold(5).split(rows, groups=whose_row) yields the pairs.",
        ),
        solution="splits = list(GroupKFold(5).split(whose_row, groups=whose_row))",
        why="If a customer is in train and in test, the model can recognize the person, and the"
        " score is too good. Splitting by group puts all rows of a customer on one side.",
        check=grouped,
    ),
    "01.5": Exercise(
        minutes=5,
        expects="a whole number from 1 to 6",
        hints=(
            "The standard error of a mean of five is depths.sem().",
            "Which depths have a mean of at least the best mean less its standard error?",
        ),
        solution="""\
mean, top = depths.mean(), depths.mean().idxmax()
depth = mean.index[mean >= mean[top] - depths[top].sem()].min()""",
        why="Five folds cannot tell scores apart that differ by less than a standard error. "
        "Among equals the rule takes the simplest model.",
        check=simplest,
    ),
    "01.4": Exercise(
        minutes=6,
        expects="a pair of numbers",
        hints=(
            "Nadeau & Bengio multiply the variance by 1/K + test/train in place of 1/K.",
            "evaluation.corrected_interval does it: an estimate, low and high.",
        ),
        solution="ends = evaluation.corrected_interval(differences, train=16_000, test=4_000)[1:]",
        why="Folds share most of their training rows, so their differences vary less than those"
        " of independent experiments would. The correction adds the ratio of test to "
        "training rows to the variance.",
        check=corrected,
    ),
    "01.3": Exercise(
        minutes=4,
        expects="one letter",
        hints=("What does the table above say about few customers, or few positives?",),
        solution='choice = "c"',
        why="With 55 positives an elaborate search mostly finds luck. A simple model beside the"
        " best column, with the interval of their difference, shows whether a model is "
        "needed at all.",
        check=proposed,
    ),
}
