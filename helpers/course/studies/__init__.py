"""The claims of the course, measured: an experiment a file, its rows in data/studies.

A study module holds, as data:

    CLAIM      the claim in words
    KIND       "demonstration" (a theorem, or nearly: shown, not doubted) or "test" (it could fail)
    EXPECTED   what was expected before measuring
    CHAPTER    the chapter that uses it
    SEEDS      the seeds of `run`: new worlds of known truth
    DRAWS      the number of draws of real households, where there are any
    CONTRASTS  {world: Contrast}: what decides, one contrast a world, with its margin
    WAS        the verdict before the last change of its rule, where there was one
    HISTORY    what was changed after rows existed: a tuple of sentences, with the new seeds

and functions:

    run(seed) -> {(world, arm, metric): value}          of known truth
    households(seed) -> {(REAL, arm, metric): value}    a draw of the real households; all of them
                                                        at seed FULL (-1), the center of intervals
    finding(rows) -> Finding                            headline and figures, without a verdict

A `Contrast` is a weighted sum of figures of the same seed (`minus(world, arm, less, metric)` for a
paired difference) and a region: `above` a margin, `below` one, or between both (equivalence). A
claim is borne out in a world ("yes") where the whole 95 % interval lies in the region, refuted
("no") where all of it lies outside, and "open" otherwise; `together` makes one word of the worlds.
The verdict is thus a function of the rows through the contrast, and nothing else:

    KIND = "test"
    CONTRASTS = {
        "simulated shop": studies.Contrast(
            "AUC, XGBoost, SMOTE minus none",
            studies.minus(WORLD, "xgboost, SMOTE", "xgboost, none", "AUC"),
            below=0.005,
        ),
    }
    HISTORY = ("Measured first on seeds 0 to 29; … The rows are those of seeds 2000 to 2029.",)

Where models are fitted once, hundreds of draws of the households cost little; where each fits anew,
thirty give a rough standard deviation. Draws are stored a row a draw in `data/studies/households/`.
All pages and tables that show a finding are made by `rendering`.
"""

from helpers.course.studies.contrasts import (
    Contrast,
    alone,
    average,
    minus,
    together,
    total,
)
from helpers.course.studies.findings import (
    KINDS,
    SPLIT_AGAIN,
    VERDICTS,
    Figure,
    Finding,
    count,
)
from helpers.course.studies.intervals import drawn_interval
from helpers.course.studies.measuring import (
    FULL,
    REAL,
    claims,
    draws,
    full_sample,
    interval,
    measure,
    one_seed,
    resampled,
    study,
    values,
)
from helpers.course.studies.rendering import (
    claims_table,
    listing,
    short_table,
    verdict,
    verdicts,
    write_pages,
)
from helpers.course.studies.storing import COLUMNS, digest, files, rows, save

__all__ = [
    "COLUMNS",
    "FULL",
    "KINDS",
    "REAL",
    "SPLIT_AGAIN",
    "VERDICTS",
    "Contrast",
    "Figure",
    "Finding",
    "alone",
    "average",
    "claims",
    "claims_table",
    "count",
    "digest",
    "drawn_interval",
    "draws",
    "files",
    "full_sample",
    "interval",
    "listing",
    "measure",
    "minus",
    "one_seed",
    "resampled",
    "rows",
    "save",
    "short_table",
    "study",
    "together",
    "total",
    "values",
    "verdict",
    "verdicts",
    "write_pages",
]
