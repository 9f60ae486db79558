"""Take it to your warehouse: what is written, and DuckDB takes the folder's own steps."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from engines.folders import AS_OF, CATEGORIES, MODEL, NAMES, assert_same, take_steps, write_folder

from helpers import features, production
from helpers.errors import NotWritten
from helpers.features import __main__ as command
from helpers.features import warehouse
from helpers.features.warehouse import fixture, writing
from helpers.production.__main__ import main as production_main
from helpers.production.warehouse import define_scores
from helpers.targets.__main__ import main as targets_main

MOMENT = pd.Timestamp(AS_OF)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("sql")
    return {name: write_folder(name, "duckdb", base / name) for name in NAMES}


@pytest.fixture(scope="module")
def written(folders) -> Path:
    return folders["features"]


def answered(folder: Path, name: str = "features") -> duckdb.DuckDBPyConnection:
    """A database in which the first three steps of the folder's README are taken."""
    con = duckdb.connect()
    take_steps(
        folder,
        name,
        "duckdb",
        con.execute,
        lambda table, file: con.execute(f"COPY \"{table}\" FROM '{file}' (HEADER)"),
    )
    return con


def compared(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """The row of step 4."""
    found = con.execute((folder / "compare.sql").read_text())
    return dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_duckdb_gives_the_expected_answer(folders, name):
    assert_same(compared(answered(folders[name], name), folders[name]), folders[name])


def test_the_folder_holds_what_its_readme_names(written):
    assert sorted(path.name for path in written.iterdir()) == [
        "README.md",
        "compare.sql",
        "create.sql",
        "features.sql",
        "fixture",
    ]
    tables = {"purchases", "visits", "customers", "expected"}
    assert {path.stem for path in (written / "fixture").iterdir()} == tables
    head = (written / "features.sql").read_text().splitlines()[1]
    assert head == (
        f"-- Cut-off {MOMENT}, dialect duckdb: executed by our tests on DuckDB, Spark and Postgres."
    )
    readme = (written / "README.md").read_text()
    assert f"check {written} result.csv" in readme and "{" not in readme


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE result SET recency = recency + .001", {"recency"}),
        ("UPDATE result SET monetary = monetary * 1.00001", {"monetary"}),
        ("UPDATE result SET never_bought = NOT never_bought", {"never_bought"}),
        ("UPDATE result SET visits = NULL", {"visits"}),
        ("UPDATE result SET recency = 0 WHERE recency IS NULL", {"recency"}),
        ('UPDATE result SET "seconds_a b\'c" = 1', {"seconds_a b'c"}),
        ("DELETE FROM result WHERE frequency > 3", {"missing"}),
        ("INSERT INTO result SELECT * FROM result WHERE frequency > 3", {"too_many"}),
        ("UPDATE result SET recency = recency + .00005, monetary = monetary * 1.0000005", set()),
    ],
)
def test_a_planted_difference_is_found_by_both(written, tmp_path, change, found):
    con = answered(written)
    con.execute(change)
    row = compared(con, written)
    assert {column for column, number in row.items() if number} == found | {"customers"}
    con.execute(f"COPY result TO '{tmp_path / 'mine.csv'}' (HEADER)")
    sentence = warehouse.difference(written, tmp_path / "mine.csv")
    if found <= {"missing", "too_many"}:
        words = {"missing": "lacks the customer", "too_many": "more than once"}
        assert [words[each] in sentence for each in found] == [True] if found else not sentence
    else:
        assert sentence.startswith(f"{found.pop()} differs for ")


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("features", '"ordered_at" < ', '"ordered_at" <= '),
        ("features", '"cancelled_at" >= ', '"cancelled_at" > '),
        ("features", r'"\w+"\."cancelled_at" IS NULL', "TRUE"),
        ("features", r"LEAST\(", "GREATEST("),
        ("features", r"COUNT\(DISTINCT", "COUNT("),
        ("targets", '"ordered_at" >= ', '"ordered_at" > '),
        ("targets", '"better" < ', '"better" <= '),
        ("segments", r"RANK\(\)", "ROW_NUMBER()"),
        ("scores", r"AS DOUBLE\) > 0\b", "AS DOUBLE) > 1"),
    ],
)
def test_an_engine_that_understands_a_word_otherwise_is_found(
    folders, tmp_path, name, right, wrong
):
    shutil.copytree(folders[name], tmp_path / "copy")
    file = tmp_path / "copy" / f"{name}.sql"
    changed, times = re.subn(right, wrong, file.read_text())
    assert times
    file.write_text(changed)
    row = compared(answered(tmp_path / "copy", name), folders[name])
    assert any(number for column, number in row.items() if column != "customers")


def test_the_scores_are_those_of_the_batch():
    model = production.load(MODEL)
    small = fixture.fixture(writing.TABLES, MOMENT, model.card.categories)
    expression = define_scores(model, features.tables_of(small), MOMENT)
    found = features.fetch(small, expression).set_index("customer_id").sort_index()
    with pytest.warns(UserWarning):
        scores = production.score(model, small, MOMENT, another_shop=True)
    batch = scores.set_index("customer_id")
    assert (found["segment"] == batch["segment"]).all() and found["segment"].nunique() > 3
    assert (found["propensity"] - batch["propensity"]).abs().max() < 6e-7  # the batch rounds


def test_the_fixture_is_a_thousand_customers_and_lies_around_the_cut_off():
    small = fixture.fixture(writing.TABLES, MOMENT, CATEGORIES)
    assert small.customers["customer_id"].nunique() == fixture.CUSTOMERS == 1_000
    ordered, canceled = small.purchases["ordered_at"], small.purchases["cancelled_at"]
    assert pd.Timedelta("180D") < small.last - MOMENT < pd.Timedelta("190D")
    assert (ordered == MOMENT).any() and (canceled == MOMENT).any()
    assert (canceled == MOMENT - pd.Timedelta("1s")).any()
    assert set(CATEGORIES) < set(small.visits["category"].dropna())
    assert small.visits["category"].isna().any() and small.purchases["category"].isna().any()


def test_one_table_is_enough(tmp_path):
    out = tmp_path / "sql"
    told = ["sql", "--dialect", "duckdb", "--as-of", AS_OF, "--out", str(out)]
    assert command.main([*told, "--tables", "purchases"]) == 0
    assert not (out / "fixture" / "visits.csv").exists()
    assert_same(compared(answered(out), out), out)


def test_an_export_is_read_as_engines_write_them(written, tmp_path):
    expected = pd.read_csv(written / "fixture" / "expected.csv", dtype="str")
    theirs = expected.sample(frac=1, random_state=0).rename(columns=str.upper)
    theirs["NEVER_BOUGHT"] = theirs["NEVER_BOUGHT"].map({"true": "t", "false": "f"})
    theirs.to_csv(tmp_path / "mine.csv", index=False, na_rep="\\N", encoding="utf-8-sig")
    assert warehouse.difference(written, tmp_path / "mine.csv") is None


def test_the_check_says_it_in_a_sentence(written, tmp_path, capsys):
    expected = written / "fixture" / "expected.csv"
    assert command.main(["check", str(written), str(expected)]) == 0
    assert capsys.readouterr().out == f"expected.csv is the answer that {written} expects.\n"
    other = pd.read_csv(expected, dtype="str", keep_default_na=False)
    other.loc[[3, 5], "tenure"] = "12.5"
    other.to_csv(tmp_path / "mine.csv", index=False)
    assert command.main(["check", str(written), str(tmp_path / "mine.csv")]) == 1
    first = pd.read_csv(expected, dtype="str").loc[3]
    assert capsys.readouterr().out == (
        f"tenure differs for 2 customers; the first is {first['customer_id']}: 12.5, expected "
        f"{first['tenure']}.\n"
    )
    other.drop(columns="tenure").to_csv(tmp_path / "mine.csv", index=False)
    assert command.main(["check", str(written), str(tmp_path / "mine.csv")]) == 1
    assert "mine.csv lacks the column tenure" in capsys.readouterr().out


def test_what_cannot_be_compared_is_said(written, tmp_path, capsys):
    (tmp_path / "mine.csv").write_text("customer_id;recency\na;1\n")
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\xff\xfe")
    (tmp_path / "empty.csv").write_text("")
    for folder, file, said in (
        (written, "none.csv", "there is no such file"),
        (tmp_path, "mine.csv", "expected.csv: there is no such file"),
        (written, "mine.csv", "has no column customer_id; it has customer_id;recency"),
        (written, "image.csv", "image.csv is no table"),
        (written, "empty.csv", "empty.csv is no table"),
    ):
        assert command.main(["check", str(folder), str(tmp_path / file)]) == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dialect": "bigqery"}, "Did you mean 'bigquery'?"),
        ({"as-of": "July"}, "as_of must be a date"),
        ({"as-of": "2025-07-01 12:00+02:00"}, "without a time zone"),
        ({"out": "there/is/none"}, "there is no folder"),
        ({"tables": "visit"}, "Did you mean 'visits'?"),
        ({"tables": "visits"}, "purchases is needed"),
        ({"categories": "Toys toys"}, "'Toys', 'toys' would be one column"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path, monkeypatch, capsys, changes, said):
    monkeypatch.chdir(tmp_path)
    told = {"dialect": "duckdb", "as-of": AS_OF, "out": "sql"} | changes
    arguments = [word for name, text in told.items() for word in (f"--{name}", text)]
    if " " in changes.get("categories", ""):
        arguments = arguments[:-1] + changes["categories"].split()
    assert command.main(["sql", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("horizon", ["91", "-3D", "soon"])
def test_a_horizon_without_a_unit_is_refused(tmp_path, capsys, horizon):
    told = ["sql", "--dialect", "duckdb", "--as-of", AS_OF, "--out", str(tmp_path / "sql")]
    assert targets_main([*told, f"--horizon={horizon}"]) == 2
    assert re.search(r"error: (the )?horizon .*91D|182D|longer", capsys.readouterr().err)


def test_a_model_past_its_day_is_not_written(tmp_path, capsys):
    told = ["sql", "--dialect", "duckdb", "--out", str(tmp_path / "sql"), "--model", str(MODEL)]
    for as_of, more, said in (
        ("2025-01-01", [], "would know what came after"),
        ("2029-01-01", [], "train it anew"),
        (AS_OF, ["--tables", "purchases"], "needs the tables visits, customers, too"),
    ):
        assert production_main([*told, "--as-of", as_of, *more]) == 2
        assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_there_stays_as_it_is(tmp_path):
    (tmp_path / "sql").mkdir()
    with pytest.raises(NotWritten, match="is there already"):
        writing.write_sql(
            tmp_path / "sql", "f", "", lambda t: features.define(t, MOMENT), "duckdb", AS_OF
        )
    assert not list((tmp_path / "sql").iterdir())


def test_it_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError("no space left")

    monkeypatch.setattr(writing, "_write_csv", full)
    with pytest.raises(NotWritten, match="no space left"):
        writing.write_sql(
            tmp_path / "sql", "f", "", lambda t: features.define(t, MOMENT), "duckdb", AS_OF
        )
    assert not list(tmp_path.iterdir())
