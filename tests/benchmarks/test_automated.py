"""Automated modelling beside the course's models: what is judged, stored, resumed and shown."""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks import automated, automated_page, automated_tools
from benchmarks.automated_tasks import OWN, TASKS, Task, own

from helpers import evaluation


def small(seed: int = 0) -> Task:
    """240 customers, each twice, whose column x says half of what will be; some text, a flag."""
    rng = np.random.default_rng(seed)
    sides = []
    for _ in range(2):
        x = np.repeat(rng.normal(size=240), 2)
        X = pd.DataFrame({"x": x, "flag": x > 1, "kind": rng.choice(["a", "b"], len(x))})
        y = (x + np.repeat(rng.normal(size=240), 2) > 1.2).astype(int)
        sides += [X, y, np.repeat(np.arange(240).astype(str), 2)]
    return Task(*sides, "x")


def asked(tmp_path: Path, **changes) -> argparse.Namespace:
    args = {
        "seeds": (0, 1),
        "draws": 60,
        "only": ["small"],
        "budget": {"FLAML": 1.0, "AutoGluon": 1.0},
        "environments": tmp_path / "environments",
    }
    return argparse.Namespace(**(args | changes))


@pytest.fixture
def small_run(monkeypatch):
    """A run of one small task, three arms of the course, and one tool."""
    monkeypatch.setattr(automated, "TASKS", {"small": small})
    monkeypatch.setattr(automated, "OWN", ["base rate", "one column", automated.AVERAGE])
    monkeypatch.setattr(automated, "TOOLS", {"FLAML": automated.TOOLS["FLAML"]})


def test_the_log_loss_is_the_known_one():
    rng = np.random.default_rng(0)
    y, p = rng.random(500) < 0.2, rng.random(500) ** 3
    p[:5] = [0, 1, 0, 1, 0]
    known = evaluation.PROBABILITY_SCORES["log loss"](y, p)
    assert automated_page.log_loss(y, p) == pytest.approx(known, rel=1e-9)


def test_the_difference_is_paired_over_seeds_and_customers(tmp_path):
    task, args = small(), asked(tmp_path)
    average = [(np.full(480, task.y.mean()), np.zeros(2))] * 2
    good = [
        (task.X_test["x"].rank(pct=True).to_numpy() ** (1 + seed), np.ones(2)) for seed in (0, 1)
    ]
    rows = automated.judged(task, good, average, args)
    by_seed = {(seed, metric): value for seed, metric, value, *_ in rows}
    score = evaluation.average_precision
    less = [score(task.y_test, p) - task.y_test.mean() for p, _ in good]
    [found] = [row for row in rows if row[1] == automated_page.AP + automated_page.LESS]
    assert found[0] == "all" and found[2] == pytest.approx(np.mean(less))
    assert by_seed[0, automated_page.AP] == pytest.approx(score(task.y_test, good[0][0]))
    assert 0 < found[3] < found[2] < found[4]
    by_row = automated.judged(task._replace(test_customers=np.arange(480)), good, average, args)
    [narrow] = [row for row in by_row if row[1] == found[1]]
    assert narrow[4] - narrow[3] < found[4] - found[3]  # two rows of one customer are not two
    itself = automated.judged(task, average, average, args)
    assert all(row[2:] == (0, 0, 0) for row in itself if row[0] == "all")


def test_a_tool_that_does_not_install_is_a_row_that_says_so(tmp_path, monkeypatch, small_run):
    with pytest.raises(automated.Failed, match="^does not run$"):
        automated.called([str(tmp_path / "no_such_program")], "does not run")
    monkeypatch.setenv("UV", sys.executable)  # which ends with an error: there is no file "venv"
    automated.run(asked(tmp_path), tmp_path / "rows.csv")
    rows = automated_page.read(tmp_path / "rows.csv")
    [failed] = rows[rows["arm"] == "FLAML"].to_dict("records")
    assert (failed["metric"], failed["note"]) == ("failed", "does not install")
    assert str(tmp_path) not in (tmp_path / "rows.csv").read_text()
    page = automated_page.text(rows)
    assert "| FLAML | does not install | | | | |" in page
    assert automated.finished(rows, {"FLAML": 1.0}) == {
        ("small", arm) for arm in automated.OWN
    }  # the tool is tried again


def test_a_run_goes_on_where_it_stopped(tmp_path, monkeypatch, small_run):
    called, whole = [], automated.measured

    def counted(task, arm, args, average):
        called.append(arm)
        if len(called) == 3:
            raise KeyboardInterrupt
        return whole(task, arm, args, average)

    def by_rank(name, task, seed, seconds, environments):
        return task.X_test["x"].rank(pct=True).to_numpy(), np.full(2, seconds)

    monkeypatch.setattr(automated, "measured", counted)
    monkeypatch.setattr(automated, "automated", by_rank)
    result, args = tmp_path / "rows.csv", asked(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        automated.run(args, result)
    assert called == ["base rate", "one column", automated.AVERAGE]
    automated.run(args, result)
    assert called[3:] == [automated.AVERAGE, "FLAML"]
    stored = result.read_bytes()
    automated.run(args, result)
    assert len(called) == 5 and result.read_bytes() == stored
    automated.run(asked(tmp_path, budget={"FLAML": 2.0}), result)
    rows = automated_page.read(result)
    assert called[5:] == ["FLAML"] and set(rows.loc[rows["arm"] == "FLAML", "budget"]) == {2.0}
    assert list(rows["arm"].unique()) == [*automated.OWN, "FLAML"]
    assert len(rows) == 4 * (2 * 4 + 2)


def test_a_tool_gets_whose_rows_they_are_and_never_the_outcome_of_the_test(tmp_path, monkeypatch):
    task = small()

    def tool(train, test, seconds, seed):
        assert list(test) == list(task.X) and set(train) - set(test) == {
            "outcome",
            "customer",
            "fold",
        }
        assert len(train[["customer", "fold"]].drop_duplicates()) == 240
        assert train["fold"].nunique() == 5 and (train["outcome"] == task.y).all()
        assert test["flag"].dtype.kind == "i" and (seconds, seed) == (3.0, 1)
        return test["x"], np.array([7.0, 9.0])

    def in_this_process(command, what, seconds):
        monkeypatch.setattr(sys, "argv", command[2:])
        automated_tools.main()

    monkeypatch.setitem(automated_tools.TOOLS, "FLAML", tool)
    monkeypatch.setattr(automated, "environment", lambda name, folder: Path(sys.executable))
    monkeypatch.setattr(automated, "called", in_this_process)
    p, seconds = automated.automated("FLAML", task, 1, 3.0, tmp_path)
    assert (p == task.X_test["x"]).all() and seconds.tolist() == [7.0, 9.0]


def test_text_has_the_levels_of_the_rows_learned_from():
    learn, judge = pd.DataFrame({"kind": ["a", "b"]}), pd.DataFrame({"kind": ["c", "b"]})
    _, known = automated_tools.with_categories(learn, judge)
    assert list(known["kind"].cat.categories) == ["a", "b"]
    assert known["kind"].isna().tolist() == [True, False]


def test_nothing_is_missing_and_the_page_says_what_the_rows_say():
    rows = automated_page.read()
    assert list(rows.columns) == automated_page.COLUMNS
    assert list(rows["task"].unique()) == list(TASKS)
    for _, part in rows.groupby("task"):
        assert list(part["arm"].unique()) == [*OWN, *automated.TOOLS]
    measured = rows[rows["metric"] != "failed"]
    assert np.isfinite(measured["value"]).all() and (measured["note"] == "").all()
    assert len(measured) == measured.groupby(["task", "arm"]).ngroups * (4 * 2 + 2)
    budget = {name: tool.seconds for name, tool in automated.TOOLS.items()}
    done = set(zip(measured["task"], measured["arm"], strict=True))
    assert automated.finished(rows, budget) == done, "other versions or budgets: measure again"
    assert automated_page.PAGE.read_text(encoding="utf-8") == automated_page.text(rows)


def test_the_scores_are_those_of_todays_code():
    rows, name = automated_page.read(), "newly high value, households"
    task = TASKS[name]()
    for arm in ("logistic regression", "xgboost"):
        p, _ = own(arm, task, seed=0)
        kept = rows.query("task == @name and arm == @arm and seed == '0'").set_index("metric")
        for metric, score in automated_page.SCORES.items():
            found = score(task.y_test, p)
            assert found == pytest.approx(kept.loc[metric, "value"], abs=1e-3), (arm, metric)
