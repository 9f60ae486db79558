"""The nightly batch: who is scored, with what, and written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from helpers import features, production, shop, simulator
from helpers.files import ROOT
from helpers.production import ModelError

TODAY = pd.Timestamp("2025-10-01")


def test_a_shop_without_the_columns_is_refused(model, store):
    with pytest.raises(ModelError, match="needs the columns .*visit_recency.* no table visits"):
        production.score(model, replace(store, visits=None), TODAY)


def test_a_retired_model_scores_no_more(model, store):
    with pytest.raises(ModelError, match="was to be retired on 2026-04-01"):
        production.score(model, store, "2026-05-01")


def test_a_night_before_the_training_is_not_scored(model, store):
    with pytest.raises(ModelError, match="would know what came after"):
        production.score(model, store, "2025-09-30")


def test_scores_are_known_by_their_run(model, store, tmp_path):
    path = tmp_path / "s.parquet"
    scores = production.batch(model, store, path, as_of=TODAY)
    assert len(set(scores["run"])) == 1
    assert production.read_scores(model, path).index.tolist() == scores["customer_id"].tolist()
    other = model._replace(card=replace(model.card, owner="somebody else"))
    with pytest.raises(ModelError, match="not written by this model"):
        production.read_scores(other, path)
    scores.loc[5, "propensity"] = 0.5
    scores.to_parquet(path)
    with pytest.raises(ModelError, match="or was changed since"):
        production.read_scores(model, path)
    scores.drop(columns=["run", "reason"]).to_parquet(path)
    with pytest.raises(ModelError, match="lacks the columns reason, run"):
        production.read_scores(model, path)
    with pytest.raises(ModelError, match="there is no such file"):
        production.read_scores(model, tmp_path / "gone.parquet")


def test_everybody_known_is_scored(model, store):
    scores = production.score(model, store, TODAY)
    assert scores["customer_id"].tolist() == features.known_customers(store, TODAY).tolist()
    assert scores["propensity"].between(0, 1).all() and scores.notna().all(axis=None)
    never = features.build(store, TODAY)["frequency"] == 0
    assert ((scores["segment"] == "no order yet").to_numpy() == never.to_numpy()).all()
    assert set(scores["next_category"]) <= set(simulator.load_truth("categories")["category"])
    assert scores["reason"].str.count(";").eq(2).all()


@pytest.mark.parametrize("categories", [0, 1])
def test_who_bought_when_and_for_how_much_is_enough(store, tmp_path, categories):
    three = store.purchases[["customer_id", "ordered_at", "amount"]]
    own = shop.read(three.assign(category="all") if categories else three)
    production.save(production.train(own, TODAY), tmp_path / "m.skops")
    scores = production.batch(
        production.load(tmp_path / "m.skops"),
        own,
        tmp_path / "s.parquet",
        tmp_path / "s.duckdb",
        TODAY,
    )
    assert scores["propensity"].between(0, 1).all()
    assert (
        scores["next_category"].isna().all()
        if not categories
        else set(scores["next_category"]) == {"all"}
    )
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "s.parquet"), scores, check_dtype=False
    )


def test_reasons_add_up_to_the_log_odds(model, store):
    night = production.inputs(model, store, TODAY)
    parts = production.contributions(model.propensity, night)
    log_odds = model.propensity.decision_function(night) - model.propensity[-1].intercept_[0]
    np.testing.assert_allclose(parts.sum(axis=1), log_odds, atol=1e-9)
    first = production.reasons(model.propensity, night.head(1))[0].split(" (")[0]
    assert first == parts.iloc[0].abs().idxmax()


def test_what_the_model_sees_does_not_depend_on_who_else_is_there(model, store):
    night = production.inputs(model, store, TODAY)
    few = night.index[::7]
    alone = production.inputs(
        model,
        replace(store, **{n: t[t["customer_id"].isin(few)] for n, t in store.tables.items()}),
        TODAY,
    )
    pd.testing.assert_frame_equal(alone, night.loc[few])


def test_the_batch_twice_gives_the_same_bytes_and_the_same_table(model, store, tmp_path):
    base = tmp_path / "scores.duckdb"
    with duckdb.connect(str(base)) as connection:
        connection.execute("CREATE TABLE other AS SELECT 42 AS n")
    found = []
    for _ in range(2):
        scores = production.batch(model, store, tmp_path / "s.parquet", base, TODAY)
        with duckdb.connect(str(base), read_only=True) as connection:
            kept = connection.execute("SELECT * FROM scores ORDER BY customer_id").df()
            assert connection.execute("SELECT n FROM other").fetchone() == (42,)
        found.append(((tmp_path / "s.parquet").read_bytes(), kept))
    assert found[0][0] == found[1][0]
    pd.testing.assert_frame_equal(found[0][1], found[1][1])
    pd.testing.assert_frame_equal(kept, scores, check_dtype=False)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s.parquet", "scores.duckdb"]


HALF_WAY = """
import sys, time
from pathlib import Path
import duckdb, pandas as pd
from helpers.production import writing
scores = pd.DataFrame({"customer_id": ["new"] * 50_000, "propensity": 0.5})
folder, what = Path(sys.argv[1]), sys.argv[2]
def stop():
    print("half-way", flush=True)
    time.sleep(60)
if what == "parquet":
    def half(self, path, **options):
        path.write_bytes(b"PAR1 half of a file")
        stop()
    pd.DataFrame.to_parquet = half
    writing.write_parquet(scores, folder / "s.parquet")
else:
    real = duckdb.connect
    class Slow:
        def __init__(self, path): self.inner = real(path)
        def __enter__(self): return self
        def __exit__(self, *error): self.inner.close()
        def register(self, *a): self.inner.register(*a)
        def execute(self, sql):
            if sql == "COMMIT": stop()
            return self.inner.execute(sql)
    duckdb.connect = Slow
    writing.write_duckdb(scores, folder / "s.duckdb")
"""


@pytest.mark.skipif(os.name == "nt", reason="a kill is a signal: not on Windows")
@pytest.mark.parametrize("what", ["parquet", "duckdb"])
def test_a_kill_half_way_leaves_the_earlier_scores_whole(tmp_path, what):
    old = pd.DataFrame({"customer_id": ["old"], "propensity": [0.1]})
    production.writing.write_parquet(old, tmp_path / "s.parquet")
    production.writing.write_duckdb(old, tmp_path / "s.duckdb")
    command = [sys.executable, "-c", HALF_WAY, str(tmp_path), what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "half-way\n"
        process.send_signal(signal.SIGKILL)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "s.parquet"), old)
    with duckdb.connect(str(tmp_path / "s.duckdb")) as connection:
        assert connection.execute("SELECT * FROM scores").fetchall() == [("old", 0.1)]
    # and the next night is not disturbed by what was left
    production.writing.write_parquet(old, tmp_path / "s.parquet")
    production.writing.write_duckdb(old, tmp_path / "s.duckdb")


def test_a_failure_leaves_file_and_table_as_they_were(model, store, tmp_path, monkeypatch):
    path, base = tmp_path / "s.parquet", tmp_path / "s.duckdb"
    first = production.batch(model, store, path, base, TODAY)

    def stands() -> tuple[str, str]:
        with duckdb.connect(str(base), read_only=True) as connection:
            [(run,)] = connection.execute("SELECT DISTINCT run FROM scores").fetchall()
        return pd.read_parquet(path)["run"].iloc[0], run

    with monkeypatch.context() as patch:
        patch.setattr(
            pd.DataFrame, "to_parquet", lambda *a, **o: (_ for _ in ()).throw(OSError("disk full"))
        )
        with pytest.raises(OSError, match="disk full"):
            production.batch(model, store, path, base, "2025-10-02")
    assert stands() == (first["run"][0],) * 2
    with pytest.raises(ModelError, match="cannot be written as a DuckDB database"):
        production.batch(model, store, path, tmp_path / "no folder" / "s.duckdb", "2025-10-02")
    assert stands() == (first["run"][0],) * 2
    with monkeypatch.context() as patch:  # stopped between the two: it can be seen
        patch.setattr(
            "helpers.files.os.replace", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            production.batch(model, store, path, base, "2025-10-02")
    of_file, of_table = stands()
    assert of_file == first["run"][0] != of_table
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s.duckdb", "s.parquet"]


def test_two_batches_at_once_do_not_mix(tmp_path):
    """The second begins and ends while the first is half-way: its name beside is another."""
    path = tmp_path / "s.parquet"
    one, other = (pd.DataFrame({"customer_id": [name] * 1_000}) for name in ("one", "other"))
    production.writing.write_parquet(
        one, path, before=lambda: production.writing.write_parquet(other, path)
    )
    pd.testing.assert_frame_equal(pd.read_parquet(path), one)
