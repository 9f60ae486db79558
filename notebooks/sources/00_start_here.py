# %% [markdown]
# # 00 · Start here
#
# **The question.** Is everything in place, and where do you find what?
#
# After this notebook you can
#
# 1. check whether your environment is in order, and fix it if not,
# 2. find your way through the five tables of the course's shop, and load your own orders so that they look the same,
# 3. choose your path through the course.
#
# About 30 minutes. Run a cell with Shift + Enter.
#
# The course **checks its own claims**. Each piece of advice is tried in a simulated shop, where we know what customers would have done, and on purchases of real households. Automatic checks recompute every output that you see.

# %% [markdown]
# ## Is everything in place?
#
# `environment.check()` compares your Python, your packages and your tables with those that the course was made with. If something differs, it tells you how to fix it. Do that before you go on.

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
# For your own shop you need only `purchases`. One row is a **line of an order**: one product, its quantity, and the amount paid for it. The other tables are `customers` (one row per registered customer) and `visits` (below). `campaigns` says who was in a campaign, who got the voucher, and who ordered. `impressions` says which categories the shop recommended, and what was clicked.

# %%
store.purchases.head(3)

# %% [markdown]
# `cancelled_at` is empty (`NaT`, no time) unless the order was canceled later. It holds the *time* of the cancellation, because before that time nobody could have known about it.
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
    "Of the visits with something in the cart, what share ends without an order?",
    ["about 0.30", "about 0.50", "about 0.70"],
)

# %% tags=["reveal"]
with_cart = visits[visits["added_to_cart"]]
left_behind = ~with_cart["ordered"]
print(f"{left_behind.mean():.2f}")

# %% [markdown]
# Seven carts in ten are left behind. Many people expect fewer. (This is not a discovery: we set the simulator to the share that is published for ordinary shops.)
#
# Now the customers. How many ever bought, and what share of the money comes from the best fifth of the *buyers*?

# %%
spent = store.purchases.groupby("customer_id")["amount"].sum()
best = spent.nlargest(len(spent) // 5)
pd.Series({
    "registered customers": len(store.customers),
    "customers who ever bought": len(spent),
    "share of money from the best fifth": best.sum() / spent.sum(),
}).round(2)

# %% [markdown]
# Half of the registered customers never bought anything. The best fifth of the buyers brings 0.62 of the money.
#
# In a shop it is normal that orders are rare, and that many customers have never ordered. Most chapters deal with these two difficulties.
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
# **What you can tell your boss:** a model that was trained with information from the future will disappoint in real use.

# %% [markdown]
# ### Exercise 00.1 · who had bought? (3 minutes)
#
# How many different customers of `store` had bought before 1 January 2025? Count in `store.purchases`. Count every order, also those that were canceled later.
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
# We sort the customers of the spring campaign by their chance *without* the voucher (`p0`), and divide them into ten groups of equal size. Group 1 is the least likely to order, group 10 the likeliest. `profit_uplift` is the same difference in money: the expected profit with the voucher minus that without it, costs included.

# %%
from helpers import simulator

truth = simulator.load_truth("campaigns")
spring = truth[truth["campaign_id"].str.startswith("spring")]
place = spring["p0"].rank(method="first")   # 1, 2, 3 …: no ties, so equal groups
groups = pd.qcut(place, 10, labels=range(1, 11))   # one for each row of spring
profit = spring.groupby(groups, observed=True)["profit_uplift"].mean()

# %%
guess(
    "00.b",
    "Who should get the voucher? In which groups does it add the most profit?",
    ["group 10, the likeliest", "groups 5 to 9", "groups 1 to 4"],
)

# %% tags=["reveal"]
colors = np.where(profit > 0, plots.BLUE, plots.RED)
bars = plt.bar(range(1, 11), profit, color=colors)
plt.bar_label(bars, fmt="%+.2f", fontsize=8)
plt.xlabel("groups, from the least to the most likely to order anyway")
plt.ylabel("profit of a voucher, per customer\n(in the shop's currency)")
plt.xticks(range(1, 11))
plots.show(
    "Bars of the profit of a voucher in ten groups. About zero in the lowest four, "
    "a little above zero in groups five to nine, and far below zero in the tenth group."
)

# %% [markdown]
# The voucher adds a little profit in groups 5 to 9. In group 10 it loses far more than it gains anywhere: most of these customers would have paid the full price. In groups 1 to 4 it changes almost nothing: hardly anybody orders, with it or without it.
#
# Many people guess the likeliest. A model that predicts *who will buy* puts exactly group 10 first. [Chapter 06](06_experiments.ipynb) predicts *whom the voucher changes* instead.
#
# **What you can tell your boss:** a voucher is not for those who are nearly certain to buy. They would have paid the full price.

# %% [markdown]
# ## Seeing segments
#
# Two files describe customers by the same four columns. Each column, taken alone, holds the same values in both files. They differ in how the values are *combined* in a row. In one file there are four kinds of customers. The other was generated by a program so that there are no kinds.
#
# Most tutorials find the number of segments with the **elbow**. For 1, 2, 3 … segments they measure how much the customers *inside* a segment still differ. This curve always falls; the elbow is where it stops falling steeply. (Chapter 05 explains how it is computed.)

# %%
from helpers import segments

files = {"file A": "customer_behavior_copula.csv", "file B": "customer_behavior.csv"}
curves = {}
for name, file in files.items():
    table = pd.read_csv("../data/" + file)
    # how much customers differ inside the segments, for 1 to 10 segments
    curves[name] = segments.inertias(table[segments.FEATURES])   # the four columns

# %%
for name, curve in curves.items():
    plt.plot(curve.index, curve / curve.iloc[0] * 100, marker="o", label=name)
plt.legend()
plt.xlabel("number of segments k")
plt.xticks(range(1, 11))
plt.ylabel("differences inside segments,\n% of those with one segment")
plots.show(
    "Two falling curves, one for each file. Both are steep at first and flat from about "
    "four on. The curve of file B falls lower. Both seem to have a bend."
)

# %%
guess("00.c", "Which file holds the four kinds of customers?", ["file A", "file B"])

# %% tags=["reveal"]
# knee: the point farthest below a straight line from the first to the last point
elbows = {name: segments.knee(curve) for name, curve in curves.items()}
pd.Series(elbows, name="k at the elbow")

# %% [markdown]
# File B holds the four kinds. But the elbow gives a number for file A too, where there is nothing to find. It cannot answer "none". Chapter 05 shows what can.
#
# **What you can tell your boss:** a method that always finds segments does not show that there are any.

# %% [markdown]
# ## Real households
#
# A simulated shop follows the rules that we gave it. So each piece of advice is tried on real people too: a year of grocery purchases by 2,469 households, called **The Complete Journey**.

# %%
journey = shop.load("complete_journey")
journey

# %% [markdown]
# `journey.notes` say what these data cannot tell. One of them:

# %%
print(journey.notes[2])

# %% [markdown]
# So this course does not take the difference between those who got a campaign and the others for its effect. `journey.report` lists what was changed or set aside when the data were loaded. You will see such a report in a moment.
#
# **What you can tell your boss:** advice that holds only in a simulation is marked as such.

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
# The columns are customer number, order date, order number and amount. `0017` kept its leading zeros. `1.249,00` is more than a thousand in German notation. One row is missing, and the report says why:

# %%
own.report

# %% [markdown]
# Every row is accounted for: three were taken, one was set aside because it has no customer. It is kept in `own.set_aside`.
#
# Each chapter has a section *On your own data*. It ends with a file that you can use: a list of customers, or a table of results.

# %% [markdown]
# ## The map
#
# | | chapter | the question |
# |---|---|---|
# | primer | [Words and tools](primer.ipynb) | which words and tools do the chapters take for granted? |
# | 01 | [Choosing algorithms](01_choosing_algorithms.ipynb) | which model for which decision? |
# | 02 | [Feature engineering](02_feature_engineering.ipynb) | how do tables become features, without using the future? |
# | 03 | [Imbalanced customers](03_imbalanced_customers.ipynb) | how do you find the few who matter? |
# | 04 | [Cold start](04_cold_start.ipynb) | what do you show to a customer you know nothing about? |
# | 05 | [Customer segments](05_customer_segments.ipynb) | which customers are alike, and are the groups real? |
# | 06 | [Experiments](06_experiments.ipynb) | did the campaign work? |
# | 07 | [Into production](07_into_production.ipynb) | how does the model run every night? |
# | 08 | [Beyond one machine](08_beyond_one_machine.ipynb) | what if the orders do not fit into memory? |
#
# Start with the primer if "pipeline", "AUC" or "bootstrap" is new to you. Chapter 05 needs the least. Each chapter has an *explorer*: a picture with sliders, where you change a number and see what happens. Each chapter also has a deeper notebook for a second reading. The link is below the chapter's title.

# %% [markdown]
# `progress()` shows a row for each chapter: exercises, how many you got right and tried, the minutes that the others take, and your guesses. All of it stays on this machine.

# %% tags=["nbval-ignore-output"]
progress()

# %% [markdown]
# ## Summary
#
# 1. **The environment**: `environment.check()` says what is wrong and how to fix it.
# 2. **The tables**: only purchases are required. The other four allow more: what customers look at, what the shop showed them. `shop.read` takes your own orders and accounts for every row.
# 3. **The path**: the primer is next, or chapter 05 if you want segments first. Guess before you run.
