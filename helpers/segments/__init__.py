"""Customer segments: clustering, which k, is it stable, what a segment looks like.

Labels are whole numbers from 0. Every model is a scikit-learn pipeline, so that what it learns
(means, spreads, centers) it learns in `fit`.
"""

from helpers.segments.at_scale import define_labels
from helpers.segments.choosing import choose_k, gap, inertias, knee, stability
from helpers.segments.clustering import Ward, assign, by_size, match, model, transformer
from helpers.segments.own import (
    FEATURES,
    FEWEST,
    NoSegments,
    customer_table,
    first_choice,
    offered,
)
from helpers.segments.profiles import nearly_constant, profile, standardized_profile
from helpers.segments.review import Review, kappa, nearest_card, prepare_review
from helpers.segments.rfm import define_rfm_groups, rfm_groups
from helpers.segments.twins import copula_twin, latent_correlation, permuted_twin
from helpers.segments.usefulness import Usefulness, usefulness

__all__ = [
    "FEATURES",
    "FEWEST",
    "NoSegments",
    "Review",
    "Usefulness",
    "Ward",
    "assign",
    "by_size",
    "choose_k",
    "copula_twin",
    "customer_table",
    "define_labels",
    "define_rfm_groups",
    "first_choice",
    "gap",
    "inertias",
    "kappa",
    "knee",
    "latent_correlation",
    "match",
    "model",
    "nearest_card",
    "nearly_constant",
    "offered",
    "permuted_twin",
    "prepare_review",
    "profile",
    "rfm_groups",
    "stability",
    "standardized_profile",
    "transformer",
    "usefulness",
]
