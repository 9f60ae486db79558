"""What the workbench does in its child process: reading, features, the fit on all customers.

The shop stays here: the kernel gets what its screens show. Every function can be imported, takes
plain data, and reports with `say(share, text)`. A job about a shop that this process does not hold
(a stop ended the one that did) reads it again.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers import features, plots, quote, segments, shop
from helpers.shop import Shop
from helpers.workbench import questions
from helpers.workbench.health import health

LARGEST = 5_000  # customers that are drawn and asked about; more would change no answer
SHOWN = 10  # rows set aside that the screen shows
KNOWN = ("simulated", "complete_journey")

# what to do on the screen where a sentence tells what to write in Python
ON_THE_SCREEN = {
    "columns=": "choose the column below, then “Read again with these columns”",
    "day_first=": "choose under “Dates are” which comes first, then load again",
    "decimal=": "write one amount of the column with its cents (1234.50), then load again",
    "encoding=": "save the file as “CSV UTF-8”, then load again",
}


class Source(NamedTuple):
    """A shop to be read: a known one's name or a path, and how.

    `stamp` is what `stamp_of` said of the path when the shop was first loaded; `temporary` the
    folder of an upload, which is removed as soon as it was read.
    """

    place: str
    columns: dict[str, str | None] = {}
    day_first: bool | None = None
    stamp: tuple = ()
    temporary: str = ""


class Loaded(NamedTuple):
    """What the first screen shows of a shop: its name, the picture of health as PNG bytes, the
    facts beside it, the report's text, mapping and columns, the notes, how many rows were set aside
    and the first of them, and the time of the last order."""

    name: str
    picture: bytes
    facts: pd.DataFrame
    report: str
    mapping: pd.DataFrame
    columns: list[str]
    notes: tuple[str, ...]
    aside: int
    first_aside: pd.DataFrame
    last_order: pd.Timestamp


class Refused(NamedTuple):
    """Why a file could not be read as a shop, and its columns (none where it is no table at
    all)."""

    sentence: str
    columns: list[str]


@dataclass
class _Held:
    """What this process holds: the shop read last, and its features at the cut-off asked for
    last."""

    source: Source | None = None
    store: Shop | None = None
    tables: dict[pd.Timestamp, pd.DataFrame] = field(default_factory=dict)


_held = _Held()


def load(source: Source, say) -> Loaded | Refused:
    """Load a known shop or read a path, and hold it for the jobs that follow; a shop that is
    refused leaves the one before in its place."""
    plots.use_style()
    say(0.1, "reading")
    try:
        store = _read(source)
    except shop.ShopError as error:
        return Refused(str(error.with_remedies(ON_THE_SCREEN)), _names_of(source.place))
    finally:
        _remove(source)
    say(0.7, "looking at orders and revenue over time")
    picture, facts = health(store)
    _hold(source, store)
    return Loaded(
        store.name,
        picture,
        facts,
        str(store.report),
        store.report.mapping,
        list(store.report.columns),
        store.notes,
        len(store.set_aside),
        store.set_aside.head(SHOWN),
        store.purchases["ordered_at"].max(),
    )


def save_aside(source: Source, path: Path, say) -> str:
    """Write all rows set aside as CSV; returns what is to be said of it."""
    return quote.write_csv(_store(source, say).set_aside, path)


class Built(NamedTuple):
    """How many customers have features, and the features of those that are drawn: at most
    `LARGEST`, at random."""

    customers: int
    sample: pd.DataFrame


def build(source: Source, as_of: pd.Timestamp, say) -> Built:
    """Features of everybody who had bought before `as_of`: the numeric columns that are known for
    all of them, not negative, and not the same for all. Raises ValueError for fewer than ten
    buyers."""
    table = _table(source, as_of, say)
    return Built(len(table), _few(table))


def _table(source: Source, as_of: pd.Timestamp, say) -> pd.DataFrame:
    store = _store(source, say)
    if as_of not in _held.tables:
        say(0.2, "features from what was recorded before the cut-off")
        _held.tables = {as_of: _features(store, as_of)}
    return _held.tables[as_of]


def _features(store: Shop, as_of: pd.Timestamp) -> pd.DataFrame:
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


def _few(table: pd.DataFrame) -> pd.DataFrame:
    return table if len(table) <= LARGEST else table.sample(LARGEST, random_state=0)


class Fit(NamedTuple):
    """Segments of all customers, and the four questions about them with their answers."""

    labels: pd.Series
    profile: pd.DataFrame
    heat: pd.DataFrame
    answers: list[tuple[str, str]]


def fit(
    source: Source,
    as_of: pd.Timestamp,
    chosen: list[str],
    transform: str,
    algorithm: str,
    k: int,
    say,
) -> Fit:
    """Fit `k` segments to all customers by their `chosen` features at `as_of`, and ask whether
    structure exists, which k, whether it is stable, whether it is useful."""
    table = _table(source, as_of, say)[chosen]
    say(0.25, f"fitting {k} segments to {len(table):,} customers")
    labels = segments.assign(table, k, transform, algorithm)
    store = _store(source, say)
    answers = questions.answer(_few(table), store, as_of, transform, algorithm, k, say)
    return Fit(
        pd.Series(labels, table.index, name="segment"),
        segments.profile(table, labels),
        segments.standardized_profile(table, labels),
        answers,
    )


def stamp_of(place: str) -> tuple:
    """Size and time of change of a file, or of the files in a folder: whether it is as it was."""
    path = Path(place)
    files = sorted(path.iterdir()) if path.is_dir() else [path] if path.exists() else []
    stats = [(file.name, file.stat()) for file in files]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


def _store(source: Source, say) -> Shop:
    """The shop that was loaded, read again where this process does not hold it. Raises ValueError
    where that would not be the shop on the screen."""
    if _held.source == source and _held.store is not None:
        return _held.store
    say(0.05, "reading again")
    if source.stamp and source.stamp != stamp_of(source.place):
        raise ValueError(
            f"{Path(source.place).name} has changed since it was loaded: load it again."
        )
    if source.temporary and not Path(source.temporary).exists():
        raise ValueError("The uploaded file is no longer there: load it again.")
    try:
        store = _read(source)
    finally:
        _remove(source)
    _hold(source, store)
    return store


def _read(source: Source) -> Shop:
    if source.place in KNOWN:
        return shop.load(source.place)
    return shop.read(source.place, source.columns or None, day_first=source.day_first)


def _hold(source: Source, store: Shop) -> None:
    _held.source, _held.store, _held.tables = source, store, {}


def _remove(source: Source) -> None:
    if source.temporary:
        shutil.rmtree(source.temporary, ignore_errors=True)


def _names_of(source: str) -> list[str]:
    try:
        return shop.column_names(source)
    except shop.ShopError:
        return []
