"""A claim half measured: the rows of the seeds that are finished, kept until all are."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import pandas as pd

from helpers.course.studies.storing import COLUMNS, ROWS
from helpers.files import ROOT

FOLDER = ROWS / "parts"  # not under version control


@lru_cache(maxsize=1)
def code() -> str:
    """A digest of every line of `helpers`: rows of other code are not carried on."""
    found = hashlib.sha256()
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        found.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()[:12]


def path(claim: str) -> Path:
    """Where the finished rows of a claim are kept, by the code that made them."""
    return FOLDER / f"{claim}-{code()}.csv"


def nothing() -> pd.DataFrame:
    """No rows."""
    return pd.DataFrame({name: [] for name in [*COLUMNS, "apart"]})


def read(claim: str) -> pd.DataFrame:
    """The rows of a claim finished so far: columns of a study, and `apart` (of the households drawn
    apart)."""
    return pd.read_csv(path(claim)) if path(claim).exists() else nothing()


def holds(done: pd.DataFrame, seeds: list[int], apart: bool) -> bool:
    """Are all of these seeds among the finished rows?"""
    return set(seeds) <= set(done.loc[done["apart"] == apart, "seed"])


def add(claim: str, rows: pd.DataFrame) -> None:
    """Keep the rows of one finished job."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    new = not path(claim).exists()
    with path(claim).open("a", encoding="utf-8", newline="\n") as file:
        rows.to_csv(file, index=False, header=new, float_format="%.6g", lineterminator="\n")


def forget(claim: str) -> None:
    """Delete what was kept of a claim, by any code."""
    for kept in FOLDER.glob(f"{claim}-*.csv"):
        kept.unlink()
