"""The simulated files under data/: written here, their truth read here."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from helpers.files import DATA, write_whole
from helpers.segments.twins import copula_twin, permuted_twin
from helpers.shop import Shop
from helpers.simulator.behavior import customer_behavior, dirty

TWIN_SEED = 20_260_103


def load_truth(name: str, folder: Path = DATA) -> pd.DataFrame:
    """Read a table of the truth: `customers`, `campaigns`, `oracle`, `policies`, `categories`,
    `subcategories`, `calendar`, `customer_behavior` or `customer_behavior_dirty`.

    Raises ValueError for any other name, FileNotFoundError where the file was not made yet.
    """
    path = folder / "truth" / f"{name}.parquet"
    if path.exists():
        return pd.read_parquet(path)
    known = sorted(p.stem for p in (folder / "truth").glob("*.parquet"))
    if known:
        raise ValueError(f"there is no truth {name!r}: it is one of {', '.join(known)}")
    raise FileNotFoundError(f"{path} is not there: run uv run python -m helpers.simulator")


def behavior_files() -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return `customer_behavior` and its twins by file name, and the truth about them."""
    table, truth = customer_behavior()
    features = table.drop(columns="customer_id")
    streams = np.random.default_rng(TWIN_SEED).spawn(4)
    names = table[["customer_id"]]
    spoiled, flaws = dirty(table, streams[2])
    files = {
        "customer_behavior": table,
        "customer_behavior_permuted": names.join(permuted_twin(features, streams[0])),
        "customer_behavior_copula": names.join(copula_twin(features, streams[1])),
        "customer_behavior_dirty": spoiled,
        "colleague": _colleague(streams[3]),
    }
    return files, {"customer_behavior": truth, "customer_behavior_dirty": flaws}


def _colleague(rng: np.random.Generator) -> pd.DataFrame:
    """The file of an exercise: a copula twin of other customers, so without segments."""
    table, _ = customer_behavior(3_000, seed=20_260_104, hardness="easy")
    twin = copula_twin(table.drop(columns="customer_id"), rng)
    return table[["customer_id"]].join(twin)


def write_all(shop: Shop, truth: dict[str, pd.DataFrame], folder: Path = DATA) -> None:
    """Write the shop, its truth and the behavior files; each file whole or not at all."""
    behavior, segments = behavior_files()
    jobs: list[tuple[Path, pd.DataFrame]] = []
    jobs += [(folder / "shop" / f"{name}.parquet", t) for name, t in shop.tables.items()]
    jobs += [(folder / "truth" / f"{name}.parquet", t) for name, t in (truth | segments).items()]
    jobs += [(folder / f"{name}.csv", t) for name, t in behavior.items()]
    for path, table in tqdm(jobs, desc="writing data", unit="file"):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            write_whole(path, partial(_write_csv, table))
        else:
            write_whole(path, partial(_write_parquet, table))


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    # The same bytes on every system: no carriage returns.
    table.to_csv(path, index=False, lineterminator="\n")


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    # A dictionary pays where values repeat; ids and times are smaller without.
    few = [name for name in table if table[name].nunique() < 0.1 * len(table)]
    ids = [name for name in table if name.endswith("_id") and name not in few]
    table.to_parquet(
        path,
        index=False,
        compression="zstd",
        compression_level=19,
        use_dictionary=few,
        column_encoding=dict.fromkeys(ids, "DELTA_BYTE_ARRAY"),
    )
