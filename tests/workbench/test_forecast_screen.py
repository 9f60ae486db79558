"""The screen of how many will buy: the library's figures, in words, on a file that allows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from benches import few_orders, load, looked

from helpers import features, owner, quote, shop
from helpers.owner import who_next
from helpers.workbench import Workbench

STATISTICS = ("BG/NBD", "interval", "median", "bootstrap", "regression", "Student")


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("orders") / "my_orders.csv"
    few_orders(1_500).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def bench(file) -> Workbench:
    return looked(file, "How many will buy")


def test_the_screen_shows_the_librarys_figures(bench, file):
    store = shop.read(file)
    moment, screen = features.end_of(store), bench.forecast
    for weeks in (4, 13):
        found = owner.coming(store, moment, weeks)
        assert f"In the next {weeks} weeks: <b>{found.answer}</b>" in screen.words.value
        assert f"{quote.html(found.around)}</p>" in screen.words.value
        assert f"<td>{found.trials['came'].iloc[0]:,.0f}</td>" in screen.record.value
    assert "last year&#x27;s season" in screen.says.value and "<img" in screen.picture.value
    try:
        compared = who_next.compare(store, moment)
    except who_next.CannotCompare as error:
        assert str(error) in screen.who.value
    else:
        assert f"In all {compared.came:,} of them bought" in screen.who.value


def test_statistics_stand_behind_why(bench):
    for shown in (
        bench.forecast.says,
        bench.forecast.words,
        bench.forecast.record,
        bench.forecast.who,
    ):
        first = "".join(part.rpartition("</details>")[2] for part in shown.value.split("<details>"))
        for word in STATISTICS:
            assert word not in first


def test_too_few_weeks_are_said_in_a_sentence(tmp_path):
    lines = shop.load().purchases
    few = lines[lines["ordered_at"] >= "2025-10-01"]
    path = tmp_path / "young.csv"
    few[["customer_id", "order_id", "ordered_at", "amount"]].to_csv(path, index=False)
    bench = load(path)
    bench.go("How many will buy")
    bench.jobs.wait()
    assert "are needed to foretell" in bench.forecast.message.value
    assert bench.forecast.body.layout.display == "none"
