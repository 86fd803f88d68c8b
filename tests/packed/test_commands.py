"""The packed commands, each on a client, in a pipeline and in a transaction."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # ships no annotations
import msgpack  # type: ignore[import-untyped]  # ships no annotations
import pytest

from civiredis import PackError

if TYPE_CHECKING:
    from collections.abc import Callable

    import redis

    from civiredis.client import CacheRedis
    from tests.packed.conftest import Cached, CacheKeys

KEY = "packed:user:profile:7"
OTHER = "packed:user:profile:8"
WIRE = "app:" + KEY
PROFILE = {"id": 7, "name": "Ada", "photo": b"\x00\xff", "joined": datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), 1: None}
LARGE = {"rows": [{"id": number, "name": f"user {number}"} for number in range(2000)]}


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("value", [None, 0, 1, "", "text", b"bytes", PROFILE, LARGE, [[], {}]])
async def test_a_value_that_was_set_is_got(cached: Cached, value: object, compress: bool) -> None:
    assert await cached(lambda packed: packed.set(KEY, value, compress=compress)) is True
    assert await cached(lambda packed: packed.get(KEY, compress=compress)) == value


async def test_a_missing_key_is_none(cached: Cached) -> None:
    assert await cached(lambda packed: packed.get(KEY)) is None
    assert await cached(lambda packed: packed.get(KEY, compress=True)) is None
    assert await cached(lambda packed: packed.mget([KEY, OTHER])) == [None, None]
    assert await cached(lambda packed: packed.mget((OTHER,))) == [None]


async def test_what_is_stored_is_messagepack(cached: Cached, cache_bytes: redis.Redis) -> None:
    await cached(lambda packed: packed.set(KEY, PROFILE))
    assert cache_bytes.get(WIRE) == msgpack.packb(PROFILE, datetime=True)


async def test_what_is_stored_compressed_is_the_mark_and_brotli(cached: Cached, cache_bytes: redis.Redis) -> None:
    for value in (PROFILE, LARGE):
        await cached(lambda packed, value=value: packed.set(KEY, value, compress=True))  # type: ignore[misc]  # a lambda's default
        stored = cache_bytes.get(WIRE)
        assert isinstance(stored, bytes)
        assert stored[:1] == b"\x01"
        assert brotli.decompress(stored[1:]) == msgpack.packb(value, datetime=True)


async def test_a_reader_of_compressed_values_takes_uncompressed_ones(cached: Cached) -> None:
    for value in (PROFILE, 1, LARGE):
        await cached(lambda packed, value=value: packed.set(KEY, value))  # type: ignore[misc]  # a lambda's default
        assert await cached(lambda packed: packed.get(KEY, compress=True)) == value


async def test_set_takes_the_options_of_the_plain_command(cached: Cached, cache_bytes: redis.Redis) -> None:
    assert await cached(lambda packed: packed.set(KEY, 1, 60)) is True
    assert cache_bytes.ttl(WIRE) in range(55, 61)
    assert await cached(lambda packed: packed.set(KEY, 2, keepttl=True)) is True
    assert cache_bytes.ttl(WIRE) in range(55, 61)
    assert await cached(lambda packed: packed.set(KEY, 2, px=timedelta(seconds=30))) is True
    assert cache_bytes.ttl(WIRE) in range(25, 31)
    assert await cached(lambda packed: packed.set(KEY, 3, exat=datetime.now(UTC) + timedelta(seconds=90))) is True
    assert cache_bytes.ttl(WIRE) in range(85, 91)
    assert await cached(lambda packed: packed.set(KEY, 4, pxat=1)) is True
    assert await cached(lambda packed: packed.set(KEY, 5, xx=True)) is False
    assert await cached(lambda packed: packed.set(KEY, 6, nx=True)) is True
    assert await cached(lambda packed: packed.set(KEY, 7, nx=True)) is False
    assert await cached(lambda packed: packed.set(KEY, {"new": 8}, get=True)) == 6
    assert await cached(lambda packed: packed.set(KEY, 9, get=True, compress=True)) == {"new": 8}
    assert await cached(lambda packed: packed.set(OTHER, 9, get=True)) is None


@pytest.mark.parametrize("compress", [False, True])
async def test_set_compares_packed_values(cached: Cached, compress: bool) -> None:
    await cached(lambda packed: packed.set(KEY, PROFILE, compress=compress))
    assert await cached(lambda packed: packed.set(KEY, 1, ifeq={"id": 7}, compress=compress)) is False
    assert await cached(lambda packed: packed.set(KEY, 1, ifeq=PROFILE, compress=compress)) is True
    assert await cached(lambda packed: packed.set(KEY, None, ifeq=1, compress=compress)) is True
    assert await cached(lambda packed: packed.set(KEY, 2, ifeq=None, compress=compress)) is True


async def test_setnx_sets_a_missing_key_only(cached: Cached) -> None:
    assert await cached(lambda packed: packed.setnx(KEY, "first")) is True
    assert await cached(lambda packed: packed.setnx(KEY, "second", compress=True)) is False
    assert await cached(lambda packed: packed.get(KEY)) == "first"


@pytest.mark.parametrize("compress", [False, True])
async def test_mset_and_mget(cached: Cached, compress: bool) -> None:
    assert await cached(lambda packed: packed.mset({KEY: PROFILE, OTHER: LARGE}, compress=compress)) is True
    keys = [OTHER, "packed:user:profile:none", KEY]
    assert await cached(lambda packed: packed.mget(keys, compress=compress)) == [LARGE, None, PROFILE]


@pytest.mark.parametrize("compress", [False, True])
async def test_hashes(cached: Cached, compress: bool) -> None:
    more: dict[str | int, object] = {"b": [2], 3: LARGE}
    assert await cached(lambda packed: packed.hset(KEY, "a", PROFILE, compress=compress)) == 1
    assert await cached(lambda packed: packed.hset(KEY, "none", None, compress=compress)) == 1
    assert await cached(lambda packed: packed.hset(KEY, "a", 1, more, compress=compress)) == 2
    assert await cached(lambda packed: packed.hset(KEY, mapping={"c": "x"}, compress=compress)) == 1
    assert await cached(lambda packed: packed.hmset(KEY, {"d": b"y"}, compress=compress)) is True
    everything = {"a": 1, "none": None, "b": [2], "3": LARGE, "c": "x", "d": b"y"}
    assert await cached(lambda packed: packed.hgetall(KEY, compress=compress)) == everything
    assert await cached(lambda packed: packed.hget(KEY, "b", compress=compress)) == [2]
    assert await cached(lambda packed: packed.hget(KEY, "missing", compress=compress)) is None
    assert await cached(lambda packed: packed.hmget(KEY, ["c", "missing", 3], compress=compress)) == ["x", None, LARGE]
    assert await cached(lambda packed: packed.hgetall(OTHER, compress=compress)) == {}


async def test_a_hash_with_nothing_to_set_is_an_error(cache: CacheRedis[CacheKeys]) -> None:
    packed = cache.packed
    with pytest.raises(ValueError, match="the mapping is empty: there is nothing to write"):
        packed.hset(KEY, mapping={})
    with pytest.raises(ValueError, match="the mapping is empty: there is nothing to write"):
        packed.hmset(KEY, {})
    with pytest.raises(TypeError, match="a field needs its value: pass both, or a mapping"):
        packed.hset(KEY, "field")  # type: ignore[call-overload]  # the error under test


async def test_sets(cached: Cached) -> None:
    assert await cached(lambda packed: packed.sadd(KEY, {"id": 1}, "a", b"a", None)) == 4
    assert await cached(lambda packed: packed.sadd(KEY, {"id": 1}, [2])) == 1
    members = await cached(lambda packed: packed.smembers(KEY))
    assert isinstance(members, list)
    assert sorted(members, key=repr) == sorted([{"id": 1}, "a", b"a", None, [2]], key=repr)
    assert await cached(lambda packed: packed.srem(KEY, "a", None, "missing")) == 2
    assert await cached(lambda packed: packed.smembers(OTHER)) == []


async def test_spop_takes_members_out(cached: Cached, cache_bytes: redis.Redis) -> None:
    await cached(lambda packed: packed.sadd(KEY, 1, 2, 3, 4))
    first = await cached(lambda packed: packed.spop(KEY))
    others = await cached(lambda packed: packed.spop(KEY, 2))
    rest = await cached(lambda packed: packed.spop(KEY, count=9))
    assert isinstance(others, list)
    assert isinstance(rest, list)
    assert sorted([first, *others, *rest]) == [1, 2, 3, 4]
    assert await cached(lambda packed: packed.spop(KEY)) is None
    assert await cached(lambda packed: packed.spop(KEY, 2)) == []
    assert cache_bytes.exists(WIRE) == 0


async def test_what_cannot_be_packed_is_named_and_nothing_is_written(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis
) -> None:
    packed = cache.packed
    bad = {"users": [{"tags": {"hunter2"}}]}
    fault = "$.users[0].tags is a set, which MessagePack has no type for; store it as a list"
    attempts: dict[str, list[Callable[[], object]]] = {
        f"'{KEY}': {fault}": [
            lambda: packed.set(KEY, bad, ex=60),
            lambda: packed.set(KEY, bad, compress=True),
            lambda: packed.setnx(KEY, bad),
            lambda: packed.mset({OTHER: 1, KEY: bad}),
        ],
        f"'{KEY}' option ifeq: {fault}": [lambda: packed.set(KEY, 1, ifeq=bad)],
        f"'{KEY}' option ifne: {fault}": [lambda: packed.set(KEY, 1, ifne=bad)],
        f"'{KEY}' field 'b': {fault}": [
            lambda: packed.hset(KEY, "b", bad),
            lambda: packed.hset(KEY, mapping={"a": 1, "b": bad}),
            lambda: packed.hmset(KEY, {"a": 1, "b": bad}, compress=True),
        ],
        f"'{KEY}' member 1: {fault}": [
            lambda: packed.sadd(KEY, "good", bad),
            lambda: packed.srem(KEY, "good", bad),
        ],
    }
    for message, commands in attempts.items():
        for command in commands:
            with pytest.raises(PackError) as caught:
                command()
            assert str(caught.value) == f"cannot pack a value for {message}"
    assert cache_bytes.dbsize() == 0


async def test_replies_are_gathered_and_made_tasks(cache: CacheRedis[CacheKeys]) -> None:
    packed = cache.packed
    await asyncio.gather(*(packed.set(f"packed:user:profile:{user}", {"id": user}) for user in range(50)))
    got = await asyncio.gather(*(packed.get(f"packed:user:profile:{user}") for user in range(50)))
    assert got == [{"id": user} for user in range(50)]
    assert await asyncio.create_task(packed.get(KEY)) == {"id": 7}
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        task = group.create_task(packed.hgetall(OTHER + ":settings"))
    assert task.result() == {}


async def test_a_reply_that_is_cancelled_ends_so(cache: CacheRedis[CacheKeys]) -> None:
    packed = cache.packed
    for turns in range(3):
        task = asyncio.create_task(packed.get(KEY))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    packed.get(KEY).close()
    assert await packed.get(KEY) is None


async def test_replies_of_a_pipeline_may_be_ignored_or_awaited_twice(cache: CacheRedis[CacheKeys]) -> None:
    async with cache.pipeline() as pipe:
        packed = pipe.packed
        packed.set(KEY, PROFILE)
        packed.set(OTHER, PROFILE, compress=True)
        packed.get(KEY)
        reply = packed.get(OTHER, compress=True)
        popped = packed.spop("packed:user:seen")
    assert await reply == PROFILE
    assert await asyncio.create_task(reply) == PROFILE
    assert await popped is None


async def test_an_error_of_the_server_comes_through(cached: Cached, cache_bytes: redis.Redis) -> None:
    cache_bytes.lpush(WIRE, "item")
    with pytest.raises(Exception, match="WRONGTYPE"):
        await cached(lambda packed: packed.get(KEY))
    assert cache_bytes.lrange(WIRE, 0, -1) == [b"item"]
