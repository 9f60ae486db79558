"""The form of a blind review."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from helpers import segments, widgets


@pytest.fixture(scope="module")
def table() -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 100)
    centers = np.log([[5, 20, 900, 0.8], [60, 3, 80, 0.4], [300, 2, 100, 0.2]])
    values = np.exp(centers[truth] + rng.normal(scale=0.15, size=(300, 4)))
    return pd.DataFrame(values, columns=segments.FEATURES), pd.Series(truth)


@pytest.fixture
def form(table, tmp_path):
    review = segments.prepare_review(table[0], 3, held_out=4)
    return widgets.ReviewForm(review, str(tmp_path / "my_review.json"))


def test_the_form_saves_and_gives_back_the_answers(form, tmp_path):
    right = segments.nearest_card(form.review)
    for key, dropdown in form.choices.items():
        dropdown.value = int(right[key])
    form.bar.button.click()
    assert "my_review.json" in form.bar.said.value
    kept = widgets.load_answers(tmp_path / "my_review.json")
    pd.testing.assert_series_equal(kept, form.answers)
    assert segments.kappa(form.review, kept).loc["real", "kappa"] == 1


def test_the_form_never_overwrites_unasked(form, tmp_path):
    path = tmp_path / "my_review.json"
    path.write_text("precious")
    form.bar.button.click()
    assert path.read_text() == "precious" and "exists" in form.bar.said.value
    form.bar.replace.value = True
    form.bar.button.click()
    assert (
        json.loads(path.read_text())["answers"]
        and "12 customers have no card" in form.bar.said.value
    )


def test_replacing_is_asked_for_each_time_anew(form, tmp_path):
    path = tmp_path / "my_review.json"
    form.bar.button.click()
    form.bar.replace.value = True
    form.bar.button.click()
    assert "Saved" in form.bar.said.value and form.bar.replace.value is False
    path.write_text("precious")
    form.bar.button.click()
    assert path.read_text() == "precious" and "exists" in form.bar.said.value
    other = tmp_path / "other.json"
    other.write_text("precious too")
    form.bar.replace.value = True  # ticked for the one name, not for the next
    form.bar.path.value = str(other)
    form.bar.button.click()
    assert other.read_text() == "precious too" and "exists" in form.bar.said.value


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        ".",
        "..",
        "/",
        "~nobody-of-this-name/x.json",
        "x",
        "x.csv",
        "x.json/",
        "a\0b.json",
        "y" * 300 + ".json",
        "none/x.json",
        "folder.json",
    ],
)
def test_a_name_that_will_not_do_is_a_sentence(form, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.json").mkdir()
    form.bar.path.value = name
    form.bar.button.click()
    saved = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert ("role='alert'" in form.bar.said.value) != (name == "x.json/"), form.bar.said.value
    assert saved == ([tmp_path / "x.json"] if name == "x.json/" else []), (
        "and nothing is left behind"
    )


def test_a_folder_that_is_not_there_is_a_sentence(form, tmp_path):
    form.bar.path.value = str(tmp_path / "none" / "x.json")
    form.bar.button.click()
    assert "Not saved" in form.bar.said.value


def test_the_form_does_not_show_the_key(form):
    def texts(widget):
        yield from (str(getattr(widget, name, "")) for name in ("value", "description", "options"))
        for child in getattr(widget, "children", ()):
            yield from texts(child)

    page = " ".join(texts(form)) + str(form._repr_mimebundle_())
    assert "Which card fits each customer?" in page
    assert not re.search(r"\b(twin|random|real)\b", page)
