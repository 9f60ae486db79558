"""Names from outside are neither markup nor table borders, on the card and on the page."""

from __future__ import annotations

import re

import pandas as pd

from helpers.production.card import Card
from helpers.production.report import verdict

MARKUP = "<img src=x onerror=alert(1)> [a](javascript:b) | x\n# y"


def test_no_name_on_a_card_is_markup():
    text = dict.fromkeys(("name", "owner", "shop", "retire_rule", "use", "not_for"), MARKUP)
    row = {"by": "region", "group": MARKUP, "customers": 200, MARKUP: 0.5}
    card = Card(
        **text,
        first_order="2024-01-01",
        as_of="2025-01-01",
        cutoffs=[MARKUP],
        horizon_days=28,
        rows=100,
        features=["recency"],
        categories=[],
        scores={MARKUP: [0.7, 0.6, 0.8]},
        calibration=[],
        subgroups=[row],
        data_sha256="0" * 64,
        versions={MARKUP: "1"},
        retire_on="2026-01-01",
    )
    page = card.markdown()
    assert "alert" in page and "<" not in page and not re.search(r"(?<!\\)\[a", page)
    assert page.count("\n#") == 0, "one heading, the first line"
    rows = [line for line in page.splitlines() if line.startswith("| region")]
    assert len(rows) == 1 and len(re.findall(r"(?<!\\)\|", rows[0])) == 5


def test_no_name_on_the_page_is_markup():
    class Drifted:
        alarm, table = True, pd.DataFrame(index=[MARKUP])

    assert "&lt;img" in verdict(Drifted(), None) and "<img" not in verdict(Drifted(), None)
