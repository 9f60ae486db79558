"""Explorers for the chapters, made with one kit."""

from helpers.widgets.algorithms import algorithm_explorer
from helpers.widgets.drift import drift_explorer
from helpers.widgets.experiments import experiment_planner, peeking_explorer
from helpers.widgets.imbalance import imbalance_explorer, threshold_explorer
from helpers.widgets.kit import Explorer, View
from helpers.widgets.leak_lab import leak_lab
from helpers.widgets.new_visitor import NewVisitorForm
from helpers.widgets.prior import prior_explorer
from helpers.widgets.review import ReviewForm, load_answers
from helpers.widgets.saving import SaveBar
from helpers.widgets.segments import segment_explorer
from helpers.widgets.warm_up import warm_up_explorer

__all__ = [
    "Explorer",
    "NewVisitorForm",
    "ReviewForm",
    "SaveBar",
    "View",
    "algorithm_explorer",
    "drift_explorer",
    "experiment_planner",
    "imbalance_explorer",
    "leak_lab",
    "load_answers",
    "peeking_explorer",
    "prior_explorer",
    "segment_explorer",
    "threshold_explorer",
    "warm_up_explorer",
]
