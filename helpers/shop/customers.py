"""A table with one row a customer: what it holds, and what it is good for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import pandas as pd

from helpers.errors import ShopError, nearest
from helpers.shop.report import Report
from helpers.shop.tables import no_rows_set_aside

# What a column must say of the orders of each customer, in words.
MEANING = {
    "recency": "days since the last order",
    "frequency": "number of orders",
    "monetary": "money spent in all",
    "tenure": "days since the first order",
    "last_ordered_at": "date of the last order",
    "first_ordered_at": "date of the first order",
    "repeats": "purchases after the first",
    "last": "days from the first to the last order",
}


@dataclass(frozen=True, eq=False)
class Customers:
    """A table with one row a customer, as `shop.read` recognizes it.

    Attributes:
        name: Short name of the file it was read from.
        table: A row per customer, indexed by `customer_id` (text); the other columns under their
            own names as float64 where they hold numbers, times or else text. What follows from
            others (`recency` from the date of the last order) is added under the name of its role.
        roles: Role -> column of `table`, for what sums up a customer's orders: `recency` (days
            since the last order), `frequency` (orders), `monetary` (money spent), `tenure` (days
            since the first order), `repeats` (purchases after the first), `last` (days from the
            first to the last), `first_ordered_at`, `last_ordered_at`.
        report: What was read, mapped and set aside; `str(customers.report)` is meant to be read.
        set_aside: Input rows used nowhere: columns `source`, `row`, `reason`, then the columns as
            they were.
        notes: What can be done with this table, and what cannot.
        people: E-mail, name and consent as in `Shop.people`, None where no column says any of it.
            Their columns are not in `table`: nothing learns from them.
    """

    name: str
    table: pd.DataFrame
    roles: Mapping[str, str] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    set_aside: pd.DataFrame = field(default_factory=no_rows_set_aside)
    notes: tuple[str, ...] = ()
    people: pd.DataFrame | None = None

    def __repr__(self) -> str:
        numbers = self.table.select_dtypes("number").shape[1]
        lines = [
            f"Customers {self.name!r}",
            f"  {'customers':<11} {len(self.table):>9,} rows, {numbers} columns of numbers",
        ]
        if len(self.set_aside):
            lines.append(f"  {'set aside':<11} {len(self.set_aside):>9,} rows  (see .report)")
        return "\n".join(lines)

    def features(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Columns of numbers, for segments: customers × `columns` (by default all), float64.

        A customer without a value in one of them is left out.

        Raises:
            ShopError: A column is not there or holds no numbers, or no customer has all values.
        """
        numbers = self.table.select_dtypes("number")
        chosen = list(numbers) if columns is None else list(columns)
        for name in chosen:
            if name not in numbers:
                kind = "holds no numbers" if name in self.table else "is not there"
                raise ShopError(
                    f"the column {kind}.{nearest(name, numbers)}",
                    file=self.report.source or self.name,
                    column=name,
                    expected=f"columns of numbers: {', '.join(map(repr, numbers))}",
                    remedy="choose among these",
                )
        complete = numbers[chosen].dropna()
        if complete.empty:
            raise ShopError(
                "no customer has a value in every one of these columns",
                file=self.report.source or self.name,
                expected="numbers, none missing",
                remedy="leave out the columns in which many are missing",
            )
        return complete

    def known(self, *roles: str, for_what: str) -> pd.DataFrame:
        """What `roles` say of each customer: customers × roles, NaN where it is not known.

        Raises:
            ShopError: No column plays one of the roles; `for_what` says what needs it.
        """
        for role in roles:
            if role not in self.roles:
                raise ShopError(
                    f"{for_what}: no column says the {MEANING[role]} ({role})",
                    file=self.report.source or self.name,
                    column=role,
                    expected=f"columns for {', '.join(roles)}",
                    remedy=f'name it: shop.read(..., columns={{"{role}": "..."}})',
                )
        return self.table[[self.roles[role] for role in roles]].set_axis(list(roles), axis=1)

    def no_orders(self, for_what: str = "this") -> ShopError:
        """The error that says why `for_what` cannot be done: the orders themselves are needed."""
        return ShopError(
            f"{for_what} needs the orders themselves, and this table has one row a customer",
            file=self.report.source or self.name,
            expected="a row per order or order line, with the customer, the time and the amount",
            remedy="export the orders and read these (what this table is good for, its notes say); "
            'where each row is an order after all, say row_is="order"',
        )

    @property
    def purchases(self) -> NoReturn:
        """Raises ShopError, as everything that is asked of orders: here there are none."""
        raise self.no_orders()

    tables = visits = customers = campaigns = impressions = purchases
