"""Every figure in the text of a notebook is among the numbers that stand above it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from prose.chapters import Text, texts
from prose.given import GIVEN
from stored import ALL, name


@pytest.fixture(scope="module")
def written() -> dict[Path, list[Text]]:
    """The texts of each notebook."""
    return {path: list(texts(path)) for path in ALL}


@pytest.mark.parametrize("path", ALL, ids=[name(path) for path in ALL])
def test_every_figure_of_a_text_is_among_the_numbers_above_it(path, written):
    missing = [sentence for text in written[path] for sentence in text.missing()]
    assert not missing, "\n".join(missing)


def test_nineteen_of_twenty_slips_are_noticed(written, seed_of_the_day):
    """One digit of each figure is changed; which, and into which, hangs on the date."""
    draw = random.Random(seed_of_the_day)
    noticed = [
        text.notices(figure, draw.choice(figure.slips()))
        for those in written.values()
        for text in those
        for figure in text.figures
    ]
    share = sum(noticed) / len(noticed)
    hundred = sum(draw.sample(noticed, 100))
    print(f"{len(noticed)} slips, {share:.1%} noticed; of the day's hundred {hundred}")
    assert share >= 0.95


def test_every_given_phrase_stands_in_a_text(written):
    said = "\n".join(text.words for those in written.values() for text in those)
    assert not [p for phrases in GIVEN.values() for p in phrases if p not in said]


OUTPUT = """            AUC               difference
forest      0.717 [0.70, 0.73]
XGBoost     0.737 [0.71, 0.76]  -0.02 [-0.03, +0.01]
The share of all who bought is 7.7%; revenue 1,234.56, visits 12,340, p = 0.0004"""


def missing(tmp_path: Path, words: str, code: str = "rows = 26_000", output: str = OUTPUT) -> bool:
    """Whether a figure is missing of a text below this output."""
    printed = {"output_type": "stream", "text": output}
    cells = [
        {"cell_type": "code", "source": code, "outputs": [printed]},
        {"cell_type": "markdown", "source": words},
    ]
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return any(text.missing() for text in texts(path))


@pytest.mark.parametrize(
    "words",
    [
        "The forest has an AUC of .72.",
        "The forest has an AUC of .717, XGBoost of 0.74.",
        "7.7 % bought: a share of .077.",
        "Some 8 % bought.",
        "From 70 to 73 % is the interval of the forest.",
        "XGBoost loses .02 [−.03, +.01] to the forest.",
        "The forest leads XGBoost by .02 [−.01, +.03].",
        "The difference of XGBoost is −.02.",
        "12,340 visits, or about 12,000, bring 1,235.",
        "The 26,000 rows were set above.",
        "The horizon of the targets is 26 weeks, and intervals are 95 % intervals.",
        "One of 3 or 4 needs no output, nor does chapter 05, nor 12 May 2025, nor `0.55`.",
    ],
)
def test_a_figure_may_be_written_in_many_ways(words, tmp_path):
    assert not missing(tmp_path, words)


@pytest.mark.parametrize(
    "words",
    [
        "The forest has an AUC of .77.",
        "The forest has an AUC of .718.",
        "7.8 % bought.",
        "XGBoost loses .02 [−.03, +.02] to the forest.",
        "The difference of XGBoost is +.02.",
        "12,000 visits.",
        "About 13,000 visits.",
        "p is .0005.",
        "11 of them.",
        "The horizon of the targets is 27 weeks.",
        "Intervals are 75 % intervals.",
        "The forest has .72, the baseline has .72.",
    ],
)
def test_a_wrong_figure_is_missing(words, tmp_path):
    assert missing(tmp_path, words)


def test_a_figure_of_two_digits_must_be_named(tmp_path):
    table = "logistic regression 0.47\nXGBoost 0.49\nforest 0.48"
    assert not missing(tmp_path, "XGBoost reaches .49.", output=table)
    assert missing(tmp_path, "Logistic regression reaches .49.", output=table)
    assert not missing(
        tmp_path, "The trees of logistic fame reach .49<!-- XGBoost -->.", output=table
    )


def test_words_to_a_picture_are_read(tmp_path):
    shown = {
        "output_type": "display_data",
        "data": {"image/png": "", "text/plain": "Picture"},
        "metadata": {"image/png": {"alt": "A line that rises from 0.2 to 0.8 in twelve weeks."}},
    }
    printed = {"output_type": "stream", "text": "at first 0.2, in the end 0.7"}
    cell = {"cell_type": "code", "outputs": [printed, shown]}
    path = tmp_path / "small.ipynb"
    for source, said in (('plots.show("A line that rises from 0.2 to 0.8")', 1), ("draw()", 0)):
        path.write_text(json.dumps({"cells": [cell | {"source": source}]}), encoding="utf-8")
        assert sum(len(text.missing()) for text in texts(path)) == said


def test_a_study_that_is_named_is_read(tmp_path):
    assert not missing(tmp_path, "After one visit the hybrid is .042 ahead (claim c15).")
    assert missing(tmp_path, "After one visit the hybrid is .042 ahead.")
    assert missing(tmp_path, "After one visit the hybrid is .088 ahead (claim c15).")
