# %% [markdown]
# # 00 · Start here
#
# **The question.** Is everything in place, and where is what?
#
# After this notebook you can
#
# 1. say whether your environment is in order, and mend it,
# 2. find your way through the five tables of the course's shop, and read your own orders into the same form,
# 3. choose your path through the course.
#
# About 30 minutes. Run a cell with Shift + Enter.
#
# The course **checks its own claims**. Each piece of advice is tried in a simulated shop whose truth is known, and on the purchases of real households. The tests recompute the outputs that you see.

# %% [markdown]
# ## Is everything in place?
#
# `environment.check()` compares your Python, your packages and your tables with those that the course was made with. If something differs, it says how to mend it. Do that first.

# %%
from helpers.course import environment

environment.check()

# %% [markdown]
# You work in your own copy of the notebooks, the folder `my_course`. (If this page is not in that folder, close it and start with the first command of the README.) Change what you like. When the course is updated, your changes stay.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import plots
from helpers.course.exercises import check, hint, progress, solution
from helpers.course.guesses import guess

plots.use_style()

# %% [markdown]
# ## A shop in five tables
#
# Most examples come from one simulated shop: 20,000 registered customers, six product categories, the years 2024 and 2025.

# %%
from helpers import shop

store = shop.load()
store

# %% [markdown]
# Only `purchases` is required of a shop. One row is a **line of an order**: one product, its quantity, and the amount paid for it.

# %%
store.purchases.head(3)

# %% [markdown]
# `cancelled_at` is empty (`NaT`, no time) unless the order was canceled later. It holds the *time* of the cancellation, because before that time nobody could know it.
#
# One row of `visits` is one category that a customer looked at during one visit to the website.

# %%
columns = ["customer_id", "visit_id", "category", "added_to_cart", "ordered"]
store.visits[columns].head(3)

# %% [markdown]
# Here one visit has three rows, because customer C00001 looked at three categories.
#
# Count visits instead of rows. A visit has a cart if the customer put anything into it.

# %%
visits = store.visits.groupby("visit_id")[["added_to_cart", "ordered"]].any()
visits.mean().round(3)

# %%
guess(
    "00.a",
    "Customers who filled a cart: what share of these visits ends without an order?",
    ["about 0.30", "about 0.50", "about 0.70"],
)

# %% tags=["reveal"]
with_cart = visits[visits["added_to_cart"]]
round((~with_cart["ordered"]).mean(), 2)

# %% [markdown]
# Seven carts in ten are left behind. Many people expect fewer. The simulator was set to what is published for ordinary shops.
#
# Now the customers: how many ever bought, and how much of all money comes from the best fifth of them?

# %%
spent = store.purchases.groupby("customer_id")["amount"].sum()
best = spent.nlargest(len(spent) // 5)
pd.Series({
    "registered customers": len(store.customers),
    "customers who ever bought": len(spent),
    "share of money from the best fifth": best.sum() / spent.sum(),
}).round(2)

# %% [markdown]
# Half of the registered customers never bought anything. The best fifth of the buyers brings more than half of the money.
#
# Rare orders, and customers without any history, are the normal case in a shop. Most chapters are about them.
#
# **What you can tell your boss:** most visits end without an order, and half of our customers have never bought.

# %% [markdown]
# ## Time flows one way
#
# A model predicts the future from the past. So its inputs (**features**) must be what was known at one moment, the **cut-off**. `features.build` gives one row per customer, from what was recorded before the cut-off.

# %%
from helpers import features

known = features.build(store, as_of="2025-07-01")
known[["recency", "frequency", "monetary", "visits"]].head(3).round(1)

# %% [markdown]
# Each row says what the shop knew about a customer on the morning of 1 July 2025:
#
# - `recency`: days since the last order
# - `frequency`: number of orders
# - `monetary`: money spent
# - `visits`: number of visits
#
# The first customer never bought, so `recency` is missing (`NaN`). It is not 0: that would mean "bought today".
#
# **What you can tell your boss:** a model that knows the future in its training data will disappoint in real life.

# %% [markdown]
# ### Exercise 00.1 · who had bought? (3 minutes)
#
# How many different customers of `store` had bought before 1 January 2025? Count in `store.purchases`; leave the cancellations aside.
#
# Put your answer in place of the three dots. `hint("00.1")` helps, `solution("00.1")` shows one right answer.

# %%
buyers = ...
check("00.1", buyers)

# %% [markdown]
# ## Where the truth is known
#
# Should this customer get a voucher? A real shop never learns what the customer would have done otherwise. The simulated shop knows both: the chance of an order *without* the voucher, and the chance *with* it. The difference is the **uplift** of the voucher.
#
# We sort the customers of the spring campaign by their chance *without* the voucher, and cut them into ten groups of equal size. Group 1 is the least likely to order, group 10 the likeliest.

# %%
from helpers import simulator

truth = simulator.load_truth("campaigns")
spring = truth[truth["campaign_id"].str.startswith("spring")]
groups = pd.qcut(spring["p0"].rank(method="first"), 10, labels=range(1, 11))
profit = spring.groupby(groups, observed=True)["profit_uplift"].mean()

# %% [markdown]
# `p0` is the chance of an order without the voucher. `profit_uplift` is what the voucher adds to the profit with this customer, on average, after its costs.

# %%
guess(
    "00.b",
    "Whom should get the voucher? In which groups does it add the most profit?",
    ["the likeliest buyers", "those in the middle", "the least likely"],
)

# %% tags=["reveal"]
colors = np.where(profit > 0, plots.BLUE, plots.RED)
plt.bar(range(1, 11), profit, color=colors)
plt.xlabel("groups, from the least to the most likely to order anyway")
plt.ylabel("profit of a voucher, per customer")
plt.xticks(range(1, 11))
plots.show(
    "Bars of the profit of a voucher in ten groups. About zero in the lowest four, "
    "a little above zero in groups five to nine, and far below zero in the tenth group."
)

# %% [markdown]
# The voucher adds profit in the middle. In the likeliest group it loses money: most of these customers would have paid the full price. In the lowest four groups hardly anybody can be moved.
#
# Many people guess "the likeliest buyers". A model that predicts *who will buy* points to exactly these. [Chapter 06](06_experiments.ipynb) predicts *whom the voucher moves* instead.
#
# **What you can tell your boss:** the customers most likely to buy are the wrong ones for a voucher.

# %% [markdown]
# ## Seeing segments
#
# Two files have the same four columns, and the same values in each column. One file holds four kinds of customers. The other holds none: it was invented by a program that knows nothing of kinds.
#
# The **elbow** is what most tutorials use to find the number of segments. It draws a curve that falls with the number of segments, and looks for its bend. (Chapter 05 explains the curve.)

# %%
from helpers import segments

files = {"file A": "customer_behavior_copula.csv", "file B": "customer_behavior.csv"}
curves = {}
for name, file in files.items():
    table = pd.read_csv("../data/" + file)
    curves[name] = segments.inertias(table[segments.FEATURES])

# %%
for name, curve in curves.items():
    plt.plot(curve.index, curve / curve.iloc[0] * 100, marker="o", label=name)
plt.legend()
plt.xlabel("number of segments k")
plt.ylabel("curve, in % of its start")
plots.show(
    "Two falling curves, one for each file. Both are steep at first and flat from about "
    "four on. The curve of file B falls lower. Both seem to have a bend."
)

# %%
guess("00.c", "Which file holds the four kinds of customers?", ["file A", "file B"])

# %% tags=["reveal"]
elbows = {name: segments.knee(curve) for name, curve in curves.items()}
pd.Series(elbows, name="k at the elbow")

# %% [markdown]
# File B holds the four kinds. But the elbow gives a number for file A too, where there is nothing to find. It cannot answer "none". Chapter 05 shows what can.
#
# **What you can tell your boss:** a method that always finds segments does not show that there are any.

# %% [markdown]
# ## Real households
#
# A simulated shop follows the rules that we gave it. So each piece of advice is tried on real people too: a year of groceries of 2,469 households, called **The Complete Journey**.

# %%
journey = shop.load("complete_journey")
journey

# %% [markdown]
# `journey.notes` say what these data cannot tell. One of them:

# %%
print(journey.notes[2])

# %% [markdown]
# So this course never reads the effect of a campaign from these households. `journey.report` says what was mended when the data were loaded.

# %% [markdown]
# ## Your own orders
#
# One table is enough: who bought, when, for how much. `shop.read` takes a file, a folder or a DataFrame, and recognizes the usual column names. Your file is never changed, and nothing is sent anywhere.
#
# Here are four lines from a German shop. One of them cannot be used.

# %%
export = pd.DataFrame({
    "Kundennummer": ["0017", "0017", "0023", None],
    "Bestelldatum": ["03.01.2025", "14.02.2025", "15.02.2025", "16.02.2025"],
    "Bestellnummer": ["A1", "A2", "A3", "A4"],
    "Betrag": ["19,90", "1.249,00", "5,50", "12,00"],
})
own = shop.read(export)   # yours: shop.read("my_orders.csv")
own.purchases[["customer_id", "order_id", "ordered_at", "amount"]]

# %% [markdown]
# `0017` kept its zeros. `1.249,00` is more than a thousand in German notation. One row is missing, and the report says why:

# %%
own.report

# %% [markdown]
# Every row is accounted for: three were taken, one was set aside because it has no customer. It is kept in `own.set_aside`.
#
# In each chapter, *On your own data* ends with something to use: a list, a table or a read-out.

# %% [markdown]
# ## The map
#
# | | chapter | the question |
# |---|---|---|
# | primer | [Words and tools](primer.ipynb) | which words and tools do the chapters take for granted? |
# | 01 | [Choosing algorithms](01_choosing_algorithms.ipynb) | which model for which decision? |
# | 02 | [Feature engineering](02_feature_engineering.ipynb) | how do tables become signals, without leaking the future? |
# | 03 | [Imbalanced customers](03_imbalanced_customers.ipynb) | how does one find the few that matter? |
# | 04 | [Cold start](04_cold_start.ipynb) | what does one show to somebody unknown? |
# | 05 | [Customer segments](05_customer_segments.ipynb) | who is alike, and is it true? |
# | 06 | [Experiments](06_experiments.ipynb) | did it work? |
# | 07 | [Into production](07_into_production.ipynb) | how does it run every night? |
#
# Start with the primer if "pipeline", "AUC" or "bootstrap" are new to you. Chapter 05 needs the least. Each chapter has one explorer with sliders. Behind most chapters stands a deeper notebook for a second reading.

# %% [markdown]
# Your answers and guesses are counted here, on this machine only:

# %% tags=["nbval-ignore-output"]
progress()

# %% [markdown]
# ## Summary
#
# 1. **The environment**: `environment.check()` says what is wrong and how to mend it.
# 2. **The tables**: only purchases are required. Visits, customers, campaigns and impressions add what they add. `shop.read` takes your own orders and accounts for every row.
# 3. **The path**: the primer is next, or chapter 05 for whoever wants segments first. Guess before you run.
