"""A text file of any length becomes Parquet, once: piece by piece, with every row's fate."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
from tqdm.auto import tqdm

from helpers.errors import NotWritten, ShopError, counted
from helpers.files import write_text
from helpers.shop.customers import Customers
from helpers.shop.reading import read
from helpers.shop.reading.forms import form_of
from helpers.shop.reading.pieces import PIECE, Piece, cut
from helpers.shop.reading.roles import PEOPLE
from helpers.shop.report import Report
from helpers.shop.tables import Shop

_FIGURES = re.compile(r"\d[\d.,]*( rows?)?")  # in which the warnings of two pieces differ
# what must be decided alike for all pieces: the order of day and month, the decimal sign
_DECIDED = re.compile(r"'[^']*'(?:: read as \w+/\w+/\w+| has decimal commas)")


def to_parquet(
    source: str | os.PathLike,
    folder: str | os.PathLike,
    columns: Mapping[str, str | None] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    piece: int = PIECE,
) -> Report:
    """Turn a text file of any length into a folder of Parquet that `shop.open` takes.

    The file is read as `shop.read` reads it, in pieces, so that memory does not grow with it. An
    order whose lines stand together is never cut. What stands far apart is not brought together: a
    line repeated, or a refund beside its order, in another piece.

    Args:
        source: A CSV or other text file of order lines or events; it may be packed with gzip.
        folder: A folder that is not there yet. It gets `purchases/` (of a log of events `visits/`
            too), `set_aside/` with the rows used nowhere and why, and `report.txt`.
        columns, day_first, decimal, encoding: As for `shop.read`.
        piece: Bytes read at a time.

    Returns:
        The report of all pieces; its rows add up to those of the file.

    Raises:
        ShopError: As `shop.read`; or a row is a customer; or two pieces would be read in two ways.
        NotWritten: There is something of the folder's name already.
    """
    path, out = Path(source), Path(folder)
    if out.exists():
        raise NotWritten(f"{out.name} is there already: name a new folder, or remove it yourself")
    if not out.absolute().parent.is_dir():
        raise NotWritten(f"the folder {out.absolute().parent} does not exist")
    told = {"day_first": day_first, "decimal": decimal, "encoding": encoding, "row_is": "order"}
    form = form_of(path, columns, encoding)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.absolute().parent))
    reports: list[Report] = []
    try:
        with tqdm(total=path.stat().st_size, unit="B", unit_scale=True, desc=path.name) as bar:
            for number, part in enumerate(cut(path, form, piece, bar.update)):
                store = _read(part, path, columns, told)
                reports.append(store.report)
                _same_way(reports[0], reports[-1], path.name)
                _write(store, beside, number, part.lines_before)
        if not reports:
            raise ShopError("the file has a header and no rows", file=path.name)
        report = _summed(path.name, reports)
        write_text(beside / "report.txt", str(report) + "\n")
        os.replace(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return report


def _read(part: Piece, path: Path, columns: Mapping[str, str | None] | None, told: dict) -> Shop:
    """Read one piece as a file of its own, under the name of the whole."""
    with tempfile.TemporaryDirectory() as folder:
        name = path.name[:-3] if path.suffix.lower() == ".gz" else path.name
        file = Path(folder) / name
        file.write_bytes(part.text)
        store = read(file, columns, **told)
    if isinstance(store, Customers):
        raise store.no_orders("a folder of orders")
    return store


def _write(store: Shop, folder: Path, number: int, lines_before: int) -> None:
    tables, roles = dict(store.tables), set(store.report.mapping["role"])
    # what the file does not number is numbered within a piece, and the next one begins anew
    if "visits" in tables and "visit_id" not in roles:
        visits = tables["visits"]
        tables["visits"] = visits.assign(visit_id=f"{number}-" + visits["visit_id"])
    if "order_id" not in roles:
        purchases = tables["purchases"]
        when = purchases["ordered_at"].dt.strftime("%Y-%m-%dT%H:%M:%S.%f")
        tables["purchases"] = purchases.assign(order_id=purchases["customer_id"] + "@" + when)
    if len(store.set_aside):
        aside = store.set_aside.assign(row=store.set_aside["row"] + lines_before)
        tables["set_aside"] = aside.astype("str").where(aside.notna())
    for name, table in tables.items():
        (folder / name).mkdir(exist_ok=True)
        table.to_parquet(folder / name / f"part-{number:05}.parquet", index=False)


def _same_way(first: Report, this: Report, name: str) -> None:
    """Raise ShopError where a piece was understood otherwise than the first one."""
    ways = []
    for report in (first, this):
        roles = report.mapping[["table", "role", "column"]]
        roles = roles[~roles["role"].isin(PEOPLE)]  # who somebody is, is not written
        decided = {found for said in report.remarks for found in _DECIDED.findall(said)}
        ways.append((set(roles.itertuples(index=False, name=None)), decided))
    if ways[0] == ways[1]:
        return
    other = sorted(map(str, (ways[0][0] ^ ways[1][0]) | (ways[0][1] ^ ways[1][1])))
    raise ShopError(
        f"a later part of the file would be read otherwise than its beginning: {other[0]}",
        file=name,
        expected="the same columns, the same order of day and month, the same decimal sign",
        remedy="say it: columns={...}, day_first=True or False, decimal='.' or ','",
    )


def _summed(name: str, reports: list[Report]) -> Report:
    fates = pd.concat([report.fates for report in reports])
    fates = fates.groupby(["source", "fate", "reason"], sort=False, as_index=False)["rows"].sum()
    fates["source"] = name
    remarks = list(reports[0].remarks)
    if len(reports) > 1:
        remarks = [
            f"read in {len(reports)} pieces; numbers in the sentences here are those of the first "
            "one; what stands in two pieces was not brought together",
            *remarks,
        ]
    shapes: dict[str, list[str]] = {}
    for said in (said for report in reports for said in report.warnings):
        shapes.setdefault(_FIGURES.sub("#", said), []).append(said)
    warnings = [
        said if not others else f"{said} (And so in {counted(len(others), 'other piece')}.)"
        for said, *others in shapes.values()
    ]
    return replace(
        reports[0],
        source=name,
        rows=sum(report.rows for report in reports),
        fates=fates,
        remarks=tuple(remarks),
        warnings=tuple(warnings),
    )
