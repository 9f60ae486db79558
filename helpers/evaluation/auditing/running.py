"""Running the reader's code on one changed shop after another, and keeping what it noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from helpers.evaluation.auditing import following, pasts
from helpers.evaluation.auditing.comparing import ROWS, Change, Table, changes, tidy
from helpers.evaluation.auditing.report import Check, Finding, said
from helpers.shop import Shop

Build = Callable[[Shop, pd.Timestamp], pd.DataFrame]
Rule = Callable[[Change, Table], bool]

FUTURE = {"future deleted", "future swapped", "at the cut-off"}  # they need one


class Runs:
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
        self.base = self.run(store, cut_off)
        if not len(self.base.columns):
            raise ValueError(f"build gave no row at the cut-off {cut_off:%Y-%m-%d}")

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
                f"{_listed(rest)}: one value throughout, so no check can tell where it is from."
            )
        for of, names in self.noise.items():
            rest = [name for name in names if name not in found]
            if rest:
                notes.append(
                    f"{_listed(rest)}: changes with {of} but does not follow it: a seeded draw, or "
                    "a first or last among equals. No leak; sort by customer and time first."
                )
        return notes

    def check(
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
            self.skip(name, f"nothing is recorded on {moment:%Y-%m-%d} or later")
            return
        try:
            after = self.run(store, moment, moved)
        except Exception as error:  # the reader's code may fail in any way
            if not fails or self.outcomes:
                self.skip(name, f"build failed: {said(error)}")
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

    def or_noise(self, of: str, rule: Rule) -> Rule:
        """The rule, which keeps in mind the changes that it lets pass."""

        def noted(change: Change, after: Table) -> bool:
            found = rule(change, after)
            if not found and change.column not in self.noise.setdefault(of, []):
                self.noise[of].append(change.column)
            return found

        return noted

    def run(self, store: Shop, moment: pd.Timestamp, moved: pd.Timedelta | None = None) -> Table:
        made = self.build(pasts.copy(store), moment)
        return tidy(made, pasts.customer_ids(store), moved, self.outcomes)

    def skip(self, name: str, why: str) -> None:
        self.checks.append(Check(name, "could not run", why))


def _listed(names: Iterable[str]) -> str:
    """The first five names, and how many more."""
    names = sorted(names)
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
