"""What a command costs at most, counted as function calls and turns of the event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from civiredis import CacheRegistry, create_cache_redis
from tests.transport.counting import Calls, counted_turns

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from civiredis import CacheRedis
    from civiredis.transport import Transport


class Keys(CacheRegistry):
    USER = "user"


@pytest.fixture
async def client(cache_url: str) -> AsyncIterator[CacheRedis[Keys]]:
    """Give the client as its users have it, connected, with a value to read."""
    async with create_cache_redis(Keys, url=cache_url) as made:
        await made.set("user:1", "v")
        yield made


async def test_a_sequential_get_of_the_whole_client(client: CacheRedis[Keys]) -> None:
    with Calls() as calls:
        for _ in range(200):
            await client.get("user:1")
    assert calls.count / 200 <= 120
    with counted_turns() as turns:
        for _ in range(200):
            await client.get("user:1")
    assert 1 <= turns.count / 200 <= 2.1


async def test_a_get_of_the_whole_client_in_a_gather(client: CacheRedis[Keys]) -> None:
    with Calls() as calls:
        replies = await asyncio.gather(*[client.get("user:1") for _ in range(1000)])
    assert replies == ["v"] * 1000
    assert calls.count / 1000 <= 110


async def test_a_set_in_a_pipeline(client: CacheRedis[Keys]) -> None:
    with Calls() as calls:
        for _ in range(10):
            async with client.pipeline() as pipe:
                for index in range(100):
                    pipe.set(f"user:{index}", "v")
    assert calls.count / 1000 <= 15


async def test_calls_of_the_transport_alone(transport: Transport) -> None:
    await transport.execute(("SET", "k", "v"))
    with Calls() as calls:
        for _ in range(200):
            await transport.execute(("GET", "k"), bytes.decode)
    assert calls.count / 200 <= 80
    with Calls() as calls:
        await asyncio.gather(*[transport.execute(("GET", "k"), bytes.decode) for _ in range(1000)])
    assert calls.count / 1000 <= 50


async def test_commands_of_one_turn_leave_in_two_writes(transport: Transport) -> None:
    """The first finds the line idle and leaves at once; all others leave together."""
    await transport.execute(("PING",))
    line = transport._here.link.line  # type: ignore[union-attr]
    assert line is not None
    writes: list[int] = []
    write = line.transport.write

    class Counting:
        def write(self, data: bytes) -> None:
            writes.append(len(data))
            write(data)

        def is_closing(self) -> bool:
            return False

        def close(self) -> None:
            real.close()

    real = line.transport
    line.transport = Counting()
    await asyncio.gather(*[transport.execute(("PING",)) for _ in range(1000)])
    line.transport = real
    assert len(writes) == 2
