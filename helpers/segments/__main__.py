"""RFM groups in your own warehouse: recency, frequency and monetary from 1 to 5, as SQL.

    uv run python -m helpers.segments sql --dialect bigquery --as-of 2025-07-01 --out my_sql

`uv run python -m helpers.features check my_sql my_result.csv` compares the answer of your engine.
The segments of a saved model: `uv run python -m helpers.production sql --help`.
"""

from __future__ import annotations

import argparse
import sys

from helpers import features, segments
from helpers.features.warehouse import command


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    top = command.room_parser("segments", __doc__)
    commands = top.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("sql", help=command.WHAT, description=command.WHAT)
    command.add_options(writing, tables=False)
    writing.add_argument("--groups", type=int, default=5, help="how many grades of each (5)")
    return command.run(sql, top.parse_args(arguments))


def sql(chosen: argparse.Namespace) -> int:
    moment = features.cutoff(chosen.as_of)
    return command.write(
        chosen,
        "segments",
        f"Recency (r), frequency (f) and monetary (m) of each buyer at the cut-off, graded 1 to "
        f"{chosen.groups}, {chosen.groups} the best.",
        lambda tables: segments.define_rfm_groups(features.define(tables, moment), chosen.groups),
    )


if __name__ == "__main__":
    sys.exit(main())
