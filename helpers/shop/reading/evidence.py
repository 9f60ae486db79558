"""Which shop system wrote a file: what the header as a whole says outranks a single name."""

from __future__ import annotations

import pandas as pd

from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import Match, match, plain

# System, columns that only its exports have, and what one of its names means there.
_NUMBER, _PAID = "the order number in {}'s exports", "in {}'s reports for all pieces of the line"
_PIECE = "the price of a piece in {}'s exports, whose amounts are those of orders"
_SYSTEMS = (
    ("Shopify", {"name", "lineitemprice"}, "order_id", "name", _NUMBER),
    ("Magento", {"purchasepoint", "purchasedate"}, "order_id", "id", _NUMBER),
    ("Amazon", {"amazonorderid"}, "amount", "itemprice", _PAID),
    ("Amazon", {"orderitemid", "quantitypurchased"}, "amount", "itemprice", _PAID),
    ("Wix", {"contactemail", "totalorderquantity"}, "unit_price", "price", _PIECE),
)

# The cells of CDNOW's files, which have no names: customer (and his number in the sample), day,
# pieces, dollars.
_CDNOW = (r"\d+", r"(?:19|20)\d{6}", r"\d{1,3}", r"\d+\.\d\d")


def system(frame: pd.DataFrame) -> str | None:
    """Return the name of the shop system whose export this is, None where it is not known."""
    names = set(map(plain, frame))
    return next((name for name, telling, *_ in _SYSTEMS if telling <= names), None)


def apply_system(ledger: Ledger, roles: tuple[str, ...]) -> None:
    """Give columns the roles that they have in the exports of this file's shop system."""
    names = {plain(name): name for name in ledger.frame}
    for shop, telling, role, name, how in _SYSTEMS:
        told = role in ledger.wishes.columns or names.get(name) in ledger.wishes.columns.values()
        if telling <= set(names) and name in names and not told:
            found = {**ledger.roles, role: Match(names[name], how.format(shop))}
            if role == "unit_price" and "amount" not in ledger.wishes.columns:
                found.pop("amount", None)
            ledger.roles = {role: found[role] for role in roles if role in found}


def apply_form(ledger: Ledger) -> None:
    """Columns without names play the roles that they have in CDNOW's files, where all cells fit."""
    names = list(ledger.frame)
    if ledger.source.header > 0 or ledger.wishes.columns or len(names) not in (4, 5):
        return
    roles = dict(zip(("customer_id", "ordered_at", "quantity", "amount"), _CDNOW, strict=True))
    columns = [names[0], *names[-3:]]
    for name, form in zip(columns, roles.values(), strict=True):
        if not ledger.frame[name].astype("str").str.fullmatch(form).all():
            return
    how = "its cells have the form of CDNOW's files"
    ledger.roles = {role: Match(name, how) for role, name in zip(roles, columns, strict=True)}


def drop_empty_amounts(ledger: Ledger) -> None:
    """An empty column is no amount where another one says what a line is worth."""
    roles = [role for role in ("amount", "unit_price", "order_total") if role in ledger]
    empty = [role for role in roles if ledger.blank(ledger.column(role)).all()]
    for role in empty if len(empty) < len(roles) else ():
        if role not in ledger.wishes.columns:
            del ledger.roles[role]


def prefer_people(ledger: Ledger) -> None:
    """Where the customer column numbers the orders, take another one in which people return."""
    if "customer_id" not in ledger or "customer_id" in ledger.wishes.columns:
        return
    now = ledger.roles["customer_id"].column
    if ledger.frame[now].nunique() < 20:
        return
    others = match(ledger.frame.drop(columns=now), ("customer_id",), ledger.source.name)
    if "customer_id" not in others or "order_id" not in ledger:
        return
    order = ledger.frame[ledger.roles["order_id"].column]
    other = others["customer_id"].column
    orders_of = {column: order.groupby(ledger.frame[column]).nunique() for column in (now, other)}
    if orders_of[now].max() <= 1 < orders_of[other].max():
        how = f"a customer comes back in it, in {now!r} nobody does"
        ledger.roles["customer_id"] = Match(other, how)
