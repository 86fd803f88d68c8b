"""mypy's stubtest finds the package at run time as its annotations say: other tools read the one or the other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = Path(__file__).with_name("stubtest_allowlist.txt")


@pytest.mark.slow
def test_signatures_are_at_run_time_what_they_are_for_mypy() -> None:
    settings = ("--mypy-config-file", "pyproject.toml", "--allowlist", str(ALLOWED), "--concise")
    command = [sys.executable, "-m", "mypy.stubtest", "civiredis", "civiredis_mypy", *settings]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert finished.returncode == 0, finished.stdout + finished.stderr
