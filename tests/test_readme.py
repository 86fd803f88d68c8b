"""What the README shows is what happens: its examples are checked, and its output is the demo's."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from mypy.errorcodes import ErrorCode

from civiredis.settings import VARIABLES
from civiredis_mypy import error_codes
from tests.readme import README, demo_output, expected_errors, marked, write_examples
from tests.readme_commands import command_output, without_numbers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("readme")
    write_examples(directory)
    return directory


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
    for name, text in demo_output().items():
        assert marked(name) == text, "`uv run python -m tests.readme` writes it anew"


def test_the_output_of_the_commands_is_theirs() -> None:
    for name, text in command_output().items():
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
