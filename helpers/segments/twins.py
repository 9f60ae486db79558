"""Twins of a table: what it would look like without segments."""

import numpy as np
import pandas as pd


def copula_twin(
    frame: pd.DataFrame, rng: np.random.Generator, latent: np.ndarray | None = None
) -> pd.DataFrame:
    """Return a twin of the numeric columns: same values, same rank correlation, nothing else
    shared.

    Correlated normals (n, d) are drawn, and their ranks pick from the sorted columns, so each
    marginal stays exactly as it is. `latent` is the normals' correlation,
    `latent_correlation(frame)` when not given. Columns and index are those of `frame`. Raises
    ValueError where values are missing or not numeric, or fewer than three rows.
    """
    _usable(frame)
    latent = latent_correlation(frame) if latent is None else latent
    return _pick(frame, rng.standard_normal(frame.shape) @ _root(latent).T)


def latent_correlation(frame: pd.DataFrame, steps: int = 8) -> np.ndarray:
    """Return the correlation (d, d) of normals whose `copula_twin` has the rank correlation of
    `frame`.

    Without ties it is r = 2 sin(pi rho / 6) (Pearson 1907). Ties weaken the rank correlation of the
    twin, so r is corrected in steps by what a twin of fixed normals still lacks (as in the
    normal-to-anything method of Cario & Nelson 1997).
    """
    _usable(frame)
    target = _spearman(frame)
    latent = 2 * np.sin(np.pi * target / 6)
    normals = np.random.default_rng(0).standard_normal(frame.shape)
    for _ in range(steps):
        reached = _spearman(_pick(frame, normals @ _root(latent).T))
        latent = np.clip(latent + target - reached, -0.98, 0.98)
        np.fill_diagonal(latent, 1)
    return latent


def _usable(frame: pd.DataFrame) -> None:
    if len(frame) < 3:
        raise ValueError(f"a copula twin needs at least three rows, not {len(frame)}")
    other = frame.columns.difference(frame.select_dtypes("number").columns)
    if len(other):
        raise ValueError(f"only numeric columns, not {', '.join(map(str, other))}: select first")
    if frame.isna().to_numpy().any():
        raise ValueError("a copula twin needs every value: drop or fill the missing ones first")


def _spearman(frame: pd.DataFrame) -> np.ndarray:
    """Rank correlations (d, d); a constant column has none and counts as independent."""
    rho = np.nan_to_num(frame.rank().corr().to_numpy(copy=True))
    np.fill_diagonal(rho, 1)
    return rho


def _root(correlation: np.ndarray) -> np.ndarray:
    """A root of the nearest usable correlation: no negative eigenvalue, ones on the diagonal."""
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    return root / np.linalg.norm(root, axis=1, keepdims=True)


def _pick(frame: pd.DataFrame, normals: np.ndarray) -> pd.DataFrame:
    """The values of each column of `frame` in the order of the ranks of `normals` (n, d)."""
    order = normals.argsort(axis=0).argsort(axis=0)
    twin = {name: np.sort(frame[name].to_numpy())[order[:, i]] for i, name in enumerate(frame)}
    return pd.DataFrame(twin, index=frame.index)


def permuted_twin(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return `frame` with each column shuffled on its own: same marginals, all independent."""
    return pd.DataFrame(
        {name: rng.permutation(frame[name].to_numpy()) for name in frame}, index=frame.index
    )
