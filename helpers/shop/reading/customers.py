"""Who bought: customers' numbers, and the guests who have none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.errors import counted
from helpers.shop.reading.amounts import is_text
from helpers.shop.reading.distinct import Distinct, as_text, distinct, in_categories, labels
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import match, plain
from helpers.shop.reading.vocabulary import GUESTS

NOBODY = ("0", "-1")  # what shop systems write for a guest
NEARLY_ALL = 0.9  # share of the other customers that must be written like one called Null
_NAME = r"[A-ZÀ-Þ][\w'’-]*(?:[ .,]+[A-ZÀ-Þ][\w.'’-]*)*"  # Ann, Ann Lee, O'Neil, J.
MANY = 2  # times as many lines as any customer, from which 0 is no customer of its own


def customer_ids(ledger: Ledger) -> pd.Series:
    """The customer ids in categories; guests are told apart, rows without anybody set aside."""
    ids = with_those_called_null(ledger, ledger.ids("customer_id"))
    email = _emails(ledger)
    guest = _guests(ids, email)
    nameless = ids.isna().to_numpy() & email.notna().to_numpy()
    if guest.any() or nameless.any():
        ids = _tell_apart(ledger, ids, guest, nameless, email)
    if ids.isna().all():
        raise ledger.error(
            "the column is empty: no row names a customer",
            "customer_id",
            ids.isna(),
            expected="a customer number on every line",
            remedy="export the orders with the customer number, or name its column: "
            'columns={"customer_id": "..."}',
        )
    ledger.set_aside(ids.isna(), "no customer")
    return ids


def with_those_called_null(ledger: Ledger, ids: pd.Series) -> pd.Series:
    """Keep customers who are called Null, None or NA: where nearly all others are written like it.

    Nobody is meant where such a word stands beside numbers or e-mails, or far oftener than anybody.
    """
    column = ledger.column("customer_id")
    odd = ids.isna() & column.notna()
    if not odd.any() or ids.isna().all() or not is_text(column):
        return ids
    often = distinct(ids).counts()
    cells = as_text(column[odd]).str.strip()
    for word, rows in cells[cells.str.isalpha()].value_counts().items():
        if word.istitle():
            alike = often.index.str.fullmatch(_NAME)
        elif word.isupper():
            alike = often.index.str.fullmatch(rf"[A-Z]{{{len(word)}}}")
        else:
            continue
        if alike.mean() > NEARLY_ALL and rows <= max(MANY * often.iloc[0], MANY):
            named = odd & (cells == word).reindex(ids.index, fill_value=False)
            ids = in_categories(as_text(ids).mask(named, word))
            ledger.warnings.append(
                f"{ledger.roles['customer_id'].column!r}: {word!r} ({counted(rows, 'row')}) was "
                "taken for a customer of that name, as the others are written like it"
            )
    return ids


def _emails(ledger: Ledger) -> pd.Series:
    """The e-mails beside the customer number, in lower case; all missing where there are none."""
    taken = ledger.roles["customer_id"].column
    told = {"email": ledger.wishes.columns["email"]} if "email" in ledger.wishes.columns else {}
    if told.get("email") == taken:  # it tells nobody apart who has no number
        return labels(pd.Series(dtype="str"), np.full(len(ledger.frame), -1), ledger.frame.index)
    found = match(ledger.frame.drop(columns=taken), ("email",), ledger.source.name, told)
    if "email" not in found:
        return ledger.labels("email")
    ledger.roles["email"] = found["email"]
    text, codes = distinct(ledger.ids("email"))
    text = text.where(text.str.contains("@", regex=False))
    return labels(text, codes, ledger.frame.index)


def _guests(ids: pd.Series, email: pd.Series) -> np.ndarray:
    """Which rows have a number that stands for whoever had none."""
    known = distinct(ids)
    spelled = known.cells[known.cells.str.contains(r"^[^\d@]+$")]
    words = {value for value in spelled if plain(value) in GUESTS}
    if known.cells.isin(NOBODY).any() and _is_nobody(known, email):
        words |= set(NOBODY)
    return known.rows(known.cells.isin(words))


def _is_nobody(ids: Distinct, email: pd.Series) -> bool:
    """Whether 0 or -1 is a placeholder: several e-mails, below all others, or far too busy."""
    numbers = ids.rows(ids.cells.isin(NOBODY))
    if len(email[numbers].dropna().unique()) > 1 or (ids.cells == "-1").any():
        return True
    others = ids.counts().drop(list(NOBODY), errors="ignore")
    return len(others) > 0 and int(numbers.sum()) > max(MANY * others.iloc[0], MANY)


def _tell_apart(
    ledger: Ledger, ids: pd.Series, guest: np.ndarray, nameless: np.ndarray, email: pd.Series
) -> pd.Series:
    """Name guests by their e-mail (or the number registered with it), else by visit or order."""
    column = ledger.roles["customer_id"].column
    ids, email = as_text(ids), as_text(email)
    registered = pd.Series(ids.to_numpy(), index=email)[~guest & ids.notna().to_numpy()]
    registered = registered[registered.index.notna()]
    registered = registered[~registered.index.duplicated()]
    by_email = email.map(registered.to_dict()).astype("str").fillna(email)
    noun = "visit" if "visit_id" in ledger else "order"
    together = ledger.text(f"{noun}_id")
    row = "row-" + pd.Series(ledger.source.line, index=ids.index).astype("str")
    by_order = "guest-" + together.fillna(row)
    open_rows = guest | nameless
    named = ids.where(~open_rows, by_email.where(email.notna(), by_order))
    shown = ", ".join(repr(value) for value in ids[guest].unique()[:3])
    who = f"{column!r}: {shown}" if guest.any() else f"{column!r}: an empty cell"
    with_mail = int((open_rows & email.notna().to_numpy()).sum())
    if with_mail:
        mail = ledger.roles["email"].column
        ledger.warnings.append(
            f"{who} stands for guests; {counted(with_mail, 'row')} of them were told apart by "
            f"{mail!r}"
        )
    without = guest & email.isna().to_numpy()
    if without.any():
        single = named[without].nunique()
        ledger.warnings.append(
            f"{who} stands for guests without an e-mail: each of {counted(single, noun)} is a "
            "customer of its own, so that none of them comes back"
        )
    return in_categories(named)
