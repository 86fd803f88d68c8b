"""The replies of packed commands: futures like those of all others, finished by a task only where that is needed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from civiredis import PipelineError, UnpackError
from civiredis.packed import compression
from civiredis.packed.codec import pack

if TYPE_CHECKING:
    from collections.abc import Callable

    import redis

    from civiredis.client import CacheRedis, SysRedis
    from tests.packed.conftest import CacheKeys, SysKeys

KEY = "packed:user:profile:7"
WIRE = "app:" + KEY
SYSTEM = "packed:system:features"
NO_VALUE = b"hunter2"
LARGE = [number * number % 251 for number in range(100_000)]


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Counts the tasks made so far."""
    made = 0
    create_task = asyncio.BaseEventLoop.create_task

    def counted(*args: object, **options: object) -> object:
        nonlocal made
        made += 1
        return create_task(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_task", counted)
    return lambda: made


async def test_values_that_unpack_cost_no_task(cache: CacheRedis[CacheKeys], tasks: Callable[[], int]) -> None:
    await cache.packed.set(KEY, {"id": 7})
    before = tasks()
    assert await asyncio.gather(*[cache.packed.get(KEY) for _ in range(50)]) == [{"id": 7}] * 50
    assert await cache.packed.mget([KEY, KEY]) == [{"id": 7}] * 2
    assert await cache.packed.set(KEY, {"id": 8}, get=True, compress=True) == {"id": 7}
    assert await cache.packed.get(KEY, compress=True) == {"id": 8}
    assert tasks() == before


async def test_a_packed_reply_goes_wherever_a_reply_goes(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis
) -> None:
    await cache.packed.set(KEY, 1)
    assert await asyncio.create_task(cache.packed.get(KEY)) == 1
    assert await asyncio.wait_for(cache.packed.get(KEY), 1) == 1
    reply = cache.packed.get(KEY)
    assert (await reply, await reply) == (1, 1)
    async with asyncio.TaskGroup() as group:
        number = group.create_task(cache.packed.get(KEY))
    assert number.result() == 1
    cache_bytes.set(WIRE, NO_VALUE)
    assert await asyncio.create_task(cache.packed.get(KEY)) is None


async def test_a_command_that_is_not_awaited_is_sent_all_the_same(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis
) -> None:
    cache.packed.set(KEY + ":a", 1)
    cache.packed.set(KEY + ":b", 2, compress=True)
    large = cache.packed.set(KEY + ":c", LARGE, compress=True)
    assert await cache.packed.mget([KEY + ":a", KEY + ":b"], compress=True) == [1, 2]
    assert await large is True
    cache_bytes.set(WIRE, NO_VALUE)
    cache.packed.get(KEY)
    while cache_bytes.exists(WIRE):
        await asyncio.sleep(0.001)


async def test_a_cancelled_read_still_removes_what_is_no_value(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis
) -> None:
    await cache.ping()
    for turns in range(6):
        cache_bytes.set(WIRE, NO_VALUE)
        reading = asyncio.create_task(cache.packed.get(KEY))
        for _ in range(turns):
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])
        await cache.ping()
        assert await cache.packed.set(KEY, turns) is True
        await cache.ping()
        assert await cache.packed.get(KEY) == turns


async def test_a_large_value_of_a_pipeline_is_compressed_off_the_event_loop(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[object] = []
    to_thread = asyncio.to_thread

    async def counted(function: Callable[[bytes], bytes], packed: bytes) -> bytes:
        threads.append(function)
        return await to_thread(function, packed)

    monkeypatch.setattr(asyncio, "to_thread", counted)
    async with cache.pipeline() as pipe:
        pipe.packed.hset(KEY, mapping={"large": LARGE, "small": 1}, compress=True)
        pipe.packed.set(KEY + ":2", 2)
    assert threads == [compression.deflate_now]
    stored = cache_bytes.hgetall(WIRE)
    assert stored[b"large"][:1] == stored[b"small"][:1] == b"\x01"
    assert len(stored[b"large"]) < len(pack(LARGE, KEY)) / 10
    assert await cache.packed.hget(KEY, "large", compress=True) == LARGE
    assert await cache.packed.get(KEY + ":2") == 2


async def test_a_pipeline_has_removed_what_is_no_value_when_its_block_ends(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis
) -> None:
    cache_bytes.set(WIRE, NO_VALUE)
    async with cache.pipeline() as pipe:
        profile = pipe.packed.get(KEY)
        pipe.packed.get(KEY)  # nobody could await it
    assert cache_bytes.exists(WIRE) == 0
    assert (await profile, await profile) == (None, None)


async def test_a_pipeline_cancelled_while_it_removes_says_so(
    cache: CacheRedis[CacheKeys], cache_bytes: redis.Redis
) -> None:
    cache_bytes.set(WIRE, NO_VALUE)
    replies = []

    async def read() -> None:
        async with cache.pipeline() as pipe:
            replies.append(pipe.packed.get(KEY))
        pytest.fail("it was cancelled")

    refusing = asyncio.Event()

    async def stalled(*_: object) -> None:
        refusing.set()
        await asyncio.sleep(60)

    type(cache.packed)._refuse, refuse = stalled, type(cache.packed)._refuse  # type: ignore[method-assign, assignment]
    try:
        reading = asyncio.create_task(read())
        await refusing.wait()
        reading.cancel()
        await asyncio.wait([reading])
    finally:
        type(cache.packed)._refuse = refuse  # type: ignore[method-assign]
    assert reading.cancelled()
    with pytest.raises(PipelineError, match="may have executed"):
        await replies[0]


async def test_a_gather_of_good_and_bad_values(system: SysRedis[SysKeys], sys_bytes: redis.Redis) -> None:
    sys_bytes.mset({SYSTEM + ":good": pack(1, SYSTEM), SYSTEM + ":bad": NO_VALUE})
    read = [system.packed.get(SYSTEM + suffix) for suffix in (":good", ":bad", ":none")]
    good, bad, none = await asyncio.gather(*read, return_exceptions=True)
    assert (good, none) == (1, None)
    assert isinstance(bad, UnpackError)
    assert bad.__context__ is bad.__cause__ is None
