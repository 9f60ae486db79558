"""Parquet files: looked over by their own account before they are read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.errors import ShopError
from helpers.shop.reading import bounds
from helpers.shop.reading.cells import Source, empty_error, from_frame, unique

_VALUE = 8  # bytes that a value takes in memory at least, however often it repeats in the file


def read_parquet(path: Path) -> Source:
    """Read a Parquet file; columns of text stay in categories, as they are written.

    Raises:
        ShopError: It is none, is damaged, or is larger than what is opened.
        OSError: The file may not be read.
    """
    with path.open("rb") as file:
        meta = None
        try:
            meta = pq.read_metadata(file)
            bounds.check_columns(meta.num_columns, path.name)
            bounds.check_bytes(_unpacked(meta), path.name, bounds.MOST_BYTES)
            texts = [
                meta.schema.column(place).path
                for place in range(meta.num_columns)
                if meta.schema.column(place).physical_type == "BYTE_ARRAY"
            ]
            file.seek(0)
            # In categories a text that repeats a million times is kept once.
            table = pq.ParquetFile(file, read_dictionary=texts).read()
        except (ShopError, MemoryError):
            raise
        except Exception as error:  # damaged bytes end in errors of Arrow, JSON and more
            raise _damaged(path.name, meta_read=meta is not None) from error
    if table.num_columns == 0:
        raise empty_error(path.name)
    table = table.rename_columns(unique(table.column_names))
    for name, column in zip(table.column_names, table.columns, strict=True):
        _check_letters(column, name, path.name)
    # Arrow types: whole numbers beside missing ones would else become floats.
    frame = table.to_pandas(types_mapper=_kept, split_blocks=True)
    return from_frame(frame, path.name)


def _kept(kind: pa.DataType) -> pd.ArrowDtype | None:
    return None if pa.types.is_dictionary(kind) else pd.ArrowDtype(kind)


def _unpacked(meta: pq.FileMetaData) -> int:
    """The bytes that a file takes when it is read, as far as its own account tells."""
    chunks = [
        meta.row_group(group).column(place)
        for group in range(meta.num_row_groups)
        for place in range(meta.num_columns)
    ]
    return sum(max(chunk.total_uncompressed_size, _VALUE * chunk.num_values) for chunk in chunks)


def _check_letters(column: pa.ChunkedArray, name: str, file: str) -> None:
    """Raise where text is not UTF-8, which Parquet promises and some writers do not keep."""
    for chunk in column.chunks:
        texts = chunk.dictionary if pa.types.is_dictionary(chunk.type) else None
        if texts is not None and not pa.types.is_nested(texts.type):
            try:
                texts.validate(full=True)
            except pa.ArrowInvalid as error:
                raise ShopError(
                    "the text is not written in UTF-8",
                    file=file,
                    column=name,
                    expected="a Parquet file whose columns of text are UTF-8",
                    remedy="export it again, or export it as CSV and say encoding=...",
                ) from error


def _damaged(name: str, *, meta_read: bool) -> ShopError:
    return ShopError(
        "the Parquet file is damaged: its list of contents can be read, its columns cannot"
        if meta_read
        else "this is not a Parquet file, whatever its name",
        file=name,
        expected="a file written by to_parquet or an export",
        remedy="export it again; if it was cut off while copying, copy it again",
    )
