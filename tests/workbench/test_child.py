"""The shop stays in the child; uploads do not stay anywhere; what is stale is not taken along."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import pytest
from jupyterlab.labapp import LabApp

from helpers import shop
from helpers.shop import Shop
from helpers.workbench import Workbench, uploads, work
from helpers.workbench.__main__ import main
from helpers.workbench.health import health


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    lines = shop.load().purchases.head(1_500)
    lines = lines[["customer_id", "order_id", "ordered_at", "amount"]].copy()
    lines.loc[5:16, "amount"] = float("nan")
    return lines


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The folder for temporary files, empty at first."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def load(bench: Workbench, path: Path, upload: bool = True) -> None:
    if upload:
        content = memoryview(path.read_bytes())
        file = {"name": path.name, "type": "", "size": len(content), "content": content}
        bench.data.upload.value = ({**file, "last_modified": pd.Timestamp(0)},)
    else:
        bench.data.path.value = str(path)
        bench.data.start()
    bench.jobs.wait()
    bench.go("Explore")
    bench.jobs.wait()


def save_aside(bench: Workbench, path: Path) -> str:
    save = bench.data.save_aside
    save.path.value = str(path)
    save.save()
    return save.said.value


def test_no_shop_comes_into_the_kernel(orders, tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("a shop crossed")

    monkeypatch.setattr(Shop, "__reduce__", refuse)
    monkeypatch.setattr(Shop, "__setstate__", refuse, raising=False)
    orders.to_csv(tmp_path / "orders.csv", index=False)
    bench = Workbench()
    load(bench, tmp_path / "orders.csv")
    bench.segments.run.click()
    bench.jobs.wait()
    assert bench.segments.fitted is not None
    held = [v for screen in (bench.data, bench.segments) for v in vars(screen).values()]
    assert not any(isinstance(value, Shop) for value in held)
    assert bench.data.loaded.aside == 12 and len(bench.data.loaded.first_aside) == work.SHOWN


@pytest.mark.parametrize("upload", [True, False])
def test_after_a_stop_the_child_reads_the_shop_again(orders, tmp_path, folder, upload):
    orders.to_csv(tmp_path / "orders.csv", index=False)
    bench = Workbench()
    load(bench, tmp_path / "orders.csv", upload)
    assert not list(folder.iterdir()), "the upload is gone once it is read"
    for again in (
        lambda: save_aside(bench, tmp_path / "aside.csv"),
        bench.segments.run.click,
        bench.segments.build.click,
    ):
        first = bench.jobs.child
        bench.jobs.end()
        again()
        bench.jobs.wait()
        assert bench.jobs.child not in (None, first) and not list(folder.iterdir())
    assert len(pd.read_csv(tmp_path / "aside.csv")) == 12
    bench.segments.run.click()
    bench.jobs.wait()
    assert bench.segments.fitted is not None, bench.segments.fit_message.value


def test_a_file_that_has_changed_is_not_read_in_its_place(orders, tmp_path):
    orders.to_csv(tmp_path / "orders.csv", index=False)
    bench = Workbench()
    load(bench, tmp_path / "orders.csv", upload=False)
    orders.head(100).to_csv(tmp_path / "orders.csv", index=False)
    bench.jobs.end()
    bench.segments.build.click()
    bench.jobs.wait()
    assert (
        "orders.csv has changed since it was loaded: load it again" in bench.segments.message.value
    )


def test_a_file_that_is_refused_leaves_the_shop_before_whole(orders, tmp_path, folder):
    orders.to_csv(tmp_path / "orders.csv", index=False)
    (tmp_path / "letter.csv").write_text("Dear all\n")
    bench = Workbench()
    load(bench, tmp_path / "orders.csv")
    load(bench, tmp_path / "letter.csv")
    assert "orders, is still there" in bench.data.message.value and not list(folder.iterdir())
    assert [item["name"] for item in bench.data.uploaded] == ["orders.csv"]
    assert "Saved" in save_aside(bench, tmp_path / "aside.csv")


def test_a_stop_while_reading_removes_the_upload(orders, tmp_path, folder):
    pd.concat([orders] * 200).to_csv(tmp_path / "orders.csv", index=False)
    bench = Workbench()
    content = memoryview((tmp_path / "orders.csv").read_bytes())
    file = {"name": "orders.csv", "type": "", "size": len(content), "content": content}
    bench.data.upload.value = ({**file, "last_modified": pd.Timestamp(0)},)
    assert list(folder.iterdir()), "while it is read it is there"
    bench.jobs.stop()
    assert "Stopped" in bench.data.message.value and not list(folder.iterdir())


def test_what_a_killed_process_left_is_swept(folder):
    old, fresh, other = (folder / n for n in ("workbench-old", "workbench-new", "else"))
    for place in (old, fresh, other):
        place.mkdir()
        (place / "orders.csv").write_text("customer_id\n1\n")
    long_ago = time.time() - 2 * uploads.OLD
    for place in (old, other):
        os.utime(place, (long_ago, long_ago))
    Workbench()
    assert not old.exists() and fresh.exists() and other.exists()


def test_what_a_killed_process_left_is_swept_at_once(folder):
    """The folder's name tells who wrote it: nobody waits an hour for what nobody reads."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    file = {"name": "orders.csv", "content": b"customer_id\n1\n"}
    ours, _ = uploads.put_down([file])
    left = folder / f"workbench-{ended.pid}-x"
    left.mkdir()
    uploads.sweep()
    assert Path(ours.name).exists()
    assert not left.exists() or os.name == "nt"
    ours.cleanup()


def test_the_workbench_of_a_kernel_stays_the_same_until_it_is_closed(orders, tmp_path):
    orders.to_csv(tmp_path / "orders.csv", index=False)
    first = Workbench()
    load(first, tmp_path / "orders.csv")
    child = first.jobs.child
    again = Workbench.here()
    assert again is first and again.jobs.child == child and again.data.loaded.name == "orders"
    first.close()
    assert Workbench.here() is not first


def test_a_page_that_is_loaded_again_is_not_sent_the_files(orders, tmp_path):
    orders.to_csv(tmp_path / "orders.csv", index=False)
    bench = Workbench()
    load(bench, tmp_path / "orders.csv")
    [sent] = bench.data.upload.get_state("value")["value"]
    assert sent["name"] == "orders.csv" and len(sent["content"]) == 0
    bench.data.load.click()
    bench.jobs.wait()
    assert bench.data.loaded.name == "orders", "the kernel still has them"


def test_a_new_workbench_ends_the_child_of_the_one_before(orders, tmp_path):
    orders.to_csv(tmp_path / "orders.csv", index=False)
    first = Workbench()
    load(first, tmp_path / "orders.csv")
    assert first.jobs.child is not None
    second = Workbench()
    assert first.jobs.child is None and second.jobs.child is not None
    assert "Saved" in save_aside(first, tmp_path / "aside.csv"), "used again, it works again"
    first.jobs.end()


def test_a_stale_fit_is_dimmed_and_not_exported(orders, tmp_path):
    orders.to_csv(tmp_path / "orders.csv", index=False)
    bench = Workbench()
    load(bench, tmp_path / "orders.csv")
    chosen = bench.segments
    chosen.run.click()
    bench.jobs.wait()
    chosen.save.path.value = str(tmp_path / "segments.csv")
    (tmp_path / "taken").mkdir()
    bench.take.save.path.value = str(tmp_path / "taken" / "taken.ipynb")
    k = chosen.explorer.controls["k"]
    k.value = 6
    assert "those of 4 groups" in chosen.fit_message.value
    assert chosen.cards._dom_classes and chosen.light._dom_classes and chosen.table._dom_classes
    for save in (chosen.save, bench.take.save):
        save.save()
        assert "Group again" in save.said.value
    assert not Path(chosen.save.path.value).exists()
    assert "segments.assign" not in bench.take.code.value, "what is stale is not taken along"
    assert "Group again" in bench.take.message.value
    k.value = 4
    assert chosen.fit_message.value == "" and not chosen.table._dom_classes
    chosen.save.save()
    assert pd.read_csv(tmp_path / "segments.csv")["segment"].nunique() == 4
    k.value = 6
    chosen.run.click()
    bench.jobs.wait()
    assert chosen.fit_message.value == "" and len(chosen.fitted.profile) == 6


def test_health_counts_the_orders_that_stand():
    store = shop.load()
    lines = store.purchases
    _, facts = health(store)
    facts = facts["value"]
    as_of = lines["ordered_at"].max().normalize() + pd.Timedelta("1D")
    gone = lines["cancelled_at"] < as_of
    assert gone.any()
    standing = lines[~gone]
    assert facts["orders"] == f"{standing['order_id'].nunique():,}"
    assert facts["customers"] == f"{standing['customer_id'].nunique():,}"
    assert facts["revenue"] == f"{standing['amount'].sum():,.0f}"
    assert facts["canceled lines that were kept, not counted above"] == f"{gone.sum():,}"


def test_health_of_a_shop_whose_every_order_was_canceled_is_a_sentence():
    lines = shop.load().purchases.head(20)
    canceled = Shop("all canceled", lines.assign(cancelled_at=lines["ordered_at"]))
    with pytest.raises(ValueError, match="Every order in it was canceled"):
        health(canceled)


def test_the_launcher_asks_nobody_for_news(monkeypatch):
    given = []
    monkeypatch.setattr(LabApp, "launch_instance", lambda argv: given.extend(argv))
    main(["--LabApp.default_url=/lab"])
    lab = LabApp()
    lab.load_config_environ()
    lab.parse_command_line(given)
    assert lab.check_for_updates_class.__name__ == "NeverCheckForUpdate"
    assert lab.news_url is None and lab.extension_manager == "readonly"
    assert '"fetchNews": "false"' in (Path(lab.app_settings_dir) / "overrides.json").read_text()
    assert lab.default_url == "/lab", "the reader's own arguments win"
