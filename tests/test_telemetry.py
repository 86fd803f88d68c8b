"""What a client counts: `stats()`, and the same as metrics once somebody collects them."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import RedisError, ResponseError

from civiredis import TransportStats, create_cache_redis, create_sys_redis
from tests.commands.keys import CacheKeys, SysKeys

if TYPE_CHECKING:
    from tests.conftest import StartServer

METERED = """
import asyncio, json, sys
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from civiredis import create_cache_redis, create_sys_redis
from tests.commands.keys import CacheKeys, SysKeys

def collected(reader):
    return {
        metric.name: [
            {
                **point.attributes,
                "bounds": getattr(point, "explicit_bounds", None),
                "count": getattr(point, "count", None),
                "value": getattr(point, "value", None),
            }
            for point in metric.data.data_points
        ]
        for resource in reader.get_metrics_data().resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }

async def main(url):
    cache = create_cache_redis(CacheKeys, url=url)  # before there is a provider, as modules make their clients
    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider([reader]))
    async with cache, create_sys_redis(SysKeys, url=url) as system:
        await cache.set("user:1", "secret")
        await asyncio.gather(*(cache.get("user:1") for _ in range(10)))
        try:
            await cache.lpush("user:1", "x")
        except Exception:
            pass
        async with cache.pipeline() as pipe:
            pipe.get("user:1")
            pipe.get("user:2")
        try:
            await cache.eval("return redis.error_reply('My secret')", [], [])
        except Exception:
            pass
        await cache.blpop(["user:3"], timeout=0.01)
        await system.ping()
        waiting = asyncio.ensure_future(cache.blpop(["user:3"], timeout=10))
        while not cache.stats().busy:
            await asyncio.sleep(0.01)
        before = collected(reader)
        await cache.rpush("user:3", "x")
        await waiting
    async with create_cache_redis(CacheKeys, url=url) as another:
        await another.ping()
        print(json.dumps([before, collected(reader)]))

asyncio.run(main(sys.argv[1]))
"""

WITHOUT = """
import sys
sys.modules["opentelemetry"] = None
from civiredis import create_cache_redis, telemetry
from tests.commands.keys import CacheKeys
client = create_cache_redis(CacheKeys, url="redis://127.0.0.1:1")
assert not telemetry.INSTALLED
assert client._executor is client._transport
"""


def run(program: str, *args: str) -> str:
    return subprocess.run([sys.executable, "-c", program, *args], check=True, capture_output=True, text=True).stdout


def of_client(points: list[dict[str, Any]], client: str) -> int:
    (value,) = [point["value"] for point in points if point["civiredis.client"] == client]
    return int(value)


def test_metrics(cache_url: str) -> None:
    output = run(METERED, cache_url)
    assert "secret" not in output
    before, after = json.loads(output)
    durations = {
        (
            point["civiredis.client"],
            point["db.operation.name"],
            point.get("error.type"),
            point.get("db.response.status_code"),
        ): point["count"]
        for point in before["db.client.operation.duration"]
    }
    assert durations == {
        ("CacheKeys", "SET", None, None): 1,
        ("CacheKeys", "GET", None, None): 10,
        ("CacheKeys", "LPUSH", "ResponseError", "WRONGTYPE"): 1,
        ("CacheKeys", "EVAL", "ResponseError", None): 1,
        ("CacheKeys", "PIPELINE", None, None): 1,
        ("CacheKeys", "BLPOP", None, None): 1,
        ("SysKeys", "PING", None, None): 1,
    }
    conventional = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10}
    assert set(before["db.client.operation.duration"][0]["bounds"]) >= conventional
    for points in before.values():
        assert all(point["db.system.name"] == "redis" for point in points)
        assert all(point["db.client.connection.pool.name"] == point["civiredis.client"] for point in points)
    states = {
        point["db.client.connection.state"]: point["value"]
        for point in before["db.client.connection.count"]
        if point["civiredis.client"] == "CacheKeys"
    }
    assert states == {"used": 1, "idle": 1}, "one waits for an element, the shared one for commands"
    assert of_client(before["db.client.connection.pending_requests"], "CacheKeys") == 0
    counted = {name: of_client(before[name], "CacheKeys") for name in before if name.startswith("civiredis.")}
    assert min(counted.pop("civiredis.bytes.received"), counted.pop("civiredis.bytes.sent")) > 100
    assert counted == {
        "civiredis.commands": 16,
        "civiredis.errors": 2,
        "civiredis.timeouts": 0,
        "civiredis.connects": 2,
        "civiredis.reconnects": 0,
        "civiredis.in_flight": 1,
    }
    assert of_client(before["civiredis.commands"], "SysKeys") == 1
    assert of_client(after["civiredis.commands"], "CacheKeys") == 19, "what a closed client counted stays"
    left = {
        (point["civiredis.client"], point["db.client.connection.state"]): point["value"]
        for point in after["db.client.connection.count"]
    }
    assert left == {
        ("CacheKeys", "used"): 0,
        ("CacheKeys", "idle"): 1,
        ("SysKeys", "used"): 0,
        ("SysKeys", "idle"): 0,
    }


def test_nothing_where_it_is_not_installed() -> None:
    run(WITHOUT)


async def test_nothing_where_nobody_collects(cache_url: str) -> None:
    async with create_cache_redis(CacheKeys, url=cache_url) as client:
        await client.ping()
        assert client._executor is client._transport


async def test_stats(cache_url: str, sys_url: str) -> None:
    async with create_cache_redis(CacheKeys, url=cache_url) as cache, create_sys_redis(SysKeys, url=sys_url) as system:
        assert cache.stats() == TransportStats(*[0] * 12)
        await cache.set("user:1", "v")
        async with cache.transaction() as pipe:
            replies = [pipe.get("user:1"), pipe.lpush("user:1", "x"), pipe.get("user:1")]
        with pytest.raises(ResponseError):
            await replies[1]
        waiting = asyncio.gather(*(cache.get("user:1") for _ in range(10)))
        stats = cache.stats()
        assert (stats.in_flight, stats.connections, stats.replies, stats.errors) == (10, 1, 1 + 5, 1)
        assert stats.pending_bytes > 10 * len("GET user:1")
        await waiting
        assert cache.stats().replies == 16
        await system.ping()
        assert (system.stats().replies, system.stats().bytes_in) == (1, len("+PONG\r\n"))


async def test_log_lines_hold_no_values(start_server: StartServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = start_server(requirepass="secret-password", rename_command='APPEND ""')
    url = f"redis://:secret-password@127.0.0.1:{server.port}"
    async with create_cache_redis(CacheKeys, url=url, socket_timeout=0.3) as client:
        await client.set("user:1", "secret-value")
        async with client.pipeline() as pipe:
            dropped = pipe.append("user:1", "secret-value")
        del dropped
        assert "APPEND in a pipeline was never awaited" in caplog.text
        with server.stalled(), pytest.raises(RedisError):
            await client.set("user:1", "secret-value")
        server.kill()
        with pytest.raises(RedisError):
            await asyncio.gather(*(client.set("user:1", "secret-value") for _ in range(3)))
    wrong = url.replace("password", "mistake")
    server.start()
    async with create_cache_redis(CacheKeys, url=wrong) as client:
        with pytest.raises(RedisError):
            await client.get("user:1")
    assert caplog.text.count("connecting failed") >= 2
    assert "secret" not in caplog.text
