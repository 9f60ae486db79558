"""How a command reads a shop: its options, and what to do about an error in the shell's words."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from helpers.errors import ShopError
from helpers.shop import hints
from helpers.shop.customers import Customers
from helpers.shop.known import KNOWN, load
from helpers.shop.reading import read
from helpers.shop.reading.roles import roles
from helpers.shop.tables import Shop

ON_THE_SHELL = hints.Place(
    column=lambda role, column: f"--columns {shlex.quote(f'{role}={column}')}",
    options={
        "day_first": lambda value: "--day-first" if value == "True" else "--month-first",
        "decimal": lambda value: f"--decimal {value}",
        "encoding": lambda value: f"--encoding {value}",
        "row_is": lambda value: f"--row-is {value}",
    },
)


def add_options(command: argparse.ArgumentParser) -> None:
    """How a file is to be read, where the file itself does not say it."""
    command.add_argument(
        "--columns",
        nargs="+",
        default=[],
        metavar="ROLE=NAME",
        help="columns whose names do not say it: customer_id=k_nr amount='Betrag netto'; "
        f"ROLE= alone switches a role off. Roles: {', '.join(roles('order'))}",
    )
    dates = command.add_mutually_exclusive_group()
    dates.add_argument(
        "--day-first", action="store_true", default=None, help="03/04/2024 is April 3"
    )
    dates.add_argument(
        "--month-first",
        action="store_false",
        dest="day_first",
        help="03/04/2024 is March 4 (default: the data decide)",
    )
    command.add_argument(
        "--decimal", choices=[".", ","], help="the decimal sign (default: the data decide)"
    )
    command.add_argument(
        "--encoding", help="that of text files, such as cp1250 (default: the data decide)"
    )
    command.add_argument(
        "--row-is",
        choices=["order", "customer"],
        help="what a row of a single table is (default: the data decide); a model needs orders",
    )


def told_columns(pairs: list[str]) -> dict[str, str | None]:
    """The columns by role, as `shop.read` takes them. Raises ShopError for a pair without `=`."""
    columns: dict[str, str | None] = {}
    for pair in pairs:
        role, sign, name = pair.partition("=")
        if not sign:
            raise ShopError(f"--columns takes role=name, such as customer_id=k_nr, not {pair!r}")
        columns[role] = name or None
    return columns


def read_chosen(place: str, chosen: argparse.Namespace, what_for: str) -> Shop:
    """The shop at a place (a known one's name, a file or a folder), read as the options say.

    Raises ShopError, its hints in the shell's words, where it cannot be read, or has one row a
    customer: `what_for` says what needs orders.
    """
    if place in KNOWN and not Path(place).exists():
        return load(place)
    try:
        store = read(
            place,
            told_columns(chosen.columns),
            day_first=chosen.day_first,
            decimal=chosen.decimal,
            encoding=chosen.encoding,
            row_is=chosen.row_is,
        )
    except ShopError as error:
        raise hints.reword_error(error, ON_THE_SHELL) from error
    if isinstance(store, Customers):
        raise hints.reword_error(store.no_orders(what_for), ON_THE_SHELL)
    return store
