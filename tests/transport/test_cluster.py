"""A cluster of three masters and their replicas: routing, splitting, resharding and failover."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import redis
from redis.exceptions import ClusterCrossSlotError, RedisError

from civiredis.commands.arguments import WireKey
from civiredis.transport.cluster import ClusterTransport
from civiredis.transport.cluster.slots import keys_of, slot_of
from civiredis.transport.options import TransportOptions
from tests.transport.valkey_cluster import RANGES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.transport.valkey_cluster import Cluster


@pytest.fixture
async def transport(cluster: Cluster) -> AsyncIterator[ClusterTransport]:
    made = ClusterTransport(cluster.addresses, "redis://", TransportOptions(timeout=5, connect_retries=1))
    await made.execute(("FLUSHALL",))
    yield made
    await made.aclose()


def test_slot_of_a_key() -> None:
    assert slot_of("foo") == 12182
    assert slot_of("{user1000}.following") == slot_of("{user1000}.followers") == slot_of("user1000")
    assert slot_of("foo{}{bar}") == 8363
    assert slot_of(b"foo{{bar}}zap") == slot_of("{bar")
    assert keys_of(("EVAL", "return 1", 2, "a", "b", "c")) == ["a", "b"]


async def test_commands_over_every_slot(transport: ClusterTransport) -> None:
    keys = [f"key:{i}" for i in range(300)]
    replies: list[Any] = await asyncio.gather(*[transport.execute(("SET", key, i)) for i, key in enumerate(keys)])
    assert replies == [b"OK"] * 300
    assert await transport.execute(("MGET", *keys, "none")) == [*[b"%d" % i for i in range(300)], None]
    assert await transport.execute(("EXISTS", *keys)) == 300
    assert await transport.execute(("DBSIZE",)) == 300
    assert await transport.execute(("MSET", "a", 1, "b", 2, "c", 3)) == b"OK"
    assert await transport.execute_batch([("GET", "a"), ("INCR", "b"), ("LPUSH", "c", 1)], transaction=False) != []
    assert await transport.execute(("DEL", *keys[:200])) == 200
    assert await transport.execute(("UNLINK", *keys)) == 100
    assert transport.stats().connections <= 5, "one to each master, and those that were asked for the topology"


async def test_scan_walks_every_master(transport: ClusterTransport) -> None:
    await transport.execute(("MSET", *[word for i in range(200) for word in (f"k{i}", i)]))
    found: set[bytes] = set()
    cursor, rounds = b"0", 0
    while rounds == 0 or cursor != b"0":
        cursor, keys = await transport.execute(("SCAN", int(cursor), "COUNT", 20))
        found.update(keys)
        rounds += 1
    assert found == {b"k%d" % i for i in range(200)}
    assert set(await transport.execute(("KEYS", "*"))) == found


async def test_keys_in_different_slots(transport: ClusterTransport) -> None:
    with pytest.raises(ClusterCrossSlotError, match="hash tag"):
        transport.execute(("SUNION", WireKey("a"), WireKey("b")))
    with pytest.raises(ClusterCrossSlotError, match="hash tag"):
        await transport.execute_batch([("SET", "a", 1), ("SET", "b", 2)], transaction=True)
    assert await transport.execute_batch([("SET", "{t}a", 1), ("INCR", "{t}a")], transaction=True) == [b"OK", 2]


async def test_blocking_command(transport: ClusterTransport) -> None:
    reply = transport.execute(("BLPOP", "q", 5))
    await asyncio.sleep(0.02)
    await transport.execute(("RPUSH", "q", "x"))
    assert await reply == [b"q", b"x"]


async def test_slot_moves_under_load(transport: ClusterTransport, cluster: Cluster) -> None:
    """MOVED, ASK and TRYAGAIN, while callers count and read across the slot."""
    slot = slot_of("{m}")
    source = next(i for i, (first, last) in enumerate(RANGES) if first <= slot <= last)
    old, new = cluster.masters[source], cluster.masters[(source + 1) % 3]
    source_client: Any
    target_client: Any
    with redis.Redis.from_url(old.url) as source_client, redis.Redis.from_url(new.url) as target_client:
        ids = [client.execute_command("CLUSTER MYID").decode() for client in (source_client, target_client)]
        running = True
        counts = [0] * 10

        async def count(index: int) -> None:
            while running:
                counts[index] = await transport.execute(("INCR", f"{{m}}{index}"))
                values = await transport.execute(("MGET", f"{{m}}{index}", "other", f"{{m}}{index}"))
                assert int(values[0]) == counts[index]

        counters = [asyncio.create_task(count(i)) for i in range(10)]
        await asyncio.sleep(0.05)
        target_client.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", ids[0])
        source_client.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", ids[1])
        for index in range(10):
            await asyncio.sleep(0.01)
            source_client.execute_command("MIGRATE", "127.0.0.1", new.port, f"{{m}}{index}", 0, 1000)
        await asyncio.sleep(0.02)
        for client in (target_client, source_client):
            client.execute_command("CLUSTER SETSLOT", slot, "NODE", ids[1])
        await asyncio.sleep(0.1)
        running = False
        await asyncio.gather(*counters)
        for index in range(10):
            assert int(target_client.get(f"{{m}}{index}") or 0) == counts[index]
        assert min(counts) > 10
        target_client.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", ids[0])
        source_client.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", ids[1])
        target_client.execute_command(
            "MIGRATE", "127.0.0.1", old.port, "", 0, 1000, "KEYS", *[f"{{m}}{i}" for i in range(10)]
        )
        for client in (source_client, target_client):
            client.execute_command("CLUSTER SETSLOT", slot, "NODE", ids[0])


async def test_killed_master_is_replaced(transport: ClusterTransport, cluster: Cluster) -> None:
    """The last test of this cluster: it ends with one master less."""
    keys = [f"k{i}" for i in range(60)]
    await transport.execute(("MSET", *[word for key in keys for word in (key, 0)]))
    cluster.masters[0].kill()
    errors = 0

    async def count(key: str) -> int:
        nonlocal errors
        acknowledged = 0
        until = asyncio.get_running_loop().time() + 4
        while asyncio.get_running_loop().time() < until:
            try:
                await transport.execute(("INCR", key))
                acknowledged += 1
            except RedisError:
                errors += 1
            await asyncio.sleep(0.02)
        return acknowledged

    acknowledged = await asyncio.gather(*map(count, keys))
    values = await transport.execute(("MGET", *keys))
    assert min(acknowledged) > 10, "every slot is served again"
    for value, count_of_key in zip(values, acknowledged, strict=True):
        assert int(value) >= count_of_key, "no acknowledged write is lost"
