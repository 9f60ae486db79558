"""The README's code runs as it stands, on a file of somebody else's."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from stored import ALL, CORES

from helpers.course import exercises
from helpers.files import NOTEBOOKS, ROOT


def test_the_code_of_the_readme_runs_on_a_file(tmp_path, monkeypatch, capsys):
    rng = np.random.default_rng(0)
    orders = pd.DataFrame(
        {
            "Kunde": rng.integers(1, 200, 800),
            "Datum": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 360, 800), "D"),
            "Betrag": rng.lognormal(3, 1, 800).round(2),
        }
    )
    orders.to_csv(tmp_path / "my_orders.csv", index=False)
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], {})
    said = capsys.readouterr().out
    assert "800  purchases" in said and "share_of_monetary" in said


def test_the_code_for_more_rows_than_memory_runs_and_its_files_agree(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 730 * 24, 12_000), "h")
    orders = pd.DataFrame(
        {
            "Kunde": 1 + (1_500 * rng.random(12_000) ** 2).astype(int),
            "Datum": at,
            "Betrag": rng.lognormal(3, 1, 12_000).round(2),
            "Kategorie": rng.choice(["a", "b", "c"], 12_000),
        }
    )
    orders.to_csv(tmp_path / "my_orders.csv", index=False)
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    exec(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[1], names := {})
    known, labels, scores = (
        pd.read_parquet(f"my_{what}.parquet") for what in ("features", "segments", "scores")
    )
    assert len(known) == len(scores) == orders["Kunde"].nunique()
    known = known.set_index("customer_id")
    here = names["fitted"].predict(known[names["segments"].FEATURES])
    there = labels.set_index("customer_id")["segment"]
    assert (there.reindex(known.index) == here).all() and there.nunique() == 4


def test_the_questions_and_minutes_are_those_of_the_chapters():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"\]\((notebooks/0\d\w+)\.ipynb\) \|[^|]+\| (\d+) \|", page)
    assert len(rows) == 9
    for path, minutes in rows:
        source = ROOT / "notebooks" / "sources" / f"{path.removeprefix('notebooks/')}.py"
        assert f"About {minutes} minutes" in source.read_text(encoding="utf-8"), path


def test_every_deeper_notebook_is_named_with_its_minutes():
    page = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"\]\((deeper/0\d\w+)\.ipynb\) \|[^|]+\| (\d+) \|", page)
    assert len(rows) == len(ALL) - len(CORES)
    for name, minutes in rows:
        source = NOTEBOOKS / "sources" / f"{name}.py"
        assert f"About {minutes} minutes" in source.read_text(encoding="utf-8"), name


def test_teachers_find_every_exercise_with_its_mistakes():
    page = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| (0\d\.\d) \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE)
    known = [n for chapter in exercises.chapters() for n in exercises.exercises(chapter)]
    assert named == sorted(known)
