"""Features in your own warehouse.

    uv run python -m helpers.features sql --dialect bigquery --as-of 2025-07-01 --out my_sql
    uv run python -m helpers.features check my_sql my_result.csv

`sql` writes a new folder: the query, and a small shop with its answer. `check` compares the answer
that your engine exported with that, also of targets, segments and scores; exit code 1 where they
differ, 2 where something cannot be done.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from helpers import features
from helpers.features import warehouse
from helpers.features.warehouse import command


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    top = command.room_parser("features", __doc__)
    commands = top.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("sql", help=command.WHAT, description=command.WHAT)
    command.add_options(writing)
    writing.add_argument(
        "--categories",
        nargs="+",
        default=[],
        metavar="NAME",
        help="categories of your visits that get columns of their own (default: none)",
    )
    what = "compare a result that your engine exported as CSV with the answer it must give"
    checking = commands.add_parser("check", help=what, description=what)
    checking.add_argument("folder", type=Path, help="the folder that `sql` wrote")
    checking.add_argument("result", type=Path, help="your engine's result, a CSV file")
    chosen = top.parse_args(arguments)
    return command.run({"sql": sql, "check": check}[chosen.command], chosen)


def sql(chosen: argparse.Namespace) -> int:
    moment = features.cutoff(chosen.as_of)
    return command.write(
        chosen,
        "features",
        "What was known about each customer before the cut-off: the columns of helpers.features. "
        "The two rates that it shrinks stand here as counted.",
        lambda tables: features.define(tables, moment, chosen.categories),
        chosen.tables,
        chosen.categories,
    )


def check(chosen: argparse.Namespace) -> int:
    found = warehouse.difference(chosen.folder, chosen.result)
    print(found or f"{chosen.result.name} is the answer that {chosen.folder} expects.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
