"""No result is stale: rows match their digests, and a seed recomputed gives its rows."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from helpers.course import studies
from helpers.course.studies import measuring
from helpers.files import ROOT

CLAIMS = studies.claims()


def test_there_are_studies_with_rows():
    assert {"c01", "c02", "c03", "c04"} <= set(CLAIMS)
    stored = {path.stem for path in measuring.ROWS.glob("*.csv")}
    assert stored == set(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_figure_was_changed_by_hand(claim):
    lines = measuring.DIGESTS.read_text(encoding="utf-8").splitlines()
    kept = dict(reversed(line.split("  ")) for line in lines)
    assert kept[f"{claim}.csv"] == studies.digest(claim), (
        f"data/studies/{claim}.csv differs from what was measured: "
        f"uv run python -m helpers.course.studies {claim}"
    )


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_seed_has_the_same_rows(claim):
    table = studies.rows(claim)
    assert list(table.columns) == studies.COLUMNS
    assert sorted(table["seed"].unique()) == list(studies.study(claim).SEEDS)
    assert len(studies.study(claim).SEEDS) >= 30
    counts = table.groupby(["world", "arm", "metric"]).size()
    assert (counts == len(studies.study(claim).SEEDS)).all()
    assert np.isfinite(table["value"]).all()


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_seed_recomputed_gives_its_rows(claim, seed_of_the_day):
    """One seed, another one each day, so that within a month every row is recomputed."""
    seeds = studies.study(claim).SEEDS
    seed = seeds[seed_of_the_day % len(seeds)]
    measured = studies.one_seed(claim, seed).set_index(["world", "arm", "metric"])["value"]
    table = studies.rows(claim)
    kept = table[table["seed"] == seed].set_index(["world", "arm", "metric"])["value"]
    assert sorted(kept.index) == sorted(measured.index), f"seed {seed}"
    np.testing.assert_allclose(
        measured[kept.index],
        kept,
        rtol=1e-3,
        atol=1e-4,
        err_msg=f"seed {seed}: measure again with uv run python -m helpers.course.studies {claim}",
    )


def test_a_changed_figure_is_found(tmp_path, monkeypatch):
    claim = CLAIMS[0]
    text = (measuring.ROWS / f"{claim}.csv").read_text(encoding="utf-8")
    kept = studies.digest(claim)
    monkeypatch.setattr(measuring, "ROWS", tmp_path)
    (tmp_path / f"{claim}.csv").write_text(text, encoding="utf-8", newline="\r\n")
    assert studies.digest(claim) == kept, "line endings are no change"
    changed = text[: text.rindex(",") + 1] + "77\n"
    (tmp_path / f"{claim}.csv").write_text(changed, encoding="utf-8")
    assert studies.digest(claim) != kept


def test_unknown_claims_and_arms_are_named():
    with pytest.raises(ValueError, match="c01"):
        studies.study("c99")
    with pytest.raises(KeyError, match="no rows for world"):
        studies.values(studies.rows(CLAIMS[0]), "nowhere", "none", "nothing")
    command = [sys.executable, "-m", "helpers.course.studies", "c99"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2 and "no study c99" in done.stderr
