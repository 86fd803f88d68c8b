"""Values exchanged with Node's msgpackr over one server, both ways."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.packed.node_peer import NodeError, js

if TYPE_CHECKING:
    from civiredis.client import CacheRedis
    from civiredis.packed import Packable
    from tests.packed.conftest import CacheKeys
    from tests.packed.node_peer import Json, NodePeer

KEY = "packed:user:profile:7"
WIRE = "app:" + KEY
BIG_TEXT = "häuser €100 😀 " * 20_000

NESTED_JS = js(
    "object",
    [
        ["user", js("object", [["id", js("number", "7")], ["tags", js("array", [js("string", "a"), js("null")])]])],
        ["scores", js("map", [[js("number", "1"), js("map", [[js("string", "x"), js("number", "0.5")]])]])],
        ["photo", js("binary", "00ff")],
    ],
)
NESTED = {"user": {"id": 7, "tags": ["a", None]}, "scores": {1: {"x": 0.5}}, "photo": b"\x00\xff"}

FROM_NODE: list[tuple[list[Json], Packable]] = [
    (js("null"), None),
    (js("undefined"), None),
    (js("object", [["a", js("undefined")], ["b", js("number", "1")]]), {"a": None, "b": 1}),
    (js("array", [js("undefined")]), [None]),
    (js("boolean", content=True), True),
    (js("number", "0"), 0),
    (js("number", "4294967295"), 2**32 - 1),
    (js("number", "-2147483648"), -(2**31)),
    # JavaScript has one number type, and msgpackr writes an integer beyond 32 bits as float 64.
    (js("number", "4294967296"), float(2**32)),
    (js("number", "1714979289123"), 1714979289123.0),
    (js("number", "-9007199254740991"), -9007199254740991.0),
    (js("bigint", "9007199254740993"), 2**53 + 1),
    (js("bigint", "18446744073709551615"), 2**64 - 1),
    (js("bigint", "-9223372036854775808"), -(2**63)),
    (js("number", "0.1"), 0.1),
    (js("number", "-1e300"), -1e300),
    (js("number", "Infinity"), math.inf),
    (js("date", "2024-05-06T07:08:09.000Z"), datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)),
    (js("date", "2024-05-06T07:08:09.123Z"), datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=UTC)),
    (js("date", "1969-07-20T20:17:40.250Z"), datetime(1969, 7, 20, 20, 17, 40, 250000, tzinfo=UTC)),
    (js("date", "2200-01-01T00:00:00.001Z"), datetime(2200, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)),
    (js("string", ""), ""),
    (js("string", "zero \x00, ü, €, 😀"), "zero \x00, ü, €, 😀"),
    (js("string", BIG_TEXT), BIG_TEXT),
    (js("binary", ""), b""),
    (js("binary", "00ff0a0d" * 20_000), b"\x00\xff\n\r" * 20_000),
    (js("set", [js("number", "1"), js("string", "a")]), [1, "a"]),
    (NESTED_JS, NESTED),
]

TO_NODE: list[tuple[Packable, list[Json]]] = [
    (None, js("null")),
    (False, js("boolean", content=False)),
    (2**31, js("number", "2147483648")),
    # Python's integers beyond 32 bits stay integers, which msgpackr reads as bigint unless told otherwise.
    (2**32, js("bigint", "4294967296")),
    (1714979289123, js("bigint", "1714979289123")),
    (-(2**63), js("bigint", "-9223372036854775808")),
    (2**64 - 1, js("bigint", "18446744073709551615")),
    (0.1, js("number", "0.1")),
    (3.0, js("number", "3")),
    (math.nan, js("number", "NaN")),
    (datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), js("date", "2024-05-06T07:08:09.000Z")),
    (datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=UTC), js("date", "2024-05-06T07:08:09.123Z")),
    (datetime(1969, 7, 20, 20, 17, 40, 250000, tzinfo=UTC), js("date", "1969-07-20T20:17:40.250Z")),
    (datetime(2200, 1, 1, 0, 0, 0, 1000, tzinfo=UTC), js("date", "2200-01-01T00:00:00.001Z")),
    ("zero \x00, ü, €, 😀", js("string", "zero \x00, ü, €, 😀")),
    (BIG_TEXT, js("string", BIG_TEXT)),
    (b"", js("binary", "")),
    (b"\x00\xff\n\r" * 20_000, js("binary", "00ff0a0d" * 20_000)),
    ((1, (2,)), js("array", [js("number", "1"), js("array", [js("number", "2")])])),
    (
        {"a": {"b": [{"c": None}]}, "é": {}},
        js(
            "object",
            [
                ["a", js("object", [["b", js("array", [js("object", [["c", js("null")]])])]])],
                ["é", js("object", [])],
            ],
        ),
    ),
]


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize(("written", "read"), FROM_NODE, ids=lambda case: repr(case)[:40])
async def test_what_node_writes_python_reads(
    cache: CacheRedis[CacheKeys], node: NodePeer, written: list[Json], read: Packable, compress: bool
) -> None:
    node.write(WIRE, written, compress=compress)
    value = await cache.packed.get(KEY, compress=compress)
    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize(("written", "read"), TO_NODE, ids=lambda case: repr(case)[:40])
async def test_what_python_writes_node_reads(
    cache: CacheRedis[CacheKeys], node: NodePeer, written: Packable, read: list[Json], compress: bool
) -> None:
    await cache.packed.set(KEY, written, compress=compress)
    assert node.read(WIRE, compress=compress) == read


@pytest.mark.parametrize(
    ("option", "read"), [("number", js("number", "1714979289123")), ("auto", js("number", "1714979289123"))]
)
async def test_node_reads_large_integers_as_numbers_when_told_to(
    cache: CacheRedis[CacheKeys], node: NodePeer, option: str, read: list[Json]
) -> None:
    await cache.packed.set(KEY, 1714979289123)
    assert node.read(WIRE, unpackr={"int64AsType": option, "useRecords": False}) == read


async def test_node_reads_maps_with_integer_keys(cache: CacheRedis[CacheKeys], node: NodePeer) -> None:
    await cache.packed.set(KEY, {1: {"x": 2}})
    as_maps = js("map", [[js("number", "1"), js("map", [[js("string", "x"), js("number", "2")]])]])
    assert node.read(WIRE, unpackr={"mapsAsObjects": False, "useRecords": False}) == as_maps
    assert node.read(WIRE) == js("object", [["1", js("object", [["x", js("number", "2")]])]])


async def test_a_value_goes_there_and_back(cache: CacheRedis[CacheKeys], node: NodePeer) -> None:
    packed = cache.packed
    await packed.set(KEY, {"user": {"id": 7, "photo": b"\x00\xff"}, "joined": datetime(2024, 5, 6, tzinfo=UTC)})
    seen: Any = node.read(WIRE)
    node.write(WIRE, seen)
    assert await packed.get(KEY) == {
        "user": {"id": 7, "photo": b"\x00\xff"},
        "joined": datetime(2024, 5, 6, tzinfo=UTC),
    }


async def test_a_bigint_beyond_64_bits_is_an_int(cache: CacheRedis[CacheKeys], node: NodePeer) -> None:
    for number in (2**65, -(2**65), 2**200 + 1):
        node.write(WIRE, js("bigint", str(number)), packr={"useBigIntExtension": True, "useRecords": False})
        assert await cache.packed.get(KEY) == number


@pytest.mark.parametrize(
    "case",
    [
        (
            js("object", [["id", js("number", "7")]]),
            {},
            "0x72, a record; write it with pack(), or with new Packr({useRecords: false})",
        ),
        (
            js("array", [js("set", [js("number", "1")])]),
            {"moreTypes": True, "useRecords": False},
            "0x73, a Set (option moreTypes)",
        ),
        (
            js("array", [js("string", "a" * 30)] * 3),
            {"bundleStrings": True, "useRecords": False},
            "0x62, bundled strings (option bundleStrings)",
        ),
    ],
)
async def test_what_only_msgpackr_can_read_is_named(
    cache: CacheRedis[CacheKeys],
    node: NodePeer,
    caplog: pytest.LogCaptureFixture,
    case: tuple[list[Json], dict[str, Json], str],
) -> None:
    value, packr, reason = case
    node.write(WIRE, value, packr=packr)
    assert await cache.packed.get(KEY) is None
    expected = f"'{KEY}' does not unpack and counts as missing: it holds msgpackr's extension {reason} (removed)"
    assert [record.getMessage() for record in caplog.records] == [expected]


def test_an_error_of_node_is_not_taken_for_a_value(cache_url: str, node: NodePeer) -> None:
    with pytest.raises(NodeError, match="no such tag: symbol"):
        node.write(WIRE, js("symbol"))
