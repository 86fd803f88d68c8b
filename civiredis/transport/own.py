"""Connections that one caller has for itself: blocking commands, WATCH, pub/sub and MONITOR."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from redis.exceptions import ConnectionError as RedisConnectionError

from civiredis.transport.errors import CommandTimeoutError, OutcomeUnknownError, TransportClosedError
from civiredis.transport.line import Line
from civiredis.transport.link import fail
from civiredis.transport.reply import BatchReply, FutureReply, HeldReply
from civiredis.transport.wire import pack_command, packed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from civiredis.transport.options import TransportOptions
    from civiredis.transport.reply import Decoder
    from civiredis.transport.stats import Counters
    from civiredis.transport.wire import Args

T = TypeVar("T")


class Lease:
    """A connection for one caller at a time; nothing is sent again here, and nothing is refused."""

    def __init__(self, loop: asyncio.AbstractEventLoop, options: TransportOptions, counters: Counters) -> None:
        """Wait to be dialled."""
        self.line = Line(self, loop, options.large)
        self.clean = True
        """Whether the connection may serve another caller afterwards."""
        self._loop = loop
        self._timeout = options.timeout
        self._counters = counters
        self._pushes: asyncio.Queue[Any] | None = None

    @overload
    async def execute(self, args: Args, decode: None = None, *, seconds: float | None = -1.0) -> Any: ...  # noqa: ANN401

    @overload
    async def execute(self, args: Args, decode: Decoder[T], *, seconds: float | None = -1.0) -> T: ...

    async def execute(self, args: Args, decode: Decoder[Any] | None = None, *, seconds: float | None = -1.0) -> Any:
        """Send one command and await its reply.

        `seconds` is the deadline: the client's timeout by default, None for none.
        """
        reply: FutureReply[Any] = FutureReply.on(self._loop)
        data = pack_command(args)
        reply.decode, reply.size, reply.resend = decode, len(data), None
        return await self._await(reply, data, seconds)

    async def batch(self, commands: Sequence[Args], decoders: Sequence[Decoder[Any] | None] | None = None) -> list[Any]:
        """Send commands in one write and await their replies; an error stands in its command's place."""
        if not commands:
            return []
        return await self._await(*batch_reply(self._loop, commands, decoders, repeatable=False), -1.0)

    def send(self, args: Args) -> None:
        """Send a command that is answered by pushes only (SUBSCRIBE and its kin)."""
        self.listen()
        data = pack_command(args)
        self.line.transport.write(data)
        self.line.bytes_out += len(data)

    async def pushes(self) -> AsyncIterator[Any]:
        """Yield messages that answer no command (pub/sub, MONITOR), until the connection is lost."""
        queue = self.listen()
        while True:
            message = await queue.get()
            if isinstance(message, Exception):
                raise message
            yield message

    def listen(self) -> asyncio.Queue[Any]:
        """Collect messages from now on; the connection serves nobody else afterwards."""
        self.clean = False
        if self._pushes is None:
            self._pushes = asyncio.Queue()
            self.line.on_push = self._pushes.put_nowait
        return self._pushes

    async def _await(self, reply: FutureReply[T], data: bytes, seconds: float | None) -> T:
        if self.line.closing:
            message = "this connection is lost"
            raise RedisConnectionError(message)
        self.line.push(reply, data)
        limit = self._timeout if seconds is not None and seconds < 0 else seconds
        try:
            async with asyncio.timeout(limit):
                return await reply
        except TimeoutError:
            self.clean = False
            message = f"no reply within {limit} s"
            raise CommandTimeoutError(message) from None
        except asyncio.CancelledError:
            self.clean = False  # the server may still hold the command: only closing ends it
            raise

    # LineOwner

    def refused(self, line: Line, reply: FutureReply[Any], error: Exception) -> None:  # noqa: ARG002
        """Hand the error to the caller."""
        self._counters.errors += 1
        reply.fail(error)

    def answered(self, line: Line) -> None:
        """Nobody waits for room here."""

    def arrived_large(self, line: Line, reply: FutureReply[Any], size: int) -> None:
        """Nobody else waits behind it."""

    def lost(self, line: Line, error: Exception) -> None:
        """Fail what was under way."""
        self.clean = False
        self._counters.add(line)
        for reply in list(line.fifo):
            fail(reply, lambda: OutcomeUnknownError(f"sent, but its reply will not come: {error}"))
        if self._pushes is not None:
            self._pushes.put_nowait(RedisConnectionError(str(error)))


class OwnConnections:
    """A small pool of leases; whoever finds none free waits."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        dial: Callable[[Line], Awaitable[None]],
        options: TransportOptions,
        counters: Counters,
    ) -> None:
        """Connect nothing yet."""
        self._loop = loop
        self._dial = dial
        self._options = options
        self._counters = counters
        self._idle: list[Lease] = []
        self._used: set[Lease] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(options.own_connections)
        self._closed = False

    @property
    def count(self) -> int:
        """Connections open now."""
        return len(self._idle) + len(self._used)

    def lines(self) -> list[Line]:
        """Connections open now, in use or not."""
        return [lease.line for lease in [*self._idle, *self._used]]

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Lease]:
        """Have a connection for the length of the block."""
        async with self._slots:
            if self._closed:
                message = "the client is closed"
                raise TransportClosedError(message)
            lease = self._take_idle() or await self._dialled()
            self._used.add(lease)
            try:
                yield lease
            except BaseException:
                lease.clean = False  # a transaction may be open on it
                raise
            finally:
                self._used.discard(lease)
                if lease.clean and not lease.line.fifo and not self._closed:
                    self._idle.append(lease)
                else:
                    lease.line.transport.abort()

    def execute(self, args: Args, decode: Decoder[T] | None, held: float) -> HeldReply[T]:
        """Run a command that the server may hold for `held` seconds (0: for ever) on a connection of its own.

        Cancelling it closes that connection: a server that still held the command would hand its answer to nobody.
        """
        outer: HeldReply[T] = HeldReply.on(self._loop)
        seconds = held + self._options.timeout if held else None
        task = self._loop.create_task(self._run(outer, args, decode, seconds))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        outer.add_done_callback(lambda done: task.cancel() if done.cancelled() else None)
        return outer

    async def _run(self, outer: FutureReply[T], args: Args, decode: Decoder[T] | None, seconds: float | None) -> None:
        try:
            async with self.lease() as lease:
                result: T = await lease.execute(args, cast("Decoder[T]", decode), seconds=seconds)
        except asyncio.CancelledError:
            outer.fail(TransportClosedError("the client was closed while the command was waiting"))
        except Exception as error:  # noqa: BLE001 - it is the caller's
            outer.fail(error)
        else:
            if not outer.done():
                outer.set_result(result)

    def expire(self) -> None:
        """Use no connection again that is open now; what is under way on it goes on."""
        for lease in self._used:
            lease.clean = False
        while self._idle:
            self._idle.pop().line.transport.close()

    def retire(self) -> None:
        """Use no connection again that is open now; blocking commands are ended, for they wait at the wrong server."""
        for lease in [*self._idle, *self._used]:
            lease.clean = False
            lease.line.drop(RedisConnectionError("the master has changed"))
        self._idle.clear()

    async def aclose(self) -> None:
        """End blocking commands, and close every connection."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        for lease in [*self._idle, *self._used]:
            self._counters.add(lease.line)
            lease.line.transport.abort()
        self._idle.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take_idle(self) -> Lease | None:
        while self._idle:
            lease = self._idle.pop()
            if not lease.line.closing and not lease.line.transport.is_closing():
                return lease
        return None

    async def _dialled(self) -> Lease:
        lease = Lease(self._loop, self._options, self._counters)
        await self._dial(lease.line)
        self._counters.connects += 1
        return lease


def batch_reply(
    loop: asyncio.AbstractEventLoop,
    commands: Sequence[Args],
    decoders: Sequence[Decoder[Any] | None] | None,
    *,
    repeatable: bool,
) -> tuple[BatchReply, bytes]:
    """Prepare the one reply of `commands`, and their bytes."""
    reply = BatchReply.on(loop)
    data = packed(list(commands))
    reply.decode, reply.size, reply.resend = None, len(data), data if repeatable else None
    reply.expected, reply.raws, reply.decoders = len(commands), [], decoders
    return reply, data
