"""JSON and JSON lines: records become rows, and the lines within an order a row each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import ShopError
from helpers.shop.reading.cells import Source, empty_error, from_frame
from helpers.shop.reading.delimited import unpacked
from helpers.shop.reading.encodings import to_utf8
from helpers.shop.reading.names import plain, recognized
from helpers.shop.reading.vocabulary import FILES

# What the lines of an order are called within it.
_LINES = frozenset((*FILES["lines"].split(), "items", "lines", "products", "details"))
_OF_THE_ORDER = ("id", "number", "total")  # names that say "of the order" only by their place
_BROKEN = "no record"
_DEEP = 4  # records within records


def read_records(path: Path, encoding: str | None = None) -> Source:
    """Read a list of records, a record on each line, or columns of values as pandas writes them.

    What a record holds in a record of its own becomes a column ("customer id"); lines or items
    within an order become a row each ("line item price").

    Raises:
        ShopError: It is no JSON, or holds no records.
    """
    data, remarks = to_utf8(unpacked(path), path.name, encoding)
    text = data.decode("utf-8")
    if not text.strip():
        raise empty_error(path.name)
    records, place = _parsed(text, path.name)
    key = _key_of_lines(records)
    rows, number = [], []
    for record, at in zip(records, place, strict=True):
        parts = [{}] if key is None else record.pop(key, None) or [{}]
        order = _flat(record) if key is None else _of_the_order(_flat(record))
        rows += [{**order, **_flat(part, "line item ")} for part in parts]
        number += [at] * len(parts)
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not names:
        raise empty_error(path.name)
    columns = {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names}
    source = from_frame(pd.DataFrame(columns), path.name)
    source.line, source.remarks = np.array(number), remarks
    source.useless = np.array(["" if row else _BROKEN for row in rows])
    if key is not None:
        source.remarks.append(f"each of {key!r} within an order is a row")
    return source


def _parsed(text: str, name: str) -> tuple[list[dict], list[int]]:
    """The records, and where each stands: its number, in JSON lines its line."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [(at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
        records = [_line(line) for _, line in lines]
        if not records[0]:
            raise ShopError(
                f"this is not JSON ({error})",
                file=name,
                row=getattr(error, "lineno", 1),
                expected="a list of records [{...}, {...}], or a record {...} on each line",
                remedy="export it again, or save the table as CSV (UTF-8) and read that",
            ) from error
        return records, [at for at, _ in lines]
    records = _records(whole)
    if not records:
        raise ShopError(
            "the file holds no records",
            file=name,
            expected="a list of records [{...}, {...}], or a record {...} on each line",
            remedy="save the table as CSV (UTF-8) and read that",
        )
    return records, list(range(1, len(records) + 1))


def _line(line: str) -> dict:
    """The record on a line, {} where there is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _records(whole: Any) -> list[dict]:
    """The records of a file that is one piece of JSON; [] where there are none."""
    if isinstance(whole, list):
        some = any(isinstance(item, dict) for item in whole)
        return [item if isinstance(item, dict) else {} for item in whole] if some else []
    if not isinstance(whole, dict):
        return []
    lists = {key: value for key, value in whole.items() if _is_records(value)}
    outer = [key for key in lists if len(whole) == 1 or plain(key) not in _LINES]
    if outer:  # {"orders": [{...}, {...}]}
        return max((lists[key] for key in outer), key=len)
    columns, data = whole.get("columns"), whole.get("data")
    if isinstance(columns, list) and isinstance(data, list):  # pandas, orient="split"
        return [dict(zip(map(str, columns), row, strict=False)) for row in data if row]
    values = list(whole.values())
    if values and all(isinstance(value, dict) for value in values):  # "index" or "columns"
        if recognized([*map(str, values[0])]) > recognized([*map(str, whole)]):
            return values
        rows = dict.fromkeys(row for column in values for row in column)
        return [{name: column.get(row) for name, column in whole.items()} for row in rows]
    if values and all(isinstance(value, list) for value in values):  # orient="list"
        longest = max(map(len, values))
        return [
            {name: column[row] for name, column in whole.items() if row < len(column)}
            for row in range(longest)
        ]
    return [whole] if whole else []


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _key_of_lines(records: list[dict]) -> str | None:
    """The name under which orders hold their lines, None where they hold none."""
    keys = dict.fromkeys(key for record in records for key in record if plain(key) in _LINES)
    return next(
        (key for key in keys if any(_is_records(record.get(key)) for record in records)), None
    )


def _of_the_order(record: dict) -> dict:
    """Say of an order's own values whose they are, since its lines have such names too."""
    return {
        f"order {name}" if name in _OF_THE_ORDER and f"order {name}" not in record else name: value
        for name, value in record.items()
    }


def _flat(record: Any, before: str = "", depth: int = 0) -> dict:
    """A record with the values of records within it under their names put together."""
    if not isinstance(record, dict):
        return {}
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and depth < _DEEP:
            flat |= _flat(value, f"{before}{key} ", depth + 1)
        else:
            flat[f"{before}{key}"] = value
    return flat
