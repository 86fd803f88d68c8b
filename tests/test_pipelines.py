"""Pipelines and transactions: one round trip, each reply of its own type, no error lost."""

from __future__ import annotations

import asyncio
import gc
import logging
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ExecAbortError, ResponseError

from civiredis import PipelineError, create_cache_redis, create_sys_redis
from tests.commands.keys import CacheKeys, SysKeys
from tests.commands.lifetimes import left_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from civiredis import CacheRedis
    from civiredis.pipeline import CachePipeline
    from tests.conftest import StartServer

    Client = CacheRedis[CacheKeys]
    Make = Callable[[], CachePipeline[CacheKeys]]


@pytest.fixture
async def redis(cache_url: str) -> AsyncIterator[Client]:
    async with create_cache_redis(CacheKeys, url=cache_url, namespace="app") as client:
        yield client


@pytest.fixture(params=["pipeline", "transaction"])
def make(request: pytest.FixtureRequest, redis: Client) -> Make:
    return redis.pipeline if request.param == "pipeline" else redis.transaction


async def test_replies_have_their_own_types(make: Make) -> None:
    async with make() as pipe:
        written = pipe.set("user:1", "é", ex=60)
        name = pipe.get("user:1")
        visits = pipe.incr("generation:count:1")
        fields = pipe.hset("user:2", mapping={"a": 1, "b": 2})
        everything = pipe.hgetall("user:2")
        ranked = pipe.zadd("user:3", {"m": 1.5})
        range_ = pipe.zrange("user:3", 0, -1, withscores=True)
        popped = pipe.lmpop(1, "user:9", direction="LEFT")
        pages = pipe.scan(count=1000)
        missing = pipe.get("user:9")
    assert (await written, await name, await visits, await fields) == (True, "é", 1, 2)
    assert await everything == {"a": "1", "b": "2"}
    assert (await ranked, await range_) == (1, [("m", 1.5)])
    assert await popped is None
    assert sorted((await pages)[1]) == ["generation:count:1", "user:1", "user:2", "user:3"]
    assert await missing is None
    assert await name == "é"
    assert list(await asyncio.gather(name, visits)) == ["é", 1]
    assert await asyncio.create_task(name) == "é"


async def test_packed_values_travel_with_the_others(make: Make) -> None:
    async with make() as pipe:
        pipe.packed.set("packed:user:profile:1", {"name": "Ada", "age": 36}, ex=60)
        lifetime = pipe.ttl("packed:user:profile:1")
        profile = pipe.packed.get("packed:user:profile:1")
    assert await lifetime in left_of(60)
    assert await profile == {"name": "Ada", "age": 36}


async def test_the_atomic_commands_work_inside(make: Make, redis: Client) -> None:
    async with make() as pipe:
        added = pipe.hset_multi_with_expire("user:1", {"a": 1}, 60)
        first = pipe.set_nx_keep_ttl_with_ex("user:2", "a", 60)
        second = pipe.set_nx_keep_ttl_with_ex("user:2", "b", 90)
    assert (await added, await first, await second) == (1, True, False)
    assert {await redis.ttl("user:1"), await redis.ttl("user:2")} <= set(left_of(60))


async def test_a_reply_is_not_there_before_the_block_ends(make: Make) -> None:
    async with make() as pipe:
        reply = pipe.set("user:1", "a")
        with pytest.raises(PipelineError, match="so await the reply behind it"):
            await reply
    assert await reply is True


async def test_an_exception_inside_sends_nothing(make: Make, redis: Client) -> None:
    with pytest.raises(LookupError):
        async with make() as pipe:
            reply = pipe.set("user:1", "a")
            raise LookupError
    with pytest.raises(PipelineError, match="was not sent"):
        await reply
    assert await redis.exists("user:1") == 0


async def test_a_command_that_cannot_be_written_sends_nothing(make: Make, redis: Client) -> None:
    with pytest.raises(TypeError, match="SET"):
        async with make() as pipe:
            pipe.set("user:1", "a")
            pipe.set("user:2", True)
            pipe.set("user:3", None)  # type: ignore[call-overload]
    assert await redis.dbsize() == 0


async def test_a_failed_command_fails_its_own_reply_only(make: Make, redis: Client) -> None:
    await redis.set("user:1", "text")
    async with make() as pipe:
        before = pipe.set("user:2", "a")
        failed = pipe.incr("user:1")
        after = pipe.get("user:2")
    with pytest.raises(ResponseError, match="not an integer") as caught:
        await failed
    assert caught.value.__notes__ == ["command 2 of 3 in the pipeline: INCRBY"]
    assert (await before, await after) == (True, "a")


async def test_an_error_that_nobody_could_await_is_raised_at_the_end(make: Make, redis: Client) -> None:
    await redis.set("user:1", "text")
    with pytest.raises(ResponseError, match="not an integer") as caught:
        async with make() as pipe:
            pipe.incr("user:1")
            pipe.incr("user:1")
            after = pipe.set("user:2", "a")
    assert caught.value.__notes__ == [
        "command 1 of 3 in the pipeline: INCRBY",
        "and 1 more of the pipeline's commands failed",
    ]
    assert await after is True


async def test_an_error_that_nobody_awaits_is_logged(
    make: Make, redis: Client, caplog: pytest.LogCaptureFixture
) -> None:
    await redis.set("user:1", "text")
    async with make() as pipe:
        failed = pipe.incr("user:1")
    del failed
    gc.collect()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "INCRBY in a pipeline was never awaited; it failed: ResponseError" in caplog.text


async def test_a_reply_that_is_no_text_fails_its_own_caller_only(make: Make, redis: Client) -> None:
    await redis.set("user:1", b"\xff")
    async with make() as pipe:
        bad, good = pipe.get("user:1"), pipe.exists("user:1")
    with pytest.raises(UnicodeDecodeError):
        await bad
    assert await good == 1


async def test_a_refused_transaction_changes_nothing(redis: Client) -> None:
    with pytest.raises(ExecAbortError) as caught:
        async with redis.transaction() as pipe:
            written = pipe.set("user:1", "a")
            pipe.delex("user:1", ifeq="a")
    assert "unknown command" in str(caught.value.__cause__)
    with pytest.raises(ExecAbortError):
        await written
    assert await redis.exists("user:1") == 0


async def test_a_pipeline_is_used_once_and_inside_its_block(make: Make) -> None:
    pipe = make()
    with pytest.raises(PipelineError, match="outside of the block"):
        pipe.get("user:1")
    async with pipe:
        pipe.set("user:1", "a")
    with pytest.raises(PipelineError, match="outside of the block"):
        pipe.get("user:1")
    with pytest.raises(PipelineError, match="used already"):
        await pipe.__aenter__()


async def test_nothing_to_send_is_no_error(make: Make) -> None:
    async with make():
        pass


async def test_waiting_is_not_for_pipelines(make: Make) -> None:
    assert not hasattr(make(), "blpop")
    async with make() as pipe:
        with pytest.raises(PipelineError, match="hold up the whole pipeline"):
            pipe.xread({"user:1": "$"}, block=100)


async def test_one_round_trip_and_nothing_in_between(redis: Client) -> None:
    await redis.set("generation:count", 0)

    async def add() -> tuple[int, int]:
        async with redis.transaction() as pipe:
            first, second = pipe.incr("generation:count"), pipe.incr("generation:count")
        return await first, await second

    pairs = await asyncio.gather(*(add() for _ in range(50)))
    assert all(second == first + 1 for first, second in pairs)


async def test_a_cancelled_pipeline_says_that_it_may_have_been_executed(make: Make, redis: Client) -> None:
    replies = []

    async def write() -> None:
        async with make() as pipe:
            replies.append(pipe.set("user:1", "a"))

    await redis.raw.client_pause(200)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(write(), 0.05)
    with pytest.raises(PipelineError, match="may have executed"):
        await replies[0]
    assert await redis.ping()


async def test_a_lost_connection_fails_block_and_replies(start_server: StartServer) -> None:
    server = start_server()
    async with create_sys_redis(SysKeys, url=server.url) as client:
        await client.ping()
        server.stop()
        with pytest.raises(RedisConnectionError):
            async with client.pipeline() as pipe:
                reply = pipe.get("system:features")
        with pytest.raises(RedisConnectionError):
            await reply
