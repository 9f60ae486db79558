"""Claims by id, and measuring them anew, seed by seed."""

from __future__ import annotations

import importlib
import math
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
from tqdm import tqdm

from helpers import evaluation
from helpers.course.studies import parts
from helpers.course.studies.intervals import drawn_interval
from helpers.course.studies.storing import COLUMNS

REAL = "The Complete Journey"
FULL = -1  # the seed of all households, none drawn
CHUNKS = 80  # jobs that the draws of households are dealt to


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


def draws(claim: str) -> list[int]:
    """The seeds of the draws of real households, `FULL` first; none where a study has no
    `households`."""
    module = study(claim)
    return [FULL, *range(module.DRAWS)] if hasattr(module, "DRAWS") else []


def resampled(n: int, seed: int) -> np.ndarray:
    """The numbers of n households drawn with replacement (n,); all of them, each once, by
    `FULL`."""
    if seed == FULL:
        return np.arange(n)
    return np.random.default_rng(seed).integers(n, size=n)


def values(table: pd.DataFrame, world: str, arm: str, metric: str) -> np.ndarray:
    """The values of one arm in the order of the seeds, so that two arms are paired; that of the
    full sample is not among them.

    Raises KeyError when there are none.
    """
    seeds, found = _of(table, world, arm, metric)
    drawn = seeds != FULL
    if not drawn.any():
        raise KeyError(f"no rows for world {world!r}, arm {arm!r}, metric {metric!r}")
    return found[drawn][np.argsort(seeds[drawn], kind="stable")]


def full_sample(table: pd.DataFrame, world: str, arm: str, metric: str) -> float:
    """The value of one arm on all real households; NaN in a study that has none."""
    seeds, found = _of(table, world, arm, metric)
    whole = found[seeds == FULL]
    return float(whole[0]) if len(whole) else np.nan


def _of(table: pd.DataFrame, world: str, arm: str, metric: str) -> tuple[np.ndarray, np.ndarray]:
    """The seeds and the values of one arm, as arrays: a page asks for thousands of them."""
    same = (table["world"] == world) & (table["arm"] == arm) & (table["metric"] == metric)
    chosen = same.to_numpy()
    return table["seed"].to_numpy()[chosen], table["value"].to_numpy()[chosen]


def interval(
    table: pd.DataFrame,
    world: str,
    arm: str,
    metric: str,
    less: str | None = None,
    kept: float | None = None,
    most: float = math.inf,
) -> evaluation.Interval:
    """A figure of an arm with its 95 % interval; with `less`, its paired difference to that arm.

    Seeds of known truth are new worlds: the mean with its t interval. For real shoppers it is the
    figure of all households, ± 1.96 standard deviations of the draws (`kept`: see
    `intervals.drawn_interval`). It ends at `most`, where a figure can be no larger.
    """
    found, full = values(table, world, arm, metric), full_sample(table, world, arm, metric)
    if less is not None:
        found = found - values(table, world, less, metric)
        full = full - full_sample(table, world, less, metric)
    if world != REAL:
        estimate, low, high = evaluation.mean_interval(found)
    else:
        estimate, low, high = drawn_interval(found, full, kept)
    return evaluation.Interval(estimate, low, min(high, most))


def one_seed(
    claim: str, seed: int, households: bool = False, only: Collection[str] | None = None
) -> pd.DataFrame:
    """The rows of one seed of a claim; of one draw of the real households where these are drawn
    apart. A study of many designs (c02) can be asked for some worlds `only`."""
    module = study(claim)
    chosen = {} if only is None else {"only": only}
    result = (module.households if households else module.run)(seed, **chosen)
    records = [(seed, *key, float(f"{value:.6g}")) for key, value in result.items()]
    return pd.DataFrame(records, columns=COLUMNS)


def some_seeds(claim: str, seeds: list[int], households: bool) -> pd.DataFrame:
    """The rows of several seeds."""
    return pd.concat([one_seed(claim, seed, households) for seed in seeds])


def measure(
    claim: str, seeds: range | None = None, workers: int = 2, resume: bool = True
) -> pd.DataFrame:
    """Run all seeds of a claim in `workers` processes, with a progress bar; rows sorted by seed,
    those of the draws of households last.

    What is finished is kept in a part file, and is not run again after a stop; it is given up when
    any line of `helpers` has changed meanwhile, or where not to `resume`.
    """
    drawn = seeds is None
    seeds = study(claim).SEEDS if seeds is None else seeds
    done = parts.read(claim) if resume and drawn else parts.nothing()
    asked = [([seed], False) for seed in seeds]
    if drawn:
        whole = draws(claim)
        size = max(len(whole) // CHUNKS, 1)
        asked += [(whole[i : i + size], True) for i in range(0, len(whole), size)]
    open_jobs = [(s, apart) for s, apart in asked if not parts.holds(done, s, apart)]
    bar = tqdm(total=sum(len(s) for s, _ in asked), desc=claim, unit="seed")
    bar.update(bar.total - sum(len(s) for s, _ in open_jobs))
    with ProcessPoolExecutor(workers) as pool, bar:
        jobs = {pool.submit(some_seeds, claim, s, apart): (s, apart) for s, apart in open_jobs}
        try:
            for job in as_completed(jobs):
                found = job.result().assign(apart=jobs[job][1])
                done = pd.concat([done, found]) if len(done) else found
                if drawn:
                    parts.add(claim, found)
                bar.update(len(jobs[job][0]))
        except BaseException:  # a stop by the reader, too, must not wait for the queue
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    done = done.sort_values(["apart", "seed"], kind="stable")
    return done[COLUMNS].reset_index(drop=True)
