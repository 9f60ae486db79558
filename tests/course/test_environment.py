"""The environment check finds what is wrong and names the remedy."""

import subprocess
import sys
import tomllib

from packaging.specifiers import SpecifierSet

from helpers.course import environment

NOTEBOOKS = environment.ROOT / "notebooks"


def test_the_tested_environment_is_the_locked_one():
    assert environment.problems(folder=NOTEBOOKS) == []


def test_every_data_file_is_looked_for():
    data = environment.ROOT / "data"
    there = {
        p.relative_to(data).as_posix() for p in data.rglob("*") if p.suffix in (".csv", ".parquet")
    }
    assert set(environment.bundled()) == there


def test_the_check_itself_needs_next_to_nothing():
    code = (
        "import sys; import helpers.course.environment; print(sorted({m.split('.')[0] for m "
        "in sys.modules}))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=environment.ROOT
    )
    assert (
        "helpers" in loaded.stdout
        and "pandas" not in loaded.stdout
        and "numpy" not in loaded.stdout
    )


def test_a_notebook_in_another_folder_is_told_where_it_belongs(tmp_path):
    [said] = environment.problems(folder=tmp_path)
    assert "../data" in said and tmp_path.name in said


def test_another_version_a_missing_package_and_a_missing_table_are_named(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text('pandas==1.0.0\nno-such-package==1.0\ncolorama==0.1 ; sys_platform == "none"\n')
    version, missing, tables = environment.problems(lock, data=tmp_path, folder=NOTEBOOKS)
    assert version.startswith("pandas is") and "1.0.0" in version and "uv sync" in version
    assert missing.startswith("no-such-package is not installed")
    assert "more are missing or empty" in tables and "git checkout" in tables
    for name in environment.bundled():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * 500 * (name != "shop/visits.parquet"))
    [only] = environment.problems(data=tmp_path, folder=NOTEBOOKS)
    assert only.startswith("shop/visits.parquet is missing or empty")


def test_an_unsupported_python_is_named(monkeypatch):
    monkeypatch.setattr("sys.version_info", (3, 9, 0, "final", 0))
    said = environment.problems()[0]
    assert "Python 3.9" in said and "3.11 to 3.14" in said and "--python 3.14" in said


def test_the_supported_pythons_are_those_that_the_package_declares():
    metadata = tomllib.loads((environment.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    allowed = SpecifierSet(metadata["project"]["requires-python"])
    (_, oldest), (_, newest) = environment.SUPPORTED
    minors = [minor for minor in range(40) if f"3.{minor}" in allowed]
    assert minors == list(range(oldest, newest + 1))


def test_a_missing_lock_is_named(tmp_path):
    assert "incomplete" in environment.problems(lock=tmp_path / "none.txt")[-1]


def test_the_check_prints_its_findings(capsys, monkeypatch):
    monkeypatch.chdir(NOTEBOOKS)
    environment.check()
    assert capsys.readouterr().out.startswith("All is well")
    monkeypatch.setattr(environment, "problems", lambda: ["one", "two"])
    environment.check()
    assert capsys.readouterr().out == "1. one\n2. two\n"
