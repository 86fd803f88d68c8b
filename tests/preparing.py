"""What the processes of one test run share: a directory in which the first that needs something prepares it for all."""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VARIABLE: Final = "CIVIREDIS_TESTS_SHARED"
"""Tells the processes that pytest-xdist starts where the directory is."""


def share() -> None:
    """Make the directory, for this process and those that it starts; it goes when this process ends."""
    if VARIABLE not in os.environ:
        directory = tempfile.TemporaryDirectory(prefix="civiredis-tests-")
        atexit.register(directory.cleanup)
        os.environ[VARIABLE] = directory.name


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Keep the other processes out of their blocks of this name for the length of the block."""
    share()
    with FileLock(Path(os.environ[VARIABLE]) / f"{name}.lock"):
        yield


def prepared(name: str, prepare: Callable[[Path], None]) -> Path:
    """Return the directory or file `name` of this run; `prepare` makes it where none of the processes has yet."""
    with one_at_a_time(name):
        path = Path(os.environ[VARIABLE]) / name
        if not path.exists():
            draft = path.with_name(f"{name}.draft")
            prepare(draft)
            draft.rename(path)
    return path
