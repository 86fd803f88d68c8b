"""Lists and sets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from civiredis import CacheRedis
    from tests.commands.keys import CacheKeys

    Client = CacheRedis[CacheKeys]


async def test_pushing_and_popping(redis: Client) -> None:
    assert await redis.lpushx("user:1", "x") == 0
    assert await redis.rpushx("user:1", "x") == 0
    assert await redis.rpush("user:1", "b", "c") == 2
    assert await redis.lpush("user:1", "a") == 3
    assert await redis.lpushx("user:1", "z") == 4
    assert await redis.rpushx("user:1", "d") == 5
    assert await redis.lrange("user:1", 0, -1) == ["z", "a", "b", "c", "d"]
    assert await redis.lpop("user:1") == "z"
    assert await redis.lpop("user:1", 2) == ["a", "b"]
    assert await redis.rpop("user:1") == "d"
    assert await redis.rpop("user:1", 2) == ["c"]
    assert await redis.lpop("user:1") is None
    assert await redis.lpop("user:1", 2) is None
    assert await redis.rpop("user:1") is None
    assert await redis.lrange("user:1", 0, -1) == []


async def test_places_in_a_list(redis: Client) -> None:
    assert await redis.llen("user:1") == 0
    assert await redis.lindex("user:1", 0) is None
    await redis.rpush("user:1", "a", "b", "a")
    assert await redis.llen("user:1") == 3
    assert await redis.lindex("user:1", 1) == "b"
    assert await redis.lset("user:1", 1, "B") is True
    assert await redis.linsert("user:1", "BEFORE", "B", "x") == 4
    assert await redis.linsert("user:1", "AFTER", "no", "x") == -1
    assert await redis.lpos("user:1", "a") == 0
    assert await redis.lpos("user:1", "no") is None
    assert await redis.lpos("user:1", "a", rank=-1, maxlen=10) == 3
    assert await redis.lpos("user:1", "a", count=0) == [0, 3]
    assert await redis.lrem("user:1", 0, "a") == 2
    assert await redis.ltrim("user:1", 0, 0) is True
    assert await redis.lrange("user:1", 0, -1) == ["x"]
    with pytest.raises(ResponseError, match="out of range"):
        await redis.lset("user:1", 9, "x")


async def test_moving_between_lists(redis: Client) -> None:
    assert await redis.lmove("user:1", "user:2") is None
    assert await redis.lmpop(1, "user:1", direction="LEFT") is None
    await redis.rpush("user:1", "a", "b", "c")
    assert await redis.lmove("user:1", "user:2") == "a"
    assert await redis.rpoplpush("user:1", "user:2") == "c"
    assert await redis.lrange("user:2", 0, -1) == ["c", "a"]
    assert await redis.lmpop(2, "user:9", "user:2", direction="RIGHT", count=5) == ("user:2", ["a", "c"])


async def test_waiting_for_a_list(redis: Client) -> None:
    assert await redis.blpop(["user:1"], timeout=0.01) is None
    await redis.rpush("user:1", "a", "b", "c", "d", "e")
    assert await redis.blpop(["user:9", "user:1"], timeout=1) == ("user:1", "a")
    assert await redis.brpop(["user:1"], timeout=1) == ("user:1", "e")
    assert await redis.blmove("user:1", "user:2", 1) == "b"
    assert await redis.brpoplpush("user:1", "user:2", 1) == "d"
    assert await redis.blmpop(1, 1, ["user:2"], direction="LEFT", count=2) == ("user:2", ["d", "b"])
    assert await redis.blmpop(0.01, 1, "user:2", direction="LEFT") is None
    assert await redis.blmove("user:2", "user:3", 0.01) is None


async def test_a_waiting_command_holds_up_no_other_and_can_be_given_up(redis: Client) -> None:
    waiting = asyncio.create_task(redis.blpop(["user:1"]))
    assert await redis.set("user:2", "x") is True
    await asyncio.sleep(0.02)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    second = asyncio.create_task(redis.blpop(["user:1"]))
    await asyncio.sleep(0.02)
    await redis.rpush("user:1", "a")
    assert await second == ("user:1", "a")


async def test_members(redis: Client) -> None:
    assert await redis.smembers("user:1") == set()
    assert await redis.sadd("user:1", "a", "b", "a", 3) == 3
    assert await redis.smembers("user:1") == {"a", "b", "3"}
    assert await redis.scard("user:1") == 3
    assert await redis.sismember("user:1", "a") is True
    assert await redis.sismember("user:2", "a") is False
    assert await redis.smismember("user:1", ["a", "z"]) == [True, False]
    assert await redis.srem("user:1", "a", "z") == 1
    assert await redis.smove("user:1", "user:2", "b") is True
    assert await redis.smove("user:1", "user:2", "b") is False
    with pytest.raises(TypeError, match="iterable of values"):
        redis.smismember("user:1", "a")


async def test_drawing_members(redis: Client) -> None:
    assert await redis.spop("user:1") is None
    assert await redis.spop("user:1", 2) == set()
    assert await redis.srandmember("user:1") is None
    assert await redis.srandmember("user:1", 2) == []
    await redis.sadd("user:1", "a")
    assert await redis.srandmember("user:1") == "a"
    assert await redis.srandmember("user:1", -2) == ["a", "a"]
    assert await redis.sscan("user:1", count=10) == (0, ["a"])
    assert [member async for member in redis.sscan_iter("user:1", match="a")] == ["a"]
    assert await redis.spop("user:1", 5) == {"a"}
    await redis.sadd("user:1", "a")
    assert await redis.spop("user:1") == "a"


async def test_sets_together(redis: Client) -> None:
    await redis.sadd("user:1", "a", "b")
    await redis.sadd("user:2", "b", "c")
    assert await redis.sdiff("user:1", "user:2") == {"a"}
    assert await redis.sinter(["user:1", "user:2"]) == {"b"}
    assert await redis.sunion("user:1", ["user:2"]) == {"a", "b", "c"}
    assert await redis.sdiffstore("user:3", "user:1", "user:2") == 1
    assert await redis.sinterstore("user:3", "user:1", "user:2") == 1
    assert await redis.sunionstore("user:3", "user:1", "user:2") == 3
    assert await redis.sintercard(2, ["user:1", "user:2"]) == 1
    assert await redis.sintercard(2, ["user:1", "user:9"], limit=1) == 0
