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
# About 65 minutes with the exercises. [The deeper notebook](deeper/08_beyond_one_machine.ipynb) has the costs, and shows how an engine plans its work.

# %%
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
# Column by column has another advantage. To sum one column, a program reads that column, and no other.
#
# Which columns take much space? Look at how many different values each has:

# %%
visits.nunique().sort_values(ascending=False)

# %%
guess(
    "08.a",
    "The mean of `seconds` is wanted: what share of the file must be read?",
    ["all of it", "about half", "about a fifth", "about a hundredth"],
)

# %% tags=["reveal"]
import pyarrow.parquet as pq

described = pq.read_metadata(DATA / "shop" / "visits.parquet")   # reads no row
group = described.row_group(0)   # rows are stored in groups; this file has one
in_bytes = {}
for number in range(group.num_columns):
    column = group.column(number)
    in_bytes[column.path_in_schema] = column.total_compressed_size / megabyte
(pd.Series(in_bytes) / in_file).sort_values(ascending=False).head(4).round(2)

# %% [markdown]
# `seconds` takes 0.22 of the file. `started_at` takes the most: it has hundreds of thousands of different times.
#
# A CSV file is stored row by row. There the values of a column do not lie together, so a program must read every byte.
#
# So the first change is simple. **Turn a large CSV file into Parquet, once**: `shop.to_parquet("my_orders.csv", "my_shop")`. It reads the file piece by piece, and reports what happened to every row. In pandas, you then load only the columns you need: `pd.read_parquet(file, columns=["seconds"])`.
#
# **What you can tell your boss:** before we buy memory, we change the format of the file. Then a program reads only the columns it needs.

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
import ibis

best = spent.order_by(ibis.desc("spent")).head(3)
best.to_pandas()

# %% [markdown]
# Three rows came into memory, and no more. The engine did the rest: it filtered, summed and sorted. Our expression names three columns (customer, time, amount); the others are not needed.
#
# How does DuckDB understand Python? It does not. Ibis translates the expression into **SQL**, the language of databases, and each engine has its own dialect of it. To keep the SQL short, we describe a table of two columns, without data.

# %%
from IPython.display import Markdown

bare = ibis.table({"customer_id": "string", "amount": "float64"}, name="orders")
total = bare.group_by("customer_id").agg(spent=bare.amount.sum())
sql = ibis.to_sql(total, dialect="duckdb")
Markdown(f"```sql\n{sql}\n```")

# %% [markdown]
# `"t0"` is a short name for the table; `GROUP BY 1` means "by the first column".
#
# So one expression can be translated for many engines: DuckDB on a laptop, BigQuery or Snowflake in a cloud. You write it once, and test it on your laptop.

# %% [markdown]
# ### Exercise 08.1 · toys, without loading (6 minutes)
#
# How much money did orders of the category `toys` bring before `moment`? An order that was canceled *before* `moment` does not count (column `cancelled_at`; it is missing if the order was never canceled).
#
# Use `orders`, not pandas. In Ibis "missing" is `.isnull()`, "and" is a comma in `filter`, and "or" is `|`. Put brackets around each side of `|`, as in pandas. Answer with the expression or its result.

# %%
answer = ...
check("08.1", answer)

# %% [markdown]
# ## The features of chapter 02, unchanged
#
# You have called `features.build`, and got a table. Inside, `features.define` makes an expression, and DuckDB computes it. Does an opened shop give the same as a shop in memory?

# %%
in_engine = features.build(store, moment)
in_memory = features.build(shop.load(), moment)
in_engine.equals(in_memory)

# %% [markdown]
# No difference, in any column of any customer. The first shop lies in files, the second in memory. One definition of each feature is enough for both.
#
# Targets and segments are made in the same way, by two kinds of functions:
#
# - `features.build` takes a shop, and returns a pandas table.
# - **A name with `define` returns an expression**, and computes nothing yet. Such functions take the *tables* of a shop.
#
# With an expression we can go on asking, before anything is computed:

# %%
from helpers import targets

target = targets.define(store.tables, moment, "91D")   # an expression
counted = target.group_by("future_bought").agg(customers=target.count())
counted.order_by("future_bought").to_pandas()   # now the engine computes

# %% [markdown]
# Two rows came into memory: how many customers ordered in the 91 days after `moment`, and how many did not.
#
# Here the engine was DuckDB. Our automatic tests run the same definitions on two more: Spark (a program for many machines, see below) and Postgres (a database).
#
# **What you can tell your boss:** if we change the engine, we keep the definitions of our features.

# %% [markdown]
# ## On your own data
#
# Put a Parquet file of your order lines, or a folder of such files, beside this notebook. It needs a customer, a time and an amount. If your columns have other names, say which is which, as for `shop.read`. For example, if the customer is called `Kunde`: `shop.open("my_orders.parquet", {"customer_id": "Kunde"})`.
#
# Here we take the purchases of the simulated shop. Its report counts every row. `fate` says what happened to them: used as `purchases`, or set aside, with the reason.

# %%
import ibis   # this section runs on its own
import pandas as pd

from helpers import features, production, shop
from helpers.files import DATA

own = shop.open(DATA / "shop" / "purchases.parquet")   # yours: "my_orders.parquet"
own.report.fates[["fate", "reason", "rows"]]

# %% [markdown]
# Here all rows are used. (`print(own.report)` says more: dates, sums, what to check.)
#
# Next, a list of every customer with the probability of an order in the next 91 days. First a model is trained. (In a very large shop it trains on a sample: section *Learn from a part*.)

# %%
my_model = production.train(own, horizon="91D", owner="me")
my_score = pd.Series(my_model.card.scores["AUC"], index=["AUC", "low", "high"])
my_score.round(2)

# %% [markdown]
# AUC is 0.80: customers who ordered mostly got a higher probability than customers who did not.
#
# The next cell writes the list to a file. With `None`, the file goes to a temporary folder. Give it a name to keep it. Each customer also gets a segment (chapter 05). Its number is only a name.

# %%
import tempfile
from pathlib import Path

file = None   # yours: file = "my_scores.parquet"
if file is None:
    file = Path(tempfile.mkdtemp()) / "my_scores.parquet"   # in a temporary folder
production.batch(my_model, own, file)   # part by part
written = ibis.read_parquet(file)[["customer_id", "propensity", "segment"]]
written.head(2).to_pandas().round(2)

# %% [markdown]
# For new scores every night, save the model once: `production.save(my_model, "my_model.skops")`. Then one line on a terminal writes them. `--open` means: leave the tables where they lie.
#
# `uv run python -m helpers.production score --open --model my_model.skops --shop my_orders.parquet --out my_scores.parquet`
#
# **What you can tell your boss:** every customer has a probability of ordering, in one file.

# %% [markdown]
# ## How far does one machine go?
#
# We measured it. The task: the features that need only orders, from a Parquet file to a finished table in pandas. The machine has two cores. The files have 1.5, 15 and 150 million order lines.

# %%
guess(
    "08.b",
    "1.5 million lines took half a second. How many times as long for 15 million?",
    ["about 3 times", "about 10 times", "about 30 times"],
)

# %% tags=["reveal"]
measured = pd.read_csv(DATA / "benchmarks" / "features.csv")
measured["million lines"] = measured["lines"] / 1_000_000
by = ["arm", "million lines"]   # an arm is one way to the features
medians = measured.pivot_table("value", by, "metric", aggfunc="median")
ours = medians.loc["helpers"]   # our expressions, in DuckDB
ours[["seconds to start", "seconds", "memory at most, MB"]].round(1)

# %% [markdown]
# The second file takes about eight times as long as the first, the third about twelve times as long as the second. (Ten times the lines are ten times the customers here. The third file was tried once, the others three times.)
#
# The seconds to start come once: Python loads the libraries, and computes a very small file. They are not in `seconds`.
#
# Memory grows less: a hundred times the lines need about nine times the memory. (We set DuckDB a limit. What does not fit, it writes to the disk meanwhile.)

# %% [markdown]
# Our definitions run in many engines. Does this make them slow? For comparison, we wrote programs for this one task **by hand**: in SQL for DuckDB, for pandas, and for **Polars**, another library for tables.
#
# On both axes of the picture, each labeled step means ten times as much (10² is a hundred).

# %%
seconds = medians.pivot_table("seconds", "arm", "million lines")   # a row for each way
seconds = seconds.loc[["helpers", "DuckDB by hand", "Polars by hand", "pandas by hand"]]
seconds.T.plot(marker="o", loglog=True, ylabel="seconds")
plots.show(
    "Seconds against million lines, for four ways to the same features. The four lines rise "
    "together. DuckDB by hand is lowest (at first with Polars), ours lies a little "
    "higher, pandas highest."
)

# %% [markdown]
# To see the differences, we divide by our seconds. Below 1 is faster than ours. NaN means not tried.

# %%
(seconds / seconds.loc["helpers"]).round(2)

# %% [markdown]
# Yes: DuckDB by hand takes between 0.55 and 0.74 of our time. Polars by hand is as fast on the smallest file, and as slow as ours on the largest.
#
# pandas by hand takes almost three times our time on the second file. (The deeper notebook compares memory, and two more ways.)
#
# **What you can tell your boss:** on two cores, the features of fifteen million order lines take about four seconds.

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
    sample = rng.choice(bought, n, replace=False)
    shares[n] = evaluation.proportion_interval(sample.sum(), n)
pd.DataFrame(shares, index=["share", "low", "high"]).T.round(3)

# %%
share_of_all = bought.mean()
print(f"all customers: {share_of_all:.3f}")

# %% [markdown]
# Each interval contains the share of all customers. Four times the sample makes the interval half as wide.
#
# How large must a sample be in a larger shop? Half the width of the interval is `1.96 * sqrt(p * (1 - p) / n)`. Here `p` is the share, and `n` the size of the **sample**. The size of the shop is not in the formula. (It holds while the sample is a small part of the shop.)

# %% [markdown]
# ### Exercise 08.2 · how many must be asked? (5 minutes)
#
# About 7 of 100 customers of a very large shop order. How many customers must you draw, so that the 95 % interval is the share plus or minus one percentage point? Use the formula above.

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
X_test = features.build(store, "2025-07-02")   # 26 weeks later
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
# A model that learned from these 2,000 customers loses 0.008<!-- 2000 --> of AUC. One that learned from four times as many loses next to nothing. (This is one draw. Another 2,000 could lose more or less; claim c39, at the end, repeats such a draw in many shops.)
#
# Look at the first column, too: how many had the *rarer* outcome? With few of them, little can be learned. If one customer in a thousand orders, 2,000 contain only about two who do.
#
# So: draw a sample to learn, and score everybody. `store.sample(50_000)` brings all rows of about that many customers into memory, as a shop. `production.train` does this by itself.

# %% [markdown]
# ## Segments of a sample, labels for all
#
# KMeans with four segments learns only four centers, each like an average customer. To find them, a sample is enough. To give each customer the nearest center is simple arithmetic, and an engine can do it: a **fitted** model becomes an expression.
#
# We draw one customer in four by a **hash**. That is a number made from the `customer_id`: it looks random, and is the same every time. So `% 4 == 0` (no remainder after division by 4) chooses about a quarter.

# %%
from helpers import segments

known = features.define(store.tables, moment)
buyers = known.filter(known.frequency > 0)
part = buyers.filter(buyers.customer_id.hash() % 4 == 0)   # one customer in four
quarter = part.order_by("customer_id").to_pandas()   # a fixed order of rows
kmeans = segments.model(4).fit(quarter[segments.FEATURES])
print(len(quarter), "customers to learn from")

# %% [markdown]
# Only this quarter came into memory. (An engine may send rows in any order. KMeans starts from the rows, so we sort them.) Now the labels of all:

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
# One warning. The centers of a sample place many customers in another segment than the centers of all do (claim c40, at the end). So do not look for new centers every night. Find them once, save the model, and use it every night.
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
in_sql = scored.to_pandas().set_index("customer_id")["propensity"]

# %% [markdown]
# Now the same in Python. (To subtract, pandas matches the customers by the index.)

# %%
p_python = model.predict_proba(in_engine[columns])[:, 1]
in_python = pd.Series(p_python, index=in_engine.index)
difference = (in_sql - in_python).abs()
bool((difference < 1e-9).all())   # equal to nine decimals?

# %% [markdown]
# Yes: DuckDB computes the same probabilities. The same SQL can be written for your **data warehouse**, the company's database for analysis. Then it scores your customers without Python. On a terminal:
#
# - the features: `uv run python -m helpers.features sql --dialect bigquery --as-of 2026-01-02 --out my_features`
# - the scores of a saved model: `uv run python -m helpers.production sql --model my_model.skops --dialect bigquery --as-of 2026-01-02 --out my_scores`
#
# Each writes a folder with the SQL, a small test shop, and its correct results. **Try that shop first:** does your engine compute the same? Our tests run this SQL on DuckDB, Spark and Postgres. For other engines they only check the syntax.

# %% [markdown]
# Trees and neural networks would become very long SQL. Here they are scored part by part, in Python, as in *On your own data*.
#
# **What you can tell your boss:** a logistic regression can be written as SQL. A small test shop shows whether our warehouse computes the same.

# %% [markdown]
# ## The same expressions on a cluster
#
# A **cluster** is several machines that work on one question. The rows lie spread over them, and on each machine a **worker** computes on its own rows. **Spark** is the best-known program for this.
#
# Filtering is easy: each worker filters its rows, and nobody needs the others. Sums are nearly as easy: each worker sums its rows, and the few sums are added up.
#
# And means? Two machines report their orders; `mean` is the mean amount.

# %%
machines = chapter_08.machines()
machines

# %% [markdown]
# ### Exercise 08.3 · two machines (3 minutes)
#
# What is the mean amount of all orders?

# %%
answer = ...
check("08.3", answer)

# %% [markdown]
# Other questions are harder. How many *different* customers ordered? A customer may stand on both machines, so the two numbers cannot be added. Equal customers must first meet on one machine. This is called a **shuffle**: rows travel over the network.
#
# Our features need shuffles, for they have one row per customer. To keep them small, each machine first sums its own rows. Then only one row per customer and machine travels.
#
# For the *number* of orders this does not work: an order with lines on both machines would be counted twice. So the order numbers travel.

# %% [markdown]
# Now our features on Spark. Four steps:
#
# ```python
# spark = SparkSession.builder.getOrCreate()   # 1. start Spark
# lines = spark.read.parquet("purchases.parquet")   # 2. read the file,
# lines.createOrReplaceTempView("purchases")   # and give it a name
# on_spark = shop.open(ibis.pyspark.connect(spark))   # 3. open the shop
# features.build(on_spark, moment)   # 4. the function that you know
# ```
#
# In step 3, `shop.open` takes no folder, but a **connection**: a link to a program that knows the tables. Here the lines are only to read. The deeper notebook runs them where Spark is installed.

# %% [markdown]
# What does Spark cost where one machine would do? We measured it on one machine with two cores. Spark had one worker, then two, of one core each. DuckDB had both cores. Both programs were already running, and wrote the features to a file.

# %%
guess(
    "08.d",
    "The features of 1.5 million lines: how long does Spark, already running, take "
    "with two workers?",
    ["half of DuckDB's time", "two or three times its time", "more than ten times"],
)

# %% tags=["reveal"]
on_cluster = pd.read_csv(DATA / "benchmarks" / "spark.csv")
on_cluster["million lines"] = on_cluster["lines"] / 1_000_000
on_cluster.pivot_table("value", "arm", "million lines", aggfunc="median").round(1)

# %% [markdown]
# With 1.5 million lines, Spark takes more than ten times as many seconds as DuckDB. A second worker saves nothing. Spark is made for more rows than one machine holds. Even for a small file it must plan, send tasks, and collect the results.
#
# With the larger file, Spark with two workers takes about five times as long as DuckDB. There the second worker saves about a third of the time. (DuckDB writes a file here. Further up, our definitions took 3.8<!-- seconds, helpers, 15 million lines --> seconds without one.)

# %% [markdown]
# Our rule: use a cluster if the data lie there already, or if one machine, measured, is too slow. (We measured no real cluster. Yours may differ.)
#
# **What you can tell your boss:** as long as one machine is fast enough, we need no cluster.

# %% [markdown]
# ### Exercise 08.4 · to think about (4 minutes)
#
# For which **one** of these would you use a cluster?
#
# - (a) Three million order lines in a CSV file. pandas takes two minutes to read them.
# - (b) Eighty million lines. A model is to learn who will order.
# - (c) Five billion lines a year, stored on the company's cluster. The features are wanted every night, within an hour.
# - (d) Twenty million lines. The boss wants a million customers in segments.
#
# Answer with one letter.

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
from_file = features.build(real, "2017-10-02")
whole = shop.Shop("in memory", journey.purchases)   # only the purchases, as in the file
from_memory = features.build(whole, "2017-10-02")
from_file.equals(from_memory)

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
    "c39": "A logistic regression must learn from every customer",
    "c40": "Segments must be fitted to every customer",
}))

# %% [markdown]
# c39 does not hold: a logistic regression that learned from one customer in four loses 0.006<!-- logistic regression, learned from one in 4, truth known --> of AUC. We call a loss below 0.01 small.
#
# c39 speaks of one model only. From one customer in four, boosted trees lose 0.013<!-- xgboost, learned from one in 4 -->. From one *household* in twenty they lose 0.133<!-- xgboost, learned from one in 20 -->. (Both stand in its details.)

# %% [markdown]
# c40 does not hold either: centers from one customer in ten fit as well as those from all. But they put many customers into other segments (details of c40).
#
# **What you can tell your boss:** before we rent machines, we draw a sample, and measure what it loses.

# %% [markdown]
# ## Summary
#
# 1. **Where the tables lie.** Parquet in place of CSV. `shop.open` loads nothing; an expression says what to do, and the engine does it.
# 2. **The smallest change that helps.** First the format, then an engine, then a sample. Take a cluster if the data lie there, or if one machine, measured, is too slow.
# 3. **Every customer gets a score.** The scores go part by part to a file, or are computed by SQL in the warehouse.
#
# The deeper notebook calculates what a billion rows would cost, and shows which steps need a shuffle.
