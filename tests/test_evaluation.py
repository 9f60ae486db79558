"""Intervals cover what they should and refuse what they cannot do."""

import numpy as np
import pytest

from helpers import evaluation


def test_the_mean_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    draws = rng.normal(3, 1, size=(2_000, 10))
    intervals = [evaluation.mean_interval(row) for row in draws]
    covered = np.mean([i.low <= 3 <= i.high for i in intervals])
    assert 0.935 < covered < 0.965


def test_one_repetition_gives_no_interval():
    with pytest.raises(ValueError, match="at least two"):
        evaluation.mean_interval(np.array([1.0]))


def test_the_proportion_interval_works_at_the_ends():
    assert evaluation.proportion_interval(0, 30).low == 0
    assert 0.05 < evaluation.proportion_interval(0, 30).high < 0.2
    assert evaluation.proportion_interval(30, 30).high == 1


def test_the_bootstrap_interval_is_percentiles():
    found = evaluation.bootstrap_interval(np.arange(1001.0))
    assert (found.estimate, found.low, found.high) == (500, 25, 975)


def test_text():
    interval = evaluation.Interval(0.5, 0.25, 0.75)
    assert interval.text() == "0.50 [0.25, 0.75]"
    assert interval.text(1, signed=True) == "+0.5 [+0.2, +0.8]"
