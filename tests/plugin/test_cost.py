"""What a key costs a run of mypy, counted in calls of the plugin's own functions: free of noise."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from benchmarks.plugin import projects
from benchmarks.plugin.projects import Size

if TYPE_CHECKING:
    from pathlib import Path

MOST_CALLS_A_USE: Final = 30
COUNTING: Final = """
import sys

import civiredis_mypy.hooks
from mypy import api

calls = 0


def count(frame, event, argument):
    global calls
    calls += event == "call" and "civiredis_mypy" in frame.f_code.co_filename


sys.setprofile(count)
output, errors, status = api.run(sys.argv[1:])
sys.setprofile(None)
assert status == 0, output + errors
print(calls)
"""


def check(folder: Path, uses: int, *how: str) -> str:
    """Check a project of so many uses, by a mypy that is started with `how`; what is not of the project is kept."""
    project = folder / f"project{uses}"
    projects.python(project, Size(uses, files=1, cache_bases=50, sys_bases=20))
    config = folder / "mypy.ini"
    config.write_text("[mypy]\nstrict = True\nplugins = civiredis_mypy\n[mypy-civiredis.*]\nfollow_imports = silent\n")
    command = [sys.executable, *how, "--config-file", str(config), "--cache-dir", str(folder / "cache"), "."]
    finished = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    return finished.stdout


def calls(folder: Path, uses: int) -> int:
    return int(check(folder, uses, "-c", COUNTING))


def test_a_key_takes_a_bounded_number_of_calls(tmp_path: Path) -> None:
    check(tmp_path, 20, "-m", "mypy")  # reads typeshed and civiredis, which a count takes long for

    few, many = calls(tmp_path, 60), calls(tmp_path, 460)

    assert (many - few) / 400 < MOST_CALLS_A_USE
