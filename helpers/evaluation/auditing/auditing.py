"""`audit`: run the reader's own feature code on changed shops, and say what noticed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit
from tqdm.auto import tqdm

from helpers.evaluation.auditing import pasts
from helpers.evaluation.auditing.columns import Columns
from helpers.evaluation.auditing.comparing import Table
from helpers.evaluation.auditing.report import Audit, Check, Finding, said
from helpers.evaluation.auditing.running import Build
from helpers.evaluation.auditing.shuffling import scorer, shuffled_scores
from helpers.evaluation.auditing.splitting import Sides
from helpers.shop import Shop

CUSTOMERS = 5_000
SPLIT_CHECKS = (
    "customers on one side",
    "no twins across",
    "test rows are real",
    "fitted on train only",
)


def audit(
    build: Build,
    store: Shop,
    cut_off: str | pd.Timestamp,
    *,
    target: Callable[[Shop, pd.Timestamp], pd.Series] | str | Sequence[str] | None = None,
    split: Any = None,
    model: Any = None,
    evaluate: Callable[[pd.DataFrame, pd.Series], float] | None = None,
    groups: pd.Series | None = None,
    horizon: str | pd.Timedelta | None = None,
    chance: float = 0.5,
    shuffles: int = 20,
    customers: int | None = CUSTOMERS,
    seed: int = 0,
    progress: bool = True,
) -> Audit:
    """Run feature code on a changed past, and name what knows the future.

    A check runs where its ingredients were given; the report says which could not run, and why.
    `store` is not changed: the code runs on copies.

    Args:
        build: The reader's code: `build(store, cut_off)` gives a table whose index (or column)
            `customer_id` says whose row each is; a level or column of times named `cutoff` or
            `snapshot`, of which snapshot.
        store: The shop.
        cut_off: The first moment that is not known yet, in the shop's local time.
        target: `target(store, cut_off)` gives the outcomes by customer; or the name of the column
            of build's table that holds them (of several: the first, and none is a feature).
        split: A splitter of scikit-learn, or `split(X, y)` that returns X_train, X_test, y_train,
            y_test as the model will see them, or pairs of row numbers.
        model: An estimator of scikit-learn; its AUC on the test side should be chance where the
            outcomes are shuffled. Without `split`, customers are split at random.
        evaluate: Instead of a model, the whole procedure: `evaluate(X, y)` gives its score.
        groups: The household of each customer, indexed by customer_id.
        horizon: Length of the outcome's window ("182D"), for tables of several snapshots.
        chance: The score of knowing nothing.
        shuffles: How often the outcomes are shuffled.
        customers: Of a larger shop, so many customers with all their rows, drawn at random; None
            for all.
        seed: Of everything that is drawn.
        progress: Show a bar where it takes longer than two seconds.

    Raises:
        ValueError: The table of `build` does not say whose rows these are; `cut_off` is no date.
        Exception: Whatever `build` itself raises on the unchanged shop.
    """
    moment = pd.NaT if isinstance(cut_off, Number) else pd.Timestamp(cut_off)
    if moment is pd.NaT or moment.tz is not None:
        raise ValueError(f"cut_off must be a date without time zone, not {cut_off!r}")
    store = pasts.sample(store, customers, seed)
    outcomes = [target] if isinstance(target, str) else [] if callable(target) else target or []
    columns = Columns(build, store, moment, outcomes, seed)
    steps = columns.steps()
    more = shuffles + 1 if model is not None or evaluate is not None else 0
    with tqdm(
        total=len(steps) + more, desc="audit", delay=2, leave=False, disable=not progress
    ) as bar:
        for step in steps:
            step()
            bar.update()
        X, y, table, why = _rows(columns.base, target, store, moment)
        found: list[Finding] = []
        if split is None:
            checks = [Check(name, "could not run", "no split was given") for name in SPLIT_CHECKS]
        else:
            length = None if horizon is None else pd.Timedelta(horizon)
            sides = Sides(split, X, y, table.customers, table.snapshots, groups, length)
            checks, found = _split(sides)
        check, wrong, said = _score(
            model, evaluate, split, X, y, why, table, chance, shuffles, seed, bar.update
        )
    return Audit(
        tuple(_merged([*columns.findings, *found, *wrong])),
        (*columns.checks, *checks, check),
        (*columns.notes, *said),
    )


def _rows(
    base: Table, target: Any, store: Shop, moment: pd.Timestamp
) -> tuple[pd.DataFrame, pd.Series | None, Table, str]:
    """The reader's table and the outcomes of its rows; and why there are none."""
    if target is None:
        return base.raw, None, base, "no target was given"
    if callable(target):
        given = target(pasts.copy(store), moment)
        if isinstance(given, pd.DataFrame):
            given = given.squeeze(axis=1)
        if given.index.nlevels == base.raw.index.nlevels > 1:
            known = base.raw.index.isin(given.index)
            y = given.reindex(base.raw.index[known]).to_numpy()
        else:
            given.index = given.index.astype(str)
            known = pd.Series(base.customers).isin(given.index).to_numpy()
            y = given.loc[base.customers[known]].to_numpy()
        X = base.raw[known]
    else:
        names = [target] if isinstance(target, str) else list(target)
        known, y = np.ones(len(base.raw), dtype=bool), base.raw[names[0]].to_numpy()
        X = base.raw.drop(columns=names)
    part = base.part(np.asarray(known))
    return X, pd.Series(y, index=X.index), part, ""


def _split(sides: Sides) -> tuple[list[Check], list[Finding]]:
    for name, step in zip(SPLIT_CHECKS, sides.steps(), strict=True):
        try:
            step()
        except Exception as error:  # the reader's code may fail in any way
            sides.checks.append(Check(name, "could not run", said(error)))
    return sides.checks, sides.findings


def _score(
    model: Any,
    evaluate: Callable[[pd.DataFrame, pd.Series], float] | None,
    split: Any,
    X: pd.DataFrame,
    y: pd.Series | None,
    why: str,
    table: Table,
    chance: float,
    shuffles: int,
    seed: int,
    step: Callable[[], Any],
) -> tuple[Check, list[Finding], list[str]]:
    name = "outcomes shuffled"
    if model is None and evaluate is None:
        return Check(name, "could not run", "neither model nor evaluate was given"), [], []
    if y is None:
        return Check(name, "could not run", why), [], []
    whose = pd.Series(table.customers, index=X.index)
    if evaluate is None:
        chosen = split
        if chosen is None:
            chosen = GroupShuffleSplit(n_splits=1, test_size=0.3, random_state=seed)
        evaluate = scorer(model, chosen, whose)
    try:
        return shuffled_scores(
            evaluate, X, y, table.customers, table.snapshots, chance, shuffles, seed, step
        )
    except Exception as error:  # the reader's code may fail in any way
        return Check(name, "could not run", said(error)), [], []


def _merged(findings: list[Finding]) -> list[Finding]:
    """A finding a column: the first check that showed it, and the names of the others."""
    first: dict[str, Finding] = {}
    for found in findings:
        if found.where in ("split", "score"):
            first[f"{found.where}, {found.check}"] = found
        elif found.where not in first:
            first[found.where] = found
        elif found.check not in (first[found.where].check, *first[found.where].also):
            known = first[found.where]
            first[found.where] = replace(known, also=(*known.also, found.check))
    return list(first.values())
