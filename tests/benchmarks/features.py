"""The features of a shop with purchases, from Parquet to a pandas table, beside other ways.

    uv run --with polars python tests/benchmarks/features.py [--lines 1500000 15000000 150000000]
        [--folder FOLDER] [--picture]
    # writes data/benchmarks/features.csv and .github/pictures/scale.png

Makes files of order lines (about 40 a customer, 4 an order, two years, 12 categories; at 150
million lines 1.4 GB on the disk and some minutes) and computes from each what `helpers.features`
describes for a shop with purchases only: by `features.build(shop.open(file), ...)`, by
`features.build` of a shop in memory, and by hand in DuckDB, Polars and pandas as well as we know
how (`features_by_hand.py`); Featuretools gives them too, at 1.5 million lines, in an environment of
its own (`uv venv`), because it needs an older pandas. First all tables are compared, to 1e-9: a
contender with another answer is an error, and nothing is measured.

Each run is a process of its own, the contenders in turn, three times (once at 150 million lines):
seconds from the start of reading to the table, CPU seconds of all threads, the most memory held
(Linux; imports included), and the seconds to start: imports, and the features of a small file. A
contender that needs more than 20 GB has a row that says so. Those that hold all lines in memory are
spared the 150 million. Prints each with its ratio to ours and to the best by hand of the same
round.

`--lines` with other numbers is a quick run: printed, not stored. `--picture` draws the stored rows
again. Columns: arm, lines, repeat, metric, value.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import features_page as page
from benchmarks.features_arms import ARMS, LIMIT, NO_MEMORY
from benchmarks.features_page import OURS

RESULT = Path(__file__).resolve().parents[2] / "data" / "benchmarks" / "features.csv"
SIZES = (1_500_000, 15_000_000, 150_000_000)
COLUMNS = ["arm", "lines", "repeat", "metric", "value"]
REPEATS, SMALL = 3, 1_500
# Up to how many lines; the others take them all.
UP_TO = {"Featuretools": SIZES[0], "pandas by hand": SIZES[1], "helpers, in memory": SIZES[1]}
FEATURETOOLS = ("featuretools==1.31.0", "pandas==2.3.3", "pyarrow==26.0.1", "setuptools==80.9.0")

# Chance is a hash of the row's number: the same file from any number of threads.
ORDERS = """
CREATE MACRO chance(number, what) AS hash(number, what) / 18446744073709551616.0;
COPY (
    WITH orders AS (
        SELECT number, 1 + floor(7 * chance(number, 'lines'))::BIGINT AS many,
               chance(number, 'customer') AS who, chance(number, 'canceled') AS fate,
               TIMESTAMP '2024-01-01'
                   + to_microseconds((number * (730 * 86400e6 / {orders}))::BIGINT) AS ordered_at
        FROM range({orders}) AS numbers(number)),
    order_lines AS (SELECT *, 8 * number + unnest(range(many)) AS line FROM orders)
    SELECT 'C' || lpad((who * (1 + who) / 2 * {customers})::BIGINT::TEXT, 9, '0') AS customer_id,
           'O' || lpad(number::TEXT, 10, '0') AS order_id,
           ordered_at,
           CASE WHEN chance(line, 'known') > .01
                THEN 'category ' || chr(97 + floor(12 * sqrt(chance(line, 'category')))::INT)
           END AS category,
           NULL::TEXT AS subcategory,
           1 + floor(3 * chance(line, 'quantity')) AS quantity,
           round(exp(2 + 3 * chance(line, 'amount')), 2) AS amount,
           CASE WHEN fate < .02 THEN ordered_at + to_seconds((fate * 1.3e8)::BIGINT)
           END AS cancelled_at
    FROM order_lines)
TO '{path}' (FORMAT parquet)"""


class Failed(Exception):
    """A contender that could not be run."""


def write_orders(path: Path, lines: int) -> None:
    """Write about so many order lines in the schema of a shop's purchases, by DuckDB, in a process
    of its own: what making them took is not counted to anyone."""
    query = ORDERS.format(path=path, orders=max(lines // 4, 1), customers=max(lines // 40, 1))
    command = f"import duckdb; duckdb.execute('SET enable_progress_bar = false'); {query=}"
    subprocess.run([sys.executable, "-c", f"{command}; duckdb.execute(query)"], check=True)


def environment(folder: Path) -> Path:
    """The Python of Featuretools' own environment, made where it is not there yet."""
    home = folder / "featuretools"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (home / "whole").exists():
        uv = os.environ.get("UV") or shutil.which("uv") or "uv"
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(home)], check=True)
        install = [uv, "pip", "install", "-q", "--python", str(python), *FEATURETOOLS]
        subprocess.run(install, check=True)
        (home / "whole").touch()
    return python


def run(arm: str, path: Path, folder: Path, frame: Path | None = None) -> dict[str, float]:
    """One contender on one file, in a process of its own: metric -> value.

    Raises Failed where it ends with an error other than too little memory.
    """
    out = folder / "found.json"
    python = environment(folder) if arm == "Featuretools" else sys.executable
    script = str(Path(__file__).with_name("features_arms.py"))
    command = [str(python), "-P", script, arm, str(path), str(folder / "small.parquet"), str(out)]
    command += [str(frame)] if frame else []
    outside = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    done = subprocess.run(command, env=outside, capture_output=True, text=True, cwd=folder)
    if done.returncode == 0:
        return json.loads(out.read_text(encoding="utf-8"))
    # Polars aborts, and the system kills, without a word that Python could catch.
    if done.returncode == NO_MEMORY or "memory allocation of" in done.stderr:
        return {page.TOO_MUCH: LIMIT}
    raise Failed(f"{arm}: {done.stderr[-2_000:]}")


def compare(path: Path, folder: Path) -> None:
    """Let every contender compute the features of the file once; AssertionError if any differs."""
    frames = {}
    for arm in tqdm(ARMS, "compared"):
        run(arm, path, folder, folder / "frame.parquet")
        frames[arm] = pd.read_parquet(folder / "frame.parquet")
    right = frames[OURS].drop(columns="category_interest_score")
    for arm, frame in frames.items():
        pd.testing.assert_frame_equal(
            frame[list(right.columns)], right, check_dtype=False, rtol=1e-9, atol=1e-9, obj=arm
        )


def measure(sizes: list[int], folder: Path) -> pd.DataFrame:
    """The rows of all contenders on all sizes; the tables of the first 1.5 million compared."""
    records = []
    write_orders(folder / "small.parquet", SMALL)
    checked = min(SIZES[0], *sizes)
    for lines in sorted({checked, *sizes}):
        path = folder / f"purchases_{lines}.parquet"
        write_orders(path, lines)
        if lines == checked:
            compare(path, folder)
        if lines in sizes:
            records += measured(lines, path, folder)
        path.unlink()
    return pd.DataFrame(records, columns=COLUMNS)


def measured(lines: int, path: Path, folder: Path) -> list[tuple]:
    """The contenders in turn on one file."""
    repeats = 1 if lines >= SIZES[2] else REPEATS
    turns = [
        (repeat, arm)
        for repeat in range(repeats)
        for arm in ARMS
        if lines <= UP_TO.get(arm, lines) and not (repeat and arm == "Featuretools")
    ]
    found = []
    for repeat, arm in tqdm(turns, f"{lines:,} lines, {path.stat().st_size / 1e6:,.0f} MB"):
        for metric, value in run(arm, path, folder).items():
            found.append((arm, lines, repeat, metric, value))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Features from Parquet, beside other ways.")
    parser.add_argument("--lines", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--folder", type=Path, help="for the files; 3 GB (default: temporary)")
    parser.add_argument("--picture", action="store_true", help="only draw the stored rows")
    asked = parser.parse_args()
    if asked.picture:
        return page.picture(pd.read_csv(RESULT))
    if importlib.util.find_spec("polars") is None:
        sys.exit("without Polars: uv run --with polars python tests/benchmarks/features.py")
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        rows = measure(asked.lines, Path(folder))
    print(page.table(rows))
    if set(asked.lines) == set(SIZES):
        rows.to_csv(RESULT, index=False, float_format="%.4g", lineterminator="\n")
        page.picture(rows)


if __name__ == "__main__":
    main()
