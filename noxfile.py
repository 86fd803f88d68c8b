"""Every mypy and Python that is supported, in one command: `uv run --group matrix nox` (minutes).

Each session makes an environment of its own with uv. A Python that is not on the `PATH` is skipped, except in CI.
"""

from __future__ import annotations

import os
from typing import Final

import nox

nox.options.default_venv_backend = "uv"
nox.options.envdir = ".venv/nox"  # below a folder that git leaves alone
nox.options.error_on_missing_interpreters = "CI" in os.environ

OLDEST: Final = "1.17.0"
NEWEST: Final = "2.4.1"
MYPY: Final = (OLDEST, "1.19.1", "2.0.0", "2.2.0", NEWEST)
PYTHON: Final = ("3.11", "3.12", "3.13")
MODES: Final = "tests/modes"


@nox.session(python=PYTHON[0])
@nox.parametrize("mypy", MYPY)
def mypy(session: nox.Session, mypy: str) -> None:
    """Check with every supported mypy, on the oldest Python."""
    session.install(f"mypy=={mypy}")
    _check(session)


@nox.session(python=PYTHON[0])
def uncompiled(session: nox.Session) -> None:
    """Check with the newest mypy as plain Python, in which some errors of a plugin show that mypyc hides."""
    session.install("--no-binary", "mypy", f"mypy=={NEWEST}", env={"MYPY_USE_MYPYC": "0"})
    _check(session)


@nox.session(python=PYTHON[1:])
def python(session: nox.Session) -> None:
    """Check on every other supported Python, with the newest mypy."""
    session.install(f"mypy=={NEWEST}")
    _check(session)


def _check(session: nox.Session) -> None:
    session.install(".", "filelock", "pytest", "pytest-asyncio", "pytest-timeout", "pytest-xdist")
    session.run("mypy", "--version")
    files = (f"{MODES}/test_versions.py", f"{MODES}/test_identity.py")
    # Without tests/conftest.py, which gives slow tests their time.
    session.run("pytest", "-n", "0", "-m", "", "--timeout", "3600", "--confcutdir", MODES, *files)
