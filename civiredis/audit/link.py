"""One connection to one server, for many small questions in one round trip.

redis-py's connection does the dialling (TLS, passwords, Unix sockets); its pipelines are not used, as they spend more
time on a command than the server does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError
from redis.retry import Retry

from civiredis.exceptions import CiviredisError
from civiredis.server_url import EMBEDDED, Address, ServerUrl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from redis.connection import AbstractConnection

TIMEOUT: Final = 10.0
"""Seconds to wait for a connection, and for each reply, unless the URL says otherwise."""

_LOGIN: Final = "write user and password into the URL, as in redis://USER:PASSWORD@HOST:6379/0"

Word: TypeAlias = bytes | str | int
RawReply: TypeAlias = Any
"""What a server answers; its shape depends on the command."""


class AuditError(CiviredisError):
    """The keyspace cannot be walked: no server, no access, or the server was lost on the way."""


class Link:
    """A connection that sends commands in batches, and hands error replies back as values."""

    def __init__(self, connection: AbstractConnection, name: str) -> None:
        self._connection = connection
        self.name = name
        """The server as messages call it; never with a password."""

    @classmethod
    def open(cls, url: str, node: Address | None = None) -> Link:
        """Connect to the server of `url`, or to `node` with everything else as `url` says.

        Raises `SettingsError` where the URL is wrong, and `AuditError` where no server takes the connection.
        """
        parsed = ServerUrl.parse(url, "--url")
        if parsed.scheme == EMBEDDED:
            raise AuditError(
                "an embedded:// server lives in the process that uses it; give the URL of a running server"
            )
        pool = ConnectionPool.from_url(url)
        options = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT, **pool.connection_kwargs}
        options |= {"protocol": 2, "retry": Retry(NoBackoff(), 0)}
        if node is not None:
            options |= {"host": node.host, "port": node.port, "db": 0}
        link = cls(pool.connection_class(**options), str(parsed if node is None else node))
        try:
            link._connection.connect()  # type: ignore[no-untyped-call]  # redis-py leaves it without
        except (AuthenticationError, NoPermissionError) as refused:
            raise AuditError(f"{link.name} lets nobody in like this: {refused}; {_LOGIN}") from refused
        except (RedisError, OSError) as fault:
            raise AuditError(f"no server answers at {link.name}: {fault}") from fault
        return link

    def ask(self, *command: Word) -> RawReply:
        """Carry out one command. Raises `AuditError` where the server refuses it, or is lost."""
        (reply,) = self.ask_all([command])
        if isinstance(reply, ResponseError):
            raise AuditError(_refusal(self.name, command, reply))
        return reply

    def ask_all(self, commands: Sequence[Sequence[Word]]) -> list[RawReply]:
        """Carry out commands in one round trip; the reply of one that is refused is a `ResponseError`.

        Raises `AuditError` where the server is lost, and where the user may not use a command.
        """
        try:
            self._connection.send_packed_command([packed(commands)])  # type: ignore[no-untyped-call]  # likewise
            return [self._reply(command) for command in commands]
        except (RedisError, OSError) as fault:
            raise AuditError(f"{self.name} was lost: {fault}") from fault

    def close(self) -> None:
        """Close the connection."""
        self._connection.disconnect()  # type: ignore[no-untyped-call]  # likewise

    def __enter__(self) -> Self:
        """Use the link for the length of a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def _reply(self, command: Sequence[Word]) -> RawReply:
        try:
            return self._connection.read_response(disable_decoding=True)
        except (AuthenticationError, NoPermissionError) as refused:
            raise AuditError(_refusal(self.name, command, refused)) from refused
        except ResponseError as refused:
            return refused


def packed(commands: Iterable[Sequence[Word]]) -> bytes:
    """Write commands as they go over the wire (https://valkey.io/topics/protocol/)."""
    parts: list[bytes] = []
    for command in commands:
        parts.append(b"*%d\r\n" % len(command))
        for word in command:
            text = word if isinstance(word, bytes) else str(word).encode()
            parts.append(b"$%d\r\n%b\r\n" % (len(text), text))
    return b"".join(parts)


def _refusal(name: str, command: Sequence[Word], refused: Exception) -> str:
    first = command[0]
    shown = first.decode() if isinstance(first, bytes) else first
    way_out = f"; {_LOGIN}" if isinstance(refused, AuthenticationError) else ""
    return f"{name} does not carry out {shown}: {refused}{way_out}"
