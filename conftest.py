"""Notebooks are validated by nbval; here, each exercise is answered as well, in the same kernel.

A chapter runs once, cell by cell, and nbval compares what it prints. Behind the cell of an exercise
stand its answers, each a test of its own: typical mistakes, another right way, the solution, which
stays, as with a reader: what comes after it is compared just as strictly.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

# Two workers on two cores: threads of their own would only wait for each other. Kernels and other
# processes started by the tests inherit this; it must stand before NumPy is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

EXERCISE = re.compile(r'^check\("(\d\d\.\d)"', re.MULTILINE)
UNANSWERED = re.compile(r"^\w+ = \.\.\.$", re.MULTILINE)


class Answer(IPyNbCell):
    """The cell of an exercise with an answer in it: it runs, and its reply is the one expected."""

    number: str
    reply: str

    def runtest(self) -> None:
        self.parent.progress.unlink(missing_ok=True)
        super().runtest()
        said = "".join(output.get("text", "") for output in self.test_outputs)
        right = self.reply == "right. "
        if f"{self.number}: " not in said or self.reply not in said or ("right. " in said) != right:
            self.raise_cell_error(f"{self.reply!r} was expected, and the reply is: {said}")
        kept = json.loads(self.parent.progress.read_text(encoding="utf-8"))
        if kept != {self.number: "right" if right else "tried"}:
            self.raise_cell_error(f"my_progress.json holds {kept}")
        self.parent.progress.unlink()  # the cells that are compared see a reader's first day


class Notebook(IPyNbFile):
    """A notebook, its cells, and behind each exercise's cell its answers."""

    def collect(self) -> Iterator[pytest.Item]:
        for cell in super().collect():
            yield cell
            exercise = EXERCISE.search(cell.cell.source)
            if exercise:
                yield from self.answers(cell, exercise[1])

    def answers(self, asked: IPyNbCell, number: str) -> Iterator[Answer]:
        from course.exercises.answers import ANSWERS  # here, for it loads NumPy

        from helpers.course import exercises

        tried = [
            (f"mistake {i}, {reply}", code, reply)
            for i, (code, reply) in enumerate(ANSWERS[number]["mistakes"], start=1)
        ]
        tried.append(("another right answer", ANSWERS[number]["other"], "right. "))
        tried.append(("solution", exercises.find(number).solution, "right. "))
        for name, code, reply in tried:
            cell = deepcopy(asked.cell)
            cell.source, changed = UNANSWERED.subn(lambda _, code=code: code, cell.source)
            assert changed == 1, f"{self.path.name}: one line of {number} ends in = ..."
            cell.outputs, cell.execution_count = [], None
            answer = Answer.from_parent(
                self,
                name=f"{number} {name}",
                cell_num=asked.cell_num,
                cell=cell,
                options=defaultdict(bool),
            )
            answer.number, answer.reply = number, reply
            yield answer

    def setup(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.progress = Path(self.folder.name) / "my_progress.json"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COURSE_PROGRESS", str(self.progress))
            super().setup()

    def teardown(self) -> None:
        super().teardown()
        self.folder.cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(parent: pytest.Collector) -> Iterator:
    """What nbval would take as a notebook is collected with its answers."""
    return [
        Notebook.from_parent(parent, path=found.path) if isinstance(found, IPyNbFile) else found
        for found in (yield)
    ]
