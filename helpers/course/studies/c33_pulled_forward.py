"""c33: orders that a voucher pulls forward, read at 4 and at 26 weeks.

A share of the randomized voucher's extra orders would have come within 26 weeks anyway (the knob).
Policies learned from the voucher's own eight weeks, as in c18, are judged on the other half of the
customers by the true effect on profit at 26 weeks. (What is pulled forward does not change the
chance of an order in the eight weeks: one learning serves all settings of the knob.) Beside them
what an analyst reads off the two arms of the whole campaign at 4, 8 and 26 weeks: profit per 1,000
customers mailed.
"""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import experiments, simulator
from helpers.course import studies
from helpers.course.studies import vouchers
from helpers.shop import Shop

CLAIM = (
    "profit stays the better target where a voucher's orders are only pulled forward, and a "
    "read-out at 4 weeks promises more than 26 weeks keep"
)
KIND = "test"
EXPECTED = (
    "with half of the extra orders pulled forward, mailing where profit is expected to rise still "
    "beats mailing where orders are; no mailing that was learned in 8 weeks pays at 26; the profit "
    "read at 4 weeks lies above that read at 26, the more so the more is pulled forward"
)
CHAPTER = "06"
SEEDS = range(3000, 3030)
CUSTOMERS = 8_000
PULLED = (0.0, 0.25, 0.5)
WEEKS = (4, 8, 26)
BEST = "profit rises at 8 weeks (oracle)"
POLICIES = ["everybody", "orders rise", "profit rises", BEST]
SHORT, LONG = "profit per 1,000 at 8 weeks", "profit per 1,000 at 26 weeks"
ARMS, WIDTH = "both arms", "half-width of the interval"


def world(pulled: float) -> str:
    """The name of the world in which this share of the extra orders is pulled forward."""
    return f"{pulled:.0%} pulled forward"


def read(weeks: int) -> str:
    """The name of the profit per 1,000 mailed, read off the arms after so many weeks."""
    return f"profit per 1,000 read at {weeks} weeks"


HALF = world(0.5)
CONTRASTS = {
    "policies": studies.Contrast(
        f"{LONG}, mailed where profit rises minus where orders rise, {HALF}",
        studies.minus(HALF, "profit rises", "orders rise", LONG),
        above=0.0,
        form="+.0f",
    ),
    "read-out": studies.Contrast(
        f"profit per 1,000 mailed, read at 4 weeks minus at 26, {HALF}",
        studies.total(
            studies.alone(HALF, ARMS, read(4)), studies.alone(HALF, ARMS, read(26), weight=-1.0)
        ),
        above=50.0,
        form="+.0f",
    ),
}
HISTORY = ()


def mailed_by(made: vouchers.Campaign) -> dict[str, np.ndarray]:
    """Whom each policy mails (n,) of bool, of the customers to judge."""
    judge = made.rows[~made.learn]
    mailed, control, profit = vouchers.learned(made)
    return {
        "everybody": np.ones(len(judge), dtype=bool),
        "orders rise": mailed > control,
        "profit rises": profit > 0,
        BEST: judge["profit_uplift"].to_numpy() > 0,
    }


def read_out(store: Shop, weeks: int) -> tuple[float, float]:
    """Profit per 1,000 mailed by the difference of the arms after so many weeks, and half the width
    of its 95 % interval."""
    rows = store.tables["campaigns"].query("campaign_id == 'spring_voucher'")
    begin = pd.Timestamp(vouchers.START)

    def revenue(until: int) -> np.ndarray:
        end = begin + pd.Timedelta(7 * until, "D")
        lines = store.purchases
        lines = lines[lines["ordered_at"].between(begin, end, inclusive="left")]
        by_customer = lines.groupby("customer_id")["amount"].sum()
        return by_customer.reindex(rows["customer_id"], fill_value=0).to_numpy()

    treated = rows["treated"].to_numpy()
    # the voucher is valid for eight weeks, and costs nothing after them
    cost = treated * (vouchers.MAIL + vouchers.DISCOUNT * revenue(min(weeks, 8)))
    profit = 1_000 * (vouchers.MARGIN * revenue(weeks) - cost)
    effect = experiments.compare(profit, treated)
    return effect.estimate, (effect.high - effect.low) / 2


def run(seed: int) -> dict:
    made = vouchers.campaign(seed, CUSTOMERS)
    with threadpool_limits(limits=1):
        policies = mailed_by(made)
    judge = made.rows[~made.learn]
    short = judge["profit_uplift"].to_numpy(dtype=float)
    store, long = made.store, short  # where nothing is pulled forward, nothing is missing later
    result = {}
    for pulled in PULLED:
        if pulled:
            knobs = simulator.Knobs(pull_forward=pulled)
            store, truth = simulator.simulate(CUSTOMERS, seed, knobs=knobs)
            later = truth["long_run"].query("campaign_id == 'spring_voucher'")
            later = later.set_index("customer_id")["profit_uplift_26"]
            long = later.loc[judge.index].to_numpy(dtype=float)
        for name, who in policies.items():
            result[world(pulled), name, SHORT] = 1_000 * np.mean(short * who)
            result[world(pulled), name, LONG] = 1_000 * np.mean(long * who)
        for weeks in WEEKS:
            effect, width = read_out(store, weeks)
            result[world(pulled), ARMS, read(weeks)] = effect
            result[world(pulled), ARMS, f"{WIDTH}, {weeks} weeks"] = width
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for pulled in PULLED:
        name = world(pulled)
        for policy in POLICIES:
            profit = studies.interval(rows, name, policy, LONG)
            known.append(studies.Figure(f"{LONG}, {name}, mailed: {policy}", profit, "+.0f"))
    for pulled in PULLED:
        for weeks in WEEKS:
            profit = studies.interval(rows, world(pulled), ARMS, read(weeks))
            what = f"everybody mailed, {world(pulled)}, {read(weeks)}"
            known.append(studies.Figure(what, profit, "+.0f"))
    for weeks in WEEKS:
        width = studies.interval(rows, HALF, ARMS, f"{WIDTH}, {weeks} weeks")
        known.append(studies.Figure(f"{WIDTH} of one experiment, {weeks} weeks", width, ".0f"))
    return studies.Finding(
        "half pulled forward: by profit {} more than by orders",
        CONTRASTS["policies"].figure(rows)._replace(form=".0f"),
        known,
        note="Profit is counted against mailing nobody.",
    )
