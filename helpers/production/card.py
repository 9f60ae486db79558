"""The model card: what a model is for, where it comes from, how good it was, and when it ends."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass, field, fields
from importlib import metadata

import numpy as np
import pandas as pd
from packaging.version import Version
from sklearn.metrics import roc_auc_score

from helpers import evaluation, quote
from helpers.errors import ModelError
from helpers.shop import EVENT_TIME, RECORDED_LATER, Shop

FORMAT = 1
PACKAGES = ["scikit-learn", "skops", "numpy", "pandas"]
DRAWS = 50
GROUPS = ["age_band", "region", "acquisition_channel"]
FEWEST = 100  # customers in a subgroup that gets a row
RULE = (
    "when two windows in a row end with an alarm on what the model promised, or when a "
    "challenger wins the A/B test; in any case not after the day below."
)


@dataclass(frozen=True)
class Card:
    """What must be known about a model before it is used (after Mitchell et al. 2019, "Model
    cards").

    Times are ISO dates in the shop's local time. `scores`: estimate and 95 % interval by customer
    on the later cut-off, by a model that had seen the earlier one only; `subgroups` and
    `calibration` are rows of the same test.
    """

    name: str
    owner: str
    shop: str
    first_order: str
    as_of: str
    cutoffs: list[str]
    horizon_days: int
    rows: int
    features: list[str]
    categories: list[str]
    scores: dict[str, list[float]]
    calibration: list[dict]
    subgroups: list[dict]
    data_sha256: str
    versions: dict[str, str]
    retire_on: str
    retire_rule: str = RULE
    use: str = (
        "To rank known customers for a message, and to count on how many will order. Its "
        "segments are KMeans clusters of those who bought (chapter 05); their numbers are only "
        "names."
    )
    not_for: str = (
        "Prices, credit, or saying what a message changes: a propensity is no effect (chapter 06)."
    )
    format: int = FORMAT
    # what tells the shop from others (`likeness`); cards of earlier versions keep neither
    customers: str = ""
    highs: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        """The card as JSON text."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read a card. Raises ModelError where it is none, or of another format."""
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise ModelError(
                    f"the card has format {content['format']!r}, this version reads {FORMAT}: "
                    "train anew"
                )
            content = {"customers": "", "highs": {}} | content
            card = cls(**{each.name: content[each.name] for each in fields(cls)})
            for day in (card.as_of, card.retire_on, *card.cutoffs):
                pd.Timestamp(day)
            for package in PACKAGES:
                Version(card.versions.get(package, "0"))
            return card
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"the model's card cannot be read ({error}): train anew") from error

    def markdown(self) -> str:
        """The card as a page to be read."""
        scores = pd.DataFrame(
            [(name, evaluation.Interval(*value).text()) for name, value in self.scores.items()],
            columns=["score on the test window", "estimate [95 %]"],
        )
        said = {name: quote.markdown(value) for name, value in asdict(self).items()}
        snapshots = " and ".join(map(quote.markdown, self.cutoffs))
        parts = [
            f"### Model card: {said['name']}",
            f"**Owner** {said['owner']}. **For** {said['use']} **Not for** {said['not_for']}",
            f"**Data** shop '{said['shop']}', orders from {said['first_order']} on, before "
            f"{said['as_of']}; snapshots at {snapshots}, the window is "
            f"{said['horizon_days']} days; {self.rows:,} rows, {len(self.features)} features. "
            f"SHA-256 of the data {said['data_sha256'][:12]}…",
            _table(scores),
            *_section("**Calibration** (ten groups by predicted propensity)", self.calibration),
            *_section("**Subgroups**", self.subgroups),
            f"**Retire** {said['retire_rule']} **Last day** {said['retire_on']}.",
            "**Made with** "
            + ", ".join(quote.markdown(f"{name} {value}") for name, value in self.versions.items()),
        ]
        return "\n\n".join(parts) + "\n"


def evidence(X: pd.DataFrame, y: np.ndarray, p: np.ndarray, store: Shop) -> dict:
    """Scores, calibration and subgroups of predictions p (n,) for outcomes y (n,) of bool: fields
    of a card."""
    known = evaluation.SCORES | evaluation.PROBABILITY_SCORES
    scores = {
        name: list(evaluation.interval(known[name], y, p, draws=DRAWS))
        for name in ("AUC", "average precision", "Brier score", "calibration error")
    }
    one = X["frequency"].to_numpy(dtype=float)
    gain = evaluation.difference(roc_auc_score, y, p, one, draws=DRAWS)
    scores["AUC minus that of the number of orders"] = list(gain)
    scores["share that ordered"] = list(evaluation.proportion_interval(int(y.sum()), len(y)))
    calibration = evaluation.calibration_table(y, p).round(4).reset_index().to_dict("records")
    return {"scores": scores, "calibration": calibration, "subgroups": subgroups(X, y, p, store)}


def subgroups(X: pd.DataFrame, y: np.ndarray, p: np.ndarray, store: Shop) -> list[dict]:
    """A row per group of at least 100 customers: how many, predicted and observed share, AUC.

    Groups by what the shop knows of its customers; for a shop that knows nothing, by orders so far.
    """
    table = pd.DataFrame({"y": y, "p": p}, index=X.index)
    orders = pd.cut(
        X["frequency"], [-1, 0, 1, 4, np.inf], labels=["none", "one", "2 to 4", "5 and more"]
    )
    by = {"orders so far": orders}
    if store.customers is not None:
        people = store.customers.drop_duplicates("customer_id").set_index("customer_id")
        people = people.reindex(X.index)
        by |= {
            name: people[name].fillna("(missing)") for name in GROUPS if people[name].notna().any()
        }
    rows = []
    for name, groups in by.items():
        for group, part in table.groupby(groups, observed=True):
            if len(part) < FEWEST:
                continue
            found = evaluation.proportion_interval(int(part["y"].sum()), len(part))
            row = {
                "by": name,
                "group": group,
                "customers": len(part),
                "predicted": part["p"].mean(),
            }
            row |= {"observed": found.estimate, "low": found.low, "high": found.high}
            row["AUC"] = roc_auc_score(part["y"], part["p"]) if 0 < part["y"].mean() < 1 else None
            rows.append({k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()})
    return rows


def fingerprint(store: Shop, as_of: pd.Timestamp) -> str:
    """SHA-256 of everything the shop recorded before `as_of`, whatever the order of its rows."""
    digest = hashlib.sha256()
    for name, table in store.tables.items():
        past = table[table[EVENT_TIME[name]] < as_of]
        late = {c: past[c].where(past[c] < as_of) for c in RECORDED_LATER if c in past}
        rows = np.sort(pd.util.hash_pandas_object(past.assign(**late), index=False).to_numpy())
        digest.update(f"{name} {len(rows)}".encode() + rows.tobytes())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Python and the packages that a saved model depends on."""
    return {"Python": platform.python_version()} | {p: metadata.version(p) for p in PACKAGES}


def _section(title: str, rows: list[dict]) -> list[str]:
    return [title, _table(pd.DataFrame(rows))] if rows else []


def _table(frame: pd.DataFrame) -> str:
    """A Markdown table; figures with two digits."""

    def cell(value: object) -> str:
        if isinstance(value, float):
            return f"{value:.2f}"
        return quote.markdown(f"{value:,}" if isinstance(value, int) else value)

    lines = ["| " + " | ".join(map(cell, frame.columns)) + " |", "|" + "---|" * frame.shape[1]]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in frame.itertuples(index=False)]
    return "\n".join(lines)
