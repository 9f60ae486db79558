"""The explorer of the warm-up curve and the form of a new visitor, moved without a browser."""

from __future__ import annotations

import re

import numpy as np
import pytest

from helpers import cold_start, simulator, widgets

WAIT = 300  # seconds: on a busy machine a fit may take long


@pytest.fixture(scope="module")
def sides():
    store, _ = simulator.simulate(customers=1_500, seed=5)
    return cold_start.split(cold_start.moments(store), "2025-04-01")


@pytest.fixture(scope="module")
def hybrid(sides) -> cold_start.Hybrid:
    return cold_start.Hybrid().fit(sides[0])


@pytest.fixture(scope="module")
def explorer(sides, hybrid):
    return widgets.warm_up_explorer(*sides, fitted=hybrid)


def test_every_control_of_the_explorer_moves_it(explorer):
    assert explorer.message.value == "" and "by marginal likelihood" in explorer.table.value
    moves = {
        "strength": 50,
        "demographics": (),
        "survey": ("favorite_category",),
        "context": ("landing_category", "device"),
    }
    for name, value in moves.items():
        before = explorer.table.value, explorer.picture.value
        explorer.controls[name].value = value
        explorer.wait(WAIT)
        assert explorer.message.value == "", name
        assert explorer.table.value != before[0] and explorer.picture.value != before[1], name
    assert "3 columns, M = 50.0, as chosen" in explorer.table.value


def test_without_columns_the_hybrid_is_behavior(explorer):
    explorer.controls["strength"].value = "auto"
    for group in cold_start.GROUPS:
        explorer.controls[group].value = ()
    explorer.wait(WAIT)
    assert re.search(r"\+0\.000 \[\+0\.000, \+0\.000\]", explorer.table.value)


def test_the_oracle_is_drawn_where_it_is_known(sides, hybrid):
    even = np.full((len(sides[1]), len(hybrid.categories_)), 1 / len(hybrid.categories_))
    made = widgets.warm_up_explorer(*sides, oracle=even, fitted=hybrid)
    assert "oracle" in made.table.value and "1.79" in made.table.value


@pytest.fixture
def form(hybrid):
    return widgets.NewVisitorForm(hybrid, seen_before=["old friend"])


def test_answers_and_clicks_move_the_recommendation(form):
    empty = form.table["next visit"].copy()
    assert empty.sum() == pytest.approx(1)
    assert (form.table["low"] < empty).all() and (empty < form.table["high"]).all()
    form.fields["favorite_category"].value = "toys"
    assert form.table.loc["toys", "next visit"] > empty["toys"]
    for _ in range(4):
        form.buttons["sports"].click()
    assert form.table.index[0] == "sports" and form.said.startswith("Recommend sports")
    assert "Clicks: sports × 4" in form.message.value
    assert form.picture.value[:8] == b"\x89PNG\r\n\x1a\n" and "<caption" in form.figures.value


def test_more_clicks_make_it_surer(form):
    width = [form.table["high"].sum() - form.table["low"].sum()]
    for _ in range(10):
        form.click("home")
    width.append(form.table["high"].sum() - form.table["low"].sum())
    assert width[1] < width[0]


def test_undo_and_reset(form):
    start = form.table.copy()
    form.fill(age_band="65+")
    aged = form.table.copy()
    form.click("toys")
    form.undo_button.click()
    assert form.table.equals(aged)
    form.undo()  # nothing left to undo
    assert form.table.equals(aged)
    form.click("toys")
    form.reset_button.click()
    assert form.clicks == [] and form.table.equals(start) and form.customer.value == ""


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda f: f.fill(favorite_category="garden"), "'garden' is not an answer"),
        (lambda f: f.fill(shoe_size="38"), "'shoe_size' is not asked here"),
        (lambda f: f.click("<garden>"), "is not a category here"),
        (lambda f: setattr(f.customer, "value", "old friend"), "old friend has been here before"),
        (lambda f: setattr(f.customer, "value", " C00001 "), "C00001 has been here before"),
    ],
)
def test_what_is_wrong_is_said_and_the_picture_stays(form, act, said):
    form.fill(favorite_category="toys")
    before = form.table.copy(), form.picture.value
    act(form)
    assert (
        said in form.said
        and "role='alert'" in form.message.value
        and "<garden>" not in form.message.value
    )
    assert form.table.equals(before[0]) and form.picture.value == before[1]
    assert form.clicks == [] and form.fields["favorite_category"].value == "toys"
    form.customer.value = ""
    form.click("toys")
    assert form.said.startswith("Recommend toys")


def test_a_page_without_a_kernel_has_the_picture(form):
    data, metadata = form._repr_mimebundle_()
    assert data["image/png"] and "Recommend" in metadata["image/png"]["alt"]
