"""The contenders of `features.py`: the same features of the same file, each in its library's way.

    python features_arms.py ARM FILE SMALL OUT [FRAME]

One contender in a process of its own, which knows of the others nothing and imports only what it
needs: from the start of reading to a pandas table, a row per customer in the order of their ids.
Before its clock starts it has done the SMALL file, because libraries import some parts and fill
some caches only when they are first used. Writes OUT (JSON: seconds of that start and of the work,
CPU seconds, memory) and, if asked, the table as Parquet. Ends with status 3 where the memory does
not suffice.

The features are those that `helpers.features` describes for a shop with purchases only, without
`category_interest_score`, which only ours shrinks. All sum whole cents and take the days from
microseconds, so that there is one right answer.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.features_by_hand import AS_OF, NEEDED, duckdb, pandas, polars

LIMIT = 20  # GB that one contender may ask for, where the system can be told so
NO_MEMORY = 3


def ours(path: str):
    from helpers import features, shop

    return features.build(shop.open(path), AS_OF)


def ours_in_memory(path: str):
    import pandas as pd

    from helpers import features, shop

    purchases = shop.conform(pd.read_parquet(path, columns=NEEDED), "purchases")
    return features.build(shop.Shop("in memory", purchases), AS_OF)


def featuretools(path: str):
    import featuretools as ft
    import numpy as np
    import pandas as pd
    from featuretools.primitives import (
        Count,
        NumUnique,
        NUniqueDays,
        Sum,
        TimeSinceFirst,
        TimeSinceLast,
    )

    end = pd.Timestamp(AS_OF)
    log = pd.read_parquet(path, columns=NEEDED)
    log = log[(log["ordered_at"] < end) & ~(log["cancelled_at"] < end)]
    log = log.drop(columns="cancelled_at").assign(line=np.arange(len(log)))
    log["cents"] = (log["amount"] * 100).round()
    texts = dict.fromkeys(["customer_id", "order_id", "category"], "Categorical")
    entities = ft.EntitySet("shop")
    entities.add_dataframe(log, "lines", "line", time_index="ordered_at", logical_types=texts)
    entities.normalize_dataframe("lines", "customers", "customer_id", make_time_index=False)
    column = entities["lines"].ww

    def feature(base: str, primitive: object, **where) -> ft.Feature:
        return ft.Feature(
            column[base], parent_dataframe_name="customers", primitive=primitive, **where
        )

    category = ft.Feature(column["category"])
    names = sorted(log["category"].dropna().unique())
    wanted = [
        feature("ordered_at", TimeSinceLast(unit="days")),
        feature("ordered_at", TimeSinceFirst(unit="days")),
        feature("order_id", NumUnique),
        feature("cents", Sum),
        *(feature("line", Count, where=category == name) for name in names),
    ]
    whole = ft.calculate_feature_matrix(wanted, entities, cutoff_time=end)
    recency, tenure, orders, cents = (whole.iloc[:, place].astype(float) for place in range(4))
    lines = whole.iloc[:, 4:].astype(float)
    # Its windows of days are those of the calendar: ours too, because the cut-off is a midnight.
    days = feature("ordered_at", NUniqueDays)
    recent, both = (
        ft.calculate_feature_matrix([days], entities, cutoff_time=end, training_window=window)
        .iloc[:, 0]
        .reindex(whole.index)
        .fillna(0)
        .astype(float)
        for window in ("90 days", "180 days")
    )
    result = pd.DataFrame(
        {
            "recency": recency,
            "never_bought": orders == 0,
            "frequency": orders,
            "monetary": cents / 100,
            "order_rate": orders / np.maximum(tenure / 30, 1),
            "top_category_share": lines.max(axis=1) / lines.sum(axis=1).replace(0, np.nan),
            "interest_count": lines.sum(axis=1),
            "tenure": tenure,
            "days_since_activity": recency,
            "active_days": recent,
            "activity_trend": (2 * recent - both) / (both + 1),
        }
    )
    result.index = pd.Index(result.index.astype("str"), name="customer_id")
    return result.sort_index()


# What each imports before its clock starts.
ARMS = {
    "helpers": (ours, ["helpers.features", "ibis.backends.duckdb"]),
    "helpers, in memory": (ours_in_memory, ["helpers.features", "ibis.backends.duckdb"]),
    "DuckDB by hand": (duckdb, ["duckdb", "pandas", "pyarrow"]),
    "Polars by hand": (polars, ["polars", "pandas", "pyarrow"]),
    "pandas by hand": (pandas, ["pandas", "pyarrow.parquet"]),
    "Featuretools": (featuretools, ["featuretools"]),
}


def limited() -> None:
    """Ask the system to refuse more memory than LIMIT, where it can be asked (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT << 30, LIMIT << 30))


def main() -> None:
    arm, path, small, out, *kept = sys.argv[1:]
    limited()
    make, modules = ARMS[arm]
    start = time.perf_counter()
    for name in modules:
        importlib.import_module(name)
    make(small)
    began, used = time.perf_counter(), time.process_time()
    try:
        frame = make(path)
    except MemoryError:
        sys.exit(NO_MEMORY)
    except Exception as error:  # DuckDB has an error of its own for it
        if "OutOfMemory" not in type(error).__name__:
            raise
        sys.exit(NO_MEMORY)
    found = {
        "seconds": time.perf_counter() - began,
        "CPU seconds": time.process_time() - used,
        "seconds to start": began - start,
    }
    status = Path("/proc/self/status")
    if status.exists():
        found["memory at most, MB"] = (
            int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
        )
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    for name in kept:
        frame.to_parquet(name)


if __name__ == "__main__":
    main()
