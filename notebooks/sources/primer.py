# %% [markdown]
# # Primer · The words and tools of this course
#
# **The question.** You can write pandas and have fitted a model once or twice. Which words and tools do the chapters take for granted?
#
# After this notebook you can
#
# 1. say what a model may learn from, and test it on what it has not seen,
# 2. read a score of a model, after working it out for ten customers by hand,
# 3. tell a real difference between two models from luck.
#
# About 40 minutes. Where it says **guess first**, choose before you run the next cell: its result is folded until then. Later chapters link to these sections.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import plots, shop
from helpers.course.guesses import guess
from helpers.targets import tasks

plots.use_style()
store = shop.load()  # the simulated shop: two years of orders and visits

# %% [markdown]
# ## 1. A prediction has a day
#
# We want to predict who will order. First we choose a day and act as if it were today. This day is the **cut-off**.
#
# - What happened *before* the cut-off may be used to predict. A column made of it is called a **feature**.
# - What happens in a fixed time *after* the cut-off is what we predict. It is called the **target** or the **label**.
#
# Here are the orders of three customers. The cut-off is 1 July 2025, and the time after it is 26 weeks, to the end of the year.

# %%
cutoff = pd.Timestamp("2025-07-01")
end = cutoff + pd.Timedelta(weeks=26)
three = ["C00424", "C00240", "C00159"]
orders = store.purchases[store.purchases["customer_id"].isin(three)]
before = orders[orders["ordered_at"] < cutoff]
after = orders[(orders["ordered_at"] >= cutoff) & (orders["ordered_at"] < end)]

# %%
plt.figure(figsize=(8, 2.4))
plt.plot(before["ordered_at"], before["customer_id"], "o", label="before: features")
plt.plot(after["ordered_at"], after["customer_id"], "s", label="after: the label")
plt.axvline(cutoff, color=plots.BLACK, label="the cut-off")
plt.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.margins(y=0.3)
plots.show(
    "A time line of the orders of three customers; a line marks the cut-off. Two of them "
    "order before and after it, the third only before."
)

# %% [markdown]
# The line separates what we know from what we predict. Two customers order again, so their label is true. The third does not: false.
#
# The mistake to avoid is a feature that looks to the right of this line. It gives a perfect score now and fails at work, where the right side is still empty.
#
# **What you can tell your boss:** every prediction has a date, and uses nothing recorded after that date.

# %% [markdown]
# ## 2. Train and test
#
# `tasks.table` makes one row for each cut-off and each active customer. *Active* means: a visit or an order in the year before the cut-off. Our label is `future_bought`: does this customer order in the 26 weeks after the cut-off?

# %%
table = tasks.table(store)
columns = ["visit_rate", "visit_recency", "carts", "recency"]
table[[*columns, "future_bought"]].sample(5, random_state=3).round(1)

# %% [markdown]
# `visit_rate` is visits per month, and `carts` counts visits with something in the cart. `visit_recency` and `recency` are the days since the last visit and since the last order. `recency` is missing for customers who never ordered.
#
# A model **trains** on rows whose label it sees. We **test** it on other rows. Ours come later in time, as at work: train on the two cut-offs of 2024, test on 1 July 2025.

# %%
train = table.loc[["2024-10-01", "2024-12-31"]]
test = table.loc[["2025-07-01"]]
X_train, y_train = train[columns], train["future_bought"]
X_test, y_test = test[columns], test["future_bought"]
pd.DataFrame({
    "rows": [len(train), len(test)],
    "share who order": [y_train.mean(), y_test.mean()],
}, index=["train", "test"]).round(2)

# %% [markdown]
# About one customer in seven orders. The share of rows with the label true is called the **prevalence**.
#
# Why not test on the training rows? A **decision tree** asks yes-or-no questions about the columns, one after the other. Without a limit it goes on until it knows every training row by heart.

# %%
guess(
    "primer.1",
    "The tree is right for every training row. For which share of the test rows?",
    ["about 0.95", "about 0.90", "below 0.86, the share of 'nobody orders'"],
)

# %% tags=["reveal"]
from sklearn.tree import DecisionTreeClassifier

tree = DecisionTreeClassifier(random_state=0)
tree.fit(X_train, y_train)
pd.Series({
    "tree, training rows": tree.score(X_train, y_train),  # share of right answers
    "tree, test rows": tree.score(X_test, y_test),
    "'nobody orders', test rows": 1 - y_test.mean(),
}).round(2)

# %% [markdown]
# The tree is right for every training row, and for a share of 0.83 of the test rows. Saying "nobody orders" is right for 0.86. So the tree is worse than no model. It has memorized the training rows, and only the test rows show it. This is **overfitting**.
#
# "Nobody orders" does well and helps nobody. The share of right answers is a poor score when the label is rare. Sections 5 to 7 have better ones.
#
# **What you can tell your boss:** a score on the rows that a model was trained on says nothing about next month.

# %% [markdown]
# ## 3. A pipeline
#
# **Logistic regression** multiplies each column by a weight and adds the results. It cannot handle a missing value, and it works best when all columns have the same scale. So two steps come before it. A **pipeline** ties the three together, and each step has a name.

# %%
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

model = Pipeline([
    ("fill gaps", SimpleImputer(strategy="median")),
    ("scale", StandardScaler()),
    ("classify", LogisticRegression()),
])
model.fit(X_train, y_train)
list(model.named_steps)

# %% [markdown]
# `fit` went through the steps with the training rows: it computed medians, then means and standard deviations, then weights.
#
# Each step keeps what it learned, in an attribute that ends in `_`:

# %%
pd.DataFrame({
    "median used for gaps": model["fill gaps"].statistics_,
    "mean": model["scale"].mean_,
    "standard deviation": model["scale"].scale_,
}, index=columns).round(1)

# %% [markdown]
# These numbers come from the training rows alone. When we predict, test rows are filled and scaled with the *same* numbers. Had we scaled the whole table before splitting it, the test rows would have taken part in training.
#
# **Rule:** everything that learns stands inside the pipeline.

# %% [markdown]
# ## 4. A probability, a rank, odds
#
# `predict_proba` returns two columns: the probability of false and of true. We keep the second and call it `p`.

# %%
p = model.predict_proba(X_test)[:, 1]
test = test.assign(p=p)
test[[*columns, "p", "future_bought"]].sample(5, random_state=8).round(2)

# %% [markdown]
# Two different things can be asked of `p`.
#
# - **The rank.** Whom do I call first? Only the order of the customers counts.
# - **The probability.** Of 100 customers with `p` = 0.20, do about 20 order? If so, the model is **calibrated**. We need this whenever `p` is multiplied by money.
#
# Here is a second model that is easy to make: the square root of `p`. It puts all customers in the same order. Does it keep what it promises?

# %%
promised = pd.DataFrame({"p": p, "square root of p": np.sqrt(p)})
pd.Series({
    "p, mean": promised["p"].mean(),
    "square root of p, mean": promised["square root of p"].mean(),
    "share who ordered": y_test.mean(),
}).round(2)

# %% [markdown]
# On average `p` promises 0.13, and a share of 0.14 ordered. The square root promises 0.29: the same list, with a promise more than twice too high. A model can rank well and still promise wrongly.
#
# ### Odds
#
# **Odds** are another way to write a probability: the chance that it happens, divided by the chance that it does not.

# %%
chance = pd.Series([0.1, 0.2, 0.5, 0.8, 0.9])
odds = chance / (1 - chance)
log_odds = np.log(odds)
pd.DataFrame({"probability": chance, "odds": odds, "log-odds": log_odds}).round(2)

# %% [markdown]
# A probability of 0.5 has odds of 1, "one to one". Odds of 4 are "four to one". Their logarithm, the **log-odds**, has no limits, and 0 is its middle. Logistic regression adds up its weights on this scale.
#
# A step on this scale *multiplies* the odds. So we read a weight by undoing the logarithm:

# %%
weights = model["classify"].coef_[0]
pd.Series(np.exp(weights), index=columns).round(2).rename("odds multiplied by")

# %% [markdown]
# Each number compares two customers who differ by one standard deviation in that column and in nothing else. With one standard deviation more days since the last visit (`visit_recency`), the odds of an order are multiplied by 0.17. More visits per month and more carts raise the odds.
#
# These are not causes. Making somebody visit more often need not make them order.

# %% [markdown]
# ## 5. AUC, on ten customers
#
# Three scores are used all through the course. We work out each one for ten customers, then for the whole test set. The ten are sorted by `p`, the highest first.

# %%
ten = pd.DataFrame({
    "p": [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1],
    "ordered": [1, 0, 1, 0, 0, 1, 0, 0, 0, 0],
}, index=range(1, 11))
ten

# %% [markdown]
# Three customers ordered and seven did not. That makes 3 × 7 = 21 pairs of one who ordered and one who did not. The **AUC** is the share of these pairs that `p` puts in the right order.

# %%
guess(
    "primer.2",
    "How many of the 21 pairs are in the right order?",
    ["13", "17", "20"],
)

# %% tags=["reveal"]
right = 0
pairs = 0
for p_yes in ten.loc[ten["ordered"] == 1, "p"]:
    for p_no in ten.loc[ten["ordered"] == 0, "p"]:
        pairs += 1
        right += p_yes > p_no
print(f"{right} of {pairs} pairs: {right / pairs:.2f}")

# %% [markdown]
# The first buyer is above all seven who did not order, the second above six, the third above four. Together that is 17 of 21.
#
# scikit-learn gives the same:

# %%
from sklearn.metrics import roc_auc_score

pd.Series({
    "ten customers": roc_auc_score(ten["ordered"], ten["p"]),
    "test set": roc_auc_score(y_test, p),
    "test set, square root of p": roc_auc_score(y_test, np.sqrt(p)),
}).round(2)

# %% [markdown]
# Tossing a coin gives 0.5, and a perfect order gives 1. The square root has the same AUC as `p`: AUC sees the order alone, and no promise.
#
# **Read AUC as:** pick one customer who ordered and one who did not. How often does the model rank the first one higher?

# %% [markdown]
# ## 6. Average precision, on ten customers
#
# AUC looks at the whole list. A campaign reaches only its top. **Average precision** looks at the top more closely. Walk down the list. At each customer who ordered, note the **precision**: the share of those seen so far who ordered.

# %%
ten["orders so far"] = ten["ordered"].cumsum()
ten["customers so far"] = range(1, 11)
ten["precision"] = ten["orders so far"] / ten["customers so far"]
ten.loc[ten["ordered"] == 1].round(2)

# %% [markdown]
# At the first buyer precision is 1 of 1, at the second 2 of 3, at the third 3 of 6. Average precision is the mean of the three.

# %%
from sklearn.metrics import average_precision_score

pd.Series({
    "ten customers, by hand": ten.loc[ten["ordered"] == 1, "precision"].mean(),
    "ten customers": average_precision_score(ten["ordered"], ten["p"]),
    "test set": average_precision_score(y_test, p),
    "test set, random list": y_test.mean(),
}).round(2)

# %% [markdown]
# A random list has an average precision near the prevalence, here 0.14. So always read it beside the prevalence: 0.5 is good where one in seven orders, and poor where half of them do.
#
# **Read average precision as:** how clean is the top of the list?

# %% [markdown]
# ## 7. Log-loss, on ten customers
#
# **Log-loss** checks the promise. For each customer take the probability that the model gave to *what then happened*: `p` if they ordered, 1 − `p` if they did not. The loss is minus the logarithm of it.

# %%
ten["given to what happened"] = np.where(ten["ordered"] == 1, ten["p"], 1 - ten["p"])
ten["loss"] = -np.log(ten["given to what happened"])
ten[["p", "ordered", "given to what happened", "loss"]].round(2)

# %% [markdown]
# Who was sure and right pays little: the first customer costs 0.11. Who was sure and wrong pays most: the second customer had `p` = 0.8, did not order, and costs 1.61. The log-loss is the mean. Lower is better.

# %%
guess(
    "primer.3",
    "Which has the lower log-loss on the test set?",
    ["p", "the square root of p", "both have the same"],
)

# %% tags=["reveal"]
from sklearn.metrics import log_loss

always = np.full(len(y_test), y_train.mean())  # the same probability for everybody
pd.Series({
    "ten customers, by hand": ten["loss"].mean(),
    "ten customers": log_loss(ten["ordered"], ten["p"]),
    "test set, p": log_loss(y_test, p),
    "test set, square root of p": log_loss(y_test, np.sqrt(p)),
    "test set, prevalence of training": log_loss(y_test, always),
}).round(2)

# %% [markdown]
# `p` has the lowest loss, 0.31. The square root of `p` ranks exactly as well, yet its loss is 0.39. The same probability for everybody, the prevalence of training, has 0.41. So wrong promises cost nearly all that the ranking had gained.
#
# **Which score when?** To make a list: AUC or average precision. To multiply by money: log-loss as well.

# %% [markdown]
# ## 8. How sure is a score? The bootstrap
#
# Our AUC comes from one set of test customers. Other customers would give a slightly different number. How different? We cannot get new customers, but we can draw from those we have.
#
# The **bootstrap** draws as many rows as there are, *with replacement*: some come twice, some not at all. It computes the score, and repeats. Five lines of code:

# %%
aucs = []
for i in range(200):
    drawn = test.sample(len(test), replace=True, random_state=i)
    aucs.append(roc_auc_score(drawn["future_bought"], drawn["p"]))
low, high = np.quantile(aucs, [0.025, 0.975])
print(f"AUC {roc_auc_score(y_test, p):.3f}, 95 % interval [{low:.3f}, {high:.3f}]")

# %%
plt.hist(aucs, bins=20)
plt.axvline(low, color=plots.RED)
plt.axvline(high, color=plots.RED)
plt.xlabel("AUC of 200 bootstrap samples (2.5 % lie beyond each line)")
plots.show("A histogram of 200 AUCs; two lines cut off 2.5 % at each end.")

# %% [markdown]
# Each bar counts samples with that AUC. Cut 2.5 % off at both ends: what remains is the **95 % interval**. The course prints it in brackets behind a number.
#
# The interval covers the luck of *which customers* were tested. It does not cover another year, or another training set.

# %% [markdown]
# ## 9. Is the difference real? Compare in pairs
#
# A **random forest** averages many trees, each trained on a different sample of the rows. It needs no scaling.

# %%
from sklearn.ensemble import RandomForestClassifier

forest = Pipeline([
    ("fill gaps", SimpleImputer(strategy="median")),
    ("classify", RandomForestClassifier(min_samples_leaf=50, random_state=0)),
])
forest.fit(X_train, y_train)
test["p_forest"] = forest.predict_proba(X_test)[:, 1]
pd.Series({
    "logistic regression": roc_auc_score(y_test, test["p"]),
    "random forest": roc_auc_score(y_test, test["p_forest"]),
}).round(3)

# %% [markdown]
# The forest is a little ahead. Is it better, or lucky?
#
# Do not compare two intervals. Both models were tested on the *same* customers, and an easy sample is easy for both. So draw once, score both models on the same drawn rows, and keep the difference. This is a **paired** comparison.

# %%
guess(
    "primer.4",
    "How wide is the interval of the difference, beside that of one AUC?",
    ["wider", "about as wide", "narrower"],
)

# %% tags=["reveal"]
differences = []
for i in range(200):
    drawn = test.sample(len(test), replace=True, random_state=i)
    y = drawn["future_bought"]
    auc_forest = roc_auc_score(y, drawn["p_forest"])
    differences.append(auc_forest - roc_auc_score(y, drawn["p"]))
low, high = np.quantile(differences, [0.025, 0.975])
print(f"forest minus logistic regression: [{low:+.3f}, {high:+.3f}]")

# %%
plt.hist(differences, bins=20)
plt.axvline(0, color=plots.BLACK, label="no difference")
plt.xlabel("AUC: forest minus logistic regression, 200 bootstrap samples")
plt.legend()
plots.show("A histogram of 200 paired differences in AUC, with a line at zero.")

# %% [markdown]
# The difference varies by far less than each AUC does. Zero is not in the interval: on other customers like these, the forest would be ahead too. (Had zero been in it, we would say that the two **cannot be distinguished**.)
#
# But is the difference *large*? An interval answers whether there is one. Whether it matters is another question. Suppose we can write to the first tenth of the list. How many on it will order?

# %%
tenth = len(test) // 10
lists = pd.DataFrame({
    "logistic regression": test.nlargest(tenth, "p")["future_bought"].to_numpy(),
    "random forest": test.nlargest(tenth, "p_forest")["future_bought"].to_numpy(),
})
lists.agg(["size", "sum"])   # how many are on the list, how many of them ordered

# %% [markdown]
# With the forest, 814 on the list ordered; with logistic regression, 799. The difference is real and small: who prefers the simpler model loses little.
#
# **What you can tell your boss:** ask two questions of every difference. Is it real? Is it large enough to matter?

# %% [markdown]
# ## 10. Summary
#
# | word | what it means |
# |---|---|
# | cut-off | the day on which we act as if it were today |
# | feature, label | known before the cut-off; happens after it |
# | prevalence | the share of rows whose label is true |
# | train, test | rows whose labels the model sees; rows it has not seen |
# | overfitting | good on training rows, worse on test rows |
# | pipeline | all steps that learn, tied together |
# | calibrated | of 100 customers with `p` = 0.20, about 20 order |
# | AUC | share of pairs in the right order |
# | average precision | how clean the top of the list is |
# | log-loss | the price of wrong promises |
# | bootstrap | draw the same rows again, with replacement |
# | paired difference | two models on the same drawn rows |
#
# Next: [05 · Customer segments](05_customer_segments.ipynb) needs the least, then [01 · Choosing algorithms](01_choosing_algorithms.ipynb).
