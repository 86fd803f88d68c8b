"""mypy on code of others, with the plugin and without it, and what differs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OURS: Final = re.compile(r"\[redis-[a-z-]+\]$")
BLOCKED: Final = 2
"""Exit status where mypy could not start, or could not parse."""
CRASH: Final = re.compile(r"INTERNAL ERROR|Traceback \(most recent call last\)")
FLAGS: Final = (
    *("--no-error-summary", "--hide-error-context", "--show-column-numbers", "--show-traceback", "--no-color-output"),
    *("--check-untyped-defs", "--ignore-missing-imports", "--explicit-package-bases", "--namespace-packages"),
)


@dataclass(frozen=True)
class Answer:
    """What mypy says of a program."""

    status: int
    lines: tuple[str, ...]
    errors: str
    """What it writes to the error stream, where a crash is shown."""

    @property
    def of_ours(self) -> list[str]:
        return [line for line in self.lines if OURS.search(line)]

    @property
    def of_mypy(self) -> list[str]:
        return [line for line in self.lines if not OURS.search(line)]

    def is_crash(self) -> bool:
        return self.status not in {0, 1, 2} or bool(CRASH.search(self.errors)) or any(map(CRASH.search, self.lines))


class Checker:
    """mypy with the options of this suite, with the plugin or without it, and a cache of its own."""

    def __init__(self, directory: Path, *, plugin: bool, flags: Sequence[str] = ()) -> None:
        name = "with" if plugin else "without"
        self.config = directory / f"{name}.ini"
        self.config.write_text("[mypy]\n" + ("plugins = civiredis_mypy\n" if plugin else ""), encoding="utf-8")
        self.flags = [
            "--config-file",
            str(self.config),
            "--cache-dir",
            str(directory / f"cache-{name}"),
            *FLAGS,
            *flags,
        ]

    def check(self, *targets: str, root: Path) -> Answer:
        """Check files or packages (`-p name`), seen from the directory `root`."""
        command = [sys.executable, "-m", "mypy", *self.flags, *targets]
        environment = {**os.environ, "MYPYPATH": str(root)}
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=environment)
        return Answer(ran.returncode, tuple(ran.stdout.splitlines()), ran.stderr)


@dataclass(frozen=True)
class Both:
    """Both answers to one program."""

    plain: Answer
    ours: Answer

    def assert_same(self) -> None:
        """Hold that the plugin changes nothing, as no key type is involved."""
        self.assert_no_crash()
        assert not self.ours.of_ours, "errors of ours where no key type is:\n" + "\n".join(self.ours.of_ours[:20])
        differences = sorted(set(self.ours.lines) ^ set(self.plain.lines))
        assert not differences, "with the plugin or without it only:\n" + "\n".join(differences[:20])
        assert self.ours.status == self.plain.status

    def assert_no_crash(self) -> None:
        """Hold that the plugin does not take mypy down, where mypy alone stands."""
        assert self.plain.status != BLOCKED, "mypy did not come to check anything:\n" + "\n".join(self.plain.lines[-5:])
        if not self.plain.is_crash():
            assert not self.ours.is_crash(), self.ours.errors[-4000:] + "\n".join(self.ours.lines[-20:])


class Pair:
    """mypy with the plugin and mypy without it, side by side."""

    def __init__(self, directory: Path, *flags: str) -> None:
        self.plain = Checker(directory, plugin=False, flags=flags)
        self.ours = Checker(directory, plugin=True, flags=flags)

    def ask(self, *targets: str, root: Path) -> Both:
        return Both(self.plain.check(*targets, root=root), self.ours.check(*targets, root=root))
