"""The checks of the code that makes features: run it on changed shops and compare the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from helpers.evaluation.auditing import following, pasts
from helpers.evaluation.auditing.comparing import ROWS, Change, Table, changes, tidy
from helpers.evaluation.auditing.report import Check, Finding, said
from helpers.shop import EVENT_TIME, Shop

Build = Callable[[Shop, pd.Timestamp], pd.DataFrame]
Rule = Callable[[Change, Table], bool]

FEWEST = 30  # rows at an earlier cut-off: with fewer it shows little
SNAPSHOTS = 3  # earlier snapshots of a table that are looked at
FUTURE = {"future deleted", "future swapped", "at the cut-off"}  # they need one
SUFFIX = "00000"  # new ids in the same order, that can still be read as numbers


class Columns:
    """Runs `build` on changed shops, and keeps what it should not have noticed.

    Attributes:
        base: The table from the shop as it is.
        findings, checks: As in the report.
        restless: Columns that differ from run to run.
        noise: Columns that changed with something and did not follow it, by what it was.
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
        self.restless: set[str] = set()
        self.noise: dict[str, list[str]] = {}
        self.base = self._run(store, cut_off)
        if not len(self.base.columns):
            raise ValueError(f"build gave no row at the cut-off {cut_off:%Y-%m-%d}")

    def steps(self) -> list[Callable[[], None]]:
        """The checks, each to be called once, in this order."""
        return [
            self.again,
            self.future_deleted,
            self.future_swapped,
            self.recorded_later,
            self.instant,
            self.names,
            self.dealt,
            self.rows,
            self.calendar,
            self.earlier,
            self.snapshots,
        ]

    @property
    def notes(self) -> list[str]:
        """What is no leak and should be known."""
        found = {finding.where for finding in self.findings}
        notes = []
        if self.restless:
            restless = _listed(self.restless)
            notes.append(f"{restless}: differs when run again, so it was not checked; set a seed.")
        flat = [n for n, c in self.base.columns.items() if c.astype(str).nunique() < 2]
        if rest := [name for name in flat if name not in found]:
            notes.append(
                f"{_listed(rest)}: one value throughout, which shows nothing of its origin."
            )
        for of, names in self.noise.items():
            rest = [name for name in names if name not in found]
            if rest:
                notes.append(
                    f"{_listed(rest)}: changes with {of} but does not follow it: a seeded draw, or "
                    "a first or last among equals. No leak; sort by customer and time first."
                )
        return notes

    def again(self) -> None:
        """The same shop twice."""
        try:
            found = changes(self.base, self._run(self.store, self.cut_off))
        except Exception as error:  # the reader's code may fail in any way
            self._skip("run again", said(error))
            return
        self.restless = {change.column for change in found}
        self.checks.append(Check("run again", "passed"))

    def future_deleted(self) -> None:
        """The shop as it stood on the day."""
        past = pasts.deleted(self.store, self.cut_off)
        what = "changes when everything recorded at the cut-off or later is deleted"
        self._check("future deleted", past, what, fails="build fails in a shop without a future")

    def future_swapped(self) -> None:
        """The same past, another future."""
        other = pasts.swapped(self.store, self.cut_off, self.seed)
        what = "changes when what came after the cut-off is dealt to other customers"
        self._check("future swapped", other, what)

    def recorded_later(self) -> None:
        """Some of what was known in time recorded after the cut-off, and then deleted."""
        name = "recorded later"
        if not pasts.has_late_values(self.store, self.cut_off):
            self._skip(name, "no table says of any value that it was recorded later than its row")
            return
        late = pasts.recorded_later(self.store, self.cut_off, self.seed)
        try:
            base = self._run(late, self.cut_off)
        except Exception as error:  # the reader's code may fail in any way
            self._skip(name, said(error))
            return
        what = "uses values before they were recorded"
        self._check(name, pasts.deleted(late, self.cut_off), what, base=base)

    def instant(self) -> None:
        """The future at the very cut-off, which belongs to the future."""
        moved = pasts.at_the_instant(self.store, self.cut_off)
        what = "changes with rows at the very instant of the cut-off, which is future: < not <="
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
            self._skip(name, f"build failed at {moment:%Y-%m-%d}: {said(error)}")
            return
        if len(whole.columns) < FEWEST:
            self._skip(name, f"fewer than {FEWEST} rows at {moment:%Y-%m-%d}")
            return
        what = f"at the cut-off {moment:%Y-%m-%d} it knows what came later"
        past = pasts.deleted(self.store, moment)
        self._check(name, past, what, moment=moment, base=whole)

    def snapshots(self) -> None:
        """The future of each earlier snapshot in the table deleted."""
        moments = sorted(set(self.base.snapshots.dropna()) - {self.cut_off})
        if not moments:
            self._skip("snapshots", "the table has one snapshot")
            return
        places = np.unique(np.linspace(0, len(moments) - 1, SNAPSHOTS).astype(int))
        for moment in [moments[place] for place in places]:
            what = f"the rows of the snapshot {moment:%Y-%m-%d} know what came after it"
            past = pasts.deleted(self.store, moment)
            self._check("snapshots", past, what, base=self.base.until(moment), until=moment)

    def calendar(self) -> None:
        """The whole shop 28 years later."""
        by = pasts.CALENDAR
        self._check(
            "calendar moved",
            pasts.later(self.store, by),
            "a date stands in the code, or the computer's clock is read",
            moment=self.cut_off + by,
            moved=by,
            fails="build fails in another year: a date stands in the code",
            rule=lambda change, after: following.not_calendar(self.base, change, after),
        )

    def rows(self) -> None:
        """The rows of all tables in another order."""
        other = pasts.shuffled(self.store, self.seed)
        places = {name: following.mean_place(table) for name, table in other.tables.items()}
        self._check(
            "rows shuffled",
            other,
            "follows the order of the rows in the tables",
            rule=self._or_noise(
                "the order of the rows",
                lambda change, after: following.follows(change, after, places),
            ),
        )

    def names(self) -> None:
        """Other ids in the same order: what is looked up by id elsewhere is not found."""
        names = pd.Series(self.ids + SUFFIX, index=self.ids)
        if not (names.is_monotonic_increasing and names.is_unique):
            self._skip("customers renamed", "these ids cannot be renamed in the same order")
            return
        self._check(
            "customers renamed",
            pasts.renamed(self.store, names),
            "comes by customer from outside the shop that was given, or is made of the id",
            back=pd.Series(names.index, index=names.to_numpy()),
            fails="build fails when customers have other ids",
            rule=self._or_noise(
                "the ids",
                lambda change, after: following.otherwise_spread(self.base, change, after),
            ),
        )

    def dealt(self) -> None:
        """The same ids, each somebody else's."""
        drawn = np.random.default_rng(self.seed).permutation(self.ids)
        ranks = {"ids": pd.Series(np.arange(len(self.ids)), index=self.ids)}
        self._check(
            "ids dealt anew",
            pasts.renamed(self.store, pd.Series(drawn, index=self.ids)),
            "follows the customers' ids",
            back=pd.Series(self.ids, index=drawn),
            rule=self._or_noise(
                "the ids", lambda change, after: following.follows(change, after, ranks)
            ),
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
        until: pd.Timestamp | None = None,
        rule: Rule = lambda change, after: True,
    ) -> None:
        """Run `build` on a changed shop; the changes for which `rule` is True are findings."""
        moment, base = moment or self.cut_off, base or self.base
        if name in FUTURE and not pasts.has_future(self.store, moment):
            self._skip(name, f"nothing is recorded on {moment:%Y-%m-%d} or later")
            return
        try:
            after = self._run(store, moment, moved)
        except Exception as error:  # the reader's code may fail in any way
            if not fails or self.outcomes:
                self._skip(name, f"build failed: {said(error)}")
                return
            n = len(base.columns)
            self.findings.append(Finding(name, ROWS, fails, n, n, said(error)))
            self.checks.append(Check(name, "found"))
            return
        if until is not None:
            after = after.until(until)
        if moved is not None:
            after = following.renamed_years(base, after, moved)
        before = len(self.findings)
        for change in changes(base, after, back):
            if change.column not in self.restless and rule(change, after):
                found = Finding(name, change.column, what, change.rows, change.of, change.example)
                self.findings.append(found)
        self.checks.append(Check(name, "found" if len(self.findings) > before else "passed"))

    def _or_noise(self, of: str, rule: Rule) -> Rule:
        """The rule, which keeps in mind the changes that it lets pass."""

        def noted(change: Change, after: Table) -> bool:
            found = rule(change, after)
            if not found and change.column not in self.noise.setdefault(of, []):
                self.noise[of].append(change.column)
            return found

        return noted

    def _run(self, store: Shop, moment: pd.Timestamp, moved: pd.Timedelta | None = None) -> Table:
        made = self.build(pasts.copy(store), moment)
        return tidy(made, pasts.customer_ids(store), moved, self.outcomes)

    def _skip(self, name: str, why: str) -> None:
        self.checks.append(Check(name, "could not run", why))


def _listed(names: Iterable[str]) -> str:
    """The first five names, and how many more."""
    names = sorted(names)
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
