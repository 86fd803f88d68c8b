"""What is measured, against whom, and which ratio is the goal."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from benchmarks.transport.cluster_peers import GATHER_OF_GETS, NONATOMIC
from benchmarks.transport.node_redis import NODE_REDIS
from benchmarks.transport.peers import COREDIS, GLIDE, POOL, REDIS_PY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

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


async def cluster_mget(peer: Any, count: int) -> None:
    await _sequential(count, peer.mget)


async def p99(peer: Any, seconds: float) -> float:
    """Give the 99th percentile of a GET's latency in seconds, while `LOOPS` tasks send one after another."""
    latencies: list[float] = []
    until = time.perf_counter() + seconds

    async def loop() -> None:
        while (started := time.perf_counter()) < until:
            await peer.get()
            latencies.append(time.perf_counter() - started)

    await asyncio.gather(*[loop() for _ in range(LOOPS)])
    return sorted(latencies)[len(latencies) * 99 // 100]


@dataclass(frozen=True)
class Work:
    """Something that every peer does."""

    name: str
    run: Callable[[Any, int], Awaitable[None]]
    step: int
    """Commands are run in multiples of this."""
    goals: Mapping[str, float | None]
    """The peers, and how many times their operations per second are the goal. The first is the base of the picture."""
    cpu: Mapping[str, float] = field(default_factory=dict)
    """How much of a peer's CPU time per command is the goal at most."""


WORKS: Final = (
    Work(
        "sequential GET",
        sequential_get,
        50,
        {REDIS_PY: 1.6, GLIDE: None, COREDIS: None, NODE_REDIS: None},
        {REDIS_PY: 0.5},
    ),
    Work(
        "sequential SET",
        sequential_set,
        50,
        {REDIS_PY: 1.6, GLIDE: None, COREDIS: None, NODE_REDIS: None},
        {REDIS_PY: 0.5},
    ),
    Work(
        "100 tasks of sequential GETs",
        tasks_get,
        TASKS,
        {REDIS_PY: 6, GLIDE: None, COREDIS: None, NODE_REDIS: None},
    ),
    Work("gather of 1,000 GETs", gather_get, GATHERED, {POOL: 8, GLIDE: 3, COREDIS: 8, NODE_REDIS: 0.5}),
    Work("pipeline of 100 SETs", pipeline_set, PIPELINED, {REDIS_PY: 5, GLIDE: None, NODE_REDIS: None}),
    Work("packed get, gather of 500", packed_get, PACKED, {POOL: 5}),
)

CLUSTER_WORK: Final = Work(
    "cluster of 3 masters, mget of 100 keys",
    cluster_mget,
    1,
    {GATHER_OF_GETS: 10, NONATOMIC: 2.5, GLIDE: None, COREDIS: None},
)

P99: Final = "p99 of 200 tasks, how many times lower"
P99_GOAL: Final = 8.0
