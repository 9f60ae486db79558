"""The interval of a difference in R²: its memory, and its figures."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from helpers import segments


def asked(customers: int) -> segments.Usefulness:
    rng = np.random.default_rng(0)
    names = ["frequency", "recency", "monetary"]
    frame = pd.DataFrame(rng.lognormal(size=(customers, 3)), columns=names)
    spent = np.log1p(frame["monetary"] * rng.lognormal(size=customers))
    return segments.usefulness(frame, rng.integers(0, 4, customers), spent)


def test_memory_does_not_grow_with_customers_times_draws():
    tracemalloc.start()
    try:
        asked(5_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20e6, "5,000 customers × 500 draws are 20 MB a column"


def test_one_draw_after_the_other_gives_the_figures_of_all_at_once(monkeypatch):
    found = asked(300)

    def all_at_once(*arguments, batch, **options):
        return bootstrap(*arguments, **options)

    # the module goes by the name of its function
    monkeypatch.setitem(segments.usefulness.__globals__, "bootstrap", all_at_once)
    again = asked(300)
    assert found.gain == again.gain and found.against_quantiles == again.against_quantiles
