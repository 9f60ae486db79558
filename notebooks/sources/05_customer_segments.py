# %% [markdown]
# # 05 · Customer segments
#
# **The question.** Which of our customers are alike enough to get the same message? And how do we know that we are not fooling ourselves?
#
# After this notebook you can
#
# 1. run the well-known KMeans recipe, name its segments, and say what each step does,
# 2. choose units, an algorithm and a number of segments with reasons, and tell structure from noise,
# 3. write a list of your own customers with their segments, and say what it is good for.
#
# About 75 minutes with the exercises. Four cells ask you to **guess**: choose, then run the next cell. [The deeper notebook](deeper/05_customer_segments.ipynb) explains where the methods fail, and why.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import plots
from helpers.course.exercises import check, hint, solution
from helpers.course.guesses import guess

plots.use_style()

# %% [markdown]
# ## The recipe that everybody knows
#
# The file has one row per customer, and four columns that describe behavior:
#
# - `recency`: days since the last order
# - `frequency`: number of orders
# - `monetary`: money spent
# - `category_interest_score`: the share of the favorite category in all that a customer looked at, from 0 to 1
#
# Five steps: read, standardize, draw the elbow, run KMeans, look.

# %%
behavior = pd.read_csv("../data/customer_behavior.csv")
columns = ["recency", "frequency", "monetary", "category_interest_score"]
behavior[columns].describe().loc[["max"]].round(2)

# %% [markdown]
# Money runs into the thousands; interest only goes from 0 to 1. `StandardScaler` brings every column to mean 0 and standard deviation 1. Then no column counts more because of its unit.

# %%
from sklearn.preprocessing import StandardScaler

X = StandardScaler().fit_transform(behavior[columns])

# %% [markdown]
# **KMeans** starts with k centers and assigns each customer to the nearest one. Then each center moves to the mean of its customers. Both steps repeat until nothing changes.
#
# The **inertia** adds up the squared distances from customers to their centers. It is small when customers are close to their centers.
#
# You have to choose k. More centers always make the inertia smaller. The usual advice is the **elbow**: draw the inertia for k from one to ten, and stop where one more center helps only a little.

# %%
from sklearn.cluster import KMeans

inertia = []
for k in range(1, 11):
    kmeans = KMeans(n_clusters=k, random_state=42)
    kmeans.fit(X)
    inertia.append(kmeans.inertia_)

# %%
plt.plot(range(1, 11), inertia, marker="o")
plt.xticks(range(1, 11))
plt.xlabel("number of segments k")
plt.ylabel("inertia")
plots.show(   # shows the picture; the text describes it for those who cannot see it
    "A falling curve of inertia against k from one to ten: steep to 3, flatter from 4 on, "
    "without a clear corner."
)

# %% [markdown]
# The curve has no clear corner. You could defend 3, 4 or 5. We take 4 for now, and remember that we chose it by eye.

# %%
kmeans = KMeans(n_clusters=4, random_state=42)
behavior["segment"] = kmeans.fit_predict(X)
behavior.head()

# %% [markdown]
# The numbers 0 to 3 mean nothing by themselves. To name the segments, look at their customers: `segments.profile` shows their share of all customers and of all money, and the **median** (the middle customer) of each column.

# %%
from helpers import segments

profile = segments.profile(behavior[columns], behavior["segment"])
profile.round(2)

# %% [markdown]
# Now a picture. Each number is the mean of a segment minus the mean of all customers, in standard deviations. (The picture, not KMeans, uses the logarithm of each column, so that a few big spenders do not dominate. *What units do* explains it.)

# %%
names = {   # chosen by reading the medians above
    2: "best customers",
    1: "lapsed",
    3: "occasional, broad taste",
    0: "occasional, one interest",
}
differences = segments.standardized_profile(behavior[columns], behavior["segment"])
plots.heatmap(differences.rename(index=names), "Segments against the average customer")
plots.show(
    "A heat map of four segments by four features. Best customers are high in frequency, "
    "spend and interest; lapsed ones are high in recency; the two occasional segments "
    "differ mainly in interest."
)

# %% [markdown]
# The segments look like facts. Are they?
#
# **What you can tell your boss:** a tenth of our customers brought 53 %<!-- segment 2, share_of_monetary --> of the money. (Sorting by money shows it too.)

# %% [markdown]
# ### Exercise 05.1 · clean the file (7 minutes)
#
# First drop rows with a missing or negative value in one of the four columns. Then drop the wholesaler: the one customer who orders far more often than all others. Last, keep the first row of each `customer_id`. Change no value.
#
# Write your answer in place of the dots. `hint("05.1")` and `solution("05.1")` help.

# %%
dirty = pd.read_csv("../data/customer_behavior_dirty.csv")
clean = ...
check("05.1", clean)

# %% [markdown]
# ## A second algorithm
#
# **Hierarchical clustering** works the other way round. It starts with every customer alone and joins two groups at a time. At first the inertia is 0, and every join makes it larger. **Ward's** method always makes the join that adds least.
#
# The joins form a tree. The *height* of a join says how different the two groups were.

# %%
from scipy.cluster.hierarchy import dendrogram, linkage

tree = linkage(X, method="ward")
# only the top of the tree, twelve groups, in one color
dendrogram(tree, truncate_mode="lastp", p=12, no_labels=True, color_threshold=0)
plt.axhline(67, linestyle="--", label="three groups are left here")   # by eye
plt.ylabel("height of the join")
plt.legend()
plots.show(
    "A tree of twelve groups of customers. The longest stretch without a join lies between "
    "the second and the third join from the top, where three groups are left."
)

# %% [markdown]
# Each horizontal line is a join. The dashed line lies in the longest stretch without a join: above it, two very different groups of the last three are united. So the tree would rather stop at k = 3.

# %% [markdown]
# Do the two algorithms find the same segments at k = 4? The **adjusted Rand index** (ARI) looks at pairs of customers. The algorithms agree on a pair if both put the two into one segment, or both into different ones. Random groups agree on many pairs too, so the share is rescaled: 0 is what chance gives, 1 means the same groups.

# %%
guess(
    "05.a",
    "Same table, same k. What is the ARI of KMeans and Ward?",
    ["nearly the same: above 0.9", "half-way: about 0.5", "not alike: about 0"],
)

# %% tags=["reveal"]
from sklearn.cluster import AgglomerativeClustering   # Ward's method by default
from sklearn.metrics import adjusted_rand_score

ward = AgglomerativeClustering(n_clusters=4).fit_predict(X)
ari = adjusted_rand_score(behavior["segment"], ward)
print(f"ARI of KMeans and Ward: {ari:.2f}")

# %% [markdown]
# Half-way. They cannot both be *the* segments.
#
# **What you can tell your boss:** two standard methods divide the same customers differently.

# %% [markdown]
# ## What units do
#
# This file was simulated, so we know the truth: every customer was drawn from one of four segments. So we can see which units come closest.

# %%
from helpers import simulator

truth = simulator.load_truth("customer_behavior")["segment"]
raw = KMeans(n_clusters=4, random_state=42).fit_predict(behavior[columns])
pd.Series({
    "raw units": adjusted_rand_score(truth, raw),
    "standardized": adjusted_rand_score(truth, behavior["segment"]),
}, name="ARI to the truth").round(2)

# %% [markdown]
# In raw units money decides alone: its numbers are by far the largest. Standardizing helps a lot. But look at the money:

# %%
fig, (left, right) = plt.subplots(1, 2)
left.hist(behavior["monetary"], bins=40)
left.set_xlabel("money spent")
left.set_ylabel("customers")
right.hist(np.log1p(behavior["monetary"]), bins=40)
right.set_xlabel("logarithm of (1 + money spent)")
plots.show(
    "Two histograms. Money spent has one high column at the left and a thin tail far to the "
    "right; its logarithm is spread out, with a second, smaller hill at the right."
)

# %% [markdown]
# On the left, a few big spenders stretch the scale, and almost everybody else sits in one corner. Standardizing does not change this shape; the **logarithm** does. On its scale, doubling is always the same step, from 50 to 100 as from 500 to a thousand. (`np.log1p`: the logarithm of 1 + x, so that 0 stays 0.)

# %% [markdown]
# ### Exercise 05.2 · find more of the truth (4 minutes)
#
# Put the customers of `behavior` into four segments, from the four columns alone, so that the ARI to the truth is at least 0.6. The answer is an array with a label for each customer. (The next cell shows one way: try first.)

# %%
my_segments = ...
check("05.2", my_segments)

# %% [markdown]
# First the logarithm, then the scaling:

# %%
logged = StandardScaler().fit_transform(np.log1p(behavior[columns]))
with_log = KMeans(n_clusters=4, random_state=42).fit_predict(logged)
round(adjusted_rand_score(truth, with_log), 2)

# %% [markdown]
# Much better: same algorithm, same customers, another scale.
#
# The logarithm is for **skewed** columns, with a long tail on one side. On other columns it can do harm. And leave out a column in which nearly everybody has the same value. Scaling puts the few others very far away, and they become a segment of their own.
#
# **What you can tell your boss:** which segments we get depends on how we measure money.

# %% [markdown]
# ## One start is a lottery
#
# KMeans begins with random centers, and scikit-learn starts only once. Does the start matter? We repeat the recipe (scaled, no logarithm) with 50 seeds.

# %%
ends = []
for seed in range(50):
    one_start = KMeans(n_clusters=4, random_state=seed).fit(X)
    ends.append(one_start.inertia_)
above = pd.Series(ends) / min(ends) - 1   # 0: as good as the best

# %%
guess(
    "05.b",
    "What share of the 50 seeds ends more than 1 % above the best inertia?",
    ["none", "about 0.05", "about 0.20"],
)

# %% tags=["reveal"]
pd.Series({
    "share more than 1 % above": (above > 0.01).mean(),
    "the worst": above.max(),
    "the recipe's seed, 42": above[42],
}).round(2)

# %% [markdown]
# More than one start in five ends more than 1 % above the best inertia. The worst is 14 % above it. Our seed was lucky.
#
# The remedy: start ten times and keep the best, `KMeans(n_init=10)`.
#
# **What you can tell your boss:** one run of KMeans can end in a worse answer, without warning. Ten are cheap.

# %% [markdown]
# ## On your own data
#
# The logarithm, the scaling, ten starts: now segment your own customers. Put your file into the folder of this notebook, and replace `shop.load()` by `shop.read` with its name. It may hold orders (customer, date, amount; a category if you have one) or one row per customer. Usual column names are recognized. Recency counts back from the last day in the file.

# %%
import pandas as pd   # this section runs on its own

from helpers import quote, segments, shop

own = shop.load()   # the simulated shop; yours: shop.read("my_orders.csv")
mine = segments.customer_table(own)   # says which columns were used

# %% [markdown]
# `segments.assign` takes the logarithm, scales, and runs KMeans with ten starts. Segment 0 is the largest.

# %%
my_labels = segments.assign(mine, k=4)   # 4 for now; how to check k comes next
segments.profile(mine, my_labels).round(2)

# %% [markdown]
# Read the medians; name each segment.
#
# To segment only those who came back, put `mine = mine[mine["frequency"] > 1]` before `segments.assign`.

# %%
my_names = {}   # yours, for example {0: "lapsed", 1: "regulars"}
if own.name == "simulated":   # these names fit this shop only
    my_names = {
        0: "small, long ago", 1: "larger, long ago", 2: "more recent", 3: "regulars"
    }
my_list = pd.DataFrame({"segment": my_labels}, index=mine.index)
my_list["name"] = my_list["segment"].map(my_names).fillna("no name yet")
my_list.head(3)

# %% [markdown]
# The next cell writes this list, but only if you give it a path. It never replaces a file.

# %%
quote.save_list(my_list, path=None)   # yours: path="my_segments.csv"

# %% [markdown]
# **What you can tell your boss:** here is a list of our customers with the name of their segment. Whether these segments are more than a convenient cut is the next question.

# %% [markdown]
# ## Does structure exist at all?
#
# Take three files with the same columns:
#
# - **ours**: the simulated file from the start, with four segments.
# - **shuffled**: each column is shuffled on its own, so all relations between columns are gone.
# - **twin**: each column has the same values as ours, dealt out so that every two columns are correlated as in ours. But nobody was put into groups.

# %%
files = {
    "ours": behavior[columns],
    # "permuted": shuffled; "copula": how twins are made
    "shuffled": pd.read_csv("../data/customer_behavior_permuted.csv")[columns],
    "twin": pd.read_csv("../data/customer_behavior_copula.csv")[columns],
}

# %% [markdown]
# `segments.knee` draws a straight line from the first to the last point of the curve. The elbow is the k farthest below this line.

# %%
guess(
    "05.c",
    "Two files have no segments: shuffled and twin. Does the elbow notice?",
    ["yes, for both", "for shuffled only", "for neither"],
)

# %% tags=["reveal"]
elbow = {}
for name, file in files.items():
    curve = segments.inertias(file)   # log, scale, KMeans for k from 1 to 10
    elbow[name] = segments.knee(curve)
pd.Series(elbow, name="k by the elbow")

# %% [markdown]
# For neither. The elbow names a k for every file, because some point of a falling curve is always farthest below the line. It cannot answer "no segments".
#
# So ask another question: **compared with what?** Make ten new twins of our file, and compare the inertia at k = 4. If our customers form groups, they lie closer to their centers than the twins do.

# %%
rng = np.random.default_rng(0)
ours = segments.inertias(behavior[columns], ks=[4]).loc[4]   # log, scale, k = 4
twins = []
for _ in range(10):
    new_twin = segments.copula_twin(behavior[columns], rng)
    twins.append(segments.inertias(new_twin, ks=[4]).loc[4])
pd.Series({"ours": ours, "smallest of ten twins": min(twins)}).round()

# %% [markdown]
# Our inertia is a quarter below that of the best twin. Neither single columns nor their correlations can explain it: the twins have those.
#
# The **twin gap** makes this comparison for every k: the mean of the twins' log inertia, minus the log inertia of the file. A gap of 0 means: like its twins. Where the file's inertia is a quarter lower, the gap is near 0.3.


# %%
gaps = {}
for name, file in files.items():
    gaps[name] = segments.gap(file, ks=range(1, 8), references=10)   # ten twins
    plt.plot(gaps[name]["gap"], marker="o", label=name)
plt.xlabel("number of segments k")
plt.ylabel("twin gap")
plt.legend()
plots.show(
    "Twin gap against k for three files. For ours it rises steeply until k = 4 and then stays; "
    "for the shuffled file and the twin it stays near zero."
)

# %%
chosen = {}
for name, gap in gaps.items():
    chosen[name] = segments.choose_k(gap)
pd.Series(chosen, name="k by the twin gap")   # 1 means: no segments

# %% [markdown]
# Our gap climbs until k = 4; then it only goes up and down a little. The other two stay near zero. `choose_k` takes the k after which the gap no longer grows clearly. If the gap there is too small (0.05 or less), it answers 1: no segments.
#
# It can give a **false alarm** where columns are related by more than correlation, as recency and frequency may be: twins copy only that. And it can **miss** groups that differ in one column only: every twin has this column, too. So first draw a histogram of every column, and a scatter plot of every two.
#
# Now the same for your own list:

# %%
few = mine.sample(min(len(mine), 2000), random_state=0)   # enough, and quicker
my_gap = segments.gap(few, ks=range(1, 7), references=10)
print("k by the twin gap:", segments.choose_k(my_gap))

# %% [markdown]
# For the simulated shop it says 1: *in these columns* the customers look like their twins. So our list is a convenient cut, and k = 4 is a business choice. (It was simulated with four kinds of customers. But most ordered only once, and one order does not show the kind. So "1" is no proof.)
#
# If your file gives another number, try it in `segments.assign`. It is a hint, not a proof.

# %% [markdown]
# ### Exercise 05.4 · a file from a colleague (4 minutes)
#
# "I found four segments in this one, look at the elbow!" How many do you find? Answer with k.

# %%
mystery = pd.read_csv("../data/colleague.csv")[columns]
k = ...
check("05.4", k)

# %% [markdown]
# **What you can tell your boss:** every method finds four segments if you ask for four. We compare with invented customers who have none.

# %% [markdown]
# ## Is it stable?
#
# Stable means: other such customers would give the same segments. Split the customers at random into two halves. Each half gives four centers, so every customer gets two labels: the nearest center of the first half, and that of the second. The ARI compares the two groupings.

# %%
stable = pd.DataFrame()
for name, file in files.items():
    stable[name] = segments.stability(file, k=4, repeats=10)
stable.agg(["mean", "min"]).T.round(2)

# %% [markdown]
# Ours are stable. The shuffled file falls apart in at least one split (0.36<!-- shuffled, min -->). But the twin never scores below 0.84<!-- twin, min -->, and it has no segments! Cut a long loaf of bread into four: the cuts fall at the same places every time, though the loaf has no parts.
#
# **What you can tell your boss:** unstable segments are a warning. Stable ones prove nothing.

# %% [markdown]
# ## Is it useful?
#
# Do the segments say what customers do *next*? In the simulated shop we take 1 July 2025 as the cut-off and make four segments from what was known before it. Then we look at the 26 weeks after it.

# %%
from helpers import features, targets

store = shop.load()
known = features.build(store, "2025-07-01")   # what was known before the cut-off
buyers = known.loc[known["frequency"] > 0, columns]
four = segments.assign(buyers, k=4)
future = targets.future(store, "2025-07-01")   # what each did in the 26 weeks after it
later = future.loc[buyers.index, ["bought", "revenue"]]
later.groupby(four).mean().round(2)   # bought: the share who ordered

# %% [markdown]
# That looks useful: in the last segment more than half order again, in the first fewer than one in ten. But what would we know *without* segments? We predict later spend in three ways, and test each on customers that were left out:
#
# - `segments`: everybody gets the mean of their segment,
# - `quantiles of` a column: the same, with four groups of equal size by this column,
# - `features`: a linear regression on the four columns (logarithm, scaled).
#
# We predict the logarithm of spend, so that a few big spenders do not decide. **R²** is the share of the differences between customers that a prediction explains: 0 is no better than the mean, 1 is perfect.

# %%
guess(
    "05.d",
    "Which predicts later spend best?",
    ["segments", "quantiles of the best column", "features"],
)

# %% tags=["reveal"]
use = segments.usefulness(buyers, four, np.log1p(later["revenue"]))
use.r2.drop("features + segments").round(2)   # (the row we drop comes next)

# %% [markdown]
# The columns themselves predict best. The segments were made from them and lose something on the way: all customers of a segment get the same prediction.
#
# Do the segments add anything to the columns?

# %%
print(use.differences())   # the same R², in pairs, with intervals

# %% [markdown]
# The brackets hold 95 % intervals ([primer](primer.ipynb), section 9). Segments are ahead of groups by money, a usual cut. (Groups with 1, 2, 3 and more orders do as well: see the deeper notebook.) Added to the columns they bring 0.006: more than chance, but too little to matter.
#
# To act on one customer, use a model on the columns. Segments are for people: a message, a report, an experiment read segment by segment.
#
# **What you can tell your boss:** segments help us to talk about customers. To choose single customers, a model does better.

# %% [markdown]
# ### Exercise 05.5 · to think about (3 minutes)
#
# The segment "lapsed" has 1,000 customers, and there are 500 vouchers. You want to know whether a voucher wins customers back. Who gets one?
#
# - (a) the 500 whose last order is longest ago,
# - (b) the 500 of them who used to buy most often,
# - (c) 500 drawn at random from the 1,000, keeping the others for comparison,
# - (d) none of them: give the vouchers to the best customers, who will surely use them.
#
# Answer with one letter.

# %%
choice = ...
check("05.5", choice)

# %% [markdown]
# ## Validation by domain experts
#
# People who know the customers should judge the segments, and judge **blind**. We make three sets of four groups:
#
# - our customers, in our segments,
# - the invented customers of a twin, in its segments,
# - our customers, in groups drawn at random.
#
# Each group gets a **card** with its medians. The reviewer sees the sets in unknown order, and gives each card a name. Then, for ten customers of each set, the reviewer chooses the card that fits best.
#
# Look at the cards. **Which set is the real one? Write it down.** (Below the cards a form appears; you may skip it.)

# %%
from helpers import widgets

review = segments.prepare_review(behavior[columns], k=4)
form = widgets.ReviewForm(review)
form

# %% [markdown]
# **Cohen's κ** (kappa) compares the card that the reviewer chose with the group to which the customer belongs in its set. 1 is always the same, 0 is what guessing gives. Until you fill in the form, a small program answers in your place: it takes the nearest card, with some errors added.

# %%
answers = segments.nearest_card(review, blur=0.7)   # noise added to each customer
# yours: answers = form.answers
segments.kappa(review, answers).round(2)   # low, high: the 95 % interval

# %% [markdown]
# The column `set` has the solution. Was it yours? (No person answered here, and ten customers are few: the intervals are wide.) For random groups κ includes 0. The segments of the twin do not exist. Yet they are recognized, too: one can always choose the nearest card.
#
# So a review tells whether people can *recognize* segments, not whether segments *exist*. Where two cards are often confused, merge or rename them (deeper notebook).
#
# **What you can tell your boss:** experts say whether segments can be used. Data say whether they exist.

# %% [markdown]
# ## Explore
#
# The *silhouette* is near 1 where customers are much closer to their own segment than to the next one. It is often used to choose k. Choose the units (`transform`) and k. Which have the highest silhouette? Is the ARI to the truth high there, too?

# %%
widgets.segment_explorer(behavior[columns], truth)

# %% [markdown]
# Two settings, by hand:

# %%
from sklearn.metrics import silhouette_score

raw_two = KMeans(2, n_init=10, random_state=42).fit_predict(behavior[columns])
pd.DataFrame({
    "silhouette": [silhouette_score(behavior[columns], raw_two),
                   silhouette_score(logged, with_log)],
    "ARI": [adjusted_rand_score(truth, raw_two), adjusted_rand_score(truth, with_log)],
}, index=["raw units, k = 2", "logarithm, k = 4"]).round(2)

# %% [markdown]
# Raw units with two segments have the higher silhouette: a few big spenders against all others. A score can be high because of the units alone.

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey holds a year of grocery purchases by 2,469 households. Nobody knows their true segments.

# %%
journey = shop.load("complete_journey")
households = features.build(journey, "2018-01-01")[columns]
household_segments = segments.assign(households, k=4)
shares = segments.profile(households, household_segments)
shares[["share", "share_of_monetary"]].round(2)

# %%
household_gap = segments.gap(households, ks=range(1, 9), references=10)
k_found = segments.choose_k(household_gap)
at_3 = household_gap.loc[3, "gap"]   # after 3 it no longer grows clearly
print(f"k by the twin gap: {k_found}, gap at k = 3: {at_3:.2f}")

# %% [markdown]
# The gap is just too small, so the rule says 1: no segments. But it is close.
#
# One third of the households bring two thirds of the money. The border is a business choice.
#
# Is the cut useful? We take columns from before October, and spend in the 13 weeks after. In the simulated shop, segments were ahead of groups by money. Here too?

# %%
autumn = features.build(journey, "2017-10-01")[columns]
spent = targets.future(journey, "2017-10-01", "91D")["revenue"].loc[autumn.index]
autumn_segments = segments.assign(autumn, k=4)
autumn_use = segments.usefulness(autumn, autumn_segments, np.log1p(spent))
autumn_use.r2.drop("features + segments").round(2)

# %%
print(autumn_use.differences())

# %% [markdown]
# Here four groups by money beat the segments. Money is the strongest column for these households. Groups by money use it alone; segments also divide by columns that say little about later spend. Again the columns themselves are best, and segments add nothing to them.
#
# **What you can tell your boss:** among real households we found no clear segments. A plain cut by money told us more about the autumn.

# %% [markdown]
# ## What people say, what we measured
#
# We tried four statements on many simulated files and real households.

# %%
from IPython.display import Markdown

from helpers.course import studies

Markdown(studies.short_table({
    "c01": "The elbow names a k in noise, and another when drawn further",
    "c02": "The twin gap notices a file without segments, and finds k otherwise",
    "c03": "Logarithm, then scaling, finds more of the true segments",
    "c04": "Segments can be stable without being real",
}))

# %% [markdown]
# The twin gap is only partly right. Of five new kinds of files without segments, it said so for four. But buyers of one kind it always divided. And where there are segments, it found their number in only half, less often than the elbow. So ask it *whether* there are segments, and do not rely on *how many*.
#
# The logarithm harms symmetric columns.
#
# **What you can tell your boss:** good advice has conditions. We tested some of them.

# %% [markdown]
# ## Summary
#
# 1. **The recipe.** Units decide: in raw units money decides alone, scaling helps, and for skewed columns the logarithm helps more. Start ten times.
# 2. **Choices with reasons.** The elbow always names a k. Ask whether structure exists (the twin gap), whether it is stable, and whether it is useful. Where none exists, k is a business choice: say so.
# 3. **Your list.** It is good for messages, for reports, and for reading an experiment segment by segment. The list does not say who will buy because of a voucher.
#
# Next: [01 · Choosing algorithms](01_choosing_algorithms.ipynb). The deeper notebook has exercise 05.3 and the sources.
