"""Running mypy and the TypeScript compilers, and what each run costs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE: Final = Path(__file__).parent
TYPESCRIPT: Final = HERE / "typescript" / "node_modules"
CONFIGURATION: Final = """[mypy]
strict = True
local_partial_types = True
{plugins}
[mypy-civiredis.*]
follow_imports = silent
"""
PACKAGES: Final = ("civiredis", "civiredis_mypy")
OPTIONS: Final = {
    "noEmit": True,
    "strict": True,
    "skipLibCheck": True,
    "target": "es2022",
    "module": "esnext",
    "moduleResolution": "bundler",
    "types": [],
}


class Cost(NamedTuple):
    """CPU seconds of all processes of a run, and the largest resident memory of one of them, in MiB."""

    seconds: float
    memory: float


def fix_packages(folder: Path) -> None:
    """Have every run use a copy of both packages, so that an edit meanwhile does not empty the caches."""
    for package in PACKAGES:
        shutil.copytree(HERE.parents[1] / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    os.environ["PYTHONPATH"] = os.environ["MYPYPATH"] = str(folder)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # every run would compile the plugin anew, and some of mypy
    measured((sys.executable, "-m", "compileall", "-q", "."), folder)  # as an installer does


def measured(command: Sequence[str | Path], folder: Path) -> Cost:
    """Run a command that must succeed and return its cost, with that of its children."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{output[-3000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@dataclass
class Mypy:
    """mypy over one project, with the plugin or without it, with a cache of its own."""

    project: Path
    scratch: Path
    plugin: bool

    def __post_init__(self) -> None:
        """Write the configuration, and fill a cache with all that is not the project."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.config.write_text(CONFIGURATION.format(plugins="plugins = civiredis_mypy" if self.plugin else ""))
        beside = self.scratch / "beside"
        beside.mkdir(exist_ok=True)
        (beside / "needed.py").write_text("import civiredis\n")
        measured((*self.command(self.seed), "."), beside)

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.scratch / "mypy.ini"

    @property
    def seed(self) -> Path:
        """Cache of typeshed, redis-py and civiredis: what a cold run of the project itself does not have to check."""
        return self.scratch / "seed"

    @property
    def cache(self) -> Path:
        """Cache of the runs."""
        return self.scratch / "cache"

    def command(self, cache: Path) -> tuple[str | Path, ...]:
        """Return the command, without what is checked."""
        return (sys.executable, "-m", "mypy", "--config-file", self.config, "--cache-dir", cache)

    def from_nothing(self) -> Cost:
        """Check with no cache at all: typeshed, redis-py and civiredis too."""
        shutil.rmtree(self.cache, ignore_errors=True)
        return measured((*self.command(self.cache), "."), self.project)

    def cold(self) -> Cost:
        """Check the whole project, and nothing but the project."""
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.copytree(self.seed, self.cache)
        return measured((*self.command(self.cache), "."), self.project)

    def warm(self) -> Cost:
        """Check after a change of one file. A run must have filled the cache."""
        _change(self.project / "uses_0.py")
        return measured((*self.command(self.cache), "."), self.project)


class Daemon:
    """A mypy daemon over one project; its CPU time is read from the operating system."""

    def __init__(self, mypy: Mypy) -> None:
        self._mypy = mypy
        self._status = mypy.scratch / "status.json"
        self._dmypy("run", "--", "--config-file", mypy.config, "--cache-dir", mypy.scratch / "daemon", ".")
        self._pid: int = json.loads(self._status.read_text())["pid"]

    def _dmypy(self, *arguments: str | Path) -> None:
        command = (sys.executable, "-m", "mypy.dmypy", "--status-file", self._status, *arguments)
        measured(command, self._mypy.project)

    def started(self) -> Cost:
        """Cost of the first check: everything, in the memory of the daemon."""
        return self._used()

    def base_changed(self) -> Cost:
        """Check again after a base was renamed back and forth: every use of the registry is judged again."""
        before = self._used()
        keys = self._mypy.project / "keys.py"
        text = keys.read_text()
        keys.write_text(text.replace("\n\n\nclass SysKeys", '\n    LATER = "later"\n\n\nclass SysKeys'))
        self._dmypy("recheck")
        keys.write_text(text)
        self._dmypy("recheck")
        return Cost((self._used().seconds - before.seconds) / 2, self._used().memory)

    def use_changed(self) -> Cost:
        """Check again after a change of one file."""
        before = self._used()
        _change(self._mypy.project / "uses_0.py")
        self._dmypy("recheck")
        return Cost(self._used().seconds - before.seconds, self._used().memory)

    def stop(self) -> None:
        """End the daemon."""
        os.kill(self._pid, signal.SIGTERM)

    def _used(self) -> Cost:
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        pages = next(line for line in Path(f"/proc/{self._pid}/status").read_text().splitlines() if "VmHWM" in line)
        return Cost(ticks / os.sysconf("SC_CLK_TCK"), int(pages.split()[1]) / 1024)


def _change(path: Path) -> None:
    text = path.read_text()
    path.write_text(text.removesuffix("# changed\n") if text.endswith("# changed\n") else text + "# changed\n")


@dataclass
class TypeScript:
    """One version of the TypeScript compiler over one project. `package` is its name in the lock file."""

    project: Path
    package: str

    def cold(self) -> Cost:
        """Check the whole project."""
        (self.project / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS, "include": ["*.ts"]}))
        return measured(("node", TYPESCRIPT / self.package / "bin" / "tsc", "-p", "."), self.project)


def typescript_is_installed() -> bool:
    """Whether `npm ci` was run in `benchmarks/plugin/typescript`."""
    return TYPESCRIPT.exists()
