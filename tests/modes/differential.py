"""One series of edits, checked after each edit in several modes, whose verdicts must be the same."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.modes import verdict
from tests.modes.project import Files, Project
from tests.modes.verdict import MypyFailedError, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tests.modes.modes import Mode, Place

PACKAGES: Final = ("civiredis", "civiredis_mypy")
ROOT: Final = Path(__file__).parents[2]


class Step(NamedTuple):
    """One edit, whether it leaves the verdict as it was, and what it does."""

    name: str
    change: Callable[[Files], None]
    silent: bool


class Difference(NamedTuple):
    """What one mode said otherwise than the first one, or how it failed."""

    step: str
    mode: str
    text: str

    def __str__(self) -> str:
        """Show it as a paragraph of a report."""
        return f"{self.step}: {self.mode}\n{self.text}"


def copy_packages(target: Path) -> Path:
    """Copy both packages to a directory where they stay as they are while the sources are edited."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, target / package, ignore=shutil.ignore_patterns("__pycache__"))
    return target


class Series:
    """A project and the modes that check it. The first mode is the one that the others are compared with."""

    def __init__(self, place: Place, modes: Sequence[Mode], files: Files) -> None:
        self.files = dict(files)
        self.differences: list[Difference] = []
        self.verdicts: list[Verdict] = []
        self._last: dict[str, str] = {}
        self._project = Project(place.project, place.config)
        self._modes = modes

    def run(self, steps: Iterable[Step]) -> None:
        """Check the project as it is, and again after each step."""
        try:
            self._check(Step("as it begins", lambda _: None, silent=False))
            for step in steps:
                step.change(self.files)
                self._check(step)
        finally:
            for mode in self._modes:
                mode.close()

    def _check(self, step: Step) -> None:
        touched = self._project.write(self.files)

        def check(mode: Mode) -> Verdict | MypyFailedError:
            try:
                return mode.check(touched)
            except MypyFailedError as error:
                return error

        modes = [mode for mode in self._modes if not len(self.verdicts) % mode.every]
        with ThreadPoolExecutor(2) as threads:
            cold, *others = threads.map(check, modes)
        if isinstance(cold, MypyFailedError):
            raise cold
        before = self.verdicts[-1] if self.verdicts else ()
        seen = next((found for found in reversed(self.verdicts) if not _is_blocked(found)), ())
        self.verdicts.append(cold)
        if not step.silent and cold == before:
            self._note(step, self._modes[0], "the edit changes nothing, so it proves nothing")
        for mode, got in zip(modes[1:], others, strict=True):
            if not (_is_blocked(cold) and not mode.repeats):
                self._compare(step, mode, got, seen, cold)

    def _compare(self, step: Step, mode: Mode, got: Verdict | MypyFailedError, before: Verdict, cold: Verdict) -> None:
        if isinstance(got, MypyFailedError):
            self._note(step, mode, str(got))
            return
        if not mode.native:
            got, cold = tuple(one.by_line() for one in got), tuple(one.by_line() for one in cold)
        if not mode.repeats:
            old = set(cold) - set(verdict.news(before, cold)) - set(got)
            cold = tuple(one for one in cold if one not in old)
        text = verdict.difference(cold, got)
        if text and self._last.get(mode.name) != text:  # what stays wrong is told once
            self._note(step, mode, text)
        self._last[mode.name] = text

    def _note(self, step: Step, mode: Mode, text: str) -> None:
        self.differences.append(Difference(f"[{len(self.verdicts) - 1}] {step.name}", mode.name, text))


def _is_blocked(found: Verdict) -> bool:
    """Whether mypy has stopped at an error that keeps it from looking at anything else."""
    return any(finding.code == "syntax" for finding in found)
