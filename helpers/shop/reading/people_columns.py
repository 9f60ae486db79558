"""Which columns say who somebody is, and whether they may be written to: cells before names."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.shop.reading.amounts import to_flag, to_labels, to_number
from helpers.shop.reading.distinct import Distinct, distinct
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import Match, match, usual
from helpers.shop.reading.vocabulary import PERSON_OR_NUMBER, PERSON_PERHAPS, TREATED

NO, UNREAD, YES = 0, 1, 2  # what a cell says of consent; the lower one is the more careful
UNSAID = -1
NEARLY_ALL = 0.9  # share of the cells, or customers, that must be as names of people are
HALF = 0.5
_AT = r"[^\s@,;<>\"]+"
_EMAIL = rf"{_AT}@{_AT}\.[^\s@,;<>\".]+"
RETURNED = 3  # customers who came back under one name, before a column "Name" can be a person's


class Rows(NamedTuple):
    """The rows of a table as people see them.

    Attributes:
        who: The customer of each row, by number; -1 where nobody is known.
        when: The time of each row in whole numbers; all 0 where the table has none.
        usable: Rows whose customer and time could be read.
        of_people: Whether each row is a customer, and not an order.
    """

    who: np.ndarray
    when: np.ndarray
    usable: np.ndarray
    of_people: bool


def find(ledger: Ledger, rows: Rows, ids: pd.Series) -> None:
    """Give the roles e-mail, name, first and last name, consent to columns of `ledger`.

    A role without a column that surely plays it is left out; what was left out for doubt is said.
    The column that says who it is (its `ids`, each once) may hold e-mails or names itself.
    """
    found: dict[str, Match | None] = {}
    if "email" not in ledger:
        found["email"] = _match(ledger, "email")
    found["consent"] = _consent(ledger, rows)
    for role in ("first_name", "last_name"):
        found[role] = _match(ledger, role)
    ledger.roles |= {role: hit for role, hit in found.items() if hit}
    ledger.roles |= _name(ledger, rows)
    own, told = ledger.roles.get("customer_id"), ledger.wishes.columns
    if own and "email" not in {*ledger.roles, *told} and are_emails(ids).mean() >= HALF:
        ledger.roles["email"] = Match(own.column, "who it is, and where to write to")
    named = {"name", "first_name", "last_name"}
    if own and not named & {*ledger.roles, *told} and are_full_names(ids):
        ledger.roles["name"] = Match(own.column, "who it is, by name")


def are_emails(cells: pd.Series) -> pd.Series:
    """Which cells are one e-mail address (by its form alone)."""
    return cells.str.lower().str.fullmatch(_EMAIL).fillna(False).astype(bool)


def consents(ledger: Ledger, column: pd.Series) -> np.ndarray:
    """What each cell of a column says: YES, NO, UNREAD (neither), UNSAID (it is empty)."""
    flags = to_flag(column)
    said = np.full(len(column), UNREAD)
    said[(flags == True).to_numpy(dtype=bool)] = YES  # noqa: E712 -- None is neither
    said[(flags == False).to_numpy(dtype=bool)] = NO  # noqa: E712
    cells = distinct(to_labels(column))
    said[cells.rows(cells.cells.str.lower().isin(TREATED))] = UNREAD
    said[ledger.blank(column)] = UNSAID
    return said


def names_in(cells: pd.Series) -> pd.Series:
    """Cells as names: missing where there is no letter, or an e-mail."""
    return cells.where(cells.str.contains(r"[^\W\d_]") & ~cells.str.contains("@", regex=False))


def are_full_names(cells: pd.Series) -> bool:
    """Whether cells (each once) are written like names of people: letters, mostly two words."""
    return _are_words(cells) and cells.str.contains(r"\w[\s,.]+\w").mean() >= HALF


def _are_words(cells: pd.Series) -> bool:
    return (
        len(cells) > 0 and cells.str.fullmatch(r"[^\d@#_]*[^\W\d_][^\d@#_]*").mean() >= NEARLY_ALL
    )


def _match(ledger: Ledger, role: str, without: tuple[str, ...] = ()) -> Match | None:
    """The column of a role by its name, or as told; one without a cell says nothing."""
    told = ledger.wishes.columns
    if role in told:
        column = told[role]
        return Match(column, "told by columns=") if column and column in ledger.frame else None
    taken = {*without, *(found.column for found in ledger.roles.values()), *told.values()}
    frame = ledger.frame[[name for name in ledger.frame if name not in taken]]
    hit = match(frame, (role,), ledger.source.name).get(role)
    return hit if hit and not ledger.blank(frame[hit.column]).all() else None


def _consent(ledger: Ledger, rows: Rows) -> Match | None:
    """The column that says who may be written to; of two that contradict each other, neither."""
    if "consent" in ledger.wishes.columns:
        return _match(ledger, "consent")
    hits: list[Match] = []
    said: list[np.ndarray] = []
    passed: tuple[str, ...] = ()
    while hit := _match(ledger, "consent", passed):
        passed += (hit.column,)
        cells = consents(ledger, ledger.frame[hit.column])
        if _says_yes_or_no(ledger.frame[hit.column], cells):
            hits.append(hit)
            said.append(cells)
        else:
            ledger.warnings.append(
                f"{hit.column!r} does not hold yes or no: it does not say who may be written to"
            )
    for other, cells in zip(hits[1:], said[1:], strict=True):
        against = (np.minimum(said[0], cells) == NO) & (np.maximum(said[0], cells) == YES)
        if (against & rows.usable).any():
            one, two = hits[0].column, other.column
            ledger.warnings.append(
                f"{one!r} and {two!r} could both say who may be written to, and contradict each "
                f"other: neither was taken, so that of nobody it is known. Say which: "
                f'columns={{"consent": "{one}"}} or columns={{"consent": "{two}"}}'
            )
            return None
    return hits[0] if hits else None


def _says_yes_or_no(column: pd.Series, said: np.ndarray) -> bool:
    """Whether a column is one of flags: most cells are, and the others are no numbers."""
    if np.isin(said, (NO, YES)).sum() < HALF * (said != UNSAID).sum():
        return False
    others = distinct(to_labels(column[said == UNREAD])).cells
    return not (len(others) and to_number(others).numbers.notna().any())


def _name(ledger: Ledger, rows: Rows) -> dict[str, Match]:
    """The role of the column with the names of people; {} where none surely has them."""
    if "name" in ledger.wishes.columns:
        hit = _match(ledger, "name")
        return {"name": hit} if hit else {}
    words = {name: usual(name) for name in ledger.frame}
    perhaps = tuple(name for name in words if words[name] in PERSON_PERHAPS)
    if hit := _match(ledger, "name", perhaps):
        cells = distinct(ledger.labels_of(hit.column)).cells
        if names_in(cells).notna().mean() >= HALF:
            return {"name": hit}
    taken = {found.column for found in ledger.roles.values()}
    taken |= {column for column in ledger.wishes.columns.values() if column}
    for name, word in words.items():
        if name in taken or word not in PERSON_PERHAPS | PERSON_OR_NUMBER:
            continue
        cells = distinct(ledger.labels_of(name))
        how = "its cells are names, and stay with the customer"
        if "first_name" in ledger and "last_name" not in ledger:
            if _are_words(cells.cells) and _stays(cells, rows, word, 1):
                return {"last_name": Match(name, how)}
        elif are_full_names(cells.cells) and _stays(cells, rows, word):
            return {"name": Match(name, how)}
    return {}


def _stays(cells: Distinct, rows: Rows, word: str, enough: int = RETURNED) -> bool:
    """Whether a column goes with the customer: one name each, as products have not.

    Where the word alone ("Name") could be a product, `enough` customers must have come back under
    their name, and customers must not share it.
    """
    known = rows.usable & (cells.codes >= 0)
    seen = pd.DataFrame({"who": rows.who[known], "name": cells.codes[known]})
    pairs = seen.drop_duplicates()
    customers = pairs["who"].nunique()
    if customers == 0 or len(pairs) > customers * (2 - NEARLY_ALL):
        return False
    if word in PERSON_OR_NUMBER or rows.of_people:
        return True
    if pairs["name"].nunique() < HALF * customers:
        return False
    one_name = ~pairs["who"].duplicated(keep=False)
    times = seen.assign(when=rows.when[known]).groupby("who")["when"].nunique()
    back = times.index[times > 1]
    return int(pairs.loc[one_name, "who"].isin(back).sum()) >= enough
