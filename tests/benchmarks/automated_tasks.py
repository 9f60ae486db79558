"""The tasks of chapters 01 and 03 for `automated.py`, and the course's own models on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from benchmarks.automated_page import AVERAGE
from benchmarks.automated_tools import now
from threadpoolctl import threadpool_limits
from xgboost import XGBClassifier

from helpers import evaluation, models, shop
from helpers.features import coupons
from helpers.targets import tasks

LIBRARY = "XGBoost as its library sets it"
OWN = ["base rate", "one column", *models.ALGORITHMS, LIBRARY, AVERAGE, "recipe"]


class Task(NamedTuple):
    """Rows to learn from and rows to judge by: features, outcome, whose row; the best column."""

    X: pd.DataFrame
    y: np.ndarray
    customers: np.ndarray
    X_test: pd.DataFrame
    y_test: np.ndarray
    test_customers: np.ndarray
    column: str


def of_high_value(world: str, newly: bool) -> Task:
    """Chapter 01's: who will be of high value, or newly so among those who are not at the top."""
    if world == "shop":
        frame = tasks.table(shop.load())
        split, horizon, column = tasks.SHOP_CUTOFFS[-1], tasks.SHOP_HORIZON, "visit_rate"
    else:
        frame = tasks.journey()
        split, horizon, column = tasks.JOURNEY_CUTOFFS[-1], tasks.JOURNEY_HORIZON, "spend_90"
    parts = evaluation.time_split(frame, split, horizon)
    if newly:
        parts = tuple(part[~part["already_high_value"]] for part in parts)
    return as_task(*parts, tasks.features_of(frame), "high_value", column)


def of_coupons(start: str) -> Task:
    """Who redeems: learn from campaigns that ended before `start`, judge by those from then on."""
    offers, day = coupons.coupon_offers(), pd.Timestamp(start)
    before, after = offers[offers["ends"] < day], offers[offers["starts"] >= day]
    return as_task(before, after, coupons.FEATURES, "redeemed", "coupons_redeemed_before")


def as_task(learn, judge, columns: list[str], outcome: str, column: str) -> Task:
    sides = []
    for part in (learn, judge):
        whose = part.index.get_level_values("customer_id").to_numpy()
        sides += [part[columns], part[outcome].to_numpy(dtype=int), whose]
    return Task(*sides, column)


TASKS: dict[str, Callable[[], Task]] = {
    "high value, simulated shop": lambda: of_high_value("shop", newly=False),
    "newly high value, simulated shop": lambda: of_high_value("shop", newly=True),
    "high value, households": lambda: of_high_value("journey", newly=False),
    "newly high value, households": lambda: of_high_value("journey", newly=True),
    "coupons from October (chapter 01)": lambda: of_coupons("2017-10-01"),
    "coupons from August (chapter 03)": lambda: of_coupons("2017-08-08"),
}


def own(arm: str, task: Task, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The test rows' probabilities (n,) by a model of the course, and what fitting took (2,)."""
    if arm == "base rate":
        return np.full(len(task.y_test), task.y.mean()), np.zeros(2)
    if arm == "one column":
        model = models.OneColumn(task.column)
    elif arm in (AVERAGE, "recipe"):
        model = models.average(seed=seed) if arm == AVERAGE else models.Recipe(seed)
    elif arm == LIBRARY:
        model = models.model("xgboost").set_params(classifier=XGBClassifier(random_state=seed))
        model.set_params(classifier__n_jobs=1)
    else:
        model = models.model(arm, seed)
    more = {"groups": task.customers} if arm == "recipe" else {}
    with threadpool_limits(limits=1):
        began = now()
        model.fit(task.X, task.y, **more)
        taken = now() - began
        return model.predict_proba(task.X_test)[:, 1], taken
