"""The features on a Spark cluster of this machine, beside DuckDB on the same cores.

    uv run --extra spark python tests/benchmarks/spark.py [--lines 1500000 15000000]    # writes
    data/benchmarks/spark.csv

Needs Java 17. Makes a Parquet file of order lines (`features.py`), opens it where it lies, and has
the features of all customers computed: by DuckDB with two threads, and by a standalone Spark
cluster on 127.0.0.1 with one and with two workers of one core each. An engine is started before the
clock, and asked once before it is timed (Java compiles what runs often); then three times. Seconds
until the table of features stands in a Parquet file: nothing is brought to Python.

Columns: arm, lines, repeat, metric, value.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import ibis
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from benchmarks.features import write_orders  # noqa: E402
from benchmarks.features_by_hand import AS_OF  # noqa: E402
from engines import cluster  # noqa: E402

from helpers import features, shop  # noqa: E402

RESULT = ROOT / "data" / "benchmarks" / "spark.csv"
LINES, REPEATS = (1_500_000, 15_000_000), 3
DUCKDB = "DuckDB, two threads"


def by_duckdb(path: Path, out: Path) -> None:
    """The features of a file of order lines, into a Parquet file."""
    store = shop.open(path)
    store.con.raw_sql("SET threads = 2")
    store.con.to_parquet(features.define(store.tables, AS_OF), out)


def by_spark(spark, path: Path, out: Path) -> None:
    """The same by Spark."""
    spark.read.parquet(str(path)).createOrReplaceTempView("purchases")
    store = shop.open(ibis.pyspark.connect(spark))
    found = spark.sql(store.con.compile(features.define(store.tables, AS_OF)))
    found.write.mode("overwrite").parquet(str(out))


def timed(job: Callable[..., None], *arguments: object) -> float:
    """Seconds that a job takes."""
    begin = time.perf_counter()
    job(*arguments)
    return time.perf_counter() - begin


def measure(sizes: list[int], folder: Path) -> pd.DataFrame:
    """All rows of the benchmark."""
    rows = []
    for lines in sizes:
        path = folder / f"{lines}.parquet"
        write_orders(path, lines)
        by_duckdb(path, folder / "warm.parquet")
        for repeat in range(REPEATS):
            seconds = timed(by_duckdb, path, folder / "duckdb.parquet")
            rows.append((DUCKDB, lines, repeat, "seconds", round(seconds, 3)))
        for workers in (1, 2):
            arm = f"Spark, {workers} worker" + "s" * (workers > 1)
            with (
                cluster.running(workers, memory="3g") as address,
                cluster.session(address, spark__executor__memory="2500m") as spark,
            ):
                by_spark(spark, path, folder / "warm")
                for repeat in range(REPEATS):
                    seconds = timed(by_spark, spark, path, folder / "spark")
                    rows.append((arm, lines, repeat, "seconds", round(seconds, 3)))
            print(pd.DataFrame(rows[-REPEATS:]).to_string(header=False, index=False), flush=True)
    return pd.DataFrame(rows, columns=["arm", "lines", "repeat", "metric", "value"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, nargs="+", default=list(LINES))
    parser.add_argument("--out", type=Path, default=RESULT)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(chosen.lines, Path(folder))
    rows.to_csv(chosen.out, index=False)
    table = rows.pivot_table("value", "arm", "lines", aggfunc="median")
    print(table.round(2))
    print("times DuckDB's:", table.div(table.loc[DUCKDB]).round(1), sep="\n")


if __name__ == "__main__":
    main()
