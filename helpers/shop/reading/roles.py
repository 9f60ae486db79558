"""Every role that a column can play, and what it says, in words."""

from __future__ import annotations

from helpers.shop.customers import MEANING
from helpers.shop.tables import SCHEMA

ORDERS = {
    "customer_id": "who bought",
    "order_id": "the number of the order",
    "ordered_at": "when it was ordered",
    "amount": "the money of the line",
    "unit_price": "the price of a piece",
    "order_total": "the money of the whole order, repeated on its lines",
    "quantity": "the pieces",
    "category": "the category of the product",
    "status": "whether the order was canceled or came back",
    "clock": "the time of day, where the date has none",
    "cancelled_at": "when it was canceled",
    "discount": "money taken off",
    "refund": "money paid back",
    "returned_quantity": "pieces that came back",
    "shipping": "what shipping cost",
    "tax": "the tax",
    "subtotal": "the order before shipping and tax",
    "subcategory": "the finer category",
    "line_id": "the number of the line",
    "currency": "the currency of the money",
    "kind": "sale, refund or fee, where rows differ",
    "email": "where to write to; it tells guests apart who have no number",
    "name": "the name of the person",
    "first_name": "the first name",
    "last_name": "the last name",
    "consent": "whether the person may be written to, yes or no",
}
# what is known of a person beside the number: it stands in `Shop.people`, nothing learns from it
PEOPLE = ("email", "name", "first_name", "last_name", "consent")
EVENTS = {
    "event_type": "view, cart or purchase, in a log of events",
    "visit_id": "the number of the visit",
    "device": "mobile or desktop",
    "source": "where the visit came from",
}
CUSTOMERS = {
    "customer_id": "who it is",
    **MEANING,
    **{role: ORDERS[role] for role in PEOPLE},
    "email": "where to write to",
}
# those that most files have; the others are folded on the screen
COMMON = {
    "order": (*list(ORDERS)[:9], "event_type"),
    "customer": ("customer_id", "recency", "frequency", "monetary", "tenure"),
}


def roles(row_is: str, tables: tuple[str, ...] = ()) -> dict[str, str]:
    """The roles of a table whose rows are "order" or "customer", and what each says.

    Args:
        row_is: "order" (or an event), or "customer".
        tables: Tables of `SCHEMA` that are read beside the orders: their columns are roles too.
    """
    if row_is == "customer":
        return CUSTOMERS
    beside = {
        role: f"a column of {table}"
        for table in tables
        if table in SCHEMA
        for role in SCHEMA[table]
    }
    return {**beside, **ORDERS, **EVENTS}
