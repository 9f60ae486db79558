"""The checks of the code that makes features: each changes the shop, and compares the tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.evaluation.auditing import following, pasts
from helpers.evaluation.auditing.comparing import changes
from helpers.evaluation.auditing.report import Check, said
from helpers.evaluation.auditing.running import Runs
from helpers.shop import EVENT_TIME

FEWEST = 30  # rows at an earlier cut-off: with fewer it shows little
SNAPSHOTS = 3  # earlier snapshots of a table that are looked at
SUFFIX = "00000"  # new ids in the same order, that can still be read as numbers


class Columns(Runs):
    """The checks of a table of features, each a step."""

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

    def again(self) -> None:
        """The same shop twice."""
        try:
            found = changes(self.base, self.run(self.store, self.cut_off))
        except Exception as error:  # the reader's code may fail in any way
            self.skip("run again", said(error))
            return
        self.restless = {change.column for change in found}
        self.checks.append(Check("run again", "passed"))

    def future_deleted(self) -> None:
        """The shop as it stood on the day."""
        past = pasts.deleted(self.store, self.cut_off)
        what = "changes when everything recorded at the cut-off or later is deleted"
        self.check("future deleted", past, what, fails="build fails in a shop without a future")

    def future_swapped(self) -> None:
        """The same past, another future."""
        other = pasts.swapped(self.store, self.cut_off, self.seed)
        what = "changes when what came after the cut-off is dealt to other customers"
        self.check("future swapped", other, what)

    def recorded_later(self) -> None:
        """Some of what was known in time recorded after the cut-off, and then deleted."""
        name = "recorded later"
        if not pasts.has_late_values(self.store, self.cut_off):
            self.skip(name, "no table says of any value that it was recorded later than its row")
            return
        late = pasts.recorded_later(self.store, self.cut_off, self.seed)
        try:
            base = self.run(late, self.cut_off)
        except Exception as error:  # the reader's code may fail in any way
            self.skip(name, said(error))
            return
        what = "uses values before they were recorded"
        self.check(name, pasts.deleted(late, self.cut_off), what, base=base)

    def instant(self) -> None:
        """The future at the very cut-off, which belongs to the future."""
        moved = pasts.at_the_instant(self.store, self.cut_off)
        what = "changes with rows at the very instant of the cut-off, which is future: < not <="
        self.check("at the cut-off", moved, what)

    def earlier(self) -> None:
        """The future of an earlier cut-off deleted."""
        name, times = "earlier cut-off", [t[EVENT_TIME[n]] for n, t in self.store.tables.items()]
        first = min(column.min() for column in times if column.notna().any())
        moment = (first + (self.cut_off - first) / 2).normalize()
        if not first < moment < self.cut_off:
            self.skip(name, "the log begins too shortly before the cut-off")
            return
        try:
            whole = self.run(self.store, moment)
        except Exception as error:  # the reader's code may fail in any way
            self.skip(name, f"build failed at {moment:%Y-%m-%d}: {said(error)}")
            return
        if len(whole.columns) < FEWEST:
            self.skip(name, f"fewer than {FEWEST} rows at {moment:%Y-%m-%d}")
            return
        what = f"at the cut-off {moment:%Y-%m-%d} it knows what came later"
        past = pasts.deleted(self.store, moment)
        self.check(name, past, what, moment=moment, base=whole)

    def snapshots(self) -> None:
        """The future of each earlier snapshot in the table deleted."""
        moments = sorted(set(self.base.snapshots.dropna()) - {self.cut_off})
        if not moments:
            self.skip("snapshots", "the table has one snapshot")
            return
        places = np.unique(np.linspace(0, len(moments) - 1, SNAPSHOTS).astype(int))
        for moment in [moments[place] for place in places]:
            what = f"the rows of the snapshot {moment:%Y-%m-%d} know what came after it"
            past = pasts.deleted(self.store, moment)
            self.check("snapshots", past, what, base=self.base.until(moment), until=moment)

    def calendar(self) -> None:
        """The whole shop 28 years later."""
        by = pasts.CALENDAR
        self.check(
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
        self.check(
            "rows shuffled",
            other,
            "follows the order of the rows in the tables",
            rule=self.or_noise(
                "the order of the rows",
                lambda change, after: following.follows(change, after, places),
            ),
        )

    def names(self) -> None:
        """Other ids in the same order: what is looked up by id elsewhere is not found."""
        names = pd.Series(self.ids + SUFFIX, index=self.ids)
        if not (names.is_monotonic_increasing and names.is_unique):
            self.skip("customers renamed", "these ids cannot be renamed in the same order")
            return
        self.check(
            "customers renamed",
            pasts.renamed(self.store, names),
            "comes by customer from outside the shop that was given, or is made of the id",
            back=pd.Series(names.index, index=names.to_numpy()),
            fails="build fails when customers have other ids",
            rule=self.or_noise(
                "the ids",
                lambda change, after: following.otherwise_spread(self.base, change, after),
            ),
        )

    def dealt(self) -> None:
        """The same ids, each somebody else's."""
        drawn = np.random.default_rng(self.seed).permutation(self.ids)
        ranks = {"ids": pd.Series(np.arange(len(self.ids)), index=self.ids)}
        self.check(
            "ids dealt anew",
            pasts.renamed(self.store, pd.Series(drawn, index=self.ids)),
            "follows the customers' ids",
            back=pd.Series(self.ids, index=drawn),
            rule=self.or_noise(
                "the ids", lambda change, after: following.follows(change, after, ranks)
            ),
        )
