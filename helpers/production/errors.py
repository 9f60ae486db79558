"""The one error of a model at work."""


class ModelError(Exception):
    """A model that must not be used, or not with this shop: one sentence that says why."""
