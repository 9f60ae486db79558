"""The checks of a split."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from helpers.evaluation.auditing import sides
from helpers.evaluation.auditing.report import CannotRun, Finding, Steps

COPIES = 0.01  # of the test rows: from here on copies across the split are a finding
SINGLE = 40  # rows changed one by one; with a fifth in test, none of them is in one case in 7,500
EVERY_ROW = 0.99  # of the test rows are rows of the table


class Sides:
    """The checks of what a split gives.

    Args:
        split: As for `evaluation.audit`; None if there is none.
        X, y: The reader's table and the outcomes, if any; rows as in `X`.
        customers: Whose row each is (n,).
        snapshots: The cut-off of each row, missing where there is one only.
        groups: The household of each customer, if known.
        horizon: How long an outcome's window lasts, if known.
    """

    def __init__(
        self,
        split: Any,
        X: pd.DataFrame,
        y: pd.Series | None,
        customers: np.ndarray,
        snapshots: pd.Series,
        groups: pd.Series | None = None,
        horizon: pd.Timedelta | None = None,
    ):
        self.split, self.X, self.y = split, X, y
        self.customers, self.snapshots = customers, snapshots.to_numpy()
        self.groups, self.horizon = groups, horizon

    def steps(self) -> Steps:
        """The checks by name, to be called once each, in this order."""
        return {
            "customers on one side": self.one_side,
            "no twins across": self.no_copies,
            "test rows are real": self.real,
            "fitted on train only": self.fitted,
        }

    @cached_property
    def folds(self) -> list[sides.Fold]:
        """What the split gives."""
        if self.split is None:
            raise CannotRun("no split was given")
        return self._run(self.X, self.y)

    def one_side(self) -> list[Finding]:
        """Nobody in train and test alike, unless train lies before test."""
        if any(side.labels is None for fold in self.folds for side in (fold.train, fold.test)):
            raise CannotRun("the rows have lost their labels, so nobody can say whose they are")
        if not self.X.index.is_unique and not self._by_customer():
            raise CannotRun("the labels of the table's rows are not unique")
        for fold in self.folds:
            if found := self._both_sides(fold):
                return found
        return []

    def no_copies(self) -> list[Finding]:
        """No test row has a copy among the train rows."""
        found, of, example = sides.copies(self.folds[0])
        if found < max(3, COPIES * of):
            return []
        what = "test rows have a copy among the train rows"
        return [Finding("no twins across", "split", what, found, of, example)]

    def real(self) -> list[Finding]:
        """Every test row is a row of the table, and positives are as frequent as there."""
        name, test = "test rows are real", self.folds[0].test
        n = len(test.X)
        if test.labels is not None:
            twice = int(test.labels.duplicated().sum()) if self.X.index.is_unique else 0
            what = "test rows stand there twice: they were drawn again before the split"
            return [Finding(name, "split", what, twice, n)] if twice else []
        real = self._rows_of_table(test.X)
        if 0 < real < EVERY_ROW * n:
            what = "test rows are no rows of the table: they were made up before the split"
            return [Finding(name, "split", what, n - real, n)]
        if self.y is None or test.y is None:
            raise CannotRun("the test rows have lost their labels and were transformed")
        share, hits = float(self.y.mean()), int(np.sum(test.y))
        if self.y.nunique() == 2 and stats.binomtest(hits, n, share).pvalue < 1e-6:
            what = f"{hits / n:.0%} of test rows are positive, {share:.0%} of the table: resampled"
            return [Finding(name, "split", what, n, n)]
        return []

    def fitted(self) -> list[Finding]:
        """Half of the test rows changed: neither the train rows nor the other half notice."""
        fold, labels = self.folds[0], self.folds[0].test.labels
        if fold.rows_only:
            raise CannotRun("the split gives row numbers and prepares nothing")
        if labels is None or not self.X.index.is_unique:
            return self._one_by_one(fold)
        if self._same(self.X, self.y, labels) is None:
            raise CannotRun("the split draws other rows each time: give it a seed")
        half = np.arange(len(labels)) % 2 == 0
        places = self.X.index.get_indexer(labels[half])
        ways = [("values", sides.changed(self.X, places, self.y, "out"), self.y)]
        if self.y is not None:
            planted = sides.changed(self.X, places, self.y, "planted")
            dealt = self.y.copy()
            dealt.iloc[places] = np.random.default_rng(0).permutation(dealt.iloc[places])
            ways += [("values", planted, self.y), ("outcomes", self.X, dealt)]
        found: dict[str, Finding] = {}
        ran = False
        for thing, X, y in ways:
            other = self._same(X, y, labels)
            if other is None:  # another draw: of a stratified split, where outcomes changed
                continue
            ran = True
            for finding in self._noticed(thing, fold, other, half):
                found.setdefault(finding.where, finding)
        if not ran:
            raise CannotRun("the split draws other rows when test rows change")
        return list(found.values())

    def _one_by_one(self, fold: sides.Fold) -> list[Finding]:
        """Without labels: single rows changed. Of many rows some are test rows, and with these the
        train rows stay as they were, and of the test rows all but one."""
        n, quiet = len(fold.test.X), False
        for place in np.unique(np.linspace(0, len(self.X) - 1, SINGLE).astype(int)):
            X = sides.changed(self.X, np.array([place]), None, "out")
            other = self._run(X, self.y)[0]
            if sides.differing(fold.train.X, other.train.X):
                continue
            quiet = True
            if len(other.test.X) != n or sides.rows_differing(fold.test.X, other.test.X) > 1:
                what = "test rows change when another test row does: fitted on test rows"
                return _unfit(["split"], what, n)
        if quiet:
            return []
        what = "train rows change with whatever row is changed: fitted on all rows"
        return _unfit(["split"], what, len(fold.train.X))

    def _noticed(
        self, thing: str, fold: sides.Fold, other: sides.Fold, half: np.ndarray
    ) -> list[Finding]:
        """What noticed that the values or outcomes in `half` of the test rows were changed."""
        n = len(fold.test.X)
        if columns := sides.differing(fold.train.X, other.train.X):
            what = f"train rows change when only the {thing} of test rows do: fitted on all rows"
            return _unfit(columns, what, len(fold.train.X))
        if columns := sides.differing(fold.test.X[~half], other.test.X[~half]):
            what = f"test rows change when the {thing} of other test rows do: fitted on test rows"
            return _unfit(columns, what, n)
        columns = sides.differing(fold.test.X[half], other.test.X[half])
        if thing == "outcomes" and columns:
            return _unfit(columns, "a test row's features hold its own outcome", n)
        return []

    def _both_sides(self, fold: sides.Fold) -> list[Finding]:
        def of_split(what: str, rows: int, of: int, example: str = "") -> list[Finding]:
            return [Finding("customers on one side", "split", what, rows, of, example)]

        rows = [self._places(side) for side in (fold.train, fold.test)]
        train, test = (self.snapshots[r] for r in rows)
        if not (pd.isna(train).any() or pd.isna(test).any()) and train.max() < test.min():
            if self.horizon is not None and train.max() + self.horizon > test.min():
                late = int((train + self.horizon > test.min()).sum())
                what = "the window of train outcomes ends after the test cut-off"
                return of_split(what, late, len(train))
            return []
        who, whom = (set(self.customers[r]) for r in rows)
        if both := sorted(who & whom):
            what = "customers stand in train and test alike"
            return of_split(what, len(both), len(whom), both[0])
        if self.groups is not None:
            one, other = (set(self.groups.reindex(sorted(s)).dropna()) for s in (who, whom))
            if both := sorted(map(str, one & other)):
                what = "households stand in train and test alike"
                return of_split(what, len(both), len(other), both[0])
        return []

    def _rows_of_table(self, test: pd.DataFrame) -> int:
        """How many of the test rows are rows of the table, by the numbers that both have."""
        numeric = [list(frame.select_dtypes(["number", "bool"])) for frame in (self.X, test)]
        names = [name for name in numeric[0] if name in numeric[1]]
        if not names:
            return 0
        known, these = (
            pd.util.hash_pandas_object(frame[names].astype(float).round(6), index=False)
            for frame in (self.X, test)
        )
        return int(these.isin(known).sum())

    def _run(self, X: pd.DataFrame, y: pd.Series | None) -> list[sides.Fold]:
        return sides.folds(self.split, X, y, self.customers)

    def _same(self, X: pd.DataFrame, y: pd.Series | None, labels: pd.Index) -> sides.Fold | None:
        """The split run again, if it draws the same test rows."""
        fold = self._run(X, y)[0]
        same = fold.test.labels is not None and fold.test.labels.equals(labels)
        return fold if same else None

    def _by_customer(self) -> bool:
        return self.X.index.nlevels == 1 and set(self.X.index.astype(str)) == set(self.customers)

    def _places(self, side: sides.Side) -> np.ndarray:
        if self.X.index.is_unique:
            return self.X.index.get_indexer(side.labels)
        return np.flatnonzero(self.X.index.isin(side.labels))


def _unfit(columns: list[str], what: str, n: int) -> list[Finding]:
    """A finding a column; of many columns one, of the split."""
    if len(columns) > 5:
        what = f"{what} ({len(columns)} columns, {', '.join(columns[:3])} among them)"
        columns = ["split"]
    return [Finding("fitted on train only", column, what, n, n) for column in columns]
