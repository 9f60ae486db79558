"""A model at work: saved, refused, scored, rolled out."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import skops.io

from helpers import evaluation, features, production, shop, simulator, targets
from helpers.files import ROOT
from helpers.production import ModelError
from helpers.production import __main__ as production_command
from helpers.production.card import Card, fingerprint
from helpers.production.storage import TRUSTED, check_versions, digest_path
from helpers.shop import EVENT_TIME

TODAY = pd.Timestamp("2025-10-01")


@pytest.fixture(scope="module")
def store() -> shop.Shop:
    return simulator.simulate(customers=3_000, seed=7)[0]


@pytest.fixture(scope="module")
def model(store) -> production.Model:
    return production.train(store, TODAY, owner="the tests")


@pytest.fixture
def saved(model, tmp_path) -> Path:
    production.save(model, tmp_path / "m.skops")
    return tmp_path / "m.skops"


def until(store: shop.Shop, moment: pd.Timestamp) -> shop.Shop:
    """The shop without anything that was recorded at `moment` or later."""
    tables = {}
    for name, table in store.tables.items():
        table = table[table[EVENT_TIME[name]] < moment]
        late = {
            c: table[c].where(table[c] < moment)
            for c in ("cancelled_at", "answered_at")
            if c in table
        }
        tables[name] = table.assign(**late)
    return replace(store, **tables)


def test_nothing_after_the_day_of_training_is_used(store, model):
    past = until(store, TODAY)
    assert past.purchases["ordered_at"].max().normalize() == TODAY - pd.Timedelta("1D")
    again = production.train(past, TODAY, owner="the tests")
    assert replace(again.card, data_sha256="") == replace(model.card, data_sha256="")
    night = production.inputs(model, past, TODAY)
    pd.testing.assert_frame_equal(night, production.inputs(model, store, TODAY))
    for one in (model, again):
        np.testing.assert_array_equal(
            one.propensity.predict_proba(night), model.propensity.predict_proba(night)
        )
    assert again.taste.popularity.tolist() == model.taste.popularity.tolist()
    pd.testing.assert_frame_equal(
        production.score(model, past, TODAY), production.score(model, store, TODAY)
    )


def test_the_fingerprint_knows_rows_and_not_their_order(store):
    known = fingerprint(store, TODAY)
    shuffled = store.purchases.sample(frac=1, random_state=0)
    assert fingerprint(replace(store, purchases=shuffled), TODAY) == known
    changed = store.purchases.copy()
    changed.loc[0, "amount"] += 0.01
    assert fingerprint(replace(store, purchases=changed), TODAY) != known


def test_the_card_says_what_must_be_known(store, model):
    card = model.card
    assert card.cutoffs == ["2025-04-02", "2025-07-02"] and card.as_of == "2025-10-01"
    assert set(card.versions) >= {"Python", "scikit-learn", "skops"} and len(card.data_sha256) == 64
    low, auc, high = card.scores["AUC"][1], card.scores["AUC"][0], card.scores["AUC"][2]
    assert low < auc < high
    by = {row["by"] for row in card.subgroups}
    assert {"orders so far", "age_band", "region"} <= by
    text = card.markdown()
    for part in ("Owner", "Not for", "Calibration", "Subgroups", "Retire", card.retire_on):
        assert part in text
    assert Card.from_json(card.to_json()) == card
    # the figures are those of a model that had seen the earlier cut-off only
    X = [features.build(store, c, categories=card.categories) for c in card.cutoffs]
    y = [targets.future(store, c, "91D")["bought"] for c in card.cutoffs]
    p = production.model.recipe().fit(X[0], y[0]).predict_proba(X[1])[:, 1]
    assert production.card.evidence(X[1], y[1].to_numpy(), p, store)["scores"]["AUC"][
        0
    ] == pytest.approx(auc)


def test_saved_and_loaded_is_the_same(model, store, saved):
    loaded = production.load(saved)
    assert loaded.card == model.card
    pd.testing.assert_frame_equal(
        production.score(loaded, store, TODAY), production.score(model, store, TODAY)
    )
    assert saved.with_name("m.skops.md").read_text(encoding="utf-8") == model.card.markdown()
    trusted = skops.io.get_untrusted_types(data=saved.read_bytes())
    assert set(trusted) == set(TRUSTED), "the list is no longer than it must be"


def vouched(path: Path, data: bytes) -> Path:
    """Write a file with its right digest beside it, as a careful enemy would."""
    path.write_bytes(data)
    digest_path(path).write_text(f"{hashlib.sha256(data).hexdigest()}  {path.name}\n")
    return path


class Evil:
    def __reduce__(self):
        return os.system, ("echo run > evil.txt",)


def refused(path: Path, said: str, **options) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        production.load(path, **options)
    assert "\n" not in str(caught.value)


def test_a_pickle_is_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for protocol in (0, 2, 5):
        refused(
            vouched(tmp_path / "m.skops", pickle.dumps(Evil(), protocol)), "pickle|no skops file"
        )
    refused(vouched(tmp_path / "m.pkl", b"anything"), "is a pickle")
    assert not (tmp_path / "evil.txt").exists()


@pytest.mark.parametrize(
    "thing", [os.system, eval, Path("x"), subprocess.Popen, simulator.simulate]
)
def test_a_foreign_type_is_refused_by_name(tmp_path, thing):
    try:
        data = skops.io.dumps({"card": thing})
    except Exception:
        pytest.skip("skops does not even write it")
    refused(vouched(tmp_path / "m.skops", data), "never does: refused|not a model")


def test_a_file_that_is_no_model_is_refused(tmp_path):
    refused(tmp_path / "none.skops", "cannot be read .*train a model first")
    refused(vouched(tmp_path / "a.skops", b""), "no skops file")
    refused(
        vouched(tmp_path / "b.skops", skops.io.dumps([1, 2])), "not a model that this course saved"
    )
    names = ["card", "propensity", "segment", "taste"]
    refused(
        vouched(tmp_path / "c.skops", skops.io.dumps(dict.fromkeys(names, 1))),
        "card cannot be read",
    )
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("schema.json", '{"__class__": "system", "__module__": "os"}')
    refused(vouched(tmp_path / "d.skops", (tmp_path / "d.zip").read_bytes()), "skops file|refused")


def test_every_changed_byte_is_found(saved):
    data = saved.read_bytes()
    for place in np.linspace(0, len(data) - 1, 25).astype(int):
        changed = bytearray(data)
        changed[place] ^= 0xFF
        saved.write_bytes(changed)
        refused(saved, "was damaged or changed|no skops file|is damaged|is a pickle")
    saved.write_bytes(data[: len(data) // 2])
    refused(saved, "no skops file|damaged")


def test_a_digest_is_asked_for_and_must_fit(model, tmp_path):
    path = tmp_path / "m.skops"
    digest = production.save(model, path)
    digest_path(path).unlink()
    refused(path, "nobody vouches for it")
    refused(path, "differs", sha256="0" * 64)
    digest = production.save(model, path)
    refused(path, "differs", sha256="")  # an empty variable is no digest, though one stands beside
    assert production.load(path, sha256=digest.upper()).card == model.card


def test_more_than_a_model_needs_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.production.storage.LARGEST", 1_000)
    refused(vouched(tmp_path / "m.skops", b"x" * 2_000), "larger than 1,000 bytes")


@pytest.mark.parametrize(
    "change",
    [
        {"versions": []},
        {"versions": {"numpy": "new"}},
        {"versions": {"numpy": 2}},
        {"retire_on": "never"},
        {"as_of": {}},
        {"cutoffs": 5},
    ],
)
def test_a_card_of_nonsense_is_a_sentence(model, change):
    with pytest.raises(ModelError, match="card cannot be read"):
        Card.from_json(json.dumps(json.loads(model.card.to_json()) | change))


def test_a_name_of_the_shop_breaks_neither_card_nor_report(model, tmp_path):
    rows = [{"by": "age_band", "group": "a|b\nc", "customers": 100}]
    page = replace(model.card, subgroups=rows).markdown()
    assert "| age_band | a\\|b c | 100 |" in page
    table = pd.DataFrame({"psi": [0.1], "by_chance": [0.1], "p": [1.0]}, index=["<b>"])
    hostile = replace(
        model.card, as_of="<script>", retire_on="<script>", owner="<script>", name="<script>"
    )
    production.report(tmp_path / "r.html", hostile, production.Drift(table, 1.0, False), None)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script>" not in text and "<b>" not in text.replace("<body>", "")


def test_other_versions_are_refused(model):
    check_versions(model.card)
    for version in ("1.2.0", "99.0"):
        old = replace(model.card, versions=model.card.versions | {"scikit-learn": version})
        with pytest.raises(ModelError, match="train it anew"):
            check_versions(old)
    content = json.loads(model.card.to_json()) | {"format": 99}
    with pytest.raises(ModelError, match="format 99"):
        Card.from_json(json.dumps(content))


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


def test_too_little_to_learn_from_is_a_sentence(store):
    with pytest.raises(ModelError, match="no order before"):
        production.train(store, "2024-04-01")
    few = store.purchases[store.purchases["customer_id"] < "C00100"]
    with pytest.raises(ModelError, match="customers ordered within 91 days"):
        production.train(replace(store, purchases=few), "2025-10-01")
    with pytest.raises(ModelError, match="no orders"):
        production.train(replace(store, purchases=store.purchases.iloc[:0]))


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


def test_the_taste_is_shares_and_follows_the_counts():
    counts = pd.DataFrame({"a": [0, 9, 0], "b": [0, 0, 3]}, index=["x", "y", "z"])
    taste = production.model.fit_taste(counts)
    shares = taste.shares(counts)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_allclose(shares[0], taste.popularity)
    assert shares[1, 0] > shares[0, 0] > shares[2, 0]


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
from helpers.production import scoring
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
    scoring.write_parquet(scores, folder / "s.parquet")
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
    scoring.write_duckdb(scores, folder / "s.duckdb")
"""


@pytest.mark.skipif(os.name == "nt", reason="a kill is a signal: not on Windows")
@pytest.mark.parametrize("what", ["parquet", "duckdb"])
def test_a_kill_half_way_leaves_the_earlier_scores_whole(tmp_path, what):
    old = pd.DataFrame({"customer_id": ["old"], "propensity": [0.1]})
    production.scoring.write_parquet(old, tmp_path / "s.parquet")
    production.scoring.write_duckdb(old, tmp_path / "s.duckdb")
    command = [sys.executable, "-c", HALF_WAY, str(tmp_path), what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "half-way\n"
        process.send_signal(signal.SIGKILL)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "s.parquet"), old)
    with duckdb.connect(str(tmp_path / "s.duckdb")) as connection:
        assert connection.execute("SELECT * FROM scores").fetchall() == [("old", 0.1)]
    # and the next night is not disturbed by what was left
    production.scoring.write_parquet(old, tmp_path / "s.parquet")
    production.scoring.write_duckdb(old, tmp_path / "s.duckdb")


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
    production.scoring.write_parquet(
        one, path, before=lambda: production.scoring.write_parquet(other, path)
    )
    pd.testing.assert_frame_equal(pd.read_parquet(path), one)


def command(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "helpers.production", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


@pytest.fixture(scope="module")
def shop_folder(store, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    for name, table in store.tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def test_the_command_line_scores_a_folder_and_reports(saved, shop_folder, store, model, tmp_path):
    out, base = tmp_path / "scores.parquet", tmp_path / "scores.duckdb"
    done = command(
        "score",
        "--model",
        saved,
        "--shop",
        shop_folder,
        "--out",
        out,
        "--duckdb",
        base,
        "--as-of",
        "2025-10-01",
    )
    assert done.returncode == 0, done.stderr
    assert "customers scored for 2025-10-01" in done.stdout and "… scores" in done.stderr
    pd.testing.assert_frame_equal(
        pd.read_parquet(out), production.score(model, store, TODAY), check_dtype=False
    )
    page = tmp_path / "report.html"
    done = command(
        "report", "--model", saved, "--scores", out, "--shop", shop_folder, "--out", page
    )
    assert done.returncode == 0, done.stderr
    text = page.read_text(encoding="utf-8")
    assert "profit per 1,000</th>\n      <td>" in text
    other = tmp_path / "other.skops"
    production.save(model._replace(card=replace(model.card, owner="somebody else")), other)
    done = command(
        "report", "--model", other, "--scores", out, "--shop", shop_folder, "--out", page
    )
    assert done.returncode == 2 and "not written by this model" in done.stderr
    assert text.count("data:image/png;base64,") == 2 and "http" not in text and "alt=" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["score", "--model", "none.skops", "--shop", "simulated"], "train a model first"),
        (["score", "--model", "pyproject.toml", "--shop", "simulated"], "no skops file"),
        (["train", "--shop", "no_such_folder"], "no_such_folder"),
        (["train", "--shop", "simulated", "--as-of", "yesterday"], "must be a date"),
        (["score", "--shop", "simulated"], "required: --model"),
        (["train", "--shop", "simulated", "--horizon", "banana"], "a text such as '91D'"),
    ],
)
def test_the_command_line_ends_with_a_sentence(tmp_path, arguments, said):
    out = tmp_path / "kept"
    out.write_text("the last run's")
    done = command(*arguments, "--out", out)
    assert done.returncode == 2 and said in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    assert out.read_text() == "the last run's"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["score", "--model", "m.skops", "--shop", "shop", "--out", "m.skops"],
            "--out m.skops would replace what --model",
        ),
        (
            ["score", "--model", "m.skops", "--shop", "shop", "--out", "shop/purchases.parquet"],
            "what --shop",
        ),
        (
            ["score", "--model", "m.skops", "--shop", "orders.csv", "--out", "link.csv"],
            "what --shop",
        ),
        (
            [
                "score",
                "--model",
                "m.skops",
                "--shop",
                "shop",
                "--out",
                "s",
                "--duckdb",
                "shop/../s",
            ],
            "would replace",
        ),
        (
            ["report", "--model", "m.skops", "--shop", "shop", "--scores", "s", "--out", "s"],
            "what --scores",
        ),
        (
            ["score", "--model", "m.skops", "--shop", "shop", "--out", "none/s"],
            "there is no such folder",
        ),
    ],
)
def test_an_output_never_replaces_an_input(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    names = ["m.skops", "orders.csv", "shop/purchases.parquet", "s"]
    for name in names:
        (tmp_path / name).write_text("mine")
    if "link.csv" in arguments:
        if os.name == "nt":
            pytest.skip("a link needs rights there")
        (tmp_path / "link.csv").symlink_to("orders.csv")
    assert production_command.main(arguments) == 2
    assert said in capsys.readouterr().err
    assert all((tmp_path / name).read_text() == "mine" for name in names)


def test_groups_are_nested_and_the_hold_out_is_the_same():
    ids = [f"C{i:05d}" for i in range(20_000)]
    stages = {
        stage: production.groups(ids, "spring", stage) for stage in ("shadow", "canary", "A/B")
    }
    held = {stage: set(g.index[g == "hold-out"]) for stage, g in stages.items()}
    assert held["shadow"] == held["canary"] == held["A/B"]
    assert (
        set(ids)
        > held["A/B"]
        == set((other := production.groups(ids, "autumn", "A/B")).index[other == "hold-out"])
    )
    few, half = (set(stages[s].index[stages[s] == "challenger"]) for s in ("canary", "A/B"))
    assert few < half and not (stages["shadow"] == "challenger").any()
    assert (stages["A/B"] == "challenger").mean() == pytest.approx(0.475, abs=0.02)
    assert (stages["A/B"] != other).mean() > 0.4, "another roll-out draws other customers"
    with pytest.raises(ValueError, match="no stage 'live'"):
        production.groups(ids, "spring", "live")


def test_the_shadow_lets_a_better_challenger_on_and_stops_what_is_broken():
    rng = np.random.default_rng(0)
    p = rng.beta(0.5, 5, 20_000)
    y = rng.random(len(p)) < p
    rough = np.where(rng.permutation(p) > 0.05, 0.1, 0.01)
    assert production.shadow(rough, p, y, 20, 1).go
    worse = production.shadow(p, rng.permutation(p), y, 20, 1)
    assert not worse.go and "may bring less" in str(worse)
    assert "times as many" in production.shadow(p, np.full(len(p), 0.9), y, 20, 1).why
    broken = np.where(rng.random(len(p)) < 0.01, np.nan, p)
    assert "scores are unusable" in production.shadow(p, broken, y, 20, 1).why


def skewed_profit(rng, size: int) -> np.ndarray:
    return (rng.random(size) < 0.05) * np.exp(rng.normal(3, 1, size))


def test_a_harmless_canary_is_seldom_stopped_and_a_harmful_one_is():
    rng = np.random.default_rng(0)
    group = np.repeat(["challenger", "champion"], [200, 3_800])
    harmless = [
        production.canary(skewed_profit(rng, 4_000), group, draws=199).go for _ in range(200)
    ]
    assert (
        np.mean(harmless) > 0.94
    )  # 0.975 is promised; 200 draws leave 0.022 for two standard errors
    # what an interval by t would do: more than twice as many as it says
    by_t = [
        production.between(skewed_profit(rng, 4_000), group, "challenger", "champion").high < 0
        for _ in range(1_000)
    ]
    assert evaluation.proportion_interval(sum(by_t), 1_000).low > 0.05
    harm = skewed_profit(rng, 4_000) - 5.0 * (group == "challenger")
    assert not production.canary(harm, group).go
    lost = (group == "challenger") & (rng.random(len(group)) < 0.5)
    assert "Stop the read-out" in production.canary(harm[~lost], group[~lost]).why


def test_the_ab_test_needs_proof_and_the_planned_shares():
    rng = np.random.default_rng(0)
    group = production.groups(range(20_000), "x", "A/B").to_numpy()
    profit = skewed_profit(rng, 20_000)
    assert not production.ab(profit, group).go
    better = production.ab(profit + 1.0 * (group == "challenger"), group)
    assert better.go and better.difference.low > 0
    lost = (group == "challenger") & (rng.random(len(group)) < 0.2)
    assert "Stop the read-out" in production.ab(profit[~lost], group[~lost]).why
    with pytest.raises(ValueError, match="too few"):
        production.between([1.0], ["champion"], "champion", "hold-out")
