"""Small shops with records on both sides of every border, for property tests of definitions."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from helpers.shop import EVENT_TIME, SCHEMA, Shop, conform

AS_OF = pd.Timestamp("2024-07-01 12:00")
MICROSECOND = pd.Timedelta("1us")

PROFILE = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

# Ages of records at the cut-off: on both sides of every border that a definition has.
_DAYS = [0.0, 1e-6, 0.25, 1, 1.5, 2, 29, 30, 31, 45, 90, 90.5, 91, 179.5, 180, 181, 400, -1, -40]

ages = st.sampled_from(_DAYS).map(lambda days: pd.Timedelta(days=days).round("us")) | st.just(
    MICROSECOND
)

times = ages.map(lambda age: AS_OF - age)

people = st.sampled_from(["c0", "c1", "c2", "c10"])
kinds = st.sampled_from(["a", "A", "home & garden", None])


@st.composite
def _purchases(draw):
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        ordered_at = draw(times)
        wait = draw(st.none() | ages.map(abs))
        rows.append(
            {
                "customer_id": draw(people),
                "order_id": draw(st.sampled_from(["o1", "o2", "o3", "o4"])),
                "ordered_at": ordered_at,
                "category": draw(kinds),
                "amount": draw(st.integers(0, 100_000)) / 100,
                "cancelled_at": pd.NaT if wait is None else ordered_at + wait,
            }
        )
    return schema_table("purchases", rows)


@st.composite
def _visits(draw):
    rows = []
    for number in range(draw(st.integers(0, 6))):
        customer, started_at, ordered = draw(people), draw(times), draw(st.booleans())
        for _ in range(draw(st.integers(1, 3))):
            rows.append(
                {
                    "customer_id": customer,
                    "visit_id": f"v{number}",
                    "started_at": started_at,
                    "category": draw(kinds),
                    "seconds": draw(st.sampled_from([0, 1, 60, 1_000, 1_800, 9_999])),
                    "added_to_cart": draw(st.booleans()),
                    "ordered": ordered,
                }
            )
    return schema_table("visits", rows)


@st.composite
def _dated(draw, name):
    """A table of which only the customer and the time matter."""
    count = draw(st.integers(0, 4))
    rows = [
        {"customer_id": draw(people), EVENT_TIME[name]: draw(times), "treated": True}
        for _ in range(count)
    ]
    found = schema_table(name, rows)
    return found.drop_duplicates("customer_id") if name == "customers" else found


@st.composite
def shops(draw):
    optional = {
        "visits": _visits(),
        **{name: _dated(name) for name in ("customers", "campaigns", "impressions")},
    }
    present = {name: draw(st.none() | strategy) for name, strategy in optional.items()}
    return Shop("small", draw(_purchases()), **present)


def schema_table(name, rows):
    """Rows (dictionaries) as a table of the schema; what a row does not say is missing."""
    empty = {column: [row.get(column) for row in rows] for column in SCHEMA[name]}
    return conform(pd.DataFrame(empty), name)
