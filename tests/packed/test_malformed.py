"""Stored bytes that are no packed value: a logged miss on the cache, an error on the system server."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # ships no annotations
import pytest

from civiredis import UnpackError
from civiredis.commands.arguments import WireKey
from civiredis.packed.codec import pack
from civiredis.packed.compression import LARGEST
from civiredis.places import FieldPlace, StringPlace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import redis

    from civiredis.client import CacheRedis
    from civiredis.commands.arguments import Argument
    from civiredis.packed import CachePacked, SysPacked
    from tests.packed.conftest import Cached, CacheKeys, SysKeys, Systemic

KEY = "packed:user:profile:7"
OTHER = "packed:user:profile:8"
WIRE = "app:" + KEY
SYSTEM = "packed:system:features"
SECRET = b"hunter2"
REASON = "more bytes follow its end, so it is not one MessagePack value"
GOOD = pack({"id": 8}, OTHER)


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    assert all(record.name == "civiredis.packed" for record in caplog.records)
    assert all(record.levelno == logging.WARNING for record in caplog.records)
    assert "hunter2" not in caplog.text
    return [record.getMessage() for record in caplog.records]


def missed(name: str, outcome: str = "removed", reason: str = REASON) -> list[str]:
    return [f"{name} does not unpack and counts as missing: {reason} ({outcome})"]


def _execute(server: redis.Redis, *words: Argument) -> object:
    return server.execute_command(*words)  # type: ignore[no-untyped-call]  # redis-py's is


# ------------------------------------------------------------------------------------------------ the cache


async def test_get_is_a_miss_and_the_key_is_removed(
    cached: Cached, cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    cache_bytes.set(WIRE, SECRET)
    assert await cached(lambda packed: packed.get(KEY)) is None
    assert cache_bytes.exists(WIRE) == 0
    assert warnings_of(caplog) == missed(f"'{KEY}'")


BOMB = b"\x01" + brotli.compress(bytes(LARGEST + 1), quality=6)


@pytest.mark.parametrize(
    "case",
    [
        (b"", False, "it is empty"),
        (
            b"\x01" + brotli.compress(b"\xa1a"),
            False,
            "it starts with 0x01, as a compressed value does; read it with compress=True",
        ),
        (b"\x01hunter2", True, "it is not the Brotli stream that its first byte 0x01 announces"),
        (b"\x01" + brotli.compress(SECRET), True, REASON),
        (BOMB, True, f"it inflates to more than {LARGEST} bytes"),
        (b"\xa7hunter", False, "it is cut off, or not valid MessagePack"),
        (b"\xa8hunter2\xff", False, "a text in it is not UTF-8"),
    ],
)
async def test_the_reason_is_told_and_the_value_is_not(
    cached: Cached,
    cache_bytes: redis.Redis,
    caplog: pytest.LogCaptureFixture,
    case: tuple[bytes, bool, str],
) -> None:
    stored, compress, reason = case
    cache_bytes.set(WIRE, stored)
    assert await cached(lambda packed: packed.get(KEY, compress=compress)) is None
    assert cache_bytes.exists(WIRE) == 0
    assert warnings_of(caplog) == missed(f"'{KEY}'", reason=reason)


async def test_mget_misses_that_slot_only(
    cached: Cached, cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    cache_bytes.mset({WIRE: SECRET, "app:" + OTHER: GOOD})
    assert await cached(lambda packed: packed.mget([OTHER, KEY, "packed:user:profile:9"])) == [{"id": 8}, None, None]
    assert cache_bytes.keys() == [b"app:" + OTHER.encode()]
    assert warnings_of(caplog) == missed(f"'{KEY}'")


async def test_the_old_value_of_set_is_a_miss_and_the_new_one_stays(
    cached: Cached, cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    cache_bytes.set(WIRE, SECRET)
    assert await cached(lambda packed: packed.set(KEY, {"id": 8}, get=True)) is None
    assert cache_bytes.get(WIRE) == GOOD
    assert warnings_of(caplog) == missed(f"'{KEY}'", "not removed: it is no longer there")


async def test_a_field_is_a_miss_and_only_it_is_removed(
    cached: Cached, cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    reads: list[tuple[Callable[[CachePacked[CacheKeys]], Awaitable[object]], object]] = [
        (lambda packed: packed.hget(KEY, "bad"), None),
        (lambda packed: packed.hmget(KEY, ["good", "bad"]), [{"id": 8}, None]),
        (lambda packed: packed.hgetall(KEY), {"good": {"id": 8}}),
    ]
    for read, result in reads:
        caplog.clear()
        cache_bytes.hset(WIRE, mapping={"good": GOOD, "bad": SECRET})
        assert await cached(read) == result
        assert cache_bytes.hgetall(WIRE) == {b"good": GOOD}
        assert warnings_of(caplog) == missed(f"'{KEY}' field 'bad'")


async def test_a_member_is_left_out_and_removed(
    cached: Cached, cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    cache_bytes.sadd(WIRE, SECRET, GOOD)
    assert await cached(lambda packed: packed.smembers(KEY)) == [{"id": 8}]
    assert cache_bytes.smembers(WIRE) == {GOOD}
    assert warnings_of(caplog) == missed(f"a member of '{KEY}'")


async def test_a_popped_member_is_left_out(
    cached: Cached, cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    cache_bytes.sadd(WIRE, SECRET, GOOD)
    assert await cached(lambda packed: packed.spop(KEY, 2)) == [{"id": 8}]
    cache_bytes.sadd(WIRE, SECRET)
    assert await cached(lambda packed: packed.spop(KEY)) is None
    assert cache_bytes.exists(WIRE) == 0
    assert warnings_of(caplog) == missed(f"a member of '{KEY}'", "popped") * 2


@pytest.mark.parametrize("replacement", ["string", "list"])
async def test_a_value_written_meanwhile_stays(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture, replacement: str
) -> None:
    cache_bytes.set(WIRE, SECRET)
    if replacement == "string":
        cache_bytes.set("app:" + OTHER, GOOD, ex=60)
    else:
        cache_bytes.rpush("app:" + OTHER, SECRET)
    async with cache.pipeline() as pipe:
        reply = pipe.packed.get(KEY)
        pipe.rename(OTHER, KEY)  # the server is past it when the bytes that were read arrive
    assert await reply is None
    assert cache_bytes.exists(WIRE) == 1
    assert warnings_of(caplog) == missed(f"'{KEY}'", "not removed: it is no longer there")


async def test_a_value_written_while_a_bad_one_is_read_is_never_lost(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis
) -> None:
    for number in range(300):
        cache_bytes.set(WIRE, SECRET)
        await asyncio.gather(cache.packed.get(KEY), cache.packed.set(KEY, number))
        assert await cache.packed.get(KEY) == number


@pytest.mark.parametrize("replacement", ["field", "string"])
async def test_a_field_written_meanwhile_stays(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture, replacement: str
) -> None:
    cache_bytes.hset(WIRE, "bad", SECRET)
    if replacement == "field":
        cache_bytes.hset("app:" + OTHER, "bad", GOOD)
    else:
        cache_bytes.set("app:" + OTHER, GOOD)
    async with cache.pipeline() as pipe:
        reply = pipe.packed.hgetall(KEY)
        pipe.rename(OTHER, KEY)
    assert await reply == {}
    assert cache_bytes.exists(WIRE) == 1
    assert warnings_of(caplog) == missed(f"'{KEY}' field 'bad'", "not removed: it is no longer there")


async def test_exactly_the_bytes_are_compared(cache_bytes: redis.Redis) -> None:
    for stored, other in [(b"a\x00b", b"a\x00c"), (b"1", b"1.0"), (b"\xff\r\n", b"\xff\r"), (b"", b"0")]:
        cache_bytes.set(WIRE, stored)
        cache_bytes.hset("app:hash", "field", stored)
        string, field = StringPlace(KEY, WireKey(WIRE)), FieldPlace("hash", WireKey("app:hash"), "field")
        assert _execute(cache_bytes, *string.removal(other)) == 0
        assert _execute(cache_bytes, *field.removal(other)) == 0
        assert _execute(cache_bytes, *string.removal(stored)) == 1
        assert _execute(cache_bytes, *field.removal(stored)) == 1


async def test_a_removal_that_fails_is_a_miss_all_the_same(
    cached: Cached, cache_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    cache_bytes.set(WIRE, SECRET)
    _execute(cache_bytes, "ACL", "SETUSER", "default", "-eval")
    try:
        assert await cached(lambda packed: packed.get(KEY)) is None
    finally:
        _execute(cache_bytes, "ACL", "SETUSER", "default", "+eval")
    assert cache_bytes.get(WIRE) == SECRET
    assert warnings_of(caplog) == missed(f"'{KEY}'", "not removed: NoPermissionError")


# ---------------------------------------------------------------------------------------- the system server


async def refused(systemic: Systemic, command: Callable[[SysPacked[SysKeys]], Awaitable[object]]) -> str:
    with pytest.raises(UnpackError) as caught:
        await systemic(command)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None
    return str(caught.value)


async def test_a_string_is_an_error_and_stays(
    systemic: Systemic, sys_bytes: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    sys_bytes.mset({SYSTEM: SECRET, SYSTEM + ":good": GOOD})
    sys_bytes.expire(SYSTEM, 60)
    message = f"'{SYSTEM}' does not unpack: {REASON}; nothing was changed"
    assert await refused(systemic, lambda packed: packed.get(SYSTEM)) == message
    assert await refused(systemic, lambda packed: packed.get(SYSTEM, compress=True)) == message
    assert await refused(systemic, lambda packed: packed.mget([SYSTEM + ":good", SYSTEM])) == message
    assert sys_bytes.get(SYSTEM) == SECRET
    assert sys_bytes.ttl(SYSTEM) in range(55, 61)
    assert not caplog.records


async def test_the_old_value_of_set_is_an_error_that_tells_of_the_new_one(
    systemic: Systemic, sys_bytes: redis.Redis
) -> None:
    sys_bytes.set(SYSTEM, SECRET)
    message = f"'{SYSTEM}' does not unpack: {REASON}; the command was carried out"
    assert await refused(systemic, lambda packed: packed.set(SYSTEM, {"id": 8}, get=True)) == message
    assert sys_bytes.get(SYSTEM) == GOOD


async def test_a_field_is_an_error_and_stays(systemic: Systemic, sys_bytes: redis.Redis) -> None:
    sys_bytes.hset(SYSTEM, mapping={"good": GOOD, "bad": SECRET})
    message = f"'{SYSTEM}' field 'bad' does not unpack: {REASON}; nothing was changed"
    assert await refused(systemic, lambda packed: packed.hget(SYSTEM, "bad")) == message
    assert await refused(systemic, lambda packed: packed.hmget(SYSTEM, ["good", "bad"])) == message
    assert await refused(systemic, lambda packed: packed.hgetall(SYSTEM)) == message
    assert sys_bytes.hgetall(SYSTEM) == {b"good": GOOD, b"bad": SECRET}


async def test_a_member_is_an_error_and_stays(systemic: Systemic, sys_bytes: redis.Redis) -> None:
    sys_bytes.sadd(SYSTEM, GOOD, SECRET)
    message = f"a member of '{SYSTEM}' does not unpack: {REASON}; "
    assert await refused(systemic, lambda packed: packed.smembers(SYSTEM)) == message + "nothing was changed"
    popped = await refused(systemic, lambda packed: packed.spop(SYSTEM, 2))
    assert popped == message + "what was popped was put back"
    sys_bytes.srem(SYSTEM, GOOD)
    assert await refused(systemic, lambda packed: packed.spop(SYSTEM)) == popped
    assert sys_bytes.smembers(SYSTEM) == {SECRET}


async def test_what_unpacks_on_the_system_server_comes_back(systemic: Systemic) -> None:
    assert await systemic(lambda packed: packed.set(SYSTEM, {"beta": True}, compress=True)) is True
    assert await systemic(lambda packed: packed.get(SYSTEM, compress=True)) == {"beta": True}
    assert await systemic(lambda packed: packed.sadd(SYSTEM + ":set", 1, 2)) == 2
    assert await systemic(lambda packed: packed.spop(SYSTEM + ":set", 2)) in ([1, 2], [2, 1])
