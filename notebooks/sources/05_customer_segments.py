# %% [markdown]
# # 05 · Customer segments
#
# **The question.** Which of our customers are alike enough to be spoken to in the same way, and how would we know that we are not fooling ourselves?
#
# After this notebook you can
#
# 1. run the well-known KMeans recipe, read its segments, and say what each of its steps does to the answer,
# 2. choose a transformation, an algorithm and a number of segments with reasons, and tell structure from noise,
# 3. say what a segmentation of your own shop is good for, and what it cannot tell you.
#
# About 85 minutes with the exercises. You need pandas and a first acquaintance with scikit-learn; terms are explained where they first appear.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown
from scipy.cluster.hierarchy import dendrogram, linkage
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.linear_model import LinearRegression
from sklearn.metrics import adjusted_rand_score, r2_score
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.preprocessing import StandardScaler

from helpers import evaluation, features, plots, segments, shop, simulator, targets, widgets
from helpers.course import studies
from helpers.course.exercises import check, hint, solution

plots.use_style()

# %% [markdown]
# ## The recipe everybody knows
#
# `customer_behavior.csv` holds one row per customer and four figures: **recency** (days since the last order), **frequency** (number of orders), **monetary** (money spent) and **category_interest_score** (the share of interest that goes to one favorite category, 0 to 1).
#
# The recipe in five steps: read, standardize, draw the elbow, run KMeans, look. *KMeans* puts each customer to the nearest of k centers, and moves the centers to the middle of their customers until nothing changes.

# %%
behavior = pd.read_csv("../data/customer_behavior.csv")
columns = ["recency", "frequency", "monetary", "category_interest_score"]
X = StandardScaler().fit_transform(behavior[columns])
behavior[columns].describe().loc[["mean", "std", "min", "50%", "max"]].round(2)

# %% [markdown]
# Spend runs to thousands and interest from 0 to 1. `StandardScaler` gives each column mean 0 and standard deviation 1, so that no column counts more because of its unit.
#
# KMeans wants to be told k. The **elbow** is the usual advice: run it for k from one to ten, plot the *inertia* (the sum of squared distances of customers to their centers), and take the k at which the curve bends.
#
# **Guess first:** where will you see the bend?

# %%
inertia = []
for k in range(1, 11):
    kmeans = KMeans(n_clusters=k, random_state=42)
    kmeans.fit(X)
    inertia.append(kmeans.inertia_)
print("inertia:", [round(value, -1) for value in inertia])

plt.plot(range(1, 11), inertia, marker="o")
plt.title("The elbow: where would you bend it?")
plt.xlabel("number of segments k")
plt.ylabel("inertia (squared standard deviations)")
plots.show("A falling curve of inertia against k from one to ten: steep to 3, flatter from about 4 on, with no sharp corner.")

# %% [markdown]
# The curve is steep up to 3, less so from 4 on, and nowhere has a corner: 3, 4 and 5 can all be defended. Take 4 for now, and remember that an eye chose it. The last step appends the segment to each customer. Its number, 0 to 3, is arbitrary; names come from the medians, which `segments.profile` gives with each segment's share of customers and of money.

# %%
kmeans = KMeans(n_clusters=4, random_state=42)
behavior["segment"] = kmeans.fit_predict(X)
behavior.head()

# %%
profile = segments.profile(behavior[columns], behavior["segment"])
best, lapsed = profile["monetary"].idxmax(), profile["recency"].idxmax()
broad, narrow = profile.drop(index=[best, lapsed]).sort_values("category_interest_score").index
names = pd.Series({best: "best customers", lapsed: "lapsed", broad: "occasional, broad taste", narrow: "occasional, one interest"})
profile.rename(index=names).round(2)

# %%
plots.heatmap(
    segments.standardized_profile(behavior[columns], behavior["segment"]).rename(index=names),
    "Best customers differ in all, the rest in recency and taste",
)
plots.show("A heat map of four segments by four features in standard deviations from the mean: best customers are high in frequency, spend and interest and low in recency; lapsed ones high in recency; the two occasional segments differ mainly in interest.")

# %% [markdown]
# The heat map shows means on the logarithmic scale. A tenth of the customers bring just over half of the money. A picture like this goes into many slide decks, and its segments look like facts. The rest of this notebook asks whether they are.
#
# ## Another algorithm beside it
#
# **Hierarchical clustering** (here Ward's method) starts with every customer alone and keeps joining the two groups whose union adds least to the inertia. Its tree, the *dendrogram*, shows every k at once: the height of a join says how unlike the joined groups were.
#
# **Guess first:** same table, same k = 4. How many customers will both algorithms put together in the same way: nearly all, or far from it?

# %%
tree = linkage(X, method="ward")
dendrogram(tree, truncate_mode="lastp", p=12, no_labels=True, color_threshold=0, above_threshold_color=plots.BLUE)
plt.title("Ward's tree: the longest gap is at three groups, not four")
plt.xlabel("twelve groups of customers")
plt.ylabel("height of the join")
plots.show("A dendrogram of twelve groups. The last joins are at heights 112, 87, 48 and 41: the longest stretch without a join lies between the second and the third, where three groups are left.")
print("height of the last joins:", {f"{k + 1} to {k}": round(tree[-k, 2]) for k in range(1, 6)})

ward = AgglomerativeClustering(n_clusters=4).fit_predict(X)
print(f"ARI between KMeans and Ward: {adjusted_rand_score(behavior['segment'], ward):.2f}")
pd.crosstab(behavior["segment"].map(names), segments.match(behavior["segment"], ward), colnames=["Ward, matched"])

# %% [markdown]
# Cutting where the tree has its longest stretch without a join would give three groups: a third opinion on k. At k = 4, an **adjusted Rand index** (ARI) of 1 means the same grouping, 0 what chance would give. Two respectable algorithms on the same table, and these two agree on half (ARI about .5): the best customers are the same, but Ward's lapsed hold all of KMeans' and half as many again, and the occasional ones are cut in another place. They cannot both have found "the" segments.
#
# ## The truth, and what units do to it
#
# This file was simulated, so its truth is known: every customer was drawn from one of four segments. (Nobody gives you that file for a real shop. That is why methods are tried here first.)
#
# **Guess first:** KMeans measures distances. What happens when the columns keep their raw units? And when spend is put on a logarithmic scale before standardizing, so that the step from 50 to 100 is as long as the one from 500 to 1,000?

# %%
truth = simulator.load_truth("customer_behavior")["segment"]
algorithms = {"kmeans": "KMeans", "ward": "Ward", "mixture": "Gaussian mixture"}
ari = pd.DataFrame(index=algorithms.values())
for transform in ["raw", "standardize", "log"]:
    for algorithm, name in algorithms.items():
        labels = segments.model(4, transform, algorithm).fit_predict(behavior[columns])
        ari.loc[name, transform] = adjusted_rand_score(truth, labels)
ari.round(2)

# %%
by_hand = KMeans(n_clusters=4, n_init=10, random_state=0).fit_predict(
    StandardScaler().fit_transform(np.log1p(behavior[columns]))
)
labels = segments.model(4, "log", "kmeans").fit_predict(behavior[columns])
print("the same labels:", (by_hand == labels).all())
app = np.random.default_rng(0).random(len(behavior)) < 0.03   # 3 % of the customers, drawn at random
fifth = segments.model(4).fit_predict(behavior[columns].assign(uses_app=app * 1.0))
print("with a fifth column that marks them, segments hold of these:", pd.Series(fifth[app]).value_counts().to_dict())
pd.crosstab(truth, labels, colnames=["segment found"])

# %% [markdown]
# In raw units KMeans and Ward cut along spend and find next to nothing of the truth (ARI about .15). Standardizing helps KMeans to .47, the logarithm to .70. The Gaussian mixture, which fits an ellipse to each segment and so brings its own scale, does best (.86). `segments.model(k, transform, algorithm)` is a scikit-learn pipeline of just these steps, and gives the same labels as the recipe by hand.
#
# Read the rows of the second table: nearly all of the true best customers ("vip") and of the lapsed are together; one in seven of the new customers is taken for a bargain hunter, and one in nine the other way. Overlapping segments cannot be told apart without error, by any method.
#
# A word of caution: in this file frequency, spend and recency are log-normal by design, as they often are. On columns that are not skewed the logarithm has nothing to mend; the claims below measure that too. Frequency and monetary say nearly the same (their logs are closely correlated), so that in any distance this pair counts almost twice. And a column in which nearly everybody has the same value weighs as much as any other once it is scaled: the 3 % drawn by lot all land in one segment, though they have nothing in common. `segments.nearly_constant` warns of such columns; leave them out.
#
# ## One start is a lottery
#
# KMeans starts from random, spread-out centers and ends in the nearest valley. scikit-learn's default is a single start.
#
# **Guess first:** in how many of 100 seeds does one start end with an inertia more than 1 % above the best one known? Is seed 42<!-- seed 42 with one start --> among them?

# %%
best = KMeans(n_clusters=4, n_init=50, random_state=0).fit(X).inertia_
one = pd.Series([KMeans(n_clusters=4, random_state=seed).fit(X).inertia_ for seed in range(100)]) / best
ten = pd.Series([KMeans(n_clusters=4, n_init=10, random_state=seed).fit(X).inertia_ for seed in range(20)]) / best
print(f"one start:  {np.mean(one > 1.01):.0%} of 100 seeds end more than 1 % above the best, the worst {one.max() - 1:.0%}")
print(f"ten starts: {np.mean(ten > 1.01):.0%} of 20 seeds; seed 42 with one start: {one[42] - 1:.1%}")

# %% [markdown]
# Every fifth single start ends in a second valley, 14 % worse, and gives other segments. Seed 42 is lucky here, on this file; no seed is lucky in general. Ten starts cost milliseconds: from here on `segments.model` uses ten.
#
# ## Does structure exist at all, and which k?
#
# The elbow answers a question nobody should ask. Here are three files with the same columns: ours; one with every column **shuffled** on its own; and a **copula twin**, which keeps each column and the rank correlations between them and has no segments.
#
# **Guess first:** on which of the three will the elbow say that there are no segments?

# %%
files = {
    "four segments": behavior[columns],
    "shuffled": pd.read_csv("../data/customer_behavior_permuted.csv")[columns],
    "copula twin": pd.read_csv("../data/customer_behavior_copula.csv")[columns],
}
curves = pd.DataFrame({name: segments.inertias(file) for name, file in files.items()})
print("the elbow says k =", {name: segments.knee(curve) for name, curve in curves.items()})
(curves / curves.iloc[0]).round(2).T

# %% [markdown]
# On none. The elbow says 4 where there are four segments, and 3 or 5 where there are none: on a falling curve some point always lies farthest below the straight line from its first to its last (that is what `segments.knee` takes).
#
# The remedy is to ask *compared with what?* The **twin gap** runs KMeans on copula twins of our file and takes the difference of the log inertias. A twin by hand: normals with the right correlation are drawn, and their ranks pick from the sorted columns. (The helper also corrects for ties.)
#
# A gap above zero says that something here is neither in the single columns nor in their rank correlations. It may be segments; it may be a bend. And the gap is blind to groups that show in one column alone, because the twin has that column too: look at the histograms first.

# %%
def twin_by_hand(table, rng):
    correlation = 2 * np.sin(np.pi / 6 * table.corr(method="spearman"))
    normals = rng.multivariate_normal(np.zeros(len(correlation)), correlation, size=len(table))
    ranks = normals.argsort(axis=0).argsort(axis=0)
    return pd.DataFrame({name: np.sort(table[name])[ranks[:, i]] for i, name in enumerate(table)})


def log_inertia(table):
    return np.log(segments.inertias(table, ks=[4]).loc[4])


rng = np.random.default_rng(0)
twins = [log_inertia(twin_by_hand(behavior[columns], rng)) for _ in range(10)]
gaps = {name: segments.gap(file, references=10) for name, file in files.items()}
print(f"by hand {np.mean(twins) - log_inertia(behavior[columns]):.1f}, helper {gaps['four segments'].loc[4, 'gap']:.1f}")

# %%
for (name, gap), color in zip(gaps.items(), plots.PALETTE, strict=False):
    plt.errorbar(gap.index, gap["gap"], yerr=2 * gap["se"], marker="o", markersize=4, color=color)
    plt.text(10.2, gap["gap"].iloc[-1] - (name == "shuffled") * 0.02, name, color=color, va="center")
plt.title("Against its own twins, only one file has segments")
plt.xlabel("number of segments k")
plt.ylabel("gap in log inertia (± 2 sd of the twins)")
plots.show("Gap against k for three files. For the file with four segments the gap rises to about 0.3 at k = 4 and stays there; for the shuffled file and the copula twin it stays near zero.")
print("the rule says k =", {name: segments.choose_k(gap) for name, gap in gaps.items()})

# %% [markdown]
# The gap climbs to .3 at k = 4 and stays flat: four segments, and none in the other two files. The rule takes the smallest k, from 2 on, whose gap is within one standard error of the next one's, and says "none" (k = 1) unless the gap there exceeds .05 and two standard errors. It is no oracle: the claims below show how often it is right.
#
# ## Is it stable? Is it useful?
#
# **Stable** means that other customers of the same kind would give the same segments. Split the customers into two halves at random, fit each, let both models label everybody, and compare by ARI.
#
# **Guess first:** which of the three files will be stable at k = 4?

# %%
stable = {name: segments.stability(file, 4, repeats=10) for name, file in files.items()}
pd.DataFrame(stable).agg(["mean", "min"]).T.round(2)

# %% [markdown]
# All three score above .8 on average: the segments that exist .94, the two files without any .84 and .86, though the shuffled one falls apart in some splits (.36). Instability is a warning. Stability is weak evidence: a cut through a cloud can fall at nearly the same place twice, and nothing marks where "stable enough" begins.
#
# **Useful** is the question of the shop: do the segments tell something about what customers *do next* that recency, frequency and spend do not say already? On the simulated shop: features before 1 July 2025, spend in the 26 weeks after; how much of its variance (R², log scale, on customers left out) do four segments explain, and how much the features that they were made from?

# %%
store = shop.load()
buyers = features.build(store, "2025-07-01").query("frequency > 0")[columns]
later = np.log1p(targets.future(store, "2025-07-01")["revenue"].loc[buyers.index])
four = segments.model(4).fit_predict(buyers)
folds = KFold(5, shuffle=True, random_state=0)
by_segment = cross_val_predict(LinearRegression(), pd.get_dummies(four, dtype=float), later, cv=folds)
print(f"{len(buyers):,} buyers; R² of four segments by hand: {r2_score(later, by_segment):.3f}")

# %%
use = segments.usefulness(buyers, four, later)
print(use.r2.round(2).to_string())
print("segments less quantiles of spend: ", use.against_quantiles.text(2, signed=True))
print("what segments add to the features:", use.gain.text(3, signed=True))

# %% [markdown]
# The segments explain more than quantiles of any one feature (`monetary`, at .06, is among the weakest of the four) and less than the features they were made from (.24<!-- features -->). Added to these they bring +.006: next to nothing, and only because a linear model cannot bend. A segment is a *rounding* of the features; it holds nothing that they lack. To act on one customer, use the features in a model. Segments are for people: for a message, for a report, for the strata of an experiment.
#
# ## Validation by domain experts
#
# **Guess first:** of the three sets of cards below, one is random, one comes from a twin without segments, one is real. Which? Write it down; it is told after the form.
#
# People who know the customers should judge segments, and they should judge **blind**. A reviewer gets three sets of cards: the segments of our file, those of a copula twin, and random groups, in unknown order. They name each card and put ten customers, kept out of the fit, to the cards of each set. **Cohen's κ** is their agreement with the model beyond chance: 1 perfect, 0 chance. The form saves to a file that you choose. Until you have filled it in, a stand-in answers: a rule that compares each customer with the cards by distance, as KMeans does, with an arbitrary error of judgment.

# %%
review = segments.prepare_review(behavior[columns], k=4)
form = widgets.ReviewForm(review)
form

# %%
answers = segments.nearest_card(review, blur=0.7)   # yours: answers = form.answers
segments.kappa(review, answers).round(2)

# %% [markdown]
#
# Now it is told: the column `set` says where the real segments were, the twin's and the random ones. No person has filled this in: the figures are the stand-in's, and show the arithmetic. The random groups (all alike, and so a check of attention) give a κ near zero. The twin's segments, which do not exist, are recognized about as well as the real ones. So a review can tell whether segments can be *recognized*; that they *exist* it cannot tell. And ten customers a set leave intervals from poor to excellent.
#
# Then comes the **loop**: mend what could not be used, refit, ask again about *other* customers. Here forty customers a set find the two cards confused most; these are merged, and the merged cards and a refit with k = 3 are judged on forty new customers each.

# %%
four_cards = segments.prepare_review(behavior[columns], k=4, held_out=80)
said = segments.nearest_card(four_cards, blur=0.7)
first_forty = said.index.get_level_values("customer") <= 40
wrong = four_cards.key.join(said[first_forty], how="inner").query("source == 'real' and card != answer")
a, b = wrong[["card", "answer"]].apply(sorted, axis=1).map(tuple).mode()[0]
merged = four_cards._replace(key=four_cards.key.replace({"card": {b: a}}))
three_cards = segments.prepare_review(behavior[columns], k=3, held_out=80)
said_of_three = segments.nearest_card(three_cards, blur=0.7)
rounds = {
    "four cards": segments.kappa(four_cards, said[~first_forty]),
    "two of them merged": segments.kappa(merged, said[~first_forty].replace(b, a)),
    "refitted with k = 3": segments.kappa(three_cards, said_of_three[~first_forty]),
}
pd.concat({name: table.loc[["real"]] for name, table in rounds.items()}).droplevel("source").round(2)

# %% [markdown]
# Merging the confused pair and refitting with three segments give .83 and .69 against .79: on forty new customers, differences that chance can make. Whether a merged segment still deserves one message is for the experts to say. Rename, merge or drop; do not argue with κ alone.
#
# ## What people say, what we measured
#
# Each claim was measured on new draws of simulated data whose truth is known, and on real households where that is possible; what decides stands under each, with what was changed after a first look. (Silhouette: how much nearer a customer is to the own segment than to the next. BIC: the fit of a Gaussian mixture, less a price for its parameters. Uniform gap: the gap against a box without structure.) One seed of the third claim before your eyes, then all claims:

# %%
print(studies.one_seed("c03", seed=0).query("metric == 'ARI to truth'")[["world", "arm", "value"]].round(2))
rows = studies.rows("c03")
ari = {arm: studies.values(rows, "log-normal columns", arm, "ARI to truth") for arm in ["standardize", "log"]}
print("log − standardize on log-normal columns, all seeds, paired:", evaluation.mean_interval(ari["log"] - ari["standardize"]).text(signed=True))

# %%
Markdown(studies.claims_table(["c01", "c02", "c03", "c04"]))

# %% [markdown]
# Read them one by one. **c01**, a demonstration: the elbow's k on noise moves with the right end of the curve, and on four true segments it says 3 when the curve is drawn up to 6. **c02**: the twin gap says none where there is none far more often than its strongest rival, the uniform gap (.88 against .50), and finds k less often where there is one (.81 against .95): *partly*. It finds segments in a curved cloud, where there are none, and misses groups that show in one column alone; and its rule was settled on these very designs, which flatters it. **c03**: on log-normal columns the logarithm gains .22, on symmetric ones it loses .24: *partly* again. Look at the columns first.
#
# **c04** is borne out: in a copula twin, which has no segments, two halves agree on four (ARI above .8) in .93<!-- draws above, k = 4, n = 4,000 --> of the draws with 4,000 customers, and in .47<!-- copula twin, draws above, k = 4, n = 1,500 --> with 1,500; with 10,000 in every one. The more customers there are, the surer KMeans finds the same cut through the same cloud. So low stability is a warning, and high stability proves nothing.
#
# ## Explore
#
# Choose features, a transformation, an algorithm and k. The picture follows at once; silhouette, stability and the ARI to the truth arrive a moment later. Try: raw units; k = 2 and then ten; only recency and frequency. Which setting has the best silhouette, and which the best ARI? They are not the same.

# %%
widgets.segment_explorer(behavior[columns], truth)

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey: a year of groceries of 2,469 households (its card in `data/README.md` says what is known of its origin). Features over the whole year. The table of claims has told it: the twin gap finds nothing there that deserves the name. See how that looks.

# %%
journey = shop.load("complete_journey")
households = features.build(journey, "2018-01-01")[columns]
raw = segments.model(4, "raw").fit_predict(households)
one_column = segments.model(4, "raw").fit_predict(households[["monetary"]])
print(f"share of the variance in raw units that spend holds: {households.var()['monetary'] / households.var().sum():.3f}")
print(f"ARI of raw segments with a cut along spend alone:    {adjusted_rand_score(raw, one_column):.3f}")

labels = segments.model(4).fit_predict(households)
household_gap = segments.gap(households)
print("k by the twin gap:", segments.choose_k(household_gap), " largest gap:", household_gap["gap"].max().round(2))
segments.profile(households, labels).round(2)

# %% [markdown]
# In raw units spend holds 99.8 % of the variance: the "four-dimensional" segments are a cut along spend. On the logarithmic scale the gap creeps up to .07 without a bend, unlike on the file with segments: weak structure at most, and no k worth defending. A cut through it can still serve: a third of the households bring two thirds of the money, and one may want to write to them differently. Where the border runs is then a business choice, and the slide should say so.
#
# What is the cut worth? Features before October, spend in the 13 weeks after.
#
# **Guess first:** in the simulated shop four segments told more about later spend than four quantiles of spend did. Here too?

# %%
autumn = features.build(journey, "2017-10-01")[columns]
spend = np.log1p(targets.future(journey, "2017-10-01", "91D")["revenue"].loc[autumn.index])
use = segments.usefulness(autumn, segments.model(4).fit_predict(autumn), spend)
print(use.r2.round(2).to_string())
print("segments less quantiles of spend: ", use.against_quantiles.text(2, signed=True))
print("what segments add to the features:", use.gain.text(3, signed=True))

# %% [markdown]
# Here the segments tell *less* about the autumn than plain quartiles of spend (.40 against .45<!-- monetary -->, the difference clear of zero), and the features more than both (.54<!-- features -->). To these the segments add nothing.
#
# In the simulated shop the segments beat the quantiles, here they lose. The worlds differ in what spend tells: among these households it is the strongest single signal, and four segments round it off more coarsely than quartiles of it do.
#
# ## Exercises
#
# Put your answer in place of the three dots and run the cell. `hint("05.1")` gives one hint at a time, `solution("05.1")` one right answer; others may be as good.
#
# ### Exercise 05.1 · clean the file (8 minutes)
#
# `customer_behavior_dirty.csv` is how exports arrive: rows twice, negative and missing values, one wholesaler. Make it usable: one row per customer, every value usable. Drop what you cannot use, and change no figure.

# %%
dirty = pd.read_csv("../data/customer_behavior_dirty.csv")
clean = ...
check("05.1", clean)

# %% [markdown]
# ### Exercise 05.2 · find more of the truth (5 minutes)
#
# Put the customers of `behavior` into four segments, from the four features alone, so that the ARI to the truth is at least .6; the recipe reached .47. The answer is an array with a label for each customer.

# %%
my_segments = ...
check("05.2", my_segments)

# %% [markdown]
# ### Exercise 05.3 · who keeps the segment? (6 minutes)
#
# Two models were fitted on different halves of the customers, and both label the first half. Which share of these customers keeps its segment?

# %%
first_half, second_half = behavior[columns].iloc[:2000], behavior[columns].iloc[2000:]
first = segments.model(4, seed=1).fit_predict(first_half)
second = segments.model(4, seed=2).fit(second_half).predict(first_half)
kept = ...
check("05.3", kept)

# %% [markdown]
# ### Exercise 05.4 · a file from a colleague (6 minutes)
#
# "I found four segments in this one, look at the elbow!" How many do you find? Answer with k.

# %%
mystery = pd.read_csv("../data/colleague.csv")[columns]
k = ...
check("05.4", k)

# %% [markdown]
# ### Exercise 05.5 · to think about (4 minutes)
#
# The segment "lapsed" has 1,000 customers, and there are 500 vouchers to win them back. Whom do you send one?
#
# (a) the 500 whose last order is longest ago, (b) the 500 of them who used to buy most often, (c) 500 drawn at random from the 1,000, keeping the others for comparison, (d) none of them: better the best customers, who surely use it. Answer with a letter.

# %%
choice = ...
check("05.5", choice)

# %% [markdown]
# ## On your own data
#
# Change the one line: a file, a folder or a DataFrame of your own orders. `print(own.report)` says what was taken for what. Then everything above works on `mine`. Where most customers bought once, as here, little else than spend tells them apart: look at those who came back on their own (`query("frequency > 1")`). The simulated shop does have four kinds of customers; its log hardly shows them, and no method can find what is not in the columns.

# %%
own = shop.load()   # yours: shop.read("my_orders.csv")
as_of = own.purchases["ordered_at"].max().normalize() + pd.Timedelta(days=1)
mine = features.build(own, as_of).query("frequency > 0")[columns]
found = segments.choose_k(segments.gap(mine.sample(min(len(mine), 2000), random_state=0), references=10))
print(f"{len(mine):,} buyers up to {as_of:%Y-%m-%d}; the twin gap says k = {found}")
k = found if found > 1 else 4   # no segments found: four is a business choice
segments.profile(mine, segments.model(k).fit_predict(mine)).round(2)

# %% [markdown]
# ## Summary
#
# 1. **The recipe.** Units decide: in raw units KMeans cuts along spend; standardizing helps, and where columns are skewed the logarithm first helps more. One random start in five ended in a worse valley: use ten. The labels' numbers mean nothing: match them before you compare.
# 2. **Choices with reasons.** The elbow and the silhouette always name a k. Ask instead whether structure exists (the twin gap), which k (the one-standard-error rule), whether it is stable, and whether it is useful. Where no structure exists, k is a business choice: say so.
# 3. **What a segmentation is good for.** Messages, reports, strata of an experiment. It rounds off the features it was made from and holds nothing that they lack, and it does not say whom a voucher moves.
#
# **Sources.** MacQueen 1967 and Lloyd 1982 (KMeans); Ward 1963; Hubert & Arabie 1985 (adjusted Rand index); Rousseeuw 1987 (silhouette); Tibshirani, Walther & Hastie 2001 (gap statistic); Hennig & Lin 2015 (null data that keep the structure of the real ones); Cario & Nelson 1997 (normals behind given columns); Ben-David, von Luxburg & Pál 2006 (stability); Cohen 1960 (κ); Schubert 2023, "Stop using the elbow criterion for k-means and how to choose the number of clusters instead" (arXiv 2212.12189).
