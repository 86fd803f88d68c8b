"""A command line that cannot be meant ends in one line, as does output that goes nowhere."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import CIVIREDIS, civiredis

if TYPE_CHECKING:
    from pathlib import Path

WRONG = {
    "": (["no-such-command"], "No such command 'no-such-command'"),
    "keys": (["keys"], "Missing argument 'MODULE:REGISTRY...'"),
    "audit": (["audit", "app.keys:CacheKeys", "--sample", "0"], "0 is not in the range"),
    "audit ": (["audit", "app.keys:CacheKeys", "--rate", "nan"], "'nan' is not a valid integer"),
    "export typescript": (["export", "typescript", "--chek"], "No such option '--chek'"),
    "import typescript": (["import", "typescript"], "Missing argument 'FILE'"),
    "check": (["check"], "Missing argument 'FILE...'"),
    "demo": (["demo", "extra"], "unexpected extra argument"),
}


@pytest.mark.parametrize("command", WRONG)
def test_what_is_wrong_is_told_in_one_line(command: str, project: Path) -> None:
    arguments, told = WRONG[command]
    done = civiredis(*arguments, cwd=project)
    prefix = f"civiredis {command}".strip()
    assert done.stderr.startswith(f"{prefix}: ")
    assert done.stderr.endswith(f"; `{prefix} --help` tells more\n")
    assert told in done.stderr
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (2, 1, "")


@pytest.mark.parametrize("form", ["", "--json"])
def test_output_that_cannot_be_written(form: str, project: Path) -> None:
    arguments: list[str | Path] = [CIVIREDIS, "keys", "app.keys:CacheKeys", *form.split()]
    with open("/dev/full", "w") as full:  # noqa: PTH123 a device, on which every write fails
        done = subprocess.run(arguments, cwd=project, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "civiredis: No space left on device\n")


def test_a_directory_without_programs(project: Path) -> None:
    (project / "empty").mkdir()
    done = civiredis("check", "empty", cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "There are no .py[i] files in directory 'empty'" in done.stderr
