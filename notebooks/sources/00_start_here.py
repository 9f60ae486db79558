# %% [markdown]
# # 00 · Start here
#
# Machine learning makes a shop personal: it decides whom to write to, what to show, which voucher to send. This course teaches how, and **checks its own claims**: each piece of advice is tried in a simulated shop whose truth is known, then on real households, and every output you see is recomputed by the tests.
#
# After this notebook you can
#
# 1. say whether your environment is in order, and mend it,
# 2. find your way through the five tables of the course's shop, and read your own orders into them,
# 3. choose your path through the course.
#
# About 20 minutes. Run a cell with Shift + Enter. Where it says **guess first**, do: a wrong guess is how one remembers.

# %% [markdown]
# ## Is everything in place?
#
# This compares Python, every package, the bundled tables and the folder you are in with what the course was made with. Where something is wrong it says how to mend it: do that first.

# %%
from helpers.course import environment

environment.check()

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import features, plots, segments, shop, simulator
from helpers.course.exercises import check, hint, progress, solution

plots.use_style()

# %% [markdown]
# ## A shop in five tables
#
# The simulated shop: 20,000 registered customers, two years, six categories. Only `purchases` is required of a shop; the other tables add what they add.

# %%
store = shop.load()
store

# %%
store.purchases.head()

# %%
store.visits.head()

# %% [markdown]
# A row of `purchases` is a line of an order, a row of `visits` a category looked at in a visit. Both are needed: most visits end without an order, and these visits are what a shop knows about people who have not bought yet.

# %%
visits = store.visits.groupby("visit_id").agg(carts=("added_to_cart", "any"), orders=("ordered", "any"))
print(f"{len(visits):,} visits: {visits['carts'].mean():.1%} fill a cart, {visits['orders'].mean():.1%} end in an order")
print(f"{1 - visits['orders'].sum() / visits['carts'].sum():.0%} of the carts are abandoned")
spent = store.purchases.groupby("customer_id")["amount"].sum().sort_values(ascending=False)
print(f"{len(spent):,} of {len(store.customers):,} customers ever bought; the top fifth of them brings {spent.head(len(spent) // 5).sum() / spent.sum():.0%} of the revenue")

# %% [markdown]
# One visit in twenty ends in an order, seven carts in ten are left behind, and half of the registered customers never bought: figures set to those published for ordinary shops. Rare events and empty histories are the normal case, and most chapters are about them.
#
# The column `cancelled_at` shows a rule of this course: whatever is known only later carries the time at which it became known. **Time flows one way**: a feature at a cut-off uses only what was recorded strictly before it.

# %%
known = features.build(store, as_of="2025-07-01")
known[["recency", "frequency", "monetary", "category_interest_score", "visits", "cart_abandonment"]].head().round(2)

# %% [markdown]
# One row per customer, everything known on the morning of 1 July 2025 and nothing later. Customers who never bought have no recency: what cannot be known is missing and not zero.
#
# ## Where the truth is known
#
# A real shop never learns what a customer would have done without the voucher. The simulated shop does: for each customer in its spring campaign it stores the chance of an order without the voucher, and with it. The difference is the **uplift**.
#
# **Guess first:** sort the customers by how likely they are to order *without* the voucher (a chance that only the simulator knows). Where does a voucher earn most: among the likely, the middle, or the unlikely?

# %%
truth = simulator.load_truth("campaigns")
spring = truth[truth["campaign_id"].str.startswith("spring")]
tenth = pd.qcut(spring["p0"].rank(method="first"), 10, labels=range(1, 11))
earned = spring.groupby(tenth, observed=True)[["p0", "uplift", "profit_uplift"]].mean()
earned.rename_axis("tenth").assign(p0=earned["p0"] * 100, uplift=earned["uplift"] * 100).round(2).T

# %%
plt.bar(earned.index.astype(int), earned["profit_uplift"], color=np.where(earned["profit_uplift"] > 0, plots.BLUE, plots.RED))
plt.title("The voucher pays in the middle and loses on the likely buyers")
plt.xlabel("tenths of the customers, from least to most likely to order without a voucher")
plt.ylabel("profit of a voucher (per customer)")
plt.xticks(range(1, 11))
plots.show("Bars of the profit of a voucher per customer in ten groups ordered by their chance of buying anyway: about zero in the lowest four, up to half a unit in the fifth to ninth, and minus five in the tenth, who would have bought at full price.")

# %% [markdown]
# In this shop the likeliest buyers are the worst to give a voucher to: each costs about 5. Nearly all in the lowest four tenths have left the shop and cannot be moved. The profit is made in between, from .09 in the fifth tenth to .55 in the eighth.
#
# **Guess first:** are all of the likeliest buyers a loss?

# %%
kinds = simulator.load_truth("customers").set_index("customer_id")["segment"]
likeliest = spring[tenth == 10]
likeliest.groupby(likeliest["customer_id"].map(kinds))["profit_uplift"].agg(["size", "mean"]).round(1)

# %% [markdown]
# No: they are a mixture. The loyal would have bought at full price and cost about 11 each; the bargain hunters among them bring money even here. A model that predicts *who will buy* cannot tell them apart. [Chapter 06](06_experiments.ipynb) builds one that predicts *whom the voucher moves*.
#
# ## Seeing segments
#
# Two files, the same four columns, the same values in each column, the same rank correlations. One holds four kinds of customers; the other holds none, and was made by a machine that knows nothing of kinds. The **elbow** is what most tutorials use to find the number of segments.
#
# **Guess first:** which curve belongs to which file?

# %%
files = {"file A": "customer_behavior_copula.csv", "file B": "customer_behavior.csv"}
curves = {name: segments.inertias(pd.read_csv(f"../data/{file}")[segments.FEATURES]) for name, file in files.items()}
for (name, curve), color in zip(curves.items(), plots.PALETTE, strict=False):
    plt.plot(curve.index, curve / curve.iloc[0] * 100, marker="o", color=color)
    plt.text(10.2, curve.iloc[-1] / curve.iloc[0] * 100, name, color=color, va="center")
plt.title("Both curves have an elbow; only one file has segments")
plt.xlabel("number of segments k")
plt.ylabel("inertia (% of that with one segment)")
plots.show("Two falling curves of inertia against k, one for each file. Both are steep at first and flat from about 4 on; the curve of file B falls lower, and both look like an elbow.")
print("the elbow says k =", {name: segments.knee(curve) for name, curve in curves.items()})

# %% [markdown]
# File B has the segments. File A is its **copula twin**, without any; the elbow gives it a k all the same, because it cannot answer "none". Chapter 05 shows what can.
#
# ## Real households
#
# The Complete Journey holds a year of groceries of 2,469 households. It comes with a package; what is known of its origin and license stands on its card in `data/README.md`. Loading it mends two traps and says so.

# %%
journey = shop.load("complete_journey")
print(journey.report)

# %%
for note in journey.notes:
    print("-", note)

# %% [markdown]
# ## Your own orders
#
# One table is enough: who, when, how much. `shop.read` takes a file, a folder or a DataFrame, recognizes the usual column names, and gives an account of every row. Nothing of yours is changed or sent anywhere. Four lines from a German shop, one of them unusable:

# %%
export = pd.DataFrame(
    {
        "Kundennummer": ["0017", "0017", "0023", None],
        "Bestelldatum": ["03.01.2025", "14.02.2025", "15.02.2025", "16.02.2025"],
        "Bestellnummer": ["A1", "A2", "A3", "A4"],
        "Betrag": ["19,90", "1.249,00", "5,50", "12,00"],
    }
)
own = shop.read(export)   # yours: shop.read("my_orders.csv")
print(own.report)

# %%
own.purchases[["customer_id", "order_id", "ordered_at", "amount"]]

# %% [markdown]
# The leading zeros are kept, `1.249,00` is twelve hundred and forty-nine, the fourteenth month was no candidate, and the line without a customer is set aside with its reason (`own.set_aside`).
#
# ## An exercise to begin with
#
# ### Exercise 00.1 · who had bought? (3 minutes)
#
# How many different customers of `store` had bought before 1 January 2025? Put your answer in place of the three dots. `hint("00.1")` helps, `solution("00.1")` shows one right answer.

# %%
buyers = ...
check("00.1", buyers)

# %% [markdown]
# ## The map
#
# | | chapter | the question |
# |---|---|---|
# | 00 | Start here | what is here, and does it work? |
# | 01 | [Choosing algorithms](01_choosing_algorithms.ipynb) | which model for which decision? |
# | 02 | [Feature engineering](02_feature_engineering.ipynb) | how do tables become signals, without leaking the future? |
# | 03 | [Imbalanced customers](03_imbalanced_customers.ipynb) | how does one find the few that matter? |
# | 04 | [Cold start](04_cold_start.ipynb) | what does one show to somebody unknown? |
# | 05 | [Customer segments](05_customer_segments.ipynb) | who is alike, and is it true? |
# | 06 | [Experiments](06_experiments.ipynb) | did it work? |
# | 07 | [Into production](07_into_production.ipynb) | how does it run every night? |
# | 08 | Beyond one machine *(planned)* | what if the data are too large? |
#
# *Step by step:* in this order. *In a workshop:* the README has a half-day path. *To explore:* each chapter has one explorer with sliders, and one cell for your own data.
#
# Your progress, kept in `my_progress.json` in the course's folder and nowhere else:

# %% tags=["nbval-ignore-output"]
progress()

# %% [markdown]
# ## Summary
#
# 1. **The environment**: `environment.check()` says what is wrong and how to mend it.
# 2. **The tables**: purchases are required; visits, customers, campaigns and impressions add what they add; `shop.read` takes your own, with an account of every row.
# 3. **The path**: chapter 01 is next, or 05 for whoever wants segments first. Guess before you run.
