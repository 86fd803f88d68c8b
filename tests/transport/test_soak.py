"""Random faults for a while: in the end every acknowledged write is accounted for."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from civiredis.transport import OutcomeUnknownError, Transport

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.transport.conftest import Connect
    from tests.valkey_server import ValkeyServer

CALLERS = 30


class Tally:
    """What one caller was told about its counter."""

    def __init__(self) -> None:
        self.acknowledged = self.unknown = self.refused = 0


async def count(transport: Transport, key: str, tally: Tally, until: float) -> None:
    """Add to `key`, now and then giving up on the reply."""
    dice = random.Random(key)
    while time.monotonic() < until:
        reply = transport.execute(("INCR", key), int)
        if dice.random() < 0.1:
            asyncio.get_running_loop().call_later(dice.random() / 500, reply.cancel)
        try:
            value = await reply
        except asyncio.CancelledError:
            tally.unknown += 1
        except OutcomeUnknownError:
            tally.unknown += 1
        except RedisError:
            tally.refused += 1
            await asyncio.sleep(0.01)
        else:
            tally.acknowledged += 1
            assert tally.acknowledged <= value <= tally.acknowledged + tally.unknown
        await asyncio.sleep(dice.random() / 1000)


async def disturb(server: ValkeyServer, until: float) -> None:
    """Kill connections, stall the server and restart it."""
    dice = random.Random(1)
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


@pytest.mark.parametrize("seconds", [4, pytest.param(600, marks=pytest.mark.slow)])
async def test_every_acknowledged_write_is_there(start_server: StartServer, connect: Connect, seconds: int) -> None:
    server = start_server(appendonly="yes", appendfsync="always")
    tallies = [Tally() for _ in range(CALLERS)]
    async with connect(server.url, timeout=0.5) as transport:
        until = time.monotonic() + seconds
        callers = [count(transport, f"n{index}", tally, until) for index, tally in enumerate(tallies)]
        await asyncio.gather(disturb(server, until), *callers)
        for index, tally in enumerate(tallies):
            counted = await transport.execute(("GET", f"n{index}"), int)
            assert tally.acknowledged <= counted <= tally.acknowledged + tally.unknown
        assert sum(tally.acknowledged for tally in tallies) > 100 * seconds
        assert transport.stats().losses > seconds / 2
