"""Asking mypy about many cases at once, running the same cases, and holding one against the other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from tests.soundness import support
from tests.soundness.program import module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.soundness.case import Case

ROUNDS: Final = 48
"""Times that a case is run, with other values each time."""
ALL_ROUNDS: Final = 600
"""Times that an exact case may be run, so that each value meets each other one."""
REPORT: Final = re.compile(r"(?P<file>m\d+)\.py:(?P<line>\d+):.*?(?P<severity>error|note): (?P<text>.*)")
CONFIG: Final = "[mypy]\nplugins = civiredis_mypy\ncheck_untyped_defs = True\nfollow_imports_for_stubs = True\n"


@dataclass(frozen=True)
class Outcome:
    """What mypy said of a case, and what it did when it was run."""

    case: Case
    errors: tuple[str, ...]
    unregistered: tuple[str, ...]
    """Keys that were used and no base matches."""
    used: int
    """How often anything was used as a key."""
    complete: bool
    """Whether it was run with all its values."""

    @property
    def is_unsound(self) -> bool:
        return not self.errors and bool(self.unregistered)

    @property
    def is_false_alarm(self) -> bool:
        return bool(self.errors) and self.case.exact and self.complete and self.used > 0 and not self.unregistered

    def __str__(self) -> str:
        verdict = "accepted" if not self.errors else "\n".join(("refused:", *self.errors))
        keys = f"unregistered: {self.unregistered[:3]}" if self.unregistered else "every key is registered"
        case = self.case
        source = f"{case.registries}\n{case.declarations}\n{case.function}"
        return f"{verdict}\n{keys}\nvalues: {case.values}\n{source}\n"


class Asker:
    """Asks mypy about cases, in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.crashed: list[str] = []

    def outcomes(self, cases: Sequence[Case]) -> list[Outcome]:
        """Check all cases in one run of mypy, and run them."""
        groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
        for case in cases:
            groups[case.registries, case.registry].append(case)
        modules = [(group, *module(group)) for group in groups.values()]
        reports = self._check([source for _, source, _ in modules])
        found: list[Outcome] = []
        for number, (group, source, spans) in enumerate(modules):
            lines = reports.get(f"m{number}", [])
            elsewhere = [error for error in lines if not any(error[0] in span for span in spans)]
            assert not elsewhere, (elsewhere, source.split("\n")[elsewhere[0][0] - 1])
            namespace = _namespace(source)
            for case, span in zip(group, spans, strict=True):
                errors = tuple(text for line, text in lines if line in span)
                found.append(_run(case, errors, namespace))
        return found

    def _check(self, sources: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
        for old in self.directory.glob("m*.py"):
            old.unlink()
        for number, source in enumerate(sources):
            (self.directory / f"m{number}.py").write_text(source, encoding="utf-8")
        (self.directory / "support.py").write_bytes(Path(support.__file__).read_bytes())
        (self.directory / "mypy.ini").write_text(CONFIG, encoding="utf-8")
        files = [f"m{number}.py" for number in range(len(sources))]
        command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--show-traceback", *files]
        environment = {**os.environ, "MYPYPATH": str(self.directory), "PYTHONHASHSEED": "0"}
        ran = subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=False, env=environment)
        assert "INTERNAL ERROR" not in ran.stderr, self._crash(ran.stderr)
        assert ran.returncode in {0, 1}, ran.stdout + ran.stderr
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for match in map(REPORT.match, ran.stdout.splitlines()):
            if match is not None and match["severity"] == "error":
                found[match["file"]].append((int(match["line"]), match["text"]))
        return found

    def _crash(self, traceback: str) -> str:
        """Show the lines around those at which mypy crashed."""
        shown = traceback
        for file, line in re.findall(r"^(m\d+\.py):(\d+): error: INTERNAL", traceback, flags=re.MULTILINE):
            lines = (self.directory / file).read_text(encoding="utf-8").split("\n")
            shown += "\n".join(lines[max(0, int(line) - 15) : int(line) + 2])
        return shown


def _namespace(source: str) -> dict[str, Any]:
    sys.modules["support"] = support  # where the program finds it is where mypy found it
    namespace: dict[str, Any] = {"__name__": "generated"}
    exec(compile(source, "<generated>", "exec", dont_inherit=True), namespace)  # noqa: S102 the case is ours
    return namespace


def _run(case: Case, errors: tuple[str, ...], namespace: dict[str, Any]) -> Outcome:
    function: Callable[..., None] = namespace[case.function.partition("(")[0].removeprefix("def ")]
    match = namespace["R"].match
    unregistered: dict[str, None] = {}
    used = 0
    for arguments in _arguments(case, namespace):
        support.recorded.clear()
        with suppress(Exception):  # what was used as a key before still counts
            function(**arguments)
        used += len(support.recorded)
        for key in support.recorded:
            if key is not None and (not isinstance(key, str) or match(key) is None):
                unregistered[repr(key)] = None
    complete = prod(map(len, case.values.values())) <= ALL_ROUNDS
    return Outcome(case, errors, tuple(unregistered), used, complete)


def _arguments(case: Case, namespace: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the values of each run: all there are in exact cases, and some otherwise."""
    sources = list(case.values.values())
    values = [[eval(source, namespace) for source in some] for some in sources]  # noqa: S307 the case is ours
    if case.exact or prod(map(len, values)) <= ROUNDS:
        for chosen in islice(product(*values), ALL_ROUNDS):
            yield dict(zip(case.values, chosen, strict=True))
        return
    random = Random(case.function)
    for _ in range(ROUNDS):
        yield {name: random.choice(some) for name, some in zip(case.values, values, strict=True)}
