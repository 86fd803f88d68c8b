"""A cancelled caller keeps its place on the connection: nobody else receives its reply."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from civiredis.transport import Transport
    from tests.conftest import StartServer
    from tests.transport.conftest import Connect


async def test_cancelled_at_every_stage(transport: Transport) -> None:
    unsent = transport.execute(("SET", "a", 1))  # no connection yet
    unsent.cancel()
    await transport.execute(("SET", "b", "b"))
    assert await transport.execute(("GET", "a")) is None, "cancelled before it was sent: it never is"

    held = transport.execute(("SET", "a", 1))  # on the idle line at once
    gathered = transport.execute(("SET", "c", 2))  # waits for the end of this turn
    held.cancel()
    gathered.cancel()
    assert await transport.execute(("GET", "b")) == b"b"
    assert await transport.execute(("MGET", "a", "c")) == [b"1", b"2"], "cancelling gives up the reply, not the command"

    answered = transport.execute(("GET", "b"))
    await answered
    assert not answered.cancel()


async def test_cancelled_task_before_its_first_step(transport: Transport) -> None:
    task = asyncio.create_task(transport.execute(("GET", "k")))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await transport.execute(("PING",)) == b"PONG"


async def test_storm_of_cancellations(transport: Transport) -> None:
    dice = random.Random(4)
    await transport.batch([("SET", f"k{i}", i) for i in range(100)])

    async def caller(index: int) -> int:
        right = 0
        for _ in range(40):
            task = asyncio.ensure_future(transport.execute(("GET", f"k{index}"), int))
            if dice.random() < 0.5:
                asyncio.get_running_loop().call_later(dice.random() / 1000, task.cancel)
            try:
                assert await task == index, "another caller's reply"
                right += 1
            except asyncio.CancelledError:
                pass
        return right

    assert sum(await asyncio.gather(*[caller(i) for i in range(100)])) > 1000
    assert transport.stats().connects == 1
    assert transport.stats().pending_bytes == 0


async def test_cancelled_behind_a_stall(start_server: StartServer, connect: Connect) -> None:
    server = start_server()
    async with connect(server.url) as transport:
        await transport.execute(("SET", "k", "v"))
        with server.stalled():
            replies = [transport.execute(("INCR", "n")) for _ in range(10)]
            await asyncio.sleep(0.02)
            for reply in replies[::2]:
                reply.cancel()
        assert [await reply for reply in replies[1::2]] == [2, 4, 6, 8, 10]
        assert await transport.execute(("GET", "n"), int) == 10
