# %% [markdown]
# # 01 · Choosing algorithms
#
# **The question.** Next half-year we can look after one customer in ten personally. Which ones, and how elaborate must the algorithm be that tells us?
#
# After this notebook you can
#
# 1. say whether a decision wants segments or a prediction for each customer, and which of three predictions,
# 2. compare algorithms by one protocol that a skeptic accepts: a baseline of one column, customers kept together, the future as the judge, differences with an interval,
# 3. choose settings without fooling yourself, and defend an algorithm by its score, its cost and the rows you have.
#
# About 75 minutes with the exercises. You need pandas and a first acquaintance with scikit-learn; terms are explained where they first appear.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from helpers import evaluation, features, models, plots, segments, shop, studies, targets, widgets
from helpers.exercises import chapter_01, check, hint, solution
from helpers.studies import coupons, ranking, tasks

plots.use_style()
_ = threadpool_limits(limits=1)   # small tables: more threads only get into each other's way

# %% [markdown]
# ## First the decision
#
# | what is to be decided | what that wants | where |
# |---|---|---|
# | what we say to *kinds* of customers, how we report, strata of an experiment | **segments**: KMeans, hierarchical clustering | chapter 05 |
# | whom we treat as valuable: one customer, yes or no | a **prediction for each customer** | here |
# | what we show first | a **ranking** for each customer | here |
# | whom a voucher *moves* | the **effect** on each customer | chapter 06 |
#
# Segments are for people to talk about; a decision about one customer wants a number for that customer. Three numbers serve this chapter: who will be among the top tenth by spend in the next 26 weeks (**high value**), who will be **newly** there, and which **subcategory** a customer buys next.
#
# One row is a customer at a *cut-off*: features from strictly before it, targets from the 26 weeks after. `tasks.table` gives the snapshots of `targets.snapshots` for the customers active in the year before, with spend and orders of the last 28 and 90 days beside them.

# %%
store = shop.load()
table = tasks.table(store)          # cut-offs 2024-10-01, 2024-12-31, 2025-07-01
columns = tasks.features_of(table)
print(f"{len(table):,} rows, {len(columns)} features")
outcomes = ["high_value", "newly_high_value", "already_high_value"]
table.groupby("cutoff")[outcomes].agg("sum").assign(customers=table.groupby("cutoff").size())

# %% [markdown]
# One active customer in ten is of high value by definition: spend of the next 26 weeks in the top tenth. Seven in ten of those are *new* there (994 of 1,445 in July 2025): most of tomorrow's best are not today's best.
#
# ## By hand: one column, then one pipeline
#
# Learn at the two cut-offs of 2024, whose 26 weeks had passed by 1 July 2025; be judged on July 2025. Nothing else imitates the work: we always learn from the past and are judged by what comes.
#
# The **baseline** is one column: sort the customers by it. **Average precision** (AP) reads a ranking from the top: 1 is perfect, and a random order gives the share of positives, here .10.
#
# **Guess first:** which single column ranks best: money spent so far, money spent lately, or visits?

# %%
cutoff, customer = (table.index.get_level_values(name) for name in ("cutoff", "customer_id"))
train, test = table[cutoff <= "2024-12-31"], table[cutoff == "2025-07-01"]
for column in ["monetary", "spend_90", "frequency", "recency", "seconds", "active_days", "visit_rate"]:
    values = train[column].fillna(train[column].max()) * (-1 if column == "recency" else 1)
    print(f"{column:12s} {average_precision_score(train['high_value'], values):.2f}")

# %% [markdown]
# Not money: spend reaches .22, visits per month .36. In this shop people look often before they buy. The columns were compared on the training rows only: whoever picks the best column on the rows that judge has begun to cheat.
#
# Now a model. **Logistic regression** adds up the columns, each with a weight. It needs three things: gaps filled, long tails pulled in, and columns on one scale. All of them learn from data (a median, a mean), so all of them stand in the pipeline and see the training rows only. Rates such as cart abandonment are shrunk first, as chapter 02 explains.

# %%
numbers = make_pipeline(
    SimpleImputer(strategy="median", add_indicator=True),
    FunctionTransformer(lambda x: np.sign(x) * np.log1p(np.abs(x))),
    StandardScaler(),
)
by_hand = make_pipeline(features.ShrinkRates(), FunctionTransformer(lambda t: t.astype(float)), numbers,
                        LogisticRegression(C=0.1, max_iter=2000))
p_by_hand = by_hand.fit(train[columns], train["high_value"]).predict_proba(test[columns])[:, 1]
print(f"AP in July 2025, one column: {average_precision_score(test['high_value'], test['visit_rate']):.2f}")
print(f"AP in July 2025, by hand:    {average_precision_score(test['high_value'], p_by_hand):.2f}")

train, test = evaluation.time_split(table, "2025-07-01", "182D")   # the split, with its rule checked
y, y_test = train["high_value"], test["high_value"]
helper = models.model("logistic regression").fit(train[columns], y)
p_helper = helper.predict_proba(test[columns])[:, 1]
print("the same probabilities:", np.allclose(p_by_hand, p_helper, atol=1e-6))
print(list(models.ALGORITHMS))

# %% [markdown]
# From .35 to .47: adding up many columns pays here. `models.model(name)` is a pipeline of just these steps (and of text columns, of which this table has none) and gives the same probabilities; `evaluation.time_split` is the split by hand, and refuses one whose training windows had not closed. The catalogue holds four algorithms.
#
# ## The same customer on both sides
#
# Before July 2025 has come, **cross-validation** stands in for it: hold out a fifth of the rows, learn from the rest, five times. But most customers stand here twice, at two cut-offs whose windows overlap by half: their rows are near copies.
#
# **Guess first:** split by *row* instead of by *customer*, and the score looks better. For which of the two is the illusion larger: logistic regression, or deep trees?

# %%
whose = train.index.get_level_values("customer_id")
deep = models.model("xgboost", max_depth=10, min_child_weight=1, n_estimators=25, learning_rate=0.4)
by_row, by_customer = (split(5, shuffle=True, random_state=0) for split in (KFold, GroupKFold))
ap = {"X": train[columns], "y": y, "scoring": "average_precision"}
folds = {}
for name, algorithm in {"logistic regression": helper, "deep trees": deep}.items():
    folds[name] = cross_val_score(algorithm, cv=by_customer, groups=whose, **ap)
    rows = cross_val_score(algorithm, cv=by_row, **ap)
    print(f"{name:20s} split by row {rows.mean():.2f}, by customer {folds[name].mean():.2f}")

# %% [markdown]
# Logistic regression scores the same either way: a sum of weights cannot remember anybody. Deep trees can: split by row they seem .02 better than on customers whom they have never seen. `GroupKFold` keeps all rows of a customer on one side; from here on it always does.
#
# ## One protocol, five candidates
#
# Same rows, same features, same judge. Beside logistic regression:
#
# - a **random forest**: many deep trees on random parts of rows and columns, averaged,
# - **gradient boosting** (XGBoost): small trees, each mending what the sum of the earlier ones got wrong,
# - a **neural network**: layers of weighted sums with a bend,
# - the plain **average** of the probabilities of unlike models. It costs no thought, so it is the thing to beat.
#
# The catalogue's settings are regularized beyond the libraries' defaults; why, you will see below.
#
# **Guess first:** how much better than logistic regression will the best of them be?

# %%
def judged(train, test, target, columns, candidates):
    fitted = {name: model.fit(train[columns], train[target]) for name, model in candidates.items()}
    found = {name: model.predict_proba(test[columns])[:, 1] for name, model in fitted.items()}
    if set(three) <= set(found):
        found["average of three"] = np.mean([found[name] for name in three], axis=0)
    return found


three = ["logistic regression", "random forest", "xgboost"]
algorithms = {name: models.model(name) for name in models.ALGORITHMS}
candidates = {"visit_rate": models.OneColumn("visit_rate"), **algorithms}
predictions = judged(train, test, "high_value", columns, candidates)
board = evaluation.scoreboard(y_test, predictions, ["average precision"], against="logistic regression")
evaluation.text_table(board)

# %%
def dots(board, title, chance):
    board = board.iloc[::-1]
    errors = [board["estimate"] - board["low"], board["high"] - board["estimate"]]
    plt.errorbar(board["estimate"], board["model"], xerr=errors, fmt="o", color=plots.BLUE)
    plt.axvline(chance, color=plots.GRAY, linestyle=":")
    plt.title(title)
    plt.xlabel("average precision (95 % interval; dotted: by chance)")


dots(board, "All models beat the column, by much the same", y_test.mean())
plots.show("Average precision in July 2025 with intervals: one column at .35, the models and their average between .47 and .49 with intervals that overlap widely; chance is .10.")

# %% [markdown]
# All beat the best column by .12 and more. Among themselves they are close: boosting and the average lead logistic regression by .01, and the *paired* interval (both models on the same draws of customers) lies above zero, though the intervals of the scores themselves overlap widely. Always read the difference.
#
# Would cross-validation have told the same before July came?

# %%
folds["xgboost"] = cross_val_score(models.model("xgboost"), cv=by_customer, groups=whose, **ap)
difference = folds["xgboost"] - folds["logistic regression"]
print("XGBoost − logistic regression, by fold:", difference.round(3))
print("as if the folds were independent: ", evaluation.mean_interval(difference).text(3, signed=True))
learned_from, scored = len(train) * 4 // 5, len(train) // 5
print("corrected for shared training rows:", evaluation.corrected_interval(difference, learned_from, scored).text(3, signed=True))

# %% [markdown]
# No: in the five folds of 2024 the two are level, and the interval runs from −.016 to +.019. Training sets of five folds share three quarters of their rows, so five folds are not five experiments: the correction of Nadeau & Bengio widens the interval by half. And past and future are different judges; where they disagree, the future decides.
#
# ## A harder label: newly of high value
#
# Three in ten of the positives above are today's best customers, whom everybody knows. The useful list holds those who are *not yet* at the top. So learn from these, and score these, only.
#
# **Guess first:** what happens to the score, and to the money spent so far as a signal?

# %%
rising, rising_test = (part[~part["already_high_value"]] for part in (train, test))
candidates = {name: models.OneColumn(name) for name in ["monetary", "visit_rate"]}
candidates |= {name: models.model(name) for name in ["logistic regression", "xgboost"]}
newly = judged(rising, rising_test, "newly_high_value", columns, candidates)
y_newly = rising_test["newly_high_value"]
board = evaluation.scoreboard(y_newly, newly, ["average precision"], against="logistic regression")
print(f"prevalence {y_newly.mean():.3f}")
evaluation.text_table(board)

# %% [markdown]
# The score falls from .49 to .29, at a prevalence of .08 in place of .10: today's best are easy to name. Money spent so far, .11, is now hardly better than chance; visits still say something. Logistic regression and XGBoost are level.
#
# ## Which settings?
#
# Each algorithm of the catalogue has a search space: `models.space("xgboost")`. A **grid** tries every combination of a few values, **random search** draws settings, **successive halving** starts with many settings on few rows and keeps the best third at each step. `models.search` is random search or grid with customers kept together; it shows a bar if you ask, can be stopped, and goes on where it stopped (`done=`). Five settings here, beside the catalogue's own (the empty setting):
#
# **Guess first:** by how much will the best of five beat the catalogue's setting?

# %%
candidates = [{}, *models.settings("xgboost", 5, seed=1)]
few_ids = whose.str[-1].isin(["0", "1"])   # a fifth of the customers, to keep this cell short
found = models.search(models.model("xgboost"), candidates, train[columns][few_ids], y[few_ids], whose[few_ids], folds=3)
named = pd.DataFrame(list(found["params"])).rename(columns=lambda name: name.removeprefix("classifier__"))
named.join(found[["score", "se"]]).round(2)

# %%
benchmark = pd.read_csv("../data/benchmarks/algorithms.csv")
searches = benchmark.query("benchmark == 'search'").pivot_table("value", "seed", ["metric", "arm"])
later, best_score = searches["average precision"], searches["best score of the search"]
for arm in ["library default", "grid", "random", "halving"]:
    print(f"{arm:16s} AP {later[arm].mean():.3f}, less the catalogue's setting "
          + evaluation.mean_interval(later[arm] - later["catalogue"]).text(3, signed=True))

# %% [markdown]
# In the live search (a fifth of the customers, three folds) six settings lie within .02 of each other at a standard error of .03: nothing to choose between. The second table is the same question in thirty small shops of 3,000 rows, judged by the later cut-off: grid of eight, random search and halving, each fitting as many rows as the others. The library's default settings lose .06 against the catalogue's: too deep for rare, noisy labels. After that, searching brings little: +.01 for the grid, and for random search and halving an interval across zero. That eight hand-picked settings did better than eight drawn from a wide space is no law: it says that we knew where to look. **Regularize first, then search, and do not expect much.**
#
# ## The best score is too good
#
# The winner of a search won partly by luck. **Nested** cross-validation repeats the whole search inside each training part, and scores its choice on customers that the search never saw. The same search, on labels that were *shuffled*: nothing can be learned, and an honest AUC is .5.
#
# **Guess first:** what will the best of 24 report?

# %%
few = train.loc["2024-12-31"].sample(400, random_state=0)[columns].to_numpy(float)
grid = {"max_depth": [1, 2, 4, 6], "min_samples_leaf": [2, 10, 40], "max_features": [6, 36]}
search = GridSearchCV(DecisionTreeClassifier(random_state=0), grid, scoring="roc_auc", cv=3)
for draw in range(3):
    noise = np.random.default_rng(draw).permutation(np.repeat([True, False], 200))
    best = search.fit(few, noise).best_score_
    nested = cross_val_score(search, few, noise, scoring="roc_auc", cv=5)   # the search again in each fold
    print(f"labels {draw}: best of 24 AUC {best:.2f}, nested {nested.mean():.2f}, the truth .50")

# %% [markdown]
# The best of 24 lies above .5 on pure noise, each time; the nested score lies at .5 or a little below. With 400 customers and sixty settings the winner is too good by .05 on average (c12 below). Report what nested cross-validation says, or what the future says; never the best score of a search.
#
# Where settings score nearly alike, take the simplest: the **one-standard-error rule**. For logistic regression, a smaller `C` holds the weights nearer to zero.

# %%
path = [{"classifier__C": c} for c in [0.001, 0.01, 0.1, 1.0]]
found = models.search(models.model("logistic regression"), path, train[columns], y, whose)
print(found[["params", "score", "se"]].round({"score": 3, "se": 3}).to_string(index=False))
print("best:", models.best(found), " simplest within one standard error:",
      models.simplest_within_one_se(found, ["classifier__C"]))

# %% [markdown]
# `C` = 1 has the best mean by a hair; .01 is within one standard error of it and holds the weights tighter. That is the one to take: a simpler model for a score that cannot be told from the best.
#
# ## How many customers does an algorithm need?
#
# A **learning curve** learns from ever more customers, and is judged by the same July.
#
# **Guess first:** with 500 customers, which is ahead: the weighted sum or the trees?

# %%
everybody = np.random.default_rng(0).permutation(train.index.get_level_values("customer_id").unique())
sizes, curves = [500, 1000, 2000, 4000, 8000], {}
for name in ["logistic regression", "xgboost"]:
    for size in sizes:
        part = train[train.index.isin(everybody[:size], level="customer_id")]
        p = models.model(name).fit(part[columns], part["high_value"]).predict_proba(test[columns])[:, 1]
        curves.setdefault(name, []).append(average_precision_score(y_test, p))
    plt.plot(sizes, curves[name], marker="o", label=name)
plt.xscale("log")
plt.xticks(sizes, [f"{size:,}" for size in sizes])
plt.minorticks_off()
plt.title("Few customers: the weighted sum; many: the trees")
plt.xlabel("customers to learn from")
plt.ylabel("average precision, July 2025")
plt.legend()
plots.show("Learning curves: logistic regression starts higher at 500 customers and flattens, XGBoost starts lower and ends higher.")
pd.DataFrame(curves, index=sizes).round(2).T

# %% [markdown]
# At 500 customers the weighted sum leads by .02; from 4,000 on the trees do, by .01. (One draw of the customers; the left end would move with another.) Logistic regression gains .04 from sixteen times the customers, XGBoost .07 and is still rising: more rows are worth more to the algorithm that can bend.
#
# ## A network without scale is a straw man
#
# Networks (and linear models) take their columns as numbers, so units count; a tree asks only "larger than?".
#
# **Guess first:** which of the two columns below will hardly change from row to row?

# %%
scales = {"raw units": None, "standardize": "standardize", "log, standardize": "log"}
scaled = pd.DataFrame(index=scales, columns=["neural network", "xgboost"], dtype=float)
for row, scale in scales.items():
    for name in scaled:
        pipeline = models.model(name, scale=scale).fit(train[columns], y)
        scaled.loc[row, name] = average_precision_score(y_test, pipeline.predict_proba(test[columns])[:, 1])
scaled.map(lambda value: "below .42" if value < 0.42 else f"{value:.2f}")

# %% [markdown]
# XGBoost does not care. In raw units the network is a lottery: on three kinds of processor, with three seeds each, we saw anything from .15 to .40, so only a bound is printed. A comparison in which a network loses like that says something about the comparison. (c13 below, and chapter 02.)
#
# ## Segments in place of a model?
#
# "Cluster first, then personalize by cluster" sounds thrifty. As a challenger: four segments of the features of chapter 05; each customer gets the share of high value of their segment, or a model of their segment's own.
#
# **Guess first:** where do the two land, between one column (.35) and one model for all (.49)?

# %%
rfm = ["recency", "frequency", "monetary", "category_interest_score"]
filled = [part[rfm].fillna({"recency": train["recency"].max()}) for part in (train, test)]
clusters = segments.model(4).fit(filled[0])
of_train, of_test = (clusters.predict(part) for part in filled)
share = y.groupby(of_train).mean()
own_model = np.zeros(len(test))
for segment in range(4):
    inside, there = of_train == segment, of_test == segment
    model = models.model("xgboost").fit(train.loc[inside, columns], y[inside])
    own_model[there] = model.predict_proba(test.loc[there, columns])[:, 1]
ladder = {"share of the segment": share.loc[of_test], "a model for each segment": own_model, "one model": predictions["xgboost"]}
evaluation.text_table(evaluation.scoreboard(y_test, ladder, ["average precision"], against="one model"))

# %% [markdown]
# The share of the segment, .19, is far below one column: four numbers for 14,000 customers. A model for each segment comes within .01 of the single model, and the interval of the difference lies below zero: each of the four learns from fewer rows what one model would have learned for all. Segments are for people; the decision wants the model.
#
# ## What does it cost?
#
# Seconds and bytes differ from machine to machine, so they were measured once, each algorithm in a process of its own (`tests/benchmarks/algorithms.py`), and stand here as ratios to logistic regression on the same rows.

# %%
best_of_three = benchmark.query("benchmark == 'cost'").pivot_table("value", "arm", ["metric", "rows"], aggfunc="min")
costs = best_of_three.loc[["one column", *models.ALGORITHMS, "average of three"]]
shown = {"average precision": costs["average precision"].round(2)}
for name, metric in {"fit": "fit, seconds", "score": "score 10,000 rows, seconds", "memory": "memory on top, MB"}.items():
    shown[name] = (costs[metric] / costs.loc["logistic regression", metric]).round(1)
pd.concat(shown, axis=1)

# %% [markdown]
# Read by columns. Fitting: XGBoost takes about three times as long as logistic regression at every size, the network five times on 2,000 rows and less on more, the forest ten times on 2,000 rows and over thirty on 100,000; the average of three pays for its forest. Scoring takes up to seven times as long. Memory: what fills the gaps and scales the columns costs more than the algorithms do; XGBoost, which needs neither, takes half. (One shop, so the scores have no interval here; they repeat what the learning curve says.)
#
# **Which algorithm when**, and what above says so:
#
# | you have | take | because |
# |---|---|---|
# | a habit that repeats, and the question who is at the top | the best single column | on groceries no model gains on it (below) |
# | up to some 3,000 rows, or some 150 positives | logistic regression | ahead at the left end of the learning curve, and of spend at newly high value (below); the cheapest to run and to explain |
# | 10,000 rows or more | XGBoost, regularized | .01 to .02 ahead in July and at 100,000 rows, for three times the time |
# | no time to choose, and time to compute | the average of three | as good as the best of its parts, without knowing beforehand which that is |
# | a forest already in service | keep it | as good as XGBoost from 20,000 rows on; three to ten times as dear to refit |
# | scaled columns, a sound stop, patience | a network may do as well | never told apart from logistic regression in July; on 100,000 rows it fell behind (.52) |
#
# ## What next? Ranking subcategories
#
# A shop window has five places. For each customer who buys in the 26 weeks after the cut-off, rank the 40 subcategories; **NDCG@5** is 1 if those bought most often stand first, and counts a hit on place five about four tenths as much as one on place one. Two baselines: **popularity**, the same ranking for all, and a customer's **own counts** (popularity decides between equal counts).
#
# **Guess first:** which matters more here, what somebody bought or what they looked at?

# %%
ranked = ranking.items(store, "2024-12-31")
bought = {day: targets.next_category(store, day, categories=ranked, column="subcategory") for day in ("2024-12-31", "2025-07-01")}
bought = {day: counts[counts.any(axis=1)] for day, counts in bought.items()}
known = {day: ranking.candidates(store, day, counts.index, ranked) for day, counts in bought.items()}
X, X_later = known["2024-12-31"], known["2025-07-01"]
relevance = bought["2025-07-01"].to_numpy()
new = X_later["own"].to_numpy().reshape(relevance.shape) == 0
print(f"{len(new):,} customers × {len(ranked)} subcategories; {new.all(axis=1).mean():.0%} had bought nothing before")
print("known of each pair:", ", ".join(X))
model = models.model("xgboost").fit(X, bought["2024-12-31"].to_numpy().ravel() > 0)
popular = X_later["popularity"]
rankings = {"popularity": popular, "own counts": X_later["own"] + popular / 1000,
            "looks": X_later["interest"] + popular / 1000, "model": model.predict_proba(X_later)[:, 1]}
result = pd.DataFrame(index=rankings, columns=["all", "never bought before"])
for name, values in rankings.items():
    scored = np.asarray(values).reshape(relevance.shape)
    result.loc[name] = [np.nanmean(evaluation.ndcg(relevance, scored)),
                        np.nanmean(evaluation.ndcg(relevance * new, np.where(new, scored, -1)))]
result.astype(float).round(2)

# %% [markdown]
# Looks: browsing reaches .27, own purchases .21, and the model that has both .29. Two in five of these buyers had bought nothing before, so counting has little to count, while their visits tell their taste; that carries over to subcategories never bought. The claims below show a shop where it is the other way around.
#
# ## What people say, what we measured
#
# Directions were written down first; each seed is a new simulated shop, or a bootstrap of real households. One seed of the claim about early stopping before your eyes, then all of them:

# %%
print(studies.one_seed("c29", seed=0).query("metric == 'AUC'").pivot_table("value", "arm", "world").round(2))
rows = studies.rows("c29")
auc = {arm: studies.values(rows, "top 2 %", arm, "AUC") for arm in ["accuracy", "training loss"]}
print("accuracy − training loss, newly in the top 2 %, all seeds:", evaluation.mean_interval(auc["accuracy"] - auc["training loss"]).text(signed=True))
Markdown(studies.claims_table(["c12", "c13", "c27", "c29", "c30"]))

# %% [markdown]
# Read them one by one. **c12**: on noise the best of sixty scores is .05 too good, with a weak signal .03; nested cross-validation errs by −.01, to the careful side. Choosing features before the split is far worse: AUC .73 on noise. **c13**: in the simulated world scale decides for KMeans and the network (on households the network gains .003 only) and leaves trees alone; logistic regression gains a little, and without it did not settle. **c27** is *partly* borne out: among households who buy groceries every week, spend of the last 90 days is as good as any model for who will be at the top; in the simulated shop, where looking tells more than buying, the average gains .27. For *newly* high value, models win in both. **c29** (in the seed above, .56 against .84 for the top 2 %): with the top tenth as label, stopping on accuracy costs .02 of AUC; with the top 2 % it breaks the network in 27 of 30 shops, on real households in 30 of 30 (AUC .35: worse than a coin). Stopping on log-loss is harmless, so the culprit is accuracy: "nobody" is 98 % accurate. **c30** is *partly* borne out: on groceries counting is nearly all there is (+.11 over popularity; a model on top gains +.00) and discovery is hard (+.01). In the simulated shop the model finds new things (+.11), because people look before they buy; without the visits it gains .04.
#
# ## Explore
#
# Choose a task, an algorithm and how complex it may be (5: weak regularization, deep trees). Left: does what it learned hold for later customers? Right: can its probabilities be believed? Try the forest at 5, and logistic regression at 1.

# %%
widgets.algorithm_explorer(train, test)

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey, 2,469 households over a year of groceries (its card in `data/README.md`). The quarter after each cut-off is the target: learn at 1 April and 1 July, be judged at 2 October. For *newly*, those at the top already are left out: by what they spent in the quarter before, or, in the last column, by all that is known of them.
#
# **Guess first:** groceries are regular. How much can a model add to "spend of the last 90 days"?

# %%
journey = shop.load("complete_journey")
households = tasks.journey()   # tasks.table with the cut-offs above, `past` a quarter
known_there = tasks.features_of(households)
longer = [targets.already_high_value(journey, day, past="365D") for day in tasks.JOURNEY_CUTOFFS]
households = households.assign(already_by_all=np.concatenate(longer))
learn, judge = evaluation.time_split(households, "2017-10-02", "90D")
candidates = {"spend_90": models.OneColumn("spend_90"), **algorithms}
left_out = {"high value": [], "newly": ["already_high_value"], "newly, by all known": ["already_by_all"]}
boards = {}
for label, already in left_out.items():
    a, b = (part[~part[already].any(axis=1)] for part in (learn, judge))
    p = judged(a, b, "high_value", known_there, candidates)
    board = evaluation.scoreboard(b["high_value"], p, ["average precision"], against="spend_90")
    boards[label] = evaluation.text_table(board)
    print(f"{label}: {a['high_value'].sum()} positives to learn from, {b['high_value'].sum()} of {len(b):,} to be judged by")
pd.concat(boards, axis=1)

# %% [markdown]
# For high value, nothing: five algorithms, and each interval of the difference holds zero. Who spent most last quarter spends most next quarter, and one line of SQL does it. For the 3 % who are *newly* there, logistic regression gains .14 on spend, and the average .10; XGBoost's gain is not told from zero. With 132 positives to learn from, the weighted sum leads, as the left end of the learning curve said it would.
#
# The last columns turn that around, and only the definition of "already" has changed. The panel begins in January: "all that is known" is a quarter in April and nine months in October, so the label means one thing in learning and another in judging. No algorithm mends that; a single column suffers least. **Look at the label before you compare models.**
#
# One more task that only real data offer: who **redeems a coupon**? A row is a household in a campaign, features are what was known on the day before it started: spend, earlier offers, earlier redemptions. (The retailer chose who got a campaign: this says who redeems among the chosen, not what the coupon brings.)

# %%
offers = coupons.coupon_offers(journey)
before, after = offers[offers["ends"] < "2017-10-01"], offers[offers["starts"] >= "2017-10-01"]
baselines = {name: models.OneColumn(name) for name in ["spend_last_90", "coupons_redeemed_before"]}
p = judged(before, after, "redeemed", coupons.FEATURES, {**baselines, **algorithms})
board = evaluation.scoreboard(after["redeemed"], p, ["average precision"], against="logistic regression",
                              customers=after.index.get_level_values("customer_id"))
print(f"{len(before):,} offers to learn from, {len(after):,} to be judged by; redeemed {after['redeemed'].mean():.2f}")
evaluation.text_table(board)

# %% [markdown]
# Here a model pays: earlier redemptions alone .42, logistic regression .51. No algorithm is told apart from it; the trees lie .01 and .03 below, with zero just inside the interval. Five models on 1,650 offers cannot be ranked more finely than this, and the simplest will do.
#
# ## Exercises
#
# Put your answer in place of the three dots and run the cell. `hint("01.1")` gives one hint at a time, `solution("01.1")` one right answer; others may be as good.
#
# ### Exercise 01.1 · too good to be true (8 minutes)
#
# A colleague offers four more columns, "all as of the cut-off". One of them knows the future. Which? Answer with its name.

# %%
offered = chapter_01.offered(store)   # with high_value beside them
culprit = ...
check("01.1", culprit)

# %% [markdown]
# ### Exercise 01.2 · keep customers together (6 minutes)
#
# Sixty rows of thirty customers. Make five folds, a list of five pairs (rows to learn from, rows to score), so that no customer stands on both sides and every row is scored once.

# %%
whose_row = np.tile(np.arange(30), 2)   # row 0 and row 30 are the same customer
splits = ...
check("01.2", splits)

# %% [markdown]
# ### Exercise 01.3 · one standard error (5 minutes)
#
# Five folds gave these scores for trees of depth 1 to 6. Which depth does the one-standard-error rule choose?

# %%
depths = pd.DataFrame({
    1: [0.405, 0.422, 0.398, 0.431, 0.419], 2: [0.441, 0.452, 0.437, 0.462, 0.453],
    3: [0.449, 0.458, 0.441, 0.470, 0.457], 4: [0.451, 0.461, 0.438, 0.476, 0.459],
    5: [0.444, 0.455, 0.430, 0.470, 0.451], 6: [0.432, 0.446, 0.421, 0.459, 0.437]})
depth = ...
check("01.3", depth)

# %% [markdown]
# ### Exercise 01.4 · five folds are not five experiments (6 minutes)
#
# In five folds of 16,000 rows to learn from and 4,000 to score, XGBoost was ahead of logistic regression by the differences below. Give the lower and the upper end of the 95 % interval of the mean difference that takes the overlap of the training rows into account.

# %%
differences = np.array([0.011, 0.004, 0.016, 0.001, 0.009])
ends = ...
check("01.4", ends)

# %% [markdown]
# ### Exercise 01.5 · to think about (4 minutes)
#
# A young shop has 600 customers, 55 of them of high value, and wants a list of 60 to phone every month. Which do you propose?
#
# (a) a neural network, because data will grow, (b) XGBoost after a search over 500 settings, (c) logistic regression beside the best single column, and the simpler one if the interval of the difference holds zero, (d) five segments, and phone the best one. Answer with a letter.

# %%
choice = ...
check("01.5", choice)

# %% [markdown]
# ## On your own data
#
# Change the first line. The cut-offs follow from the last order: a quarter to judge by, a quarter before it to learn from. A shop needs about a year of orders, and a hundred customers of high value, to say anything.

# %%
own = shop.load()   # yours: shop.read("my_orders.csv")
end = own.purchases["ordered_at"].max().normalize() + pd.Timedelta(days=1)
cutoffs = [end - pd.Timedelta(91 * k, "D") for k in (3, 2, 1)]
mine = tasks.table(own, cutoffs, "91D")
a, b = evaluation.time_split(mine, cutoffs[-1], "91D")
chosen = {"spend_90": models.OneColumn("spend_90"), "logistic regression": models.model("logistic regression")}
p = judged(a, b, "high_value", tasks.features_of(mine), chosen)
board = evaluation.scoreboard(b["high_value"], p, ["average precision"], against="spend_90")
evaluation.text_table(board)

# %% [markdown]
# ## Summary
#
# 1. **The decision first.** Segments for people, a prediction for a decision about one customer, a ranking for five places. High value, *newly* high value and the next category are different tasks with different winners: spend names today's best, and nothing about tomorrow's.
# 2. **One protocol.** A baseline of one column; everything that learns inside the pipeline; a customer on one side only; the future as the judge; paired differences with an interval, and the corrected one for folds. By it, four good algorithms and their average differ by .01.
# 3. **Settings and the choice.** The best score of a search is too good: nest it, or wait for the future. Take the simplest within one standard error. Few rows or few positives: the weighted sum. Many rows: boosting, or the average. A network wants scaled columns, and must not be stopped by accuracy.
#
# **Sources.** Nadeau & Bengio 2003 (corrected interval); Cawley & Talbot 2010 and Varma & Simon 2006 (selection and nested cross-validation); Breiman, Friedman, Olshen & Stone 1984 (one-standard-error rule); Bergstra & Bengio 2012 (random search); Jamieson & Talwalkar 2016 (successive halving); Breiman 2001 (forests); Chen & Guestrin 2016 (XGBoost); Grinsztajn, Oyallon & Varoquaux 2022 (trees and networks); Rubachev et al. 2024 (time-based splits change rankings); Wübben & von Wangenheim 2008 (simple rules in customer bases); Järvelin & Kekäläinen 2002 (NDCG).
