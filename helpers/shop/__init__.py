"""The tables of a shop: load a known one, read your own, see what became of every row."""

from helpers.errors import ShopError
from helpers.shop.customers import Customers
from helpers.shop.engine import Opened, open
from helpers.shop.known import load
from helpers.shop.reading import column_names, read
from helpers.shop.reading.converting import to_parquet
from helpers.shop.report import Entry, Report
from helpers.shop.tables import EVENT_TIME, RECORDED_LATER, REQUIRED, SCHEMA, Shop, conform

__all__ = [
    "EVENT_TIME",
    "RECORDED_LATER",
    "REQUIRED",
    "SCHEMA",
    "Customers",
    "Entry",
    "Opened",
    "Report",
    "Shop",
    "ShopError",
    "column_names",
    "conform",
    "load",
    "open",
    "read",
    "to_parquet",
]
