"""Strings, bitmaps and HyperLogLog."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ResponseError

from tests.commands.lifetimes import left_of, now_in_ms

if TYPE_CHECKING:
    from civiredis import CacheRedis
    from tests.commands.keys import CacheKeys

    Client = CacheRedis[CacheKeys]


async def test_get_and_set(redis: Client) -> None:
    assert await redis.get("user:1") is None
    assert await redis.set("user:1", "é") is True
    assert await redis.get("user:1") == "é"
    assert await redis.set("user:1", 7) is True
    assert await redis.get("user:1") == "7"
    assert await redis.set("user:1", 1.5, ex=60) is True
    assert await redis.get("user:1") == "1.5"
    assert 0 < await redis.ttl("user:1") <= 60


async def test_set_with_conditions(redis: Client) -> None:
    assert await redis.set("user:1", "a", xx=True) is False
    assert await redis.set("user:1", "a", nx=True) is True
    assert await redis.set("user:1", "b", nx=True) is False
    assert await redis.set("user:1", "b", get=True) == "a"
    assert await redis.set("user:2", "b", get=True) is None
    assert await redis.set("user:1", "c", ifeq="x") is False
    assert await redis.set("user:1", "c", ifeq="b") is True


async def test_set_with_lifetimes(redis: Client) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    before = await now_in_ms(redis)
    await redis.set("user:1", "a", ex=timedelta(seconds=59, milliseconds=1))
    assert await redis.pexpiretime("user:1") >= before + 60_000, "a part of a second counts as one"
    await redis.set("user:1", "a", px=timedelta(seconds=90))
    assert 70_000 < await redis.pttl("user:1") <= 90_000
    await redis.set("user:1", "b", keepttl=True)
    assert await redis.ttl("user:1") in left_of(90)
    await redis.set("user:1", "a", exat=later)
    assert await redis.expiretime("user:1") == int(later.timestamp())
    await redis.set("user:1", "a", pxat=later)
    assert await redis.pexpiretime("user:1") == (later - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    await redis.set("user:1", "a")
    assert await redis.ttl("user:1") == -1


async def test_setex_psetex_setnx_getset(redis: Client) -> None:
    assert await redis.setex("user:1", timedelta(minutes=1), "a") is True
    assert await redis.ttl("user:1") in left_of(60)
    assert await redis.psetex("user:1", 50_000, "a") is True
    assert 30_000 < await redis.pttl("user:1") <= 50_000
    assert await redis.setnx("user:1", "b") is False
    assert await redis.setnx("user:2", "b") is True
    assert await redis.getset("user:1", "c") == "a"
    assert await redis.getset("user:3", "c") is None


async def test_getdel_and_getex(redis: Client) -> None:
    assert await redis.getdel("user:1") is None
    assert await redis.getex("user:1", ex=5) is None
    await redis.set("user:1", "a")
    assert await redis.getex("user:1", ex=60) == "a"
    assert await redis.ttl("user:1") in left_of(60)
    assert await redis.getex("user:1", persist=True) == "a"
    assert await redis.ttl("user:1") == -1
    assert await redis.getdel("user:1") == "a"
    assert await redis.get("user:1") is None


async def test_many_keys(redis: Client) -> None:
    assert await redis.mset({"user:1": "a", "user:2": 2}) is True
    assert await redis.mget(["user:1", "user:3", "user:2"]) == ["a", None, "2"]
    assert await redis.mget(f"user:{n}" for n in (1, 2)) == ["a", "2"]
    assert await redis.msetnx({"user:1": "x", "user:9": "x"}) is False
    assert await redis.msetnx({"user:8": "x", "user:9": "x"}) is True
    assert await redis.msetex({"user:8": "y", "user:7": "y"}, "NX", ex=60) is False
    assert await redis.msetex({"user:8": "y", "user:7": "y"}, ex=60) is True
    assert await redis.ttl("user:7") in left_of(60)


async def test_pieces(redis: Client) -> None:
    assert await redis.append("user:1", "hello") == 5
    assert await redis.strlen("user:1") == 5
    assert await redis.strlen("user:2") == 0
    assert await redis.getrange("user:1", 1, 2) == "el"
    assert await redis.getrange("user:2", 0, -1) == ""
    assert await redis.substr("user:1", 1) == "ello"
    assert await redis.setrange("user:1", 5, "!") == 6


async def test_numbers(redis: Client) -> None:
    assert await redis.incr("generation:count:1") == 1
    assert await redis.incr("generation:count:1", 4) == 5
    assert await redis.incrby("generation:count:1", 5) == 10
    assert await redis.decr("generation:count:1") == 9
    assert await redis.decrby("generation:count:1", 4) == 5
    assert await redis.incrbyfloat("generation:count:1", 0.5) == 5.5
    await redis.set("user:1", "x")
    with pytest.raises(ResponseError, match="not an integer"):
        await redis.incr("user:1")


async def test_longest_common_subsequence(redis: Client) -> None:
    assert await redis.lcs("user:1", "user:2") == ""
    await redis.mset({"user:1": "ohmytext", "user:2": "mynewtext"})
    assert await redis.lcs("user:1", "user:2") == "mytext"
    assert await redis.lcs("user:1", "user:2", len=True) == 6
    assert await redis.lcs_idx("user:1", "user:2") == [((4, 7), (5, 8)), ((2, 3), (0, 1))]
    assert await redis.lcs_idx("user:1", "user:2", minmatchlen=4) == [((4, 7), (5, 8))]


async def test_deleting_by_value(redis: Client) -> None:
    await redis.set("user:1", "a")
    assert await redis.delifeq("user:1", "b") is False
    assert await redis.delifeq("user:1", "a") is True


async def test_commands_of_redis_alone_reach_the_server_as_its_manual_writes_them(redis: Client) -> None:
    with pytest.raises(
        ResponseError, match=r"unknown command 'DELEX', with args beginning with: '.*user:1' 'IFNE' 'a'"
    ):
        await redis.delex("user:1", ifne="a")
    with pytest.raises(ResponseError, match=r"unknown command 'DIGEST', with args beginning with: '.*user:1'"):
        await redis.digest("user:1")


async def test_bits(redis: Client) -> None:
    assert await redis.setbit("user:1", 7, 1) == 0
    assert await redis.setbit("user:1", 7, 1) == 1
    assert await redis.getbit("user:1", 7) == 1
    assert await redis.getbit("user:2", 7) == 0
    assert await redis.bitcount("user:1") == 1
    assert await redis.bitcount("user:1", 0, 6, "BIT") == 0
    assert await redis.bitpos("user:1", 1) == 7
    assert await redis.bitpos("user:1", 0, 2) == -1
    assert await redis.bitop("NOT", "user:3", "user:1") == 1
    assert await redis.bitop("OR", "user:4", ["user:1", "user:3"]) == 1
    assert await redis.bitcount("user:4") == 8
    with pytest.raises(ValueError, match="without a start"):
        redis.bitcount("user:1", end=3)


async def test_bit_fields(redis: Client) -> None:
    assert await redis.bitfield("user:1", ("SET", "u8", 0, 255), ("GET", "u8", 0)) == [0, 255]
    assert await redis.bitfield("user:1", ("INCRBY", "u8", 0, 1), overflow="FAIL") == [None]
    assert await redis.bitfield_ro("user:1", ("u4", 0), ("u8", "#0")) == [15, 255]


async def test_hyperloglog(redis: Client) -> None:
    assert await redis.pfadd("user:1", "a", "b") is True
    assert await redis.pfadd("user:1", "a") is False
    assert await redis.pfcount("user:1") == 2
    assert await redis.pfcount("user:2") == 0
    await redis.pfadd("user:2", "c")
    assert await redis.pfcount("user:1", ["user:2"]) == 3
    assert await redis.pfmerge("user:3", "user:1", "user:2") is True
    assert await redis.pfcount("user:3") == 3
