"""What mypy said of a project, in a form that two runs can be compared by."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

FINDING: Final = re.compile(
    r"(?P<path>[^:]+):(?P<line>\d+):(?P<column>\d+):(?P<end_line>\d+):(?P<end_column>\d+): "
    r"(?P<severity>error|note): (?P<text>.*?)(?:  \[(?P<code>[\w-]+)\])?"
)
ANNOUNCEMENTS: Final = ("Daemon started", "Daemon stopped", "Restarting: ")
"""What `dmypy` says of itself."""
ONCE: Final = "See https://mypy.readthedocs.io"
"""Beginning of a note that mypy gives once for each process, whatever the number of its errors."""


class Finding(NamedTuple):
    """One line of mypy's output. `place` is line, column, end line and end column."""

    path: str
    place: tuple[int, int, int, int]
    severity: str
    text: str
    code: str

    def by_line(self) -> Finding:
        """As another parser sees it: its columns are others, and its words for a syntax error."""
        place = (self.place[0], 0, 0, 0)
        return self._replace(place=place, text="") if self.code == "syntax" else self._replace(place=place)


Verdict = tuple[Finding, ...]


class MypyFailedError(Exception):
    """mypy has said something that is no finding: a crash, a refused option."""


def read(output: str) -> Verdict:
    """Read mypy's output, sorted by place. Raises `MypyFailedError` for a line that is no finding."""
    findings = []
    for line in output.splitlines():
        if not line or line.startswith(ANNOUNCEMENTS):
            continue
        match = FINDING.fullmatch(line)
        if match is None:
            raise MypyFailedError(output)
        if match["text"].startswith(ONCE):
            continue
        numbers = (int(match["line"]), int(match["column"]), int(match["end_line"]), int(match["end_column"]))
        findings.append(Finding(match["path"], numbers, match["severity"], match["text"], match["code"] or ""))
    return tuple(sorted(findings))


def difference(expected: Verdict, got: Verdict) -> str:
    """Show what `got` lacks (`-`) and what it has beyond `expected` (`+`); empty where they are the same."""
    lacking, beyond = Counter(expected) - Counter(got), Counter(got) - Counter(expected)
    lines = [("-", finding) for finding in lacking.elements()] + [("+", finding) for finding in beyond.elements()]
    return "\n".join(f"{sign} {_shown(finding)}" for sign, finding in sorted(lines, key=lambda line: line[1]))


def news(before: Verdict, now: Verdict) -> Verdict:
    """Return the findings of `now` that were not there before, wherever in their file they stood."""
    old = Counter(_unplaced(finding) for finding in before)
    return tuple(finding for finding in now if not old[_unplaced(finding)])


def _unplaced(finding: Finding) -> Finding:
    return finding._replace(place=(0, 0, 0, 0))


def _shown(finding: Finding) -> str:
    place = ":".join(map(str, finding.place))
    return f"{finding.path}:{place}: {finding.severity}: {finding.text}  [{finding.code}]"
