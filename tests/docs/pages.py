"""The pages of `docs/` as data: their examples as files, and the blocks that show what a command says.

A block whose first line is a comment with a path (`# app/main.py`) is that file. A `text` block behind the comment
`<!-- output -->` shows commands, each behind `$ `, with what they print where the page's files are. The other files are
those of the README: its registries and its clients.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.readme import README, expected_errors, write_examples

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS: Final = README.parent / "docs"
PAGES: Final = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))

COMMON: Final = ("app/__init__.py", "app/keys.py", "app/redis.py")
"""Files of the README that every page uses."""

MYPY_CONFIG: Final = "[mypy]\nplugins = civiredis_mypy\npretty = True\n"
"""What mypy is configured with, unless the page says so itself."""

SHELL: Final = re.compile(r"\$ (pip install|uv (add|run|sync)|python -m pip install|civiredis|redis-cli|export) ?")
"""What a `console` block may tell a reader to type: what changes a machine, or needs a server of the reader's."""

_FENCED: Final = re.compile(
    r"(?P<output><!-- output -->\n)?^```(?P<language>[\w{}-]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_FILE: Final = re.compile(r"(?:#|//) (?P<path>[\w./-]+\.\w+)\n")
_SHOWN_ERROR: Final = re.compile(
    r"^(?P<path>[\w/]+\.py):(?P<line>\d+): error: .*?\[(?P<code>[a-z-]+)\]$", re.DOTALL | re.MULTILINE
)


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    text: str
    is_output: bool
    start: int
    """Where its text begins in the page."""

    @property
    def path(self) -> str | None:
        """The file that it is; None for another kind of block."""
        found = _FILE.match(self.text)
        return None if found is None else found["path"]


def blocks_of(text: str) -> Iterator[Block]:
    """Yield every fenced block of a page."""
    for found in _FENCED.finditer(text):
        yield Block(found["language"], found["text"], found["output"] is not None, found.start("text"))


def write_page(page: str, directory: Path) -> None:
    """Write the files of a page, and those that every page uses, below `directory`."""
    write_examples(directory)
    for path in [path for path in directory.rglob("*") if path.is_file()]:
        if path.relative_to(directory).as_posix() not in COMMON:
            path.unlink()
    (directory / "mypy.ini").write_text(MYPY_CONFIG)
    for block in blocks_of((DOCS / page).read_text()):
        if block.path is not None:
            path = directory / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)


def announced_errors(page: str, directory: Path) -> list[tuple[str, int, str]]:
    """List file, line and code of every error that the page shows, in a comment or in what mypy says."""
    shown = "\n".join(block.text for block in blocks_of((DOCS / page).read_text()) if block.is_output)
    found = {(error["path"], int(error["line"]), error["code"]) for error in _SHOWN_ERROR.finditer(shown)}
    return sorted(found | set(expected_errors(directory)))


def outputs(page: str, directory: Path, cache: Path) -> list[tuple[Block, str]]:
    """Carry out the commands of each output block in `directory`; give what it ought to say beside it."""
    blocks = [block for block in blocks_of((DOCS / page).read_text()) if block.is_output]
    return [(block, _shown(block.text, directory, cache)) for block in blocks]


def check(directory: Path, cache: Path) -> list[tuple[str, int, str]]:
    """List file, line and code of every error that mypy finds in the files of a page."""
    options = ["--strict", "--no-pretty", "--config-file", "mypy.ini"]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "."],
        cwd=directory,
        env=_environment(cache),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode in {0, 1}, checked.stdout + checked.stderr
    found = re.findall(r"^(\S+?):(\d+): error: .*\[([a-z-]+)\]$", checked.stdout, re.MULTILINE)
    assert bool(found) == bool(checked.returncode), checked.stdout
    return sorted((path, int(line), code) for path, line, code in found)


def write_outputs(page: str, directory: Path, cache: Path) -> None:
    """Write what the commands of a page say now into it."""
    text = (DOCS / page).read_text()
    for block, shown in reversed(outputs(page, directory, cache)):
        text = text[: block.start] + shown + text[block.start + len(block.text) :]
    (DOCS / page).write_text(text)


def _shown(text: str, directory: Path, cache: Path) -> str:
    """Carry out the commands of a block; give the commands with what they print."""
    shown: list[str] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            done = subprocess.run(
                _command(line.removeprefix("$ ")),
                cwd=directory,
                env=_environment(cache),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            shown += [line, *(printed.rstrip() for printed in done.stdout.splitlines())]
    return "\n".join(shown) + "\n"


def _command(line: str) -> list[str]:
    """Take the tools of this environment."""
    name, *words = shlex.split(line)
    if name == "python":
        return [sys.executable, *words]
    if name in {"mypy", "pytest"}:
        return [sys.executable, "-m", name, *words]
    return [str(Path(sys.executable).with_name(name)), *words]


def _environment(cache: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("REDIS_", "PYTEST_"))}
    servers = {"REDIS_URL": "embedded://cache", "REDIS_SYS_URL": "embedded://system"}
    return env | servers | {"MYPY_CACHE_DIR": str(cache), "MYPY_FORCE_TERMINAL_WIDTH": "100", "COLUMNS": "100"}
