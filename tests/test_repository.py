"""What stands in the repository, and that what is said in several places is said alike."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement

from helpers.files import ROOT

GITHUB = ROOT / ".github"
TOP = {
    *("data", "helpers", "notebooks", "tests"),
    *("README.md", "LICENSE", "conftest.py", "environment.yml", "pyproject.toml"),
    *("requirements.in", "requirements.txt", "requirements-serve.in", "requirements-serve.txt"),
    *("requirements-spark.in", "requirements-spark.txt"),
    *(".ci", ".devcontainer", ".github", ".gitignore", ".pre-commit-config.yaml"),
}


def test_nothing_stands_at_the_top_but_the_course():
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        pytest.skip("this copy of the course is no git repository")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip(f"git cannot list the files: {listed.stderr.strip()}")
    assert {line.split("/")[0] for line in listed.stdout.splitlines()} == TOP


def requirements(name: str) -> list[str]:
    """The lines of a lock without their hashes."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.removesuffix(" \\") for line in lines if not line.startswith("    --hash=")]


def pins(name: str) -> dict[str, str]:
    """The locked version of each package, by name."""
    locked = [Requirement(line) for line in requirements(name)]
    return {package.name: str(package.specifier) for package in locked}


@pytest.mark.parametrize("extra", ["-serve", "-spark"])
def test_every_package_is_pinned_and_the_locks_agree(extra):
    base, more = pins("requirements.txt"), pins(f"requirements{extra}.txt")
    assert all(version.startswith("==") for version in (*base.values(), *more.values()))
    assert {name: more[name] for name in base.keys() & more} == {
        name: base[name] for name in base.keys() & more
    }


@pytest.mark.parametrize("extra", ["", "-serve", "-spark"])
def test_what_we_depend_on_by_choice_is_locked(extra):
    lines = (ROOT / f"requirements{extra}.in").read_text(encoding="utf-8").splitlines()
    chosen = {Requirement(line).name for line in lines if line and not line.startswith("#")}
    assert chosen and chosen <= set(pins(f"requirements{extra}.txt"))


@pytest.mark.parametrize("extra", ["", "-serve", "-spark"])
def test_the_lock_with_hashes_is_the_lock(extra):
    name = f".github/requirements{extra}-hashed.txt"
    assert requirements(name) == requirements(f"requirements{extra}.txt")


@pytest.mark.parametrize("name", sorted(path.name for path in GITHUB.glob("requirements*.txt")))
def test_every_package_has_hashes_and_no_address(name):
    text = (GITHUB / name).read_text(encoding="utf-8")
    assert "://" not in text and "-url" not in text
    for package in re.split(r"\n(?=\w)", text.strip()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", package), package.split()[0]


def test_the_build_tools_are_those_of_their_lock():
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    locked = pins(".github/requirements-build.txt")
    assert built["requires"] == [f"setuptools{locked['setuptools']}"] and "uv" in locked


def test_the_workflow_takes_pinned_actions_installs_by_hash_and_may_only_read():
    for path in (GITHUB / "workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        used = re.findall(r"uses: (.+)", text)
        assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", each) for each in used)
        assert "\npermissions:\n  contents: read\n" in text and "write" not in text
        installs = re.findall(r"pip install (.+)", text)
        assert all("--require-hashes" in each or "--build-constraint" in each for each in installs)
        assert "cyclonedx" in text
