"""Answers to every exercise: typical mistakes and another right way, a file a chapter.

`ANSWERS["05.1"]` holds "mistakes": [(code of a typical mistake, a part of the reply), …], and
"other": the code of a right answer that is not the solution's. They are tried where the exercise
stands, in the run of its notebook (`conftest.py`, beside `pyproject.toml`).
"""

from importlib import import_module

from helpers.course import exercises

ANSWERS = {
    number: answers
    for chapter in exercises.chapters()
    for number, answers in import_module(f"{__name__}.chapter_{chapter}").ANSWERS.items()
}
