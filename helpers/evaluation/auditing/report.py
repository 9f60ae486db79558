"""What an audit found, in words and as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from helpers import quote
from helpers.errors import counted


@dataclass(frozen=True)
class Finding:
    """Something that noticed what it should not have.

    Attributes:
        check: The first check that showed it.
        where: The column, "split" or "score".
        what: What happened, in a sentence.
        rows: How many rows of the table it concerns, `of` how many.
        example: One of them.
        also: The other checks that showed it.
    """

    check: str
    where: str
    what: str
    rows: int
    of: int
    example: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A check and what came of it: "passed", "found" or "could not run", and why."""

    name: str
    result: str
    why: str = ""


class CannotRun(Exception):
    """A check lacks something; the message says what, for the report."""


Steps = dict[str, Callable[[], list[Finding]]]


def carried_out(steps: Steps, after: Callable[[], Any]) -> tuple[list[Check], list[Finding]]:
    """Call each check, and `after` it; one that fails could not run."""
    checks, findings = [], []
    for name, step in steps.items():
        try:
            found = step()
        except CannotRun as why:
            checks.append(Check(name, "could not run", str(why)))
        except Exception as error:  # the reader's code may fail in any way
            checks.append(Check(name, "could not run", said(error)))
        else:
            findings += found
            checks.append(Check(name, "found" if found else "passed"))
        after()
    return checks, findings


@dataclass(frozen=True)
class Audit:
    """The report of `evaluation.audit`.

    Attributes:
        findings: What was found, those about columns first.
        checks: Every check, run or not, with its result.
        notes: What is no leak and should be known all the same.
    """

    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def clean(self) -> bool:
        """Whether no check found anything."""
        return not self.findings

    @property
    def named(self) -> list[str]:
        """The columns that were found, "split" and "score" among them, none twice."""
        return list(dict.fromkeys(finding.where for finding in self.findings))

    @property
    def verdict(self) -> str:
        """The result in a sentence or two."""
        ran = sum(check.result != "could not run" for check in self.checks)
        rest = len(self.checks) - ran
        left = f" {counted(rest, 'check')} could not run." if rest else ""
        if self.clean:
            return f"No leak found by {counted(ran, 'check')}.{left}"
        names = ", ".join(self.named)
        return (
            f"{counted(len(self.findings), 'finding')} by {counted(ran, 'check')}: {names}.{left}"
        )

    def table(self) -> pd.DataFrame:
        """A row a finding."""
        rows = [
            {
                "where": found.where,
                "check": found.check,
                "what happened": found.what,
                "rows": f"{found.rows:,} of {found.of:,}" if found.of else "",
                "example": found.example,
                "also found by": ", ".join(found.also),
            }
            for found in self.findings
        ]
        names = ["where", "check", "what happened", "rows", "example", "also found by"]
        return pd.DataFrame(rows, columns=names)

    def checklist(self) -> pd.DataFrame:
        """A row a check: its result, and why it could not run."""
        rows = [(check.name, check.result, check.why) for check in self.checks]
        return pd.DataFrame(rows, columns=["check", "result", "why"])

    def __str__(self) -> str:
        lines = [self.verdict]
        for found in self.findings:
            rows = f" ({found.rows:,} of {found.of:,} rows)" if found.of else ""
            also = f" Also found by: {', '.join(found.also)}." if found.also else ""
            example = f" {found.example}." if found.example else ""
            lines.append(f"  {found.where}: {found.check}: {found.what}{rows}.{example}{also}")
        missing: dict[str, list[str]] = {}
        for check in self.checks:
            if check.result == "could not run":
                missing.setdefault(check.why, []).append(check.name)
        lines += [f"  not run: {', '.join(names)}: {why}" for why, names in missing.items()]
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{quote.html(self.verdict)}</strong></p>"]
        if self.findings:
            parts.append(_html(self.table()))
        parts += [f"<p>{quote.html(note)}</p>" for note in self.notes]
        checks = _html(self.checklist())
        parts.append(f"<details><summary>All checks</summary>{checks}</details>")
        return "".join(parts)


def said(error: Exception) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]


def _html(table: pd.DataFrame) -> str:
    """A table of texts; every cell is a value, whatever stands in it."""
    head = "".join(f"<th scope='col'>{quote.html(name)}</th>" for name in table)
    rows = []
    for values in table.astype(str).to_numpy():
        cells = "".join(f"<td style='text-align:left'>{quote.html(value)}</td>" for value in values)
        rows.append(f"<tr>{cells}</tr>")
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f"<div style='overflow-x:auto'><table>{body}</table></div>"
