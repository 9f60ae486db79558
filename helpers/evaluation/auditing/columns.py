"""The checks of the code that makes features: each changes the shop, and compares the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import pandas as pd

from helpers.evaluation.auditing import comparing, pasts
from helpers.evaluation.auditing.comparing import ROWS, Change, Table
from helpers.evaluation.auditing.report import CannotRun, Finding, Steps, said
from helpers.shop import EVENT_TIME, Shop

Build = Callable[[Shop, pd.Timestamp], pd.DataFrame]

FEWEST = 30  # rows at an earlier cut-off: with fewer it shows little
SNAPSHOTS = 3  # earlier snapshots of a table that are looked at
SUFFIX = "00000"  # new ids in the same order, that can still be read as numbers

# what it means where the code fails on the changed shop; in the other checks it means nothing
FAILS = {
    "future deleted": "build fails in a shop without a future",
    "customers renamed": "build fails when customers have other ids",
    "calendar moved": "build fails in another year: a date stands in the code",
}


class BuildFailed(Exception):
    """The reader's code failed on a changed shop; the message is its error."""


class Columns:
    """Runs `build` on changed shops, and names the columns that notice.

    Attributes:
        base: The table from the shop as it is.
        restless: Columns that differ from run to run, and are not checked.
        noise: Columns that changed with something and did not follow it, by what it was.
    """

    def __init__(
        self, build: Build, store: Shop, cut_off: pd.Timestamp, outcomes: list[str], seed: int
    ):
        self.build, self.store, self.cut_off, self.seed = build, store, cut_off, seed
        self.outcomes = outcomes
        self.ids = pasts.customer_ids(store)
        self.has_future = pasts.has_future(store, cut_off)
        self.restless: set[str] = set()
        self.noise: dict[str, set[str]] = {}
        self.base = comparing.tidy(build(pasts.copy(store), cut_off), store, skip=outcomes)
        if not len(self.base.columns):
            raise ValueError(f"build gave no row at the cut-off {cut_off:%Y-%m-%d}")

    def steps(self) -> Steps:
        """The checks by name, to be called once each, in this order."""
        steps = {
            "run again": self.again,
            "future deleted": self.future_deleted,
            "future swapped": self.future_swapped,
            "recorded later": self.recorded_later,
            "at the cut-off": self.instant,
            "customers renamed": self.names,
            "ids dealt anew": self.dealt,
            "rows shuffled": self.rows,
            "calendar moved": self.calendar,
            "earlier cut-off": self.earlier,
            "snapshots": self.snapshots,
        }
        return {name: partial(self.check, name, step) for name, step in steps.items()}

    def notes(self, named: Iterable[str]) -> list[str]:
        """What is no leak and should be known, of columns that are not `named` as leaks."""
        named, notes = set(named), []
        if self.restless:
            restless = _listed(self.restless)
            notes.append(f"{restless}: differs when run again, so it was not checked; set a seed.")
        flat = {name for name, column in self.base.columns.items() if comparing.is_flat(column)}
        if rest := flat - named:
            notes.append(
                f"{_listed(rest)}: one value throughout, so no check can tell where it is from."
            )
        for of, names in self.noise.items():
            if rest := names - named:
                notes.append(
                    f"{_listed(rest)}: changes with {of} but does not follow it: a seeded draw, or "
                    "a first or last among equals. No leak; sort by customer and time first."
                )
        return notes

    def run(
        self, store: Shop, moment: pd.Timestamp | None = None, moved: pd.Timedelta | None = None
    ) -> Table:
        """The table that the reader's code makes of a copy of the shop."""
        try:
            made = self.build(pasts.copy(store), moment or self.cut_off)
            return comparing.tidy(made, store, moved, self.outcomes)
        except Exception as error:  # the reader's code may fail in any way
            raise BuildFailed(said(error)) from error

    def check(self, name: str, step: Callable[[], list[Finding]]) -> list[Finding]:
        """A check; where the code fails on a changed shop, that can be a finding as well."""
        if name in ("future deleted", "future swapped", "at the cut-off") and not self.has_future:
            raise CannotRun(f"nothing is recorded on {self.cut_off:%Y-%m-%d} or later")
        try:
            return step()
        except BuildFailed as error:
            if name not in FAILS or self.outcomes:
                raise CannotRun(f"build failed: {error}") from error
            n = len(self.base.columns)
            return [Finding(name, ROWS, FAILS[name], n, n, str(error))]

    def again(self) -> list[Finding]:
        """The same shop twice."""
        found = comparing.changes(self.base, self.run(self.store))
        self.restless = {change.column for change in found}
        return []

    def future_deleted(self) -> list[Finding]:
        """The shop as it stood on the day."""
        after = self.run(pasts.deleted(self.store, self.cut_off))
        what = "changes when everything recorded at the cut-off or later is deleted"
        return self.found("future deleted", what, after)

    def future_swapped(self) -> list[Finding]:
        """The same past, another future."""
        after = self.run(pasts.swapped(self.store, self.cut_off, self.seed))
        what = "changes when what came after the cut-off is dealt to other customers"
        return self.found("future swapped", what, after)

    def recorded_later(self) -> list[Finding]:
        """Some of what was known in time recorded after the cut-off, and then deleted."""
        if not pasts.has_late_values(self.store, self.cut_off):
            raise CannotRun("no table says of any value that it was recorded later than its row")
        late = pasts.recorded_later(self.store, self.cut_off, self.seed)
        base, after = self.run(late), self.run(pasts.deleted(late, self.cut_off))
        return self.found("recorded later", "uses values before they were recorded", after, base)

    def instant(self) -> list[Finding]:
        """The future at the very cut-off, which belongs to the future."""
        after = self.run(pasts.at_the_instant(self.store, self.cut_off))
        what = "changes with rows at the very instant of the cut-off, which is future: < not <="
        return self.found("at the cut-off", what, after)

    def names(self) -> list[Finding]:
        """Other ids in the same order: what is looked up by id elsewhere is not found."""
        names = pd.Series(self.ids + SUFFIX, index=self.ids)
        if not (names.is_monotonic_increasing and names.is_unique):
            raise CannotRun("these ids cannot be renamed in the same order")
        after = self.run(pasts.renamed(self.store, names))
        what = "comes by customer from outside the shop that was given, or is made of the id"
        back = pd.Series(names.index, index=names.to_numpy())
        return self.found(
            "customers renamed",
            what,
            after.renamed(back),
            rule=lambda change: comparing.otherwise_spread(self.base, change, after),
            of="the ids",
        )

    def dealt(self) -> list[Finding]:
        """The same ids, each somebody else's."""
        drawn = np.random.default_rng(self.seed).permutation(self.ids)
        after = self.run(pasts.renamed(self.store, pd.Series(drawn, index=self.ids)))
        places = pd.Series(np.arange(len(self.ids)), index=self.ids)
        return self.found(
            "ids dealt anew",
            "follows the customers' ids",
            after.renamed(pd.Series(self.ids, index=drawn)),
            rule=lambda change: comparing.follows(change, after, [places]),
            of="the ids",
        )

    def rows(self) -> list[Finding]:
        """The rows of all tables in another order."""
        other = pasts.shuffled(self.store, self.seed)
        after = self.run(other)
        places = [  # of each customer's rows, on average: free of how many rows there are
            pd.Series(np.arange(len(table))).groupby(table["customer_id"].array).mean()
            for table in other.tables.values()
        ]
        return self.found(
            "rows shuffled",
            "follows the order of the rows in the tables",
            after,
            rule=lambda change: comparing.follows(change, after, places),
            of="the order of the rows",
        )

    def calendar(self) -> list[Finding]:
        """The whole shop 28 years later."""
        by = pasts.CALENDAR
        after = self.run(pasts.later(self.store, by), self.cut_off + by, by)
        after = comparing.renamed_years(self.base, after, by)
        return self.found(
            "calendar moved",
            "a date stands in the code, or the computer's clock is read",
            after,
            rule=lambda change: comparing.not_calendar(self.base, change, after),
        )

    def earlier(self) -> list[Finding]:
        """The future of an earlier cut-off deleted."""
        times = [table[EVENT_TIME[name]] for name, table in self.store.tables.items()]
        first = min(column.min() for column in times if column.notna().any())
        moment = (first + (self.cut_off - first) / 2).normalize()
        if not first < moment < self.cut_off:
            raise CannotRun("the log begins too shortly before the cut-off")
        whole = self.run(self.store, moment)
        if len(whole.columns) < FEWEST:
            raise CannotRun(f"fewer than {FEWEST} rows at {moment:%Y-%m-%d}")
        after = self.run(pasts.deleted(self.store, moment), moment)
        what = f"at the cut-off {moment:%Y-%m-%d} it knows what came later"
        return self.found("earlier cut-off", what, after, whole)

    def snapshots(self) -> list[Finding]:
        """The future of each earlier snapshot in the table deleted."""
        moments = sorted(set(self.base.snapshots.dropna()) - {self.cut_off})
        if not moments:
            raise CannotRun("the table has one snapshot")
        found = []
        for place in np.unique(np.linspace(0, len(moments) - 1, SNAPSHOTS).astype(int)):
            moment = moments[place]
            after = self.run(pasts.deleted(self.store, moment)).until(moment)
            what = f"the rows of the snapshot {moment:%Y-%m-%d} know what came after it"
            found += self.found("snapshots", what, after, self.base.until(moment))
        return found

    def found(
        self,
        name: str,
        what: str,
        after: Table,
        base: Table | None = None,
        rule: Callable[[Change], bool] = lambda change: True,
        of: str = "",
    ) -> list[Finding]:
        """The changes from `base`, the table of the shop as it is, to `after` for which `rule` is
        True, as findings; the others are noted as noise, where `of` says of what."""
        found = []
        for change in comparing.changes(base or self.base, after):
            if change.column in self.restless:
                continue
            if rule(change):
                where = change.column
                found.append(Finding(name, where, what, change.rows, change.of, change.example))
            elif of:
                self.noise.setdefault(of, set()).add(change.column)
        return found


def _listed(names: Iterable[str]) -> str:
    """The first five names, and how many more."""
    names = sorted(names)
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
