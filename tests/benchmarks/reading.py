"""What it takes to read a large CSV with every row's fate kept, beside reading it without account.

    uv run --with polars python tests/benchmarks/reading.py [--lines 4200000]    # writes
    data/benchmarks/reading.csv

Polars is no dependency of the course: `--with polars` brings it for this run only. Makes a file of
order lines like those of real shops (387 MB: orders of several lines, missing customers, canceled
and repeated lines, amounts that cannot be read) and reads it with `shop.read`, pandas, Polars and
DuckDB, in turn, three times, each in a process of its own: seconds until it is read, CPU seconds of
all threads, and the most memory held (Linux), the imports included. The others turn text into
numbers and times as they do by default and leave the prices text, or they would stop at the first
that is no number; they judge no row. Prints them side by side, with the ratio to pandas of the same
round.

Columns: arm, lines, repeat, metric, value.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import multiprocessing
import re
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

RESULT = Path(__file__).resolve().parents[2] / "data" / "benchmarks" / "reading.csv"
LINES, REPEATS = 4_200_000, 3
SECONDS, CPU, MEMORY = "seconds", "CPU seconds", "memory at most, MB"
UNREADABLE = ("n/a", "free", "see note", "-3.50")


def write_orders(path: Path, lines: int, seed: int = 0) -> dict[str, int]:
    """Write a file of order lines; return how many of them each reason should set aside."""
    rng = np.random.default_rng(seed)
    orders = max(lines * 2 // 5, 1)
    order = np.sort(rng.integers(0, orders, lines))
    # A line out of two thousand stands twice.
    order = order[np.sort(np.r_[np.arange(lines), rng.integers(0, lines, lines // 2_000)])[:lines]]
    people = 1_515_915_625_440_000_000 + rng.integers(0, max(orders // 5, 1), orders) * 7
    start = np.datetime64("2023-01-05T00:00:00")
    at = start + np.sort(rng.integers(0, 700 * 86_400, orders)).astype("m8[s]")
    goods = [
        "electronics.tablet",
        "kids.toys",
        "apparel.shoes.sandals",
        "appliances.kitchen.kettle",
    ]
    nobody = rng.random(orders) < 0.01
    off = rng.random(orders) < 0.03
    unreadable = rng.random(lines) < 2e-4
    price = pc.cast(pa.array(rng.lognormal(3.5, 1.2, 30_000).round(2)), pa.string())
    price = price.take(pa.array(rng.integers(0, 30_000, lines)))
    odd = rng.integers(0, len(UNREADABLE), lines)
    price = pc.if_else(pa.array(unreadable), pa.array(UNREADABLE).take(pa.array(odd)), price)
    table = pa.table(
        {
            "order_id": pa.array(2_294_359_932_054_536_986 + order * 191),
            "ordered_at": pc.strftime(pa.array(at[order]), "%Y-%m-%d %H:%M:%S"),
            "customer_id": pa.array(people[order], mask=nobody[order]),
            "category": pa.array(goods).take(pa.array(rng.integers(0, len(goods), lines))),
            "quantity": np.minimum(rng.geometric(0.8, lines), 30),
            "price": price,
            "status": pa.array(["paid", "cancelled"]).take(pa.array(off[order].astype(int))),
        }
    )
    pyarrow.csv.write_csv(table, path, pyarrow.csv.WriteOptions(quoting_style="none"))
    left = unreadable & ~nobody[order] & ~off[order]
    fates = {
        "no customer": int(nobody[order].sum()),
        "canceled": int((off & ~nobody)[order].sum()),
        "missing amount": int((left & (odd == 0)).sum()),
        "unreadable amount": int((left & ((odd == 1) | (odd == 2))).sum()),
        "negative amount": int((left & (odd == 3)).sum()),
    }
    return {"": lines - sum(fates.values())} | {why: n for why, n in fates.items() if n}


def shop_read(path: Path) -> object:
    from helpers import shop

    return shop.read(path)


def pandas_read(path: Path) -> object:
    return pd.read_csv(path, parse_dates=["ordered_at"], dtype={"price": "str"})


def polars_read(path: Path) -> object:
    import polars

    return polars.read_csv(path, try_parse_dates=True, schema_overrides={"price": polars.String})


def duckdb_read(path: Path) -> object:
    import duckdb

    return duckdb.read_csv(str(path), dtype={"price": "VARCHAR"}).to_arrow_table()


ARMS = {"shop.read": shop_read, "pandas": pandas_read, "Polars": polars_read, "DuckDB": duckdb_read}

MODULES = {"shop.read": "helpers.shop", "Polars": "polars", "DuckDB": "duckdb", "pandas": "pandas"}


def measure(arm: str, path: Path) -> dict[str, float]:
    """In a process of its own: what it takes to read the file."""
    importlib.import_module(MODULES[arm])  # the import is not the reading
    began, used = time.perf_counter(), time.process_time()
    _kept = ARMS[arm](path)
    found = {SECONDS: time.perf_counter() - began, CPU: time.process_time() - used}
    status = Path("/proc/self/status")
    if status.exists():
        found[MEMORY] = int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    return found


def table(rows: pd.DataFrame) -> str:
    """The medians side by side, each with its ratio to pandas of the same round."""
    of_round = rows.pivot_table("value", ["metric", "repeat"], "arm", sort=False)
    ratio = of_round.div(of_round["pandas"], axis=0)
    medians = (frame.groupby("metric", sort=False).median() for frame in (of_round, ratio))
    lines = [f"{'':20}" + "".join(f"{arm:>20}" for arm in ARMS)]
    for (metric, values), (_, ratios) in zip(*(m.iterrows() for m in medians), strict=True):
        cells = (f"{values[arm]:,.1f} ({ratios[arm]:.2f} x)" for arm in ARMS)
        lines.append(f"{metric:20}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="What it takes to read a large CSV.")
    parser.add_argument("--lines", type=int, default=LINES)
    lines = parser.parse_args().lines
    if importlib.util.find_spec("polars") is None:
        sys.exit("without Polars: uv run --with polars python tests/benchmarks/reading.py")
    records = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write_orders(path, lines)
        print(f"{lines:,} lines, {path.stat().st_size / 1e6:,.0f} MB")
        for repeat in range(REPEATS):
            for arm in ARMS:
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    found = pool.apply(measure, (arm, path))
                records += [(arm, lines, repeat, metric, value) for metric, value in found.items()]
    rows = pd.DataFrame(records, columns=["arm", "lines", "repeat", "metric", "value"])
    rows.to_csv(RESULT, index=False, float_format="%.4g", lineterminator="\n")
    print(table(rows))


if __name__ == "__main__":
    main()
