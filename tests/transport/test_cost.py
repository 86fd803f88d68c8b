"""What a command costs, counted instead of timed: function calls and turns of the event loop.

Calls are what `sys.setprofile` reports as `call` and `c_call`: every Python function, and every C function called
from Python code, those of the event loop included. redis-py needs some 340 to 370 for the same GET.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Self

import pytest

from civiredis import CacheRegistry, create_cache_redis

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from civiredis import CacheRedis
    from civiredis.transport import Transport


class Calls:
    """Counts calls while the block runs."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Self:
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _called(self, _frame: object, event: str, _arg: Any) -> None:
        if event in {"call", "c_call"}:
            self.count += 1


async def test_calls_of_a_sequential_get(transport: Transport) -> None:
    await transport.execute(("SET", "k", "v"))
    with Calls() as calls:
        for _ in range(200):
            await transport.execute(("GET", "k"), bytes.decode)
    assert calls.count / 200 <= 80


async def test_calls_of_a_get_in_a_gather(transport: Transport) -> None:
    await transport.execute(("SET", "k", "v"))
    with Calls() as calls:
        await asyncio.gather(*[transport.execute(("GET", "k"), bytes.decode) for _ in range(1000)])
    assert calls.count / 1000 <= 50


class Turns:
    """How many turns the event loops have made."""

    count = 0


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Count turns from now on."""
    turns = Turns()
    loops: Any = asyncio.BaseEventLoop
    run_once = loops._run_once

    def counted(loop: asyncio.BaseEventLoop) -> None:
        turns.count += 1
        run_once(loop)

    monkeypatch.setattr(loops, "_run_once", counted)
    return turns


async def test_turns_of_the_loop(transport: Transport, turns: Turns) -> None:
    await transport.execute(("SET", "k", "v"))
    before = turns.count
    for _ in range(200):
        await transport.execute(("GET", "k"), bytes.decode)
    assert (turns.count - before) / 200 <= 2.1


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


class Keys(CacheRegistry):
    USER = "user"


@pytest.fixture
async def client(cache_url: str) -> AsyncIterator[CacheRedis[Keys]]:
    """Give the client as its users have it, connected, with a value to read."""
    async with create_cache_redis(Keys, url=cache_url) as made:
        await made.set("user:1", "v")
        yield made


async def test_calls_of_the_whole_client(client: CacheRedis[Keys]) -> None:
    with Calls() as calls:
        for _ in range(200):
            await client.get("user:1")
    assert calls.count / 200 <= 120
    with Calls() as calls:
        await asyncio.gather(*[client.get("user:1") for _ in range(1000)])
    assert calls.count / 1000 <= 110


async def test_turns_of_the_whole_client(client: CacheRedis[Keys], turns: Turns) -> None:
    before = turns.count
    for _ in range(200):
        assert await client.get("user:1") == "v"
    assert (turns.count - before) / 200 <= 2.1


async def test_calls_of_a_set_in_a_pipeline(client: CacheRedis[Keys]) -> None:
    with Calls() as calls:
        for _ in range(10):
            async with client.pipeline() as pipe:
                for index in range(100):
                    pipe.set(f"user:{index}", "v")
    assert calls.count / 1000 <= 15
