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
# About 60 minutes with the exercises. You need pandas and a first acquaintance with scikit-learn; terms are explained where they first appear.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import dendrogram, linkage
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from helpers import features, plots, segments, shop, simulator

plots.use_style()

# %% [markdown]
# ## The recipe everybody knows
#
# `customer_behavior.csv` holds one row per customer and four figures: **recency** (days since the last order), **frequency** (number of orders), **monetary** (money spent) and **category_interest_score** (the share of interest that goes to one favorite category, 0 to 1).
#
# The recipe in five steps: read, standardize, draw the elbow, run KMeans, look. *KMeans* puts each customer to the nearest of k centers, and moves the centers to the middle of their customers until nothing changes.

# %%
behavior = pd.read_csv("../data/customer_behavior.csv")
behavior.head()

# %%
columns = ["recency", "frequency", "monetary", "category_interest_score"]
X = StandardScaler().fit_transform(behavior[columns])
behavior[columns].describe().loc[["mean", "std", "min", "50%", "max"]].round(2)

# %% [markdown]
# Spend runs to thousands and interest from 0 to 1. `StandardScaler` gives each column mean 0 and standard deviation 1, so that no column counts more because of its unit.
#
# KMeans wants to be told k. The **elbow** is the usual advice: run it for k = 1 to 10, plot the *inertia* (the sum of squared distances of customers to their centers), and take the k at which the curve bends.
#
# **Guess first:** where will you see the bend?

# %%
inertia = []
for k in range(1, 11):
    kmeans = KMeans(n_clusters=k, random_state=42)
    kmeans.fit(X)
    inertia.append(kmeans.inertia_)
pd.Series(inertia, index=range(1, 11), name="inertia").round(-1).astype(int)

# %%
plt.plot(range(1, 11), inertia, marker="o")
plt.title("The elbow: where would you bend it?")
plt.xlabel("number of segments k")
plt.ylabel("inertia (squared standard deviations)")
plots.show("A falling curve of inertia against k from 1 to 10: steep to 3, flatter from about 4 on, with no sharp corner.")

# %% [markdown]
# The curve is steep up to 3 and flat from 5 on; most people say 4 and some say 3. Take 4 for now, and remember that your eye chose it. The last step appends the segment to each customer.

# %%
kmeans = KMeans(n_clusters=4, random_state=42)
behavior["segment"] = kmeans.fit_predict(X)
behavior.head()

# %%
profile = behavior.groupby("segment")[columns].median()
profile.insert(0, "customers", behavior["segment"].value_counts())
profile.round(2)

# %% [markdown]
# The medians invite names. The labels 0 to 3 are arbitrary, so the names are given by what the medians say and not by number. `segments.profile` and `segments.standardized_profile` do the same for any table and add the share of customers and of money.

# %%
names = pd.Series("occasional, broad taste", index=profile.index)
names[profile["category_interest_score"].idxmax()] = "best customers"
names[profile["recency"].idxmax()] = "lapsed"
rest = profile.index.difference([profile["category_interest_score"].idxmax(), profile["recency"].idxmax()])
names[profile.loc[rest, "category_interest_score"].idxmax()] = "occasional, one interest"
names.to_frame("name").join(segments.profile(behavior[columns], behavior["segment"])[["share", "share_of_monetary"]]).round(3)

# %%
plots.heatmap(
    segments.standardized_profile(behavior[columns], behavior["segment"]).rename(index=names),
    "Best customers differ in everything, the rest in recency and taste",
)
plots.show("A heat map of four segments by four features in standard deviations from the mean: best customers are high in frequency, spend and interest and low in recency; lapsed ones high in recency; the two occasional segments differ mainly in interest.")

# %% [markdown]
# A tenth of the customers bring well over half of the money. A picture like this goes into many slide decks, and its segments look like facts. The rest of this notebook asks whether they are.
#
# ## Another algorithm beside it
#
# **Hierarchical clustering** (here Ward's method) starts with every customer alone and keeps joining the two groups whose union adds least to the inertia. Its tree, the *dendrogram*, shows every k at once: the height of a join says how unlike the joined groups were.
#
# **Guess first:** same table, same k = 4. How many customers will both algorithms put together in the same way: nearly all, or far from it?

# %%
tree = linkage(X, method="ward")
dendrogram(tree, truncate_mode="lastp", p=12, no_labels=True, color_threshold=0, above_threshold_color=plots.BLUE)
plt.title("Ward's tree: no height at which four is the natural cut")
plt.xlabel("twelve groups of customers")
plt.ylabel("height of the join")
plots.show("A dendrogram of twelve groups. The joins get higher step by step toward the top; the gap between the joins to four and to three groups is not the largest.")
pd.Series(tree[-6:, 2][::-1], index=[f"{k + 1} to {k}" for k in range(1, 7)], name="height of the join").round(0)

# %%
ward = AgglomerativeClustering(n_clusters=4).fit_predict(X)
print(f"ARI between KMeans and Ward: {adjusted_rand_score(behavior['segment'], ward):.2f}")
pd.crosstab(behavior["segment"].map(names), segments.match(behavior["segment"], ward), colnames=["Ward, matched"])
