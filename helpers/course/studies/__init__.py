"""The claims of the course, measured: an experiment a file, its rows in data/studies.

A study module holds the claim in words (`CLAIM`), what was expected before measuring (`EXPECTED`),
the `CHAPTER` that uses it, `SEEDS`, and two functions:

    run(seed) -> {(world, arm, metric): value}
    finding(rows) -> Finding

On known truth a seed draws a new world; on real shoppers it draws a bootstrap by customer. All
pages and tables that show a finding are made by `rendering`.
"""

from helpers.course.studies.findings import (
    SPLIT_AGAIN,
    VERDICTS,
    Figure,
    Finding,
    count,
    verdict,
)
from helpers.course.studies.measuring import (
    COLUMNS,
    REAL,
    claims,
    digest,
    interval,
    measure,
    one_seed,
    rows,
    save,
    study,
    subsample_interval,
    values,
)
from helpers.course.studies.rendering import claims_table, listing, write_pages

__all__ = [
    "COLUMNS",
    "REAL",
    "SPLIT_AGAIN",
    "VERDICTS",
    "Figure",
    "Finding",
    "claims",
    "claims_table",
    "count",
    "digest",
    "interval",
    "listing",
    "measure",
    "one_seed",
    "rows",
    "save",
    "study",
    "subsample_interval",
    "values",
    "verdict",
    "write_pages",
]
