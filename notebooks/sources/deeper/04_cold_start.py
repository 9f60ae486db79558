# %% [markdown]
# # 04, deeper · Cold start
#
# For a second reading of [chapter 04](../04_cold_start.ipynb), for those who want to know why.
#
# After this notebook you can
#
# 1. derive M from the likelihood, and say what five popular wrong moves cost,
# 2. decide how much to explore with a new customer, and read a log that a policy has written,
# 3. audit by group what your decisions do, and say what the law asks.
#
# About 93 minutes with the exercises.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.special import gammaln
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from helpers import cold_start, evaluation, models, plots, shop, simulator, targets, widgets
from helpers.course.exercises import check, hint, solution

plots.use_style()
one_thread = threadpool_limits(limits=1)   # at these sizes a second thread costs more than it brings

# %% [markdown]
# ## The table, from the log
#
# The chapter took its table from `cold_start.moments`, one row for a customer and a number of visits seen: 0, 1, 2, 3, 5, 10, 20. Here one of its columns is counted by hand. The visit of the sign-up is numbered minus one: it belongs to what is known at the start. All that we use of a visit is the category where it began, its *landing category*.

# %%
store = shop.load()
table = cold_start.moments(store)
train, test = cold_start.split(table, "2025-04-01")

visits = store.visits.drop_duplicates("visit_id").sort_values(["customer_id", "started_at"], kind="stable")
visits["number"] = visits.groupby("customer_id").cumcount() - 1
is_toys = (visits["landing_category"] == "toys") & (visits["number"] >= 0)
visits["seen_toys"] = is_toys.groupby(visits["customer_id"]).cumsum() - is_toys   # strictly before this visit
by_hand = visits.loc[visits["number"].isin(cold_start.LENGTHS), "seen_toys"]
print("the helper counts the same:", (by_hand.to_numpy() == table["seen_toys"].to_numpy()).all())

# %% [markdown]
# How many of the new customers have a row at each number?

# %%
seen = test["events"].value_counts()
seen.to_frame("test customers").T

# %% [markdown]
# Every row has a next visit. So 3,956 new customers came back at least once, and 515 of them more than twenty times. The log ends in December: whoever signed up late had little time.
#
# ## Counts plus one
#
# The chapter mixed popularity with the customer's own visits. A simpler method needs no popularity: take the counts of a customer, add 1 to each category so that nothing gets probability zero, and divide. Here the visit of the sign-up counts as well. The score is the **log-loss**; its unit is the *nat*, because the logarithm is the natural one. Guessing all six alike costs log 6 = 1.79. The **oracle** knows each customer's true taste. No real shop has one. It shows the lowest log-loss that is possible: even a known taste does not say where the next visit will begin.

# %%
taste = simulator.load_truth("customers").set_index("customer_id").filter(like="taste_").astype(float)
taste = taste[["taste_" + name for name in cold_start.categories(table)]]
oracle = taste.loc[test["customer_id"]].to_numpy()
oracle = oracle / oracle.sum(axis=1, keepdims=True)

first = pd.get_dummies(train["next_category"])[train["events"] == 0]
popularity = first.mean().to_numpy()
everybody = np.tile(popularity, (len(test), 1))
own = cold_start.counts(test, first=True)   # (customers, categories), the visit of the sign-up included
shares = (own + 1) / (own + 1).sum(axis=1, keepdims=True)
curve = cold_start.warm_up(test, {"popularity": everybody, "own counts + 1": shares, "oracle": oracle})
curve.pivot_table("estimate", "model", "events", sort=False).round(2)

# %% [markdown]
# With the visit of the sign-up, own counts beat popularity at once: at 0 visits popularity costs 1.75 and own counts 1.71. After 20 visits own counts cost 1.42. The oracle stays near 1.3. About five visits close half of the gap to the oracle; later gains are slow.
#
# Adding 1 to each category is arbitrary twice over: why 1, and why the same for toys as for fashion?
#
# ## The likelihood of M
#
# Think of each customer's true shares as drawn from a common distribution with mean *prior* and a strength M. (A Dirichlet distribution: the usual one for shares.) Then the best estimate after n visits is the chapter's formula:
#
# > θ̂ = (counts + **M** · prior) / (n + **M**)
#
# At n = M the two weigh the same. With M = 0 only the counts speak, with M = ∞ only the prior.
#
# Where customers are alike, their counts look like the prior. Where they differ, their counts are lopsided. The **marginal likelihood** is the probability of all training histories given M, with the unknown shares averaged out. We take the M that makes the histories likeliest. (This is *empirical Bayes*: the prior comes from the data.)

# %%
last = train.drop_duplicates("customer_id", keep="last")   # each customer's longest history, and the visit after it
history = cold_start.counts(last, first=True) + pd.get_dummies(last["next_category"]).to_numpy()


def log_likelihood(M, counts, prior):
    """Of all histories, given M (Minka 2000)."""
    total = gammaln(M) - gammaln(M + counts.sum(axis=1))
    return (total + (gammaln(counts + M * prior) - gammaln(M * prior)).sum(axis=1)).sum()


grid = [0.5, 1, 2, 3, 4, 5, 7, 10, 20, 50]
likelihood = pd.Series(dtype=float)
for M in grid:
    likelihood[M] = log_likelihood(M, history, popularity)
below = likelihood - likelihood.max()
below.round(-1).astype(int).to_frame("log-likelihood below the best").T

# %%
plt.plot(below.index, below, marker="o")
plt.xscale("log")
plt.xticks(grid, grid)
plt.xlabel("M, the visits that popularity is worth (logarithmic axis)")
plt.ylabel("log-likelihood below the best")
plots.show(
    "Log-likelihood against M on a logarithmic axis: one hill with its top at 4, falling by "
    "thousands toward 1 and toward 20."
)

# %%
print(f"by the helper: M = {cold_start.fit_strength(history, popularity):.1f}")

# %% [markdown]
# Four, as in the chapter: popularity is worth about four visits. With M = 1 or 20 the histories are far less likely: the log-likelihood is lower by thousands.
#
# This is no coincidence. By the chain rule, the marginal likelihood is also the sum of the log-probabilities of each visit given those before it. So M is what *would have predicted best* all along, and that is what the chapter tried out.
#
# ## The prior from the sign-up
#
# The chapter trained the prior on the first row of each customer. `cold_start.Hybrid` trains on all rows, and each customer weighs the same, however many rows they have. Its logistic regression is the one of `models.model`. The landing category of the sign-up works in the prior, and so it must not be counted again.

# %%
weight = 1 / train.groupby("customer_id")["customer_id"].transform("size")
regression = models.model("logistic regression").fit(
    train[cold_start.COLUMNS], train["next_category"], classifier__sample_weight=weight
)
prior = regression.predict_proba(test[cold_start.COLUMNS])
start = regression.predict_proba(train.drop_duplicates("customer_id")[cold_start.COLUMNS])
M = cold_start.fit_strength(cold_start.counts(last) + pd.get_dummies(last["next_category"]).to_numpy(), start)
by_hand = (cold_start.counts(test) + M * prior) / (test[["events"]].to_numpy() + M)

hybrid = cold_start.Hybrid().fit(train)
print(f"M = {M:.1f} by hand, {hybrid.strength_:.1f} by the helper")
print("the same probabilities:", np.allclose(by_hand, hybrid.predict_proba(test), atol=1e-4))

# %%
test_loss = pd.Series(dtype=float)
for other in (1, 3, M, 12, 50):
    p = cold_start.posterior_mean(cold_start.counts(test), prior, other)
    test_loss[f"M = {other:.1f}"] = cold_start.log_loss(test, p).mean()
test_loss.round(3).to_frame("log-loss of the new customers").T

# %% [markdown]
# M = 6.4, found from the training customers alone, is also the best of five for the new ones: the marginal likelihood did what it promised. (The chapter's whole numbers gave 6. There, too, the prior was trained on the customers who choose M. It looks a little too good on them, so M may be a little too large. Near its lowest point the curve is flat.) And this prior is worth more visits than popularity was (4.1): it says more about each customer.

# %%
behavior = cold_start.Hybrid([]).fit(train)   # no columns: popularity as the prior, all visits as counts
predictions = {
    "popularity": everybody, "prior alone": hybrid.prior(test), "behavior": behavior.predict_proba(test),
    "hybrid": hybrid.predict_proba(test), "oracle": oracle,
}
curve = cold_start.warm_up(test, predictions)
by_visits = curve.pivot_table("estimate", "model", "events", sort=False)
by_visits.round(2)

# %%
lines = plt.plot(by_visits.T.to_numpy(), marker="o")   # one line per method
plt.legend(lines, by_visits.index, loc="upper left", bbox_to_anchor=(1, 1))
plt.xticks(range(len(by_visits.columns)), by_visits.columns)
plt.xlabel("visits seen (steps not to scale)")
plt.ylabel("log-loss")
plots.show(
    "Log-loss against visits seen, five lines. Popularity and the prior alone stay level, the prior "
    "alone lower. Behavior falls, and crosses the prior alone between 1 and 2 visits. The hybrid "
    "starts with the prior alone and lies below both. The oracle is lowest."
)

# %% [markdown]
# **Behavior** here counts the visit of the sign-up, too, so it starts a visit ahead of "popularity + visits" in the chapter. Measured so, all that is known at sign-up (1.61<!-- prior alone --> at 0 visits) is worth between one and two more visits: behavior stands at 1.63 after one and at 1.58 after two. The prior alone stays between the two in these columns also (1.61 and 1.60<!-- prior alone, 2 -->), where the customers are the same.
#
# Each number of visits has other customers, so we compare at one number. Customer by customer, hybrid minus each part:

# %%
difference = pd.DataFrame()
for part in ("prior alone", "behavior"):
    gain = cold_start.warm_up(test, predictions, against=part)
    for row in gain[(gain["model"] == "hybrid") & (gain["events"] > 0)].itertuples():
        interval = evaluation.Interval(row.estimate, row.low, row.high)
        difference.loc[row.events, part] = interval.text(signed=True)
difference

# %% [markdown]
# The gain over behavior is .06 after one visit and fades to .01 after 20, where its interval touches zero. (At 0 visits the hybrid *is* the prior.) The gain over the prior alone goes the other way. At no number is the hybrid worse than either part. Claim c15 asks below whether that holds on other draws of the shop.
#
# ## Popular wrong moves
#
# Five that one meets at work, each measured against the hybrid:
#
# - a **hard switch**: the prior for the first five visits, behavior from then on,
# - the **constant average** of the two models,
# - a **classifier trained on warm customers** (ten visits and more), because "they have the data",
# - taking **missing answers as random**: training on those who answered, and filling the others' gaps with the most frequent answer,
# - adding nothing at all: behavior with **counts + 1**.
#
# Beside them stands a rival that does it right: the same classifier trained on **masked** histories, cut to 0, 1, 2, 3, 5, 10 and 20 visits, so that it has met new customers. (The classifier: boosted trees on what is known at sign-up, the shares of the visits and their number.)
#
# **Guess first:** which move costs most at 0 visits, and which at 10?

# %%
early_visits = test[["events"]].to_numpy() < 5
masked = cold_start.MaskedClassifier().fit(train)
warm = cold_start.MaskedClassifier(shortest=10).fit(train)
usual = train[cold_start.GROUPS["survey"]].mode().iloc[0].to_dict()   # the most frequent answers
filled_in = cold_start.Hybrid().fit(train[train["answered"]]).predict_proba(test.fillna(usual))
moves = {
    "hybrid": predictions["hybrid"],
    "hard switch": np.where(early_visits, prior, predictions["behavior"]),
    "constant average": (prior + predictions["behavior"]) / 2,
    "trained on warm": warm.predict_proba(test),
    "missing as random": filled_in,
    "counts + 1": shares,
    "masked classifier": masked.predict_proba(test),
}
cost = cold_start.warm_up(test, moves, against="hybrid").query("model != 'hybrid'")
cost.pivot_table("estimate", "model", "events", sort=False).round(2) + 0.0   # + 0.0: no "-0.00"

# %% [markdown]
# These are costs in log-loss. Read them beside what there was to gain over behavior, .06<!-- behavior --> after one visit.
#
# - Counts + 1 lose .10 at 0 visits.
# - The classifier trained on warm customers loses .09<!-- 0 -->: it has learned to trust the shares of visits, and a newcomer has none.
# - The hard switch throws the first visits away (.08 at 3), then the answers.
# - The constant average is tolerable at first and costs most in the end (.04 at ten and at twenty visits).
# - The masked classifier is level with the hybrid, within .01, up to 5 visits and behind at ten and twenty. It must learn from data what the formula knows.
#
# ## Missing answers, against behavior
#
# The chapter compared with popularity. Against behavior, which knows the visit of the sign-up, invented answers look worse:

# %%
loss = pd.DataFrame()
for arm in ("behavior", "hybrid", "missing as random"):
    loss[arm] = cold_start.log_loss(test, (predictions | moves)[arm])
at_start = test["events"] == 0
result = pd.DataFrame()
for name, who in {"answered": test["answered"], "silent": ~test["answered"]}.items():
    for arm in ("hybrid", "missing as random"):
        more = (loss[arm] - loss["behavior"])[at_start & who]
        result.loc[name, f"{arm} minus behavior"] = evaluation.mean_interval(more).text(signed=True)
result

# %% [markdown]
# The hybrid keeps "missing" as a level of its own. It gains .12 for those who answered and .03 for the silent. With invented answers the silent are *worse* off than without any sign-up data (+.03). And a curve drawn for those who answered would promise four times what the silent majority gets.
#
# ### Who is missing among real households
#
# The chapter kept only the households of The Complete Journey that have demographics. Are they like the others? The table counts the households that bought before July, and shows the median spend of the half-year after.

# %%
journey = shop.load("complete_journey")
spend = targets.future(journey, "2017-07-01")["revenue"]   # the half-year after
age_of = journey.customers.set_index("customer_id")["age_band"]
has = age_of.notna().rename("has demographics")
groups = spend.groupby(has)
pd.DataFrame({"households": groups.size(), "median spend": groups.median().round(-1)})

# %% [markdown]
# They are not: households with demographics spend several times as much. Here, too, the gaps are not random.
#
# ## What a question is worth, visit by visit
#
# The chapter measured the five questions at 0 visits. How long does an answer last?

# %%
my_two = ["favorite_category", "shopping_for"]   # of: favorite_category, price_attitude, expected_frequency, shopping_for, style

free = cold_start.GROUPS["demographics"] + cold_start.GROUPS["context"]
asked = {"no question": [], "my two": my_two}
for name in cold_start.GROUPS["survey"]:
    asked[name] = [name]
answers = {}
for name, columns in asked.items():
    answers[name] = cold_start.Hybrid([*free, *columns]).fit(train).predict_proba(test)
answers["all five"] = predictions["hybrid"]
worth = cold_start.warm_up(test, answers, against="no question").query("model != 'no question'")
worth["log-loss taken off"] = -worth["estimate"]
worth.pivot_table("log-loss taken off", "model", "events", sort=False).round(2) + 0.0

# %% [markdown]
# "Which category do you like best?" brings .03 at 0 visits, nearly all that the survey has. The other four bring nothing that shows in two digits. All five gain no more than that one, and after 20 visits even that is spent. (`my_two` is your line: any pair with the favorite in it does as well.) This is their worth for *taste*. What somebody will *spend* is another cold start, and price attitude may help there.
#
# ### Exercise 04.4 · worth more for some (8 minutes)
#
# One M for all: is that right? `histories` are the training customers' visits by category, `told_us` says who had answered the survey before the second visit, and `priors_at_start` is the hybrid's prior of each. Fit the strength for those who answered and for the silent. The answer is the pair (answered, silent). `hint("04.4")` helps.

# %%
firsts = train.drop_duplicates("customer_id")
histories = cold_start.counts(last) + pd.get_dummies(last["next_category"]).to_numpy()
told_us, priors_at_start = firsts["answered"].to_numpy(), hybrid.prior(firsts)
strengths = ...
check("04.4", strengths)

# %% [markdown]
# ## How sure are we?
#
# A recommendation without its uncertainty is half an answer. The same Dirichlet gives an interval for each share: given the model, the true share lies inside with 95 %. **Guess first:** does it, measured against the truth?

# %%
low, high = cold_start.credible_interval(hybrid.counts(test), hybrid.prior(test), hybrid.strength_)
inside = ((low <= oracle) & (oracle <= high)).mean(axis=1)
sure = pd.DataFrame({"events": test["events"], "inside": inside, "width": (high - low).mean(axis=1)})
sure.groupby("events").mean().T.round(2)

# %% [markdown]
# In 94 % of the cases, nearly what was promised. That is no wonder here: the simulator draws tastes from just such a distribution. Real customers follow no formula. Check it on yours first, with later visits in place of the truth. And the intervals are wide: at 0 visits that of a share has a width of .47, after 20 visits of .23.
#
# ## Explore the curve
#
# Choose what is known at sign-up (Ctrl takes a column away) and how strong the prior is. Try: only `favorite_category`; no column at all; M = 200 and M = 0.5. A new set of columns is fitted in a moment; M moves at once. At which number of visits does a wrong M cost most?

# %%
widgets.warm_up_explorer(train, test, oracle, hybrid)

# %% [markdown]
# ## Show the best, or find out?
#
# So far we only watched. A shop also chooses what to show, and learns only from what it shows. **Thompson sampling** draws each category's click rate from its posterior (what we believe after the clicks so far) and shows the largest draw. So it tries what may be good, in proportion to the chance that it is best.
#
# Here every new customer gets one category a round, and clicks follow their true taste. The priors of the click rates are learned from impressions before April 2025, by the same empirical Bayes.
#
# One thing first. The shop showed people mostly what they like. So the clicks in its log are more than any category would get if everybody were shown it. But each impression carries its **propensity**, the probability with which it was drawn. Weighting each by (1/6) / propensity makes up for that, as if every category had been shown equally often. The simulator knows the truth:

# %%
shown = store.impressions[store.impressions["recorded_at"] < "2025-04-01"]
old, new = train[train["events"] == 0], test[test["events"] == 0].head(1_000)
click_prior = cold_start.ClickPrior().fit(shown, old, hybrid)
rates = simulator.click_probability(taste.loc[new["customer_id"]].to_numpy(), np.array(1))
informed = click_prior.parameters(hybrid.prior(new))
flat = (np.ones_like(rates), np.ones_like(rates))

unweighted = cold_start.ClickPrior().fit(shown.assign(propensity=1 / 6), old, hybrid)
as_logged = unweighted.parameters(hybrid.prior(new))
means = {
    "truth": rates.mean(),
    "prior, weighted": (informed[0] / sum(informed)).mean(),
    "prior, clicks as logged": (as_logged[0] / sum(as_logged)).mean(),
}
pd.Series(means).round(3).to_frame("mean click rate, all categories")

# %% [markdown]
# Weighted, the prior's mean is the truth's, 0.104. From the clicks as logged it is 0.125, a fifth too high. (One shop; the tests repeat this on six others.)
#
# Now let four rules play. **Regret** is what was lost in clicks against showing the best category from the start.
#
# **Guess first:** which rule loses least in the first ten rounds?

# %%
rules = {
    "greedy, survey prior": ("greedy", informed), "Thompson, survey prior": ("thompson", informed),
    "epsilon-greedy on plain means": ("epsilon-greedy", flat), "Thompson, flat prior": ("thompson", flat),
}
regret = pd.DataFrame(index=range(1, 51))
for name, (rule, beta) in rules.items():
    played = cold_start.play(rates, *beta, 50, rule)
    regret[name] = cold_start.regret(rates, played.arm)
print(f"the prior is worth {click_prior.strength_:.0f} impressions; the best category is clicked in {rates.max(axis=1).mean():.0%}, any in {rates.mean():.0%}")
regret.loc[[5, 10, 20, 50]].round(1).T.rename_axis(columns="rounds")

# %%
lines = plt.plot(regret.index, regret.to_numpy())
plt.legend(lines, regret.columns)
plt.xlabel("rounds")
plt.ylabel("regret: clicks lost per customer")
plots.show(
    "Regret against rounds, four rising lines: greedy with the survey prior lies lowest all "
    "along, Thompson sampling with the same prior is next."
)

# %% [markdown]
# The survey prior takes more than a third off the regret of Thompson sampling (.9 clicks after ten rounds instead of 1.5 with a flat prior). And *greedy*, which always shows what looks best, loses least of all, even after 50 rounds. Exploring has not paid for itself by then. (Claim c16 below has the intervals, and shows that this needs no good prior.)
#
# Two things help greedy here. It does not sit still: each showing without a click lowers the estimate, and the next category gets its turn. And its prior comes from a log in which anything could be shown: somebody had explored before.
#
# ## Means from data that a policy collected
#
# What greedy cannot do is tell us anything about what it does not show. Thompson sampling has a known propensity for everything, and a log with propensities can answer questions afterwards. Say: "how often would *each category* be clicked if everybody were shown it?" **Guess first:** does the plain share of clicks in the log answer that?

# %%
few = slice(0, 400)
log = cold_start.play(rates[few], informed[0][few], informed[1][few], 15, "thompson", floor=0.1, propensities=True)
rows = {}
for k, name in enumerate(hybrid.categories_):
    is_shown = log.arm == k
    weighted = (is_shown * log.clicked / log.propensity).mean(axis=1)   # one figure a customer
    rows[name] = {
        "truth": round(rates[few, k].mean(), 2),
        "plain mean of the log": round(log.clicked[is_shown].mean(), 2),
        "weighted by 1 / propensity": evaluation.mean_interval(weighted).text(),
    }
pd.DataFrame(rows).T

# %% [markdown]
# No. The plain means say that every category is clicked more often than it would be, beauty and toys about twice as often. Each was shown to those who like it, and again after a click. Weighting each row by 1 / propensity brings the means back to the truth.
#
# This has a price: the intervals are wide. A few rows have large weights, such means are skewed, and their intervals promise a little too much. (Without the floor of random choices there would be no bound at all.)
#
# The rule: no plain means from data that an adaptive policy collected. Greedy gets the most clicks within these fifty rounds. Thompson sampling, with its propensities logged, leaves a log from which something can be learned. Chapter 06 goes on from here.
#
# ## Age: to use or not to use
#
# Does age say anything about taste? For each age band, we take the share of the training customers whose next visit after the sign-up began in home.

# %%
before = train[train["events"] == 0]
in_home = before["next_category"] == "home"
by_age = in_home.groupby(before["age_band"]).mean()
by_age.round(2).to_frame("share in home")

# %% [markdown]
# It does: the older the customers, the more often they begin in home.
#
# A decision: the fifth of the new customers with the highest probability of "home" gets the home catalog. We audit the hybrid by age at 0 visits: whom it chooses, how far its probabilities hold, and what personalization brings (log-loss taken off popularity).
#
# **Guess first:** take age, income and region out of the model. What becomes of the gap between young and old: gone, halved, or the same?

# %%
newcomers, home = test[at_start], hybrid.categories_.index("home")
age = newcomers["age_band"].replace({"18-24": "18-34", "25-34": "18-34", "35-44": "35-54", "45-54": "35-54", "55-64": "55+", "65+": "55+"})
without = [name for name in cold_start.COLUMNS if name not in cold_start.GROUPS["demographics"]]
audits = {}
for label, model in {"with demographics": hybrid, "without": cold_start.Hybrid(without).fit(train)}.items():
    p = model.predict_proba(newcomers)
    chosen = p[:, home] >= np.quantile(p[:, home], 0.8)
    benefit = cold_start.log_loss(newcomers, everybody[at_start]) - cold_start.log_loss(newcomers, p)
    audits[label] = cold_start.audit(age, newcomers["next_category"] == "home", p[:, home], chosen, benefit)
pd.concat(audits).round(2)

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
for label, table_of_ages in audits.items():
    for ax, column in ((left, "selected"), (right, "predicted − happened")):
        parts = table_of_ages[column].str.extract(r"(\S+) \[(\S+), (\S+)\]").astype(float)
        ax.errorbar(parts.index, parts[0], [parts[0] - parts[1], parts[2] - parts[0]], fmt="o", label=label)
left.set(ylabel="share who get the catalog", ylim=(0, None))
right.axhline(0, color=plots.GRAY, linestyle=":")
right.set(ylabel="predicted − happened")
left.legend()
plt.tight_layout()
plots.show(
    "Two pictures by age group. Left, the share who get the catalog: it rises with age, steeply "
    "with demographics, less steeply without. Right, predicted minus happened: near zero with "
    "demographics; without, above zero for the young and below zero for the old."
)

# %%
guess_age = models.model("logistic regression").fit(before[without], before["age_band"].isin(["55-64", "65+"]))
auc = evaluation.interval(roc_auc_score, age == "55+", guess_age.predict_proba(newcomers[without])[:, 1])
print(f"AUC of telling who is 55 or older without being told: {auc.text()}")

# %% [markdown]
# With demographics 3 %<!-- selected, 18-34 --> of the young get the catalog and 45 % of the old. The probabilities hold in every group: the intervals of predicted − happened contain zero.
#
# Without them 10 %<!-- selected, 18-34 --> and 34 %<!-- selected, 55 --> do. More than half of the gap is still there, because what is left (device, landing category, stated favorite and the rest) tells age in part (AUC .67). And something got worse: home is now *over*predicted for the young by 5 points and *under*predicted for the old by 8.
#
# Dropping a column does not remove its proxies. And where it is not kept for the audit either, nobody can see what they do. What personalization brings (benefit) is estimated a little lower in every group, by less than the width of the intervals.
#
# Is the gap unfair? Part of it is taste: 32 %<!-- happened, 55 --> of the old begin their next visit at home and 11 %<!-- happened, 18-34 --> of the young. A shop that knew everybody's true taste would choose unevenly, too (claim c26 measures it). Whether that is acceptable depends on what is given out. A catalog is one thing; a price, a credit limit or a job advertisement is another.
#
# ### Exercise 04.5 · to think about (5 minutes)
#
# The shop's board wants the home catalog "to be fair to all ages". What do you do first?
#
# (a) delete the age column: what the model does not see it cannot use, (b) add the sign-up's device and channel, so that age matters less, (c) keep age for the audit at least, measure selection, calibration and benefit by age under each option, and let the board decide which gap it means, (d) send the catalog to the same share of each age band and report that the problem is solved. Answer with a letter.

# %%
choice = ...
check("04.5", choice)

# %% [markdown]
# ## What the law asks
#
# In short, and no legal advice. The texts are those of the EU; other countries have their own.
#
# - GDPR art. 5(1)(c): personal data must be adequate, relevant and *limited to what is necessary* for the purposes they are processed for. Claim c26 below is an argument about necessity: how much does this column bring, and for how many visits? (Before that, any processing needs a legal basis: art. 6.)
# - Art. 9: processing data that *reveal* ethnic origin, religion or political opinions, or concern health or sexual orientation (the list is a little longer), is prohibited unless an exception applies. Age is not on that list; what you infer from baskets may be.
# - Art. 21(2): everybody may object, at any time, to the use of their data for direct marketing, profiling for it included; then it stops (art. 21(3)). So the shop must also work without a profile. (Whether what a shop shows on its own pages is direct marketing is a question for a lawyer.)
# - Art. 22: everybody has the right not to be subject to a decision based solely on automated processing, profiling included, that has legal or similarly significant effects on them; there are exceptions. What to show first will seldom be such a decision; whom to give credit can be.
# - ePrivacy Directive (2002/58/EC) art. 5(3): storing something on a visitor's device, or reading it there, needs consent unless it is strictly necessary for what the visitor asked for. A log of visits made with cookies usually does. Whoever declines is missing from this chapter's counts, and is hardly a random visitor.
# - Directive (EU) 2019/2161, art. 4(4): a shop must tell consumers, before they buy, where a price was personalized by automated decision-making (now art. 6(1)(ea) of Directive 2011/83/EU). A voucher that a score hands out may be such a price.
# - AI Act (Regulation (EU) 2024/1689): recommending products is not on its list of high-risk uses (Annex III; scoring credit or job applicants is). Art. 5(1)(b) forbids systems that exploit somebody's age, disability or social or economic situation to distort what they do, in a way that causes or is likely to cause significant harm.
# - Digital Services Act art. 26(3): online platforms (marketplaces, not every shop) must not show advertisements based on profiling that uses the special categories of GDPR art. 9; nor, by art. 28(2), any based on profiling to somebody of whom they know with reasonable certainty that they are a minor.
# - Art. 27 of the same: a platform that recommends must say in its terms, in plain language, by which main parameters it does, and why those. The table of claims and a model card (chapter 07) are most of that text.
#
# ## The claims in detail
#
# What decides stands under each claim, with what was changed after a first look. Each seed is a new simulated shop. One seed of the second claim, then all:

# %%
from helpers.course import studies

one = studies.one_seed("c16", seed=100).query("metric == 'regret, 10 rounds'")
one[["arm", "value"]].round(1)

# %%
c15, c15_rows = studies.study("c15"), studies.rows("c15")
found = pd.DataFrame()
for visits_seen, (part, gain) in c15.against_the_better(c15_rows).items():
    if visits_seen > 0:   # at 0 the hybrid is the prior
        found.loc[visits_seen, "the better part"] = part
        found.loc[visits_seen, "hybrid minus it"] = gain.text(3, signed=True)
found.rename_axis("visits seen")

# %%
costs = pd.DataFrame()
for arm in ["hard switch", "constant average", "trained on warm", "missing as random", "classifier"]:
    cost = c15.against(c15_rows, "hybrid", arm)
    for visits_seen in (0, 3, 10):
        costs.loc[arm, visits_seen] = cost[visits_seen].text(3, signed=True)
costs.rename_axis(columns="visits seen")

# %%
from IPython.display import Markdown

Markdown(studies.claims_table(["c15", "c16", "c26"]))

# %% [markdown]
# **c15**, *partly*: where customers are what the hybrid takes them for (the simulator draws them from that very model), it is below the better of its parts from one visit to twenty. Its gain over behavior fades from .055<!-- behavior minus hybrid, visits seen 0 --> to .008<!-- behavior minus hybrid, visits seen 20 -->. Where the next visit often repeats the last, it still gains .011<!-- categories stick, 5 --> on behavior after five. Where tastes change for good, it gains nothing then.
#
# In real baskets (c15, too) no help from sign-up data is seen for the next category: after one basket the hybrid is .040<!-- next basket, 1, behavior --> *behind* behavior alone. Who will be in the top fifth they do help to tell, after one basket. The popular moves cost about what they cost above. The masked classifier is a worthy rival, a little better at 0 visits and worse at 10.
#
# **c16** is *not* borne out. With the survey prior Thompson sampling loses less than with weaker priors and than epsilon-greedy. But greedy on the same prior loses .35<!-- minus greedy, survey prior --> clicks less still in ten rounds, and 1.42 less in fifty: the distance grows. It is not the quality of the prior either: with popularity alone greedy is ahead of Thompson sampling, too. We had expected exploring to pay. Within fifty rounds a customer, each learning for themselves alone, it does not.
#
# **c26**: demographics take .02 off the log-loss at 0 visits, half of that at 3, a fifth at 10. Without them a gap of .25 between old and young stays. The true tastes would make it .34<!-- oracle -->, and *with* demographics it is .44: where little is known of a person, the model rounds toward their age group. Calibration by age nearly holds with them (old minus young: −.01<!-- predicted minus happened, with demographics -->) and breaks without (−.13<!-- predicted minus happened, without -->).
#
# On the real households of the chapter, too, what people *are* faded quickly behind what they *do*. The two shops differ in what comes after. In the simulated shop a small gain stays. Of the households there (801 of 2,469 have demographics) too few are left: seven more columns cost a regression about what they bring.
#
# ## On your own data: the curve
#
# The chapter made a list. Here is the warm-up curve for your shop. Change the one line. With a folder of visits, customers and orders everything above works on `own_table`. With orders alone an event is an order, and of the first one the category and the time of day are known. The gain is smaller; the curve is still worth drawing. The customers who signed up last are the new ones.

# %%
import numpy as np   # this section runs by itself

from helpers import cold_start, shop

own = shop.load()   # yours: shop.read("my_orders.csv")
own_table = cold_start.moments(own)
cutoff = own_table["signed_up_at"].quantile(0.7).normalize()
own_train, own_test = cold_start.split(own_table, cutoff)
mine = cold_start.Hybrid().fit(own_train)
popular = cold_start.Hybrid([], strength=np.inf).fit(own_train)
own_curve = {"popularity": popular.predict_proba(own_test), "hybrid": mine.predict_proba(own_test)}
cold_start.warm_up(own_test, own_curve).pivot_table("estimate", "model", "events", sort=False).round(2)

# %%
print(f"cut-off {cutoff:%Y-%m-%d}; columns in use: {len(mine.columns_)}; the prior is worth {mine.strength_:.1f} events")

# %% [markdown]
# Log-loss by events seen, the smaller the better. Here the hybrid is ahead of popularity from the start (1.61 against 1.75, what sign-up data bring) and further with every event (1.40 against 1.76 after twenty). Where the two rows start level in your shop, what you ask at sign-up tells nothing about taste. Where they stay level, neither does behavior.
#
# ## Summary
#
# 1. **M, and the wrong moves.** M by marginal likelihood is the M that would have predicted best all along. Counts without a prior, training on warm customers, a hard switch, a constant average, missing answers taken as random: each costs, somewhere on the curve, between half of what all the sign-up data bring and more than all of it. Of five questions one, the favorite category, carries what there is on taste.
# 2. **Exploring.** For fifty rounds greedy gets more clicks than Thompson sampling does, on either prior. Only logged propensities make a log that can answer questions.
# 3. **The audit.** Leaving out demographics leaves more than half of the gap and breaks calibration by age. Measure selection, calibration and benefit by group, and ask what the law and the decision want.
#
# **Sources.** Robbins 1956 and Efron & Morris 1975 (empirical Bayes); Minka 2000, "Estimating a Dirichlet distribution"; Thompson 1933; Chapelle & Li 2011 and Russo et al. 2018 (Thompson sampling); Horvitz & Thompson 1952 (weighting by propensity); Hadad et al. 2021, PNAS 118 (intervals from adaptive data); Volkovs, Yu & Poutanen 2017 (masking, as dropout, for cold start); Chouldechova 2017 and Kleinberg, Mullainathan & Raghavan 2017 (why calibration and error rates cannot all be equal where base rates differ); Regulation (EU) 2016/679 (GDPR); Regulation (EU) 2022/2065 (Digital Services Act); Directive 2002/58/EC (ePrivacy); Directive (EU) 2019/2161; Regulation (EU) 2024/1689 (AI Act).
