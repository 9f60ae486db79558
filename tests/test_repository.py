"""What stands in the repository, and that what is said in several places is said alike."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from packaging.requirements import Requirement

from helpers.files import ROOT

TOP = {
    *("data", "helpers", "notebooks", "tests"),
    *("README.md", "LICENSE", "conftest.py", "environment.yml", "pyproject.toml"),
    *("requirements.in", "requirements.txt", "requirements-serve.in", "requirements-serve.txt"),
    *(".ci", ".devcontainer", ".github", ".gitignore", ".pre-commit-config.yaml"),
}


def test_nothing_stands_at_the_top_but_the_course():
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        pytest.skip("this copy of the course is no git repository")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip(f"git cannot list the files: {listed.stderr.strip()}")
    assert {line.split("/")[0] for line in listed.stdout.splitlines()} == TOP


def pins(name: str) -> dict[str, str]:
    """The locked version of each package, by name."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    locked = [Requirement(line) for line in lines]
    return {package.name: str(package.specifier) for package in locked}


def test_every_package_is_pinned_and_the_locks_agree():
    base, serve = pins("requirements.txt"), pins("requirements-serve.txt")
    assert all(version.startswith("==") for version in (*base.values(), *serve.values()))
    assert {name: serve[name] for name in base.keys() & serve} == {
        name: base[name] for name in base.keys() & serve
    }


@pytest.mark.parametrize("extra", ["", "-serve"])
def test_what_we_depend_on_by_choice_is_locked(extra):
    lines = (ROOT / f"requirements{extra}.in").read_text(encoding="utf-8").splitlines()
    chosen = {Requirement(line).name for line in lines if line and not line.startswith("#")}
    assert chosen and chosen <= set(pins(f"requirements{extra}.txt"))
