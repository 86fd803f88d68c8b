"""Clients of a cluster, each asked for the same hundred keys."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import coredis
import glide
from redis.asyncio import RedisCluster

from benchmarks.transport.peers import CIVIREDIS, COREDIS, GLIDE, Keys
from civiredis import create_cache_redis

GATHER_OF_GETS: Final = "redis-py, gather of GETs"
NONATOMIC: Final = "redis-py, mget_nonatomic"
KEYS: Final = [f"user:{number}" for number in range(100)]


class Civiredis:
    """Our own client."""

    name = CIVIREDIS

    async def open(self, port: int) -> None:
        self.client = create_cache_redis(Keys, url=f"redis://127.0.0.1:{port}", cluster=True)
        self.keys = [Keys.parse(key) for key in KEYS]
        await self.client.mset(dict.fromkeys(self.keys, "x" * 100))

    def mget(self) -> Any:
        return self.client.mget(self.keys)

    async def aclose(self) -> None:
        await self.client.aclose()


class RedisPyCluster:
    """redis-py's cluster client; `mget_nonatomic` is its own way, a gather is what works without thought."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def open(self, port: int) -> None:
        self.client = RedisCluster(host="127.0.0.1", port=port, decode_responses=True)
        await self.client.initialize()

    def mget(self) -> Any:
        if self.name == NONATOMIC:
            return self.client.mget_nonatomic(KEYS)
        return asyncio.gather(*[self.client.get(key) for key in KEYS])

    async def aclose(self) -> None:
        await self.client.aclose()


class CoredisCluster:
    """coredis' cluster client."""

    name = COREDIS

    async def open(self, port: int) -> None:
        self.client: Any = coredis.RedisCluster("127.0.0.1", port, decode_responses=True)
        await self.client.__aenter__()

    def mget(self) -> Any:
        return self.client.mget(KEYS)

    async def aclose(self) -> None:
        await self.client.__aexit__(None, None, None)


class GlideCluster:
    """valkey-glide's cluster client."""

    name = GLIDE

    async def open(self, port: int) -> None:
        address = glide.NodeAddress("127.0.0.1", port)
        configuration = glide.GlideClusterClientConfiguration([address], request_timeout=5000)
        self.client = await glide.GlideClusterClient.create(configuration)

    def mget(self) -> Any:
        return self.client.mget(list(KEYS))

    async def aclose(self) -> None:
        await self.client.close()
