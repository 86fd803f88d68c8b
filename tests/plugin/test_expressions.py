"""Each row of the tables in docs/expressions.md has the verdict that stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from mypy.modulefinder import BuildSource

from tests.plugin.checking import check, start_cache

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "expressions.md"
ROW: Final = re.compile(r"^\| `(?P<code>.+?)` \| `?(?P<verdict>[\w-]+)`? \| (?P<why>.+) \|$")
HEADING: Final = re.compile(r"^## .*?(?:`(?P<call>.+)\.\.\.\)`)?$")
PREAMBLE: Final = """
from datetime import date
from typing import Any, Literal, cast
from uuid import UUID
from civiredis import CacheRedis
async def load() -> int: return 1
def fill(texts: list[str]) -> None: ...
"""


class Row(NamedTuple):
    code: str
    verdict: str
    statements: str


def _rows(text: str) -> Iterator[Row]:
    call = None
    for line in text.splitlines():
        if heading := HEADING.match(line):
            call = heading["call"]
        elif row := ROW.match(line):
            code = row["code"].replace("\\|", "|")
            yield Row(code, row["verdict"], f"{call}{code})" if call else code)


TEXT: Final = DOCUMENT.read_text(encoding="utf-8")
REGISTRY, NAMES = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
ROWS: Final = list(_rows(TEXT))


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The verdict of each row, of one run over all."""
    root = tmp_path_factory.mktemp("expressions")
    parameters = ", ".join(NAMES.splitlines())
    lines = [*PREAMBLE.splitlines(), *REGISTRY.splitlines(), "redis: CacheRedis[CacheKeys]"]
    first = len(lines) + 1
    lines += [f"async def row_{number}({parameters}) -> None: {row.statements}" for number, row in enumerate(ROWS)]
    source = root / "rows.py"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    start_cache(root / "cache")
    found = ["fine"] * len(ROWS)
    for error in check([BuildSource(str(source), "rows")], cache_dir=root / "cache"):
        match = re.search(r"rows\.py:(\d+):\d+: error: .*\[([\w-]+)\]$", error)
        assert match, error
        row = int(match[1]) - first
        assert row >= 0, error
        found[row] = match[2] if found[row] == "fine" else f"{found[row]} {match[2]}"
    return found


def test_every_row_is_read() -> None:
    in_tables = [line for line in TEXT.splitlines() if line.startswith("| `")]
    assert len(ROWS) == len(in_tables) > 0


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row.statements for row in ROWS])
def test_verdict(number: int, verdicts: list[str]) -> None:
    assert verdicts[number] == ROWS[number].verdict
