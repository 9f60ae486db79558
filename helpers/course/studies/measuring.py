"""Claims by id, their rows, the intervals of these, and measuring anew."""

from __future__ import annotations

import hashlib
import importlib
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
from tqdm import tqdm

from helpers import evaluation
from helpers.files import DATA, write_text

ROWS = DATA / "studies"
DIGESTS = ROWS / "SHA256SUMS"
COLUMNS = ["seed", "world", "arm", "metric", "value"]
REAL = "The Complete Journey"


def claims() -> list[str]:
    """The ids of all studies, in order: ["c01", "c02", …]."""
    files = Path(__file__).parent.glob("c[0-9][0-9]_*.py")
    return sorted(path.stem[:3] for path in files)


def study(claim: str) -> ModuleType:
    """The module of a claim. Raises ValueError for an unknown id."""
    found = list(Path(__file__).parent.glob(f"{claim}_*.py"))
    if len(found) != 1:
        raise ValueError(f"no study {claim!r}; there are: {', '.join(claims())}")
    return importlib.import_module(f"helpers.course.studies.{found[0].stem}")


def rows(claim: str) -> pd.DataFrame:
    """The committed rows of a claim: columns seed, world, arm, metric, value."""
    return pd.read_csv(ROWS / f"{claim}.csv")


def values(table: pd.DataFrame, world: str, arm: str, metric: str) -> np.ndarray:
    """The values of one arm in the order of the seeds, so that two arms are paired.

    Raises KeyError when there are none.
    """
    chosen = table[(table["world"] == world) & (table["arm"] == arm) & (table["metric"] == metric)]
    if chosen.empty:
        raise KeyError(f"no rows for world {world!r}, arm {arm!r}, metric {metric!r}")
    return chosen.sort_values("seed")["value"].to_numpy()


def interval(
    table: pd.DataFrame, world: str, arm: str, metric: str, less: str | None = None
) -> evaluation.Interval:
    """The mean of an arm over the seeds with its 95 % interval; with `less`, of its paired
    difference to that arm. Seeds of known truth are new worlds (t interval), those of real shoppers
    bootstrap samples (percentiles)."""
    found = values(table, world, arm, metric)
    if less is not None:
        found = found - values(table, world, less, metric)
    return (evaluation.bootstrap_interval if world == REAL else evaluation.mean_interval)(found)


def subsample_interval(values: np.ndarray, kept: float) -> evaluation.Interval:
    """The mean of a statistic over samples (n,) of a share `kept` of the customers, drawn without
    replacement, and its 95 % interval.

    Such samples vary less than those of a bootstrap would: the percentiles are moved away from the
    mean by sqrt(kept / (1 - kept)) (Politis & Romano 1994).
    """
    mean = np.mean(values)
    return evaluation.bootstrap_interval(mean + (kept / (1 - kept)) ** 0.5 * (values - mean))


def one_seed(claim: str, seed: int) -> pd.DataFrame:
    """Run one seed of a claim: its rows."""
    result = study(claim).run(seed)
    records = [(seed, *key, float(f"{value:.6g}")) for key, value in result.items()]
    return pd.DataFrame(records, columns=COLUMNS)


def measure(claim: str, seeds: range | None = None, workers: int = 2) -> pd.DataFrame:
    """Run all seeds of a claim in `workers` processes, with a progress bar; rows sorted by seed."""
    seeds = study(claim).SEEDS if seeds is None else seeds
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(one_seed, claim, seed) for seed in seeds]
        try:
            done = [job.result() for job in tqdm(as_completed(jobs), claim, len(jobs), unit="seed")]
        except BaseException:  # a stop by the reader, too, must not wait for the queue
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return pd.concat(done).sort_values("seed", kind="stable").reset_index(drop=True)


def digest(claim: str) -> str:
    """SHA-256 of a claim's rows, independent of the line endings of the checkout."""
    text = (ROWS / f"{claim}.csv").read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()


def save(claim: str, table: pd.DataFrame) -> None:
    """Store the rows of a claim and the digests of all."""
    ROWS.mkdir(parents=True, exist_ok=True)
    write_text(
        ROWS / f"{claim}.csv", table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    )
    stored = [c for c in claims() if (ROWS / f"{c}.csv").exists()]
    write_text(DIGESTS, "".join(f"{digest(c)}  {c}.csv\n" for c in stored))
