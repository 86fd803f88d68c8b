"""TypeScript's compiler, of the version that the lock file pins."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.preparing import one_at_a_time

if TYPE_CHECKING:
    from collections.abc import Sequence

DIRECTORY = Path(__file__).parent
TSC = DIRECTORY / "node_modules" / "typescript" / "bin" / "tsc"
INSTALL_TIMEOUT = 120
"""Seconds that `npm ci` may take; with a warm cache it takes one."""

_ERROR = re.compile(r"^(\S+)\((\d+),\d+\): error (TS\d+.*)", re.MULTILINE)


def compile_errors(source: Path) -> list[tuple[int, str]]:
    """Compile a file, strictly; list line and code of every error."""
    return [(line, error.partition(":")[0]) for _, line, error in errors_of(source.parent, [source.name])]


def errors_of(directory: Path, sources: Sequence[str]) -> list[tuple[str, int, str]]:
    """Compile files together, strictly; list file and line of every error, and what it says."""
    node = shutil.which("node")
    assert node is not None, "node is not installed; it runs TypeScript's compiler"
    with one_at_a_time("npm-typescript"):
        _install()
    options = ["--noEmit", "--strict", "--pretty", "false", "--target", "es2022", "--module", "nodenext"]
    done = subprocess.run(
        [node, str(TSC), *options, *sources], cwd=directory, capture_output=True, text=True, check=False
    )
    found = [(name, int(line), error) for name, line, error in _ERROR.findall(done.stdout)]
    assert done.returncode == 0 or found, done.stdout + done.stderr
    return found


def _install() -> None:
    if TSC.exists():
        return
    npm = shutil.which("npm")
    assert npm is not None, "npm is not installed; it installs TypeScript's compiler for the tests"
    installed = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=DIRECTORY, capture_output=True, text=True, check=False, timeout=INSTALL_TIMEOUT,
    )  # fmt: skip
    assert installed.returncode == 0, f"npm ci failed:\n{installed.stdout}{installed.stderr}"
