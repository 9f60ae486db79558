# %% [markdown]
# # 07 · Into production
#
# **The question.** A model works in a notebook. How do we make it run every night, and how do we notice when it stops working?
#
# After this notebook you can
#
# 1. replace a pipeline only by a better one, save it as a file, and refuse a file that you cannot trust,
# 2. write a list of your own customers with their probability of an order, every night,
# 3. roll out a new model step by step, watch it, and decide when to train it again.
#
# About 74 minutes with the exercises. Reasons and proofs are in [the deeper notebook](deeper/07_into_production.ipynb).

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import evaluation, features, models, plots, production, shop, targets
from helpers.course.exercises import chapter_07, check, hint, solution
from helpers.course.guesses import guess

plots.use_style()
store = shop.load()   # the simulated shop: two years of orders and visits

# %% [markdown]
# ## A pipeline, and a better one
#
# It is 1 October 2025. The shop wants to know how likely each customer is to order within the next 91 days. We call this probability `p`.
#
# | | we predict on | the window ends on |
# |---|---|---|
# | **train** | 2 April | 1 July |
# | **test** | 2 July | 30 September |
# | **tonight** | 1 October | 30 December |
#
# The windows of train and test are over, so we know these labels.

# %%
today = "2025-10-01"
horizon = "91D"   # how far ahead we predict: 91 days

# %% [markdown]
# `features.build` makes one row per customer, from what was known on that day. The columns are those of chapter 02.

# %%
X_train = features.build(store, "2025-04-02")
X_test = features.build(store, "2025-07-02")

# %% [markdown]
# `targets.future` looks at the window after that day. Its column `bought` is our label: did the customer order?

# %%
y_train = targets.future(store, "2025-04-02", horizon)["bought"]
y_test = targets.future(store, "2025-07-02", horizon)["bought"]

# %%
share = pd.Series({"train": y_train.mean(), "test": y_test.mean()})
share.round(2).to_frame("share who ordered")

# %% [markdown]
# Only 7 of 100 customers order within 91 days.
#
# Suppose that **version 1** of the model is already running. It uses three columns that every shop has: days since the last order, number of orders, money spent.
#
# `models.model` gives the pipeline of chapter 01.

# %%
three = ["recency", "frequency", "monetary"]
version_1 = models.model("logistic regression")
version_1.fit(X_train[three], y_train)
p_1 = version_1.predict_proba(X_test[three])[:, 1]

# %% [markdown]
# A colleague proposes **version 2**. It uses all columns, also those about visits and carts.

# %%
version_2 = models.model("logistic regression").fit(X_train, y_train)
p_2 = version_2.predict_proba(X_test)[:, 1]

# %% [markdown]
# Then the colleague proposes **version 3**. It has the same columns, but a larger `C`, so the weights may become larger.

# %%
version_3 = models.model("logistic regression", C=10)   # before: 0.1
version_3.fit(X_train, y_train)
p_3 = version_3.predict_proba(X_test)[:, 1]

# %% [markdown]
# A new version costs work, and can break something. So we fix a rule *before* we look:
#
# > **A new version replaces the old one only if the 95 % interval of the paired difference in AUC lies above zero.**
#
# Paired means: both versions are tested on the same customers ([primer](primer.ipynb), section 9).

# %%
from sklearn.metrics import roc_auc_score

# AUC of the new version (named first) minus AUC of the old one
gain_2 = evaluation.difference(roc_auc_score, y_test, p_2, p_1)
gain_3 = evaluation.difference(roc_auc_score, y_test, p_3, p_2)

# %%
guess(
    "07.a",
    "Which version is better than the one before it, by this rule?",
    ["both", "version 2 only", "version 3 only", "neither"],
)

# %% tags=["reveal"]
pd.Series({
    "version 2 minus version 1": gain_2.text(4, signed=True),
    "version 3 minus version 2": gain_3.text(4, signed=True),
}).to_frame("in AUC")

# %% [markdown]
# Version 2 is far better: the whole interval is above zero. Visits and carts tell us a lot about the next order.
#
# The second interval includes zero. So version 3 cannot be distinguished from version 2, and we keep version 2.

# %% [markdown]
# (Do not try twenty versions on the same test. One of them could win by luck.)
#
# **What you can tell your boss:** we changed the model once, because the improvement was too large to be luck. We refused the second change.

# %% [markdown]
# ## From a notebook to a file
#
# At night no notebook is open. So the model has to become a **file**.
#
# `production.train` makes a model for this. First it tests the pipeline of version 2, as we did. Then it fits the pipeline again on *both* cut-offs, so that the newest orders are used too.

# %%
model = production.train(store, today, owner="the shop's analysts")

# %% [markdown]
# **Propensity** is another word for the probability of an order. `model.propensity` is the fitted pipeline:

# %%
list(model.propensity.named_steps)

# %% [markdown]
# It has two steps. `prepare` fills gaps, takes logarithms and scales. `classifier` is the logistic regression.

# %% [markdown]
# The usual way to save a Python object is a **pickle**. A pickle file does not hold the object itself. It holds instructions for building it again: which function to call, with which arguments.
#
# Suppose a stranger sends you a pickle, "a model for your shop".

# %%
guess(
    "07.b",
    "What can happen when you open a pickle from a stranger?",
    [
        "you get a model, or an error",
        "any command can run",
        "nothing without your password",
    ],
)

# %% tags=["reveal"]
import pickle

class Stranger:
    def __reduce__(self):   # pickle asks: which function, which arguments?
        return print, ("this could have been any command",)

file = pickle.dumps(Stranger())   # the stranger does this
pickle.loads(file)                # you only open the file

# %% [markdown]
# Any command can run. This file says "call `print`", and opening it did so. It could just as well have deleted your files.
#
# **Never open a pickle from somebody you do not trust.**

# %% [markdown]
# **skops** is a package that saves a model as data, not as instructions. When it opens a file, it builds only objects that are known to be harmless, or that we allow by name.

# %% [markdown]
# `production.save` writes such a file, here into a temporary folder. It returns the file's **digest**: a code computed from all its bytes, like a fingerprint. Change one byte, and the digest is different.

# %% tags=["nbval-ignore-output"]
import tempfile
from pathlib import Path

folder = Path(tempfile.mkdtemp())   # a new, empty, temporary folder
digest = production.save(model, folder / "model.skops")
print(digest[:12], "…")   # its first 12 characters

# %% [markdown]
# `production.load` computes the digest again. It opens the file only if this is the digest that you give.

# %%
loaded = production.load(folder / "model.skops", sha256=digest)
print("loaded, it predicts:", loaded.card.name)

# %% [markdown]
# Now somebody adds a single byte to the file. Will it still be opened?

# %%
data = (folder / "model.skops").read_bytes()
(folder / "changed.skops").write_bytes(data + b"!")   # one byte more
try:
    production.load(folder / "changed.skops", sha256=digest)
except production.ModelError as error:   # the file was refused
    print(error)

# %% [markdown]
# The changed file is refused, before anything in it is used.
#
# `save` also writes the digest into the same folder. Keep it in a second place, too: whoever can change the model could also change the digest beside it.
#
# **What you can tell your boss:** opening our model's file runs no command from it; with the digest kept elsewhere, we notice a change.

# %% [markdown]
# ## The card
#
# Next year somebody finds this file. What does it predict? Who answers for it? The **model card** inside says so.

# %%
card = loaded.card
pd.Series({
    "predicts": card.name,
    "owner": card.owner,
    "last day": card.retire_on,
}).to_frame("card")

# %% [markdown]
# After its last day the model is refused. A card also says what the model is *not* for:

# %%
print(card.not_for)

# %% [markdown]
# The card also holds the scores of the test. We read them below, on your own data.
#
# **What you can tell your boss:** the model is documented: what it may be used for, how good it was, who answers for it, and its last day.

# %% [markdown]
# ## Every night
#
# A program that works through all customers by itself is called a **batch**. It needs no notebook, only one line in a terminal:
#
# `uv run python -m helpers.production score --model model.skops --shop my_folder --out scores.parquet`
#
# - `--model`: the file of the model
# - `--shop`: a folder with the shop's tables, `purchases.csv` and others
# - `--out`: the file to write

# %% [markdown]
# A **scheduler** starts this line every night: cron on Linux and macOS, the Task Scheduler on Windows.
#
# In the notebook we call the same function from Python:

# %%
production.batch(loaded, store, folder / "scores.parquet", as_of=today)
tonight = pd.read_parquet(folder / "scores.parquet")

# %%
columns = ["customer_id", "propensity", "segment", "next_category"]
tonight[columns].head(2).round(2)

# %% [markdown]
# One row per customer. Two small models add the segment (chapter 05) and the likely next category. Customers without an order have no segment.

# %% [markdown]
# What if the computer stops in the middle of the night? The list is **written whole or not at all**. It is first written under another name. Only the complete file replaces last night's.
#
# If a column is missing, the batch writes nothing and says what is wrong.

# %% [markdown]
# The file also has a `reason` for each customer. Here is the one of the customer with the highest probability:

# %%
first = tonight.nlargest(1, "propensity")
print(first["reason"].item())

# %% [markdown]
# This customer has left 63 carts, and that raises the probability. Logistic regression adds up one part per column; the reason names the three largest.

# %% [markdown]
# A reason explains the *model*. It does not show that leaving carts makes people buy. Somebody who leaves many carts comes often, and therefore also orders often.
#
# **What you can tell your boss:** every morning there is a new list of all customers, each with a probability and a reason.

# %% [markdown]
# ## On your own data
#
# Now for your shop. You need a file of orders: customer, date, amount. Put it into the folder of this notebook, and give its name to `shop.read`.
#
# Here we use the orders of the simulated shop, without its visits. "Today" is the end of the day of the last order.

# %%
import pandas as pd   # this section runs on its own

from helpers import production, quote, shop

own = shop.read(shop.load().purchases)   # yours: shop.read("my_orders.csv")

# %% [markdown]
# The **horizon** says how far ahead you predict. Your orders must cover more than two horizons: one to train on, one to test on. In each, fifty customers must order, and fifty must not.

# %%
my_model = production.train(own, horizon="91D", owner="me")   # 91 days

# %% [markdown]
# The card has the scores. One compares the model with the simplest list: customers sorted by their number of orders.

# %%
my_scores = pd.DataFrame(my_model.card.scores).T   # one row per score
my_scores.columns = ["estimate", "low", "high"]
my_scores.loc[["AUC", "AUC minus that of the number of orders"]].round(2)

# %% [markdown]
# Read the second line first. If its interval, from `low` to `high`, is above zero, the model ranks better than the simplest list. If not, this is not proven: for now, sort by the number of orders.

# %% [markdown]
# Now tonight's list. `rank` 1 is the customer with the highest probability.

# %%
my_night = production.score(my_model, own)   # a table, not a file
my_list = my_night[["customer_id", "propensity", "segment"]]
my_list = my_list.sort_values("propensity", ascending=False)
my_list["rank"] = range(1, len(my_list) + 1)
my_list.head(2).round(3)

# %% [markdown]
# The next cell writes this list, but only if you give it a path. It never replaces a file, so put the date into the name.

# %%
quote.save_list(my_list, path=None)   # yours: path="scores_2026-01-01.csv"

# %% [markdown]
# And every night? Save the model once: `production.save(my_model, "my_model.skops")`. Put your orders into `my_folder`. Then let the scheduler start the line from *Every night*.
#
# **What you can tell your boss:** here is tonight's list for our own shop, and how much better it is than sorting by orders.

# %% [markdown]
# ## One at a time
#
# A new customer cannot wait for the night. Clara has just signed up, and says in the form that she likes toys. Which category do we show her?
#
# [Chapter 04](04_cold_start.ipynb) answered this: begin with a prior, and let each view change it. Here the prior comes from similar customers.

# %%
online = production.train_online(store, today)
# the probability of each category as her favorite
tastes = online.shares({"favorite_category": "toys"})

# %% [markdown]
# The **click rate** of a category is the share of its views that are clicked. For each category, `online.beta` counts two things:
#
# - `a`: clicks
# - `b`: views without a click
#
# So the expected click rate is a / (a + b). The counts do not begin at zero: the prior is worth some views.

# %%
def click_rate(clicked, views):
    """The expected click rate of each category."""
    a, b = online.beta(tastes, clicked, views)
    return a / (a + b)

# %% [markdown]
# Before her first view, the prior alone speaks. Then we show her beauty four times, and she clicks three times.

# %%
nothing = pd.Series(0, index=online.categories)   # 0 for each category
rates = pd.DataFrame({"says toys": click_rate(nothing, nothing)})

# %%
views, clicked = nothing.copy(), nothing.copy()
views["beauty"] = 4
clicked["beauty"] = 3
rates["then clicks beauty"] = click_rate(clicked, views)
rates.round(2)

# %% [markdown]
# She said toys, so toys come first. After three clicks, beauty is first.

# %% [markdown]
# A **service** is a program that waits for questions. Your web shop asks it what to show, and reports each click. This line starts ours:
#
# `uv run --extra serve python -m helpers.service`
#
# **What you can tell your boss:** known customers get their probability at night. New ones get an answer at once.

# %% [markdown]
# ## In steps
#
# A new model does not replace the old one overnight. The old one is called the **champion**, the new one the **challenger**.
#
# | step | who decides about the customers | what we learn |
# |---|---|---|
# | **shadow** | the champion; the challenger only predicts | does it run, are its numbers plausible? |
# | **canary** | the challenger, for one in twenty | does it break something? |
# | **A/B test** | the challenger, for half | is it better? |

# %% [markdown]
# In all steps, one customer in twenty is in the **hold-out**: no model decides about them. A comparison with them shows what all models together bring.

# %% [markdown]
# We try the shadow and the A/B test with a voucher of last spring. (The simulator knows what it did to each customer.)
#
# - The champion is a simple rule: the more orders so far, the likelier the next one.
# - The challenger is our pipeline with all columns.
#
# Both are trained on 1 January.

# %%
X_winter = features.build(store, "2025-01-01")
y_winter = targets.future(store, "2025-01-01", horizon)["bought"]

# %%
# OneColumn: a probability from this column alone
champion = models.OneColumn("frequency").fit(X_winter, y_winter)
challenger = models.model("logistic regression").fit(X_winter, y_winter)

# %% [markdown]
# Both predict on 2 April. We trained versions 1 to 3 on these rows; for champion and challenger they are new.

# %%
X_april, y_april = X_train, y_train
spring = pd.DataFrame(index=X_april.index)
spring["champion"] = champion.predict_proba(X_april)[:, 1]
spring["challenger"] = challenger.predict_proba(X_april)[:, 1]

# %% [markdown]
# A contact costs 1, and we assume that an order brings 20. If every order came from the contact, contacting would pay where p is above 1 / 20. Each model picks these customers.

# %%
picked = spring > 1 / 20   # one column per model

# %% [markdown]
# In the **shadow**, the challenger only notes whom it would contact. In July we know who ordered. What would each model have earned? A picked customer counts 20 for an order, minus 1 for the contact.

# %%
result = 20 * y_april - 1   # of a contacted customer
earned = pd.DataFrame()
for name in picked:
    earned[name] = result.where(picked[name], 0)   # not picked: 0
(1000 * earned.mean()).round(-1).to_frame("per 1,000 customers")

# %% [markdown]
# The challenger seems far ahead. `production.shadow` adds the paired interval and a verdict:

# %%
p_champion, p_challenger = spring["champion"], spring["challenger"]
print(production.shadow(p_champion, p_challenger, y_april, gain=20, cost=1))

# %% [markdown]
# The verdict is *go on*. But the shadow counts 20 for *every* order of a picked customer. Would some have ordered without the contact?
#
# Only an experiment can tell. `production.groups` draws the groups of an **A/B test**: about half under each model, and the hold-out.

# %%
from helpers import simulator

reachable = simulator.reachable()   # who could get the voucher
picked = picked[picked.index.isin(reachable)]
# customers, campaign, step, year (the hold-out is the same all year)
group = production.groups(picked.index, "spring", "A/B", 2025)

# %% [markdown]
# A customer gets the voucher if the model of their group picks them. The hold-out gets nothing.

# %%
by_champion = (group == "champion") & picked["champion"]
by_challenger = (group == "challenger") & picked["challenger"]
contacted = by_champion | by_challenger

# %% [markdown]
# The voucher takes 10 % off every order in eight weeks, also off orders that would have come anyway. `simulator.voucher_profit` draws who orders in these weeks, and gives the profit of each customer.

# %%
profit = simulator.voucher_profit(contacted, rng=np.random.default_rng(0))

# %%
guess(
    "07.c",
    "The shadow says: 440 more per 1,000 customers. What will the A/B test say?",
    ["about as much", "about half", "no difference beyond chance"],
)

# %% tags=["reveal"]
print(production.ab(profit, group))

# %% [markdown]
# The interval includes zero, and 440 lies outside it. So the champion stays. Where did the 440 go?

# %% [markdown]
# The simulator knows the truth. Without `rng` it draws nothing: it gives the expected profit of each customer. First, if nobody gets a voucher:

# %%
nobody = pd.Series(False, index=picked.index)
without = simulator.voucher_profit(nobody)

# %% [markdown]
# Then, if one model decides about all customers:

# %%
gains = {}
for name in picked:
    with_vouchers = simulator.voucher_profit(picked[name])
    gains[name] = 1000 * (with_vouchers - without).mean()
pd.Series(gains).round(-1).to_frame("true gain per 1,000")

# %% [markdown]
# Both *lose* money: send neither. They give a discount to customers who would have ordered anyway. The shadow counted these orders as a success.
#
# **What you can tell your boss:** a test on the past says how well a model predicts. What it *brings*, only an experiment says.

# %% [markdown]
# ## Watching: the promise first
#
# Back to our list of 1 October. Three months later its window is over. The list had made a promise: of the customers with a probability of one in ten, about one in ten order. Was it kept?

# %%
p = tonight["propensity"].to_numpy()
bought = targets.future(store, today, horizon)["bought"]
ordered = bought[tonight["customer_id"]].to_numpy()   # in the order of the list

# %% [markdown]
# Even a true promise is not kept exactly: chance plays a part. How much? Imagine that all probabilities are true, and draw who orders. Each customer orders with their own probability. Do this 500 times.

# %%
rng = np.random.default_rng(0)
drawn = []
for _ in range(500):
    could_order = rng.random(len(p)) < p   # true with probability p
    drawn.append(could_order.mean())

# %%
plt.hist(drawn, bins=20, label="drawn: the promise is true")
plt.axvline(ordered.mean(), color=plots.RED, label="what happened")
plt.xlabel("share of customers who order")
plt.ylabel("draws")
plt.legend()
plots.show(
    "A histogram of the shares who order in 500 draws. The line of what "
    "happened stands clearly to the right of all of them."
)

# %% [markdown]
# More customers ordered than in any of the draws. This is not chance alone: the promise was too low.

# %% [markdown]
# `production.health` makes the same comparison for four figures:
#
# - the share that ordered,
# - the profit, counted as in the shadow (so it is not what contacts bring),
# - the AUC,
# - the **calibration error**: how far promised and observed shares are apart, in ten groups of customers (a little above zero by luck alone).

# %%
look = production.health(ordered, p, gain=20, cost=1)
look.shown().drop(columns="p")

# %% [markdown]
# If the promise is true, a figure is nearly always between `low` and `high`, the ends of a 95 % interval. Three figures are outside their range. Only AUC is inside: the *ranking* is as good as promised.

# %% [markdown]
# Is that an **alarm**? With four figures, one could leave its range by luck. `alarm` allows for this: if the promise is true, only about one look in twenty gives a false alarm.

# %%
look.alarm

# %% [markdown]
# The likely reason (not tested): the window holds Black Friday and Christmas, but the model was trained on spring and summer.

# %% [markdown]
# Now something worse. From 1 October on, a random third of those who would order goes to a competitor.

# %%
rng = np.random.default_rng(1)
stays = rng.random(len(ordered)) < 2 / 3   # a third of the orders is lost
bad = production.health(ordered & stays, p, gain=20, cost=1)

# %%
guess(
    "07.d",
    "Which of these figures will notice nothing?",
    ["share that ordered", "profit", "AUC"],
)

# %% tags=["reveal"]
bad.shown()[["low", "high", "observed"]]

# %% [markdown]
# AUC notices nothing: those who still order are ranked as well as before. The share and the profit fall far below their ranges.
#
# So watch **orders and profit first**. The price is that you have to wait until the window has ended.

# %% [markdown]
# (A heat wave moves all customers at once; then some alarms are false: deeper notebook.)
#
# **What you can tell your boss:** after each quarter we compare what the model promised with what happened.

# %% [markdown]
# ### Exercise 07.4 · who has not ordered yet (6 minutes)
#
# One row is one customer on one of twenty nights:
#
# - `scored_at`: the night,
# - `propensity`: the probability of an order within 56 days (`window`),
# - `first_order_at`: the first order after that night, missing if none came until 31 December (`now`).
#
# Take the nights whose window is over. How much more was promised than came? Answer with the mean propensity minus the share who ordered within the window.

# %%
window = chapter_07.WINDOW   # 56 days
now = chapter_07.NOW         # 31 December 2025
waiting = chapter_07.waiting()
waiting.head(1)

# %%
answer = ...
check("07.4", answer)

# %% [markdown]
# ## Watching: the inputs
#
# Orders come late. The columns that go into the model, its **inputs**, come every night. Have they changed since training? Such a change is called **drift**.

# %% [markdown]
# The usual measure is the **population stability index**, PSI. Cut a column into groups. Compare the share of customers in each group, in training and now.
#
# An example with two groups. In training each held half of the customers. Now one has grown.

# %%
share_then = np.array([0.5, 0.5])
share_now = np.array([0.6, 0.4])
parts = (share_now - share_then) * np.log(share_now / share_then)
print("PSI:", parts.sum().round(2))

# %% [markdown]
# If nothing changes, the PSI is 0. A well-known rule says: above 0.1 look, above 0.25 act. But it does not ask how many customers you have.

# %% [markdown]
# With few customers, shares differ by luck alone. The picture shows the PSI of many weeks. In the gray ones nothing has changed; in the blue ones the column has shifted. Everything to the right of the solid line is an alarm.
#
# Press *few customers*, then *many customers*. What share of the gray weeks gives an alarm?

# %%
from helpers import widgets

widgets.drift_explorer()

# %% [markdown]
# With 200 customers, about a third of the gray weeks give a false alarm. With many thousands none does, but then even a real shift stays below 0.1. One fixed number cannot fit all sizes. (The dashed line is a threshold for this number of customers.)

# %% [markdown]
# `production.drift` asks instead: what would chance alone do, with *our* numbers?
#
# 1. Put the customers of both nights together and shuffle them.
# 2. Split them into two groups and compute the PSI. Only chance makes these groups differ.
# 3. Repeat many times, and compare with the real PSI.

# %%
july = production.inputs(loaded, store, "2025-07-02")   # a night of training
october = production.inputs(loaded, store, today)       # tonight
changed = production.drift(july, october)
changed.table.head(3).round(3)

# %% [markdown]
# `by_chance` is the PSI to expect without drift. All three are far above it, and `p` (it allows for all columns) is small: an alarm.
#
# Two columns are the age of an account, and all accounts are three months older. That is no fault. At `activity_trend` one would look.

# %% [markdown]
# Another change is more dangerous: at night a column is computed in another way than in training. This is called **training/serving skew**.
#
# You find it without statistics. Compute the column again for the same night, and compare.

# %% [markdown]
# ### Exercise 07.1 · a leak in service (6 minutes)
#
# `logged` is what the service says it used on 1 October. `recomputed` holds the features of the same customers at 1 October, computed again from the tables. One column of the service contained data from after that day. Which one? Answer with its name, in quotes.

# %%
logged = chapter_07.logged(store)
recomputed = features.build(store, today)
answer = ...
check("07.1", answer)

# %% [markdown]
# **What you can tell your boss:** changed inputs are a reason to look. They are not a reason to train.

# %% [markdown]
# ## When to train again
#
# Many teams train again on a fixed day, because a fresh model must be better.
#
# Not always. In our shop, a model trained on 1 January and one trained on 2 July could not be distinguished in ranking (deeper notebook).

# %% [markdown]
# So when *should* we train again? `production.retrain` says so only if both are true for *two windows in a row*:
#
# - there was an alarm,
# - the loss was surely larger than the cost of training, here 2,000.
#
# First, two quarters like the one with Christmas:

# %%
# losses are per 1,000 customers, so it asks for their number
production.retrain([look, look], 2000, customers=len(tonight))

# %% [markdown]
# An alarm, but no loss: do not train. Now two quarters in which a third of the orders is lost:

# %%
production.retrain([bad, bad], 2000, customers=len(tonight))

# %% [markdown]
# *True* means: find the cause, and train a challenger. It may not help, because a new model does not bring back customers who went to a competitor.
#
# **What you can tell your boss:** after two losses larger than its cost we train a challenger. It must still beat the old model.

# %% [markdown]
# ### Exercise 07.5 · to think about (4 minutes)
#
# When do you train again?
#
# - (a) The PSI of recency is 0.3; there are 60 customers a side.
# - (b) In the quarter of Christmas more customers ordered than promised; the AUC is what it was.
# - (c) In the last two quarters a fifth of the promised profit did not come, with an alarm both times. That is ten times the cost of a training.
# - (d) There are twice as many rows as last year.
#
# Answer with a letter.

# %%
answer = ...
check("07.5", answer)

# %% [markdown]
# ## The loop closes
#
# A model that recommends learns from clicks, and gets clicks only on what it shows. So it may never notice that customers now want something else.
#
# Many say: therefore it must **explore**, that is, sometimes show what it does not believe in.

# %% [markdown]
# We play twelve weeks in four simulated shops. From week 5 on, toys are in fashion. Three rules choose what is shown:
#
# - **greedy**: always the category with the highest expected click rate,
# - **Thompson**: explores; categories that it knows little about get a chance,
# - **frozen**: greedy, but trained before week 1 and never again.

# %%
from helpers.course import studies

loop = studies.study("c32")   # the simulation behind claim c32, below
clicks = loop.clicks_by_week(["greedy", "Thompson", "frozen"], shops=4)

# %%
for name in clicks:
    plt.plot(clicks.index, clicks[name], marker="o", label=name)
plt.axvline(4.5, color=plots.BLACK, linestyle=":")
plt.xlabel("week (dotted line: the fashion begins)")
plt.ylabel("clicks per 1,000 visits")
plt.legend()
plots.show(
    "Clicks per 1,000 visits by week for three rules, mean of four shops. All fall when the "
    "fashion begins in week five. Frozen stays lowest; Thompson falls least; greedy follows "
    "and is highest at the end."
)

# %% [markdown]
# When the fashion begins, all three fall. Frozen stays down. The other two are trained every week, and recover. (Four shops are few: claim c32, below, has sixty.)
#
# **What you can tell your boss:** learning from our own clicks every week matters most. Exploring costs clicks while tastes stay; whether it pays after a change is open.

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey holds a year of grocery purchases by 2,469 households. We train on 15 October and predict who orders within two weeks.

# %%
journey = shop.load("complete_journey")
households = production.train(journey, "2017-10-15", horizon="14D", owner="me")

# %% [markdown]
# This function compares promise and outcome of one night, as above. We assume that an order brings 2 and a coupon costs 1.

# %%
def compare(night):
    """The promise of this night, compared with what happened."""
    scored = production.score(households, journey, night)
    bought = targets.future(journey, night, "14D")["bought"]
    came = bought[scored["customer_id"]]   # in the order of the list
    return production.health(came, scored["propensity"], gain=2, cost=1)

# %% [markdown]
# We look at two nights with the *same* model: the day of training, and one before Thanksgiving. Profit is missing if less came than was promised.

# %%
real = pd.DataFrame(columns=["alarm", "profit missing, per 1,000"])
for night in ["2017-10-15", "2017-11-12"]:
    found = compare(night)
    real.loc[night] = [found.alarm, found.missing()]
real

# %% [markdown]
# Both nights end with an alarm. After the first night less profit came than promised: the whole interval is above zero. After the second, the interval includes zero. One loss is no reason to train again.
#
# **What you can tell your boss:** with real households too, the alarm says "look". The money says whether it matters.

# %% [markdown]
# ## What people say, what we measured
#
# We tested two pieces of advice in many simulated shops.

# %%
from IPython.display import Markdown

Markdown(studies.short_table({
    "c23": "The rule 'PSI above 0.1' ignores the number of customers",
    "c32": "A model that learns from its own clicks needs to explore",
}))

# %% [markdown]
# The first one holds. The second stays *open*. After a fashion came, showing a random category now and then could not be distinguished from greedy. Where tastes stayed, it cost clicks.
#
# **What you can tell your boss:** do not copy a threshold from a blog. Compute it for your number of customers.

# %% [markdown]
# ## Summary
#
# 1. **A better version, a file, every night.** Replace a version only if the paired interval is above zero. Never open a stranger's pickle.
# 2. **Steps.** Shadow, canary, A/B test, and a hold-out.
# 3. **Watch and train.** Orders and profit first, inputs second. After two losses larger than its cost, train a challenger.
#
# The deeper notebook has exercises 07.2 and 07.3, and the sources.
