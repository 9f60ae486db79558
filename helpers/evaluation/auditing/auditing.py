"""`audit`: run the reader's own feature code on changed shops, and say what noticed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from numbers import Number
from typing import Any

import pandas as pd
from sklearn.model_selection import GroupShuffleSplit
from tqdm.auto import tqdm

from helpers.evaluation.auditing import pasts
from helpers.evaluation.auditing.columns import Build, Columns
from helpers.evaluation.auditing.comparing import Table
from helpers.evaluation.auditing.report import Audit, CannotRun, Finding, carried_out
from helpers.evaluation.auditing.shuffling import scorer, shuffled_scores
from helpers.evaluation.auditing.splitting import Sides
from helpers.shop import Shop

CUSTOMERS = 5_000


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
    columns = Columns(build, store, moment, list(outcomes), seed)
    steps, notes = columns.steps(), []
    scored = shuffles if model is not None or evaluate is not None else 0
    with tqdm(
        total=len(steps) + scored, desc="audit", delay=2, leave=False, disable=not progress
    ) as bar:
        checks, found = carried_out(steps, bar.update)
        X, y, rows = _rows(columns.base, target, store, moment)
        length = None if horizon is None else pd.Timedelta(horizon)
        sides = Sides(split, X, y, rows.customers, rows.snapshots, groups, length)

        def shuffled() -> list[Finding]:
            if not scored:
                raise CannotRun("neither model nor evaluate was given")
            if y is None:
                raise CannotRun("no target was given")
            score = evaluate or scorer(
                model, split or GroupShuffleSplit(1, test_size=0.3, random_state=seed), rows
            )
            found, note = shuffled_scores(score, X, y, rows, chance, shuffles, seed, bar.update)
            notes.append(note)
            return found

        more = carried_out({**sides.steps(), "outcomes shuffled": shuffled}, lambda: None)
    found = _merged([*found, *more[1]])
    notes = [*columns.notes(finding.where for finding in found), *notes]
    return Audit(tuple(found), (*checks, *more[0]), tuple(notes))


def _rows(
    base: Table, target: Any, store: Shop, moment: pd.Timestamp
) -> tuple[pd.DataFrame, pd.Series | None, Table]:
    """The reader's table, the outcomes of its rows if there are any, and whose these rows are."""
    if target is None:
        return base.raw, None, base
    if not callable(target):
        names = [target] if isinstance(target, str) else list(target)
        return base.raw.drop(columns=names), base.raw[names[0]], base
    given = target(pasts.copy(store), moment)
    if isinstance(given, pd.DataFrame):
        given = given.squeeze(axis=1)
    if given.index.nlevels == base.raw.index.nlevels > 1:
        whose = base.raw.index
    else:
        given.index = given.index.astype(str)
        whose = pd.Index(base.customers)
    known = whose.isin(given.index)
    X = base.raw[known]
    y = pd.Series(given.reindex(whose[known]).to_numpy(), index=X.index)
    return X, y, base.part(known)


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
