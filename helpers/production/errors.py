"""The one error of a model at work."""

from helpers.shop.errors import ReaderError


class ModelError(ReaderError):
    """A model that must not be used, or not with this shop: one sentence that says why."""
