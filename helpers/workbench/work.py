"""What the workbench does in its child process: reading, features, the fit on all customers.

Every function here can be imported, takes plain data, and reports with `say(share, text)`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from helpers import features, plots, segments, shop, targets
from helpers.shop import Shop
from helpers.workbench.health import health

QUARTER = pd.Timedelta("91D")
LARGEST = 5_000  # customers that the questions are asked of; more would change no answer


class Loaded(NamedTuple):
    """A shop, its picture of health as PNG bytes, the facts beside it, and the file's columns."""

    store: Shop
    picture: bytes
    facts: pd.DataFrame
    names: list[str]


class Refused(NamedTuple):
    """Why a file could not be read as a shop, and its columns (none where it is no table at
    all)."""

    sentence: str
    names: list[str]


def load(
    source: str, columns: dict[str, str | None], day_first: bool | None, say
) -> Loaded | Refused:
    """Load a known shop (its name) or read a path."""
    plots.use_style()
    say(0.1, "reading")
    if source in ("simulated", "complete_journey"):
        store, names = shop.load(source), []
    else:
        try:
            store = shop.read(source, columns or None, day_first=day_first)
        except shop.ShopError as error:
            return Refused(_for_the_screen(error), _names_of(source))
        # rows set aside hold every column of the source, behind three of their own
        names = [name.removesuffix(" (as read)") for name in store.set_aside.columns[3:]]
    say(0.7, "looking at orders and revenue over time")
    picture, facts = health(store)
    return Loaded(store, picture, facts, names)


def build(store: Shop, as_of: pd.Timestamp, say) -> pd.DataFrame:
    """Features of everybody who had bought before `as_of`: the numeric columns that are known for
    all of them, not negative, and not the same for all. Raises ValueError for fewer than ten
    buyers."""
    say(0.2, "features from what was recorded before the cut-off")
    table = features.build(store, as_of)
    table = table[~table["never_bought"]].select_dtypes("number")
    if len(table) < 10:
        raise ValueError(
            f"Only {len(table)} customers had bought before {as_of:%Y-%m-%d}; ten are needed."
        )
    table = table.dropna(axis=1)
    table = table.loc[:, (table.min() >= 0) & (table.min() < table.max())]
    first = [name for name in segments.FEATURES if name in table]
    return table[first + [name for name in table if name not in first]]


class Fit(NamedTuple):
    """Segments of all customers, and the four questions about them."""

    labels: pd.Series
    profile: pd.DataFrame
    heat: pd.DataFrame
    answers: list[str]


def fit(
    store: Shop,
    table: pd.DataFrame,
    as_of: pd.Timestamp,
    transform: str,
    algorithm: str,
    k: int,
    say,
) -> Fit:
    """Fit `k` segments on every row of `table` (customers × chosen features), and ask whether
    structure exists, which k, whether it is stable, whether it is useful."""
    say(0.05, f"fitting {k} segments to {len(table):,} customers")
    labels = segments.assign(table, k, transform, algorithm)
    few = table if len(table) <= LARGEST else table.sample(LARGEST, random_state=0)
    say(0.2, "comparing with twins without segments")
    answers = _exists_and_which(few, transform, k)
    say(0.6, "fitting random halves")
    answers.append(_stable(few, k, transform, algorithm))
    say(0.8, "asking what the segments say about the quarter after")
    answers.append(_useful(store, list(table.columns), as_of, transform, algorithm, k))
    return Fit(
        pd.Series(labels, table.index, name="segment"),
        segments.profile(table, labels),
        segments.standardized_profile(table, labels),
        answers,
    )


def _exists_and_which(few: pd.DataFrame, transform: str, k: int) -> list[str]:
    gaps = segments.gap(few, transform=transform, references=10)
    found = segments.choose_k(gaps)
    at = gaps.loc[found] if found > 1 else gaps.loc[gaps["gap"].idxmax()]
    size = f"{at['gap']:.2f} ± {1.96 * at['se']:.2f}"
    if found == 1:
        return [
            "<b>Does structure exist?</b> No natural segments: against twins without any, the "
            f"largest gap is {size}. A cut can still be useful.",
            f"<b>Which k?</b> A business choice, then; you chose {k}.",
        ]
    weak = at["gap"] < 0.1
    doubt = (
        " A gap under .1 can come from many one-time buyers alone: do not build on it."
        if weak
        else ""
    )
    return [
        f"<b>Does structure exist?</b> {'Perhaps' if weak else 'Yes'}: against twins without "
        f"segments the gap is {size}.{doubt}",
        f"<b>Which k?</b> The gap speaks for {found}: more segments explain no more. You chose "
        f"{k}.",
    ]


def _stable(few: pd.DataFrame, k: int, transform: str, algorithm: str) -> str:
    scores = segments.stability(few, k, transform, algorithm, repeats=10)
    verdict = (
        "stable" if scores.mean() > 0.9 else "fairly stable" if scores.mean() > 0.75 else "unstable"
    )
    return (
        f"<b>Is it stable?</b> {verdict.capitalize()}: fitted to two random halves of the "
        f"customers, the adjusted Rand index between them is {scores.mean():.2f} (lowest of ten "
        f"{scores.min():.2f}). Stable is not yet real."
    )


def _useful(
    store: Shop, chosen: list[str], as_of: pd.Timestamp, transform: str, algorithm: str, k: int
) -> str:
    earlier = as_of - QUARTER
    asked = "<b>Is it useful?</b> "
    try:
        spent = np.log1p(targets.future(store, earlier, QUARTER)["revenue"])
    except ValueError:
        return asked + "Cannot be said: the orders do not reach a quarter past an earlier cut-off."
    past = features.build(store, earlier)
    past = past[~past["never_bought"]]
    if not set(chosen) <= set(past) or len(past) < 200 or "monetary" not in chosen:
        return (
            asked + "Not asked: it takes 200 customers a quarter earlier, and monetary among the "
            "features."
        )
    past = past[chosen].dropna()
    labels = segments.assign(past, k, transform, algorithm)
    found = segments.usefulness(past, labels, spent.loc[past.index])
    low, high = found.gain.low, found.gain.high
    more = "a little" if low > 0 else "nothing that could be told from zero"
    return asked + (
        f"Of the next quarter's spend the segments explain {max(found.r2['segments'], 0):.0%}, "
        f"the features that they were made from {max(found.r2['features'], 0):.0%}. Beyond "
        f"these, segments add {more} ({found.gain.estimate:+.3f} [{low:+.3f}, {high:+.3f}] in "
        "R², measured a quarter earlier)."
    )


def copy_of(uploaded: list[dict[str, Any]], folder: Path) -> str:
    """Put uploaded files into `folder` for reading; the path of the file, or of the folder."""
    for item in uploaded:
        (folder / Path(item["name"]).name).write_bytes(item["content"])
    return str(folder / Path(uploaded[0]["name"]).name) if len(uploaded) == 1 else str(folder)


def _for_the_screen(error: shop.ShopError) -> str:
    """The error's sentences, with what to do on the screen where they tell what to write in
    Python."""
    remedy = error.remedy or ""
    if "columns=" in remedy:
        remedy = "choose the column below, then “Read again with these columns”"
    elif "day_first=" in remedy:
        remedy = "choose under “Dates are” which comes first, then load again"
    told = {
        "file": error.file,
        "column": error.column,
        "row": error.row,
        "expected": error.expected,
    }
    return str(shop.ShopError(error.problem, remedy=remedy, **told))


def _names_of(source: str) -> list[str]:
    try:
        return shop.column_names(source)
    except shop.ShopError:
        return []
