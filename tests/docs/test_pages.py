"""Every block of every page is checked: programs by mypy, output against what the commands say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from mypy.errorcodes import ErrorCode

import civiredis
from civiredis.commands.blocking import BlockingCommands
from civiredis.commands.groups import CommonCommands
from civiredis.commands.iteration import IterationCommands
from civiredis.commands.server import FlushCommands
from civiredis_mypy import error_codes
from tests.docs.pages import DOCS, PAGES, SHELL, announced_errors, blocks_of, check, outputs, write_page
from tests.readme_commands import without_numbers
from tests.typescript.compiler import compile_errors

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "expressions.md"
"""Its rows are checked one by one, in tests/plugin/test_expressions.py."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of mypy's for all pages, whose programs import the same packages."""
    return tmp_path_factory.mktemp("mypy-cache")


@pytest.mark.parametrize("page", [page for page in PAGES if page != TABLE])
def test_mypy_reports_what_the_page_announces_and_nothing_else(page: str, cache: Path, tmp_path: Path) -> None:
    write_page(page, tmp_path)
    assert check(tmp_path, cache) == announced_errors(page, tmp_path)


@pytest.mark.parametrize("page", PAGES)
def test_the_output_is_what_the_commands_say(page: str, cache: Path, tmp_path: Path) -> None:
    write_page(page, tmp_path)
    for block, shown in outputs(page, tmp_path, cache):
        assert without_numbers(block.text) == without_numbers(shown), "`uv run python -m tests.readme` writes it anew"


@pytest.mark.parametrize("page", PAGES)
def test_no_block_is_left_unchecked(page: str) -> None:
    for block in blocks_of((DOCS / page).read_text()):
        if block.language == "console":
            assert all(SHELL.match(line) for line in block.text.splitlines()), block.text
        elif block.language == "text":
            assert block.is_output, block.text
        elif not block.language.startswith("{"):  # a directive, which the site's build checks
            assert block.path is not None or page == TABLE, block.text


def test_the_programs_in_typescript_compile(cache: Path, tmp_path: Path) -> None:
    write_page("typescript.md", tmp_path)
    outputs("typescript.md", tmp_path, cache)  # one of the commands exports the registry that they import
    (tmp_path / "node" / "package.json").write_text('{"type": "module"}')
    for program in ("idea.ts", "uses.ts", "legacy.ts"):
        assert compile_errors(tmp_path / "node" / program) == [], program


def test_every_code_has_a_section() -> None:
    text = (DOCS / "errors.md").read_text()
    codes = {code.code for code in vars(error_codes).values() if isinstance(code, ErrorCode)}
    assert codes == set(re.findall(r"^## (redis-[\w-]+)$", text, re.MULTILINE))


def test_the_reference_has_every_command_and_every_exception() -> None:
    commands = (DOCS / "reference" / "commands.md").read_text()
    groups = {*CommonCommands.__bases__, FlushCommands, BlockingCommands, IterationCommands}
    assert {f"{group.__module__}.{group.__name__}" for group in groups} == set(
        re.findall(r"autoclass:: (\S+)", commands)
    )
    exceptions = (DOCS / "reference" / "exceptions.md").read_text()
    public = [getattr(civiredis, name) for name in civiredis.__all__]
    raised = {one.__name__ for one in public if isinstance(one, type) and issubclass(one, Exception)}
    assert raised == set(re.findall(r"autoexception:: (\S+)", exceptions))
