"""How fast, compared: `uv run --group bench python -m benchmarks.transport [--rounds N] [--loop NAME] [--svg FILE]`.

Starts a server and a cluster of its own, and lets every client do every work, round by round one after another. Each
figure is the median of the rounds' ratios, with the lowest and the highest round behind it: absolute numbers of one
machine say little, ratios of runs a moment apart say more. In a round each client works six times, and the quickest
counts, as that was disturbed least by what else the machine does. It is done on asyncio's own event loop, then on
uvloop.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgpack  # type: ignore[import-untyped]  # ships no annotations
import uvloop

from benchmarks.ratios import ratio
from benchmarks.transport import cluster_peers
from benchmarks.transport.counts import calls_in_a_gather, calls_of_a_get, turns_of_a_get
from benchmarks.transport.node_redis import NodeRedis
from benchmarks.transport.peers import CIVIREDIS, Civiredis, Coredis, Glide, RedisPy
from benchmarks.transport.picture import Group, picture
from benchmarks.transport.results import Row, at_least, counted, rows_of, table
from benchmarks.transport.rounds import interleaved, interleaved_p99
from benchmarks.transport.works import CLUSTER_WORK, P99, P99_GOAL, WORKS
from tests.transport.valkey_cluster import Cluster
from tests.valkey_server import ValkeyServer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.transport.rounds import Samples
    from benchmarks.transport.works import Work

LOOPS: Final[dict[str, Callable[[], asyncio.AbstractEventLoop]]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}
PROFILE: Final = {
    "id": 1,
    "name": "Ada Lovelace",
    "tags": ["admin", "editor"],
    "address": {"city": "London", "zip": "W1"},
}
POOLS: Final = (10, 50, 200)
"""Sizes of redis-py's pools that are tried for the lowest p99."""


class Comparison:
    """Everything measured on one event loop."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self.rows: list[Row] = []
        self.groups: list[Group] = []

    async def on(self, port: int, cluster_port: int) -> None:
        """Measure everything on a server, and on a cluster."""
        pools = [RedisPy(size) for size in POOLS]
        ours, plain = Civiredis(), RedisPy()
        every: list[Any] = [ours, plain, *pools, Glide(), Coredis(), NodeRedis()]
        for peer in every:
            await peer.open(port)
        await plain.bytes_client.set("user:1", "x" * 100)
        await plain.bytes_client.set("packed:profile:1", msgpack.packb(PROFILE))
        for work in WORKS:
            await self._compare(work, every)
        stats = ours.client.stats()
        sockets = Row(WORKS[3].name, "sockets, errors", "1, 0", f"{stats.connections}, {stats.errors}", None)
        self._add([sockets._replace(reached=sockets.found == sockets.goal)])
        await self._compare_p99([*pools, ours])
        await self._count(ours, plain)
        for peer in every:
            await peer.aclose()
        await self._on_cluster(cluster_port)

    async def _compare(self, work: Work, peers: Sequence[Any]) -> None:
        wanted = {CIVIREDIS, *work.goals}
        samples = await interleaved(work, [peer for peer in peers if peer.name in wanted], self.rounds)
        self._add(rows_of(work, samples))
        self._draw(work, samples)

    def _draw(self, work: Work, samples: Samples) -> None:
        base, goal = next(iter(work.goals.items()))
        seconds = {name: [sample.seconds for sample in found] for name, found in samples.items()}
        bars = {name: ratio(seconds[base], seconds[name]).median for name in (CIVIREDIS, *work.goals)}
        self.groups.append(Group(f"{work.name} ({base} = 1)", goal or 1, bars))

    async def _compare_p99(self, peers: Sequence[Any]) -> None:
        found = await interleaved_p99(peers, self.rounds)
        pools = [peer.name for peer in peers if peer.name != CIVIREDIS]
        best = min(pools, key=lambda name: sorted(found[name])[self.rounds // 2])
        self._add([at_least(P99, f"the best pool: {best}", P99_GOAL, ratio(found[best], found[CIVIREDIS]))])

    async def _count(self, ours: Civiredis, plain: RedisPy) -> None:
        calls = await calls_of_a_get(ours), await calls_of_a_get(plain)
        self._add([counted("function calls of a sequential GET", 120, *calls)])
        self._add([counted("function calls of a GET in a gather", 110, await calls_in_a_gather(ours))])
        if type(asyncio.get_running_loop()).__module__.startswith("asyncio"):  # uvloop does not tell
            turns = await turns_of_a_get(ours), await turns_of_a_get(plain)
            self._add([counted("loop turns of a sequential GET", 2.1, *turns)])

    async def _on_cluster(self, port: int) -> None:
        redis_py = map(cluster_peers.RedisPyCluster, (cluster_peers.GATHER_OF_GETS, cluster_peers.NONATOMIC))
        others = (cluster_peers.GlideCluster(), cluster_peers.CoredisCluster())
        every: list[Any] = [cluster_peers.Civiredis(), *redis_py, *others]
        for peer in every:
            await peer.open(port)
        await self._compare(CLUSTER_WORK, every)
        for peer in every:
            await peer.aclose()

    def _add(self, rows: Sequence[Row]) -> None:
        self.rows += rows
        for row in rows:
            print(f"  {row.work}, {row.against}: {row.found}", file=sys.stderr)


def main() -> None:
    """Read the options, start the servers, compare, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.transport")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--loop", choices=LOOPS, help="only this one")
    parser.add_argument("--svg", type=Path, help="draw the results of the first loop into this file")
    options = parser.parse_args()
    loops = [options.loop] if options.loop else list(LOOPS)
    found: dict[str, Comparison] = {}
    with ValkeyServer() as server, Cluster.started() as cluster:
        for name in loops:
            print(f"{name}, load of the machine {os.getloadavg()[0]:.1f}", file=sys.stderr)
            found[name] = Comparison(options.rounds)
            with asyncio.Runner(loop_factory=LOOPS[name]) as runner:
                runner.run(found[name].on(server.port, cluster.masters[0].port))
    print(table({name: comparison.rows for name, comparison in found.items()}))
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"\nThe median of {options.rounds} rounds (lowest to highest), on {machine}.")
    if options.svg is not None:
        options.svg.write_text(picture(found[loops[0]].groups))


if __name__ == "__main__":
    main()
