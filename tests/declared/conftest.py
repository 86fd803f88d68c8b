"""Clients of the declared keys: the cache with a namespace, which no answer may show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import redis

from civiredis import create_cache_redis, create_sys_redis
from tests.declared.keys import CacheKeys, SysKeys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

Issue: TypeAlias = Callable[[Callable[[Any], Awaitable[Any]]], Awaitable[Any]]
"""Issues one command, and gives its result."""

ROUTES = ["client", "pipeline", "transaction"]


@pytest.fixture
async def cache(cache_url: str) -> AsyncIterator[Any]:
    """The cache client. What goes in and comes back is the run time's to check here, so it is of any type."""
    async with create_cache_redis(CacheKeys, url=cache_url, namespace="app") as client:
        yield client


@pytest.fixture
async def system(sys_url: str) -> AsyncIterator[Any]:
    async with create_sys_redis(SysKeys, url=sys_url) as client:
        yield client


def issuing(client: Any, route: str) -> Issue:
    async def issue(command: Callable[[Any], Awaitable[Any]]) -> Any:
        if route == "client":
            return await command(client)
        async with getattr(client, route)() as batch:
            reply = command(batch)
        return await reply

    return issue


@pytest.fixture(params=ROUTES)
def cached(request: pytest.FixtureRequest, cache: Any) -> Issue:
    return issuing(cache, request.param)


@pytest.fixture(params=ROUTES)
def systemic(request: pytest.FixtureRequest, system: Any) -> Issue:
    return issuing(system, request.param)


@pytest.fixture
def cache_bytes(cache_url: str) -> Iterator[redis.Redis]:
    """The cache server as another program sees it: bytes, and keys with the namespace `app:`."""
    with redis.Redis.from_url(cache_url) as raw:
        yield raw


@pytest.fixture
def sys_bytes(sys_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(sys_url) as raw:
        yield raw
