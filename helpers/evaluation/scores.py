"""How well probabilities rank and how far they can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import (
    brier_score_loss,
    log_loss,
    roc_auc_score,
)

from helpers.evaluation.intervals import Interval, drawn_ends, proportion_interval
from helpers.evaluation.ranking import average_precision
from helpers.evaluation.resampling import DRAWS, drawn_scores


def lift(y: ArrayLike, p: ArrayLike, budget: float = 0.1) -> float:
    """How many times more positives are among the `budget` (0 to 1) highest p than in a random
    draw as large. Equal p at the border count in proportion. NaN without any positive.

    Raises ValueError for a budget out of range.
    """
    if not 0 < budget <= 1:
        raise ValueError(f"the budget is a share above 0, up to 1, not {budget!r}")
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    size = max(1.0, budget * len(y))
    border = np.sort(p)[::-1][int(np.ceil(size)) - 1]
    above, at = p > border, p == border
    found = y[above].sum() + (size - above.sum()) * y[at].mean()
    return float(found / size / y.mean()) if y.any() else float("nan")


def calibration_table(y: ArrayLike, p: ArrayLike, bins: int = 10) -> pd.DataFrame:
    """Rows sorted by p and cut into up to `bins` groups of equal size: mean `predicted`, `observed`
    share with its Wilson interval (`low`, `high`), and `rows`.

    Equal p stay in one group, so there may be fewer. Index: the group, from 1.
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    group = _groups(p, bins)
    table = pd.DataFrame({"y": y, "p": p, "group": group + 1})
    parts = table.groupby("group").agg(
        predicted=("p", "mean"), hits=("y", "sum"), rows=("y", "size")
    )
    found = [proportion_interval(h, n) for h, n in zip(parts["hits"], parts["rows"], strict=True)]
    parts[["observed", "low", "high"]] = np.array(found)
    return parts[["predicted", "observed", "low", "high", "rows"]]


def calibration_error(y: ArrayLike, p: ArrayLike, bins: int = 10) -> float:
    """Mean distance between predicted and observed share over groups of equal size (the expected
    calibration error with quantile bins: Naeini, Cooper & Hauskrecht 2015). 0 is best; by chance
    alone it is above 0, the more so the fewer the rows."""
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    # rows x distance of the means is the distance of the sums
    return float(np.abs(np.bincount(_groups(p, bins), p - y)).sum() / len(p))


def _groups(p: np.ndarray, bins: int) -> np.ndarray:
    """The number of the group of each row (n,), from 0, none empty."""
    borders = np.unique(np.quantile(p, np.linspace(0, 1, bins + 1)[1:-1]))
    return np.unique(np.searchsorted(borders, p, side="left"), return_inverse=True)[1]


def ndcg(relevance: ArrayLike, scores: ArrayLike, k: int = 5) -> np.ndarray:
    """Normalized discounted cumulative gain of the first `k` of a ranking, per customer (n,), 0 to
    1 (Järvelin & Kekäläinen 2002). `relevance` (not below 0) and `scores` (finite) are (n, items);
    NaN for a customer with nothing relevant: no ranking could be right or wrong."""
    relevance, scores = np.asarray(relevance, dtype=float), np.asarray(scores, dtype=float)
    discount = 1 / np.log2(2 + np.arange(min(k, relevance.shape[1])))
    order = np.argsort(-scores, axis=1, kind="stable")
    ranked, found = np.take_along_axis(scores, order, 1), np.take_along_axis(relevance, order, 1)
    # equal scores share what is relevant among them evenly: their order means nothing
    new = np.diff(ranked, axis=1, prepend=np.inf) != 0
    tie = np.cumsum(new.ravel()) - 1
    found = (np.bincount(tie, found.ravel()) / np.bincount(tie))[tie].reshape(found.shape)
    best = -np.sort(-relevance, axis=1)[:, : len(discount)] @ discount
    gained = found[:, : len(discount)] @ discount
    return np.divide(gained, best, out=np.full(len(best), np.nan), where=best > 0)


SCORES = {
    "AUC": roc_auc_score,
    "average precision": average_precision,
    "lift at 10 %": lift,
}
# these want probabilities; the first three take any numbers that rank
PROBABILITY_SCORES = {
    "log loss": lambda y, p: log_loss(y, np.clip(p, 1e-6, 1 - 1e-6), labels=[0, 1]),
    "Brier score": brier_score_loss,
    "calibration error": calibration_error,
}


def scoreboard(
    y: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    scores: Iterable[str] = ("AUC", "average precision", "log loss"),
    against: str | None = None,
    customers: ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """A tidy table of results: a row per model and score, with intervals by customer.

    Args:
        y: What happened (n,), 0 or 1.
        predictions: Probabilities (n,) by the model's name.
        scores: Names from SCORES and PROBABILITY_SCORES.
        against: A model; the columns `difference`, `difference_low`, `difference_high` then hold
            each model's paired difference to it (missing on its own rows).
        customers: Whose row each is (n,); rows are customers by default.

    Returns:
        Columns model, score, estimate, low, high (and the differences), models in the given order.

    Raises:
        ValueError: An unknown score or model; `y` with one class only.
    """
    known = SCORES | PROBABILITY_SCORES
    scores = list(scores)
    if unknown := set(scores) - set(known):
        raise ValueError(f"no score {sorted(unknown)}; there are: {', '.join(known)}")
    if against is not None and against not in predictions:
        raise ValueError(f"no model {against!r}; there are: {', '.join(predictions)}")
    if len(np.unique(np.asarray(y))) < 2:
        raise ValueError("every row has the same outcome: nothing can be ranked")
    y, names = np.asarray(y), list(predictions)
    rows = []
    for name in scores:
        score, p = known[name], [np.asarray(predictions[model]) for model in names]
        estimate = np.array([score(y, column) for column in p])
        drawn = drawn_scores(score, y, p, customers, draws, seed)
        other = names.index(against) if against is not None else None
        for i, model in enumerate(names):
            row = {"model": model, "score": name, "estimate": estimate[i]}
            row["low"], row["high"] = drawn_ends(drawn[:, i])
            if other is not None and i != other:
                row["difference"] = estimate[i] - estimate[other]
                ends = drawn_ends(drawn[:, i] - drawn[:, other])
                row["difference_low"], row["difference_high"] = ends
            rows.append(row)
    # a row per model and score, models together
    return pd.DataFrame(rows).sort_values(
        "model", key=lambda column: column.map(names.index), kind="stable", ignore_index=True
    )


def text_table(board: pd.DataFrame, digits: int = 2) -> pd.DataFrame:
    """A `scoreboard` to be read: a row per model, a column per score with its interval as text, and
    the paired differences where they were asked for ("" for the model that is compared with)."""
    columns = {}
    for score, part in board.groupby("score", sort=False):
        rows = part.set_index("model")
        columns[score] = _texts(rows[["estimate", "low", "high"]], digits)
        if "difference" in rows:
            ends = rows[["difference", "difference_low", "difference_high"]]
            name = "difference" if len(board["score"].unique()) == 1 else f"difference, {score}"
            columns[name] = _texts(ends, digits, signed=True)
    return pd.DataFrame(columns)


def _texts(rows: pd.DataFrame, digits: int, signed: bool = False) -> pd.Series:
    said = [
        Interval(*row).text(digits, signed) if np.isfinite(row).all() else ""
        for row in rows.to_numpy()
    ]
    return pd.Series(said, index=rows.index)
