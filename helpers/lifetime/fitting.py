"""Maximum likelihood for parameters that are above zero."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

BOUNDS = (-9.0, 9.0)  # of the logarithm of each parameter, time and money in units of their mean


def most_likely(loss: Callable, start: np.ndarray, n: float) -> list[float]:
    """The parameters above 0 that minimize `loss(*parameters) -> (value, slopes)` over `n`
    customers."""

    def on_logs(point: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(point)
        value, slope = loss(*parameters)
        return value / n, slope * parameters / n

    found = minimize(
        on_logs,
        np.log(start),
        jac=True,
        method="L-BFGS-B",
        bounds=[BOUNDS] * len(start),
        options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 2_000},
    )
    return np.exp(found.x).tolist()


def above_zero(**parameters: float) -> None:
    """Raise ValueError that names the first parameter that is not a finite number above 0."""
    for name, value in parameters.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be above 0, not {value!r}")
