"""A declared lifetime is on the key after every write, and ends when it was to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from redis.exceptions import NoPermissionError, ResponseError

from civiredis import CacheRegistry, create_cache_redis, key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from civiredis import CacheRedis

HOUR: Final = 3600


class Keys(CacheRegistry):
    KEPT = key("kept", ttl=HOUR)
    PACKED = key("packed:kept", ttl=HOUR)
    PLAIN = "kept:plain"


@pytest.fixture(params=["", "app"])
async def redis(request: pytest.FixtureRequest, cache_url: str) -> AsyncIterator[CacheRedis[Keys]]:
    async with create_cache_redis(Keys, url=cache_url, namespace=request.param) as client:
        await client.sadd("kept:plain:set", "a", "b")
        await client.zadd("kept:plain:zset", {"a": 1.5})
        await client.rpush("kept:plain:list", "1", "2")
        await client.geoadd("kept:plain:geo", [(13.4, 52.5, "Berlin")])
        yield client


K: Final = "kept:1"

WRITES: Final[list[tuple[Callable[[Any], Any], object]]] = [
    (lambda r: r.set(K, "v"), True),
    (lambda r: r.set(K, "v", get=True), None),
    (lambda r: r.setnx(K, "v"), True),
    (lambda r: r.getset(K, "v"), None),
    (lambda r: r.mset({K: "v", "kept:plain:1": "w"}), True),
    (lambda r: r.msetnx({"kept:plain:1": "w", K: "v"}), True),
    (lambda r: r.append(K, "ab"), 2),
    (lambda r: r.setrange(K, 1, "a"), 2),
    (lambda r: r.incr(K), 1),
    (lambda r: r.decrby(K, 2), -2),
    (lambda r: r.incrbyfloat(K, 1.5), 1.5),
    (lambda r: r.setbit(K, 1, 1), 0),
    (lambda r: r.bitop("OR", K, "kept:1"), 0),
    (lambda r: r.bitfield(K, ("SET", "u2", 0, 3), ("INCRBY", "u2", 0, 1), overflow="FAIL"), [0, None]),
    (lambda r: r.pfadd(K, "a"), True),
    (lambda r: r.pfmerge(K), True),
    (lambda r: r.hset(K, "f", "v"), 1),
    (lambda r: r.hmset(K, {"f": "v"}), True),
    (lambda r: r.hsetnx(K, "f", "v"), True),
    (lambda r: r.hsetex(K, "f", "v", ex=9), True),
    (lambda r: r.hincrby(K, "f"), 1),
    (lambda r: r.hincrbyfloat(K, "f", 0.5), 0.5),
    (lambda r: r.lpush(K, "a", "b"), 2),
    (lambda r: r.rpush(K, "a"), 1),
    (lambda r: r.lmove("kept:plain:list", K), "1"),
    (lambda r: r.rpoplpush("kept:plain:list", K), "2"),
    (lambda r: r.sort_store(K, "kept:plain:list"), 2),
    (lambda r: r.sadd(K, "a"), 1),
    (lambda r: r.smove("kept:plain:set", K, "a"), True),
    (lambda r: r.sdiffstore(K, "kept:plain:set"), 2),
    (lambda r: r.sinterstore(K, "kept:plain:set"), 2),
    (lambda r: r.sunionstore(K, "kept:plain:set"), 2),
    (lambda r: r.zadd(K, {"a": 1.5}), 1),
    (lambda r: r.zadd(K, {"a": 1.5}, incr=True), 1.5),
    (lambda r: r.zincrby(K, 1.5, "a"), 1.5),
    (lambda r: r.zunionstore(K, ["kept:plain:zset"]), 1),
    (lambda r: r.zinterstore(K, ["kept:plain:zset"]), 1),
    (lambda r: r.zdiffstore(K, ["kept:plain:zset"]), 1),
    (lambda r: r.zrangestore(K, "kept:plain:zset", 0, -1), 1),
    (lambda r: r.xadd(K, {"f": "v"}, id="1-1"), "1-1"),
    (lambda r: r.geoadd(K, [(13.4, 52.5, "Berlin")]), 1),
    (lambda r: r.geosearchstore(K, "kept:plain:geo", member="Berlin", radius=1), 1),
]


@pytest.mark.parametrize("carrier", ["client", "pipeline", "transaction"])
@pytest.mark.parametrize(("write", "reply"), WRITES)
async def test_every_write_leaves_the_lifetime(
    redis: CacheRedis[Keys], write: Callable[[Any], Any], reply: object, carrier: str
) -> None:
    if carrier == "client":
        assert await write(redis) == reply
    else:
        async with getattr(redis, carrier)() as batch:
            coming = write(batch)
        assert await coming == reply
    if await redis.exists(K):
        assert 0 < await redis.ttl(K) <= HOUR
    else:
        assert reply == 0  # an empty result stores nothing


@pytest.mark.parametrize("compress", [False, True])
async def test_packed_writes_leave_the_lifetime(redis: CacheRedis[Keys], compress: bool) -> None:
    big = ["x" * 50] * 5000
    assert await redis.packed.set("packed:kept:1", big, compress=compress)
    assert await redis.packed.setnx("packed:kept:2", 1, compress=compress) is True
    assert await redis.packed.setnx("packed:kept:2", 2, compress=compress) is False
    assert await redis.packed.hset("packed:kept:3", "f", big, compress=compress) == 1
    assert await redis.packed.hget("packed:kept:3", "f", compress=compress) == big
    assert await redis.packed.sadd("packed:kept:4", 1) == 1
    assert await redis.packed.mset({"packed:kept:5": big, "packed:kept:6": 6}, compress=compress)
    assert await redis.packed.mget(["packed:kept:5", "packed:kept:6"], compress=compress) == [big, 6]
    for name in ("1", "2", "3", "4", "5", "6"):
        assert 0 < await redis.ttl(f"packed:kept:{name}") <= HOUR


async def test_a_lifetime_does_not_slide_and_set_starts_anew(redis: CacheRedis[Keys]) -> None:
    await redis.incr(K)
    await redis.expire(K, 50)
    await redis.incr(K)
    assert await redis.ttl(K) <= 50
    await redis.set(K, "v", keepttl=True)
    assert await redis.ttl(K) <= 50
    await redis.set(K, "v", ex=70)
    assert 50 < await redis.ttl(K) <= 70
    await redis.set(K, "v")
    assert await redis.ttl(K) > 70
    await redis.set("kept:plain:1", "v")
    assert await redis.ttl("kept:plain:1") == -1


async def test_of_many_keys_each_has_its_own(redis: CacheRedis[Keys]) -> None:
    await redis.set("kept:plain:1", "old", ex=50)
    many = {f"kept:{number}": str(number) for number in range(5000)}
    many["kept:plain:1"] = "w"
    assert await redis.mset(many) is True
    assert await redis.mget(["kept:0", "kept:4999", "kept:plain:1"]) == ["0", "4999", "w"]
    assert 0 < await redis.ttl("kept:4999") <= HOUR
    assert await redis.ttl("kept:plain:1") == -1

    assert await redis.msetnx({"kept:new": "v", "kept:0": "v"}) is False
    assert await redis.mget(["kept:new", "kept:0"]) == [None, "0"]


async def test_errors_are_those_of_the_command(redis: CacheRedis[Keys]) -> None:
    await redis.set(K, "v")
    with pytest.raises(ResponseError, match=r"wrong kind of value$"):
        await redis.hset(K, "f", "v")
    with pytest.raises(ValueError, match="7000"):
        await redis.rpush(K, *map(str, range(8000)))
    await redis.delete(K)
    assert await redis.rpush(K, *map(str, range(6990))) == 6990


async def test_who_may_not_expire_writes_nothing(cache_url: str) -> None:
    async with create_cache_redis(Keys, url=cache_url) as admin:
        await admin.raw.execute_command("ACL", "SETUSER", "half", "on", ">pw", "~*", "+@all", "-expire")
        async with create_cache_redis(Keys, url=cache_url.replace("redis://", "redis://half:pw@")) as client:
            with pytest.raises((NoPermissionError, ResponseError), match=r"(?i)permission|acl"):
                await client.hset(K, "f", "v")
        await admin.raw.execute_command("ACL", "DELUSER", "half")
        assert not await admin.exists(K)
