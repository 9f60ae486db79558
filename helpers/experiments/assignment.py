"""Who gets what: assignment by hash, and the check that it happened as planned."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

ALARM = 0.001  # below it the counts are no accident: stop the read-out


class RatioCheck(NamedTuple):
    """The counts per arm, those expected (both Series by arm), the p value, and what it means."""

    counts: pd.Series
    expected: pd.Series
    p_value: float
    ok: bool

    def __str__(self) -> str:
        found = ", ".join(f"{arm} {n:,}" for arm, n in self.counts.items())
        if self.ok:
            return f"{found}: as planned (p = {self.p_value:.2f}); the read-out may go on"
        planned = ", ".join(f"{arm} {n:,.0f}" for arm, n in self.expected.items())
        return (
            f"{found}, where {planned} were to be expected (p below {ALARM}): some customers are "
            "missing or stand in the wrong arm. Stop the read-out and find out why."
        )


def assign(customer_ids: Iterable, experiment: str, shares: Mapping[str, float]) -> pd.Series:
    """The arm of each customer in an experiment, by hash: nothing needs to be stored.

    The same customer, experiment and shares give the same arm on every machine and day; arms of two
    experiments are independent of each other. A customer's place between 0 and 1 is the first 64
    bits of SHA-256 over the experiment's and the customer's name, and the shares cut that line in
    the given order: the first and the last arm keep their customers when they grow, if the order
    stays (who is treated at 10 % is still treated at 50 %).

    Args:
        customer_ids: (n,) ids; 17, 17.0 and "17" are the same customer.
        experiment: Its name, which must differ between experiments.
        shares: Share of customers by arm, above 0, together 1.

    Returns:
        The arms (n,), named "arm", indexed by the ids as given.

    Raises:
        ValueError: Shares not above 0 or not adding up to 1; no name; a missing or doubled id.
    """
    ids = pd.Index(customer_ids, name=getattr(customer_ids, "name", None) or "customer_id")
    if not isinstance(experiment, str) or not experiment.strip():
        raise ValueError(f"an experiment needs a name of its own, not {experiment!r}")
    planned = _shares(shares)
    if ids.hasnans:
        raise ValueError(f"{int(ids.isna().sum())} of {len(ids)} customer ids are missing")
    if ids.has_duplicates:
        twice = ids[ids.duplicated()][0]
        raise ValueError(f"the customer {twice!r} stands there twice: pass every customer once")
    place = np.array([_place(experiment, customer) for customer in ids], dtype=float)
    border = np.cumsum(planned.to_numpy())[:-1]
    arms = planned.index.to_numpy(dtype=object)[np.searchsorted(border, place, side="right")]
    return pd.Series(arms, index=ids, name="arm", dtype="str")


def check_ratio(arms: Iterable, shares: Mapping[str, float]) -> RatioCheck:
    """Do the counts of the arms (n,) fit the planned shares? Pearson's chi-squared test.

    Below p = .001, a strict limit since every experiment is checked, the read-out stops: a
    sample-ratio mismatch (Fabijan et al. 2019, KDD, say what may have happened).

    Raises:
        ValueError: Wrong shares, no customers, one without an arm, or an arm that was not planned.
    """
    planned = _shares(shares)
    arms = pd.Series(arms, dtype="object")
    if arms.isna().any():
        raise ValueError(
            f"{int(arms.isna().sum())} customers have no arm: leave them in or out on purpose"
        )
    counts = arms.value_counts()
    unknown = sorted(set(counts.index) - set(planned.index), key=str)
    if unknown:
        raise ValueError(
            f"no share was planned for the arm {unknown[0]!r}; there are: "
            f"{', '.join(planned.index)}"
        )
    counts = counts.reindex(planned.index, fill_value=0)
    if counts.sum() == 0:
        raise ValueError("there is no customer in any arm")
    expected = planned * counts.sum()
    p_value = float(stats.chisquare(counts, expected).pvalue) if len(planned) > 1 else 1.0
    return RatioCheck(counts, expected, p_value, p_value >= ALARM)


def _place(experiment: str, customer: object) -> float:
    if isinstance(customer, float) and customer.is_integer():
        customer = int(customer)  # as pandas writes whole numbers beside missing ones
    # the lengths keep ("a", "b:c") and ("a:b", "c") apart
    text = f"{len(experiment)}:{experiment}:{customer}"
    first = hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8]
    return int.from_bytes(first, "big") / 2**64


def _shares(shares: Mapping[str, float]) -> pd.Series:
    if not isinstance(shares, Mapping) or not shares:
        raise ValueError("shares are a dict such as {'control': 0.5, 'voucher': 0.5}")
    try:
        planned = pd.Series(dict(shares), dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"every share must be a number, not {dict(shares)!r}") from error
    wrong = planned[~(planned > 0)]
    if len(wrong):
        raise ValueError(f"the share of {wrong.index[0]!r} must be above 0, not {wrong.iloc[0]:g}")
    if abs(planned.sum() - 1) > 1e-9:
        raise ValueError(f"the shares must add up to 1, not to {planned.sum():g}")
    return planned
