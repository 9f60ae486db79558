"""Explorers for the chapters, made with one kit."""

from helpers.widgets.kit import Explorer, View
from helpers.widgets.review import ReviewForm, load_answers
from helpers.widgets.segments import segment_explorer

__all__ = ["Explorer", "ReviewForm", "View", "load_answers", "segment_explorer"]
