"""The clients that are compared: each gets, sets and pipelines on the same server."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any, Protocol

import coredis
import glide
import msgpack  # type: ignore[import-untyped]  # ships no annotations
from redis.asyncio import BlockingConnectionPool, Redis

from civiredis import CacheRegistry, create_cache_redis

NODE = Path(__file__).parent / "node"


class Peer(Protocol):
    """A Python client under measure."""

    name: str

    async def open(self, port: int) -> None: ...
    def get(self) -> Any: ...
    def set(self) -> Any: ...
    async def pipeline(self) -> None: ...
    def packed_get(self) -> Any: ...
    async def aclose(self) -> None: ...


class Keys(CacheRegistry):
    """The keys of the benchmarks."""

    USER = "user"
    PROFILE = "packed:profile"


class Civiredis:
    """Our own client, from the command down to the socket."""

    name = "civiredis"

    async def open(self, port: int) -> None:
        url = f"redis://127.0.0.1:{port}/0"
        self.client = create_cache_redis(Keys, url=url)
        await self.get()

    def get(self) -> Any:
        return self.client.get("user:1")

    def set(self) -> Any:
        return self.client.set("user:2", "value")

    def packed_get(self) -> Any:
        return self.client.packed.get("packed:profile:1")

    async def pipeline(self) -> None:
        async with self.client.pipeline() as pipe:
            for index in range(100):
                pipe.set(f"user:{index}", "value")

    async def aclose(self) -> None:
        await self.client.aclose()


class RedisPy:
    """redis-py's asyncio client: as it comes, or on a blocking pool."""

    def __init__(self, pool: int | None = None) -> None:
        self.name = "redis-py" if pool is None else f"redis-py, pool of {pool}"
        self._pool = pool

    async def open(self, port: int) -> None:
        url = f"redis://127.0.0.1:{port}/0"
        pool = self._pool
        if pool is None:
            self.client = Redis.from_url(url, decode_responses=True)
            self.bytes_client = Redis.from_url(url)
        else:
            limits: dict[str, Any] = {"max_connections": pool, "timeout": None}
            self.client = Redis(connection_pool=BlockingConnectionPool.from_url(url, decode_responses=True, **limits))
            self.bytes_client = Redis(connection_pool=BlockingConnectionPool.from_url(url, **limits))
        await self.get()

    def get(self) -> Any:
        return self.client.get("user:1")

    def set(self) -> Any:
        return self.client.set("user:2", "value")

    async def pipeline(self) -> None:
        async with self.client.pipeline(transaction=False) as pipe:
            for index in range(100):
                pipe.set(f"user:{index}", "value")
            await pipe.execute()

    async def packed_get(self) -> object:
        return msgpack.unpackb(await self.bytes_client.get("packed:profile:1"), timestamp=3, strict_map_key=False)

    async def aclose(self) -> None:
        await self.client.aclose()
        await self.bytes_client.aclose()
        await self.client.connection_pool.disconnect()
        await self.bytes_client.connection_pool.disconnect()


class Coredis:
    """coredis, on a pool of 50 for many callers."""

    name = "coredis"

    async def open(self, port: int) -> None:
        self.client = coredis.Redis("127.0.0.1", port, decode_responses=True, max_connections=50)
        await self.client.__aenter__()
        await self.get()

    def get(self) -> Any:
        return self.client.get("user:1")

    def set(self) -> Any:
        return self.client.set("user:2", "value")

    async def aclose(self) -> None:
        await self.client.__aexit__(None, None, None)


class Glide:
    """valkey-glide: a multiplexed connection in Rust."""

    name = "valkey-glide"

    async def open(self, port: int) -> None:
        address = glide.NodeAddress("127.0.0.1", port)
        self.client = await glide.GlideClient.create(glide.GlideClientConfiguration([address], request_timeout=5000))
        await self.get()

    def get(self) -> Any:
        return self.client.get("user:1")

    def set(self) -> Any:
        return self.client.set("user:2", "value")

    async def pipeline(self) -> None:
        batch = glide.Batch(is_atomic=False)
        for index in range(100):
            batch.set(f"user:{index}", "value")
        await self.client.exec(batch, raise_on_error=True)

    async def aclose(self) -> None:
        await self.client.close()


class NodeRedis:
    """node-redis in a process of its own, driven over its stdin; `seconds()` instead of single commands."""

    name = "node-redis"

    async def open(self, port: int) -> None:
        if not (NODE / "node_modules").is_dir():
            await asyncio.to_thread(subprocess.run, ["npm", "ci", "--silent"], cwd=NODE, check=True)
        self.process = await asyncio.create_subprocess_exec(
            "node",
            str(NODE / "peer.mjs"),
            f"redis://127.0.0.1:{port}/0",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    async def seconds(self, work: str, count: int) -> float:
        """Let Node do `count` commands of `work`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"work": work, "count": count}).encode() + b"\n")
        return float(await self.process.stdout.readline())

    async def aclose(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()
