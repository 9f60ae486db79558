"""Whom one can write to: e-mail, name and consent of each customer, the latest that is known.

They stand in `Shop.people`, beside the tables: nothing learns from them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.errors import counted
from helpers.shop.reading.distinct import as_text, distinct, labels
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.people_columns import (
    NO,
    UNREAD,
    YES,
    Rows,
    are_emails,
    consents,
    find,
    names_in,
)
from helpers.shop.reading.roles import PEOPLE


def note(ledger: Ledger, customer: pd.Series, at: pd.Series | None = None) -> None:
    """Keep in `ledger.people` what its rows say of each customer.

    It has a row a customer (index: the id) and the columns `email`, `name` (text) and `consent`
    (`NO`, `UNREAD` or `YES`; missing where nothing is said); it is None where no column says any of
    it. Rows set aside so far, without a customer or a time, say nothing; rows set aside later for
    their money do: a person who sent all back may still have said no.

    Args:
        ledger: The table being read; the columns taken become its roles.
        customer: The customer of each row.
        at: The time of each row; None where the table has none, or is of the present.
    """
    ids = distinct(customer)
    usable = ledger.kept & (ids.codes >= 0)
    when = np.zeros(len(usable), dtype="int64")
    if at is not None:
        usable &= at.notna().to_numpy()
        when[usable] = at[usable].dt.as_unit("us").astype("int64")
    rows = Rows(ids.codes, when, usable, at is None)
    find(ledger, rows, ids.cells)
    if not set(PEOPLE) & set(ledger.roles):
        return
    said = pd.DataFrame(index=pd.RangeIndex(len(ids.cells)))
    said["email"] = _emails(ledger, rows)
    if "email" in ledger:  # a number that is one goes first
        said["email"] = ids.cells.str.lower().where(are_emails(ids.cells), said["email"])
    said["name"] = _names(ledger, rows)
    said["consent"] = _consent(ledger, rows)
    ledger.people = said.set_axis(pd.Index(ids.cells, name="customer_id"))


def _last(known: np.ndarray, rows: Rows) -> np.ndarray:
    """Of each customer the row of the latest moment of those `known`; of several the first."""
    places = np.flatnonzero(known & rows.usable)
    places = places[np.argsort(-rows.when[places], kind="stable")]
    return places[~pd.Series(rows.who[places]).duplicated().to_numpy()]


def _latest(column: pd.Series, rows: Rows) -> pd.Series:
    """The latest text of each customer, by number."""
    places = _last(column.notna().to_numpy(), rows)
    return pd.Series(as_text(column.iloc[places]).to_numpy(), index=rows.who[places], dtype="str")


def _emails(ledger: Ledger, rows: Rows) -> pd.Series:
    """The latest e-mail of each customer, in lower case; what is none is left out and said."""
    cells, codes = distinct(ledger.labels("email"))
    cells = cells.str.lower()
    valid = are_emails(cells)
    wrong = np.append(~valid, False)[codes] & rows.usable
    if wrong.any():
        example = cells.iloc[codes[np.flatnonzero(wrong)[0]]]
        ledger.remarks.append(
            f"{ledger.roles['email'].column!r}: {counted(int(wrong.sum()), 'cell')} left out that "
            f"cannot be an e-mail, such as {example!r}"
        )
    return _latest(labels(cells.where(valid), codes, ledger.frame.index), rows)


def _names(ledger: Ledger, rows: Rows) -> pd.Series:
    """The latest name of each customer; where none is whole, first and last name of one row."""
    part = {}
    for role in ("name", "first_name", "last_name"):
        cells, codes = distinct(ledger.labels(role))
        part[role] = labels(names_in(cells), codes, ledger.frame.index)
    whole = _latest(part["name"], rows)
    first, last = part["first_name"], part["last_name"]
    places = _last((first.notna() | last.notna()).to_numpy(), rows)
    both = as_text(first.iloc[places]).fillna("") + " " + as_text(last.iloc[places]).fillna("")
    made = pd.Series(both.str.strip().to_numpy(), index=rows.who[places], dtype="str")
    return whole.combine_first(made)


def _consent(ledger: Ledger, rows: Rows) -> pd.Series:
    """The latest yes or no of each customer; of one moment the no.

    A cell that is neither does not undo a no; after a yes it leaves nothing known.
    """
    if "consent" not in ledger:
        return pd.Series(dtype="Int8")
    column = ledger.column("consent")
    said = consents(ledger, column)
    unread = (said == UNREAD) & rows.usable
    if unread.any():
        name = ledger.roles["consent"].column
        ledger.remarks.append(
            f"{name!r}: {counted(int(unread.sum()), 'cell')} with neither yes nor no, such as "
            f"{str(column[unread].iloc[0])!r}: unknown, never a yes"
        )
    places = np.flatnonzero(np.isin(said, (NO, YES)) & rows.usable)
    places = places[np.lexsort((said[places], -rows.when[places]))]
    places = places[~pd.Series(rows.who[places]).duplicated().to_numpy()]
    known = pd.Series(said[places], index=rows.who[places])
    since = pd.Series(rows.when[places], index=rows.who[places])
    places = _last(unread, rows)
    odd = pd.Series(rows.when[places], index=rows.who[places])
    after = odd[~(since.reindex(odd.index) > odd)].index  # also where nothing else was said
    known = known.reindex(known.index.union(after)).fillna(UNREAD).astype("Int8")
    return known.mask(known.index.isin(after) & (known == YES), UNREAD)


def of_shop(
    tables: dict[str, pd.DataFrame], ledgers: Sequence[Ledger]
) -> tuple[pd.DataFrame | None, list[str]]:
    """Bring together what the tables of a shop say of its customers.

    What `customers` says of name and e-mail goes first: it is the present. Whether its consent is
    later than that of an order nobody knows, so a no of either stands.

    Returns:
        `Shop.people` (None where nothing is known) and the remarks on it.
    """
    known = {ledger.table: ledger for ledger in ledgers if ledger.people is not None}
    if not known:
        return None, []
    buyers = pd.Index(tables["purchases"]["customer_id"].unique())
    ids = buyers
    orders = _one_a_customer(ledger.people for name, ledger in known.items() if name != "customers")
    beside = orders.iloc[:0]
    if "customers" in known:
        beside, others = _linked(known["customers"].people, orders, buyers)
        ids = buyers.append(others)
    said = _one_a_customer((beside, orders)).reindex(ids)
    if said.isna().all(axis=None):
        return None, []
    people = _people(said)
    remarks = [_in_short(people[: len(buyers)], len(ids) > len(buyers))]
    doubt = (beside["consent"].reindex(buyers) == YES) & (orders["consent"].reindex(buyers) == NO)
    if doubt.any():
        file, column = known["customers"].source.name, known["customers"].roles["consent"].column
        remarks.append(
            f"{counted(int(doubt.sum()), 'customer')} may be written to by {column!r} of {file}, "
            "but not by their orders. Nothing says which is later: they count as a no. To go by "
            f'{file} alone say columns={{"consent": "{column}"}}'
        )
    return people, [text for text in remarks if text]


def of_table(ledger: Ledger, ids: pd.Index) -> pd.DataFrame | None:
    """What a table with one row a customer says of them, as `Customers.people`; it is said too."""
    if ledger.people is None:
        return None
    people = _people(ledger.people.reindex(ids))
    ledger.remarks += [text for text in [_in_short(people, False)] if text]
    return people


def _people(said: pd.DataFrame) -> pd.DataFrame:
    people = said.rename_axis("customer_id").reset_index()
    consent = people["consent"].map({NO: False, YES: True}).astype("boolean")
    text = people[["customer_id", "email", "name"]].astype("str")
    return text.assign(consent=consent)


def _one_a_customer(tables) -> pd.DataFrame:
    """One row a customer: the first text that is known, the most careful consent."""
    said = pd.concat(list(tables) or [_NOTHING])
    groups = said.groupby(level=0, sort=False)
    return groups[["email", "name"]].first().join(groups["consent"].min())


_NOTHING = pd.DataFrame(
    {
        "email": pd.Series(dtype="str"),
        "name": pd.Series(dtype="str"),
        "consent": pd.Series(dtype="Int8"),
    },
    index=pd.Index([], dtype="str", name="customer_id"),
)


def _linked(
    beside: pd.DataFrame, orders: pd.DataFrame, buyers: pd.Index
) -> tuple[pd.DataFrame, pd.Index]:
    """The rows of `customers` under the ids of the buyers, and the ids of all others.

    Whose number no order knows is found by the e-mail, if an order knows that.
    """
    mail = orders.loc[orders.index.isin(buyers), "email"].dropna()
    mail = pd.DataFrame({"email": mail, "buyer": mail.index})
    strangers = beside[~beside.index.isin(buyers)]
    found = strangers.reset_index().dropna(subset="email").merge(mail, on="email")
    others = strangers.index.difference(pd.Index(found["customer_id"]), sort=False)
    found = found.set_index("buyer")[["email", "name", "consent"]]
    rest = beside[beside.index.isin(buyers) | beside.index.isin(others)]
    return _one_a_customer((rest, found.rename_axis("customer_id"))), others


def _in_short(people: pd.DataFrame, more: bool) -> str:
    """How much is known of how many, a sentence; "" of nobody."""
    of = f"of {counted(len(people), 'customer')}{' who bought' if more else ''}"
    mails, names = people["email"].notna().sum(), people["name"].notna().sum()
    parts = [f"e-mail known for {mails:,} {of}"] if mails else []
    parts += [f"name known for {names:,} {of}"] if names and not mails else []
    consent = people["consent"]
    if consent.notna().any():
        yes, no = int(consent.sum()), int((~consent).sum())
        where = "" if parts else f"{of}, "
        parts.append(
            f"{where}{yes:,} may be written to, {no:,} may not, {consent.isna().sum():,} unknown"
        )
    return "; ".join(parts)
