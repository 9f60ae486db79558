"""c29: early stopping on accuracy can break a network on a rare label.

`MLPClassifier(early_stopping=True)` keeps a tenth of the rows aside and stops when *accuracy* on
them no longer rises. Where the label is rare, "nobody" is accurate from the first pass on, and the
network stops before it has learned. The same network is stopped in three ways: by its training loss
(the catalogue), by accuracy, and by the log-loss of the rows kept aside. A seed is a new shop; on
real households it is a new network on the same training rows, scored on a bootstrap of the
households.
"""

import copy
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits

from helpers import evaluation, models, simulator, targets
from helpers.course import studies
from helpers.targets import tasks

CLAIM = "early stopping on accuracy can break a network on a rare label"
EXPECTED = (
    "the rarer the label, the more AUC is lost by stopping on accuracy; stopping on the log-loss "
    "of the same kept rows loses little"
)
KIND = "test"
CHAPTER = "01"
SEEDS = range(30)
DRAWS = 30
CUSTOMERS = 6_000
SHARES = (0.1, 0.02)  # of the active customers, sought at the top
LOSS, ACCURACY, LOG_LOSS = "training loss", "accuracy", "log-loss of kept rows"
PATIENCE, LONGEST = 10, 300  # epochs
CONTRASTS = {
    name: studies.Contrast(
        f"AUC, stopped by {ACCURACY} minus by {LOSS}",
        studies.minus(world, ACCURACY, LOSS, "AUC"),
        below=-0.05,
        form="+.2f",
    )
    for name, world in (("newly top 2 %", "top 2 %"), ("households", studies.REAL))
}
WAS = "yes"
HISTORY = ("Among households the center is now all of them; the rule was not changed.",)


def stopped_by_log_loss(X: pd.DataFrame, y: np.ndarray, seed: int):
    """The catalogue's network, stopped when the log-loss of a tenth of the rows no longer falls."""
    pipeline = models.model("neural network", seed=seed)
    train, kept, y_train, y_kept = train_test_split(
        X, y, test_size=0.1, stratify=y, random_state=seed
    )
    prepare, network = pipeline["prepare"], pipeline["classifier"]
    train, kept = prepare.fit_transform(train), prepare.transform(kept)
    best, lowest, waited = network, np.inf, 0
    for _ in range(LONGEST):
        network.partial_fit(train, y_train, classes=[False, True])
        loss = log_loss(y_kept, network.predict_proba(kept)[:, 1])
        waited += 1
        if loss < lowest:
            best, lowest, waited = copy.deepcopy(network), loss, 0
        if waited == PATIENCE:
            break
    return lambda X: best.predict_proba(prepare.transform(X))[:, 1]


def auc_by_stop(
    train: pd.DataFrame, test: pd.DataFrame, target: str, seed: int
) -> dict[str, float]:
    """AUC on `test` of the network, by what stopped it."""
    columns, y = tasks.features_of(train), train[target].to_numpy()
    # scikit-learn's defaults for early stopping: patience of 10 epochs, tolerance 1e-4
    default: dict[str, Any] = {"early_stopping": True, "n_iter_no_change": PATIENCE, "tol": 1e-4}
    by_loss = models.model("neural network", seed=seed).fit(train[columns], y)
    by_accuracy = models.model("neural network", seed=seed, **default).fit(train[columns], y)
    found = {
        LOSS: by_loss.predict_proba(test[columns])[:, 1],
        ACCURACY: by_accuracy.predict_proba(test[columns])[:, 1],
        LOG_LOSS: stopped_by_log_loss(train[columns], y, seed)(test[columns]),
    }
    return {arm: roc_auc_score(test[target], p) for arm, p in found.items()}


def world(share: float) -> str:
    return f"top {share * 100:.0f} %"


def run(seed: int) -> dict:
    store, _ = simulator.simulate(customers=CUSTOMERS, seed=seed)
    frame = tasks.table(store)
    result = {}
    with threadpool_limits(limits=1):
        for share in SHARES:
            rare = [targets.newly_high_value(store, c, share=share) for c in tasks.SHOP_CUTOFFS]
            already = [targets.already_high_value(store, c, share) for c in tasks.SHOP_CUTOFFS]
            labeled = frame.assign(newly_high_value=np.concatenate(rare))[~np.concatenate(already)]
            train, test = evaluation.time_split(labeled, tasks.SHOP_CUTOFFS[-1], tasks.SHOP_HORIZON)
            for arm, auc in auc_by_stop(train, test, "newly_high_value", seed).items():
                result[world(share), arm, "AUC"] = auc
            result[world(share), "all", "prevalence"] = train["newly_high_value"].mean()
    return result


def households(seed: int) -> dict:
    """A new network a draw, so that a draw differs in both; that of all households has seed 0."""
    real = tasks.journey().query("not already_high_value")
    train, test = evaluation.time_split(real, tasks.JOURNEY_CUTOFFS[-1], tasks.JOURNEY_HORIZON)
    drawn = test.iloc[studies.resampled(len(test), seed)]
    with threadpool_limits(limits=1):
        found = auc_by_stop(train, drawn, "newly_high_value", max(seed, 0))
    return {(studies.REAL, arm, "AUC"): auc for arm, auc in found.items()}


def lost(rows: pd.DataFrame, place: str) -> evaluation.Interval:
    """What stopping on accuracy costs against stopping on the training loss, in AUC."""
    return studies.interval(rows, place, ACCURACY, "AUC", less=LOSS)


def figures(rows: pd.DataFrame, place: str, label: str) -> list[studies.Figure]:
    """AUC by what stops the network."""
    found = []
    for arm in (LOSS, LOG_LOSS, ACCURACY):
        auc = studies.interval(rows, place, arm, "AUC")
        found.append(studies.Figure(f"{label}: AUC, stopped by {arm}", auc))
    found.append(studies.Figure(f"{label}: {ACCURACY} minus {LOSS}", lost(rows, place), "+.2f"))
    broken = studies.values(rows, place, ACCURACY, "AUC") < 0.6
    found.append(studies.count(f"{label}: AUC below 0.6, stopped by {ACCURACY}", broken))
    return found


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for share in SHARES:
        label = f"newly {world(share)}"
        prevalence = studies.interval(rows, world(share), "all", "prevalence")
        known.append(studies.Figure(f"{label}: prevalence", prevalence, ".1%"))
        known += figures(rows, world(share), label)
    rarest = world(min(SHARES))
    costs = studies.interval(rows, rarest, LOSS, "AUC", less=ACCURACY)
    return studies.Finding(
        "stopped on accuracy, a network loses {} of AUC",
        studies.Figure(f"newly {rarest}: {LOSS} minus {ACCURACY}", costs),
        known,
        figures(rows, studies.REAL, "newly top 10 %"),
        note="On real shoppers the networks differ, the households to learn from do not.",
    )
