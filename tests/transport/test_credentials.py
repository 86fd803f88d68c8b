"""Users of the server's access lists, from URLs and from credential providers, also when these renew what they give."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from redis.auth.token import SimpleToken
from redis.credentials import CredentialProvider, StreamingCredentialProvider
from redis.exceptions import AuthenticationError, NoPermissionError

from civiredis import RedisSettings, SettingsError, create_cache_redis, create_redis_clients, create_sys_redis
from tests.commands.keys import CacheKeys, SysKeys
from tests.transport.asking import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import StartServer
    from tests.transport.valkey_cluster import Cluster
    from tests.valkey_server import ValkeyServer

USERS = [
    "default off",
    "first on >secret-1 ~* +@all",
    "second on >secret-2 ~* +@all",
    "third on >secret-3 ~user:* +get",
]


class Rotating(StreamingCredentialProvider):
    """Gives one user after another, and tells of each."""

    def __init__(self, *, awaits: bool = False) -> None:
        self.user, self.asked = "first", 0
        self._awaits = awaits
        self._next: Callable[[Any], Any] | None = None
        self._error: Callable[[Exception], Any] | None = None

    def get_credentials(self) -> tuple[str, str]:
        self.asked += 1
        return self.user, {"first": "secret-1", "second": "secret-2"}[self.user]

    async def get_credentials_async(self) -> tuple[str, str]:
        return self.get_credentials()

    def on_next(self, callback: Callable[[Any], None]) -> None:
        self._next = callback

    def on_error(self, callback: Callable[[Exception], None]) -> None:
        self._error = callback

    def is_streaming(self) -> bool:
        return True

    async def rotate(self, user: str, password: str) -> None:
        """Tell of another user, from a thread of its own or, as some providers do, by awaiting."""
        self.user = user
        assert self._next is not None
        token = SimpleToken(password, -1, 0, {"oid": user})
        if self._awaits:
            await self._next(token)
        else:
            thread = threading.Thread(target=self._next, args=[token])
            thread.start()
            await asyncio.to_thread(thread.join)

    async def fail(self) -> None:
        assert self._error is not None
        self._error(ValueError("secret-reason"))


@pytest.fixture
def server(start_server: StartServer) -> ValkeyServer:
    return start_server(user=USERS)


def address(server: ValkeyServer) -> str:
    return f"redis://127.0.0.1:{server.port}/0"


async def test_a_user_of_the_url_may_do_what_it_may(server: ValkeyServer) -> None:
    url = address(server).replace("//", "//third:secret-3@")
    async with create_cache_redis(CacheKeys, url=url) as client:
        assert await client.get("user:1") is None
        with pytest.raises(NoPermissionError):
            await client.set("user:1", "v")
        with pytest.raises(NoPermissionError):
            await client.get("generation:count")
        assert client.stats().connects == 1


@pytest.mark.parametrize("awaits", [False, True])
async def test_open_connections_log_in_again(server: ValkeyServer, *, awaits: bool) -> None:
    provider = Rotating(awaits=awaits)
    async with create_cache_redis(CacheKeys, url=address(server), credential_provider=provider) as client:
        await client.set("user:1", "v")
        await client.set("user:large", "x" * 1_000_000)
        assert await client.blpop(["user:list"], timeout=0.01) is None
        assert await client.raw.acl_whoami() == "first"
        busy = asyncio.ensure_future(client.blpop(["user:list"]))
        counting = asyncio.gather(*(client.incr("user:n") for _ in range(1000)))
        await provider.rotate("second", "secret-2")
        assert await counting == list(range(1, 1001)), "nobody is disturbed"
        assert await client.eval("return redis.call('PING')", [], []) == "PONG"
        assert client.stats().losses == 0
        await client.rpush("user:list", "x")
        assert await busy == ("user:list", "x")
        assert await client.blpop(["user:list"], timeout=0.01) is None
        who = [await client._transport.execute(("ACL", "WHOAMI"), bytes), await who_is_blocking(client)]
        assert who == [b"second", "second"]


async def who_is_blocking(client: Any) -> str:
    async with client._transport.lease() as lease:
        return str((await lease.execute(("ACL", "WHOAMI"))).decode())


async def test_a_renewal_that_fails_is_told_without_its_secret(
    server: ValkeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    provider = Rotating()
    async with create_sys_redis(SysKeys, url=address(server), credential_provider=provider) as client:
        await client.set("system:features", "v")
        await provider.fail()
        await provider.rotate("second", "secret-wrong")
        assert await client.get("system:features") == "v", "still logged in as before"
    assert "credentials were not renewed: ValueError" in caplog.text
    assert "did not log in again" in caplog.text
    assert "secret" not in caplog.text
    await provider.rotate("second", "secret-2")  # nobody listens any more, and nothing happens


async def test_a_new_connection_asks_again(server: ValkeyServer) -> None:
    class Plain(CredentialProvider):
        asked = 0

        def get_credentials(self) -> tuple[str, str]:
            self.asked += 1
            return ("first", "secret-1") if self.asked == 1 else ("second", "secret-2")

        async def get_credentials_async(self) -> tuple[str, str]:
            return self.get_credentials()

    provider = Plain()
    settings = RedisSettings(
        url=address(server), sys_url=address(server).replace("/0", "/1"), credential_provider=provider,
        sys_credential_provider=Rotating(),
    )  # fmt: skip
    assert "Plain" not in repr(settings)
    async with create_redis_clients(CacheKeys, SysKeys, settings=settings) as (cache, system):
        await cache.ping()
        await system.ping()
        await cache._transport.execute(("CLIENT", "KILL", "USER", "first", "SKIPME", "no"), int)
        await cache.ping()
        assert await cache._transport.execute(("ACL", "WHOAMI"), bytes) == b"second"


async def test_a_provider_whose_credentials_are_wrong(server: ValkeyServer) -> None:
    class Wrong(Rotating):
        def get_credentials(self) -> tuple[str, str]:
            return "first", "secret-wrong"

    async with create_cache_redis(CacheKeys, url=address(server), credential_provider=Wrong()) as client:
        with pytest.raises(AuthenticationError) as refused:
            await client.ping()
    assert "secret" not in str(refused.value)


async def test_on_a_cluster(cluster: Cluster) -> None:
    for node in cluster.servers:
        await ask(node, "ACL", "SETUSER", "first", "on", ">secret-1", "~*", "+@all")
        await ask(node, "ACL", "SETUSER", "second", "on", ">secret-2", "~*", "+@all")
    provider = Rotating()
    url = cluster.masters[0].url.removesuffix("/0")
    async with create_cache_redis(CacheKeys, url=url, cluster=True, credential_provider=provider) as client:
        await client.mset({f"user:{number}": number for number in range(100)})
        assert await client.raw.get("user:1") == b"1"
        await provider.rotate("second", "secret-2")
        await client.mget([f"user:{number}" for number in range(100)])
        for node in cluster.masters:
            clients = await ask(node, "CLIENT", "LIST")
            assert " user=second " in clients, "the connection that was open is another's now"
        assert client.stats().losses == 0


@pytest.mark.parametrize("url", ["redis://user:secret@127.0.0.1", "redis://127.0.0.1?password=secret", "embedded://x"])
def test_one_of_both_says_who_logs_in(url: str) -> None:
    with pytest.raises(SettingsError, match="credential_provider") as refused:
        create_cache_redis(CacheKeys, url=url, credential_provider=Rotating())
    assert "secret" not in str(refused.value)
