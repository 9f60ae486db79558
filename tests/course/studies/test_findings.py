"""A finding is computed from its rows, and the pages show what the rows give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from helpers import evaluation
from helpers.course import studies
from helpers.course.studies import rendering

CLAIMS = studies.claims()


def finding(claim: str, rows: pd.DataFrame | None = None) -> studies.Finding:
    return studies.study(claim).finding(studies.rows(claim) if rows is None else rows)


def other_rows(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows in which no arm differs from another, then the values dealt anew to the names."""
    yield rows.assign(value=rows.groupby("seed")["value"].transform("first"))
    rows = rows.sort_values(["seed", "world", "arm", "metric"])
    by_seed = rows["value"].to_numpy().reshape(rows["seed"].nunique(), -1)
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(by_seed.shape[1])
        yield rows.assign(value=by_seed[:, order].ravel())


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
def test_headline_and_verdict_come_from_the_rows(claim):
    found, rows = finding(claim), studies.rows(claim)
    assert found.verdict in studies.VERDICTS
    assert finding(claim, rows.sample(frac=1, random_state=0)) == found, "order is no finding"
    headlines, verdicts = {found.headline}, {found.verdict}
    for table in other_rows(rows):
        other = finding(claim, table)
        headlines.add(other.headline)
        verdicts.add(other.verdict)
        if len(headlines) > 1 and len(verdicts) > 1:
            break
    assert len(headlines) > 1, "the headline does not change with the rows"
    assert len(verdicts) > 1, "the verdict could not have come out otherwise"


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


def test_a_figure_is_formatted_as_it_asks():
    half = evaluation.Interval(0.5, 0.25, 0.75)
    assert studies.Figure("a share", half).text() == "0.50 [0.25, 0.75]"
    assert studies.Figure("a share", half, ".0%").text() == "50% [25%, 75%]"
    assert studies.Figure("a gain", half, "+.3f").short() == "+0.500"


def test_a_count_has_the_wilson_interval():
    figure = studies.count("shops that fell", np.array([True] * 27 + [False] * 3))
    assert figure.what == "shops that fell: 27 of 30"
    assert figure.text() == "0.90 [0.74, 0.97]"


def test_a_verdict_is_yes_partly_or_no():
    assert studies.verdict(whole=True, part=True) == "yes"
    assert studies.verdict(whole=False, part=True) == "partly"
    assert studies.verdict(whole=False, part=False) == "no"


def test_samples_without_replacement_give_the_interval_of_the_population():
    rng = np.random.default_rng(0)
    customers = rng.normal(size=1_000)
    means = [rng.choice(customers, 800, replace=False).mean() for _ in range(4_000)]
    found = studies.subsample_interval(np.array(means), kept=0.8)
    half = 1.96 * customers.std() / 1_000**0.5
    assert found.estimate == pytest.approx(customers.mean(), abs=0.01)
    assert found.high - found.low == pytest.approx(2 * half, rel=0.1)


def test_the_pages_are_those_the_rows_give():
    remedy = "uv run python -m helpers.course.studies --table"
    assert rendering.PAGE.read_text(encoding="utf-8") == rendering.page(), remedy
    text = rendering.README.read_text(encoding="utf-8")
    inside = text.split(rendering.BEGIN)[1].split(rendering.END)[0].strip()
    assert inside == rendering.readme_claims(), remedy
    assert max(len(line) for line in inside.splitlines()) <= 100


def test_the_page_holds_every_claim_and_every_figure():
    page = rendering.PAGE.read_text(encoding="utf-8")
    assert page.count("<details") == page.count("</details>") == len(CLAIMS)
    for claim in CLAIMS:
        found = finding(claim)
        folded = page.split(f'<details id="{claim}">')[1].split("</details>")[0]
        assert f"| {studies.study(claim).CLAIM} | {found.verdict} | {found.measured} |" in page
        for figure in (*found.known, *found.real):
            assert f"| {figure.what} | {figure.text()} |" in folded


def test_a_chapter_reads_its_claims_alone():
    table = studies.claims_table(["c05", "c24"])
    assert table.count("<details") == 2
    assert table.startswith("|  | claim | borne out | what we measured |\n")
    assert "| c24 |" in table and "| c06 |" not in table


def test_a_listing_names_every_figure():
    found, text = finding("c05"), studies.listing("c05")
    assert found.measured in text
    for figure in (*found.known, *found.real):
        assert figure.what in text and figure.text() in text
