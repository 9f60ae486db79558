"""Two tables of features, made by the same code from two shops: which columns differ?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

# Values are equal within a millionth of their size, or of the column's spread: sums that are added
# in another order differ by far less, fits that stop a step earlier by a little less.
TOLERANCE = 1e-6
ROWS = "(rows)"  # stands for a column where customers themselves come or go
_SNAPSHOT = re.compile(r"^(cut_?off|snapshot|as_of)(_|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """Features in a form that can be compared.

    Attributes:
        raw: As the reader's code gave it.
        columns: The features, (rows, columns), indexed by (customer, snapshot, number).
        customers: Whose row each is (rows,), as text.
        snapshots: The cut-off of each row (rows,), missing where the table has none.
    """

    raw: pd.DataFrame
    columns: pd.DataFrame
    customers: np.ndarray
    snapshots: pd.Series

    def part(self, rows: np.ndarray) -> Table:
        """Some of the rows; `raw` stays."""
        snapshots = self.snapshots[rows].reset_index(drop=True)
        return Table(self.raw, self.columns[rows], self.customers[rows], snapshots)

    def until(self, moment: pd.Timestamp) -> Table:
        """The rows of snapshots up to `moment`."""
        return self.part((self.snapshots <= moment).to_numpy())


@dataclass(frozen=True)
class Change:
    """A column that differs: in how many rows, of how many, and one of them in words."""

    column: str
    rows: int
    of: int
    example: str


def tidy(
    made: object, known: pd.Index, moved: pd.Timedelta | None = None, skip: Iterable[str] = ()
) -> Table:
    """Find customers and snapshots in what the reader's code returned.

    Args:
        made: A DataFrame or Series, `customer_id` its index, a level of it, or a column; a level or
            column of times named `cutoff`, `snapshot` or `as_of` says which snapshot a row is.
        known: The ids of the shop it was made from.
        moved: How far the shop's times had been moved; times in the table are moved back.
        skip: Columns that are no features.

    Raises:
        ValueError: It is no table, or its rows do not say whose they are.
    """
    if isinstance(made, pd.Series):
        made = made.to_frame()
    if not isinstance(made, pd.DataFrame):
        raise ValueError(f"build must return a DataFrame, not a {type(made).__name__}")
    frame = made.copy()
    frame.columns = _unique([str(name) for name in frame.columns])
    levels = {str(name): made.index.get_level_values(i) for i, name in enumerate(made.index.names)}
    who = _customers(frame, levels, known)
    frame = frame.drop(columns="customer_id", errors="ignore")
    snapshots = pd.Series(pd.NaT, index=range(len(frame)), dtype="datetime64[us]")
    for name, values in [*levels.items(), *frame.items()]:
        if _SNAPSHOT.match(str(name)) and pd.api.types.is_datetime64_any_dtype(values):
            snapshots = pd.Series(np.asarray(values), dtype="datetime64[us]")
            frame = frame.drop(columns=str(name), errors="ignore")
            break
    frame = frame.drop(columns=[name for name in skip if name in frame])
    if moved is not None:
        snapshots = snapshots - moved
        for name in frame.columns[[pd.api.types.is_datetime64_any_dtype(d) for d in frame.dtypes]]:
            frame[name] = frame[name] - moved
    keys = pd.DataFrame({"customer": who, "snapshot": snapshots.astype(str).to_numpy()})
    keys["number"] = keys.groupby(["customer", "snapshot"]).cumcount()
    frame.index = pd.MultiIndex.from_frame(keys)
    return Table(made, frame, who, snapshots)


def changes(before: Table, after: Table, back: pd.Series | None = None) -> list[Change]:
    """The columns of `before` that `after` holds otherwise, and customers that came or went.

    `back` gives the ids of `before` by those of `after`, where customers had been renamed.
    """
    old, new = before.columns, after.columns
    if back is not None:
        new = new.set_axis(rename_keys(new.index, back))
    found = []
    gone, come = old.index.difference(new.index), new.index.difference(old.index)
    if len(gone) or len(come):
        example = f"{gone[0][0]} is gone" if len(gone) else f"{come[0][0]} is new"
        found.append(Change(ROWS, len(gone) + len(come), len(old), example))
    both = old.index.intersection(new.index)
    if not len(both):
        return found
    old, new = old.loc[both], new.loc[both]
    for name in old.columns.union(new.columns, sort=False):
        if name not in new or name not in old:
            what = "the column is gone" if name in old else "the column is new"
            found.append(Change(name, len(both), len(both), what))
            continue
        differ = np.flatnonzero(unequal(old[name], new[name]))
        if len(differ):
            first = differ[0]
            was, now = (shown(column[name].iloc[first]) for column in (old, new))
            example = f"{both[first][0]}: {was} becomes {now}"
            found.append(Change(name, len(differ), len(both), example))
    return found


def rename_keys(index: pd.MultiIndex, names: pd.Series) -> pd.MultiIndex:
    """The keys of a table with other ids; an id that the shop does not have is marked as unknown,
    for it comes from elsewhere."""
    keys = index.to_frame(index=False)
    unknown = "unknown " + keys["customer"].astype(str)
    keys["customer"] = keys["customer"].map(names).fillna(unknown)
    return pd.MultiIndex.from_frame(keys)


def unequal(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Where two columns differ by more than rounding: bool (rows,); missing equals missing."""
    a, b = numbers(old), numbers(new)
    if a is None or b is None:
        missing = old.isna().to_numpy(), new.isna().to_numpy()
        texts = old.astype(object).map(str).to_numpy() != new.astype(object).map(str).to_numpy()
        return np.where(missing[0] | missing[1], missing[0] != missing[1], texts)
    gaps = np.isnan(a) | np.isnan(b)
    size = np.maximum(np.abs(a), np.abs(b))
    finite = a[np.isfinite(a)]
    spread = finite.std() if len(finite) else 0.0
    with np.errstate(invalid="ignore"):
        apart = (np.abs(a - b) > TOLERANCE * (size + spread)) & (a != b)
    infinite = np.isinf(a) | np.isinf(b)
    return np.where(gaps, np.isnan(a) != np.isnan(b), np.where(infinite, a != b, apart))


def numbers(column: pd.Series) -> np.ndarray | None:
    """The column as floats (rows,), times as days; None where it holds anything else."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return ((column - pd.Timestamp(0)) / pd.Timedelta(days=1)).to_numpy(float)
    if pd.api.types.is_timedelta64_dtype(column):
        return (column / pd.Timedelta(days=1)).to_numpy(float)
    try:
        return pd.to_numeric(column.astype(object)).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        return None


def shown(value: object) -> str:
    """A value as the example shows it."""
    if isinstance(value, (float, np.floating)):
        return "missing" if np.isnan(value) else f"{value:.6g}"
    return "missing" if value is None or value is pd.NaT or value is pd.NA else str(value)


def _customers(frame: pd.DataFrame, levels: dict[str, pd.Index], known: pd.Index) -> np.ndarray:
    if "customer_id" in frame:
        return frame["customer_id"].astype(str).to_numpy()
    if "customer_id" in levels:
        return levels["customer_id"].astype(str).to_numpy()
    for values in levels.values():
        if len(values) and values.astype(str).isin(known).mean() > 0.5:
            return values.astype(str).to_numpy()
    raise ValueError(
        "the table of build does not say whose rows these are: give it customer_id as its index, "
        "or as a column"
    )


def _unique(names: list[str]) -> list[str]:
    """The names, those that come again with a number."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
