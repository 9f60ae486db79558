"""Whom a decision reaches, how far its probabilities hold, and whom it helps: by group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers import evaluation


def audit(
    group: ArrayLike, happened: ArrayLike, p: ArrayLike, selected: ArrayLike, benefit: ArrayLike
) -> pd.DataFrame:
    """Selection, calibration and benefit by group, each with its 95 % interval as text.

    Args:
        group: The group of each customer (n,); a row a customer.
        happened: What was predicted came true, 0 or 1 (n,).
        p: Its predicted probability (n,).
        selected: Whether the decision reached the customer (n,) of bool.
        benefit: What the customer gains by it, in any unit (n,).

    Returns:
        Indexed by group: customers; happened; predicted − happened, benefit (means, t intervals);
        selected (share, Wilson interval).

    Raises:
        ValueError: Lengths that differ, or a group of fewer than two customers.
    """
    columns = {"happened": happened, "p": p, "selected": selected, "benefit": benefit}
    lengths = {len(np.asarray(column)) for column in (group, *columns.values())}
    if len(lengths) > 1:
        raise ValueError(f"group and columns differ in length: {sorted(lengths)}")
    frame = pd.DataFrame({name: np.asarray(c, dtype=float) for name, c in columns.items()})
    rows = {}
    for name, part in frame.groupby(np.asarray(group)):
        if len(part) < 2:
            raise ValueError(f"group {name!r} has one customer: that is nobody's average")
        chosen = evaluation.proportion_interval(int(part["selected"].sum()), len(part))
        error = evaluation.mean_interval((part["p"] - part["happened"]).to_numpy())
        rows[name] = {
            "customers": len(part),
            "happened": part["happened"].mean(),
            "selected": chosen.text(),
            "predicted − happened": error.text(3, signed=True),
            "benefit": evaluation.mean_interval(part["benefit"].to_numpy()).text(signed=True),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")
