"""What the README shows is what happens: its examples are checked, and its output is the demo's."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from mypy.errorcodes import ErrorCode

from civiredis.settings import VARIABLES
from civiredis_mypy import error_codes
from tests.docs.pages import SHELL, Block, blocks_of
from tests.readme import README, demo_output, expected_errors, marked, marks, write_examples
from tests.readme_commands import command_output, without_numbers

if TYPE_CHECKING:
    from pathlib import Path


FIRST = """\
from app.redis import redis


async def first(user_id: int) -> None:
"""
"""What stands around the lines that the README begins with."""


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("readme")
    write_examples(directory)
    (first,) = (block.text for block in blocks_of(README.read_text()) if is_first(block))
    (directory / "app" / "first.py").write_text(FIRST + textwrap.indent(first, "    "))
    return directory


def is_first(block: Block) -> bool:
    return block.language == "python" and block.path is None


def test_mypy_reports_what_the_examples_announce_and_nothing_else(examples: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "mypy.ini", "app"],
        cwd=examples,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^(\S+?):(\d+): error: .*\[([a-z-]+)\]$", checked.stdout, re.MULTILINE)
    assert sorted((path, int(line), code) for path, line, code in found) == expected_errors(examples), checked.stdout
    announced = re.findall(r'did you mean ".*?"\?', (examples / "app" / "first.py").read_text())
    assert len(announced) == 1
    assert announced[0] in checked.stdout


def test_no_block_is_left_unchecked() -> None:
    for block in blocks_of(README.read_text()):
        if block.language == "console":
            assert all(SHELL.match(line) for line in block.text.splitlines()), block.text
        elif block.language == "text":
            assert any(block.text == marked(name) for name in marks()), block.text
        else:
            assert block.path is not None or is_first(block), block.text


def test_another_type_checker_takes_every_key(examples: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--level", "error", "--pythonpath", sys.executable, "app"],
        cwd=examples,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_both_configurations_turn_the_plugin_on(examples: Path) -> None:
    assert "plugins = civiredis_mypy" in (examples / "mypy.ini").read_text()
    assert 'plugins = ["civiredis_mypy"]' in (examples / "pyproject.toml").read_text()


def test_the_output_is_the_demos() -> None:
    shown = demo_output()
    assert set(shown) == {name for name in marks() if name.startswith("demo: ")}
    for name, text in shown.items():
        assert marked(name) == text, "`uv run python -m tests.readme` writes it anew"


def test_the_output_of_the_commands_is_theirs() -> None:
    printed = command_output()
    assert set(printed) == {name for name in marks() if name.startswith("command: ")}
    for name, text in printed.items():
        shown = without_numbers(marked(name))
        assert shown == without_numbers(text), "`uv run python -m tests.readme` writes it anew"


def test_every_code_and_variable_is_explained() -> None:
    docs = README.parent / "docs"
    text = (docs / "errors.md").read_text() + (docs / "operations.md").read_text()
    codes = {code.code for code in vars(error_codes).values() if isinstance(code, ErrorCode)}
    for name in codes | set(VARIABLES.values()):
        assert f"`{name}`" in text


def test_ci_runs_the_command_of_the_readme() -> None:
    assert "$ uv run pytest\n" in README.read_text()
    assert "\nrun uv run pytest\n" in (README.parent / ".ci" / "run").read_text()
