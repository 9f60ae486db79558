"""c09: SMOTE before the split is fiction.

A random forest cross-validated in five folds: SMOTE on the whole table first, so that invented rows
lie between a test row and its neighbors in training; SMOTE inside the folds, on training rows only;
and no SMOTE. On real shoppers a seed draws 80 % of the households; theirs stay in one fold (but not
before the split, where invented rows belong to nobody: there a household's offers leak as well).
"""

import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict
from threadpoolctl import threadpool_limits

from helpers import evaluation, models, simulator
from helpers.course import studies
from helpers.course.studies import rare
from helpers.features import coupons

CLAIM = "SMOTE before the split is fiction"
EXPECTED = (
    "AUC and F1 near 1 with SMOTE before the split, and far lower with SMOTE inside the folds"
)
KIND = "demonstration"
CHAPTER = "03"
SEEDS = range(30)
DRAWS = 30
ROWS = 4_000
KEPT = 0.8
ARMS = ["SMOTE before the split", "SMOTE inside the folds", "no SMOTE"]
CONTRASTS = {
    name: studies.Contrast(
        "AUC in cross-validation, SMOTE before the split minus inside the folds",
        studies.minus(world, ARMS[0], ARMS[1], "AUC"),
        above=0.1,
        form="+.2f",
        kept=kept,
    )
    for name, world, kept in (("exact layer", rare.EXACT, None), ("coupons", studies.REAL, KEPT))
}
WAS = "yes"
HISTORY = (
    "The contrast was named after a look at these rows: a demonstration, whose worlds were not "
    "drawn anew. On coupons the center is now all households.",
)


def forest(seed: int):
    """A fully grown forest of 30 trees, as it comes."""
    return models.model("random forest", seed, scale="log", n_estimators=30, min_samples_leaf=1)


def judged(X: pd.DataFrame, y: np.ndarray, groups: np.ndarray | None, seed: int) -> dict:
    """AUC and F1 at .5 in cross-validation, by arm. Rows of one group stay in one fold, but for
    rows that SMOTE invented before the split: they belong to nobody."""
    result = {}
    folds = StratifiedKFold(5, shuffle=True, random_state=seed) if groups is None else GroupKFold(5)
    prepared = models.prepare("log").fit_transform(X)
    before = SMOTE(random_state=seed).fit_resample(prepared, y)
    mixed = StratifiedKFold(5, shuffle=True, random_state=seed)
    tries = {
        ARMS[0]: (forest(seed), pd.DataFrame(before[0]), before[1], None, mixed),
        ARMS[1]: (models.rebalance(forest(seed), "SMOTE", seed), X, y, groups, folds),
        ARMS[2]: (forest(seed), X, y, groups, folds),
    }
    for arm, (model, rows, outcome, who, cv) in tries.items():
        p = cross_val_predict(model, rows, outcome, groups=who, cv=cv, method="predict_proba")[:, 1]
        result[arm, "AUC"] = roc_auc_score(outcome, p)
        result[arm, "F1"] = f1_score(outcome, p > 0.5)
    return result


def run(seed: int) -> dict:
    result = {}
    with threadpool_limits(limits=1):
        X, y, _ = simulator.rare_positives(ROWS, seed)
        for key, value in judged(X, y, None, seed).items():
            result[rare.EXACT, *key] = value
    return result


def households(seed: int) -> dict:
    table = rare.offers()[0]
    if seed != studies.FULL:
        # 80 % of the households, each once: copies of a bootstrap would leak by themselves
        customers = table.index.get_level_values("customer_id").unique().to_series()
        kept = customers.sample(frac=KEPT, random_state=seed)
        table = table[table.index.get_level_values("customer_id").isin(kept)]
    who = table.index.get_level_values("customer_id").to_numpy()
    y = table["redeemed"].to_numpy(dtype=int)
    with threadpool_limits(limits=1):
        found = judged(table[coupons.FEATURES], y, who, max(seed, 0))
    return {(studies.REAL, *key): value for key, value in found.items()}


def fiction(rows: pd.DataFrame, world: str, metric: str) -> evaluation.Interval:
    """How much better SMOTE looks before the split than inside the folds, paired by seed."""
    return studies.interval(rows, world, ARMS[0], metric, less=ARMS[1], kept=KEPT)


def figures(rows: pd.DataFrame, world: str) -> list[studies.Figure]:
    """AUC and F1 of each arm, and what SMOTE before the split adds to them."""
    found = []
    for metric in ("AUC", "F1"):
        for arm in ARMS:
            value = studies.interval(rows, world, arm, metric, kept=KEPT)
            found.append(studies.Figure(f"{metric}, {arm}", value))
        added = fiction(rows, world, metric)
        found.append(studies.Figure(f"{metric}, before minus inside", added, "+.2f"))
    return found


def finding(rows: pd.DataFrame) -> studies.Finding:
    invented = fiction(rows, rare.EXACT, "AUC")
    return studies.Finding(
        "SMOTE before the split invents {} of AUC",
        studies.Figure("AUC, before minus inside", invented),
        figures(rows, rare.EXACT),
        figures(rows, studies.REAL),
        note=f"Real shoppers: offers of coupons; a model learns anew on each draw, {KEPT:.0%} of "
        "the households.",
    )
