"""Two dates compared: how often a shop that does not change is said to have changed, and how often
a change is found.

    uv run python tests/benchmarks/moved.py     # writes data/benchmarks/moved.csv

Draws shops whose customers behave as BG/NBD has it (Fader, Hardie & Lee 2005): new ones come at a
constant rate, each orders at a rate of their own (gamma) and leaves after an order with a
probability of their own (beta). The quarter compared is the last.

- `whole`: the file begins with the shop; `cut`: it begins three years into the shop's life;
- `2 years`, `3 years`: how long the file is; 500 new customers a year, `large`: 2,000;
- `steady`: nothing changes, so that every alarm is false;
- `orders -30%` and the like: from the first date on all customers order more rarely;
- `new -30%`: from the first date on fewer new customers come;
- `season 30%`: nothing changes but the time of the year, by which all order more often and more
  rarely, by up to so much.

Prints the share of shops with an alarm, with its interval. Columns: file, change, seed,
alarm (1 or 0), all (whether all customers together were outside their band), groups (how many
were), new (whether those new, or back after a year, were).
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import evaluation
from helpers.files import ROOT
from helpers.owner.moved import ALL, FEWER, FRESH, MORE, moved
from helpers.shop import Shop, conform

RESULT = ROOT / "data" / "benchmarks" / "moved.csv"
END = pd.Timestamp("2025-01-01")
QUARTER, YEAR = 91.0, 365.0
FIRST_SEED = 10_000  # the method was made on seeds below; these were drawn once, after it stood
BEFORE = 3 * YEAR  # of a shop's life that a cut file does not hold
FILES = {
    "whole, 2 years": (True, 2, 500),
    "whole, 3 years": (True, 3, 500),
    "cut, 2 years": (False, 2, 500),
    "cut, 3 years": (False, 3, 500),
    "cut, 3 years, large": (False, 3, 2_000),
}


class World(NamedTuple):
    """What a drawn shop is like: whether the file begins with the shop, its years, new customers in
    each of them, by what factor customers order and new ones come in the last quarter, how strong
    the season is (a share)."""

    whole: bool = True
    years: int = 3
    a_year: int = 500
    orders: float = 1.0
    new: float = 1.0
    season: float = 0.0


CHANGES = {
    "steady": {},
    "orders -30%": {"orders": 0.7},
    "orders -50%": {"orders": 0.5},
    "new -30%": {"new": 0.7},
    "new -50%": {"new": 0.5},
    "season 30%": {"season": 0.3},
}
STEADY = "steady"


def draw(world: World, seed: int) -> Shop:
    """Return a shop's orders up to `END`, each customer's times drawn as the world has it."""
    rng = np.random.default_rng(seed)
    length = world.years * YEAR + (0 if world.whole else BEFORE)
    then = length - QUARTER
    begun = np.sort(rng.uniform(0, length, rng.poisson(world.a_year * length / YEAR)))
    begun = begun[(begun < then) | (rng.random(len(begun)) < world.new)]
    n = len(begun)
    rate = rng.gamma(0.8, 1 / 60, n)  # orders a day: one in 75 days, on average
    leaves = rng.beta(0.8, 2.5, n)
    worth = rng.lognormal(3.5, 0.5, n)
    clock = _clock(begun, world, then)
    customers, times = [np.arange(n)], [begun]
    alive = np.arange(n)
    while len(alive):
        alive = alive[rng.random(len(alive)) >= leaves[alive]]
        clock[alive] += rng.exponential(1 / rate[alive])
        at = _time(clock[alive], world, then, length)
        alive, at = alive[at < length], at[at < length]
        customers.append(alive)
        times.append(at)
    customer, at = np.concatenate(customers), np.concatenate(times)
    if not world.whole:
        customer, at = customer[at >= BEFORE], at[at >= BEFORE]
    lines = pd.DataFrame(
        {
            "customer_id": customer.astype(str),
            "order_id": np.arange(len(at)).astype(str),
            "ordered_at": END - pd.to_timedelta((length - at).round(5), "D"),
            "amount": (worth[customer] * rng.lognormal(0, 0.4, len(at))).round(2),
        }
    )
    return Shop("drawn", conform(lines, "purchases"))


def _clock(at: np.ndarray, world: World, then: float) -> np.ndarray:
    """The time that customers live by: it runs as fast as they order."""
    passed = at + world.season * YEAR / (2 * np.pi) * (1 - np.cos(2 * np.pi * at / YEAR))
    late = np.maximum(0, at - then)
    return passed - late * (1 - world.orders)


def _time(clock: np.ndarray, world: World, then: float, length: float) -> np.ndarray:
    """The inverse of `_clock`; beyond the end where it lies beyond."""
    grid = np.linspace(0, 1.01 * length, 4_000)
    return np.interp(clock, _clock(grid, world, then), grid, right=np.inf)


def compare(world: World, seed: int) -> dict[str, int]:
    """What the comparison of the last quarter says of a drawn shop."""
    found = moved(draw(world, seed), END - pd.Timedelta(QUARTER, "D"), END).groups
    outside = found["verdict"].isin([FEWER, MORE])
    return {
        "alarm": int(outside.any()),
        "all": int(outside[ALL]),
        "groups": int(outside.drop([ALL, FRESH]).sum()),
        "new": int(outside[FRESH]),
    }


def measure(shops: int) -> pd.DataFrame:
    """All rows: of each kind of file and change so many shops, half as many where there is one."""
    rows = []
    for file, (whole, years, a_year) in FILES.items():
        for change, what in CHANGES.items():
            many = shops if change == STEADY else shops // 2
            world = World(whole, years, a_year, **what)
            for seed in range(FIRST_SEED, FIRST_SEED + many):
                rows.append({"file": file, "change": change, "seed": seed} | compare(world, seed))
            print(file, change, share(pd.DataFrame(rows[-many:])), flush=True)
    return pd.DataFrame(rows)


def share(rows: pd.DataFrame) -> str:
    """The share of shops with an alarm, with its interval."""
    return evaluation.proportion_interval(int(rows["alarm"].sum()), len(rows)).text(3)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shops", type=int, default=200)
    rows = measure(parser.parse_args().shops)
    rows.to_csv(RESULT, index=False, lineterminator="\n")
    print("steady, all files:", share(rows[rows["change"] == STEADY]))


if __name__ == "__main__":
    main()
