"""What the command line says of a shop of one's own, and when it stops."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import features, production
from helpers.files import ROOT
from helpers.production import writing
from helpers.production.__main__ import main
from helpers.shop import Shop


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """Two years of orders of 400 customers, under names that say nothing."""
    rng = np.random.default_rng(0)
    days = pd.to_timedelta(rng.integers(0, 700, 4_000), "D")
    return pd.DataFrame(
        {
            "k_nr": rng.integers(1, 400, 4_000),
            "wann": (pd.Timestamp("2024-01-15") + days).strftime("%d/%m/%Y"),
            "amount": rng.lognormal(3, 1, 4_000).round(2),
        }
    )


def train(path, out, *more: str) -> int:
    told = ["--columns", "customer_id=k_nr", "ordered_at=wann", "--day-first"]
    return main(["train", "--shop", str(path), "--out", str(out), *told, *more])


def test_columns_and_the_order_of_day_and_month_can_be_told(orders, tmp_path, capsys):
    path, out = tmp_path / "orders.csv", tmp_path / "m.skops"
    orders.to_csv(path, index=False)
    assert train(path, out) == 0
    assert production.load(out).card.first_order == "2024-01-15"
    assert "set aside" not in capsys.readouterr().err
    assert main(["train", "--shop", str(path), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "customer_id" in said and "--columns" in said and "columns=" not in said


def test_rows_set_aside_are_said_and_too_many_stop_the_night(orders, tmp_path, capsys):
    path, out = tmp_path / "orders.csv", tmp_path / "m.skops"
    orders.assign(wann=orders["wann"].where(orders.index % 25 > 0, "31-Foo-2025")).to_csv(
        path, index=False
    )
    assert train(path, out) == 0
    assert "160 of 4,000 rows set aside" in capsys.readouterr().err
    before = out.read_bytes()
    orders.assign(wann=orders["wann"].where(orders.index % 2 > 0, "31-Foo-2025")).to_csv(
        path, index=False
    )
    assert train(path, out) == 3
    said = capsys.readouterr().err
    assert "2,000 of 4,000 rows set aside" in said and "--most-set-aside 50%" in said
    assert out.read_bytes() == before
    assert train(path, out, "--most-set-aside", "50%") == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--most-set-aside", "much"], "not a percentage"),
        (["--day-first", "--month-first"], "not allowed with"),
    ],
)
def test_a_mistyped_option_is_a_sentence(tmp_path, capsys, more, said):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--shop", "x.csv", "--out", "m.skops", *more])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_column_without_a_role_is_a_sentence(tmp_path, capsys):
    arguments = ["train", "--shop", "x.csv", "--out", str(tmp_path / "m"), "--columns", "k_nr"]
    assert main(arguments) == 2
    assert "role=name" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["old.csv", "old.parquet", "old.duckdb"])
def test_scores_go_to_a_database_or_nowhere(tmp_path, name):
    scores = pd.DataFrame({"customer_id": ["a", "b"], "propensity": [0.1, 0.2]})
    path = tmp_path / name
    if name.endswith("parquet"):
        scores.to_parquet(path)
    else:
        scores.to_csv(path, index=False)
    before = path.read_bytes()
    with pytest.raises(production.ModelError, match="no DuckDB database"):
        writing.write_duckdb(scores, path)
    assert path.read_bytes() == before
    writing.write_duckdb(scores, tmp_path / "new.duckdb")
    writing.write_duckdb(scores, tmp_path / "new.duckdb")


TODAY = pd.Timestamp("2025-10-01")


@pytest.fixture(scope="module")
def shop_folder(store, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    for name, table in store.tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def test_the_command_line_scores_a_folder_and_reports(
    saved, shop_folder, store, model, tmp_path, capsys
):
    out, base = tmp_path / "scores.parquet", tmp_path / "scores.duckdb"
    where = ["--model", saved, "--shop", shop_folder, "--out", out, "--duckdb", base]
    done = subprocess.run(
        [sys.executable, "-m", "helpers.production", "score", *where, "--as-of", "2025-10-01"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert "customers scored for 2025-10-01" in done.stdout and "… scores" in done.stderr
    pd.testing.assert_frame_equal(
        pd.read_parquet(out), production.score(model, store, TODAY), check_dtype=False
    )

    def report(model: Path) -> int:
        where = ["--scores", out, "--shop", shop_folder, "--out", page]
        return main(["report", "--model", str(model), *map(str, where)])

    page = tmp_path / "report.html"
    assert report(saved) == 0, capsys.readouterr().err
    text = page.read_text(encoding="utf-8")
    assert "profit per 1,000</th>\n      <td>" in text
    other = tmp_path / "other.skops"
    production.save(model._replace(card=replace(model.card, owner="somebody else")), other)
    assert report(other) == 2
    assert "not written by this model" in capsys.readouterr().err
    assert text.count("data:image/png;base64,") == 2 and "http" not in text and "alt=" in text


def test_the_command_line_as_a_process_ends_with_a_sentence(tmp_path):
    arguments = ["train", "--shop", "no_such_folder", "--out", str(tmp_path / "out")]
    command = [sys.executable, "-m", "helpers.production", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2 and "no_such_folder" in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["score", "--model", "none.skops", "--shop", "simulated"], "train a model first"),
        (["score", "--model", "pyproject.toml", "--shop", "simulated"], "no skops file"),
        (["train", "--shop", "simulated", "--as-of", "yesterday"], "must be a date"),
        (["score", "--shop", "simulated"], "required: --model"),
        (["train", "--shop", "simulated", "--horizon", "banana"], "a text such as '91D'"),
    ],
)
def test_the_command_line_ends_with_a_sentence(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(ROOT)
    out = tmp_path / "kept"
    out.write_text("the last run's")
    try:
        code = main([*arguments, "--out", str(out)])
    except SystemExit as ended:  # what the parser itself refuses
        code = ended.code
    printed = capsys.readouterr()
    assert code == 2 and said in printed.err
    assert "Traceback" not in printed.err and printed.out == ""
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
            ["score", "--model", "m.skops", "--shop", "shop", "--out", "shop/bestellungen.parquet"],
            "what --shop",
        ),
        (
            ["score", "--model", "m.skops", "--shop", "olist", "--out", "olist/olist_orders.csv"],
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
            ["train", "--shop", "shop", "--out", "m.skops.sha256"],
            "--out m.skops.sha256 is the name of a model's digest",
        ),
        (
            ["report", "--model", "m", "--shop", "shop", "--scores", "s", "--out", "m.md"],
            "would replace the model's card",
        ),
        (
            ["score", "--model", "m.skops", "--shop", "shop", "--out", "none/s"],
            "there is no such folder",
        ),
    ],
)
def test_an_output_never_replaces_an_input(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    for folder in ("shop", "olist"):
        (tmp_path / folder).mkdir()
    names = ["m.skops", "m.skops.sha256", "m.md", "orders.csv", "s"]
    names += ["shop/purchases.parquet", "olist/olist_orders.csv"]
    for name in names:
        (tmp_path / name).write_text("mine")
    if "link.csv" in arguments:
        if os.name == "nt":
            pytest.skip("a link needs rights there")
        (tmp_path / "link.csv").symlink_to("orders.csv")
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    assert all((tmp_path / name).read_text() == "mine" for name in names)


def test_an_opened_folder_of_parts_is_trained_on_and_scored(store, tmp_path, capsys):
    folder = tmp_path / "orders"
    folder.mkdir()
    for number in range(3):
        part = store.purchases.iloc[number::3].rename(columns={"customer_id": "k_nr"})
        part.to_parquet(folder / f"part-{number}.parquet")
    model, out = tmp_path / "m.skops", tmp_path / "s.parquet"
    told = ["--shop", str(folder), "--open", "--columns", "customer_id=k_nr"]
    assert main(["train", *told, "--as-of", "2025-10-01", "--out", str(model)]) == 0
    assert main(["score", *told, "--model", str(model), "--out", str(out)]) == 0
    assert "customers scored for 2025-12-31" in capsys.readouterr().out
    bare = Shop("orders", store.purchases)
    assert len(pd.read_parquet(out)) == len(features.known_customers(bare, "2025-12-31"))
    for wrong, words in (
        (["--out", str(folder / "s.parquet")], "would replace what --shop holds"),
        (["--out", str(out), "--day-first"], "types of its own"),
    ):
        assert main(["score", *told, "--model", str(model), *wrong]) == 2
        assert words in capsys.readouterr().err
    assert main(["train", *told, "--kind", "online", "--out", str(model)]) == 2
    assert "no --open" in capsys.readouterr().err
    assert main(["train", "--shop", str(folder), "--open", "--out", str(model)]) == 2
    said = capsys.readouterr().err
    assert "--columns" in said and "shop.open" not in said
