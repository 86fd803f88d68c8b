"""The command `civiredis` in a process of its own, as users call it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CIVIREDIS = Path(sys.executable).with_name("civiredis")


def civiredis(*arguments: str | Path, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command in `cwd`, with further environment variables."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("REDIS_")}
    return subprocess.run(
        [CIVIREDIS, *arguments], cwd=cwd, env=env | environ, capture_output=True, text=True, check=False, timeout=120
    )


def assert_refused(done: subprocess.CompletedProcess[str], *words: str, command: str) -> None:
    """Assert that the command ended in one clear line that holds the words, and with status 2."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith(f"civiredis {command}: ")
    for word in words:
        assert word in lines[0]
