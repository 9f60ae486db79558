"""What became of every row: the report that `load` and `read` write."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

MAPPING_COLUMNS = ("table", "role", "column", "how")
FATE_COLUMNS = ("source", "fate", "reason", "rows")
WIDTH = 90


class Entry(NamedTuple):
    """A step from the lines of a file to the money that counts.

    Attributes:
        what: Which step: "lines", "aside", "canceled", "refunded", "refunded in part",
            "discount", "rounded" (their sums add up to "counted"), "counted", "shipping", "tax",
            "difference", "shop system", and "unmatched" (credit notes that match nothing).
        why: Why rows were set aside, or the column; empty elsewhere.
        number: How many orders or lines.
        of: "order" or "line".
        money: Their money, negative where it is taken off.
    """

    what: str
    why: str
    number: int
    of: str
    money: float


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})


@dataclass(frozen=True, eq=False)
class Report:
    """What was read, how the columns were understood, and the fate of every input row.

    Attributes:
        source: The file, folder or shop that was read.
        rows: Number of input rows, all sources together.
        mapping: Columns `table`, `role`, `column` (as named in the source), `how` (why this one).
        fates: Columns `source`, `fate` (the table a row went to, or "set aside"), `reason`,
            `rows`; the rows add up to `rows`.
        remarks: How the source was read: encoding, decimal sign, order of day and month, ...
        warnings: What deserves a look before the numbers are believed.
        columns: The names of the columns that were found, in order; of several files all of them.
        money: From the lines of the orders to the money that counts, step by step; empty where
            nothing was read.
    """

    source: str = ""
    rows: int = 0
    mapping: pd.DataFrame = field(default_factory=lambda: _empty(MAPPING_COLUMNS))
    fates: pd.DataFrame = field(default_factory=lambda: _empty(FATE_COLUMNS))
    remarks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    money: tuple[Entry, ...] = ()

    def __str__(self) -> str:
        return self.text()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a notebook shows of a report that ends a cell."""
        printer.text(self.text())

    def text(self, width: int = WIDTH) -> str:
        """The report to be read, in lines of about `width` characters."""
        parts = [f"{self.source}: {self.rows:,} rows"]
        if len(self.mapping):
            parts += ["", "Columns", *self._mapping_lines(width)]
        if len(self.fates):
            parts += ["", "Rows", *self._fate_lines()]
        if self.remarks:
            parts += ["", "How it was read", *_bullets(self.remarks, width)]
        if self.warnings:
            parts += ["", "Please check", *_bullets(self.warnings, width)]
        return "\n".join(parts)

    def _mapping_lines(self, width: int) -> list[str]:
        lines = []
        for table, rows in self.mapping.groupby("table", sort=False):
            if len(set(self.mapping["table"])) > 1:
                lines.append(f"  {table}")
            same = (rows["role"] == rows["column"]) & (rows["how"] == "the name itself")
            if same.any():
                own = "  under their own names: " + ", ".join(rows.loc[same, "role"])
                lines += textwrap.wrap(own, width, subsequent_indent=" " * 4)
            rows = rows[~same]
            if rows.empty:
                continue
            wide = min(rows["role"].str.len().max(), 22)
            names = rows["column"].map(repr)
            broad = min(names.str.len().max(), 26)
            for role, name, how in zip(rows["role"], names, rows["how"], strict=True):
                start = f"  {role:<{wide}} <- {name:<{broad}}  "
                lines += (
                    textwrap.wrap(
                        start + how, width, subsequent_indent=" " * len(start), drop_whitespace=True
                    )
                    if len(start) < width - 20
                    else [start, f"      {how}"]
                )
        return lines

    def _fate_lines(self) -> list[str]:
        lines = []
        several = len(set(self.fates["source"])) > 1
        for source, rows in self.fates.groupby("source", sort=False):
            if several:
                lines.append(f"  {source}")
            for fate, reason, count in zip(rows["fate"], rows["reason"], rows["rows"], strict=True):
                why = f": {reason}" if reason else ""
                lines.append(f"  {count:>11,}  {fate}{why}")
        return lines


def _bullets(sentences: tuple[str, ...], width: int) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(
            sentence,
            width,
            initial_indent="  - ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]
