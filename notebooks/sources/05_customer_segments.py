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
# About 75 minutes with the exercises. Four cells ask you to **guess**: choose, then run the next cell. Why things are so, and where methods fail, stands in [the deeper notebook](deeper/05_customer_segments.ipynb).

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import plots
from helpers.course.exercises import check, hint, solution
from helpers.course.guesses import guess

plots.use_style()

# %% [markdown]
# ## The recipe everybody knows
#
# The file has one row per customer, and four columns that describe behavior:
#
# - `recency`: days since the last order
# - `frequency`: number of orders
# - `monetary`: money spent
# - `category_interest_score`: how much interest goes to one favorite category, from 0 to 1
#
# The recipe has five steps: read, standardize, draw the elbow, run KMeans, look.

# %%
behavior = pd.read_csv("../data/customer_behavior.csv")
columns = ["recency", "frequency", "monetary", "category_interest_score"]
behavior[columns].describe().loc[["mean", "max"]].round(2)

# %% [markdown]
# Money runs to thousands, interest only from 0 to 1. `StandardScaler` brings every column to mean 0 and standard deviation 1. Then no column counts more because of its unit.

# %%
from sklearn.preprocessing import StandardScaler

X = StandardScaler().fit_transform(behavior[columns])

# %% [markdown]
# **KMeans** starts with k centers and puts each customer with the nearest one. Then each center moves to the mean of its customers. Both steps repeat until nothing changes.
#
# The **inertia** adds up the squared distances from customers to their centers. It is small when customers are close to their centers.
#
# You have to choose k. The usual advice is the **elbow**: compute the inertia for k from one to ten, and take the k where the curve bends.

# %%
from sklearn.cluster import KMeans

inertia = []
for k in range(1, 11):
    kmeans = KMeans(n_clusters=k, random_state=42)
    kmeans.fit(X)
    inertia.append(kmeans.inertia_)
print("inertia:", np.round(inertia, -2).astype(int))

# %%
plt.plot(range(1, 11), inertia, marker="o")
plt.xlabel("number of segments k")
plt.ylabel("inertia")
plots.show(   # shows the picture; the text describes it for those who cannot see it
    "A falling curve of inertia against k from one to ten: steep to 3, flatter from 4 on, "
    "without a clear corner."
)

# %% [markdown]
# The curve has no clear corner. You could defend 3, 4 or 5. We take 4 for now, and remember that an eye chose it.
#
# Now each customer gets a segment.

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

# %%
names = {
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
# Each number says how far a segment lies above or below the average customer, in standard deviations. (It uses a logarithmic scale, which comes below.) The two occasional segments differ mainly in their interest.
#
# Such a picture goes into many slide decks, and its segments look like facts. Are they?
#
# **What you can tell your boss:** a tenth of our customers bring 53 %<!-- segment 2, share_of_monetary --> of the money. We know who they are.

# %% [markdown]
# ### Exercise 05.1 · clean the file (7 minutes)
#
# Exports are seldom as clean as our file. In this one rows stand twice, values are negative or missing, and one customer is a wholesaler. Make it usable: one row per customer, every value usable. Drop what you cannot use, and change no value.
#
# Put your answer in place of the three dots. `hint("05.1")` gives one hint at a time, `solution("05.1")` one right answer.

# %%
dirty = pd.read_csv("../data/customer_behavior_dirty.csv")
clean = ...
check("05.1", clean)

# %% [markdown]
# ## Another algorithm beside it
#
# **Hierarchical clustering** works the other way round. It starts with every customer alone and joins two groups at a time. **Ward's** method always joins the two groups whose union adds least to the inertia.
#
# The joins form a tree. The *height* of a join says how different the two groups were. Cutting the tree where four branches are left gives four segments.

# %%
from scipy.cluster.hierarchy import dendrogram, linkage

tree = linkage(X, method="ward")
print("height of the last four joins:", tree[-4:, 2].round().astype(int))

# %%
dendrogram(tree, truncate_mode="lastp", p=12, no_labels=True, color_threshold=0)
plt.ylabel("height of the join")
plots.show(
    "A tree of twelve groups of customers. The longest stretch without a join lies between "
    "the second and the third join from the top, where three groups are left."
)

# %% [markdown]
# The longest stretch without a join lies between 48 and 87. There three groups are left, so the tree would rather have k = 3.
#
# Do the two algorithms find the same segments at k = 4? The **adjusted Rand index** (ARI) compares two groupings. It asks of every pair of customers: do both groupings put the two together, or both apart? An ARI of 1 means the same groups. An ARI of 0 is what chance gives. The numbers of the segments do not matter.

# %%
guess(
    "05.1",
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
# Half-way. Where do they differ? Ward numbers its segments in its own way. So we first **match** the numbers: `segments.match` renames Ward's segments so that as many customers as possible agree.

# %%
matched = segments.match(behavior["segment"], ward)
by_kmeans = behavior["segment"].map(names).rename("KMeans")
by_ward = pd.Series(matched).map(names).rename("Ward")
pd.crosstab(by_kmeans, by_ward)

# %% [markdown]
# Both agree on the best customers, apart from a few. Ward's lapsed hold all of KMeans' and half as many again, and it cuts the occasional ones in another place. They cannot both have found *the* segments.
#
# **What you can tell your boss:** two standard methods divide the same customers differently. They agree on the best customers only.

# %% [markdown]
# ## What units do
#
# This file was simulated, so we know the truth: every customer was drawn from one of four segments. No real shop knows that. Here it shows which units come closest.

# %%
from helpers import simulator

truth = simulator.load_truth("customer_behavior")["segment"]
raw = KMeans(n_clusters=4, n_init=10, random_state=0).fit_predict(behavior[columns])
pd.Series({
    "raw units": adjusted_rand_score(truth, raw),
    "standardized": adjusted_rand_score(truth, behavior["segment"]),
}, name="ARI to the truth").round(2)

# %% [markdown]
# In raw units money decides alone, because it has by far the largest numbers. Standardizing helps a lot. But look at the money once more.

# %%
fig, (left, right) = plt.subplots(1, 2)
left.hist(behavior["monetary"], bins=40)
left.set_xlabel("money spent")
left.set_ylabel("customers")
right.hist(np.log1p(behavior["monetary"]), bins=40)
right.set_xlabel("logarithm of money spent")
plots.show(
    "Two histograms. Money spent has one high column at the left and a thin tail far to the "
    "right; its logarithm is spread out, with a second, smaller hill at the right."
)

# %% [markdown]
# On the left, a few big spenders stretch the scale, and almost everybody else sits in one corner. Standardizing does not change this shape; the **logarithm** does. On its scale, doubling is always the same step: from 50 to 100 as from 500 to a thousand. (`np.log1p` takes the logarithm of 1 + x, so that 0 stays 0.)

# %% [markdown]
# ### Exercise 05.2 · find more of the truth (4 minutes)
#
# Put the customers of `behavior` into four segments, from the four columns alone, so that the ARI to the truth is at least 0.6. The answer is an array with a label for each customer.

# %%
my_segments = ...
check("05.2", my_segments)

# %% [markdown]
# One way: first the logarithm, then the scaling.

# %%
logged = StandardScaler().fit_transform(np.log1p(behavior[columns]))
with_log = KMeans(n_clusters=4, n_init=10, random_state=0).fit_predict(logged)
round(adjusted_rand_score(truth, with_log), 2)

# %% [markdown]
# From 0.47 to 0.7: the same algorithm, the same customers, other units. (1 is out of reach, because the true segments overlap.)
#
# Two warnings. Columns that are not skewed can lose by the logarithm. And leave out a column in which nearly everybody has the same value: once scaled, it weighs as much as any other.
#
# **What you can tell your boss:** which segments we get depends on how we measure money. Ask for the reason behind the units.

# %% [markdown]
# ## One start is a lottery
#
# KMeans begins with random centers, and the recipe starts only once. Does the start matter? We repeat the recipe with 50 seeds, and compare each inertia with the best one.

# %%
ends = []
for seed in range(50):
    one_start = KMeans(n_clusters=4, random_state=seed).fit(X)
    ends.append(one_start.inertia_)
above = pd.Series(ends) / min(ends) - 1   # 0: as good as the best

# %%
guess(
    "05.2",
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
# More than every fifth start ends in a bad place: an inertia 14 % above the best, and other segments. It looks like any other result. Our seed was lucky; on another file it may not be.
#
# The remedy: start ten times and keep the best, `KMeans(n_init=10)`.
#
# **What you can tell your boss:** one run of KMeans can end in a worse answer without any warning. Ten runs cost a second.

# %% [markdown]
# ## On your own data
#
# You now have what a usable segmentation needs: the logarithm, the scaling, ten starts. Make one for your own customers: change the line with `own`. A file may hold orders (customer, date, amount) or one row per customer. `segments.customer_table` takes what it finds, and says what it leaves out.

# %%
import pandas as pd   # this section runs without what stands above it

from helpers import segments, shop

own = shop.load()   # the simulated shop; yours: shop.read("my_orders.csv")
mine = segments.customer_table(own)

# %% [markdown]
# `segments.assign` takes the logarithm, scales, and runs KMeans with ten starts. Segment 0 is the largest.

# %%
my_labels = segments.assign(mine, k=4)
segments.profile(mine, my_labels).round(2)

# %% [markdown]
# Read the medians and give each segment a name that a colleague understands. In this shop the median customer of three segments ordered once. Then little else than spend and recency tells customers apart; try only those who came back: `mine[mine["frequency"] > 1]`.

# %%
my_names = {   # yours: change the names
    0: "once, small, long ago",
    1: "once, larger, long ago",
    2: "once, recently",
    3: "regulars",
}
my_list = pd.DataFrame({"segment": my_labels}, index=mine.index)
my_list["name"] = my_list["segment"].map(my_names)
my_list.head()

# %% [markdown]
# This is the list for your colleague: customer, segment, name. The next cell writes it, but only when you give it a path, and never over a file that exists.

# %%
segments.save_list(my_list, path=None)   # yours: path="my_segments.csv"

# %% [markdown]
# **What you can tell your boss:** here is a list of our customers with the name of their segment. Whether these are more than a convenient cut is the next question.

# %% [markdown]
# ## Does structure exist at all?
#
# Take three files with the same columns:
#
# - **ours**, with four segments,
# - a **shuffled** one: every column shuffled on its own,
# - a **twin**: it keeps every column, and how each two of them rise together, but has no segments.

# %%
files = {
    "ours": behavior[columns],
    "shuffled": pd.read_csv("../data/customer_behavior_permuted.csv")[columns],
    "twin": pd.read_csv("../data/customer_behavior_copula.csv")[columns],
}

# %% [markdown]
# To find the elbow without an eye, `segments.knee` draws a straight line from the first to the last point of the curve. It takes the k farthest below this line.

# %%
guess(
    "05.3",
    "On which of the three files does the elbow find no segments?",
    ["shuffled and twin", "shuffled only", "none of them"],
)

# %% tags=["reveal"]
elbow = {}
for name, file in files.items():
    curve = segments.inertias(file)   # log, scale, KMeans for k from 1 to 10
    elbow[name] = segments.knee(curve)
pd.Series(elbow, name="k by the elbow")

# %% [markdown]
# On none of them. The elbow names a k for every file, because some point of a falling curve is always farthest below the line. It cannot answer "no segments".
#
# So ask another question: **compared with what?** Draw twins of our file and compare the inertia at k = 4. If our customers form groups, they lie closer to their centers than the customers of the twins do.

# %%
rng = np.random.default_rng(0)
ours = segments.inertias(behavior[columns], ks=[4]).loc[4]
twins = []
for _ in range(10):
    twin = segments.copula_twin(behavior[columns], rng)
    twins.append(segments.inertias(twin, ks=[4]).loc[4])
pd.Series({"ours": ours, "smallest of ten twins": min(twins)}).round()

# %% [markdown]
# Our inertia is about a quarter below that of the best twin. This cannot come from single columns, nor from how two of them rise together: the twins have all that.
#
# The **twin gap** does the same for every k. It is the logarithm of the twins' inertia minus that of ours. A gap of 0 means: like the twins.

# %%
gaps = {}
for name, file in files.items():
    gaps[name] = segments.gap(file, ks=range(1, 9), references=10)   # ten twins
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
# Our gap climbs until k = 4 and then stays. The other two stay near zero. `choose_k` takes the k from which the gap no longer grows, and says 1 where the gap is too small to count.
#
# It is not always right. It can find groups in a curved cloud, which has none. And it cannot see groups that show in one column alone, because the twins have that column too: look at the histograms first.

# %% [markdown]
# ### Exercise 05.4 · a file from a colleague (5 minutes)
#
# "I found four segments in this one, look at the elbow!" How many do you find? Answer with k.

# %%
mystery = pd.read_csv("../data/colleague.csv")[columns]
k = ...
check("05.4", k)

# %% [markdown]
# **What you can tell your boss:** every method finds four segments if you ask for four. Ours were compared with customers who have none.

# %% [markdown]
# ## Is it stable?
#
# Stable means: other customers of the same kind would give the same segments. Split the customers at random into two halves, make segments from each half, let both label everybody, and compare by ARI. `segments.stability` repeats this ten times.

# %%
stable = pd.DataFrame()
for name, file in files.items():
    stable[name] = segments.stability(file, k=4, repeats=10)
stable.agg(["mean", "min"]).T.round(2)

# %% [markdown]
# Ours are stable. But the shuffled file and the twin also score above 0.8 on average, and they have no segments. A cut through a cloud can fall at nearly the same place twice.
#
# **What you can tell your boss:** unstable segments are a warning. Stable ones prove nothing.

# %% [markdown]
# ## Is it useful?
#
# Do the segments say what customers do *next*? In the simulated shop we take 1 July 2025 as the cut-off and make four segments from what was known before it. Then we look at the 26 weeks after it.

# %%
from helpers import features, targets

store = shop.load()
buyers = features.build(store, "2025-07-01").query("frequency > 0")[columns]
four = segments.assign(buyers, k=4)
later = targets.future(store, "2025-07-01").loc[buyers.index]
later[["bought", "revenue"]].groupby(four).mean().round(2)   # bought: share who ordered

# %% [markdown]
# That looks useful: in the last segment more than half order again, in the first fewer than one in ten. But what would we know *without* segments?
#
# We predict later spend (its logarithm) in three ways, and test on customers left out. **R²** says how much of the differences in spend a prediction explains: 0 is no better than the mean, 1 is perfect.

# %%
guess(
    "05.4",
    "Which predicts later spend best?",
    ["the four segments", "four groups by money spent", "the four columns themselves"],
)

# %% tags=["reveal"]
use = segments.usefulness(buyers, four, np.log1p(later["revenue"]))
use.r2.loc[["segments", "quantiles of monetary", "features"]].rename({
    "segments": "the four segments",
    "quantiles of monetary": "four groups by money spent",
    "features": "the four columns themselves",
}).round(2)

# %% [markdown]
# The columns themselves predict best. The segments were made from them and lose something on the way: all customers of a segment get the same prediction.
#
# Do the segments add anything to the columns?

# %%
print("segments minus groups by money:", use.against_quantiles.text(signed=True))
print("what segments add to the columns:", use.gain.text(3, signed=True))

# %% [markdown]
# In brackets stand 95 % intervals ([primer](primer.ipynb), section 8). Segments clearly beat groups by money. Added to the columns they bring next to nothing.
#
# A segment *rounds* the columns and holds nothing that they lack. To act on one customer, use a model on the columns. Segments are for people: a message, a report, the groups of an experiment.
#
# **What you can tell your boss:** segments help us to talk about customers. To choose single customers, a model does better.

# %% [markdown]
# ### Exercise 05.5 · to think about (3 minutes)
#
# The segment "lapsed" has 1,000 customers, and there are 500 vouchers to win them back. Who gets one?
#
# - (a) the 500 whose last order is longest ago,
# - (b) the 500 of them who used to buy most often,
# - (c) 500 drawn at random from the 1,000, keeping the others for comparison,
# - (d) none of them: better the best customers, who surely use it.
#
# Answer with one letter.

# %%
choice = ...
check("05.5", choice)

# %% [markdown]
# ## Validation by domain experts
#
# People who know the customers should judge the segments, and they should judge **blind**. A reviewer gets three sets of cards, in unknown order: our segments, segments of a twin, and random groups. For each set they name the cards and put ten customers to them.
#
# Look at the cards. **Which set is the real one? Write it down.**

# %%
from helpers import widgets

review = segments.prepare_review(behavior[columns], k=4)
form = widgets.ReviewForm(review)
form

# %% [markdown]
# The form saves your answers to a file of your choice. **Cohen's κ** (kappa) is the agreement of reviewer and model beyond chance: 1 is perfect, 0 is chance. Until you have filled in the form, a stand-in answers: it takes the nearest card, with some errors.

# %%
answers = segments.nearest_card(review, blur=0.7)   # yours: answers = form.answers
segments.kappa(review, answers).round(2)

# %% [markdown]
# Now it is told: the column `set` says which set was which. Was your guess right?
#
# No person answered here, so this only shows the arithmetic. The random groups are all alike, and κ is near 0. But the segments of the twin, which do not exist, are recognized as well as the real ones. (Ten customers leave wide intervals: ask about more.)
#
# So a review tells whether people can *recognize* segments, not whether segments *exist*. Then comes a loop: merge or rename what was confused, and ask about other customers. The deeper notebook goes through it.
#
# **What you can tell your boss:** experts say whether segments can be used. Data say whether they exist.

# %% [markdown]
# ## Explore
#
# Choose columns, units, an algorithm and k. *Silhouette* says how much closer customers are to their own segment than to the next one. Try raw units, then two segments, then ten. Which setting has the best silhouette, and which the best ARI to the truth?

# %%
widgets.segment_explorer(behavior[columns], truth)

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey holds a year of groceries of 2,469 households. Nobody knows their true segments.

# %%
journey = shop.load("complete_journey")
households = features.build(journey, "2018-01-01")[columns]
household_segments = segments.assign(households, k=4)
shares = segments.profile(households, household_segments)
shares[["customers", "share", "share_of_monetary", "frequency"]].round(2)

# %%
household_gap = segments.gap(households, references=10)
largest = household_gap["gap"].max()
k_found = segments.choose_k(household_gap)
print(f"k by the twin gap: {k_found}, largest gap: {largest:.2f}")

# %% [markdown]
# A k of 1 means: no segments. The largest gap is 0.07, far below that of our simulated file. So there is weak structure at most.
#
# The cut can still serve. One third of the households brings two thirds of the money, and you may want to write to them differently. But where the border runs is a business choice, and the slide should say so.
#
# Is the cut useful? We take columns from before October, and spend in the 13 weeks after. In the simulated shop, segments beat groups by money. Here too?

# %%
autumn = features.build(journey, "2017-10-01")[columns]
spent = targets.future(journey, "2017-10-01", "91D")["revenue"].loc[autumn.index]
autumn_segments = segments.assign(autumn, k=4)
autumn_use = segments.usefulness(autumn, autumn_segments, np.log1p(spent))
autumn_use.r2.loc[["segments", "quantiles of monetary", "features"]].round(2)

# %%
print("segments minus groups by money:", autumn_use.against_quantiles.text(signed=True))
print("what segments add to the columns:", autumn_use.gain.text(3, signed=True))

# %% [markdown]
# Here four groups by money beat the segments. Among these households money spent is the strongest single signal, and segments round it more coarsely. Again the columns themselves are best, and segments add nothing to them.
#
# **What you can tell your boss:** among real households we found no natural segments. A plain cut by money told us more about the autumn.

# %% [markdown]
# ## What people say, what we measured
#
# Four claims about segments, measured on new draws of simulated data and on real households. All figures unfold below the table; the deeper notebook reads them.

# %%
from IPython.display import Markdown

from helpers.course import studies

Markdown(studies.claims_table(["c01", "c02", "c03", "c04"]))

# %% [markdown]
# "Partly" for the twin gap: where there are no segments, it says so far more often than its rivals, but where there are some, one rival finds k more often. "Partly" for the logarithm: it helps skewed columns and harms symmetric ones.
#
# **What you can tell your boss:** even good advice on segments holds only under conditions, and we know which.

# %% [markdown]
# ## Summary
#
# 1. **The recipe.** Units decide: in raw units money decides alone, scaling helps, and for skewed columns the logarithm helps more. Start ten times. Match the numbers of segments before you compare.
# 2. **Choices with reasons.** The elbow always names a k. Ask whether structure exists (the twin gap), whether it is stable, and whether it is useful. Where no structure exists, k is a business choice: say so.
# 3. **Your list.** It is good for messages, reports, the groups of an experiment. A segment rounds the columns it was made from, and does not say whom a voucher moves.
#
# Next: [01 · Choosing algorithms](01_choosing_algorithms.ipynb). The deeper notebook has more algorithms, exercise 05.3 and the sources.
