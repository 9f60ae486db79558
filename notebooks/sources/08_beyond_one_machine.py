# %% [markdown]
# # 08 · Beyond one machine
#
# **The question.** Our orders no longer fit into memory, or everything takes too long. What is the smallest change that helps?
#
# After this notebook you can
#
# 1. leave tables where they lie, and compute features, targets and scores there,
# 2. decide with measured figures between a sample, one machine and a cluster,
# 3. write a score for every customer of a shop of any size, to a file or as SQL.
#
# About 65 minutes with the exercises. [The deeper notebook](deeper/08_beyond_one_machine.ipynb) has the costs and the plans of the engines.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import features, plots, shop
from helpers.course.exercises import chapter_08, check, hint, solution
from helpers.course.guesses import guess
from helpers.files import DATA

plots.use_style()

# %% [markdown]
# ## How large is large?
#
# pandas holds a whole table in memory. So the first question is how much memory a table takes. Our simulated shop has 815,123 rows of visits, in a file of the kind **Parquet**.

# %%
visits = pd.read_parquet(DATA / "shop" / "visits.parquet")
megabyte = 1_000_000
in_file = (DATA / "shop" / "visits.parquet").stat().st_size / megabyte
in_pandas = visits.memory_usage(deep=True).sum() / megabyte
sizes = {"rows": len(visits), "MB in the file": in_file, "MB in pandas": in_pandas}
pd.Series(sizes).round().astype(int)

# %% [markdown]
# The file is twenty times smaller than the table in memory. Two reasons:
#
# - Parquet stores **column by column**. In a column many values are alike, so they take little space: a value that comes often is written once, and then referred to. Then all of it is compressed.
# - In pandas every value stands in full in every row, ready to use.
#
# Column by column has another advantage. To sum one column, an engine reads that column, and no other.

# %%
guess(
    "08.a",
    "The mean seconds of a visit: which part of the file must be read?",
    ["all of it", "about half", "less than a quarter"],
)

# %% tags=["reveal"]
import pyarrow.parquet as pq

described = pq.read_metadata(DATA / "shop" / "visits.parquet")   # reads no row
rows = described.row_group(0)   # large files have several groups of rows, this has one
in_bytes = {}
for number in range(rows.num_columns):
    column = rows.column(number)
    in_bytes[column.path_in_schema] = column.total_compressed_size / megabyte
(pd.Series(in_bytes) / in_file).sort_values(ascending=False).head(4).round(2)

# %% [markdown]
# `seconds` takes 0.22 of the file. Times take the most: many different ones, in no simple order. In a CSV file there are no columns to skip; every byte has to be read.
#
# So the first change is the cheapest. **Turn a large CSV file into Parquet, once.** The call is `shop.to_parquet("my_orders.csv", "my_shop")`. It works piece by piece: memory does not grow with the file. As with `shop.read`, a report says what happened to every row.
#
# **What you can tell your boss:** before we buy memory, we change the format of the file. An engine need not load it whole.

# %% [markdown]
# ## Leave the tables where they lie
#
# An **engine** is a program that computes on tables in files: it takes a question, reads what it needs, and gives back the answer. The engine in this course is **DuckDB**. It runs inside Python, on this machine.
#
# `shop.open` takes a folder, and loads no table. It only looks at the names and types of the columns, and at the first rows.

# %%
store = shop.open(DATA / "shop")
store

# %% [markdown]
# `store.tables` holds the tables. They look like tables, but hold no data. A table here is a description: "the rows of this file".
#
# We ask how much each customer spent before 1 July 2025 (canceled orders included). It looks almost like pandas.

# %%
orders = store.tables["purchases"]
moment = pd.Timestamp("2025-07-01")
past = orders.filter(orders.ordered_at < moment)
spent = past.group_by("customer_id").agg(spent=past.amount.sum())
type(spent)

# %% [markdown]
# Nothing has been computed. `spent` is an **expression**: it says what to do. (The library is **Ibis**.) Only when we ask for the result does the engine work.

# %%
best = spent.order_by(spent.spent.desc()).head(3)
best.to_pandas()

# %% [markdown]
# Three rows came into memory. The engine read three columns (customer, time, amount), summed, sorted, and sent three rows.
#
# How does DuckDB understand Python? It does not. Ibis translates the expression into **SQL**, the language of databases, and each engine has its own dialect of it. To keep the SQL short, we describe a table of two columns, without data.

# %%
import ibis
from IPython.display import Markdown

bare = ibis.table({"customer_id": "string", "amount": "float64"}, name="orders")
total = bare.group_by("customer_id").agg(spent=bare.amount.sum())
sql = ibis.to_sql(total, dialect="duckdb")
Markdown(f"```sql\n{sql}\n```")

# %% [markdown]
# `"t0"` is a short name for the table; `GROUP BY 1` means "by the first column".
#
# So one expression can be written for many engines: DuckDB here, Spark on a cluster, BigQuery or Snowflake in a cloud. You write it once. You test it on your laptop.

# %% [markdown]
# ### Exercise 08.1 · toys, without loading (6 minutes)
#
# How much money did orders of the category `toys` bring before `moment`? An order that was canceled *before* `moment` does not count (column `cancelled_at`; it is missing if the order was never canceled).
#
# Use `orders`, not pandas. In Ibis "missing" is `.isnull()`, "and" is a comma in `filter`, and "or" is `|`. Answer with the expression or its result.

# %%
answer = ...
check("08.1", answer)

# %% [markdown]
# ## The features of chapter 02, unchanged
#
# You have called `features.build`, and got a table. Inside, `features.define` makes an expression, and DuckDB computes it. (At the end two columns are shrunk in pandas: chapter 02.) Does an opened shop give the same as a shop in memory?

# %%
in_engine = features.build(store, moment)
in_memory = features.build(shop.load(), moment)
in_engine.equals(in_memory)

# %% [markdown]
# No difference, in any column of any customer. Both times DuckDB computed: once from the files, once from memory. This is what expressions are for: the definition of a feature stands in one place, and moves to where the data are.
#
# Targets are expressions too, as is everything else that is counted: `targets.define`, `lifetime.define_history`, `segments.define_rfm_groups`. Their rule is simple. **A name with `define` leaves the result in the engine.**

# %%
from helpers import targets

asked = targets.define(store.tables, moment, "91D")
counted = asked.group_by("future_bought").agg(customers=asked.count())
counted.order_by("future_bought").to_pandas()

# %% [markdown]
# Two rows came back, from all customers.
#
# **What you can tell your boss:** we do not need new code for more data. The same definitions ran on DuckDB, Spark and Postgres.

# %% [markdown]
# ## On your own data
#
# Put a Parquet file of your order lines, or a folder of such files, beside this notebook. If the columns have other names, say which is which, as for `shop.read`: `shop.open("my_orders.parquet", {"customer_id": "Kunde"})`. Here we take the purchases of the simulated shop.

# %%
import ibis   # this section runs on its own
import pandas as pd

from helpers import features, production, shop
from helpers.files import DATA

own = shop.open(DATA / "shop" / "purchases.parquet")   # yours: "my_orders.parquet"
own.report.fates[["fate", "reason", "rows"]]

# %% [markdown]
# Asked for its report, the engine counts every row: how many are used as `purchases`, and how many are set aside, with the reason. Here all are used. `print(own.report)` says more: dates, sums, what to check.
#
# Now the list for Monday: every customer with the probability of an order. Of a very large shop the model learns from a sample (section *Learn from a part*). The scores are written part by part, so they need not fit into memory. Each customer gets a segment, too.

# %%
my_model = production.train(own, horizon="91D", owner="me")
my_score = pd.Series(my_model.card.scores["AUC"], index=["AUC", "low", "high"])
my_score.round(2)

# %% [markdown]
# The next cell writes the list, but only if you give it a name. With `None` it writes into a temporary folder, to show you the result.

# %%
import tempfile
from pathlib import Path

name = None   # yours: name = "my_scores.parquet"
folder = Path(tempfile.mkdtemp())   # a new temporary folder
file = Path(name or folder / "my_scores.parquet")
production.batch(my_model, own, file)
shown = ibis.read_parquet(file)[["customer_id", "propensity", "segment"]]
shown.head(2).to_pandas().round(2)

# %% [markdown]
# For every night, keep the model: `production.save(my_model, "my_model.skops")`. Then, on a terminal: `uv run python -m helpers.production score --open --model my_model.skops --shop my_orders.parquet --out my_scores.parquet`
#
# **What you can tell your boss:** every customer has a score. The scores need not fit into memory.

# %% [markdown]
# ## How far does one machine go?
#
# We measured it. The task: the features that need only orders, from a Parquet file to a finished table in pandas. The machine has two cores.
#
# - `helpers`: our expressions, on the file;
# - `helpers, in memory`: the same, on a table in pandas;
# - `DuckDB by hand`, `Polars by hand`, `pandas by hand`: programs written for this one task, in SQL, for **Polars** (another library for tables) and for pandas;
# - `Featuretools`: a library that makes features by itself, tried on the smallest file only.

# %%
guess(
    "08.b",
    "Ten times the lines, 15 million: how many times as long do our expressions need?",
    ["about 3 times", "about 10 times", "about 30 times"],
)

# %% tags=["reveal"]
measured = pd.read_csv(DATA / "benchmarks" / "features.csv")
middle = measured.pivot_table("value", ["lines", "arm"], "metric", aggfunc="median")
ours = middle.xs("helpers", level="arm")
millions = {1_500_000: "1.5 million", 15_000_000: "15 million"}
millions[150_000_000] = "150 million"
ours.rename(millions)[["seconds", "memory at most, MB"]].round(1)

# %% [markdown]
# Ten times the lines take about eight times as long, and ten times as many again about twelve times. (150 million lines were tried once, the others three times. Ten times the lines are ten times the customers here.)
#
# Memory is our choice: we let DuckDB hold twice the size of the file. What is more goes to the disk for a while. In the first row, the libraries alone take a good part of it.
#
# The seconds leave out the start of Python: about two for ours, half of one by hand.
#
# The picture shows all six. On both axes each line of the grid means ten times as much.

# %%
figure, axes = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
for picture, metric in zip(axes, ["seconds", "memory at most, MB"], strict=True):
    of_arms = middle.pivot_table(metric, "lines", "arm")
    of_arms.plot(ax=picture, marker="o", loglog=True, ylabel=metric)
    picture.minorticks_off()
    picture.set_xticks(list(millions), millions.values())
    picture.legend(fontsize=7)
plots.show(
    "Seconds and memory against order lines, for six ways to the same features. By hand, "
    "DuckDB is fastest (on the smallest file as fast as Polars). Ours take up to twice its "
    "time, and hold least memory from 15 million lines on."
)

# %% [markdown]
# Definitions that run anywhere are slower: by hand, DuckDB takes between half and three quarters of our time. Its program sets no limit for memory, and holds more at 15 and at 150 million lines. Polars by hand takes half our time on the smallest file, and as long as ours on the largest.
#
# At 15 million lines pandas takes almost three times our time, and six times the memory. We did not try it on ten times as many.
#
# **What you can tell your boss:** the features of fifteen million order lines take seconds on two cores.

# %% [markdown]
# ## Learn from a part
#
# An exact count needs every row. An **estimate** does not. Suppose we want the share of customers who will order within 91 days. We look at some customers, drawn at random; then four times as many, and again four times as many.

# %%
from helpers import evaluation

bought = targets.future(store, moment, "91D")["bought"]
rng = np.random.default_rng(0)
shares = {}
for n in [500, 2000, 8000]:
    asked = rng.choice(bought, n, replace=False)
    shares[n] = evaluation.proportion_interval(asked.sum(), n)
pd.DataFrame(shares, index=["share", "low", "high"]).T.round(3)

# %%
print("all customers:", round(bought.mean(), 3))

# %% [markdown]
# Each interval contains the share of all. Four times the customers make it half as wide. And something that surprises many: the width depends on the size of the **sample**, not on the size of the shop. That holds while the sample is a small part of the shop. (8,000 are half of ours. Their interval is wider than it need be.)

# %% [markdown]
# ### Exercise 08.2 · how many must be asked? (5 minutes)
#
# About 7 of 100 customers of a very large shop order. How many customers must you draw, so that the 95 % interval is the share plus or minus one percentage point? Half the width of the interval is `1.96 * sqrt(p * (1 - p) / n)`.

# %%
answer = ...
check("08.2", answer)

# %% [markdown]
# And a model? It learns from what was known on 1 January 2025, and who ordered in the 91 days after. It is tested on *all* customers half a year later.

# %%
from sklearn.metrics import roc_auc_score

from helpers import models

X = features.build(store, "2025-01-01")
y = targets.future(store, "2025-01-01", "91D")["bought"]
X_test = features.build(store, "2025-07-02")
y_test = targets.future(store, "2025-07-02", "91D")["bought"]
order = np.random.default_rng(0).permutation(len(X))   # customers in random order
print(len(X), "customers to learn from")

# %%
guess(
    "08.c",
    "If the model learns from 2,000 customers, not from all: how much AUC is lost?",
    ["about 0.01", "about 0.05", "about 0.10"],
)

# %% tags=["reveal"]
p = {}
for n in [500, 2000, 8000, len(X)]:
    drawn = order[:n]
    model = models.model("logistic regression").fit(X.iloc[drawn], y.iloc[drawn])
    p[n] = model.predict_proba(X_test)[:, 1]
rows = {}
for n in [500, 2000, 8000]:
    lost = evaluation.difference(roc_auc_score, y_test, p[len(X)], p[n])
    rows[n] = {"who ordered": y.iloc[order[:n]].sum(), "AUC lost": lost.text(3)}
pd.DataFrame(rows).T

# %% [markdown]
# A model that learned from these 2,000 customers loses 0.008<!-- 2000 --> of AUC. One that learned from four times as many loses next to nothing. (The interval does not say how another 2,000 would do; the claim at the end does.)
#
# Look at the first column, too: how many had the *rarer* outcome? With few of them, little can be learned. If one customer in a thousand orders, 2,000 contain only about two who do.
#
# So: draw a sample to learn, and score everybody. `store.sample(50_000)` brings all rows of about that many customers into memory, as a shop. `production.train` does this by itself.

# %% [markdown]
# ## Segments of a sample, labels for all
#
# KMeans with four segments learns only four centers, each like an average customer. To find them, a sample is enough. To give each customer the nearest center is simple arithmetic, and an engine can do it: a **fitted** model becomes an expression.

# %%
from helpers import segments

known = features.define(store.tables, moment)
buyers = known.filter(known.frequency > 0)
quarter = buyers.filter(buyers.customer_id.hash() % 4 == 0)   # one customer in four
some = quarter.order_by("customer_id").to_pandas()
kmeans = segments.model(4).fit(some[segments.FEATURES])
print(len(some), "customers to learn from")

# %% [markdown]
# A **hash** is a number made from the `customer_id`: it looks random, and is the same every time. So this draws the same quarter of the customers each night. An engine may send rows in any order. We sort them, so that KMeans starts from the same rows each time.
#
# Only this quarter came into memory. Now the labels of all:

# %%
labels = segments.define_labels(kmeans, buyers)
labels.group_by("segment").agg(customers=labels.count()).order_by("segment").to_pandas()

# %% [markdown]
# The labels were computed in the engine. Are they those of scikit-learn?

# %%
there = labels.to_pandas().set_index("customer_id")["segment"].sort_index()
everyone = buyers.to_pandas().set_index("customer_id").sort_index()
bool((kmeans.predict(everyone[segments.FEATURES]) == there).all())

# %% [markdown]
# Yes, customer by customer. (Who never ordered has no segment.)
#
# `segments.inertias`, the elbow of chapter 05, follows the same idea in memory: with many customers it finds the centers from a sample, and measures the inertia on all.

# %% [markdown]
# One warning. The centers of a sample fit as well as those of all, but put many customers into other segments (claim c40, at the end). Draw one sample, keep its model as a file, and give everybody their label from it. Do not draw a new one every night.
#
# **What you can tell your boss:** a sample finds the segments; every customer who has ordered gets one.

# %% [markdown]
# ## Scoring where the data lie
#
# A logistic regression is arithmetic as well: a sum of columns times weights, and one function of it. So the whole pipeline becomes an expression: filling gaps, logarithms, scaling, and the weights.

# %%
columns = ["recency", "frequency", "monetary", "visits", "carts"]   # only a few here
model = models.model("logistic regression").fit(X[columns], y)
scored = models.define_probability(model, features.define(store.tables, moment))
there = scored.to_pandas().set_index("customer_id")["propensity"].sort_index()
here = model.predict_proba(in_engine[columns])[:, 1]
bool(np.allclose(there, here, rtol=0, atol=1e-9))

# %% [markdown]
# The engine gives the same probabilities. That means: your **data warehouse** (the company's database for analysis) can score your customers with SQL, without Python. Only the sample that the model learns from leaves it.
#
# - `uv run python -m helpers.features sql --dialect bigquery --as-of 2025-07-01 --out my_sql` writes the SQL of the features.
# - `helpers.targets`, `helpers.segments` and `helpers.production` do the same for targets, groups and scores.
#
# The folder also holds a small test shop and its correct results. Run the SQL on it first: does your own engine compute the same? (Executed by us: DuckDB, Spark, Postgres. The others are only checked for their grammar.)
#
# %% [markdown]
# Trees and neural networks would become very long SQL. Here they are scored part by part, in Python, as in *On your own data*.
#
# **What you can tell your boss:** a logistic regression can score in our warehouse. Only a sample leaves it, for training.

# %% [markdown]
# ## The same expressions on a cluster
#
# A **cluster** is several machines that work on one question. The rows lie spread over them, and on each machine a **worker** computes on its own rows. **Spark** is the best-known program for this.
#
# Filtering is easy: each worker filters its rows, and nobody needs the others. Sums are nearly as easy: each worker sums its rows, and the few sums are added up.

# %% [markdown]
# ### Exercise 08.3 · two machines (3 minutes)
#
# Each machine says how many orders it has, and their mean. What is the mean of all orders?

# %%
machines = chapter_08.machines()
machines

# %%
answer = ...
check("08.3", answer)

# %% [markdown]
# Other questions are harder. How many *different* customers ordered? A customer may stand on both machines, so the two numbers cannot be added. Equal customers must first meet on one machine. This is called a **shuffle**: rows travel over the network. On a cluster it is often what costs most.
#
# Our features need shuffles: for one row per customer, all that belongs to a customer must meet on one machine. But the machines sum first. So for sums, only one row per customer and machine travels. For the number of orders, each different order number travels.

# %%
import shutil
from importlib.util import find_spec

if find_spec("pyspark") and shutil.which("java"):   # the extra `spark`, and Java
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    parquet = str(DATA / "shop" / "purchases.parquet")
    spark.read.parquet(parquet).createOrReplaceTempView("purchases")
    on_spark = features.build(shop.open(ibis.pyspark.connect(spark)), moment)
    print(len(on_spark), "customers, computed by Spark")
else:
    print("No Spark here: the figures below were measured on another machine.")

# %% [markdown]
# New are only the lines that start Spark and name the table (a view is a name for a table). `features.build` is the one that you know. (Here Spark runs on this one machine; with the address of a cluster it runs there.)
#
# What does Spark cost where one machine would do? We compared one and two workers of one core each with DuckDB on both cores of the same machine. The features went to a file, so DuckDB's seconds differ a little from those above.

# %%
guess(
    "08.d",
    "The features of 1.5 million lines: how long does Spark take with two workers?",
    ["half of DuckDB's time", "two or three times its time", "more than ten times"],
)

# %% tags=["reveal"]
spark_rows = pd.read_csv(DATA / "benchmarks" / "spark.csv")
seconds = spark_rows[spark_rows["metric"] == "seconds"]
seconds.pivot_table("value", "arm", "lines", aggfunc="median").round(1)

# %% [markdown]
# With 1.5 million lines Spark takes more than ten times as long as DuckDB, and a second worker does not help. Spark is made for more rows than one machine holds: it plans, sends tasks, and writes to the disk what has to travel.
#
# With the larger file Spark with two workers takes about five times as long as DuckDB. There the second worker saves a third of the time.
#
# A cluster pays when the data lie there already, or when one machine, measured, is too slow. Not before.
#
# **What you can tell your boss:** as long as one machine is fast enough, we need no cluster.

# %% [markdown]
# ### Exercise 08.4 · to think about (4 minutes)
#
# For which of these would you use a cluster?
#
# - (a) Three million order lines in a CSV file. pandas takes two minutes to read them.
# - (b) Eighty million lines. A model is to learn who will order.
# - (c) Five billion lines a year, stored on the company's cluster. The features are wanted every night, within an hour.
# - (d) Twenty million lines. The boss wants a million customers in segments.
#
# Answer with a letter.

# %%
answer = ...
check("08.4", answer)

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey has 1.5 million lines of real purchases. We write them as Parquet, open the file, and compare with the table in memory.

# %%
journey = shop.load("complete_journey")
place = Path(tempfile.mkdtemp())   # a temporary folder
journey.purchases.to_parquet(place / "purchases.parquet")
real = shop.open(place)
a = features.build(real, "2017-10-02")
whole = shop.Shop("in memory", journey.purchases)   # only the purchases, as in the file
b = features.build(whole, "2017-10-02")
a.equals(b)

# %%
in_file = (place / "purchases.parquet").stat().st_size / megabyte
in_pandas = journey.purchases.memory_usage(deep=True).sum() / megabyte
lines = len(journey.purchases)
households = journey.purchases["customer_id"].nunique()
sizes = {"lines": lines, "households": households}
sizes |= {"MB in the file": in_file, "MB in pandas": in_pandas}
pd.Series(sizes).round().astype(int)

# %% [markdown]
# No difference here either. The file is about fifteen times smaller than the table in memory.
#
# **What you can tell your boss:** a year of purchases of 2,469 real households fits into a file of ten megabytes.

# %% [markdown]
# ## What people say, what we measured
#
# We tested two pieces of advice in many simulated shops, and on the households.

# %%
from helpers.course import studies

Markdown(studies.short_table({
    "c39": "A model must learn from every customer",
    "c40": "Segments must be fitted to every customer",
}))

# %% [markdown]
# For a logistic regression c39 does not hold: learned from one customer in four it loses 0.006<!-- learned from one in 4 --> of AUC. We call a loss below one hundredth small. Boosted trees lose more than that: the deeper notebook has their figures.
#
# Centers from one customer in ten fit as well as those from all. But the details of c40 warn: they put many customers into other segments.
#
# **What you can tell your boss:** before we rent machines, we draw a sample, and measure what it loses.

# %% [markdown]
# ## Summary
#
# 1. **Where the tables lie.** Parquet in place of CSV. `shop.open` loads nothing; an expression says what to do, and the engine does it.
# 2. **The smallest change that helps.** First the format, then an engine, then a sample. A cluster if the data lie there, or if one machine is measured to be too slow.
# 3. **Every customer gets a score.** Part by part to a file, or as SQL in the warehouse.
#
# The deeper notebook calculates what a billion rows would cost, and shows which steps need a shuffle.
