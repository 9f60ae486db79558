"""What an algorithm costs, and what a search of its settings brings.

    uv run python tests/benchmarks/algorithms.py [cost] [search]    # writes
    data/benchmarks/algorithms.csv

`cost`: each algorithm of the catalogue learns who will be of high value from 2,000 to 100,000 rows
of a simulated shop, in a process of its own: CPU seconds to fit and to score, the memory that came
on top while fitting (Linux), average precision at the later cut-off. `search`: thirty small shops;
grid, random search and successive halving over gradient boosting, all with the same number of rows
fitted, beside no search at all.

Columns: benchmark, arm, rows, seed, metric, value.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import tempfile
import time
from pathlib import Path

import pandas as pd
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold, HalvingRandomSearchCV, ParameterGrid
from threadpoolctl import threadpool_limits
from tqdm import tqdm
from xgboost import XGBClassifier

from helpers import evaluation, models, simulator
from helpers.targets import tasks

RESULT = Path(__file__).resolve().parents[2] / "data" / "benchmarks" / "algorithms.csv"
ROWS, LARGE = (2_000, 20_000, 100_000), 110_000  # customers of the large shop
TARGET = "high_value"
SMALL, SEEDS, BUDGET, FOLDS = 3_000, range(30), 8, 3
GRID = {
    "classifier__max_depth": [2, 5],
    "classifier__learning_rate": [0.03, 0.1],
    "classifier__min_child_weight": [1, 20],
}


def pipeline(arm: str):
    if arm == "one column":
        return models.OneColumn("active_days")
    return models.average() if arm == "average of three" else models.model(arm)


def cost(arm: str, rows: int, folder: str) -> dict[str, float]:
    """In a process of its own: fit on `rows` rows, score the later cut-off."""
    train = pd.read_parquet(f"{folder}/{rows}.parquet")
    columns = tasks.features_of(train)
    X, y = train[columns], train[TARGET]
    with threadpool_limits(limits=1):
        pipeline(arm).fit(
            X.head(300), y.head(300)
        )  # imports and first calls are not the algorithm's
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts from here
        before, began = memory("VmRSS"), time.process_time()
        fitted = pipeline(arm).fit(X, y)
        seconds, added = time.process_time() - began, memory("VmHWM") - before
        test = pd.read_parquet(f"{folder}/test.parquet")
        began = time.process_time()
        p = fitted.predict_proba(test[columns])[:, 1]
    return {
        "fit, seconds": seconds,
        "score 10,000 rows, seconds": (time.process_time() - began) * 10_000 / len(test),
        "memory on top, MB": added,
        "average precision": average_precision_score(test[TARGET], p),
    }


def memory(kind: str) -> float:
    """Memory held now (VmRSS) or at most (VmHWM), MB."""
    return int(re.search(rf"{kind}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024


def costs() -> list[tuple]:
    arms = ["one column", *models.ALGORITHMS, "average of three"]
    records = []
    with tempfile.TemporaryDirectory() as folder:
        store, _ = simulator.simulate(customers=LARGE, seed=1)
        frame = tasks.table(store)
        train, test = evaluation.time_split(frame, tasks.SHOP_CUTOFFS[-1], tasks.SHOP_HORIZON)
        test.head(10_000).to_parquet(f"{folder}/test.parquet")
        for rows in ROWS:
            train.sample(rows, random_state=0).to_parquet(f"{folder}/{rows}.parquet")
        jobs = [(arm, rows, repeat) for arm in arms for rows in ROWS for repeat in range(3)]
        for arm, rows, repeat in tqdm(jobs, "cost"):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found = pool.apply(cost, (arm, rows, folder))
            records += [
                ("cost", arm, rows, repeat, metric, value) for metric, value in found.items()
            ]
    return records


def search(seed: int) -> list[tuple]:
    """The average precision at the later cut-off of what each way of choosing settings chose."""
    store, _ = simulator.simulate(customers=SMALL, seed=seed)
    train, test = evaluation.time_split(
        tasks.table(store), tasks.SHOP_CUTOFFS[-1], tasks.SHOP_HORIZON
    )
    X, y = train[tasks.features_of(train)], train[TARGET]
    groups = train.index.get_level_values("customer_id")
    estimator = models.model("xgboost")
    default = {"classifier": XGBClassifier(n_jobs=1, random_state=0)}
    halving = HalvingRandomSearchCV(
        estimator,
        models.space("xgboost"),
        n_candidates=3 * BUDGET,
        factor=3,
        min_resources=len(X) // 9,
        cv=GroupKFold(FOLDS, shuffle=True, random_state=seed),
        scoring="average_precision",
        refit=False,
        random_state=seed,
    )
    chosen, claimed = {"library default": default, "catalogue": {}}, {}
    with threadpool_limits(limits=1):
        for arm, candidates in (
            ("grid", ParameterGrid(GRID)),
            ("random", models.settings("xgboost", BUDGET, seed)),
        ):
            found = models.search(estimator, candidates, X, y, groups, folds=FOLDS, seed=seed)
            chosen[arm], claimed[arm] = models.best(found), found["score"].max()
        halving.fit(X, y, groups=groups)
        chosen["halving"], claimed["halving"] = halving.best_params_, halving.best_score_
        records = []
        for arm, params in chosen.items():
            fitted = models.model("xgboost").set_params(**params).fit(X, y)
            p = fitted.predict_proba(test[X.columns])[:, 1]
            values = {"average precision": average_precision_score(test[TARGET], p)}
            if arm in claimed:
                values["best score of the search"] = claimed[arm]
            records += [
                ("search", arm, len(X), seed, metric, value) for metric, value in values.items()
            ]
    return records


def searches() -> list[tuple]:
    return [record for seed in tqdm(SEEDS, "search") for record in search(seed)]


def main() -> None:
    parts = {"cost": costs, "search": searches}
    parser = argparse.ArgumentParser(description="What an algorithm costs, what a search brings.")
    parser.add_argument(
        "parts", nargs="*", choices=list(parts), help="cost, search; both without a name"
    )
    columns = ["benchmark", "arm", "rows", "seed", "metric", "value"]
    RESULT.parent.mkdir(exist_ok=True)
    for part in parser.parse_args().parts or parts:
        new = pd.DataFrame(parts[part](), columns=columns)
        if RESULT.exists():
            kept = pd.read_csv(RESULT).query("benchmark != @part")
            new = pd.concat([kept, new]).sort_values("benchmark", kind="stable")
        new.to_csv(RESULT, index=False, float_format="%.4g", lineterminator="\n")


if __name__ == "__main__":
    main()
