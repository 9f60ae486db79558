"""Other people's files become a `Shop`."""

from helpers.shop.reading.reader import column_names, read

__all__ = ["column_names", "read"]
