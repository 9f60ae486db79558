"""What was taken for what, in words: a sentence with a tick for each thing, and three rows as they
stand in the file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers import quote
from helpers.shop import Customers, Shop, ShopError
from helpers.shop.reading.names import plain, usual
from helpers.shop.reading.opening import TEXT, open_table
from helpers.shop.reading.times import to_time
from helpers.shop.reading.vocabulary import NAMES
from helpers.workbench.words import label

ROWS = 3
HEAD = 200_000  # bytes of a text file that are looked at for them
WHOLE = 30_000_000  # a larger file of another kind is not opened a second time
WIDE = 40  # characters of a cell that are shown
_MONEY = ("amount", "unit_price", "order_total")
_FIRST = ("customer_id", "ordered_at", *_MONEY, "quantity", "order_id", "email", "status")
_GOODS = frozenset(
    "title handle sku variantsku productsku vendor barcode ean gtin upc stock stocklevel instock"
    " inventory inventoryqty inventoryquantity variantinventoryqty onhand stockquantity price"
    " regularprice saleprice costprice variantprice productname producttitle productid producttype"
    " bodyhtml published artikelnummer artikelnr artikelname artikelbezeichnung bezeichnung bestand"
    " lagerbestand lager artikel produkt product item hersteller preis prix stock prezzo precio"
    " titel titre titolo titulo giacenza existencias voorraad magazyn cena".split()
)


def first_rows(place: str) -> pd.DataFrame:
    """The first rows of a file as they stand in it, as text; none of a folder, of a large file that
    is no text, and of what cannot be opened."""
    path = Path(place)
    try:
        if path.is_dir():
            return pd.DataFrame()
        if path.suffix.lower() in TEXT and path.stat().st_size > HEAD:
            with path.open("rb") as file, tempfile.TemporaryDirectory() as folder:
                beginning = Path(folder) / path.name
                beginning.write_bytes(file.read(HEAD).rpartition(b"\n")[0])
                frame = open_table(beginning).frame
        elif path.stat().st_size > WHOLE:
            return pd.DataFrame()
        else:
            frame = open_table(path).frame
    except (ShopError, OSError):
        return pd.DataFrame()
    rows = frame.head(50).dropna(how="all").head(ROWS)
    return rows.astype("str").where(rows.notna(), "")


def said(store: Shop | Customers, rows: pd.DataFrame) -> str:
    """HTML: each thing with the column that it was found in, and the first rows of these columns;
    empty where the report knows no columns."""
    columns = _columns(store)
    if not columns:
        return ""
    parts = []
    for what, column in columns.items():
        dates = isinstance(store, Shop) and what == label("ordered_at")
        read = _as_read(store.purchases["ordered_at"], rows, column) if dates else ""
        parts.append(f"{what}: <i>{quote.html(column)}</i>{read} ✓")
    return f"<p>{' · '.join(parts)}</p>{_table(rows, columns)}"


def _columns(store: Shop | Customers) -> dict[str, str]:
    """What is said, in its order -> the column, two where they are multiplied."""
    mapping = store.report.mapping
    if isinstance(store, Shop):
        mapping = mapping[mapping["table"] == "purchases"]
    found = dict(zip(mapping["role"], mapping["column"], strict=True))
    if isinstance(store, Customers):
        return {label(role): column for role, column in found.items()}
    first = [role for role in _FIRST if role in found]
    columns = {label(role): found[role] for role in first}
    if "unit_price" in found and "amount" not in found:
        pieces = f" × {found['quantity']}" if "quantity" in found else ""
        columns = {
            "Money" if what == label("unit_price") else what: column
            for what, column in columns.items()
            if what != label("quantity")
        }
        columns["Money"] += pieces
    return columns


def _as_read(ordered_at: pd.Series, rows: pd.DataFrame, column: str) -> str:
    """How the first date was read, ", 25.11.2024 = 25 November 2024"; empty where that does not
    follow from these rows and the times that were read."""
    if column not in rows or rows.empty:
        return ""
    days = ordered_at.dt.normalize()
    for day_first in (True, False):
        times = to_time(rows[column], day_first).times
        if times.notna().all() and times.dt.normalize().isin(days).all():
            cell = rows[column].iloc[0]
            return f", {quote.html(cell[:WIDE])} = {times.iloc[0].day} {times.iloc[0]:%B %Y}"
    return ""


def _table(rows: pd.DataFrame, columns: dict[str, str]) -> str:
    names = [name for column in columns.values() for name in _parts(column, rows)]
    if not names:
        return ""
    shown = rows[list(dict.fromkeys(names))].map(lambda cell: cell[:WIDE])
    body = shown.to_html(index=False, border=0, escape=True)
    return f"<div style='overflow-x:auto' tabindex='0'>{body}</div>"


def _parts(column: str, rows: pd.DataFrame) -> list[str]:
    return [name for name in (column, *column.split(" × ")) if name in rows]


def goods(names: Iterable[str]) -> list[str]:
    """The columns by which a table is one of products: title, number, price, stock, and nothing
    that says who bought, or when. Empty where it is not."""
    names = list(names)
    known = {one for role in ("customer_id", "order_id", "ordered_at") for tier in NAMES[role]
             for one in tier.split()}  # fmt: skip
    if any(usual(name) in known or plain(name) in known for name in names):
        return []
    found = [name for name in names if plain(name) in _GOODS]
    return found if len(found) >= 3 else []
