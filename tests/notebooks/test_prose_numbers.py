"""Every figure in the text of a notebook is among the numbers that stand above it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from prose.chapters import Text, texts
from prose.given import GIVEN

from helpers.files import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))


@pytest.fixture(scope="module")
def written() -> dict[Path, list[Text]]:
    """The texts of each notebook."""
    return {path: list(texts(path)) for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_every_figure_of_a_text_is_among_the_numbers_above_it(path, written):
    missing = [sentence for text in written[path] for sentence in text.missing()]
    assert not missing, "\n".join(missing)


def test_slips_are_noticed(written, seed_of_the_day):
    """A slip of one digit in each figure, drawn by the date: nineteen of twenty are noticed."""
    draw = random.Random(seed_of_the_day)
    planted = []
    for text in (text for those in written.values() for text in those):
        for figure in text.figures:
            planted.append(text.notices(figure, draw.choice(figure.slips())))
    hundred = draw.sample(planted, 100)
    noticed = sum(planted) / len(planted)
    print(f"{noticed:.1%} of {len(planted)} slips noticed, {sum(hundred)} of the day's hundred")
    assert noticed >= 0.95


def test_every_given_phrase_is_needed(written):
    said = "\n".join(text.words for those in written.values() for text in those)
    assert not [p for phrases in GIVEN.values() for p in phrases if p not in said]
