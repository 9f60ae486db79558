"""Exercises of chapter 03."""

import numbers
from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from helpers import models, simulator
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
    """The chapter's `p["xgboost"]`."""
    X, y, _ = simulator.rare_positives(10_000, seed=1)
    X_test, _, _ = simulator.rare_positives(20_000, seed=2)
    return models.model("xgboost", scale="log").fit(X, y).predict_proba(X_test)[:, 1]


def invited(answer: object) -> str:
    if isinstance(answer, numbers.Number) or answer is None or isinstance(answer, str):
        raise Wrong(
            "The answer says yes or no for each customer: an array of 20,000 True and False."
        )
    p = chapter_model()
    try:
        chosen = np.asarray(answer).squeeze()
    except ValueError:  # rows of unlike length
        chosen = np.array([])
    if chosen.shape != p.shape:
        raise Wrong(
            f"The answer is one True or False for each of the {len(p):,} customers, in order."
        )
    if chosen.dtype != bool and not np.isin(chosen, [0, 1]).all():
        raise Wrong("These are numbers; the answer is True for whoever gets a letter, else False.")
    chosen = chosen.astype(bool)

    def is_rule(rule: np.ndarray) -> bool:
        return (chosen == rule).mean() > 0.999

    if is_rule(p > 4 / 50):
        return (
            f"{chosen.sum():,} letters: whoever has p above 4 / 50 = .08. The AUC, the "
            "prevalence and the number of letters were not asked."
        )
    if not chosen.any() or is_rule(p > 0.5):
        raise Wrong("At .5 next to nobody gets a letter. The threshold follows from gain and cost.")
    if is_rule(p > 2 / 30):
        raise Wrong("This is the threshold of the old prices, 2 / 30.")
    if is_rule(p <= 4 / 50):
        raise Wrong("These are the others: letters go to those above the threshold.")
    if abs(chosen.mean() - 0.08) < 0.002:
        raise Wrong(
            "This is the top 8 % of the customers. .08 is a probability, not a share of them."
        )
    raise Wrong("A letter pays where p · gain > cost. Solve that for p.")


def leaking(answer: object) -> str:
    if isinstance(answer, (list, tuple, set, np.ndarray, pd.Index, pd.Series)) and len(answer) == 1:
        [answer] = answer
    table, renewed = renewals()
    name = str(answer).strip()
    if not isinstance(answer, str) or name not in table:
        raise Wrong(f"The answer is the name of one column: {', '.join(table)}.")
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


def honest(answer: object) -> str:
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, numbers.Real):
        raise Wrong("The answer is one number: an AUC between 0 and 1.")
    if not 0 <= answer <= 1:
        raise Wrong("An AUC lies between 0 and 1.")
    if answer > 0.9:
        raise Wrong("Test rows are still near copies of training rows: SMOTE has seen all of X.")
    if answer > 0.77:
        raise Wrong(
            "This is above the ceiling of the true probabilities, .76: something leaks still."
        )
    if answer < 0.58:
        raise Wrong(
            "Little more than chance. Is it predict_proba(…)[:, 1], on the rows of y itself?"
        )
    return (
        f"{answer:.2f}: SMOTE draws from training rows only, and test rows are as they come, rare "
        "positives included."
    )


def led_back(answer: object) -> str:
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, (numbers.Real, np.ndarray)):
        raise Wrong("The answer is one number: a probability between 0 and 1.")
    answer = np.asarray(answer)
    if answer.size != 1 or answer.dtype.kind not in "iuf":
        raise Wrong("The answer is one number, for this one customer.")
    p = float(answer.item())
    if 7 < p < 8:
        raise Wrong("That looks like a percentage; write a probability between 0 and 1.")
    if not 0 <= p <= 1:
        raise Wrong("A probability lies between 0 and 1.")
    right = float(models.correct_prior([0.8], 0.02)[0])
    if abs(p - right) < 0.0015:
        return (
            "Odds of 4 in a world of one in two become 4 · .02 / .98 = .082 in this one, that is a "
            "probability of .075: still four times the prevalence."
        )
    if abs(p - 4 * 0.02 / 0.98) < 0.001:
        raise Wrong("These are the odds. A probability is odds / (1 + odds).")
    if abs(p - 0.8 * 0.02) < 0.002:
        raise Wrong("Not the probability, its odds are multiplied: .8 is odds of 4 to 1.")
    if abs(p - 0.8) < 0.001:
        raise Wrong("That is the probability in the balanced world; here one in fifty joins.")
    if abs(p - 0.02) < 0.001:
        raise Wrong("That is the prevalence. The model knows more about this customer.")
    raise Wrong("Turn .8 into odds, multiply them by π / (1 − π) with π = .02, turn them back.")


def compared(answer: object) -> str:
    choice = str(answer).strip(" ().").lower()
    replies = {
        "a": "In June a random ranking has .04, in December .20: the floor fell by more than the "
        "score.",
        "b": "Five times the floor against 2.25 times looks better; but the most one can reach "
        "is 25 times in June and 5 times in December. That ratio cannot be compared either.",
        "d": "SMOTE on the test would invent the very customers it is to be judged on.",
    }
    if choice in replies:
        raise Wrong(replies[choice])
    if choice != "c":
        raise Wrong("Answer with one letter: a, b, c or d.")
    return (
        "Average precision moves with the prevalence. AUC does not; calibration and profit at "
        "today's prices say what the model is worth in each month."
    )


EXERCISES = {
    "03.1": Exercise(
        minutes=4,
        expects="an array of True and False, one for each tested customer",
        hints=(
            "A letter brings p · gain − cost on average. When is that above 0?",
            "The threshold is cost / gain, here 4 / 50.",
        ),
        solution='invited = p["xgboost"] > evaluation.best_threshold(50, 4)',
        check=invited,
    ),
    "03.2": Exercise(
        minutes=6,
        expects="the name of one column",
        hints=(
            "Rank the customers by each column alone: roc_auc_score(renewed, table[name]).",
            "An AUC of .05 is as strong as one of .95.",
            "Which of the columns could go on counting after the cut-off?",
        ),
        solution="""\
alone = pd.Series({name: roc_auc_score(renewed, table[name]) for name in table})
leak = (alone - 0.5).abs().idxmax()""",
        check=leaking,
    ),
    "03.3": Exercise(
        minutes=7,
        expects="a number: an AUC",
        hints=(
            "A test row must be a customer whom neither SMOTE nor the forest has seen.",
            "make_sampling_pipeline(SMOTE(…), RandomForestClassifier(…)) goes into "
            "cross_val_predict in place of the forest, with X and y as they are.",
        ),
        solution="""\
model = make_sampling_pipeline(SMOTE(random_state=0), RandomForestClassifier(30, random_state=0))
q = cross_val_predict(model, X[:3_000], y[:3_000], cv=5, method="predict_proba")[:, 1]
auc = roc_auc_score(y[:3_000], q)""",
        check=honest,
    ),
    "03.4": Exercise(
        minutes=4,
        expects="a probability",
        hints=(
            "What are the odds of .8?",
            "models.correct_prior(p, prevalence) does it for arrays.",
        ),
        solution="probability = models.correct_prior([0.8], prevalence=0.02)[0]",
        check=led_back,
    ),
    "03.5": Exercise(
        minutes=4,
        expects="one letter",
        hints=("What would a random ranking have scored in each month?",),
        solution='choice = "c"',
        check=compared,
    ),
}
