"""What is free of noise: calls and turns of the event loop, counted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.transport.counting import Calls, counted_turns

if TYPE_CHECKING:
    from benchmarks.transport.peers import Civiredis, RedisPy

COMMANDS = 500


async def calls_of_a_get(peer: Civiredis | RedisPy) -> float:
    with Calls() as calls:
        for _ in range(COMMANDS):
            await peer.get()
    return calls.count / COMMANDS


async def turns_of_a_get(peer: Civiredis | RedisPy) -> float:
    """Count turns of asyncio's own loop; uvloop does not tell them."""
    with counted_turns() as turns:
        for _ in range(COMMANDS):
            await peer.get()
    return turns.count / COMMANDS


async def calls_in_a_gather(peer: Civiredis | RedisPy) -> float:
    with Calls() as calls:
        await asyncio.gather(*[peer.get() for _ in range(COMMANDS)])
    return calls.count / COMMANDS
