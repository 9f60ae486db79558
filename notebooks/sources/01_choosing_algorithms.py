# %% [markdown]
# # 01 · Choosing algorithms
#
# **The question.** In the next half-year we can give one customer in ten personal attention. Which ones? Do we need a complex model to find them, or is a simple one enough?
#
# After this notebook you can
#
# 1. turn a business question into something that a model can predict,
# 2. compare algorithms in a way that convinces a skeptic,
# 3. choose one, and make a list of customers from your own orders.
#
# About 74 minutes with the exercises. The words come from the [primer](primer.ipynb). Proofs and further questions are in the [deeper notebook](deeper/01_choosing_algorithms.ipynb).

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import plots, shop
from helpers.course.exercises import check, hint, solution
from helpers.course.guesses import guess

plots.use_style()
store = shop.load()   # the simulated shop: two years of orders and visits

# %% [markdown]
# ## First the decision
#
# Start from the decision. It tells you which kind of algorithm you need.
#
# | what you want to decide | what you need | where |
# |---|---|---|
# | what we say to *kinds* of customers | **segments** | [chapter 05](05_customer_segments.ipynb) |
# | which customers get our attention | a **prediction** for each customer | here |
# | what we show first | a **ranking** of products | the deeper notebook |
# | who buys only because of a voucher | the **effect** on each customer | [chapter 06](06_experiments.ipynb) |

# %% [markdown]
# Ours is the second row. To choose one customer and not another, we need a number for each. Then we sort by it.
#
# **What you can tell your boss:** first say what will be decided, and about whom. Then choose the algorithm.

# %% [markdown]
# ## What exactly do we predict?
#
# "The best customers" is too vague for a model. We have to fix three things:
#
# - **From which day?** We choose a day, the **cut-off**, and act as if it were today.
# - **Who?** Every *active* customer: a visit or an order in the year before the cut-off.
# - **What?** In the 26 weeks *after* the cut-off, will this customer be in the top tenth of active customers by spend?
#
# The answer to the last question, true or false, is our **label**, `high_value`.

# %%
from helpers.targets import tasks   # builds the table of features and labels

table = tasks.table(store)   # one row per cut-off and customer

# %%
shown = ["visit_rate", "frequency", "monetary", "high_value"]
table[shown].sample(5, random_state=3).round(1)

# %% [markdown]
# There are three cut-offs, so a customer can have three rows. The first three columns are **features**, known at the cut-off:
#
# - `visit_rate`: visits per month
# - `frequency`: number of orders so far
# - `monetary`: money spent so far
#
# The last column is the label.

# %% [markdown]
# ## Look at the label first
#
# Who gets this label? We look at the two earlier cut-offs only. The third is kept for the test.
#
# `future_bought` says whether a customer orders at all in the 26 weeks.

# %%
train = table.loc[["2024-10-01", "2024-12-31"]]
train[["future_bought", "high_value"]].mean().round(2)   # shares of true

# %% [markdown]
# Only 13 %<!-- future bought --> of the active customers order at all. The top tenth, 10 %<!-- high value -->, must be among these. So of four customers who order, about three are high value.

# %% [markdown]
# Are tomorrow's best customers the same as today's? `already_high_value` says who is in the top tenth *today*, by spend in the past year.

# %%
high = train[train["high_value"]]   # tomorrow's best
pd.Series({
    "of all active": train["already_high_value"].mean(),
    "of tomorrow's best": high["already_high_value"].mean(),
}).round(2).to_frame("in the top tenth today")

# %% [markdown]
# Only a quarter of tomorrow's best customers are in the top tenth today. A list of today's best would miss the others.
#
# **What you can tell your boss:** in this shop, finding tomorrow's best customers mostly means finding those who will order at all. Most of tomorrow's best are not among today's best.

# %% [markdown]
# ## Train on the past, test on the future
#
# The cut-offs are 1 October 2024, 31 December 2024 and 1 July 2025. We train on the first two and test on the third. It is the same at work: the model always predicts a future it has not seen.

# %%
test = table.loc[["2025-07-01"]]
features = tasks.features_of(table)   # all columns known at the cut-off
X_train, y_train = train[features], train["high_value"]
X_test, y_test = test[features], test["high_value"]

# %%
pd.DataFrame({
    "rows": [len(train), len(test)],
    "high value": [y_train.sum(), y_test.sum()],
}, index=["train", "test"])

# %% [markdown]
# The same customer can be in both sets. That is fair: at work, too, we predict for customers we know.
#
# **What you can tell your boss:** we tested on a half-year that the model had never seen.

# %% [markdown]
# ## A baseline: one column
#
# The simplest method sorts the customers by one column and takes the first tenth of the list. Every model must beat it.
#
# The **hit rate** is the share of customers on this list who turn out to be high value. A random list has a hit rate of about 0.10.

# %%
def hit_rate(rows, column):
    """The share of high value in the first tenth, sorted by this column."""
    first = rows.nlargest(len(rows) // 10, column)
    return first["high_value"].mean()

# %% [markdown]
# We compare three columns on one cut-off of the training rows. At work, too, we make the list for one day.

# %%
december = train.loc["2024-12-31"]
rates = pd.Series({
    "money spent so far": hit_rate(december, "monetary"),
    "number of orders": hit_rate(december, "frequency"),
    "visits per month": hit_rate(december, "visit_rate"),
})

# %%
guess(
    "01.a", "Which column gives the best list?",
    ["money spent so far", "number of orders", "visits per month"],
)

# %% tags=["reveal"]
bars = plt.barh(rates.index, rates)
plt.bar_label(bars, fmt="%.2f", padding=4)
plt.axvline(0.10, color=plots.BLACK, linestyle=":")
plt.xlim(0, 0.42)
plt.xlabel("hit rate (dotted: a random list)")
plots.show(   # the text is for those who cannot see the picture
    "Three bars of hit rate, all far beyond a random list: visits per month "
    "is the longest, money spent the shortest."
)

# %% [markdown]
# Many guess money. But visits per month give the best list. Most of the work is to find who will order at all, and people look before they buy.
#
# **What you can tell your boss:** one well-chosen column already makes a list with more than three times the hits of a random one.

# %% [markdown]
# Why did we choose the column on *training* rows? The winner of a comparison is often a little lucky on the rows compared. Had we chosen it on the test rows, its test score would be too good.

# %% [markdown]
# ## A first model
#
# A model can use all columns at once. **Logistic regression** multiplies each column by a weight, adds the results, and turns the sum into a probability.
#
# Two steps come first ([primer](primer.ipynb), section 3): fill the gaps, and bring all columns to one scale. A **pipeline** ties the three together.

# %%
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

# %%
model = Pipeline([
    ("fill gaps", SimpleImputer(strategy="median")),
    ("scale", StandardScaler()),
    ("classify", LogisticRegression(max_iter=1000)),   # rounds, at most
])

# %% [markdown]
# We train it, and predict the test customers. `p` is the probability of being high value.

# %%
model.fit(X_train, y_train)
p = model.predict_proba(X_test)[:, 1]   # the second column: true
test = test.assign(p=p)

# %%
hits = pd.Series({
    "random list": 0.10,
    "visits per month": hit_rate(test, "visit_rate"),
    "logistic regression": hit_rate(test, "p"),
})
hits.round(2).to_frame("hit rate")

# %% [markdown]
# The model makes the best list. How many customers is that?

# %%
on_list = len(test) // 10   # names on each list
found = hits * on_list
found.round().astype(int).to_frame(f"high value, of {on_list:,}")

# %% [markdown]
# On the model's list, 668 of the 1,444 customers are high value. On the best column's list, 540 are. The model finds over a hundred more, with the same number of names.

# %% [markdown]
# ## Could that be luck?
#
# Other test customers would give slightly different numbers. The **bootstrap** ([primer](primer.ipynb), section 8) shows how different:
#
# 1. Draw as many rows from the test set as it has, with replacement.
# 2. Compute both hit rates, and keep their difference.
# 3. Repeat 200 times.

# %%
differences = []   # the model stays the same; only the test rows change
for i in range(200):
    drawn = test.sample(len(test), replace=True, random_state=i)
    difference = hit_rate(drawn, "p") - hit_rate(drawn, "visit_rate")
    differences.append(difference)

# %% [markdown]
# Now sort the differences, and cut off a few at each end. What is left lies in the **95 % interval** of the difference.

# %%
interval = pd.Series(differences).quantile([0.025, 0.975])   # its two ends
interval.round(2).to_frame("hit rate, model minus column")

# %% [markdown]
# The same, in high-value customers on the list:

# %%
more = interval * on_list
more.round().astype(int).to_frame("customers, model minus column")

# %% [markdown]
# Zero is not in the interval. So luck in the choice of test customers does not explain the gain. (We tested only one half-year.)
#
# **What you can tell your boss:** the model's list held over a hundred more high-value customers than the best column's. Over all customers of the same kind it is plausibly between 96 and 154 more.

# %% [markdown]
# ## On your own data
#
# That was the first usable result. Get it for your shop. Your file needs a customer, a time and an amount, for example `customer_id`, `date`, `amount`.

# %% [markdown]
# `contacts.compare` repeats the steps above on your orders. Three things differ:
#
# - The label covers one quarter.
# - The column to beat is the one that ranks best on the training rows. (Without visits, all columns are made from orders.)
# - The list has `budget` names, as many as you can contact.

# %%
from helpers import shop   # this section runs by itself
from helpers.targets import contacts

# %%
own = shop.load()   # yours: own = shop.read("my_orders.csv")
contacts.compare(own, budget=500).to_frame()

# %% [markdown]
# The last line decides. If its interval is above zero, use the model. If not, use the column.
#
# (Do not compare these hit rates with those above: this list is shorter, and the period is another.)

# %% [markdown]
# Before you trust it:
#
# - If fewer than one customer in ten orders (second line), everyone who orders is high value.
# - With fewer than fifty high-value customers the cell stops with a message: a good list could be luck. It also stops with less than nine months of orders.
# - If your trade has seasons, one quarter says little about another.

# %% [markdown]
# Now the list for today, from a new model, trained on the latest quarter. To sort by a column instead, write its name: `ranked_by = "visit_rate"`.

# %%
budget = 500   # how many customers to contact
ranked_by = "logistic regression"
file = None   # to write the list: file = "my_contacts.csv"

# %%
listed = contacts.contact_list(own, budget, ranked_by, file)
listed.head(3)

# %% [markdown]
# `score` is the probability of being high value in the next quarter. `contact` is "yes" for the first 500 customers and "no" for all others.
#
# With a name for `file`, the whole list becomes a CSV file. An old file of that name is never overwritten.

# %% [markdown]
# Two questions remain before you contact anyone. Who agreed to be contacted? And who would have bought anyway? [Chapter 06](06_experiments.ipynb) answers the second one.
#
# **What you can tell your boss:** here is the list, and how well a list made the same way did in the last quarter.

# %% [markdown]
# ## When a score is too good
#
# One danger is greater with your own tables than here: a column that contains information from *after* the cut-off. This is called a **leak**.

# %% [markdown]
# A colleague offers four more columns, "all as of 1 January 2025":
#
# - `days_known`: days since the first visit
# - `average_order`: mean amount of an order, 0 without orders
# - `loyalty_points`: a point for every ten spent
# - `visits_of_december`: visits in December 2024

# %%
from helpers.course.exercises import chapter_01

offered = chapter_01.offered(store)   # one row per customer
offered.head(3)

# %% [markdown]
# ### Exercise 01.1 · too good to be true (5 minutes)
#
# One of the four columns knows the future. Which? To find it, look at customers who had not ordered before the cut-off: their `average_order` is 0. Which column should be 0 for all of them, and is not? Answer with its name, in quotes.
#
# `hint("01.1")` helps, `solution("01.1")` shows one right answer.

# %%
culprit = ...
check("01.1", culprit)

# %% [markdown]
# **What you can tell your boss:** when one column looks too good to be true, we first look for a leak.

# %% [markdown]
# ## Five candidates, one test
#
# Is a more complex algorithm better? We compare five candidates on the same rows and columns. Two you know from the primer:
#
# - **logistic regression**,
# - a **random forest**: the average of many trees, each trained on a different sample of the rows.

# %% [markdown]
# Three are new:
#
# - **XGBoost**: many small trees, one after the other. Each corrects errors that the earlier ones left.
# - A **neural network** computes many weighted sums of the columns. It bends each one (below zero it becomes 0), and combines the results in a last sum.
# - The **average** of the probabilities of logistic regression, forest and XGBoost.

# %% [markdown]
# `models.model(name)` gives a pipeline with settings that suit a shop. (Its logistic regression has two more steps than ours. The deeper notebook builds it by hand.)

# %%
from helpers import models

list(models.ALGORITHMS)

# %%
candidates = {}
for name in models.ALGORITHMS:
    candidates[name] = models.model(name)

# %% [markdown]
# The forest is slow, so we make it smaller. In its pipeline, the step of the forest is called `classifier`. After two underscores comes a setting of this step.

# %%
forest = candidates["random forest"]
_ = forest.set_params(   # "_ =": show no output
    classifier__n_estimators=50,   # trees
    classifier__max_samples=0.3,   # share of the rows that a tree sees
)

# %% [markdown]
# Every candidate is trained and predicts, in the same way as our first model:

# %%
predictions = {"visits per month": test["visit_rate"]}   # the column to beat
for name, candidate in candidates.items():
    candidate.fit(X_train, y_train)
    predictions[name] = candidate.predict_proba(X_test)[:, 1]

# %%
three = ["logistic regression", "random forest", "xgboost"]
of_three = pd.DataFrame(predictions)[three]   # a row per test customer
average = of_three.mean(axis="columns")
predictions["average of three"] = average

# %% [markdown]
# The score is now **average precision** ([primer](primer.ipynb), section 6). The hit rate asks only who is in the first tenth. Average precision also sees the order of the list, so it notices smaller differences. A random list has 0.10.

# %%
guess(
    "01.b",
    "Average precision: how far is the best above logistic regression?",
    ["about 0.01", "about 0.05", "about 0.10"],
)

# %% tags=["reveal"]
from sklearn.metrics import average_precision_score

scores = pd.Series(dtype=float)
for name, prediction in predictions.items():
    scores[name] = average_precision_score(y_test, prediction)
scores.round(3).to_frame("average precision")

# %% [markdown]
# Many people guess a larger lead. All models beat the single column by far, but they barely differ from each other. XGBoost is best, about one hundredth above logistic regression.

# %% [markdown]
# Could even this lead be luck? `evaluation.scoreboard` does what you did by hand. It draws bootstrap samples, scores all candidates on the same rows, and keeps each one's difference from logistic regression.

# %%
from helpers import evaluation

board = evaluation.scoreboard(
    y_test, predictions, ["average precision"],
    against="logistic regression",
)

# %%
shown = evaluation.text_table(board, digits=3)   # as text, to read
shown[["difference"]]

# %% [markdown]
# XGBoost and the average are ahead of logistic regression: their intervals lie above zero. The neural network and our small forest cannot be distinguished from it.

# %% [markdown]
# Is such a lead worth anything? Translate it into the decision. We make three lists, from the column and from two models:

# %%
lists = {}
for name in ["visits per month", "logistic regression", "xgboost"]:
    ranked = test.assign(p=predictions[name])
    lists[name] = ranked.nlargest(on_list, "p")   # the first tenth

# %% [markdown]
# How many on the list are high value, and what share of all money do they spend? `future_revenue` is a customer's spend in the 26 weeks.

# %%
all_spend = test["future_revenue"].sum()
results = pd.DataFrame()
for name, first in lists.items():
    results.loc[name, "hit rate"] = first["high_value"].mean()
    spend = first["future_revenue"].sum()
    results.loc[name, "share of spend"] = spend / all_spend
results.round(2)

# %% [markdown]
# The customers on the column's list spend 0.51 of all money in the half-year. Those on a model's list spend 0.62, for logistic regression and for XGBoost alike.
#
# (How much *more* they spend because of our attention, only an experiment tells: [chapter 06](06_experiments.ipynb).)

# %% [markdown]
# Is XGBoost ahead in other shops, too? We tried thirty smaller ones. The interval of its mean lead includes zero (deeper notebook).
#
# **What you can tell your boss:** in this shop, a model finds many more of the best customers than one column. Which of the good models we choose hardly matters.

# %% [markdown]
# ## Keep a customer's rows together
#
# Imagine that July has not come yet. How can we compare models with training rows alone?
#
# **Cross-validation** splits these rows into three parts, the **folds**. It trains on two and scores on the third, three times. So every row is scored once.

# %% [markdown]
# But most customers have two training rows, October and December. Their features are nearly the same. Their labels are often the same, because the two periods of 26 weeks overlap by half.
#
# A model that knows the October row by heart gives the December row the same label, and is often right. It has only recognized the customer.

# %% [markdown]
# `KFold` splits by row. `GroupKFold` keeps all rows of a customer in one fold.

# %%
from sklearn.model_selection import GroupKFold, KFold

by_row = KFold(3, shuffle=True, random_state=0)
by_customer = GroupKFold(3, shuffle=True, random_state=0)

# %% [markdown]
# `split` gives three pairs: the positions of the rows to train on, and of those to score. `GroupKFold` also needs `groups`: a number for each row that says whose row it is.

# %%
customer_ids = train.index.get_level_values("customer_id")
groups = pd.factorize(customer_ids)[0]   # the same for the same customer

# %%
row_folds = list(by_row.split(X_train))
customer_folds = list(by_customer.split(X_train, groups=groups))

# %% [markdown]
# We score two models both ways. One is our pipeline. The other is XGBoost with its default settings, whose trees are deep enough to memorize. (XGBoost accepts gaps and needs no scaling.)

# %%
from xgboost import XGBClassifier

deep = XGBClassifier(n_estimators=50, n_jobs=1)   # 50 trees; one core

# %%
from sklearn.model_selection import cross_val_score

def mean_score(candidate, folds):
    """Average precision, the mean over the scored folds."""
    scored = cross_val_score(
        candidate, X_train, y_train, cv=folds, scoring="average_precision"
    )
    return scored.mean()

# %%
ways = pd.DataFrame()
for name, candidate in [("our pipeline", model), ("deep trees", deep)]:
    ways.loc[name, "by row"] = mean_score(candidate, row_folds)
    ways.loc[name, "by customer"] = mean_score(candidate, customer_folds)

# %%
ways["too good by"] = ways["by row"] - ways["by customer"]
ways.round(3)

# %% [markdown]
# Logistic regression cannot memorize individual customers, so the split hardly matters to it. Deep trees can: split by row, their score is 0.024 higher. This gain comes from the customer's other row. For new customers it is gone.

# %% [markdown]
# From here on, every cross-validation keeps customers together. (The July test needs no such rule: its 26 weeks overlap with no training label.)
#
# **What you can tell your boss:** in cross-validation we keep all rows of a customer on one side. Otherwise deep trees look better than they are.

# %% [markdown]
# ### Exercise 01.2 · keep customers together (6 minutes)
#
# You have sixty rows of thirty customers. Make five folds with `GroupKFold`: a list of five pairs (positions of the rows to train on, positions of the rows to score). No customer may be on both sides, and every row is scored once.
#
# `split` only counts the rows, so you can give it `whose_row` as the rows and as the `groups`. `hint("01.2")` helps.

# %%
whose_row = np.tile(np.arange(30), 2)   # rows 0 and 30: the same customer
splits = ...
check("01.2", splits)

# %% [markdown]
# ## Which settings?
#
# An algorithm has settings that training does not choose. Here are two of XGBoost:
#
# - `max_depth`: how many questions a tree may ask, one after the other
# - `learning_rate`: what share of each tree's correction is added

# %% [markdown]
# A **grid search** scores every combination by cross-validation and keeps the best one. Two values for each setting make four combinations:

# %%
settings = {"max_depth": [3, 6], "learning_rate": [0.1, 0.3]}

# %%
from sklearn.model_selection import GridSearchCV

grid = GridSearchCV(
    XGBClassifier(n_estimators=50, n_jobs=1),
    settings,
    scoring="average_precision",
    cv=customer_folds,
)
_ = grid.fit(X_train, y_train)

# %%
guess(
    "01.c",
    "Where do XGBoost's defaults, depth 6 and rate 0.3, rank among the four?",
    ["first", "in the middle", "last"],
)

# %% tags=["reveal"]
tried = pd.DataFrame(grid.cv_results_)   # one row per combination
tried = tried.sort_values("mean_test_score", ascending=False)
shown = ["param_max_depth", "param_learning_rate", "mean_test_score"]
tried[shown].round(3)   # the mean over the scored folds, not July

# %% [markdown]
# Many expect the library's defaults to be good. Here they are last: 0.397, against 0.457 for the best setting.
#
# Why? Who becomes high value is largely chance. Deep trees that take large steps learn the chance in the training rows. In other rows it is different.

# %% [markdown]
# Keeping a model from following every row is called **regularization**. In XGBoost this means few questions (`max_depth`) and small steps (`learning_rate`). The settings of `models.model` are regularized, too.

# %% [markdown]
# The best of four won partly by luck, so its score is slightly too good. What does July say? There we compare three versions of XGBoost.

# %%
deep.fit(X_train, y_train)   # cross-validation trained only copies
july = {
    "default depth and rate": deep.predict_proba(X_test)[:, 1],
    "best of the grid": grid.predict_proba(X_test)[:, 1],
    "models.model": predictions["xgboost"],
}

# %%
board = evaluation.scoreboard(
    y_test, july, ["average precision"],
    against="models.model", draws=100,
)

# %%
shown = evaluation.text_table(board, digits=3)
shown[["difference"]]

# %% [markdown]
# July agrees with the folds: the default depth and rate are worst. The settings of `models.model`, made without any search, cannot be distinguished from the best of the grid.

# %% [markdown]
# So take regularized settings first. Search only if you have time left. (In thirty small shops, a larger grid helped about as much as changing the algorithm: deeper notebook.)
#
# **What you can tell your boss:** bad settings can cost more than the wrong algorithm.

# %% [markdown]
# ## Explore
#
# Choose a task, an algorithm and how complex it may be: 1 is simple, 5 is complex. Then press *too complex*: how far does gray lie above blue?

# %%
from helpers import widgets

widgets.algorithm_explorer(train, test)

# %% [markdown]
# **First chart.** Gray is the score on the rows trained on. Blue is the score on later customers, orange that of the best column alone. The farther gray lies above blue at the last point, the more the model overfits. (Blue can also lie a little above gray.)

# %% [markdown]
# **Second chart.** Each point is a group of customers with similar `p`. On the dotted diagonal, the probabilities are calibrated ([primer](primer.ipynb), section 4).

# %% [markdown]
# ## Which algorithm when?
#
# | you have | take | because |
# |---|---|---|
# | a habit that repeats, such as groceries | the best single column | no model is certainly better (below) |
# | a few hundred customers | logistic regression | ahead of XGBoost (deeper) |
# | about a hundred customers whose label is true | logistic regression, to begin with | probably safer; not proven |
# | about a third of our rows | logistic regression | simpler, and XGBoost is not certainly better |
# | as many rows as here, or more | XGBoost, regularized | slightly ahead here |

# %% [markdown]
# Training takes time, too. XGBoost takes about three times as long as logistic regression, a forest of a hundred trees about thirty times. (On far more rows a forest ranks as well as XGBoost, but is slow.)

# %% [markdown]
# If you have no time to compare, take the average of three models. It was slightly ahead of logistic regression, here and in thirty shops.
#
# Tools that search for a model by themselves (FLAML, AutoGluon) made no better lists than the average, on six tasks (deeper notebook).

# %% [markdown]
# **What you can tell your boss:** start with the simplest model that beats the best column. Replace it when a new model's lead has an interval above zero and is worth the work.

# %% [markdown]
# ### Exercise 01.3 · to think about (4 minutes)
#
# A young shop has 600 customers, 55 of them high value. It wants a list of 60 to phone every month. Which do you propose?
#
# - (a) a neural network, because data will grow
# - (b) XGBoost after a search over 500 settings
# - (c) logistic regression beside the best single column, and the column if the interval of the difference includes zero
# - (d) five segments, and phone the best one
#
# Answer with a letter in quotes: `"a"`.

# %%
choice = ...
check("01.3", choice)

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey holds a year of grocery purchases by 2,469 households. We train on the cut-offs of April and July 2017, and test on October. High value means: top tenth by spend in the 90 days after the cut-off.

# %%
journey = shop.load("complete_journey")
households = tasks.table(
    journey,
    tasks.JOURNEY_CUTOFFS,   # 1 April, 1 July and 2 October 2017
    horizon="90D",   # the label looks at 90 days after the cut-off
    past="90D",   # "top tenth today" looks at the 90 days before it
)

# %%
train_real = households.loc[["2017-04-01", "2017-07-01"]]
test_real = households.loc[["2017-10-02"]]
test_real["high_value"].value_counts()

# %% [markdown]
# The column to beat is `spend_90`, spend of the last 90 days. Of all columns it ranks best on the training rows.
#
# The four algorithms are trained and predict as before:

# %%
columns = tasks.features_of(households)
p_real = {"spend_90": test_real["spend_90"]}
for name in models.ALGORITHMS:
    candidate = models.model(name)
    candidate.fit(train_real[columns], train_real["high_value"])
    p_real[name] = candidate.predict_proba(test_real[columns])[:, 1]

# %%
board = evaluation.scoreboard(
    test_real["high_value"], p_real, ["average precision"],
    against="spend_90",
)

# %%
guess(
    "01.d",
    "Average precision: how far is the best model above `spend_90`?",
    ["nothing for certain", "about 0.05", "about 0.10"],
)

# %% tags=["reveal"]
evaluation.text_table(board)

# %% [markdown]
# Nothing for certain: every interval of the difference includes zero. Why? Look at the households that became high value. Were they in the top tenth before?

# %%
best = test_real[test_real["high_value"]]
best["already_high_value"].value_counts()

# %% [markdown]
# Most of them were. People buy groceries regularly, so sorting by one column finds them.

# %% [markdown]
# Who will be *newly* high value is a harder question. There a simple model may help (deeper notebook, *Newly high value among households*).
#
# **What you can tell your boss:** for groceries, no model is certainly better than one column. We test each method in our own shop.

# %% [markdown]
# ## What people say, what we measured
#
# Here are two things that many people say. We tested them in many simulated shops, and on households where possible. (c12 and c27 are their numbers in this course.)

# %%
from IPython.display import Markdown

from helpers.course import studies

Markdown(studies.short_table({
    "c12": "the best score of a search is too good",
    "c27": "spend of the last 90 days is hard to beat as a ranking",
}))

# %% [markdown]
# **c12**: here the labels were pure chance, so no model can be good. Yet the best of sixty settings looked better than chance.

# %% [markdown]
# **c27**: in the simulated shop, models rank much better than this column. For groceries, as above, no gain is certain.
#
# **What you can tell your boss:** common advice is often true in one shop and not in another. We test it in ours.

# %% [markdown]
# ## Summary
#
# 1. **From the question to a label.** Fix the day, the customers and the label. Then look at the label: here it mostly says who will order at all.
# 2. **A comparison that convinces.** Take a single column as baseline. Test in the future, and keep all rows of a customer in one fold. Look at paired differences with an interval.
# 3. **Choose, and make the list.** Start simple, regularize, and decide by hits and money.
#
# Next: [02 · Feature engineering](02_feature_engineering.ipynb).

# %% [markdown]
# **Sources.** Breiman 2001 (forests); Chen & Guestrin 2016 (XGBoost); Grinsztajn, Oyallon & Varoquaux 2022 (trees and networks); Rubachev et al. 2024 (time-based splits change rankings); Wübben & von Wangenheim 2008 (simple rules in customer bases).
