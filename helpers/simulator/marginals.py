"""The figures by which the simulated shop is held to real shops."""

import numpy as np
import pandas as pd

from helpers import evaluation
from helpers.features.cut_off import standing
from helpers.shop import Shop
from helpers.simulator import oracle

HORIZON = pd.Timedelta(weeks=26)
# Figure: the band in which it must lie for 20,000 customers, and where the target comes from.
BANDS = {
    "conversion per visit": (0.04, 0.06, "2-3 % of all visits; these customers are registered"),
    "visits with a cart": (0.12, 0.20, "follows from conversion and abandonment"),
    "cart abandonment": (0.67, 0.73, "Baymard: 70.2 % over 50 studies"),
    "repeat within 52 weeks": (0.25, 0.31, "28 %"),
    "order value, mean": (74, 88, "81"),
    "order value, median": (57, 67, "62"),
    "share of the top 20 %": (0.59, 0.68, "McCarthy & Winer 2018: .67 over 339 firms"),
    "visits from a phone": (0.64, 0.70, "67 %"),
    "survey answered": (0.35, 0.41, "38 %"),
    "orders canceled": (0.02, 0.05, "a few percent"),
}


def repeat_share(orders: pd.DataFrame, end: pd.Timestamp) -> float:
    """Return the share of buyers who order again within 52 weeks, of those seen that long.

    `orders` has a row an order: customer_id, ordered_at.
    """
    year = pd.Timedelta(weeks=52)
    ordered = orders.sort_values("ordered_at").groupby("customer_id")["ordered_at"]
    first, second = ordered.nth(0), ordered.nth(1)
    who = orders["customer_id"]
    first = pd.Series(first.to_numpy(), index=who.loc[first.index])
    second = pd.Series(second.to_numpy(), index=who.loc[second.index]).reindex(first.index)
    seen = first <= end - year
    return float((second - first <= year)[seen].mean())


def high_value(shop: Shop, cut_off: str) -> tuple[int, float, float]:
    """Return, at a cut-off: positives, prevalence, and the share that is in today's top 10 %.

    Positive is who, of the customers with a visit in the year before, is of high value in the 26
    weeks after; today's top is who was in the year before.
    """
    at = pd.Timestamp(cut_off)
    year = pd.Timedelta(days=oracle.YEAR)
    visits = shop.tables["visits"]
    visited = visits["started_at"].between(at - year, at, inclusive="left")
    seen = visits.loc[visited, "customer_id"].unique()

    def spent(begin: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
        lines = standing(shop.purchases, begin, end)
        return lines.groupby("customer_id")["amount"].sum().reindex(seen, fill_value=0)

    positive = evaluation.high_value(spent(at, at + HORIZON))
    today = evaluation.high_value(spent(at - year, at))
    return int(positive.sum()), float(positive.mean()), float(today[positive].mean())


def marginals(shop: Shop, truth: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Measure the shop against its targets.

    Returns a row a figure: `measured`, `low` and `high` of its band (for 20,000 customers),
    `inside`, `target` (where the band comes from).
    """
    looks, customers = shop.tables["visits"], shop.tables["customers"]
    visits = looks.groupby("visit_id").agg(
        device=("device", "first"), cart=("added_to_cart", "any"), ordered=("ordered", "any")
    )
    orders = shop.purchases.groupby("order_id").agg(
        customer_id=("customer_id", "first"),
        ordered_at=("ordered_at", "first"),
        amount=("amount", "sum"),
        cancelled_at=("cancelled_at", "first"),
    )
    spend = shop.purchases.groupby("customer_id")["amount"].sum().sort_values(ascending=False)
    top = int(np.ceil(0.2 * len(spend)))
    end = looks["started_at"].max()
    measured = {
        "conversion per visit": visits["ordered"].mean(),
        "visits with a cart": visits["cart"].mean(),
        "cart abandonment": 1 - visits["ordered"].sum() / visits["cart"].sum(),
        "repeat within 52 weeks": repeat_share(orders, end),
        "order value, mean": orders["amount"].mean(),
        "order value, median": orders["amount"].median(),
        "share of the top 20 %": spend.iloc[:top].sum() / spend.sum(),
        "visits from a phone": (visits["device"] == "mobile").mean(),
        "survey answered": customers["answered_at"].notna().mean(),
        "orders canceled": orders["cancelled_at"].notna().mean(),
    }
    rows = [(name, measured[name], *band) for name, band in BANDS.items()]
    for cut_off in oracle.CUT_OFFS:
        count, prevalence, today = high_value(shop, cut_off)
        rows += [
            (f"high value at {cut_off}", count, 400, np.inf, "enough positives"),
            (f"prevalence at {cut_off}", prevalence, 0.05, 0.101, "top 10 % who spend"),
            (f"of them today's best at {cut_off}", today, 0.1, 0.6, "not only today's best"),
        ]
    for name, rows_of in truth["campaigns"].groupby("campaign_id"):
        rows.append(
            (f"uplift of {name}", rows_of["uplift"].mean(), 0.002, 0.03, "an effect to be found")
        )
    table = pd.DataFrame(rows, columns=["figure", "measured", "low", "high", "target"])
    table.insert(4, "inside", table["measured"].between(table["low"], table["high"]))
    return table.set_index("figure")
