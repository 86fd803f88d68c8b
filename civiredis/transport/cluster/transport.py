"""The transport of a client whose server is a cluster: the same interface, any number of masters behind it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from redis.exceptions import ClusterCrossSlotError, ExecAbortError, MovedError, RedisError

from civiredis.transport.cluster.routing import RETRY_SECONDS, Routing
from civiredis.transport.cluster.scatter import SPLIT, Scatter, parts_of
from civiredis.transport.cluster.slots import keys_of, slot_of
from civiredis.transport.credentials import follow
from civiredis.transport.dialling import at_address, from_url
from civiredis.transport.errors import SharedConnectionError, TransportClosedError
from civiredis.transport.forking import abandon, forget_in_children
from civiredis.transport.options import TransportOptions
from civiredis.transport.reply import FutureReply
from civiredis.transport.routes import BLOCKING, READ, ROUTES, WRITE, blocking_seconds, resolve
from civiredis.transport.stats import Counters, TransportStats, errors_among, snapshot
from civiredis.transport.transaction import raise_common, unwrapped, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis.credentials import CredentialProvider

    from civiredis.transport.cluster.slots import Address
    from civiredis.transport.dialling import Make
    from civiredis.transport.reply import Decoder
    from civiredis.transport.wire import Args

T = TypeVar("T")

EVERYWHERE: Final = frozenset({"DBSIZE", "FLUSHALL", "FLUSHDB", "FUNCTION", "KEYS", "SCAN", "SCRIPT"})
"""Commands that concern every master."""

MASTERS_IN_CURSOR: Final = 1024
"""A cursor of SCAN is the master's own cursor times this, plus the number of the master: more than any cluster has."""


class ClusterTransport:
    """Sends each command to the master of its key; usable from several event loops, as `Transport` is."""

    def __init__(
        self,
        nodes: Sequence[Address],
        url: str,
        options: TransportOptions | None = None,
        provider: CredentialProvider | None = None,
    ) -> None:
        """Learn the topology from any of `nodes`; of `url`, user, password and TLS count. Connects nothing yet."""
        self.options = options or TransportOptions(connect_retries=1)
        self._nodes = list(nodes)
        self._url = url
        self._provider = provider
        self._counters = Counters()
        self._routings: dict[asyncio.AbstractEventLoop, Routing] = {}
        self._closed = False
        forget_in_children(self)
        follow(provider, self._log_in)

    @overload
    def execute(self, args: Args, decode: None = None) -> FutureReply[Any]: ...

    @overload
    def execute(self, args: Args, decode: Decoder[T]) -> FutureReply[T]: ...

    def execute(self, args: Args, decode: Decoder[Any] | None = None) -> FutureReply[Any]:
        """Send one command to the master of its key, following the cluster when that moves.

        MGET, DEL, UNLINK, EXISTS, TOUCH and MSET take keys of any slots; split, they are not atomic. SCAN, KEYS,
        DBSIZE, FLUSHDB and their like go to every master.

        Raises:
            ClusterCrossSlotError: the keys of another command are not all in one slot.
            SharedConnectionError: the command would change the shared connection.

        """
        routing = self._arrive()
        name = args[0]
        route = ROUTES[name]  # type: ignore[index]
        if route > READ:
            return self._apart(routing, args, decode, resolve(args, route))
        if name in EVERYWHERE:
            return routing.errands.run(self._everywhere(routing, args), decode)
        if name in SPLIT:
            parts = parts_of(args)
            if len(parts) > 1:
                return self._split(routing, Scatter(routing, args, parts, decode))
        return routing.send(args, decode, route)

    def execute_blocking(self, args: Args, decode: Decoder[T], seconds: float) -> FutureReply[T]:
        """Send a command that may wait for `seconds` (0: for ever) on a connection of its own."""
        routing = self._arrive()
        return routing.errands.run_blocking(self._blocking(routing, args, seconds), decode)

    async def execute_batch(self, commands: Sequence[Args], *, transaction: bool) -> list[Any]:
        """Send commands together, each to its master, and give their raw replies in order.

        An error of a single command stands in its place. A transaction needs all its keys in one slot.
        """
        if transaction:
            return await self._transaction(self._arrive(), commands)
        replies = await asyncio.gather(*map(self._attempt, commands), return_exceptions=True)
        raise_common(list(replies))
        return list(replies)

    def stats(self) -> TransportStats:
        """Count what happened so far, over all nodes."""
        return snapshot(
            self._counters, [s for routing in list(self._routings.values()) for s in routing.nodes.servers()]
        )

    async def aclose(self) -> None:
        """Wait for commands under way in this event loop (until their deadlines), then close its connections."""
        self._closed = True
        routing = self._routings.pop(asyncio.get_running_loop(), None)
        if routing is not None:
            await routing.aclose()
        self._forget_ended_loops()

    def forget_parent(self) -> None:
        """In a forked child: leave the parent's sockets alone, and start with none."""
        abandon(self._routings)
        self._routings = {}

    def _arrive(self) -> Routing:
        loop = asyncio.get_running_loop()
        routing = self._routings.get(loop)
        if routing is None:
            if self._closed:
                message = "the client is closed"
                raise TransportClosedError(message)
            self._forget_ended_loops()
            routing = self._routings[loop] = Routing(self._nodes, self._make_for, self.options, self._counters)
        return routing

    def _make_for(self, address: Address) -> Make:
        url = at_address(self._url, address)

        async def find() -> str:
            return url

        return from_url(find, self.options.connect_timeout, self._provider)

    def _forget_ended_loops(self) -> None:
        for loop in [loop for loop in self._routings if loop.is_closed()]:
            del self._routings[loop]

    def _log_in(self, username: str, password: str) -> None:
        for loop, routing in list(self._routings.items()):
            with suppress(RuntimeError):  # a loop that has ended since
                loop.call_soon_threadsafe(routing.log_in, username, password)

    def _attempt(self, args: Args) -> FutureReply[Any]:
        """Send one command of a batch: what refuses it at once fails it alone, as the others are on their way."""
        try:
            return self.execute(args)
        except (RedisError, TypeError) as error:
            reply: FutureReply[Any] = FutureReply.on(asyncio.get_running_loop())
            reply.fail(error)
            return reply

    def _apart(self, routing: Routing, args: Args, decode: Decoder[Any] | None, route: int) -> FutureReply[Any]:
        if route <= READ:
            return routing.send(args, decode, route)
        if route == BLOCKING:
            return routing.errands.run_blocking(self._blocking(routing, args, blocking_seconds(args)), decode)
        message = f"{args[0]!r} would change the connection that all callers share"
        raise SharedConnectionError(message)

    def _split(self, routing: Routing, scatter: Scatter) -> FutureReply[Any]:
        if routing.nodes.known:
            scatter.send()
            return scatter.reply

        async def when_known() -> Any:  # noqa: ANN401
            await routing.known()
            scatter.send()
            return await scatter.reply

        return routing.errands.run(when_known(), None)

    async def _blocking(self, routing: Routing, args: Args, seconds: float) -> Any:  # noqa: ANN401
        await routing.known()
        until = routing.loop.time() + self.options.timeout
        while True:
            server = routing.server_for(args)
            if server is None:
                routing.nodes.refresh()
            else:
                try:
                    return await server.own.execute(args, None, seconds)
                except Exception as error:
                    if not routing.may_repeat(error, WRITE) or routing.loop.time() >= until:
                        raise
                    if isinstance(error, MovedError):
                        routing.moved(error, error.host)
            await asyncio.sleep(RETRY_SECONDS)

    async def _transaction(self, routing: Routing, commands: Sequence[Args]) -> list[Any]:
        await routing.known()
        keys = [key for args in commands for key in keys_of(args)]
        if len({slot_of(key) for key in keys}) > 1:
            message = "the keys of a transaction must be in one slot of the cluster: give them one hash tag, {...}"
            raise ClusterCrossSlotError(message)
        until = routing.loop.time() + self.options.timeout
        while True:
            server = routing.nodes.by_slot[slot_of(keys[0])] if keys else routing.nodes.masters[0]
            if server is not None:
                replies = await server.batch(wrapped(commands), None)
                refusal = next((reply for reply in replies if isinstance(reply, Exception)), None)
                refused = isinstance(replies[-1], ExecAbortError) or replies[-1] is refusal
                again = refusal is not None and refused and routing.may_repeat(refusal, WRITE)
                if not again or routing.loop.time() >= until:
                    self._counters.errors += errors_among(replies)
                    raise_common(replies)
                    return unwrapped(replies)
                if isinstance(refusal, MovedError):
                    routing.moved(refusal, refusal.host)
            routing.nodes.refresh()
            await asyncio.sleep(RETRY_SECONDS)

    async def _everywhere(self, routing: Routing, args: Args) -> Any:  # noqa: ANN401
        await routing.known()
        masters = routing.nodes.masters
        if args[0] == "SCAN":
            cursor, number = divmod(int(args[1]), MASTERS_IN_CURSOR)
            scanning: FutureReply[Any] = masters[number].submit(("SCAN", cursor, *args[2:]), None, READ)
            raw = await scanning
            after = int(raw[0]) * MASTERS_IN_CURSOR + number if int(raw[0]) else number + 1
            return [b"%d" % (0 if after == len(masters) and not int(raw[0]) else after), raw[1]]
        route = ROUTES[args[0]]  # type: ignore[index]
        replies: list[Any] = await asyncio.gather(*[master.submit(args, None, route) for master in masters])
        if args[0] == "DBSIZE":
            return sum(replies)
        return [key for reply in replies for key in reply] if args[0] == "KEYS" else replies[0]
