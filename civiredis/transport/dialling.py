"""redis-py dials, the line takes over: the only module that looks inside a redis-py connection.

redis-py knows URLs, TLS, ACL users, credential providers, HELLO, SELECT and Sentinel; once `connect()` is done,
the connected transport only needs another protocol. What is relied on (`_reader`, `_writer`, `StreamWriter.transport`
and `StreamReader._buffer`) is guarded by `tests/transport/test_dialling.py`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeAlias, cast
from urllib.parse import urlsplit, urlunsplit

from redis.asyncio.connection import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.maint_notifications import MaintNotificationsConfig

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from redis.asyncio.connection import AbstractConnection
    from redis.credentials import CredentialProvider

    from civiredis.transport.line import Line


Make: TypeAlias = "Callable[[], Awaitable[AbstractConnection]]"
"""Finds the server and makes a redis-py connection to it, not connected yet."""


def from_pool(pool: ConnectionPool) -> Make:
    """Make connections as `pool` would, but outside its count and without redis-py's own retries."""

    async def make() -> AbstractConnection:
        kwargs = dict(pool.connection_kwargs)
        kwargs["retry"] = Retry(NoBackoff(), 0)
        # Notifications of managed services arrive as pushes that only redis-py's own reader understands.
        kwargs["maint_notifications_config"] = MaintNotificationsConfig(enabled=False)
        connection: AbstractConnection = pool.connection_class(**kwargs)
        return connection

    return make


def from_url(find: Callable[[], Awaitable[str]], seconds: float, provider: CredentialProvider | None = None) -> Make:
    """Make connections to the URL that `find` gives; it is asked before each dialling, as a server may move.

    `provider` gives the credentials, where the URL holds none.
    """
    login = {} if provider is None else {"credential_provider": provider}

    async def make() -> AbstractConnection:
        times = {"socket_timeout": seconds, "socket_connect_timeout": seconds}
        return await from_pool(ConnectionPool.from_url(await find(), protocol=3, **times, **login))()

    return make


def at_address(url: str, address: tuple[str, int]) -> str:
    """Give `url` with another host and port: a server that was discovered, with the same user, password and TLS."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    netloc = f"{login}@{host}:{address[1]}" if login else f"{host}:{address[1]}"
    return urlunsplit(parts._replace(netloc=netloc))


async def dial(make: Make, line: Line, seconds: float, *, master_only: bool = False) -> None:
    """Connect within `seconds` and put `line` onto the socket; with `master_only`, refuse a replica.

    Raises:
        redis.exceptions.ConnectionError: nobody answers, or the handshake failed (AuthenticationError and others).
        redis.exceptions.TimeoutError: not connected in time.

    """
    connection = await make()
    try:
        async with asyncio.timeout(seconds):
            await connection.connect()  # type: ignore[no-untyped-call]
            if master_only:
                await _check_master(connection)
    except TimeoutError:
        _abort(connection)
        message = f"not connected within {seconds} s"
        raise RedisTimeoutError(message) from None
    except BaseException:
        _abort(connection)
        raise
    hand_over(connection, line)


async def _check_master(connection: AbstractConnection) -> None:
    await connection.send_command("ROLE")
    role = (await connection.read_response(disable_decoding=True))[0]
    if role != b"master":
        message = f"this server is no master but a {role.decode()}: demoted, or not promoted yet"
        raise RedisConnectionError(message)


def hand_over(connection: AbstractConnection, line: Line) -> None:
    """Replace redis-py's protocol on the connected transport by `line`."""
    reader, writer = connection._reader, connection._writer  # noqa: SLF001
    if reader is None or writer is None or reader._buffer or reader.at_eof():  # type: ignore[attr-defined]  # noqa: SLF001
        _abort(connection)
        message = "connection closed or out of step after the handshake"
        raise RedisConnectionError(message)
    transport = cast("asyncio.Transport", writer.transport)
    line.transport = transport
    line.keeper = (writer, reader)
    transport.set_protocol(line)
    transport.resume_reading()
    connection._reader = connection._writer = None  # noqa: SLF001 - or it would close the socket when collected


def _abort(connection: AbstractConnection) -> None:
    writer = connection._writer  # noqa: SLF001
    if writer is not None:
        writer.transport.abort()
        connection._reader = connection._writer = None  # noqa: SLF001
