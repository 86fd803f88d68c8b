"""Streams and their consumer groups."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ResponseError

from civiredis.commands.stream_groups import Claimed, ClaimedIds, Pending
from civiredis.commands.streams import Entry

if TYPE_CHECKING:
    from civiredis import CacheRedis
    from tests.commands.keys import CacheKeys

    Client = CacheRedis[CacheKeys]


async def test_entries(redis: Client) -> None:
    assert await redis.xadd("user:1", {"n": 1}, nomkstream=True) is None
    assert await redis.xadd("user:1", {"n": 1, "m": "x"}, "1-1") == "1-1"
    assert await redis.xadd("user:1", {"n": 2}, "2-1") == "2-1"
    assert await redis.xlen("user:1") == 2
    assert await redis.xlen("user:2") == 0
    assert await redis.xrange("user:1") == [Entry("1-1", {"n": "1", "m": "x"}), Entry("2-1", {"n": "2"})]
    assert await redis.xrange("user:2") == []
    assert await redis.xrevrange("user:1", count=1) == [Entry("2-1", {"n": "2"})]
    assert await redis.xdel("user:1", "1-1", "9-9") == 1
    with pytest.raises(ValueError, match="empty"):
        redis.xadd("user:1", {})


async def test_trimming(redis: Client) -> None:
    for n in range(1, 6):
        await redis.xadd("user:1", {"n": n}, f"{n}-1")
    assert await redis.xtrim("user:1", 4, approximate=False) == 1
    assert await redis.xtrim("user:1", minid="4-0", approximate=False) == 2
    await redis.xadd("user:1", {"n": 6}, "6-1", maxlen=1, approximate=False)
    assert [entry.id for entry in await redis.xrange("user:1")] == ["6-1"]
    with pytest.raises(ValueError, match="not by both"):
        redis.xtrim("user:1", 1, minid="1-0")


async def test_reading(redis: Client) -> None:
    assert await redis.xread({"user:1": "0"}) == {}
    await redis.xadd("user:1", {"n": 1}, "1-1")
    await redis.xadd("user:2", {"n": 2}, "1-1")
    assert await redis.xread({"user:1": "0", "user:2": 0, "user:3": "0"}, count=5) == {
        "user:1": [Entry("1-1", {"n": "1"})],
        "user:2": [Entry("1-1", {"n": "2"})],
    }
    assert await redis.xread({"user:1": "$"}, block=10) == {}
    waiting = asyncio.create_task(redis.xread({"user:1": "$"}, block=20_000))
    while not (await redis.raw.info("clients"))["blocked_clients"]:
        await asyncio.sleep(0.005)
    await redis.xadd("user:1", {"n": 3}, "3-1")
    assert await waiting == {"user:1": [Entry("3-1", {"n": "3"})]}


async def test_groups(redis: Client) -> None:
    assert await redis.xgroup_create("user:1", "g", mkstream=True) is True
    with pytest.raises(ResponseError, match="BUSYGROUP"):
        await redis.xgroup_create("user:1", "g")
    assert await redis.xgroup_setid("user:1", "g", "0") is True
    assert await redis.xgroup_createconsumer("user:1", "g", "ada") is True
    assert await redis.xgroup_createconsumer("user:1", "g", "ada") is False
    assert await redis.xpending("user:1", "g") == Pending(0, None, None, {})
    await redis.xadd("user:1", {"n": 1}, "1-1")
    await redis.xadd("user:1", {"n": 2}, "2-1")
    entries = [Entry("1-1", {"n": "1"}), Entry("2-1", {"n": "2"})]
    assert await redis.xreadgroup("g", "ada", {"user:1": ">"}) == {"user:1": entries}
    assert await redis.xreadgroup("g", "ada", {"user:1": ">"}, block=10) == {}
    assert await redis.xpending("user:1", "g") == Pending(2, "1-1", "2-1", {"ada": 2})
    [first] = await redis.xpending_range("user:1", "g", "-", "+", 1, "ada", idle=0)
    assert (first.id, first.consumer, first.deliveries) == ("1-1", "ada", 1)
    assert await redis.xack("user:1", "g", "1-1", "9-9") == 1
    assert await redis.xgroup_delconsumer("user:1", "g", "ada") == 1
    assert await redis.xgroup_destroy("user:1", "g") is True
    assert await redis.xgroup_destroy("user:1", "g") is False


async def test_claiming(redis: Client) -> None:
    await redis.xgroup_create("user:1", "g", mkstream=True)
    await redis.xadd("user:1", {"n": 1}, "1-1")
    await redis.xadd("user:1", {"n": 2}, "2-1")
    await redis.xreadgroup("g", "ada", {"user:1": ">"})
    assert await redis.xclaim("user:1", "g", "bob", 0, ["1-1"]) == [Entry("1-1", {"n": "1"})]
    assert await redis.xclaim("user:1", "g", "bob", 0, ["2-1"], justid=True) == ["2-1"]
    assert await redis.xclaim("user:1", "g", "bob", 60_000, ["2-1"]) == []
    await redis.xdel("user:1", "1-1")
    assert await redis.xautoclaim("user:1", "g", "eve", 0) == Claimed("0-0", [Entry("2-1", {"n": "2"})], ["1-1"])
    assert await redis.xautoclaim("user:1", "g", "eve", 0, justid=True) == ClaimedIds("0-0", ["2-1"], [])


async def test_reports(redis: Client) -> None:
    await redis.xgroup_create("user:1", "g", mkstream=True)
    await redis.xadd("user:1", {"n": 1}, "1-1")
    await redis.xreadgroup("g", "ada", {"user:1": ">"}, noack=True)
    stream = await redis.xinfo_stream("user:1")
    assert (stream["length"], stream["last-generated-id"]) == (1, "1-1")
    assert (await redis.xinfo_stream("user:1", full=True))["entries"] == [["1-1", ["n", "1"]]]
    assert [group["name"] for group in await redis.xinfo_groups("user:1")] == ["g"]
    assert [consumer["name"] for consumer in await redis.xinfo_consumers("user:1", "g")] == ["ada"]


async def test_commands_of_redis_alone_reach_the_server_as_its_manual_writes_them(redis: Client) -> None:
    with pytest.raises(ResponseError, match=r"'XDELEX', with args beginning with: '.*user:1' 'ACKED' 'IDS' '2' '1-1'"):
        await redis.xdelex("user:1", "1-1", "2-1", ref_policy="ACKED")
    with pytest.raises(ResponseError, match=r"'XACKDEL', with args beginning with: '.*user:1' 'g' 'KEEPREF' 'IDS' '1'"):
        await redis.xackdel("user:1", "g", "1-1")
