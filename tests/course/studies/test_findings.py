"""A finding is computed from its rows, and the pages show what the rows give."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest

from helpers import evaluation
from helpers.course import studies
from helpers.course.studies import rendering

CLAIMS = studies.claims()


@cache
def told(claim: str) -> rendering.Told:
    """What the rows of a claim tell: computed once, several tests look at it."""
    return rendering.told(claim)


def finding(claim: str, rows: pd.DataFrame | None = None) -> studies.Finding:
    return told(claim).result if rows is None else studies.study(claim).finding(rows)


def other_rows(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows in which no arm differs from another, then the values dealt anew to the names."""
    yield rows.assign(value=rows.groupby("seed")["value"].transform("first"))
    for seed in range(20):
        dealt = rows.groupby("seed")["value"].transform(np.random.default_rng(seed).permutation)
        yield rows.assign(value=dealt)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_headline_is_short_and_carries_its_figure(claim):
    found = finding(claim)
    assert found.sentence.count("{}") == 1
    assert found.figure.short() in found.headline and found.figure.text() in found.measured
    assert any(character.isdigit() for character in found.figure.short())
    assert len(found.headline) <= 60, found.headline
    signed = found.figure.form.startswith("+")
    assert signed or found.figure.interval.estimate >= 0, "the sentence says the opposite"


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_headline_comes_from_the_rows(claim):
    found, rows = finding(claim), studies.rows(claim)
    assert finding(claim, rows.sample(frac=1, random_state=0)) == found, "order is no finding"
    others = (finding(claim, table).headline for table in other_rows(rows))
    assert any(other != found.headline for other in others), "it does not change with the rows"


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_figure_has_its_interval(claim):
    found = finding(claim)
    assert found.known
    for figures in (found.known, found.real, [found.figure]):
        assert len({figure.what for figure in figures}) == len(figures), "a figure stands twice"
        for figure in figures:
            estimate, low, high = figure.interval
            assert np.isfinite(figure.interval).all(), figure
            assert low - 1e-9 <= estimate <= high + 1e-9, figure
            assert "|" not in figure.what, "it would break the table"


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_study_says_what_it_claims(claim):
    module = studies.study(claim)
    assert module.CLAIM and module.EXPECTED and module.CHAPTER
    assert module.KIND in studies.KINDS
    assert all(isinstance(line, str) and line.endswith(".") for line in module.HISTORY)


def test_a_figure_is_formatted_as_it_asks():
    half = evaluation.Interval(0.5, 0.25, 0.75)
    assert studies.Figure("a share", half).text() == "0.50 [0.25, 0.75]"
    assert studies.Figure("a share", half, ".0%").text() == "50% [25%, 75%]"
    assert studies.Figure("a gain", half, "+.3f").short() == "+0.500"


def test_a_count_has_the_wilson_interval():
    figure = studies.count("shops that fell", np.array([True] * 27 + [False] * 3))
    assert figure.what == "shops that fell: 27 of 30"
    assert figure.text() == "0.90 [0.74, 0.97]"


def test_the_pages_are_those_the_rows_give():
    remedy = "uv run python -m helpers.course.studies --table"
    all_claims = [told(claim) for claim in CLAIMS]
    assert rendering.PAGE.read_text(encoding="utf-8") == rendering.page(all_claims), remedy
    text = rendering.README.read_text(encoding="utf-8")
    inside = text.split(rendering.BEGIN)[1].split(rendering.END)[0].strip()
    assert inside == rendering.readme_claims(all_claims), remedy
    assert max(len(line) for line in inside.splitlines()) <= 100


def test_the_page_holds_every_claim_and_every_figure():
    page = rendering.PAGE.read_text(encoding="utf-8")
    assert page.count("<details") == page.count("</details>") == len(CLAIMS)
    for claim in CLAIMS:
        found, rows = finding(claim), studies.rows(claim)
        folded = page.split(f'<details id="{claim}">')[1].split("</details>")[0]
        module, borne_out = studies.study(claim), told(claim).borne_out
        assert f"| {module.CLAIM} | {module.KIND} | {borne_out} | {found.measured} |" in page
        for world, one in module.CONTRASTS.items():
            line = f"| {world} | {one.what} | {one.region()} | {one.figure(rows).text()} |"
            assert f"{line} {one.verdict(rows)} |" in folded
        assert not module.HISTORY or "History: " in folded
        for figure in (*found.known, *found.real):
            assert f"| {figure.what} | {figure.text()} |" in folded


def test_a_chapter_reads_its_claims_alone():
    table = studies.claims_table(["c05", "c24"])
    assert table.count("<details") == 2
    assert table.startswith("|  | claim | kind | borne out | what we measured |\n")
    assert "| c24 |" in table and "| c06 |" not in table


def test_a_listing_names_every_figure():
    found, text = finding("c05"), studies.listing("c05")
    assert found.measured in text
    for figure in (*found.known, *found.real):
        assert figure.what in text and figure.text() in text
