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

from helpers import features, owner, plots, quote, segments, shop
from helpers.owner.money import as_shown, sentence
from helpers.shop import Customers, Shop, hints
from helpers.shop.known import KNOWN
from helpers.widgets.kit import to_table
from helpers.workbench import one_row, plain_groups, questions, taken
from helpers.workbench.health import health
from helpers.workbench.words import ON_THE_SCREEN, without_names

LARGEST = 5_000  # customers that are drawn and asked about; more would change no answer
SUMS = ("recency", "frequency", "monetary")  # what a card says of a group
SHOWN = 10  # rows set aside that the screen shows
WIDTH = 74  # characters that a line of the report has on a page of 800 pixels


class Source(NamedTuple):
    """A shop to be read: a known one's name or a path, and how.

    `stamp` is what `stamp_of` said of the path when the shop was first loaded; `temporary` the
    folder of an upload, which is removed as soon as it was read.
    """

    place: str
    columns: dict[str, str | None] = {}
    day_first: bool | None = None
    decimal: str | None = None
    row_is: str | None = None
    stamp: tuple = ()
    temporary: str = ""


class Loaded(NamedTuple):
    """What the first screen shows of a shop: its name, the picture of health as PNG bytes, the
    facts beside it, the report's text, mapping and columns, the notes, how many rows were set aside
    and the first of them, the time of the last order (None where there are no orders), what a row
    is, "order" or "customer", the HTML that says what was taken for what, and what the import warns
    of."""

    name: str
    picture: bytes
    facts: pd.DataFrame
    report: str
    mapping: pd.DataFrame
    columns: list[str]
    notes: tuple[str, ...]
    aside: int
    first_aside: pd.DataFrame
    last_order: pd.Timestamp | None
    row_is: str
    taken: str = ""
    warnings: tuple[str, ...] = ()


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
    store: Shop | Customers | None = None
    tables: dict[pd.Timestamp | None, pd.DataFrame] = field(default_factory=dict)


_held = _Held()


def load(source: Source, say) -> Loaded | Refused:
    """Load a known shop or read a path, and hold it for the jobs that follow; a shop that is
    refused leaves the one before in its place."""
    plots.use_style()
    say(0.1, "reading")
    try:
        try:
            store = _read(source)
        except shop.ShopError as error:
            names = _names_of(source.place)
            return _products(source, names) or Refused(_sentence(error, names), names)
        if isinstance(store, Customers):
            products = _products(source, list(store.report.columns))
            if products is not None:
                return products
        of_file = source.place not in KNOWN
        rows = taken.first_rows(source.place) if of_file else pd.DataFrame()
    finally:
        _remove(source)
    if isinstance(store, Customers):
        picture, facts = one_row.health(store)
        last_order, row_is = None, "customer"
    else:
        say(0.7, "looking at orders and revenue over time")
        picture, facts = health(store)
        last_order, row_is = store.purchases["ordered_at"].max(), "order"
    _hold(source, store)
    report = hints.reword_report(store.report, ON_THE_SCREEN)
    return Loaded(
        store.name,
        picture,
        facts,
        report.text(WIDTH),
        store.report.mapping,
        list(store.report.columns),
        store.notes,
        len(store.set_aside),
        store.set_aside.head(SHOWN),
        last_order,
        row_is,
        taken.said(store, rows) if of_file else "",
        report.warnings,
    )


def _products(source: Source, names: list[str]) -> Refused | None:
    """The sentence for a list of products; None where the file is none, or the reader has said what
    its columns are."""
    found = taken.goods(names)
    if not found or source.columns or source.row_is:
        return None
    listed = ", ".join(f"“{name}”" for name in found[:4])
    return Refused(
        f"{Path(source.place).name} looks like a list of products ({listed}): it does not say who "
        "bought, or when. Export your orders, and choose that file; in most shop systems it is "
        "under Orders, “Export”.",
        names,
    )


def _sentence(error: shop.ShopError, names: list[str]) -> str:
    """What is wrong with a file, without the program's own names of what columns say."""
    column = error.column if error.column in names else None
    plain = shop.ShopError(
        without_names(error.problem),
        file=error.file,
        column=column,
        row=error.row,
        expected=error.expected,
        remedy=error.remedy,
    )
    return str(hints.reword_error(plain, ON_THE_SCREEN))


def save_aside(source: Source, path: Path, say) -> str:
    """Write all rows set aside as CSV; returns what is to be said of it."""
    return quote.write_csv(_store(source, say).set_aside, path)


class Monday(NamedTuple):
    """The first figures, and how the money comes about, as HTML."""

    head: owner.Head
    money: str


def head(source: Source, say) -> Monday:
    """What a Monday begins with. Raises ValueError like `monday`."""
    store = orders_of(source, say)
    say(0.3, "looking at your customers")
    return Monday(owner.head(store, features.end_of(store)), _account(store))


def _account(store: Shop) -> str:
    """How the lines of the file become the money that counts: a sentence, the account folded."""
    rows = to_table(
        as_shown(store).rename_axis(None),
        "From the lines of your file to the total of your shop system",
    )
    return (
        f"<p><b>The money:</b> {quote.html(sentence(store))}</p><details><summary>how this "
        f"money comes about</summary>{rows}</details>"
    )


def monday(source: Source, say) -> str:
    """What the owner of the shop asks on a Monday, as HTML. Raises ValueError for a table with one
    row a customer, which says nothing of when they ordered."""
    return owner.answers(orders_of(source, say), say=say)


def orders_of(source: Source, say) -> Shop:
    """The shop; ValueError for a table with one row a customer."""
    store = _store(source, say)
    if isinstance(store, Customers):
        raise ValueError(
            "This table has one row a customer and says nothing of when they ordered. Load your "
            "orders; with this table, “Explore” is what you can have."
        )
    return store


class Built(NamedTuple):
    """How many customers have features, the features of those that are drawn (at most `LARGEST`, at
    random), those to begin with, and what is to be said of what was left out of the picture."""

    customers: int
    sample: pd.DataFrame
    chosen: list[str]
    said: str


def build(source: Source, as_of: pd.Timestamp | None, say) -> Built:
    """Features of everybody who had bought before `as_of`: the numeric columns that are known for
    all of them, not negative, and not the same for all; of a table with one row a customer (`as_of`
    is None) the columns that it offers. Raises ValueError for fewer than ten customers."""
    store = _store(source, say)
    if isinstance(store, Customers):
        customers = len(store.table)
        table, said = one_row.offered(store)
        chosen = segments.first_choice(store, table)
    else:
        table, said = _table(store, as_of, say), ""
        customers = len(table)
        chosen = [name for name in segments.FEATURES if name in table]
    sample = _few(table)
    if len(sample) < len(table):
        drawn = (
            f"The picture shows {len(sample):,} of them, drawn at random; “Group all my customers” "
            "takes all."
        )
        said = f"{drawn} {said}"
    return Built(customers, sample, chosen, said)


def _table(store: Shop, as_of: pd.Timestamp | None, say) -> pd.DataFrame:
    if as_of is None:
        raise ValueError("Choose a day to look from.")
    if as_of not in _held.tables:
        say(0.2, "looking at what had happened before this day")
        _held.tables = {as_of: _features(store, as_of)}
    return _held.tables[as_of]


def _features(store: Shop, as_of: pd.Timestamp) -> pd.DataFrame:
    table = features.build(store, as_of)
    table = table[~table["never_bought"]].select_dtypes("number")
    if len(table) < segments.FEWEST:
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
    """Segments of all customers, the four questions about them with their answers, these in one
    light, and a card for each segment."""

    labels: pd.Series
    profile: pd.DataFrame
    heat: pd.DataFrame
    answers: list[tuple[str, str]]
    light: plain_groups.Light
    cards: list[plain_groups.Card]


def fit(
    source: Source,
    as_of: pd.Timestamp | None,
    chosen: list[str],
    transform: str,
    algorithm: str,
    k: int,
    say,
) -> Fit:
    """Fit `k` segments to all customers by their `chosen` features at `as_of`, and ask whether
    structure exists, which k, whether it is stable, whether it is useful."""
    store = _store(source, say)
    if isinstance(store, Customers):
        table = store.features(chosen)
        summed = {column: role for role, column in store.roles.items() if role in SUMS}
        known = store.table.loc[table.index, list(summed)].rename(columns=summed)
    else:
        known = _table(store, as_of, say)
        table = known[chosen]
    say(0.25, f"making {k} groups of {len(table):,} customers")
    labels = segments.assign(table, k, transform, algorithm)
    answers, light = questions.answer(_few(table), store, as_of, transform, algorithm, k, say)
    return Fit(
        pd.Series(labels, table.index, name="segment"),
        segments.profile(table, labels),
        segments.standardized_profile(table, labels),
        answers,
        light,
        plain_groups.cards(known[[role for role in SUMS if role in known]], labels),
    )


def stamp_of(place: str) -> tuple:
    """Size and time of change of a file, or of the files in a folder: whether it is as it was.
    Empty where that cannot be asked; reading then says what is wrong with the path."""
    path = Path(place)
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path] if path.exists() else []
        stats = [(file.name, file.stat()) for file in files if file.exists()]
    except OSError:  # a name that is too long, a folder of somebody else
        return ()
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


def _store(source: Source, say) -> Shop | Customers:
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


def _read(source: Source) -> Shop | Customers:
    if source.place in KNOWN:
        return shop.load(source.place)
    return shop.read(
        source.place,
        source.columns or None,
        day_first=source.day_first,
        decimal=source.decimal,
        row_is=source.row_is,
    )


def _hold(source: Source, store: Shop | Customers) -> None:
    _held.source, _held.store, _held.tables = source, store, {}


def _remove(source: Source) -> None:
    if source.temporary:
        shutil.rmtree(source.temporary, ignore_errors=True)


def _names_of(source: str) -> list[str]:
    try:
        return shop.column_names(source)
    except shop.ShopError:
        return []
