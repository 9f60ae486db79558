"""Is this environment the one the course was made with? Says what is wrong and how to mend it."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
SUPPORTED = ((3, 11), (3, 13))
BUNDLED = ["customer_behavior.csv", "shop/purchases.parquet", "truth/customers.parquet"]


def problems(lock: Path = ROOT / "requirements.txt", data: Path = ROOT / "data") -> list[str]:
    """What differs from the course's environment: a list of sentences, each with its remedy.

    Compares the Python version, every package of the lock that applies to this system, and the
    bundled tables. An empty list means that all is well.
    """
    found = []
    lowest, highest = SUPPORTED
    if not lowest <= sys.version_info[:2] <= highest:
        here = ".".join(map(str, sys.version_info[:2]))
        found.append(
            f"This is Python {here}; the course is tested on 3.11 to 3.13. "
            "Start it with: uv run --python 3.13 jupyter lab"
        )
    if not lock.exists():
        return [*found, f"{lock.name} is missing: the folder is incomplete. Clone the course again."]
    for line in lock.read_text(encoding="utf-8").splitlines():
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        wanted = str(requirement.specifier).removeprefix("==")
        try:
            here = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            found.append(f"{requirement.name} is not installed. In the course's folder run: uv sync")
            continue
        if not requirement.specifier.contains(here, prereleases=True):
            found.append(
                f"{requirement.name} is {here} here, the course was made with {wanted}. "
                "Figures may differ. In the course's folder run: uv sync"
            )
    for name in BUNDLED:
        path = data / name
        if not path.exists() or path.stat().st_size < 1_000:
            found.append(
                f"data/{name} is missing or empty. Get it back with: git checkout -- data "
                "(or make it anew: uv run python -m helpers.simulator)"
            )
    return found


def check() -> None:
    """Print what is wrong with this environment and how to mend it, or that all is well."""
    found = problems()
    if not found:
        print("All is well: a supported Python, every package as locked, the tables in place.")
    for number, problem in enumerate(found, start=1):
        print(f"{number}. {problem}")
