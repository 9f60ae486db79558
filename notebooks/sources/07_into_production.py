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
# It is 1 October 2025. Every night the shop wants to know, for each customer, the probability `p` of an order within the next 91 days.
#
# We train at 2 April and test at 2 July. The 91 days after 2 July end on 30 September, so today both labels are known.

# %%
today = "2025-10-01"
X_train = features.build(store, "2025-04-02")
X_test = features.build(store, "2025-07-02")
y_train = targets.future(store, "2025-04-02", "91D")["bought"]
y_test = targets.future(store, "2025-07-02", "91D")["bought"]
pd.DataFrame({
    "customers": [len(X_train), len(X_test)],
    "share who ordered": [y_train.mean(), y_test.mean()],
}, index=["train", "test"]).round(2)

# %% [markdown]
# Only 7 of 100 customers order within 91 days.
#
# Suppose that **version 1** of the model is already running. It uses three columns that every shop has: days since the last order, number of orders, money spent. `models.model` gives the pipeline of chapter 01.

# %%
three = ["recency", "frequency", "monetary"]
version_1 = models.model("logistic regression")
version_1.fit(X_train[three], y_train)
p_1 = version_1.predict_proba(X_test[three])[:, 1]

# %% [markdown]
# A colleague proposes two changes, one after the other.
#
# - **Version 2** uses all columns, those from visits and carts too.
# - **Version 3** also gives the weights more freedom. In training, large weights are punished; a larger `C` punishes less: 10 in place of 0.1.

# %%
version_2 = models.model("logistic regression").fit(X_train, y_train)
version_3 = models.model("logistic regression", C=10).fit(X_train, y_train)
p_2 = version_2.predict_proba(X_test)[:, 1]
p_3 = version_3.predict_proba(X_test)[:, 1]

# %% [markdown]
# A new version costs work, and can break something. So we fix a rule *before* we look: **a new version replaces the old one only if the 95 % interval of the paired difference in AUC lies above zero.** ([Primer](primer.ipynb), section 9: both versions are tested on the same drawn customers.)

# %%
guess(
    "07.a",
    "Which version is better than the one before it, by this rule?",
    ["both", "version 2 only", "version 3 only", "neither"],
)

# %% tags=["reveal"]
from sklearn.metrics import roc_auc_score

rows = {}
for name, new, old in [("2 minus 1", p_2, p_1), ("3 minus 2", p_3, p_2)]:
    gain = evaluation.difference(roc_auc_score, y_test, new, old)
    rows[name] = {"in AUC": gain.text(4, signed=True), "replaces": gain.low > 0}
pd.DataFrame(rows).T

# %% [markdown]
# Version 2 is far better: visits and carts tell us a lot about the next order. Version 3 cannot be distinguished from version 2. So only version 2 replaces version 1.
#
# Do not try twenty versions on one test: one would win by luck. (We keep logistic regression, because it can give a reason for each customer.)
#
# **What you can tell your boss:** we changed the model once, because the improvement was too large to be luck. We refused the second change.

# %% [markdown]
# ## From a notebook to a file
#
# At night no notebook is open. The model has to become a **file**. `production.train` produces a model that is ready for this:
#
# 1. It tests the pipeline of version 2, as we did.
# 2. It fits it again, on *both* cut-offs. So the newest orders are used too.
# 3. It adds two small models: the customer's segment (chapter 05), and the likely next category.
# 4. It writes a card (next section).

# %%
model = production.train(store, today, owner="the shop's analysts")
list(model.propensity.named_steps)   # `propensity` is the fitted pipeline

# %% [markdown]
# The pipeline has two steps. `prepare` fills gaps, takes logarithms and scales. `classifier` is the logistic regression. (**Propensity** is another word for the probability of an order.)
#
# The usual way to save a Python object is a **pickle**. Suppose a stranger sends you one, "a model for your shop".

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
    def __reduce__(self):   # tells pickle what to call when the file is opened
        return print, ("this could have been any command",)   # function, arguments

file = pickle.dumps(Stranger())   # the stranger does this
_ = pickle.loads(file)            # you only open the file

# %% [markdown]
# Any command can run. A pickle is a little program, and opening it runs it. This one only prints. It could have deleted your files. **Never open a pickle from somebody you do not trust.**
#
# **skops** saves a model as data, not as a program. When it opens a file, it builds only harmless types, and those that we allow by name (`production.TRUSTED`). `production.save` writes such a file, here into a temporary folder. It returns the file's **digest** (SHA-256), computed from all its bytes, like a fingerprint. Change one byte, and you get another digest.

# %% tags=["nbval-ignore-output"]
import tempfile
from pathlib import Path

folder = Path(tempfile.mkdtemp())   # a new, empty, temporary folder
digest = production.save(model, folder / "model.skops")
print(digest[:12], "…")   # its first 12 characters

# %% [markdown]
# `production.load` computes the digest again, and compares it with the one that you give.

# %%
loaded = production.load(folder / "model.skops", sha256=digest)
print("loaded, it predicts:", loaded.card.name)

# %% [markdown]
# Now we change one byte of the file on purpose:

# %%
data = bytearray((folder / "model.skops").read_bytes())
data[1000] = 255 - data[1000]   # a byte is a number from 0 to 255: now another one
(folder / "damaged.skops").write_bytes(data)
try:
    production.load(folder / "damaged.skops", sha256=digest)
except production.ModelError as error:
    print(error)

# %% [markdown]
# The damaged file is refused, before anything in it is used. Pickles are refused too (deeper notebook).
#
# `save` also writes the digest beside the file. Keep it in a second place, too: whoever can change the model could change a digest in the same folder.
#
# **What you can tell your boss:** opening our model's file runs no command from it; with the digest kept elsewhere, we notice a change.

# %% [markdown]
# ## The card
#
# A **model card** says what the file is: what the model is for and *not* for, its data, its scores, its owner, and its last day (half a year from now). The card is kept in the file, and as text in `model.skops.md`.

# %%
card = loaded.card
pd.Series({
    "predicts": card.name,
    "not for": card.not_for.split(":")[0],   # the part before the colon
    "owner": card.owner,
    "trained at": " and ".join(card.cutoffs),
    "last day": card.retire_on,
}).to_frame("card")

# %%
# card.scores: three numbers for each name
scores = pd.DataFrame(card.scores, index=["estimate", "low", "high"]).T
scores.loc[["AUC", "AUC minus that of the number of orders"]].round(2)

# %% [markdown]
# These are the scores of the first fit on the test window, with 95 % intervals. The simplest list is sorted by the number of orders. The model's AUC is higher than the AUC of this list by 0.20<!-- minus that of the number of orders, estimate -->.
#
# The card also says how good the model is for groups of customers (deeper notebook).
#
# **What you can tell your boss:** the model is documented: what it may be used for, how good it was and for whom, and its last day.

# %% [markdown]
# ## Every night
#
# A program that works through all customers by itself is called a **batch**. It needs no notebook, only this line in a terminal:
#
# `uv run python -m helpers.production score --model model.skops --shop my_folder --out scores.parquet`
#
# `my_folder` holds the shop's tables as files, `purchases.csv` and others. A scheduler starts the line every night: cron on Linux and macOS, the Task Scheduler on Windows. The next cell calls the same function from Python.

# %%
production.batch(loaded, store, folder / "scores.parquet", as_of=today)
tonight = pd.read_parquet(folder / "scores.parquet")
shown = ["customer_id", "propensity", "segment", "next_category"]
tonight[shown].head(2).round(2)

# %% [markdown]
# One row for each customer. Customers without an order have no segment.
#
# The file is written **whole or not at all**: first under another name. Only when it is complete is it renamed, and replaces last night's file. If the computer stops in between, last night's file is still there. If the model is past its last day, or a column is missing, the batch writes nothing and says what is wrong.

# %% [markdown]
# The file also has a `reason` for each customer. Here is that of the highest probability:

# %%
first = tonight.nlargest(1, "propensity")
print(first["reason"].iloc[0])

# %% [markdown]
# All three raise the probability. Logistic regression adds up weight × value; the three largest parts of this sum are the reason.
#
# A reason explains the *model*. Somebody who leaves many carts comes often, and therefore also orders more often. It does not follow that leaving carts makes people buy.
#
# **What you can tell your boss:** every morning there is a new list of all customers, each with a probability and a reason.

# %% [markdown]
# ## On your own data
#
# Now for your shop. Put a file of orders (customer, date, amount) into the folder of this notebook, and write `own = shop.read("my_orders.csv")`. Here we take the orders of the simulated shop, without its visits: then all features are made from orders. "Today" is the end of your last order's day.
#
# The **horizon** is how far ahead you predict, here 91 days. Your orders must cover more than two horizons: one to train on, one to test on. In each, fifty customers must order, and fifty must not. If something is missing, a message says what.

# %%
import pandas as pd   # this section runs on its own

from helpers import production, quote, shop

own = shop.read(shop.load().purchases)   # yours: shop.read("my_orders.csv")
horizon = "91D"   # within how many days you want to know about an order
my_model = production.train(own, horizon=horizon, owner="me")

# %%
my_scores = pd.DataFrame(my_model.card.scores, index=["estimate", "low", "high"]).T
my_scores.loc[["AUC", "AUC minus that of the number of orders"]].round(2)

# %% [markdown]
# Read the second line first. If its interval is above zero, the model ranks better than the number of orders. If not, that is not proven: for now, sort by the number of orders.
#
# Now tonight's list. `rank` 1 is the customer with the highest probability.

# %%
my_night = production.score(my_model, own)   # as batch, but gives the table
my_list = my_night[["customer_id", "propensity", "segment"]]
my_list = my_list.sort_values("propensity", ascending=False)
my_list["rank"] = range(1, len(my_list) + 1)
my_list.head(2).round(3)

# %% [markdown]
# The next cell writes this list, but only if you give it a path. It never replaces a file (the nightly batch does): put the date into the name.

# %%
quote.save_list(my_list, path=None)   # yours: path="scores_2026-01-01.csv"

# %% [markdown]
# To do this every night: save the model once, with `production.save(my_model, "my_model.skops")`. Put your orders into `my_folder`, and let the scheduler start the line of *Every night*.
#
# **What you can tell your boss:** here is tonight's list for our own shop, and how much better it is than sorting by orders.

# %% [markdown]
# ## One at a time
#
# A new customer cannot wait for the night. What do we show to somebody who has just signed up? [Chapter 04](04_cold_start.ipynb) answers this: begin with a prior, and let each visit change it. `production.train_online` trains such a model for clicks; its prior comes from similar customers. Our example: Clara has just signed up, and says in the form that she likes toys.

# %%
online = production.train_online(store, today)
# how likely each category is the favorite of one who says toys
tastes = online.shares({"favorite_category": "toys"})

# %% [markdown]
# The **click rate** of a category says how often it is clicked when it is shown. For each category `online.beta` gives two numbers: `a` counts clicks, `b` counts views without a click. So the expected click rate is a / (a + b). Before her first view, `a` and `b` come from similar customers.

# %%
views = pd.DataFrame(0, index=online.categories, columns=["shown", "clicked"])
a, b = online.beta(tastes, views["clicked"], views["shown"])
rates = pd.DataFrame({"says toys": a / (a + b)})

# %%
views.loc["beauty"] = [4, 3]   # shown four times, clicked three times
a, b = online.beta(tastes, views["clicked"], views["shown"])
rates["then clicks beauty"] = a / (a + b)
rates.round(2)

# %% [markdown]
# She said toys, so toys come first. After three clicks, beauty is first.
#
# `uv run --extra serve python -m helpers.service` starts this model as a **service**: a program that waits for questions. Your web shop asks it what to show, and reports each click. Sometimes it shows another category on purpose, to learn about it. It records with which probability it made each choice. From this one can later estimate what another rule would have brought.
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
#
# In all steps, one customer in twenty is not treated by any model. This group is the **hold-out**. Compared with it, we see what all models together bring.

# %% [markdown]
# We try it with a voucher of last spring, because the simulator knows what it did to each customer. Here the champion is a simple rule: the more orders so far, the likelier the next one. The challenger is our pipeline with all columns. Both are trained on the winter, and predict on 2 April.

# %%
X_winter = features.build(store, "2025-01-01")
y_winter = targets.future(store, "2025-01-01", "91D")["bought"]
# OneColumn: a probability from this column alone
champion = models.OneColumn("frequency").fit(X_winter, y_winter)
challenger = models.model("logistic regression").fit(X_winter, y_winter)
X_april, y_april = X_train, y_train   # here not to train on: to predict
spring = pd.DataFrame(index=X_april.index)
spring["champion"] = champion.predict_proba(X_april)[:, 1]
spring["challenger"] = challenger.predict_proba(X_april)[:, 1]

# %% [markdown]
# An order brings 20, a contact costs 1. If every order came from the contact, it would pay where p is above 1 / 20. Each model would contact the customers for whom *its own* p is above that. In the shadow only the champion contacts anybody. In July we know who ordered. What would each have earned, at 20 for each who ordered, minus 1 for each contact?

# %%
verdict = production.shadow(
    spring["champion"], spring["challenger"], y_april, gain=20, cost=1
)
print(verdict)

# %% [markdown]
# The verdict is *go on*. Per 1,000 customers, the challenger is ahead by about 440. But the shadow counts 20 for *every* order of a contacted customer. Would some have ordered without the contact?
#
# Only an experiment can tell. `production.groups` puts half of the customers under each model, and a few into the hold-out. Each customer is contacted, or not, as the model of their group says. A contact is a voucher: it takes 10 % off every order in eight weeks, also off orders that would have come anyway. `simulator.voucher_profit` draws who orders, with the true probabilities, and gives the profit of each customer.

# %%
from helpers import simulator

spring = spring[spring.index.isin(simulator.reachable())]   # who could get it
# customers, campaign, step, year (the hold-out is the same all year)
group = production.groups(spring.index, "spring", "A/B", 2025)
contacted = pd.Series(False, index=group.index)   # the hold-out gets nothing
for name in ["champion", "challenger"]:
    mine = group == name
    contacted[mine] = spring.loc[mine, name] > 1 / 20

# %%
guess(
    "07.c",
    "The shadow says: 440 more per 1,000 customers. What will the A/B test say?",
    ["about as much", "about half", "no difference beyond chance"],
)

# %% tags=["reveal"]
profit = simulator.voucher_profit(contacted, rng=np.random.default_rng(0))
print(production.ab(profit, group))

# %% [markdown]
# The interval includes zero; 440 lies outside it. So the champion stays. Where did the 440 go?
#
# The simulator knows what each model truly brings, compared with contacting nobody. (Without `rng`, `voucher_profit` draws nothing, and gives the expected profit.)

# %%
nobody = simulator.voucher_profit(pd.Series(False, index=spring.index))
brings = {}
for name in ["champion", "challenger"]:
    by_model = simulator.voucher_profit(spring[name] > 1 / 20)
    brings[name] = 1000 * (by_model - nobody).mean()
pd.Series(brings, name="true gain per 1,000").round(-1)

# %% [markdown]
# Both *lose* money: send neither. They give a discount to customers who would have ordered anyway; the shadow counted these orders as a success.
#
# (Could the hold-out have told us? Only after a year, over all campaigns: deeper notebook, exercise 07.3.)
#
# **What you can tell your boss:** a test on the past says how well a model predicts. What it *brings*, only an experiment says.

# %% [markdown]
# ## Watching: the promise first
#
# Back to our model of 1 October. Three months later its window is over. It had made a promise: of 100 customers with a probability of 0.20, about 20 order. Was it kept?
#
# Imagine that all probabilities are true. Then we can draw who orders, again and again: each customer orders with their own probability. What share of customers could have ordered?

# %%
p = tonight["propensity"].to_numpy()
rng = np.random.default_rng(0)
drawn = []
for _ in range(500):
    could_order = rng.random(len(p)) < p   # true with probability p
    drawn.append(could_order.mean())
low, high = np.quantile(drawn, [0.025, 0.975])
print(f"promised: {np.mean(drawn):.3f} [{low:.3f}, {high:.3f}]")

# %% [markdown]
# If the promise is true, the share of customers who order is nearly always between these two ends. `production.health` does the same for four figures at once, and compares them with what happened:

# %%
bought = targets.future(store, today, "91D")["bought"]
ordered = bought[tonight["customer_id"]].to_numpy()   # in the order of the list
look = production.health(ordered, p, gain=20, cost=1)
look.shown()

# %% [markdown]
# *Profit* counts the orders of everybody with a probability above 1 / 20, as the shadow did: it does not say what contacts bring. *Calibration error* is the distance between promised and observed shares, in ten groups of customers. By luck it is a little above 0 even if the promise is true. The column `p` is a p-value: if the promise is true, how often does luck alone bring a figure so far away? (It allows for testing four figures.) There is an **alarm** if one of them is at most 0.05.
#
# More customers ordered than promised; the profit is above its range too.

# %% [markdown]
# The likely reason (not tested): the window holds Black Friday and Christmas, and the model was trained on spring and summer. AUC is inside its range: the *ranking* is as good as promised.

# %% [markdown]
# Now something worse. From 1 October on, a random third of those who would order goes to a competitor. The columns on the night of 1 October are the same as before.

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
# So watch **orders and profit first**. The price is that you have to wait: a window can be judged only after it has ended.
#
# (The ranges assume that customers order independently. A heat wave moves all of them at once; then some alarms are false: deeper notebook.)
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
# Take the nights whose window is over. By how much was too much promised? Mean propensity minus the share who ordered within the window.

# %%
waiting, window, now = chapter_07.waiting(), chapter_07.WINDOW, chapter_07.NOW
waiting.head(1)

# %%
answer = ...
check("07.4", answer)

# %% [markdown]
# ## Watching: the inputs
#
# Orders come late. The columns that go into the model, its **inputs**, come every night. Have they changed since training? Such a change is called **drift**.
#
# The usual measure is the **population stability index**, PSI. Cut a column into ten groups, so that each held a tenth of the customers in training. What share does each group hold now? For each group take (share now − share then) × log(share now / share then). The PSI is the sum: 0 if nothing has changed.
#
# A well-known rule says: above 0.1 look, above 0.25 act. But it does not ask how many customers you have.

# %% [markdown]
# The picture shows weeks in which nothing has changed (gray), and weeks in which the column has shifted (blue). The solid line is a threshold of 0.1, which you can move. Everything to its right is an alarm. Press *few customers*, then *many customers*. What share of the gray weeks gives an alarm?

# %%
from helpers import widgets

widgets.drift_explorer()

# %% [markdown]
# With 200 customers, about a third of the weeks without drift are above 0.1. With many thousands none is, and even real drift stays below. One fixed number cannot fit all sizes.
#
# `production.drift` needs no fixed number. It compares a night of training with tonight. It puts the customers of both into one pot, splits them at random into two groups, and computes the PSI between these; many times. What comes out is chance alone. There is an alarm if the real PSI of some column is larger than nearly all of these.

# %%
learned = production.inputs(loaded, store, "2025-07-02")   # a night of training
current = production.inputs(loaded, store, today)   # both as the model sees them
changed = production.drift(learned, current)
changed.table.head(3).round(3)

# %% [markdown]
# `by_chance` is the PSI to expect without drift. These three are far above it. The accounts are three months older, of course (`tenure`, `account_age`). That is no fault; at `activity_trend` one would look. With thousands of customers the alarm sees small changes too, and it cannot say which of them matter.
#
# Another change is more dangerous: at night a column is computed in another way than in training. This is called **training/serving skew**. You find it without statistics: compute the column again for the same night, and compare.

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
# Many teams train again on a fixed day, because a fresh model must be better. Is it? We have the same pipeline at two ages. `challenger` was trained at 1 January, `fresh` at 2 July. Both predict on 1 October. As at the beginning, we look at the paired difference in AUC.

# %%
X_july, y_july = X_test, y_test   # 2 July: its window is over
fresh = models.model("logistic regression").fit(X_july, y_july)
X_now = features.build(store, today).loc[tonight["customer_id"]]   # as in `ordered`
p_fresh = fresh.predict_proba(X_now)[:, 1]
p_old = challenger.predict_proba(X_now)[:, 1]
gain = evaluation.difference(roc_auc_score, ordered, p_fresh, p_old)
print("AUC, fresh minus old:", gain.text(4, signed=True))

# %% [markdown]
# The interval includes zero: in *ranking* the two cannot be distinguished, so by our rule the old one stays. (AUC does not see whether its probabilities are as good.)
#
# `production.retrain` asks for more than an alarm: *two* windows in a row with an alarm, and both times a loss that is larger than the cost of training (here 2,000).

# %%
quarters = {"Christmas, twice": [look, look], "a third lost, twice": [bad, bad]}
again = {}
for name, looks in quarters.items():
    # losses are per 1,000 customers: `customers` makes sums of them
    again[name] = production.retrain(looks, 2000, customers=len(tonight))
pd.Series(again, name="train again")

# %% [markdown]
# Christmas is an alarm, but no loss. After *True*, train a challenger. It need not pay: lost orders do not come back.
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
# A model that recommends learns from clicks, and gets clicks only on what it shows. So it may never notice that customers now want something else. Many say: therefore it must **explore**, that is, sometimes show what it does not believe in.
#
# We play twelve weeks in four simulated shops. From week 5 on toys are in fashion. Three rules choose what is shown:
#
# - **greedy**: always the category with the highest expected click rate,
# - **Thompson**: draws a value from the plausible click rates of each category, and shows the highest; so little-known categories get a chance,
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
# Frozen is behind from the second week on, falls with the fashion, and stays down. The other two are trained every week, and recover. Four shops are few: claim c32, below, has sixty.
#
# **What you can tell your boss:** learning from our own clicks every week matters most. Exploring costs clicks while tastes stay; whether it pays after a change is open.

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey holds a year of grocery purchases by 2,469 households. We train on 15 October, predict who orders within two weeks, and compare. Then the *same* model predicts once more, around Thanksgiving. We assume that an order brings 2 and a coupon costs 1.

# %%
journey = shop.load("complete_journey")
households = production.train(journey, "2017-10-15", horizon="14D", owner="me")
real = {}
for night in ["2017-10-15", "2017-11-12"]:
    scored = production.score(households, journey, night)
    bought = targets.future(journey, night, "14D")["bought"]
    came = bought[scored["customer_id"]]   # in the order of the list
    found = production.health(came, scored["propensity"], gain=2, cost=1)
    real[night] = {"alarm": found.alarm, "profit missing, per 1,000": found.missing()}

# %%
pd.DataFrame(real).T

# %% [markdown]
# Both windows end with an alarm. `missing` is the promised profit minus what came. After the first night its whole interval is above zero: less came than promised. After the second night it includes zero; another figure raised the alarm. One loss is no reason to train again.
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
# The first one holds. The second stays *open*: in the last four weeks, showing a random category now and then cannot be distinguished from greedy. Where tastes stayed, it cost clicks.
#
# **What you can tell your boss:** do not copy a threshold from a blog. Compute it for your number of customers.

# %% [markdown]
# ## Summary
#
# 1. **A better version, a file, every night.** A new version replaces the old one only if the paired interval is above zero. Never open a stranger's pickle. A nightly file is written whole or not at all.
# 2. **Steps.** Shadow, canary, A/B test, and a hold-out.
# 3. **Watch and train.** Orders and profit first, inputs second. Find the cause, and train a challenger, after two losses larger than its cost.
#
# The deeper notebook has exercises 07.2 and 07.3, and the sources.
