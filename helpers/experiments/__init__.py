"""Experiments: planned, assigned, checked, read, and what can be known before one."""

from helpers.experiments.assignment import RatioCheck, assign, check_ratio

__all__ = ["RatioCheck", "assign", "check_ratio"]
