"""E-mail, name and consent beside the customer number: the latest known, and never learned from."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import features, shop, targets
from helpers.features.building import tables_of
from helpers.shop.tables import SCHEMA

SHOPIFY = """\
Name,Email,Financial Status,Accepts Marketing,Created at,Lineitem quantity,Lineitem name,\
Lineitem price,Billing Name,Shipping Name,Customer ID
#1,Ann@x.org,paid,yes,2024-01-05 10:22:33 -0500,1,Blue Mug,10.00,Ann Lee,Bob Lee,71
#1,Ann@x.org,,,,3,Red Cup,10.00,,,
#2,b@x.org,paid,yes,2024-01-06 10:22:33 -0500,1,Blue Mug,7.00,Bea Ray,Bea Ray,72
#3,ann@y.org,paid,no,2024-02-06 10:22:33 -0500,1,Blue Mug,7.00,Ann Lee-Ray,,71
#4,c@x.org,voided,yes,2024-02-06 10:22:33 -0500,1,Blue Mug,7.00,Cy Oh,,73
#5,d.x.org,paid,perhaps,2024-02-07 10:22:33 -0500,1,Blue Mug,7.00,,Dy Oh,74
#6,e@x.org,paid,,2024-02-07 10:22:33 -0500,1,Blue Mug,7.00,Ed Ott,,75
"""


def read(folder, text, name="orders.csv", encoding="utf-8", **more):
    (folder / name).write_bytes(text.encode(encoding))
    return shop.read(folder / name, **more)


def known(store):
    """Customer -> (e-mail, name, consent), None where missing."""
    rows = store.people.astype(object).where(store.people.notna(), None)
    return {row[0]: row[1:] for row in rows.itertuples(index=False, name=None)}


def taken(store, table="purchases"):
    mapping = store.report.mapping[store.report.mapping["table"] == table]
    return dict(zip(mapping["role"], mapping["column"], strict=True))


def said(store):
    return " ".join((*store.report.remarks, *store.report.warnings))


def test_shopify(tmp_path):
    store = read(tmp_path, SHOPIFY)
    assert known(store) == {
        "71": ("ann@y.org", "Ann Lee-Ray", False),  # a later no wins
        "72": ("b@x.org", "Bea Ray", True),
        "74": (None, None, None),
        "75": ("e@x.org", "Ed Ott", None),
    }
    roles = taken(store)
    assert roles["order_id"] == "Name"  # in Shopify no person
    assert (roles["email"], roles["name"]) == ("Email", "Billing Name")
    assert roles["consent"] == "Accepts Marketing"
    assert "e-mail known for 3 of 4 customers; 1 may be written to, 1 may not, 2 unknown" in said(
        store
    )
    assert "1 cell left out that cannot be an e-mail, such as 'd.x.org'" in said(store)
    assert "1 cell with neither yes nor no, such as 'perhaps'" in said(store)
    assert list(store.people) == ["customer_id", "email", "name", "consent"]
    assert store.people.dtypes.astype("str").tolist() == ["str", "str", "str", "boolean"]


def test_the_email_is_the_customer(tmp_path):
    store = read(tmp_path, SHOPIFY, columns={"customer_id": "Email"})
    assert known(store)["ann@x.org"] == ("ann@x.org", "Ann Lee", True)
    assert known(store)["ann@y.org"] == ("ann@y.org", "Ann Lee-Ray", False)
    assert taken(store)["email"] == taken(store)["customer_id"] == "Email"
    again = read(tmp_path, SHOPIFY, columns={"customer_id": "Email", "email": "Email"})
    assert known(again) == known(store)


def test_woocommerce_guests_by_their_email(tmp_path):
    text = """\
order_id,order_date,status,order_total,customer_id,Billing Email,Billing First Name,\
Billing Last Name,Shipping First Name
1,2024-01-05 10:00:00,completed,10.00,7,a@x.org,Ann,Lee,Bob
2,2024-01-06 10:00:00,completed,11.00,0,g@x.org,Gus,,
3,2024-01-07 10:00:00,completed,12.00,0,h@x.org,,Hay,
4,2024-01-08 10:00:00,completed,12.00,7,a@x.org,,,
"""
    store = read(tmp_path, text)
    assert known(store) == {
        "7": ("a@x.org", "Ann Lee", None),
        "g@x.org": ("g@x.org", "Gus", None),
        "h@x.org": ("h@x.org", "Hay", None),
    }
    assert "e-mail known for 3 of 3 customers" in said(store)
    assert "may be written to" not in said(store)  # nothing says so


GERMAN = """\
Bestellnummer;Kundennummer;{};E-Mail;Bestelldatum;Einzelpreis;Menge;Artikel;{}
1;K1;Jörg;Müller;J@x.de;01.02.2024;10,50;1;Tasse;ja
2;K2;Änne;Maß;ae@x.de;13.02.2024;1,50;1;Tasse;Nein
3;K1;Jörg;Müller;;14.02.2024;10,50;1;Tasse;
"""


@pytest.mark.parametrize("names", ["Vorname;Nachname", "Vorname;Name"])
@pytest.mark.parametrize("consent", ["Newsletter", "Werbeeinwilligung"])
def test_german(tmp_path, names, consent):
    store = read(tmp_path, GERMAN.format(names, consent), encoding="cp1252")
    assert known(store) == {
        "K1": ("j@x.de", "Jörg Müller", True),
        "K2": ("ae@x.de", "Änne Maß", False),
    }
    assert taken(store)["consent"] == consent


def test_kunde_is_a_name_beside_a_number(tmp_path):
    text = GERMAN.format("Kunde;Ort", "Newsletter").replace(";Müller", " Müller;Ulm")
    text = text.replace(";Maß", " Maß;Bonn")
    store = read(tmp_path, text, encoding="cp1252")
    assert known(store)["K1"] == ("j@x.de", "Jörg Müller", True)
    assert taken(store)["name"] == "Kunde"


CUSTOMERS = """\
Customer ID,First Name,Last Name,Email,Accepts Email Marketing
'71,Anna,Lee,anna@z.org,yes
'72,Bea,Ray,b@x.org,no
'75,Edith,Ott,,yes
'99,New,Comer,n@x.org,yes
""".replace("'", "")


def test_a_customers_file_beside_the_orders(tmp_path):
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    read(tmp_path, SHOPIFY)
    store = shop.read(tmp_path)
    assert known(store) == {
        "71": ("anna@z.org", "Anna Lee", False),  # which is later, nobody knows: no
        "72": ("b@x.org", "Bea Ray", False),
        "74": (None, None, None),
        "75": ("e@x.org", "Edith Ott", True),
        "99": ("n@x.org", "New Comer", True),
    }
    assert "3 of 4 customers who bought; 1 may be written to, 2 may not, 1 unknown" in said(store)
    assert "1 customer may be written to by 'Accepts Email Marketing' of customers.csv" in said(
        store
    )
    assert list(store.customers) == list(SCHEMA["customers"])  # none of it as a feature
    alone = shop.read(tmp_path, columns={"consent": "Accepts Email Marketing"})
    assert known(alone)["71"] == ("anna@z.org", "Anna Lee", True)
    assert "consent" not in taken(alone)


def test_a_customers_file_by_email(tmp_path):
    """Orders know people by number, the file by e-mail: who has the e-mail is meant."""
    lines = CUSTOMERS.replace("71", "x1").replace("72", "x2").splitlines()
    (tmp_path / "customers.csv").write_text("\n".join(line.split(",", 1)[1] for line in lines))
    read(tmp_path, SHOPIFY)
    store = shop.read(tmp_path)
    assert known(store)["72"] == ("b@x.org", "Bea Ray", False)
    assert known(store)["n@x.org"] == ("n@x.org", "New Comer", True)
    assert "b@x.org" not in known(store)


def test_orders_by_email_beside_customers_with_a_number(tmp_path):
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    read(tmp_path, SHOPIFY.replace(",Customer ID", ",").replace("Email", "Customer Email"))
    people = known(shop.read(tmp_path))
    assert people["b@x.org"] == ("b@x.org", "Bea Ray", False)
    assert people["99"] == ("n@x.org", "New Comer", True) and "72" not in people


def orders(**columns):
    rows = len(next(iter(columns.values())))
    return pd.DataFrame(
        {
            "customer_id": [f"k{i % 4}" for i in range(rows)],
            "order_id": range(rows),
            "ordered_at": pd.date_range("2024-01-01", periods=rows),
            "amount": 5.0,
            **columns,
        }
    )


def test_a_frame_and_its_parquet_say_the_same(tmp_path):
    frame = orders(
        email=["a@x.org", "b@x.org", None, "d@x.org", "e@x.org"],
        Newsletter=pd.array([True, False, None, True, None], dtype="boolean"),
        customer_name=pd.Categorical(["A B", "C D", "E F", "G H", "A B-Z"]),
    )
    store = shop.read(frame)
    assert known(store) == {
        "k0": ("e@x.org", "A B-Z", True),
        "k1": ("b@x.org", "C D", False),
        "k2": (None, "E F", None),
        "k3": ("d@x.org", "G H", True),
    }
    frame.to_parquet(tmp_path / "orders.parquet")
    pd.testing.assert_frame_equal(shop.read(tmp_path / "orders.parquet").people, store.people)


CELLS = {"yes": 1, "JA": 1, "1": 1, "no": 0, "Nein": 0, "0": 0, "": None, "n/a": None, "hm": "?"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.integers(0, 3),
            st.sampled_from(list(CELLS)),
            st.sampled_from(["", "A@x.org", "b@x.org", "none at all"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_latest_known_by_hand(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "Newsletter", "email"])
    frame["ordered_at"] = pd.Timestamp("2024-03-01") + pd.to_timedelta(frame["day"], unit="D")
    table = frame.drop(columns="day").assign(amount=1.0, order_id=range(len(frame)))
    store = shop.read(table, columns={"consent": "Newsletter", "email": "email"})
    expected = {}
    for customer, day, cell, mail in sorted(rows, key=lambda row: row[1]):
        consent, day_of, address, day_of_mail, odd = expected.get(
            customer, (None, -1, None, -1, False)
        )
        meant = CELLS[cell]
        if meant in (0, 1):
            if day > day_of:  # later: it counts, and what was odd before does not
                consent, day_of, odd = bool(meant), day, False
            else:
                consent = consent and bool(meant)
        if "@" in mail and day > day_of_mail:
            address, day_of_mail = mail.lower(), day
        expected[customer] = (consent, day_of, address, day_of_mail, odd)
    for customer, day, cell, _ in rows:  # after a yes, or with it, something that is neither
        consent, day_of, address, day_of_mail, odd = expected[customer]
        odd |= CELLS[cell] == "?" and day >= day_of
        expected[customer] = (consent, day_of, address, day_of_mail, odd)
    if store.people is None:
        assert all(e[0] is None and e[2] is None for e in expected.values())
        return
    people = known(store)
    for customer, (consent, _, address, _, odd) in expected.items():
        assert people[customer][2] is (None if consent and odd else consent)
        assert people[customer][0] == address


def test_the_order_of_rows_means_nothing_where_moments_differ():
    frame = orders(
        email=[f"{i}@x.org" for i in range(12)],
        Newsletter=["yes", "no", "yes", "no", "", "yes", "hm", "", "yes", "", "", "yes"],
    )
    people = known(shop.read(frame))
    assert people["k2"][2] is None and people["k3"][2] is True and people["k1"][2] is True
    assert known(shop.read(frame.iloc[::-1])) == people


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-01-03", "2024-02-03", "", "2024-02-09"],  # since when, and nobody said yes
        ["0", "1", "1", "7"],  # how many letters were sent
        ["test", "treated", "treatment", "test"],  # arms of an experiment
    ],
)
def test_what_is_no_flag_is_no_consent(cells):
    store = shop.read(orders(Newsletter=cells))
    assert store.people is None
    assert "'Newsletter' does not hold yes or no" in said(store)
    told = shop.read(orders(Newsletter=cells), columns={"consent": "Newsletter"})
    assert taken(told)["consent"] == "Newsletter"
    yes = {"k1", "k2"} if "7" in cells else set()
    found = set() if told.people is None else {k for k, v in known(told).items() if v[2] is True}
    assert found == yes


def test_of_two_columns_that_contradict_each_other_neither_is_taken():
    frame = orders(
        Newsletter=["yes", "no", "yes", "yes"], Werbeeinwilligung=["ja", "nein", "nein", ""]
    )
    store = shop.read(frame)
    assert store.people is None
    assert "contradict each other" in said(store)
    told = known(shop.read(frame, columns={"consent": "Werbeeinwilligung"}))
    assert [told[f"k{i}"][2] for i in range(4)] == [True, False, False, None]
    agree = shop.read(frame.assign(Werbeeinwilligung=["ja", "nein", "", ""]))
    assert known(agree)["k2"][2] is True


def named(cells, customers=10, times=3):
    return pd.DataFrame(
        {
            "Kundennummer": [f"K{i % customers}" for i in range(customers * times)],
            "Datum": pd.date_range("2024-01-01", periods=customers * times).astype("str"),
            "Betrag": "5",
            "Name": [cells(i % customers, i // customers) for i in range(customers * times)],
        }
    )


FIRST = "Ann Bea Cy Dora Ed Flo Gus Hal Ida Jo".split()


def test_name_is_a_person_where_it_stays_with_the_customer():
    store = shop.read(named(lambda who, _: f"{FIRST[who]} Lee"))
    assert known(store)["K3"] == (None, "Dora Lee", None)
    assert "name known for 10 of 10 customers" in said(store)


@pytest.mark.parametrize(
    "cells",
    [
        lambda who, time: f"{FIRST[(who + 3 * time) % 10]} Mug",  # a product, now this, now that
        lambda who, time: "Blue Mug",  # the one product there is
        lambda who, time: f"Ann {'Lee Ray'.split()[who % 2]}",  # two, and everybody has one
        lambda who, time: f"Mug no {who}",
    ],
)
def test_name_is_a_product_or_in_doubt_nothing(cells):
    assert shop.read(named(cells)).people is None
    told = shop.read(named(cells), columns={"name": "Name"})
    assert told.people["name"].notna().all()


def test_a_name_seen_once_a_customer_is_in_doubt():
    assert shop.read(named(lambda who, _: f"{FIRST[who]} Mug", times=1)).people is None


def test_a_role_is_switched_off():
    frame = orders(email=["a@x.org"] * 4, Newsletter=["yes"] * 4)
    assert known(shop.read(frame, columns={"consent": None}))["k0"] == ("a@x.org", None, None)
    assert shop.read(frame, columns={"consent": None, "email": None}).people is None


def test_nothing_is_learned_from_people(tmp_path):
    store = shop.load("simulated")
    assert store.people is None and shop.load("complete_journey").people is None
    few = store.purchases["customer_id"].unique()[:80]
    small = replace(
        store,
        **{n: t[t["customer_id"].isin(few)] for n, t in store.tables.items()},
    )
    people = pd.DataFrame(
        {"customer_id": few, "email": "a@x.org", "name": "A B", "consent": True}
    ).astype({"consent": "boolean"})
    with_people = replace(small, people=people)
    cutoff = "2017-07-01"
    pd.testing.assert_frame_equal(
        features.build(with_people, cutoff), features.build(small, cutoff)
    )
    assert "people" not in with_people.tables and "people" not in SCHEMA
    assert repr(with_people) == repr(small)
    pd.testing.assert_frame_equal(
        targets.future(with_people, cutoff), targets.future(small, cutoff)
    )
    # what goes to an engine or a warehouse
    assert set(tables_of(with_people)) == set(small.tables)


def test_features_of_a_file_do_not_know_its_people(tmp_path):
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    read(tmp_path, SHOPIFY)
    store = shop.read(tmp_path)
    built = features.build(store, "2024-02-01")
    pd.testing.assert_frame_equal(built, features.build(replace(store, people=None), "2024-02-01"))
    assert not built.columns.str.contains("email|name|consent|marketing", case=False).any()


def test_one_row_a_customer():
    frame = pd.DataFrame(
        {
            "Customer ID": [f"K{i}" for i in range(30)],
            "First Name": "Ann",
            "Last Name": [f"Lee{'abc'[i % 3]}" for i in range(30)],
            "Email": [f"a{i}@x.org" for i in range(30)],
            "Accepts Email Marketing": [1, 0] * 15,
            "Total Spent": range(30),
            "Total Orders": 2,
        }
    )
    who = shop.read(frame)
    assert isinstance(who, shop.Customers)
    assert known(who)["K1"] == ("a1@x.org", "Ann Leeb", False)
    assert list(who.table) == ["Total Spent", "Total Orders"]
    assert "e-mail known for 30 of 30 customers; 15 may be written to, 15 may not, 0 unknown" in (
        said(who)
    )
    assert taken(who, "customers")["consent"] == "Accepts Email Marketing"


def test_nothing_is_said_where_nothing_is_known():
    store = shop.read(orders(quantity=[1, 2, 3]))
    assert store.people is None
    assert "e-mail" not in said(store) and "written to" not in said(store)
