"""Work that is kept: nothing before it is asked for, whole or not at all, and opened as it was."""

from __future__ import annotations

import datetime
import json
from types import SimpleNamespace

import ipywidgets as widgets
import pytest
from benches import few_orders, looked

from helpers.files import ROOT
from helpers.widgets.jobs import JobBar
from helpers.workbench.plans import Plans
from helpers.workbench.project import NAME, Project, ProjectError, from_json, shop_key, to_json
from helpers.workbench.project_bar import ProjectBar


class Screen(widgets.VBox):
    """Two controls that are kept; the drop-down is filled only when the screen is looked at."""

    def __init__(self):
        self.size = widgets.IntSlider(5, 0, 10)
        self.who = widgets.Dropdown()
        self.day = widgets.DatePicker()
        super().__init__([self.size, self.who, self.day])

    @property
    def kept(self):
        return {"Size": self.size, "Who": self.who, "Day": self.day}


class Data:
    """What a project asks of the first screen."""

    def __init__(self):
        self.loaded, self.uploaded, self.place, self.reading = None, [], "", {}
        self.asked = []

    def load(self, place, columns=("a", "b"), reading=None):
        self.loaded = SimpleNamespace(name="s", columns=list(columns))
        self.place, self.reading = str(place), reading or {"day_first": None}

    def reopen(self, place, reading):
        self.asked.append((place, reading))


def bar_of(data=None) -> tuple[ProjectBar, Screen, JobBar, Data]:
    data, screen, jobs = data or Data(), Screen(), JobBar()
    return ProjectBar(jobs, data, {"One": screen}, lambda: "One", Plans()), screen, jobs, data


def opened(bar: ProjectBar, folder) -> None:
    bar.folder.value = str(folder)
    bar.open_project()


def test_nothing_is_written_before_a_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    bar, screen, _, data = bar_of()
    data.load(tmp_path / "orders.csv")
    bar.shop_loaded()
    screen.size.value = 9
    assert not list(tmp_path.iterdir())


def test_choices_come_back_for_files_of_the_same_form_also_those_that_fit_only_later(tmp_path):
    bar, screen, _, data = bar_of()
    data.load(tmp_path / "orders.csv")
    opened(bar, tmp_path / "p")
    screen.who.options = ["x", "y"]
    screen.size.value, screen.who.value = 9, "y"
    screen.day.value = datetime.date(2024, 5, 1)

    later, again, jobs, other = bar_of()
    other.load(tmp_path / "orders_june.csv", columns=("b", "a"))
    opened(later, tmp_path / "p")
    assert (again.size.value, again.day.value) == (9, datetime.date(2024, 5, 1))
    assert again.who.value is None
    again.who.options = ["x", "y"]
    jobs.layout.visibility = "visible"
    jobs.layout.visibility = "hidden"
    assert again.who.value == "y"
    third, fresh, _, another = bar_of()
    another.load(tmp_path / "o.csv", columns=("q",))
    opened(third, tmp_path / "p")
    assert fresh.size.value == 5


def test_a_project_opens_the_file_it_was_left_with_and_says_where_it_is_gone(tmp_path):
    (tmp_path / "orders.csv").write_text("a,b\n")
    bar, _, _, data = bar_of()
    data.load(tmp_path / "orders.csv", reading={"day_first": True})
    opened(bar, tmp_path / "p")
    second, _, _, empty = bar_of()
    opened(second, tmp_path / "p")
    assert empty.asked == [(str(tmp_path / "orders.csv"), {})]
    empty.load(tmp_path / "orders.csv")  # read with no wishes: those of last time come
    second.shop_loaded()
    assert empty.asked[1:] == [(str(tmp_path / "orders.csv"), {"day_first": True})]
    (tmp_path / "orders.csv").unlink()
    third, _, _, nothing = bar_of()
    opened(third, tmp_path / "p")
    assert not nothing.asked and "no longer there" in third.said.value


def test_a_dropped_file_is_put_beside_never_over_another(tmp_path):
    project = Project(tmp_path / "p")
    first = project.put([("orders.csv", b"one")])
    assert project.put([("../orders.csv", b"one")]) == first
    second = project.put([("orders.csv", b"two")])
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert second.name == "orders 2.csv" and second.parent == project.folder / "orders"
    both = [("orders.csv", b"one"), ("customers.csv", b"c")]
    folder = project.put(both)
    assert project.put(reversed(both)) == folder
    assert sorted(path.name for path in folder.iterdir()) == ["customers.csv", "orders.csv"]
    later = project.put([("orders.csv", b"two"), ("customers.csv", b"c")])
    assert later != folder and len(list(later.iterdir())) == 2
    bar, _, _, data = bar_of()
    data.load("/tmp/gone/orders.csv")
    data.uploaded = [{"name": "mine.csv", "content": b"three"}]
    opened(bar, tmp_path / "p")
    assert bar.project.where == str(tmp_path / "p" / "orders" / "mine.csv")


def test_what_starts_work_can_be_undone_and_what_a_job_fills_cannot(tmp_path):
    few_orders(400).to_csv(tmp_path / "orders.csv", index=False)
    bench = looked(tmp_path / "orders.csv", "Groups")
    groups, bar = bench.groups, bench.kept
    assert bar.undo.disabled, "the screen has filled itself"
    groups.how.value = groups.how.options[1]
    bench.jobs.wait()
    groups.days.value = 60
    bench.jobs.wait()
    groups.part.value = groups.part.options[1]
    bench.jobs.wait()
    bench.go("Customers")
    bench.jobs.wait()
    assert bar.undo.disabled, "nothing was changed on this screen"
    bench.go("Groups")
    assert not bar.undo.disabled
    bar.undo.click()
    bench.jobs.wait()
    assert groups.days.value == 91 and groups.part.value == groups.part.options[1]
    assert "“Lately”" in bar.said.value
    bar.undo.click()
    bench.jobs.wait()
    assert groups.how.value == groups.how.options[0] and bar.undo.disabled


def test_undo_takes_the_changes_back_one_by_one_and_keeps_that(tmp_path):
    bar, screen, _, data = bar_of()
    data.load(tmp_path / "orders.csv")
    opened(bar, tmp_path / "p")
    assert bar.undo.disabled
    screen.size.value = 7
    screen.size.value = 8
    bar.undo.click()
    assert screen.size.value == 7
    bar.undo.click()
    assert screen.size.value == 5 and bar.undo.disabled
    said = json.loads((tmp_path / "p" / NAME).read_text())
    kept = said["shops"][shop_key(["a", "b"])]["screens"]["One"]
    assert kept["Size"] == 5


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"what": "other"}', '{"what": "a workbench project", "version": 9}']
    + ['{"what": "a workbench project", "version": 1, "where": "", "shops": [1]}']
    + ['{"what": "a workbench project", "version": 1, "where": "", "shops": {"x": {}}}'],
)
def test_a_file_that_is_no_project_is_left_as_it_is(tmp_path, text):
    (tmp_path / NAME).write_text(text)
    with pytest.raises(ProjectError, match="left as it is"):
        Project(tmp_path)
    bar, _, _, _ = bar_of()
    opened(bar, tmp_path)
    assert "left as it is" in bar.said.value and bar.project is None
    assert (tmp_path / NAME).read_text() == text


def test_values_that_do_not_fit_any_more_change_nothing(tmp_path):
    bar, _, _, data = bar_of()
    data.load(tmp_path / "orders.csv")
    opened(bar, tmp_path / "p")
    path = tmp_path / "p" / NAME
    said = json.loads(path.read_text())
    values = {"Size": "much", "Who": "z", "Day": {"day": "someday"}, "Other": 1}
    said["shops"][shop_key(["a", "b"])]["screens"] = {"One": values, "Two": {"x": 1}}
    path.write_text(json.dumps(said))
    again, screen, _, other = bar_of()
    other.load(tmp_path / "orders.csv")
    opened(again, tmp_path / "p")
    assert (screen.size.value, screen.who.value, screen.day.value) == (5, None, None)


def test_the_course_itself_and_a_file_are_no_projects(tmp_path):
    with pytest.raises(ProjectError, match="course's own"):
        Project(ROOT / "notebooks")
    (tmp_path / "f").write_text("")
    with pytest.raises(ProjectError, match="is a file"):
        Project(tmp_path / "f")


@pytest.mark.parametrize("value", [1, 0.5, "x", None, True, ("a", "b"), datetime.date(2024, 1, 2)])
def test_values_come_back_as_they_were(value):
    assert from_json(json.loads(json.dumps(to_json(value)))) == value
