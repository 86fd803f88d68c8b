"""What cannot be packed: the error names the key, the path and the way out, and never the content."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from civiredis import PackError
from civiredis.packed.codec import pack

KEY = "packed:user:profile:7"


class Colour(Enum):
    RED = "red"


@dataclass
class Address:
    street: str


class Model:
    def model_dump(self) -> dict[str, str]:
        return {}


class Opaque:
    pass


def fault(value: object, part: str = "") -> str:
    with pytest.raises(PackError) as caught:
        pack(value, KEY, part)
    assert caught.value.__context__ is None, "msgpack's own error may hold the value"
    return str(caught.value).removeprefix("cannot pack a value for 'packed:user:profile:7'")


NO_TYPE = "which MessagePack has no type for"
HERE = __name__


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({1, 2}, f"a set, {NO_TYPE}; store it as a list"),
        (frozenset(), f"a frozenset, {NO_TYPE}; store it as a list"),
        (date(2024, 5, 6), f"a datetime.date, {NO_TYPE}; store it as str"),
        (time(7, 8), f"a datetime.time, {NO_TYPE}; store it as str"),
        (timedelta(1), f"a datetime.timedelta, {NO_TYPE}; store its total_seconds()"),
        (Decimal("1.5"), f"a decimal.Decimal, {NO_TYPE}; store it as str"),
        (uuid.UUID(int=5), f"a uuid.UUID, {NO_TYPE}; store it as str"),
        (Colour.RED, f"a {HERE}.Colour, {NO_TYPE}; store its .value"),
        (1j, f"a complex, {NO_TYPE}; store its .real and .imag"),
        (Address("Main Street"), f"a {HERE}.Address, {NO_TYPE}; store dataclasses.asdict(it)"),
        (Model(), f"a {HERE}.Model, {NO_TYPE}; store its model_dump()"),
        (Opaque(), f"a {HERE}.Opaque, {NO_TYPE}; store it as a dict, a list or a str"),
        (2**64, "an int outside of -2**63 … 2**64-1; store it as str"),
        (-(2**63) - 1, "an int outside of -2**63 … 2**64-1; store it as str"),
        ("\ud800", "a str with a lone surrogate, which UTF-8 cannot hold; store its bytes"),
        (memoryview(b"abcd")[::2], "a memoryview that is not contiguous; store bytes(it)"),
        (
            datetime(2024, 5, 6),  # noqa: DTZ001 - the point
            "a datetime without timezone, so no point in time; add one, as .replace(tzinfo=UTC) does",
        ),
    ],
)
def test_the_reason_names_the_type_and_a_way_out(value: object, reason: str) -> None:
    assert fault(value) == f": $ is {reason}"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"users": [{}, {}, {}, {"name": {1}}]}, "$.users[3].name"),
        ([[1, [{2}]]], "$[0][1][0]"),
        ((1, ({2},)), "$[1][0]"),
        ({"first name": {1}}, "$['first name']"),
        ({7: {1}}, "$[7]"),
        ({None: {1}}, "$[None]"),
        ({b"raw": {1}}, "$[<bytes>]"),
        ({("a", 1): {1}}, "$[<tuple>]"),
        ({"a": {frozenset(): 1}}, "$.a[key frozenset]"),
        ({("a", frozenset()): 1}, "$[key tuple][1]"),
        ({"n" * 50: {1}}, "$['" + "n" * 39 + "…']"),
        ([1, datetime.now(UTC), {"ok": 1}, {"bad": 2**70}], "$[3].bad"),
    ],
)
def test_the_path_leads_to_the_part(value: object, path: str) -> None:
    assert fault(value).startswith(f": {path} is ")


def test_the_part_of_the_key_is_named() -> None:
    assert fault({1}, " field 'name'").startswith(" field 'name': $ is a set")


def test_a_circle_is_named_not_followed() -> None:
    user: dict[str, Any] = {"name": "Ada", "posts": [{}]}
    user["posts"][0]["author"] = user
    expected = ": $.posts[0].author is the same object as $, which contains it; break the circle"
    assert fault(user) == expected
    assert fault([1, user]) == expected.replace("$", "$[1]")


def test_a_value_that_stands_in_two_places_is_no_circle() -> None:
    shared = [1]
    assert pack([shared, shared], KEY) == b"\x92\x91\x01\x91\x01"


@pytest.mark.parametrize("depth", [1025, 100_000])
def test_too_deep_is_an_error_of_ours(depth: int) -> None:
    deep: object = 1
    for _ in range(depth):
        deep = [deep]
    message = fault(deep)
    assert message.endswith("[0] is nested deeper than 1024 levels; store it flatter")
    assert len(message) < 300, "the path is shortened"


@pytest.mark.parametrize("secret", [{"password": {"hunter2"}}, ["hunter2\ud800"], {"hunter2-" * 9: [2**70]}])
def test_no_content_is_in_the_error(secret: object) -> None:
    message = fault(secret)
    assert "hunter2\ud800" not in message
    assert "{'hunter2'}" not in message
    assert str(2**70) not in message
