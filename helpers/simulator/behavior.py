"""The table of the segments chapter, four figures a customer, and its twins."""

import numpy as np
import pandas as pd

SEGMENTS = ("vip", "bargain", "new", "lapsed")
SHARES = (0.12, 0.30, 0.33, 0.25)
WIDTH = {"easy": 0.7, "normal": 1.0, "hard": 1.3}
FEATURES = ["recency", "frequency", "monetary", "category_interest_score"]


def customer_behavior(
    n: int = 4000, seed: int = 20_260_102, hardness: str = "normal"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw customers of four overlapping segments; return the table and the truth apart from it.

    Columns: customer_id, recency (days), frequency (orders), monetary (spend), and
    category_interest_score (0 to 1). The truth: customer_id, segment. `hardness` is easy, normal or
    hard: how wide the segments are. Raises ValueError for another word.
    """
    if hardness not in WIDTH:
        raise ValueError(f"hardness must be one of {', '.join(WIDTH)}, not {hardness!r}")
    w = WIDTH[hardness]
    rng = np.random.default_rng(seed)
    z = np.searchsorted(np.cumsum(SHARES)[:-1], rng.random(n), side="right")

    def by_segment(*values: float) -> np.ndarray:
        return np.array(values)[z]

    recency = rng.lognormal(np.log(by_segment(9, 28, 45, 230)), 0.55 * w)
    rate = rng.lognormal(np.log(by_segment(16, 6, 2, 2.2)), 0.30 * w)
    frequency = 1 + rng.poisson(np.maximum(rate - 1, 0))
    value = rng.lognormal(np.log(by_segment(95, 32, 70, 55)), 0.35 * w)
    interest = rng.beta(by_segment(9, 4, 7, 2) / w, by_segment(3, 6, 4, 7) / w)
    names = np.char.add("B", np.char.zfill(np.arange(1, n + 1).astype(str), 5))
    table = pd.DataFrame(
        {
            "customer_id": names,
            "recency": np.rint(recency).astype("int64"),
            "frequency": frequency.astype("int64"),
            "monetary": np.round(frequency * value, 2),
            "category_interest_score": np.round(interest, 3),
        }
    )
    return table, pd.DataFrame({"customer_id": names, "segment": np.array(SEGMENTS)[z]})


def dirty(frame: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Spoil a `customer_behavior` table as exports are spoiled; return it and what was done.

    40 rows stand twice as they are, 20 more come again with other figures, 30 have a negative
    monetary and 10 a negative recency, 60 lack recency and 60 interest, and one wholesaler orders
    900 times. The second table names each spoiled row: row (from 0), customer_id, flaw.
    """
    clean = frame.copy()
    pick = np.split(rng.permutation(len(clean))[:221], np.cumsum([40, 20, 30, 10, 60, 60]))
    twice, changed, refunds, future, unseen, unscored, wholesaler = pick
    names = clean["customer_id"].to_numpy()
    again = clean.iloc[changed].assign(
        frequency=lambda t: t["frequency"] + 1, monetary=lambda t: (t["monetary"] * 1.2).round(2)
    )
    spoiled = clean.astype({"recency": "float64"})
    spoiled.iloc[refunds, 3] *= -1
    spoiled.iloc[future, 1] = -1 - spoiled.iloc[future, 1]
    spoiled.iloc[unseen, 1] = np.nan
    spoiled.iloc[unscored, 4] = np.nan
    spoiled.iloc[wholesaler, 2:4] = [900, 1_250_000.0]
    flaws = {
        "negative monetary": refunds,
        "negative recency": future,
        "missing recency": unseen,
        "missing interest": unscored,
        "wholesaler": wholesaler,
    }
    told = pd.DataFrame(
        [(row, names[row], flaw) for flaw, rows in flaws.items() for row in rows]
        + [(len(clean) + i, names[row], "exact duplicate") for i, row in enumerate(twice)]
        + [
            (len(clean) + 40 + i, names[row], "same customer, other figures")
            for i, row in enumerate(changed)
        ],
        columns=["row", "customer_id", "flaw"],
    )
    table = pd.concat([spoiled, spoiled.iloc[twice], again], ignore_index=True)
    return table, told.sort_values("row", ignore_index=True)
