"""The Python clients that are compared: each gets, sets and pipelines on the same server."""

from __future__ import annotations

from typing import Any, Final, Protocol

import coredis
import glide
import msgpack  # type: ignore[import-untyped]  # ships no annotations
from redis.asyncio import BlockingConnectionPool, Redis

from civiredis import CacheRegistry, create_cache_redis

CIVIREDIS: Final = "civiredis"
REDIS_PY: Final = "redis-py"
POOL: Final = "redis-py, blocking pool of 50"
GLIDE: Final = "valkey-glide"
COREDIS: Final = "coredis"


class Peer(Protocol):
    """A client under measure; what of the works it cannot do, it has no method for."""

    name: str

    async def open(self, port: int) -> None: ...
    async def aclose(self) -> None: ...


class Keys(CacheRegistry):
    """The keys of the benchmarks."""

    USER = "user"
    PROFILE = "packed:profile"


class Civiredis:
    """Our own client, from the command down to the socket."""

    name = CIVIREDIS

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
        self.name = REDIS_PY if pool is None else f"redis-py, blocking pool of {pool}"
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

    name = COREDIS

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

    name = GLIDE

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
