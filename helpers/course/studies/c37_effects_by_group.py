"""c37: effects by group (GATES) against Qini.

Qini asks whether those who are moved most stand first; it does not see whether the effects that a
model promises are the right size. Three learners of the voucher's effect on orders learn from a
part of the experiment (the knob: how large it is); a second part chooses one of them, by the best
Qini or by the effects of five groups (sorted group average treatment effects: Chernozhukov,
Demirer, Duflo & Fernández-Val 2018); on a third part the promises are held against the true
effects.
"""

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from helpers import experiments, models
from helpers.course import studies
from helpers.course.studies import vouchers

CLAIM = (
    "a model chosen by Qini may promise effects by group that are wrong; one chosen by GATES less"
)
KIND = "test"
EXPECTED = (
    "the effects by fifth that Qini's choice promises are off by at least 5 orders per 1,000 more "
    "than those of the choice by GATES, and less so in a larger experiment; in its best fifth, "
    "the choice by GATES has as large a true effect"
)
CHAPTER = "06"
SEEDS = range(3000, 3030)
CUSTOMERS = 12_000
SIZES = (0.25, 0.5, 1.0)
GROUPS = 5
QINI, GATES = "chosen by Qini", "chosen by GATES"
OFF = "promised effect off by, orders per 1,000"
BEST, PROMISED = "true effect in the best fifth", "promised minus true, best fifth"
MARGIN = 5.0  # orders per 1,000


def world(size: float) -> str:
    """The name of the world in which so much of the experiment's first half is learned from."""
    return f"{size:.0%} to learn from"


CONTRASTS = {
    "simulated shop": studies.Contrast(
        f"{OFF}, {QINI} minus {GATES}, {world(1.0)}",
        studies.minus(world(1.0), QINI, GATES, OFF),
        above=MARGIN,
        form="+.1f",
    ),
}
HISTORY = ()


def learners() -> dict:
    """Three learners of the effect, by name."""
    buys = models.model("logistic regression")
    robust = make_pipeline(models.prepare("log"), Ridge(1_000))
    return {
        "T-learner, logistic regression": experiments.TLearner(buys),
        "T-learner, xgboost": experiments.TLearner(models.model("xgboost")),
        "DR-learner": experiments.DRLearner(buys, robust, folds=3),
    }


def fifths(score: np.ndarray) -> np.ndarray:
    """The group of each customer (n,), 0 for the fifth with the largest promised effects."""
    place = np.empty(len(score), dtype=int)
    place[np.argsort(-score, kind="stable")] = np.arange(len(score))
    return place * GROUPS // len(score)


def by_group(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The mean of each group (GROUPS,)."""
    return np.bincount(group, values) / np.bincount(group)


def judged(score: np.ndarray, uplift: np.ndarray) -> dict[str, float]:
    """What a learner promised (n,) against the true effects (n,), in orders per 1,000."""
    group = fifths(score)
    promised, true = 1_000 * by_group(score, group), 1_000 * by_group(uplift, group)
    return {
        OFF: np.abs(promised - true).mean(),
        BEST: true[0],
        PROMISED: promised[0] - true[0],
    }


def run(seed: int) -> dict:
    made = vouchers.campaign(seed, CUSTOMERS)
    rng = np.random.default_rng(seed)
    rest = np.flatnonzero(~made.learn)
    choose = np.isin(np.arange(len(made.rows)), rng.permutation(rest)[: len(rest) // 2])
    judge = ~made.learn & ~choose
    learn = rng.permutation(np.flatnonzero(made.learn))
    y, treated = made.rows["converted"].to_numpy(), made.rows["treated"].to_numpy()
    uplift = made.rows["uplift"].to_numpy(dtype=float)
    # unbiased of each customer's effect, given arms of one half each
    effect = np.where(treated, 2.0, -2.0) * (y - y[choose].mean())
    result = {}
    for size in SIZES:
        part = learn[: round(size * len(learn))]
        area, error, found = {}, {}, {}
        for name, learner in learners().items():
            with threadpool_limits(limits=1):
                learner.fit(made.X.iloc[part], y[part], treated[part])
                score = learner.predict(made.X)
            area[name] = experiments.qini(score[choose], y[choose], treated[choose], draws=2)[0]
            group = fifths(score[choose])
            promised, measured = (by_group(v, group) for v in (score[choose], effect[choose]))
            error[name] = np.square(promised - measured).sum()
            found[name] = judged(score[judge], uplift[judge])
        found[QINI] = found[max(area, key=lambda name: area[name])]
        found[GATES] = found[min(error, key=lambda name: error[name])]
        for arm, figures in found.items():
            for metric, value in figures.items():
                result[world(size), arm, metric] = value
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for size in SIZES:
        name = world(size)
        for metric in (OFF, PROMISED, BEST):
            for arm in (QINI, GATES):
                found = studies.interval(rows, name, arm, metric)
                known.append(studies.Figure(f"{metric}, {arm}, {name}", found, ".1f"))
        less = studies.interval(rows, name, QINI, OFF, less=GATES)
        known.append(studies.Figure(f"{OFF}, {QINI} minus {GATES}, {name}", less, "+.1f"))
    for arm in learners():
        found = studies.interval(rows, world(1.0), arm, OFF)
        known.append(studies.Figure(f"{OFF}, {arm}, {world(1.0)}", found, ".1f"))
    return studies.Finding(
        "Qini's choice is off by {} orders per 1,000 more",
        CONTRASTS["simulated shop"].figure(rows)._replace(form=".1f"),
        known,
    )
