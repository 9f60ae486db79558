"""Targets in your own warehouse: what came after a cut-off, as SQL.

    uv run python -m helpers.targets sql --dialect bigquery --as-of 2025-07-01 --horizon 91D \\
        --out my_sql

`uv run python -m helpers.features check my_sql my_result.csv` compares the answer of your engine.
"""

from __future__ import annotations

import argparse
import sys

import pandas as pd

from helpers import targets
from helpers.features.warehouse import command
from helpers.targets.windows import HALF_YEAR, span


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    top = command.room_parser("targets", __doc__)
    commands = top.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("sql", help=command.WHAT, description=command.WHAT)
    command.add_options(writing)
    writing.add_argument(
        "--horizon",
        default=HALF_YEAR,
        help=f"how long after that moment to look, such as 91D ({HALF_YEAR}: half a year)",
    )
    writing.add_argument(
        "--share",
        type=float,
        default=0.10,
        help="which part of the active customers is of high value (0.10)",
    )
    return command.run(sql, top.parse_args(arguments))


def sql(chosen: argparse.Namespace) -> int:
    start, end = span(chosen.as_of, chosen.horizon)
    if end - start < pd.Timedelta("1D"):  # pandas takes 91 for nanoseconds
        raise ValueError(
            f"the horizon is a length such as 91D (91 days) or 13W, not {chosen.horizon!r}"
        )
    return command.write(
        chosen,
        "targets",
        f"What each customer did within {chosen.horizon} of the cut-off: the columns of "
        "helpers.targets.define.",
        lambda tables: targets.define(tables, chosen.as_of, chosen.horizon, chosen.share),
        chosen.tables,
    )


if __name__ == "__main__":
    sys.exit(main())
