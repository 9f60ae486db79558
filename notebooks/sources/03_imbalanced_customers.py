# %% [markdown]
# # 03 · Imbalanced customers
#
# **The question.** Few customers will accept a costly offer. How do we find them, can we trust the model's probabilities, and whom do we contact?
#
# After this notebook you can
#
# 1. see whether the probabilities of a rare event can be trusted,
# 2. turn probabilities into a decision by money, and write a list of your own customers,
# 3. say what two popular ways of balancing, class weights and SMOTE, do to the ranking, the probabilities and the profit.
#
# About 73 minutes with the exercises. The words come from the [primer](primer.ipynb). How to repair probabilities, and more, is in the [deeper notebook](deeper/03_imbalanced_customers.ipynb).

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import evaluation, models, plots, simulator
from helpers.course.exercises import check, hint, solution
from helpers.course.guesses import guess

plots.use_style()

# %% [markdown]
# ## A rare outcome
#
# A shop offers a membership by letter. A letter costs 2. A customer who joins brings 30. Nobody joins without a letter. (If customers might buy anyway, the rule is different: [chapter 06](06_experiments.ipynb).)
#
# The label is 1 for a customer who would join after a letter, and 0 otherwise. A customer with label 1 is called a **positive**, one with label 0 a **negative**. There are ten columns, `x1` to `x10`. You can think of visits or money spent.
#
# The customers are simulated. So we know something that no shop knows: the **true probability** that each of them joins. We keep it for the test customers, as `truth`.

# %%
X_train, y_train, _ = simulator.rare_positives(10_000, seed=1)
X_test, y_test, truth = simulator.rare_positives(20_000, seed=2)
# X: a DataFrame; y and truth: NumPy arrays
pd.DataFrame({
    "customers": [len(y_train), len(y_test)],
    "positives": [y_train.sum(), y_test.sum()],
    "prevalence": [y_train.mean(), y_test.mean()],
}, index=["train", "test"]).round(3)

# %% [markdown]
# The **prevalence** is the share of positives. Here it is 0.036<!-- train, prevalence --> in train. Such a label, with few positives and many negatives, is called **imbalanced**.
#
# How well could the best possible model rank these customers? It would use the true probabilities:

# %%
from sklearn.metrics import roc_auc_score

ceiling = roc_auc_score(y_test, truth)
print(f"AUC of the true probabilities: {ceiling:.2f}")

# %% [markdown]
# Even the truth has an AUC of only 0.76. Why not 1? Take ten customers with a true probability of one in ten each. About one of them joins. Which one is a matter of luck: no column can tell. So even the truth gives all ten the same place in the list, and often ranks one who does not join above one who does.
#
# So 0.76 is a **ceiling**. If a model scores clearly higher, suspect that it used information that it will not have when it has to predict.
#
# **What you can tell your boss:** who accepts a rare offer is partly luck. No model can predict that part.

# %% [markdown]
# ## Being rare is not the problem
#
# Many people treat a rare label like a disease: "With so many negatives, the model cannot learn. We have to balance the classes first." Is that true?
#
# Two different things could be the problem: the **number** of positives, or their **share**. We change one and keep the other.
#
# ### The number
#
# We train logistic regression with a few positives, then with more and more of them. For each positive we take as many negatives as there are in train. So the share stays the same.
#
# We score each model by log-loss ([primer](primer.ipynb), section 7), and compare with a model that knows nothing. It gives everybody the prevalence of all training rows, the **base rate**.

# %%
def loss(predicted):
    """The loss of each test customer, as in section 7 of the primer."""
    predicted = np.clip(predicted, 1e-6, 1 - 1e-6)   # a loss is never infinite
    given = np.where(y_test == 1, predicted, 1 - predicted)
    return -np.log(given)

base_rate = np.full(len(y_test), y_train.mean())   # the same for everybody

# %% [markdown]
# Every test customer has two losses: one by the model, one by the base rate. We take the difference, model minus base rate. Below zero, the model is better.
#
# `evaluation.mean_interval` gives the mean of these differences, and the two ends of its 95 % interval. (For a mean, the interval follows from a formula, so no bootstrap is needed.)

# %%
positives = np.flatnonzero(y_train == 1)   # their places in train
negatives = np.flatnonzero(y_train == 0)
each = len(negatives) // len(positives)   # negatives for each positive
differences = {}   # three numbers (mean, low, high) for each number of positives
for n in [5, 20, 80, 320]:
    rows = np.concatenate([positives[:n], negatives[: n * each]])
    few = models.model("logistic regression").fit(X_train.iloc[rows], y_train[rows])
    difference = loss(few.predict_proba(X_test)[:, 1]) - loss(base_rate)
    differences[n] = evaluation.mean_interval(difference)

# %%
guess(
    "03.a",
    "How many positives in train are enough to beat the base rate?",
    ["5", "80", "320"],
)

# %% tags=["reveal"]
table = pd.DataFrame(differences, index=["mean", "low", "high"])
table.T.rename_axis("positives").round(3)

# %% [markdown]
# Read the rows. Even 5 positives are enough here: the whole interval is below zero. With 20 and 80 the model gets better. Beyond 80, more customers add little.
#
# (This is one draw of customers; with others, 5 may not be enough. With a hundred columns, a model needs more positives than with ten. Draw this table for your own shop.)
#
# ### The share
#
# Now keep all positives of the training rows, and drop negatives at random until there are as many negatives as positives. This is called **undersampling**. The number of positives stays the same, and their share becomes one half.

# %%
rng = np.random.default_rng(0)
kept = rng.choice(negatives, size=len(positives), replace=False)
half = np.concatenate([positives, kept])
pd.Series({"customers": len(half), "of these, positives": y_train[half].sum()})

# %%
on_all = models.model("logistic regression").fit(X_train, y_train)
on_half = models.model("logistic regression").fit(X_train.iloc[half], y_train[half])
p_all = on_all.predict_proba(X_test)[:, 1]
p_half = on_half.predict_proba(X_test)[:, 1]
pd.Series({
    "all rows": roc_auc_score(y_test, p_all),
    "half and half": roc_auc_score(y_test, p_half),
}, name="AUC").round(3)

# %% [markdown]
# `evaluation.difference` makes the paired comparison of the primer (section 9): it draws test customers again and again, and scores both models on the same ones.

# %%
difference = evaluation.difference(roc_auc_score, y_test, p_half, p_all)
print("AUC, half and half minus all rows:", difference.text(4, signed=True))

# %% [markdown]
# Making the classes equal did not help. The ranking is even a little worse: we threw away most of the customers.
#
# So the small share was not the problem. What counts is the number of positives.
#
# **What you can tell your boss:** do not ask how rare our buyers are. Ask how many we have.

# %% [markdown]
# ## Can we trust the probabilities?
#
# A ranking says whom to contact first. For the question "is this customer worth a letter?" we need a probability that is right. A model is **calibrated** when, of a hundred customers with `p = 0.10`, about ten join, and likewise for every other `p`.
#
# We compare four models:
#
# - **naive Bayes**: for each column alone it asks how much more likely this value is among positives. It multiplies the answers, so columns that say nearly the same are counted twice,
# - an **untuned forest**: the library's settings, with fewer trees. Each of its trees says 0 or 1,
# - logistic regression and XGBoost, with the settings of [chapter 01](01_choosing_algorithms.ipynb).

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.naive_bayes import GaussianNB

candidates = {
    "naive Bayes": GaussianNB(),
    "untuned forest": RandomForestClassifier(n_estimators=50, random_state=0),
    "logistic regression": models.model("logistic regression"),
    "xgboost": models.model("xgboost"),
}
predictions = {}
for name, candidate in candidates.items():
    candidate.fit(X_train, y_train)
    predictions[name] = candidate.predict_proba(X_test)[:, 1]

# %% [markdown]
# First look at naive Bayes alone. We sort the test customers by its probability and cut them into ten groups of equal size. Then we compare two numbers in each group: the mean of what was **predicted**, and the **observed** share, that is, the share that joined.

# %%
bayes = pd.DataFrame({"predicted": predictions["naive Bayes"], "observed": y_test})
bayes["group"] = pd.qcut(bayes["predicted"], 10, labels=range(1, 11))
bayes.groupby("group", observed=True).mean().tail(3).round(2)   # the three highest

# %% [markdown]
# In the highest group, naive Bayes predicted 0.43 on average. But only 0.10<!-- group 10, observed --> joined. It is **overconfident**: it promises four times as many as actually join.
#
# `evaluation.calibration_table` makes such groups, and `plots.calibration` draws them. Each point is a group, and its short vertical bar the 95 % interval of the observed share. On the dotted diagonal, predicted and observed are equal.

# %%
colors = {
    "naive Bayes": plots.ORANGE,
    "untuned forest": plots.PINK,
    "logistic regression": plots.BLUE,
}
plt.figure(figsize=(4.6, 4.6))
for name, color in colors.items():
    groups = evaluation.calibration_table(y_test, predictions[name])
    plots.calibration(groups, name, color)
plots.show(
    "A square picture of the observed share against the predicted probability. The "
    "points of logistic regression lie on the diagonal. Those of the untuned forest and of "
    "naive Bayes end far below it, at the right."
)

# %% [markdown]
# Below the diagonal, more was promised than came. At the right end, where the shop would write, naive Bayes and the untuned forest promise far too much. The points of logistic regression lie close to the diagonal.
#
# Now the numbers. Calibration alone is not enough: the base rate is calibrated and cannot rank anybody. So we look at the AUC, for the ranking, and at the log-loss, which depends on both.

# %%
board = pd.DataFrame(columns=["AUC", "log-loss minus base rate"])
for name, predicted in predictions.items():
    auc = roc_auc_score(y_test, predicted)
    difference = evaluation.mean_interval(loss(predicted) - loss(base_rate))
    board.loc[name] = [round(auc, 2), difference.text(3, signed=True)]
board

# %% [markdown]
# Below zero means better than the base rate. By log-loss, naive Bayes and the untuned forest are *worse* than the base rate, although both rank customers better than chance.
#
# Logistic regression and XGBoost are better, and look alike. We take the simpler one. From here on `model` is logistic regression, and `p` its probabilities for the test customers.

# %%
model = candidates["logistic regression"]
p = predictions["logistic regression"]
evaluation.calibration_table(y_test, p, bins=5).round(3)

# %% [markdown]
# Five groups, from the lowest `p` to the highest. In each, the interval from `low` to `high` contains what was predicted. If it did not in several groups, the model would need repair.
#
# The deeper notebook shows three ways to recalibrate, and when they do harm.
#
# **What you can tell your boss:** when our model says 9 %<!-- 5, predicted -->, about 10 %<!-- 5, observed --> join. We checked it on customers that the model had not seen.

# %% [markdown]
# ## The threshold comes from money
#
# Who gets a letter? Everybody whose `p` is above a **threshold**. But which one?
#
# The next cell draws a curve: each point is a threshold, and its height is the profit of our model on the test customers. Move the slider *threshold* along it. Where is the peak? Then move *cost* to 6, and look for the new peak. Then move *gain*. Can you see a rule?

# %%
from helpers import widgets

widgets.threshold_explorer(y_test, p, gain=30, cost=2)

# %% [markdown]
# With a higher cost the peak moves to the right, with a higher gain to the left.
#
# Why? Take one customer. A letter costs 2 for sure. With probability `p` the customer joins and brings 30<!-- gain -->. On average the letter brings `p × 30 − 2`. This is above zero when `p` is above 2/30.
#
# The rule is: write to every customer whose `p` is above **cost / gain**. (The peak is near it, not exactly there: luck moves it a little.) No search is needed. But the rule needs probabilities that we can trust.
#
# How much is it worth? We compare four decisions. The last one uses the true probabilities: on average, nobody can do better.

# %%
cost = 2
gain = 30
threshold = cost / gain   # 0.067
decisions = {
    "everybody": np.ones(len(p), dtype=bool),   # True for all
    "p above 0.5": p > 0.5,
    "p above cost / gain": p > threshold,
    "truth above cost / gain": truth > threshold,
}

# %%
guess(
    "03.b",
    "Many programs decide at 0.5. How many of the 20,000 then get a letter?",
    ["2", "about 200", "about 2,000"],
)

# %% tags=["reveal"]
money = pd.DataFrame(columns=["letters", "profit per 1,000 customers"])
for name, contacted in decisions.items():
    # a letter to one who joins: gain - cost; to another: -cost; no letter: 0
    earned = contacted * (y_test * gain - cost)
    interval = evaluation.mean_interval(1_000 * earned)
    money.loc[name] = [contacted.sum(), interval.text(1)]
money

# %% [markdown]
# At 0.5 only two letters go out: hardly any customer is so likely to join. Writing to everybody loses money.
#
# At cost / gain the shop earns 186 per 1,000 customers. The truth would earn 230<!-- truth -->. So our model earns most of what is possible.
#
# **What you can tell your boss:** we write to a customer if the probability times the gain is more than the cost. A threshold of 0.5 would have earned nothing.

# %% [markdown]
# ### Exercise 03.1 · the prices change (4 minutes)
#
# A letter now costs 4, and a customer who joins brings 50<!-- here -->. Which of the test customers get one, by `p`? The answer is an array of True and False. (Do not change `cost` and `gain`: they are needed again.) `hint("03.1")` helps, `solution("03.1")` shows one right answer.

# %%
invited = ...
check("03.1", invited)

# %% [markdown]
# ## On your own data
#
# Now make a list of your own customers. Change the line with `own`, and set your cost and gain. The file is as in [chapter 01](01_choosing_algorithms.ipynb).
#
# Your orders do not say who joins after a letter. So here a positive is a customer of **high value** in the next quarter: one of the tenth who spend most. (If fewer than a tenth order, everyone who orders.) This says who will spend much, not who spends *because of* a contact.
#
# `contacts.tested` makes features from your orders, trains logistic regression, and predicts the last quarter. With fewer than fifty positives in train or test it stops: so few cannot show whether a probability is right.

# %%
import pandas as pd   # this section runs on its own

from helpers import evaluation, quote, shop
from helpers.targets import contacts

own = shop.load()   # the simulated shop; yours: shop.read("my_orders.csv")
my_cost = 2   # what a contact costs
my_gain = 30   # your margin from a contact, if the customer is of high value

# %%
tested = contacts.tested(own)
tested.head(3).round(2)

# %% [markdown]
# Each row is a customer, with what the model predicted for the last quarter and what then happened. Can these probabilities be trusted?

# %%
tested = contacts.tested(own)   # as above; so each cell runs alone
said = evaluation.calibration_table(tested["high_value"], tested["p"], bins=5)
said.round(2)

# %% [markdown]
# In the simulated shop, predicted and observed are close. (In group 4 the model predicted slightly too few.) In your shop, compare the two columns in the groups around your cost / gain and above. If one is twice the other there, do not compute with these probabilities. Rank by them only, as in chapter 01.
#
# What would the rule have earned, if a contact brought `my_gain` from every positive?

# %%
tested = contacts.tested(own)
chosen = tested["p"] > my_cost / my_gain
my_profit = chosen * (tested["high_value"] * my_gain - my_cost)
positive = tested["high_value"] & chosen
pd.Series({
    "contacted": chosen.sum(),
    "of these, positives": positive.sum(),
    "profit per 1,000 customers": evaluation.mean_interval(1_000 * my_profit).text(0),
}, name=own.name)

# %% [markdown]
# The second line says how many positives the profit rests on. With fewer than about ten, do not trust the interval.
#
# The profit counts `my_gain` for every positive. But this rule contacted nobody in that quarter: they spent without it. Only an experiment can tell what a contact adds ([chapter 06](06_experiments.ipynb)).
#
# Now the list. The model is trained again, on the latest quarter, and predicts the next one.

# %%
my_list = contacts.contact_list(own, cost=my_cost, gain=my_gain)
my_list["contact"].value_counts()

# %%
my_list = contacts.contact_list(own, cost=my_cost, gain=my_gain)
quote.save_list(my_list, path=None)   # yours: path="my_contacts.csv"

# %% [markdown]
# `score` is the probability of high value, and `contact` is "yes" where it is above cost / gain. The file is written only if you give a path, and an existing file is never overwritten. (First remove those who did not agree to be contacted.)
#
# **What you can tell your boss:** here are the customers with enough chance of high value. Most of them will not be. What a contact adds, we have to test.

# %% [markdown]
# ## Class weights and SMOTE
#
# Two other ways to balance are popular, because they drop nobody:
#
# - **Class weights**: each positive counts many times in training, so that both classes weigh the same. With one positive and nine negatives, the positive counts nine times.
# - **SMOTE**: it invents positives. It takes a positive and one of its five nearest positives, and puts a new customer at a random place between the two.
#
# SMOTE needs columns on one scale, to say who is near. The first step of our pipeline, `prepare`, fills gaps and scales. It is already fitted on the training rows.
#
# To see what SMOTE does, take only the first 1,000 customers and two columns:

# %%
from imblearn.over_sampling import SMOTE   # the library imbalanced-learn

prepared = model["prepare"].transform(X_train)
small = prepared[:1_000, :2]   # the first two columns
with_invented, _ = SMOTE(random_state=0).fit_resample(small, y_train[:1_000])
real = small[y_train[:1_000] == 1]
invented = with_invented[1_000:]   # SMOTE puts them behind the real rows

# %%
plt.figure(figsize=(4.6, 4.6))
plt.plot(invented[:, 0], invented[:, 1], ".", color=plots.SKY, label="invented")
plt.plot(real[:, 0], real[:, 1], "o", color=plots.RED, label="real positives")
plt.xlabel("x1, prepared")
plt.ylabel("x2, prepared")
plt.legend()
plots.show(
    "A scatter plot of a few real positives and many invented ones. The invented ones form "
    "straight lines between neighboring real ones."
)

# %% [markdown]
# The invented customers lie on lines between pairs of real positives. They are mixtures of real ones. So SMOTE adds no new information about customers.
#
# Now with all rows and all ten columns:

# %%
X_smote, y_smote = SMOTE(random_state=0).fit_resample(prepared, y_train)
pd.DataFrame({
    "rows": [len(y_train), len(y_smote)],
    "positives": [y_train.sum(), y_smote.sum()],
}, index=["before", "after SMOTE"])

# %% [markdown]
# After SMOTE, half of the training rows are positives. Nearly all of these are invented.
#
# Now train the same logistic regression in both ways. `class_weight="balanced"` makes each positive count more. `C=0.1` is something else: the regularization, as in our pipeline.

# %%
from sklearn.linear_model import LogisticRegression

weighted = LogisticRegression(C=0.1, class_weight="balanced").fit(prepared, y_train)
smoted = LogisticRegression(C=0.1).fit(X_smote, y_smote)
prepared_test = model["prepare"].transform(X_test)   # nobody is invented in the test
ways = {
    "none": p,
    "class weights": weighted.predict_proba(prepared_test)[:, 1],
    "SMOTE": smoted.predict_proba(prepared_test)[:, 1],
}

# %% [markdown]
# For each way we ask three questions. How does the AUC change? How high are the probabilities on average? What do we earn at cost / gain?

# %%
def consequences(ways):
    """What each way does to the AUC, the mean of p and the profit at cost / gain."""
    table = pd.DataFrame(columns=["AUC minus none", "mean of p", "profit per 1,000"])
    for name, predicted in ways.items():
        auc = evaluation.difference(roc_auc_score, y_test, predicted, ways["none"])
        earned = (predicted > threshold) * (y_test * gain - cost)
        profit = evaluation.mean_interval(1_000 * earned).text(0)
        mean = round(predicted.mean(), 2)
        table.loc[name] = [auc.text(3, signed=True), mean, profit]
    return table

# %%
guess(
    "03.c",
    "0.037 of the test customers join. What is the mean of p after SMOTE?",
    ["about 0.04", "about 0.15", "about 0.40"],
)

# %% tags=["reveal"]
consequences(ways)

# %% [markdown]
# Both intervals in the first column include zero: the ranking cannot be distinguished from the one without balancing. But the probabilities are about ten times too high. So nearly everybody is above cost / gain and gets a letter, and the shop loses money.
#
# Why? Balancing shows the model a world in which every second customer joins. Its probabilities are right for that world, and wrong for ours.
#
# Is XGBoost different? `models.rebalance` puts SMOTE into a pipeline, before its last step, or sets the class weights in it.

# %%
boosted = {"none": predictions["xgboost"]}
for way in ["class weights", "SMOTE"]:
    candidate = models.rebalance(models.model("xgboost"), way)
    candidate.fit(X_train, y_train)
    boosted[way] = candidate.predict_proba(X_test)[:, 1]

# %%
consequences(boosted)

# %% [markdown]
# XGBoost even ranks worse, most of all after SMOTE: both intervals are below zero. Its probabilities are far too high as well, and it loses money.
#
# So why do people balance? Because at the usual threshold of one half, a model of a rare event finds nobody. After balancing it finds some. A threshold of cost / gain finds them too, and keeps the probabilities.
#
# (A weak learner, such as a single small tree, can rank better after balancing. And there is a formula that corrects the probabilities. Both are in the deeper notebook.)
#
# **What you can tell your boss:** we do not balance. Here it does not improve the ranking, and makes the probabilities about ten times too high.

# %% [markdown]
# ## Explore
#
# A larger explorer, on other customers of the same kind. Left: can `p` be trusted? Right: profit by threshold. The dot is at cost / gain.
#
# 1. Start with the strategy *none*.
# 2. Choose *class weights*: what happens to both pictures? (A new model takes a few seconds.)
# 3. Tick *correct the prior*, the formula that corrects the probabilities. (The prior is the share of positives.)
# 4. Set a cost of 15: what is left of the profit?

# %%
widgets.imbalance_explorer()

# %% [markdown]
# With class weights, the points leave the diagonal, and the dot is far from the peak. The correction brings both back, though not perfectly. With a cost of half the gain, hardly anybody is worth a letter.
#
# **What you can tell your boss:** when our cost or margin changes, we move the threshold. The model stays.

# %% [markdown]
# ## SMOTE before the split
#
# You may find this in a tutorial: balance the table with SMOTE, then cross-validate. We do it with a part of the training customers and a forest. (Each row is scored by a forest that was trained on the other four fifths. We skip the scaling.)

# %%
from sklearn.model_selection import cross_val_predict

X_few, y_few = X_train[:3_000], y_train[:3_000]   # fewer customers: faster
forest = RandomForestClassifier(30, random_state=0)
X_wrong, y_wrong = SMOTE(random_state=0).fit_resample(X_few, y_few)
p_wrong = cross_val_predict(
    forest, X_wrong, y_wrong, cv=5, method="predict_proba"
)[:, 1]

# %%
guess(
    "03.d",
    "The true probabilities have an AUC of 0.76. What does this forest get?",
    ["about 0.70", "about 0.76", "about 0.99"],
)

# %% tags=["reveal"]
auc_wrong = evaluation.interval(roc_auc_score, y_wrong, p_wrong)
print("AUC, SMOTE before the split:", auc_wrong.text())

# %% [markdown]
# Two things are wrong. First, invented customers are scored, and nobody will ever write to them. Second, SMOTE put each of them between two real ones, its parents. The split sends some of a family to training and others to the scored fold. So the forest recognizes the family. Information about the scored rows was in the training rows: this is a **leak**.
#
# So SMOTE belongs *inside* a pipeline. Then in each fold only the training rows are balanced, and real customers are scored. The pipeline of imbalanced-learn does this. At prediction time it skips SMOTE.

# %% [markdown]
# ### Exercise 03.3 · fix the leak (7 minutes)
#
# Keep SMOTE, the `forest` and the customers `X_few`, `y_few`. `honest_auc` is one number: the `roc_auc_score` of cross-validated predictions, with SMOTE inside the folds. Import `Pipeline` from `imblearn.pipeline`; it is written like that of scikit-learn. (The cell after your answer shows one way: try first.)

# %%
honest_auc = ...
check("03.3", honest_auc)

# %% [markdown]
# SMOTE inside the folds:

# %%
from imblearn.pipeline import Pipeline

inside = Pipeline([("SMOTE", SMOTE(random_state=0)), ("classify", forest)])
p_inside = cross_val_predict(
    inside, X_few, y_few, cv=5, method="predict_proba"
)[:, 1]
auc_inside = evaluation.interval(roc_auc_score, y_few, p_inside)
print("AUC, SMOTE inside the folds:", auc_inside.text())

# %% [markdown]
# This AUC is below the ceiling again, as we expect. Nobody cheated: the table was simply balanced one line too early.
#
# **What you can tell your boss:** when a score on a rare event looks too good, ask first what was done before the split.

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey records who was sent coupons, and who redeemed one. A row is an **offer**: a household in a campaign. The columns say what was known before the campaign. We train on campaigns that had ended by 8 August 2017, and test on those that started later.

# %%
from helpers import shop
from helpers.features import coupons

journey = shop.load("complete_journey")
offers = coupons.coupon_offers(journey)
start = pd.Timestamp("2017-08-08")
train_real = offers[offers["ends"] < start]
test_real = offers[offers["starts"] >= start]
pd.DataFrame({
    "offers": [len(train_real), len(test_real)],
    "redeemed": [train_real["redeemed"].sum(), test_real["redeemed"].sum()],
    "prevalence": [train_real["redeemed"].mean(), test_real["redeemed"].mean()],
}, index=["train", "test"]).round(2)

# %%
columns = coupons.FEATURES
y_real = test_real["redeemed"].astype(int)
p_real = {}
for way in ["none", "class weights", "SMOTE"]:
    candidate = models.rebalance(models.model("logistic regression"), way)
    candidate.fit(train_real[columns], train_real["redeemed"].astype(int))
    p_real[way] = candidate.predict_proba(test_real[columns])[:, 1]

# %% [markdown]
# We score the ranking by average precision ([primer](primer.ipynb), section 6). A household's offers are alike, so they tell us less than as many independent ones. Drawing single offers would make the interval too narrow. So the bootstrap draws whole households.

# %%
from sklearn.metrics import average_precision_score, log_loss

household = test_real.index.get_level_values("customer_id")
scores = pd.DataFrame(columns=["average precision minus none", "mean of p", "log-loss"])
for way, predicted in p_real.items():
    difference = evaluation.difference(
        average_precision_score, y_real, predicted, p_real["none"],
        household, draws=1000,   # draw whole households
    )
    mean = round(predicted.mean(), 2)
    its_loss = round(log_loss(y_real, predicted), 2)
    scores.loc[way] = [difference.text(3, signed=True), mean, its_loss]
scores

# %% [markdown]
# Class weights gain 0.009 of average precision. For SMOTE, the interval only just reaches zero: perhaps a gain, perhaps none. But the probabilities are about three times too high: 0.16<!-- test, prevalence --> of the offers were redeemed. So the log-loss is much higher, too.
#
# Without balancing, logistic regression promises too much as well: 0.20<!-- none, mean of p -->. Why? Look at one column, how many coupons a household has redeemed before:
#

# %%
before = "coupons_redeemed_before"   # by this household, before this offer
pd.Series({
    "train": train_real[before].mean(), "test": test_real[before].mean(),
}).round(2)

# %% [markdown]
# The records begin in January. By autumn, every household has had more time to redeem. Such growing columns are a likely reason. (There are others like it.) A count over a fixed period would not grow. Compare the mean of `p` with what happens, month by month ([chapter 07](07_into_production.ipynb)).
#
# **What you can tell your boss:** among real shoppers, balancing changed the ranking very little, and made the probabilities useless for calculating profit.

# %% [markdown]
# ## What people say, what we measured
#
# Each line is a piece of advice, tested on thirty simulated sets of customers, and on the coupons where possible.

# %%
from IPython.display import Markdown

from helpers.course import studies

Markdown(studies.short_table({
    "c05": "balancing does not help a strong model to rank",
    "c06": "balancing ruins the probabilities",
    "c07": "cost / gain earns more than a threshold of 0.5",
    "c09": "SMOTE before the split makes scores too good",
}))

# %% [markdown]
# "Help" in c05 means a clear gain: for some models and data there was a small one. The [deeper notebook](deeper/03_imbalanced_customers.ipynb) discusses these and four more.
#
# **What you can tell your boss:** choose the threshold by money, and do not balance.

# %% [markdown]
# ## Summary
#
# 1. **Probabilities.** Count the positives first; a small share is not the problem. Draw the calibration: some models are overconfident. Logistic regression, with the settings of chapter 01, was calibrated in the simulated data. On the coupons, logistic regression promised too much.
# 2. **A decision by money.** Contact where `p` is above cost / gain. Say what the rule would have earned, with an interval, and what that assumes.
# 3. **Balancing.** Class weights and SMOTE improved the ranking little or not at all, and made probabilities far too high. If you use SMOTE, put it inside the pipeline.
#
# Next: [04 · Cold start](04_cold_start.ipynb). The deeper notebook has exercises 03.2, 03.4 and 03.5.

# %% [markdown]
# **Sources.** Elkan 2001 (the threshold from costs); Chawla et al. 2002 (SMOTE); van den Goorbergh et al. 2022, JAMIA 29:1525 (the harm of correcting imbalance); Niculescu-Mizil & Caruana 2005 (which models are overconfident).
