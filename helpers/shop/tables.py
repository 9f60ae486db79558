"""The tables of a shop, their columns and their types."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from helpers.errors import ShopError
from helpers.shop.report import Report

# What a column holds: "id" and "text" are text, "time" is timezone-naive shop-local time,
# "money" is float64 rounded to the cent, "whole" is int64, "flag" is bool.
SCHEMA: dict[str, dict[str, str]] = {
    "purchases": {
        "customer_id": "id",
        "order_id": "id",
        "ordered_at": "time",
        "category": "text",
        "subcategory": "text",
        "quantity": "number",
        "amount": "money",
        "cancelled_at": "time",
    },
    "visits": {
        "customer_id": "id",
        "visit_id": "id",
        "started_at": "time",
        "device": "text",
        "source": "text",
        "landing_category": "text",
        "category": "text",
        "seconds": "whole",
        "added_to_cart": "flag",
        "ordered": "flag",
    },
    "customers": {
        "customer_id": "id",
        "signed_up_at": "time",
        "age_band": "text",
        "income_band": "text",
        "region": "text",
        "acquisition_channel": "text",
        "answered_at": "time",
        "favorite_category": "text",
        "price_attitude": "number",
        "expected_frequency": "number",
        "shopping_for": "text",
        "style": "text",
    },
    "campaigns": {
        "campaign_id": "id",
        "customer_id": "id",
        "assigned_at": "time",
        "treated": "flag",
        "propensity": "number",
        "converted": "flag",
        "revenue": "money",
        "cost": "money",
        "recorded_at": "time",
    },
    "impressions": {
        "customer_id": "id",
        "shown_at": "time",
        "category": "text",
        "position": "whole",
        "propensity": "number",
        "clicked": "flag",
        "rating": "number",
        "hidden": "flag",
        "recorded_at": "time",
    },
}

# A row without one of these says nothing; `read` sets it aside.
REQUIRED: dict[str, tuple[str, ...]] = {
    "purchases": ("customer_id", "order_id", "ordered_at", "amount"),
    "visits": ("customer_id", "visit_id", "started_at"),
    "customers": ("customer_id",),
    "campaigns": ("customer_id", "assigned_at", "treated", "converted"),
    "impressions": ("customer_id", "shown_at", "clicked"),
}

# The time of the event itself, by table: what `__repr__` shows as the range of dates.
EVENT_TIME = {
    "purchases": "ordered_at",
    "visits": "started_at",
    "customers": "signed_up_at",
    "campaigns": "assigned_at",
    "impressions": "shown_at",
}
# when something was recorded that the row itself could not know yet
RECORDED_LATER = ("cancelled_at", "answered_at", "recorded_at")

_DTYPE = {
    "id": "str",
    "text": "str",
    "time": "datetime64[us]",
    "money": "float64",
    "number": "float64",
    "whole": "int64",
    "flag": "bool",
}


def no_rows_set_aside() -> pd.DataFrame:
    """Return an empty `set_aside` table (columns source, row, reason)."""
    return pd.DataFrame(
        {
            "source": pd.Series(dtype="str"),
            "row": pd.Series(dtype="int64"),
            "reason": pd.Series(dtype="str"),
        }
    )


@dataclass(frozen=True, eq=False)
class Shop:
    """What is known about a shop: up to five tables; only `purchases` is required.

    Attributes:
        name: Short name of the shop, or of the file it was read from.
        purchases: A row per line of an order, columns as in `SCHEMA["purchases"]`; `amount` is
            the value of the whole line (price x quantity) in the shop's currency.
        visits: A row per category looked at in a visit; `seconds` are whole seconds.
        customers: A row per customer.
        campaigns: A row per customer in a campaign.
        impressions: A row per recommendation shown.
        report: What was read, mapped and set aside; `str(shop.report)` is meant to be read.
        set_aside: Input rows used nowhere: columns `source`, `row`, `reason`, then the
            columns as they were.
        notes: What one must know before drawing conclusions from this shop.
        people: Whom one can write to, a row per customer of `purchases` and `customers`: columns
            `customer_id`, `email` and `name` (text, missing where unknown), `consent` ("boolean":
            True may be written to, False may not, missing unknown). None where the source says
            none of it. It is no table of `SCHEMA`: nothing learns from it.
        currency: Of all amounts, as the source writes it ("EUR", "€"); empty where it does not say,
            or has several.
    """

    name: str
    purchases: pd.DataFrame
    visits: pd.DataFrame | None = None
    customers: pd.DataFrame | None = None
    campaigns: pd.DataFrame | None = None
    impressions: pd.DataFrame | None = None
    report: Report = field(default_factory=Report)
    set_aside: pd.DataFrame = field(default_factory=no_rows_set_aside)
    notes: tuple[str, ...] = ()
    people: pd.DataFrame | None = None
    currency: str = ""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that are present, by name, in the order of `SCHEMA`."""
        present = {name: getattr(self, name) for name in SCHEMA}
        return {name: table for name, table in present.items() if table is not None}

    @property
    def last(self) -> pd.Timestamp:
        """The time of the last order; NaT where there is none."""
        return self.purchases["ordered_at"].max()

    def __repr__(self) -> str:
        lines = [f"Shop {self.name!r}"]
        for name, table in self.tables.items():
            times = table[EVENT_TIME[name]].dropna()
            dates = f"  {times.min():%Y-%m-%d} to {times.max():%Y-%m-%d}" if len(times) else ""
            lines.append(f"  {name:<11} {len(table):>9,} rows{dates}")
        if len(self.set_aside):
            lines.append(f"  {'set aside':<11} {len(self.set_aside):>9,} rows  (see .report)")
        return "\n".join(lines)


def conform(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return `frame` with the columns of `table` in order and in their types, extra ones last.

    Optional columns that are absent are added as missing (0 for "whole", False for "flag").

    Args:
        frame: Rows of one table under the schema's column names; it is not changed.
        table: A key of `SCHEMA`.

    Raises:
        ShopError: A required column is absent, or a column cannot be turned into its type.
    """
    schema = SCHEMA[table]
    absent = [name for name in REQUIRED[table] if name not in frame]
    if absent:
        raise ShopError(
            f"the table {table!r} lacks {', '.join(map(repr, absent))}",
            column=absent[0],
            expected=f"at least the columns {', '.join(REQUIRED[table])}",
        )
    typed = {}
    for name, kind in schema.items():
        try:
            typed[name] = _typed(frame[name] if name in frame else None, kind, frame.index)
        except (TypeError, ValueError) as error:
            raise ShopError(
                f"cannot be turned into {_DTYPE[kind]}: {error}", file=table, column=name
            ) from error
    extra = {name: frame[name] for name in frame if name not in schema}
    return pd.DataFrame(typed | extra, index=frame.index, copy=False).reset_index(drop=True)


def _typed(column: pd.Series | None, kind: str, index: pd.Index) -> pd.Series:
    """Return one column in the dtype of its kind; all missing, 0 or False where it is None."""
    if column is None:
        filler = {"whole": 0, "flag": False}.get(kind)
        return pd.Series(filler, index=index, dtype=_DTYPE[kind])
    if kind == "time":
        times = pd.to_datetime(column)
        # As written: the shop's local clock is what its analysts read.
        return (times.dt.tz_localize(None) if times.dt.tz is not None else times).dt.as_unit("us")
    if kind in ("whole", "flag"):
        column = column.fillna(0)
    typed = column.astype(_DTYPE[kind])
    return typed.round(2) if kind == "money" else typed
