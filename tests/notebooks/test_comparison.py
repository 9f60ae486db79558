"""What the run of a notebook finds: planted digits, cleared outputs, replies nobody expected."""

from __future__ import annotations

import re
from pathlib import Path

import build
import nbformat
import pytest
from course.exercises.answers import ANSWERS

from helpers.files import ROOT

SMALL = """# %% [markdown]
# # Small
# %%
import numpy as np
import matplotlib.pyplot as plt
from helpers import plots
from helpers.course.exercises import check
# %%
np.random.default_rng(0).normal(size=3).round(6)
# %%
np.random.default_rng(1).normal(size=3).round(6)
# %%
print(open("../beside.txt").read())
# %%
plt.plot([1, 2, 3])
plots.show("a line that rises")
# %%
choice = ...
check("05.5", choice)
# %%
choice
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A small notebook, built as the chapters are."""
    folder = tmp_path_factory.mktemp("small") / "deeper"  # cells run in the notebook's own folder
    folder.mkdir()
    (folder.parent / "beside.txt").write_text("a line", encoding="utf-8")
    (folder / "small.py").write_text(SMALL, encoding="utf-8")
    build.build(folder / "small.py", folder / "small.ipynb")
    return folder / "small.ipynb"


def test_a_rebuild_gives_the_same_bytes(small):
    again = small.with_name("again.ipynb")
    build.build(small.with_suffix(".py"), again)
    assert again.read_bytes() == small.read_bytes()


class Outcomes(dict):
    """A pytest plugin: name of a test -> its report."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self[report.nodeid.split("::")[-1]] = report


@pytest.fixture(scope="module")
def outcomes(small, request) -> Outcomes:
    """The small notebook with a changed digit, an output taken away and answers whose replies are
    not those expected, run under the project's settings."""
    notebook = nbformat.read(small, as_version=4)
    [planted], cleared = (notebook.cells[i].outputs for i in (3, 4))
    right = planted.data["text/plain"]
    planted.data["text/plain"] = re.sub(
        r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), right, count=1
    )
    assert planted.data["text/plain"] != right and cleared
    cleared.clear()
    path = small.with_name("changed.ipynb")
    nbformat.write(notebook, path)

    answers = {
        "mistakes": [
            ("choice = 'a'", "risk is not effect"),
            ("choice = 'a'", "nobody says this"),
            ("choice = 'c'", "draw"),
            ("choice = nothing", "one letter"),
        ],
        "other": "choice = 'b'",
    }
    found = Outcomes()
    answering = request.config.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    settings = ["-c", str(ROOT / "pyproject.toml"), "-n", "0", "-p", "no:cacheprovider"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setitem(ANSWERS, "05.5", answers)
        pytest.main([*settings, str(path)], plugins=[answering, found])
    return found


@pytest.mark.parametrize("name", ["Cell 0", "Cell 1", "Cell 4", "Cell 5"])
def test_what_was_left_alone_passes(outcomes, name):
    assert outcomes[name].passed, outcomes[name].longreprtext


def test_a_planted_digit_is_found(outcomes):
    assert outcomes["Cell 2"].failed
    assert "mismatch 'text/plain'" in outcomes["Cell 2"].longreprtext


def test_a_cleared_output_is_found(outcomes):
    assert outcomes["Cell 3"].failed
    assert "Unexpected output fields" in outcomes["Cell 3"].longreprtext


def test_an_expected_reply_passes(outcomes):
    assert outcomes["05.5 mistake 1, risk is not effect"].passed
    assert outcomes["05.5 solution"].passed


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("05.5 mistake 2, nobody says this", "risk is not effect"),
        ("05.5 mistake 3, draw", "05.5: right. "),
        ("05.5 mistake 4, one letter", "name 'nothing' is not defined"),
        ("05.5 another right answer", "05.5: not yet. "),
    ],
)
def test_an_unexpected_reply_fails_under_its_own_name(outcomes, name, said):
    assert outcomes[name].failed
    assert said in outcomes[name].longreprtext


def test_the_solution_stays_for_what_comes_after_it(outcomes):
    assert outcomes["Cell 6"].failed, "the stored cell shows three dots"
    assert len(outcomes) == 7 + 6
