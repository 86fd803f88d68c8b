"""A cluster of three masters and their replicas: routing, splitting, resharding and failover."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import ClusterCrossSlotError, RedisError

from civiredis.commands.arguments import WireKey
from civiredis.transport.cluster import ClusterTransport
from civiredis.transport.cluster.slots import keys_of, slot_of
from civiredis.transport.options import TransportOptions
from tests.transport.asking import ask
from tests.transport.valkey_cluster import RANGES, move_slot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.transport.valkey_cluster import Cluster
    from tests.valkey_server import ValkeyServer


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


async def refusals(*servers: ValkeyServer) -> set[str]:
    """Tell what kinds of errors these servers have answered since they were asked before."""
    kinds: set[str] = set()
    for server in servers:
        kinds |= {name.removeprefix("errorstat_") for name in await ask(server, "INFO", "errorstats")}
        await ask(server, "CONFIG", "RESETSTAT")
    return kinds


async def test_slot_moves_under_load(transport: ClusterTransport, cluster: Cluster) -> None:
    """Callers count in the slot, and read across it and others, while it moves there and back."""
    slot = slot_of("{m}")
    source = next(i for i, (first, last) in enumerate(RANGES) if first <= slot <= last)
    old, new = cluster.masters[source], cluster.masters[(source + 1) % 3]
    keys = [f"{{m}}{index}" for index in range(10)]
    counts = [0] * len(keys)
    moving = True

    async def count(index: int) -> None:
        while moving:
            value = await transport.execute(("INCR", keys[index]))
            counts[index] += 1
            assert value == counts[index]

    async def read() -> None:
        while moving:
            before = list(counts)
            values = await transport.execute(("MGET", *keys, "other"))
            assert all(int(value or 0) >= least for value, least in zip(values, before, strict=False))

    async def move() -> None:
        nonlocal moving
        met: set[str] = set()
        await refusals(old, new)
        while min(counts) < 10:
            await asyncio.sleep(0.01)
        try:
            await move_slot(slot, old, new)
            while not met >= {"MOVED", "ASK", "TRYAGAIN"}:
                met |= await refusals(old, new)
            await move_slot(slot, new, old)
        finally:
            moving = False

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for work in (move(), read(), read(), *map(count, range(len(keys)))):
            group.create_task(work)
    assert await transport.execute(("MGET", *keys)) == [b"%d" % count for count in counts]


async def test_slot_that_nobody_serves_for_a_while(transport: ClusterTransport, cluster: Cluster) -> None:
    await transport.execute(("SET", "{m}", "before"))
    slot = slot_of("{m}")
    (owner,) = [cluster.masters[i] for i, (first, last) in enumerate(RANGES) if first <= slot <= last]
    await refusals(owner)
    await ask(owner, "CLUSTER DELSLOTS", slot)
    waiting = [transport.execute(("SET", "{m}", "after")), transport.execute(("MGET", "{m}", "other"))]
    while "CLUSTERDOWN" not in await refusals(owner):
        await asyncio.sleep(0.02)
    await ask(owner, "CLUSTER ADDSLOTS", slot)
    assert await waiting[0] == b"OK"
    assert (await waiting[1])[0] in {b"before", b"after"}
    assert await transport.execute(("GET", "{m}")) == b"after"


async def test_killed_master_is_replaced(transport: ClusterTransport, cluster: Cluster) -> None:
    """The last test of this cluster: it ends with one master less."""
    keys = [f"k{i}" for i in range(60)]
    await transport.execute(("MSET", *[word for key in keys for word in (key, 0)]))
    cluster.masters[0].kill()

    async def count(key: str) -> int:
        acknowledged = 0
        while acknowledged < 10:
            try:
                await transport.execute(("INCR", key))
                acknowledged += 1
            except RedisError:
                await asyncio.sleep(0.02)
        return acknowledged

    async with asyncio.timeout(30):
        acknowledged = await asyncio.gather(*map(count, keys))
    values = await transport.execute(("MGET", *keys))
    for value, count_of_key in zip(values, acknowledged, strict=True):
        assert int(value) >= count_of_key, "no acknowledged write is lost"
