"""Experiments: planned, assigned, checked and read; and what can be known before one.

`treated` is one true or false per customer everywhere; a `propensity` is the probability with which
that was drawn.
"""

from helpers.experiments.assignment import RatioCheck, assign, check_ratio
from helpers.experiments.cuped import cuped
from helpers.experiments.effects import Effect, compare, compare_ratio
from helpers.experiments.off_policy import Value, doubly_robust, effective_size, ips, snips
from helpers.experiments.power import Plan, arm_size, detectable, detectable_mean, plan
from helpers.experiments.reading import ExperimentError, campaign_arms, outcomes, read_out
from helpers.experiments.sequential import AlwaysValid, always_valid, running
from helpers.experiments.uplift import DRLearner, TLearner, qini, qini_curve

__all__ = [
    "AlwaysValid",
    "DRLearner",
    "Effect",
    "ExperimentError",
    "Plan",
    "RatioCheck",
    "TLearner",
    "Value",
    "always_valid",
    "arm_size",
    "assign",
    "campaign_arms",
    "check_ratio",
    "compare",
    "compare_ratio",
    "cuped",
    "detectable",
    "detectable_mean",
    "doubly_robust",
    "effective_size",
    "ips",
    "outcomes",
    "plan",
    "qini",
    "qini_curve",
    "read_out",
    "running",
    "snips",
]
