"""Orders in one file and their lines in another become one table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.errors import ShopError
from helpers.shop.reading.amounts import to_text
from helpers.shop.reading.cells import Source
from helpers.shop.reading.distinct import as_text
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import match, plain
from helpers.shop.reading.wishes import Wishes


def join_lines(orders: Source, lines: Source, wishes: Wishes) -> tuple[Source, Ledger]:
    """Give every line what its order says: who, when, in which state.

    Returns:
        The lines with the columns of their orders, and the ledger of the rows of `orders`.

    Raises:
        ShopError: One of the two has no order number.
    """
    keys = {}
    for source in (orders, lines):
        found = match(source.frame, ("order_id",), source.name, wishes.columns)
        if "order_id" not in found:
            raise ShopError(
                "no column was recognized as the order number, by which orders and lines belong "
                "together",
                file=source.name,
                column="order_id",
                expected="an order number in both files",
                remedy='name it: shop.read(..., columns={"order_id": "..."})',
            )
        keys[source.name] = found["order_id"].column
    ledger = Ledger(orders, "orders", ("order_id",), wishes)
    number = as_text(ledger.ids("order_id"))
    ledger.set_aside(number.isna(), "no order number")
    ledger.set_aside(number.duplicated().to_numpy() & number.notna(), "repeats an order")
    line_number = to_text(lines.frame[keys[lines.name]])
    ledger.set_aside(~number.isin(line_number), "order without lines")
    head = orders.frame[ledger.kept].set_axis(number[ledger.kept])
    head = head.drop(columns=keys[orders.name])
    head = head.rename(
        columns={name: f"{name} ({orders.name})" for name in head if name in lines.frame}
    )
    rows = head.reindex(line_number).set_axis(lines.frame.index)
    known = line_number.isin(head.index).to_numpy()
    joined = Source(
        lines.name,
        pd.concat([lines.frame, rows], axis=1),
        lines.line,
        lines.broken,
        [
            f"every line was joined with its order in {orders.name} by {keys[lines.name]!r}",
            *lines.remarks,
        ],
        list(lines.warnings),
        lines.decimal,
        lines.sheet,
        np.where(known, "", "no order of this number"),
    )
    return joined, ledger


def add_people(joined: Source, customers: Source) -> Source:
    """Add the number of the person where `customers` has one beside that of the orders."""
    key = next((name for name in customers.frame if plain(name) == "customerid"), None)
    if key is None or key not in joined.frame:
        return joined
    others = match(customers.frame.drop(columns=key), ("customer_id",), customers.name)
    if "customer_id" not in others or "@" in str(customers.frame[others["customer_id"].column][0]):
        return joined
    name = others["customer_id"].column
    number = to_text(customers.frame[key])
    person = pd.Series(customers.frame[name].to_numpy(), index=number)[
        ~number.duplicated().to_numpy()
    ]
    cells = to_text(joined.frame[key]).map(person.to_dict())
    joined.frame = joined.frame.assign(**{name: cells})
    joined.remarks.append(f"{name!r} comes from {customers.name}")
    return joined
