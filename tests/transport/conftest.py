"""A transport, and a plain redis-py client beside it to look at the server from outside."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from redis.asyncio import Redis

from civiredis.transport import Transport, TransportOptions
from tests.transport.valkey_cluster import Cluster
from tests.transport.watched_master import Watched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from contextlib import AbstractAsyncContextManager

    from tests.conftest import StartServer


class Connect(Protocol):
    """Make a transport to a URL, closed at the end of the block; `options` are those of `TransportOptions`."""

    def __call__(self, url: str, **options: Any) -> AbstractAsyncContextManager[Transport]: ...


@pytest.fixture
def connect() -> Connect:
    """Give the factory of transports."""

    @asynccontextmanager
    async def connected(url: str, **options: Any) -> AsyncIterator[Transport]:
        transport = Transport.from_url(url, TransportOptions(**options))
        try:
            yield transport
        finally:
            await transport.aclose()

    return connected


@pytest.fixture
async def transport(cache_url: str, connect: Connect) -> AsyncIterator[Transport]:
    """Give a transport to the empty cache server, with default options."""
    async with connect(cache_url) as made:
        yield made


@pytest.fixture
async def admin(cache_url: str) -> AsyncIterator[Redis]:
    """Give a plain client of the cache server."""
    async with Redis.from_url(cache_url, decode_responses=True) as client:
        yield client


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Give a cluster of three masters and their replicas to the tests of one module."""
    with Cluster.started() as made:
        yield made


@pytest.fixture
async def watched(start_server: StartServer) -> Watched:
    """Give a master that sentinels watch, once they know each other."""
    watched = Watched(start_server)
    await watched.settle()
    return watched
