"""The page for the partner, from the command line: one HTML file, printable, without code.

    uv run python -m helpers.workbench report my_orders.csv --out my_report.html

What cannot be done ends with a sentence and exit code 2. A file that is there already is replaced
only with --replace.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from helpers import owner
from helpers.errors import NotWritten, ReaderError
from helpers.files import write_whole
from helpers.shop import hints, shell
from helpers.shop.known import KNOWN


def main(arguments: list[str]) -> int:
    """Write the page; return the exit code."""
    parser = argparse.ArgumentParser(
        "python -m helpers.workbench report",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shop", help=f"a file or folder, {' or '.join(KNOWN)}")
    parser.add_argument("--out", required=True, type=Path, help="the page to write (.html)")
    parser.add_argument("--replace", action="store_true", help="also over a page that is there")
    parser.add_argument(
        "--as-of", help="the moment to look from (default: the day after the last order)"
    )
    shell.add_options(parser)
    chosen = parser.parse_args(arguments)
    try:
        write(chosen)
    except (ReaderError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def write(chosen: argparse.Namespace) -> None:
    path = chosen.out
    if path.suffix.lower() not in (".html", ".htm"):
        raise NotWritten(f"{path.name} is no name of a page: let it end in .html")
    if path.exists() and not chosen.replace:
        raise NotWritten(f"{path} is there already: choose another name, or add --replace")
    store = shell.read_chosen(chosen.shop, chosen, "a page about customers who order")
    if store.report is not None:
        said = hints.reword_report(store.report, shell.ON_THE_SHELL)
        print(said, file=sys.stderr)
    page = owner.page(store, chosen.as_of)
    write_whole(path, lambda there: there.write_text(page, encoding="utf-8"))
    print(f"{path} is written. Open it in a browser.", file=sys.stderr)
