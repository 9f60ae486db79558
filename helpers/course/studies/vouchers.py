"""The randomized voucher of a simulated shop, for the studies of uplift."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import experiments, features, models, simulator
from helpers.shop import Shop

START = "2025-04-01"
BEFORE = "2025-02-04"  # 56 days earlier: the window that a model of churn learns from
MARGIN, DISCOUNT, MAIL = 0.40, 0.10, 0.05


class Campaign(NamedTuple):
    """Customers of `spring_voucher`: features before it (n, features), the rows of the campaign
    with their truth (n,), and who is there to learn from (n,) of bool; the others judge."""

    store: Shop
    X: pd.DataFrame
    rows: pd.DataFrame
    learn: np.ndarray


def campaign(seed: int, customers: int = 20_000, knobs: simulator.Knobs | None = None) -> Campaign:
    """A new shop's campaign. Where orders are pulled forward, its rows have the truth of the long
    run as well."""
    turned = knobs or simulator.Knobs()
    store, truth = simulator.simulate(customers=customers, seed=seed, knobs=turned)
    rows = store.tables["campaigns"].query("campaign_id == 'spring_voucher'")
    for name in ("campaigns", "long_run"):
        if name in truth:
            rows = rows.merge(truth[name], on=["campaign_id", "customer_id"])
    rows = rows.set_index("customer_id")
    halves = experiments.assign(rows.index, "halves", {"learn": 0.5, "judge": 0.5})
    X = features.build(store, START).loc[rows.index]
    return Campaign(store, X, rows, (halves == "learn").to_numpy())


def learned(made: Campaign) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a T-learner predicts for the customers to judge (n,): the chance of an order with the
    voucher and without it, and the profit that the voucher adds."""
    rows = made.rows[made.learn]
    learner = experiments.TLearner(models.model("logistic regression"))
    learner.fit(made.X[made.learn], rows["converted"], rows["treated"])
    mailed, control = learner.predict_arms(made.X[~made.learn])
    value = rows.loc[rows["converted"], "revenue"].mean()
    profit = value * ((MARGIN - DISCOUNT) * mailed - MARGIN * control) - MAIL
    return mailed, control, profit


def top(score: np.ndarray, share: float = 0.2) -> np.ndarray:
    """The customers (n,) of bool with the highest scores."""
    chosen = np.zeros(len(score), dtype=bool)
    chosen[np.argsort(-np.asarray(score), kind="stable")[: round(share * len(score))]] = True
    return chosen
