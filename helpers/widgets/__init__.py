"""Explorers for the chapters, made with one kit."""

from helpers.widgets.algorithms import algorithm_explorer
from helpers.widgets.kit import Explorer, View
from helpers.widgets.review import ReviewForm, load_answers
from helpers.widgets.saving import SaveBar
from helpers.widgets.segments import segment_explorer
from helpers.widgets.workbench import Workbench

__all__ = [
    "Explorer",
    "ReviewForm",
    "SaveBar",
    "View",
    "Workbench",
    "algorithm_explorer",
    "load_answers",
    "segment_explorer",
]
