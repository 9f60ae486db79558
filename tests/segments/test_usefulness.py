"""The interval of a difference in R²: its memory, and its figures."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from helpers import segments


def test_one_draw_after_the_other_needs_little_memory_and_gives_the_same_figures(monkeypatch):
    peaks, same = [], []

    def watched(*arguments, **options):
        options["n_resamples"] = 50
        tracemalloc.start()
        found = bootstrap(*arguments, **options)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        at_once = bootstrap(*arguments, **options | {"batch": None})
        same.append(found.confidence_interval == at_once.confidence_interval)
        return found

    # the module goes by the name of its function
    monkeypatch.setitem(segments.usefulness.__globals__, "bootstrap", watched)
    rng, customers = np.random.default_rng(0), 20_000
    names = ["frequency", "recency", "monetary"]
    frame = pd.DataFrame(rng.lognormal(size=(customers, 3)), columns=names)
    spent = np.log1p(frame["monetary"] * rng.lognormal(size=customers))
    segments.usefulness(frame, rng.integers(0, 4, customers), spent)
    assert same == [True, True]
    assert max(peaks) < 5e6, "50 draws of 20,000 customers at once are 8 MB a column"
