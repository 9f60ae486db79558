"""Which column plays which role: the usual names, and what to do when two could."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from helpers.errors import ShopError, nearest
from helpers.shop.reading.roles import PEOPLE
from helpers.shop.reading.vocabulary import ADDED, BETWEEN, NAMES, TAX

_TAXED = re.compile(
    r"\b(?:inc|incl|inkl|including|ex|excl|exkl|excluding|with|without|mit|ohne|avec|hors|sans|con"
    rf"|sin|senza|bez|z) {TAX}\b|\b{TAX} (?:inc|ink|ex|comp)\w*"
)

# Letters that do not come apart into a plain one and an accent; N° is meant as No.
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "°": "o"})

# Roles that help where they are plain; two columns for one of them are no reason to ask.
HELPFUL = frozenset(("kind", *PEOPLE))


class Match(NamedTuple):
    """The column that plays a role, and why."""

    column: str
    how: str


def plain(name: object) -> str:
    """Return a name in lower-case letters and digits, accents dropped: "Kunden-Nr." ->
    "kundennr"."""
    return re.sub(r"[^a-z0-9]", "", _latin(name).lower())


def usual(name: object) -> str:
    """Return `plain(name)`, or where that is no usual name, the usual name within it: without
    currency, tax, time zone, articles: "Montant TTC" -> "montant", "Data dell'ordine" ->
    "dataordine".
    """
    whole = plain(name)
    if whole in _ALL:
        return whole
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _latin(name)).lower()
    text = _TAXED.sub(" ", " ".join(re.findall(r"[a-z0-9]+", spaced)))
    words = [word for word in text.split() if word not in BETWEEN]
    while words and words[-1] in ADDED:
        words.pop()
    while words and words[0] in ADDED:
        words.pop(0)
    bare = "".join(words)
    return bare if bare in _ALL else whole


def _latin(name: object) -> str:
    text = unicodedata.normalize("NFKD", str(name)).translate(_LETTERS)
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def recognized(names: list[str], extra: frozenset[str] = frozenset()) -> int:
    """Count the names that are usual for some role (or among `extra`): how much a header it is.
    A single letter says nothing."""
    words = [usual(name) for name in names]
    return sum(
        (len(word) > 1 and word in _ALL) or name in extra
        for word, name in zip(words, names, strict=True)
    )


def match(
    frame: pd.DataFrame,
    roles: tuple[str, ...],
    file: str,
    explicit: Mapping[str, str | None] | None = None,
) -> dict[str, Match]:
    """Find the column for each role; a role without one is absent from the result.

    Args:
        frame: The table; its values are looked at only to see whether two candidates are equal.
        roles: Roles to look for.
        file: Name for error messages.
        explicit: Role -> column as told by the reader; None switches a role off.

    Raises:
        ShopError: A column told is not there, or two columns could play one role.
    """
    explicit = dict(explicit or {})
    found: dict[str, Match] = {}
    for role, column in explicit.items():
        if role not in roles or column is None:
            continue
        if column not in frame.columns:
            raise ShopError(
                f"there is no column {column!r} for {role}.{nearest(column, frame.columns)}",
                file=file,
                column=str(column),
                expected=f"one of {_list(frame.columns)}",
                remedy=f'write columns={{"{role}": "..."}} with one of these names',
            )
        found[role] = Match(column, "told by columns=")
    taken = {column for column in explicit.values() if column is not None}
    names = {column: usual(column) for column in frame.columns if column not in taken}
    for role in roles:
        if role not in explicit:
            hit = _candidate(frame, role, names, file)
            if hit:
                found[role] = hit
    return {role: found[role] for role in roles if role in found}


def _candidate(frame: pd.DataFrame, role: str, names: dict[str, str], file: str) -> Match | None:
    """Return the best column for one role, or None; two equally good ones are an error."""
    tiers = _TIERS.get(role, ((plain(role),),))
    usable = [column for column, name in names.items() if any(name in tier for tier in tiers)]
    # What a column holds counts before its name: an empty one plays a role only alone.
    usable = [column for column in usable if frame[column].notna().any()] or usable
    by_tier = [[column for column in usable if names[column] in tier] for tier in tiers]
    ranked = [(rank, tier) for rank, tier in enumerate(by_tier) if tier]
    if not ranked:
        return None
    rank, best = ranked[0]
    others = [column for _, tier in ranked[1:] for column in tier]
    whole = [candidate for candidate in best if plain(candidate) == names[candidate]] or best
    others += [candidate for candidate in best if candidate not in whole]
    best = whole
    column = best[0]
    exact = [candidate for candidate in best if candidate == role]
    if exact:
        column = exact[0]
    elif len(best) > 1:
        different = [
            other for other in best[1:] if not _interchangeable(frame[column], frame[other], role)
        ]
        if different and role not in HELPFUL:
            raise ShopError(
                f"two columns could be {role}: {column!r} and {different[0]!r}",
                file=file,
                column=column,
                expected=f"one column for {role}",
                remedy=f'say which: columns={{"{role}": "{column}"}} or '
                f'columns={{"{role}": "{different[0]}"}}',
            )
    how = "the name itself" if rank == 0 else "a usual name"
    rest = [other for other in [*best, *others] if other != column]
    if rest:
        how += f", preferred to {_list(rest)}"
    return Match(column, how)


def _interchangeable(one: pd.Series, other: pd.Series, role: str) -> bool:
    """Whether two columns say the same: equal, or two numbers for each of the same orders."""
    if one.equals(other):
        return True
    if role != "order_id" or not (one.isna() == other.isna()).all():
        return False
    pairs = pd.DataFrame({"one": one, "other": other}).drop_duplicates()
    return pairs["one"].nunique() == pairs["other"].nunique() == len(pairs.dropna())


def _list(names: Iterable[object]) -> str:
    shown = [repr(str(name)) for name in names]
    return ", ".join(shown[:12]) + (f" and {len(shown) - 12} more" if len(shown) > 12 else "")


_TIERS = {
    role: ((plain(role),), *(frozenset(tier.split()) for tier in tiers))
    for role, tiers in NAMES.items()
}
_ALL = frozenset(name for tiers in _TIERS.values() for tier in tiers for name in tier)
