"""MGET of 100 keys over three masters: `uv run --group bench python -m benchmarks.cluster [--rounds N]`.

The base is redis-py's cluster client asked for each key in a gather, which is what works there without thought.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import time
from typing import TYPE_CHECKING, Any

import coredis
import glide
from redis.asyncio import RedisCluster

from benchmarks.ratios import ratio, table
from civiredis.transport.cluster import ClusterTransport
from tests.transport.valkey_cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KEYS = [f"user:{number}" for number in range(100)]
CALLS = 10
"""MGETs a round."""


async def compare(cluster: Cluster, rounds: int) -> None:
    """Measure everything, round by round, and print it."""
    port = cluster.masters[0].port
    ours = ClusterTransport(cluster.addresses, "redis://")
    theirs = RedisCluster(host="127.0.0.1", port=port, decode_responses=True)
    await theirs.initialize()
    core: Any = coredis.RedisCluster("127.0.0.1", port, decode_responses=True)
    await core.__aenter__()
    configuration = glide.GlideClusterClientConfiguration([glide.NodeAddress("127.0.0.1", port)], request_timeout=5000)
    rust = await glide.GlideClusterClient.create(configuration)
    command = ("MGET", *KEYS)
    await ours.execute(("MSET", *[word for key in KEYS for word in (key, "x" * 100)]))

    def text(raw: list[bytes]) -> list[str]:
        return [value.decode() for value in raw]

    ways: dict[str, Callable[[], Awaitable[object]]] = {
        "redis-py, gather of GETs": lambda: asyncio.gather(*[theirs.get(key) for key in KEYS]),
        "redis-py, mget_nonatomic": lambda: theirs.mget_nonatomic(KEYS),
        "coredis": lambda: core.mget(KEYS),
        "valkey-glide": lambda: rust.mget(list(KEYS)),
        "civiredis": lambda: ours.execute(command, text),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            gc.collect()
            started = time.perf_counter()
            for _ in range(CALLS):
                await way()
            if number:
                seconds[name].append(time.perf_counter() - started)
    base = seconds["redis-py, gather of GETs"]
    rows = [[name, str(ratio(base, found)), str(ratio(found, seconds["civiredis"]))] for name, found in seconds.items()]
    print(table(["mget of 100 keys, 3 masters", "times the gather", "civiredis is times faster"], rows))
    await ours.aclose()
    await theirs.aclose()
    await core.__aexit__(None, None, None)
    await rust.close()


def main() -> None:
    """Start a cluster, and compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with Cluster.started() as cluster:
        asyncio.run(compare(cluster, options.rounds))


if __name__ == "__main__":
    main()
