"""What the command line says of a shop of one's own, and when it stops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import production
from helpers.production import scoring
from helpers.production.__main__ import main


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
        scoring.write_duckdb(scores, path)
    assert path.read_bytes() == before
    scoring.write_duckdb(scores, tmp_path / "new.duckdb")
    scoring.write_duckdb(scores, tmp_path / "new.duckdb")
