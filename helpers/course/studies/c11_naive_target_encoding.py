"""c11: naive target encoding overfits.

A column of 2,000 levels, say the last product looked at, stands beside four numbers that matter. It
is replaced by the mean outcome of its level: counted over the training rows themselves (naive), by
scikit-learn's `TargetEncoder` as it is meant (`fit_transform`: each row's own outcome is left out),
or by the same encoder in a way that defeats it (`fit`, then `transform` of the training rows). Two
worlds: the levels are pure noise, or they carry signal.
"""

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold
from sklearn.preprocessing import TargetEncoder

from helpers import evaluation, models
from helpers.course import studies

CLAIM = "naive target encoding overfits"
EXPECTED = (
    "with levels of noise: naive and fit().transform() far below leaving the column out, "
    "fit_transform level with it; with levels that matter fit_transform above leaving it out"
)
KIND = "test"
CHAPTER = "02"
SEEDS = range(6000, 6030)
ROWS, LEVELS = 10_000, 2_000
LOSS = 0.005  # of AUC: what counts as none
NOISE, SIGNAL = "levels of noise", "levels that matter"
WITHOUT, NAIVE, CROSS, TRAP = "without", "naive", "fit_transform", "fit().transform()"
LOGISTIC, TREES = "logistic regression", "xgboost"
SHORT = {LOGISTIC: "lr", TREES: "xgb"}
CONTRASTS = {
    world: studies.Contrast(
        f"AUC, {LOGISTIC}, naively encoded minus left out",
        studies.minus(world, f"{NAIVE}, lr", f"{WITHOUT}, lr", "AUC"),
        below=-LOSS,
    )
    for world in (NOISE, SIGNAL)
}
WAS = "yes"
HISTORY = (
    "Measured on seeds 0 to 29 and judged by a dozen intervals. The one contrast was named "
    "after a look at those rows. Since then new worlds were drawn: the rows are those of "
    "seeds 6000 to 6029.",
)


def draw(seed: int, effect: float) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows with four numbers and a level, and their outcomes; `effect` is the spread of the levels'
    log-odds."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.normal(size=(ROWS, 4)), columns=list("abcd"))
    level = rng.integers(LEVELS, size=ROWS)
    log_odds = -1.5 + X.to_numpy() @ [1.0, 0.6, 0.3, 0.0] + effect * rng.normal(size=LEVELS)[level]
    return X.assign(level=level), (rng.random(ROWS) < expit(log_odds)).astype(int)


def encoded(train: pd.DataFrame, y: np.ndarray, test: pd.DataFrame) -> dict[str, tuple]:
    """The column's replacement on the training and the test rows, by arm."""
    means = pd.Series(y).groupby(train["level"].to_numpy()).mean()
    seen, unseen = (part["level"].map(means).fillna(y.mean()) for part in (train, test))
    level, new = train[["level"]], test[["level"]]
    encoder = TargetEncoder(target_type="binary", cv=KFold(5, shuffle=True, random_state=0))
    cross = encoder.fit_transform(level, y)
    return {
        NAIVE: (seen, unseen),
        CROSS: (cross[:, 0], encoder.transform(new)[:, 0]),
        TRAP: (encoder.transform(level)[:, 0], encoder.transform(new)[:, 0]),
    }


def run(seed: int) -> dict:
    result = {}
    for world, effect in ((NOISE, 0.0), (SIGNAL, 1.0)):
        X, y = draw(seed, effect)
        train, test, known, asked = X[: ROWS // 2], X[ROWS // 2 :], y[: ROWS // 2], y[ROWS // 2 :]
        tables = {WITHOUT: (train[list("abcd")], test[list("abcd")])}
        for arm, (ours, theirs) in encoded(train, known, test).items():
            tables[arm] = train.assign(level=ours), test.assign(level=theirs)
        for algorithm, short in SHORT.items():
            for arm, (learn, judge) in tables.items():
                model = models.model(algorithm, scale="standardize").fit(learn, known)
                score = roc_auc_score(asked, model.predict_proba(judge)[:, 1])
                result[world, f"{arm}, {short}", "AUC"] = score
    return result


def gain(
    rows: pd.DataFrame, world: str, arm: str, algorithm: str = LOGISTIC
) -> evaluation.Interval:
    """What the column gains in AUC, encoded in one way, paired by seed."""
    short = SHORT[algorithm]
    return studies.interval(rows, world, f"{arm}, {short}", "AUC", less=f"{WITHOUT}, {short}")


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for world in (NOISE, SIGNAL):
        base = studies.interval(rows, world, f"{WITHOUT}, {SHORT[LOGISTIC]}", "AUC")
        known.append(studies.Figure(f"{world}: AUC without the column", base, ".3f"))
        for arm in (NAIVE, TRAP, CROSS):
            found = gain(rows, world, arm)
            known.append(studies.Figure(f"{world}: gain with it, {arm}", found, "+.3f"))
    trees = gain(rows, NOISE, NAIVE, TREES)
    known.append(studies.Figure(f"{NOISE}: gain with it, {NAIVE}, {TREES}", trees, "+.3f"))

    arms = f"{WITHOUT}, {SHORT[LOGISTIC]}", f"{NAIVE}, {SHORT[LOGISTIC]}"
    lost = studies.interval(rows, NOISE, arms[0], "AUC", less=arms[1])
    return studies.Finding(
        "a naively encoded column of noise costs {} of AUC",
        studies.Figure(f"{NOISE}: AUC, {WITHOUT} minus {NAIVE}", lost, ".3f"),
        known,
        note=f"Figures are of {LOGISTIC} where no other algorithm is named.",
    )
