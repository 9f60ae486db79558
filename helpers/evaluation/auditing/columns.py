"""The checks of the code that makes features: run it on changed shops and compare the tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from scipy import stats

from helpers.evaluation.auditing import pasts
from helpers.evaluation.auditing.comparing import (
    ROWS,
    Change,
    Table,
    changes,
    numbers,
    rename_keys,
    tidy,
)
from helpers.evaluation.auditing.report import Check, Finding
from helpers.shop import EVENT_TIME, Shop

Build = Callable[[Shop, pd.Timestamp], pd.DataFrame]

FEWEST = 30  # customers at an earlier cut-off: with fewer it shows little
SNAPSHOTS = 3  # earlier snapshots of a table that are looked at
FOLLOWS = 5.0  # standard errors of a rank correlation: by chance one column in two million
SUFFIX = "00000"  # new ids in the same order, that can still be read as numbers


class Columns:
    """Runs `build` on changed shops, and keeps what it should not have noticed.

    Attributes:
        base: The table from the shop as it is.
        findings, checks, notes: As in the report.
    """

    def __init__(
        self,
        build: Build,
        store: Shop,
        cut_off: pd.Timestamp,
        outcomes: Iterable[str] = (),
        seed: int = 0,
    ):
        self.build, self.store, self.cut_off, self.seed = build, store, cut_off, seed
        self.outcomes = list(outcomes)
        self.ids = pasts.customer_ids(store)
        self.findings: list[Finding] = []
        self.checks: list[Check] = []
        self.notes: list[str] = []
        self.base = self._run(store, cut_off)
        self.restless: set[str] = set()  # columns that differ from run to run

    def steps(self) -> list[Callable[[], None]]:
        """The checks, each to be called once, in this order."""
        return [
            self.again,
            self.future_deleted,
            self.future_swapped,
            self.instant,
            self.earlier,
            self.snapshots,
            self.calendar,
            self.rows,
            self.names,
            self.dealt,
        ]

    def again(self) -> None:
        """The same shop twice."""
        found = self._compare("run again", self.store, self.cut_off)
        if found is None:
            return
        self.restless = {change.column for change in found}
        if ROWS in self.restless:
            self.restless.discard(ROWS)
            self.notes.append("The rows of the table differ from run to run.")
        for name in sorted(self.restless):
            self.notes.append(
                f"{name} differs from run to run and could not be checked: give it a seed."
            )
        self.checks.append(Check("run again", "passed"))

    def future_deleted(self) -> None:
        """The shop as it stood on the day."""
        past = pasts.deleted(self.store, self.cut_off)
        what = "changes when everything recorded at the cut-off or later is deleted"
        self._check("future deleted", past, what, fails="fails in a shop without a future")

    def future_swapped(self) -> None:
        """The same past, another future."""
        other = pasts.swapped(self.store, self.cut_off, self.seed)
        what = "changes when what came after the cut-off is dealt to other customers"
        self._check("future swapped", other, what)

    def instant(self) -> None:
        """The future at the very cut-off, which belongs to the future."""
        moved = pasts.at_the_instant(self.store, self.cut_off)
        what = "changes with rows at the very instant of the cut-off, which is the future: < not <="
        self._check("at the cut-off", moved, what)

    def earlier(self) -> None:
        """The future of an earlier cut-off deleted."""
        name, times = "earlier cut-off", [t[EVENT_TIME[n]] for n, t in self.store.tables.items()]
        first = min(column.min() for column in times if column.notna().any())
        moment = (first + (self.cut_off - first) / 2).normalize()
        if not first < moment < self.cut_off:
            self._skip(name, "the log begins too shortly before the cut-off")
            return
        try:
            whole = self._run(self.store, moment)
        except Exception as error:  # the reader's code may fail in any way
            self._skip(name, f"build failed at {moment:%Y-%m-%d}: {_said(error)}")
            return
        if len(whole.columns) < FEWEST:
            self._skip(name, f"fewer than {FEWEST} rows at {moment:%Y-%m-%d}")
            return
        past = pasts.deleted(self.store, moment)
        what = f"at the cut-off {moment:%Y-%m-%d} it knows what came later"
        self._check(name, past, what, moment=moment, base=whole)

    def snapshots(self) -> None:
        """The future of each earlier snapshot in the table deleted."""
        moments = sorted(set(self.base.snapshots.dropna()) - {self.cut_off})
        if not moments:
            self._skip("snapshots", "the table has one snapshot")
            return
        chosen = [
            moments[i] for i in np.unique(np.linspace(0, len(moments) - 1, SNAPSHOTS, dtype=int))
        ]
        for moment in chosen:
            until = (self.base.snapshots <= moment).to_numpy()
            base = _part(self.base, until)
            what = f"the rows of the snapshot {moment:%Y-%m-%d} know what came after it"
            self._check(
                "snapshots", pasts.deleted(self.store, moment), what, base=base, part=moment
            )

    def calendar(self) -> None:
        """The whole shop 28 years later."""
        by = pasts.CALENDAR
        what = "does not move with the calendar: a date stands in the code, or the clock is read"
        self._check(
            "calendar moved",
            pasts.later(self.store, by),
            what,
            moment=self.cut_off + by,
            moved=by,
            fails=f"fails when the whole shop lies 28 years later: {what.split(': ')[1]}",
            keep=self._not_calendar,
        )

    def rows(self) -> None:
        """The rows of all tables in another order."""
        other = pasts.shuffled(self.store, self.seed)
        places = {name: _mean_place(table) for name, table in other.tables.items()}
        what = "follows the order of the rows in the file"
        self._check(
            "rows shuffled",
            other,
            what,
            keep=lambda change, after: self._follows(
                change, after, places, "the order of the rows"
            ),
        )

    def names(self) -> None:
        """Other ids in the same order: what is looked up by id elsewhere is not found."""
        names = pd.Series(self.ids + SUFFIX, index=self.ids)
        if not (names.is_monotonic_increasing and names.is_unique):
            self._skip("customers renamed", "these ids cannot be renamed in the same order")
            return
        what = (
            "comes by the customer's id from outside the shop that was given, or is made of the id"
        )
        self._check(
            "customers renamed",
            pasts.renamed(self.store, names),
            what,
            back=pd.Series(names.index, index=names.to_numpy()),
            fails=f"fails when customers have other ids: a column {what}",
            keep=lambda change, after: self._otherwise_spread(change, after, "the ids"),
        )

    def dealt(self) -> None:
        """The same ids, each somebody else's."""
        drawn = np.random.default_rng(self.seed).permutation(self.ids)
        names = pd.Series(drawn, index=self.ids)
        back = pd.Series(names.index, index=names.to_numpy())
        ranks = {"ids": pd.Series(np.arange(len(self.ids)), index=self.ids)}
        self._check(
            "ids dealt anew",
            pasts.renamed(self.store, names),
            "follows the customers' ids",
            back=back,
            keep=lambda change, after: self._follows(change, after, ranks, "the ids"),
        )

    def _check(
        self,
        name: str,
        store: Shop,
        what: str,
        moment: pd.Timestamp | None = None,
        base: Table | None = None,
        moved: pd.Timedelta | None = None,
        back: pd.Series | None = None,
        fails: str = "",
        part: pd.Timestamp | None = None,
        keep: Callable[[Change, Table], bool] = lambda change, after: True,
    ) -> None:
        """Run `build` on a changed shop; keep as findings the changes for which `keep` is True."""
        moment, base = moment or self.cut_off, base or self.base
        try:
            after = self._run(store, moment, moved)
        except Exception as error:  # the reader's code may fail in any way
            if fails and not self.outcomes:
                self._add(
                    name, Change(ROWS, len(base.columns), len(base.columns), ""), fails, error
                )
                self.checks.append(Check(name, "found"))
            else:
                self._skip(name, f"build failed: {_said(error)}")
            return
        if part is not None:
            after = _part(after, (after.snapshots <= part).to_numpy())
        before = len(self.findings)
        for change in changes(base, _renamed_years(base, after, moved), back):
            if change.column not in self.restless and keep(change, after):
                self._add(name, change, what)
        found = len(self.findings) > before
        self.checks.append(Check(name, "found" if found else "passed"))

    def _compare(self, name: str, store: Shop, moment: pd.Timestamp) -> list[Change] | None:
        try:
            return changes(self.base, self._run(store, moment))
        except Exception as error:  # the reader's code may fail in any way
            self._skip(name, f"build failed: {_said(error)}")
            return None

    def _run(self, store: Shop, moment: pd.Timestamp, moved: pd.Timedelta | None = None) -> Table:
        given = pasts.copy(store)
        return tidy(self.build(given, moment), pasts.customer_ids(store), moved, self.outcomes)

    def _skip(self, name: str, why: str) -> None:
        self.checks.append(Check(name, "could not run", why))

    def _add(self, name: str, change: Change, what: str, error: Exception | None = None) -> None:
        example = change.example if error is None else _said(error)
        self.findings.append(Finding(name, change.column, what, change.rows, change.of, example))

    def _not_calendar(self, change: Change, after: Table) -> bool:
        """Whether a column that changed in another year is more than a year, a month or a date: of
        these all values move forward alike, or get other names one by one."""
        if change.column not in self.base.columns or change.column not in after.columns:
            return True
        both = self.base.columns.index.intersection(after.columns.index)
        old, new = (
            self.base.columns.loc[both, change.column],
            after.columns.loc[both, change.column],
        )
        a, b = numbers(old), numbers(new)
        if a is None or b is None:
            pairs = pd.DataFrame({"old": old.astype(str), "new": new.astype(str)}).drop_duplicates()
            return bool(pairs["old"].duplicated().any() or pairs["new"].duplicated().any())
        step = (b - a)[~(np.isnan(a) & np.isnan(b))]
        return not (step.min() > 0 and np.allclose(step, step[0], rtol=1e-6))

    def _follows(self, change: Change, after: Table, places: dict[str, pd.Series], of: str) -> bool:
        """Whether a column that changed follows the new places of the customers, or lost or gained
        rows; if not, it is noise, and noted."""
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
        self._noise(change, of)
        return False

    def _otherwise_spread(self, change: Change, after: Table, of: str) -> bool:
        """Whether a column that changed has another distribution as well; if not, it is noise."""
        if change.column == ROWS or change.column not in after.columns:
            return True
        old, new = self.base.columns[change.column], after.columns[change.column]
        missing = abs(old.isna().mean() - new.isna().mean())
        if missing > FOLLOWS / np.sqrt(len(old)):
            return True
        a, b = _ranked(pd.concat([old, new])).reshape(2, -1) if len(old) == len(new) else ([], [])
        if len(a) == 0 or stats.ks_2samp(a[~np.isnan(a)], b[~np.isnan(b)]).pvalue < 1e-4:
            return True
        self._noise(change, of)
        return False

    def _noise(self, change: Change, of: str) -> None:
        self.notes.append(
            f"{change.column} changes with {of} ({change.rows:,} of {change.of:,} rows) but does "
            "not follow it, as a seeded draw would, or a first or last row of equals: sort before."
        )


def _part(table: Table, rows: np.ndarray) -> Table:
    return Table(table.raw, table.columns[rows], table.customers[rows], table.snapshots[rows])


def _mean_place(table: pd.DataFrame) -> pd.Series:
    """The mean place of each customer's rows in a table: free of how many rows there are."""
    return pd.Series(np.arange(len(table)), dtype=float).groupby(table["customer_id"].array).mean()


def _ranked(column: pd.Series) -> np.ndarray:
    """Numbers as they are, anything else as the place of its text in the alphabet (rows,)."""
    found = numbers(column)
    if found is not None:
        return found
    codes = pd.Categorical(column.astype(object).map(str)).codes.astype(float)
    return np.where(column.isna(), np.nan, codes)


def _renamed_years(base: Table, after: Table, moved: pd.Timedelta | None) -> Table:
    """Columns named by a year get the name that they have in the shop that was not moved."""
    if moved is None:
        return after
    years = round(moved / pd.Timedelta(days=365.25))

    def earlier(name: str) -> str:
        if name in base.columns:
            return name
        was = re.sub(r"(?:19|20)\d\d", lambda year: str(int(year[0]) - years), name)
        return was if was in base.columns else name

    return Table(after.raw, after.columns.rename(columns=earlier), after.customers, after.snapshots)


def _said(error: Exception) -> str:
    """An error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200]


__all__ = ["Build", "Columns", "rename_keys"]
