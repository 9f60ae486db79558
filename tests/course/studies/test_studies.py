"""No result is stale: rows match their digests, and a seed recomputed gives its rows."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from helpers.course import studies
from helpers.course.studies import parts, storing
from helpers.files import ROOT

CLAIMS = studies.claims()


def test_there_are_studies_with_rows():
    assert {"c01", "c02", "c03", "c04"} <= set(CLAIMS)
    stored = {path.stem for path in storing.ROWS.glob("*.csv")}
    assert stored == set(CLAIMS)
    drawn = {path.stem for path in (storing.ROWS / "households").glob("*.csv")}
    assert drawn == {c for c in CLAIMS if studies.REAL in set(studies.rows(c)["world"])}


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_figure_was_changed_by_hand(claim):
    lines = (storing.ROWS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    kept = dict(reversed(line.split("  ")) for line in lines)
    for path in studies.files(claim):
        name = path.relative_to(storing.ROWS).as_posix()
        assert kept[name] == studies.digest(path), (
            f"data/studies/{name} differs from what was measured: "
            f"uv run python -m helpers.course.studies {claim}"
        )


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_seed_has_the_same_rows(claim):
    table = studies.rows(claim)
    assert list(table.columns) == studies.COLUMNS
    seeds, draws = list(studies.study(claim).SEEDS), studies.draws(claim)
    assert len(seeds) >= 30 and (not draws or len(draws) > 30)
    assert np.isfinite(table["value"]).all()
    for (world, arm, metric), part in table.groupby(["world", "arm", "metric"]):
        wanted = draws if draws and world == studies.REAL else seeds
        assert sorted(part["seed"]) == wanted, (world, arm, metric)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_seed_recomputed_gives_its_rows(claim, seed_of_the_day):
    """One seed, another one each day, so that within a month every row is recomputed; of c02, with
    its twelve designs, two a day."""
    seeds = studies.study(claim).SEEDS
    only = two_designs(seed_of_the_day) if claim == "c02" else None
    compare(claim, seeds[seed_of_the_day % len(seeds)], households=False, only=only)


def two_designs(day: int) -> list[str]:
    """A design of c02 without segments and one with segments, drawn for the day."""
    true_k = studies.study("c02").TRUE_K
    kinds = (
        [world for world, k in true_k.items() if k == 1],
        [w for w, k in true_k.items() if k > 1],
    )
    return [random.Random(day).choice(kind) for kind in kinds]


def test_within_a_quarter_every_design_has_its_day():
    days = [(date(2026, 1, 1) + timedelta(days=i)).strftime("%Y%m%d") for i in range(90)]
    assert {world for day in days for world in two_designs(int(day))} == set(
        studies.study("c02").TRUE_K
    )


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if studies.draws(claim)])
def test_a_draw_of_households_recomputed_gives_its_rows(claim, seed_of_the_day):
    """All of them, and one draw, another one each day."""
    draws = studies.draws(claim)
    compare(claim, studies.FULL, households=True)
    compare(claim, draws[1 + seed_of_the_day % (len(draws) - 1)], households=True)


def compare(claim: str, seed: int, households: bool, only: Collection[str] | None = None) -> None:
    """The stored rows of a seed (in some worlds `only`), or of a draw of households, are those that
    it gives now."""
    names = ["world", "arm", "metric"]
    measured = studies.one_seed(claim, seed, households, only).set_index(names)["value"]
    table = studies.rows(claim)
    if only is not None:
        table = table[table["world"].isin(only)]
    if studies.draws(claim):
        table = table[(table["world"] == studies.REAL) == households]
    kept = table[table["seed"] == seed].set_index(names)["value"]
    assert sorted(kept.index) == sorted(measured.index), f"seed {seed}"
    np.testing.assert_allclose(
        measured[kept.index],
        kept,
        rtol=1e-3,
        atol=1e-4,
        err_msg=f"seed {seed}: measure again with uv run python -m helpers.course.studies {claim}",
    )


def test_a_changed_figure_is_found(tmp_path):
    [path, *_] = studies.files(CLAIMS[0])
    text, kept = path.read_text(encoding="utf-8"), studies.digest(path)
    copy = tmp_path / path.name
    copy.write_text(text, encoding="utf-8", newline="\r\n")
    assert studies.digest(copy) == kept, "line endings are no change"
    copy.write_text(text[: text.rindex(",") + 1] + "77\n", encoding="utf-8")
    assert studies.digest(copy) != kept


def test_rows_come_back_as_they_were_stored(tmp_path, monkeypatch):
    monkeypatch.setattr(storing, "ROWS", tmp_path)
    names = [("shop", "a", "AUC"), (studies.REAL, "a", "AUC"), (studies.REAL, "b, c", "F1 | x")]
    rows = pd.DataFrame(
        [(7, *names[0], 0.5)]
        + [(seed, *name, seed + i / 10) for seed in (-1, 0, 1) for i, name in enumerate(names[1:])],
        columns=studies.COLUMNS,
    )
    with pytest.raises(ValueError, match="F1"):
        studies.save("c01", rows, studies.REAL)
    rows["metric"] = rows["metric"].replace("F1 | x", "F1")
    studies.save("c01", rows, studies.REAL)
    found = studies.rows("c01").sort_values(studies.COLUMNS, ignore_index=True)
    pd.testing.assert_frame_equal(found, rows.sort_values(studies.COLUMNS, ignore_index=True))
    assert len((tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()) == 2


def test_a_claim_half_measured_is_carried_on(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "FOLDER", tmp_path)
    first = studies.one_seed("c01", 2001).assign(apart=False)
    parts.add("c01", first.assign(value=77.0))  # so that it can be told from one run anew
    monkeypatch.setattr(studies.study("c01"), "SEEDS", range(2000, 2003))
    found = studies.measure("c01", workers=1).set_index("seed")["value"]
    assert (found.loc[2001] == 77).all(), "a finished seed is run again"
    assert not (found.loc[[2000, 2002]] == 77).any()
    assert set(parts.read("c01")["seed"]) == {2000, 2001, 2002}
    monkeypatch.setattr(parts, "code", lambda: "other")
    assert parts.read("c01").empty, "rows of other code are carried on"
    parts.forget("c01")
    assert not list(tmp_path.iterdir())


def test_unknown_claims_and_arms_are_named():
    with pytest.raises(ValueError, match="c01"):
        studies.study("c99")
    with pytest.raises(KeyError, match="no rows for world"):
        studies.values(studies.rows(CLAIMS[0]), "nowhere", "none", "nothing")
    command = [sys.executable, "-m", "helpers.course.studies", "c99"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2 and "no study c99" in done.stderr
