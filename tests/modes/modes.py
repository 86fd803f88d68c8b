"""The ways to run mypy, each with its own cache, over one and the same project directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.modes import verdict
from tests.modes.verdict import MypyFailedError, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.modes.project import Touched

TIMEOUT: Final = 300
"""Seconds after which a run counts as hung."""

FLAGS: Final = ("--show-error-end", "--no-error-summary", "--hide-error-context", "--no-pretty", "--no-color-output")


@dataclass
class Place:
    """Where mypy is run: the project, the configuration beside it, and a cache of all that is not the project."""

    project: Path
    config: Path
    seed: Path
    packages: Path | None = None
    """A copy of both packages that stays as it is while the sources are edited."""

    def environment(self) -> dict[str, str]:
        """Environment of every mypy: no setting of the developer's own gets in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MYPY")}
        if self.packages is not None:
            kept |= {"PYTHONPATH": str(self.packages), "MYPYPATH": str(self.packages)}
        return kept


def execute(place: Place, command: Sequence[str | Path]) -> str:
    """Run a mypy or dmypy command in the project and return what it printed. Raises `MypyFailedError`."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=place.project,
        env=place.environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    if done.returncode not in {0, 1, 2} or done.stderr:
        raise MypyFailedError(f"{done.stdout}\n{done.stderr}\nexit code {done.returncode}")
    return done.stdout


class Mode(ABC):
    """One way to run mypy, again and again over a project that changes."""

    native: bool = True
    """Whether the parser is the one of the cold run: another has other columns, and other words for a syntax error."""
    repeats: bool = True
    """Whether errors are reported again as long as they are there."""

    def __init__(self, name: str, place: Place, scratch: Path) -> None:
        self.name = name
        self.place = place
        self.scratch = scratch / name
        self.scratch.mkdir(parents=True)

    @abstractmethod
    def check(self, touched: Touched) -> Verdict:
        """Check the project as it is now. `touched` are the files of the last edit."""

    def close(self) -> None:  # noqa: B027 - a plain run leaves nothing behind
        """End what still runs."""

    def _config(self) -> tuple[str | Path, ...]:
        return ("--config-file", self.place.config, *FLAGS)


class Run(Mode):
    """`mypy`, cold or with the cache of the last run."""

    def __init__(self, name: str, place: Place, scratch: Path, *flags: str, cold: bool = False) -> None:
        super().__init__(name, place, scratch)
        self._flags = flags
        self._cold = cold
        self.native = "--no-native-parser" not in flags

    def check(self, touched: Touched) -> Verdict:
        cache = self.scratch / "cache"
        if self._cold and cache.exists():
            shutil.rmtree(cache)
        if self._cold and self.place.seed.exists():
            shutil.copytree(self.place.seed, cache)
        command = ("mypy", *self._config(), "--cache-dir", cache, *self._flags, ".")
        return verdict.read(execute(self.place, command))


class Daemon(Mode):
    """`dmypy run` after each edit."""

    def __init__(self, name: str, place: Place, scratch: Path, *flags: str) -> None:
        super().__init__(name, place, scratch)
        self._flags = flags
        self.native = "--no-native-parser" not in flags
        self._status = self.scratch / "status.json"

    def check(self, touched: Touched) -> Verdict:
        return self._dmypy("run", "--", *self._config(), "--cache-dir", self.scratch / "cache", *self._flags, ".")

    def _dmypy(self, *command: str | Path) -> Verdict:
        return verdict.read(execute(self.place, ("mypy.dmypy", "--status-file", self._status, *command)))

    def close(self) -> None:
        if self._status.exists():
            execute(self.place, ("mypy.dmypy", "--status-file", self._status, "stop"))


class Recheck(Daemon):
    """`dmypy recheck` after each edit, which looks at the files that it knows; `dmypy run` where there are others."""

    def check(self, touched: Touched) -> Verdict:
        if touched.added or touched.removed or touched.configured:
            return super().check(touched)
        return self._dmypy("recheck")


class Restarted(Daemon):
    """A daemon that is started anew for each edit, from the fine-grained cache of the state before.

    Such a daemon does not repeat the errors of files that it need not check again: the cache is meant to come from a
    state without errors.
    """

    repeats = False

    def check(self, touched: Touched) -> Verdict:
        flags = (*self._config(), "--cache-dir", self.scratch / "cache", "--cache-fine-grained")
        try:
            return self._dmypy("run", "--", *flags, "--use-fine-grained-cache", ".")
        finally:
            self.close()
            execute(self.place, ("mypy", *flags, "."))


def all_modes(place: Place, scratch: Path) -> list[Mode]:
    """Every mode; the first is the cold run that the others are compared with."""
    return [
        Run("cold", place, scratch, cold=True),
        Run("warm", place, scratch),
        Run("warm-files", place, scratch, "--no-sqlite-cache"),
        Run("warm-json", place, scratch, "--no-fixed-format-cache"),
        Run("warm-json-files", place, scratch, "--no-sqlite-cache", "--no-fixed-format-cache"),
        Run("workers", place, scratch, "-n", "2"),
        Run("no-native-parser", place, scratch, "--no-native-parser"),
        Daemon("dmypy-run", place, scratch),
        Recheck("dmypy-recheck", place, scratch),
        Restarted("dmypy-fine-grained-cache", place, scratch),
        Daemon("dmypy-no-native-parser", place, scratch, "--no-native-parser"),
    ]
