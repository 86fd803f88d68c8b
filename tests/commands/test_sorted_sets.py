"""Sorted sets, and the places on the globe that are kept in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from civiredis.commands.geo import Found

if TYPE_CHECKING:
    from civiredis import CacheRedis
    from tests.commands.keys import CacheKeys

    Client = CacheRedis[CacheKeys]


async def test_adding_and_asking(redis: Client) -> None:
    assert await redis.zadd("user:1", {"a": 1, "b": 2.5}) == 2
    assert await redis.zadd("user:1", {"a": 2, "c": 3}, ch=True) == 2
    assert await redis.zadd("user:1", {"a": 9}, nx=True) == 0
    assert await redis.zadd("user:1", {"a": 1}, incr=True) == 3.0
    assert await redis.zadd("user:1", {"z": 1}, xx=True, incr=True) is None
    assert await redis.zincrby("user:1", 0.5, "a") == 3.5
    assert await redis.zscore("user:1", "a") == 3.5
    assert await redis.zscore("user:1", "z") is None
    assert await redis.zmscore("user:1", ["b", "z"]) == [2.5, None]
    assert await redis.zcard("user:1") == 3
    assert await redis.zcount("user:1", "-inf", 3) == 2
    assert await redis.zrem("user:1", "a", "z") == 1
    with pytest.raises(ValueError, match="empty"):
        redis.zadd("user:1", {})


async def test_ranks(redis: Client) -> None:
    await redis.zadd("user:1", {"a": 1, "b": 2})
    assert await redis.zrank("user:1", "b") == 1
    assert await redis.zrank("user:1", "z") is None
    assert await redis.zrank("user:1", "b", withscore=True) == (1, 2.0)
    assert await redis.zrank("user:1", "z", withscore=True) is None
    assert await redis.zrevrank("user:1", "b") == 0
    assert await redis.zrevrank("user:1", "a", withscore=True) == (1, 1.0)


async def test_popping_and_drawing(redis: Client) -> None:
    assert await redis.zpopmin("user:1") == []
    assert await redis.zrandmember("user:1") is None
    await redis.zadd("user:1", {"a": 1, "b": 2, "c": 3, "d": 4})
    assert await redis.zpopmin("user:1") == [("a", 1.0)]
    assert await redis.zpopmax("user:1", 2) == [("d", 4.0), ("c", 3.0)]
    assert await redis.zrandmember("user:1") == "b"
    assert await redis.zrandmember("user:1", 2) == ["b"]
    assert await redis.zrandmember("user:1", -2, withscores=True) == [("b", 2.0), ("b", 2.0)]
    assert await redis.zmpop(2, ["user:9", "user:1"], min=True, count=3) == ("user:1", [("b", 2.0)])
    assert await redis.zmpop(1, ["user:1"], max=True) is None
    with pytest.raises(ValueError, match="exactly one"):
        redis.zmpop(1, ["user:1"])


async def test_waiting(redis: Client) -> None:
    assert await redis.bzpopmin(["user:1"], timeout=0.01) is None
    await redis.zadd("user:1", {"a": 1, "b": 2, "c": 3})
    assert await redis.bzpopmin(["user:9", "user:1"], timeout=1) == ("user:1", "a", 1.0)
    assert await redis.bzpopmax(["user:1"], timeout=1) == ("user:1", "c", 3.0)
    assert await redis.bzmpop(1, 1, ["user:1"], min=True) == ("user:1", [("b", 2.0)])
    assert await redis.bzmpop(0.01, 1, ["user:1"], max=True) is None


async def test_ranges(redis: Client) -> None:
    assert await redis.zrange("user:1", 0, -1) == []
    await redis.zadd("user:1", {"a": 1, "b": 2, "c": 3})
    assert await redis.zrange("user:1", 0, 1) == ["a", "b"]
    assert await redis.zrange("user:1", 0, -1, desc=True, withscores=True) == [("c", 3.0), ("b", 2.0), ("a", 1.0)]
    assert await redis.zrange("user:1", "(1", "+inf", byscore=True, offset=1, num=5) == ["c"]
    assert await redis.zrange("user:1", "[a", "(c", bylex=True) == ["a", "b"]
    assert await redis.zrevrange("user:1", 0, 0) == ["c"]
    assert await redis.zrevrange("user:1", 0, 0, withscores=True) == [("c", 3.0)]
    assert await redis.zrangebyscore("user:1", 2, 3) == ["b", "c"]
    assert await redis.zrangebyscore("user:1", 2, 3, 0, 1, withscores=True) == [("b", 2.0)]
    assert await redis.zrevrangebyscore("user:1", 3, 2) == ["c", "b"]
    assert await redis.zrevrangebyscore("user:1", 3, 2, withscores=True) == [("c", 3.0), ("b", 2.0)]
    assert await redis.zrangestore("user:2", "user:1", 0, 1) == 2
    with pytest.raises(ValueError, match="both"):
        redis.zrangebyscore("user:1", 2, 3, start=1)


async def test_names(redis: Client) -> None:
    await redis.zadd("user:1", dict.fromkeys("abcd", 0))
    assert await redis.zrangebylex("user:1", "[b", "+") == ["b", "c", "d"]
    assert await redis.zrangebylex("user:1", "-", "+", 1, 1) == ["b"]
    assert await redis.zrevrangebylex("user:1", "[c", "-") == ["c", "b", "a"]
    assert await redis.zlexcount("user:1", "-", "(c") == 2
    assert await redis.zremrangebylex("user:1", "[d", "+") == 1
    assert await redis.zremrangebyrank("user:1", 0, 0) == 1
    assert await redis.zremrangebyscore("user:1", 0, 0) == 2


async def test_sets_together(redis: Client) -> None:
    await redis.zadd("user:1", {"a": 1, "b": 2})
    await redis.zadd("user:2", {"b": 10})
    assert await redis.zunion(["user:1", "user:2"]) == ["a", "b"]
    assert await redis.zunion({"user:1": 2, "user:2": 1}, "MAX", withscores=True) == [("a", 2.0), ("b", 10.0)]
    assert await redis.zinter(["user:1", "user:2"]) == ["b"]
    assert await redis.zinter(["user:1", "user:2"], withscores=True) == [("b", 12.0)]
    assert await redis.zdiff(["user:1", "user:2"]) == ["a"]
    assert await redis.zdiff(["user:1", "user:2"], withscores=True) == [("a", 1.0)]
    assert await redis.zunionstore("user:3", ["user:1", "user:2"]) == 2
    assert await redis.zinterstore("user:3", {"user:1": 1, "user:2": 1}, "MIN") == 1
    assert await redis.zdiffstore("user:3", ["user:1", "user:2"]) == 1
    assert await redis.zintercard(2, ["user:1", "user:2"]) == 1


async def test_scanning(redis: Client) -> None:
    await redis.zadd("user:1", {"a": 1.5})
    assert await redis.zscan("user:1", match="a*") == (0, [("a", 1.5)])
    assert [member async for member in redis.zscan_iter("user:1")] == [("a", 1.5)]


async def test_places_on_the_globe(redis: Client) -> None:
    assert await redis.geoadd("user:1", [(13.361389, 38.115556, "Palermo"), (15.087269, 37.502669, "Catania")]) == 2
    assert await redis.geodist("user:1", "Palermo", "Catania", "km") == 166.2742
    assert await redis.geodist("user:1", "Palermo", "no") is None
    assert await redis.geohash("user:1", "Palermo", "no") == ["sqc8b49rny0", None]
    palermo, missing = await redis.geopos("user:1", "Palermo", "no")
    assert palermo == pytest.approx((13.361389, 38.115556), abs=1e-5)
    assert missing is None
    assert await redis.geosearch("user:1", "Palermo", radius=100, unit="km") == ["Palermo"]
    around = await redis.geosearch("user:1", longitude=15, latitude=37, width=400, height=400, unit="km", sort="ASC")
    assert around == ["Catania", "Palermo"]
    [first] = await redis.geosearch_places("user:1", "Palermo", radius=200, unit="km", sort="DESC", count=1)
    assert isinstance(first, Found)
    assert (first.member, first.distance) == ("Catania", 166.2742)
    assert await redis.geosearchstore("user:2", "user:1", "Palermo", radius=200, unit="km", storedist=True) == 2
    assert await redis.zscore("user:2", "Catania") == pytest.approx(166.2742, abs=1e-4)
