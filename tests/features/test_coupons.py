"""The coupon offers know nothing of what came after a campaign's start."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.features import coupons


@pytest.fixture(scope="module")
def offers(journey):
    return coupons.coupon_offers(journey)


def test_a_row_is_an_offer_whose_window_closed_within_the_year(offers):
    assert offers.index.is_unique and offers.index.is_monotonic_increasing
    assert offers.index.names == ["campaign_id", "customer_id"]
    assert (offers["starts"] >= coupons.HISTORY).all() and (offers["ends"] < "2018-01-01").all()
    assert list(offers.columns) == [*coupons.FEATURES, "starts", "ends", "redeemed"]
    assert offers["redeemed"].dtype == bool and 0.05 < offers["redeemed"].mean() < 0.25


def test_purchases_from_the_start_on_change_no_feature(journey, offers):
    day = pd.Timestamp("2017-08-08")
    lines = journey.purchases
    later = lines["ordered_at"] >= day
    rng = np.random.default_rng(0)
    wild = lines.assign(amount=lines["amount"].where(~later, rng.uniform(0, 999, len(lines))))
    early = offers["starts"] <= day
    for changed in (lines[~later], wild):
        again = coupons.coupon_offers(replace(journey, purchases=changed))
        pd.testing.assert_frame_equal(again[early], offers[early])


def test_features_are_what_the_purchases_say(journey, offers):
    (_, customer), row = next(iter(offers[offers["frequency"] > 20].iterrows()))
    lines = journey.purchases.query("customer_id == @customer")
    past = lines[lines["ordered_at"] < row["starts"]]
    assert row["frequency"] == past["order_id"].nunique()
    assert row["monetary"] == pytest.approx(past["amount"].sum())
    recent = past[past["ordered_at"] >= row["starts"] - pd.Timedelta("90D")]
    assert row["spend_last_90"] == pytest.approx(recent["amount"].sum())


def test_a_first_offer_has_no_earlier_redemption_of_its_own(offers):
    first = offers.groupby("customer_id")["starts"].transform("min") == offers["starts"]
    assert (offers.loc[first, "days_since_redemption"].dropna() > 0).all()
    assert (offers["offers_redeemed_before"] <= offers["coupons_redeemed_before"]).all()
