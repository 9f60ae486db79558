"""A damaged file ends in a sentence, or in a shop whose rows add up: never in anything else."""

from __future__ import annotations

import io
import os

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import shop

EXPORTS = (
    "customer_id,order_id,date,amount,status\n"
    'a,1,2024-01-31 10:00,"1,234.50",paid\nb,2,2024-02-01 11:00,7.00,refunded\n'
    'c,3,2024-02-02 12:30,12.25,"paid, by card"\na,4,2024-02-13 09:00,3.00,paid\n',
    "Kundennummer;Bestellnummer;Bestelldatum;Warengruppe;Menge;Einzelpreis;Rabatt\n"
    "0017;B-1;13.01.2024 10:15;Möbel;2;1.234,50 €;0\n0018;B-2;02.02.2024 18:00;Küche;3;5,00 €;1\n"
    "0019;B-3;05.02.2024 09:30;Küche;1;12,90 €;0\n",
    "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem price,Refunded Amount\n"
    "#1,a@x.org,paid,2024-01-05 10:22:33 -0500,1,10.00,0.00\n"
    "#1,a@x.org,,2024-01-05 10:22:33 -0500,3,10.00,\n"
    "#2,b@x.org,voided,2024-01-06 10:22:33 -0500,1,7.00,7.00\n",
    "event_time\tevent_type\tprice\tuser_id\tuser_session\tcategory\n"
    "2019-10-01 00:00:00 UTC\tview\t100.50\tu1\ts1\ta\n"
    "2019-10-01 00:03:00 UTC\tpurchase\t100.50\tu1\ts1\ta\n"
    "2019-10-01 09:00:00 UTC\trefund\t3\tu2\ts2\tb\n",
    "ID,Recency,Frequency,Monetary,last_order_date\n"
    '1,58,3,"1,234.50",2024-01-31\n2,7,1,2.00,2024-02-28\n3,,0,,\n4,12,2,9.90,2024-02-20\n',
    "\na,1,2024-01-31,5\nb,2,2024-02-01,7\n",
    " 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n 00002 19970112  5   77.00\n",
    'customer_id,date,amount\n"a,2024-01-31,5.00"\n"b,2024-01-31,""7,5"""\n"c,2024-02-01,3"\n',
    '[{"id": 7, "number": "7", "status": "paid", "date_created": "2017-03-22T16:28:02", '
    '"customer_id": 26, "billing": {"email": "j@x.org"}, "line_items": ['
    '{"id": 315, "quantity": 2, "total": "6.00"}, {"id": 316, "quantity": 1, "total": "12.00"}]},\n'
    '{"id": 8, "status": "cancelled", "date_created": "2017-03-23", "customer_id": 7, "total": "9"}]',
    '{"customer_id": "a", "date": "2024-01-31", "amount": 5.5}\n'
    '{"customer_id": "b", "date": "2024-01-31", "amount": "7,25"}\n'
    '{"customer_id": null, "date": "2024-02-01", "amount": 1}\n',
    "Order Number,Buyer Email,Sale Date,Item Number,Quantity,Sold For,Total Price,Refunded Amount,"
    "Quantity Refunded\n1,a@x.org,Jan-05-24,,2,$25.00,$29.00,7.50,\n1,,,10,1,$7.50,,,1\n"
    "1,,,11,1,$17.50,,,0\n2,NA,9999-12-31,9,1,Rp1.250,,,\n",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "cp1250", "shift_jis", "utf-7")
EXAMPLES = int(os.environ.get("DAMAGED_FILES", "40"))
SHARED = HealthCheck.function_scoped_fixture
place = st.floats(0, 1)
damage = st.one_of(
    st.tuples(st.just("cut"), place, place),
    st.tuples(st.just("doubled"), place, place),
    st.tuples(st.just("swapped"), place, place),
    st.tuples(st.just("byte"), place, st.integers(0, 255).map(lambda byte: bytes([byte]))),
    st.tuples(st.just("text"), place, st.sampled_from([b'"', b",", b";", b"\n", b"\r", b"\t"])),
    st.tuples(st.just("cell"), place, st.sampled_from([b"-1e9", b"1e400", b"0000-00-00", b"nan"])),
)


def damaged(raw, steps):
    """Apply one step of damage after the other to the bytes of a file."""
    for kind, at, more in steps:
        start = int(at * len(raw))
        if kind in ("cut", "doubled", "swapped"):
            end = max(start, int(more * len(raw)))
            before, middle, after = raw[:start], raw[start:end], raw[end:]
            parts = {
                "cut": (before, after),
                "doubled": (before, middle, middle, after),
                "swapped": (middle, before, after),
            }[kind]
            raw = b"".join(parts)
        else:
            raw = raw[:start] + more + raw[start + (kind == "byte") :]
    return raw[:20_000]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[SHARED])
@given(
    export=st.sampled_from(EXPORTS),
    encoding=st.sampled_from(ENCODINGS),
    steps=st.lists(damage, max_size=4),
    ending=st.sampled_from(
        [*[".csv"] * 4, ".txt", ".xlsx", ".xls", ".parquet", ".csv.gz", *[".json", ".jsonl"] * 2]
    ),
)
def test_any_damage_ends_in_a_sentence_or_in_rows_that_add_up(
    tmp_path, export, encoding, steps, ending
):
    path = tmp_path / f"orders{ending}"
    path.write_bytes(damaged(export.encode(encoding, "replace"), steps))
    check(path)


def check(path):
    """A damaged file gives a sentence with a remedy, or a shop whose rows add up."""
    try:
        store = shop.read(path)
    except shop.ShopError as error:
        assert "not foreseen" not in str(error)
        assert error.problem and error.expected and error.remedy
        return
    fates = store.report.fates
    assert fates["rows"].sum() == store.report.rows
    if isinstance(store, shop.Customers):
        assert fates.query("fate == 'customers'")["rows"].sum() == len(store.table)
        assert fates.query("fate == 'set aside'")["rows"].sum() == len(store.set_aside)
        assert store.table.index.is_unique
        return
    assert fates.query("fate == 'purchases'")["rows"].sum() == len(store.purchases)
    assert fates.query("fate == 'set aside'")["rows"].sum() == len(store.set_aside)
    assert (store.purchases["amount"] >= 0).all()
    required = list(shop.REQUIRED["purchases"])
    assert store.purchases[required].notna().all(axis=None)


def as_bytes(kind):
    table = pd.DataFrame({"customer_id": ["a", "b"], "date": ["2024-01-31"] * 2, "amount": [5, 7]})
    whole = io.BytesIO()
    (table.to_excel if kind == "xlsx" else table.to_parquet)(whole, index=False)
    return whole.getvalue()


BINARY = {kind: as_bytes(kind) for kind in ("xlsx", "parquet")}


@settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=[SHARED])
@given(kind=st.sampled_from(list(BINARY)), steps=st.lists(damage, min_size=1, max_size=3))
def test_damage_within_workbooks_and_parquet(tmp_path, kind, steps):
    path = tmp_path / f"orders.{kind}"
    path.write_bytes(damaged(BINARY[kind], steps))
    check(path)


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_noise_is_no_table(tmp_path, size):
    path = tmp_path / "orders.csv"
    path.write_bytes(bytes(range(256)) * size)
    with pytest.raises(shop.ShopError) as caught:
        shop.read(path)
    assert "not foreseen" not in str(caught.value)
