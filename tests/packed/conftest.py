"""Clients with packed values on real servers: directly, in a pipeline and in a transaction; and Node beside them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest
import redis

from civiredis import CacheRegistry, SysRegistry
from civiredis.client import create_cache_redis, create_sys_redis
from civiredis.packed import CachePacked, SysPacked
from tests.packed.node_peer import NodePeer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from civiredis.client import CacheRedis, SysRedis
    from tests.valkey_server import ValkeyServer


class CacheKeys(CacheRegistry):
    PROFILE = "packed:user:profile"
    SEEN = "packed:user:seen"


class SysKeys(SysRegistry):
    FEATURES = "packed:system:features"


Cached: TypeAlias = Callable[[Callable[[CachePacked[CacheKeys]], Awaitable[object]]], Awaitable[object]]
"""Issues one command of the cache's `.packed`, and gives its result."""

Systemic: TypeAlias = Callable[[Callable[[SysPacked[SysKeys]], Awaitable[object]]], Awaitable[object]]
"""Issues one command of the system client's `.packed`, and gives its result."""

ROUTES = ["client", "pipeline", "transaction"]


@pytest.fixture
async def cache(cache_url: str) -> AsyncIterator[CacheRedis[CacheKeys]]:
    async with create_cache_redis(CacheKeys, url=cache_url, namespace="app") as client:
        yield client


@pytest.fixture
async def system(sys_url: str) -> AsyncIterator[SysRedis[SysKeys]]:
    async with create_sys_redis(SysKeys, url=sys_url) as client:
        yield client


@pytest.fixture(params=ROUTES)
def cached(request: pytest.FixtureRequest, cache: CacheRedis[CacheKeys]) -> Cached:
    async def issue(command: Callable[[CachePacked[CacheKeys]], Awaitable[object]]) -> object:
        if request.param == "client":
            return await command(cache.packed)
        async with getattr(cache, request.param)() as batch:
            reply = command(batch.packed)
        return await reply

    return issue


@pytest.fixture(params=ROUTES)
def systemic(request: pytest.FixtureRequest, system: SysRedis[SysKeys]) -> Systemic:
    async def issue(command: Callable[[SysPacked[SysKeys]], Awaitable[object]]) -> object:
        if request.param == "client":
            return await command(system.packed)
        async with getattr(system, request.param)() as batch:
            reply = command(batch.packed)
        return await reply

    return issue


@pytest.fixture
def cache_bytes(cache_url: str) -> Iterator[redis.Redis]:
    """The cache server as another program sees it: bytes, and keys with the namespace `app:`."""
    with redis.Redis.from_url(cache_url) as raw:
        yield raw


@pytest.fixture
def sys_bytes(sys_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(sys_url) as raw:
        yield raw


@pytest.fixture(scope="session")
def node(cache_server: ValkeyServer) -> Iterator[NodePeer]:
    with NodePeer(cache_server.port) as peer:
        yield peer
