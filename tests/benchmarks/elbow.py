"""The elbow over many customers: the plain recipe, and centers from a sample.

    uv run python tests/benchmarks/elbow.py [--rows 10000 100000]    # writes
    data/benchmarks/elbow.csv

Draws customers with four columns (those of chapter 05) and finds the inertia for k from 1 to 10 in
standard units, in turn, three times, each in a process of its own:

- `plain recipe`: scikit-learn's KMeans with one start, as tutorials have it;
- `segments.inertias`: centers from a sample of 30,000, the inertia of all;
- `MiniBatchKMeans`: as its library sets it;
- `ten starts`: KMeans with `n_init=10`.

And the segments themselves, for k = 4, from a Parquet file:

- `labels, plain`: the recipe fitted to all customers, who are read into pandas;
- `labels in DuckDB`: `segments.model(4, "standardize")` fitted to a sample of 30,000, and all
  customers labeled by its expression where they lie.

Seconds (scaling included; of the elbow without reading, and after one over a hundred customers, for
what is loaded late), CPU seconds of all threads, the most memory held (Linux), imports included,
and the inertia at each k. The recipes take the threads that scikit-learn wants, the course's arms
fit with one; a round has a seed of its own. Prints the medians, with the ratio to the first arm of
the same round, and the inertia over the best known, at the worst k of the worst round.

Columns: arm, rows, repeat, metric, value.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import tempfile
import time
from pathlib import Path

import ibis
import pandas as pd
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from helpers import segments
from helpers.segments.choosing import SAMPLE
from helpers.simulator.behavior import FEATURES, customer_behavior

RESULT = Path(__file__).resolve().parents[2] / "data" / "benchmarks" / "elbow.csv"
ROWS, REPEATS, SEED = (10_000, 100_000, 1_000_000), 3, 42
KS, K = range(1, 11), 4
SECONDS, CPU, MEMORY = "seconds", "CPU seconds", "memory at most, MB"
INERTIA = "inertia at k = "
OVER = "inertia over the best known"


def _elbow(frame: pd.DataFrame, algorithm: type[KMeans], seed: int, **settings) -> list[float]:
    X = StandardScaler().fit_transform(frame)
    return [algorithm(n_clusters=k, random_state=seed, **settings).fit(X).inertia_ for k in KS]


def plain_recipe(frame: pd.DataFrame, seed: int) -> list[float]:
    return _elbow(frame, KMeans, seed)


def ours(frame: pd.DataFrame, seed: int) -> list[float]:
    return list(segments.inertias(frame, KS, "standardize", seed=seed))


def mini_batch(frame: pd.DataFrame, seed: int) -> list[float]:
    return _elbow(frame, MiniBatchKMeans, seed)


def ten_starts(frame: pd.DataFrame, seed: int) -> list[float]:
    return _elbow(frame, KMeans, seed, n_init=10)


def labels_plain(path: Path, seed: int) -> pd.DataFrame:
    customers = pd.read_parquet(path)
    recipe = make_pipeline(StandardScaler(), KMeans(n_clusters=K, random_state=seed))
    return customers[["customer_id"]].assign(segment=recipe.fit_predict(customers[FEATURES]))


def labels_in_duckdb(path: Path, seed: int) -> pd.DataFrame:
    customers = ibis.duckdb.connect().read_parquet(path)
    share = min(SAMPLE / customers.count().execute(), 1.0)
    some = customers.select(FEATURES).sample(share, seed=seed).to_pandas()
    with threadpool_limits(limits=1):
        fitted = segments.model(K, "standardize", seed=seed).fit(some)
    return segments.define_labels(fitted, customers).to_pandas()


ELBOWS = {
    "plain recipe": plain_recipe,
    "segments.inertias": ours,
    "MiniBatchKMeans": mini_batch,
    "ten starts": ten_starts,
}
LABELS = {"labels, plain": labels_plain, "labels in DuckDB": labels_in_duckdb}


def measure(arm: str, path: Path, seed: int) -> dict[str, float]:
    """In a process of its own: what an arm takes, and the inertia that it ends with."""
    if arm in ELBOWS:
        task, given = ELBOWS[arm], pd.read_parquet(path, columns=FEATURES)
        task(given.head(100), seed)
    else:
        task, given = LABELS[arm], path
    began, used = time.perf_counter(), time.process_time()
    answer = task(given, seed)
    found = {SECONDS: time.perf_counter() - began, CPU: time.process_time() - used}
    status = Path("/proc/self/status")
    if status.exists():
        found[MEMORY] = int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    if arm in LABELS:
        answer, ks = [inertia(answer, path)], [K]
    else:
        ks = KS
    return found | {f"{INERTIA}{k}": value for k, value in zip(ks, answer, strict=True)}


def inertia(labels: pd.DataFrame, path: Path) -> float:
    """That of labels, around the means of their segments."""
    customers = pd.read_parquet(path).merge(labels, on="customer_id", validate="1:1")
    scaled = pd.DataFrame(StandardScaler().fit_transform(customers[FEATURES]))
    means = scaled.groupby(customers["segment"].to_numpy()).transform("mean")
    return float(((scaled - means) ** 2).to_numpy().sum())


def over_the_best(rows: pd.DataFrame) -> pd.Series:
    """The worst inertia of each arm and number of rows, over the best of any arm at the same k."""
    inertias = rows[rows["metric"].str.startswith(INERTIA)]
    best = inertias.groupby(["rows", "metric"])["value"].transform("min")
    return (inertias["value"] / best).groupby([inertias["arm"], inertias["rows"]]).max()


def table(rows: pd.DataFrame) -> str:
    """The medians by arm and number of rows, with the ratio to the first arm of the same round."""
    over, lines = over_the_best(rows), []
    for arms in (ELBOWS, LABELS):
        for size in rows["rows"].unique():
            here = rows[(rows["rows"] == size) & rows["arm"].isin(list(arms))]
            lines.append(f"{size:>9,} customers {'':9}" + "".join(f"{arm:>21}" for arm in arms))
            of_round = here.pivot_table("value", "repeat", ["metric", "arm"])
            for metric in (SECONDS, CPU, MEMORY):
                found = of_round[metric]
                ratio = found.div(found[next(iter(arms))], axis=0).median()
                cells = (f"{found[arm].median():,.2f} ({ratio[arm]:.3f} x)" for arm in arms)
                lines.append(f"{metric:29}" + "".join(f"{cell:>21}" for cell in cells))
            worst = (f"{over[arm, size]:.4f}" for arm in arms)
            lines.append(f"{OVER:29}" + "".join(f"{cell:>21}" for cell in worst))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="The elbow over many customers.")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    records = []
    with tempfile.TemporaryDirectory() as folder:
        for size in parser.parse_args().rows:
            path = Path(folder) / f"{size}.parquet"
            customer_behavior(size)[0].to_parquet(path)
            for repeat in range(REPEATS):
                for arm in [*ELBOWS, *LABELS]:
                    with multiprocessing.get_context("spawn").Pool(1) as pool:
                        found = pool.apply(measure, (arm, path, SEED + repeat))
                    records += [(arm, size, repeat, *pair) for pair in found.items()]
    rows = pd.DataFrame(records, columns=["arm", "rows", "repeat", "metric", "value"])
    rows.to_csv(RESULT, index=False, float_format="%.6g", lineterminator="\n")
    print(table(rows))


if __name__ == "__main__":
    main()
