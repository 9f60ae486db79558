"""A model at work: train, save, refuse, score every night, watch, roll out.

    model = production.train(store, "2025-10-01", owner="you")
    production.save(model, "my_model.skops")
    scores = production.score(production.load("my_model.skops"), store, "2025-10-01")

or, without a notebook, `uv run python -m helpers.production --help`. The same for new customers,
one at a time: `train_online`, and `helpers.service` over HTTP.
"""

from helpers.errors import ModelError
from helpers.production.card import Card
from helpers.production.drift import Drift, drift, psi, psi_by_chance
from helpers.production.health import Health, common_shock, health, retrain
from helpers.production.model import Model, Taste, category_counts, last_day, train
from helpers.production.online import SLOTS, Online, Recommended, train_online
from helpers.production.parts import Written
from helpers.production.report import report
from helpers.production.rollout import Verdict, ab, between, canary, groups, shadow
from helpers.production.scoring import contributions, inputs, reasons, run_id, score
from helpers.production.storage import TRUSTED, load, save
from helpers.production.warehouse import define_scores
from helpers.production.writing import batch, read_scores

__all__ = [
    "SLOTS",
    "TRUSTED",
    "Card",
    "Drift",
    "Health",
    "Model",
    "ModelError",
    "Online",
    "Recommended",
    "Taste",
    "Verdict",
    "Written",
    "ab",
    "batch",
    "between",
    "canary",
    "category_counts",
    "common_shock",
    "contributions",
    "define_scores",
    "drift",
    "groups",
    "health",
    "inputs",
    "last_day",
    "load",
    "psi",
    "psi_by_chance",
    "read_scores",
    "reasons",
    "report",
    "retrain",
    "run_id",
    "save",
    "score",
    "shadow",
    "train",
    "train_online",
]
