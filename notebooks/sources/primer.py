# %% [markdown]
# # Primer · The words and tools of this course
#
# **The question.** You can write pandas and have fitted a model once or twice. Which words and tools do the chapters take for granted?
#
# After this notebook you can
#
# 1. say what a model may learn from, and test it on what it has not seen,
# 2. read a model's score, having worked it out by hand for ten customers,
# 3. tell whether a difference between two models is more than luck.
#
# About 50 minutes. Four cells ask you to **guess**. Choose an answer, then run the next cell: its output is hidden until you run it. Later chapters link to these sections.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import plots, shop   # helpers: the course's own package
from helpers.course.guesses import guess
from helpers.targets import tasks   # builds the table of section 2

plots.use_style()
store = shop.load()  # the simulated shop: two years of orders and visits

# %% [markdown]
# ## 1. Every prediction has a date
#
# We want to predict who will order. First we choose a day and act as if it were today. This day is the **cut-off**.
#
# - What happened *before* the cut-off may be used to predict. A column built from this information is called a **feature**.
# - What happens in a fixed period *after* the cut-off is what we predict. It is called the **target** or the **label**.
#
# Here are the orders of three customers. The cut-off is 1 July 2025, and the period after it is 26 weeks, almost to the end of the year.

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
plots.show(   # shows the picture; the text describes it for those who cannot see it
    "A time line of the orders of three customers; a line marks the cut-off. Two of them "
    "order before and after it, the third only before."
)

# %% [markdown]
# The line separates what we know from what we predict. Two customers order again, so their label is true. The third does not, so it is false.
#
# The mistake to avoid is a feature that uses something from the right of this line. In a test, a model with such a feature scores too well. In real use it fails: on the day of the prediction, nothing to the right of the line has happened yet.
#
# **What you can tell your boss:** every prediction has a date, and uses nothing recorded after that date.

# %% [markdown]
# ## 2. Train and test
#
# From here on we use a ready-made table. It has three cut-offs: 1 October 2024, 31 December 2024 and 1 July 2025. For each one it has a row for every *active* customer: a visit or an order in the year before. So one customer can have three rows.
#
# Our label is `future_bought`: does this customer order in the 26 weeks after the cut-off? We use four features, known at the cut-off:
#
# - `visit_rate`: visits per 30 days since the customer came
# - `visit_recency`: days since the last visit
# - `carts`: number of visits in which something was put into the cart
# - `recency`: days since the last order, missing (`NaN`) if there is none

# %%
table = tasks.table(store)
columns = ["visit_rate", "visit_recency", "carts", "recency"]
table[[*columns, "future_bought"]].sample(5, random_state=3).round(1)

# %% [markdown]
# Each row has two index levels, cut-off and customer.
#
# A model **trains** on rows whose label it sees. We **test** it on other rows. Our test rows come later in time, as they would in real use: train on the two cut-offs of 2024, test on 1 July 2025. The 26 weeks of the last training cut-off end when 1 July begins. So no order is counted both in a training label and in a test label.
#
# Many test customers also have rows in training, at an earlier date. That is fair here: in real use, too, we predict for customers we already know.

# %%
train = table.loc[["2024-10-01", "2024-12-31"]]   # the rows of these two cut-offs
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
# Why not test on the training rows? A **decision tree** asks yes-or-no questions about the columns, one after the other. In the end each row lands in a group, a **leaf**, and the leaf gives the answer. Without a limit, the tree goes on until every leaf holds training rows of one label only: it knows them by heart.
#
# Our score for now is the share of right answers. The answer "nobody orders" is right for every customer who does not order: 0.86<!-- nobody orders --> of the test rows.

# %%
guess(
    "primer.1",
    "The tree is right for all training rows. For what share of the test rows?",
    ["about 0.95", "about 0.90", "about 0.83"],
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
# The tree is right for all training rows, and for 0.83 of the test rows. Saying "nobody orders" is right for 0.86. By this score, the tree is worse than having no model. It has memorized the training rows, and only the test rows reveal it. This is **overfitting**.
#
# "Nobody orders" is often right and still useless. The share of right answers is a poor score when one answer is much more frequent. Sections 5 to 7 have better ones.
#
# **What you can tell your boss:** a score on the rows that a model was trained on can be far too good. It does not tell you how the model will do on new rows.

# %% [markdown]
# ## 3. A pipeline
#
# **Logistic regression** multiplies each column by a weight and adds the results up. (Section 4 shows how this becomes a probability.) It cannot handle a missing value, and it works best when all columns have the same scale. So two steps come before it: one fills the gaps, one brings every column to mean 0 and standard deviation 1. A **pipeline** ties the three together, and each step has a name. (A tree needs neither: "is this value above a limit?" works on any scale, and it learns which way to send a missing value.)

# %%
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

model = Pipeline([
    ("fill gaps", SimpleImputer(strategy="median")),   # median: the middle value
    ("scale", StandardScaler()),
    ("classify", LogisticRegression()),
])
model.fit(X_train, y_train)
list(model.named_steps)

# %% [markdown]
# `fit` ran the steps in this order on the training rows: it computed medians, then means and standard deviations, then weights.
#
# Each step keeps what it learned, in an attribute that ends in `_`. (`model["scale"]` is the step of that name.)

# %%
pd.DataFrame({
    "median used for gaps": model["fill gaps"].statistics_,
    "mean": model["scale"].mean_,   # computed after the gaps are filled
    "standard deviation": model["scale"].scale_,
}, index=columns).round(1)

# %% [markdown]
# These numbers come from the training rows alone. When we predict, test rows are filled and scaled with the *same* numbers. Had we scaled the whole table before splitting it, the test rows would have influenced the training.
#
# **Rule:** every step that computes a number from the data (a median, a mean, a weight) belongs inside the pipeline.
#
# (Filling `recency` treats customers who never ordered as if they had ordered 117 days ago. [Chapter 02](02_feature_engineering.ipynb) does better.)

# %% [markdown]
# ## 4. A probability, a rank, odds
#
# `predict_proba` returns two columns: the probability of false and of true. We keep the second and call it `p`.

# %%
p = model.predict_proba(X_test)[:, 1]
test = test.assign(p=p)
shown = ["visit_recency", "carts", "p", "future_bought"]
test[shown].sample(5, random_state=4).round(2)

# %% [markdown]
# You can want two different things from `p`.
#
# - **The ranking.** Whom do I call first? Only their places in the list matter.
# - **The probability.** Of 100 customers with `p = 0.20`, do about 20 order? If the same is true of every other value of `p`, the model is **calibrated**. You need this when you compute with `p`. If an order is worth 50, such a customer is worth `0.20 × 50 = 10` on average.
#
# To see that these are two things, we spoil the probabilities on purpose. The square root makes every `p` larger (0.25 becomes 0.50) and leaves the ranking as it is. We sort the customers by `p` into five groups of equal size and compare.

# %%
test["square root of p"] = np.sqrt(p)
names = ["lowest", "low", "middle", "high", "highest"]
test["group"] = pd.qcut(test["p"], 5, labels=names)   # five groups of equal size
shown = ["p", "square root of p", "future_bought"]
means = test.groupby("group", observed=True)[shown].mean()   # no empty groups
means.round(2).rename(columns={"future_bought": "share who ordered"})

# %% [markdown]
# In each row, compare `p` and its square root with the last column, the share who ordered. `p` is close in all five groups. Its square root is far too high in the upper four, although it ranks the customers exactly as `p` does.
#
# ### Odds
#
# **Odds** are another way to write a probability: the chance that it happens, divided by the chance that it does not.

# %%
chance = pd.Series([0.1, 0.2, 0.5, 0.8, 0.9])
odds = chance / (1 - chance)
log_odds = np.log(odds)   # the natural logarithm
pd.DataFrame({"probability": chance, "odds": odds, "log-odds": log_odds}).round(2)

# %% [markdown]
# A probability of 0.5 has odds of 1, "one to one". The **log-odds** have no limits; 0 means fifty-fifty.
#
# Look at the table: from log-odds 0 to 1.39 the odds go from 1 to 4. From `-1.39` to 0 they go from 0.25 to 1. Both times we *added* 1.39, and the odds were *multiplied* by 4, which is `np.exp(1.39)`.
#
# Logistic regression computes the log-odds as a sum: a fixed number (the intercept), plus weight × value for each column. When a column grows by one unit, its weight is added to the log-odds. So the odds are multiplied by `np.exp(weight)`. The way back: p = odds / (1 + odds). Our columns are scaled: one unit is one standard deviation.

# %%
weights = model["classify"].coef_[0]   # coef_ has one row, with a weight per column
factors = pd.DataFrame({"odds multiplied by": np.exp(weights)}, index=columns)
factors.round(2)

# %% [markdown]
# Take Anna and Berta, alike in the other three columns. Anna's last visit is 91 days further back (one standard deviation, see section 3). Her odds of ordering are 0.17 times Berta's. A number above 1 means: the higher this column, the higher the odds.
#
# More visits go with more orders. That does not prove that a visit brings an order.

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
# Three customers ordered and seven did not. That makes 3 × 7 = 21 pairs of one who ordered and one who did not. A pair is *right* if the customer who ordered has the higher `p`. The **AUC** is the share of right pairs. (Equal `p` would count as half a right pair.)

# %%
guess(
    "primer.2",
    "How many of the 21 pairs are right?",
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
# A random ranking gives about 0.5, and a perfect one gives 1. The square root has the same AUC as `p`: AUC depends only on the ranking, not on the size of the probabilities.
#
# **Read AUC as:** pick one customer who ordered and one who did not. How often does the model rank the first one higher?

# %% [markdown]
# ## 6. Average precision, on ten customers
#
# AUC looks at the whole list. A campaign reaches only its top. **Average precision** looks at the top more closely. Walk down the list. At each customer who ordered, stop and ask: of all customers from the top to here, what share ordered? This share is the **precision**.

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
    "test set, prevalence": y_test.mean(),
}).round(2)

# %% [markdown]
# A random list has an average precision near the prevalence, here 0.14. So always compare it with the prevalence: 0.5 is good where one in seven orders, and poor where every second customer orders.
#
# **Read average precision as:** stop at each buyer on the way down. What share of the customers from the top to here are buyers? Take the mean over all stops.

# %% [markdown]
# ## 7. Log-loss, on ten customers
#
# **Log-loss** looks at the size of the probabilities. For each customer take the probability that the model gave to *what then happened*: `p` if they ordered, 1 − `p` if they did not. The loss of a customer is minus the logarithm of this probability. If the model gave probability 1 to what happened, the loss is 0. The closer this probability is to 0, the larger the loss: being sure and wrong is expensive.

# %%
ten["given to what happened"] = np.where(ten["ordered"] == 1, ten["p"], 1 - ten["p"])
ten["loss"] = -np.log(ten["given to what happened"])
ten[["p", "ordered", "given to what happened", "loss"]].round(2)

# %% [markdown]
# When the model is sure and right, the loss is small: 0.11 for the first customer. When it is sure and wrong, the loss is large. It gave the second customer `p` = 0.8, she did not order, and the loss is 1.61. The log-loss is the mean over all customers. Lower is better.

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
    "test set, always the training prevalence": log_loss(y_test, always),
}).round(2)

# %% [markdown]
# The best log-loss is 0. It has no upper limit, so 0.31 alone tells you nothing. We compare it with a model that knows nothing: the training prevalence for everybody costs 0.41.
#
# The square root ranks exactly as `p` does, yet it costs 0.39. With its wrong probabilities it is hardly better than knowing nothing.
#
# **Which score when?** If the whole list matters: AUC. If only its top is used: average precision. If you compute with `p`: log-loss, and a table of groups as in section 4.

# %% [markdown]
# ## 8. How sure is a score? The bootstrap
#
# Our AUC comes from the customers who happened to be in the shop. Other customers of the same sort would give a slightly different number. How different? We cannot get others. So our test set stands in for all who could have come.
#
# The **bootstrap** draws as many rows as there are, *with replacement*: after each draw the row goes back. So some rows come twice or more, some not at all. It computes the AUC of the drawn set, and repeats, here 200 times. If the AUCs are close together, it hardly matters who is in the set.

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
plt.ylabel("samples")
plots.show(
    "A histogram of 200 AUCs, highest in the middle; two lines cut off 2.5 % "
    "at each end."
)

# %% [markdown]
# Each bar counts samples with that AUC. The middle 95 % of them lie between the lines. This is the **95 % interval**; the course prints it in brackets after a number.
#
# Read it as: measured on all customers of the same kind, the AUC of this model would plausibly lie in this interval. It says nothing about another year, or about a model trained on other rows. (With other random seeds, the last digit of the ends would differ.)

# %% [markdown]
# ## 9. Is the difference real? Compare in pairs
#
# A **random forest** averages many trees, each trained on a different sample of the rows. `min_samples_leaf=50` keeps at least 50 rows in every leaf, so no tree can memorize. A forest needs no scaling. (We fill the gaps as before, so that both models see the same columns.)

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
# You could compute an interval for each model and see that they overlap. That would not answer the question: both models are tested on the *same* customers, and their AUCs go up and down together. So in each round draw one sample, score both models on it, and keep the difference. This is a **paired** comparison.

# %%
guess(
    "primer.4",
    "Compared with the interval of one AUC, how wide is that of the difference?",
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
plt.xlim(left=-0.001)
plt.ylabel("samples")
plt.xlabel("AUC: forest minus logistic regression, 200 bootstrap samples")
plt.legend()
plots.show(
    "A histogram of 200 paired differences in AUC, all above zero; a line at zero "
    "stands at its left end."
)

# %% [markdown]
# The interval is less than half as wide as that of one AUC. If a sample holds customers who are easy to rank, both AUCs go up, and the difference hardly changes.
#
# Could the forest be ahead only because of who happens to be in this test set? Then it would usually be behind in some of the 200 samples. It is behind in none. Had zero been inside the interval, we would say: with these data, the two **cannot be distinguished**. (Another forest may lead by more, or not at all.)
#
# Whether a difference is *large enough to matter* is another question. We send a letter to the top tenth of the list. How many of them will order?

# %%
def buyers(rows, column):
    """Count the customers who ordered, among the top tenth by this column."""
    top = rows.nlargest(len(rows) // 10, column)
    return top["future_bought"].sum()

pd.Series({
    "customers on the list": len(test) // 10,
    "buyers, logistic regression": buyers(test, "p"),
    "buyers, random forest": buyers(test, "p_forest"),
})

# %%
more = []
for i in range(200):
    drawn = test.sample(len(test), replace=True, random_state=i)
    more.append(buyers(drawn, "p_forest") - buyers(drawn, "p"))
low, high = np.quantile(more, [0.025, 0.975])
print(f"more buyers with the forest: [{low:+.0f}, {high:+.0f}]")

# %% [markdown]
# On the forest's list 814 ordered, on the other 799. But the lower end of the interval is at zero: with these data we cannot promise even one more buyer. So the better AUC is hard to explain by luck, but how much it adds to this list is uncertain.
#
# (Would they have ordered without our letter? That is another question; [chapter 06](06_experiments.ipynb) answers it.)
#
# **What you can tell your boss:** ask two questions of every difference. Could it be luck? Is it large enough to matter?

# %% [markdown]
# ## 10. Summary
#
# | word | what it means |
# |---|---|
# | cut-off | the day on which we act as if it were today |
# | feature | known before the cut-off |
# | label, target | happens after the cut-off, and is predicted |
# | prevalence | the share of rows whose label is true |
# | train, test | rows whose labels the model sees; rows it has not seen |
# | overfitting | much better on training rows than on test rows |
# | pipeline | all steps that learn, tied together |
# | ranking | the places in the list |
# | calibrated | of 100 customers with `p = 0.20`, about 20 order, and likewise for every other `p` |
# | odds, log-odds | p / (1 − p), and its natural logarithm |
# | AUC | the share of right pairs |
# | precision | the share of those on a list who ordered |
# | average precision | the precision at each buyer of the list, on average |
# | log-loss | minus the logarithm of the probability given to what happened, on average; lower is better |
# | bootstrap | draw as many rows again, with replacement |
# | 95 % interval | where the score plausibly lies over all customers like these |
# | paired difference | the score of one model minus that of the other, on the same drawn rows |
#
# One more rule, for later. Trying many models and keeping the one with the best test score *uses* the test set to choose. Its score is then too good. [Chapter 01](01_choosing_algorithms.ipynb) shows what to do instead.
#
# Next: [05 · Customer segments](05_customer_segments.ipynb). It is the easiest, because it uses none of these scores. Then [01 · Choosing algorithms](01_choosing_algorithms.ipynb).
