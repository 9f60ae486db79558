"""What the customers of a segment have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.segments.clustering import transformer


def profile(frame: pd.DataFrame, labels: np.ndarray, value: str = "monetary") -> pd.DataFrame:
    """One row per segment, largest first: customers, their share, their share of `value` (when the
    column is there), and the median of every column of `frame`."""
    groups = frame.groupby(np.asarray(labels))
    table = pd.DataFrame({"customers": groups.size()})
    table["share"] = table["customers"] / len(frame)
    if value in frame:
        table[f"share_of_{value}"] = groups[value].sum() / frame[value].sum()
    table = table.join(groups.median())
    table.index.name = "segment"
    return table.sort_values("customers", ascending=False)


def nearly_constant(frame: pd.DataFrame, share: float = 0.9) -> list[str]:
    """A sentence of warning for every column in which at least `share` of the customers have the
    same
    value: scaling gives such a column the weight of any other, and all of it to its few exceptions.
    """
    said = []
    for name in frame:
        most = frame[name].value_counts(normalize=True).iloc[0]
        if most >= share:
            said.append(
                f"{most:.0%} of the customers have the same {name}: scaling gives the few others "
                "the weight of a whole feature, and they tend to become a segment of their own. "
                "Better leave it out."
            )
    return said


def standardized_profile(frame: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Mean of each log1p-standardized column per segment: how many standard deviations the segment
    lies above or below the average customer. Rows in the order of `profile`."""
    z = pd.DataFrame(
        transformer("log").fit_transform(frame), index=frame.index, columns=frame.columns
    )
    means = z.groupby(np.asarray(labels)).mean()
    means.index.name = "segment"
    return means.loc[profile(frame, labels).index]
