"""A drop-down for every role that `shop.read` knows, the usual ones first, the others folded."""

from __future__ import annotations

from helpers.shop.reading import events, orders
from helpers.shop.reading.money import MONEY
from helpers.shop.reading.roles import COMMON, CUSTOMERS, PEOPLE, roles
from helpers.shop.tables import SCHEMA
from helpers.workbench.column_choices import NONE, ColumnChoices


def test_every_role_has_words_and_a_drop_down():
    known = {*orders.ROLES, *events.ROLES, *MONEY, *PEOPLE}
    assert set(roles("order")) == known
    choices = ColumnChoices()
    choices.offer(["a", "b"], {}, {}, "order")
    assert set(choices.dropdowns) == known
    assert tuple(choices.dropdowns)[: len(COMMON["order"])] == COMMON["order"]
    assert all(dropdown.tooltip for dropdown in choices.dropdowns.values())


def test_a_folder_offers_the_roles_of_its_other_tables():
    choices = ColumnChoices()
    choices.offer(["a"], {}, {}, "order", ["visits", "campaigns", "orders"])
    assert set(SCHEMA["visits"]) | set(SCHEMA["campaigns"]) <= set(choices.dropdowns)
    assert "signed_up_at" not in choices.dropdowns


def test_what_was_chosen_is_told_and_shown_again():
    choices = ColumnChoices()
    choices.offer(["a", "b"], {"customer_id": "a"}, {}, "customer")
    assert set(choices.dropdowns) == set(CUSTOMERS) and choices.told == {}
    assert not choices.more.value and choices._rest.layout.display == "none"
    choices.dropdowns["last"].value = "b"
    choices.dropdowns["recency"].value = NONE
    assert choices.told == {"recency": None, "last": "b"}
    choices.offer(["a", "b"], {"customer_id": "a"}, choices.told, "customer")
    assert choices.told == {"recency": None, "last": "b"}
    assert choices.more.value, "open where one of the others was told"
    choices.clear()
    assert choices.told == {} and choices.layout.display == "none"
