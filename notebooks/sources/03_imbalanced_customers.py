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
# About 70 minutes with the exercises. The words come from the [primer](primer.ipynb). How to repair probabilities, and more, is in the [deeper notebook](deeper/03_imbalanced_customers.ipynb).

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
# A shop offers a membership by letter. A letter costs 2. A customer who joins brings 30. Nobody joins without a letter.
#
# The label is 1 if a customer would join after a letter, and 0 if not. Customers with label 1 are called **positives**, the others **negatives**.

# %% [markdown]
# The customers are simulated. So we know something that no shop knows: the **true probability** that each of them joins. We keep it for the test customers, and call it `truth`.

# %%
# X: ten columns, x1 to x10, such as visits or money spent
# y: the label; truth: the true probability (for train we drop it)
X_train, y_train, _ = simulator.rare_positives(10_000, seed=1)
X_test, y_test, truth = simulator.rare_positives(20_000, seed=2)

# %%
pd.DataFrame({
    "customers": [len(y_train), len(y_test)],
    "positives": [y_train.sum(), y_test.sum()],
    "prevalence": [y_train.mean(), y_test.mean()],
}, index=["train", "test"]).round(3)

# %% [markdown]
# The **prevalence** is the share of positives. Here it is below 4 %. A label with few positives and many negatives is called **imbalanced**.
#
# How well could the best possible model rank these customers? It would use the true probabilities:

# %%
from sklearn.metrics import roc_auc_score

ceiling = roc_auc_score(y_test, truth)
print(f"AUC of the true probabilities: {ceiling:.2f}")

# %% [markdown]
# Why not 1? Take ten customers who each join with a true probability of one in ten. About one of them joins, and nobody can know which. The truth gives all ten the same place in the ranking.
#
# So 0.76 is a **ceiling**. If a model scores clearly higher, it probably saw something that it cannot know in real use.

# %% [markdown]
# **What you can tell your boss:** who accepts a rare offer is partly luck. No model can predict that part.

# %% [markdown]
# ## Being rare is not the problem
#
# You often hear: "With so many negatives, the model cannot learn. We must balance the classes first." Is that true?
#
# Two things could be the problem: the **number** of positives, or their **share**. We will change one at a time. First, we train on all rows:

# %%
model = models.model("logistic regression")   # the pipeline of chapter 01
model.fit(X_train, y_train)
p = model.predict_proba(X_test)[:, 1]

# %% [markdown]
# Is `p` better than no model? Without a model we can give everybody the same probability: the prevalence in train. It is called the **base rate**.

# %%
base_rate = np.full(len(y_test), y_train.mean())   # one number, repeated

# %% [markdown]
# We compare the two by log-loss ([primer](primer.ipynb), section 7). The next function computes the loss of each test customer, as we did there for ten customers by hand.

# %%
def loss(predicted):
    """The loss of each test customer."""
    predicted = np.clip(predicted, 1e-6, 1 - 1e-6)   # log(0) is infinite
    given = np.where(y_test == 1, predicted, 1 - predicted)
    return -np.log(given)

# %% [markdown]
# Now every test customer has two losses, one from the model and one from the base rate. We subtract them. `evaluation.mean_interval` gives the mean of these differences and its 95 % interval.

# %%
difference = loss(p) - loss(base_rate)   # one number per test customer
interval = evaluation.mean_interval(difference)
print(interval.text(3, signed=True))   # three digits, with + or -

# %% [markdown]
# A lower loss is better, so below zero the model wins. The whole interval is below zero: the model beats the base rate, and luck can hardly explain it.

# %% [markdown]
# ### The number
#
# How many positives does the model need? We will train on very few of them, then on more.
#
# Only their number is to change, not their share. So how many negatives does train have for each positive?

# %%
train = X_train.assign(joins=y_train)   # columns and label in one table
positives = train[train["joins"] == 1]
negatives = train[train["joins"] == 0]

# %%
per_positive = len(negatives) // len(positives)
print("negatives for each positive:", per_positive)

# %% [markdown]
# For each positive we will take 26 negatives. This function trains a model on the rows we give it:

# %%
def probabilities(rows):
    """Train on these rows, then predict the test customers."""
    pipeline = models.model("logistic regression")
    pipeline.fit(rows[X_train.columns], rows["joins"])
    return pipeline.predict_proba(X_test)[:, 1]

# %%
guess(
    "03.a",
    "How many positives in train are enough to beat the base rate?",
    ["5", "80", "320"],
)

# %% tags=["reveal"]
table = pd.DataFrame(columns=["loss minus base rate"])
for n in [5, 20, 80, 320]:
    few_negatives = negatives.head(n * per_positive)
    few = pd.concat([positives.head(n), few_negatives])
    p_few = probabilities(few)
    interval = evaluation.mean_interval(loss(p_few) - loss(base_rate))
    table.loc[n] = interval.text(3, signed=True)
table.rename_axis("positives")

# %% [markdown]
# Each row is one model, trained on that many positives. Even with the fewest positives, the whole interval is below zero. More positives help, but beyond 80 they add little.
#
# (This is one draw of customers. With others, or with a hundred columns, so few may not be enough. Draw this table for your own shop.)

# %% [markdown]
# ### The share
#
# Now we keep all positives, and drop negatives at random until there are as many negatives as positives. This is called **undersampling**. The number of positives stays the same, and their share becomes one half.

# %%
rng = np.random.default_rng(0)
kept = negatives.sample(len(positives), random_state=rng)
half = pd.concat([positives, kept])
half["joins"].value_counts()

# %%
p_half = probabilities(half)
pd.Series({
    "all rows": roc_auc_score(y_test, p),
    "half and half": roc_auc_score(y_test, p_half),
}, name="AUC").round(3)

# %% [markdown]
# Is this difference luck? `evaluation.difference` makes the paired comparison of the [primer](primer.ipynb) (section 9): it draws test customers again and again, and scores both models on the same ones.

# %%
auc_change = evaluation.difference(roc_auc_score, y_test, p_half, p)
print("half and half minus all rows:", auc_change.text(4, signed=True))

# %% [markdown]
# Balancing did not help. With a share of one half, the ranking is even a little worse. So the small share was not the problem. The number of positives matters: the table above shows how much.
#
# **What you can tell your boss:** do not ask how rare our buyers are. Ask how many we have.

# %% [markdown]
# ## Can we trust the probabilities?
#
# A ranking says whom to contact first. Whether a customer is worth a letter is another question: it needs a probability that is right.
#
# A model is **calibrated** when, of a hundred customers with `p = 0.10`, about ten join, and likewise for every other `p`.

# %% [markdown]
# Not every model is calibrated. We compare logistic regression with three others:
#
# - **naive Bayes**, a simple and very fast model. (How it works is not needed here.)
# - an **untuned forest**. Its trees grow without a limit, as in the primer.
# - **XGBoost**, with the settings of [chapter 01](01_choosing_algorithms.ipynb).

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.naive_bayes import GaussianNB

others = {
    "naive Bayes": GaussianNB(),
    "untuned forest": RandomForestClassifier(50, random_state=0),   # 50 trees
    "xgboost": models.model("xgboost"),
}

# %%
predictions = {"logistic regression": p}
for name, other in others.items():
    other.fit(X_train, y_train)
    predictions[name] = other.predict_proba(X_test)[:, 1]

# %% [markdown]
# Look at naive Bayes first. We sort the test customers by its probability and cut them into ten groups of equal size. For each group we compare the mean probability (**predicted**) with the share that joined (**observed**).

# %%
p_bayes = predictions["naive Bayes"]
bayes = pd.DataFrame({"predicted": p_bayes, "observed": y_test})
bayes["group"] = pd.qcut(p_bayes, 10, labels=False) + 1   # 1 to 10

# %%
means = bayes.groupby("group").mean()
means.tail(3).round(2)   # the three highest groups

# %% [markdown]
# In the highest group naive Bayes predicted 0.43, but only 0.10<!-- group 10, observed --> joined. It is **overconfident**: it promises four times as many customers as join. (The deeper notebook shows why.)

# %% [markdown]
# To compare models, we draw such groups. `evaluation.calibration_table` makes the groups, and `plots.calibration` draws each one as a point, with a vertical bar for the 95 % interval of the observed share.

# %%
colors = {
    "naive Bayes": plots.ORANGE,
    "untuned forest": plots.PINK,
    "logistic regression": plots.BLUE,
}

# %%
plt.figure(figsize=(4.6, 4.6))
for name, color in colors.items():
    groups = evaluation.calibration_table(y_test, predictions[name])
    plots.calibration(groups, name, color)
plots.show(
    "Observed share against predicted probability. The points of logistic "
    "regression lie on the diagonal. Those of the untuned forest and of naive "
    "Bayes end far below it, at the right."
)

# %% [markdown]
# On the dotted diagonal, predicted and observed are equal. Below it, the model promises too much.
#
# Look at the right end of each line: these are the customers to whom the shop would write. Naive Bayes and the untuned forest promise far too much there. Logistic regression stays close to the diagonal.

# %% [markdown]
# Is calibration enough? No: the base rate is calibrated and cannot rank anybody. So we look at two scores: the AUC for the ranking, and the log-loss for the size of the probabilities.

# %%
board = pd.DataFrame(columns=["AUC", "loss minus base rate"])
for name, predicted in predictions.items():
    auc = roc_auc_score(y_test, predicted)
    difference = loss(predicted) - loss(base_rate)
    interval = evaluation.mean_interval(difference)
    board.loc[name] = [round(auc, 2), interval.text(3, signed=True)]
board

# %% [markdown]
# Naive Bayes and the untuned forest rank better than chance. Yet their loss is *higher* than that of the base rate: their probabilities are worse than no model.
#
# Logistic regression and XGBoost beat the base rate, and look alike. We keep the simpler one. Here are the two highest of five groups:

# %%
groups = evaluation.calibration_table(y_test, p, bins=5)
groups.tail(2).round(3)

# %% [markdown]
# In both groups the interval from `low` to `high` contains what was predicted. (The deeper notebook has all five groups. And it shows three ways to repair probabilities.)
#
# **What you can tell your boss:** when our model says 9 %<!-- 5, predicted -->, about 10 %<!-- 5, observed --> join. We checked it on customers that the model had not seen.

# %% [markdown]
# ## The threshold comes from money
#
# Who gets a letter? Everybody whose `p` is above a **threshold**. But which one?
#
# The next cell draws the profit at every threshold. Move the slider *threshold* along the curve. Where is the peak? Set *cost* to 6 and look again. Then change *gain*. Can you see a rule?

# %%
from helpers import widgets

widgets.threshold_explorer(y_test, p, gain=30, cost=2)

# %% [markdown]
# With a higher cost the peak moves to the right, with a higher gain to the left.
#
# Why? Think of one customer. The letter costs 2 for sure. With probability `p` the customer joins and brings 30<!-- gain -->. So on average the letter earns `p × gain − cost`. This is above zero when `p` is above cost / gain.

# %% [markdown]
# **The rule:** write to every customer whose `p` is above **cost / gain**. You need no search, only probabilities that you can trust. (The peak of the curve is near this threshold, not exactly there: luck moves it a little.)
#
# The rule holds because nobody joins without a letter. For other cases see [chapter 06](06_experiments.ipynb).

# %%
cost = 2
gain = 30
threshold = cost / gain
print(f"threshold: {threshold:.3f}")

# %% [markdown]
# How much is the rule worth? We compare four decisions. The last one uses the true probabilities: on average, nobody can do better.

# %%
decisions = {   # for each: an array of True (letter) and False
    "everybody": np.full(len(p), True),
    "p above 0.5": p > 0.5,
    "p above cost / gain": p > threshold,
    "truth above cost / gain": truth > threshold,
}

# %%
def profit(contacted):
    """What each test customer brings."""
    with_letter = y_test * gain - cost   # who joins: gain - cost; else: -cost
    return np.where(contacted, with_letter, 0)

# %%
guess(
    "03.b",
    "Many programs decide at 0.5. How many of the 20,000 then get a letter?",
    ["2", "about 200", "about 2,000"],
)

# %% tags=["reveal"]
money = pd.DataFrame(columns=["letters", "profit per 1,000 customers"])
for name, contacted in decisions.items():
    interval = evaluation.mean_interval(1_000 * profit(contacted))
    money.loc[name] = [contacted.sum(), interval.text(1)]
money

# %% [markdown]
# At 0.5 hardly any letter goes out, because hardly any customer is so likely to join. Writing to everybody loses money.
#
# At cost / gain the shop earns 186 per 1,000 customers. Even the truth would earn only 230<!-- truth -->. So our model earns most of what is possible.

# %% [markdown]
# **What you can tell your boss:** we write to a customer if the probability times the gain is more than the cost. A threshold of 0.5 would have earned nothing.

# %% [markdown]
# ### Exercise 03.1 · the prices change (4 minutes)
#
# A letter now costs 4, and a customer who joins brings 50<!-- here -->. Which of the test customers get one, by `p`? The answer is an array of True and False. (Do not change `cost` and `gain`: they are needed again.)
#
# `hint("03.1")` helps, `solution("03.1")` shows one right answer.

# %%
invited = ...
check("03.1", invited)

# %% [markdown]
# ## On your own data
#
# Now make a list of your own customers. Your orders do not say who joins after a letter, so the label is another one. A positive is a customer of **high value**: one of the tenth who spend most in the next quarter. (If fewer than a tenth order, everyone who orders.)
#
# Change the line with `own`, and set your cost and gain. The file is as in [chapter 01](01_choosing_algorithms.ipynb).

# %%
import pandas as pd   # this section runs on its own

from helpers import evaluation, quote, shop
from helpers.targets import contacts

own = shop.load()   # the simulated shop; yours: shop.read("my_orders.csv")
my_cost = 2   # what a contact costs
my_gain = 30   # what a contact brings, if the customer is of high value

# %% [markdown]
# `contacts.tested` makes features from your orders, trains logistic regression, and predicts the last quarter. (With fewer than fifty positives in train or test it stops. So few cannot show whether a probability is right.)

# %%
tested = contacts.tested(own)
tested.head(3).round(2)

# %% [markdown]
# Each row is a customer: what the model predicted for the last quarter, and what then happened. Can these probabilities be trusted?

# %%
y_own = tested["high_value"]
evaluation.calibration_table(y_own, tested["p"], bins=5).round(2)

# %% [markdown]
# In the simulated shop, predicted and observed are close. (In group 4 the model predicted slightly too few.)
#
# In your shop, compare the two columns where it matters: in the groups around your cost / gain and above. If one is twice the other there, do not compute with these probabilities. Use them only to rank, as in chapter 01.

# %% [markdown]
# Now apply the rule. How many customers are chosen, and how many of them were of high value?

# %%
chosen = tested["p"] > my_cost / my_gain
hits = chosen & tested["high_value"]
pd.Series({"contacted": chosen.sum(), "of these, positives": hits.sum()})

# %% [markdown]
# And what would this have earned, if a contact brought `my_gain` from every positive?

# %%
with_contact = tested["high_value"] * my_gain - my_cost
my_profit = with_contact.where(chosen, 0)   # 0 if not chosen
interval = evaluation.mean_interval(1_000 * my_profit)
print("profit per 1,000 customers:", interval.text(0))

# %% [markdown]
# The profit rests on the positives among those contacted. With fewer than about ten, do not trust the interval.
#
# And it counts `my_gain` for every positive. But in that quarter nobody was contacted by this rule: they spent without it. Only an experiment can tell what a contact adds ([chapter 06](06_experiments.ipynb)).

# %% [markdown]
# Now the list. `contacts.contact_list` trains the model again, on the latest quarter, and predicts the next one.

# %%
my_list = contacts.contact_list(own, cost=my_cost, gain=my_gain)
my_list["contact"].value_counts()

# %%
quote.save_list(my_list, path=None)   # yours: path="my_contacts.csv"

# %% [markdown]
# `score` is the probability of high value. `contact` is "yes" where it is above cost / gain. The file is written only if you give a path, and an existing file is never overwritten. (First remove those who did not agree to be contacted.)

# %% [markdown]
# **What you can tell your boss:** these customers have enough chance of high value. Most of them will still not reach it. What a contact adds, we have to test.

# %% [markdown]
# ## Class weights and SMOTE
#
# Undersampling throws customers away. Two other ways to balance keep them all. The first is **class weights**: each positive counts many times in training, so that both classes weigh the same. With one positive and nine negatives, the positive counts nine times.

# %% [markdown]
# The second is **SMOTE**. It invents positives: it takes a positive and one of its five nearest positives, and puts a new customer at a random place between the two.
#
# To say who is near, SMOTE needs all columns on one scale. The first step of our model, `prepare`, does that. To see SMOTE at work, we take only 1,000 customers and two columns:

# %%
prepared = model["prepare"].transform(X_train)
small = prepared[:1_000, :2]   # 1,000 customers, two columns
y_small = y_train[:1_000]

# %%
from imblearn.over_sampling import SMOTE   # the library imbalanced-learn

smote = SMOTE(random_state=0)
enlarged, _ = smote.fit_resample(small, y_small)
invented = enlarged[1_000:]   # they stand behind the real customers
real = small[y_small == 1]

# %%
plt.figure(figsize=(4.6, 4.6))
plt.plot(
    invented[:, 0], invented[:, 1], ".", color=plots.SKY, label="invented"
)
plt.plot(real[:, 0], real[:, 1], "o", color=plots.RED, label="real positives")
plt.xlabel("x1, prepared")
plt.ylabel("x2, prepared")
plt.legend()
plots.show(
    "A few real positives and many invented ones. The invented ones form "
    "straight lines between neighboring real ones."
)

# %% [markdown]
# The invented customers lie on lines between real positives. They are mixtures of customers we already have, so SMOTE adds no new information.
#
# Now with all rows and all ten columns:

# %%
X_smote, y_smote = smote.fit_resample(prepared, y_train)
pd.DataFrame({
    "rows": [len(y_train), len(y_smote)],
    "positives": [y_train.sum(), y_smote.sum()],
}, index=["before", "after SMOTE"])

# %% [markdown]
# After SMOTE, half of the rows are positives, and nearly all of these are invented.
#
# Next we train logistic regression in both ways. (`C=0.1` is the setting inside our model, too. So only the balancing differs.)
#
# The test customers are prepared in the same way, but never balanced: nobody is invented among them.

# %%
from sklearn.linear_model import LogisticRegression

prepared_test = model["prepare"].transform(X_test)
weighted = LogisticRegression(C=0.1, class_weight="balanced")
weighted.fit(prepared, y_train)
p_weighted = weighted.predict_proba(prepared_test)[:, 1]

# %%
smoted = LogisticRegression(C=0.1)
smoted.fit(X_smote, y_smote)
p_smote = smoted.predict_proba(prepared_test)[:, 1]

# %%
ways = {"none": p, "class weights": p_weighted, "SMOTE": p_smote}

# %% [markdown]
# First question: do these two rank better than our model?

# %%
for way in ["class weights", "SMOTE"]:
    auc_change = evaluation.difference(roc_auc_score, y_test, ways[way], p)
    print(f"AUC, {way} minus none:", auc_change.text(3, signed=True))

# %% [markdown]
# Both intervals include zero: the rankings cannot be distinguished from the one without balancing.
#
# Second question: what happens to the probabilities?

# %%
guess(
    "03.c",
    "0.037 of the test customers join. What is the mean of p after SMOTE?",
    ["about 0.04", "about 0.15", "about 0.40"],
)

# %% tags=["reveal"]
pd.DataFrame(ways).mean().round(2)

# %% [markdown]
# After balancing, the probabilities are about ten times too high. Why? Balancing shows the model a world in which every second customer joins. Its probabilities are right for that world, and wrong for ours.
#
# Third question: what do we earn at cost / gain?

# %%
earned = pd.DataFrame(columns=["letters", "profit per 1,000"])
for way, predicted in ways.items():
    contacted = predicted > threshold
    interval = evaluation.mean_interval(1_000 * profit(contacted))
    earned.loc[way] = [contacted.sum(), interval.text(0)]
earned

# %% [markdown]
# Now nearly all of the 20,000 customers are above cost / gain and get a letter. So the shop loses almost as much as by writing to everybody. (The deeper notebook does the same with three other models.)

# %% [markdown]
# So why do people balance? Many programs decide at 0.5. How many customers are above it?

# %%
above = pd.DataFrame(ways) > 0.5
above.sum()

# %% [markdown]
# Without balancing, hardly anybody is above 0.5. After it, thousands are. So it looks as if balancing was needed to find them. But the threshold cost / gain selects customers without balancing, and the probabilities stay right.
#
# (The deeper notebook has a weak model that balancing helps, and a formula that corrects the probabilities.)

# %% [markdown]
# **What you can tell your boss:** we do not balance. Here it does not improve the ranking, and makes the probabilities about ten times too high.

# %% [markdown]
# ## Explore
#
# Here is a larger explorer, with other customers of the same kind. The dot is at cost / gain.
#
# 1. Start with the strategy *none*, then choose *class weights*, and wait a few seconds. What happens to both pictures?
# 2. Tick *correct the prior*. It calculates back from the balanced world to ours. (The prior is the prevalence.)
# 3. Set a cost of 15: what is left of the profit?

# %%
widgets.imbalance_explorer()

# %% [markdown]
# 1. With class weights `p` is too high, so the points lie far below the diagonal. The peak moves to the right. The dot stays at cost / gain, where there is now a loss.
# 2. The correction brings points and peak nearly back.
# 3. Nothing is left: the model gives nobody a probability above one half.
#
# **What you can tell your boss:** when our cost or margin changes, we move the threshold. The model stays.

# %% [markdown]
# ## SMOTE before the split
#
# You may find this in a tutorial: first balance the table with SMOTE, then cross-validate. Let us try it. We take fewer customers and a small forest, so that it runs faster.

# %%
X_few = X_train[:3_000]
y_few = y_train[:3_000]
X_wrong, y_wrong = smote.fit_resample(X_few, y_few)   # before the split

# %% [markdown]
# `cross_val_predict` splits the rows into five parts. It predicts each part with a forest that was trained on the other four.

# %%
from sklearn.model_selection import cross_val_predict

forest = RandomForestClassifier(30, random_state=0)
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
# Far above the ceiling: too good to be true. What went wrong?
#
# SMOTE made each invented customer from two real ones, its parents. Then the rows were split. So an invented customer may be tested by a forest that was trained on its parents, and the forest recognizes the family. Information about the test rows was in the training rows: this is a **leak**.

# %% [markdown]
# There is a second mistake: invented customers are tested at all. Nobody will ever write to them.
#
# The remedy: SMOTE belongs *inside* a pipeline. Then each time only the training rows are balanced, and only real customers are tested. Use the pipeline of imbalanced-learn; when it predicts, it skips SMOTE.

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

inside = Pipeline([("SMOTE", smote), ("classify", forest)])
p_inside = cross_val_predict(
    inside, X_few, y_few, cv=5, method="predict_proba"
)[:, 1]

# %%
auc_inside = evaluation.interval(roc_auc_score, y_few, p_inside)
print("AUC, SMOTE inside the folds:", auc_inside.text())

# %% [markdown]
# This AUC is below the ceiling again, as it should be. Nobody cheated: the table was simply balanced one line too early.
#
# **What you can tell your boss:** when a score on a rare event looks too good, ask first what was done before the split.

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey is real data. It records who was sent coupons, and who redeemed (used) one. A row is an **offer**: a household in a campaign. The columns say what was known before the campaign.

# %%
from helpers import shop
from helpers.features import coupons

journey = shop.load("complete_journey")
offers = coupons.coupon_offers(journey)

# %% [markdown]
# We train on campaigns that had ended by 8 August 2017, and test on those that started later.

# %%
start = pd.Timestamp("2017-08-08")
train_real = offers[offers["ends"] < start]
test_real = offers[offers["starts"] >= start]

# %%
y_train_real = train_real["redeemed"].astype(int)
y_test_real = test_real["redeemed"].astype(int)

# %%
pd.DataFrame({
    "offers": [len(y_train_real), len(y_test_real)],
    "redeemed": [y_train_real.sum(), y_test_real.sum()],
    "prevalence": [y_train_real.mean(), y_test_real.mean()],
}, index=["train", "test"]).round(2)

# %% [markdown]
# We train logistic regression in the same three ways. `models.rebalance` puts class weights or SMOTE into a pipeline:

# %%
columns = coupons.FEATURES
p_real = {}
for way in ["none", "class weights", "SMOTE"]:
    pipeline = models.rebalance(models.model("logistic regression"), way)
    pipeline.fit(train_real[columns], y_train_real)
    p_real[way] = pipeline.predict_proba(test_real[columns])[:, 1]

# %% [markdown]
# Do they rank better? We use average precision ([primer](primer.ipynb), section 6).
#
# One thing is new: a household can have several offers, and these are alike. So the bootstrap draws whole households. With single offers the interval would be too narrow.

# %%
from sklearn.metrics import average_precision_score

household = test_real.index.get_level_values("customer_id")   # whose offer

# %%
without = p_real["none"]
for way in ["class weights", "SMOTE"]:
    change = evaluation.difference(
        average_precision_score, y_test_real, p_real[way], without,
        customers=household, draws=1000,
    )
    print(f"{way} minus none:", change.text(3, signed=True))

# %% [markdown]
# Class weights gain a little. For SMOTE the interval only just reaches zero: perhaps a gain, perhaps none. And the probabilities?

# %%
from sklearn.metrics import log_loss

table = pd.DataFrame(columns=["mean of p", "log-loss"])
for way, predicted in p_real.items():
    table.loc[way] = [predicted.mean(), log_loss(y_test_real, predicted)]
table.astype(float).round(2)

# %% [markdown]
# In the test, 0.16<!-- test, prevalence --> of the offers were redeemed. After balancing, the mean of `p` is about three times as high, and the log-loss rises, too.
#
# Even without balancing the model promises a little too much, 0.20<!-- none, mean of p -->. (A likely reason is in the deeper notebook.) So compare the mean of `p` with what happens, month by month ([chapter 07](07_into_production.ipynb)).

# %% [markdown]
# **What you can tell your boss:** among real shoppers, balancing changed the ranking very little, and made the probabilities far too high.

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
# The first line is about the mean over three models and three ways to balance. In some single cases balancing helped a little: see *c05: all figures*.
#
# The [deeper notebook](deeper/03_imbalanced_customers.ipynb) discusses these claims and four more.
#
# **What you can tell your boss:** choose the threshold by money, and do not balance.

# %% [markdown]
# ## Summary
#
# 1. **Probabilities.** A small share is not the problem. Check the calibration: some models are overconfident. Logistic regression promised too much on the coupons.
# 2. **A decision by money.** Contact where `p` is above cost / gain. Say what the rule would have earned, with an interval.
# 3. **Balancing.** Class weights and SMOTE improved the ranking little or not at all, and made probabilities far too high. If you use SMOTE, put it inside the pipeline.

# %% [markdown]
# Next: [04 · Cold start](04_cold_start.ipynb). The deeper notebook has exercises 03.2, 03.4 and 03.5.
#
# **Sources.** Elkan 2001 (the threshold from costs); Chawla et al. 2002 (SMOTE); van den Goorbergh et al. 2022, JAMIA 29:1525 (the harm of correcting imbalance).
