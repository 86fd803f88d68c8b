"""The clients of these tests, on servers that are empty at the start of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from civiredis import create_cache_redis
from tests.commands.keys import CacheKeys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from civiredis import CacheRedis


@pytest.fixture(params=["", "app[1]?"], ids=["plain", "namespaced"])
async def redis(request: pytest.FixtureRequest, cache_url: str) -> AsyncIterator[CacheRedis[CacheKeys]]:
    """The cache client, without and with a namespace, which no answer may show."""
    async with create_cache_redis(CacheKeys, url=cache_url, namespace=request.param) as client:
        yield client
