"""How often the ranges of a campaign's result hold the truth, and looking early cries wolf.

    uv run python tests/benchmarks/campaign.py    # writes data/benchmarks/campaign.csv; 20 minutes

Campaigns on simulated customers who respond by a known rule (`tests/campaign_truth.py`), read by
`campaign.result`:

- `covers`: whether the interval of the share that orders, and of the money per customer where that
  is read, holds the truth, over 500 campaigns of each design (customers, share kept back,
  probability of one order more);
- `looks`: of campaigns that do nothing, looked at on each day before the last from the first on
  which they can be read: whether the range has ever left zero outside, and whether a plain
  95 % interval (Welch's) has.

Columns: part, design, seed, metric, value (1 or 0).
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from campaign_truth import DAYS, STARTS, ran, truth  # noqa: E402
from tqdm import tqdm  # noqa: E402

from helpers import campaign, evaluation, experiments  # noqa: E402
from helpers.campaign.plan import WRITTEN  # noqa: E402
from helpers.shop import Shop  # noqa: E402

RESULT = ROOT / "data" / "benchmarks" / "campaign.csv"
DESIGNS = [
    (148, 0.1, 0.1),
    (148, 0.1, 0.0),
    (300, 0.2, 0.1),
    (1_000, 0.05, 0.06),  # the hold-out of chapter 07
    (1_000, 0.2, 0.06),
    (1_000, 0.2, 0.0),
    (4_000, 0.1, 0.03),
]
CAMPAIGNS, LOOKED_AT = 500, 300


def covers(customers: int, keep_back: float, more: float, seed: int) -> dict[str, int]:
    """Whether the intervals of one campaign hold the truth."""
    share, money = truth(more)
    found = campaign.result(*ran(seed, customers, keep_back, more))
    hits = {"share": int(found.share.low <= share <= found.share.high)}
    if found.spend is not None:
        hits["money"] = int(found.spend.low <= money <= found.spend.high)
    return hits


def looks(customers: int, keep_back: float, seed: int) -> dict[str, int]:
    """Whether a range has left zero outside on any day of a campaign that does nothing."""
    plan, later = ran(seed, customers, keep_back, 0.0)
    written = (plan.customers["arm"] == WRITTEN).to_numpy()
    ever = {"early range": 0, "plain interval": 0}
    for day in range(1, DAYS):
        until = STARTS + pd.Timedelta(day, "D")
        lines = later.purchases[later.purchases["ordered_at"] < until]
        # an order of nobody on the day, so that the export is of that day
        end = lines.iloc[:1].assign(customer_id="x", ordered_at=until - pd.Timedelta("1s"))
        so_far = Shop("s", pd.concat([lines, end], ignore_index=True))
        found = campaign.result(plan, so_far)
        if found.share is None:
            continue
        ever["early range"] |= int(not found.share.low <= 0 <= found.share.high)
        ordered = plan.customers.index.isin(lines[lines["ordered_at"] >= STARTS]["customer_id"])
        plain = experiments.compare(ordered.astype(float), written)
        ever["plain interval"] |= int(not plain.low <= 0 <= plain.high)
    return ever


def main() -> None:
    rows = []
    for design in DESIGNS:
        for seed in tqdm(range(CAMPAIGNS), desc=str(design), mininterval=10):
            for metric, value in covers(*design, seed).items():
                rows.append(("covers", str(design), seed, metric, value))
    for customers, keep_back in [(1_000, 0.2), (4_000, 0.1)]:
        for seed in tqdm(range(LOOKED_AT), desc=f"looks {customers}"):
            for metric, value in looks(customers, keep_back, seed).items():
                rows.append(("looks", str((customers, keep_back)), seed, metric, value))
    table = pd.DataFrame(rows, columns=["part", "design", "seed", "metric", "value"])
    table.to_csv(RESULT, index=False)
    show(table)


def show(table: pd.DataFrame) -> None:
    """Print the share of each design with its interval."""
    for keys, group in table.groupby(["part", "design", "metric"], sort=False):
        share = evaluation.proportion_interval(int(group["value"].sum()), len(group))
        print(*keys, f"n = {len(group)}:", share.text(3))


if __name__ == "__main__":
    main()
