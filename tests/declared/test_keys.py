"""Keys made of a declared base: text that is known to start with it."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, datetime
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

import pytest

from civiredis import DeclaredKey, TypedKey, key
from tests.declared.keys import CacheKeys, Plan


class Section(str, Enum):  # noqa: UP042 - prints as Class.MEMBER, unlike a StrEnum
    HOME = "home"


class Shelf(IntEnum):
    TOP = 3


@pytest.mark.parametrize(
    ("parts", "made"),
    [
        ((), "packed:profile"),
        ((7,), "packed:profile:7"),
        (("ann", 7), "packed:profile:ann:7"),
        ((UUID(int=5),), "packed:profile:00000000-0000-0000-0000-000000000005"),
        ((date(2026, 1, 2),), "packed:profile:2026-01-02"),
        ((Section.HOME, Plan.FREE, Shelf.TOP), "packed:profile:home:free:3"),
        (("ann bob", "-1", -1), "packed:profile:ann bob:-1:-1"),
    ],
)
def test_the_parts_follow_the_base(parts: tuple[Any, ...], made: str) -> None:
    typed = CacheKeys.PROFILE(*parts)
    assert typed == made
    assert type(typed) is TypedKey
    assert CacheKeys.match(typed) == "packed:profile"


@pytest.mark.parametrize("part", [True, None, 1.5, b"ann", ["ann"], Section])
def test_what_is_no_part(part: Any) -> None:
    expected = (
        f"a part of a key of 'packed:profile' is a str, int, UUID or date, not {type(part).__name__}; pass its text"
    )
    with pytest.raises(TypeError, match=expected):
        CacheKeys.PROFILE(part)


def test_a_part_without_text_or_with_a_colon_is_refused_unless_it_is_meant() -> None:
    with pytest.raises(ValueError, match="a part of a key of 'packed:profile' is empty; pass allow_empty=True"):
        CacheKeys.PROFILE("ann", "")
    with pytest.raises(ValueError, match="has a colon, 'ann:bob'; pass each side of it as a part"):
        CacheKeys.PROFILE("ann:bob")
    with pytest.raises(ValueError, match="has a colon"):
        CacheKeys.PROFILE(datetime(2026, 1, 2, 3, 4))  # noqa: DTZ001 - its text counts
    assert CacheKeys.PROFILE("", allow_empty=True) == "packed:profile:"
    assert CacheKeys.PROFILE("ann:bob", allow_colon=True) == "packed:profile:ann:bob"


@pytest.mark.parametrize("made", [CacheKeys.PROFILE, CacheKeys.PROFILE(7)])
def test_it_is_text_wherever_text_is_meant(made: str) -> None:
    text = str.__str__(made)
    assert {text: 1}[made] == {made: 1}[text] == 1
    assert f"{made}" == f"{made!s}" == "%s" % made == str(made) == text  # noqa: UP031
    assert repr(made) == repr(text)
    assert json.dumps({made: made}) == json.dumps({text: text})
    assert sorted([made, "a", "z"]) == ["a", text, "z"]


def pickled(made: Any) -> Any:
    return pickle.loads(pickle.dumps(made))  # noqa: S301 - our own


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_a_copy_carries_what_is_declared(copied: Any) -> None:
    base = copied(CacheKeys.PROFILE)
    assert (type(base), base) == (DeclaredKey, "packed:profile")
    for name in ("structure", "value_type", "ttl", "doc"):
        assert getattr(base, name) == getattr(CacheKeys.PROFILE, name)
    assert base(7) == CacheKeys.PROFILE(7)
    assert type(copied(CacheKeys.PROFILE(7))) is TypedKey


def test_a_counter_is_a_string_of_int() -> None:
    assert CacheKeys.Plain.VIEWS.value_type is int


def test_a_base_that_nothing_is_declared_of_makes_keys_too() -> None:
    assert key("session", ttl=60)("ann") == "session:ann"
