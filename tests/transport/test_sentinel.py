"""A master that sentinels watch: found, followed when it moves, never written to once it is demoted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from civiredis.transport import SentinelMaster, Transport, TransportOptions
from tests.transport.watched_master import until

if TYPE_CHECKING:
    from tests.transport.watched_master import Watched
    from tests.valkey_server import ValkeyServer


def transport_to(watched: Watched) -> Transport:
    master = SentinelMaster([("127.0.0.1", 1), *watched.addresses], "sys", "redis://gone:1/0")
    return Transport.from_sentinels(master, TransportOptions(timeout=1, connect_retries=20, backoff_cap=0.2))


async def counted(server: ValkeyServer) -> int:
    async with Redis.from_url(server.url) as client:
        return int(await client.get("n") or 0)


async def test_killed_master_is_followed(watched: Watched) -> None:
    stranger = SentinelMaster(watched.addresses, "other", "redis://gone:1/0")
    lost = Transport.from_sentinels(stranger, TransportOptions(connect_retries=1, backoff_base=0.01))
    with pytest.raises(RedisError, match="'other'"):
        await lost.execute(("PING",))
    await lost.aclose()

    transport = transport_to(watched)
    assert await transport.execute(("INCR", "n")) == 1
    watched.first.kill()

    async def writes_again() -> bool:
        try:
            await transport.execute(("SET", "after", "v"))
        except RedisError:
            return False
        return True

    await until(writes_again)
    async with Redis.from_url(watched.second.url) as client:
        assert await client.get("after") == b"v"
    await transport.aclose()


async def test_demoted_master_is_never_written_to(watched: Watched) -> None:
    """Both stay alive, and sentinels let the old one believe in itself for another ten seconds."""
    transport = transport_to(watched)
    running = True
    errors = 0

    async def write() -> None:
        nonlocal errors
        while running:
            try:
                await transport.execute(("INCR", "n"))
            except RedisError:
                errors += 1
            await asyncio.sleep(0.001)

    writers = [asyncio.create_task(write()) for _ in range(20)]
    await asyncio.sleep(0.1)
    async with Redis.from_url(watched.sentinels[0].url.removesuffix("/0")) as sentinel:
        await sentinel.sentinel_failover("sys")

    async with Redis.from_url(watched.second.url, retry=Retry(NoBackoff(), 0)) as second:

        async def promoted() -> bool:
            try:
                return bool((await second.role())[0] == b"master")
            except RedisError:  # promoting closes every connection, this one too
                return False

        await until(promoted)
    new = await counted(watched.second)  # what the old one wrote until then

    async def written_to_the_new_one() -> bool:
        return await counted(watched.second) > new

    await until(written_to_the_new_one)
    await asyncio.sleep(0.2)  # what was under way to the old one is answered
    old, new = await counted(watched.first), await counted(watched.second) + 100
    await until(written_to_the_new_one)
    running = False
    await asyncio.gather(*writers)
    still = await counted(watched.first)
    async with Redis.from_url(watched.first.url) as first:
        assert still == old or (await first.role())[0] == b"slave", "it takes writes until then, but gets none"
    assert transport.stats().connects >= 2
    await transport.aclose()
