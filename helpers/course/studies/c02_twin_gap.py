"""c02: the copula-twin gap tells segments from correlation, and finds k.

Five ways to choose k. The rule of `segments.choose_k` was settled on twelve designs: six hold no
segments, six hold two, four or six. Two of them show the method's limits: a curved cloud has no
segments and no copula twin bends like it; two groups that show in one column alone are in that
column of the twin, too. Ten more designs were written down when the rule was frozen
(`designs.held_out`): heavy tails, unequal sizes, unlike spreads among them.
"""

from collections.abc import Collection
from functools import lru_cache, partial

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from helpers import evaluation, features, segments
from helpers.course import studies
from helpers.course.studies import designs, journey

CLAIM = (
    "the copula-twin gap tells segments from correlation and finds k, where the elbow cannot "
    "say none"
)
EXPECTED = (
    "right more often than elbow, silhouette, BIC and the uniform gap, paired over all designs"
)
KIND = "test"
CHAPTER = "05"
SEEDS = range(1000, 1030)
DRAWS = 30
KEPT = 0.8  # of the households, drawn without replacement
DRAWN = {"tuned": designs.TUNED, "held out": designs.HELD_OUT}
TRUE_K = {world: k for only in DRAWN.values() for world, k in only.items()}
METHODS = ["elbow", "silhouette", "BIC", "uniform gap", "twin gap"]
RIVALS = METHODS[:-1]


def right(method: str, only: list[str]) -> dict:
    """The terms of the share of the designs `only` with the right k."""
    return studies.average(*[studies.alone(world, method, "right") for world in only])


CONTRASTS = {
    f"{name}, {kind}": studies.Contrast(
        "share with the right k, twin gap minus uniform gap, its strongest rival",
        studies.total(
            right("twin gap", part), studies.total(right("uniform gap", part), weight=-1)
        ),
        above=0.0,
        form="+.2f",
    )
    for name, only in DRAWN.items()
    for kind, part in (
        ("no segments", [world for world, k in only.items() if k == 1]),
        ("segments", [world for world, k in only.items() if k > 1]),
    )
}
WAS = "partly"
HISTORY = (
    "The gap statistic's own rule (start at k = 1) was measured first, on seeds 0 to 29: right in "
    "52 of 90 draws with four segments, because it stops at 1. The rule of `segments.choose_k` was "
    "settled on seeds 100 to 109, and the twin was corrected for ties on seeds 200 to 303; the "
    'expectation was reworded then. "Skewed, correlated" was drawn once more, by another factor of '
    "its covariance: the first draws came out differently on another processor. The rows are draws "
    "made after that. The rule is frozen; a replication on nine other designs found it right in "
    ".81 of those without segments (here .88) and finding k in .75 (here .81). Ten designs that it "
    "never saw were written down in `designs.held_out` when it was frozen, and drawn once, after "
    "that: the figures of the tuned designs are conditional on what the rule was settled on.",
)


def uniform_box(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The gap statistic's usual reference: uniform between each column's ends."""
    box = rng.uniform(frame.min(), frame.max(), size=frame.shape)
    return pd.DataFrame(box, columns=frame.columns)


def by_silhouette(X: np.ndarray) -> int:
    """The k from 2 to 10 with the best silhouette (Rousseeuw 1987); it cannot answer 1."""
    scores = {
        k: silhouette_score(X, KMeans(k, n_init=3, random_state=0).fit_predict(X))
        for k in range(2, 11)
    }
    return max(scores, key=scores.__getitem__)


def by_bic(X: np.ndarray) -> int:
    """The k from 1 to 10 whose Gaussian mixture (full covariances) has the lowest BIC."""
    mixtures = {k: GaussianMixture(k, max_iter=500, random_state=0) for k in range(1, 11)}
    scores = {k: mixture.fit(X).bic(X) for k, mixture in mixtures.items()}
    return min(scores, key=scores.__getitem__)


@lru_cache(maxsize=1)
def whole_year() -> pd.DataFrame:
    """The four features of each real household over its whole year."""
    return features.build(journey.real(), "2018-01-01")[segments.FEATURES]


def run(seed: int, only: Collection[str] = tuple(TRUE_K)) -> dict:
    """Each method's k for each design, or for those in `only`, and whether it is right."""
    result: dict[tuple[str, str, str], float] = {}
    with threadpool_limits(limits=1):
        data = designs.tuned(seed) | designs.held_out(seed)
        for world in only:
            frame, transform = data[world]
            X = segments.transformer(transform).fit_transform(frame)
            gap = partial(segments.gap, frame, transform=transform, references=10, seed=seed)
            twins, boxes = gap(), gap(uniform_box)
            chosen = {
                "elbow": segments.knee(segments.inertias(frame, transform=transform)),
                "silhouette": by_silhouette(X),
                "BIC": by_bic(X),
                "uniform gap": segments.choose_k(boxes),
                "twin gap": segments.choose_k(twins),
                "uniform gap, authors' rule": segments.choose_k(boxes, floor=0, first=1),
                "twin gap, authors' rule": segments.choose_k(twins, floor=0, first=1),
            }
            result |= {(world, method, "k"): k for method, k in chosen.items()}
            correct = {method: float(k == TRUE_K[world]) for method, k in chosen.items()}
            result |= {(world, method, "right"): yes for method, yes in correct.items()}
            result[world, "twin gap", "largest gap"] = twins["gap"].max()
    return result


def households(seed: int) -> dict:
    """The twin gap of 80 % of the real households, drawn without replacement: a bootstrap's doubles
    would be ties that are not there."""
    table = whole_year()
    if seed != studies.FULL:
        table = table.sample(frac=KEPT, random_state=seed)
    with threadpool_limits(limits=1):
        found = segments.gap(table, seed=max(seed, 0))
    return {
        (studies.REAL, "twin gap", "k"): segments.choose_k(found),
        (studies.REAL, "twin gap", "largest gap"): found["gap"].max(),
    }


def hits(rows: pd.DataFrame, method: str, only: list[str]) -> np.ndarray:
    """Share of the designs `only` with the right k, per seed."""
    return np.mean([studies.values(rows, world, method, "right") for world in only], axis=0)


def finding(rows: pd.DataFrame) -> studies.Finding:
    def share(method: str, only: list[str], less: str | None = None) -> evaluation.Interval:
        found = hits(rows, method, only)
        return evaluation.mean_interval(found if less is None else found - hits(rows, less, only))

    known = []
    for name, only in DRAWN.items():
        none = [world for world, k in only.items() if k == 1]
        some = [world for world, k in only.items() if k > 1]
        for method in ("twin gap", "uniform gap"):
            what = f"{name}: {method} says none where there is none"
            known.append(studies.Figure(what, share(method, none)))
            what = f"{name}: {method} finds k where there is one"
            known.append(studies.Figure(what, share(method, some)))
        for rival in ("elbow", "silhouette"):  # they cannot answer none
            what = f"{name}: finds k where there is one, twin gap minus {rival}"
            known.append(studies.Figure(what, share("twin gap", some, less=rival), "+.2f"))
        for rival in ("BIC", "uniform gap"):
            what = f"{name}: right in all designs, twin gap minus {rival}"
            known.append(studies.Figure(what, share("twin gap", list(only), less=rival), "+.2f"))
    for world in TRUE_K:
        figure = studies.count(f"twin gap right, {world}", hits(rows, "twin gap", [world]) > 0.5)
        if figure.interval.estimate < 0.9:
            known.append(figure)

    real = []
    chosen = studies.values(rows, studies.REAL, "twin gap", "k")
    for k in np.unique(chosen):
        real.append(studies.count(f"k = {k:.0f}", chosen == k))
    size = studies.interval(rows, studies.REAL, "twin gap", "largest gap", kept=KEPT)
    real.append(studies.Figure("largest gap", size))
    says_none = share("twin gap", [world for world, k in designs.HELD_OUT.items() if k == 1])
    return studies.Finding(
        "new kinds of files without segments: it says so for {}",
        studies.Figure("twin gap says none where there is none", says_none, ".0%"),
        known,
        real,
        note=f"A draw of the households is {KEPT:.0%} of them. Designs in which the twin gap was "
        "right in nine of ten draws or more are not listed.",
    )
