"""The simulated shop: its figures, its truth, and the files under data/ that it wrote."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pandas.testing import assert_frame_equal
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import cross_val_score
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from helpers import segments, simulator
from helpers.files import write_whole
from helpers.shop import SCHEMA
from helpers.simulator import storage, world
from helpers.simulator.behavior import FEATURES

TASTES = [f"taste_{name}" for name in world.CATEGORIES]


@pytest.fixture(scope="module")
def full():
    """The shop as committed: 20,000 customers, the default seed."""
    return simulator.simulate()


@pytest.fixture(scope="module")
def small():
    return simulator.simulate(customers=2000, seed=5)


def standard_error(values: pd.Series) -> float:
    return values.std() / np.sqrt(len(values))


# The figures


def test_every_figure_lies_in_its_band(full):
    table = simulator.marginals(*full)
    assert len(table) == 21
    assert table["inside"].all(), table[~table["inside"]]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_bands_do_not_hang_on_the_seed(seed):
    table = simulator.marginals(*simulator.simulate(seed=seed))
    assert table["inside"].all(), table[~table["inside"]]


def test_marginals_see_a_figure_out_of_its_band(small):
    shop, truth = small
    shop.purchases["amount"] *= 2
    try:
        assert not simulator.marginals(shop, truth).loc["order value, mean", "inside"]
    finally:
        shop.purchases["amount"] /= 2


def test_high_value_is_not_the_same_as_ordering_at_all():
    oracle = simulator.load_truth("oracle")
    assert (oracle["threshold"] > 20).all()
    assert (oracle["p_high_value"] < oracle["p_order"] + 1e-6).all()


# The tables


def test_tables_follow_the_schema_and_tell_nothing_of_the_truth(full):
    shop, truth = full
    assert set(shop.tables) == set(SCHEMA)
    secret = set(truth["customers"].columns) - {"customer_id", "style"}
    for name, table in shop.tables.items():
        assert list(table.columns) == list(SCHEMA[name])
        assert not secret & set(table.columns)
        for column in table.select_dtypes("str"):
            assert not set(world.SEGMENTS) & set(table[column].unique())


def test_orders_and_visits_agree(full):
    shop, _ = full
    ordered = shop.visits[shop.visits["ordered"]]
    from_visits = ordered.groupby(["customer_id", "category"])["visit_id"].nunique()
    from_orders = shop.purchases.groupby(["customer_id", "category"])["order_id"].nunique()
    pd.testing.assert_series_equal(from_visits, from_orders, check_names=False)
    assert ordered["visit_id"].nunique() == shop.purchases["order_id"].nunique()
    assert shop.visits.loc[shop.visits["ordered"], "added_to_cart"].all()
    # An order comes after the start of the visit in which it was placed.
    begin = ordered.groupby("visit_id").first().sort_values(["customer_id", "started_at"])
    order = shop.purchases.groupby("order_id").first().sort_values(["customer_id", "ordered_at"])
    wait = order["ordered_at"].to_numpy() - begin["started_at"].to_numpy()
    assert (wait > np.timedelta64(0)).all()


def test_what_is_known_later_is_recorded_later(full):
    shop, _ = full
    cancelled = shop.purchases.dropna(subset="cancelled_at")
    assert (cancelled["cancelled_at"] > cancelled["ordered_at"]).all()
    assert not cancelled.groupby("order_id")["cancelled_at"].agg(np.ptp).any()
    answered = shop.customers.dropna(subset="answered_at")
    assert (answered["answered_at"] > answered["signed_up_at"]).all()
    assert answered["favorite_category"].notna().all()
    silent = shop.customers[shop.customers["answered_at"].isna()]
    assert silent[list(SCHEMA["customers"])[7:]].isna().all(axis=None)
    assert (shop.campaigns["recorded_at"] > shop.campaigns["assigned_at"]).all()
    assert (shop.impressions["recorded_at"] > shop.impressions["shown_at"]).all()
    first = shop.visits.groupby("customer_id")["started_at"].min()
    known = shop.customers.set_index("customer_id")["signed_up_at"]
    pd.testing.assert_series_equal(first, known, check_names=False)


def test_units(full):
    shop, _ = full
    assert shop.visits["seconds"].min() >= 1
    for table, column in (("purchases", "amount"), ("campaigns", "revenue"), ("campaigns", "cost")):
        values = shop.tables[table][column]
        assert np.allclose(values, values.round(2), rtol=0, atol=1e-9)
        assert (values >= 0).all()
    price = shop.purchases["amount"] / shop.purchases["quantity"]
    assert np.allclose(price, price.round(2), rtol=0, atol=1e-6)
    assert set(shop.purchases["subcategory"]) == set(world.SUBCATEGORIES["subcategory"])
    assert len(world.SUBCATEGORIES) == 40


def test_same_seed_same_tables_other_seed_other_tables(small):
    shop, truth = small
    again, truth_again = simulator.simulate(customers=2000, seed=5)
    other, _ = simulator.simulate(customers=2000, seed=6)
    for name, table in shop.tables.items():
        assert_frame_equal(table, again.tables[name], check_exact=True)
        assert not table.equals(other.tables[name])
    for name, table in truth.items():
        assert_frame_equal(table, truth_again[name], check_exact=True)


@pytest.mark.parametrize("arguments", [{"customers": 10}, {"sep": -0.5}])
def test_what_cannot_be_simulated_is_refused(arguments):
    with pytest.raises(ValueError, match="must"):
        simulator.simulate(**arguments)


# The segments, and a world without them


def signals(shop, truth) -> pd.Series:
    """Return the p-value of each behavioral figure against the segment."""
    visits = shop.visits.groupby("visit_id").agg(
        customer_id=("customer_id", "first"),
        hour=("started_at", lambda t: t.iloc[0].hour),
        source=("source", "first"),
        landing=("landing_category", "first"),
        seconds=("seconds", "sum"),
        cart=("added_to_cart", "any"),
        ordered=("ordered", "any"),
    )
    # One visit a customer, the first: visits of one customer are not independent.
    first = visits.groupby("customer_id").first()
    by_customer = visits.groupby("customer_id")
    figures = pd.DataFrame(
        {
            "visits": np.log(by_customer.size()),
            "carts": by_customer["cart"].mean(),
            "orders": np.log1p(by_customer["ordered"].sum()),
            "seconds": np.log(by_customer["seconds"].mean()),
            "hour": first["hour"],
            "value": np.log(shop.purchases.groupby("customer_id")["amount"].sum()),
        }
    )
    segment = truth["customers"].set_index("customer_id")["segment"]
    result = {
        name: stats.f_oneway(*[g.dropna() for _, g in column.groupby(segment)]).pvalue
        for name, column in figures.items()
    }
    known = shop.customers.set_index("customer_id")
    texts = [
        first["source"],
        first["landing"],
        known["age_band"],
        known["income_band"],
        known["acquisition_channel"],
        known["answered_at"].notna(),
    ]
    for column in texts:
        result[column.name] = stats.chi2_contingency(pd.crosstab(segment, column)).pvalue
    return pd.Series(result)


def test_segments_show_in_behavior_and_context():
    p = signals(*simulator.simulate(customers=4000, seed=7))
    assert (p < 1e-4).all(), p


def test_without_separation_the_segment_shows_nowhere():
    p = signals(*simulator.simulate(customers=4000, seed=7, sep=0))
    assert p.min() > 0.05 / len(p) / 5, p


def test_drift_moves_buying_and_only_later(small):
    def bought(shop, year):
        visits = shop.visits[shop.visits["started_at"].dt.year == year]
        carts = visits[visits["added_to_cart"]].groupby("visit_id")["ordered"].any()
        return carts.mean()

    drifted, _ = simulator.simulate(customers=2000, seed=5, drift=-2.0)
    assert bought(drifted, 2025) < 0.6 * bought(small[0], 2025)
    early = [
        shop.visits[shop.visits["started_at"] < "2024-01-15"]["ordered"].mean()
        for shop in (small[0], drifted)
    ]
    assert early[0] == pytest.approx(early[1], abs=0.02)


# The truth


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_randomized_arms_differ_by_the_true_uplift(seed):
    shop, truth = simulator.simulate(customers=8000, seed=seed)
    rows = shop.campaigns.merge(truth["campaigns"], on=["campaign_id", "customer_id"])
    rows = rows[rows["campaign_id"] == "spring_voucher"]
    assert (rows["propensity"] == 0.5).all()
    treated, control = (
        rows.loc[rows["treated"] == arm, "converted"].astype(float) for arm in (True, False)
    )
    error = np.hypot(standard_error(treated), standard_error(control))
    assert abs(treated.mean() - control.mean() - rows["uplift"].mean()) < 3 * error


def test_the_selected_campaign_looks_better_than_it_is(full):
    shop, truth = full
    rows = shop.campaigns.merge(truth["campaigns"], on=["campaign_id", "customer_id"])
    rows = rows[rows["campaign_id"] == "autumn_best_customers"]
    arm = rows.groupby("treated")["converted"].mean()
    assert arm[True] - arm[False] > rows.loc[rows["treated"], "uplift"].mean() + 0.04
    # Its propensities are honest: those treated are as many as they say.
    groups = rows.groupby(pd.cut(rows["propensity"], [0, 0.1, 0.5, 0.75, 1]), observed=True)
    off = groups["treated"].mean() - groups["propensity"].mean()
    spread = np.sqrt(groups["propensity"].apply(lambda p: (p * (1 - p)).sum())) / groups.size()
    assert (off.abs() < 4 * spread).all()


def test_campaign_outcomes_are_those_of_the_purchases(full):
    shop, _ = full
    rows = shop.campaigns.merge(shop.purchases, on="customer_id")
    after, before = (
        rows["ordered_at"] >= rows["assigned_at"],
        rows["ordered_at"] < rows["recorded_at"],
    )
    revenue = rows[after & before].groupby(["campaign_id", "customer_id"])["amount"].sum()
    table = shop.campaigns.set_index(["campaign_id", "customer_id"])
    expected = revenue.reindex(table.index, fill_value=0)
    assert np.allclose(table["revenue"], expected, atol=1e-6)
    assert (table["converted"] == (expected > 0)).all()
    cost = table["treated"] * (0.05 + 0.1 * table["revenue"])
    assert np.allclose(table["cost"], cost, atol=0.0051)


def test_true_profit_is_the_mean_of_measured_profit(full):
    shop, truth = full
    rows = shop.campaigns.merge(truth["campaigns"], on=["campaign_id", "customer_id"])
    rows = rows[rows["campaign_id"] == "spring_voucher"]
    profit = 0.40 * rows["revenue"] - rows["cost"]
    treated, control = profit[rows["treated"]], profit[~rows["treated"]]
    error = np.hypot(standard_error(treated), standard_error(control))
    assert abs(treated.mean() - control.mean() - rows["profit_uplift"].mean()) < 4 * error


def test_oracle_is_calibrated_where_no_campaign_interferes(full):
    shop, truth = full
    oracle = truth["oracle"][truth["oracle"]["cut_off"] == "2025-07-01"]
    begin = pd.Timestamp("2025-07-01")
    kept = shop.purchases[shop.purchases["cancelled_at"].isna()]
    inside = kept["ordered_at"].between(begin, begin + pd.Timedelta(weeks=26))
    revenue = kept[inside].groupby("customer_id")["amount"].sum()
    revenue = revenue.reindex(oracle["customer_id"], fill_value=0).to_numpy()
    for predicted, happened in (
        (oracle["p_order"], revenue > 0),
        (oracle["p_high_value"], revenue > oracle["threshold"].to_numpy()),
        (oracle["expected_revenue"], revenue),
    ):
        rest = pd.Series(happened - predicted.to_numpy())
        assert abs(rest.mean()) < 4 * standard_error(rest)
    bins = pd.qcut(oracle["p_order"].to_numpy(), 10, duplicates="drop")
    groups = pd.DataFrame({"p": oracle["p_order"].to_numpy(), "y": revenue > 0}).groupby(
        bins, observed=True
    )
    means = groups.mean()
    spread = np.sqrt(means["p"] * (1 - means["p"]) / groups.size()) + 1e-6
    assert ((means["y"] - means["p"]).abs() < 5 * spread).all()
    assert (revenue[~oracle["alive"].to_numpy()] == 0).all()


def test_true_taste_decides_the_landing(full):
    shop, truth = full
    first = shop.visits.drop_duplicates("customer_id")
    taste = truth["customers"].set_index("customer_id").loc[first["customer_id"], TASTES]
    landed = pd.get_dummies(first["landing_category"])[list(world.CATEGORIES)]
    off = landed.to_numpy() - taste.to_numpy()
    assert (np.abs(off.mean(axis=0)) < 4 * off.std(axis=0) / np.sqrt(len(off))).all()


# The impressions


def test_propensities_are_those_of_the_policy(full):
    shop, _ = full
    shown = shop.impressions
    assert shown["propensity"].nunique() > 20
    assert shown["propensity"].min() > 0.03
    for category, rows in shown.groupby("category"):
        # Where the policy is right, 1/propensity counts every impression once per category.
        weight = rows["propensity"].rdiv(1).sum() / len(shown)
        assert weight == pytest.approx(1, abs=0.03), category


@pytest.mark.parametrize("policy", ["uniform", "popularity", "taste", "best_taste"])
def test_inverse_propensities_find_the_value_of_a_policy(full, policy):
    shop, truth = full
    shown = shop.impressions
    taste = truth["customers"].set_index("customer_id").loc[shown["customer_id"], TASTES].to_numpy()
    column = shown["category"].map({name: i for i, name in enumerate(world.CATEGORIES)}).to_numpy()
    rows = np.arange(len(shown))
    chance = {
        "uniform": np.full(len(shown), 1 / 6),
        "popularity": world.POPULARITY[column],
        "taste": taste[rows, column],
        "best_taste": (taste.argmax(axis=1) == column).astype(float),
    }[policy]
    reward = pd.Series(chance / shown["propensity"].to_numpy() * shown["clicked"].to_numpy())
    value = truth["policies"].set_index("policy").loc[policy, "value"]
    by_customer = (reward - value).groupby(shown["customer_id"].to_numpy()).sum()
    error = np.sqrt((by_customer**2).sum()) / len(shown)
    assert abs(reward.mean() - value) < 4 * error
    assert 4 * error < 0.15 * value


def test_clicks_follow_position_and_feedback_comes_from_a_few(full):
    shop, truth = full
    shown = shop.impressions
    rate = shown.groupby("position")["clicked"].mean()
    assert rate.is_monotonic_decreasing
    assert rate[2] / rate[1] == pytest.approx(0.7, abs=0.06)
    raters = truth["customers"].set_index("customer_id")["rater"]
    spoke = shown["rating"].notna() | shown["hidden"]
    assert raters[shown.loc[spoke, "customer_id"]].all()
    assert raters.mean() < 0.2
    # Biased: rated impressions were clicked far more often than the rest.
    assert shown.loc[shown["rating"].notna(), "clicked"].mean() > 3 * shown["clicked"].mean()


# The four columns of the segments chapter


def cluster(table: pd.DataFrame) -> np.ndarray:
    scaled = StandardScaler().fit_transform(table)
    return KMeans(4, n_init=10, random_state=0).fit_predict(scaled)


@pytest.mark.parametrize(
    ("hardness", "low", "high"),
    [("easy", 0.74, 0.84), ("normal", 0.66, 0.76), ("hard", 0.52, 0.66)],
)
def test_segments_can_be_found_as_well_as_stated(hardness, low, high):
    table, truth = simulator.customer_behavior(hardness=hardness)
    score = adjusted_rand_score(truth["segment"], cluster(np.log1p(table[FEATURES])))
    assert low < score < high


def test_no_single_feature_separates_the_segments():
    table, truth = simulator.customer_behavior()

    def accuracy(features):
        tree = DecisionTreeClassifier(max_leaf_nodes=16, min_samples_leaf=20, random_state=0)
        return cross_val_score(tree, table[features], truth["segment"]).mean()

    assert accuracy(FEATURES) > 0.85
    for name in FEATURES:
        assert accuracy([name]) < 0.75
        assert adjusted_rand_score(truth["segment"], cluster(np.log1p(table[[name]]))) < 0.45


def test_unknown_hardness_is_refused():
    with pytest.raises(ValueError, match="easy, normal, hard"):
        simulator.customer_behavior(hardness="harder")


def test_copula_twin_keeps_marginals_and_ranks_but_not_the_segments():
    table, truth = simulator.customer_behavior()
    features = table[FEATURES]
    twin = segments.copula_twin(features, np.random.default_rng(0))
    for name in FEATURES:
        assert (np.sort(twin[name]) == np.sort(features[name])).all()
    gap = features.corr("spearman") - twin.corr("spearman")
    assert gap.abs().max(axis=None) < 0.05
    assert features.corr("spearman").abs().sort_values("recency").iloc[0, 0] > 0.1
    assert adjusted_rand_score(truth["segment"], cluster(np.log1p(twin))) < 0.02


@settings(max_examples=40, deadline=None)
@given(
    arrays(
        "float64", st.tuples(st.integers(3, 30), st.integers(1, 4)), elements=st.floats(-1e6, 1e6)
    ),
    st.integers(0, 10),
)
def test_copula_twin_keeps_any_marginal(values, seed):
    frame = pd.DataFrame(values).rename(columns=str)
    twin = segments.copula_twin(frame, np.random.default_rng(seed))
    assert (np.sort(twin.to_numpy(), axis=0) == np.sort(values, axis=0)).all()
    assert twin.index.equals(frame.index) and list(twin) == list(frame)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"a": [1.0, 2.0]}), "at least three"),
        (pd.DataFrame({"a": [1.0, 2.0, None]}), "missing"),
        (pd.DataFrame({"a": [1, 2, 3], "name": list("xyz")}), "name"),
    ],
)
def test_copula_twin_says_what_it_cannot_use(frame, message):
    with pytest.raises(ValueError, match=message):
        segments.copula_twin(frame, np.random.default_rng(0))


def test_permuted_twin_has_no_correlation_left():
    table, _ = simulator.customer_behavior()
    twin = segments.permuted_twin(table[FEATURES], np.random.default_rng(0))
    assert (np.sort(twin["monetary"]) == np.sort(table["monetary"])).all()
    off = twin.corr("spearman").to_numpy() - np.eye(4)
    assert np.abs(off).max() < 0.06


def test_dirty_rows_are_those_that_the_truth_names():
    table = pd.read_csv(storage.DATA / "customer_behavior_dirty.csv")
    flaws = simulator.load_truth("customer_behavior_dirty")
    rows = {flaw: table.iloc[group["row"]] for flaw, group in flaws.groupby("flaw")}
    assert set(table.index[table["monetary"] < 0]) == set(rows["negative monetary"].index)
    assert set(table.index[table["recency"] < 0]) == set(rows["negative recency"].index)
    assert set(table.index[table["recency"].isna()]) == set(rows["missing recency"].index)
    assert set(table.index[table["category_interest_score"].isna()]) == set(
        rows["missing interest"].index
    )
    assert set(table.index[table.duplicated()]) == set(rows["exact duplicate"].index)
    again = set(table.index[table.duplicated("customer_id")])
    assert again - set(rows["exact duplicate"].index) == set(
        rows["same customer, other figures"].index
    )
    assert list(rows["wholesaler"].index) == [table["monetary"].idxmax()]


# The committed files


def test_committed_shop_is_what_the_simulator_makes(full):
    shop, truth = full
    for name, table in shop.tables.items():
        stored = pd.read_parquet(storage.DATA / "shop" / f"{name}.parquet")
        assert_frame_equal(stored, table, check_exact=False, rtol=0, atol=1e-9)
        for column in table.select_dtypes(exclude="float64"):
            assert stored[column].equals(table[column]), (name, column)
    for name, table in truth.items():
        assert_frame_equal(simulator.load_truth(name), table, rtol=1e-5, atol=1e-6)


def test_committed_behavior_files_are_what_the_simulator_makes():
    files, truth = storage.behavior_files()
    for name, table in files.items():
        stored = pd.read_csv(storage.DATA / f"{name}.csv")
        assert_frame_equal(stored, table, check_dtype=False, rtol=0, atol=1e-9)
    for name, table in truth.items():
        assert_frame_equal(simulator.load_truth(name), table)


def test_data_stays_small():
    size = sum(path.stat().st_size for path in storage.DATA.rglob("*") if path.is_file())
    assert 1e6 < size <= 12e6


def test_cards_name_every_file_with_its_rows():
    text = (storage.DATA / "README.md").read_text(encoding="utf-8")
    paths = [
        *storage.DATA.glob("*.csv"),
        *storage.DATA.glob("shop/*"),
        *storage.DATA.glob("truth/*"),
    ]
    assert len(paths) == 19
    for path in paths:
        rows = len(pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path))
        name = path.relative_to(storage.DATA).as_posix()
        assert re.search(rf"`{re.escape(name)}`[^\n]*\b{rows:,} rows", text), (name, rows)


def test_unknown_truth_and_missing_files_are_told_apart(tmp_path):
    with pytest.raises(ValueError, match="one of calendar"):
        simulator.load_truth("nothing")
    with pytest.raises(FileNotFoundError, match="helpers.simulator"):
        simulator.load_truth("customers", folder=tmp_path)


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def fail(beside):
        beside.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_writing_and_loading_give_the_same_back(small, tmp_path):
    shop, truth = small
    storage.write_all(shop, truth, folder=tmp_path)
    assert_frame_equal(pd.read_parquet(tmp_path / "shop" / "visits.parquet"), shop.visits)
    assert_frame_equal(simulator.load_truth("campaigns", folder=tmp_path), truth["campaigns"])
    assert (tmp_path / "customer_behavior.csv").read_bytes().count(b"\r") == 0
