"""One server as one event loop sees it: the shared connection, the one for large values, and callers' own."""

from __future__ import annotations

import asyncio
from functools import partial
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar

from redis.exceptions import ReadOnlyError

from civiredis.transport.bulk import Bulk
from civiredis.transport.credentials import log_in_again
from civiredis.transport.dialling import dial
from civiredis.transport.errors import SharedConnectionError, TransportClosedError
from civiredis.transport.link import Link
from civiredis.transport.own import OwnConnections, batch_reply
from civiredis.transport.reply import FutureReply
from civiredis.transport.routes import BLOCKING, READ, REFUSED, ROUTES, blocking_seconds, resolve
from civiredis.transport.wire import pack_command, packed, unpackable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.transport.dialling import Make
    from civiredis.transport.line import Line
    from civiredis.transport.options import TransportOptions
    from civiredis.transport.reply import BatchReply, Decoder
    from civiredis.transport.stats import Counters
    from civiredis.transport.wire import Args, Parcel

T = TypeVar("T")


class Server:
    """Everything one event loop has open to one server."""

    def __init__(
        self,
        make: Make,
        options: TransportOptions,
        counters: Counters,
        *,
        master_only: bool = False,
    ) -> None:
        """Connect nothing yet; belongs to the running loop. With `master_only`, a replica is never spoken to."""
        self.loop = asyncio.get_running_loop()
        self.thread = get_ident()
        """Where the loop runs: with `loop.is_running()`, the sign that it is the running one."""
        self.options = options
        dialler = partial(dial_with, make, options.connect_timeout, master_only)
        self.link = Link(self.loop, dialler, options, counters)
        self.large_link = Link(self.loop, dialler, options, counters)
        self.own = OwnConnections(self.loop, dialler, options, counters)
        self.closed = False
        self._bulk = Bulk(self.link, self.large_link)
        self._large = options.large
        self._limit = options.pending_limit
        if master_only:
            self.link.on_refused = self.large_link.on_refused = self._refused

    def submit(self, args: Args, decode: Decoder[T] | None, route: int) -> FutureReply[T]:
        """Send one command; the hot path, so the common case is written out."""
        if route > READ:
            route = resolve(args, route)
            if route > READ:
                return self._apart(args, decode, route)
        try:
            data = pack_command(args)
        except TypeError:
            raise unpackable(args) from None
        reply: FutureReply[T] = FutureReply(loop=self.loop)
        reply.caller = None
        reply.decode = decode
        reply.size = size = len(data)
        reply.resend = data if route == READ else None
        if size > self._large or self._bulk.detours:
            self._by_size(reply, data, args, [args])
            return reply
        link = self.link
        line = link.line
        if line is None or link.queue or link.closed or line.pending + size > self._limit:
            link.send(reply, data, args)
            return reply
        line.push(reply, data)
        if not link.watched:
            link.watch()
        return reply

    def forward(self, reply: FutureReply[Any], args: Args, route: int) -> None:
        """Send one command for a reply that exists already (it may have been sent to another server before)."""
        data = packed(args)
        reply.size = len(data)
        reply.resend = data if route == READ else None
        self._by_size(reply, data, args, [args])

    def batch(self, commands: Sequence[Args], decoders: Sequence[Decoder[Any] | None] | None) -> BatchReply:
        """Send commands in one write, next to each other, and collect their replies."""
        repeatable = all(resolve(args, ROUTES[args[0]]) == READ for args in commands)  # type: ignore[index]
        reply, data = batch_reply(self.loop, commands, decoders, repeatable=repeatable)
        if not commands:
            reply.complete()
        else:
            self._by_size(reply, data, list(commands), commands)
        return reply

    def _by_size(self, reply: FutureReply[Any], data: bytes, parcel: Parcel, commands: Sequence[Args]) -> None:
        bulk = self._bulk
        if len(data) > self._large or (bulk.detours and bulk.wants(commands)):
            bulk.send(reply, data, parcel, commands)
        else:
            self.link.send(reply, data, parcel)

    def _apart(self, args: Args, decode: Decoder[T] | None, route: int) -> FutureReply[T]:
        if self.closed:
            reply: FutureReply[T] = FutureReply.on(self.loop)
            reply.fail(TransportClosedError("the client is closed"))
            return reply
        if route == REFUSED:
            message = f"{args[0]!r} would change the connection that all callers share: lease one of your own"
            raise SharedConnectionError(message)
        assert route == BLOCKING  # noqa: S101 - all that is left
        return self.own.execute(args, decode, blocking_seconds(args))

    def log_in(self, username: str, password: str) -> None:
        """Log in again wherever a connection is open; those that callers have alone end with their use."""
        log_in_again(self.loop, [link.line for link in self.links() if link.line is not None], username, password)
        self.own.expire()

    def retire(self) -> None:
        """Leave this server for the one that is found at the next dialling; what is under way is still answered."""
        for link in self.links():
            link.retire()
        self.own.retire()

    def _refused(self, link: Link, reply: FutureReply[Any], error: Exception) -> None:
        """Leave a master that was demoted: it refuses writes, and was not asked to do anything."""
        if isinstance(error, ReadOnlyError):
            link.retire()
        reply.fail(error)

    def links(self) -> tuple[Link, Link]:
        """Give both links, for whoever counts."""
        return self.link, self.large_link

    def lines(self) -> list[Line]:
        """Every connection open now."""
        return [link.line for link in self.links() if link.line is not None] + self.own.lines()

    async def aclose(self) -> None:
        """Wait for what is under way, end blocking commands, close every connection."""
        self.closed = True
        await self.own.aclose()
        await self.link.aclose()
        await self.large_link.aclose()
        await asyncio.sleep(0)  # sockets are closed in the next turn, and this may be the last


async def dial_with(make: Make, seconds: float, master_only: bool, line: Line) -> None:  # noqa: FBT001
    """Dial with the arguments in the order a link needs them."""
    await dial(make, line, seconds, master_only=master_only)
