"""The explorer of segments."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers import segments, widgets
from helpers.widgets import kit
from helpers.widgets.segments import COLORS, picture


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


def test_a_single_feature_is_drawn_as_counts_and_one_segment_is_one(table):
    figure = picture(table[0], np.arange(len(table[0])) % 2, ("monetary",))
    assert figure.axes[0].get_ylabel() == "customers" and not figure.axes[0].lines
    counts = sum(patch.get_height() for patch in figure.axes[0].patches)
    assert counts >= len(table[0])
    made = widgets.segment_explorer(*table)
    made.controls["k"].value = 1
    assert "by 1 segment;" in made.table.value


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
