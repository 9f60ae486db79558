"""Is this environment the one the course was made with? Says what is wrong and how to mend it."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from helpers.files import DATA, ROOT

SUPPORTED = ((3, 11), (3, 14))
# the bundled tables, by folder of data/; beside them the rows of each study of
# helpers/course/studies
BUNDLED = {
    "": "colleague customer_behavior customer_behavior_copula customer_behavior_dirty"
    " customer_behavior_permuted",
    "shop": "campaigns customers impressions purchases visits",
    "truth": "calendar campaigns categories customer_behavior customer_behavior_dirty customers"
    " oracle policies subcategories",
}

BENCHMARKS = (
    "algorithms",
    "automated",
    "campaign",
    "elbow",
    "features",
    "imports",
    "moved",
    "reading",
    "spark",
    "upload",
)


def problems(
    lock: Path = ROOT / "requirements.txt", data: Path = DATA, folder: Path | None = None
) -> list[str]:
    """What differs from the course's environment: a list of sentences, each with its remedy.

    Compares the Python version, every package of the lock that applies to this system, the bundled
    tables, and the `folder` that the notebook runs in (the current one). An empty list means that
    all is well.
    """
    found = []
    lowest, highest = SUPPORTED
    if not lowest <= sys.version_info[:2] <= highest:
        here, oldest, newest = (
            f"{major}.{minor}" for major, minor in (sys.version_info[:2], lowest, highest)
        )
        found.append(
            f"This is Python {here}; the course is tested on {oldest} to {newest}. "
            f"Start it with: uv run --python {newest} python -m helpers.course"
        )
    if not lock.exists():
        return [
            *found,
            f"{lock.name} is missing: the folder is incomplete. Clone the course again.",
        ]
    for line in lock.read_text(encoding="utf-8").splitlines():
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        wanted = str(requirement.specifier).removeprefix("==")
        try:
            here = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            found.append(
                f"{requirement.name} is not installed. In the course's folder run: uv sync"
            )
            continue
        if not requirement.specifier.contains(here, prereleases=True):
            found.append(
                f"{requirement.name} is {here} here, the course was made with {wanted}. "
                "Figures may differ. In the course's folder run: uv sync"
            )
    absent = [name for name in bundled() if not _there(data / name)]
    if absent:
        found.append(
            f"{_listed(absent)} missing or empty in data/. Get them back with: git checkout -- "
            "data (the simulated tables also with: uv run python -m helpers.simulator)"
        )
    folder = folder or Path.cwd()
    places = (folder.parent, folder.parent.parent)  # of a chapter, of a deeper notebook
    if not any((place / "data" / "customer_behavior.csv").exists() for place in places):
        found.append(
            f"This runs in the folder {folder.name}, and the chapters look for their tables in "
            "../data. Open the notebook where it came from, in the course's folder notebooks."
        )
    return found


def bundled() -> list[str]:
    """Every data file that comes with the course, as a path below data/."""
    names = [f"{table}.csv" for table in BUNDLED[""].split()]
    names += [
        f"{folder}/{table}.parquet"
        for folder in ("shop", "truth")
        for table in BUNDLED[folder].split()
    ]
    studies = sorted((ROOT / "helpers" / "course" / "studies").glob("c[0-9][0-9]_*.py"))
    names += [f"benchmarks/{name}.csv" for name in BENCHMARKS]
    names += [f"studies/{study.stem[:3]}.csv" for study in studies]
    seals = DATA / "studies" / "SHA256SUMS"  # names the draws of households, too
    sealed = seals.read_text(encoding="utf-8").split()[1::2] if seals.exists() else []
    return names + [f"studies/{name}" for name in sealed if name.startswith("households/")]


def _there(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 200


def _listed(names: list[str]) -> str:
    more = (
        f" and {len(names) - 5} more are" if len(names) > 5 else " are" if len(names) > 1 else " is"
    )
    return ", ".join(names[:5]) + more


def check() -> None:
    """Print what is wrong with this environment and how to mend it, or that all is well."""
    found = problems()
    if not found:
        print("All is well: a supported Python, every package as locked, the tables in place.")
    for number, problem in enumerate(found, start=1):
        print(f"{number}. {problem}")
