"""Random faults for a while: in the end every acknowledged write is accounted for."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, Any

import pytest
from redis.asyncio import Redis

from tests.transport.soaking import Callers

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from civiredis.transport import Transport
    from tests.conftest import StartServer
    from tests.transport.conftest import Connect
    from tests.valkey_server import ValkeyServer


class Counter:
    """Counters on one server."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(self, number: int) -> Awaitable[int]:
        return self._transport.execute(("INCR", f"n{number}"), int)

    def read(self, number: int) -> Awaitable[int]:
        def decode(raw: Any) -> int:
            return int(raw or 0)

        return self._transport.execute(("GET", f"n{number}"), decode)


async def disturb(server: ValkeyServer, callers: Callers, seconds: float) -> None:
    """Kill connections, stall the server and restart it."""
    dice = random.Random(1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await asyncio.sleep(0.1 + dice.random() / 5)
        fault = dice.choice(("kill clients", "kill clients", "stall", "restart"))
        if fault == "kill clients":
            async with Redis.from_url(server.url) as admin:
                await admin.client_kill_filter(_type="normal", skipme=True)
        elif fault == "stall":
            with server.stalled():
                await asyncio.sleep(dice.random())
        else:
            server.kill()
            await asyncio.sleep(dice.random() / 10)
            await asyncio.to_thread(server.start)
        await callers.all_write()


@pytest.mark.parametrize("seconds", [4, pytest.param(600, marks=pytest.mark.slow)])
async def test_every_acknowledged_write_is_there(start_server: StartServer, connect: Connect, seconds: int) -> None:
    server = start_server(appendonly="yes", appendfsync="always")
    async with connect(server.url, timeout=0.5) as transport:
        callers = Callers(Counter(transport))
        await callers.during(disturb(server, callers, seconds))
        assert transport.stats().losses >= 1
