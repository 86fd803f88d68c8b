"""Arguments at the edge: nothing where something is meant, times without end, text where a list is meant."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from civiredis import PipelineError
from civiredis.commands.arguments import milliseconds, seconds, unix_milliseconds, unix_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from civiredis import CacheRedis
    from tests.commands.keys import CacheKeys

    Client = CacheRedis[CacheKeys]


async def test_of_no_keys_there_is_nothing_to_ask(redis: Client) -> None:
    assert await redis.mget([]) == []
    assert await redis.packed.mget([]) == []
    assert await redis.hmget("user:1", []) == []
    assert await redis.packed.hmget("packed:user:profile", []) == []
    assert await redis.delete() == await redis.delete([]) == 0
    assert await redis.unlink([]) == await redis.exists([]) == await redis.touch() == 0
    deleted, values = await asyncio.gather(redis.delete(), redis.mget([]))
    assert (deleted, values) == (0, [])
    assert await asyncio.create_task(redis.delete()) == 0


@pytest.mark.parametrize("make", ["pipeline", "transaction"])
async def test_no_keys_do_not_spoil_a_transaction(redis: Client, make: str) -> None:
    async with getattr(redis, make)() as pipe:
        deleted, found, written = pipe.delete(), pipe.mget([]), pipe.set("user:1", "a")
    assert (await deleted, await found, await written) == (0, [], True)


async def test_an_empty_mapping_is_refused_before_it_is_sent(redis: Client) -> None:
    empty: list[Callable[[], object]] = [
        lambda: redis.mset({}),
        lambda: redis.msetnx({}),
        lambda: redis.msetex({}, ex=5),
        lambda: redis.packed.mset({}),
        lambda: redis.hset("user:1", mapping={}),
        lambda: redis.zadd("user:1", {}),
    ]
    for write in empty:
        with pytest.raises(ValueError, match="the mapping is empty: there is nothing to write"):
            write()


@pytest.mark.parametrize("ttl", [1.5, "60", None, True])
async def test_a_lifetime_that_is_none_is_refused_before_anything_is_written(redis: Client, ttl: Any) -> None:
    with pytest.raises(TypeError, match=r"a lifetime is whole seconds as an int, or a timedelta"):
        redis.hset_multi_with_expire("user:1", {"a": 1}, ttl)
    with pytest.raises(TypeError, match=r"a lifetime is whole seconds as an int, or a timedelta"):
        redis.set_nx_keep_ttl_with_ex("user:1", "a", ttl)
    with pytest.raises(TypeError, match="lifetime"):
        async with redis.transaction() as pipe:
            pipe.set("user:2", "a")
            pipe.hset_multi_with_expire("user:1", {"a": 1}, ttl)
    assert await redis.dbsize() == 0


@pytest.mark.parametrize("ttl", [0, -1, timedelta(0), timedelta.max])
async def test_a_value_is_not_set_with_a_lifetime_out_of_range(redis: Client, ttl: int | timedelta) -> None:
    if ttl == timedelta.max:
        assert await redis.set_nx_keep_ttl_with_ex("user:1", "a", ttl) is True
        assert await redis.ttl("user:1") == 86_400_000_000_000
    else:
        with pytest.raises(ValueError, match="at least one second"):
            redis.set_nx_keep_ttl_with_ex("user:1", "a", ttl)


def test_times_are_exact_to_the_ends_of_their_range() -> None:
    assert seconds(timedelta.max) == 86_400_000_000_000
    assert milliseconds(timedelta.max) == 86_400_000_000_000_000
    assert seconds(timedelta.min) == -86_399_999_913_600
    assert [seconds(timedelta(milliseconds=time)) for time in (-1500, -1, 0, 1, 1000, 1001)] == [-1, 0, 0, 1, 1, 2]
    moment = datetime(2040, 1, 1, 0, 0, 0, 57_000, tzinfo=UTC)
    assert unix_seconds(moment) == 2_208_988_800
    assert unix_milliseconds(moment) == 2_208_988_800_057
    for step in range(1000):
        exact = moment.replace(microsecond=step * 1000)
        assert unix_milliseconds(exact) == 2_208_988_800_000 + step
    assert unix_seconds(datetime(2040, 1, 1)) == int(datetime(2040, 1, 1).timestamp())  # noqa: DTZ001 local time
    assert unix_seconds(datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)) == -1


async def test_a_script_does_not_take_a_text_letter_by_letter(redis: Client) -> None:
    with pytest.raises(TypeError, match=r"args: expected an iterable of args, got the single string 'abc'"):
        redis.eval("return ARGV", ["user:1"], "abc")


async def test_an_empty_pattern_matches_nothing(redis: Client) -> None:
    await redis.mset({"user:1": 1, "user:2": 2})
    assert [key async for key in redis.scan_iter(match="")] == []
    assert await redis.keys("") == []
    assert len([key async for key in redis.scan_iter()]) == 2


async def test_a_timeout_is_a_number_or_a_timedelta(redis: Client) -> None:
    assert await redis.blpop(["user:1"], timedelta(milliseconds=20)) is None
    assert await redis.blmove("user:1", "user:2", timedelta(milliseconds=20)) is None
    assert await redis.blmpop(timedelta(milliseconds=20), 1, "user:1", direction="LEFT") is None
    assert await redis.bzpopmin(["user:1"], 0.02) is None
    assert await redis.bzmpop(0.02, 1, ["user:1"], min=True) is None
    wrong: list[Any] = [None, True, "5"]
    for timeout in wrong:
        with pytest.raises(TypeError, match="write seconds, as a number or a timedelta; 0 waits for ever"):
            redis.blpop(["user:1"], timeout)


async def test_a_pipeline_is_entered_once(redis: Client) -> None:
    pipe = redis.pipeline()
    async with pipe:
        with pytest.raises(PipelineError, match="used already"):
            await pipe.__aenter__()
        written = pipe.set("user:1", "a")
    assert await written is True
