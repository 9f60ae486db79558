"""Models at work on Spark (the extra `spark`): scored where the data lie, trained on many machines.

    known = spark.sql(connection.compile(features.define(shop.tables, as_of)))
    score(model.propensity, known).write.parquet("scores")

The workers' Python must have this package, in the versions of the one that starts the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
from sklearn.pipeline import Pipeline

from helpers.errors import ModelError
from helpers.models import ALGORITHMS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from xgboost import XGBClassifier

SPARK_SETS = {"n_jobs", "objective", "enable_categorical"}  # xgboost.spark sets these itself


def score(pipeline: Pipeline | XGBClassifier, frame: DataFrame) -> DataFrame:
    """Score every customer with a fitted pipeline, part by part, each on a machine of the cluster.

    Args:
        pipeline: Any that scikit-learn fitted on a DataFrame and that has `predict_proba`.
        frame: Spark table (customers, features) with `customer_id`, in the features' names.

    Returns:
        A Spark table, not yet computed: `customer_id` as in `frame`, `propensity` (double), the
        probability of the pipeline's last class.

    Raises:
        ModelError: The frame lacks a column that the pipeline learned from.
    """
    from pyspark.sql import functions as F
    from pyspark.sql.types import DecimalType, DoubleType, StructField, StructType

    names = list(pipeline.feature_names_in_)
    if lacking := [name for name in ["customer_id", *names] if name not in frame.columns]:
        raise ModelError(f"the table to score lacks the columns {', '.join(lacking)}")

    def propensities(parts: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for part in parts:
            chances = pipeline.predict_proba(part[names])[:, -1]
            yield pd.DataFrame({"customer_id": part["customer_id"], "propensity": chances})

    told = [
        # pandas would hold decimals as objects
        F.col(name).cast("double") if isinstance(frame.schema[name].dataType, DecimalType) else name
        for name in names
    ]
    columns = [frame.schema["customer_id"], StructField("propensity", DoubleType())]
    return frame.select("customer_id", *told).mapInPandas(propensities, StructType(columns))


def train_boosted(
    frame: DataFrame, target: str, workers: int = 1, seed: int = 0, **parameters: Any
) -> XGBClassifier:
    """Train boosted trees with the catalogue's settings for "xgboost", each worker on its rows.

    The trees are those of one machine but for how candidates for a split are found: by a sketch
    that the workers merge (Chen & Guestrin 2016), and for the rows that `subsample` draws.

    Args:
        frame: Spark table (customers, features) of numbers and flags, besides them `customer_id`
            and `target`. What is missing stays missing; rates stay as counted, not shrunk.
        target: The column with the outcome of each customer, 0 and 1 or a flag.
        workers: Tasks that train together; as many cores must be free at once.
        seed: For what is random.
        parameters: Of the classifier (`n_estimators=50`), in place of the catalogue's.

    Returns:
        The fitted classifier, as if it had been trained here: `score` takes it.
    """
    from pyspark.sql import functions as F
    from xgboost.spark import SparkXGBClassifier

    names = [name for name in frame.columns if name not in ("customer_id", target)]
    numbers = frame.select(*[F.col(name).cast("double").alias(name) for name in [*names, target]])
    classifier = ALGORITHMS["xgboost"].classifier(seed).set_params(**parameters)
    settings = {
        name: value
        for name, value in classifier.get_params().items()
        if value is not None and name not in SPARK_SETS
    }
    trainer = SparkXGBClassifier(
        features_col=names, label_col=target, num_workers=workers, verbose=False, **settings
    )
    classifier.load_model(trainer.fit(numbers).get_booster().save_raw())
    return classifier
