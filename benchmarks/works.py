"""What is measured: each work takes a peer and a count of commands, and is timed as a whole."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TASKS: Final = 100
GATHERED: Final = 1000
PACKED: Final = 500
PIPELINED: Final = 100
LOOPS: Final = 200


async def _sequential(count: int, step: Callable[[], Awaitable[object]]) -> None:
    for _ in range(count):
        await step()


async def sequential_get(peer: Any, count: int) -> None:
    await _sequential(count, peer.get)


async def sequential_set(peer: Any, count: int) -> None:
    await _sequential(count, peer.set)


async def tasks_get(peer: Any, count: int) -> None:
    await asyncio.gather(*[_sequential(count // TASKS, peer.get) for _ in range(TASKS)])


async def gather_get(peer: Any, count: int) -> None:
    for _ in range(count // GATHERED):
        await asyncio.gather(*[peer.get() for _ in range(GATHERED)])


async def packed_get(peer: Any, count: int) -> None:
    for _ in range(count // PACKED):
        await asyncio.gather(*[peer.packed_get() for _ in range(PACKED)])


async def pipeline_set(peer: Any, count: int) -> None:
    await _sequential(count // PIPELINED, peer.pipeline)


async def p99(peer: Any, count: int) -> float:
    """Give the 99th percentile of a GET's latency in seconds, with `LOOPS` tasks that send one after another."""
    latencies: list[float] = []

    async def loop() -> None:
        for _ in range(count // LOOPS):
            started = time.perf_counter()
            await peer.get()
            latencies.append(time.perf_counter() - started)

    await asyncio.gather(*[loop() for _ in range(LOOPS)])
    return sorted(latencies)[len(latencies) * 99 // 100]


@dataclass(frozen=True)
class Work:
    """One line of the table."""

    name: str
    run: Callable[[Any, int], Awaitable[Any]]
    count: int
    """Commands a round; enough for some 50 ms of our own client."""
    base: str
    """The peer that is 1.0."""
    peers: tuple[str, ...]
    goal: float
    """How many times the base we want to be."""


WORKS: Final = (
    Work("sequential GET", sequential_get, 1000, "redis-py", ("valkey-glide", "coredis", "node-redis"), 1.6),
    Work("sequential SET", sequential_set, 1000, "redis-py", ("valkey-glide", "coredis", "node-redis"), 1.6),
    Work("100 tasks of sequential GETs", tasks_get, 4000, "redis-py", ("valkey-glide", "coredis", "node-redis"), 6),
    Work(
        "gather of 1,000 GETs", gather_get, 4000, "redis-py, pool of 50", ("valkey-glide", "coredis", "node-redis"), 8
    ),
    Work("pipeline of 100 SETs", pipeline_set, 4000, "redis-py", ("valkey-glide", "node-redis"), 5),
    Work("packed get, gather of 500", packed_get, 2000, "redis-py, pool of 50", (), 5),
)
