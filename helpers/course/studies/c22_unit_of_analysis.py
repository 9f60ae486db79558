"""c22: the unit of analysis must be the unit of randomization.

Customers are put into two arms that get the same, 200 times a seed; the question is put to their
visits or baskets. A t-test on these counts a customer's baskets as independent, which they are not.
"""

import numpy as np
import pandas as pd

from helpers import evaluation, simulator
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = "the unit of analysis must be the unit of randomization"
EXPECTED = (
    "a t-test on visits or baskets rejects far more often than 5 %; the delta method and "
    "households, 5 %"
)
KIND = "demonstration"
CHAPTER = "06"
SEEDS = range(40)
SPLITS = 200
WORLD, METRIC = "simulated shop", "share of A/A tests with p < .05"
ARMS = ["t-test on rows", "delta method", "per customer"]
CONTRASTS = {
    name: studies.Contrast(
        f"{METRIC}, {ARMS[0]} minus {ARMS[1]}",
        studies.minus(world, ARMS[0], ARMS[1], METRIC),
        above=0.05,
        again=world == studies.REAL,
    )
    for name, world in ((WORLD, WORLD), ("households", studies.REAL))
}
WAS = "yes"
HISTORY = (
    "The contrast and its margin were named after a look at these rows: a demonstration, whose "
    "worlds were not drawn anew.",
)


def visits(seed: int) -> pd.DataFrame:
    """Per customer of a simulated shop the visits of half a year, and those with something in the
    cart."""
    store, _ = simulator.simulate(customers=5_000, seed=seed)
    lines = store.tables["visits"].query("started_at >= '2025-07-01'")
    carts = lines.groupby(["customer_id", "visit_id"])["added_to_cart"].max().astype(float)
    table = carts.groupby(level="customer_id").agg(rows="size", total="sum")
    return table.assign(squares=table["total"])  # of 0 and 1


def rejected(table: pd.DataFrame, rng: np.random.Generator) -> dict[str, float]:
    """The share of random splits of the customers that each test calls different. `table`: rows,
    total and squares (summed over the rows) per customer."""
    arms = (rng.random((SPLITS, len(table))) < 0.5).astype(float)
    count, total, squares = (table[c].to_numpy(dtype=float) for c in ("rows", "total", "squares"))
    z = {}

    def test(name: str, estimates: list, variances: list) -> None:
        z[name] = (estimates[0] - estimates[1]) / np.sqrt(variances[0] + variances[1])

    sides = [arms, 1 - arms]
    means = [(s @ total) / (s @ count) for s in sides]
    spread = [(s @ squares) / (s @ count) - m**2 for s, m in zip(sides, means, strict=True)]
    test("t-test on rows", means, [v / (s @ count) for v, s in zip(spread, sides, strict=True)])
    # the delta method: the variance of total - ratio x rows over the customers of an arm
    left = [
        (s @ total**2 - 2 * m * (s @ (total * count)) + m**2 * (s @ count**2)) / (s @ count) ** 2
        for s, m in zip(sides, means, strict=True)
    ]
    test("delta method", means, left)
    own = [(s @ total) / s.sum(axis=1) for s in sides]
    width = [
        ((s @ total**2) / s.sum(axis=1) - m**2) / (s.sum(axis=1) - 1)
        for s, m in zip(sides, own, strict=True)
    ]
    test("per customer", own, width)
    return {
        name: float((np.abs(value) > evaluation.critical_value()).mean())
        for name, value in z.items()
    }


def run(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    real = journey.between("2017-10-01", "2017-12-30").query("baskets > 0")
    real = real.rename(columns={"baskets": "rows", "spend": "total"})
    found = {WORLD: rejected(visits(seed), rng), studies.REAL: rejected(real, rng)}
    result = {}
    for world, shares in found.items():
        for arm in ARMS:
            result[world, arm, METRIC] = shares[arm]
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    asked = {WORLD: "carts per visit", studies.REAL: "spend per basket"}
    figures: dict[str, list[studies.Figure]] = {WORLD: [], studies.REAL: []}
    for world, value in asked.items():
        for arm in ARMS:
            share = evaluation.mean_interval(studies.values(rows, world, arm, METRIC))
            figures[world].append(studies.Figure(f"{value}, {arm}", share, ".3f"))
    baskets = figures[studies.REAL][0]
    return studies.Finding(
        "a t-test on baskets alarms in {} of A/A tests",
        baskets._replace(form=".0%"),
        figures[WORLD],
        figures[studies.REAL],
        note=f"Figures are the {METRIC}. {studies.SPLIT_AGAIN}",
    )
