"""The ways to run mypy, each with its own cache, over one and the same project directory."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from tests.modes import verdict
from tests.modes.project import CONFIG
from tests.modes.verdict import MypyFailedError, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.modes.project import Touched

TIMEOUT: Final = 300
"""Seconds after which a run counts as hung."""

NEEDED: Final = "import civiredis, dataclasses, enum, typing\n"
"""What the project needs from elsewhere."""

NO_WORKER: Final = "Failed to establish connection with worker"
"""What mypy says where a busy machine has not started a worker in time; it has checked nothing then."""
WORKER_STARTS: Final = 5
"""Times that workers are started before this counts as a failure."""

FLAGS: Final = ("--show-error-end", "--no-error-summary", "--hide-error-context", "--no-pretty", "--no-color-output")


@dataclass
class Place:
    """Where mypy is run: the project, the configuration beside it, and what series can share."""

    project: Path
    config: Path
    packages: Path
    """A copy of both packages that stays as it is while the sources are edited."""
    seeds: Seeds

    @classmethod
    def below(cls, root: Path, packages: Path, seeds: Seeds, config: str) -> Place:
        """Lay out the directory of one series; its project is empty yet."""
        place = cls(root / "project", root / CONFIG, packages, seeds)
        place.project.mkdir()
        place.config.write_text(config)
        return place

    def environment(self) -> dict[str, str]:
        """Environment of every mypy: no setting of the developer's own gets in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MYPY")}
        return kept | {"PYTHONPATH": str(self.packages), "MYPYPATH": str(self.packages)}


class Seeds:
    """Caches of what the project needs from elsewhere, and of nothing else; one for each form that a cache can have.

    They save each series the seconds of checking typeshed, redis-py and civiredis again in each of its modes.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._making = Lock()  # a series checks in two modes at a time
        self._beside = root / "beside"
        self._beside.mkdir(parents=True)
        (self._beside / "needed.py").write_text(NEEDED)

    def plant(self, place: Place, flags: Sequence[str], cache: Path) -> None:
        """Fill the cache of a mode that runs with `flags`. Raises `MypyFailedError`."""
        name = hashlib.sha256(repr((place.config.read_text(), flags)).encode()).hexdigest()[:16]
        seed = self._root / name
        with self._making:
            if not seed.exists():
                where: tuple[str | Path, ...] = ("--config-file", place.config, "--cache-dir", seed)
                execute(place, ("mypy", *where, *FLAGS, *flags, "."), self._beside)
        shutil.copytree(seed, cache)


def execute(place: Place, command: Sequence[str | Path], folder: Path | None = None) -> str:
    """Run a mypy or dmypy command in the project and return what it printed. Raises `MypyFailedError`."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder or place.project,
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
    every: int = 1
    """Number of steps after which the mode checks again."""

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

    def __init__(self, name: str, place: Place, scratch: Path, *flags: str, cold: bool = False, every: int = 1) -> None:
        super().__init__(name, place, scratch)
        self._flags = flags
        self._cold = cold
        self.every = every
        self.native = "--no-native-parser" not in flags

    def check(self, touched: Touched) -> Verdict:
        cache = self.scratch / "cache"
        if self._cold and cache.exists():
            shutil.rmtree(cache)
        if not cache.exists():
            self.place.seeds.plant(self.place, self._flags, cache)
        command = ("mypy", *self._config(), "--cache-dir", cache, *self._flags, ".")
        return verdict.read(execute(self.place, command))


class Workers(Run):
    """`mypy -n 2`, again where a worker has not come up in the three seconds that mypy grants it."""

    def check(self, touched: Touched) -> Verdict:
        for _ in range(WORKER_STARTS):
            try:
                return super().check(touched)
            except MypyFailedError as error:
                if NO_WORKER not in str(error):
                    raise
                failed = error
        raise failed


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
        cache = self.scratch / "cache"
        if not cache.exists():
            self.place.seeds.plant(self.place, ("--cache-fine-grained",), cache)
        flags = (*self._config(), "--cache-dir", cache, "--cache-fine-grained")
        try:
            return self._dmypy("run", "--", *flags, "--use-fine-grained-cache", ".")
        finally:
            self.close()
            execute(self.place, ("mypy", *flags, "."))


def modes_of(place: Place, scratch: Path) -> dict[str, Callable[[], Mode]]:
    """Every mode by its name, as what makes it."""

    def run(name: str, *flags: str, cold: bool = False, every: int = 1) -> tuple[str, Callable[[], Mode]]:
        return name, lambda: Run(name, place, scratch, *flags, cold=cold, every=every)

    def daemon(kind: type[Daemon], name: str, *flags: str) -> tuple[str, Callable[[], Mode]]:
        return name, lambda: kind(name, place, scratch, *flags)

    return dict(
        (
            run("cold", cold=True),
            run("sometimes-cold", cold=True, every=6),
            run("warm"),
            run("warm-files", "--no-sqlite-cache"),
            run("warm-json", "--no-fixed-format-cache"),
            run("warm-json-files", "--no-sqlite-cache", "--no-fixed-format-cache"),
            ("workers", lambda: Workers("workers", place, scratch, "-n", "2")),
            run("no-native-parser", "--no-native-parser"),
            daemon(Daemon, "dmypy-run"),
            daemon(Recheck, "dmypy-recheck"),
            daemon(Restarted, "dmypy-fine-grained-cache"),
            daemon(Daemon, "dmypy-no-native-parser", "--no-native-parser"),
        )
    )


REFERENCE: Final = "cold"
"""What the other modes are compared with, where no series asks for another one."""
RUNS: Final = ("warm", "warm-files", "warm-json", "warm-json-files", "workers", "no-native-parser")
DAEMONS: Final = ("dmypy-run", "dmypy-recheck", "dmypy-fine-grained-cache", "dmypy-no-native-parser")
