"""The rows of the claims as files: a row a figure, and the draws of households a row a draw."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from helpers.files import DATA, write_text

ROWS = DATA / "studies"
COLUMNS = ["seed", "world", "arm", "metric", "value"]
BETWEEN = " | "  # of world, arm and metric, in the heads of the draws


def files(claim: str) -> list[Path]:
    """The files of a claim: its rows, and its draws of households where it has such."""
    found = [ROWS / f"{claim}.csv", ROWS / "households" / f"{claim}.csv"]
    return [path for path in found if path.exists()]


def rows(claim: str) -> pd.DataFrame:
    """The committed rows of a claim: columns seed, world, arm, metric, value. The draws of
    households, if they are kept apart, come last."""
    first, *others = files(claim)
    found = [pd.read_csv(first)]
    for path in others:
        wide = pd.read_csv(path, index_col="seed")
        long = wide.melt(ignore_index=False).reset_index()
        names = long["variable"].str.split(BETWEEN, regex=False, expand=True)
        names.columns = pd.Index(COLUMNS[1:4])
        found.append(pd.concat([long["seed"], names, long["value"]], axis=1))
    return pd.concat(found, ignore_index=True)


def digest(path: Path) -> str:
    """SHA-256 of a file of rows, independent of the line endings of the checkout."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def save(claim: str, table: pd.DataFrame, apart: str = "") -> None:
    """Store the rows of a claim and the digests of all. Draws of the world `apart` are kept in a
    file of their own, a row a draw and a column a figure; that of the full sample (seed -1) is
    not. Raises ValueError for a name that holds what stands between names there."""
    for name in (*table["world"].unique(), *table["arm"].unique(), *table["metric"].unique()):
        if BETWEEN in name:
            raise ValueError(f"a name may not hold {BETWEEN!r}: {name!r}")
    drawn = (table["world"] == apart) & (table["seed"] >= 0)
    _write(ROWS / f"{claim}.csv", table[~drawn].to_csv(index=False, **FORMAT))
    if drawn.any():
        part = table[drawn]
        names = part["world"] + BETWEEN + part["arm"] + BETWEEN + part["metric"]
        wide = part.assign(name=names).pivot_table("value", "seed", "name")
        wide = wide[names.drop_duplicates()]
        _write(ROWS / "households" / f"{claim}.csv", wide.to_csv(**{**FORMAT, **SHORTER}))
    seal()


FORMAT = {"float_format": "%.6g", "lineterminator": "\n"}
SHORTER = {"float_format": "%.5g"}


def seal() -> None:
    """Write the digests of all files of rows."""
    stored = sorted(path.relative_to(ROWS).as_posix() for path in ROWS.rglob("c[0-9][0-9].csv"))
    lines = [f"{digest(ROWS / name)}  {name}\n" for name in stored]
    write_text(ROWS / "SHA256SUMS", "".join(lines))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
