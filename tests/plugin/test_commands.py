"""The plugin's table of commands has a row for every command of the clients that takes a key, and no other."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

import pytest

from civiredis import CacheRedis, SysRedis
from civiredis.packed import CachePacked
from civiredis_mypy.commands import ANY_STRUCTURE, COMMANDS, KINDS, VALUE_FREE

if TYPE_CHECKING:
    from collections.abc import Iterator

CLASSES: Final = (CacheRedis, SysRedis, CachePacked)
VALUES: Final = ("Value", "Packable", "Place")
NOT_STRUCTURED: Final = frozenset({"HyperLogLog"})
"""What commands work on that no base can be declared to hold."""


def _parameters_for_keys(signature: inspect.Signature) -> set[str]:
    return {name for name, parameter in signature.parameters.items() if "KeyOf" in str(parameter.annotation)}


def _commands() -> Iterator[tuple[str, inspect.Signature]]:
    for of in CLASSES:
        for name, method in inspect.getmembers(of, inspect.isfunction):
            signature = inspect.signature(method)
            if not name.startswith("_") and _parameters_for_keys(signature):
                yield name, signature


SIGNATURES: Final = list(_commands())
NAMES: Final = {name for name, _ in SIGNATURES}


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    assert COMMANDS.keys() | ANY_STRUCTURE == NAMES
    assert not COMMANDS.keys() & ANY_STRUCTURE
    assert NAMES >= VALUE_FREE


@pytest.mark.parametrize(("name", "signature"), [one for one in SIGNATURES if one[0] in COMMANDS])
def test_a_row_names_each_parameter_for_keys(name: str, signature: inspect.Signature) -> None:
    row = COMMANDS[name]
    named = row.keys | row.other_keys | ({row.makes} if row.makes else set())
    assert named >= _parameters_for_keys(signature)
    assert signature.parameters.keys() >= named


@pytest.mark.parametrize(("name", "signature"), [one for one in SIGNATURES if one[0] in COMMANDS])
def test_the_values_of_a_row_are_parameters_for_values(name: str, signature: inspect.Signature) -> None:
    for parameter in COMMANDS[name].values & signature.parameters.keys():
        assert any(value in str(signature.parameters[parameter].annotation) for value in VALUES)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_row_names_structures(name: str) -> None:
    row = COMMANDS[name]
    assert row.works_on
    assert {*row.works_on, *row.stores} <= KINDS | NOT_STRUCTURED
