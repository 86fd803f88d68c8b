"""Rounds: every peer does a work right after the others, again and again, for about the same time."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.transport.node_redis import NodeRedis
from benchmarks.transport.works import p99

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.transport.works import Work

SLICES: Final = 6
"""How often each peer does its work in a round; the quickest counts, as it was disturbed least by what else runs."""

WINDOW: Final = 0.02
"""Seconds of a slice: the same for all peers, so that what else the machine does hits all alike."""

P99_WINDOW: Final = 0.4


class Sample(NamedTuple):
    """What a command cost in one round."""

    seconds: float
    cpu: float
    """CPU time of this process, also in seconds; 0 for a peer in a process of its own."""


Samples = dict[str, list[Sample]]
"""The rounds of each peer, by its name."""


async def interleaved(work: Work, peers: Sequence[Any], rounds: int) -> Samples:
    """Let all `peers` do `work` in turn. A first round warms up, and finds how many commands fill the window."""
    counts = dict.fromkeys((peer.name for peer in peers), work.step)
    samples: Samples = {peer.name: [] for peer in peers}
    for number in range(-2, rounds):
        for peer in peers:
            slices = [await _once(work, peer, counts[peer.name]) for _ in range(SLICES)]
            sample = Sample(min(one.seconds for one in slices), min(one.cpu for one in slices))
            if number >= 0:
                samples[peer.name].append(sample)
            else:
                counts[peer.name] = max(1, round(WINDOW / sample.seconds / work.step)) * work.step
    return samples


async def interleaved_p99(peers: Sequence[Any], rounds: int) -> dict[str, list[float]]:
    """Give the 99th percentile of each peer in each round, in seconds."""
    found: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for number in range(-1, rounds):
        for peer in peers:
            gc.collect()
            latency = await p99(peer, P99_WINDOW)
            if number >= 0:
                found[peer.name].append(latency)
    return found


async def _once(work: Work, peer: Any, count: int) -> Sample:
    gc.collect()
    if isinstance(peer, NodeRedis):
        return Sample(await peer.seconds(work.name, count) / count, 0.0)
    cpu, started = time.process_time(), time.perf_counter()
    await work.run(peer, count)
    return Sample((time.perf_counter() - started) / count, (time.process_time() - cpu) / count)
