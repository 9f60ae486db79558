"""What a click or a key does on the screens, without the child process."""

from __future__ import annotations

import base64
from typing import Any

import pandas as pd
import pytest

from helpers.widgets.jobs import JobBar
from helpers.widgets.saving import SaveBar
from helpers.workbench import work
from helpers.workbench.data_screen import DataScreen


class Waiting(JobBar):
    """Jobs that are under way until they are told to be done."""

    def run(self, function, *arguments, done, failed) -> None:
        self.make_room()
        self.layout.visibility = "visible"
        self.arguments, self._done, self._failed = arguments, done, failed

    def end_with(self, result: Any) -> None:
        self.layout.visibility, self._failed = "hidden", None
        self._done(result)


@pytest.fixture
def screen() -> DataScreen:
    return DataScreen(Waiting(), lambda _: None)


LOADED = work.Loaded(
    "orders",
    b"",
    pd.DataFrame(),
    "",
    pd.DataFrame(columns=["role", "column", "how"]),
    [],
    (),
    0,
    pd.DataFrame(),
    pd.Timestamp("2025-01-01"),
    "order",
)


def test_two_clicks_on_an_example_leave_no_word_of_the_first(screen):
    example = screen.examples["a simulated shop"]
    example.click()
    example.click()
    assert screen.message.value == "" and screen.jobs.busy
    screen.jobs.end_with(LOADED)
    assert screen.message.value == "" and screen.result.layout.display == ""
    example.click()
    assert screen.result.layout.display == "none"
    screen.jobs.stop()
    assert "Stopped." in screen.message.value, "what was stopped by hand is said"


def test_a_relative_path_is_taken_from_the_folder_it_was_typed_in(screen, tmp_path, monkeypatch):
    """The notebook that is taken along must find the file from any other."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text("customer_id,ordered_at,amount\n")
    screen.path.value = "orders.csv"
    press_enter(screen.path)
    (source,) = screen.jobs.arguments
    assert source.place == str(tmp_path / "orders.csv")
    screen.jobs.end_with(LOADED)
    assert repr(str(tmp_path / "orders.csv")) in screen.recipe
    screen.path.value = "~nobody-of-this-name/orders.csv"
    press_enter(screen.path)
    assert screen.jobs.arguments[0].place.endswith("orders.csv")


def press_enter(box) -> None:
    """What the browser sends."""
    box._handle_custom_msg({"event": "submit"}, [])


def test_enter_in_the_name_saves_and_in_the_path_loads(screen, tmp_path):
    bar = SaveBar("x", "Save", lambda path: path.write_text("saved") and None)
    bar.path.value = str(tmp_path / "a.txt")
    press_enter(bar.path)
    assert (tmp_path / "a.txt").read_text() == "saved"
    screen.path.value = str(tmp_path)
    press_enter(screen.path)
    assert screen.jobs.busy


def test_what_was_saved_can_be_downloaded_and_follows_the_folder(tmp_path):
    """On a phone the link is the only way to a file; a name from outside stays a name."""
    bar = SaveBar("my_list.csv", "Save", lambda path: path.write_bytes(b"a;b\n") and None)
    bar.move(tmp_path)
    assert bar.path.value == str(tmp_path / "my_list.csv")
    bar.path.value = str(tmp_path / "it's <mine>.csv")
    bar.save()
    link = bar.said.value.rpartition("<a ")[2]
    content = base64.b64decode(link.partition("base64,")[2].partition("'")[0])
    assert content == b"a;b\n" and "download='it&#x27;s &lt;mine&gt;.csv'" in link
    bar.move(tmp_path / "other")
    assert bar.path.value == str(tmp_path / "it's <mine>.csv"), "what was written there stays"
