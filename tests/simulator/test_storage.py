"""The bundled files are what the simulator makes, each with its card."""

import re

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from helpers import simulator
from helpers.simulator import storage


def test_committed_shop_is_what_the_simulator_makes(full):
    shop, truth = full
    for name, table in shop.tables.items():
        stored = pd.read_parquet(storage.DATA / "shop" / f"{name}.parquet")
        assert_frame_equal(stored, table, check_exact=False, rtol=0, atol=1e-9)
        for column in table.select_dtypes(exclude="float64"):
            assert stored[column].equals(table[column]), (name, column)
    for name, table in truth.items():
        assert_frame_equal(simulator.load_truth(name), table, rtol=1e-5, atol=1e-6)


def test_committed_behavior_files_are_what_the_simulator_makes():
    files, truth = storage.behavior_files()
    for name, table in files.items():
        stored = pd.read_csv(storage.DATA / f"{name}.csv")
        assert_frame_equal(stored, table, check_dtype=False, rtol=0, atol=1e-9)
    for name, table in truth.items():
        assert_frame_equal(simulator.load_truth(name), table)


def test_data_stays_small():
    size = sum(path.stat().st_size for path in storage.DATA.rglob("*") if path.is_file())
    assert 1e6 < size <= 12e6


def test_cards_name_every_file_with_its_rows():
    text = (storage.DATA / "README.md").read_text(encoding="utf-8")
    paths = [
        *storage.DATA.glob("*.csv"),
        *storage.DATA.glob("shop/*"),
        *storage.DATA.glob("truth/*"),
    ]
    assert len(paths) == 19
    for path in paths:
        rows = len(pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path))
        name = path.relative_to(storage.DATA).as_posix()
        assert re.search(rf"`{re.escape(name)}`[^\n]*\b{rows:,} rows", text), (name, rows)


def test_unknown_truth_and_missing_files_are_told_apart(tmp_path):
    with pytest.raises(ValueError, match="one of calendar"):
        simulator.load_truth("nothing")
    with pytest.raises(FileNotFoundError, match="helpers.simulator"):
        simulator.load_truth("customers", folder=tmp_path)


def test_writing_and_loading_give_the_same_back(small, tmp_path):
    shop, truth = small
    storage.write_all(shop, truth, folder=tmp_path)
    assert_frame_equal(pd.read_parquet(tmp_path / "shop" / "visits.parquet"), shop.visits)
    assert_frame_equal(simulator.load_truth("campaigns", folder=tmp_path), truth["campaigns"])
    assert (tmp_path / "customer_behavior.csv").read_bytes().count(b"\r") == 0
