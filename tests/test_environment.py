"""The environment check finds what is wrong and names the remedy."""

from helpers import environment


def test_the_tested_environment_is_the_locked_one():
    assert environment.problems() == []


def test_another_version_a_missing_package_and_a_missing_table_are_named(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text('pandas==1.0.0\nno-such-package==1.0\ncolorama==0.1 ; sys_platform == "none"\n')
    version, missing, *tables = environment.problems(lock, data=tmp_path)
    assert version.startswith("pandas is") and "1.0.0" in version and "uv sync" in version
    assert missing.startswith("no-such-package is not installed")
    assert len(tables) == len(environment.BUNDLED) and all("git checkout" in t for t in tables)


def test_an_unsupported_python_is_named(monkeypatch):
    monkeypatch.setattr("sys.version_info", (3, 9, 0, "final", 0))
    assert "Python 3.9" in environment.problems()[0]


def test_a_missing_lock_is_named(tmp_path):
    assert "incomplete" in environment.problems(lock=tmp_path / "none.txt")[-1]


def test_the_check_prints_its_findings(capsys, monkeypatch):
    environment.check()
    assert capsys.readouterr().out.startswith("All is well")
    monkeypatch.setattr(environment, "problems", lambda: ["one", "two"])
    environment.check()
    assert capsys.readouterr().out == "1. one\n2. two\n"
