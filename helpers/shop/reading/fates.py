"""The fate of every row of a table that is read: where it went, or why it was set aside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.shop.reading.cells import Source
from helpers.shop.reading.distinct import out_of_categories

REPEATS = "repeats a customer"
# rows that take money back, and those that money was taken back of
REFUND, NEGATIVE = "refund", "negative amount"
CREDIT_NOTE = "canceled (order number starts with C)"
CANCELED, REFUNDED, RETURNED = "canceled", "refunded in full", "returned in full"


class Fates:
    """One fate a row: the first reason to set it aside that is found, else the table it goes to."""

    def __init__(self, source: Source, table: str) -> None:
        self.source, self.frame = source, source.frame
        self.reasons: list[str] = [""]
        self.reason = np.zeros(len(self.frame), dtype=np.int16)  # a position in `reasons`
        self.tables: list[str] = [table]
        self.went_to = np.zeros(len(self.frame), dtype=np.uint8)  # a position in `tables`

    @property
    def kept(self) -> np.ndarray:
        """Which rows have not been set aside so far (bool, one a row)."""
        return self.reason == 0

    def set_aside(self, rows: np.ndarray | pd.Series, reason: str) -> int:
        """Set rows aside unless they already are; return how many this reason took."""
        rows = np.asarray(rows, dtype=bool) & self.kept
        if not rows.any():
            return 0
        if reason not in self.reasons:
            self.reasons.append(reason)
        self.reason[rows] = self.reasons.index(reason)
        return int(rows.sum())

    def because(self, reason: str) -> np.ndarray:
        """Which rows were set aside for a reason (bool, one a row)."""
        if reason not in self.reasons:
            return np.zeros(len(self.frame), dtype=bool)
        return self.reason == self.reasons.index(reason)

    def adopt_fates(self, part: Fates, table: str, rows: np.ndarray) -> None:
        """Take over what became of some `rows` that went to another table."""
        positions = np.flatnonzero(rows)
        for code, reason in enumerate(part.reasons[1:], start=1):
            taken = np.zeros(len(self.frame), dtype=bool)
            taken[positions[part.reason == code]] = True
            self.set_aside(taken, reason)
        self.tables.append(table)
        self.went_to[positions] = len(self.tables) - 1

    def fates(self) -> pd.DataFrame:
        """Count the rows by fate: columns source, fate, reason, rows."""
        rows = []
        for code, reason in enumerate(self.reasons):
            went_to = self.went_to[self.reason == code]
            if code:
                counts = {"set aside": len(went_to)}
            else:
                found = np.bincount(went_to, minlength=len(self.tables))
                counts = dict(sorted(zip(self.tables, found.tolist(), strict=True)))
            rows += [(self.source.name, fate, reason, n) for fate, n in counts.items() if n]
        return pd.DataFrame(rows, columns=["source", "fate", "reason", "rows"])

    def rows_aside(self) -> pd.DataFrame:
        """The rows set aside: source, row, reason, then the columns as they were."""
        rows = ~self.kept
        place = self.source.name
        if self.source.sheet is not None:
            place = [f"{place}, sheet {sheet!r}" for sheet in self.source.sheet[rows]]
        why = {
            "source": place,
            "row": self.source.line[rows],
            "reason": np.array(self.reasons, dtype=object)[self.reason[rows]],
        }
        place = pd.DataFrame(why, index=self.frame.index[rows])
        place = place.astype({"source": "str", "reason": "str"})
        cells = {name: out_of_categories(self.frame[name][rows]) for name in self.frame}
        taken = {name: f"{name} (as read)" for name in why}
        return pd.concat(
            [place, pd.DataFrame(cells, index=place.index).rename(columns=taken)], axis=1
        )
