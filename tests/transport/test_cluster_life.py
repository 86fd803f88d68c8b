"""Beginning and end of a client of a cluster: event loops, threads, forks, closing with commands under way."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from civiredis import CacheRedis, TransportClosedError, create_cache_redis
from tests.commands.keys import CacheKeys

if TYPE_CHECKING:
    from civiredis import KeyOf
    from tests.transport.valkey_cluster import Cluster

KEYS: list[KeyOf[CacheKeys]] = [f"user:{number}" for number in range(60)]


def client_of(cluster: Cluster) -> CacheRedis[CacheKeys]:
    return create_cache_redis(CacheKeys, url=cluster.masters[0].url.removesuffix("/0"), cluster=True)


async def test_closing_waits_for_commands_under_way(cluster: Cluster) -> None:
    client = client_of(cluster)
    await client.flushall()
    await client.mset(dict.fromkeys(KEYS, 0))
    blocked = asyncio.ensure_future(client.blpop(["user:list"]))
    with cluster.masters[1].stalled():
        counts = [client.incr(key) for key in KEYS]
        values, size = client.mget(KEYS), client.dbsize()
        await asyncio.sleep(0.05)
        closing = asyncio.create_task(client.aclose())
        await asyncio.sleep(0.05)
        assert not closing.done()
        with pytest.raises(TransportClosedError):
            await client.get("user:1")
    assert await asyncio.gather(*counts) == [1] * len(KEYS)
    assert await values == ["1"] * len(KEYS)
    assert await size == len(KEYS)
    with pytest.raises(TransportClosedError):
        await blocked
    await closing
    assert client.stats().connections == 0
    await client.aclose()


async def test_closing_ends_what_waits_for_a_slot(cluster: Cluster) -> None:
    """A command that is refused for the moment was not executed, and is not for ever under way."""
    client = client_of(cluster)
    await client.set("user:1", 0)
    for server in cluster.masters:
        server.stall()
    try:
        waiting = asyncio.gather(*(client.incr(key) for key in KEYS), return_exceptions=True)
        await asyncio.sleep(0.02)
        closing = asyncio.create_task(client.aclose())
        await asyncio.sleep(0.02)
    finally:
        for server in cluster.masters:
            server.resume()
    await closing
    assert len(await waiting) == len(KEYS)


def test_several_loops_one_after_another_and_at_once(cluster: Cluster) -> None:
    client = client_of(cluster)
    found: list[int] = []

    async def count() -> None:
        found.extend([await client.incr("generation:count") for _ in range(100)])
        found.extend(await asyncio.gather(*(client.incr("generation:count") for _ in range(100))))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # these loops end without closing
        asyncio.run(client_flushed(client))
        threads = [threading.Thread(target=asyncio.run, args=(count(),)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        asyncio.run(count())
        assert sorted(found) == list(range(1, 801))
        asyncio.run(client.aclose())
        with pytest.raises(TransportClosedError):
            asyncio.run(count())
        gc.collect()


async def client_flushed(client: CacheRedis[CacheKeys]) -> None:
    await client.flushall()


async def test_forked_child_has_its_own_connections(cluster: Cluster) -> None:
    async with client_of(cluster) as client:
        await client.flushall()
        reader, writer = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads
            child = os.fork()
        if child == 0:
            asyncio.events._set_running_loop(None)
            os.write(writer, b"%d" % asyncio.run(in_child(client)))
            os._exit(0)
        assert await asyncio.gather(*(client.incr("user:n") for _ in range(200))) == list(range(1, 201))
        await asyncio.to_thread(os.waitpid, child, 0)
        assert os.read(reader, 64) == b"100"
        os.close(reader)
        os.close(writer)
        assert await client.incr("user:n") == 201
        assert client.stats().losses == 0


async def in_child(client: CacheRedis[CacheKeys]) -> int:
    values = await asyncio.gather(*(client.incr("user:child") for _ in range(100)))
    assert values == list(range(1, 101))
    return values[-1]
