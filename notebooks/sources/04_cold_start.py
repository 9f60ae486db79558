# %% [markdown]
# # 04 · Cold start
#
# **The question.** Somebody has signed up a minute ago. What do we show them, how sure are we, and how many visits does it take until their own behavior says more than their answers?
#
# After this notebook you can
#
# 1. build a hybrid of demographics, survey, context and behavior by hand, and draw its quality as a curve over the number of visits seen,
# 2. name the popular wrong moves and what each costs, and choose which survey question to ask,
# 3. decide how much to explore with a new customer, and audit by group what your decisions do.
#
# About 95 minutes with the exercises. You need pandas, scikit-learn's `fit` and `predict_proba`, and the log-loss from chapter 01; the rest is explained where it first appears.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown
from scipy.special import gammaln
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from threadpoolctl import threadpool_limits

from helpers import cold_start, evaluation, features, models, plots, shop, simulator, targets, widgets
from helpers.course import studies
from helpers.course.exercises import check, hint, solution

plots.use_style()
one_thread = threadpool_limits(limits=1)   # at these sizes a second thread costs more than it brings

# %% [markdown]
# ## A curve, not a switch
#
# "Cold start" sounds like a state that one day ends. It is a curve: with each visit we know a little more. So this chapter measures everything **by the number of visits seen since the sign-up**: 0, 1, 2, 3, 5, 10, 20.
#
# The task: in which of six categories will the *next* visit begin? All that we use of a visit is the category where it began (its *landing category*). The visit of the sign-up itself (numbered minus one in the code) belongs to what is known at the start. First by hand, from the log:

# %%
store = shop.load()
visits = store.visits.drop_duplicates("visit_id").sort_values(["customer_id", "started_at"], kind="stable")
visits["number"] = visits.groupby("customer_id").cumcount() - 1
is_toys = (visits["landing_category"] == "toys") & (visits["number"] >= 0)
visits["seen_toys"] = is_toys.groupby(visits["customer_id"]).cumsum() - is_toys   # strictly before this visit
by_hand = visits.loc[visits["number"].isin(cold_start.LENGTHS), "seen_toys"]

table = cold_start.moments(store)   # the same for all categories, with what was known at each moment
print("the helper counts the same:", (by_hand.to_numpy() == table["seen_toys"].to_numpy()).all())
table.loc[:3, ["customer_id", "moment", "events", "age_band", "favorite_category", "landing_category", "seen_electronics", "seen_toys", "next_category"]]

# %% [markdown]
# A row is a *moment*: the instant before a customer's next visit. It holds what was known then, and `next_category` is the target. A survey answer stands in the row only if `answered_at` lies before the moment: some answer days after the sign-up.
#
# Now the split. Everything is learned from customers who signed up **before 1 April 2025**, from their visits before that day, and tested on customers who signed up **later**. No customer is on both sides, and time flows one way.

# %%
train, test = cold_start.split(table, "2025-04-01")
taste = simulator.load_truth("customers").set_index("customer_id").filter(like="taste_").astype(float)
taste = taste[["taste_" + name for name in cold_start.categories(table)]]
oracle = taste.loc[test["customer_id"]].to_numpy()
oracle = oracle / oracle.sum(axis=1, keepdims=True)
pd.DataFrame({"train": train["events"].value_counts(), "test": test["events"].value_counts()}).T

# %% [markdown]
# 3,956 of the new customers came again at all (0 visits seen before that one), 515 of them more than twenty times. (The log ends in December: whoever signed up late had little time.)
#
# The score is the **log-loss**: minus the natural logarithm of the probability that was given to what came next (its unit is the *nat*). Guessing all six alike costs log 6 = 1.79. The floor is not zero: the simulated shop knows each customer's true taste, and even that **oracle** cannot say where the next visit begins. Everything of interest happens between the two.
#
# **Guess first:** take the categories of a customer's own visits as counts, add 1 to each (so that nothing gets probability zero), and divide. After how many visits is that better than popularity, the same shares for everybody?

# %%
first = pd.get_dummies(train["next_category"])[train["events"] == 0]
popularity = first.mean().to_numpy()
everybody = np.tile(popularity, (len(test), 1))
own = cold_start.counts(test, first=True)   # (customers, categories), the visit of the sign-up included
shares = (own + 1) / (own + 1).sum(axis=1, keepdims=True)
curve = cold_start.warm_up(test, {"popularity": everybody, "own counts + 1": shares, "oracle": oracle})
curve.pivot_table("estimate", "model", "events", sort=False).round(2)

# %% [markdown]
# At once: at 0 visits popularity costs 1.75 and own counts 1.71; after 20 visits own counts cost 1.42. The oracle stays near 1.3. Half of the way from popularity to the oracle is done after about five visits, and then it gets slow.
#
# Adding 1 to each category is arbitrary twice over: why 1, and why the same for toys as for fashion?
#
# ## Empirical Bayes: how many visits is the prior worth?
#
# Think of each customer's true shares as drawn from a common distribution with mean *prior* and a strength M. (A Dirichlet distribution: the usual one for shares.) Then the best estimate after n visits is
#
# > θ̂ = (counts + **M** · prior) / (n + **M**)
#
# The prior acts like M visits that everybody made before. At n = M the two weigh the same; with M = 0 only the counts speak, with M = ∞ only the prior.
#
# M need not be guessed. Customers who are alike have counts like the prior's, customers who differ have lopsided ones: the **marginal likelihood** is the probability of all the training histories given M (the unknown shares averaged out), and we take the M that makes them likeliest.
#
# **Guess first:** how many visits is popularity worth as a prior here: 1, 4, or 20?

# %%
last = train.drop_duplicates("customer_id", keep="last")   # each customer's longest history, and the visit after it
history = cold_start.counts(last, first=True) + pd.get_dummies(last["next_category"]).to_numpy()


def log_likelihood(M, counts, prior):
    total = gammaln(M) - gammaln(M + counts.sum(axis=1))
    return (total + (gammaln(counts + M * prior) - gammaln(M * prior)).sum(axis=1)).sum()


grid = np.array([0.5, 1, 2, 3, 4, 5, 7, 10, 20, 50])
likelihood = pd.Series([log_likelihood(M, history, popularity) for M in grid], index=grid)
print((likelihood - likelihood.max()).round(-1).astype(int).to_string())
print(f"by the helper: M = {cold_start.fit_strength(history, popularity):.1f}")

# %% [markdown]
# Four: popularity is worth about four visits, and the histories are incomparably less likely with M = 1 or 20 (a log-likelihood lower by thousands). By the chain rule the marginal likelihood is also the sum of the log-probabilities of each visit given those before it: M is what *would have predicted best* all along.
#
# ## What is known at sign-up
#
# Popularity is a poor prior: it is the same for all. Of a new customer we know
#
# - **demographics**: age band, income band, region,
# - the **survey**: favorite category, price attitude, expected frequency, shopping for whom, style; answered by some,
# - **context** of the sign-up: channel, source, device, part of the day, landing category.
#
# So let prior(x) come from a model: a logistic regression of the next category on all of these (the catalogue's, from chapter 01). Each customer weighs the same, however many rows they have. The landing category of the sign-up now works in the prior, and so it must not be counted again.
#
# **Guess first:** what is worth more, everything above, or one more visit?

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
print(f"M = {M:.1f} by hand, {hybrid.strength_:.1f} by the helper;", end=" ")
print("the same probabilities:", np.allclose(by_hand, hybrid.predict_proba(test), atol=1e-4))
for other in (1, 3, M, 12, 50):
    print(f"log-loss of the new customers with M = {other:4.1f}: {cold_start.log_loss(test, cold_start.posterior_mean(cold_start.counts(test), prior, other)).mean():.3f}")

# %%
behavior = cold_start.Hybrid([]).fit(train)   # no columns: popularity as the prior, all visits as counts
predictions = {
    "popularity": everybody, "prior alone": hybrid.prior(test), "behavior": behavior.predict_proba(test),
    "hybrid": hybrid.predict_proba(test), "oracle": oracle,
}
curve = cold_start.warm_up(test, predictions)
for name, color in zip(predictions, [plots.GRAY, plots.SKY, plots.ORANGE, plots.BLUE, plots.BLACK], strict=True):
    line = curve[curve["model"] == name]
    plt.errorbar(range(7), line["estimate"], (line["high"] - line["low"]) / 2, color=color, marker="o", markersize=4)
    plt.text(6.15, line["estimate"].iloc[-1] - 0.02 * (name == "hybrid") + 0.02 * (name == "behavior"), name, color=color, va="center")
plt.xticks(range(7), cold_start.LENGTHS)
plt.title("The hybrid starts with the answers and follows the visits")
plt.xlabel("visits seen since the sign-up")
plt.ylabel("log-loss (nats, 95 % interval)")
plots.show("Log-loss against visits seen. Popularity starts at 1.75 at 0 visits and stays there, the prior alone stays near 1.6; behavior falls from 1.68 at 0 visits to 1.42 after twenty; the hybrid starts at 1.61 with the prior and is below both from one visit on, meeting behavior near twenty visits; the oracle lies near 1.3.")
curve.pivot_table("estimate", "model", "events", sort=False).round(2)

# %% [markdown]
# M = 6.4, found from the training customers alone, is also the best of five for the new ones: marginal likelihood did what it promised. And this prior is worth more visits than popularity was (4.1): it says more about each customer.
#
# All that is known at sign-up (1.61<!-- prior alone --> at 0 visits) is worth between one and two more visits: behavior stands at 1.63 after one and at 1.58 after two. The prior alone stays between the two in these columns also (1.61 and 1.60<!-- prior alone, 2 -->), where the customers are the same. The prior alone never gets better; behavior alone starts poorly; the hybrid is both. Each group of customers is another one (those with twenty visits are the loyal), so compare lines at one number of visits rather than along a line. Compared so, customer by customer, hybrid less each part:

# %%
difference = pd.concat([
    cold_start.warm_up(test, predictions, against=part).query("model == 'hybrid'").assign(against=part)
    for part in ("prior alone", "behavior")
])
difference["interval"] = [evaluation.Interval(*row).text(signed=True) for row in difference[["estimate", "low", "high"]].to_numpy()]
difference.query("events > 0").pivot_table("interval", "events", "against", aggfunc="first")[["prior alone", "behavior"]]

# %% [markdown]
# The gain over behavior is .06 after one visit and fades to .01 after 20, where its interval touches zero. (At 0 visits the hybrid *is* the prior.) The gain over the prior alone goes the other way. At no number is the hybrid worse than either part; the claims below ask whether that holds on other draws of the shop.
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
# Beside them a rival that does it right: the same classifier (boosted trees on what is known at sign-up, the shares of the visits and their number) trained on **masked** histories, cut to 0, 1, 2, 3, 5, 10 and 20 visits, so that it has met new customers.
#
# **Guess first:** which move costs most at 0 visits, and which at 10?

# %%
early = test[["events"]].to_numpy() < 5
masked = cold_start.MaskedClassifier().fit(train)
warm = cold_start.MaskedClassifier(shortest=10).fit(train)
usual = train[cold_start.GROUPS["survey"]].mode().iloc[0].to_dict()   # the most frequent answers
filled_in = cold_start.Hybrid().fit(train[train["answered"]]).predict_proba(test.fillna(usual))
moves = {
    "hybrid": predictions["hybrid"],
    "hard switch": np.where(early, prior, predictions["behavior"]),
    "constant average": (prior + predictions["behavior"]) / 2,
    "trained on warm": warm.predict_proba(test),
    "missing as random": filled_in,
    "counts + 1": shares,
    "masked classifier": masked.predict_proba(test),
}
cost = cold_start.warm_up(test, moves, against="hybrid").query("model != 'hybrid'")
cost.pivot_table("estimate", "model", "events", sort=False).round(2) + 0.0   # + 0.0: no "-0.00"

# %% [markdown]
# Costs in log-loss, to be read beside what there was to gain over behavior, .06<!-- behavior --> after one visit. Counts + 1 lose .10 at 0 visits, and the classifier trained on warm customers .09<!-- 0 -->: it has learned to trust the shares of visits, and a newcomer has none. The hard switch throws the first visits away (.08 at 3), then the answers. The constant average is tolerable at first and costs most in the end (.04 at ten and at twenty visits). The masked classifier is level with the hybrid, within .01, up to 5 visits and behind at ten and twenty: it must learn from data what the formula knows.
#
# And the survey: who are those who do not answer?

# %%
silent = ~test["answered"].to_numpy()
soon = test[test["events"] == 0].set_index("customer_id")["answered"]   # before the second visit
loyal = soon[test.loc[test["events"] == 20, "customer_id"]]   # the same moment, of those who later came to 20 visits
shares_soon = [evaluation.proportion_interval(int(who.sum()), len(who)).text() for who in (soon, loyal)]
print(f"answered before their second visit: all {shares_soon[0]}, those who later came to 20 visits {shares_soon[1]}")
for name, rows in {"answered": ~silent, "silent": silent}.items():
    compared = {arm: p[rows] for arm, p in (moves | {"behavior": predictions["behavior"]}).items()}
    gain = cold_start.warm_up(test[rows], compared, against="behavior").query("events == 0").set_index("model")
    for arm in ("hybrid", "missing as random"):
        print(f"{name:8} {arm:17} less behavior: {evaluation.Interval(*gain.loc[arm, ['estimate', 'low', 'high']]).text(signed=True)}")

# %% [markdown]
# Those who answer come more often: 39 % of all had answered before their second visit, and 50 % of those who later came to 20 visits (counted at the same moment: with time more answers come in from everybody). Missing answers are **not random**. The hybrid keeps "missing" as a level of its own; it gains .12 for those who answered and .03 for the silent. With invented answers the silent are *worse* off than without any sign-up data (+.03). And a curve drawn for those who answered would promise four times what the silent majority gets.
#
# ## Which question is worth asking?
#
# Every question costs answers. **Guess first:** you may ask two of the five. Which two? Change the line.

# %%
my_two = ["favorite_category", "shopping_for"]   # of: favorite_category, price_attitude, expected_frequency, shopping_for, style

free = cold_start.GROUPS["demographics"] + cold_start.GROUPS["context"]
asked = {"no question": []} | {name: [name] for name in cold_start.GROUPS["survey"]} | {"my two": my_two}
answers = {name: cold_start.Hybrid([*free, *names]).fit(train).predict_proba(test) for name, names in asked.items()}
answers["all five"] = predictions["hybrid"]
worth = cold_start.warm_up(test, answers, against="no question").query("model != 'no question'")
worth[["estimate", "low", "high"]] *= -1
plt.hlines(range(7), *worth.query("events == 0")[["high", "low"]].to_numpy().T, color=plots.BLUE)
plt.plot(worth.query("events == 0")["estimate"], range(7), "o", color=plots.BLUE)
plt.yticks(range(7), worth["model"].unique())
plt.gca().invert_yaxis()
plt.title("One question is worth asking, as far as taste goes")
plt.xlabel("log-loss taken off at 0 visits (nats, 95 % interval)")
plots.show("Log-loss taken off at 0 visits by each question alone, by two and by all five: at 0 visits favorite category takes off about .03, the other four next to nothing; my two and all five about the same as favorite category alone.")
worth.pivot_table("estimate", "model", "events", sort=False).round(2) + 0.0

# %% [markdown]
# "Which category do you like best?" brings .03 at 0 visits, nearly all that the survey has; the other four bring nothing that shows in two digits. All five gain no more than that one, and after 20 visits even that is spent. (`my_two` is your line: any pair with the favorite in it does as well.) A word of caution: this is their worth for *taste*. What somebody will *spend* is another cold start, and price attitude may help there.
#
# ## How sure are we?
#
# A recommendation without its uncertainty is half an answer. The same Dirichlet gives an interval for each share: given the model, the true share lies inside with 95 %. **Guess first:** does it, measured against the truth?

# %%
low, high = cold_start.credible_interval(hybrid.counts(test), hybrid.prior(test), hybrid.strength_)
inside = ((low <= oracle) & (oracle <= high)).mean(axis=1)
pd.DataFrame({"events": test["events"], "inside": inside, "width": (high - low).mean(axis=1)}).groupby("events").mean().T.round(2)

# %% [markdown]
# In 94 % of the cases, nearly what was promised. That is no wonder here: the simulator draws tastes from just such a distribution. Real customers follow no formula: check it on yours first, with later visits in place of the truth. And the intervals are wide: at 0 visits that of a share has a width of .47, after 20 visits of .23.
#
# ## A new visitor
#
# Fill in what you know, let the visitor click (a click counts as a visit that begins there), take a click back. The bars are the hybrid's; the line is the 95 % interval of the true share, the diamond what popularity says. It refuses what it does not know: an answer that is not on the list, a customer who has been here before.

# %%
form = widgets.NewVisitorForm(hybrid, seen_before=store.customers["customer_id"])
form.fill(age_band="35-44", favorite_category="toys")
form.click("home")
form

# %%
for step in (lambda: form.fill(favorite_category="garden"), lambda: form.click("home"), form.undo):
    step()
    print(form.said)

# %% [markdown]
# The stated favorite leads, with home behind. "Garden" is not on the list: the form says so and stays as it was. A second click on home puts home ahead; taken back, toys lead again. Both leads are uncertain: the intervals overlap by far. What is *not* known (13 fields, two filled in) is averaged over the training customers, so that an empty field is no answer either.
#
# ## Show the best, or find out?
#
# So far we only watched. A shop also chooses what to show, and learns only from what it shows. **Thompson sampling** draws each category's click rate from its posterior and shows the largest draw: it tries what may be good, in proportion to the chance that it is best.
#
# Here every new customer gets one category a round, and clicks follow their true taste. The priors of the click rates are learned from impressions before April 2025, by the same empirical Bayes. One thing first. The shop showed people mostly what they like, so the clicks in its log are more than any category would get if everybody were shown it. But each impression carries its **propensity**, the probability with which it was drawn. Weighting each by (1/6) / propensity makes up for that, as if every category had been shown equally often. The simulator knows the truth:

# %%
shown = store.impressions[store.impressions["recorded_at"] < "2025-04-01"]
old, new = train[train["events"] == 0], test[test["events"] == 0].head(1_000)
click_prior = cold_start.ClickPrior().fit(shown, old, hybrid)
rates = simulator.click_probability(taste.loc[new["customer_id"]].to_numpy(), np.array(1))
informed, flat = click_prior.parameters(hybrid.prior(new)), (np.ones_like(rates), np.ones_like(rates))

unweighted = cold_start.ClickPrior().fit(shown.assign(propensity=1 / 6), old, hybrid)
as_logged = unweighted.parameters(hybrid.prior(new))
means = {"truth": rates, "prior, weighted": informed[0] / sum(informed), "prior, clicks as logged": as_logged[0] / sum(as_logged)}
pd.Series({name: rate.mean() for name, rate in means.items()}, name="mean click rate, all categories").round(3).to_frame()

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
regret = {name: cold_start.regret(rates, cold_start.play(rates, *beta, 50, rule).arm) for name, (rule, beta) in rules.items()}
print(f"the prior is worth {click_prior.strength_:.0f} impressions; the best category is clicked in {rates.max(axis=1).mean():.0%}, any in {rates.mean():.0%}")
pd.DataFrame(regret, index=range(1, 51)).loc[[5, 10, 20, 50]].round(1).T.rename_axis(columns="rounds")

# %% [markdown]
# The survey prior takes more than a third off the regret of Thompson sampling (.9 clicks after ten rounds instead of 1.5 with a flat prior). And *greedy*, which always shows what looks best, loses least of all, even after 50 rounds: exploring has not paid for itself by then. (Claim c16 below has the intervals, and shows that this needs no good prior.) Two things help greedy here. It does not sit still: each showing without a click lowers the estimate, and the next category gets its turn. And its prior comes from a log in which anything could be shown: somebody had explored before.
#
# What greedy cannot do is tell us anything about what it does not show. Thompson sampling has a known propensity for everything, and a log with propensities can answer questions afterwards. Say: "how often would *each category* be clicked if everybody were shown it?" **Guess first:** does the plain share of clicks in the log answer that?

# %%
few = slice(0, 400)
log = cold_start.play(rates[few], informed[0][few], informed[1][few], 15, "thompson", floor=0.1, propensities=True)
rows = {}
for k, name in enumerate(hybrid.categories_):
    is_shown = log.arm == k
    weighted = (is_shown * log.clicked / log.propensity).mean(axis=1)   # one figure a customer
    rows[name] = [f"{rates[few, k].mean():.2f}", f"{log.clicked[is_shown].mean():.2f}", evaluation.mean_interval(weighted).text()]
pd.DataFrame(rows, index=["truth", "plain mean of the log", "weighted by 1 / propensity"]).T

# %% [markdown]
# No. The plain means say that every category is clicked more often than it would be, beauty and toys about twice as often: each was shown to those who like it, and again after a click. Weighting each row by 1 / propensity brings the means back to the truth. This has a price: the intervals are wide. A few rows have large weights, such means are skewed, and their intervals promise a little too much. (Without the floor of random choices there would be no bound at all.) The rule: no plain means from data that an adaptive policy collected. Greedy gets the most clicks within these fifty rounds; Thompson sampling, with its propensities logged, leaves a log from which something can be learned. Chapter 06 goes on from here.
#
# ## Age: to use or not to use
#
# A decision: the fifth of the new customers with the highest probability of "home" gets the home catalog. Age carries taste here. The hybrid with demographics, audited by age at 0 visits: whom it chooses, how far its probabilities hold, and what personalization brings (log-loss taken off popularity).
#
# **Guess first:** take age, income and region out of the model. What becomes of the gap between young and old: gone, halved, or the same?

# %%
at_start = (test["events"] == 0).to_numpy()
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
before = train[train["events"] == 0]
guess_age = models.model("logistic regression").fit(before[without], before["age_band"].isin(["55-64", "65+"]))
auc = evaluation.interval(roc_auc_score, age == "55+", guess_age.predict_proba(newcomers[without])[:, 1])
print(f"AUC of telling who is 55 or older without being told: {auc.text()}")

# %% [markdown]
# With demographics 3 %<!-- selected, 18-34 --> of the young get the catalog and 45 % of the old, and the probabilities hold in every group: the intervals of predicted − happened contain zero. Without them 10 %<!-- selected, 18-34 --> and 34 %<!-- selected, 55 --> do: more than half of the gap is still there, because what is left (device, landing category, stated favorite and the rest) tells age in part (AUC .67). And something got worse: home is now *over*predicted for the young by 5 points and *under*predicted for the old by 8. Dropping a column does not remove its proxies; and where it is not kept for the audit either, nobody can see what they do. What personalization brings (benefit) is estimated a little lower in every group, by less than the width of the intervals.
#
# Is the gap unfair? Part of it is taste: 32 %<!-- happened, 55 --> of the old begin their next visit at home and 11 %<!-- happened, 18-34 --> of the young, and a shop that knew everybody's true taste would choose unevenly, too (claim c26 measures it). Whether that is acceptable depends on what is given out: a catalog is one thing; a price, a credit limit or a job advertisement is another.
#
# **What the law asks**, in short, and no legal advice; the texts are those of the EU, other countries have their own:
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
# ## What people say, what we measured
#
# What decides stands under each claim, with what was changed after a first look; each seed is a new simulated shop. One seed of the second claim, then all:

# %%
one = studies.one_seed("c16", seed=100).query("metric == 'regret, 10 rounds'")
print(one[["arm", "value"]].round(1).to_string(index=False), "\n")

c15, rows = studies.study("c15"), studies.rows("c15")
for visits_seen, (part, found) in c15.against_the_better(rows).items():
    if visits_seen > 0:   # at 0 the hybrid is the prior
        print(f"{visits_seen:2} visits: the better part is {part:8}; hybrid less it: {found.text(3, signed=True)}")
arms = ["hard switch", "constant average", "trained on warm", "missing as random", "classifier"]
costs = {arm: c15.against(rows, "hybrid", arm) for arm in arms}
pd.DataFrame({arm: [cost[n].text(3, signed=True) for n in (0, 3, 10)] for arm, cost in costs.items()}, index=[0, 3, 10]).T.rename_axis(columns="visits")

# %%
Markdown(studies.claims_table(["c15", "c16", "c26"]))

# %% [markdown]
# **c15**, *partly*: where customers are what the hybrid takes them for (the simulator draws them from that very model) it is below the better of its parts from one visit to twenty, and its gain over behavior fades from .055<!-- behavior minus hybrid, visits seen 0 --> to .008<!-- behavior minus hybrid, visits seen 20 -->. Where the next visit often repeats the last it still gains .011<!-- categories stick, 5 --> on behavior after five; where tastes change for good it gains nothing then. In real baskets no help from sign-up data is seen for the next category: after one basket the hybrid is .040<!-- next basket, 1, behavior --> *behind* behavior alone. Who will be in the top fifth they do help to tell, after one basket. The popular moves cost about what they cost above. The masked classifier is a worthy rival, a little better at 0 visits and worse at 10.
#
# **c16** is *not* borne out. With the survey prior Thompson sampling loses less than with weaker priors and than epsilon-greedy; but greedy on the same prior loses .35<!-- minus greedy, survey prior --> clicks less still in ten rounds, and 1.42 less in fifty: the distance grows. It is not the quality of the prior either: with popularity alone greedy is ahead of Thompson sampling, too. We had expected exploring to pay; within fifty rounds a customer, each learning for themselves alone, it does not.
#
# **c26**: demographics take .02 off the log-loss at 0 visits, half of that at 3, a fifth at 10. Without them a gap of .25 between old and young stays. The true tastes would make it .35<!-- oracle -->, and *with* demographics it is .44: where little is known of a person, the model rounds toward their age group. Calibration by age nearly holds with them (old less young: −.02) and breaks without (−.14).
#
# ## Explore
#
# Choose what is known at sign-up (Ctrl takes a column away) and how strong the prior is. Try: only `favorite_category`; no column at all; M = 200 and M = 0.5. A new set of columns is fitted in a moment; M moves at once. At which number of visits does a wrong M cost most?

# %%
widgets.warm_up_explorer(train, test, oracle, hybrid)

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey: who will be among the top fifth by spend in the second half of the year, judged from the **first** baskets of the year and from demographics? (The panel starts in January: these are the first baskets *seen*, not the first ever. No survey here, and value instead of taste.) 801 of 2,469 households have demographics.
#
# **Guess first:** how many baskets are demographics worth?

# %%
journey = shop.load("complete_journey")
columns = ["age_band", "income_band", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count"]
told = journey.customers.set_index("customer_id")[columns]
spend = targets.future(journey, "2017-07-01")["revenue"]
seen = {k: features.first_orders(journey, "2017-07-01", k) for k in (1, 2, 5, 10)}

has = told["age_band"].notna()
print(spend.groupby(has).agg(["size", "median"]).rename_axis("has demographics").round(-1).to_string())
everyone = (spend.rank(ascending=False) <= 0.2 * len(spend)).astype(int)
flag = evaluation.interval(roc_auc_score, everyone, has.loc[spend.index])
print(f"AUC of having any demographics, whatever they say: {flag.text()}")

# %% [markdown]
# Having told is itself a signal: households with demographics spend several times as much. On all households, "demographics" would mostly measure *who was asked*. So, as the study does: only those with demographics and at least ten baskets, out-of-fold probabilities, the bootstrap by household.

# %%
cohort = seen[10].index.intersection(told.index[has])
top = (spend[cohort].rank(ascending=False) <= 0.2 * len(cohort)).astype(int)
folds = StratifiedKFold(5, shuffle=True, random_state=0)


def out_of_fold(X):
    return cross_val_predict(models.model("logistic regression"), X, top, cv=folds, method="predict_proba")[:, 1]


alone = out_of_fold(told.loc[cohort])
print(f"{len(cohort)} households; demographics alone: AUC {evaluation.interval(roc_auc_score, top, alone).text()}")
for k, baskets in seen.items():
    first, both = out_of_fold(baskets.loc[cohort]), out_of_fold(baskets.loc[cohort].join(told))
    gain = evaluation.difference(roc_auc_score, top, both, first)
    print(f"{k:2} baskets: AUC {evaluation.interval(roc_auc_score, top, first).text()}; demographics add {gain.text(signed=True)}")

# %% [markdown]
# About one: demographics alone reach .65, one basket .64. Beside one basket they add .05, beside two the interval holds zero, beside five and ten they add nothing. Both worlds agree: what people *are* fades quickly behind what they *do*. They differ in what comes after: on the simulated shop a small gain stays, while on 777 households seven more columns cost a regression about what they bring.
#
# ## Exercises
#
# Put your answer in place of the three dots and run the cell. `hint("04.1")` gives one hint at a time, `solution("04.1")` one right answer; others may be as good.
#
# ### Exercise 04.1 · answers from the future (6 minutes)
#
# A colleague joins the survey to `early` by customer, without looking at `answered_at`. `early` holds the new customers just before their second visit. How many of them would get an answer that was not there yet?

# %%
early = test.loc[test["events"] == 0, ["customer_id", "moment"]]
joined = early.merge(store.customers[["customer_id", "answered_at", "favorite_category"]], on="customer_id")
leaked = ...
check("04.1", leaked)

# %% [markdown]
# ### Exercise 04.2 · by hand (6 minutes)
#
# Three customers were seen 0, 2 and 10 times; their counts, and the prior of each, stand below in the order beauty, electronics, fashion, home, sports, toys. The prior is worth 6 visits. What is the probability of each category for each of them? A (3, 6) array.

# %%
counts = np.array([[0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 1], [1, 0, 0, 2, 0, 7]])
priors = np.array([[0.2, 0.2, 0.2, 0.2, 0.1, 0.1], [0.1, 0.1, 0.1, 0.4, 0.1, 0.2], [0.3, 0.1, 0.3, 0.1, 0.1, 0.1]])
probabilities = ...
check("04.2", probabilities)

# %% [markdown]
# ### Exercise 04.3 · what may it learn from? (6 minutes)
#
# A model goes to work on the morning of 1 January 2025. Which rows of `table` may it have learned from? Answer with those rows.

# %%
rows = ...
check("04.3", rows)

# %% [markdown]
# ### Exercise 04.4 · worth more for some (8 minutes)
#
# One M for all: is that right? `histories` are the training customers' visits by category, `told_us` says who had answered the survey before the second visit, and `priors_at_start` is the hybrid's prior of each. Fit the strength for those who answered and for the silent. The answer is the pair (answered, silent).

# %%
firsts = train.drop_duplicates("customer_id")
histories = cold_start.counts(last) + pd.get_dummies(last["next_category"]).to_numpy()
told_us, priors_at_start = firsts["answered"].to_numpy(), hybrid.prior(firsts)
strengths = ...
check("04.4", strengths)

# %% [markdown]
# ### Exercise 04.5 · to think about (5 minutes)
#
# The shop's board wants the home catalog "to be fair to all ages". What do you do first?
#
# (a) delete the age column: what the model does not see it cannot use, (b) add the sign-up's device and channel, so that age matters less, (c) keep age for the audit at least, measure selection, calibration and benefit by age under each option, and let the board decide which gap it means, (d) send the catalog to the same share of each age band and report that the problem is solved. Answer with a letter.

# %%
choice = ...
check("04.5", choice)

# %% [markdown]
# ## On your own data
#
# Change the one line. With a folder of visits, customers and orders everything above works on `own_table`; with orders alone an event is an order, and of the first one the category and the time of day are known: the gain is smaller, the curve is still worth drawing. The customers who signed up last are the new ones.

# %%
own = shop.load()   # yours: shop.read("my_orders.csv")
own_table = cold_start.moments(own)
cutoff = own_table["signed_up_at"].quantile(0.7).normalize()
learn, newer = cold_start.split(own_table, cutoff)
mine, popular = cold_start.Hybrid().fit(learn), cold_start.Hybrid([], strength=np.inf).fit(learn)
print(f"cut-off {cutoff:%Y-%m-%d}; columns in use: {len(mine.columns_)}; the prior is worth {mine.strength_:.1f} events")
own_curve = {"popularity": popular.predict_proba(newer), "hybrid": mine.predict_proba(newer)}
cold_start.warm_up(newer, own_curve).pivot_table("estimate", "model", "events", sort=False).round(2)

# %% [markdown]
# Log-loss by events seen, the smaller the better: here the hybrid is ahead of popularity from the start (1.61 against 1.75, what sign-up data bring) and further with every event (1.40 against 1.76 after twenty). Where the two rows start level in your shop, what you ask at sign-up tells nothing about taste; where they stay level, neither does behavior.
#
# ## Summary
#
# 1. **The hybrid and its curve.** (counts + M · prior(x)) / (n + M): prior(x) from what is known at sign-up, M by marginal likelihood, and each fact used once. It starts as good as the answers and follows the visits; over thirty simulated shops it is below both parts from one visit to twenty. What is known at sign-up is worth one or two visits.
# 2. **Wrong moves and right questions.** Counts without a prior, training on warm customers, a hard switch, a constant average, missing answers taken as random: each costs, somewhere on the curve, between half of what all the sign-up data bring and more than all of it. Of five questions one, the favorite category, carries what there is on taste.
# 3. **Explore, and audit.** For fifty rounds greedy gets more clicks than Thompson sampling does, on either prior; only logged propensities make a log that can answer questions. Leaving out demographics leaves more than half of the gap and breaks calibration by age: measure selection, calibration and benefit by group, and ask what the law and the decision want.
#
# **Sources.** Robbins 1956 and Efron & Morris 1975 (empirical Bayes); Minka 2000, "Estimating a Dirichlet distribution"; Thompson 1933; Chapelle & Li 2011 and Russo et al. 2018 (Thompson sampling); Horvitz & Thompson 1952 (weighting by propensity); Hadad et al. 2021, PNAS 118 (intervals from adaptive data); Volkovs, Yu & Poutanen 2017 (masking, as dropout, for cold start); Chouldechova 2017 and Kleinberg, Mullainathan & Raghavan 2017 (why calibration and error rates cannot all be equal where base rates differ); Regulation (EU) 2016/679 (GDPR); Regulation (EU) 2022/2065 (Digital Services Act); Directive 2002/58/EC (ePrivacy); Directive (EU) 2019/2161; Regulation (EU) 2024/1689 (AI Act).
