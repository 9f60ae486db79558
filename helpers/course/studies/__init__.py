"""The claims of the course, measured: an experiment a file, its rows in data/studies.

A study module holds the claim in words (`CLAIM`), what was expected before measuring (`EXPECTED`),
the `CHAPTER` that uses it, `SEEDS`, and two functions:

    run(seed) -> {(world, arm, metric): value}
    finding(rows) -> Finding

On known truth a seed draws a new world; on real shoppers it draws a bootstrap by customer.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pandas as pd
from tqdm import tqdm

from helpers import evaluation
from helpers.files import DATA, ROOT, write_text

ROWS = DATA / "studies"
DIGESTS = ROWS / "SHA256SUMS"
README = ROOT / "README.md"
COLUMNS = ["seed", "world", "arm", "metric", "value"]
REAL = "The Complete Journey"
BEGIN, END = (
    "<!-- claims: written by python -m helpers.course.studies -->",
    "<!-- end of claims -->",
)


class Finding(NamedTuple):
    """What a study found: a sentence on known truth, one on real shoppers (or ""), and whether the
    claim is borne out ("yes", "no", "partly")."""

    known: str
    real: str
    borne_out: str


def claims() -> list[str]:
    """The ids of all studies, in order: ["c01", "c02", …]."""
    files = Path(__file__).parent.glob("c[0-9][0-9]_*.py")
    return sorted(path.stem[:3] for path in files)


def study(claim: str) -> ModuleType:
    """The module of a claim. Raises ValueError for an unknown id."""
    found = list(Path(__file__).parent.glob(f"{claim}_*.py"))
    if len(found) != 1:
        raise ValueError(f"no study {claim!r}; there are: {', '.join(claims())}")
    return importlib.import_module(f"helpers.course.studies.{found[0].stem}")


def rows(claim: str) -> pd.DataFrame:
    """The committed rows of a claim: columns seed, world, arm, metric, value."""
    return pd.read_csv(ROWS / f"{claim}.csv")


def values(table: pd.DataFrame, world: str, arm: str, metric: str) -> np.ndarray:
    """The values of one arm in the order of the seeds, so that two arms are paired.

    Raises KeyError when there are none.
    """
    chosen = table[(table["world"] == world) & (table["arm"] == arm) & (table["metric"] == metric)]
    if chosen.empty:
        raise KeyError(f"no rows for world {world!r}, arm {arm!r}, metric {metric!r}")
    return chosen.sort_values("seed")["value"].to_numpy()


def interval(
    table: pd.DataFrame, world: str, arm: str, metric: str, less: str | None = None
) -> evaluation.Interval:
    """The mean of an arm over the seeds with its 95 % interval; with `less`, of its paired
    difference to that arm. Seeds of known truth are new worlds (t interval), those of real shoppers
    bootstrap samples (percentiles)."""
    found = values(table, world, arm, metric)
    if less is not None:
        found = found - values(table, world, less, metric)
    return (evaluation.bootstrap_interval if world == REAL else evaluation.mean_interval)(found)


def one_seed(claim: str, seed: int) -> pd.DataFrame:
    """Run one seed of a claim: its rows."""
    result = study(claim).run(seed)
    records = [(seed, *key, float(f"{value:.6g}")) for key, value in result.items()]
    return pd.DataFrame(records, columns=COLUMNS)


def measure(claim: str, seeds: range | None = None, workers: int = 2) -> pd.DataFrame:
    """Run all seeds of a claim in `workers` processes, with a progress bar; rows sorted by seed."""
    seeds = study(claim).SEEDS if seeds is None else seeds
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(one_seed, claim, seed) for seed in seeds]
        try:
            done = [job.result() for job in tqdm(as_completed(jobs), claim, len(jobs), unit="seed")]
        except BaseException:  # a stop by the reader, too, must not wait for the queue
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return pd.concat(done).sort_values("seed", kind="stable").reset_index(drop=True)


def digest(claim: str) -> str:
    """SHA-256 of a claim's rows, independent of the line endings of the checkout."""
    text = (ROWS / f"{claim}.csv").read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()


def save(claim: str, table: pd.DataFrame) -> None:
    """Store the rows of a claim, their digest, and the README's table of claims."""
    ROWS.mkdir(parents=True, exist_ok=True)
    write_text(
        ROWS / f"{claim}.csv", table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    )
    stored = [c for c in claims() if (ROWS / f"{c}.csv").exists()]
    write_text(DIGESTS, "".join(f"{digest(c)}  {c}.csv\n" for c in stored))
    write_readme()


def write_readme() -> None:
    """Write the README's table of claims anew from the stored rows."""
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    write_text(README, pattern.sub(lambda _: f"{BEGIN}\n{readme_claims()}\n{END}", text))


def readme_claims() -> str:
    """How many claims are borne out, which are not, and the table of all of them."""
    verdicts = {claim: study(claim).finding(rows(claim)).borne_out for claim in claims()}
    by = {
        verdict: [c for c, v in verdicts.items() if v == verdict]
        for verdict in ("yes", "partly", "no")
    }
    return (
        f"Of {len(verdicts)} claims, {len(by['yes'])} are borne out, {len(by['partly'])} partly "
        f"({', '.join(by['partly'])}), and {len(by['no'])} not "
        f"({', '.join(by['no'])}).\n\n{claims_table()}"
    )


def claims_table(only: list[str] | None = None) -> str:
    """The findings of the stored claims as a Markdown table, computed from their rows; of the
    claims in `only`, for the chapter that reads them, without the column of chapters."""
    head = ["", "claim", "borne out", "where the truth is known", "on real shoppers"]
    table = [head if only else [*head, "chapter"]]
    table.append(["---"] * len(table[0]))
    for claim in only or claims():
        if (ROWS / f"{claim}.csv").exists():
            module = study(claim)
            found = module.finding(rows(claim))
            row = [
                claim,
                module.CLAIM,
                found.borne_out,
                _broken(found.known),
                _broken(found.real) or "–",
            ]
            table.append(row if only else [*row, module.CHAPTER])
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def _broken(text: str) -> str:
    """A new line after a sentence, and after a semicolon outside parentheses: figures are read in
    steps."""
    return re.sub(r"(\.) (?=[A-Z])|(;) (?![^()]*\))", lambda found: f"{found[0].strip()}<br>", text)
