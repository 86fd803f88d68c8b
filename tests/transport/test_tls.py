"""TLS as URLs ask for it: redis-py makes the connection, and the shared connection goes on with it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from civiredis import OutcomeUnknownError, create_cache_redis, create_sys_redis
from tests.commands.keys import CacheKeys, SysKeys
from tests.transport.tls_front import Certificates, TlsFront

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.conftest import StartServer
    from tests.valkey_server import ValkeyServer


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


@pytest.fixture
def server(start_server: StartServer) -> ValkeyServer:
    return start_server(user=["default off", "worker on >secret ~* +@all"])


@asynccontextmanager
async def front(server: ValkeyServer, context: ssl.SSLContext) -> AsyncIterator[TlsFront]:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # refused handshakes are told of, and expected
    async with TlsFront(server, context) as made:
        yield made


async def test_everything_travels_over_tls(server: ValkeyServer, certificates: Certificates) -> None:
    async with front(server, certificates.context()) as tls:
        url = f"rediss://worker:secret@localhost:{tls.port}/2?ssl_ca_certs={certificates.ca}"
        async with create_cache_redis(CacheKeys, url=url) as client:
            assert await client.set("user:1", "é")
            assert await asyncio.gather(*[client.get("user:1") for _ in range(2000)]) == ["é"] * 2000
            assert client.stats().connections == 1
            async with client.pipeline() as pipe:
                for number in range(500):
                    pipe.packed.set(f"packed:user:profile:{number}", {"id": number})
            assert await client.packed.get("packed:user:profile:499") == {"id": 499}
            large = "x" * 8_000_000
            written, small = client.set("user:large", large), client.get("user:1")
            assert (await small, await written) == ("é", True)
            assert await client.get("user:large") == large
            waiting = asyncio.ensure_future(client.blpop(["user:list"], timeout=10))
            await client.rpush("user:list", "x")
            assert await waiting == ("user:list", "x")
            assert await client.raw.acl_whoami() == "worker"
            assert await client.raw.get("user:1") == "é".encode()


async def test_a_connection_that_is_cut_is_made_again(server: ValkeyServer, certificates: Certificates) -> None:
    async with front(server, certificates.context()) as tls:
        url = f"rediss://worker:secret@localhost:{tls.port}?ssl_ca_certs={certificates.ca}"
        async with create_sys_redis(SysKeys, url=url) as client:
            await client.set("system:features", "on")
            with server.stalled():
                read, write = client.get("system:features"), client.incr("system:features:n")
                await asyncio.sleep(0.05)
                tls.cut()
            with pytest.raises(OutcomeUnknownError):
                await write
            assert await read == "on", "sent again over another connection"
            stats = client.stats()
            assert (stats.connects, stats.losses) == (2, 1)


async def test_certificates_of_clients(server: ValkeyServer, certificates: Certificates) -> None:
    async with front(server, certificates.context(ask=True)) as tls:
        url = f"rediss://worker:secret@localhost:{tls.port}?ssl_ca_certs={certificates.ca}"
        own = f"&ssl_certfile={certificates.client}&ssl_keyfile={certificates.client}"
        async with create_cache_redis(CacheKeys, url=url + own) as client:
            assert await client.ping()
        async with create_cache_redis(CacheKeys, url=url) as client:
            with pytest.raises(RedisError):
                await client.ping()


@pytest.mark.parametrize("wrong", ["authority", "name", "no tls"])
async def test_whom_it_does_not_trust_it_tells_nothing(
    server: ValkeyServer, certificates: Certificates, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    name = "elsewhere.example" if wrong == "name" else "localhost"
    async with front(server, certificates.context(name=name)) as tls:
        url = f"rediss://worker:secret@localhost:{tls.port}?ssl_ca_certs={certificates.ca}"
        if wrong == "authority":
            url = url.partition("?")[0]  # the authorities of the machine
        if wrong == "no tls":
            url = url.replace("rediss", "redis").partition("?")[0]
        async with create_cache_redis(CacheKeys, url=url, socket_connect_timeout=1) as client:
            with pytest.raises(RedisConnectionError) as refused:
                await client.set("user:1", "value")
    if wrong != "no tls":
        assert "certificate verify failed" in str(refused.value)
    assert "not sent" in str(refused.value)
    assert "secret" not in str(refused.value) + caplog.text
