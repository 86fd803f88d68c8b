"""No program takes mypy down: every piece of syntax around keys, and files as an editor sends them, half written."""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING, Final

import pytest

from tests.robustness.checking import Checker
from tests.robustness.editor import Editor
from tests.robustness.zoo import KEYS, Program, programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.robustness.checking import Answer

PROGRAMS: Final = programs()
HALF_WRITTEN: Final = ("walrus_and_comprehensions", "classes", "strings", "scopes")
SNIPPETS: Final = (
    "f'user:{",
    "take(",
    "@",
    "def f(k: KeyOf[",
    "'",
    "    ",
    "await",
    "lambda:",
    "match x:\n    case",
    "\\",
    ")",
    "*",
)
"""What people have written so far when an editor asks."""
SECOND_THOUGHTS: Final = 5
"""How often a new daemon is asked, for a file: mypy's own may crash, or repeat a syntax error that is gone."""


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    return Checker(tmp_path_factory.mktemp("cache"), plugin=True)


@pytest.mark.parametrize("program", PROGRAMS, ids=[program.name for program in PROGRAMS])
def test_the_zoo(checker: Checker, tmp_path: Path, program: Program) -> None:
    (tmp_path / "keys.py").write_text(KEYS, encoding="utf-8")
    (tmp_path / f"{program.name}.py").write_text(program.text, encoding="utf-8")

    answer = checker.check("--python-version", program.python, f"{program.name}.py", root=tmp_path)

    assert not answer.is_crash(), answer.errors
    reported = [int(line.split(":")[1]) for line in answer.lines if ": error: " in line]
    assert answer.status == (1 if reported else 0), answer.lines
    still_open = program.refused_so_far
    assert [line for line in reported if line not in still_open] == program.wrong, "\n".join(answer.lines)
    assert set(still_open) <= set(reported), "no longer refused: take the mark away"


def beginnings(text: str) -> Iterator[str]:
    """Yield `text` cut off behind each of its tokens."""
    lines = text.splitlines(keepends=True)
    seen: set[str] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        row, column = token.end
        beginning = "".join(lines[: row - 1]) + (lines[row - 1][:column] if row <= len(lines) else "")
        if beginning not in seen:
            seen.add(beginning)
            yield beginning


def interrupted(text: str) -> Iterator[str]:
    """Yield `text` with something half written in front of each of its lines, as in the middle of an edit."""
    lines = text.split("\n")
    for at in range(len(lines)):
        indent = re.match(r" *", lines[at])
        assert indent is not None
        snippet = SNIPPETS[at % len(SNIPPETS)]
        yield "\n".join([*lines[:at], indent[0] + snippet, *lines[at:]])


@pytest.mark.parametrize("name", HALF_WRITTEN[:1])
def test_a_file_as_it_is_written(tmp_path: Path, name: str) -> None:
    _edit(tmp_path, name, every=10)


@pytest.mark.slow
@pytest.mark.parametrize("name", [program.name for program in PROGRAMS if program.python == "3.11"])
def test_a_file_cut_off_behind_every_token(tmp_path: Path, name: str) -> None:
    _edit(tmp_path, name, every=1)


def _edit(directory: Path, name: str, *, every: int) -> None:
    """Write a file piece by piece under the eyes of two daemons: the plugin's has to have mypy's own syntax errors."""
    text = next(program.text for program in PROGRAMS if program.name == name)
    editors: list[Editor] = []
    for kind in ("plain", "ours"):
        (directory / kind).mkdir()
        (directory / kind / "keys.py").write_text(KEYS, encoding="utf-8")
        editors.append(Editor(directory / kind, plugin=kind == "ours"))
    states = [*[*beginnings(text), *interrupted(text)][::every], text]
    second_thoughts = SECOND_THOUGHTS
    for state in states:
        plain, ours = (editor.show(state) for editor in editors)
        if plain.is_crash() or _syntax(ours) != _syntax(plain):
            if not ours.is_crash() and not second_thoughts:
                continue
            second_thoughts -= 1
            for editor in editors:
                editor.restart()
            plain, ours = (editor.show(state) for editor in editors)
        assert plain.is_crash() or not ours.is_crash(), f"{ours.errors[-3000:]}\n{state[-300:]}"
        assert plain.is_crash() or _syntax(ours) == _syntax(plain), f"{plain}\n{ours}\n{state[-300:]}"
    assert editors[1].show(text).lines, "nothing was reported in the end"


def _syntax(answer: Answer) -> list[str]:
    return [line for line in answer.lines if line.endswith("[syntax]")]
