"""The screen of groups: each part computed when looked at, its lists saved."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from benches import load
from benchmarks import moved as drawn

from helpers.workbench import Workbench
from helpers.workbench.groups_screen import BACK, DATES
from helpers.workbench.groups_screen import OWN as MINE


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("orders") / "my_orders.csv"
    lines = drawn.draw(drawn.World(whole=False, years=3), 1).purchases
    lines[["customer_id", "order_id", "ordered_at", "amount"]].to_csv(path, index=False)
    return path


def look(bench: Workbench) -> None:
    bench.selected_index = list(bench.children).index(bench.groups)
    bench.jobs.wait()


def test_cards_lists_own_lines_cohorts_and_dates(file, tmp_path):
    bench = load(file)
    screen = bench.groups
    assert not screen.cards.value
    look(bench)
    assert "earned name" in screen.cards.value and "Champions" in screen.cards.value
    assert "Enough for groups" in screen.can.value
    screen.which.value = "champions"
    screen.save.path.value = str(tmp_path / "champions.csv")
    screen.save.save()
    saved = pd.read_csv(tmp_path / "champions.csv")
    assert set(saved["group"]) == {"champions"} and (saved["orders"] > 1).any()
    screen.how.value = MINE
    bench.jobs.wait()
    assert "Top customers" in screen.cards.value
    screen.part.value = BACK
    bench.jobs.wait()
    orders = screen.picture.value
    screen.kind.value = "money"
    assert orders.startswith("<img") and screen.picture.value not in ("", orders)
    screen.part.value = DATES
    bench.jobs.wait()
    assert "all together" in screen.compared.value and "Between" in screen.compared.value


def test_one_row_a_customer_is_refused_in_a_sentence(tmp_path):
    lines = pd.DataFrame({"customer_id": range(40), "income": range(40), "recency": 1})
    lines.to_csv(tmp_path / "customers.csv", index=False)
    bench = load(tmp_path / "customers.csv")
    look(bench)
    assert "one row a customer" in bench.groups.message.value and not bench.groups.cards.value
