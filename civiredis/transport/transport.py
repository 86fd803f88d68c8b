"""The transport of one client: its connections, one set per event loop, made when the first command needs them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar, overload

from civiredis.transport.credentials import follow
from civiredis.transport.dialling import from_pool, from_url
from civiredis.transport.errors import TransportClosedError
from civiredis.transport.forking import abandon, forget_in_children
from civiredis.transport.options import TransportOptions
from civiredis.transport.routes import ROUTES
from civiredis.transport.server import Server
from civiredis.transport.stats import Counters, TransportStats, errors_among, snapshot
from civiredis.transport.transaction import raise_common, unwrapped, wrapped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from redis.asyncio.connection import ConnectionPool
    from redis.credentials import CredentialProvider

    from civiredis.transport.dialling import Make
    from civiredis.transport.own import Lease
    from civiredis.transport.reply import BatchReply, Decoder, FutureReply
    from civiredis.transport.sentinel import SentinelMaster
    from civiredis.transport.wire import Args

T = TypeVar("T")


class Transport:
    """Sends commands to one server; usable from several event loops, each with connections of its own."""

    def __init__(
        self,
        make: Make,
        options: TransportOptions | None = None,
        *,
        master: SentinelMaster | None = None,
        provider: CredentialProvider | None = None,
    ) -> None:
        """Dial what `make` makes (`from_pool` and `from_url` make it); connects nothing yet.

        With `master`, only a master is spoken to, and left when the sentinels name another. When `provider` renews
        credentials, open connections log in again.
        """
        self.options = options or TransportOptions()
        self._master = master
        self._make = make
        self._counters = Counters()
        self._here: Server | None = None
        self._servers: dict[asyncio.AbstractEventLoop, Server] = {}
        self._closed = False
        forget_in_children(self)
        follow(provider, self._log_in)

    @classmethod
    def from_url(cls, url: str, options: TransportOptions | None = None) -> Transport:
        """Make a transport to a server that redis-py's URL names (redis, rediss or unix)."""

        async def find() -> str:
            return url

        return cls.found_by(find, options)

    @classmethod
    def found_by(
        cls,
        find: Callable[[], Awaitable[str]],
        options: TransportOptions | None = None,
        provider: CredentialProvider | None = None,
    ) -> Transport:
        """Make a transport to the URL that `find` gives, asked before each dialling: it may start the server."""
        options = options or TransportOptions()
        return cls(from_url(find, options.connect_timeout, provider), options, provider=provider)

    @classmethod
    def from_sentinels(
        cls,
        master: SentinelMaster,
        options: TransportOptions | None = None,
        provider: CredentialProvider | None = None,
    ) -> Transport:
        """Make a transport to whichever server the sentinels call the master."""
        options = options or TransportOptions()
        return cls(from_url(master.find, options.connect_timeout, provider), options, master=master, provider=provider)

    @classmethod
    def from_pool(cls, pool: ConnectionPool, options: TransportOptions | None = None) -> Transport:
        """Make a transport that dials as `pool` does: its class of connections, TLS, credentials, database."""
        return cls(from_pool(pool), options, provider=pool.connection_kwargs.get("credential_provider"))

    @overload
    def execute(self, args: Args, decode: None = None) -> FutureReply[Any]: ...

    @overload
    def execute(self, args: Args, decode: Decoder[T]) -> FutureReply[T]: ...

    def execute(self, args: Args, decode: Decoder[Any] | None = None) -> FutureReply[Any]:
        """Send one command now, and give its reply to come: raw, or what `decode` makes of it.

        Blocking commands get a connection of their own.

        Raises:
            TypeError: an argument is not str, bytes, int or float.
            SharedConnectionError: the command would change the shared connection (SELECT, MULTI, SUBSCRIBE, ...).
            RuntimeError: no event loop is running.

        """
        here = self._here
        # get_running_loop() would ask the kernel for the process each time, on Python 3.11: as much as a third of this
        if here is None or here.thread != get_ident() or not here.loop.is_running():
            here = self._arrive()
        return here.submit(args, decode, ROUTES[args[0]])  # type: ignore[index]

    def batch(self, commands: Sequence[Args], decoders: Sequence[Decoder[Any] | None] | None = None) -> BatchReply:
        """Send commands in one write, nothing between them; the reply is the list of their results.

        An error stands in its command's place, never raised. `MULTI` first and `EXEC` last make a transaction.
        """
        return self._arrive().batch(commands, decoders)

    def execute_blocking(self, args: Args, decode: Decoder[T], seconds: float) -> FutureReply[T]:
        """Send a command that may wait for `seconds` (0: for ever) on a connection of its own."""
        return self._arrive().own.execute(args, decode, seconds)

    async def execute_batch(self, commands: Sequence[Args], *, transaction: bool) -> list[Any]:
        """Send commands in one write, in MULTI and EXEC for a transaction, and give their raw replies in order.

        An error of a single command stands in its place; what stops all of them is raised.
        """
        replies = await self.batch(wrapped(commands) if transaction else commands)
        self._counters.errors += errors_among(replies)
        raise_common(replies)
        return unwrapped(replies) if transaction else replies

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Lease]:
        """Have a connection alone for the length of the block: WATCH, SUBSCRIBE, MONITOR, SELECT."""
        async with self._arrive().own.lease() as lease:
            yield lease

    def stats(self) -> TransportStats:
        """Count what happened so far."""
        return snapshot(self._counters, self._servers.values())

    async def aclose(self) -> None:
        """Wait for commands under way in this event loop (until their deadlines), then close its connections.

        Commands issued later fail with `TransportClosedError`. Connections of loops that have ended are let go.
        """
        self._closed = True
        self._here = None  # so that other loops look, too
        await self.aclose_here()
        self._forget_ended_loops()

    async def aclose_here(self) -> None:
        """Close the connections of this event loop only; the client goes on elsewhere, and here when used again."""
        loop = asyncio.get_running_loop()
        server = self._servers.get(loop)
        if server is not None:
            if self._master is not None:
                await self._master.unwatch(server)
            await server.aclose()
            del self._servers[loop]
        if self._here is server:
            self._here = None

    def _arrive(self) -> Server:
        """Give the connections of the running loop."""
        loop = asyncio.get_running_loop()
        if self._closed:
            message = "the client is closed"
            raise TransportClosedError(message)
        server = self._servers.get(loop)
        if server is None:
            self._forget_ended_loops()
            server = Server(self._make, self.options, self._counters, master_only=self._master is not None)
            self._servers[loop] = server
            if self._master is not None:
                self._master.watch(server)
        server.thread = get_ident()
        self._here = server
        return server

    def _log_in(self, username: str, password: str) -> None:
        for loop, server in list(self._servers.items()):
            with suppress(RuntimeError):  # a loop that has ended since
                loop.call_soon_threadsafe(server.log_in, username, password)

    def _forget_ended_loops(self) -> None:
        for loop in [loop for loop in self._servers if loop.is_closed()]:
            del self._servers[loop]

    def forget_parent(self) -> None:
        """In a forked child: leave the parent's sockets alone, and start with none."""
        abandon(self._servers)
        self._servers = {}
        self._here = None
