"""The checks of a split: who stands on which side, and what each side was told of the other."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors

MOST = 2_000  # test rows whose nearest train row is looked for
DIGITS = 5  # of a column's standard deviation, to which a copy equals its original
RARE = 0.002  # of all rows: a value that hardly any other row has


@dataclass
class Side:
    """One side of a split: its rows, their labels where they are known, their outcomes."""

    X: pd.DataFrame
    labels: pd.Index | None
    y: np.ndarray | None


@dataclass
class Fold:
    """A train side and a test side; `rows_only` where the split gave row numbers."""

    train: Side
    test: Side
    rows_only: bool = False


def folds(split: Any, X: pd.DataFrame, y: pd.Series | None, customers: np.ndarray) -> list[Fold]:
    """Run the reader's split.

    Args:
        split: A splitter of scikit-learn; or a function of (X, y), or of X alone, that returns
            X_train, X_test, y_train, y_test, or the first two of these, or pairs of row numbers.
        X, y: The table and its outcomes, (n, columns) and (n,).
        customers: Whose row each is (n,).

    Raises:
        ValueError: The function wants outcomes and there are none, or it returns something else.
    """
    if hasattr(split, "split"):
        by_group = "Group" in type(split).__name__  # the others warn that they take no groups
        pairs = list(split.split(X, y, customers) if by_group else split.split(X, y))
        return [_by_rows(X, y, *pair) for pair in pairs]
    wanted = [
        p
        for p in inspect.signature(split).parameters.values()
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    if len(wanted) > 1 and y is None:
        raise ValueError("the split wants outcomes: give target as well")
    made = list(split(X.copy()) if len(wanted) == 1 or y is None else split(X.copy(), y.copy()))
    if len(made) == 4 and not _is_pair(made[0]):
        return [_of_parts(X, *made)]
    if len(made) == 2 and isinstance(made[0], pd.DataFrame):
        return [_of_parts(X, made[0], made[1], None, None)]
    if len(made) == 2 and not _is_pair(made[0]):
        made = [tuple(made)]
    if made and all(_is_pair(pair) for pair in made):
        return [_by_rows(X, y, *pair) for pair in made]
    raise ValueError(
        "the split must return X_train, X_test, y_train, y_test, or the first two, or pairs of "
        "row numbers"
    )


def copies(fold: Fold) -> tuple[int, int, str]:
    """Test rows that have a copy among the train rows: equal to `DIGITS` digits, and in two columns
    or more by values that hardly any other row has. Customers who did nothing look alike, and are
    no copies.

    Returns their number, how many test rows were looked at, and the label of one.
    """
    names = [name for name in fold.test.X if name in fold.train.X]
    train, test = (_matrix(side.X[names]) for side in (fold.train, fold.test))
    both = np.vstack([train, test])
    center, scale = np.nanmean(both, axis=0), np.nanstd(both, axis=0)
    scale[~(scale > 0)] = 1
    train, test = (np.nan_to_num((part - center) / scale, nan=-9) for part in (train, test))
    rows = _evenly(len(test))
    distance, _ = NearestNeighbors(n_neighbors=1).fit(train).kneighbors(test[rows])
    rounded = pd.DataFrame(np.vstack([train, test])).round(DIGITS)
    counts = np.column_stack([c.map(c.value_counts()) for _, c in rounded.items()])
    rare = (counts <= max(4, RARE * len(counts))).sum(axis=1)[len(train) :][rows]
    found = (distance[:, 0] < 10.0**-DIGITS * np.sqrt(len(names))) & (rare >= 2)
    if not found.any():
        return 0, len(rows), ""
    first = rows[np.flatnonzero(found)[0]]
    labels = fold.test.labels
    return int(found.sum()), len(rows), str(first if labels is None else labels[first])


def changed(X: pd.DataFrame, rows: np.ndarray, y: pd.Series | None, way: str) -> pd.DataFrame:
    """X with other values in `rows` (positions): far "out", or "planted", high where y is high."""
    X = X.copy()
    sign = (
        None if y is None else np.sign(y.to_numpy(float)[rows] - np.mean(y.to_numpy(float)) + 1e-9)
    )
    rng = np.random.default_rng(0)
    for place, kind in enumerate(X.dtypes):
        column = X.iloc[:, place].copy()
        values = column.iloc[rows]
        if X.columns[place] == "customer_id" or pd.api.types.is_datetime64_any_dtype(kind):
            continue
        if pd.api.types.is_bool_dtype(kind):
            other = ~values if way == "out" or sign is None else sign > 0
        elif pd.api.types.is_numeric_dtype(kind):
            spread = float(np.nan_to_num(column.astype(float).std())) + 1
            if way == "out" or sign is None:
                other = values * 10 + round(5 * spread)
            else:
                other = np.round(column.astype(float).mean()) + sign * round(3 * spread)
            other = np.asarray(other).astype(kind)
        else:
            other = rng.permutation(values)
        column.iloc[rows] = other
        X.isetitem(place, column)
    return X


def differing(old: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    """The columns that are gone, new, or differ anywhere; by place where there are no names."""
    if len(old) != len(new):
        return ["(rows)"]
    found = [str(name) for name in old.columns.symmetric_difference(new.columns, sort=False)]
    for name in old.columns.intersection(new.columns, sort=False):
        a, b = old[name].to_numpy(), new[name].to_numpy()
        if pd.api.types.is_numeric_dtype(old[name]) and pd.api.types.is_numeric_dtype(new[name]):
            same = np.allclose(a.astype(float), b.astype(float), rtol=1e-7, equal_nan=True)
        else:
            same = (old[name].astype(str).to_numpy() == new[name].astype(str).to_numpy()).all()
        if not same:
            found.append(str(name))
    return found


def rows_differing(old: pd.DataFrame, new: pd.DataFrame) -> int:
    """How many rows differ in any column; the frames have one form."""
    differ = np.zeros(len(old), dtype=bool)
    for a, b in zip(_matrix(old).T, _matrix(new).T, strict=True):
        differ |= ~np.isclose(a, b, rtol=1e-7, equal_nan=True)
    return int(differ.sum())


def _is_pair(made: object) -> bool:
    """Whether it is a pair of row numbers."""
    if not isinstance(made, (tuple, list)) or len(made) != 2:
        return False
    return all(np.ndim(part) == 1 for part in made)


def _by_rows(X: pd.DataFrame, y: pd.Series | None, train: Any, test: Any) -> Fold:
    sides = []
    for rows in (train, test):
        rows = np.asarray(rows)
        if rows.dtype == bool:
            rows = np.flatnonzero(rows)
        if rows.dtype.kind not in "iu":
            raise ValueError("the split must return row numbers, not labels")
        outcome = None if y is None else y.to_numpy()[rows]
        sides.append(Side(X.iloc[rows], X.index[rows], outcome))
    return Fold(sides[0], sides[1], rows_only=True)


def _of_parts(X: pd.DataFrame, train: Any, test: Any, y_train: Any, y_test: Any) -> Fold:
    sides = []
    for part, outcome in ((train, y_train), (test, y_test)):
        labels = None
        if isinstance(part, (pd.DataFrame, pd.Series)):
            labels, frame = part.index, pd.DataFrame(part)
        else:
            values = part.toarray() if hasattr(part, "toarray") else np.asarray(part)
            fits = values.shape[1] == X.shape[1]
            names = list(X) if fits else [f"column {i}" for i in range(values.shape[1])]
            frame = pd.DataFrame(values, columns=names)
            if isinstance(outcome, pd.Series) and len(outcome) == len(frame):
                labels = outcome.index
        if labels is not None and not labels.isin(X.index).all():
            labels = None
        sides.append(Side(frame, labels, None if outcome is None else np.asarray(outcome)))
    if all(_numbered_anew(side) for side in sides):
        for side in sides:
            side.labels = None
    return Fold(sides[0], sides[1])


def _numbered_anew(side: Side) -> bool:
    """Whether the labels only count the side's own rows, so that they say nothing of the table's:
    where both sides do, an index was reset."""
    return side.labels is not None and list(side.labels) == list(range(len(side.X)))


def _matrix(X: pd.DataFrame) -> np.ndarray:
    """All columns as floats (rows, columns): texts by a number of their own."""
    columns = []
    for place, kind in enumerate(X.dtypes):
        column = X.iloc[:, place]
        if pd.api.types.is_numeric_dtype(kind):
            columns.append(column.to_numpy(float, na_value=np.nan))
        else:
            texts = column.astype(object).map(str)
            columns.append(texts.map(lambda text: _number_of(text)).to_numpy(float))
    return np.column_stack(columns) if columns else np.zeros((len(X), 0))


def _number_of(text: str) -> float:
    """A number for a text that is the same in every run, 0 to 1."""
    total = 0
    for letter in text:
        total = (total * 31 + ord(letter)) % 1_000_003
    return total / 1_000_003


def _evenly(n: int) -> np.ndarray:
    return np.unique(np.linspace(0, n - 1, min(n, MOST)).astype(int))
