"""`civiredis demo` shows what it says, and ends with an error where it could not."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from civiredis.cli import main
from civiredis.demo import show
from civiredis.demo.mistakes import MISTAKES

CIVIREDIS = Path(sys.executable).with_name("civiredis")


def test_it_shows_every_mistake_and_the_program_at_work() -> None:
    done = subprocess.run([CIVIREDIS, "demo"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert f"Found {len(MISTAKES)} errors in 2 files" in done.stdout
    assert "Success: no issues found" in done.stdout
    for text in show.EXPECTED:
        assert text in done.stdout
    assert done.stdout.endswith("All of it is as it should be.\n")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(show, "NEEDED", {"no_such_package": "mypy", "mypy": "mypy", "nor_this": "embedded"})
    assert main(["demo"]) == 2
    assert "the demo needs more than the library: pip install 'civiredis[mypy,embedded]'" in capsys.readouterr().err


def test_an_application_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app").mkdir()
    assert main(["demo", "--keep", str(tmp_path)]) == 2
    assert "app exists; name a directory without it" in capsys.readouterr().err
    assert not list((tmp_path / "app").iterdir())


def test_it_fails_when_mypy_overlooks_a_mistake(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(show, "MYPY_INI", "[mypy]\n")  # without the plugin
    assert main(["demo"]) == 2
    assert "instead of" in capsys.readouterr().err


def test_it_fails_when_the_application_does_not_do_its_work() -> None:
    done = subprocess.CompletedProcess([], 0, stdout="nothing", stderr="")
    with pytest.raises(show.DemoError, match="does not print"):
        show._check_printed(done)
    with pytest.raises(show.DemoError, match="ends with status 1"):
        show._check_printed(subprocess.CompletedProcess([], 1, stdout="", stderr=""))


def test_what_it_needs_is_what_the_extras_bring() -> None:
    assert all(find_spec(package) for package in show.NEEDED)


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["demo", "--keep", str(tmp_path / "file")]) == 2
    assert (
        capsys.readouterr().err == f"civiredis demo: {tmp_path / 'file' / 'app'} cannot be written: Not a directory\n"
    )


def test_a_call_without_a_command_shows_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Usage: civiredis" in capsys.readouterr().err


def test_without_its_extra_the_command_says_what_to_install() -> None:
    program = "import sys; sys.modules['click'] = None; from civiredis.cli import main; sys.exit(main(['demo']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'civiredis[cli,embedded,mypy]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
