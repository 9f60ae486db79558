"""Explorers for the chapters, made with one kit."""

from helpers.widgets.kit import Explorer, View

__all__ = ["Explorer", "View"]
