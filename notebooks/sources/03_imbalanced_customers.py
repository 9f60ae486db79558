# %% [markdown]
# # 03 · Imbalanced customers
#
# **The question.** Few customers are worth a costly offer. How do we find them, how far can the model's probabilities be believed, and whom do we contact?
#
# After this notebook you can
#
# 1. build a model of probabilities for a rare outcome, judge it by log-loss, and check and mend its calibration,
# 2. turn probabilities into a decision by money, and say what that earns, with an interval,
# 3. say what SMOTE, class weights and undersampling do to ranking, probabilities and profit, and use them without fooling yourself.
#
# About 75 minutes with the exercises. You need scikit-learn's `fit` and `predict_proba`; a look at chapter 01 helps.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from IPython.display import Markdown
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, log_loss, make_scorer, roc_auc_score
from sklearn.model_selection import TunedThresholdClassifierCV, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from helpers import evaluation, models, plots, shop, simulator, studies, targets, widgets
from helpers.exercises import chapter_03, check, hint, solution
from helpers.studies import coupons

plots.use_style()

# %% [markdown]
# ## A rare outcome whose probabilities are known
#
# A shop sells a membership, by a letter with a gift. The letter costs 2, whoever joins brings 30, and nobody joins without a letter. (That last point matters: where customers would buy anyway, chapter 06 takes over.) Ten columns are known of each customer.
#
# The customers are simulated, so that we know what no shop knows: the true probability of each. `y` is 1 for those who would join.

# %%
X, y, _ = simulator.rare_positives(10_000, seed=1)
X_test, y_test, truth = simulator.rare_positives(20_000, seed=2)
print(f"{y.sum()} of {len(y):,} would join: a prevalence of {y.mean():.1%}")
print(f"AUC of the true probabilities: {roc_auc_score(y_test, truth):.2f}")
X.describe().loc[["mean", "std", "min", "50%", "max"]].round(1)

# %% [markdown]
# One in 27 would join. Even the true probabilities rank no better than an **AUC** of .77 (the chance that a random positive stands above a random negative): the rest is luck, and no model can learn it. Keep this ceiling in mind when somebody shows you .99.
#
# ## Are there enough positives?
#
# What counts is not the share of positives but their **number**. **Log-loss** judges a probability: the mean of −log(p) for those who join and −log(1 − p) for those who do not. Smaller is better; whoever gives everybody the base rate needs no model.
#
# **Guess first:** with how many positives does a model beat the base rate?

# %%
scores = {}
for n in [500, 1_000, 2_500, 5_000, 10_000]:
    row = {"positives": y[:n].sum()}
    for name in ["logistic regression", "xgboost"]:
        model = models.model(name).fit(X[:n], y[:n])
        row[name] = log_loss(y_test, model.predict_proba(X_test)[:, 1])
    scores[n] = row
base_rate = np.full(len(y_test), y.mean())
print(f"base rate {log_loss(y_test, base_rate):.3f}, truth {log_loss(y_test, truth):.3f}")
pd.DataFrame(scores).T.round(3)

# %% [markdown]
# READ.
#
# The test needs positives, too. How wide is the interval of an AUC with few of them?

# %%
model = models.model("xgboost").fit(X, y)
p_test = model.predict_proba(X_test)[:, 1]
widths = {}
for n in [500, 2_000, 5_000, 20_000]:
    auc = evaluation.interval(roc_auc_score, y_test[:n], p_test[:n])
    widths[y_test[:n].sum()] = auc.text()
pd.Series(widths, name="AUC").rename_axis("positives in the test")

# %% [markdown]
# READ
#
# ## A model of probabilities
#
# Six ways to give each customer a probability. **Guess first:** which will have a log-loss *above* the base rate's, that is, know less than nothing?

# %%
learners = {
    "naive Bayes": make_pipeline(models.prepare("standardize"), GaussianNB()),
    "decision tree": make_pipeline(models.prepare("log"), DecisionTreeClassifier(min_samples_leaf=5, random_state=0)),
    "forest as it comes": RandomForestClassifier(50, random_state=0),
    "random forest": models.model("random forest", scale="log", n_estimators=50),
    "logistic regression": models.model("logistic regression"),
    "xgboost": models.model("xgboost", scale="log"),
}
p = {name: model.fit(X, y).predict_proba(X_test)[:, 1] for name, model in learners.items()}
board = evaluation.scoreboard(y_test, {"base rate": base_rate, **p, "truth": truth}, ["AUC", "log loss"])
board["text"] = [evaluation.Interval(*row).text(3) for row in board[["estimate", "low", "high"]].to_numpy()]
board.pivot(index="model", columns="score", values="text").loc[board["model"].unique()]

# %% [markdown]
# READ
#
# ## Can the probabilities be believed?
#
# A model is **calibrated** when of the customers to whom it gives 10 %, 10 % join. Sort the customers by p, cut them into ten equal groups, and compare the mean p of each with the share that joined. By hand, then with the helper, which adds Wilson's interval:

# %%
group = pd.qcut(p["naive Bayes"], 10)
by_hand = pd.DataFrame({"predicted": p["naive Bayes"], "observed": y_test}).groupby(group).mean()
table = evaluation.calibration_table(y_test, p["naive Bayes"])
print("the same shares:", np.allclose(by_hand, table[["predicted", "observed"]]))
table.round(3).tail(4)

# %%
for name, color in {"naive Bayes": plots.ORANGE, "forest as it comes": plots.PINK, "xgboost": plots.BLUE}.items():
    plots.calibration(evaluation.calibration_table(y_test, p[name]), name, color)
plt.title("Two of these models shout")
plots.show("Observed share against mean predicted probability in ten groups, with intervals, for three models. XGBoost lies on the diagonal; naive Bayes and the forest as it comes lie below it on the right: they say .3 where less than .2 join.")
errors = {name: evaluation.calibration_error(y_test, p[name]) for name in p}
pd.Series(errors, name="calibration error").round(3).to_frame().T

# %% [markdown]
# READ. **Brier**
#
# ## Recalibration
#
# A calibrator is a curve from the model's p to a better one, learned on rows that the model has not seen. Three kinds: a **sigmoid** (two numbers), **isotonic** regression (any rising staircase) and a **temperature** (one number, that pulls all log-odds toward zero or away). `FrozenEstimator` keeps the fitted model as it is.
#
# **Guess first:** which models gain, and can a recalibration do harm?

# %%
calibrated = {}
for name in ["naive Bayes", "forest as it comes", "logistic regression", "xgboost"]:
    fitted = learners[name].fit(X[:7_500], y[:7_500])
    row = {"as it is": fitted.predict_proba(X_test)[:, 1]}
    for method in ["sigmoid", "isotonic", "temperature"]:
        mended = CalibratedClassifierCV(FrozenEstimator(fitted), method=method)
        row[method] = mended.fit(X[7_500:], y[7_500:]).predict_proba(X_test)[:, 1]
    calibrated[name] = {kind: evaluation.PROBABILITY_SCORES["log loss"](y_test, q) for kind, q in row.items()}
pd.DataFrame(calibrated).T.round(3)

# %% [markdown]
# READ
#
# ## The threshold comes from money
#
# A letter to a customer with probability p brings p · 30 − 2 on average. That is above zero where p > 2/30 = .067: **cost / gain** (Elkan 2001), not .5.
#
# **Guess first:** how many letters go out at .5? And what does it earn per 1,000 customers to write to everybody?

# %%
gain, cost = 30, 2
threshold = evaluation.best_threshold(gain, cost)
letters = {
    "everybody": np.ones(len(y_test), dtype=bool),
    "p > .5": p["xgboost"] > 0.5,
    "p > cost / gain": p["xgboost"] > threshold,
    "truth > cost / gain": truth > threshold,
}
rows = {}
for name, contacted in letters.items():
    by_hand = 1_000 * (contacted * (y_test * gain - cost)).mean()
    earned = evaluation.interval(lambda y, c: evaluation.profit(y, c, gain, cost), y_test, contacted)
    assert np.isclose(by_hand, earned.estimate)
    rows[name] = {"letters per 1,000": 1_000 * contacted.mean(), "profit per 1,000": earned.text(0)}
pd.DataFrame(rows).T

# %%
for name, color in {"truth": plots.GREEN, "xgboost": plots.BLUE, "naive Bayes": plots.ORANGE}.items():
    q = truth if name == "truth" else p[name]
    curve = evaluation.profit_curve(y_test, q, gain, cost, points=201)
    plt.plot(curve["threshold"], curve["profit"], color=color, label=name)
    print(f"{name:<12} at cost / gain {evaluation.profit(y_test, q > threshold, gain, cost):4.0f}, best {curve['profit'].max():4.0f} at {curve.loc[curve['profit'].idxmax(), 'threshold']:.2f}")
plt.axvline(threshold, color=plots.GRAY, linestyle=":", label="cost / gain")
plt.xlim(0, 0.5)
plt.ylim(-300, 260)
plt.title("Calibrated probabilities earn most at cost / gain")
plt.xlabel("threshold")
plt.ylabel("profit per 1,000 customers")
plt.legend()
plots.show("Profit per 1,000 customers against the threshold from 0 to .5. The curves of the true probabilities and of XGBoost peak near the dotted line at .067 and fall to zero; naive Bayes peaks lower and further right.")

# %% [markdown]
# READ
#
# `TunedThresholdClassifierCV` finds a threshold on training folds. By default it maximizes *balanced accuracy*, the mean of the share of positives and of negatives judged right. Nobody pays us for that; `make_scorer(evaluation.profit, …)` passes money.

# %%
scorers = {"balanced accuracy": "balanced_accuracy", "profit": make_scorer(evaluation.profit, gain=gain, cost=cost)}
tuned = {}
for name, scorer in scorers.items():
    search = TunedThresholdClassifierCV(models.model("xgboost"), scoring=scorer, thresholds=200, cv=3, random_state=0)
    contacted = search.fit(X, y).predict(X_test)
    tuned[name] = {"threshold": search.best_threshold_, "letters per 1,000": 1_000 * contacted.mean(), "profit per 1,000": evaluation.profit(y_test, contacted, gain, cost)}
pd.DataFrame(tuned).T.round(2)

# %% [markdown]
# READ
#
# ### Where the gain varies
#
# **Guess first:** the gain follows the column x2, say the usual basket: 30 on average, from 5 to 150. Should the letters go to the likeliest, or to others?

# %%
gains = 30 * X_test["x2"].to_numpy() / X["x2"].mean()
rules = {
    "one threshold, 2 / 30": p["xgboost"] > cost / 30,
    "p · gain > cost": p["xgboost"] * gains > cost,
    "truth · gain > cost": truth * gains > cost,
}
for name, contacted in rules.items():
    each = 1_000 * contacted * (y_test * gains - cost)
    print(f"{name:<22} {1_000 * contacted.mean():4.0f} letters, profit per 1,000 {evaluation.mean_interval(each).text(0)}")
each = [1_000 * rules[name] * (y_test * gains - cost) for name in ["p · gain > cost", "one threshold, 2 / 30"]]
print("difference of the first two:", evaluation.mean_interval(each[0] - each[1]).text(0, signed=True))

# %% [markdown]
# READ
#
# ## SMOTE, class weights, undersampling
#
# Now to what everybody recommends first. **Class weights** make each positive count 26 times; **undersampling** drops negatives until both are equally many; **SMOTE** invents positives between neighboring ones. All three show the model a world in which half of the customers join.
#
# They belong *inside* the pipeline, so that only training rows are balanced. imbalanced-learn's pipeline does this: in `predict_proba` the sampler is passed over. `models.rebalance` puts each strategy into one of our pipelines.

# %%
by_hand = make_sampling_pipeline(models.prepare("log").named_steps["columns"], SMOTE(random_state=0), LogisticRegression(C=0.1, max_iter=2_000))
by_hand.fit(X, y)
smote = models.rebalance(models.model("logistic regression"), "SMOTE").fit(X, y)
print("steps:", list(smote.named_steps))
print("the same probabilities:", np.allclose(smote.predict_proba(X_test), by_hand.predict_proba(X_test)))

# %% [markdown]
# **Guess first**, for a weak learner (a single decision tree) and for strong ones: what will each strategy do to the AUC, to the mean p, and to the profit at cost / gain?

# %%
balanced, rows = {}, []
for name in ["decision tree", "logistic regression", "random forest", "xgboost"]:
    for strategy in models.STRATEGIES:
        model = models.rebalance(learners[name], strategy).fit(X, y)
        q = balanced[name, strategy] = model.predict_proba(X_test)[:, 1]
        rows.append((name, strategy, roc_auc_score(y_test, q), q.mean(), evaluation.profit(y_test, q > threshold, gain, cost)))
effects = pd.DataFrame(rows, columns=["learner", "strategy", "AUC", "mean p", "profit per 1,000"]).set_index(["learner", "strategy"])
effects = effects.unstack().reorder_levels([0, 1], axis=1)
effects["AUC"][list(models.STRATEGIES)].round(2)

# %%
print(effects["mean p"][list(models.STRATEGIES)].round(2).to_string(), "\n")
print(effects["profit per 1,000"][list(models.STRATEGIES)].round(0).astype(int).to_string())

# %% [markdown]
# READ
#
# ## Leading the probabilities back
#
# Balancing multiplied the odds of joining by (1 − π)/π, π being the prevalence. So divide them again: p = βs / (βs + 1 − s) with β = π / (1 − π), for a balanced model's probability s (Dal Pozzolo et al. 2015).
#
# **Guess first:** does that mend everything?

# %%
s, beta = balanced["xgboost", "SMOTE"], y.mean() / (1 - y.mean())
print("the helper gives the same:", np.allclose(beta * s / (beta * s + 1 - s), models.correct_prior(s, y.mean())))
mended = pd.DataFrame(index=["none", "class weights", "SMOTE", "undersampling"])
for name in ["logistic regression", "random forest", "xgboost"]:
    for strategy in mended.index:
        q = balanced[name, strategy]
        q = q if strategy == "none" else models.correct_prior(q, y.mean())
        mended.loc[strategy, name] = evaluation.profit(y_test, q > threshold, gain, cost)
mended.round(0).astype(int)

# %%
curves = {"none": balanced["xgboost", "none"], "SMOTE": s, "SMOTE, corrected": models.correct_prior(s, y.mean())}
for (name, q), color in zip(curves.items(), [plots.BLUE, plots.RED, plots.GREEN], strict=True):
    plots.calibration(evaluation.calibration_table(y_test, q), name, color)
plt.title("XGBoost after SMOTE: led back, and still bent")
plots.show("Calibration of XGBoost in ten groups. Without SMOTE the points lie on the diagonal; with SMOTE far below it, up to .7 predicted where .2 join; corrected for the prior nearer, but not on the diagonal.")

# %% [markdown]
# READ
#
# ## SMOTE before the split
#
# A tutorial that you will find: balance the table, then cross-validate. **Guess first:** the AUC of a random forest that way, when .77 is the ceiling?

# %%
forest = RandomForestClassifier(30, random_state=0)
X_smote, y_smote = SMOTE(random_state=0).fit_resample(X[:5_000], y[:5_000])
inside = make_sampling_pipeline(SMOTE(random_state=0), forest)
for name, (model, rows, outcome) in {
    "SMOTE before the split": (forest, X_smote, y_smote),
    "SMOTE inside the folds": (inside, X[:5_000], y[:5_000]),
}.items():
    q = cross_val_predict(model, rows, outcome, cv=5, method="predict_proba")[:, 1]
    print(f"{name}: AUC {roc_auc_score(outcome, q):.2f}, F1 {f1_score(outcome, q > 0.5):.2f}")

# %% [markdown]
# READ
#
# ## Average precision has a floor: the prevalence
#
# **Guess first:** the same model, the same ranking; negatives are dropped from the *test* at random, as when another season has more positives. What happens to AUC, and to **average precision** (the mean share of positives among the highest p, over all cuts)?

# %%
floor, keep = {}, np.random.default_rng(0).random(len(y_test))
for share in [1.0, 0.3, 0.1]:
    rows = (y_test == 1) | (keep < share)
    outcome, q = y_test[rows], p["xgboost"][rows]
    floor[f"{outcome.mean():.0%}"] = {"AUC": roc_auc_score(outcome, q), "average precision": average_precision_score(outcome, q), "of a random ranking": outcome.mean()}
pd.DataFrame(floor).T.rename_axis("prevalence").round(2)

# %% [markdown]
# READ
#
# ## What is a high-value customer?
#
# Back to the simulated shop. A popular label is "among the top 10 % by spend so far". **Guess first:** how well can a model find those, given what they spent so far?

# %%
store = shop.load()
frame = targets.snapshots(store, ["2024-12-31", "2025-07-01"]).query("active")
train, test = evaluation.time_split(frame, "2025-07-01", "182D")
features = [name for name in frame.columns[: list(frame.columns).index("active")]]
past = {t: part["monetary"] >= part["monetary"].quantile(0.9) for t, part in [("train", train), ("test", test)]}
labels = {"top 10 % of the past": (past["train"], past["test"]), "top 10 % of the next half-year": (train["high_value"], test["high_value"])}
for name, (learn, judge) in labels.items():
    q = models.model("xgboost").fit(train[features], learn).predict_proba(test[features])[:, 1]
    print(f"{name}: {learn.sum():,} positives to learn from, AUC {roc_auc_score(judge, q):.2f}, log-loss {log_loss(judge, q):.3f}")
print(f"true chances of the simulator: AUC {0:.2f}")

# %% [markdown]
# READ
#
# ### Today's best customers regress
#
# **Guess first:** of the top 20 % of last year's buyers, how many are the top 20 % of these same customers this year?

# %%
lines = store.purchases[store.purchases["cancelled_at"].isna()]
spend = lines.pivot_table(index="customer_id", columns=lines["ordered_at"].dt.year, values="amount", aggfunc="sum", fill_value=0)
spend = spend[spend[2024] > 0]
best = spend.rank(pct=True, ascending=False, method="first") <= 0.2
stay = (best[2025] & (spend[2025] > 0))[best[2024]]
kept = {name: rows[2025].sum() / rows[2024].sum() for name, rows in {"the best": spend[best[2024]], "the others": spend[~best[2024]]}.items()}
print(f"{len(stay):,} best customers of 2024; the best again in 2025: {evaluation.proportion_interval(stay.sum(), len(stay)).text()}")
print("spend in 2025, as a share of 2024:", {name: round(float(share), 2) for name, share in kept.items()})

# %% [markdown]
# READ
#
# ## What people say, what we measured
#
# INTRO

# %%
seed = studies.one_seed("c07", seed=0)
print(seed[["arm", "value"]].round(-1).to_string(index=False))

# %%
Markdown(studies.claims_table(["c05", "c06", "c07", "c08", "c09", "c14", "c24"]))

# %% [markdown]
# READ
#
# ### The recipe

# %%
recipe = models.Recipe().fit(X, y)
print(recipe.log_loss_.round(4).head(5).to_string())
q = recipe.predict_proba(X_test)[:, 1]
more = evaluation.difference(lambda y, c: evaluation.profit(y, c, gain, cost), y_test, q > threshold, p["xgboost"] > threshold)
print(f"profit per 1,000: {evaluation.profit(y_test, q > threshold, gain, cost):.0f}; more than XGBoost: {more.text(0, signed=True)}")

# %%
Markdown(studies.claims_table(["c31"]))

# %% [markdown]
# READ
#
# ## Explore
#
# TEXT

# %%
# widgets.imbalance_explorer()

# %% [markdown]
# ## On real shoppers
#
# TEXT

# %%
journey = shop.load("complete_journey")
offers = coupons.coupon_offers(journey)
start = pd.Timestamp("2017-08-08")
train, test = offers[offers["ends"] < start], offers[offers["starts"] >= start]
redeemed, household = test["redeemed"].astype(int), test.index.get_level_values("customer_id")
print(f"{len(train):,} offers to learn from, {train['redeemed'].mean():.0%} redeemed; {len(test):,} to test on, {redeemed.mean():.0%}")
p = {}
for name in ["logistic regression", "xgboost"]:
    for strategy in ["none", "class weights", "SMOTE"]:
        model = models.rebalance(models.model(name, scale="log"), strategy)
        model.fit(train[coupons.FEATURES], train["redeemed"].astype(int))
        p[f"{name}, {strategy}"] = model.predict_proba(test[coupons.FEATURES])[:, 1]

# %%
for plain in ["logistic regression, none", "xgboost, none"]:
    board = evaluation.scoreboard(redeemed, {k: v for k, v in p.items() if k.split(",")[0] in plain}, ["average precision", "log loss"], against=plain, customers=household)
    print(board.round(3).to_string(index=False))

# %% [markdown]
# READ
