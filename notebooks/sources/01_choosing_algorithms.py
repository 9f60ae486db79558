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

from helpers import evaluation, models, plots, shop, widgets
from helpers.course.exercises import chapter_01, check, hint, solution
from helpers.course.guesses import guess
from helpers.targets import contacts, tasks   # a list to contact; features and labels

plots.use_style()
store = shop.load()   # the simulated shop: two years of orders and visits
own = store   # for "On your own data"; later: own = shop.read("my_orders.csv")

# %% [markdown]
# ## First the decision
#
# Start from the decision: it tells you which kind of algorithm you need.
#
# | what you want to decide | what you need | where |
# |---|---|---|
# | what we say to *kinds* of customers | **segments** | [chapter 05](05_customer_segments.ipynb) |
# | which customers get our attention | a **prediction**, one number for each customer | here |
# | what we show first | a **ranking** of products for each customer | the deeper notebook |
# | who buys only because of a voucher | the **effect** on each customer | [chapter 06](06_experiments.ipynb) |
#
# Our question is the second one. To choose one customer and not another, we need a number for each, and rank by it.
#
# **What you can tell your boss:** first say what will be decided, and about whom. Then the algorithm.

# %% [markdown]
# ## What exactly do we predict?
#
# "The best customers" is too vague for a model. We have to fix three things:
#
# - **From which day?** We choose a day, the **cut-off**, and act as if it were today. We use three such days. A customer who is active at all three gets three rows.
# - **Who?** Every *active* customer: somebody with a visit or an order in the year before the cut-off.
# - **What?** Will this customer be among the top tenth of active customers by spend in the 26 weeks *after* the cut-off? This true-or-false **label** is named `high_value`.

# %%
table = tasks.table(store)   # one row per cut-off and customer
shown = ["visit_rate", "frequency", "monetary", "high_value"]
table[shown].sample(5, random_state=3).round(1)

# %% [markdown]
# Five rows. Three **features**, known at the cut-off: `visit_rate` is visits per month, `frequency` the number of orders so far, `monetary` the money spent so far. The last column is the label.
#
# ## Look at the label first
#
# Before modeling, ask who gets the label. `future_bought` says whether a customer orders at all in the 26 weeks. `already_high_value` says who is in the top tenth *today*, by spend in the past year.

# %%
shown = ["future_bought", "high_value", "already_high_value"]
known = table.loc[["2024-10-01", "2024-12-31"]]   # the last day is for the test
high = known[known["high_value"]]
pd.DataFrame({
    "of all active": known[shown].mean(),
    "of the high-value": high[shown].mean(),
}).round(2)

# %% [markdown]
# Read the first column: 13 %<!-- future bought, all active --> of the active customers order in the 26 weeks, and 10 %<!-- high value, all active --> are high value. All of these order (second column). So three in four of those who order are high value.
#
# Read the last line: only 25 %<!-- already, of the high-value --> of the high-value customers are in the top tenth today. The others are new there. A list of today's best customers would miss them.
#
# **What you can tell your boss:** in this shop, finding tomorrow's best customers mostly means finding those who will order at all. Most of tomorrow's best are not among today's best.

# %% [markdown]
# ## Train on the past, test on the future
#
# The three cut-offs are 1 October 2024, 31 December 2024 and 1 July 2025. We train on the first two and test on the third. It is the same at work: the model always predicts a future it has not seen.

# %%
train = table.loc[["2024-10-01", "2024-12-31"]]
test = table.loc[["2025-07-01"]]
features = tasks.features_of(table)   # the names of all columns known at the cut-off
X_train, y_train = train[features], train["high_value"]
X_test, y_test = test[features], test["high_value"]
pd.DataFrame({
    "rows": [len(train), len(test)],
    "high value": [y_train.sum(), y_test.sum()],
}, index=["train", "test"])

# %% [markdown]
# The test set has 1,445 high-value customers out of 14,448.
#
# The same customer can be in both sets. That is fair: at work, too, we predict for customers we know.
#
# **What you can tell your boss:** we tested on a half-year that the model had never seen.

# %% [markdown]
# ## A baseline: one column
#
# The simplest method ranks customers by one column and takes the first tenth of the list. Every model must beat it.
#
# The **hit rate** is the share of customers on this list who turn out to be high value. A random list has a hit rate of about 0.10.

# %%
def hit_rate(rows, column):
    """The share of high-value customers in the first tenth, ranked by this column."""
    first = rows.nlargest(len(rows) // 10, column)
    return first["high_value"].mean()

# %%
guess(
    "01.a",
    "Which column gives the best list?",
    ["money spent so far", "number of orders", "visits per month"],
)

# %% tags=["reveal"]
december = train.loc["2024-12-31"]   # at work, too, we rank the customers of one day
rates = [hit_rate(december, name) for name in ["monetary", "frequency", "visit_rate"]]
names = ["money spent so far", "number of orders", "visits per month"]
plt.figure(figsize=(7, 2.2))
bars = plt.barh(names, rates)
plt.bar_label(bars, fmt="%.2f", padding=4)
plt.xlim(0, 0.42)
plt.axvline(0.10, color=plots.BLACK, linestyle=":")
plt.xlabel("hit rate (dotted: a random list)")
plots.show(
    "Three bars of hit rate: visits per month is the longest, money spent the shortest. "
    "All three are far beyond the dotted line of a random list."
)

# %% [markdown]
# Many guess money. But visits per month give the best list: most of the work is to find who will order at all, and people look before they buy.
#
# We compared the columns on *training* rows. Had we chosen the winner on test rows, luck in those rows could have helped it win. Its test score would then be too good.
#
# **What you can tell your boss:** one well-chosen column already makes a list with more than three times the hits of a random one.

# %% [markdown]
# ## A first model
#
# The list can use all columns at once. **Logistic regression** multiplies each column by a weight, adds the results, and turns the sum into a probability. It needs two steps before it ([primer](primer.ipynb), section 3): fill the gaps, and bring all columns to one scale. A **pipeline** ties the three together.

# %%
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

model = Pipeline([
    ("fill gaps", SimpleImputer(strategy="median")),
    ("scale", StandardScaler()),
    ("classify", LogisticRegression(max_iter=1000)),   # at most 1,000 rounds
])
model.fit(X_train, y_train)
list(model.named_steps)

# %% [markdown]
# Now we rank the test customers by the probability, and compare three lists:

# %%
test = test.assign(p=model.predict_proba(X_test)[:, 1])
hits = pd.Series({
    "random list": 0.10,
    "visits per month": hit_rate(test, "visit_rate"),
    "logistic regression": hit_rate(test, "p"),
})
on_list = len(test) // 10
found = (hits * on_list).round().astype(int)
pd.DataFrame({"hit rate": hits.round(2), f"high value, of {on_list:,}": found})

# %% [markdown]
# On the model's list, 668 of the 1,444 customers are high value. On the list of the best single column, 540 are. The model finds over a hundred more with the same number of names.
#
# ## Could that be luck?
#
# Other test customers would give slightly different numbers. The **bootstrap** ([primer](primer.ipynb), section 8) shows how different: draw 14,448 rows from the test set, with replacement. Compute both hit rates and keep their difference. Repeat 200 times.

# %%
differences = []   # the model stays the same; only the test rows change
for i in range(200):
    drawn = test.sample(len(test), replace=True, random_state=i)
    differences.append(hit_rate(drawn, "p") - hit_rate(drawn, "visit_rate"))
low, high = np.quantile(differences, [0.025, 0.975])
in_customers = f"[{low * on_list:+.0f}, {high * on_list:+.0f}]"
print(f"hit rate, model minus column: [{low:+.2f}, {high:+.2f}]")
print(f"high-value customers, model minus column: {in_customers}")

# %% [markdown]
# The **95 % interval** of the difference goes from 0.07 to 0.11. It does not include zero, so luck in the choice of test customers does not explain the gain. (We tested only one half-year.)
#
# **What you can tell your boss:** in the half-year tested, the model's list held over a hundred more high-value customers than the best column's. Over all customers of the same kind it is plausibly between 96 and 154 more.

# %% [markdown]
# ## On your own data
#
# That was the first usable result. Get it for your shop: in the first code cell, change the last line to `own = shop.read("my_orders.csv")` and run that cell. The file needs a customer, a time and an amount, for example `customer_id`, `date`, `amount`. Then run the cells of this section; no others are needed.
#
# `contacts.compare` repeats the steps above with your orders. Three things differ. The label covers one quarter. The column to beat is the feature that ranks best on the training rows. (Without visits, all features are made from orders.) And the list has `budget` names, as many as you can contact.

# %%
contacts.compare(own, budget=500).to_frame()

# %% [markdown]
# The last line decides. If its interval is above zero, use the model. Otherwise, use the column. (Do not compare these hit rates with those above: this list is shorter.)
#
# If fewer than one customer in ten orders (second line), everyone who orders is high value.
#
# The cell stops with a message in two cases: fewer than fifty high-value customers, because then a good list could be luck; or less than nine months of orders. If your trade has seasons, one quarter says little about another.
#
# The next cell makes the list for today, with a new model, trained on the latest quarter. To rank by a column instead, write its name in the second line: `ranked_by = "visit_rate"`.

# %%
file = None   # to write the list: file = "my_contacts.csv"
ranked_by = "logistic regression"
budget = 500   # how many customers to contact
listed = contacts.contact_list(own, budget, ranked_by, file)
listed.iloc[[0, 1, budget - 1]]   # the first two, and the last to be contacted

# %% [markdown]
# `score` is the probability of being high value in the next quarter. `contact` is "yes" for the first 500 customers, and "no" for all others. With a name for `file`, the whole list is written as a CSV file. If a file of that name already exists, you get an error, and the old file is not changed.
#
# Two questions remain before anyone is contacted. Which of them agreed to be contacted? And would they have bought anyway? [Chapter 06](06_experiments.ipynb) answers the second one.
#
# **What you can tell your boss:** here is the list, and how well a list made the same way did in the last quarter.

# %% [markdown]
# ## When a score is too good
#
# One danger is greater with your own tables than here: a column that contains information from *after* the cut-off. This is called a **leak**. A colleague offers four more columns, "all as of the cut-off": days since the first visit, the average order, points of the loyalty program (one for every ten spent), and visits in December.

# %%
offered = chapter_01.offered(store)   # cut-off here: 1 January 2025
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
# Is a more complex algorithm better? We compare five candidates on the same rows, with the same features and the same test:
#
# - **logistic regression**,
# - a **random forest**: many deep trees, averaged; each sees random rows, each question only some random columns,
# - **XGBoost**: many small trees, each correcting the errors that the earlier ones leave,
# - a **neural network**: it computes many weighted sums of the columns, bends each sum, and combines the results in a last weighted sum,
# - the **average** of the probabilities of the first three. The average has no settings of its own, so it costs little to try.

# %% [markdown]
# `models.model(name)` gives a pipeline for each of the first four, with settings that suit a shop. Its logistic regression has two more steps than ours. One moves shares that come from few visits toward the average. The other makes very large values smaller, so that a few big spenders do not decide the weights.

# %%
candidates = {name: models.model(name) for name in models.ALGORITHMS}
# a smaller forest, to be fast: 50 trees, each on 30 % of the rows
candidates["random forest"].set_params(   # step "classifier", setting after the __
    classifier__n_estimators=50, classifier__max_samples=0.3
)
predictions = {"visits per month": test["visit_rate"]}   # a column can rank, too
for name, candidate in candidates.items():
    candidate.fit(X_train, y_train)
    predictions[name] = candidate.predict_proba(X_test)[:, 1]

# %%
three = ["logistic regression", "random forest", "xgboost"]
together = [predictions[name] for name in three]
predictions["average of three"] = np.mean(together, axis=0)   # for each customer

# %% [markdown]
# The score is now **average precision** ([primer](primer.ipynb), section 6). The hit rate asks only who is in the first tenth. Average precision also sees the order within it, so it notices smaller differences. A random list has 0.10.

# %%
guess(
    "01.b",
    "How far is the best of them above logistic regression, in average precision?",
    ["about 0.01", "about 0.05", "about 0.10"],
)

# %% [markdown]
# `evaluation.scoreboard` does what you did by hand: bootstrap samples, all models on the same rows, and the difference from logistic regression.

# %% tags=["reveal"]
board = evaluation.scoreboard(
    y_test, predictions, ["average precision"], against="logistic regression"
)
evaluation.text_table(board, digits=3)

# %% [markdown]
# Many people guess a larger lead. All models beat the single column by far: it is 0.12<!-- visits per month, difference --> below logistic regression. They barely differ from each other. XGBoost and the average are 0.01<!-- xgboost, difference --> above logistic regression, and their intervals do not include zero. The forest (here a small one, to be fast) and the network cannot be distinguished from it.
#
# Look at the first column of the table: the intervals of single scores overlap widely. Only the paired difference shows that XGBoost leads.
#
# Is a lead of 0.01 worth anything? Translate it into the decision.

# %%
results = pd.DataFrame()
for name in ["visits per month", "logistic regression", "xgboost"]:
    ranked = test.assign(p=predictions[name])
    first = ranked.nlargest(len(test) // 10, "p")
    results.loc[name, "hit rate"] = first["high_value"].mean()
    # future_revenue: spend in the 26 weeks after the cut-off
    share = first["future_revenue"].sum() / test["future_revenue"].sum()
    results.loc[name, "share of all spend"] = share
results.round(2)

# %% [markdown]
# The customers on the column's list spend 0.51 of all money in the half-year. Those on a model's list spend 0.62, for logistic regression and for XGBoost alike. (How much *more* they spend because of our attention, only an experiment tells: [chapter 06](06_experiments.ipynb).)
#
# Is this true of other shops? Here XGBoost leads by a little, in one half-year. In thirty smaller shops, the interval of its mean lead includes zero.
#
# **What you can tell your boss:** in this shop, a model finds many more of the best customers than one column. Which of the good models we choose hardly matters.

# %% [markdown]
# ## Keep a customer's rows together
#
# Imagine that July has not come yet. How can we compare settings with training rows alone? **Cross-validation** splits these rows into three parts, the **folds**. Train on two, score on the third, three times. So every row is scored once.
#
# But most customers have two training rows, October and December. The two periods of 26 weeks overlap by half, so the two labels are often the same. Their features are nearly the same, too. A model that knows the October row by heart gives the December row the same label, and is often right.
#
# `KFold` splits by row. `GroupKFold` keeps all rows of a customer in one fold.

# %%
from sklearn.model_selection import GroupKFold, KFold

customer_ids = train.index.get_level_values("customer_id")
groups, _ = pd.factorize(customer_ids)   # a number per customer: faster than names
by_row = KFold(3, shuffle=True, random_state=0)
by_customer = GroupKFold(3, shuffle=True, random_state=0)
# split gives three pairs: positions of the rows to train on, and of those to score;
# list keeps the pairs, so that both models use the same ones
ways = {
    "split by row": list(by_row.split(X_train)),
    "split by customer": list(by_customer.split(X_train, groups=groups)),
}

# %% [markdown]
# We score two models both ways: our pipeline, and XGBoost with its default trees. They are deep enough to memorize. (XGBoost accepts gaps and needs no scaling.)

# %%
from sklearn.model_selection import cross_val_score
from xgboost import XGBClassifier

deep = XGBClassifier(n_estimators=50, n_jobs=1)   # n_jobs: one processor core
scores = pd.DataFrame()
for name, candidate in [("logistic regression", model), ("deep trees", deep)]:
    for way, folds in ways.items():
        found = cross_val_score(
            candidate, X_train, y_train, cv=folds, scoring="average_precision"
        )
        scores.loc[name, way] = found.mean()
scores["too good by"] = scores["split by row"] - scores["split by customer"]
scores.round(3)

# %% [markdown]
# Logistic regression cannot memorize individual customers, so the split hardly matters to it. Deep trees can. Split by row, their score is 0.024 higher than split by customer. This gain comes from the customer's other row, whose label is often the same. For new customers it is gone. (The deeper notebook gives the interval.)
#
# From here on, every cross-validation keeps customers together. The July test needs no such rule: its 26 weeks overlap with no training label.
#
# **What you can tell your boss:** in cross-validation we keep all rows of a customer on one side. Otherwise deep trees look better than they are.

# %% [markdown]
# ### Exercise 01.2 · keep customers together (6 minutes)
#
# You have sixty rows of thirty customers. Make five folds with `GroupKFold`: a list of five pairs (positions of the rows to train on, positions of the rows to score). No customer may be on both sides, and every row is scored once. `split` needs the rows `X` and the `groups`. It only counts the rows of `X`, so `whose_row` will do for both. `hint("01.2")` helps.

# %%
whose_row = np.tile(np.arange(30), 2)   # row 0 and row 30 are the same customer
splits = ...
check("01.2", splits)

# %% [markdown]
# ## Which settings?
#
# An algorithm has settings that training does not choose. For XGBoost, `max_depth` is how many questions a tree may ask, one after the other. `learning_rate` is what share of each tree's correction is added.
#
# A **grid search** scores every combination by cross-validation and keeps the best one.

# %%
from sklearn.model_selection import GridSearchCV

grid = GridSearchCV(
    XGBClassifier(n_estimators=50, n_jobs=1),
    {"max_depth": [3, 6], "learning_rate": [0.1, 0.3]},
    scoring="average_precision",
    cv=by_customer,
)
_ = grid.fit(X_train, y_train, groups=groups)   # groups: for the folds; _: show nothing

# %%
guess(
    "01.c",
    "XGBoost's defaults are depth 6 and rate 0.3. Where do they rank among the four?",
    ["first", "in the middle", "last"],
)

# %% tags=["reveal"]
found = pd.DataFrame(grid.cv_results_)   # one row for each combination
# mean_test_score: the mean over the three scored folds (not the July test)
found.pivot_table(
    "mean_test_score", index="param_max_depth", columns="param_learning_rate"
).round(3)

# %% [markdown]
# Many expect the library's defaults to be good. Here they are last: 0.397, against 0.457 for the best setting. Who becomes high value is largely chance. Deep trees with a high `learning_rate` learn this chance too, and it does not repeat.
#
# Keeping a model from following every row is called **regularization**: few questions (`max_depth`), small steps (`learning_rate`). The settings of `models.model` are regularized, too.
#
# The best of the four won partly by luck, so its own score is slightly too good. What does the future say?

# %%
default = deep.fit(X_train, y_train)   # cross_val_score trained only copies
july = {
    "depth 6, rate 0.3": default.predict_proba(X_test)[:, 1],
    # the search has trained its best combination again, on all training rows
    "best of the grid": grid.predict_proba(X_test)[:, 1],
    "xgboost of models.model": predictions["xgboost"],
}
later = evaluation.scoreboard(
    y_test, july, ["average precision"], against="xgboost of models.model", draws=100
)
evaluation.text_table(later, digits=3)

# %% [markdown]
# July agrees with the folds: the default depth and rate rank worst. The settings of `models.model`, regularized without any search, cannot be distinguished from the best of the grid.
#
# So take regularized settings first. Search only if you have time left. (In thirty small shops, a larger grid helped about as much as changing the algorithm: deeper notebook.)
#
# **What you can tell your boss:** bad settings can cost more than the wrong algorithm.

# %% [markdown]
# ## Explore
#
# Choose a task, an algorithm and how complex it may be: 1 is simple, 5 is complex.
#
# **First chart.** Gray is the score on the rows trained on, blue that on later customers, orange the best column alone. Look at the last points (most rows). The farther gray lies above blue, the more the model overfits. (Blue can also lie a little above gray.)
#
# **Second chart.** Each point is a group of customers with similar `p`. On the dotted diagonal, the probabilities are calibrated.
#
# Press *too complex*: how large is the gap?

# %%
widgets.algorithm_explorer(train, test)

# %% [markdown]
# ## Which algorithm when?
#
# Complex algorithms also take longer to train: XGBoost about three times as long as logistic regression, a forest of a hundred trees about thirty times.
#
# | you have | take | because |
# |---|---|---|
# | a habit that repeats, such as groceries | the best single column | no model is certainly better (below) |
# | a few hundred customers | logistic regression | it is ahead of XGBoost (deeper: the learning curve) |
# | few customers whose label is true (about a hundred) | logistic regression, to begin with | probably safer; not proven |
# | about a third of our rows | logistic regression, the simpler one | XGBoost is not certainly better in thirty such shops |
# | as many rows as here, or more | XGBoost, regularized | slightly ahead here. On far more rows a forest does as well, but is slow |
#
# If you have no time to compare, take the average of three models: it was slightly ahead of logistic regression, here and in thirty shops.
#
# Tools that search for a model by themselves (FLAML, AutoGluon) made no better lists than the average, on six tasks. (The deeper notebook has the table.)
#
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
# The Complete Journey holds a year of grocery purchases by 2,469 households. The training cut-offs are 1 April and 1 July 2017, the test cut-off is 2 October. High value means: top tenth by spend in the 90 days after the cut-off.

# %%
journey = shop.load("complete_journey")
households = tasks.table(
    journey,
    tasks.JOURNEY_CUTOFFS,
    horizon="90D",   # the label looks at 90 days after the cut-off
    past="90D",   # "top tenth today" looks at the 90 days before it
)
train_real = households.loc[["2017-04-01", "2017-07-01"]]
test_real = households.loc[["2017-10-02"]]
test_real["high_value"].value_counts()

# %% [markdown]
# The function below does what you saw: it trains each candidate on the earlier dates and tests it on the later one. The column to beat is the best one on the training rows: `spend_90`, spend of the last 90 days.

# %%
columns = tasks.features_of(households)

def compare_models(past, later, column):
    """Average precision of each candidate, and its difference from the column."""
    p = {column: later[column]}
    for name in models.ALGORITHMS:   # the four from above
        candidate = models.model(name).fit(past[columns], past["high_value"])
        p[name] = candidate.predict_proba(later[columns])[:, 1]
    board = evaluation.scoreboard(
        later["high_value"], p, ["average precision"], against=column
    )
    return evaluation.text_table(board)

# %%
guess(
    "01.d",
    "How far is the best model above the column `spend_90`, in average precision?",
    ["nothing for certain", "about 0.05", "about 0.10"],
)

# %% tags=["reveal"]
compare_models(train_real, test_real, "spend_90")

# %% [markdown]
# Nothing for certain: every interval of the difference includes zero. People buy groceries regularly. Most households of the next top tenth are in the top tenth already, so sorting by one column finds them.
#
# Now leave out the households that are in the top tenth already, in train and in test. Who will be *newly* high value?

# %%
new_train = train_real[~train_real["already_high_value"]]
new_test = test_real[~test_real["already_high_value"]]
counts = pd.DataFrame()
for name, rows in [("train", new_train), ("test", new_test)]:
    counts.loc[name, "rows"] = len(rows)   # in train: two rows per household
    counts.loc[name, "newly high value"] = rows["high_value"].sum()
    counts.loc[name, "share"] = rows["high_value"].mean().round(2)
counts

# %%
compare_models(new_train, new_test, "monetary")   # best on these training rows

# %% [markdown]
# A random list has an average precision near the share of positives in the test, 0.03<!-- share, test -->. Now the best column on the training rows is `monetary`, all spend so far.
#
# Logistic regression gains 0.06<!-- logistic regression, difference -->, and the lower end of its interval is just above zero. No other model can be distinguished from the column. But this is the best of four models, on one label of one shop. Where "already" looked at another period (deeper notebook), a column was better.

# %% [markdown]
# **What you can tell your boss:** to find all high-value households, one column was enough. To find the new ones, a simple model may help; we have to test it in our shop.

# %% [markdown]
# ## What people say, what we measured
#
# Here are two things that many people say. We tested them in many simulated shops, and on households where possible.

# %%
from IPython.display import Markdown

from helpers.course import studies

Markdown(studies.short_table({
    "c12": "the best score of a search is too good",
    "c27": "spend of the last 90 days is hard to beat as a ranking",
}))

# %% [markdown]
# **c12**: we made labels by pure chance ("noise"), so no model can be good. Yet the best of sixty settings looked better than chance. **c27**: "no" in the simulated shop, where models rank much better than spend of the last 90 days. For groceries, as above, no gain over it is certain.
#
# **What you can tell your boss:** common advice is often true in one shop and not in another. We test it in ours.

# %% [markdown]
# ## Summary
#
# 1. **From the question to a label.** Fix the day, the customers and the label. Then look at the label: here it mostly says who will order at all.
# 2. **A comparison that convinces.** Take a single column as baseline. Test in the future, and in cross-validation keep all rows of a customer in one fold. Look at paired differences with an interval. In the simulated shop all models beat the column, and barely differ. For groceries hardly any did.
# 3. **Choose, and make the list.** Start simple, regularize, and decide by hits and money.
#
# Next: [02 · Feature engineering](02_feature_engineering.ipynb).

# %% [markdown]
# **Sources.** Breiman 2001 (forests); Chen & Guestrin 2016 (XGBoost); Grinsztajn, Oyallon & Varoquaux 2022 (trees and networks); Rubachev et al. 2024 (time-based splits change rankings); Wübben & von Wangenheim 2008 (simple rules in customer bases).
