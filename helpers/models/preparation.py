"""What stands before an algorithm in its pipeline: rates, gaps, text, scales."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from helpers.features import ShrinkRates

RARE = 10  # rows: rarer levels of a text column share one indicator


def signed_log1p(values):
    """log(1 + |x|) with the sign of x: spreads out what is small and pulls in what is large."""
    return np.sign(values) * np.log1p(np.abs(values))


def to_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Flags as 0 and 1, every number as float."""
    return frame.astype(float)


def prepare(scale: str | None, impute: bool = True) -> Pipeline:
    """The steps before an algorithm, as one pipeline over a DataFrame (customers × features).

    Rates are shrunk (`features.ShrinkRates`); missing numbers are filled with the median beside a
    flag that they were missing; text columns become 0/1 columns, levels never seen or seen in fewer
    than 10 rows share one. All of it is learned in `fit`.

    scale: None leaves numbers as they are (trees need no scale), "standardize" gives mean 0 and
    standard deviation 1, "log" takes the signed logarithm first.
    impute: False leaves missing numbers missing, for algorithms that take them (XGBoost).
    Raises ValueError for another scale.
    """
    steps: list = [FunctionTransformer(to_numbers, feature_names_out="one-to-one")]
    if impute:
        steps.append(SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True))
    if scale == "log":
        steps.append(FunctionTransformer(signed_log1p, feature_names_out="one-to-one"))
    if scale in ("log", "standardize"):
        steps.append(StandardScaler())
    elif scale is not None:
        raise ValueError(f"scale is None, 'standardize' or 'log', not {scale!r}")
    text = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="(missing)", missing_values=np.nan),
        OneHotEncoder(
            handle_unknown="infrequent_if_exist", min_frequency=RARE, sparse_output=False
        ),
    )
    columns = ColumnTransformer(
        [
            (
                "numbers",
                make_pipeline(*steps),
                make_column_selector(dtype_include=["number", "bool"]),
            ),
            ("text", text, make_column_selector(dtype_exclude=["number", "bool"])),
        ]
    )
    return Pipeline([("rates", ShrinkRates()), ("columns", columns)])
