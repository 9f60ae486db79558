"""The explorer of chapter 05: features, transformation, algorithm and k, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score, silhouette_score

from helpers import plots, segments
from helpers.errors import counted
from helpers.widgets.kit import Explorer, View

AXES = ["monetary", "recency", "category_interest_score", "frequency"]  # which to draw, if chosen
ALGORITHMS = {"KMeans": "kmeans", "Ward (hierarchical)": "ward", "Gaussian mixture": "mixture"}
UNITS = {
    "monetary": "monetary (money spent)",
    "recency": "recency (days since the last order)",
    "frequency": "frequency (orders)",
    "category_interest_score": "category_interest_score (0 to 1)",
}
MOST = 10  # segments
# as many colors: the course's eight, and two that differ from them in lightness too
COLORS = [*plots.PALETTE, "#F0E442", "#882255"]
TRANSFORMS = {"log1p + standardize": "log", "standardize": "standardize", "raw units": "raw"}
TRANSFORM_WORDS = {value: words for words, value in TRANSFORMS.items()}
LARGEST_TREE = 5_000  # customers: Ward's memory grows with the square of them


def segment_explorer(
    frame: pd.DataFrame, truth: pd.Series | None = None, chosen: list[str] | None = None
) -> SegmentExplorer:
    """An explorer of the segments of `frame` (customers × numeric features, none missing), at first
    by the features `chosen` (all of them).

    Beyond 5,000 customers it shows a random 5,000 of them. With `truth` (a label per row) it also
    shows the adjusted Rand index to it. Raises ValueError on missing values.
    """
    explorer = SegmentExplorer()
    explorer.take(frame, truth, chosen)
    return explorer


class SegmentExplorer(Explorer):
    """`segment_explorer` before it has customers: `take` gives it some, or others.

    `plain` is for people who do not know the words: "groups" in place of k, the verdict without the
    transformation, no slower figures, the table folded.
    """

    def __init__(self, plain: bool = False) -> None:
        self._plain = plain
        wide = {"description_width": "120px" if plain else "80px"}
        controls = {
            "features": widgets.SelectMultiple(
                description="made from" if plain else "features",
                style=wide,
                tooltip="hold Ctrl (Cmd on a Mac) to choose several",
            ),
            "transform": widgets.Dropdown(
                options=TRANSFORMS,
                value="log",
                description="numbers as" if plain else "transform",
                style=wide,
            ),
            "algorithm": widgets.Dropdown(
                options=ALGORITHMS,
                value="kmeans",
                description="way" if plain else "algorithm",
                style=wide,
            ),
            "k": widgets.IntSlider(
                4,
                min=1,
                max=MOST,
                description="how many groups" if plain else "segments k",
                style=wide,
                continuous_update=False,
            ),
        }
        super().__init__(controls, title="Segments, largest first: medians", folded=plain)

    def take(
        self,
        frame: pd.DataFrame,
        truth: pd.Series | None = None,
        chosen: list[str] | None = None,
    ) -> None:
        """Show these customers from now on, with the setting of the start; arguments as those of
        `segment_explorer`."""
        names = list(frame.columns)
        draw, later, heavy = _functions(frame, truth, self._plain)
        self.show(
            draw,
            None if self._plain else later,
            heavy,
            features={
                "options": names,
                "value": tuple(chosen or names),
                "rows": min(len(names), 6),
            },
            transform={"value": "log"},
            algorithm={"value": "kmeans"},
            k={"value": 4},
        )


def _functions(
    frame: pd.DataFrame, truth: pd.Series | None, plain: bool = False
) -> tuple[Callable[..., View], Callable[..., pd.DataFrame], Callable[..., bool]]:
    """What the explorer draws of these customers, what comes later, and which drawing is heavy."""
    if frame.isna().any(axis=None):
        raise ValueError("some values are missing: leave those customers out, or fill them, first")
    if len(frame) > LARGEST_TREE:
        frame = frame.sample(LARGEST_TREE, random_state=0)
        truth = None if truth is None else truth.loc[frame.index]

    warned = {name: segments.nearly_constant(frame[[name]]) for name in frame}

    @lru_cache(maxsize=16)
    def tree(features: tuple[str, ...], transform: str) -> np.ndarray:
        X = segments.transformer(transform).fit_transform(frame[list(features)])
        return linkage(np.asarray(X), method="ward")

    trees: set[tuple] = set()  # those already grown, so that the next cut follows at once

    @lru_cache(maxsize=64)
    def label(features: tuple[str, ...], transform: str, algorithm: str, k: int) -> np.ndarray:
        if not features:
            raise ValueError("Choose at least one feature.")
        if algorithm != "ward":
            return segments.assign(frame[list(features)], k, transform, algorithm)
        labels = fcluster(tree(features, transform), k, criterion="maxclust") - 1
        trees.add((features, transform))
        return segments.by_size(labels)

    def draw(features, transform, algorithm, k) -> View:
        labels = label(features, transform, algorithm, k)
        table = segments.profile(frame[list(features)], labels)
        figure = picture(frame, labels, features)
        sizes = ", ".join(f"{share:.0%}" for share in table["share"])
        alt = f"Customers colored by {counted(k, 'segment')}; shares of customers: {sizes}."
        if transform != "raw":
            alt = " ".join([alt, *(said for name in features for said in warned[name])])
        share = table["share"]
        parts = counted(len(table), "group" if plain else "segment")
        made_of = parts if plain else f"{parts} ({TRANSFORM_WORDS[transform]})"
        verdict = (
            f"{made_of}: the largest holds "
            f"{share.max():.0%} of the customers, the smallest {share.min():.0%}."
            if len(table) > 1
            else f"One {'group' if plain else 'segment'} holds everybody."
        )
        if truth is not None:
            verdict += f" ARI to the truth: {adjusted_rand_score(truth, labels):.2f}."
        return View(figure, table, alt, verdict)

    def later(features, transform, algorithm, k) -> pd.DataFrame:
        chosen = frame[list(features)]
        labels = label(features, transform, algorithm, k)
        X = np.asarray(segments.transformer(transform).fit_transform(chosen))
        rows = {}
        if len(np.unique(labels)) > 1:
            sample = min(len(X), 2_000)
            score = silhouette_score(X, labels, sample_size=sample, random_state=0)
            rows["silhouette (−1 to 1)"] = score
            few = chosen if len(chosen) <= 2_000 else chosen.sample(2_000, random_state=0)
            again = segments.stability(few, k, transform, algorithm, repeats=5)
            rows["stability: ARI of two halves, mean of 5"] = again.mean()
        if truth is not None:
            rows["ARI to the truth"] = adjusted_rand_score(truth, labels)
        if not rows:
            raise ValueError("One segment holds everybody: there is nothing to score.")
        return pd.DataFrame({"value": rows})

    def heavy(features, transform, algorithm, k) -> bool:
        ungrown = algorithm == "ward" and (features, transform) not in trees
        return bool(features) and (ungrown or algorithm == "mixture")

    return draw, later, heavy


def picture(frame: pd.DataFrame, labels: np.ndarray, features: tuple[str, ...]) -> Figure:
    """A scatter of two of the chosen features, colored by segment (of a single one, how many
    customers have which value), and bars of the shares."""
    drawn = [name for name in AXES if name in features]
    drawn = (drawn + [name for name in features if name not in drawn])[:2]
    figure = Figure(figsize=(8.6, 3.8))
    figure.subplots_adjust(left=0.08, right=0.98, bottom=0.14, top=0.9, wspace=0.3)
    ax, bars = figure.subplots(1, 2, width_ratios=[2.2, 1])
    colors = COLORS[: labels.max() + 1]
    x = frame[drawn[0]].to_numpy()
    ax.set_xlabel(UNITS.get(drawn[0], plots.label(drawn[0])))
    if len(drawn) > 1:
        _scatter(ax, x, frame[drawn[1]].to_numpy(), labels, colors)
        ax.set_ylabel(UNITS.get(drawn[1], plots.label(drawn[1])))
    else:
        _histogram(ax, x, labels, colors)
    shares = np.bincount(labels) / len(labels)
    bars.barh([f"segment {i}" for i in range(len(shares))], shares * 100, color=colors)
    bars.invert_yaxis()
    bars.set(xlabel="% of customers")
    bars.set_title("Sizes", loc="left", fontsize=11)
    return figure


def _scatter(ax: Axes, x: np.ndarray, y: np.ndarray, labels: np.ndarray, colors: list[str]) -> None:
    # drawn in turns, so that no segment lies over the others; `plot` stamps points, `scatter` draws
    for turn in np.array_split(np.random.default_rng(0).permutation(len(x)), 4):
        for segment, color in enumerate(colors):
            rows = turn[labels[turn] == segment]
            ax.plot(x[rows], y[rows], linestyle="", marker="o", markersize=2, mew=0, color=color)
    for axis, values in ((ax.xaxis, x), (ax.yaxis, y)):
        if _wide(values):
            getattr(ax, f"set_{axis.axis_name}scale")("symlog", linthresh=1)
            axis.set_major_formatter("{x:,.0f}")
    ax.set_title("Each point a customer", loc="left", fontsize=11)


def _histogram(ax: Axes, x: np.ndarray, labels: np.ndarray, colors: list[str]) -> None:
    parts = [x[labels == segment] for segment in range(len(colors))]
    edges = np.linspace(x.min(), x.max(), 41)
    if _wide(x):
        edges = np.expm1(np.linspace(np.log1p(x.min()), np.log1p(x.max()), 41))
    ax.hist(parts, bins=list(edges), stacked=True, color=colors)
    if _wide(x):
        ax.set_xscale("symlog", linthresh=1)
        ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylabel("customers")
    ax.set_title("How many customers have which value", loc="left", fontsize=11)


def _wide(values: np.ndarray) -> bool:
    """Whether values span powers of ten, as counts, days and money do."""
    return bool(values.min() >= 0 and values.max() > 50)
