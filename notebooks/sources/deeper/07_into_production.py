# %% [markdown]
# # 07, deeper · Into production
#
# For a second reading of [chapter 07](../07_into_production.ipynb), for those who want to know why.
#
# After this notebook you can
#
# 1. say what a saved model may contain, and check a batch from the shell,
# 2. compute what a hold-out of some hundred customers can show, and stop a canary without being misled by chance,
# 3. say how often an alarm is false, for inputs and for outcomes, and what a common shock does to it.
#
# About 80 minutes with the exercises.

# %%
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import skops.io
from threadpoolctl import threadpool_limits

from helpers import evaluation, features, models, plots, production, shop, simulator, targets
from helpers.course import studies
from helpers.course.exercises import chapter_07, check, hint, solution

plots.use_style()
_ = threadpool_limits(limits=1)   # at these sizes a second thread costs more than it brings
folder = Path(tempfile.mkdtemp())

# %% [markdown]
# ## What a saved model may contain
#
# As in the chapter, it is 1 October 2025. The pipeline is tested on the window of July to September, trained on the one before it. Then it is trained on both.

# %%
store = shop.load()
today, cutoffs = "2025-10-01", ["2025-04-02", "2025-07-02"]
X, X_test = [features.build(store, cutoff) for cutoff in cutoffs]
y, y_test = [targets.future(store, cutoff, "91D")["bought"] for cutoff in cutoffs]

recipe = models.model("logistic regression").fit(X, y)
p_test = recipe.predict_proba(X_test)[:, 1]
auc = evaluation.interval(evaluation.SCORES["AUC"], y_test, p_test, draws=1_000)
print("AUC on the later window:", auc.text())

# %%
by_hand = models.model("logistic regression").fit(pd.concat([X, X_test]), pd.concat([y, y_test]))
model = production.train(store, today, owner="the shop's analysts")
digest = production.save(model, folder / "m.skops")
loaded = production.load(folder / "m.skops")
same = np.allclose(loaded.propensity.predict_proba(X_test), by_hand.predict_proba(X_test), atol=1e-4)
print("the loaded model says the same as the one by hand:", same)

# %% [markdown]
# `production.train` did what we did by hand. The segments in it are four KMeans clusters of those who bought, as in chapter 05; their numbers are only names.
#
# When skops opens a file, it builds only types that it knows, and asks about the others. Which does our pipeline need?

# %%
asked = skops.io.get_untrusted_types(data=skops.io.dumps(by_hand))
print("what skops would not build by itself:", *asked, sep="\n  ")

# %% [markdown]
# Six: two classes and two functions of this course, and two harmless ones of the libraries. That list stands in `production.TRUSTED`, and nothing else is built.
#
# Three files that should be refused: one with a changed byte, a pickle under another name, and a flawless skops file that holds something no model of ours needs. Each has a digest beside it that fits, but for the first.

# %%
import pickle


def attempt(name, data, sha256=None):
    (folder / name).write_bytes(data)
    (folder / f"{name}.sha256").write_text(hashlib.sha256(data).hexdigest())
    try:
        production.load(folder / name, sha256)
    except production.ModelError as error:
        print(error, end="\n\n")


changed = bytearray((folder / "m.skops").read_bytes())
changed[len(changed) // 2] ^= 1
attempt("changed.skops", bytes(changed), digest)
attempt("stranger.skops", pickle.dumps(by_hand))
attempt("theirs.skops", skops.io.dumps({"model": plots.to_png}))

# %% [markdown]
# All three, each with its reason (the second does not care for the file's name). A digest beside the file finds damage. Against somebody who can write there as well, keep it in another place too, and pass it (`sha256=`).
#
# ## The whole card
#
# The AUC is 0.87 for all. Will it be the same for customers with five orders and for those with none?

# %%
card = loaded.card
print(f"retire {card.retire_rule}\nlast day {card.retire_on}")
pd.DataFrame(card.scores, index=["estimate", "low", "high"]).T.round(2)

# %%
groups = pd.DataFrame(card.subgroups)
groups = groups[groups["by"].isin(["orders so far", "age_band"])]
groups.drop(columns="by").set_index("group").round(2)

# %% [markdown]
# The gain over the number of orders alone is 0.20<!-- AUC minus that of the number of orders alone -->. Among those with five orders or more the AUC is lower, 0.78<!-- 5 and more, AUC --> (of 249 customers, so its second digit is open). They are all good customers and harder to tell apart.
#
# In most groups the predicted share lies inside the interval of the observed one or at its edge. Customers with two to four orders bought more often than predicted (0.21 against 0.18). Between the age bands nothing stands out.
#
# These are ten groups at once: one interval in twenty misses by chance alone. But in none of the ten is the predicted share the larger one. The model promises a little too little, before any season. The whole card, with features, calibration, versions and the digest of the data, is the page `m.skops.md` beside the model.
#
# ## The night, from the shell
#
# Here the batch runs as it would in a terminal, once into a file and a table of a database. Then once more from Python. Will the second file be the same, byte for byte?

# %%
command = [sys.executable, "-m", "helpers.production", "score", "--shop", "simulated", "--as-of", today]
command += ["--model", str(folder / "m.skops"), "--out", str(folder / "scores.parquet")]
command += ["--duckdb", str(folder / "scores.duckdb")]
done = subprocess.run(command, capture_output=True, text=True, cwd="../..")
print(done.stdout or done.stderr, end="")

# %%
scores = production.batch(loaded, store, folder / "again.parquet", as_of=today)
first, again = (folder / "scores.parquet").read_bytes(), (folder / "again.parquet").read_bytes()
print("the same bytes again:", first == again)

# %%
import duckdb

with duckdb.connect(str(folder / "scores.duckdb"), read_only=True) as database:
    run = database.sql("SELECT DISTINCT run FROM scores").fetchall()
print("the same run in the database:", run == [(scores["run"][0],)])

# %% [markdown]
# The same night gives the same file. It is written beside the old one and put in its place in one step, and the table is replaced in one transaction. A batch that is killed half-way leaves the old scores whole (the tests kill one to be sure).
#
# File and table cannot change in the same instant. So each row names its **run**, a digest of the model's card and of all rows. Two targets of the same run hold the same scores, and a report can tell whether it judges the model that wrote them.
#
# ## A reason, by hand
#
# For a linear model the reason is exact. The log-odds are a sum with one part per feature, its coefficient times the standardized value. For the customer with the highest propensity:

# %%
who = scores["propensity"].idxmax()
night = production.inputs(loaded, store, today)
prepare, regression = loaded.propensity[:-1], loaded.propensity[-1]
values = prepare.transform(night.iloc[[who]])[0]
parts = pd.Series(values * regression.coef_[0], prepare.get_feature_names_out())
parts.sort_values(key=abs, ascending=False).head(3).round(1)

# %%
print("the batch wrote:", scores.loc[who, "reason"])

# %% [markdown]
# Many abandoned carts, many active days and many looks, each against the average customer. (`numbers__` is the pipeline's name for its column.) Abandoned carts *raise* it: who abandons 63 carts comes often. A reason explains the *model*. It does not say that a push on that feature would change the customer.
#
# ## One at a time: what is drawn
#
# The service of the chapter puts the hybrid of chapter 04 to work: a prior from survey and context, moved by each click, and a draw from it (Thompson sampling). Over HTTP:
#
# `curl -X POST http://127.0.0.1:8000/recommend -H "Content-Type: application/json" -d '{"customer_id": "new1", "survey": {"favorite_category": "toys"}}'`
#
# answers with categories, positions and propensities, and `POST /feedback` takes the clicks. (Where the terminal reads quotes otherwise, try both on the service's own page, http://127.0.0.1:8000/docs.) The same function, called here:

# %%
online = production.train_online(store, today)   # online.beta: the two parameters of each rate's beta distribution
nothing = np.zeros(len(online.categories))
said = online.shares({"favorite_category": "toys", "device": "mobile"})
clicks = nothing + 3 * np.array([name == "beauty" for name in online.categories])
cases = {
    "nothing known": (online.shares({}), nothing, nothing),
    "said: toys": (said, nothing, nothing),
    "then beauty clicked 3 times of 4": (said, clicks, clicks / 3 * 4),
}
rates = {}
for case, (shares, clicked, shown) in cases.items():
    a, b = online.beta(shares, clicked, shown)
    rates[case] = a / (a + b)

# %%
taste = simulator.load_truth("customers")[["taste_" + name for name in online.categories]].astype(float)
rates["truth, mean of all customers"] = simulator.click_probability(taste.to_numpy(), np.array(1)).mean(axis=0)
print(pd.DataFrame(rates, index=online.categories).T.round(2).to_string())

# %%
a, b = online.beta(said, nothing, nothing)
rng = np.random.default_rng(0)
first = [online.recommend(a, b, rng).categories[0] for _ in range(1_000)]
first = pd.Series(first).value_counts(normalize=True).reindex(online.categories)
first.rename("share of 1,000 draws in which it comes first").round(2).to_frame().T

# %% [markdown]
# The first table has expected click rates. Its last row only a simulator knows. The first row lies a little above it (fashion .16<!-- nothing known --> against .13<!-- truth, mean of all customers -->): it is the rate of an average taste, which is higher than the average of the rates. The log behind it was weighted by its propensities (chapter 04). Of somebody unknown, fashion is the best guess; who says toys has the highest rate there; three clicks on beauty outweigh the answer.
#
# What is *shown* is drawn, so that other categories keep a chance, and each draw is logged with the chance that it had. That chance is called *propensity* too (chapter 06), and is not that of an order. Without it the log can never be used to judge another policy.
#
# Toys come first most often, though in a minority of draws. After no click at all the rates are uncertain, and Thompson sampling takes that seriously. Remember this when we come to what exploring costs.
#
# ## Steps, with the canary
#
# The groups are drawn by hash. The name of the roll-out and the year are part of it: the next year's hold-out holds others. Nobody goes without for ever, and whoever is left out for years is no longer like the rest.

# %%
stages = pd.DataFrame({stage: production.groups(X.index, "spring", stage, 2025) for stage in ["shadow", "canary", "A/B"]})
stages.apply(pd.Series.value_counts).fillna(0).astype(int)

# %%
canary = stages["canary"] == "challenger"
print("all of the canary's customers stay:", (stages.loc[canary, "A/B"] == "challenger").all())

# %% [markdown]
# A larger share contains the smaller one. Now the roll-out of the chapter, on 2 April 2025: the champion is the number of orders turned into a probability, the challenger our recipe. An order brings 20, a contact costs 1, so both contact whoever has p above .05.

# %%
winter = features.build(store, "2025-01-01")
ordered = targets.future(store, "2025-01-01", "91D")["bought"]
rivals = {"champion": models.OneColumn("frequency"), "challenger": models.model("logistic regression")}
spring = pd.DataFrame(index=X.index)
for name, rival in rivals.items():
    spring[name] = rival.fit(winter, ordered).predict_proba(X)[:, 1]
(spring > 0.05).mean().rename("share contacted").round(2)

# %%
print("shadow:", production.shadow(spring["champion"], spring["challenger"], y, gain=20, cost=1))

# %% [markdown]
# The shadow is read in July, when the orders were in. Per 1,000 customers the challenger brings some 440 more than the champion, *if* a contact brings an order's 20 from everybody who orders. That is the assumption of every back-test. Whoever has p above .05 gets the spring voucher of chapter 06 (10 % off on a margin of 40 %, and .05 for the mail), and orders with the chance that the voucher left them.

# %%
spring = spring[spring.index.isin(simulator.reachable())]   # those whom the campaign could reach


def contacts(group):
    """Who is contacted (n,): as the model of their group says."""
    contacted = pd.Series(False, index=group.index)
    for name in rivals:
        contacted[group == name] = spring[name] > 0.05
    return contacted

# %%
for stage, judge in {"canary": production.canary, "A/B": production.ab}.items():
    group = production.groups(spring.index, "spring", stage, 2025)
    gained = simulator.voucher_profit(contacts(group), np.random.default_rng(0))
    print(f"{stage}, {(group == 'challenger').sum():,} under the challenger:", judge(gained, group))

# %%
served = group.replace("challenger", "champion")
both = production.between(gained, served, "champion", "hold-out")
print("both against none, per 1,000:", both.text(-1, signed=True))

# %%
nobody = simulator.voucher_profit(pd.Series(False, index=spring.index))
known = {}
for name in rivals:
    known[name] = 1_000 * (simulator.voucher_profit(spring[name] > 0.05) - nobody).mean()
pd.Series(known, name="the truth of each against none, per 1,000").round(-1)

# %% [markdown]
# The canary is small and says only whether something broke. Its interval reaches from a large loss to a small gain, and p = .24 proves no harm: go on. The A/B test finds no difference that is clear of zero, so the champion stays. (In truth the challenger loses some thirty less, far below what such a test can see, and only because it sends fewer vouchers.) Of the shadow's promise nothing is left: it counted orders that customers place anyway.
#
# And both models together? The hold-out says that they *bring* some 210 per 1,000 [−300, +730]. In truth they lose 200<!-- truth, challenger --> and more, because they give a discount to those who would have bought. The interval is wide: it holds the truth, a large gain, and nothing at all.
#
# ## The arithmetic of a hold-out
#
# No line of the code is wrong. Is the estimate above the truth by chance alone? Draw the groups 1,000 times anew. How often will an interval of 95 % miss the truth, and on which side?

# %%
rng = np.random.default_rng(0)
others = []
for _ in range(1_000):
    drawn = pd.Series(rng.permutation(group), index=group.index)
    gained = simulator.voucher_profit(contacts(drawn), rng)
    served = drawn.replace("challenger", "champion")
    others.append(production.between(gained, served, "champion", "hold-out"))

# %%
middle = np.mean(list(known.values()))
others = pd.DataFrame(others)
missed = {"above": (others["low"] > middle).sum(), "below": (others["high"] < middle).sum()}
for where, count in missed.items():
    print(f"the interval lies {where} the truth:", evaluation.proportion_interval(count, 1_000).text())

# %%
width = (others["high"] - others["low"]).mean()
print("half its width, on average:", int(round(width / 2, -1)))
print("hold-out:", (group == "hold-out").sum(), "of", len(group), "customers")

# %% [markdown]
# An interval of 95 % should lie above the truth in .025 of the draws, and below it in as many. Here it lies above in .07: when it misses, it nearly always flatters the models.
#
# The hold-out has 678 customers, few of them order, and a few dear orders make its profit. Where chance gives it too few of these, its mean *and* its spread are too small. The models look good, and the interval looks sure of it. (A canary is small in the same way. That is why its verdict exchanges customers at random instead of trusting an interval by t; the tests count how often that one would stop a harmless canary.)
#
# And the interval is wide: ±640 where 200<!-- truth, challenger --> are lost. A hold-out of 5 % in one campaign proves nothing. To halve the width takes four times the customers: so it stands for a year, over all campaigns together, and is read once. Then it is drawn anew. Without it, nobody would ever ask.
#
# ### Exercise 07.3 · what have the models brought? (6 minutes)
#
# A year of another shop: under which model a customer was, whether they were contacted, and the profit. What did the models bring, per customer, against none?

# %%
year = chapter_07.year()
answer = ...
check("07.3", answer)

# %% [markdown]
# ## What the PSI is by chance
#
# The **population stability index** compares inputs with those that the model learned from: in ten bins, Σ (q − p) ln(q / p). Two groups of 200<!-- normal draws --> customers from the very same distribution: how often is the PSI above .1?

# %%
def psi_by_hand(reference, current):
    edges = np.quantile(reference, np.linspace(0, 1, 11)[1:-1])
    p = np.bincount(np.searchsorted(edges, reference), minlength=10) + 0.5
    q = np.bincount(np.searchsorted(edges, current), minlength=10) + 0.5
    p, q = p / p.sum(), q / q.sum()
    return np.sum((q - p) * np.log(q / p))


rng = np.random.default_rng(0)
one, other = rng.normal(size=(2, 200))
print("helper and hand agree:", np.isclose(psi_by_hand(one, other), production.psi(one, other)))

# %%
rows = {}
for n in [200, 1_000, 5_000]:
    weeks = np.array([psi_by_hand(*rng.normal(size=(2, n))) for _ in range(2_000)])
    rows[n] = {"mean": weeks.mean(), "by formula": production.psi_by_chance(n, n)}
    rows[n]["share above .1"] = (weeks > 0.1).mean()
    rows[n]["95 % quantile"] = np.quantile(weeks, 0.95)
    rows[n]["that by formula"] = production.psi_by_chance(n, n, level=0.05)
pd.DataFrame(rows).T.rename_axis("n").round(3)

# %% [markdown]
# Nearly a third of the weeks without any drift are above .1. At 1,000<!-- n --> customers none are. At 5,000<!-- n --> the PSI of an unchanged column stays below .01 in 95 weeks of 100, and a drift of .05 would be a sensation that the rule calls "all well".
#
# Without drift the PSI is nearly (1/n + 1/m) times a chi-squared variable with nine degrees of freedom. The formula gives mean and quantile to the second digit, and with them a threshold for *your* numbers. As an alarm that is false in one week of twenty, `.1` is right for one number of customers a side; with fewer it cries too often, with more it sleeps.
#
# ### Exercise 07.2 · a threshold of your own (6 minutes)
#
# You compare 500 customers with 500, in ten bins. Above which PSI is an alarm false in 5 % of the weeks?

# %%
answer = ...
check("07.2", answer)

# %% [markdown]
# ## All columns at once
#
# A shop watches thirty columns at once, which hang together. `production.drift` exchanges customers between the two groups at random, over and over, and asks how large the largest surprise gets by chance: one alarm for all columns.

# %%
then = production.inputs(loaded, store, cutoffs[1])
changed = production.drift(then, night)
print(f"columns beyond chance: {(changed.table['p'] <= 0.05).sum()} of {len(changed.table)}")
changed.table.head(6).round(3)

# %% [markdown]
# Eight of 32: the age of the accounts most, then activity and recency. (`by_chance` is smaller where equal values leave fewer than ten bins.) None of them is a fault. Time went by, accounts are three months older, and some customers fell silent. With thousands of customers the alarm sees small things too; it cannot say what matters.
#
# A trap: the same comparison of one column, from fresh tables and as the model sees it.

# %%
as_built = features.build(store, today)
from_tables = production.psi(X_test["cart_abandonment"], as_built["cart_abandonment"])
print(f"PSI of cart_abandonment, from the tables: {from_tables:.1f}")
print(f"PSI of cart_abandonment, as the model sees it: {changed.table.loc['cart_abandonment', 'psi']:.2f}")

# %% [markdown]
# In a fresh table of features the cart abandonment of those without a cart is the mean of *all customers of that night*. It moves by a hair's breadth, many customers change their bin together, and the PSI is 1.6. The model shrinks by what it learned in training, and sees no change. Compare what the model sees: a feature computed in two ways is the usual fault of a model in service, **training/serving skew**.
#
# ## Do the alarms keep their own promise?
#
# A hundred weeks without drift: two random groups of the same night, all columns. And a hundred quarters in which each order is drawn with the promised chance.

# %%
rng = np.random.default_rng(0)
false = []
for week in range(100):
    drawn = night.iloc[rng.choice(len(night), 600, replace=False)]
    false.append(production.drift(drawn[:300], drawn[300:], draws=99, seed=week).alarm)
print("inputs:  ", evaluation.proportion_interval(sum(false), 100).text(), "of the weeks with a false alarm")

# %%
p = scores["propensity"].to_numpy()[::5]
false = []
for week in range(100):
    came = rng.random(len(p)) < p
    false.append(production.health(came, p, 20, 1, draws=199, seed=week).alarm)
print("outcomes:", evaluation.proportion_interval(sum(false), 100).text())

# %% [markdown]
# The 5 % that both alarms promise lie inside the intervals; a hundred weeks cannot say more (the tests count more). The promise is for *one* look. Who looks at the inputs every week of a year has 52 times 5 %, some two or three false alarms to expect: for fewer, take a smaller `level`. An alarm that comes every third week is switched off within a quarter; one that keeps its promise is read.
#
# ## A common shock
#
# The outcomes' alarm has a blind side: it takes each customer for a coin of their own. A heat wave, a holiday that falls elsewhere or a rival's sale move all of them at once. Let each window have such a **common shock**, with a standard deviation of .1 on the logit: odds some 10 % higher or lower than promised. `health(..., past=...)` learns from earlier windows how far they differ beyond chance, and allows for that.
#
# Nothing is wrong with the model. How often will the alarm without a past go off?

# %%
from scipy.special import expit, logit

p = scores["propensity"].to_numpy()[::2]


def window(shock=0.1):
    moved = expit(logit(p) + shock * rng.normal())   # the same shift for all customers
    return rng.random(len(p)) < moved


rng = np.random.default_rng(0)
print(f"{len(p):,} customers in a window")

# %%
alarms = {"without a past": [], "with six past windows": [], "a third lost, with the past": []}
for week in range(100):
    came, past = window(), [(window(), p) for _ in range(6)]
    lost = came & (rng.random(len(p)) < 1 / 3)
    alarms["without a past"].append(production.health(came, p, 20, 1, draws=99, seed=week).alarm)
    alarms["with six past windows"].append(production.health(came, p, 20, 1, draws=99, seed=week, past=past).alarm)
    alarms["a third lost, with the past"].append(production.health(came & ~lost, p, 20, 1, draws=99, seed=week, past=past).alarm)
for name, rang in alarms.items():
    print(f"{name:28}{evaluation.proportion_interval(sum(rang), 100).text()}")

# %% [markdown]
# In more than a third of the calm windows (0.39<!-- without a past -->). An alarm like that is right about the chance of coins, and useless. With six past windows it is false in 0.01, and still finds the shop that lost a third in 0.92 of the windows. Two cautions. Six windows of a quarter are a year and a half. And a past in which the model was already wrong teaches the alarm to accept that.
#
# ## The report, and when to train anew
#
# The two quarters of the chapter: as it was, and with a third of the orders lost to a competitor.

# %%
outcome = targets.future(store, today, "91D")["bought"].loc[scores["customer_id"]].to_numpy()
stays = np.random.default_rng(1).random(len(outcome)) < 2 / 3
look = production.health(outcome, scores["propensity"], gain=20, cost=1)
bad = production.health(outcome & stays, scores["propensity"], gain=20, cost=1)
for name, found in {"as it was": look, "a third lost": bad}.items():
    print(f"{name}: alarm {found.alarm}; profit per 1,000: {found.missing()}")
pd.concat([look.shown(), bad.shown()], keys=["as it was", "a third lost"])

# %% [markdown]
# As it was: 8.2 % ordered where 7.2 % were promised, beyond the range that chance allows (low to high). The p-value takes all four together, and there is an alarm if one of them is at most 0.05. Even a model that is right has a calibration error by chance, here .004; the observed one is .012. The shop earned *more* than promised. The window holds Black Friday and Christmas, and the model learned from spring and summer. The *ranking* is as good as ever.
#
# With a third lost, the share of orders and the profit fall far below the range; about 300 per 1,000 customers are missing. The AUC says nothing: whoever ranks customers by propensity still ranks them rightly. Nor could a look at that night's inputs have found it, because they are the same numbers.
#
# `uv run python -m helpers.production report --model m.skops --scores scores.parquet --shop my_folder --out report.html`
#
# writes all this as a page that needs nothing but a browser: outcomes on top, then inputs, each with a picture. From here, on the shop that lost a third:

# %%
production.report(folder / "report.html", card, changed, bad, outcome & stays, scores["propensity"])
page = (folder / "report.html").read_text(encoding="utf-8")
print("pictures in the page:", page.count("data:image/png"), " addresses of other places:", page.count("http"))

# %%
quarters = {"a season, twice": [look, look], "a season, then a loss": [look, bad], "a loss, twice": [bad, bad]}
for name, looks in quarters.items():
    print(f"{name}: train anew?", production.retrain(looks, cost_of_retraining=2_000, customers=len(scores)))

# %% [markdown]
# The trigger asks for two alarms in a row, each in a window of its own, and both times for a loss that surely exceeds what a training costs (here 2,000). An alarm alone says that *something* changed. With so many customers it says so of changes that cost nothing, and a season is no reason to throw a model away. (The quarters are repeated here to show the rule; in the shop they are different ones.)
#
# ## Is a fresh model better?
#
# Many teams train again on a fixed day, because a fresh model must be better. Is it? We compare the same pipeline at two ages. The **old** one is the challenger, trained on 1 January. The **fresh** one is trained on 2 July. Both predict on 1 October.

# %%
fresh = models.model("logistic regression")
_ = fresh.fit(X_test, y_test)   # 2 July: its window is over

# %%
X_now = as_built.loc[scores["customer_id"]]   # in the order of the list
p_fresh = fresh.predict_proba(X_now)[:, 1]
p_old = rivals["challenger"].predict_proba(X_now)[:, 1]

# %%
gain = evaluation.difference(evaluation.SCORES["AUC"], outcome, p_fresh, p_old)
print("AUC, fresh minus old:", gain.text(4, signed=True))

# %% [markdown]
# The interval includes zero. In *ranking* the two cannot be distinguished, so by the rule of the chapter the old one stays. AUC does not see whether its probabilities are as good.
#
# ## The loop, shop by shop
#
# A recommender learns from clicks, and gets clicks only on what it shows. If it always shows what it believes in, it never learns that it is wrong about the rest. So it should explore: that is the received wisdom.
#
# Twelve weeks in the simulator, one category per visit, trained every Monday. From the fifth week on, toys are in fashion with everybody; they are the least popular category. **Greedy** always shows the best guess; **Thompson, shared rates** draws the click rates of groups of customers; **frozen** is never trained. Who has the most clicks at the end, and who over all twelve weeks?

# %%
loop = studies.study("c32")
chosen = {"greedy": plots.BLUE, "Thompson, shared rates": plots.ORANGE, "frozen": plots.GRAY}
weeks, each = {}, {}
for policy in chosen:
    weeks[policy] = [loop.play(policy, True, seed) for seed in range(4)]
    rate = [1_000 * run["clicks"] / run["visits"] for run in weeks[policy]]
    each[policy] = pd.DataFrame(rate).set_axis(range(1, 13), axis=1)
    late, total = each[policy][[9, 10, 11, 12]].mean(axis=1), each[policy].mean(axis=1)
    print(f"{policy}: last four weeks {late.round().astype(int).tolist()}, all twelve {total.round().astype(int).tolist()}")
print("visits per customer in the first shop:", round(weeks["greedy"][0]["visits"].sum() / loop.CUSTOMERS, 1))

# %%
for policy, color in chosen.items():
    plt.plot(each[policy].T, color=color, linewidth=0.8, alpha=0.6)
    plt.plot(each[policy].mean(), color=color, linewidth=3, label=policy)
plt.axvline(4.5, color="black", linewidth=0.8, linestyle=":")
plt.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.title("Four shops and their mean: a fashion comes in week 5")
plt.xlabel("week")
plt.ylabel("clicks per 1,000 visits")
plots.show("Clicks per 1,000 visits by week for three policies in four simulated shops. All fall in week five. The frozen one stays lowest; Thompson falls least and leads from week five to nine; greedy follows and is highest from week ten on.")

# %% [markdown]
# At the end frozen is thirty-five to ninety clicks below the others: it falls when the fashion comes, and stays down. Learning from one's own clicks is worth far more than how one does it. Between greedy and Thompson it is closer. Greedy has more clicks before the fashion, Thompson just after it; by the end greedy has found the toys too, and is a little ahead in three of these four shops. Over all twelve weeks each is ahead in two. Four shops are few; the claim below has sixty.
#
# ## Real shoppers, in detail
#
# The Complete Journey: train in the middle of October on orders within two weeks, score that night, and look two weeks later. A coupon costs 1 and brings 2 from whoever comes.

# %%
journey = shop.load("complete_journey")
households = production.train(journey, "2017-10-15", horizon="14D", owner="the class")
print("AUC on its test window:", evaluation.Interval(*households.card.scores["AUC"]).text())

# %%
looks = {}
for night_of in ["2017-10-15", "2017-11-12"]:
    scored = production.score(households, journey, night_of)
    came = targets.future(journey, night_of, "14D")["bought"].loc[scored["customer_id"]]
    looks[night_of] = production.health(came, scored["propensity"], gain=2, cost=1)
    print(f"{night_of}, alarm {looks[night_of].alarm}; profit per 1,000: {looks[night_of].missing()}")
pd.concat({night_of: found.shown() for night_of, found in looks.items()})

# %%
autumn = [production.inputs(households, journey, day) for day in (households.card.cutoffs[-1], "2017-11-12")]
production.drift(*autumn).table.head(5).round(3)

# %% [markdown]
# Two alarms. The first two weeks fell short of the promise in profit and calibration. Those around Thanksgiving kept it but for the calibration error, which is .03 in both windows where chance alone gives .02. So the model is not exactly right about these households. Whether that matters is said by the profit: 30 [10, 60] per 1,000 less than promised came in the first window; in the second perhaps nothing (the interval contains zero). Two windows were looked at, at 5 % each, and p is about .02 in both: no reason to train anew, one to look a third time.
#
# Inputs: `tenure` has a PSI of 7, because the panel began for everybody in January and all grow older together. A column that counts the days raises the alarm every night: take it out of the watch, or nobody will look at the others. Of these, spend passes .05 by a hair.
#
# ## The claims in detail
#
# One seed of the first claim before your eyes (a hundred weeks, so shares vary by some points), then both over all seeds.

# %%
from IPython.display import Markdown

seed = studies.one_seed("c23", seed=0).query("metric == 'share of alarms, n = 200' and arm != 'PSI > 0.25'")
print(seed[["world", "arm", "value"]].round(2).to_string(index=False))
Markdown(studies.claims_table(["c23", "c32"]))

# %% [markdown]
# One seed first: the rule alarms in .41<!-- no drift, PSI --> of the weeks in which nothing happened; and at this size the calibrated alarm hardly tells the shift from nothing.
#
# **c23** is borne out. The rule of .1 alarms in a third of the weeks without drift at 200 customers; at 5,000 it never alarms, and misses a shift of .2 standard deviations each time, where the calibrated alarm finds it each time. At 200 the calibrated alarm finds that shift in one week of five: more was not to be had from it. Random groups of 200 real households give about the same third, and one alarm for four columns holds its 5 %.
#
# **c32** stays *open*. Three ways to explore stand against greedy: a random category in one visit of ten, Thompson with rates drawn for groups of customers, and Thompson with rates drawn for each customer. We expected that exploring costs clicks at first and has paid by the last four weeks where tastes changed.
#
# It costs at first, as expected, and where tastes stay it still costs at the end. Where a fashion comes, 10 % at random and Thompson with shared rates are not told apart from greedy at the end. Thompson for each customer is far behind: a customer comes some four times in these twelve weeks, too seldom for what is learned about one person to be earned back. Never training costs more than any of this.
#
# Is it at least an insurance against bad luck? In the worst tenth of the shops (c32), exploring with shared rates or at random ends about 20<!-- worst tenth of shops --> clicks higher, but the interval contains zero: sixty shops cannot say. One gain is clear. Who explores knows the rates of all categories better (a smaller error), and the next model and off-policy estimates may profit from that.
#
# ## Summary
#
# 1. **A file, and every night.** skops and a short list of trusted types instead of a pickle; a digest, a schema and versions that are checked, and a sentence where something does not fit. The batch writes the same bytes for the same night, file and table each whole or not at all, with the run in both.
# 2. **Steps and alarms.** The shadow promised what the experiment did not find, and the interval of a small hold-out misses the truth more often on the flattering side. Both alarms were false about as often as they said, per look; where all customers move together, the outcomes' alarm needs past windows to say so. Two of them in a row, and a loss that pays for it, are a reason to train.
# 3. **The loop.** Learning from one's own clicks beat standing still. Exploring did not pay in clicks within twelve weeks of rare visits; it leaves better knowledge of what was not shown, and propensities in the log.
#
# **Sources.** Sculley et al. 2015, "Hidden technical debt in machine learning systems"; Mitchell et al. 2019, "Model cards for model reporting"; Breck et al. 2017, "The ML test score"; Yurdakul 2018 (null distribution of the PSI); Westfall & Young 1993 (the maximum over many tests); Kohavi, Tang & Xu 2020 (ramping up, hold-outs); Chapelle & Li 2011 (Thompson sampling); Bastani, Bayati & Khosravi 2021, "Mostly exploration-free algorithms for contextual bandits"; the security notes of the packages pickle and skops.
