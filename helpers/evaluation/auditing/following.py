"""What a change means: a leak, seeded noise, or only another year."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from scipy import stats

from helpers.evaluation.auditing.comparing import ROWS, Change, Table, numbers

FEWEST = 30  # rows that a correlation is computed from
FOLLOWS = 5.0  # standard errors of a rank correlation: by chance one column in two million
UNLIKE = 1e-4  # p-value of the test that two columns have one distribution


def not_calendar(base: Table, change: Change, after: Table) -> bool:
    """Whether a column that changed in another year is more than a year, a month or a date: of
    these all values move forward alike, or get other names one by one."""
    name = change.column
    if name not in base.columns or name not in after.columns:
        return True
    both = base.columns.index.intersection(after.columns.index)
    old, new = base.columns.loc[both, name], after.columns.loc[both, name]
    a, b = numbers(old), numbers(new)
    if a is None or b is None:
        pairs = pd.DataFrame({"old": old.astype(str), "new": new.astype(str)}).drop_duplicates()
        return bool(pairs["old"].duplicated().any() or pairs["new"].duplicated().any())
    step = (b - a)[~(np.isnan(a) & np.isnan(b))]
    return not (step.min() > 0 and np.allclose(step, step[0], rtol=1e-6))


def follows(change: Change, after: Table, places: dict[str, pd.Series]) -> bool:
    """Whether a column that changed follows the new places of the customers (Spearman), or lost or
    gained rows. `places` are indexed by customer: by chance nothing honest follows them."""
    if change.column == ROWS or change.column not in after.columns:
        return True
    values = _ranked(after.columns[change.column])
    for place in places.values():
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


def mean_place(table: pd.DataFrame) -> pd.Series:
    """The mean place of each customer's rows in a table: free of how many rows there are."""
    return pd.Series(np.arange(len(table)), dtype=float).groupby(table["customer_id"].array).mean()


def renamed_years(base: Table, after: Table, moved: pd.Timedelta) -> Table:
    """Columns named by a year get the name that they have in the shop that was not moved."""
    years = round(moved / pd.Timedelta(days=365.25))

    def earlier(name: str) -> str:
        if name in base.columns:
            return name
        was = re.sub(r"(?:19|20)\d\d", lambda year: str(int(year[0]) - years), name)
        return was if was in base.columns else name

    columns = after.columns.rename(columns=earlier)
    return Table(after.raw, columns, after.customers, after.snapshots)


def _ranked(column: pd.Series) -> np.ndarray:
    """Numbers as they are, anything else as the place of its text in the alphabet (rows,)."""
    found = numbers(column)
    if found is not None:
        return found
    codes = pd.Categorical(column.astype(object).map(str)).codes.astype(float)
    return np.where(column.isna(), np.nan, codes)
