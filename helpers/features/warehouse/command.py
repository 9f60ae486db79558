"""The command `sql`, for every room that has an expression to write."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers.errors import ReaderError
from helpers.features.warehouse.dialects import DIALECTS
from helpers.features.warehouse.writing import TABLES, Define, write_sql
from helpers.shop import SCHEMA

WHAT = "write the SQL for your own engine, with a small shop on which it can prove itself"


def room_parser(room: str, description: str | None) -> argparse.ArgumentParser:
    """The parser of `python -m helpers.<room>`."""
    return argparse.ArgumentParser(
        f"python -m helpers.{room}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_options(sql: argparse.ArgumentParser, tables: bool = True) -> None:
    """What `sql` takes in every room; `tables` where the expression looks at more than orders."""
    sql.add_argument("--dialect", required=True, help=f"your engine: {', '.join(DIALECTS)}")
    sql.add_argument(
        "--as-of", required=True, help="the moment to look from, such as 2025-07-01: the cut-off"
    )
    sql.add_argument("--out", required=True, type=Path, help="the new folder to write")
    if tables:
        sql.add_argument(
            "--tables",
            nargs="+",
            default=list(TABLES),
            metavar="TABLE",
            help=f"those that you have, of {', '.join(SCHEMA)} (default: {' '.join(TABLES)})",
        )


def write(
    chosen: argparse.Namespace,
    name: str,
    about: str,
    define: Define,
    tables: Sequence[str] = ("purchases",),
    categories: Sequence[str] = (),
) -> int:
    """Write the folder, say so, and return the exit code."""
    customers = write_sql(
        chosen.out, name, about, define, chosen.dialect, chosen.as_of, tables, categories
    )
    print(
        f"{chosen.out} written: {name}.sql, and a small shop with {customers:,} customers in the "
        f"answer to try it on. Next: {chosen.out / 'README.md'}"
    )
    return 0


def run(work: Callable[[argparse.Namespace], int], chosen: argparse.Namespace) -> int:
    """Return what `work` returns; 2, and a sentence on stderr, where it cannot be done."""
    try:
        return work(chosen)
    except (ReaderError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
