"""The leak lab of chapter 02: features that look a number of days into the target's window."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from helpers import evaluation, features, models, plots, targets
from helpers.shop import Shop
from helpers.widgets.kit import Explorer, View

STEPS = 7  # of the slider, from the cut-off to the end of the target's window
CUSTOMERS = (
    6_000  # drawn at random from larger shops, so that a position takes a fraction of a second
)
GROUPS = {
    "every feature": None,
    "purchases only": ["recency", "never_bought", "frequency", "monetary"],
    "visits only": ["visits", "visit_recency", "visit_rate", "seconds", "carts", "abandoned_carts"],
}


class Bench:
    """Half of the customers teach a model whose features end `days` after the cut-off; the other
    half judge it: offline, with features made in the same way, and in service, one horizon later,
    with what is known then.

    Raises ValueError like `targets.high_value`: the shop must reach two horizons beyond the
    cut-off.
    """

    def __init__(self, store: Shop, cut_off: pd.Timestamp, horizon: pd.Timedelta):
        self.store, self.cut_off, self.horizon = _sample(store), pd.Timestamp(cut_off), horizon
        self.categories = features.browsed_categories(self.store, self.cut_off)
        self.service = self._features(self.cut_off + horizon)
        learners = np.random.default_rng(0).permutation(self.service.index)[::2]
        now, later = (
            targets.high_value(self.store, day, horizon)
            for day in (self.cut_off, self.cut_off + horizon)
        )
        self.learn = now[now.index.isin(learners)]
        self.test = now[~now.index.isin(learners)]
        self.served = later[~later.index.isin(learners)]
        self.table = lru_cache(maxsize=None)(self._table)
        self.predictions = lru_cache(maxsize=None)(self._predictions)
        self.scored: set[tuple[str, str]] = set()  # curves that are there already

    @property
    def step(self) -> int:
        """Days between two positions of the slider."""
        return max(1, self.horizon.days // STEPS)

    @property
    def positions(self) -> range:
        """The days past the cut-off at which features may end: 0, 26, … up to the horizon."""
        return range(0, self.horizon.days + 1, self.step)

    def curve(self, algorithm: str, group: str) -> pd.DataFrame:
        """AUC `offline` and `in service`, by the days that the features look ahead."""
        rows = {}
        for days in self.positions:
            offline, service = self.predictions(days, algorithm, group)
            rows[days] = roc_auc_score(self.test, offline), roc_auc_score(self.served, service)
        self.scored.add((algorithm, group))
        return pd.DataFrame.from_dict(rows, orient="index", columns=["offline", "in service"])

    def _table(self, days: int) -> pd.DataFrame:
        return self._features(self.cut_off + pd.Timedelta(days=days))

    def _features(self, day: pd.Timestamp) -> pd.DataFrame:
        return features.build(self.store, day, categories=self.categories)

    def _predictions(self, days: int, algorithm: str, group: str) -> tuple[np.ndarray, np.ndarray]:
        table = self.table(days)
        columns = [
            name for name in GROUPS[group] or table if name in table and table[name].notna().any()
        ]
        if not columns:
            raise ValueError(f"This shop has no column for {group!r}.")
        with threadpool_limits(limits=1):
            model = models.model(algorithm).fit(table.loc[self.learn.index, columns], self.learn)
            return tuple(
                model.predict_proba(rows[columns])[:, 1]
                for rows in (table.loc[self.test.index], self.service.loc[self.served.index])
            )


def leak_lab(
    store: Shop, cut_off: str | pd.Timestamp, horizon: str | pd.Timedelta = targets.HALF_YEAR
) -> Explorer:
    """An explorer whose slider moves the end of the features past the start of the target's window
    [cut_off, cut_off + horizon): who will be of high value, by AUC offline and in service.

    Of a shop with more than 6,000 customers it takes that many at random. Raises ValueError where
    the shop does not reach two horizons beyond the cut-off.
    """
    bench = Bench(store, features.cutoff(cut_off), pd.Timedelta(horizon))

    def draw(days, algorithm, group) -> View:
        curve = bench.curve(algorithm, group)
        offline, service = curve.loc[days]
        table = pd.DataFrame(
            {
                "AUC": {
                    "offline: features made the same way": offline,
                    "in service: what is known on the day": service,
                    "in service, if nothing had leaked": curve.loc[0, "in service"],
                }
            }
        )
        alt = (
            f"Features that look {days} days into a window of {bench.horizon.days}: AUC offline "
            f"and in service, by days."
        )
        honest = curve.loc[0, "in service"]
        verdict = f"Offline {offline:.2f}, in service {service:.2f}."
        if days:
            verdict = (
                f"The features look {days} days ahead: offline {offline:.2f}, but in service "
                f"{service:.2f} (without the leak {honest:.2f})."
            )
        if service > honest + 0.005:
            verdict += " A leak need not lower the score in service; the offline score is untrue."
        return View(picture(curve, days, bench), table, alt, verdict)

    def later(days, algorithm, group) -> pd.DataFrame:
        offline, service = bench.predictions(days, algorithm, group)
        honest = bench.predictions(0, algorithm, group)[1]
        found = {
            "AUC offline": evaluation.interval(roc_auc_score, bench.test, offline),
            "AUC in service": evaluation.interval(roc_auc_score, bench.served, service),
            "what the leak costs in service": evaluation.difference(
                roc_auc_score, bench.served, service, honest
            ),
        }
        ends = {"estimate": "estimate", "low": "from", "high": "to (95 %)"}
        return pd.DataFrame({name: found[name]._asdict() for name in found}).T.rename(columns=ends)

    wide = {"description_width": "80px"}
    controls = {
        "days": widgets.IntSlider(
            0,
            min=0,
            max=bench.positions[-1],
            step=bench.step,
            description="days ahead",
            style=wide,
            continuous_update=False,
        ),
        "algorithm": widgets.Dropdown(
            options=["logistic regression", "random forest", "xgboost"],
            description="algorithm",
            style=wide,
        ),
        "group": widgets.Dropdown(options=list(GROUPS), description="features", style=wide),
    }

    def heavy(days, algorithm, group) -> bool:
        return (algorithm, group) not in bench.scored

    # the first picture is made at once, so that a page without a kernel has it
    bench.curve(controls["algorithm"].value, controls["group"].value)
    half = bench.positions[len(bench.positions) // 2]
    examples = {
        "no leak": {"days": 0},
        "half of the window": {"days": half},
        "all of it": {"days": bench.positions[-1]},
    }
    title = "High value: how well is it predicted?"
    return Explorer(controls, draw, later, heavy, title, examples)


def picture(curve: pd.DataFrame, days: int, bench: Bench) -> Figure:
    """Above, which time features and target cover; below, both scores at every position."""
    figure = Figure(figsize=(8.6, 4.6))
    figure.subplots_adjust(left=0.1, right=0.86, bottom=0.12, top=0.93, hspace=0.42)
    time, scores = figure.subplots(2, 1, height_ratios=[1, 2.4])
    horizon = bench.horizon.days
    time.barh(
        ["target", "features"],
        [horizon, days + 0.6 * horizon],
        left=[0, -0.6 * horizon],
        height=0.6,
        color=[plots.ORANGE, plots.BLUE],
    )
    if days:
        time.axvspan(0, days, color=plots.RED, alpha=0.25, linewidth=0)
    time.axvline(0, color=plots.BLACK, linewidth=1.2)
    time.set_xlim(-0.6 * horizon, horizon)
    time.grid(False)
    seen = f"the features see {days} of the target's {horizon} days" if days else "nothing leaks"
    time.set_title(f"Days from the cut-off: {seen}", loc="left", fontsize=11, fontweight="bold")
    for name, color in (("offline", plots.RED), ("in service", plots.BLUE)):
        scores.plot(curve.index, curve[name], color=color, marker="o", markersize=3, linewidth=1)
        scores.plot(
            [days], [curve.loc[days, name]], color=color, marker="o", markersize=10, clip_on=False
        )
        scores.text(horizon * 1.02, curve[name].iloc[-1], name, color=color, va="center")
    scores.axvline(days, color=plots.GRAY, linewidth=1, linestyle=":")
    scores.set(
        xlabel="days that the features look past the cut-off", ylabel="AUC", xlim=(-4, horizon)
    )
    scores.set_ylim(min(0.5, curve.min(axis=None) - 0.03), 1.02)
    return figure


def _sample(store: Shop) -> Shop:
    """The shop, or its rows of `CUSTOMERS` customers drawn at random."""
    ids = store.purchases["customer_id"]
    if store.visits is not None:
        ids = pd.concat([ids, store.visits["customer_id"]])
    ids = np.sort(ids.dropna().unique())
    if len(ids) <= CUSTOMERS:
        return store
    kept = np.random.default_rng(0).choice(ids, CUSTOMERS, replace=False)
    tables = {name: table[table["customer_id"].isin(kept)] for name, table in store.tables.items()}
    return replace(store, **tables)
