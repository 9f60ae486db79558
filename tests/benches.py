"""A workbench that has read a file of orders, for the tests of its screens."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers import shop
from helpers.workbench import Workbench

COLUMNS = ["customer_id", "order_id", "ordered_at", "category", "amount"]


def few_orders(customers: int) -> pd.DataFrame:
    """The order lines of the first customers of the simulated shop."""
    lines = shop.load().purchases
    return lines[lines["customer_id"].isin(lines["customer_id"].unique()[:customers])][COLUMNS]


def read(bench: Workbench, path: Path) -> None:
    """Read a file by its path, as on the first screen, and wait for all that follows on it."""
    bench.data.path.value = str(path)
    bench.data.start()
    bench.jobs.wait()


def load(path: Path) -> Workbench:
    """A new workbench that has read a file."""
    bench = Workbench()
    read(bench, path)
    return bench


def looked(path: Path, title: str) -> Workbench:
    """A new workbench that has read a file, and shows a tab."""
    bench = load(path)
    bench.go(title)
    bench.jobs.wait()
    return bench
