"""Two tables of features, made by the same code from two shops: which columns differ, and what
does it mean?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import stats

from helpers.evaluation.auditing import pasts
from helpers.shop import Shop

# Values are equal within a millionth of their size, or of the column's spread: sums that are added
# in another order differ by far less, fits that stop a step earlier by a little less.
TOLERANCE = 1e-6
FEWEST = 30  # rows that a correlation is computed from
FOLLOWS = 5.0  # standard errors of a rank correlation: by chance one column in two million
UNLIKE = 1e-4  # p-value of the test that two columns have one distribution
ROWS = "(rows)"  # stands for a column where customers themselves come or go
_SNAPSHOT = re.compile(r"^(cut_?off|snapshot|as_of)(_|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """Features in a form that can be compared.

    Attributes:
        raw: As the reader's code gave it.
        columns: The features, (rows, columns).
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

    def renamed(self, names: pd.Series) -> Table:
        """The table with other ids, `names` by those that it has; an id that is not among them is
        marked as unknown, for it comes from elsewhere."""
        old = pd.Series(self.customers)
        return replace(self, customers=old.map(names).fillna("unknown " + old).to_numpy())

    @cached_property
    def keyed(self) -> pd.DataFrame:
        """The features by customer, snapshot and number, where a customer has several rows."""
        whose, number = [self.customers, self.snapshots.to_numpy("int64")], 0
        if not pd.Index(self.customers).is_unique:
            number = self.columns.groupby(whose).cumcount().to_numpy()
        return self.columns.set_index([*whose, np.broadcast_to(number, len(self.columns))])


@dataclass(frozen=True)
class Change:
    """A column that differs: in how many rows, of how many, and one of them in words."""

    column: str
    rows: int
    of: int
    example: str


def tidy(
    made: object, store: Shop, moved: pd.Timedelta | None = None, skip: Iterable[str] = ()
) -> Table:
    """Find customers and snapshots in what the reader's code returned.

    Args:
        made: A DataFrame or Series, `customer_id` its index, a level of it, or a column; a level or
            column of times named `cutoff`, `snapshot` or `as_of` says which snapshot a row is.
        store: The shop it was made from.
        moved: How far the shop's times had been moved; times in the table are moved back.
        skip: Columns that are no features.

    Raises:
        ValueError: It is no table, or its rows do not say whose they are.
    """
    if isinstance(made, pd.Series):
        made = made.to_frame()
    if not isinstance(made, pd.DataFrame):
        raise ValueError(f"build must return a DataFrame, not a {type(made).__name__}")
    frame = made.reset_index(drop=True)
    frame.columns = _unique([str(name) for name in frame.columns])
    levels = {str(name): made.index.get_level_values(i) for i, name in enumerate(made.index.names)}
    who = _customers(frame, levels, store)
    hidden = {"customer_id", *skip}
    snapshots = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    for name, values in [*levels.items(), *frame.items()]:
        if _SNAPSHOT.match(str(name)) and pd.api.types.is_datetime64_any_dtype(values):
            snapshots = pd.Series(np.asarray(values), dtype="datetime64[us]")
            hidden.add(str(name))
            break
    frame = frame[[name for name in frame if name not in hidden]]
    if moved is not None:
        snapshots = snapshots - moved
        for name in frame.columns[[pd.api.types.is_datetime64_any_dtype(d) for d in frame.dtypes]]:
            frame[name] = frame[name] - moved
    return Table(made, frame, who, snapshots)


def changes(before: Table, after: Table) -> list[Change]:
    """The columns of `before` that `after` holds otherwise, and customers that came or went."""
    old, new = before.keyed, after.keyed
    found = []
    if not old.index.equals(new.index):
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
            found.append(Change(name, len(old), len(old), what))
            continue
        differ = np.flatnonzero(unequal(old[name], new[name]))
        if len(differ):
            first = differ[0]
            was, now = (shown(column[name].iloc[first]) for column in (old, new))
            example = f"{old.index[first][0]}: {was} becomes {now}"
            found.append(Change(name, len(differ), len(old), example))
    return found


def not_calendar(base: Table, change: Change, after: Table) -> bool:
    """Whether a column that changed in another year is more than a year, a month or a date: of
    these all values move forward alike, or get other names one by one."""
    name = change.column
    if name not in base.columns or name not in after.columns:
        return True
    old, new = base.keyed[name].align(after.keyed[name], join="inner")
    a, b = numbers(old), numbers(new)
    if a is None or b is None:
        pairs = pd.DataFrame({"old": old.astype(str), "new": new.astype(str)}).drop_duplicates()
        return bool(pairs["old"].duplicated().any() or pairs["new"].duplicated().any())
    step = (b - a)[~(np.isnan(a) & np.isnan(b))]
    return not (step.min() > 0 and np.allclose(step, step[0], rtol=1e-6))


def follows(change: Change, after: Table, places: list[pd.Series]) -> bool:
    """Whether a column that changed follows the new places of the customers (Spearman), or lost or
    gained rows. `places` are indexed by customer: by chance nothing honest follows them."""
    if change.column == ROWS or change.column not in after.columns:
        return True
    values = _ranked(after.columns[change.column])
    for place in places:
        where = place.reindex(after.customers).to_numpy(float)
        known = ~np.isnan(values) & ~np.isnan(where)
        if known.sum() < FEWEST or np.ptp(values[known]) == 0:
            continue
        rho = stats.spearmanr(values[known], where[known]).statistic
        if abs(rho) * np.sqrt(known.sum() - 1) > FOLLOWS:
            return True
    return False


def otherwise_spread(base: Table, change: Change, after: Table) -> bool:
    """Whether a column that changed has another distribution as well (Kolmogorov-Smirnov), or more
    gaps: a draw by the id has not, what is looked up and not found has."""
    if change.column == ROWS or change.column not in after.columns:
        return True
    old, new = base.columns[change.column], after.columns[change.column]
    if abs(old.isna().mean() - new.isna().mean()) > FOLLOWS / np.sqrt(len(old)):
        return True
    values = _ranked(pd.concat([old, new], ignore_index=True))
    a, b = values[: len(old)], values[len(old) :]
    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    return len(a) == 0 or len(b) == 0 or bool(stats.ks_2samp(a, b).pvalue < UNLIKE)


def renamed_years(base: Table, after: Table, moved: pd.Timedelta) -> Table:
    """Columns named by a year get the name that they have in the shop that was not moved."""
    years = round(moved / pd.Timedelta(days=365.25))

    def earlier(name: str) -> str:
        if name in base.columns:
            return name
        was = re.sub(r"(?:19|20)\d\d", lambda year: str(int(year[0]) - years), name)
        return was if was in base.columns else name

    return replace(after, columns=after.columns.rename(columns=earlier))


def unequal(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Where two columns differ by more than rounding: bool (rows,); missing equals missing."""
    a, b = numbers(old), numbers(new)
    if a is None or b is None:
        missing = old.isna().to_numpy(), new.isna().to_numpy()
        texts = old.astype(object).map(str).to_numpy() != new.astype(object).map(str).to_numpy()
        return np.where(missing[0] | missing[1], missing[0] != missing[1], texts)
    finite = a[np.isfinite(a)]
    spread = finite.std() if len(finite) else 0.0
    with np.errstate(invalid="ignore"):
        apart = np.abs(a - b) > TOLERANCE * (np.maximum(np.abs(a), np.abs(b)) + spread)
    both = np.isfinite(a) & np.isfinite(b)
    return np.where(both, apart, (a != b) & ~(np.isnan(a) & np.isnan(b)))


def numbers(column: pd.Series) -> np.ndarray | None:
    """The column as floats (rows,), times as days; None where it holds anything else."""
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=float, na_value=np.nan)
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column - pd.Timestamp(0)
    if pd.api.types.is_timedelta64_dtype(column):
        return (column / pd.Timedelta(days=1)).to_numpy(float)
    try:
        return pd.to_numeric(column.astype(object)).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        return None


def is_flat(column: pd.Series) -> bool:
    """Whether a column holds one value throughout."""
    found = numbers(column)
    if found is not None:
        return len(np.unique(found)) < 2
    return column.astype(object).map(str).nunique() < 2


def shown(value: object) -> str:
    """A value as the example shows it."""
    if isinstance(value, (float, np.floating)):
        return "missing" if np.isnan(value) else f"{value:.6g}"
    return "missing" if value is None or value is pd.NaT or value is pd.NA else str(value)


def _ranked(column: pd.Series) -> np.ndarray:
    """Numbers as they are, anything else as the place of its text in the alphabet (rows,)."""
    found = numbers(column)
    if found is not None:
        return found
    codes = pd.Categorical(column.astype(object).map(str)).codes.astype(float)
    return np.where(column.isna(), np.nan, codes)


def _customers(frame: pd.DataFrame, levels: dict[str, pd.Index], store: Shop) -> np.ndarray:
    if "customer_id" in frame:
        return frame["customer_id"].astype(str).to_numpy()
    if "customer_id" in levels:
        return levels["customer_id"].astype(str).to_numpy()
    known = pasts.customer_ids(store)
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
