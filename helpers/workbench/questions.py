"""The four questions about segments, answered in sentences: is there structure, which k, is it
stable, is it useful?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from helpers import evaluation, features, segments, targets
from helpers.shop import Customers, Shop
from helpers.workbench.plain_groups import Light, light

Answers = list[tuple[str, str]]
QUARTER = pd.Timedelta("91D")


def answer(
    few: pd.DataFrame,
    store: Shop | Customers,
    as_of: pd.Timestamp | None,
    transform: str,
    algorithm: str,
    k: int,
    say,
) -> tuple[Answers, Light]:
    """Return the four questions with their answers, and all in one light, for `k` segments made of
    the features in `few` (a sample of the customers, features at `as_of`; None for a table with one
    row a customer)."""
    say(0.35, "comparing with customers without groups")
    answers, natural = _exists_and_which(few, transform, k)
    say(0.65, "counting again from half of them")
    stable, alike = _stable(few, k, transform, algorithm)
    answers.append(("Is it stable?", stable))
    if isinstance(store, Customers) or as_of is None:
        useful = (
            "Cannot be said: it takes the orders of the time after, and this table has one row a "
            "customer."
        )
    else:
        say(0.8, "asking what the groups say about the quarter after")
        useful = _useful(store, list(few), as_of, transform, algorithm, k)
    answers.append(("Is it useful?", useful))
    return answers, light(natural, alike)


def _exists_and_which(few: pd.DataFrame, transform: str, k: int) -> tuple[Answers, bool]:
    """The first two answers, and whether there is structure that can be built on."""
    gaps = segments.gap(few, transform=transform, references=10)
    found = segments.choose_k(gaps)
    at = gaps.loc[found] if found > 1 else gaps.loc[gaps["gap"].idxmax()]
    size = f"{at['gap']:.2f} ± {evaluation.critical_value() * at['se']:.2f}"
    if found == 1:
        exists = (
            "No natural segments: against twins without any, the largest gap is "
            f"{size}. A cut can still be useful."
        )
        which = f"A business choice, then; you chose {k}."
        return [("Does structure exist?", exists), ("Which k?", which)], False
    weak = at["gap"] < 0.1
    doubt = (
        " A gap under .1 can come from many one-time buyers alone: do not build on it."
        if weak
        else ""
    )
    yes = "Perhaps" if weak else "Yes"
    exists = f"{yes}: against twins without segments the gap is {size}.{doubt}"
    which = f"The gap speaks for {found}: more segments explain no more. You chose {k}."
    return [("Does structure exist?", exists), ("Which k?", which)], not weak


def _stable(few: pd.DataFrame, k: int, transform: str, algorithm: str) -> tuple[str, float]:
    """The answer, and the share of the customers who are in the same segment both times, on
    average."""
    same = []

    def compared(first: np.ndarray, second: np.ndarray) -> float:
        same.append((first == segments.match(first, second)).mean())
        return adjusted_rand_score(first, second)

    scores = segments.stability(few, k, transform, algorithm, repeats=10, score=compared)
    verdict = (
        "stable" if scores.mean() > 0.9 else "fairly stable" if scores.mean() > 0.75 else "unstable"
    )
    alike = float(np.mean(same))
    said = (
        f"{verdict.capitalize()}: fitted to two random halves of the customers, the adjusted Rand "
        f"index between them is {scores.mean():.2f} (lowest of ten {scores.min():.2f}), and "
        f"{alike:.0%} of the customers are in the same segment. Stable is not yet real."
    )
    return said, alike


def _useful(
    store: Shop, chosen: list[str], as_of: pd.Timestamp, transform: str, algorithm: str, k: int
) -> str:
    earlier = as_of - QUARTER
    try:
        spent = np.log1p(targets.future(store, earlier, QUARTER)["revenue"])
    except ValueError:
        return "Cannot be said: the orders do not reach a quarter past an earlier cut-off."
    past = features.build(store, earlier)
    past = past[~past["never_bought"]]
    if not set(chosen) <= set(past) or len(past) < 200 or "monetary" not in chosen:
        return (
            "Not asked: it takes 200 customers a quarter earlier, and monetary among the features."
        )
    past = past[chosen].dropna()
    labels = segments.assign(past, k, transform, algorithm)
    found = segments.usefulness(past, labels, spent.loc[past.index])
    low, high = found.gain.low, found.gain.high
    more = "a little" if low > 0 else "nothing that could be told from zero"
    return (
        f"Of the next quarter's spend the segments explain {max(found.r2['segments'], 0):.0%}, "
        f"the features that they were made from {max(found.r2['features'], 0):.0%}. Beyond "
        f"these, segments add {more} ({found.gain.estimate:+.3f} [{low:+.3f}, {high:+.3f}] in "
        "R², measured a quarter earlier)."
    )
