"""Knobs: at rest the shop is as before; turned, it moves as they say, and the truth follows."""

import hashlib
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from helpers import simulator
from helpers.simulator import knobs, world
from helpers.simulator.knobs import Knobs

# Of simulate(customers=2000, seed=5, sep=0.9, drift=-0.5) before there were knobs: a digest of the
# columns that hold no decimal fractions, and the sum of those that do.
BEFORE = {
    "purchases": ("286b41eae9bc4688", 107017.69),
    "visits": ("316cef2f13d8edeb", 0.0),
    "customers": ("f56b0fc1b63f70d6", 4667.0),
    "campaigns": ("4dd146f50d2ac812", 10268.7517),
    "impressions": ("9174b11a5dc7d740", 5622.645),
}
SPRING = pd.Timestamp("2025-04-01")


def turned(customers: int = 6_000, seed: int = 3, **turns: float):
    return simulator.simulate(customers=customers, seed=seed, knobs=Knobs(**turns))


@lru_cache(maxsize=2)
def at_rest(customers: int, seed: int):
    """A shop whose knobs are at rest, to compare several turned ones with: to be read only."""
    return turned(customers, seed)


@pytest.fixture(scope="module")
def rest():
    return turned()


def digest(table: pd.DataFrame) -> str:
    found = hashlib.sha256()
    for name in table.select_dtypes(exclude="float64"):
        text = table[name].astype("str")
        found.update(pd.util.hash_pandas_object(text, index=False).to_numpy().tobytes())
    return found.hexdigest()[:16]


def repeated(purchases: pd.DataFrame) -> float:
    """The share of the lines of later orders whose subcategory the customer bought before."""
    lines = purchases.sort_values(["customer_id", "ordered_at"], kind="stable")
    later = lines["order_id"] != lines.groupby("customer_id")["order_id"].transform("first")
    return lines.duplicated(["customer_id", "subcategory"])[later].mean()


def spring(truth, table: str) -> pd.DataFrame:
    return truth[table].query("campaign_id == 'spring_voucher'").set_index("customer_id")


def test_without_knobs_the_tables_are_those_before_there_were_any():
    shop, _ = simulator.simulate(customers=2_000, seed=5, sep=0.9, drift=-0.5)
    for name, (kept, total) in BEFORE.items():
        table = shop.tables[name]
        assert digest(table) == kept, name
        assert table.select_dtypes("float64").sum().sum() == pytest.approx(total, abs=0.01), name


def test_knobs_at_rest_change_nothing(small):
    at_rest = Knobs(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    again, truth = simulator.simulate(customers=2_000, seed=5, knobs=at_rest)
    assert list(truth) == list(small[1])
    for name, table in {**again.tables, **truth}.items():
        assert_frame_equal(table, (small[0].tables | small[1])[name], check_exact=True)
    assert again.report.source == small[0].report.source
    assert "knobs" not in again.report.source


@pytest.mark.parametrize("name", knobs.RANGES)
def test_a_knob_out_of_its_range_is_named(name):
    for value in (knobs.RANGES[name][0] - 0.1, knobs.RANGES[name][1] + 0.1, np.nan):
        with pytest.raises(ValueError, match=f"{name} must be from"):
            Knobs(**{name: value})


def test_a_turned_knob_stands_in_the_report():
    shop, _ = turned(customers=300, returns=0.5, tail=1)
    assert shop.report.source.endswith("knobs=Knobs(returns=0.5, tail=1))")


def test_visits_that_are_not_identified_vanish_and_their_orders_stay(rest):
    shop, _ = turned(identified=0.4)
    assert_frame_equal(shop.purchases, rest[0].purchases)
    seen, every = (s.visits.drop_duplicates("visit_id") for s in (shop, rest[0]))
    later = len(every) - 6_000  # besides the visit of the sign-up, which all have
    error = np.sqrt(0.4 * 0.6 / later)
    assert (len(seen) - 6_000) / later == pytest.approx(0.4, abs=3 * error)
    kept = rest[0].visits[rest[0].visits["visit_id"].isin(seen["visit_id"])]
    assert_frame_equal(shop.visits, kept.reset_index(drop=True))
    first = shop.visits.groupby("customer_id")["started_at"].min()
    signed_up = shop.customers.set_index("customer_id")["signed_up_at"]
    pd.testing.assert_series_equal(first, signed_up, check_names=False)
    # what was recommended in a visit that is not seen is not seen either
    times = shop.impressions["shown_at"] - pd.Timedelta("5s")
    assert set(zip(shop.impressions["customer_id"], times, strict=True)) <= set(
        zip(seen["customer_id"], seen["started_at"], strict=True)
    )
    assert len(shop.impressions) < 0.6 * len(rest[0].impressions)


@pytest.mark.parametrize("pulled", [0.25, 0.75])
def test_orders_pulled_forward_are_missing_later_as_the_truth_says(pulled):
    extra, moved, lost, expected = 0.0, 0.0, 0, 0.0
    for seed in (1, 2):
        shop, truth = turned(12_000, seed, pull_forward=pulled)
        before, truth_before = at_rest(12_000, seed)
        rows = spring(truth, "campaigns").join(spring(truth, "long_run")[["moved"]])
        extra += rows["uplift"].clip(lower=0).sum()
        moved += rows["moved"].sum()
        treated = shop.campaigns.query("campaign_id == 'spring_voucher' and treated")
        expected += rows.loc[treated["customer_id"], "moved"].sum()
        begin, end = SPRING + pd.Timedelta("56D"), SPRING + pd.Timedelta("182D")
        count = [
            s.purchases[s.purchases["ordered_at"].between(begin, end, inclusive="left")][
                "order_id"
            ].nunique()
            for s in (before, shop)
        ]
        lost += count[0] - count[1]
        # nobody else's p0 and p1 are touched
        same = spring(truth_before, "campaigns")[["p0", "p1", "profit_uplift"]]
        assert_frame_equal(rows[["p0", "p1", "profit_uplift"]], same)
    assert 0.9 * pulled < moved / extra <= pulled + 1e-6
    # an order that began in the last minutes of a window may be placed after it: 2 at either end
    assert abs(lost - expected) < 3 * np.sqrt(expected) + 4


def test_the_randomized_arms_still_differ_by_the_uplift_and_in_the_long_run_by_its_truth():
    converted, long_run = [], []
    for seed in (1, 2):
        shop, truth = turned(20_000, seed, pull_forward=0.75)
        rows = shop.campaigns.query("campaign_id == 'spring_voucher'").set_index("customer_id")
        end = SPRING + pd.Timedelta("182D")
        orders = shop.purchases[shop.purchases["ordered_at"].between(SPRING, end)]
        revenue = orders.groupby("customer_id")["amount"].sum().reindex(rows.index, fill_value=0)
        profit = 0.40 * revenue - rows["cost"]
        for found, values, truly in (
            (converted, rows["converted"].astype(float), spring(truth, "campaigns")["uplift"]),
            (long_run, profit, spring(truth, "long_run")["profit_uplift_26"]),
        ):
            arms = [values[rows["treated"] == arm] for arm in (True, False)]
            error = np.hypot(*[arm.std() / np.sqrt(len(arm)) for arm in arms])
            found.append((arms[0].mean() - arms[1].mean() - truly.mean(), error))
    for found in (converted, long_run):
        off, error = np.array(found).T
        assert abs(off.mean()) < 3 * np.sqrt((error**2).sum()) / len(off)


def test_lines_come_back_at_the_rate_of_their_category(rest):
    shop, truth = turned(12_000, returns=1.0)
    before, _ = turned(12_000)
    same = [name for name in before.purchases if name != "cancelled_at"]
    assert_frame_equal(shop.purchases[same], before.purchases[same])
    lines = shop.purchases.assign(before=before.purchases["cancelled_at"])
    changed = lines[lines["cancelled_at"].ne(lines["before"]) & lines["cancelled_at"].notna()]
    assert (changed["cancelled_at"] - changed["ordered_at"] >= pd.Timedelta("3D")).all()
    lines = lines[(lines["ordered_at"] < "2025-09-01") & lines["before"].isna()]
    back = lines.groupby("category")["cancelled_at"].agg(lambda c: c.notna().mean())
    rate = truth["categories"].set_index("category")["return_rate"]
    error = np.sqrt(rate * (1 - rate) / lines.groupby("category").size())
    assert (back - rate).abs().lt(3 * error).all(), back - rate
    assert "return_rate" not in rest[1]["categories"]


def test_margins_lie_apart_as_far_as_the_knob_says():
    assert (Knobs().margin_of(np.array(world.CATEGORIES)) == knobs.MARGIN).all()
    at_one = Knobs(margins=1.0)
    assert at_one.margin_of(np.array(["electronics"])) == pytest.approx(0.18)
    _, truth = turned(300, margins=1.0)
    assert truth["categories"]["margin"].tolist() == pytest.approx(list(knobs.MARGINS))
    assert (Knobs(margins=1.5).margin_rates() > 0).all()


def tastes_of(truth, month: int) -> np.ndarray:
    return truth["tastes"].query("month == @month").filter(like="taste_").to_numpy(dtype=float)


def test_tastes_change_and_popularity_stays():
    changed = []
    for rate in (0.3, 1.0, 3.0):
        shop, truth = turned(10_000, taste_drift=rate)
        first, last = tastes_of(truth, 0), tastes_of(truth, 23)
        assert np.allclose(last.sum(axis=1), 1, atol=1e-5)
        assert np.abs(last.mean(axis=0) - first.mean(axis=0)).max() < 3 * 0.2 / np.sqrt(10_000)
        assert np.abs(last.std(axis=0) - first.std(axis=0)).max() < 0.01
        assert np.allclose(first, truth["customers"].filter(like="taste_"), atol=1e-6)
        # a year apart, of those who were there, around the mean of their segment and age
        year_ago = np.sqrt(tastes_of(truth, 11)), np.sqrt(last)
        there = (shop.customers["signed_up_at"] < "2024-12-01").to_numpy()
        groups = [truth["customers"]["segment"][there], shop.customers["age_band"][there]]
        around = []
        for taste in year_ago:
            table = pd.DataFrame(taste[there], index=groups[0].index)
            around.append(table - table.groupby(groups).transform("mean"))
        changed.append(np.mean([around[0][k].corr(around[1][k]) for k in range(6)]))
        assert changed[-1] == pytest.approx(np.exp(-rate), abs=0.04)
    assert changed[0] > changed[1] > changed[2]


def test_visits_follow_the_taste_of_their_month():
    shop, truth = turned(6_000, taste_drift=3.0)
    visits = shop.visits.drop_duplicates("visit_id").query("started_at >= '2025-10-02'")
    at = pd.Series(truth["tastes"]["begins_at"].unique())
    month = at.searchsorted(visits["started_at"], side="right") - 1
    by_month = truth["tastes"].set_index(["month", "customer_id"])
    now = by_month.loc[pd.MultiIndex.from_arrays([month, visits["customer_id"]])].to_numpy()
    now = now[:, -6:].astype(float)
    then = truth["customers"].set_index("customer_id").loc[visits["customer_id"]]
    then = then.filter(like="taste_").to_numpy(dtype=float)
    landed = visits["landing_category"].to_numpy()[:, None] == np.array(world.CATEGORIES)
    chance = now[landed]
    expected, spread = (now**2).sum(axis=1), np.sqrt(((now**3).sum(axis=1)).mean() / len(now))
    assert abs(chance.mean() - expected.mean()) < 3 * spread
    assert then[landed].mean() < chance.mean() - 10 * spread


def test_what_is_used_up_is_bought_again(rest):
    shop, _ = turned(replenishment=0.9)
    shares = [repeated(s.purchases) for s in (rest[0], shop)]
    assert shares[1] > shares[0] + 0.05
    for name in ("customer_id", "order_id", "ordered_at"):
        assert shop.purchases[name].equals(rest[0].purchases[name])
    orders = [s.purchases.groupby("order_id")["amount"].sum() for s in (rest[0], shop)]
    assert np.allclose(*orders, atol=0.06), "an order's value stays, but for the rounding of prices"


def test_a_click_moves_what_is_bought():
    def share(shop) -> float:
        """Of the lines ordered in a visit with one category clicked: the share of that category."""
        clicks = shop.impressions[shop.impressions["clicked"]]
        keys = ["customer_id", "started_at"]
        clicks = clicks.assign(started_at=clicks["shown_at"] - pd.Timedelta("5s"))
        clicks = clicks.groupby(keys)["category"].agg(["first", "nunique"])
        clicks = clicks[clicks["nunique"] == 1]["first"]
        visits = shop.visits[shop.visits["ordered"]].join(clicks, on=keys, how="inner")
        return (visits["category"] == visits["first"]).mean()

    shops = [turned(8_000, recommended=value)[0] for value in (0.0, 0.5, 1.0)]
    shares = [share(shop) for shop in shops]
    assert shares[0] + 0.1 < shares[1] < shares[2] - 0.1
    assert shares[2] == 1.0
    for shop in shops:
        assert shop.purchases["order_id"].equals(shops[0].purchases["order_id"])
        found = shop.purchases.merge(world.SUBCATEGORIES, on=["category", "subcategory"])
        assert len(found) == len(shop.purchases)


def test_a_tail_of_subcategories_is_that_of_the_truth(rest):
    shop, truth = turned(10_000, tail=2.0)
    spend = [s.purchases.groupby("subcategory")["amount"].sum() for s in (rest[0], shop)]
    top = [s.nlargest(8).sum() / s.sum() for s in spend]
    assert top[1] > top[0] + 0.1
    share = truth["subcategories"].set_index("subcategory").filter(like="share_")
    style = truth["customers"].set_index("customer_id")["style"]
    lines = shop.purchases[["customer_id", "category", "subcategory"]]
    lines = lines.assign(style="share_" + style.loc[lines["customer_id"]].to_numpy())
    cells = lines.groupby(["category", "style"]).size()
    of_category = truth["subcategories"].set_index("subcategory")["category"]
    for name in share.index:
        n = cells[of_category[name]]
        p = share.loc[name, n.index]
        expected, error = (n * p).sum(), np.sqrt((n * p * (1 - p)).sum())
        assert abs((lines["subcategory"] == name).sum() - expected) < 4 * error, name


def test_knobs_can_be_turned_together():
    shop, truth = turned(
        2_000,
        identified=0.7,
        pull_forward=0.3,
        returns=1.0,
        margins=1.0,
        taste_drift=1.0,
        replenishment=0.5,
        recommended=0.5,
        tail=1.0,
    )
    again, _ = turned(2_000, **shop_knobs(shop))
    for name, table in shop.tables.items():
        assert_frame_equal(table, again.tables[name], check_exact=True)
    assert {"long_run", "tastes"} <= set(truth)
    ordered = shop.visits[shop.visits["ordered"]]
    pairs = shop.purchases[["customer_id", "category"]].drop_duplicates()
    assert len(ordered[["customer_id", "category"]].drop_duplicates().merge(pairs)) == len(
        ordered[["customer_id", "category"]].drop_duplicates()
    )


def shop_knobs(shop) -> dict[str, float]:
    """The knobs as the report names them."""
    text = shop.report.source.split("Knobs(")[1].rstrip(")")
    return {name: float(value) for name, value in (part.split("=") for part in text.split(", "))}
