"""The words of the first screen: what a column says, what the data may leave open, and how messages
speak of that."""

from __future__ import annotations

from helpers.shop import hints
from helpers.shop.reading.roles import roles

AUTOMATIC, NONE = "as found", "not in this file"  # of a drop-down of columns
DECIDE = "let the data decide"
A_ROW = {"order": "an order, or a line of one", "customer": "a customer"}

# a drop-down each: what is shown, which is its value too -> the argument of `shop.read`
DATES = {DECIDE: None, "day first (31/12)": True, "month first (12/31)": False}
NUMBERS = {DECIDE: None, "1234.50": ".", "1234,50": ","}
ROWS = {DECIDE: None, **{words: row_is for row_is, words in A_ROW.items()}}

WRONG, AGAIN = "something wrong?", "Read again"  # the fold with the drop-downs, and its button

LABELS = {
    "customer_id": "Customer",
    "order_id": "Order number",
    "ordered_at": "Date",
    "amount": "Money of the line",
    "unit_price": "Price of a piece",
    "order_total": "Money of the order",
    "quantity": "Pieces",
    "category": "Kind of goods",
    "status": "Canceled?",
    "event_type": "Viewed or bought?",
    "clock": "Time of day",
    "cancelled_at": "Canceled on",
    "discount": "Discount",
    "refund": "Paid back",
    "returned_quantity": "Pieces returned",
    "shipping": "Shipping",
    "tax": "Tax",
    "subtotal": "Before shipping, tax",
    "subcategory": "Finer kind of goods",
    "line_id": "Line number",
    "currency": "Currency",
    "kind": "Sale or refund?",
    "email": "E-mail",
    "name": "Name",
    "first_name": "First name",
    "last_name": "Surname",
    "consent": "May be written to?",
    "visit_id": "Visit number",
    "device": "Phone or computer",
    "source": "Came from",
    "recency": "Days since last order",
    "frequency": "Number of orders",
    "monetary": "Money spent",
    "tenure": "Days since first order",
    "last_ordered_at": "Date of last order",
    "first_ordered_at": "Date of first order",
    "repeats": "Orders after the first",
    "last": "Days first to last order",
}
"""What a drop-down is called, by role; a role that is not here keeps its name."""

# Of what the import warns of, this the reader has to decide: the page stays, and says it.
UNDECIDED = (
    "is it the right column?",
    "a collective account (guests, the till)?",
    "numbers the orders and not the customers",
    "are in several currencies",
    "lost digits on the way",
    "Nothing decides, so neither is used",
)


def label(role: str) -> str:
    """What a role is called on the screen."""
    return LABELS.get(role, role.replace("_", " ").capitalize())


def undecided(warning: str) -> bool:
    """Whether a warning of the import asks for a decision."""
    return any(words in warning for words in UNDECIDED)


def without_names(problem: str) -> str:
    """A message without the names that the program has for what columns say:
    "no column was recognized as the customer (customer_id)"."""
    for role in roles("order"):
        problem = problem.replace(f" ({role})", "")
    return problem.replace(" (amount or unit_price or order_total)", "")


def _the(column: str) -> str:
    if column == "...":
        return "the column"
    return f"“{column or NONE}”"


# what to do on the screen where a sentence tells what to write in Python
ON_THE_SCREEN = hints.Place(
    column=lambda role, column: f"choose {_the(column)} at “{label(role)}” below",
    options={
        "day_first": lambda _: f"choose under “Dates are” which comes first, then “{AGAIN}”",
        "decimal": lambda _: f"choose under “Numbers are” how they are written, then “{AGAIN}”",
        "encoding": lambda _: "save the file as “CSV UTF-8”, then choose it again",
        "row_is": lambda _: f"choose that under “Each row is”, then “{AGAIN}”",
    },
    then=f", then “{AGAIN}”",
)
