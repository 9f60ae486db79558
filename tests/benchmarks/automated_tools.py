"""One tool, one fit, in the tool's own environment: called by `automated.py`, knows no helper.

    python automated_tools.py TOOL FOLDER SECONDS SEED

Reads FOLDER/train.parquet (features, `outcome` of 0 and 1, `customer` and `fold` as whole numbers)
and FOLDER/test.parquet (the same features); writes FOLDER/predicted.parquet (`p`, a row for each of
the test's, in order) and FOLDER/seconds.txt (of the fit, imports not counted: by the clock, and of
all CPUs). Each tool is told by log-loss what is good, and by `customer` or `fold` whose row each
is, so that the rows of one customer stay on one side of its own validation.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

NOT_FEATURES = ["outcome", "customer", "fold"]
FOLDS, CORES = 5, 1


def now() -> np.ndarray:
    """Seconds by the clock and CPU seconds of all threads and finished children: (2,)."""
    return np.array([time.perf_counter(), sum(os.times()[:4])])


def flaml(train: pd.DataFrame, test: pd.DataFrame, seconds: float, seed: int) -> tuple:
    """FLAML searches until the time is over."""
    from flaml import AutoML

    X, X_test = with_categories(train.drop(columns=NOT_FEATURES), test)
    search = AutoML()
    began = now()
    search.fit(
        X,
        train["outcome"].to_numpy(),
        task="classification",
        metric="log_loss",
        time_budget=seconds,
        eval_method="cv",
        n_splits=FOLDS,
        split_type="group",
        groups=train["customer"].to_numpy(),
        n_jobs=CORES,
        seed=seed,
        verbose=1,
        log_file_name="",
    )
    taken = now() - began
    print(search.best_estimator, search.best_config)
    return search.predict_proba(X_test)[:, 1], taken


def autogluon(train: pd.DataFrame, test: pd.DataFrame, seconds: float, seed: int) -> tuple:
    """AutoGluon's best preset. It has no seed of its own for the whole: each family of models has
    one, and `fold` differs by seed."""
    from autogluon.tabular import TabularPredictor

    folder = Path(sys.argv[2]) / "autogluon"
    began = now()
    # dynamic_stacking holds rows out without asking whose they are
    predictor = TabularPredictor(
        "outcome",
        problem_type="binary",
        eval_metric="log_loss",
        groups="fold",
        path=str(folder),
        verbosity=1,
    ).fit(
        train.drop(columns="customer"),
        presets="best_quality",
        dynamic_stacking=False,
        time_limit=seconds,
        num_cpus=CORES,
        num_gpus=0,
    )
    taken = now() - began
    print(predictor.leaderboard(silent=True)[["model", "score_val"]].head(3).to_string())
    return predictor.predict_proba(test)[1].to_numpy(), taken


def lightgbm(train: pd.DataFrame, test: pd.DataFrame, seconds: float, seed: int) -> tuple:
    """LightGBM, regularized as the catalogue regularizes XGBoost; no search."""
    from lightgbm import LGBMClassifier

    X, X_test = with_categories(train.drop(columns=NOT_FEATURES), test)
    model = LGBMClassifier(
        n_estimators=200,
        learning_rate=0.05,
        max_depth=3,
        num_leaves=8,
        min_child_weight=10,
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.5,
        random_state=seed,
        n_jobs=1,
        verbosity=-1,
    )
    began = now()
    model.fit(X, train["outcome"])
    taken = now() - began
    return model.predict_proba(X_test)[:, 1], taken


def catboost(train: pd.DataFrame, test: pd.DataFrame, seconds: float, seed: int) -> tuple:
    """CatBoost as its library sets it: a thousand trees, the learning rate its own choice."""
    from catboost import CatBoostClassifier

    X = train.drop(columns=NOT_FEATURES)
    text = list(X.select_dtypes(exclude="number"))
    model = CatBoostClassifier(
        random_seed=seed,
        thread_count=1,
        cat_features=text,
        allow_writing_files=False,
        verbose=False,
    )
    began = now()
    model.fit(X.astype(dict.fromkeys(text, object)), train["outcome"])
    taken = now() - began
    return model.predict_proba(test.astype(dict.fromkeys(text, object)))[:, 1], taken


def with_categories(X: pd.DataFrame, X_test: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Text columns as categories, with the levels of the rows learned from."""
    for name in X.select_dtypes(exclude="number"):
        levels = sorted(X[name].dropna().unique())
        kind = pd.CategoricalDtype(levels)
        known = X_test[name].where(X_test[name].isin(levels))
        X = X.assign(**{name: X[name].astype(kind)})
        X_test = X_test.assign(**{name: known.astype(kind)})
    return X, X_test


TOOLS = {"LightGBM": lightgbm, "CatBoost": catboost, "FLAML": flaml, "AutoGluon": autogluon}


def main() -> None:
    tool, folder, seconds, seed = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    np.random.seed(int(seed))  # noqa: NPY002  whatever in a tool draws without a generator
    train, test = (pd.read_parquet(folder / f"{part}.parquet") for part in ("train", "test"))
    p, taken = TOOLS[tool](train, test, seconds, int(seed))
    pd.DataFrame({"p": np.asarray(p, dtype=float)}).to_parquet(folder / "predicted.parquet")
    (folder / "seconds.txt").write_text("{:.3f} {:.3f}".format(*taken), encoding="utf-8")


if __name__ == "__main__":
    main()
