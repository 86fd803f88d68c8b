"""The system client with real sentinels: it finds the master, and follows it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import RedisError

from civiredis import SettingsError, SysRedis, create_redis_clients, create_sys_redis
from tests.commands.keys import CacheKeys, SysKeys
from tests.transport.watched_master import until

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.transport.watched_master import Watched


async def test_the_master_is_found_and_followed(
    watched: Watched, cache_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentinels = ",".join(f"{host}:{port}" for host, port in watched.addresses)
    monkeypatch.setenv("REDIS_URL", cache_url)
    monkeypatch.setenv("REDIS_SYS_URL", "redis://nobody:1/0?client_name=told")
    monkeypatch.setenv("REDIS_SYS_SENTINELS", f"127.0.0.1:1,{sentinels}")
    monkeypatch.setenv("REDIS_SYS_SENTINEL_NAME", "sys")
    async with create_redis_clients(CacheKeys, SysKeys) as (_, system):
        assert await system.set("system:features", "on")
        assert await system.raw.get("system:features") == b"on"
        assert await system.raw.client_getname() == "told"
        async with system.transaction() as pipe:
            pipe.hset("system:features:a", mapping={"x": 1})
            fields = pipe.hgetall("system:features:a")
        assert await fields == {"x": "1"}
        assert {key async for key in system.scan_iter()} == {"system:features", "system:features:a"}

        watched.first.kill()

        async def writes_again() -> bool:
            try:
                return await system.set("system:features", "off")
            except RedisError:
                return False

        await until(writes_again)
        assert await system.raw.get("system:features") == b"off"


async def test_passwords_of_both(start_server: StartServer, caplog: pytest.LogCaptureFixture) -> None:
    server = start_server(requirepass="of-server")
    directives = {"sentinel monitor": f"sys 127.0.0.1 {server.port} 1", "sentinel auth-pass": "sys of-server"}
    sentinel = start_server(sentinel=True, requirepass="of-sentinels", **directives)
    right: dict[str, Any] = {"url": "redis://:of-server@any", "sentinel_password": "of-sentinels"}

    def client(**passwords: str) -> SysRedis[SysKeys]:
        address = f"127.0.0.1:{sentinel.port}"
        return create_sys_redis(SysKeys, sentinels=[address], sentinel_name="sys", **{**right, **passwords})

    async with client() as system:
        await system.set("system:features", "on")
        assert await system.raw.get("system:features") == b"on"
    for wrong in ({"sentinel_password": "secret-1"}, {"url": "redis://:secret-2@any"}):
        async with client(**wrong) as system:
            with pytest.raises(RedisError) as refused:
                await system.get("system:features")
        assert "secret" not in str(refused.value) + caplog.text
    assert "of-se" not in caplog.text


async def test_several_commands_wait_for_one_discovery(watched: Watched) -> None:
    sentinels = [f"{host}:{port}" for host, port in watched.addresses]
    async with create_sys_redis(SysKeys, url="redis://any", sentinels=sentinels, sentinel_name="sys") as system:
        assert await asyncio.gather(*(system.incr("system:features") for _ in range(100))) == list(range(1, 101))


def test_a_name_is_needed() -> None:
    with pytest.raises(SettingsError, match="sentinel_name is missing"):
        create_sys_redis(SysKeys, url="redis://any", sentinels=["127.0.0.1"])
