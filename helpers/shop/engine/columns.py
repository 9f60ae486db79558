"""Which column of an opened table is what: names as `shop.read` knows them, types as `SCHEMA`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import ibis
import ibis.expr.datatypes as dt

from helpers.errors import ShopError
from helpers.shop.reading.names import match
from helpers.shop.tables import REQUIRED, SCHEMA

HEAD = 1_000  # rows looked at where two columns could play one role
_NOT_READ = {"purchases": ("status", "event_type", "kind", "refund")}


class Mapped(NamedTuple):
    """A table in the columns of `SCHEMA`.

    Attributes:
        every: All its rows, in the schema's columns and types; an empty text or a NaN may stand
            for what is missing.
        columns: (role, column, how) of each column that was found.
        remarks: What was decided in sentences.
        warnings: What deserves a look before the numbers are believed.
    """

    name: str
    every: ibis.Table
    columns: list[tuple[str, str, str]]
    remarks: list[str]
    warnings: list[str]

    @property
    def needed(self) -> list[str]:
        """The columns without which a row says nothing."""
        return [role for role in REQUIRED[self.name] if self.every.schema()[role] != dt.boolean]

    def missing(self, role: str) -> ibis.Value:
        """Whether a row of `every` lacks a column."""
        column = self.every[role]
        empty = _empty(column)
        return column.isnull() if empty is None else column.isnull() | empty

    @property
    def usable(self) -> ibis.Table:
        """The rows that can be used, none of whose required columns is missing; what else is
        missing is null."""
        # said of the columns as they lie, so that an engine can pass over parts of a file unread
        whole = []
        for role in self.needed:
            empty = _empty(self.every[role])
            whole.append(self.every[role].notnull() if empty is None else ~empty)
        rest = {}
        for role in self.every.columns:
            empty = _empty(self.every[role])
            if role not in self.needed and empty is not None:
                column = self.every[role]
                rest[role] = empty.ifelse(ibis.null(column.type()), column)
        return self.every.filter(*whole).mutate(**rest)


def _empty(column: ibis.Value) -> ibis.Value | None:
    """Whether a column holds what stands for a missing value; None for a type that has none."""
    if column.type().is_string():
        return column == ""
    return column.isnan() if column.type().is_floating() else None


def mapped(raw: ibis.Table, name: str, told: Mapping[str, str | None], file: str) -> Mapped:
    """Return `raw` in the columns and types of the table `name`; optional ones that are not there
    are missing throughout.

    Raises ShopError where a required column is not found, or has a type that is none of its kind.
    """
    schema = SCHEMA[name]
    head = raw.limit(HEAD).to_pandas()
    told = {role: column for role, column in told.items() if role in schema}
    roles = (*schema, "unit_price", *_NOT_READ.get(name, ()))
    found = match(head, roles, file, told)
    remarks: list[str] = []
    warnings = [
        f"{found[role].column!r} is not looked at here: every row counts as an order. Where that "
        "is wrong, open a table or a view without the others"
        for role in _NOT_READ.get(name, ())
        if role in found
    ]
    columns, lines = {}, []
    for role, kind in schema.items():
        if role in found:
            column = found[role].column
            columns[role] = _typed(raw[column], kind, column, file, remarks)
            lines.append((role, column, found[role].how))
    if name == "purchases":
        _complete(columns, raw, found, lines, file, remarks)
    for role in REQUIRED[name]:
        if role not in columns:
            raise ShopError(
                f"no column of {name} is known to be {role}",
                file=file,
                column=role,
                expected=f"one of {', '.join(map(repr, raw.columns[:20]))}",
                remedy=f'say which: shop.open(..., columns={{"{role}": "..."}})',
            )
    for role, kind in schema.items():
        if role not in columns:
            columns[role] = _absent(kind)
    every = raw.select(**{role: columns[role] for role in schema})
    return Mapped(name, every, lines, remarks, warnings)


def _complete(
    columns: dict[str, ibis.Value],
    raw: ibis.Table,
    found: Mapping,
    lines: list[tuple[str, str, str]],
    file: str,
    remarks: list[str],
) -> None:
    """An amount from price and quantity, an order from customer and time, where there is none."""
    if "amount" not in columns and {"unit_price", "quantity"} <= set(found):
        price, pieces = found["unit_price"].column, found["quantity"].column
        amount = _typed(raw[price], "money", price, file, remarks) * columns["quantity"]
        columns["amount"] = amount
        lines.append(("amount", f"{price} × {pieces}", "a usual name"))
    if "order_id" not in columns and {"customer_id", "ordered_at"} <= set(columns):
        seconds = columns["ordered_at"].epoch_seconds().cast("string")
        columns["order_id"] = columns["customer_id"] + "@" + seconds
        remarks.append("no order number: lines of one customer at one second are one order")


def _typed(column: ibis.Value, kind: str, name: str, file: str, remarks: list[str]) -> ibis.Value:
    """The column in the type of its kind; ShopError where it is of none that can become it."""
    there = column.type()
    if kind in ("id", "text"):
        if isinstance(there, dt.Integer | dt.UUID | dt.String):
            return column.cast("string")
    elif kind == "time":
        if isinstance(there, dt.Date):
            remarks.append(f"{name!r} holds days: orders lie at midnight")
            return column.cast("timestamp")
        if isinstance(there, dt.Timestamp):
            if there.timezone is not None:
                remarks.append(f"{name!r} has a time zone: times are read on the clock of UTC")
                return column.cast("timestamp")
            return column
    elif kind == "flag":
        if isinstance(there, dt.Boolean | dt.Integer):
            return column.cast("boolean").fill_null(False)
    elif isinstance(there, dt.Numeric) and not isinstance(there, dt.Boolean):
        if kind == "whole":
            return column.cast("int64").fill_null(0)
        return column.cast("float64")
    expected = {
        "id": "text or whole numbers",
        "text": "text",
        "time": "timestamps or dates",
        "flag": "true and false",
    }.get(kind, "numbers")
    raise ShopError(
        f"its type is {there}",
        file=file,
        column=name,
        expected=expected,
        remedy="cast it in the engine, or let shop.to_parquet read the export it came from",
    )


def _absent(kind: str) -> ibis.Value:
    fill = {"whole": ibis.literal(0, "int64"), "flag": ibis.literal(False)}
    types = {"time": "timestamp", "money": "float64", "number": "float64"}
    return fill.get(kind, ibis.null(types.get(kind, "string")))
