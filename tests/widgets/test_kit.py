"""What every explorer does: a move shows, an error is a sentence, slow figures come later."""

from __future__ import annotations

import base64
import threading

import ipywidgets
import pandas as pd
import pytest
from matplotlib.figure import Figure

from helpers import widgets
from helpers.widgets.kit import STALE, Choices


def png_size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def explorer(**options):
    """A small explorer that counts how often it draws."""
    drawn = []

    def draw(k):
        drawn.append(k)
        if k == 0:
            raise ValueError("k is at least <1>")
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot(range(k + 1))
        return widgets.View(figure, pd.DataFrame({"k": [k]}), f"a line to {k}", f"It is {k}.", k)

    controls = {"k": ipywidgets.IntSlider(2, 0, 9)}
    return widgets.Explorer(controls, draw, **options), drawn


def test_a_move_changes_picture_and_table():
    made, _ = explorer()
    first = made.picture.value
    assert png_size(first) == (160, 80)
    made.controls["k"].value = 5
    assert made.picture.value != first
    assert "<td>5</td>" in made.table.value and "<caption" in made.table.value
    assert "a line to 5" in made.table.value


def test_a_setting_seen_before_is_not_drawn_again():
    made, drawn = explorer()
    for k in (5, 2, 5, 2):
        made.controls["k"].value = k
    assert drawn == [2, 5]


def test_a_wrong_setting_is_a_sentence_and_the_picture_stays():
    made, _ = explorer(later=lambda k: pd.DataFrame({"twice": [2 * k]}))
    made.wait()
    before = made.picture.value
    made.controls["k"].value = 0
    assert (
        "k is at least &lt;1&gt;" in made.message.value and "setting before" in made.message.value
    )
    assert made.picture.value == before and made.slow.value == ""
    assert (
        STALE in made.picture._dom_classes
        and STALE in made.table._dom_classes
        and STALE in made.message.value
    )
    made.controls["k"].value = 3
    made.wait()
    assert made.message.value == "" and "<td>6</td>" in made.slow.value
    assert STALE not in made.picture._dom_classes and STALE not in made.table._dom_classes


def test_an_unforeseen_error_is_a_sentence_too_but_the_author_sees_it_first():
    def draw(k):
        if k > 4:
            raise ZeroDivisionError("all of it divided by none")
        return widgets.View(Figure(figsize=(2, 1)), pd.DataFrame({"k": [k]}), "nothing")

    def later(k):
        raise KeyError("a column")

    made = widgets.Explorer({"k": ipywidgets.IntSlider(2, 0, 9)}, draw, later)
    made.wait()
    assert "a column" in made.slow.value and "role='alert'" in made.slow.value
    made.controls["k"].value = 5
    assert "divided by none" in made.message.value
    with pytest.raises(ZeroDivisionError):
        widgets.Explorer({"k": ipywidgets.IntSlider(6, 0, 9)}, draw)


def test_an_error_at_first_has_no_setting_before_it():
    made = widgets.Explorer({"k": ipywidgets.IntSlider(0, 0, 9)}, explorer()[0]._draw)
    assert "at least" in made.message.value and "before" not in made.message.value


def test_slow_figures_are_marked_until_they_come_and_late_ones_are_dropped():
    go = threading.Event()

    def later(k):
        if k == 2:
            go.wait(10)
        return pd.DataFrame({"twice": [2 * k]})

    made, _ = explorer(later=later)
    assert "computing" in made.slow.value
    old = made._thread
    made.controls["k"].value = 4
    made.wait()
    assert "<td>8</td>" in made.slow.value and "computing" not in made.slow.value
    made.controls["k"].value = 5
    if (
        "computing" in made.slow.value
    ):  # until they come, the earlier figures stay, dimmed, and once
        assert made.slow.value.count("<table") <= 1
    made.wait()
    assert "<td>10</td>" in made.slow.value and STALE not in made.slow.value
    made.controls["k"].value = 4
    go.set()
    old.join(10)
    assert "<td>8</td>" in made.slow.value


def test_earlier_figures_stay_dimmed_while_the_next_are_computed():
    go = threading.Event()
    made, _ = explorer(
        later=lambda k: pd.DataFrame({"twice": [2 * k if k == 2 or go.wait(10) else 0]})
    )
    made.wait()
    for k in (3, 4, 5):
        made.controls["k"].value = k
        said = made.slow.value
        assert (
            "computing" in said
            and said.count("<td>4</td>") == 1
            and said.count(f"class='{STALE}'") == 1
        )
    go.set()
    made.wait()
    assert "<td>10</td>" in made.slow.value and "computing" not in made.slow.value


def test_a_heavy_picture_comes_from_the_thread():
    made, _ = explorer(heavy=lambda k: k == 7)
    before = made.picture.value
    made.controls["k"].value = 7
    made.wait()
    assert made.picture.value != before and made.message.value == ""


def test_a_page_without_a_kernel_has_the_picture():
    made, _ = explorer()
    data, metadata = made._repr_mimebundle_()
    assert png_size(base64.b64decode(data["image/png"])) == (160, 80 + 28), "a line above it"
    assert data["text/plain"] == "Picture: It is 2. a line to 2"
    assert metadata["image/png"]["alt"] == "It is 2. a line to 2"


def test_the_verdict_stands_above_the_picture_and_is_dimmed_with_it():
    made, _ = explorer()
    assert "role='status'" in made.verdict.value and "It is 2." in made.verdict.value
    made.controls["k"].value = 0
    assert "It is 2." in made.verdict.value and STALE in made.verdict._dom_classes


def test_an_example_moves_its_controls_and_draws_once():
    made, drawn = explorer(examples={"seven": {"k": 7}})
    made.examples["seven"].click()
    assert made.setting == {"k": 7} and drawn == [2, 7] and "It is 7." in made.verdict.value
    with pytest.raises(ValueError, match="no control m"):
        made.choose(m=1)
    assert made.setting == {"k": 7}


def with_ghosts():
    """An explorer that tells which ghosts each picture was given."""
    given = []

    def draw(k, ghosts):
        given.append([(ghost.trace, ghost.pinned) for ghost in ghosts])
        return widgets.View(Figure(figsize=(2, 1)), pd.DataFrame({"k": [k]}), "a", "b", trace=k)

    return widgets.Explorer({"k": ipywidgets.IntSlider(1, 0, 9)}, draw, ghosts=True), given


def test_the_last_three_settings_are_ghosts():
    made, given = with_ghosts()
    for k in (2, 3, 4, 5, 2):
        made.controls["k"].value = k
    gray = [[trace for trace, pinned in ghosts if not pinned] for ghosts in given]
    assert gray == [[], [1], [1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]


def test_a_pinned_setting_stays_in_the_picture():
    made, given = with_ghosts()
    made.pin.value = True
    for k in (2, 3, 4, 5, 6):
        made.controls["k"].value = k
    assert given[-1] == [(3, False), (4, False), (5, False), (1, True)]
    made.controls["k"].value = 1
    assert (1, True) not in given[-1], "it is drawn already"
    made.controls["k"].value = 7
    made.pin.value = False
    assert all(not pinned for _, pinned in given[-1])


def test_check_boxes_are_a_choice_of_several():
    made = Choices(["a", "b", "c"], ["b"], "letters")
    heard = []
    made.observe(lambda change: heard.append(change["new"]), names="value")
    assert made.value == ("b",)
    made.boxes["a"].value = True
    assert made.value == ("a", "b")
    made.value = ("c",)
    assert [box.value for box in made.boxes.values()] == [False, False, True]
    assert heard[0] == ("a", "b") and heard[-1] == ("c",)
