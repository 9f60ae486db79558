"""Measure claims anew: `uv run python -m helpers.course.studies [c01 c02 …]` (all of them without a
name).

A run may be stopped with Ctrl-C and started again: finished seeds are kept, and not run again as
long as no line of the code has changed.
"""

from __future__ import annotations

import argparse
import sys

from helpers.course import studies
from helpers.course.studies import parts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m helpers.course.studies", description=__doc__)
    parser.add_argument("claims", nargs="*", help="claims such as c05; all of them without a name")
    parser.add_argument("--workers", type=int, default=2, help="processes at a time (2)")
    parser.add_argument("--table", action="store_true", help="only write the pages of claims anew")
    chosen = parser.parse_args()
    if chosen.table:
        studies.write_pages()
        return
    unknown = sorted(set(chosen.claims) - set(studies.claims()))
    if unknown:
        parser.error(f"no study {', '.join(unknown)}; there are: {', '.join(studies.claims())}")
    try:
        for claim in chosen.claims or studies.claims():
            studies.save(claim, studies.measure(claim, workers=chosen.workers), studies.REAL)
            parts.forget(claim)
            studies.write_pages()
            print(studies.listing(claim), flush=True)
    except KeyboardInterrupt:
        sys.exit("\nStopped. Finished seeds are kept: the same command carries on from there.")


if __name__ == "__main__":
    main()
