"""Explorers and the review form, moved without a browser."""

from __future__ import annotations

import base64
import json
import re
import threading

import ipywidgets
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from helpers import segments, widgets
from helpers.widgets import kit
from helpers.widgets.kit import STALE
from helpers.widgets.segments import COLORS, picture


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
        return widgets.View(figure, pd.DataFrame({"k": [k]}), f"a line to {k}")

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
    assert png_size(base64.b64decode(data["image/png"])) == (160, 80)
    assert data["text/plain"] == "Picture: a line to 2"
    assert metadata["image/png"]["alt"] == "a line to 2"


@pytest.fixture(scope="module")
def table() -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 100)
    centers = np.log([[5, 20, 900, 0.8], [60, 3, 80, 0.4], [300, 2, 100, 0.2]])
    values = np.exp(centers[truth] + rng.normal(scale=0.15, size=(300, 4)))
    return pd.DataFrame(values, columns=segments.FEATURES), pd.Series(truth)


def test_every_control_of_the_segment_explorer_moves_the_picture(table):
    made = widgets.segment_explorer(*table)
    made.wait()
    moves = {"k": 5, "transform": "raw", "algorithm": "ward", "features": ("monetary",)}
    for name, value in moves.items():
        before = made.table.value
        made.controls[name].value = value
        made.wait()
        assert made.message.value == "", (name, made.message.value)
        assert made.table.value != before or name == "algorithm", name
    made.controls["features"].value = ()
    assert "at least one feature" in made.message.value
    made.controls["features"].value = tuple(segments.FEATURES)
    made.controls["transform"].value = "log"
    made.controls["k"].value = 3
    for algorithm in ("kmeans", "ward", "mixture"):
        made.controls["algorithm"].value = algorithm
        made.wait()
        assert "ARI to the truth" in made.slow.value and "<td>1.00</td>" in made.slow.value


def test_every_k_of_the_explorer_gives_as_many_segments(table):
    made = widgets.segment_explorer(*table)
    for algorithm in ("kmeans", "ward"):
        made.controls["algorithm"].value = algorithm
        for k in range(1, 11):
            made.controls["k"].value = k
            made.wait()
            assert len(re.findall(r"<th>\d+</th>", made.table.value)) == k


def test_a_table_fits_a_narrow_page():
    html = kit.to_table(pd.DataFrame({"a_long_name": [1_234.5]}, index=["x_y"]), "A <caption>")
    assert "<th>a_<wbr>long_<wbr>name</th>" in html and "<th>x_<wbr>y</th>" in html
    assert "overflow-x:auto" in html and "1,234.50" in html and "A &lt;caption&gt;" in html


def test_ten_segments_have_ten_colors(table):
    assert len(set(COLORS)) == 10
    figure = picture(table[0], np.arange(len(table[0])) % 10, tuple(segments.FEATURES))
    bars = {patch.get_facecolor() for patch in figure.axes[1].patches}
    assert len(bars) == 10


def test_a_nearly_constant_feature_is_named_where_it_is_scaled(table):
    few = np.arange(len(table[0])) < 9
    made = widgets.segment_explorer(table[0].assign(app=few * 1.0))
    assert "97% of the customers have the same app" in made.table.value
    made.controls["transform"].value = "raw"
    assert "the same app" not in made.table.value


def test_missing_values_are_refused_with_a_sentence(table):
    with pytest.raises(ValueError, match="leave those customers out"):
        widgets.segment_explorer(table[0].where(table[0] > 1))


def test_a_large_table_is_sampled(table):
    many = pd.concat([table[0]] * 20, ignore_index=True)
    made = widgets.segment_explorer(many)
    made.wait()
    sizes = re.findall(r"<th>\d+</th>\s*<td>(\d+)</td>", made.table.value)
    assert sum(map(int, sizes)) == 5_000


@pytest.fixture(scope="module")
def snapshots() -> pd.DataFrame:
    """A table as `tasks.table` gives it, whose outcome one column tells."""
    rng = np.random.default_rng(0)
    index = pd.MultiIndex.from_product([range(2), range(300)], names=["cutoff", "customer_id"])
    frame = pd.DataFrame({"monetary": rng.lognormal(size=600), "recency": rng.random(600)}, index)
    high = frame["monetary"] + rng.normal(size=600) > 3
    already = rng.random(600) < 0.2
    return frame.assign(
        high_value=high, already_high_value=already, newly_high_value=high & ~already
    )


def test_every_control_of_the_algorithm_explorer_moves_it(snapshots):
    made = widgets.algorithm_explorer(snapshots.loc[[0]], snapshots.loc[[1]])
    made.wait()
    assert "less monetary alone" in made.slow.value and "AUC" in made.slow.value
    moves = [
        ("complexity", 1),
        ("algorithm", "random forest"),
        ("complexity", 5),
        ("task", "newly high value"),
        ("algorithm", "xgboost"),
        ("algorithm", "neural network"),
    ]
    for name, value in moves:
        before = made.picture.value
        made.controls[name].value = value
        made.wait()
        assert made.message.value == "", (name, value, made.message.value)
        assert made.picture.value != before, (name, value)
        assert made.controls["algorithm"].value in made.table.value
    assert "alpha = 0.001" in made.table.value


def test_the_algorithm_explorer_shows_that_complexity_memorizes(snapshots):
    made = widgets.algorithm_explorer(snapshots.loc[[0]], snapshots.loc[[1]])

    def learned_and_later() -> list[float]:
        made.wait()
        return [float(cell) for cell in re.findall(r"<td>([\d.]+)</td>", made.table.value)[-2:]]

    made.controls["algorithm"].value = "random forest"
    made.controls["complexity"].value = 5
    learned, later = learned_and_later()
    assert learned > 0.95 and later < learned - 0.1


def test_a_task_without_positives_is_refused_with_a_sentence(snapshots):
    nobody = snapshots.assign(newly_high_value=False)
    with pytest.raises(ValueError, match="newly high value: every customer has the same outcome"):
        widgets.algorithm_explorer(nobody.loc[[0]], nobody.loc[[1]])


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
