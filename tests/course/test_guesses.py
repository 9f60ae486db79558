"""Guesses: kept, shown again, and each with its answer behind it, folded."""

from __future__ import annotations

import ast

import nbformat
import pytest
from stored import ALL

from helpers.course import exercises, guesses, progress
from helpers.errors import ReaderError


@pytest.fixture(autouse=True)
def my_progress(tmp_path, monkeypatch):
    path = tmp_path / "my_progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


def asked():
    """Each guess of a notebook: its number, its choices, and the code cell behind it."""
    for path in ALL:
        cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        for cell, behind in zip(cells, [*cells[1:], None], strict=True):
            if cell.source.startswith("guess("):
                call = ast.parse(cell.source).body[0].value
                number, _, choices = (ast.literal_eval(argument) for argument in call.args)
                yield path.stem, number, choices, behind


def test_every_guess_has_its_answer_behind_it_and_folded():
    numbers = []
    for name, number, choices, behind in asked():
        assert number.rpartition(".")[0] in (name, name[:2])
        assert guesses.ANSWERS[number] in choices and len(set(choices)) == len(choices) >= 2
        assert behind is not None and behind.outputs, number
        assert behind.metadata["jupyter"]["outputs_hidden"], number
        numbers.append(number)
    assert sorted(numbers) == sorted(guesses.ANSWERS), "each is asked once"


def test_a_guess_is_kept_and_shown_again(my_progress):
    asked = guesses.guess("primer.2", "How many?", ["13", "17"])
    assert asked.choice is None and not my_progress.exists()
    asked.buttons.value = "13"
    assert progress.stored() == {"guess primer.2": "13"}
    assert "Kept" in asked.said.value
    assert guesses.guessed("primer")[1:] == (1, 0)
    again = guesses.guess("primer.2", "How many?", ["13", "17"])
    assert again.choice == "13"
    again.buttons.value = "17"
    assert guesses.guessed("primer")[1:] == (1, 1)
    progress.record("05.1", "right")
    assert set(progress.stored()) == {"guess primer.2", "05.1"}, "exercises stand beside it"


def test_progress_counts_guesses():
    table = exercises.progress()
    assert list(table.columns)[-3:] == ["guesses", "guessed", "guessed right"]
    assert table.loc["primer", "guesses"] == 4


def test_a_choice_that_is_no_longer_there_is_not_shown():
    progress.keep("guess primer.2", "99")
    assert guesses.guess("primer.2", "How many?", ["13", "17"]).choice is None


@pytest.mark.parametrize("number, choices", [("99.1", ["a"]), ("primer.2", ["13", "14"])])
def test_what_cannot_be_asked_is_refused(number, choices):
    with pytest.raises(ReaderError, match=number):
        guesses.guess(number, "?", choices)


def test_a_page_without_a_kernel_shows_the_question():
    shown = guesses.guess("primer.2", "How <many>?", ["13", "17"])
    data, _ = shown._repr_mimebundle_()
    assert data["text/plain"] == "Guess primer.2: How <many>?\n  ○ 13\n  ○ 17"
    assert "<many>" not in shown.children[0].value
