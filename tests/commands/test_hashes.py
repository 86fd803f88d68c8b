"""Hashes, the lifetimes of their fields, and the two writes that come with a lifetime."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.commands.lifetimes import left_of

if TYPE_CHECKING:
    from civiredis import CacheRedis
    from tests.commands.keys import CacheKeys

    Client = CacheRedis[CacheKeys]


async def test_setting_and_getting(redis: Client) -> None:
    assert await redis.hset("user:1", "name", "Ada") == 1
    assert await redis.hset("user:1", mapping={"name": "Ada", "age": 36}) == 1
    assert await redis.hset("user:1", "a", 1, mapping={"b": 2}) == 2
    assert await redis.hmset("user:1", {"c": 3}) is True
    assert await redis.hget("user:1", "name") == "Ada"
    assert await redis.hget("user:1", "no") is None
    assert await redis.hget("user:2", "name") is None
    assert await redis.hmget("user:1", ["age", "no"]) == ["36", None]
    assert await redis.hgetall("user:1") == {"name": "Ada", "age": "36", "a": "1", "b": "2", "c": "3"}
    assert await redis.hgetall("user:2") == {}


async def test_nothing_to_set_is_refused(redis: Client) -> None:
    with pytest.raises(ValueError, match="empty"):
        redis.hset("user:1", mapping={})
    with pytest.raises(TypeError, match="needs its value"):
        redis.hset("user:1", "name")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="expected an iterable of fields"):
        redis.hmget("user:1", "name")


async def test_fields(redis: Client) -> None:
    assert await redis.hsetnx("user:1", "a", "1") is True
    assert await redis.hsetnx("user:1", "a", "2") is False
    assert await redis.hexists("user:1", "a") is True
    assert await redis.hexists("user:1", "b") is False
    assert await redis.hlen("user:1") == 1
    assert await redis.hlen("user:2") == 0
    assert await redis.hkeys("user:1") == ["a"]
    assert await redis.hvals("user:1") == ["1"]
    assert await redis.hkeys("user:2") == []
    assert await redis.hstrlen("user:1", "a") == 1
    assert await redis.hincrby("user:1", "a", 2) == 3
    assert await redis.hincrbyfloat("user:1", "a", 0.5) == 3.5
    assert await redis.hdel("user:1", "a", "b") == 1


async def test_drawing_and_scanning(redis: Client) -> None:
    assert await redis.hrandfield("user:1") is None
    assert await redis.hrandfield("user:1", 2) == []
    await redis.hset("user:1", "a", "1")
    assert await redis.hrandfield("user:1") == "a"
    assert await redis.hrandfield("user:1", -2) == ["a", "a"]
    assert await redis.hrandfield("user:1", 1, withvalues=True) == [("a", "1")]
    assert await redis.hscan("user:1", match="a*") == (0, {"a": "1"})
    assert [field async for field in redis.hscan_iter("user:1")] == [("a", "1")]
    assert [field async for field in redis.hscan_iter("user:2")] == []


async def test_lifetimes_of_fields(redis: Client) -> None:
    await redis.hset("user:1", mapping={"a": 1, "b": 2})
    assert await redis.hexpire("user:1", 60, "a", "no") == [1, -2]
    assert await redis.hexpire("user:1", timedelta(seconds=90), "a", nx=True) == [0]
    left, *others = await redis.httl("user:1", "a", "b", "no")
    assert left in left_of(60)
    assert others == [-1, -2]
    assert await redis.hpexpire("user:1", timedelta(seconds=50), "a") == [1]
    assert 30_000 < (await redis.hpttl("user:1", "a"))[0] <= 50_000
    later = int(time.time()) + 100
    assert await redis.hexpireat("user:1", later, "a") == [1]
    assert await redis.hexpiretime("user:1", "a") == [later]
    assert await redis.hpexpireat("user:1", later * 1000, "a") == [1]
    assert await redis.hpexpiretime("user:1", "a") == [later * 1000]
    assert await redis.hpersist("user:1", "a", "b", "no") == [1, -1, -2]
    assert await redis.httl("user:9", "a") == [-2]


async def test_values_with_lifetimes(redis: Client) -> None:
    assert await redis.hsetex("user:1", "a", "1", ex=60) is True
    assert await redis.hsetex("user:1", mapping={"a": "2"}, ex=60, data_persist_option="FNX") is False
    assert (await redis.httl("user:1", "a"))[0] in left_of(60)
    assert await redis.hgetex("user:1", "a", "no", persist=True) == ["1", None]
    assert await redis.httl("user:1", "a") == [-1]
    assert await redis.hgetex("user:2", "a") == [None]
    assert await redis.hgetdel("user:1", "a", "no") == ["1", None]
    assert await redis.hexists("user:1", "a") is False


async def test_a_hash_is_set_together_with_its_lifetime(redis: Client) -> None:
    many = {f"field:{n}": n for n in range(20_000)}
    assert await redis.hset_multi_with_expire("user:1", many, 60) == 20_000
    assert await redis.hlen("user:1") == 20_000
    assert await redis.ttl("user:1") in left_of(60)
    assert await redis.hset_multi_with_expire("user:1", {"field:0": "x", "new": "y"}, timedelta(minutes=2)) == 1
    assert await redis.ttl("user:1") in left_of(120)
    assert await redis.hget("user:1", "field:0") == "x"


@pytest.mark.parametrize("ttl", [0, -1, timedelta(0), 10**18])
async def test_a_hash_is_not_written_with_a_lifetime_that_is_none(redis: Client, ttl: int | timedelta) -> None:
    with pytest.raises(ValueError, match="at least one second"):
        redis.hset_multi_with_expire("user:1", {"a": 1}, ttl)
    with pytest.raises(ValueError, match="empty"):
        redis.hset_multi_with_expire("user:1", {}, 60)
    assert await redis.exists("user:1") == 0


async def test_the_longest_lifetime_is_one_that_the_server_takes(redis: Client) -> None:
    assert await redis.hset_multi_with_expire("user:1", {"a": 1}, 9_000_000_000_000_000) == 1
    assert await redis.ttl("user:1") > 8_000_000_000_000_000


async def test_a_value_is_set_once_with_its_lifetime(redis: Client) -> None:
    assert await redis.set_nx_keep_ttl_with_ex("user:1", "a", 100) is True
    assert await redis.ttl("user:1") in left_of(100)
    assert await redis.set_nx_keep_ttl_with_ex("user:1", "b", timedelta(hours=1)) is False
    assert await redis.get("user:1") == "a"
    assert await redis.ttl("user:1") in left_of(100)
