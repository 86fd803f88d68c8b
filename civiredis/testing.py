"""A pytest plugin: empty servers for tests, and clients of them.

It is asked for, with `-p civiredis.testing`, and not found by itself, so that test runs which do not need it do not
import it:

    # pyproject.toml
    [tool.pytest.ini_options]
    addopts = ["-p", "civiredis.testing"]
    civiredis_cache_registry = "app.keys:CacheKeys"
    civiredis_sys_registry = "app.keys:SysKeys"

    # a test
    async def test_visits(redis: CacheRedis[CacheKeys]) -> None:
        assert await redis.incr("user:1") == 1

One private server runs for the session, on a Unix socket; each test gets two databases of it, emptied before the test.
`redis` and `sys_redis` are asynchronous fixtures: they need pytest-asyncio, or anyio's own plugin. `redis_settings` and
`redis_environment` need neither.
"""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Final

import pytest
import redis as redis_py

from civiredis.catalogue.loading import LoadError, load_registry
from civiredis.client import create_cache_redis, create_sys_redis
from civiredis.registry import CacheRegistry, SysRegistry
from civiredis.server_process import ServerProcess
from civiredis.settings import VARIABLES, RedisSettings

try:
    from pytest_asyncio import fixture as async_fixture
except ImportError:  # anyio takes plain fixtures
    from pytest import fixture as async_fixture  # type: ignore[no-redef]  # noqa: PT013 another name for it

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from civiredis.client import CacheRedis, SysRedis
    from civiredis.registry import Registry

CACHE_OPTION: Final = "civiredis_cache_registry"
SYS_OPTION: Final = "civiredis_sys_registry"

DATABASES: Final = 16
"""What a server has unless it is told otherwise. Tests take turns, so that what one leaves running does no harm to the
next."""

_turns = itertools.count()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the configuration name the registries of the clients."""
    parser.addini(CACHE_OPTION, "registry of the fixture `redis`, as MODULE:REGISTRY", default="")
    parser.addini(SYS_OPTION, "registry of the fixture `sys_redis`, as MODULE:REGISTRY", default="")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL of a private server that runs until the session ends. Needs the extra `embedded`."""
    process = ServerProcess.start(None)
    yield process.url
    process.stop()


@pytest.fixture
def redis_settings(redis_server: str) -> RedisSettings:
    """The settings of two empty databases, one for the cache and one for the system.

    Of the environment `REDIS_CHECK_KEYS` counts: `REDIS_CHECK_KEYS=raise pytest` finds keys that mypy does not see.
    """
    turn = next(_turns)
    urls: list[str] = []
    for number in (2 * turn % DATABASES, (2 * turn + 1) % DATABASES):
        url = redis_server.replace("?db=0", f"?db={number}")
        with redis_py.Redis.from_url(url) as admin:
            admin.flushdb()
        urls.append(url)
    texts = {"url": urls[0], "sys_url": urls[1], "check_keys": os.environ.get(VARIABLES["check_keys"], "")}
    return RedisSettings.from_env({VARIABLES[field]: text for field, text in texts.items()})


@pytest.fixture
def redis_environment(redis_settings: RedisSettings, monkeypatch: pytest.MonkeyPatch) -> RedisSettings:
    """The same settings, also as environment variables, for code that calls `create_redis_clients` itself."""
    for field, variable in VARIABLES.items():
        monkeypatch.delenv(variable, raising=False)
        if field in {"url", "sys_url", "check_keys"}:
            monkeypatch.setenv(variable, getattr(redis_settings, field))
    return redis_settings


@async_fixture
async def redis(
    request: pytest.FixtureRequest, redis_settings: RedisSettings
) -> AsyncIterator[CacheRedis[CacheRegistry]]:
    """A client of the empty cache database, for the registry `civiredis_cache_registry`; annotate it with that one."""
    registry = _registry(request.config, CACHE_OPTION)
    if not issubclass(registry, CacheRegistry):
        raise pytest.UsageError(f"{CACHE_OPTION}: {registry.__name__} is no CacheRegistry")
    async with create_cache_redis(registry, url=redis_settings.url, check_keys=redis_settings.check_keys) as client:
        yield client


@async_fixture
async def sys_redis(
    request: pytest.FixtureRequest, redis_settings: RedisSettings
) -> AsyncIterator[SysRedis[SysRegistry]]:
    """A client of the empty system database, for the registry `civiredis_sys_registry`; annotate it with that one."""
    registry = _registry(request.config, SYS_OPTION)
    if not issubclass(registry, SysRegistry):
        raise pytest.UsageError(f"{SYS_OPTION}: {registry.__name__} is no SysRegistry")
    async with create_sys_redis(registry, url=redis_settings.sys_url, check_keys=redis_settings.check_keys) as client:
        yield client


def _registry(config: pytest.Config, option: str) -> type[Registry]:
    name = config.getini(option)
    if not name:
        raise pytest.UsageError(f"{option} is not set: name the registry of this client, as in app.keys:CacheKeys")
    try:
        return load_registry(name)
    except LoadError as fault:
        raise pytest.UsageError(f"{option}: {fault}") from fault
