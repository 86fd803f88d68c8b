"""The two clients: how they are made and closed, and what each of them has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import redis.asyncio

import civiredis
from civiredis import (
    CacheRedis,
    CacheRegistry,
    EmbeddedServerError,
    RedisSettings,
    RegistryError,
    RegistryWarning,
    SettingsError,
    SysRedis,
    TransportClosedError,
    create_cache_redis,
    create_redis_clients,
    create_sys_redis,
)
from civiredis.location import ServerLocation
from tests.commands.keys import CacheKeys, SysKeys

if TYPE_CHECKING:
    from tests.conftest import StartServer


async def test_a_block_and_unpacking(cache_url: str, sys_url: str) -> None:
    settings = RedisSettings(url=cache_url, sys_url=sys_url, cache_key_namespace="app")
    async with create_redis_clients(CacheKeys, SysKeys, settings=settings) as (cache, system):
        assert isinstance(cache, CacheRedis)
        assert isinstance(system, SysRedis)
        await cache.set("user:1", "a")
        await system.set("system:features", "b")
        assert await cache.raw.keys() == [b"app:user:1"]
        assert await system.raw.keys() == [b"system:features"]
    cache, system = create_redis_clients(CacheKeys, SysKeys, settings=settings)
    assert await cache.get("user:1") == "a"
    assert await system.get("system:features") == "b"
    await cache.aclose()
    await system.aclose()


async def test_settings_come_from_the_environment(
    cache_url: str, sys_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", cache_url)
    monkeypatch.setenv("REDIS_SYS_URL", sys_url)
    async with create_redis_clients(CacheKeys, SysKeys) as (cache, system):
        assert await cache.ping()
        assert await system.ping()
    monkeypatch.delenv("REDIS_SYS_URL")
    with pytest.raises(SettingsError, match="REDIS_SYS_URL"):
        create_redis_clients(CacheKeys, SysKeys)


def test_making_a_client_connects_nothing_and_needs_no_loop() -> None:
    client = create_cache_redis(CacheKeys, url="redis://127.0.0.1:1")
    assert isinstance(client.raw, redis.asyncio.Redis)
    with pytest.raises(SettingsError):
        create_sys_redis(SysKeys, url="http://127.0.0.1")


async def test_a_server_that_is_not_there(start_server: StartServer) -> None:
    server = start_server()
    server.stop()
    async with create_cache_redis(CacheKeys, url=server.url, socket_connect_timeout=0.5) as client:
        with pytest.raises(redis.exceptions.ConnectionError):
            await client.get("user:1")


async def test_a_base_in_both_registries_is_warned_of() -> None:
    class Other(CacheRegistry):
        FEATURES = "features"
        SHARED = "shared"

    class Both(civiredis.SysRegistry):
        SHARED = "shared"

    settings = RedisSettings(url="redis://127.0.0.1:1/0", sys_url="redis://127.0.0.1:1/1")
    with pytest.warns(RegistryWarning, match="Other and Both both declare the base key 'shared'"):
        create_redis_clients(Other, Both, settings=settings)  # type: ignore[redis-registry]


def test_the_system_client_cannot_flush() -> None:
    for name in ("flushdb", "flushall"):
        assert hasattr(CacheRedis, name)
        assert not hasattr(SysRedis, name)
    assert {name for name in dir(CacheRedis) if not name.startswith("_")} - {"flushdb", "flushall"} == {
        name for name in dir(SysRedis) if not name.startswith("_")
    }


async def test_an_embedded_server_runs_while_its_client_does() -> None:
    client = create_cache_redis(CacheKeys, url="embedded://clients")
    with pytest.raises(EmbeddedServerError, match="await one"):
        _ = client.raw
    await asyncio.gather(*(client.incr("generation:count") for _ in range(20)))
    assert await client.raw.get("generation:count") == b"20"
    assert isinstance(client._location, ServerLocation)
    address = client._location.url
    await client.aclose()
    async with create_cache_redis(CacheKeys, url=address) as gone:
        with pytest.raises(redis.exceptions.ConnectionError):
            await gone.ping()


async def test_a_stalled_server_is_an_error_and_not_a_wait(start_server: StartServer) -> None:
    server = start_server()
    async with create_cache_redis(CacheKeys, url=server.url, socket_timeout=0.3) as client:
        assert await client.blpop(["user:1"], timeout=0.6) is None
        await client.raw.client_pause(900)
        with pytest.raises(redis.exceptions.TimeoutError):
            await client.get("user:1")
        await asyncio.sleep(0.7)
        assert await client.get("user:1") is None


def test_what_a_client_is_made_with_is_checked_as_settings_are() -> None:
    url = "redis://127.0.0.1:1"
    with pytest.raises(SettingsError, match=r"^namespace = 'a:' starts or ends with a colon"):
        create_cache_redis(CacheKeys, url=url, namespace="a:")
    for wrong in (0, -1, float("nan"), "5", None, True):
        seconds: Any = wrong
        with pytest.raises(SettingsError, match=r"^socket_timeout is a number of seconds"):
            create_cache_redis(CacheKeys, url=url, socket_timeout=seconds)
        with pytest.raises(SettingsError, match=r"^socket_connect_timeout is a number of seconds"):
            create_sys_redis(SysKeys, url=url, socket_connect_timeout=seconds)


def test_a_registry_of_the_other_server_is_refused() -> None:
    cache_keys: Any = CacheKeys
    sys_keys: Any = SysKeys
    with pytest.raises(RegistryError, match="SysKeys is no CacheRegistry"):
        create_cache_redis(sys_keys, url="redis://127.0.0.1:1")
    with pytest.raises(RegistryError, match="CacheKeys is no SysRegistry"):
        create_sys_redis(cache_keys, url="redis://127.0.0.1:1")
    settings = RedisSettings(url="redis://127.0.0.1:1/0", sys_url="redis://127.0.0.1:1/1")
    with pytest.raises(RegistryError, match="SysKeys is no CacheRegistry"):
        create_redis_clients(sys_keys, cache_keys, settings=settings)


async def test_a_closed_client_stays_closed(cache_url: str) -> None:
    client = create_cache_redis(CacheKeys, url=cache_url)
    assert await client.raw.ping()
    assert await client.set("user:1", "a")
    await client.aclose()
    await client.aclose()
    with pytest.raises(TransportClosedError, match="the client is closed"):
        await client.get("user:1")
    with pytest.raises(TransportClosedError, match="the client is closed"):
        _ = client.raw
    with pytest.raises(TransportClosedError, match="the client is closed"):
        await client.packed.set("packed:user:profile", "x" * 20_000, compress=True)
    with pytest.raises(TransportClosedError, match="the client is closed"):
        async with client.pipeline() as pipe:
            pipe.get("user:1")


def test_a_client_shows_no_password() -> None:
    client = create_cache_redis(CacheKeys, url="redis://ada:s3cret@127.0.0.1:1")
    assert repr(client) == "<CacheRedis of CacheKeys>"
