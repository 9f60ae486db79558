"""What the reader has said about the data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers.errors import ShopError, nearest
from helpers.shop.reading.cells import Source
from helpers.shop.tables import SCHEMA


@dataclass(frozen=True)
class Wishes:
    """What the reader has said about the data, and the present.

    Attributes:
        columns: Role -> column; None switches a role off.
        day_first: How to read 03/04/2024, None to let the data decide.
        decimal: The decimal sign, "." or ",", None to let the data decide.
        row_is: What a row is, "order" or "customer", None to let the data decide.
        now: Times after it (and a little) lie in the future.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    day_first: bool | None = None
    decimal: str | None = None
    row_is: str | None = None
    now: pd.Timestamp = field(default_factory=pd.Timestamp.now)


def wishes_of(
    columns: Mapping[str, str | None] | None,
    day_first: bool | None,
    decimal: str | None,
    roles: Collection[str],
    row_is: str | None = None,
) -> Wishes:
    """Check what the reader has said: roles that there are, a decimal sign that is one, a row that
    is an order or a customer."""
    if columns is not None and not isinstance(columns, Mapping):
        raise ShopError(
            f"columns= is a {type(columns).__name__}",
            expected="a dictionary of role and column",
            remedy='write columns={"customer_id": "Kunde"}',
        )
    if decimal not in (None, ".", ","):
        raise ShopError(
            f"decimal= is {decimal!r}",
            expected='"." or ","',
            remedy="leave it out to let the data decide",
        )
    if row_is not in (None, "order", "customer"):
        raise ShopError(
            f"row_is= is {row_is!r}",
            expected='"order" (a line of an order, or an event) or "customer"',
            remedy="leave it out to let the data decide",
        )
    told = {role: None if name is None else str(name) for role, name in (columns or {}).items()}
    for role in told:
        if role not in roles:
            raise ShopError(
                f"{role!r} is not a role that a column can play.{nearest(role, roles)}",
                expected="a role such as " + ", ".join(SCHEMA["purchases"]),
                remedy='the role first, then your column: columns={"customer_id": "Kunde"}',
            )
    return Wishes(told, day_first, decimal, row_is)


def check_told(sources: dict[str, Source], wishes: Wishes) -> None:
    """A column that the reader names must stand in one of the sources."""
    names = [name for source in sources.values() for name in source.frame.columns]
    for role, column in wishes.columns.items():
        if column is not None and column not in names:
            raise ShopError(
                f"there is no column {column!r} for {role}.{nearest(column, names)}",
                file=", ".join(source.name for source in sources.values()),
                column=column,
                expected=f"one of {', '.join(map(repr, names[:20]))}",
                remedy=f'write columns={{"{role}": "..."}} with one of these names',
            )


def told_here(source: Source, wishes: Wishes) -> dict[str, str | None]:
    """The wishes about the columns of a source; the consent told of another is not sought here."""
    told = {
        role: column
        for role, column in wishes.columns.items()
        if column is None or column in source.frame.columns
    }
    if wishes.columns.get("consent") and "consent" not in told:
        told["consent"] = None
    return told
