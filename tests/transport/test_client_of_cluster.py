"""The cache client on a real cluster: everything of it works over all slots, or says why it cannot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from redis.asyncio import RedisCluster
from redis.exceptions import ClusterCrossSlotError, ResponseError

from civiredis import (
    CacheRedis,
    CacheRegistry,
    NotSentError,
    RedisSettings,
    SettingsError,
    TransportClosedError,
    create_cache_redis,
    create_redis_clients,
    key,
)
from tests.commands.keys import CacheKeys, SysKeys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from civiredis import KeyOf
    from tests.transport.valkey_cluster import Cluster


def users(count: int) -> list[KeyOf[CacheKeys]]:
    return [f"user:{number}" for number in range(count)]


@pytest.fixture
async def client(
    cluster: Cluster, sys_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CacheRedis[CacheKeys]]:
    """The client as its users make it: from the environment, with a namespace, and with a node that is gone."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("REDIS_SYS_URL", sys_url)
    monkeypatch.setenv("REDIS_CLUSTER", "true")
    monkeypatch.setenv("REDIS_CLUSTER_NODES", ",".join(f"{host}:{port}" for host, port in cluster.addresses))
    monkeypatch.setenv("CACHE_KEY_NAMESPACE", "app")
    async with create_redis_clients(CacheKeys, SysKeys) as (cache, _):
        await cache.flushall()
        yield cache


async def test_commands_of_many_keys(client: CacheRedis[CacheKeys]) -> None:
    keys = users(100)
    await asyncio.gather(*(client.set(key, index) for index, key in enumerate(keys)))
    assert await client.mget([*keys, "user:none"]) == [*map(str, range(100)), None]
    assert await client.exists(keys, "user:0") == 101
    assert await client.touch(*keys) == 100
    assert await client.dbsize() == 100
    assert await client.delete(keys[:30]) == 30
    assert await client.unlink(*keys) == 70
    assert await client.mset(dict.fromkeys(keys, "v"))
    assert set(await client.mget(keys)) == {"v"}


async def test_packed_values(client: CacheRedis[CacheKeys]) -> None:
    keys: list[KeyOf[CacheKeys]] = [f"packed:user:profile:{number}" for number in range(50)]
    async with client.pipeline() as pipe:
        for number, key in enumerate(keys):
            pipe.packed.set(key, {"id": number})
    assert await client.packed.mget(keys) == [{"id": number} for number in range(50)]
    raw = client.raw
    assert isinstance(raw, RedisCluster)
    await raw.set("app:packed:user:profile:7", b"\xc1")
    assert (await client.packed.mget(keys))[6:9] == [{"id": 6}, None, {"id": 8}]
    assert await raw.exists("app:packed:user:profile:7") == 0, "what does not unpack is removed where it was"


async def test_pipelines_over_any_slots(client: CacheRedis[CacheKeys]) -> None:
    keys = users(60)
    async with client.pipeline() as pipe:
        written = [pipe.set(key, index) for index, key in enumerate(keys)]
        counted = [pipe.incr(key) for key in keys]
        every = pipe.mget(keys)
        wrong = pipe.lpush("user:0", "x")
        apart = pipe.sunion(["user:1", "user:2"])
    assert [await reply for reply in written] == [True] * 60
    assert [await reply for reply in counted] == list(range(1, 61))
    assert await every == [str(number) for number in range(1, 61)]
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await wrong
    with pytest.raises(ClusterCrossSlotError, match="hash tag"):
        await apart


async def test_transactions_are_of_one_slot(client: CacheRedis[CacheKeys]) -> None:
    async with client.transaction() as pipe:
        pipe.set("user:{1}:a", 1)
        total = pipe.incrby("user:{1}:a", 2)
        other = pipe.set("user:{1}:b", 1, nx=True)
    assert (await total, await other) == (3, True)
    with pytest.raises(ClusterCrossSlotError, match=r"one slot of the cluster: give them one hash tag"):
        async with client.transaction() as pipe:
            pipe.set("user:1", 1)
            pipe.set("user:2", 1)
    assert await client.exists("user:1", "user:2") == 0
    with pytest.raises(ClusterCrossSlotError, match="hash tag"):
        await client.rename("user:{1}:a", "user:2")


async def test_scanning_walks_all_masters(client: CacheRedis[CacheKeys]) -> None:
    keys = users(200)
    await client.mset(dict.fromkeys(keys, "v"))
    await client.hset("generation:count", mapping={str(number): number for number in range(50)})
    found = [key async for key in client.scan_iter(match="user:*", count=20)]
    assert sorted(found) == sorted(keys)
    assert len([field async for field in client.hscan_iter("generation:count")]) == 50


async def test_scripts_blocking_and_large_values(client: CacheRedis[CacheKeys]) -> None:
    assert await client.eval("return redis.call('SET', KEYS[1], ARGV[1])", ["user:9"], ["v"]) == "OK"
    assert await client.set_nx_keep_ttl_with_ex("user:10", "v", 60) is not None
    waiting = asyncio.ensure_future(client.blpop(["user:list"], timeout=5))
    await asyncio.sleep(0.02)
    await client.rpush("user:list", "x")
    assert await waiting == ("user:list", "x")
    await client.set("user:large", "x" * 1_000_000)
    assert len(await client.get("user:large") or "") == 1_000_000


async def test_closing(client: CacheRedis[CacheKeys], cluster: Cluster) -> None:
    await client.set("user:1", "a")
    assert await client.raw.get("app:user:1") == b"a"
    async with create_cache_redis(
        CacheKeys, url=cluster.masters[1].url, cluster=True, namespace="app", cluster_nodes=["127.0.0.1:1"]
    ) as other:
        assert await asyncio.gather(*[other.get("user:1") for _ in range(100)]) == ["a"] * 100
    with pytest.raises(TransportClosedError, match="closed"):
        await other.get("user:1")


@pytest.mark.parametrize("url", ["embedded://x", "redis://127.0.0.1/2", "redis://:secret@127.0.0.1:x"])
def test_what_is_no_node(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        create_cache_redis(CacheKeys, url=url, cluster=True)
    assert "secret" not in str(refused.value)


async def test_nobody_answers() -> None:
    settings = RedisSettings(url="redis://127.0.0.1:1", sys_url="redis://127.0.0.1:2", cluster=True, socket_timeout=0.5)
    async with create_redis_clients(CacheKeys, SysKeys, settings=settings) as (cache, _):
        for command in (cache.get("user:1"), cache.mget(["user:1", "user:2"]), cache.dbsize()):
            with pytest.raises(NotSentError, match="no node of the cluster answer"):
                await command


class Lasting(CacheRegistry):
    KEPT = key("kept", ttl=3600)


async def test_a_declared_lifetime_is_left_in_every_slot(cluster: Cluster) -> None:
    host, port = cluster.addresses[0]
    async with create_cache_redis(Lasting, url=f"redis://{host}:{port}", cluster=True) as client:
        await client.flushall()
        for number in range(30):
            assert await client.hset(f"kept:{number}", "f", "v") == 1
            assert await client.set(f"kept:text:{number}", "v")
            assert 0 < await client.ttl(f"kept:{number}") <= 3600
            assert 0 < await client.ttl(f"kept:text:{number}") <= 3600
        assert await client.mset({f"kept:many:{number}": number for number in range(300)}) is True
        assert await client.mget([f"kept:many:{number}" for number in range(300)]) == [*map(str, range(300))]
        for number in range(0, 300, 10):
            assert 0 < await client.ttl(f"kept:many:{number}") <= 3600
        assert await client.msetnx({"kept:{b}:1": "v", "kept:{b}:2": "w"}) is True
        assert 0 < await client.ttl("kept:{b}:2") <= 3600
        assert await client.sadd("kept:{a}:1", "m") == 1
        assert await client.smove("kept:{a}:1", "kept:{a}:2", "m") is True
        assert 0 < await client.ttl("kept:{a}:2") <= 3600
        async with client.pipeline() as pipe:
            counts = [pipe.incr(f"kept:count:{number}") for number in range(30)]
            pipe.mset({f"kept:piped:{number}": number for number in range(30)})
        assert [await count for count in counts] == [1] * 30
        for number in range(30):
            assert 0 < await client.ttl(f"kept:count:{number}") <= 3600
            assert 0 < await client.ttl(f"kept:piped:{number}") <= 3600
