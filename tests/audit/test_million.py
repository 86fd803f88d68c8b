"""A million keys, on one server and on three masters: in under a minute of one core, in memory that does not grow."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import redis

from tests.transport.valkey_cluster import Cluster

if TYPE_CHECKING:
    from pathlib import Path

MILLION = 1_000_000

PROGRAM = """
import resource, sys
from civiredis.cli import main
status = main(["audit", "keys:CacheKeys", "--json", "--rate", "0", "--url", sys.argv[1]])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.slow
def test_a_million_keys(project: Path, cache_url: str) -> None:
    with redis.Redis.from_url(cache_url) as client:
        fill(client)
    audit_million(project, cache_url, masters=1)


@pytest.mark.slow
def test_a_million_keys_of_a_cluster(project: Path) -> None:
    with Cluster.started() as cluster:
        host, port = cluster.addresses[0]
        with redis.RedisCluster(host=host, port=port) as client:
            fill(client)
        audit_million(project, f"redis://{host}:{port}/0", masters=3)


def fill(client: redis.Redis | redis.RedisCluster) -> None:
    with client.pipeline(transaction=False) as pipe:
        for number in range(MILLION):
            pipe.set(f"user:{number}" if number % 10 else f"usr:{number}", "x" * 50, ex=3600)
            if number % 10_000 == 9_999:
                pipe.execute()


def audit_million(project: Path, url: str, *, masters: int) -> None:
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", PROGRAM, url], cwd=project, capture_output=True, text=True, check=True)
    seconds = time.monotonic() - start
    processor, kibibytes = map(float, done.stderr.split())
    report = json.loads(done.stdout)
    assert len(report["masters"]) == masters
    assert report["examined"] == MILLION
    assert report["unmatched"][0]["keys"] == MILLION / 10
    print(f"{seconds:.1f} s, {processor:.1f} s of processor time, {kibibytes / 1024:.0f} MiB")  # noqa: T201 the figures
    assert processor < 60
    assert kibibytes < 200 * 1024
