"""Exercises of chapter 03."""

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from helpers import models, simulator
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong

LEAK = "reminders"


def renewals() -> tuple[pd.DataFrame, pd.Series]:
    """A table from a colleague: 4,000 customers (ten columns, exported today) and who renewed the
    membership in the 90 days after the cut-off. One column was counted up to the export."""
    X, y, _ = simulator.rare_positives(4_000, seed=77, shift=1.0)
    rng = np.random.default_rng(78)
    table = pd.DataFrame(
        {
            "visits_90d": (3 * X["x1"]).round().astype(int),
            "spend_90d": (40 * X["x2"]).round(2),
            "days_since_visit": (9 * X["x3"]).round().astype(int),
            "price_level": X["x4"].round(2),
            "mail_opens": rng.poisson(np.exp(0.3 * X["x5"])),
            "category_breadth": (X["x6"] + 3).round(1),
            "weekend_share": (1 / (1 + np.exp(-X["x7"]))).round(2),
            # whoever has renewed is reminded no more
            LEAK: np.where(y == 1, rng.poisson(0.4, len(y)), rng.poisson(3.0, len(y))),
            "support_calls": rng.poisson(0.3, len(y)),
            "age_of_account": rng.integers(30, 1_500, len(y)),
        }
    )
    return table, pd.Series(y, name="renewed")


@lru_cache(maxsize=1)
def chapter_model() -> np.ndarray:
    """The chapter's `p`."""
    X, y, _ = simulator.rare_positives(10_000, seed=1)
    X_test, _, _ = simulator.rare_positives(20_000, seed=2)
    return models.model("logistic regression").fit(X, y).predict_proba(X_test)[:, 1]


def invited(answer: object) -> str:
    p = chapter_model()
    index = pd.RangeIndex(len(p))
    chosen = read.decisions(answer, index)

    def is_rule(rule: np.ndarray) -> bool:
        return (chosen == rule).mean() > 0.999

    if is_rule(p > 4 / 50):
        return (
            f"{chosen.sum():,} letters: whoever has p above 4 / 50 = 0.08. Neither the AUC nor the "
            "prevalence was needed."
        )
    if isinstance(answer, (pd.Series, pd.DataFrame)) and is_rule_by_place(answer, p > 4 / 50):
        raise Wrong(
            "The rule is right row by row, but the index says that the rows are other customers: "
            "give the Series the index of X_test."
        )
    if chosen.sum() == (p > 4 / 50).sum():
        raise Wrong(
            "As many letters as the rule gives, but to others: is the order that of X_test?"
        )
    if not chosen.any() or is_rule(p > 0.5):
        raise Wrong(
            "At 0.5 next to nobody gets a letter. The threshold follows from gain and cost."
        )
    if is_rule(p > 2 / 30):
        raise Wrong("This is the threshold of the old prices, 2 / 30.")
    if is_rule(p <= 4 / 50):
        raise Wrong("These are the others: letters go to those above the threshold.")
    if abs(chosen.mean() - 0.08) < 0.002:
        raise Wrong(
            "This is the top 8 % of the customers. 0.08 is a probability, not a share of them."
        )
    raise Wrong(
        f"{chosen.sum():,} letters, by another rule. A letter pays where p · gain > cost, with the "
        "new prices and the chapter's `p`."
    )


def is_rule_by_place(answer: pd.Series | pd.DataFrame, rule: np.ndarray) -> bool:
    """Whether the values are the rule's where the index is left aside."""
    return bool((read.decisions(answer.to_numpy(), pd.RangeIndex(len(rule))) == rule).all())


def leaking(answer: object) -> str:
    table, renewed = renewals()
    name = read.name(answer, table)
    score = roc_auc_score(renewed, table[name])
    if name == LEAK:
        return (
            f"Alone it has an AUC of {score:.2f}: whoever renewed was reminded no more, and the "
            "count ran on until the export. At the cut-off nobody knew it. An AUC near 0 is as "
            "suspicious as one near 1: the model turns it around."
        )
    if 0.45 < score < 0.55:
        raise Wrong(
            f"{name} alone has an AUC of {score:.2f}, hardly more than chance: it betrays nothing."
        )
    raise Wrong(
        f"{name} alone has an AUC of {score:.2f}: a good column, and one that can be known "
        "before the cut-off. Which one is too good to be true, in either direction?"
    )


# SMOTE inside the folds, forests of 20 to 100 trees, 18 draws: 0.694 to 0.727; without SMOTE: 0.59
# to 0.70. The true probabilities reach 0.76 on the chapter's test.
LOWEST, CEILING = 0.68, 0.76


def honest(answer: object) -> str:
    auc = read.share(answer)
    if auc > 0.9:
        raise Wrong("So high only where test rows are near copies of rows that were trained on.")
    if auc > CEILING:
        raise Wrong(
            "This is above the ceiling of the true probabilities, 0.76: something leaks still."
        )
    if 0.45 < auc < 0.55:
        raise Wrong(
            "Hardly more than chance. Are the scores probabilities, on the rows of y itself?"
        )
    if auc < 0.45:
        raise Wrong("Below chance: is this the probability of the other class?")
    if auc < LOWEST:
        raise Wrong(
            "No leak shows here, but forests with SMOTE inside the folds reach more. A forest "
            "without SMOTE gives about as much as this: is it still in?"
        )
    return (
        f"{auc:.2f} lies where forests with SMOTE on training rows only end here, and below the "
        "ceiling of 0.76. (A number cannot show that SMOTE is in it: a forest of 100 trees without "
        "it reaches 0.70 as well.)"
    )


def led_back(answer: object) -> str:
    p = read.share(answer)
    right = float(models.correct_prior([0.8], 0.02)[0])
    if abs(p - right) < 0.0015:
        return (
            "Odds of 4 in a world of one in two become 4 · 0.02 / 0.98 = 0.082 in this one, that "
            "is a probability of 0.075: still four times the prevalence."
        )
    mistakes = {
        "These are the odds. A probability is odds / (1 + odds).": 4 * 0.02 / 0.98,
        "Not the probability, its odds are multiplied: 0.8 is odds of 4 to 1.": 0.8 * 0.02,
        "That is the probability in the balanced world; here one in fifty joins.": 0.8,
        "That is the prevalence. The model knows more about this customer.": 0.02,
    }
    read.name_mistake(p, mistakes)
    raise Wrong(
        "Not this one. Turn 0.8 into odds: what are they in a world where one in fifty joins?"
    )


def compared(answer: object) -> str:
    replies = {
        "a": "In June a random ranking has 0.04, in December 0.20: the floor fell by more than the "
        "score.",
        "b": "Five times the floor against 2.25 times looks better; but the most one can reach "
        "is 25 times in June and 5 times in December. That ratio cannot be compared either.",
        "d": "SMOTE on the test would invent the very customers it is to be judged on.",
    }
    why = (
        "Average precision moves with the prevalence. AUC does not; calibration and profit at "
        "today's prices say what the model is worth in each month."
    )
    return read.letter(answer, replies, "c", why)


EXERCISES = {
    "03.1": Exercise(
        minutes=4,
        expects="an array of True and False, one for each tested customer",
        hints=(
            "A letter brings p · gain − cost on average. When is that above 0?",
            "The threshold is cost / gain, here 4 / 50.",
        ),
        solution="invited = p > 4 / 50",
        why="A letter brings gain times p on average and costs its price, so it pays where p is"
        " above cost / gain. This needs calibrated probabilities and nothing else.",
        check=invited,
    ),
    "03.2": Exercise(
        minutes=6,
        expects="the name of one column",
        hints=(
            "Rank the customers by each column alone: roc_auc_score(renewed, table[name]).",
            "An AUC of 0.05 is as strong as one of 0.95.",
            "Which of the columns could go on counting after the cut-off?",
        ),
        solution="""\
alone = pd.Series({name: roc_auc_score(renewed, table[name]) for name in table})
leak = (alone - 0.5).abs().idxmax()""",
        why="A column that ranks far better than the others, in either direction, is "
        "suspicious. This one was counted until the export, after the outcome was known.",
        check=leaking,
    ),
    "03.3": Exercise(
        minutes=7,
        expects="a number: an AUC",
        hints=(
            "A test row must be a customer whom neither SMOTE nor the forest has seen.",
            "Give cross_val_predict a pipeline of imbalanced-learn with two steps, SMOTE and the "
            "forest, and X_few, y_few as they are.",
        ),
        solution="""\
from imblearn.pipeline import Pipeline

inside = Pipeline([("SMOTE", SMOTE(random_state=0)), ("classify", forest)])
p_honest = cross_val_predict(inside, X_few, y_few, cv=5, method="predict_proba")[:, 1]
honest_auc = roc_auc_score(y_few, p_honest)""",
        why="SMOTE before the split puts mixtures of test rows into train, and the forest "
        "recognizes them. In a pipeline the sampler sees only the training rows of each "
        "fold.",
        check=honest,
    ),
    "03.4": Exercise(
        minutes=4,
        expects="a probability",
        hints=(
            "What are the odds of 0.8?",
            "models.correct_prior(p, prevalence) does it for arrays.",
        ),
        solution="probability = models.correct_prior([0.8], prevalence=0.02)[0]",
        why="Balancing multiplies the odds of every customer by the same factor, and the "
        "correction divides by it. Odds are converted, not probabilities, because only for "
        "odds is the factor the same for everybody.",
        check=led_back,
    ),
    "03.5": Exercise(
        minutes=4,
        expects="one letter",
        hints=("What would a random ranking have scored in each month?",),
        solution='choice = "c"',
        why="Average precision starts from the prevalence, which differs between the months. "
        "AUC does not depend on it, and calibration and profit are measured in each month "
        "as it is.",
        check=compared,
    ),
}
