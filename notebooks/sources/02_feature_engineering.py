# %% [markdown]
# # 02 · Feature engineering
#
# **The question.** What do we know about each customer on the day on which we decide? And in which form can a model use it?
#
# After this notebook you can
#
# 1. turn the tables of a shop into one row per customer, without looking into the future,
# 2. build features of value, browsing and lifecycle, and give each algorithm the form it needs,
# 3. recognize a leak by what it does to scores, and find it in your own code.
#
# About 75 minutes with the exercises. [The deeper notebook](deeper/02_feature_engineering.ipynb) has the reasons.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import features, plots, shop
from helpers.course.exercises import check, hint, solution
from helpers.course.guesses import guess

plots.use_style()

# %% [markdown]
# ## One row is a customer at a cut-off
#
# A model is used on some day, the **cut-off**. What was recorded before that day may become a **feature**, a column that the model sees. What happens after it is the future: only the label may look there.
#
# Our cut-off is 1 January 2025. It is the middle of the two years of our simulated shop.

# %%
store = shop.load()
orders, visits = store.purchases, store.visits
cut_off = pd.Timestamp("2025-01-01")
day = pd.Timedelta("1D")

# %% [markdown]
# Each row of `orders` is one line of an order. Some orders are canceled later, at the time in `cancelled_at`. Which lines count on 1 January?

# %%
placed = orders["ordered_at"] < cut_off
canceled = orders["cancelled_at"] < cut_off   # False where there is no cancellation
past_orders = orders[placed & ~canceled]
past_visits = visits[visits["started_at"] < cut_off]

# %% [markdown]
# An order that was canceled *before* 1 January is left out. An order that was canceled *after* 1 January still counts: on that day nobody knew.
#
# Here are eight customers with some visits and an order. (A visit has a row for each category looked at.) Blue is what features may see; orange is the future.

# %%
n_visits = past_visits.groupby("customer_id")["visit_id"].nunique()
several = n_visits[n_visits.between(5, 40)].index   # enough to see, not too many
some_buyers = several.intersection(past_orders["customer_id"])
chosen = some_buyers[20::150][:8]   # every 150th, so that they are not all alike
kept_orders = orders[orders["cancelled_at"].isna()]   # for the picture

# %%
for row, customer in enumerate(chosen):   # one line of the picture per customer
    visited = visits.loc[visits["customer_id"] == customer, "started_at"]
    bought = kept_orders.loc[kept_orders["customer_id"] == customer, "ordered_at"]
    for times, marker in [(visited, "|"), (bought, "o")]:
        colors = np.where(times < cut_off, plots.BLUE, plots.ORANGE)
        plt.scatter(times, [row] * len(times), c=colors, marker=marker)
plt.axvline(cut_off, color=plots.BLACK)
plt.yticks(range(len(chosen)), chosen)
plt.xlabel("stroke: a visit; dot: an order; line: the cut-off")
plots.show(
    "Eight customers as rows of a time line over 2024 and 2025. Strokes are visits, dots are "
    "orders. They are blue left of the cut-off and orange right of it."
)

# %% [markdown]
# A cut-off splits each customer's history into a known and an unknown part. The same customer at another cut-off is another row.
#
# **What you can tell your boss:** a model may know only what we knew on the day of the decision.

# %% [markdown]
# ### Exercise 02.1 · what was known in April (6 minutes)
#
# Another cut-off: 1 April 2025. How many orders of each customer count on that day? The answer is a Series, indexed by `customer_id`; customers without such an order are left out. Mind the cancellations: what was known on 1 April? (An order may have several lines, so count different `order_id`s.)

# %%
april = pd.Timestamp("2025-04-01")
frequency = ...
check("02.1", frequency)

# %% [markdown]
# ## Recency, frequency, monetary
#
# The oldest customer features are known as **RFM**: *recency*, days since the last order; *frequency*, number of orders; *monetary*, money spent. By hand:

# %%
by_customer = past_orders.groupby("customer_id")
rfm = pd.DataFrame({
    "recency": (cut_off - by_customer["ordered_at"].max()) / day,
    "frequency": by_customer["order_id"].nunique(),
    "monetary": by_customer["amount"].sum(),
})
rfm.head(2).round(1)

# %% [markdown]
# `features.build` makes these and thirty more columns, for everybody who was known at the cut-off: whoever had signed up, visited or bought.

# %%
known = features.build(store, cut_off)
pd.Series({
    "customers known at the cut-off": len(known),
    "customers who had bought": len(rfm),
})

# %% [markdown]
# More than half of the known customers never bought. Their frequency is 0, and so is their money. But an order that was never placed has no age. Their recency is **missing**. It is not 0: that would mean "ordered today".
#
# Yet most models want a number. Which way of filling the gap is best? We let each way compete at predicting **high value**, the label of [chapter 01](01_choosing_algorithms.ipynb): the top tenth of the *active* customers by spend in the next half-year.

# %%
from helpers import targets

later = pd.Timestamp("2025-07-02")   # 26 weeks after the first cut-off
y_train = targets.high_value(store, cut_off)   # of customers active in the year before
y_test = targets.high_value(store, later)
X_train = known.loc[y_train.index]   # the same customers, in the same order
X_test = features.build(store, later).loc[y_test.index]

# %% [markdown]
# We train at the January cut-off and test at the July cut-off. The model is a pipeline as in chapter 01, with one more step: the logarithm, because money and counts have long tails.

# %%
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

model = Pipeline([
    ("fill gaps", SimpleImputer(strategy="median")),
    ("logarithm", FunctionTransformer(np.log1p)),   # log(1 + x): 0 stays 0
    ("scale", StandardScaler()),
    ("classify", LogisticRegression(max_iter=2000)),
])

# %% [markdown]
# Three ways to compare. In the first, the median recency of the buyers fills the gap. The second adds the flag `never_bought`. The third also adds `visit_recency`, the days since the last *visit*: nearly everybody has one.

# %%
from sklearn.metrics import roc_auc_score

rfm_columns = ["recency", "frequency", "monetary"]
ways = {
    "median": rfm_columns,
    "median and a flag": [*rfm_columns, "never_bought"],
    "and the last visit": [*rfm_columns, "never_bought", "visit_recency"],
}
p = {}   # the predictions of each way
for name, columns in ways.items():   # astype: True and False become numbers
    model.fit(X_train[columns].astype(float), y_train)
    p[name] = model.predict_proba(X_test[columns].astype(float))[:, 1]

# %%
guess(
    "02.a",
    "Which step adds most to the AUC?",
    ["the flag", "the last visit", "neither: all three are within 0.02"],
)

# %% tags=["reveal"]
auc = {name: roc_auc_score(y_test, p[name]) for name in ways}
pd.Series(auc, name="AUC").round(2)

# %% [markdown]
# The last visit adds most by far. Could that be luck? `evaluation.difference` does what the bootstrap loop in chapter 01 did: it draws the test customers again and again, and subtracts the second score from the first.

# %%
from helpers import evaluation

def gain(p_new, p_old):
    """AUC with the new predictions minus AUC with the old ones, and its interval."""
    found = evaluation.difference(roc_auc_score, y_test, p_new, p_old, draws=100)
    return found.text(3, signed=True)   # three decimals, with a sign

print("AUC, last visit added:", gain(p["and the last visit"], p["median and a flag"]))

# %% [markdown]
# The interval is far from zero. So do not only fill the gap. Ask **what else is known** about these customers.
#
# **What you can tell your boss:** the day of the last visit tells more about tomorrow's best customers than how we fill the gap.

# %% [markdown]
# ## On your own data
#
# You now have a table that a model can use. Make it for your own customers: write the name of your file into the line with `own`. It needs a customer, a time and an amount. Then run the cells of this section.

# %%
from helpers import features, quote, shop   # this section runs by itself

own = shop.load()   # the simulated shop; yours: shop.read("my_orders.csv")
today = features.end_of(own)   # the midnight after your last order
mine = features.build(own, today)

# %% [markdown]
# One row per customer, as known on the evening of your last order. `help(features)` explains each column. What your file lacks gives no columns: without visits, for example, there is no `visit_recency`.
#
# The next cell writes the table, but only when you give it a path, and never over a file that exists.

# %%
quote.save_list(mine, path=None)   # yours: path="my_features.csv"

# %% [markdown]
# **What you can tell your boss:** here is one row per customer with all that we knew last night.

# %% [markdown]
# ## Browsing, and a rate that is too sure
#
# One row of `visits` is one category looked at in one visit, with the seconds spent there. Some browser tabs stay open over lunch.

# %%
long = past_visits["seconds"] > 1800   # half an hour
print(f"share of looks longer than half an hour: {long.mean():.4f}")

# %%
guess(
    "02.b",
    "What share of all seconds do these few looks hold?",
    ["about 0.01", "about 0.05", "about 0.17"],
)

# %% tags=["reveal"]
of_long = past_visits.loc[long, "seconds"].sum()
print(f"{of_long / past_visits['seconds'].sum():.2f}")

# %% [markdown]
# A few open tabs account for a sixth of the time. So `features.build` counts at most half an hour per look: `seconds.clip(upper=1800)`.

# %% [markdown]
# **Cart abandonment** is the share of a customer's carts that end without an order. A customer filled one cart and left it. Will she abandon the next one with a chance of 100 %? (We count a visit in which something was put into the cart as one cart.)

# %%
by_visit = past_visits.groupby(["customer_id", "visit_id"])
one_visit = by_visit[["added_to_cart", "ordered"]].any()   # one row per visit
with_cart = one_visit[one_visit["added_to_cart"]]   # one row per cart
is_abandoned = ~with_cart["ordered"]   # True: this cart got no order
carts = is_abandoned.groupby("customer_id").agg(carts="size", abandoned="sum")
carts["raw rate"] = carts["abandoned"] / carts["carts"]
pd.Series({
    "share with one cart only": (carts["carts"] == 1).mean(),
    "share with a raw rate of 0 or 1": carts["raw rate"].isin([0, 1]).mean(),
}).round(2)

# %% [markdown]
# Most customers had a single cart, so most raw rates are 0 or 1. One cart says little; what we know about *all* customers says more.
#
# **Shrinking** combines both. We pretend that each customer also has some carts of the usual customer: α abandoned ones and β ordered ones.
#
# shrunk rate = (abandoned + α) / (carts + α + β)
#
# α / (α + β) is the usual rate, and α + β says how many carts it is worth. `features.fit_beta_binomial` finds the α and β that fit the counts of all customers best.

# %%
alpha, beta = features.fit_beta_binomial(carts["abandoned"], carts["carts"])
print(f"alpha {alpha:.1f}, beta {beta:.1f}")

# %%
examples = pd.DataFrame({"carts": [1, 40], "abandoned": [1, 32]})
examples["raw"] = examples["abandoned"] / examples["carts"]
more = examples["carts"] + alpha + beta   # with the usual customer's carts
examples["shrunk"] = (examples["abandoned"] + alpha) / more
examples.round(2)

# %% [markdown]
# It is as if everybody had brought six carts of the usual customer along. A customer who abandoned her only cart gets 0.70<!-- 0, shrunk --> instead of 1. With 40 carts of her own, she keeps nearly her own rate.

# %% [markdown]
# Is the shrunk rate better? It predicts each customer's abandonment in the next half-year clearly better than the raw rate. But the same average for everybody does as well (deeper notebook): most have too few carts to show how they differ. Shrinking keeps noise from looking like a signal.
#
# **What you can tell your boss:** a rate from one or two observations is noise. We let such customers look like the average.

# %% [markdown]
# ### Exercise 02.2 · how many carts are enough? (5 minutes)
#
# A customer abandons every cart. After how many carts is the shrunk rate above 7/8? Use `alpha` and `beta` from above.

# %%
n = ...
check("02.2", n)

# %% [markdown]
# ## Lifecycle
#
# Where is a customer: new, active, fading, gone? We build two features that show it. First, all days on which something happened, counted back from the cut-off. (Day 1 is the last 24 hours before it.)

# %%
activity = pd.concat([
    past_visits[["customer_id", "started_at"]].rename(columns={"started_at": "at"}),
    past_orders[["customer_id", "ordered_at"]].rename(columns={"ordered_at": "at"}),
])
activity["days ago"] = np.ceil((cut_off - activity["at"]) / day)
days = activity.drop_duplicates(["customer_id", "days ago"])

# %% [markdown]
# `days since activity` is the smallest number. The **trend** compares the active days of the last 90 days (a) with those of the 90 days before (b): (a − b) / (a + b + 1). It lies between −1, fading, and 1, rising.

# %%
a = days[days["days ago"] <= 90].groupby("customer_id").size()
b = days[days["days ago"].between(91, 180)].groupby("customer_id").size()
everybody = days["customer_id"].unique()
life = pd.DataFrame({"a": a, "b": b}).reindex(everybody).fillna(0)   # none: 0 days
life["trend"] = (life["a"] - life["b"]) / (life["a"] + life["b"] + 1)
life["days since activity"] = days.groupby("customer_id")["days ago"].min()
life.head(2).round(2)

# %% [markdown]
# The "+ 1" in the denominator shrinks, too: one active day against none gives 0.5, and not 1. Those not seen for 180 days have a trend of 0, like somebody steady. Use both columns.
#
# **What you can tell your boss:** we see who comes less often than before.

# %% [markdown]
# ## Normalization: for whom does the scale matter?
#
# Seconds run into many thousands, orders from 0 to a few. **Normalization** brings columns to one scale. Three ways:
#
# - **min-max**: the smallest value becomes 0, the largest 1
# - **standard**: mean 0, standard deviation 1
# - **log**, then standard: first the logarithm, which shortens a long tail

# %%
from sklearn.preprocessing import MinMaxScaler

logarithm = FunctionTransformer(np.log1p)
scalers = {
    "raw": FunctionTransformer(),   # changes nothing
    "min-max": MinMaxScaler(),
    "standard": StandardScaler(),
    "log": Pipeline([("logarithm", logarithm), ("scale", StandardScaler())]),
}

# %%
fig, axes = plt.subplots(1, 3, figsize=(9, 2.4))
for i, name in enumerate(["min-max", "standard", "log"]):
    axes[i].hist(scalers[name].fit_transform(X_train[["seconds"]]), bins=50)
    axes[i].set_xlabel(f"seconds, {name}")
axes[0].set_ylabel("customers")
fig.tight_layout()
plots.show(
    "Three histograms of the time spent. Min-max and standard scaling have the same shape, "
    "one high hill at the left and a long thin tail; the logarithm makes a nearly even hill."
)

# %% [markdown]
# The first two pictures have the same shape. Only the logarithm changes it.
#
# Which algorithms care? We compare three, with five columns that have no gap in these rows:

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier

algorithms = {
    "nearest neighbors": KNeighborsClassifier(50),   # asks the 50 most similar
    "logistic regression": LogisticRegression(max_iter=2000),
    "random forest": RandomForestClassifier(30, min_samples_leaf=20, random_state=0),
}
five = ["seconds", "frequency", "monetary", "visit_recency", "carts"]

# %%
predicted = {}
for algorithm, classifier in algorithms.items():
    for scale in ["raw", "standard"]:
        steps = [("scale", scalers[scale]), ("classify", classifier)]
        scaled = Pipeline(steps).fit(X_train[five], y_train)
        predicted[algorithm, scale] = scaled.predict_proba(X_test[five])[:, 1]

# %%
guess(
    "02.c",
    "Which of the three gains from standard scaling?",
    ["nearest neighbors only", "nearest neighbors and the forest", "all three"],
)

# %% tags=["reveal"]
gains = pd.Series(name="AUC, standard minus raw", dtype=str)
for name in algorithms:
    gains[name] = gain(predicted[name, "standard"], predicted[name, "raw"])
gains

# %% [markdown]
# **Nearest neighbors** measures distances. In raw units, seconds are by far the largest numbers and weigh most. So scaling helps it.
#
# The **forest** does not move: it only asks whether a value is above a threshold. No scale changes the order of the customers.
#
# **Logistic regression** does not move here either: where the numbers of a column are small, its weight becomes large. (But regularization punishes large weights. So scale anyway.)
#
# **What you can tell your boss:** scale the columns for distances (KMeans), networks and linear models. Trees do not need it.

# %% [markdown]
# ## Columns of words: one-hot
#
# A model needs numbers, and a channel is a word. **One-hot** encoding gives each word a column of its own, with 1 where the customer has it and 0 elsewhere.

# %%
from sklearn.preprocessing import OneHotEncoder

people = store.customers.set_index("customer_id")
channel = people.loc[X_train.index, ["acquisition_channel"]]
encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)   # a plain table
encoder.set_output(transform="pandas")   # with names of columns
_ = encoder.fit(channel)   # learns the words of the training rows

# %% [markdown]
# Two customers of tomorrow. The second comes from a channel that nobody has come from so far:

# %%
new = pd.DataFrame({"acquisition_channel": ["search", "podcast"]})
encoder.transform(new).astype(int).T

# %% [markdown]
# `podcast` gets 0 in every column, and the model goes on. (With `pd.get_dummies` it would stop.)
#
# Numbers and words need different steps. A `ColumnTransformer` sends each column to its own:

# %%
from sklearn.compose import ColumnTransformer

both = ColumnTransformer([
    ("numbers", model[:-1], rfm_columns),   # all steps but the last: fill, log, scale
    ("words", OneHotEncoder(handle_unknown="ignore"), ["acquisition_channel"]),
])
with_words = Pipeline([("columns", both), ("classify", LogisticRegression())])
with_words.fit(X_train[rfm_columns].join(channel), y_train)
two = X_test[rfm_columns].head(2).assign(acquisition_channel=["search", "podcast"])
with_words.predict_proba(two)[:, 1].round(2)   # "podcast" is no error

# %% [markdown]
# **What you can tell your boss:** new channels do not stop our model. But it knows nothing of them.

# %% [markdown]
# ## Interactions
#
# Five visits mean more if the last one was yesterday. When the effect of one column depends on another, we call it an **interaction**. Logistic regression adds up its columns and cannot see it, unless it gets the *product* of the two as a column. Trees can: they split by one column, then by the other.
#
# `PolynomialFeatures` makes all products of two columns:

# %%
from sklearn.preprocessing import PolynomialFeatures

eight = [*five, "visits", "active_days", "tenure"]
# no squares of a column, and no column of ones
products = PolynomialFeatures(2, interaction_only=True, include_bias=False)
products.fit(X_train[eight])
print(f"{len(eight)} columns become {products.n_output_features_}")

# %% [markdown]
# Do they help? The only way to know is an **ablation**: the same model with and without them, on the same test customers. We scale before we multiply: products of centered columns repeat less of the columns themselves. Then scale once more.

# %%
from xgboost import XGBClassifier

logistic = LogisticRegression(C=0.1, max_iter=5000)   # smaller C: smaller weights
boosted = XGBClassifier(n_estimators=200, max_depth=3, learning_rate=0.05)
without = [("log", FunctionTransformer(np.log1p)), ("scale", StandardScaler())]
with_products = [*without, ("products", products), ("scale again", StandardScaler())]

def predict_july(steps):
    """Train these steps at the January cut-off, and predict for July."""
    pipeline = Pipeline(steps).fit(X_train[eight], y_train)
    return pipeline.predict_proba(X_test[eight])[:, 1]

# %%
gains = pd.Series(name="AUC, products added", dtype=str)
for name, classifier in {"logistic regression": logistic, "XGBoost": boosted}.items():
    last = ("classify", classifier)
    gains[name] = gain(
        predict_july([*with_products, last]), predict_july([*without, last])
    )
gains

# %% [markdown]
# Logistic regression gains a little; for XGBoost the interval includes zero.
#
# **What you can tell your boss:** we keep a feature when the same model is better with it than without it.

# %% [markdown]
# ## A leak by hand
#
# The most expensive mistake. It is 2 July 2025. You compute features from the whole log, up to today. As the label you take the spend from January to July, because it is complete. Now the same orders are in the column `monetary` *and* in the label. No error message warns you.
#
# We make it on purpose.

# %%
# the same customers and the same label, but features of 2 July
leaky = features.build(store, later).loc[X_train.index, X_train.columns]
rng = np.random.default_rng(0)
train_customers = rng.permutation(X_train.index)[::2]   # a random half
in_train = X_train.index.isin(train_customers)

# %% [markdown]
# Each model gets two tests, on customers that it was not trained on. *Offline* is how a developer would test, *in service* how the model is used.
#
# | test | features of | label: spend of |
# |---|---|---|
# | offline, before the cut-off | 1 January | January to July |
# | offline, whole log | **2 July** | **January to July** |
# | in service, both | 2 July | July to December |

# %%
def auc_of(fitted, table, y):
    """The AUC on these rows, with its bootstrap interval, as text."""
    p = fitted.predict_proba(table)[:, 1]
    return evaluation.interval(roc_auc_score, y, p).text()

unseen = ~X_test.index.isin(train_customers)
tests = pd.DataFrame()
for name, table in {"before the cut-off": X_train, "whole log": leaky}.items():
    fitted = boosted.fit(table[in_train], y_train[in_train])
    in_july = X_test.loc[unseen, table.columns]
    tests.loc[name, "offline"] = auc_of(fitted, table[~in_train], y_train[~in_train])
    tests.loc[name, "in service"] = auc_of(fitted, in_july, y_test[unseen])

# %%
guess(
    "02.d",
    "Offline, the leaky model has an AUC of 1.00. What will it have in service?",
    ["about 1.00", "about 0.85, like the honest one", "about 0.65"],
)

# %% tags=["reveal"]
tests

# %% [markdown]
# The honest model promises 0.86 and delivers 0.85. The leaky one promises 1.00 and delivers much less than the honest one. It learned that those who spent much have spent much.
#
# More folds would not have helped. What helps: a cut-off in every query, and a test on a later period, with features built exactly as in real use.
#
# **What you can tell your boss:** a score that is too good is a question: when was this column written?

# %% [markdown]
# ### Exercise 02.5 · to think about (4 minutes)
#
# A model of who redeems a coupon had an AUC of 0.80. A colleague adds the column "coupons redeemed this year", and it is 0.93 in cross-validation. What do you do first?
#
# - (a) ship it: the gain is far beyond chance
# - (b) cross-validate on more rows
# - (c) ask when that count was known, and test on a later period with rows as they were at work
# - (d) regularize more strongly
#
# Answer with a letter in quotes.

# %%
choice = ...
check("02.5", choice)

# %% [markdown]
# ## Explore
#
# The leak lab. The slider lets the features look some days past the cut-off, into the half-year of the label. Orange (*offline*) is the score that a developer sees, blue the score *in service*. Even at 0 days they differ a little: they are of different half-years. From how many days on is the gap clearly larger?

# %%
from helpers import widgets

widgets.leak_lab(store, cut_off)

# %% [markdown]
# ## Put the code on trial
#
# A small leak hardly lifts a score. So test the *code* instead. `evaluation.audit` runs your feature function again on changed copies of the shop: one whose future is deleted, one in which customers swap their futures, one with more rows at the very moment of the cut-off. An honest column is the same in all of them. A column that changes has seen the future.
#
# Here are three columns. Which of them know the future? Look before you run.

# %%
def my_features(store, cut_off):
    """Orders, money and looks of each customer who has bought."""
    past = store.purchases[store.purchases["ordered_at"] < cut_off]
    mine = past.groupby("customer_id").agg(orders=("order_id", "nunique"))
    mine["spent"] = store.purchases.groupby("customer_id")["amount"].sum()
    seen = store.visits[store.visits["started_at"] <= cut_off]
    mine["looks"] = seen.groupby("customer_id").size()
    return mine

# %%
audit = evaluation.audit(my_features, store, cut_off, progress=False)
pd.DataFrame(audit.findings)[["where", "check"]]

# %% [markdown]
# Two of three. In `spent` the date was forgotten. `looks` uses `<=`, and the moment of the cut-off already belongs to the future.
#
# An audit that finds nothing is no proof: an old address that was overwritten is in no copy.
#
# With your own data: `evaluation.audit(your_function, own, today - 91 * day)`, so that a quarter can change. (`my_features` needs visits.)

# %% [markdown]
# ### Exercise 02.3 · spot the leaks (8 minutes)
#
# A colleague built six columns as of 1 November 2024, "all of them filtered by date". Some leak all the same. Answer with a list of column names. (Look at `store.campaigns` and `store.customers`: could a value have been written after 1 November?)

# %%
asked_on = pd.Timestamp("2024-11-01")
placed_then = orders[orders["ordered_at"] < asked_on]
kept = placed_then[placed_then["cancelled_at"].isna()]
looked = visits[visits["started_at"] < asked_on]
mailed = store.campaigns[store.campaigns["assigned_at"] < asked_on]
signed = people[people["signed_up_at"] < asked_on]

# %%
colleague = pd.DataFrame({
    "orders_placed": placed_then.groupby("customer_id")["order_id"].nunique(),
    "money_kept": kept.groupby("customer_id")["amount"].sum(),
    "last_look": looked.groupby("customer_id")["started_at"].max(),
    "voucher_revenue": mailed.groupby("customer_id")["revenue"].sum(),
    "price_attitude": signed["price_attitude"],
    "channel": signed["acquisition_channel"],
})
leaks = ...
check("02.3", leaks)

# %% [markdown]
# ## On real shoppers
#
# Which features matter? Ask two shops: the simulated one, and the households of The Complete Journey. Three groups of columns, each alone in the pipeline of the beginning:

# %%
groups = {   # help(features) explains each column
    "value": ["recency", "frequency", "monetary", "order_rate"],
    "lifecycle": ["tenure", "days_since_activity", "active_days"],
    "browsing": ["visits", "visit_rate", "visit_recency", "seconds", "carts"],
}

# %%
journey = shop.load("complete_journey")
july, october = pd.Timestamp("2017-07-02"), pd.Timestamp("2017-10-01")
y_july = targets.high_value(journey, july, "91D")   # of the next quarter
y_oct = targets.high_value(journey, october, "91D")
X_july = features.build(journey, july).loc[y_july.index]
X_oct = features.build(journey, october).loc[y_oct.index]

# %%
def auc_alone(columns, X, y, X_later, y_later):
    """The AUC of these columns alone at the later cut-off, with its interval."""
    p = model.fit(X[columns], y).predict_proba(X_later[columns])[:, 1]
    return evaluation.interval(roc_auc_score, y_later, p, draws=100).text()

rows = {}
for name, columns in groups.items():
    simulated = auc_alone(columns, X_train, y_train, X_test, y_test)
    rows[name] = {"simulated shop": simulated}
    if name != "browsing":   # the households' visits were not recorded
        rows[name]["households"] = auc_alone(columns, X_july, y_july, X_oct, y_oct)
pd.DataFrame(rows).T.fillna("")

# %% [markdown]
# In the simulated shop, signs of life rank best: browsing and lifecycle. Among the households (next quarter, not half-year), value ranks best.
#
# So a list of "the best features" does not hold from shop to shop. The way to compare them does.
#
# **What you can tell your boss:** which columns matter, only our own data can say.

# %% [markdown]
# ## What people say, what we measured
#
# We tested two statements in simulated shops, and on households.

# %%
from IPython.display import Markdown

from helpers.course import studies

Markdown(studies.short_table({
    "c10": "features from the whole log look perfect and fail in service",
    "c13": "scaling matters for KMeans, linear models and networks, not for trees",
}))

# %% [markdown]
# "Partly" means: true in some cases, not in others. c10: among households the leak costs little in service, but the score offline was too good. c13: it depends on the algorithm.

# %% [markdown]
# ## Summary
#
# 1. **One row per customer and cut-off.** Features from before it, labels from after it. What never happened has no age: ask what else is known.
# 2. **The form that fits.** Shrink rates of few observations, scale for all but trees, encode words inside the pipeline, keep what an ablation proves.
# 3. **Leaks.** Test on a later period, and put the code on trial.
#
# Next: [03 · Imbalanced customers](03_imbalanced_customers.ipynb).
