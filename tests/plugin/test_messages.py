"""test-data/messages.test shows every text that `civiredis_mypy.messages` can make."""

from __future__ import annotations

import inspect
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import civiredis_mypy
from civiredis_mypy import messages
from civiredis_mypy.grammar import malformation
from tests.plugin.checking import TEST_DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXTS = [
    function
    for name, function in inspect.getmembers(messages, inspect.isfunction)
    if (function.__doc__ or "").startswith("Text of")
]
HOLE = "§"
OPTIONAL = "str | None"
CHOICES: dict[str, list[str | None]] = {
    "malformed": [malformation(base) for base in ("", " ", ":x", "x:")],
}


def _values(function: Callable[..., str], parameter: str) -> list[str | None]:
    if function is messages.part_unprintable and parameter == "fault":
        return list(messages.PART)
    if function is messages.base_malformed and parameter == "fault":
        return CHOICES["malformed"]
    if inspect.signature(function).parameters[parameter].annotation == OPTIONAL:
        return [HOLE, None]
    return CHOICES.get(parameter, [HOLE])


def _variants() -> Iterator[tuple[str, str]]:
    for function in TEXTS:
        parameters = list(inspect.signature(function).parameters)
        for values in itertools.product(*(_values(function, parameter) for parameter in parameters)):
            yield function.__name__, function(*values)


def _shown() -> str:
    return (TEST_DATA / "messages.test").read_text(encoding="utf-8")


@pytest.mark.parametrize(("function", "text"), list(_variants()))
def test_every_text_is_shown(function: str, text: str) -> None:
    pattern = re.escape(text)
    pattern = pattern.replace(re.escape(repr(HOLE)), ".+?").replace(HOLE, ".*?")
    assert re.search(rf"# E:\d+: {pattern}  \[redis-", _shown()), f"{function}: {text!r}"


def test_no_other_text_is_reported() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(civiredis_mypy.__file__).parent.glob("*.py"))
    used = set(re.findall(r"\bmessages\.([a-z]\w*)", sources))
    assert used - {function.__name__ for function in TEXTS} <= {"one_line", "suggestion"}
