"""A search over settings that shows how far it is, can be stopped, and goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import clone
from sklearn.metrics import get_scorer
from sklearn.model_selection import GroupKFold, ParameterSampler, StratifiedKFold
from tqdm import tqdm

from helpers.models.catalogue import space


def settings(name: str, n: int, seed: int = 0) -> list[dict[str, Any]]:
    """`n` random settings from the search space of an algorithm of the catalogue.

    The first ones of a larger `n` are the same: a search can be extended. Raises ValueError for an
    unknown name.
    """
    return list(ParameterSampler(space(name), n, random_state=seed))


def search(
    estimator: Any,
    candidates: Iterable[Mapping[str, Any]],
    X: pd.DataFrame,
    y: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    scoring: str = "average_precision",
    folds: int = 5,
    seed: int = 0,
    done: pd.DataFrame | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Score every candidate setting by cross-validation, all on the same folds.

    Ctrl-C (or the stop button of the notebook) ends it and loses nothing that is done: what was
    scored so far is returned, and `search(..., done=table)` goes on from there. Stopped and
    continued gives the same table as run through.

    Args:
        estimator: A pipeline, as `model` gives it; it is not changed.
        candidates: Settings as dictionaries (`settings(...)`, `ParameterGrid(...)`); the empty one
            means the estimator as it is.
        X, y: Rows to learn from (n, features) and what happened (n,).
        groups: Whose row each is (n,): all rows of a customer then fall into the same fold.
        scoring: A name of `sklearn.metrics.get_scorer_names()`; the larger the better.
        folds, seed: Number of folds, and how they are drawn.
        done: The table of an earlier search with the same rows, folds and seed.
        progress: Show a bar.

    Returns:
        A row per setting in the given order: `params` (the dictionary), `score` (mean of the
        folds),
        `se` (standard error of that mean; too small, because training rows overlap, and good enough
        for the one-standard-error rule), `fold 1`, `fold 2`, …

    Raises:
        ValueError: No candidate; `done` has other folds; what the estimator or the scorer refuses,
            with the setting named.
    """
    candidates = [dict(candidate) for candidate in candidates]
    if not candidates:
        raise ValueError("there is no setting to try")
    columns = [f"fold {i + 1}" for i in range(folds)]
    if done is not None and [c for c in done if str(c).startswith("fold ")] != columns:
        raise ValueError(
            f"the earlier search has other folds than {folds}: they cannot be compared"
        )
    y = np.asarray(y)
    if groups is None:
        splits = list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(X, y))
    else:
        # as numbers: comparing many names costs more than fitting does
        numbers = np.unique(groups, return_inverse=True)[1]
        splits = list(GroupKFold(folds, shuffle=True, random_state=seed).split(X, y, numbers))
    scorer = get_scorer(scoring)
    known = (
        {}
        if done is None
        else {_key(row["params"]): row[columns].to_numpy(float) for _, row in done.iterrows()}
    )
    bar = tqdm(candidates, "search", unit="setting", disable=not progress)
    try:
        for candidate in bar:
            if _key(candidate) not in known:
                known[_key(candidate)] = _score(estimator, candidate, X, y, splits, scorer)
    except KeyboardInterrupt:
        bar.close()
        finished = sum(_key(candidate) in known for candidate in candidates)
        print(
            f"Stopped: {finished} of {len(candidates)} settings are scored. search(..., "
            "done=this) goes on."
        )
    rows = [(c, known[_key(c)]) for c in candidates if _key(c) in known]
    scores = np.array([found for _, found in rows]).reshape(-1, folds)
    table = pd.DataFrame(scores, columns=columns)
    table.insert(0, "params", [candidate for candidate, _ in rows])
    table.insert(1, "score", scores.mean(axis=1))
    table.insert(2, "se", scores.std(axis=1, ddof=1) / np.sqrt(folds))
    return table


def best(table: pd.DataFrame) -> dict[str, Any]:
    """The setting with the best mean score; of equals, the first."""
    return dict(table.loc[table["score"].idxmax(), "params"])


def simplest_within_one_se(table: pd.DataFrame, simplest_first: Iterable[str]) -> dict[str, Any]:
    """The simplest setting whose score is within one standard error of the best one's (Breiman,
    Friedman, Olshen & Stone 1984).

    `simplest_first` names parameters (`"classifier__max_depth"`), the most telling first; smaller
    counts as simpler, `"-classifier__min_samples_leaf"` turns that around. Raises KeyError where a
    setting lacks one of them.
    """
    top = table.loc[table["score"].idxmax()]
    near = table[table["score"] >= top["score"] - top["se"]]

    def complexity(params: Mapping[str, Any]) -> tuple:
        names = [
            (name.removeprefix("-"), -1 if name.startswith("-") else 1) for name in simplest_first
        ]
        return tuple(sign * params[name] for name, sign in names)

    settings: list[dict[str, Any]] = list(near["params"])
    return min(settings, key=complexity).copy()


def _key(params: Mapping[str, Any]) -> str:
    return repr(sorted(params.items()))


def _score(estimator, params, X, y, splits, scorer) -> np.ndarray:
    """The score of one setting in every fold."""
    found = []
    for train, test in splits:
        pipeline = clone(estimator).set_params(**params)
        try:
            pipeline.fit(X.iloc[train], y[train])
            found.append(scorer(pipeline, X.iloc[test], y[test]))
        except ValueError as error:
            raise ValueError(
                f"the setting {params or 'as it is'} cannot be scored: {error}"
            ) from error
    return np.array(found)
