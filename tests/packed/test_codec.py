"""MessagePack in and out: what comes back, and why bytes are refused."""

from __future__ import annotations

import math
from collections import OrderedDict, namedtuple
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import msgpack  # type: ignore[import-untyped]  # ships no annotations
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civiredis.packed.codec import pack, unpack
from civiredis.values.misfit import MalformedValueError

if TYPE_CHECKING:
    from civiredis.packed.values import Packable

KEY = "packed:user:profile:7"

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.just(UTC))
)
map_keys = (
    st.none() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.binary() | st.tuples(st.text(), st.integers(0, 9))
)
values = st.recursive(
    scalars, lambda parts: st.lists(parts, max_size=5) | st.dictionaries(map_keys, parts, max_size=5), max_leaves=20
)


@given(values)
def test_what_is_packed_comes_back_equal(value: Packable) -> None:
    assert unpack(pack(value, KEY)) == value


@given(scalars)
def test_what_is_packed_comes_back_with_its_type(value: Packable) -> None:
    assert type(unpack(pack(value, KEY))) is type(value)


@given(st.binary())
def test_any_bytes_are_a_value_or_refused(stored: bytes) -> None:
    try:
        unpack(stored)
    except MalformedValueError as error:
        assert str(error)  # noqa: PT017 - most byte strings are refused, some are values


class Plan(StrEnum):
    FREE = "free"


class Level(IntEnum):
    ONE = 1


Point = namedtuple("Point", "x y")  # noqa: PYI024 - an untyped one packs the same


@pytest.mark.parametrize(
    ("value", "back"),
    [
        ((1, (2, 3)), [1, [2, 3]]),
        (Point(1, 2), [1, 2]),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"ab"), b"ab"),
        (Plan.FREE, "free"),
        (Level.ONE, 1),
        (OrderedDict(a=1), {"a": 1}),
        (
            datetime(2024, 5, 6, 9, 8, 7, 123456, timezone(timedelta(hours=2))),
            datetime(2024, 5, 6, 7, 8, 7, 123456, UTC),
        ),
        ({(1, ("a", "b")): "place", (): 0}, {(1, ("a", "b")): "place", (): 0}),
        ({"outer": {(1, 2): [{(3,): 4}]}}, {"outer": {(1, 2): [{(3,): 4}]}}),
        (msgpack.ExtType(5, b"ours"), msgpack.ExtType(5, b"ours")),
    ],
)
def test_what_comes_back_as_another_type(value: Packable, back: Packable) -> None:
    unpacked = unpack(pack(value, KEY))
    assert unpacked == back
    assert type(unpacked) is type(back)


def test_not_a_number_comes_back() -> None:
    assert math.isnan(unpack(pack(math.nan, KEY)))


def test_an_aware_datetime_is_a_messagepack_timestamp() -> None:
    assert pack(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), KEY) == b"\xd6\xff\x00\x00\x00\x01"


def test_bytes_are_bin_and_text_is_str() -> None:
    assert (pack(b"a", KEY), pack("a", KEY)) == (b"\xc4\x01a", b"\xa1a")


def test_as_deep_as_it_goes() -> None:
    deep: Packable = 1
    for _ in range(1024):
        deep = [deep]
    level = unpack(pack(deep, KEY))
    for _ in range(1024):
        (level,) = level
    assert level == 1


RECORD = "a record; write it with pack(), or with new Packr({useRecords: false})"


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (b"", "it is empty"),
        (b"\x92\x01", "it is cut off, or not valid MessagePack"),
        (b"\xc1", "it is cut off, or not valid MessagePack"),
        (b"\xdd\xff\xff\xff\xff", "it is cut off, or not valid MessagePack"),
        (b"hello", "more bytes follow its end, so it is not one MessagePack value"),
        (b"\xa2\xff\xfe", "a text in it is not UTF-8"),
        (b"\x91" * 2000 + b"\x01", "it is nested too deep"),
        (b"\x81\x80\x01", "a map in it has a map as key"),
        (b"\x81\x91\x80\x01", "a map in it has a map as key"),
        (msgpack.packb(msgpack.Timestamp(2**40, 0)), "a time in it lies outside of the years 1 to 9999"),
        (b"\xd4\xff\xff", "it is cut off, or not valid MessagePack"),
        (
            b"\xd4\x72\x40\x91\xa1a\x01",
            f"it holds msgpackr's extension 0x72, {RECORD}",
        ),
        (b"\xd4\x73\x00\x91\x01", "it holds msgpackr's extension 0x73, a Set (option moreTypes)"),
    ],
)
def test_bytes_that_are_no_value_are_refused_with_the_reason(stored: bytes, reason: str) -> None:
    with pytest.raises(MalformedValueError) as caught:
        unpack(stored)
    assert str(caught.value) == reason
    assert caught.value.__context__ is None, "msgpack's own error quotes the bytes"
