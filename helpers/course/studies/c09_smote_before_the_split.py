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
CHAPTER = "03"
SEEDS = range(30)
ROWS = 4_000
KEPT = 0.8
ARMS = ["SMOTE before the split", "SMOTE inside the folds", "no SMOTE"]


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
        table = rare.offers()[0]
        # 80 % of the households, each once: copies of a bootstrap would leak by themselves
        households = table.index.get_level_values("customer_id").unique().to_series()
        kept = households.sample(frac=KEPT, random_state=seed)
        table = table[table.index.get_level_values("customer_id").isin(kept)]
        who = table.index.get_level_values("customer_id").to_numpy()
        y = table["redeemed"].to_numpy(dtype=int)
        for key, value in judged(table[coupons.FEATURES], y, who, seed).items():
            result[studies.REAL, *key] = value
    return result


def interval(values: np.ndarray, world: str) -> evaluation.Interval:
    """The mean over the seeds (n,) with its interval."""
    if world == studies.REAL:
        return studies.subsample_interval(values, KEPT)
    return evaluation.mean_interval(values)


def fiction(rows: pd.DataFrame, world: str, metric: str) -> evaluation.Interval:
    """How much better SMOTE looks before the split than inside the folds, paired by seed."""
    before = studies.values(rows, world, ARMS[0], metric)
    return interval(before - studies.values(rows, world, ARMS[1], metric), world)


def figures(rows: pd.DataFrame, world: str) -> list[studies.Figure]:
    """AUC and F1 of each arm, and what SMOTE before the split adds to them."""
    found = []
    for metric in ("AUC", "F1"):
        for arm in ARMS:
            value = interval(studies.values(rows, world, arm, metric), world)
            found.append(studies.Figure(f"{metric}, {arm}", value))
        added = fiction(rows, world, metric)
        found.append(studies.Figure(f"{metric}, before minus inside", added, "+.2f"))
    return found


def finding(rows: pd.DataFrame) -> studies.Finding:
    found = []
    for world in (rare.EXACT, studies.REAL):
        for metric in ("AUC", "F1"):
            found.append(fiction(rows, world, metric).low > 0.1)
    invented = fiction(rows, rare.EXACT, "AUC")
    return studies.Finding(
        "SMOTE before the split invents {} of AUC",
        studies.Figure("AUC, before minus inside", invented),
        studies.verdict(all(found), any(found)),
        figures(rows, rare.EXACT),
        figures(rows, studies.REAL),
        note=f"Real shoppers: offers of coupons; a model learns anew on each draw, {KEPT:.0%} of "
        "the households.",
    )
