"""The leak lab, moved without a browser."""

import re
from dataclasses import replace
from importlib import import_module

import pytest

from helpers import shop, simulator, widgets


@pytest.fixture(scope="module")
def store():
    return simulator.simulate(customers=1_500, seed=3)[0]


@pytest.fixture(scope="module")
def lab(store):
    made = widgets.leak_lab(store, "2025-01-01")
    made.wait()
    return made


def scores(lab) -> list[float]:
    """AUC offline, in service, and in service without a leak, as the table shows them."""
    return [float(cell) for cell in re.findall(r"<td>([\d.]+)</td>", lab.table.value)]


def moved(lab, **values) -> list[float]:
    for name, value in values.items():
        lab.controls[name].value = value
    lab.wait()
    assert lab.message.value == "", lab.message.value
    return scores(lab)


def test_a_leak_raises_the_score_offline_and_lowers_it_in_service(lab):
    offline, service, honest = moved(lab, days=0)
    assert service == honest
    pictures, before = {lab.picture.value}, offline
    for days in (78, 182):
        now, service, same = moved(lab, days=days)
        assert now > before and same == honest
        pictures.add(lab.picture.value)
        before = now
    assert before > 0.97 and service < honest - 0.05
    assert len(pictures) == 3
    assert "what the leak costs in service" in lab.slow.value


def test_every_control_moves_the_picture(lab):
    moved(lab, days=104, algorithm="logistic regression", group="every feature")
    seen = {lab.picture.value}
    for name, value in (
        ("algorithm", "xgboost"),
        ("group", "visits only"),
        ("group", "purchases only"),
        ("algorithm", "random forest"),
    ):
        moved(lab, **{name: value})
        seen.add(lab.picture.value)
    assert len(seen) == 5


def test_the_slider_ends_where_the_window_ends(lab):
    slider = lab.controls["days"]
    assert (slider.min, slider.max, slider.step) == (0, 182, 26)


def test_the_first_picture_stands_without_a_kernel(lab):
    data, metadata = lab._repr_mimebundle_()
    assert data["image/png"] and "AUC offline" in metadata["image/png"]["alt"]


def test_a_shop_without_visits_says_what_it_lacks(store):
    orders = replace(store, visits=None, customers=None, campaigns=None, impressions=None)
    made = widgets.leak_lab(orders, "2025-01-01", "91D")
    made.controls["group"].value = "visits only"
    made.wait()
    assert "no column for 'visits only'" in made.message.value.replace("&#x27;", "'")


def test_a_shop_that_ends_too_early_is_refused(store):
    with pytest.raises(ValueError, match="latest possible cut-off"):
        widgets.leak_lab(store, "2025-09-01")


def test_a_large_shop_is_sampled_with_all_rows_of_its_customers():
    whole = shop.load()
    few = import_module("helpers.widgets.leak_lab")._sample(whole)
    ids = few.visits["customer_id"].unique()
    assert len(ids) == 6_000
    assert len(few.visits) == whole.visits["customer_id"].isin(ids).sum()
    assert few.purchases["customer_id"].isin(ids).all()
