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
# About 73 minutes with the exercises. Four cells ask you to **guess**: choose, then run the next cell. [The deeper notebook](deeper/05_customer_segments.ipynb) explains where the methods fail, and why.

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
# One row per customer, and four columns of behavior:
#
# - `recency`: days since the last order
# - `frequency`: number of orders
# - `monetary`: money spent
# - `category_interest_score`: of all that a customer looked at, the share from the favorite category (0 to 1)

# %%
behavior = pd.read_csv("../data/customer_behavior.csv")
columns = ["recency", "frequency", "monetary", "category_interest_score"]
behavior[columns].max()

# %% [markdown]
# We want to group customers who are near each other in these columns. But money runs into the thousands, and interest only from 0 to 1. So money would decide nearly alone who is near whom.
#
# `StandardScaler` brings every column to mean 0 and standard deviation 1.

# %%
from sklearn.preprocessing import StandardScaler

X = StandardScaler().fit_transform(behavior[columns])

# %% [markdown]
# **KMeans** needs to know the number of segments, k. It starts with k points, the *centers*. Then it repeats two steps until nothing changes:
#
# 1. Assign each customer to the nearest center.
# 2. Move each center to the mean of its customers.

# %% [markdown]
# How large should k be? The **inertia** adds up the squared distances from the customers to their centers. Each further center makes it smaller.
#
# The usual advice is the **elbow**: try k from one to ten, and stop where one more center helps only a little.

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
plots.show(   # the text is for those who cannot see the picture
    "A falling curve of inertia against k from one to ten: steep at first, "
    "then flatter and flatter, without a clear corner."
)

# %% [markdown]
# The curve has no clear corner: you could defend 3, 4 or 5. We take 4 for now. Remember that we chose it by eye.

# %%
kmeans = KMeans(n_clusters=4, random_state=42)
behavior["segment"] = kmeans.fit_predict(X)
behavior.head()

# %% [markdown]
# The numbers 0 to 3 mean nothing by themselves.
#
# `segments.profile` shows, for each segment, its share of all customers and of all money. Then comes the **median** of each column, the value of the middle customer. The largest segment is first.

# %%
from helpers import segments

profile = segments.profile(behavior[columns], behavior["segment"])
profile.drop(columns="customers").round(2)

# %% [markdown]
# Read each row and find a name. Segment 2 ordered recently, often, and for much money: our best customers. Segment 1 has not ordered for a long time. The other two differ mainly in their interest.

# %%
names = {
    2: "best customers",
    1: "lapsed",
    3: "occasional, broad taste",
    0: "occasional, one interest",
}

# %%
shares = profile[["share", "share_of_monetary"]].rename(index=names)
shares.plot.barh()
plots.show(
    "Two bars per segment: its share of customers and its share of money. "
    "The best customers are few and bring more than half of the money."
)

# %% [markdown]
# The segments look like facts. Are they?
#
# **What you can tell your boss:** a tenth of our customers brought 53 %<!-- segment 2, share_of_monetary --> of the money.

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
# **Hierarchical clustering** starts with every customer alone. Then it joins two groups, again and again, until one is left.
#
# Which two? Each group has its center, so the groups have an inertia, as in KMeans. Every join makes it larger. **Ward's** method takes the join that adds least.

# %%
from scipy.cluster.hierarchy import dendrogram, linkage

tree = linkage(X, method="ward")   # all joins, in their order

# %% [markdown]
# Each horizontal line is a join. The more it adds to the inertia, the higher it is drawn.

# %%
dendrogram(
    tree, no_labels=True,
    truncate_mode="lastp", p=12,   # draw the joins of the last twelve groups
    color_threshold=67,   # one color for each group below this height
)
plt.axhline(67, linestyle="--")   # we chose this height by eye
plt.ylabel("height of the join")
plots.show(
    "A tree of twelve groups. A dashed line crosses three branches, in three "
    "colors; it lies in the longest stretch without a join."
)

# %% [markdown]
# Read it from below. The dashed line crosses three vertical lines: three groups are left, in three colors. The next join is far higher, so it unites two very different groups. The tree suggests three.

# %% [markdown]
# And at k = 4, do both algorithms find the same segments? Take any two customers. The algorithms *agree* on this pair if both put the two together, or both put them apart.
#
# The **adjusted Rand index** (ARI) is the share of pairs on which they agree, rescaled: 0 is what random groups would give, 1 means the same groups.

# %%
guess(
    "05.a",
    "Same table, same k. What is the ARI of KMeans and Ward?",
    ["nearly the same: above 0.9", "half-way: about 0.5",
     "not alike: about 0"],
)

# %% tags=["reveal"]
from sklearn.cluster import AgglomerativeClustering   # Ward by default
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
# This file was simulated, so we know the truth: every customer was drawn from one of four segments. The ARI can also compare ours with these. Do we come closer with scaling?

# %%
from helpers import simulator

truth = simulator.load_truth("customer_behavior")["segment"]
raw = KMeans(n_clusters=4, random_state=42).fit_predict(behavior[columns])
pd.Series({
    "raw units": adjusted_rand_score(truth, raw),
    "standardized": adjusted_rand_score(truth, behavior["segment"]),
}, name="ARI to the truth").round(2)

# %% [markdown]
# In raw units money decides nearly alone. Standardizing helps a lot. But look at the money:

# %%
fig, (left, right) = plt.subplots(1, 2)
left.hist(behavior["monetary"], bins=40)
left.set_xlabel("money spent")
left.set_ylabel("customers")
right.hist(np.log1p(behavior["monetary"]), bins=40)   # log1p(x): log(1 + x)
right.set_xlabel("logarithm of (1 + money spent)")
plots.show(
    "Two histograms. Money spent has one high column at the left and a thin "
    "tail to the right; its logarithm is spread out, with a second hill."
)

# %% [markdown]
# On the left, nearly all customers share the first columns, and a few big spenders stand far away. A column with such a long tail on one side is called **skewed**. Standardizing does not change this shape.

# %% [markdown]
# The **logarithm** does (right). On its scale, doubling is always the same step, from 50 to 100 as from 500 to a thousand. So big spenders are no longer far away.
#
# (The 1 is added because 0 has no logarithm.)

# %% [markdown]
# ### Exercise 05.2 · find more of the truth (4 minutes)
#
# Put the customers of `behavior` into four segments, from the four columns alone, so that the ARI to the truth is at least 0.6. The answer is an array with a label for each customer. (One way follows below: try first.)

# %%
my_segments = ...
check("05.2", my_segments)

# %% [markdown]
# First the logarithm, then the scaling:

# %%
logs = np.log1p(behavior[columns])
logged = StandardScaler().fit_transform(logs)
with_log = KMeans(n_clusters=4, random_state=42).fit_predict(logged)
round(adjusted_rand_score(truth, with_log), 2)

# %% [markdown]
# Much better: same algorithm, same customers, another scale. Here we took the logarithm of all four columns. It hardly changes the interest, which is small. In general, take it of skewed columns only: others it can harm.
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

# %%
guess(
    "05.b",
    "What share of the 50 seeds ends more than 1 % above the best inertia?",
    ["none", "about 0.05", "about 0.20"],
)

# %% tags=["reveal"]
ends = pd.Series(ends)
above = ends / ends.min() - 1   # 0 is the best; 0.01 is 1 % above it
pd.Series({
    "share more than 1 % above": (above > 0.01).mean(),
    "the worst": above.max(),
    "the recipe's seed, 42": above[42],
}).round(2)

# %% [markdown]
# More than one start in five ends clearly above the best inertia. Our seed was lucky.
#
# The remedy is `KMeans(n_init=10)`: it starts ten times and keeps the best.
#
# **What you can tell your boss:** one run of KMeans can end in a worse answer, without warning. Ten are cheap.

# %% [markdown]
# ## On your own data
#
# Now segment your own customers.
#
# 1. Put your file into the folder of this notebook.
# 2. In the next cell, write `shop.read("my_orders.csv")` in place of `shop.load()`, with the name of your file.
#
# The file has one row per order (customer, date, amount; a category if you have one), or one row per customer. Usual column names are recognized.

# %%
import pandas as pd   # this section runs on its own

from helpers import quote, segments, shop

own = shop.load()   # the simulated shop
mine = segments.customer_table(own)   # says which columns were used

# %% [markdown]
# Recency counts back from the last day in the file.
#
# `segments.assign` takes the logarithm, scales, and runs KMeans with ten starts. Segment 0 is the largest.

# %%
my_labels = segments.assign(mine, k=4)   # the next section checks this k
my_profile = segments.profile(mine, my_labels)
my_profile.drop(columns="customers").round(2)

# %% [markdown]
# Read the medians, and give each segment a name.

# %%
if own.name == "simulated":
    my_names = {
        0: "small, long ago", 1: "larger, long ago",
        2: "more recent", 3: "regulars",
    }
else:   # your shop: write your names here
    my_names = {}   # like {0: "lapsed", 1: "regulars"}

# %%
my_list = pd.DataFrame({"segment": my_labels}, index=mine.index)
names_found = my_list["segment"].map(my_names)
my_list["name"] = names_found.fillna("no name yet")
my_list.head(3)

# %% [markdown]
# The next cell writes this list, but only if you give it a path. It never replaces a file.

# %%
quote.save_list(my_list, path=None)   # yours: path="my_segments.csv"

# %% [markdown]
# **What you can tell your boss:** here is a list of our customers with the name of their segment.

# %% [markdown]
# ## Does structure exist at all?
#
# KMeans finds four segments in every file. So we compare our simulated file from the start with two files that have no segments:
#
# - **shuffled**: each column of ours, shuffled on its own. So the columns are no longer related.
# - **twin**: invented customers. Their columns have the same values as ours, and are correlated like ours. But nobody was put into groups.

# %%
ours = behavior[columns]
shuffled = pd.read_csv("../data/customer_behavior_permuted.csv")[columns]
twin = pd.read_csv("../data/customer_behavior_copula.csv")[columns]
files = {"ours": ours, "shuffled": shuffled, "twin": twin}

# %% [markdown]
# Now a rule finds the elbow, not our eye. `segments.knee` draws a straight line from the first point of the inertia curve to the last. The elbow is where the curve lies farthest below this line.

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
# For neither. Some point of the curve is always farthest below the line. So the elbow names a k for every file, and cannot answer "no segments".

# %% [markdown]
# ### Compared with what?
#
# Is our inertia at k = 4 small? Compare it with customers *without* segments: make ten new twins of our file, and compute theirs.
#
# If our customers form groups, they lie closer to their centers than twins do, and our inertia is smaller.

# %%
rng = np.random.default_rng(0)
twins = []
for _ in range(10):
    new_twin = segments.copula_twin(ours, rng)
    inertia = segments.inertias(new_twin, ks=[4])   # log, scale, KMeans
    twins.append(inertia[4])

# %%
our_inertia = segments.inertias(ours, ks=[4])
pd.Series({
    "ours": our_inertia[4],
    "smallest of ten twins": min(twins),
}).round()

# %% [markdown]
# Our inertia is a quarter below that of the best twin. Single columns and their correlations cannot explain this: the twins have the same.

# %% [markdown]
# The **twin gap** makes this comparison for every k. It takes logarithms of the inertias: the mean of the twins minus the value of the file.
#
# If the gap is 0, the file is like its twins. If it is above 0, its customers lie closer to their centers than the twins do.

# %%
gaps = {}
for name, file in files.items():   # each file is compared with ten twins
    gaps[name] = segments.gap(file, ks=range(1, 8), references=10)

# %%
for name, gap in gaps.items():
    plt.plot(gap["gap"], marker="o", label=name)
plt.xlabel("number of segments k")
plt.ylabel("twin gap")
plt.legend()
plots.show(
    "Twin gap against k for three files. For ours it rises steeply until four "
    "and then stays; for the shuffled file and the twin it is near zero."
)

# %% [markdown]
# Our gap climbs until k = 4, and hardly afterwards. The other two stay near zero.
#
# `choose_k` reads such a curve. It takes the k after which the gap no longer grows clearly. If the gap there is too small (0.05 or less), it answers 1: no segments.

# %%
chosen = {}
for name, gap in gaps.items():
    chosen[name] = segments.choose_k(gap)
pd.Series(chosen, name="k by the twin gap")   # 1 means: no segments

# %% [markdown]
# Right for all three files. But the twin gap can be wrong in two ways:
#
# - **A false alarm.** The customers of a file may form a bow in a scatter plot. Its twins do not. So there is a gap, though there are no groups.
# - **A miss.** Groups may differ in one column only. Every twin keeps this column, and so the groups. Then there is no gap.
#
# So first draw a histogram of every column, and a scatter plot of every two.

# %% [markdown]
# Now the same for your own list:

# %%
size = min(len(mine), 2000)   # 2,000 customers are enough, and quicker
few = mine.sample(size, random_state=0)
my_gap = segments.gap(few, ks=range(1, 7), references=10)
print("k by the twin gap:", segments.choose_k(my_gap))

# %% [markdown]
# For the simulated shop it says 1: *in these columns* the customers look like their twins. So our list is a convenient cut, and k = 4 is a business choice.
#
# If your file gives another number, try it in `segments.assign`: it is a hint.

# %% [markdown]
# 1 does not prove that all customers are of one kind. This shop was simulated with four kinds. But most customers ordered only once, and one order says little about the kind.
#
# To segment only those who came back, add the line `mine = mine[mine["frequency"] > 1]` where `mine` is made.

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
# Would other customers of this kind give the same segments?
#
# 1. Split the customers at random into two halves.
# 2. Run KMeans on each half. Each gives four centers.
# 3. Label *all* customers by the centers of the first half, then by those of the second.
# 4. Compare the two labelings: the ARI.

# %%
stable = pd.DataFrame()
for name, file in files.items():   # ten splits: ten ARIs in each column
    stable[name] = segments.stability(file, k=4, repeats=10)
stable.agg(["mean", "min"]).round(2)

# %% [markdown]
# Ours are stable. The shuffled file falls apart in at least one split. But the twin never scores below 0.84<!-- min, twin -->, and it has no segments!
#
# Cut a long loaf of bread into four: the cuts fall at the same places every time, though the loaf has no parts.
#
# **What you can tell your boss:** unstable segments are a warning. Stable ones prove nothing.

# %% [markdown]
# ## Is it useful?
#
# Do the segments say what customers do *next*? In the simulated shop we take 1 July 2025 as the cut-off, and make four segments from what was known before it.

# %%
from helpers import features, targets

store = shop.load()
known = features.build(store, "2025-07-01")   # known before the cut-off
buyers = known.loc[known["frequency"] > 0, columns]
four = segments.assign(buyers, k=4)   # the segment of each buyer

# %% [markdown]
# What did each segment do in the 26 weeks after the cut-off? `bought` is the share who ordered, `revenue` the mean spend.

# %%
future = targets.future(store, "2025-07-01")
later = future.loc[buyers.index, ["bought", "revenue"]]
later.groupby(four).mean().round(2)

# %% [markdown]
# That looks useful: in the last segment more than half order again, in the first fewer than one in ten.
#
# But what would we know *without* segments? We predict later spend in three ways:
#
# - `segments`: the mean of the customer's segment,
# - `quantiles of` a column: sort by it, cut into four equal groups, take the mean of the customer's group,
# - `features`: a linear regression on all four columns.

# %% [markdown]
# `segments.usefulness` trains each way on four fifths of the customers and tests it on the rest, in turn. We predict the logarithm of spend, so that a few big spenders do not decide.
#
# **R²** is the score: 0 is no better than the same mean for everybody, 1 is perfect.

# %%
guess(
    "05.d",
    "Which predicts later spend best?",
    ["segments", "quantiles of the best column", "features"],
)

# %% tags=["reveal"]
log_spend = np.log1p(later["revenue"])
use = segments.usefulness(buyers, four, log_spend)
use.r2.drop("features + segments").round(2)   # both together: deeper notebook

# %% [markdown]
# The four columns themselves predict best. Segments are made from them but lose something: all customers of one segment get the same prediction.

# %% [markdown]
# Are segments better than groups by money, a usual cut? We take the difference of the two R², with its 95 % interval ([primer](primer.ipynb), section 9).

# %%
ahead = use.against_quantiles   # of money
print("segments minus groups by money:", ahead.text(signed=True))

# %% [markdown]
# The interval lies above zero: segments are ahead of groups by money. They are not ahead of groups by number of orders, and to the columns they add next to nothing (deeper notebook).

# %% [markdown]
# Segments are for people: for a message, a report, an experiment read group by group.
#
# **What you can tell your boss:** segments help us to talk about customers. To choose single customers, use a model on the columns.

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
# - *real*: our customers, in our segments,
# - *twin*: the invented customers of a twin, in its segments,
# - *random*: our customers, in groups drawn at random.

# %% [markdown]
# Each group gets a **card** with its medians. Without knowing which set is which, the reviewer names the cards. Then, for ten customers of each set, the reviewer chooses the card that fits best.
#
# Look at the cards. **Which set is the real one? Write it down.** (You may skip the form below them.)

# %%
from helpers import widgets

review = segments.prepare_review(behavior[columns], k=4)
form = widgets.ReviewForm(review)
form

# %% [markdown]
# Did the reviewer choose the right card, the one of the customer's own group? **Cohen's κ** (kappa) counts how often, and rescales: 1 is always, 0 is what guessing gives.
#
# Until you fill in the form, a small program answers: it takes the nearest card, with some errors.

# %%
answers = segments.nearest_card(review, blur=0.7)   # blur: how much it errs
# yours: answers = form.answers
segments.kappa(review, answers).round(2)   # low, high: the 95 % interval

# %% [markdown]
# The column `set` tells which set was the real one. Was it yours?
#
# For random groups the interval of κ includes 0: their cards are too alike. (Ten customers are few, so all intervals are wide.)

# %% [markdown]
# The twin's segments do not exist. Yet in this small test they are recognized as well as ours. It is enough that their cards differ.
#
# So a review tells whether people can *recognize* segments, not whether segments *exist*. (What to do about confused cards: deeper notebook.)
#
# **What you can tell your boss:** experts say whether segments can be used. Data say whether they exist.

# %% [markdown]
# ## Explore
#
# Change the units and the number of segments, and watch the ARI to the truth. With which units is it highest?

# %%
widgets.segment_explorer(behavior[columns], truth)

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey holds a year of grocery purchases by 2,469 households. Nobody knows their true segments.

# %%
journey = shop.load("complete_journey")
households = features.build(journey, "2018-01-01")[columns]
household_segments = segments.assign(households, k=4)
household_profile = segments.profile(households, household_segments)
household_profile[["share", "share_of_monetary"]].round(2)

# %% [markdown]
# One third of the households bring two thirds of the money. Does structure exist here?

# %%
household_gap = segments.gap(households, ks=range(1, 9), references=10)
print("k by the twin gap:", segments.choose_k(household_gap))

# %% [markdown]
# The rule says 1: no segments. It is a close case. So the border between these segments is a business choice.
#
# (The deeper notebook has the gap, and asks whether this cut predicts later spend.)
#
# **What you can tell your boss:** among real households we found no clear segments. If we want segments there, we draw the borders ourselves.

# %% [markdown]
# ## What people say, what we measured
#
# We tried four statements on many simulated files and real households. "Noise" is a file without segments.

# %%
from IPython.display import Markdown

from helpers.course import studies

statements = {
    "c01": "The elbow names a k in noise, and another when drawn further",
    "c02": "The twin gap notices a file without segments, "
           "and finds k otherwise",
    "c03": "Logarithm, then scaling, finds more of the true segments",
    "c04": "Segments can be stable without being real",
}
Markdown(studies.short_table(statements))

# %% [markdown]
# The twin gap is only partly right. On kinds of files that it had not seen before:
#
# - Without segments: it noticed this for four kinds of five.
# - With segments: it found their number in only half, less often than the elbow.
#
# So ask it *whether* there are segments, and do not rely on *how many*.

# %% [markdown]
# The logarithm is partly right, too: it helps skewed columns and harms symmetric ones.
#
# **What you can tell your boss:** good advice has conditions. We tested some of them.

# %% [markdown]
# ## Summary
#
# 1. **The recipe.** Units decide. Scale, and take the logarithm of skewed columns. Start ten times.
# 2. **Choices with reasons.** The elbow always names a k. Ask whether structure exists (the twin gap), whether it is stable, and whether it is useful. Where none exists, k is a business choice.
# 3. **Your list.** It is good for messages and reports. It does not say who will buy because of a voucher.
#
# Next: [01 · Choosing algorithms](01_choosing_algorithms.ipynb). The deeper notebook has exercise 05.3 and the sources.
