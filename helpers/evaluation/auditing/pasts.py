"""Changed shops: the same past with another future, other rows' order, other names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.shop import EVENT_TIME, Shop

# the Gregorian calendar repeats after 28 years: same weekdays, same months, same leap years
CALENDAR = pd.Timedelta(days=28 * 365 + 7)

# what a row learned only later, by the column that says when
KNOWN_LATER: dict[str, dict[str, list[str]]] = {
    "customers": {
        "answered_at": [
            "favorite_category",
            "price_attitude",
            "expected_frequency",
            "shopping_for",
            "style",
        ]
    },
    "campaigns": {"recorded_at": ["converted", "revenue", "cost"]},
    "impressions": {"recorded_at": ["clicked", "rating", "hidden"]},
}


def copy(store: Shop) -> Shop:
    """The shop with tables of its own, so that code that writes into them changes no other."""
    return _with(store, lambda name, table: table)


def customer_ids(store: Shop) -> pd.Index:
    """Everybody named in any table, sorted."""
    ids = pd.concat([table["customer_id"] for table in store.tables.values()])
    return pd.Index(np.sort(ids.dropna().unique()), name="customer_id")


def sample(store: Shop, most: int | None, seed: int) -> Shop:
    """The shop, or all rows of `most` of its customers, drawn at random."""
    ids = customer_ids(store)
    if most is None or len(ids) <= most:
        return store
    kept = np.random.default_rng(seed).choice(ids, most, replace=False)
    return _with(store, lambda name, table: table[table["customer_id"].isin(kept)])


def has_future(store: Shop, moment: pd.Timestamp) -> bool:
    """Whether anything is recorded at `moment` or later."""
    times = [table[column] for table in store.tables.values() for column in _times(table)]
    return any((column >= moment).any() for column in times)


def has_late_values(store: Shop, moment: pd.Timestamp) -> bool:
    """Whether anything was recorded later than its event, and before `moment`."""
    return any(
        (table[column] < moment).any()
        for name, table in store.tables.items()
        for column, _ in _later(name, table)
    )


def deleted(store: Shop, moment: pd.Timestamp) -> Shop:
    """The shop as it stood just before `moment`: no row of an event at `moment` or later, and no
    value that was recorded then (missing, or False where a column cannot be missing)."""

    def before(name: str, table: pd.DataFrame) -> pd.DataFrame:
        table = table[~(table[EVENT_TIME[name]] >= moment)].copy()
        for late, columns in _later(name, table):
            rows = table[late] >= moment
            for column in [*columns, late]:
                table[column] = _blank(table[column], rows)
        return table

    return _with(store, before)


def swapped(store: Shop, moment: pd.Timestamp, seed: int) -> Shop:
    """Another future: rows at `moment` or later belong to other customers and hold other values;
    what past rows learned later stands in other rows, and a tenth more of them learn something a
    day after `moment`. The past is the same."""
    rng = np.random.default_rng(seed)
    ids = customer_ids(store)
    other = pd.Series(rng.permutation(ids), index=ids)

    def changed(name: str, table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        came = (table[EVENT_TIME[name]] >= moment).to_numpy()
        for late, columns in _later(name, table):
            open_rows = np.flatnonzero(~came & ~(table[late] < moment).to_numpy())
            new = rng.permutation(open_rows)[: len(open_rows) // 10 + 1]
            drawn = np.arange(len(table))
            drawn[open_rows] = rng.permutation(open_rows)
            drawn[new] = rng.integers(len(table), size=len(new))
            names = [*columns, late]
            table[names] = table[names].take(drawn).set_axis(table.index)
            table.loc[table.index[new], late] = moment + pd.Timedelta(days=1)
        for column in table.columns.drop(["customer_id", EVENT_TIME[name]]):
            new_texts = not column.endswith("_id")
            table.loc[came, column] = _other(table.loc[came, column], rng, new_texts)
        if name != "customers":  # there a second row of a customer would be no future but an error
            kind = table["customer_id"].dtype
            table.loc[came, "customer_id"] = table.loc[came, "customer_id"].map(other).astype(kind)
        return table

    return _with(store, changed)


def recorded_later(store: Shop, moment: pd.Timestamp, seed: int) -> Shop:
    """The shop in which half of what past rows learned in time was recorded a day after `moment`
    instead; the values stand there all the same."""
    rng = np.random.default_rng(seed)

    def late(name: str, table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        for column, _ in _later(name, table):
            known = np.flatnonzero((table[column] < moment).to_numpy())
            drawn = rng.permutation(known)[: (len(known) + 1) // 2]
            table.loc[table.index[drawn], column] = moment + pd.Timedelta(days=1)
        return table

    return _with(store, late)


def at_the_instant(store: Shop, moment: pd.Timestamp) -> Shop:
    """The shop whose whole future happens, and is recorded, at `moment` itself."""

    def moved(name: str, table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        for column in _times(table):
            table[column] = table[column].where(~(table[column] >= moment), moment)
        return table

    return _with(store, moved)


def later(store: Shop, by: pd.Timedelta) -> Shop:
    """The shop with all its times moved."""

    def moved(name: str, table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(**{column: table[column] + by for column in _times(table)})

    return _with(store, moved)


def shuffled(store: Shop, seed: int) -> Shop:
    """The shop whose tables hold their rows in another order."""
    return _with(store, lambda name, table: table.sample(frac=1, random_state=seed))


def renamed(store: Shop, names: pd.Series) -> Shop:
    """The shop whose customers have other ids; `names` is indexed by the ids that they had."""

    def other(name: str, table: pd.DataFrame) -> pd.DataFrame:
        ids = table["customer_id"]
        return table.assign(customer_id=ids.map(names).astype(ids.dtype))

    return _with(store, other)


def _with(store: Shop, change: Callable[[str, pd.DataFrame], pd.DataFrame]) -> Shop:
    """The shop with every table changed; what is not changed is shared, until written into."""
    tables = {name: change(name, table) for name, table in store.tables.items()}
    return replace(store, **{n: table.reset_index(drop=True) for n, table in tables.items()})


def _times(table: pd.DataFrame) -> list[str]:
    return [name for name in table if pd.api.types.is_datetime64_any_dtype(table[name])]


def _later(name: str, table: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """Each time of recording with the columns recorded then; any time beside that of the event
    itself is taken for one."""
    for column in _times(table):
        if column != EVENT_TIME[name]:
            known = KNOWN_LATER.get(name, {}).get(column, [])
            yield column, [other for other in known if other in table]


def _blank(column: pd.Series, rows: pd.Series) -> pd.Series:
    """The column without its values in `rows`: missing, False or 0."""
    if pd.api.types.is_bool_dtype(column):
        return column & ~rows
    if pd.api.types.is_integer_dtype(column):
        return column.where(~rows, 0)
    return column.mask(rows)


def _other(column: pd.Series, rng: np.random.Generator, new: bool) -> pd.Series:
    """Other values of the same kind: flags turned, numbers tripled, the rest dealt anew, and a
    tenth of the texts are ones that nobody knew, where `new`."""
    if pd.api.types.is_bool_dtype(column):
        return ~column
    if pd.api.types.is_numeric_dtype(column):
        return column * 3
    values = column.take(rng.permutation(len(column))).set_axis(column.index)
    if new and not pd.api.types.is_datetime64_any_dtype(column):
        values = values.mask(rng.random(len(values)) < 0.1, "a new one")
    return values
