"""RFM groups: three scores by rank, the oldest way to sort customers."""

from __future__ import annotations

import ibis
import pandas as pd

from helpers.shop import Customers

COLUMNS = ("recency", "frequency", "monetary")


def rfm_groups(known: pd.DataFrame | Customers, groups: int = 5) -> pd.DataFrame:
    """Score customers 1 to `groups` by recency, frequency and monetary (Hughes 1994).

    A score is the group of equal size that a customer's rank falls into, `groups` the best: few
    days since the last order, many orders, much money. Customers alike have the same score, that
    of the lowest of them; so where most bought once, the scores of frequency leave gaps.

    Args:
        known: Customers × recency, frequency, monetary (as `features.build` gives them), or a table
            with one row a customer that says these.
        groups: How many, at least 2.

    Returns:
        Customers × r, f, m (int64) and `group`, the three digits as text with a dash between:
        "5-4-4". Customers of whom one of the three is not known are left out.

    Raises:
        ShopError: The table of customers lacks one of the three.
        ValueError: The frame lacks one, or `groups` is below 2.
    """
    if groups < 2:
        raise ValueError(f"groups is at least 2, not {groups}")
    if isinstance(known, Customers):
        known = known.known(*COLUMNS, for_what="RFM groups")
        known = known[(known["recency"] >= 0) & (known["frequency"] >= 0)]
    lacking = [name for name in COLUMNS if name not in known]
    if lacking:
        raise ValueError(f"RFM groups need {', '.join(COLUMNS)}; {lacking[0]} is not there")
    known = known[list(COLUMNS)].dropna()
    better = known.assign(recency=-known["recency"])
    below = better.rank(method="min").astype("int64") - 1
    scores = below * groups // len(known) + 1
    scores.columns = ["r", "f", "m"]
    text = scores.astype("str")
    return scores.assign(group=text["r"] + "-" + text["f"] + "-" + text["m"])


def define_rfm_groups(known: ibis.Table, groups: int = 5) -> ibis.Table:
    """Return the expression of `rfm_groups`, from customers as `features.define` gives them.

    A rank needs all customers at once: a cluster brings their three numbers to one machine.

    Returns:
        `customer_id`, `r`, `f`, `m` (whole numbers) and `group`, in no order; without customers of
        whom one of the three is not known. Raises ValueError where `groups` is below 2.
    """
    if groups < 2:
        raise ValueError(f"groups is at least 2, not {groups}")
    known = known.select("customer_id", *COLUMNS).drop_null(list(COLUMNS))
    everyone = known.count().over(ibis.window())
    orders = {"r": ibis.desc("recency"), "f": ibis.asc("frequency"), "m": ibis.asc("monetary")}
    scores = {
        name: ibis.rank().over(ibis.window(order_by=order)) * groups // everyone + 1
        for name, order in orders.items()
    }
    scored = known.select("customer_id", **scores)
    digits = [scored[name].cast("string") for name in orders]
    return scored.mutate(group=digits[0] + "-" + digits[1] + "-" + digits[2])
