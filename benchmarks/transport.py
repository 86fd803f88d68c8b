"""How fast, compared: `uv run --group bench python -m benchmarks.transport [--rounds N] [--uvloop] [--svg FILE]`.

Starts a server of its own, lets every client do every work, round by round one after another, and prints how many
times faster than the base each was: the median of the rounds, and the middle half of them as the noise. Absolute
numbers of one machine say little; ratios of runs a second apart say more.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import time
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]  # ships no annotations
import uvloop

from benchmarks.peers import Civiredis, Coredis, Glide, NodeRedis, RedisPy
from benchmarks.ratios import Ratio, picture, ratio, table
from benchmarks.works import WORKS, Work, p99
from tests.valkey_server import ValkeyServer

PROFILE = {"id": 1, "name": "Ada Lovelace", "tags": ["admin", "editor"], "address": {"city": "London", "zip": "W1"}}
P99_POOLS = (10, 50, 200)
"""Sizes of redis-py pools tried for the lowest p99."""
P99_COUNT = 4000


async def timed(peer: Any, work: Work) -> tuple[float, float]:
    """Run one round; give its seconds, and those of this process's CPU."""
    gc.collect()
    if isinstance(peer, NodeRedis):
        return await peer.seconds(work.name, work.count), 0.0
    cpu, started = time.process_time(), time.perf_counter()
    await work.run(peer, work.count)
    return time.perf_counter() - started, time.process_time() - cpu


async def measured(work: Work, peers: dict[str, Any], rounds: int) -> tuple[dict[str, Ratio], Ratio]:
    """Give each peer's ratio to the base, and how little CPU ours takes of the base's (base / ours)."""
    names = (work.base, "civiredis", *work.peers)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    cpu: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        for name in names:
            wall, process = await timed(peers[name], work)
            if number:  # the first round warms up
                seconds[name].append(wall)
                cpu[name].append(process)
    ratios = {name: ratio(seconds[work.base], seconds[name]) for name in names[1:]}
    return ratios, ratio(cpu[work.base], cpu["civiredis"])


async def measured_p99(peers: dict[str, Any], port: int, rounds: int) -> tuple[Ratio, str]:
    """Give the best pool's p99 as a multiple of ours, and which pool that was."""
    pools = [RedisPy(size) for size in P99_POOLS]
    for pool in pools:
        await pool.open(port)
    found: dict[str, list[float]] = {peer.name: [] for peer in [*pools, peers["civiredis"]]}
    for number in range(rounds + 1):
        for peer in [*pools, peers["civiredis"]]:
            gc.collect()
            latency = await p99(peer, P99_COUNT)
            if number:
                found[peer.name].append(latency)
    for pool in pools:
        await pool.aclose()
    best = min((pool.name for pool in pools), key=lambda name: sorted(found[name])[rounds // 2])
    return ratio(found[best], found["civiredis"]), best


async def compare(port: int, rounds: int) -> str:
    """Measure everything and print it; give the picture of it."""
    every: list[Any] = [Civiredis(), RedisPy(), RedisPy(50), Glide(), Coredis(), NodeRedis()]
    for peer in every:
        await peer.open(port)
    peers = {peer.name: peer for peer in every}
    client = peers["redis-py"].bytes_client
    await client.set("user:1", "x" * 100)
    await client.set("packed:profile:1", msgpack.packb(PROFILE))
    others = ("valkey-glide", "coredis", "node-redis")
    rows: list[list[str]] = []
    bars: list[tuple[str, float, bool]] = []
    for work in WORKS:
        ratios, cpu = await measured(work, peers, rounds)
        shown = [str(ratios[name]) if name in ratios else "" for name in others]
        rows.append([work.name, work.base, str(ratios["civiredis"]), f"{work.goal:g}", f"{1 / cpu.median:.2f}", *shown])
        print(f"  {work.name}: {rows[-1][2]}", file=sys.stderr)
        bars += [(f"{work.name}: {name}", value.median, name == "civiredis") for name, value in ratios.items()]
    latency, best = await measured_p99(peers, port, rounds)
    rows.append(["p99 of 200 closed loops", best, str(latency), "8", "", "", "", ""])
    print(table(["work", "base = 1.0", "civiredis", "goal", "CPU of base", *others], rows))
    for peer in every:
        await peer.aclose()
    return picture("Operations per second, redis-py = 1", bars)


def main() -> None:
    """Read the options, start a server, and compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.transport")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--uvloop", action="store_true", help="run every Python client on uvloop")
    parser.add_argument("--svg", type=Path, help="draw the result into this file")
    options = parser.parse_args()
    with (
        ValkeyServer() as server,
        asyncio.Runner(loop_factory=uvloop.new_event_loop if options.uvloop else None) as run,
    ):
        drawn = run.run(compare(server.port, options.rounds))
    if options.svg is not None:
        options.svg.write_text(drawn)


if __name__ == "__main__":
    main()
