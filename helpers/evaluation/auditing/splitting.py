"""The checks of a split."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from helpers.evaluation.auditing import sides
from helpers.evaluation.auditing.report import Check, Finding

COPIES = 0.01  # of the test rows: from here on copies across the split are a finding
SINGLE = 40  # rows changed one by one; with a fifth in test, none of them is in one case in 7,500
EVERY_ROW = 0.99  # of the test rows are rows of the table


class Sides:
    """The checks of what a split gives, each a step.

    Args:
        split: As for `evaluation.audit`.
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
        self.findings: list[Finding] = []
        self.checks: list[Check] = []
        self.folds: list[sides.Fold] = []

    def steps(self) -> list[Callable[[], None]]:
        """The checks, each to be called once, in this order."""
        return [self.one_side, self.no_copies, self.real, self.fitted]

    def one_side(self) -> None:
        """Nobody in train and test alike, unless train lies before test."""
        name = "customers on one side"
        self.folds = sides.folds(self.split, self.X, self.y, self.customers)
        if any(side.labels is None for fold in self.folds for side in (fold.train, fold.test)):
            self._skip(name, "the rows have lost their labels, so nobody can say whose they are")
            return
        if not self.X.index.is_unique and not self._by_customer():
            self._skip(name, "the labels of the table's rows are not unique")
            return
        before = len(self.findings)
        for fold in self.folds:
            self._both_sides(name, fold)
            if len(self.findings) > before:
                break
        self._done(name, before)

    def no_copies(self) -> None:
        """No test row has a copy among the train rows."""
        name, before = "no twins across", len(self.findings)
        found, of, example = sides.copies(self.folds[0])
        if found >= max(3, COPIES * of):
            what = "test rows have a copy among the train rows"
            self.findings.append(Finding(name, "split", what, found, of, example))
        self._done(name, before)

    def real(self) -> None:
        """Every test row is a row of the table, and positives are as frequent as there."""
        name, before = "test rows are real", len(self.findings)
        fold = self.folds[0]
        n = len(fold.test.X)
        if fold.test.labels is None:
            real = self._rows_of_table(fold.test.X)
            if 0 < real < EVERY_ROW * n:
                what = "test rows are no rows of the table: they were made up before the split"
                self.findings.append(Finding(name, "split", what, n - real, n))
            elif self.y is None or fold.test.y is None:
                self._skip(name, "the test rows have lost their labels and were transformed")
                return
            self._prevalence(name, fold)
        elif fold.test.labels.has_duplicates and self.X.index.is_unique:
            twice = int(fold.test.labels.duplicated().sum())
            what = "test rows stand there twice: they were drawn again before the split"
            self.findings.append(Finding(name, "split", what, twice, n))
        self._done(name, before)

    def fitted(self) -> None:
        """Half of the test rows changed: neither the train rows nor the other half notice."""
        name, before = "fitted on train only", len(self.findings)
        fold, labels = self.folds[0], self.folds[0].test.labels
        if fold.rows_only:
            self._skip(name, "the split gives row numbers and prepares nothing")
            return
        if labels is None or not self.X.index.is_unique:
            self._one_by_one(name, fold)
            return
        half = np.arange(len(labels)) % 2 == 0
        places = self.X.index.get_indexer(labels[half])
        again = self._again(self.X, self.y, labels)
        if again is None:
            self._skip(name, "the split draws other rows each time: give it a seed")
            return
        ways: dict[str, tuple[pd.DataFrame, pd.Series | None]] = {}
        ways["changed"] = sides.changed(self.X, places, self.y, "out"), self.y
        if self.y is not None:
            ways["planted"] = sides.changed(self.X, places, self.y, "planted"), self.y
            dealt = self.y.copy()
            dealt.iloc[places] = np.random.default_rng(0).permutation(dealt.iloc[places])
            ways["outcomes"] = self.X, dealt
        ran = 0
        for way, (X, y) in ways.items():
            other = self._again(X, y, labels)
            if other is None:  # another draw: of a stratified split, where outcomes changed
                continue
            ran += 1
            self._noticed(name, way, fold, other, half)
        if not ran:
            self._skip(name, "the split draws other rows when test rows change")
            return
        self._done(name, before)

    def _one_by_one(self, name: str, fold: sides.Fold) -> None:
        """Without labels: single rows changed. Of many rows some are test rows, and with these the
        train rows stay as they were, and of the test rows all but one."""
        before = len(self.findings)
        n, quiet = len(fold.test.X), 0
        places = np.unique(np.linspace(0, len(self.X) - 1, SINGLE).astype(int))
        for place in places:
            X = sides.changed(self.X, np.array([place]), None, "out")
            other = sides.folds(self.split, X, self.y, self.customers)[0]
            if sides.differing(fold.train.X, other.train.X):
                continue
            quiet += 1
            if len(other.test.X) != n or sides.rows_differing(fold.test.X, other.test.X) > 1:
                what = "test rows change when another test row does: fitted on test rows"
                self._name(name, ["split"], what, n)
                break
        if not quiet:
            what = "train rows change with whatever row is changed: fitted on all rows"
            self._name(name, ["split"], what, len(fold.train.X))
        self._done(name, before)

    def _noticed(
        self, name: str, way: str, fold: sides.Fold, other: sides.Fold, half: np.ndarray
    ) -> None:
        thing = "outcomes" if way == "outcomes" else "values"
        n = len(fold.test.X)
        columns = sides.differing(fold.train.X, other.train.X)
        if columns:
            what = f"train rows change when only the {thing} of test rows do: fitted on all rows"
            self._name(name, columns, what, len(fold.train.X))
            return
        columns = sides.differing(fold.test.X[~half], other.test.X[~half])
        if columns:
            what = f"test rows change when the {thing} of other test rows do: fitted on test rows"
            self._name(name, columns, what, n)
            return
        if way == "outcomes":
            columns = sides.differing(fold.test.X[half], other.test.X[half])
            if columns:
                self._name(name, columns, "a test row's features hold its own outcome", n)

    def _name(self, name: str, columns: list[str], what: str, n: int) -> None:
        known = {finding.where for finding in self.findings if finding.check == name}
        if len(columns) > 5:
            where = "split"
            what = f"{what} ({len(columns)} columns, {', '.join(columns[:3])} among them)"
            columns = [where]
        for column in columns:
            if column not in known:
                self.findings.append(Finding(name, column, what, n, n))

    def _both_sides(self, name: str, fold: sides.Fold) -> None:
        rows = [self._places(side) for side in (fold.train, fold.test)]
        train, test = (self.snapshots[r] for r in rows)
        in_time = not (pd.isna(train).any() or pd.isna(test).any()) and train.max() < test.min()
        if in_time:
            if self.horizon is not None and train.max() + self.horizon > test.min():
                late = int((train + self.horizon > test.min()).sum())
                what = "the window of train outcomes ends after the test cut-off"
                self.findings.append(Finding(name, "split", what, late, len(train)))
            return
        who, whom = (set(self.customers[r]) for r in rows)
        both = sorted(who & whom)
        if both:
            what = "customers stand in train and test alike"
            self.findings.append(Finding(name, "split", what, len(both), len(whom), both[0]))
            return
        if self.groups is not None:
            one, other = (set(self.groups.reindex(sorted(s)).dropna()) for s in (who, whom))
            shared = sorted(map(str, one & other))
            if shared:
                what = "households stand in train and test alike"
                n = len(other)
                self.findings.append(Finding(name, "split", what, len(shared), n, shared[0]))

    def _prevalence(self, name: str, fold: sides.Fold) -> None:
        if self.y is None or fold.test.y is None or len(np.unique(self.y)) != 2:
            return
        share, hits, n = float(self.y.mean()), int(np.sum(fold.test.y)), len(fold.test.y)
        if stats.binomtest(hits, n, share).pvalue < 1e-6:
            what = (
                f"{hits / n:.0%} of the test rows are positive, {share:.0%} of the table: resampled"
            )
            self.findings.append(Finding(name, "split", what, n, n))

    def _rows_of_table(self, test: pd.DataFrame) -> int:
        kinds = ["number", "bool"]
        both = (frame.select_dtypes(kinds) for frame in (self.X, test))
        numeric = [list(frame) for frame in both]
        names = [name for name in numeric[0] if name in numeric[1]]
        if not names:
            return 0
        known, these = (
            pd.util.hash_pandas_object(frame[names].astype(float).round(6), index=False)
            for frame in (self.X, test)
        )
        return int(these.isin(known).sum())

    def _again(self, X: pd.DataFrame, y: pd.Series | None, labels: pd.Index) -> sides.Fold | None:
        """The split run again, if it draws the same test rows."""
        fold = sides.folds(self.split, X, y, self.customers)[0]
        same = fold.test.labels is not None and fold.test.labels.equals(labels)
        return fold if same else None

    def _places(self, side: sides.Side) -> np.ndarray:
        if self.X.index.is_unique:
            return self.X.index.get_indexer(side.labels)
        return np.flatnonzero(self.X.index.isin(side.labels))

    def _by_customer(self) -> bool:
        return self.X.index.nlevels == 1 and set(self.X.index.astype(str)) == set(self.customers)

    def _skip(self, name: str, why: str) -> None:
        self.checks.append(Check(name, "could not run", why))

    def _done(self, name: str, before: int) -> None:
        result = "found" if len(self.findings) > before else "passed"
        self.checks.append(Check(name, result))
