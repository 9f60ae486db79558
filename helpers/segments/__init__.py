"""Customer segments: clustering, which k, is it stable, what a segment looks like.

Labels are whole numbers from 0. Every model is a scikit-learn pipeline, so that what it learns
(means, spreads, centers) it learns in `fit`.
"""

from helpers.segments.choosing import choose_k, gap, inertias, knee, stability
from helpers.segments.clustering import Ward, match, model, transformer
from helpers.segments.profiles import profile, standardized_profile

FEATURES = ["recency", "frequency", "monetary", "category_interest_score"]

__all__ = [
    "FEATURES",
    "Ward",
    "choose_k",
    "gap",
    "inertias",
    "knee",
    "match",
    "model",
    "profile",
    "stability",
    "standardized_profile",
    "transformer",
]
