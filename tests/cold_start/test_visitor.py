"""A new visitor."""

from __future__ import annotations

import pytest

from helpers import cold_start


def test_a_visitor_is_a_row(hybrid):
    row = cold_start.visitor(
        hybrid, {"favorite_category": "toys", "age_band": None}, ["home", "toys", "home"]
    )
    assert row["events"].item() == 3 and row["seen_home"].item() == 2 and row["answered"].item()
    before, after = (
        hybrid.predict_proba(cold_start.visitor(hybrid, {}, c))[0] for c in ([], ["toys"] * 3)
    )
    toys = hybrid.categories_.index("toys")
    assert after[toys] > before[toys]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"known": {"favorite_category": "garden"}},
            "'garden' is not an answer to 'favorite_category'",
        ),
        ({"known": {"shoe_size": "38"}}, "'shoe_size' is not asked here"),
        ({"clicks": ["toys", "garden"]}, "'garden' is not a category"),
        ({"customer_id": "C00001"}, "C00001 has been here before"),
        ({"customer_id": "new", "seen_before": ["new"]}, "new has been here before"),
    ],
)
def test_a_wrong_visitor_is_a_sentence(hybrid, arguments, said):
    with pytest.raises(ValueError, match=said):
        cold_start.visitor(hybrid, **arguments)
