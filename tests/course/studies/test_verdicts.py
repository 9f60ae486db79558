"""A verdict is a function of the rows through one contrast, and could have come out otherwise."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from helpers.course import studies
from helpers.course.studies import rendering

CLAIMS = studies.claims()
TESTS = [claim for claim in CLAIMS if studies.study(claim).KIND == "test"]
WITHIN = {  # what a figure of this name can be; others are not bounded
    "AUC": (0, 1),
    "ARI": (-1, 1),
    "average precision": (0, 1),
    "NDCG@5": (0, 1),
    "Brier": (0, 1),
    "share": (0, 1),
    "right": (0, 1),
    "chosen": (-1, 1),
    "regret": (0, math.inf),
    "log-loss": (0, math.inf),
}
NO_END = (-math.inf, math.inf)


def contrasts() -> list:
    """Every contrast of the claims that could fail."""
    return [
        pytest.param(claim, world, id=f"{claim}, {world}")
        for claim in TESTS
        for world in studies.study(claim).CONTRASTS
    ]


def moved(rows: pd.DataFrame, one: studies.Contrast, to: float) -> pd.DataFrame:
    """The same rows, the arms of the contrast shifted in proportion to their weights until its
    estimate is `to`; no value goes beyond what its metric can be."""
    size = sum(weight**2 for weight in one.terms.values())
    rows = rows.copy()
    parts = []
    for (world, arm, metric), weight in one.terms.items():
        same = (rows["world"] == world) & (rows["arm"] == arm) & (rows["metric"] == metric)
        ends = next((ends for name, ends in WITHIN.items() if name in metric), NO_END)
        parts.append((same.to_numpy(), weight, ends))
    values = rows["value"].to_numpy(copy=True)
    for _ in range(200):
        short = to - one.interval(rows).estimate
        if abs(short) < 1e-9:
            return rows
        for same, weight, ends in parts:
            values[same] = np.clip(values[same] + short * weight / size, *ends)
        rows["value"] = values
    raise AssertionError(f"no possible rows give {to:.3f}: {one.what}")


@pytest.mark.parametrize("claim, world", contrasts())
def test_other_rows_would_turn_a_verdict(claim, world):
    one, rows = studies.study(claim).CONTRASTS[world], studies.rows(claim)
    estimate, low, high = one.interval(rows)
    reach = 1.1 * max(high - estimate, estimate - low) + 1e-6
    inside = one.above + reach if math.isfinite(one.above) else one.below - reach
    outside = one.above - reach if math.isfinite(one.above) else one.below + reach
    if math.isfinite(one.above) and math.isfinite(one.below):
        inside = (one.above + one.below) / 2
    found = {one.verdict(moved(rows, one, to)) for to in (inside, outside)}
    assert found == {"yes", "no"}, f"{one.what}: {found}"


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_verdict_is_recomputed_from_its_rows_by_hand(claim):
    rows, said = studies.rows(claim), studies.verdicts(claim)
    for world, one in studies.study(claim).CONTRASTS.items():
        table = rows.pivot_table("value", "seed", ["world", "arm", "metric"])
        value = sum(weight * table[arm] for arm, weight in one.terms.items()).dropna()
        drawn, full = value[value.index >= 0], value[value.index < 0]
        spread = drawn.std() * math.sqrt(one.kept / (1 - one.kept) if one.kept else 1)
        known = all(name != studies.REAL for name, _, _ in one.terms)
        if known or one.again:
            spread, full = drawn.std() / math.sqrt(len(drawn)), full.iloc[:0]
        center = full.iloc[0] if len(full) else drawn.mean()
        half = 1.96 * spread
        if known or one.again:  # Student's t, of thirty draws or more
            assert one.interval(rows).high - center == pytest.approx(half, rel=0.06, abs=1e-9)
            half = one.interval(rows).high - center
        low, high = center - half, center + half
        if one.above < low and high < one.below:
            wanted = "yes"
        else:
            wanted = "no" if high <= one.above or low >= one.below else "open"
        assert said[world] == wanted, one.what


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_contrast_is_named_and_has_a_margin(claim):
    found = studies.study(claim).CONTRASTS
    assert found
    for one in found.values():
        assert one.what and "|" not in one.what
        assert math.isfinite(one.above) or math.isfinite(one.below)
        assert one.above < one.below
        worlds = {world == studies.REAL for world, _, _ in one.terms}
        assert len(worlds) == 1, "real shoppers and known truth in one contrast"
        if studies.REAL in {world for world, _, _ in one.terms} and studies.draws(claim):
            assert not one.again


def rows_of(values: list[float], world: str = "a world", full: float | None = None):
    """Rows of one arm."""
    found = [(seed, world, "x", "m", value) for seed, value in enumerate(values)]
    if full is not None:
        found.append((studies.FULL, world, "x", "m", full))
    return pd.DataFrame(found, columns=studies.COLUMNS)


def test_yes_no_and_open():
    rows = rows_of([0.9, 1.0, 1.1, 1.0])
    low, high = studies.interval(rows, "a world", "x", "m")[1:]
    terms = studies.alone("a world", "x", "m")
    asked = {
        (0.5, math.inf): "yes",
        (1.5, math.inf): "no",
        (1.0, math.inf): "open",
        (-math.inf, 1.5): "yes",
        (-math.inf, 0.5): "no",
        (0.5, 1.5): "yes",
        (1.05, 1.5): "open",
        (2.0, 3.0): "no",
        (low, math.inf): "open",
        (high, math.inf): "no",
    }
    for (above, below), wanted in asked.items():
        assert studies.Contrast("", terms, above, below).verdict(rows) == wanted, (above, below)


def test_noise_does_not_help_a_claim_that_nothing_differs():
    terms = studies.alone("a world", "x", "m")
    same = studies.Contrast("", terms, above=-0.1, below=0.1)
    rng = np.random.default_rng(0)
    assert same.verdict(rows_of(list(rng.normal(0, 0.05, 40)))) == "yes"
    assert same.verdict(rows_of(list(rng.normal(0, 2.0, 40)))) == "open"


def test_the_verdicts_of_worlds_make_one():
    assert studies.together(["yes", "yes"]) == "yes"
    assert studies.together(["yes", "no"]) == studies.together(["yes", "open"]) == "partly"
    assert studies.together(["no", "open"]) == "no"
    assert studies.together(["open", "open"]) == "open"


def test_terms_are_added_up():
    gain = studies.minus("w", "new", "old", "m")
    assert gain == {("w", "new", "m"): 1, ("w", "old", "m"): -1}
    twice = studies.total(gain, gain)
    assert twice == {("w", "new", "m"): 2, ("w", "old", "m"): -2}
    assert studies.average(gain, gain) == gain
    assert studies.average(gain, gain, weight=-1) == studies.minus("w", "old", "new", "m")


def test_real_shoppers_have_the_normal_interval_around_all_of_them():
    """Percentiles of thirty draws cover 90 %: they were the intervals once."""
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(400):
        sample = rng.normal(size=500)
        drawn = [sample[rng.integers(500, size=500)].mean() for _ in range(30)]
        rows = rows_of(drawn, studies.REAL, full=sample.mean())
        found = studies.interval(rows, studies.REAL, "x", "m")
        assert found.estimate == sample.mean()
        covered.append(found.low < 0 < found.high)
    assert 0.92 < np.mean(covered) < 0.98


def test_draws_without_replacement_give_the_interval_of_the_population():
    rng = np.random.default_rng(0)
    customers = rng.normal(size=1_000)
    means = np.array([rng.choice(customers, 800, replace=False).mean() for _ in range(4_000)])
    found = studies.drawn_interval(means, customers.mean(), kept=0.8)
    half = 1.96 * customers.std() / 1_000**0.5
    assert found.estimate == customers.mean()
    assert found.high - found.low == pytest.approx(2 * half, rel=0.1)
    with pytest.raises(ValueError, match="two draws"):
        studies.drawn_interval(means[:1], 0.0)


def test_the_tally_counts_every_claim_once():
    text = rendering.tally(rendering.told_of_all())
    numbers = [
        int(word) for word in text.replace("(", "").replace(",", "").split() if word.isdigit()
    ]
    claims, shown, _, tests, *verdicts = numbers
    assert claims == len(CLAIMS) == shown + tests
    assert tests == len(TESTS) == sum(verdicts)
