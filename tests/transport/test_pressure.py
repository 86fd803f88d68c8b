"""Floods and large values: memory stays bounded, callers wait, small values pass large ones."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civiredis.transport import Transport
    from tests.conftest import StartServer
    from tests.transport.conftest import Connect

MB = 1024 * 1024


async def test_flood_of_writes_is_bounded(start_server: StartServer, connect: Connect) -> None:
    server = start_server()
    async with connect(server.url, pending_limit=MB, timeout=60) as transport:
        await transport.execute(("PING",))
        value = b"x" * 10_000
        tracemalloc.start()
        with server.stalled():
            replies = [transport.execute(("SET", f"k{i}", value)) for i in range(20_000)]
            await asyncio.sleep(0.05)
            stats = transport.stats()
            assert stats.pending_bytes <= MB
            assert stats.waiting > 19_000
            grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert grown < 40 * MB, "without a limit these commands take more than 200 MB"
        assert await asyncio.gather(*replies) == [b"OK"] * 20_000
        assert await transport.execute(("DBSIZE",)) == 20_000


async def test_order_holds_under_pressure(transport: Transport, cache_url: str, connect: Connect) -> None:
    async with connect(cache_url, pending_limit=1000) as small:
        replies = [small.execute(("RPUSH", "l", f"{i}".zfill(90))) for i in range(500)]
        cancelled = replies.pop(400)
        cancelled.cancel()
        await asyncio.gather(*replies)
        assert await small.execute(("LRANGE", "l", 0, -1), lambda raw: [int(item) for item in raw]) == [
            i for i in range(500) if i != 400
        ], "what is cancelled while it waits is never sent"


async def test_command_beyond_the_limit_still_goes(cache_url: str, connect: Connect) -> None:
    async with connect(cache_url, pending_limit=1000) as small:
        assert await small.execute(("SET", "k", b"x" * 100_000)) == b"OK"


async def test_large_values_do_not_hold_small_ones(cache_url: str, connect: Connect) -> None:
    async with connect(cache_url, timeout=60) as transport:
        await large_and_small(transport)


async def large_and_small(transport: Transport) -> None:
    await transport.execute(("SET", "large", b"x" * 64 * MB))
    await transport.execute(("SET", "small", "s"))
    await transport.execute(("GET", "large"))  # learnt here
    assert transport.stats().connections == 2

    reading = transport.execute(("GET", "large"))
    passed = 0
    while not reading.done():
        assert await transport.execute(("GET", "small")) == b"s"
        passed += 1
    assert passed > 1, "the first small one was answered before the large one that was asked for earlier"
    assert len(await reading) == 64 * MB


async def test_order_per_key_holds_for_large_values(transport: Transport) -> None:
    for _ in range(20):
        first = transport.execute(("SET", "k", "small"))
        second = transport.execute(("SET", "k", b"x" * MB))
        length = transport.execute(("STRLEN", "k"))
        third = transport.execute(("SET", "k", "end"))
        end = transport.execute(("GET", "k"))
        assert list(await asyncio.gather(first, second, length, third, end)) == [b"OK", b"OK", MB, b"OK", b"end"]
    results = await transport.batch([("SET", "k", b"x" * MB), ("STRLEN", "k")])
    assert results == [b"OK", MB]
