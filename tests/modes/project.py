"""A project on disk that is edited between two runs of mypy."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CONFIG: Final = "mypy.ini"

Files = dict[str, str]
"""Text by path, `/` between folders. The configuration of mypy is one of them: `mypy.ini`."""


class Touched(NamedTuple):
    """What one edit has done."""

    changed: list[str]
    added: list[str]
    removed: list[str]
    configured: bool


def parse(text: str) -> Files:
    """Read files written one after another, each behind a line `==> path`."""
    files: Files = {}
    path = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("==> "):
            path = line.removeprefix("==> ").strip()
            files[path] = ""
        else:
            files[path] += line
    return files


HOUR: Final = 3600
"""How far back, in seconds, the first file was written, so that the last is not written in the future."""


class Project:
    """The directory that holds the files, and the configuration beside it."""

    def __init__(self, root: Path, config: Path) -> None:
        self.root = root
        self.config = config
        self._present: Files = {}
        self._time = int(time.time()) - 100_000  # mypy looks at whole seconds, and an edit may keep a file's size
        self._clock = int(time.time()) - HOUR

    def write(self, files: Mapping[str, str]) -> Touched:
        """Make the directory hold exactly `files`; those that are as they were stay untouched."""
        before, self._present = self._present, dict(files)
        changed = [path for path, text in files.items() if path in before and before[path] != text]
        added = [path for path in files if path not in before]
        removed = [path for path in before if path not in files]
        for path in removed:
            (self.root / path).unlink()
            _remove_empty(self.root, (self.root / path).parent)
        for path in (*changed, *added):
            target = self.config if path == CONFIG else self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path])
            self._time += 1
            os.utime(target, (self._time, self._time))
            # mypy tells files apart by size and whole seconds; two edits of a person are never within one.
            self._clock += 2
            os.utime(target, (self._clock, self._clock))
        return Touched(changed, added, removed, CONFIG in changed)


def _remove_empty(root: Path, folder: Path) -> None:
    for one in _up_to(root, folder):
        if any(one.iterdir()):
            return
        one.rmdir()


def _up_to(root: Path, folder: Path) -> Iterator[Path]:
    while folder != root:
        yield folder
        folder = folder.parent
