"""redis-py dials and hands over: fails when a new redis-py keeps its connection elsewhere."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis.asyncio.connection import ConnectionPool, UnixDomainSocketConnection
from redis.credentials import UsernamePasswordCredentialProvider
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from civiredis.transport import Transport, TransportOptions
from civiredis.transport.dialling import from_pool, hand_over
from civiredis.transport.line import Line

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartServer


async def test_handshake_is_redis_pys(start_server: StartServer, tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    server = start_server(user=["default off", "worker on >secret ~* +@all"], unixsocket=path)
    provider = UsernamePasswordCredentialProvider("worker", "secret")
    url = f"redis://127.0.0.1:{server.port}/3?client_name=mine"
    transport = Transport.from_pool(ConnectionPool.from_url(url, credential_provider=provider))
    info = await transport.execute(("CLIENT", "INFO"), bytes.decode)
    fields = dict(item.split("=", 1) for item in info.split())
    assert (fields["db"], fields["name"], fields["resp"], fields["user"]) == ("3", "mine", "3", "worker")
    assert fields["lib-name"].startswith("redis-py")
    await transport.aclose()

    pool = ConnectionPool(
        connection_class=UnixDomainSocketConnection,
        path=path,
        credential_provider=provider,
    )
    transport = Transport.from_pool(pool)
    assert await transport.execute(("PING",)) == b"PONG"
    await transport.aclose()


async def test_what_is_relied_on_in_redis_py(cache_url: str) -> None:
    connection = await from_pool(ConnectionPool.from_url(cache_url))()
    await connection.connect()  # type: ignore[no-untyped-call]
    assert connection._reader is not None
    assert connection._writer is not None
    reader: Any = connection._reader
    assert reader._buffer == b""
    transport = cast("asyncio.Transport", connection._writer.transport)
    line = Line(Deaf(), asyncio.get_running_loop(), 1)
    hand_over(connection, line)
    assert transport.get_protocol() is line
    assert connection._reader is None
    assert connection._writer is None
    del connection
    gc.collect()
    assert not transport.is_closing(), "the socket outlives redis-py's connection"
    transport.abort()


async def test_connection_closed_during_the_handshake_is_refused(cache_url: str) -> None:
    connection = await from_pool(ConnectionPool.from_url(cache_url))()
    await connection.connect()  # type: ignore[no-untyped-call]
    assert connection._reader is not None
    reader: Any = connection._reader
    reader._buffer.extend(b"+LATE\r\n")
    line = Line(Deaf(), asyncio.get_running_loop(), 1)
    with pytest.raises(RedisConnectionError, match="out of step"):
        hand_over(connection, line)


async def test_silent_server_times_out(start_server: StartServer) -> None:
    server = start_server()
    options = TransportOptions(connect_timeout=0.1, connect_retries=1, backoff_base=0.01)
    transport = Transport.from_url(server.url, options)
    with server.stalled(), pytest.raises(RedisTimeoutError, match="not sent"):
        await transport.execute(("PING",))
    await transport.aclose()


async def test_server_that_cannot_be_found() -> None:
    async def find() -> str:
        raise LookupError("no server today")

    transport = Transport.found_by(find)
    results = await asyncio.gather(*[transport.execute(("PING",)) for _ in range(3)], return_exceptions=True)
    assert [str(result) for result in results] == ["no server today"] * 3
    assert all(isinstance(result, LookupError) for result in results)
    await transport.aclose()


class Deaf:
    """An owner that nothing is told."""

    def refused(self, *_: object) -> None: ...
    def answered(self, *_: object) -> None: ...
    def arrived_large(self, *_: object) -> None: ...
    def lost(self, *_: object) -> None: ...
