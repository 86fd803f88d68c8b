"""What cannot be held is refused when the registry is made, or else when a client is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import pytest

from civiredis import (
    CacheRegistry,
    Counter,
    Hash,
    List,
    RegistryError,
    Set,
    SortedSet,
    Stream,
    String,
    create_cache_redis,
    key,
)
from tests.declared.keys import TYPES, Profile


class Ratio(Enum):
    HALF = 0.5


class Yes(Enum):
    YES = True


def registry(declared: Any) -> type[CacheRegistry]:
    return type("Keys", (CacheRegistry,), {"__module__": __name__, "KEY": declared})


FITS_NO_TEXT: list[Any] = [
    Profile,
    list[int],
    bytes,
    None,
    int | None,
    int | str,
    time,
    timedelta,
    Ratio,
    Yes,
    Literal[True],
    Literal["a"] | int,
    dict,
    object,
    Any,
]


@pytest.mark.parametrize("declared", FITS_NO_TEXT, ids=str)
@pytest.mark.parametrize("structure", [String, Hash, List, Set, SortedSet, Stream])
def test_a_type_that_does_not_fit_in_text(structure: Any, declared: Any) -> None:
    with pytest.raises(RegistryError) as caught:
        registry(key("user", structure[declared]))
    message = str(caught.value)
    assert message.startswith("Keys.KEY = 'user': ")
    assert 'does not fit in text; declare a base that starts with "packed:", or one of str, int,' in message


def test_two_values_of_one_text() -> None:
    with pytest.raises(RegistryError, match=r"Keys.KEY = 'user': of Literal\['1', 1\] two values have the text '1'"):
        registry(key("user", String[Literal["1", 1]]))


@pytest.mark.parametrize("declared", TYPES.values(), ids=TYPES)
def test_a_type_that_can_be_packed(declared: Any) -> None:
    registry(key("packed:user", String[declared]))


class Plain:
    """A class that no library takes apart."""


CANNOT_BE_PACKED: list[Any] = [complex, Callable[[], int], type, list[range], dict[str, complex], Plain, list[Plain]]


@pytest.mark.parametrize("declared", CANNOT_BE_PACKED, ids=str)
def test_a_type_that_cannot_be_packed(declared: Any) -> None:
    with pytest.raises(RegistryError, match=r"Keys.KEY = 'packed:user': .* is no type of values that can be packed"):
        registry(key("packed:user", String[declared]))


@dataclass
class Unclear:
    value: str | UUID


def test_a_union_of_which_a_text_does_not_tell_what_it_is() -> None:
    with pytest.raises(
        RegistryError, match=r"Keys.KEY = 'packed:user': of str | UUID no stored text tells which it is"
    ):
        registry(key("packed:user", String[str | UUID]))
    with pytest.raises(
        RegistryError, match=r"Keys.KEY = 'packed:user': Unclear is no type that msgspec reads: Type union"
    ):
        registry(key("packed:user", String[Unclear]))


@pytest.mark.parametrize("structure", [List, List[int], SortedSet[int], Stream[int], Counter])
def test_a_structure_that_packed_has_no_commands_for(structure: Any) -> None:
    with pytest.raises(
        RegistryError, match=r"Keys.KEY = 'packed:user': .packed has no commands for a \w+; declare a String"
    ):
        registry(key("packed:user", structure))


def test_a_module_that_nobody_imported_can_declare_types() -> None:
    names: dict[str, Any] = {"__name__": "written", "CacheRegistry": CacheRegistry, "key": key, "Hash": Hash}
    exec("class Keys(CacheRegistry): USER = key('user', Hash[int])", names)  # noqa: S102 what is under test
    create_cache_redis(names["Keys"], url="redis://127.0.0.1:1")


@pytest.mark.parametrize("base", ["user", "packed:user"])
def test_a_name_in_quotes_is_looked_up_when_a_client_is_made(base: str) -> None:
    keys = registry(key(base, String["Nowhere"]))  # type: ignore[name-defined]
    with pytest.raises(RegistryError, match=r"Keys.KEY: Nowhere names 'Nowhere', which its module does not have"):
        create_cache_redis(keys, url="redis://127.0.0.1:1")


def test_the_module_of_a_name_in_quotes_is_that_of_the_registry_which_declares_it() -> None:
    class Inherited(CacheRegistry):
        __module__ = "tests.declared.keys"
        KEY = key("packed:user", String["Later"])  # type: ignore[name-defined]

    class Child(Inherited):
        pass

    create_cache_redis(Child, url="redis://127.0.0.1:1")
