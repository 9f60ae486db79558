"""The book kept while a table is read: who plays which role, and the fate of every row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.errors import ShopError, counted
from helpers.shop.reading.amounts import LARGEST, is_text, to_labels, to_number
from helpers.shop.reading.cells import Source
from helpers.shop.reading.distinct import as_text, distinct, labels
from helpers.shop.reading.fates import Fates
from helpers.shop.reading.names import Match, match
from helpers.shop.reading.times import AHEAD, EARLIEST, to_time
from helpers.shop.reading.vocabulary import BLANK
from helpers.shop.reading.wishes import Wishes
from helpers.shop.report import Entry
from helpers.shop.tables import SCHEMA

# Roles whose columns are numbers, those of money first: what shows the decimal sign of a file.
NUMBERS = tuple(
    dict.fromkeys(
        (
            *("amount", "unit_price", "order_total", "quantity", "monetary", "recency", "last"),
            *(
                r
                for table in SCHEMA.values()
                for r, kind in table.items()
                if kind in ("money", "number", "whole")
            ),
        )
    )
)


class Ledger(Fates):
    """A source being read: its roles, its rows' fates, and what there is to say about it."""

    def __init__(self, source: Source, table: str, roles: tuple[str, ...], wishes: Wishes) -> None:
        super().__init__(source, table)
        self.table, self.wishes = table, wishes
        self.filled: dict[str, pd.Series] = {}  # columns whose blanks were filled from above
        self._labels: dict[str, pd.Series] = {}  # columns already trimmed
        self.roles: dict[str, Match] = match(self.frame, roles, source.name, wishes.columns)
        self.beyond: dict[str, np.ndarray] = {}  # cells of columns of numbers, beyond all measure
        self.remarks: list[str] = list(source.remarks)
        self.warnings: list[str] = list(source.warnings)
        self.day_first: bool | None = None  # as another column of dates showed
        self.people: pd.DataFrame | None = None  # see `people.note`
        self.sign: str | None = None  # the decimal sign of the table this is a part of
        # how the money came about: see `account`
        self.gross = pd.Series(0.0, index=self.frame.index)  # of each row, before anything is off
        self.off: list[tuple[str, pd.Series]] = []  # what was taken off each row, and as what
        self.refunded = np.zeros(len(self.frame), dtype=bool)  # canceled because it was paid back
        self.unmatched: list[tuple[int, float]] = []  # rows and money of notes that match nothing
        self.besides: dict[str, pd.Series] = {}  # by order: what the total holds besides the goods
        self.file_total: pd.Series | None = None  # by order: what the file says it came to
        self.total: pd.Series | None = None  # the same, a row
        self.paid_back: pd.Series | None = None  # by order: what the file says was paid back
        self.paid_by_notes = 0.0  # ... and by credit notes, shipping too
        self.money: tuple[Entry, ...] = ()
        self.currency = ""  # of all amounts, as the file writes it; empty where unknown or several
        self.set_aside(source.broken, "more cells than columns")
        for reason in () if source.useless is None else set(source.useless) - {""}:
            self.set_aside(source.useless == reason, reason)
        for role, found in self.roles.items():
            if f"{found.column} (2)" in self.frame:
                self.warnings.append(
                    f"several columns are called {found.column!r}; {role} is the first"
                )

    def __contains__(self, role: str) -> bool:
        return role in self.roles

    def less(self, what: str, money: pd.Series) -> None:
        """Write down what was taken off each row, as a "discount" or a "refund"."""
        if (money.abs() > 0).any():
            self.off.append((what, money))

    def column(self, role: str) -> pd.Series:
        """The cells of a role as they stand; all missing where no column plays it.

        Text is in categories: `distinct` gives its values, `text` is the column as plain text.
        """
        if role not in self.roles:
            nothing = np.full(len(self.frame), -1, dtype=np.int8)
            return labels(pd.Series(dtype="str"), nothing, self.frame.index)
        name = self.roles[role].column
        return self.filled.get(name, self.frame[name])

    def error(self, problem: str, role: str, rows: np.ndarray | pd.Series, **more) -> ShopError:
        """Return an error that points at the column of a role and the first of `rows`."""
        rows = np.asarray(rows, dtype=bool)
        line = int(self.source.line[rows][0]) if rows.any() else None
        column = self.roles[role].column if role in self.roles else None
        file = self.source.name
        if self.source.sheet is not None and rows.any():
            file += f", sheet {self.source.sheet[rows][0]!r}"
        if self.source.unstored:
            problem += f" ({self.source.unstored})"
        return ShopError(problem, file=file, column=column, row=line, **more)

    def blank(self, column: pd.Series) -> np.ndarray:
        """Which cells of a column are empty or stand for nothing ("n/a", "null", "-")."""
        empty = column.isna().to_numpy(dtype=bool)
        if is_text(column):
            cells, codes = distinct(column)
            cells = cells.astype("str").str.strip().str.lower()
            empty = empty | np.append(cells.isin(BLANK), False)[codes]
        return empty

    def text(self, role: str) -> pd.Series:
        """The column of a role as text."""
        return as_text(self.labels(role))

    def labels(self, role: str) -> pd.Series:
        """The column of a role as text in categories."""
        if role not in self.roles:
            return to_labels(self.column(role))
        return self.labels_of(self.roles[role].column)

    def labels_of(self, name: str) -> pd.Series:
        """A column as text in categories."""
        if name in self.filled:
            return to_labels(self.filled[name])
        if name not in self._labels:
            self._labels[name] = to_labels(self.frame[name])
        return self._labels[name]

    def number(self, role: str) -> pd.Series:
        """The column of a role as numbers."""
        return self.numbers(self.roles[role].column)

    def numbers(self, name: str) -> pd.Series:
        """A column as numbers; where nothing decides what 1,234 means, the reader is asked."""
        column = self.frame[name]
        read = to_number(column, told=self.wishes.decimal)
        if not read.certain:
            sign, where = self._decimal_elsewhere(name)
            if sign is None:
                shown = column.astype("str").str.contains(r"[.,]\d{3}\b", na=False)
                example = column[shown].iloc[0]
                raise ShopError(
                    f"are values such as {str(example)!r} thousands or decimals? Nothing in the "
                    "file decides",
                    file=self.source.name,
                    column=name,
                    row=int(self.source.line[shown][0]),
                    expected="a value that shows the sign, such as 1234.50 or 1.234,50",
                    remedy='say it: shop.read(..., decimal=".") or decimal=","',
                )
            read = to_number(column, sign)
            self._say(f"{name!r}: {sign!r} is the decimal sign, as in {where!r}")
        if read.decimal == ",":
            self._say(f"{name!r} has decimal commas")
        return self._measured(name, read.numbers)

    def _measured(self, name: str, numbers: pd.Series) -> pd.Series:
        """Numbers beyond all measure, such as an id among amounts, become missing."""
        roles = [role for role, found in self.roles.items() if found.column == name]
        money = self.table == "purchases" or not set(NUMBERS).isdisjoint(roles)
        beyond = (numbers.abs() > (LARGEST if money else 2.0**63)).to_numpy()
        self.beyond[name] = beyond
        if not beyond.any():
            return numbers
        if self.table == "purchases" and not roles:  # rows are not set aside for it
            warning = f"{name!r}: {counted(int(beyond.sum()), 'value')} beyond all measure, missing"
            self.warnings += [warning] if warning not in self.warnings else []
        return numbers.mask(beyond)

    def _decimal_elsewhere(self, name: str = "") -> tuple[str | None, str]:
        """The decimal sign that another column of numbers shows, and which column."""
        for role in NUMBERS:
            other = self.roles[role].column if role in self.roles else name
            if other != name:
                read = to_number(self.frame[other])
                if read.certain and read.decimal:
                    return read.decimal, other
        return self.sign, "the rest of the file"

    def _day_elsewhere(self) -> tuple[bool | None, str]:
        """Whether the day comes first, as the rest of the file suggests, and what suggests it."""
        if self.day_first is not None:
            return self.day_first, "as elsewhere in the file"
        sign = self._decimal_elsewhere()[0]
        if sign == ",":
            return True, "as where decimal commas are written"
        if sign is None and self.source.decimal == ",":
            return True, "as where columns are separated by semicolons"
        return None, ""

    def _say(self, remark: str) -> None:
        if remark not in self.remarks:
            self.remarks.append(remark)

    def time(self, role: str, required: bool = True) -> pd.Series:
        """The column of a role as times; where `required`, rows without one are set aside."""
        column = self.column(role)
        read = to_time(column, self.wishes.day_first, now=self.wishes.now)
        if read.undecided:
            hint, why = self._day_elsewhere()
            read = to_time(column, None, hint, self.wishes.now, why)
        name = self.roles[role].column
        if read.undecided:
            raise self.error(
                f"{read.example!r} can be day/month or month/day, and nothing in the file decides",
                role,
                column.notna(),
                expected="a day above the 12th somewhere, or dates such as 2024-03-31",
                remedy="say it: shop.read(..., day_first=True) or day_first=False",
            )
        if read.day_first is not None:
            self.day_first = read.day_first
        self.remarks += [f"{name!r}: {how}" for how in read.how if how != "year-month-day"]
        self.warnings += [f"{name!r}: {warning}" for warning in read.warnings]
        if not required:
            return read.times
        blank, missing = self.blank(column), read.times.isna().to_numpy()
        if missing.all():
            raise self.error(
                f"{self._example(column)!r} is not a date, nor is anything else in the column",
                role,
                ~blank,
                expected="dates such as 2024-03-31 14:05, 31.03.2024 or 03/31/2024",
                remedy=f'name the column with the dates: columns={{"{role}": "..."}}',
            )
        self.set_aside(missing & blank, "no date")
        self.set_aside(missing, "unreadable date")
        self.set_aside(read.times < EARLIEST, f"date before {EARLIEST.year}")
        self.set_aside(read.times > self.wishes.now + AHEAD, "date in the future")
        return read.times

    def ids(self, role: str) -> pd.Series:
        """The column of a role as identifiers in categories; lost digits are said.

        E-mails are in lower case.
        """
        column, text = self.column(role), self.labels(role)
        known = distinct(text)
        lost = known.rows(_in_powers_of_ten(known.cells))
        if pd.api.types.is_float_dtype(column):
            lost |= (column.abs() > 2**53).to_numpy()
        if lost.any():
            self.warnings.append(
                f"{self.roles[role].column!r}: {counted(int(lost.sum()), 'row')} such as "
                f"{text[lost].iloc[0]!r} lost digits on the way, in a spreadsheet as a rule: "
                "different ones may now be the same. Export them again as text."
            )
        emails = known.cells.str.contains("@", regex=False)
        emails[emails] = known.cells[emails].str.contains(r"^\S+@\S+\.\S+$")
        if not emails.any():
            return text
        return labels(known.cells.where(~emails, known.cells.str.lower()), known.codes, text.index)

    def part(self, rows: np.ndarray, table: str) -> Ledger:
        """Return a ledger of some rows that go to another table; see `adopt`."""
        source = self.source
        some = Source(source.name, self.frame[rows], source.line[rows], source.broken[rows])
        part = Ledger(some, table, tuple(self.roles), self.wishes)
        part.roles = dict(self.roles)
        part.remarks, part.warnings = self.remarks, self.warnings
        part.sign = self._decimal_elsewhere()[0]
        return part

    def adopt(self, part: Ledger, rows: np.ndarray) -> None:
        """Take over what became of the rows of a `part`."""
        self.adopt_fates(part, part.table, rows)
        self.roles = part.roles

    def mapping(self) -> pd.DataFrame:
        """The roles: columns table, role, column, how."""
        rows = [(self.table, role, *found) for role, found in self.roles.items()]
        return pd.DataFrame(rows, columns=["table", "role", "column", "how"])

    def _example(self, column: pd.Series) -> str:
        filled = column[~self.blank(column)]
        return str(filled.iloc[0]) if len(filled) else ""


def _in_powers_of_ten(cells: pd.Series) -> pd.Series:
    """Which ids are written as 4.5E+15; without the plus only where all are numbers (1e15 may be a
    code among others such as 3f7)."""
    signed = cells.str.fullmatch(r"\d(?:[.,]\d+)?[eE]\+\d+")
    bare = cells.str.fullmatch(r"\d(?:[.,]\d+)?[eE]\d{2}")
    if not bare.any() or not (signed | bare | cells.str.fullmatch(r"\d+(?:\.0)?")).all():
        return signed
    return signed | bare
