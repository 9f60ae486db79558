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
# About 110 minutes with the exercises. You need pandas and a first acquaintance with scikit-learn; terms are explained where they first appear.

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
from threadpoolctl import threadpool_limits
from xgboost import XGBClassifier

from helpers import evaluation, features, models, plots, segments, shop, targets, widgets
from helpers.course import studies
from helpers.course.exercises import chapter_01, check, hint, solution
from helpers.targets import tasks

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
outcomes = ["future_bought", "high_value", "newly_high_value", "already_high_value"]
counts = table.groupby("cutoff")[outcomes].agg("sum").assign(customers=table.groupby("cutoff").size())
counts.rename(columns=lambda name: name.removesuffix("_high_value"))

# %% [markdown]
# One active customer in ten is of high value by definition: spend of the next 26 weeks in the top tenth. ("Already" is a tenth too, by spend of the year before; so the two columns agree.) Seven in ten of those of high value are *new* there (994 of 1,445 in July 2025): most of tomorrow's best are not today's best. **Look at a label before you learn it**: only one active customer in seven orders at all in the 26 weeks (`future_bought`), so in this shop "top tenth" means seven in ten of those who buy.
#
# ## By hand: one column, then one pipeline
#
# Learn at the two cut-offs of 2024, whose 26 weeks had passed by 1 July 2025; be judged on July 2025. Nothing else imitates the work: we always learn from the past and are judged by what comes.
#
# The **baseline** is one column: sort the customers by it. **Average precision** (AP) reads a ranking from the top: 1 is perfect, and by chance it is the share of positives, here .10.
#
# Among the columns: `frequency` is the number of orders, `visit_rate` visits per 30 days, `active_days` days with a visit, `seconds` all time spent in the shop.
#
# **Guess first:** which single column ranks best: money spent so far, money spent lately, or visits?

# %%
cutoff, customer = (table.index.get_level_values(name) for name in ("cutoff", "customer_id"))
train, test = table[cutoff <= "2024-12-31"], table[cutoff == "2025-07-01"]
buyers = train["future_bought"]
for column in ["monetary", "spend_90", "frequency", "recency", "seconds", "active_days", "visit_rate"]:
    values = train[column].fillna(train[column].max()) * (-1 if column == "recency" else 1)
    among = average_precision_score(train["high_value"][buyers], values[buyers])
    print(f"{column:12s} {average_precision_score(train['high_value'], values):.2f}   among those who will order {among:.2f}")
print(f"by chance    {train['high_value'].mean():.2f}                             {train['high_value'][buyers].mean():.2f}")

# %% [markdown]
# Not money: `monetary` reaches .22, visits per month .36. People look often before they buy, so visits say *who will order*, which is most of this label; among those who do order (second column) money spent so far leads, .88 against .83, at a chance of .79. The columns were compared on the training rows only: whoever picks the best column on the rows that judge has begun to cheat.
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
# Before July 2025 has come, **cross-validation** stands in for it: hold out a fifth of the rows, learn from the rest, five times. But most customers stand here twice, at two cut-offs whose windows overlap by half: their rows are near twins. Folds drawn by *row* learn from one and score the other.
#
# What that is worth, both ways on the same rows: the December rows of one half of the customers, scored by a model of the other half; then the same with the October twins of the scored customers let in, in place of as many other rows.
#
# **Guess first:** with the twins the score looks better. For which is the illusion larger: logistic regression, or XGBoost (many trees, below) in its library's default settings, which grow deep?

# %%
whose, cutoff = (train.index.get_level_values(name) for name in ("customer_id", "cutoff"))
people = np.unique(whose, return_inverse=True)[1]   # customers as numbers: comparing names is slow
learn, others = next(GroupKFold(2, shuffle=True, random_state=0).split(train, groups=people))   # nobody on both sides
scored, twins = others[cutoff[others] == "2024-12-31"], others[cutoff[others] == "2024-10-01"]
kept = np.random.default_rng(0).choice(learn, len(learn) - len(twins), replace=False)
rows_of = {"without twins": learn, "with twins": np.append(kept, twins)}
deep = models.model("xgboost").set_params(classifier=XGBClassifier(n_jobs=1))
for name, algorithm in {"logistic regression": helper, "deep trees": deep}.items():
    p = {}
    for what, rows in rows_of.items():
        algorithm.fit(train[columns].iloc[rows], y.iloc[rows])
        p[what] = algorithm.predict_proba(train[columns].iloc[scored])[:, 1]
    gain = evaluation.difference(evaluation.average_precision, y.iloc[scored], p["with twins"], p["without twins"])
    print(f"{name:20s} AP without twins {average_precision_score(y.iloc[scored], p['without twins']):.2f}, with them {gain.text(signed=True)}")

# %% [markdown]
# A sum of weights cannot remember anybody: with the twins it scores the same. Deep trees can: they seem .02 better, for nothing (the lower end of the interval lies at zero: one half of the customers is all that was scored). Without the illusion they score .38, regression .44: default settings are no good here, as you will see. `GroupKFold` keeps all rows of a customer on one side; from here on every cross-validation does. July is another matter: many of its customers were learned from, as they will be at work, and no part of what is asked of them (their next 26 weeks) had happened when learning ended.
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
# Not among them: LightGBM and CatBoost (other boosting), foundation models for tables such as TabPFN (trained beforehand on millions of small tables), and larger networks. One small network stands for all. What follows is about these candidates, not about everything that exists.
#
# The catalogue's settings are **regularized** (kept from bending to every row: few questions a tree, many rows a leaf, small weights) beyond the libraries' defaults; why, you will see below. Intervals: the customers of July drawn anew with replacement, 200 times (**bootstrap**); a difference takes both models on the same draws (**paired**).
#
# **Guess first:** how much better than logistic regression will the best of them be?

# %%
def judged(train, test, target, columns, candidates):
    fitted = {name: model.fit(train[columns], train[target]) for name, model in candidates.items()}
    found = {name: model.predict_proba(test[columns])[:, 1] for name, model in fitted.items()}
    if set(THREE) <= set(found):   # where the three are there, their average is too
        found["average of three"] = np.mean([found[name] for name in THREE], axis=0)
    return found


THREE = ["logistic regression", "random forest", "xgboost"]
algorithms = {name: models.model(name) for name in models.ALGORITHMS}
candidates = {"visit_rate": models.OneColumn("visit_rate"), **algorithms}
predictions = judged(train, test, "high_value", columns, candidates)
july = evaluation.scoreboard(y_test, predictions, ["average precision"], against="logistic regression")
for name in ["visit_rate", "logistic regression", "xgboost"]:
    lift = evaluation.interval(evaluation.lift, y_test, predictions[name])
    print(f"{name:20s} right among the first tenth: {evaluation.Interval(*(y_test.mean() * end for end in lift)).text()}")
evaluation.text_table(july)

# %%
def held(spend, p):   # the share of all spend that the first tenth will bring
    return spend[np.argsort(-p, kind="stable")[:len(p) // 10]].sum() / spend.sum()


spend = test["future_revenue"].to_numpy()
for name in ["visit_rate", "logistic regression", "xgboost"]:
    print(f"{name:20s} the first tenth brings {evaluation.interval(held, spend, predictions[name]).text()} of all spend")
gain = evaluation.difference(held, spend, predictions["xgboost"], predictions["logistic regression"])
print("xgboost − logistic regression:", gain.text(signed=True))
behind = evaluation.difference(evaluation.average_precision, y_test, predictions["random forest"], predictions["xgboost"])
print("average precision, random forest − xgboost:", behind.text(signed=True))
others = july[july["difference"].notna()].iloc[::-1]
ends = [others["difference"] - others["difference_low"], others["difference_high"] - others["difference"]]
plt.errorbar(others["difference"], others["model"], xerr=ends, fmt="o", color=plots.BLUE)
plt.axvline(0, color=plots.GRAY, linestyle=":")
plt.title("Told from the column, hardly from each other")
plt.xlabel("average precision less that of logistic regression (paired, 95 % interval)")
plots.show("Differences in average precision to logistic regression in July 2025: visit_rate lies .12 below, the three other algorithms and the average lie between 0 and .01 above, with short intervals.")

# %% [markdown]
# All beat `visit_rate` by .12 and more. Among themselves they are close: XGBoost and the average lead logistic regression by .01<!-- xgboost, difference -->, and the paired interval lies above zero, though the intervals of the scores themselves overlap widely. Always read the difference. (The forest, level with regression, lies .01 [.01, .02] behind boosting.)
#
# Then read it in the unit of the decision. Of one customer in ten, chosen by visits alone, 37 %<!-- right among the first tenth --> turn out to be of high value, chosen by a model 46 to 48 %. That tenth brings .51 of all spend of the half-year if the column chooses, .62 if a model does, and by this measure XGBoost and logistic regression are not told apart. Having a model is worth a lot here, which model little.
#
# Would cross-validation have told the same before July came? And is one July enough?

# %%
five = {"cv": GroupKFold(5, shuffle=True, random_state=0), "groups": people, "scoring": "average_precision"}
folds = {name: cross_val_score(algorithms[name], train[columns], y, **five) for name in ["logistic regression", "xgboost"]}
difference = folds["xgboost"] - folds["logistic regression"]
print("XGBoost − logistic regression, by fold:", difference.round(3))
print("as if the folds were independent: ", evaluation.mean_interval(difference).text(3, signed=True))
learned_from, scored = len(train) * 4 // 5, len(train) // 5
print("corrected for shared training rows:", evaluation.corrected_interval(difference, learned_from, scored).text(3, signed=True))

shops = studies.rows("c27")   # thirty other simulated shops of 6,000 customers, judged in their July
ap = {name: studies.values(shops, "simulated shop", name, "average precision, high value") for name in [*algorithms, "average of three"]}
for name in ["random forest", "xgboost", "neural network", "average of three"]:
    print(f"{name}: less logistic regression, thirty shops", evaluation.mean_interval(ap[name] - ap["logistic regression"]).text(3, signed=True))

# %% [markdown]
# It could not have told: an interval of [−.016, +.019] holds zero and July's +.01 alike. "Holds zero" does not mean "equal": five folds are too coarse for .01. Training sets of five folds share three quarters of their rows, so five folds are not five experiments: the correction of Nadeau & Bengio widens the interval by half.
#
# And July's interval speaks of other customers in *this* July, not of other shops or years. In thirty other shops with a third of the rows, XGBoost and logistic regression are level; only the average is ahead, by .01. So boosting's lead above speaks for this shop at this size, and no further.
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
# XGBoost's score falls from .49 to .29, at a prevalence of .08: today's best are easy to name. Money spent so far, .11, is now little better than chance (a prevalence of .08<!-- prevalence -->, above it all the same); visits still say something. Logistic regression and XGBoost are level.
#
# ## Which settings?
#
# Each algorithm of the catalogue has a search space: `models.space("xgboost")`. A **grid** tries every combination of a few values, **random search** draws settings, **successive halving** starts with many settings on few rows and keeps the best third at each step. `models.search` is random search or grid with customers kept together; it shows a bar if you ask, can be stopped, and goes on where it stopped (`done=`).
#
# First five drawn settings beside the catalogue's, on a fifth of the customers (so the scores are lower than above). Then the same question in thirty small shops, judged by the later cut-off: grid of eight, random search and halving, each fitting as many rows as the others (`tests/benchmarks/algorithms.py`).
#
# **Guess first:** by how much will the best of a search beat the catalogue's setting?

# %%
few_ids = whose.str[-1].isin(["0", "1"])   # a fifth of the customers, to keep this cell short
few = train[columns][few_ids], y[few_ids], whose[few_ids]
candidates = [{}, *models.settings("xgboost", 5, seed=1)]
found = models.search(models.model("xgboost"), candidates, *few, folds=3)
by_fold = found.filter(like="fold ").to_numpy()
for params, score, less in zip(found["params"], found["score"], by_fold - by_fold[0], strict=True):
    said = ", ".join(f"{name.removeprefix('classifier__')} {value:.3g}" for name, value in params.items())
    gain = evaluation.corrected_interval(less, train=2, test=1).text(signed=True) if params else ""
    print(f"{score:.2f}  {gain:20s}  {said or 'the setting of the catalogue'}")
benchmark = pd.read_csv("../data/benchmarks/algorithms.csv")
searches = benchmark.query("benchmark == 'search'").pivot_table("value", "seed", ["metric", "arm"])
later = searches["average precision"]
print(f"\nthirty shops: the setting of the catalogue {later['catalogue'].mean():.3f}")
for arm in ["library default", "grid", "random", "halving"]:
    less = evaluation.mean_interval(later[arm] - later["catalogue"]).text(3, signed=True)
    print(f"{arm:16s} less that of the catalogue {less}")
print("grid − random", evaluation.mean_interval(later["grid"] - later["random"]).text(3, signed=True))

# %% [markdown]
# In the live search the best of five (`n_estimators` 407) lies .02 above the catalogue's setting, and four of five paired intervals hold zero. The fifth does not (+.01 [.01, .02]): three folds and five looks are thin ground, so ask the thirty shops. There the library's default settings lose .06 against the catalogue's: too much freedom for rare, noisy labels. After that searching brings little: +.01 for the grid, and for random search and halving an interval across zero. That eight hand-picked settings did better than eight drawn from a wide space, by .01<!-- grid − random --> and barely clear of zero, is no law: it says that we knew where to look. **Regularize first, then search, and do not expect much.**
#
# ## The best score is too good
#
# The winner of a search won partly by luck. **Nested** cross-validation repeats the whole search inside each training part, and scores its choice on customers that the search never saw. A small search (24 settings of one tree, a sample of 400<!-- train loc sample --> customers) on labels that are pure chance: nothing can be learned. The score is **AUC**, the chance that a random positive is ranked above a random negative; guessing has .5, whatever the share of positives.
#
# **Guess first:** what will the best of 24 report?

# %%
from sklearn.tree import DecisionTreeClassifier

some = train.loc["2024-12-31"].sample(400, random_state=0)[columns].to_numpy(float)
grid = {"max_depth": [1, 2, 4, 6], "min_samples_leaf": [2, 10, 40], "max_features": [6, 36]}
search = GridSearchCV(DecisionTreeClassifier(random_state=0), grid, scoring="roc_auc", cv=3)
for draw in range(2):
    noise = np.random.default_rng(draw).permutation(np.repeat([True, False], 200))
    best = search.fit(some, noise).best_score_
    nested = cross_val_score(search, some, noise, scoring="roc_auc", cv=3)   # the search again in each fold
    print(f"labels {draw}: best of 24 AUC {best:.2f}, nested {nested.mean():.2f}, the truth .50")

# %% [markdown]
# The best of 24 lies above .50 on pure noise, both times. The nested score does not; it even lies a little below: with exactly 200 of each label, what is too frequent among the rows learned from is too rare among those scored. The best of sixty settings is too good by .05 on average (claim c12 below). Report what nested cross-validation says, or what the future says; never the best score of a search.
#
# Where settings score nearly alike, many take the simplest. The **one-standard-error rule**: the standard error of a mean of five folds is their standard deviation / √5; take the simplest setting whose mean lies at most one standard error (that of the best) below the best mean. For logistic regression, a smaller `C` holds the weights nearer to zero.
#
# **Guess first:** will July agree that nothing is lost?

# %%
path = [{"classifier__C": c} for c in [0.01, 0.1, 1.0]]
done = pd.DataFrame([folds["logistic regression"]], columns=[f"fold {i}" for i in range(1, 6)])   # .1: the catalogue's,
done["params"] = [{"classifier__C": 0.1}]                                                       # scored on these folds above
found = models.search(models.model("logistic regression"), path, train[columns], y, whose, done=done)
table_of = found[["params", "score", "se"]].assign(below_best=found["score"].max() - found["score"])
print(table_of.round(4).to_string(index=False))
print("best:", models.best(found), " simplest within one standard error:",
      models.simplest_within_one_se(found, ["classifier__C"]))
by_fold = found.filter(like="fold ").to_numpy()
less = evaluation.corrected_interval(by_fold[0] - by_fold[2], learned_from, scored)
print("folds, C = 0.01 less C = 1:", less.text(3, signed=True))
for c in (0.01, 1.0):
    predictions[f"C = {c}"] = models.model("logistic regression", C=c).fit(train[columns], y).predict_proba(test[columns])[:, 1]
loss = evaluation.difference(evaluation.average_precision, y_test, predictions["C = 0.01"], predictions["C = 1.0"])
print("July,  C = 0.01 less C = 1:", loss.text(3, signed=True))

# %% [markdown]
# `C` = 1 is best; .01 lies .0040 below, just within its standard error of .0042, and the rule takes .01. In July that costs .015 [.010, .019], more than boosting's whole lead. The paired difference of the folds, −.004 [−.016, +.008], holds zero and July's −.015 alike. "Within one standard error" means that the folds cannot tell, not that nothing is lost: the rule buys simplicity at a price that it does not name. (The catalogue has `C` = .1<!-- classifier C -->.)
#
# ## How many customers does an algorithm need?
#
# A **learning curve** learns from ever more customers, and is judged by the same July. Small samples differ, so each small size is drawn five times, no customer twice.
#
# **Guess first:** with 500 customers, which is ahead: the weighted sum or the trees?

# %%
everybody, records = np.random.default_rng(0).permutation(whose.unique()), []
for size in (500, 2000, len(everybody)):
    for draw in range(1 if size == len(everybody) else 5):
        part = train[whose.isin(everybody[draw * size:(draw + 1) * size])]
        for name in folds:
            p = predictions[name]   # learned from everybody
            if size < len(everybody):
                p = models.model(name).fit(part[columns], part["high_value"]).predict_proba(test[columns])[:, 1]
            records.append((f"{size:,}", draw, name, average_precision_score(y_test, p)))
curves = pd.DataFrame(records, columns=["customers", "draw", "name", "AP"]).pivot_table("AP", ["customers", "draw"], "name", sort=False)
print(curves.groupby(level="customers", sort=False).mean().round(2).to_string())
for size in ("500", "2,000"):
    ahead = evaluation.mean_interval(curves.loc[size, "xgboost"] - curves.loc[size, "logistic regression"])
    print(f"{size} customers: XGBoost − logistic regression {ahead.text(3, signed=True)}")
for name, color in zip(curves, plots.PALETTE, strict=False):
    plt.plot(curves.index.get_level_values(0), curves[name], ".", color=color, alpha=0.5)
    plt.plot(curves[name].groupby(level=0, sort=False).mean(), "o-", color=color, label=name)
plt.gca().set(title="Here: few customers, the weighted sum; many, the trees", xlabel="customers to learn from", ylabel="average precision, July 2025")
plt.legend()
plots.show("Learning curves: with 500 customers logistic regression lies above XGBoost in each of five draws, with 2,000 the two are close, with all customers XGBoost is above.")

# %% [markdown]
# With 500 customers the weighted sum leads by .03, in each of five draws; with 2,000 by .01, with zero at the edge of the interval; with all 11,430 the trees lead by .01 (the paired interval above). Logistic regression rises from .42 with 500 to .47 with 11,430 customers, XGBoost from .39 to .49: more rows are worth more to the algorithm that can bend. (The intervals are over draws of customers to learn from; the July that judges is always the same.)
#
# ## A network wants scaled columns
#
# Networks (and linear models) take their columns as numbers, so units count; a tree asks only "larger than?".
#
# **Guess first:** which of the two columns below will hardly change from row to row?

# %%
def in_july(name, scale):
    fitted = models.model(name, scale=scale).fit(train[columns], y)
    return average_precision_score(y_test, fitted.predict_proba(test[columns])[:, 1])


catalogue = {name: average_precision_score(y_test, predictions[name]) for name in ["neural network", "xgboost"]}
scaled = pd.DataFrame({
    "neural network": {"raw units": in_july("neural network", None), "standardize": in_july("neural network", "standardize"),
                       "log, standardize": catalogue["neural network"]},   # the catalogue takes logarithms for it,
    "xgboost": {"raw units": catalogue["xgboost"], "standardize": in_july("xgboost", "standardize")}})   # and raw units here
scaled.map(lambda value: "" if np.isnan(value) else "below .42" if value < 0.42 else f"{value:.2f}")

# %% [markdown]
# XGBoost does not care. In raw units the network is a lottery: on three kinds of processor, with three seeds each, we saw very different scores, so only a bound is printed. A network that loses like that was compared unfairly. (Claim c13 below, and chapter 02.)
#
# ## Segments in place of a model?
#
# "Cluster first, then personalize by cluster" sounds thrifty. As a challenger: four segments of the features of chapter 05; each customer gets the share of high value of their segment, or a model of their segment's own.
#
# **Guess first:** where do the two land on the scale from chance by one column (`visit_rate`, .35<!-- one column, July -->) to one model for all (.49)?

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
# The share of the segment, .19, is far below one column: four numbers for about 14,000 customers. A model for each segment comes within .01 of the single model, and the interval of the difference lies below zero: each of the four learns from fewer rows what one model would have learned for all. Segments are for people; the decision wants the model.
#
# ## What does it cost?
#
# Seconds and bytes differ from machine to machine, so they were measured once, each algorithm in a process of its own (`tests/benchmarks/algorithms.py`), and stand here as ratios to logistic regression on the same rows (another, larger simulated shop: compare its scores with each other, not with July's).

# %%
best_of_three = benchmark.query("benchmark == 'cost'").pivot_table("value", "arm", ["metric", "rows"], aggfunc="min")
costs = best_of_three.loc[["one column", *models.ALGORITHMS, "average of three"]]
shown = {"average precision": costs["average precision"].round(2)}
for name, metric in {"fit": "fit, seconds", "score": "score 10,000 rows, seconds", "memory": "memory on top, MB"}.items():
    shown[name] = (costs[metric] / costs.loc["logistic regression", metric]).round(1)
pd.concat(shown, axis=1).rename_axis(index=None)

# %% [markdown]
# Read by columns. Fitting: XGBoost takes about three times as long as logistic regression at every size, the network five times on 2,000 rows and less on more, the forest ten times on 2,000 rows and over thirty on 100,000; the average of three pays for its forest. Scoring: up to seven times as long, for the average. Memory: what fills the gaps and scales the columns costs more than the algorithms do; on 100,000 rows XGBoost, which needs neither, takes half. (One shop and one draw, so the scores have no interval here.)
#
# **Which algorithm when**, and what above says so (most customers are two rows here):
#
# | you have | take | because |
# |---|---|---|
# | a habit that repeats, and the question who is at the top | the best single column | on groceries no model's gain on it is told from zero (below) |
# | up to some 2,000 customers, or few positives | logistic regression before XGBoost | ahead with 500 customers, with 2,000 not behind; with few positives among households ahead on one label, level on another (below); the cheapest to run and to explain |
# | a third of our rows | either; the average, if a little counts | thirty shops: level, and the average .01<!-- average of three less logistic regression, thirty shops --> ahead of both |
# | 20,000 rows or more | XGBoost, regularized | .01 ahead in July, a little more at 100,000 rows, for three times the time |
# | no time to choose, and time to compute | the average of three | .01 ahead of logistic regression in thirty shops and in July, whichever part leads; not so with few positives (below) |
# | a forest already in service | keep it, unless a little counts | in July just behind XGBoost, on 100,000 rows level; from 20,000 rows on nine to twelve times as dear to refit as XGBoost |
# | scaled columns, a sound stop (c29 below), patience | a network may do as well | not told apart from logistic regression in July or in thirty shops; on 100,000 rows it fell behind (.52<!-- neural network -->) |
#
# ## What next? Ranking subcategories
#
# A shop window has five places. For each customer who buys in the 26 weeks after the cut-off, rank the 40 subcategories. `own` counts orders with the item, `in_category` those in its category, `interest` is the share of browsing time in its category, `neighbors` how often buyers of the same things bought it. **NDCG@5** is 1 if those bought most often stand first, and counts a hit on place five about four tenths as much as one on place one. Two baselines: **popularity**, the same ranking for all, and a customer's **own counts** (popularity decides between equal counts).
#
# **Guess first:** which matters more here, what somebody bought or what they looked at?

# %%
from helpers.features import coupons, ranking

learn, judge = "2024-12-31", "2025-07-01"
ranked = ranking.items(store, learn)   # the 40 subcategories
bought, known = {}, {}
for day in (learn, judge):
    counts = targets.next_category(store, day, categories=ranked, column="subcategory")
    bought[day] = counts[counts.any(axis=1)]   # those who buy in the 26 weeks, by subcategory
    known[day] = ranking.candidates(store, day, bought[day].index, ranked)   # a row for each pair of them
print("known of each pair before the cut-off:", ", ".join(known[judge]))
model = models.model("xgboost").fit(known[learn], bought[learn].to_numpy().ravel() > 0)
pairs, relevance = known[judge], bought[judge].to_numpy()
rankings = {"popularity": pairs["popularity"],   # it also decides between equal counts
            "own counts": pairs["own"] + pairs["popularity"] / 1000,
            "looks": pairs["interest"] + pairs["popularity"] / 1000,
            "model": model.predict_proba(pairs)[:, 1]}

# %%
new = pairs["own"].to_numpy().reshape(relevance.shape) == 0   # customers × subcategories: never bought by this customer
print(f"{len(new):,} customers; {new.all(axis=1).mean():.0%} had never bought anything")
found = {}
for name, values in rankings.items():
    scored = np.asarray(values).reshape(relevance.shape)
    found["all", name] = evaluation.ndcg(relevance, scored)
    found["new to the customer", name] = evaluation.ndcg(relevance * new, np.where(new, scored, -1))
quality = pd.DataFrame(found)   # a row for each customer; missing where nothing new was bought
for what in ("all", "new to the customer"):
    for name, less in {"popularity": None, "own counts": "popularity", "looks": "own counts", "model": "looks"}.items():
        mean = evaluation.mean_interval(quality[what, name].dropna()).text()
        gain = evaluation.mean_interval((quality[what, name] - quality[what, less]).dropna()).text(signed=True) if less else ""
        print(f"{what:20s} {name:11s} {mean}  {f'less {less} {gain}' if less else ''}")

# %% [markdown]
# Looks: browsing reaches .27, own purchases .21, and the model that has both .29; each step is clear of zero. Two in five of these buyers had never bought anything, so counting has little to count, while their visits tell their taste. Where only what is new to the customer counts, own purchases say nothing beyond popularity, looks .12<!-- looks less own counts --> more, and the model is not told from looks. The claims below show a shop where it is the other way around.
#
# ## What people say, what we measured
#
# What decides stands under each claim, with what was changed after a first look; each seed is a new simulated shop, or a bootstrap of real households. One seed of the claim about the best of sixty settings before your eyes, then all of them:

# %%
print(studies.one_seed("c12", seed=0).pivot_table("value", "arm", "world").reindex(["best of 60", "nested", "new customers"])[["noise", "weak signal"]].round(2))
rows = studies.rows("c12")
auc = {arm: studies.values(rows, "noise", arm, "AUC") for arm in ["best of 60", "nested"]}
print("best of 60 − nested, noise, all seeds:", evaluation.mean_interval(auc["best of 60"] - auc["nested"]).text(signed=True))
Markdown(studies.claims_table(["c12", "c13", "c27", "c29", "c30"]))

# %% [markdown]
# In this one seed the best of sixty reports .56<!-- best of 60, arm --> on noise and .64 where there is a signal; new customers give .50 and .59, and nested cross-validation lies between, .52 and .61. Claim by claim (figures of all seeds):
#
# - **c12**, *partly* borne out: on noise the best of sixty scores is .05 too good, with a weak signal .03<!-- best of 60 minus new customers -->; nested cross-validation errs by −.01<!-- nested minus new customers -->, to the careful side; with a weak signal its interval is too wide to call it right. Choosing features before the split is far worse: AUC .73 on noise.
# - **c13**, *partly* borne out: in the simulated world scale decides for KMeans and for the network, which in raw units loses more than .01 of AUC in every world (how much differs between processors), and leaves trees alone. Logistic regression gains .003, hardly more than what we call nothing for a tree; its default solver used up its steps in raw units, so it is scored at its optimum. On households regression gains .016<!-- households, logistic regression, standardize minus raw -->, the network nothing that is told from zero.
# - **c27**, *not* borne out: in the simulated shop, where looking tells more than buying, the average gains .27. Among households who buy groceries every week, no gain of a model on spend of the last 90 days is told from zero for who will be at the top, though a small one is not ruled out. For *newly* high value the average beats spend of the last 90 days in both worlds, where "already" means the same at each cut-off; the section on real shoppers shows how much hangs on that.
# - **c29**, borne out. A network learns in rounds, and one stops when something no longer improves. scikit-learn's `early_stopping=True` watches the *accuracy* on rows kept aside. With the top tenth as label that costs .02<!-- newly top 10 %, accuracy minus training loss --> of AUC; with the top 2 % it leaves 27 of 30 shops below .6, and on real households every network (one set of households, AUC .32<!-- households, stopped by accuracy -->: worse than a coin). Stopping on the log-loss of the same rows costs nothing that shows, so the culprit is accuracy: "nobody" is nearly always right.
# - **c30**, *partly*: on groceries counting adds .11 to popularity ( a model on top gains hardly anything), and **discovery**, ranking what somebody never bought, is hard (+.01<!-- new, model minus popularity -->). In the simulated shop the model finds new things (+.11), mostly because people look before they buy; without the visits it gains .04.
#
# ## Explore
#
# Choose a task, an algorithm and how complex it may be (5: weak regularization, deep trees). Left: does what it learned hold for later customers? Right: can its probabilities be believed? Try the forest at 5, where the two lines on the left part, and logistic regression at 1, where they meet lower down. (In the first picture later customers score a little above the rows learned from: a sum of weights hardly remembers anybody, and July differs from 2024.)

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
households = tasks.table(journey, tasks.JOURNEY_CUTOFFS, tasks.JOURNEY_HORIZON, past=tasks.JOURNEY_HORIZON)
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
    ahead = evaluation.difference(evaluation.average_precision, b["high_value"], p["logistic regression"], p["xgboost"])
    print(f"{label}: {a['high_value'].sum()} positives to learn from, {b['high_value'].sum()} of {len(b):,} to be judged by; "
          f"logistic regression − xgboost {ahead.text(signed=True)}")
pd.concat(boards, axis=1)

# %% [markdown]
# For high value, nothing: four algorithms and their average, and each interval of the difference holds zero. Who spent most last quarter spends most next quarter, and one line of SQL does it. For the 68 who are *newly* there, logistic regression gains .14 on spend, and the average of three .10<!-- difference -->; XGBoost's gain is not told from zero. With 132 positives to learn from, the weighted sum leads XGBoost by .12 [.02, .18]. With the 135<!-- newly, by all known --> of the last columns the lead is .03 [−.03, .09] and includes zero. So few positives *may* favor the weighted sum: one label of two says so.
#
# The last columns turn that around, and only the definition of "already" has changed. The panel begins in January: "all that is known" is a quarter in April and nine months in October, so the label means one thing in learning and another in judging. In October many who were at the top last quarter are not left out, so recent spend says a lot (.35); in April they were all left out, so a model cannot have learned that. No algorithm mends it. **Look at the label before you compare models.**
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
# Here a model pays: earlier redemptions alone .42, logistic regression .51. No algorithm is told apart from it: XGBoost lies .03 below with zero just inside the interval. The forest lies .01 below, the network .01 above. Five models on 1,653 offers cannot be ranked more finely than this, and the simplest will do.
#
# ## Exercises
#
# Put your answer in place of the three dots and run the cell. `hint("01.1")` gives one hint at a time, `solution("01.1")` one right answer; others may be as good.
#
# ### Exercise 01.1 · too good to be true (8 minutes)
#
# A colleague offers four more columns, "all as of the cut-off". One of them knows the future. Which? Answer with its name, in quotes.

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
# In five folds of 16,000 rows to learn from and 4,000<!-- test --> to score, XGBoost was ahead of logistic regression by the differences below. Give the lower and the upper end of the 95 % interval of the mean difference that takes the overlap of the training rows into account.

# %%
differences = np.array([0.011, 0.004, 0.016, 0.001, 0.009])
ends = ...
check("01.4", ends)

# %% [markdown]
# ### Exercise 01.5 · to think about (4 minutes)
#
# A young shop has 600 customers, 55 of them of high value, and wants a list of 60 to phone every month. Which do you propose?
#
# (a) a neural network, because data will grow, (b) XGBoost after a search over 500 settings, (c) logistic regression beside the best single column, and the simpler one if the interval of the difference holds zero, (d) five segments, and phone the best one. Answer with a letter in quotes: `"a"`.

# %%
choice = ...
check("01.5", choice)

# %% [markdown]
# ## On your own data
#
# Change the first line: the path of a CSV, Parquet or Excel file of orders with a customer, a time and an amount, as seen from this folder (`notebooks/`). The cut-offs follow from the last order: a quarter to judge by, the quarter before it to learn from. A shop needs about a year of orders, and a hundred customers of high value, to say anything. `print(own.report)` says what became of every line of the file. The baseline is the column that ranks best at the first cut-off. Read the difference: where its interval holds zero, stay with the column.

# %%
own = store   # yours: shop.read("my_orders.csv")
end = own.purchases["ordered_at"].max().normalize() + pd.Timedelta(days=1)
learn_at, judge_at = (end - pd.Timedelta(91 * k, "D") for k in (2, 1))
mine = tasks.table(own, [learn_at, judge_at], "91D")
a, b = evaluation.time_split(mine, judge_at, "91D")
known = tasks.features_of(mine)
best_column = max(known, key=lambda c: average_precision_score(a["high_value"], models.OneColumn(c).values(a)))
chosen = {best_column: models.OneColumn(best_column), "logistic regression": models.model("logistic regression")}
p_own = judged(a, b, "high_value", known, chosen)
board_own = evaluation.scoreboard(b["high_value"], p_own, ["average precision"], against=best_column)
few_high = min(a["high_value"].sum(), b["high_value"].sum())
print(f"{a['high_value'].sum():,} customers of high value to learn from, {b['high_value'].sum():,} to be judged by"
      + ("" if few_high >= 100 else ": too few to tell models apart"))
evaluation.text_table(board_own)

# %% [markdown]
# ## Summary
#
# 1. **The decision first.** Segments for people, a prediction for a decision about one customer, a ranking for five places. High value, *newly* high value and the next category are different tasks with different winners: past spend names today's best, and far fewer of tomorrow's.
# 2. **One protocol.** A baseline of one column; everything that learns inside the pipeline; in cross-validation a customer on one side only; the future as the judge; paired differences with an interval, and the corrected one for folds. By it, four good algorithms and their average hardly differ, and in the spend that their lists bring not at all.
# 3. **Settings and the choice.** The best score of a search is too good: nest it, or wait for the future. "Within one standard error" means that the folds cannot tell, not that nothing is lost. Few rows, and perhaps few positives: the weighted sum before boosting. Many rows: boosting, or the average. A network wants scaled columns, and must not be stopped by accuracy.
#
# **Sources.** Nadeau & Bengio 2003 (corrected interval); Cawley & Talbot 2010 and Varma & Simon 2006 (selection and nested cross-validation); Breiman, Friedman, Olshen & Stone 1984 (one-standard-error rule); Bergstra & Bengio 2012 (random search); Jamieson & Talwalkar 2016 (successive halving); Breiman 2001 (forests); Chen & Guestrin 2016 (XGBoost); Grinsztajn, Oyallon & Varoquaux 2022 (trees and networks); Rubachev et al. 2024 (time-based splits change rankings); Wübben & von Wangenheim 2008 (simple rules in customer bases); Järvelin & Kekäläinen 2002 (NDCG).
