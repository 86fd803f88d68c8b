"""Sends each command to the node that serves its key, and follows redirections."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import (
    AskError,
    BusyLoadingError,
    ClusterCrossSlotError,
    ClusterDownError,
    MasterDownError,
    MovedError,
    ReadOnlyError,
    TryAgainError,
)

from civiredis.transport.cluster.errands import Errands
from civiredis.transport.cluster.nodes import Nodes
from civiredis.transport.cluster.reply import ClusterReply
from civiredis.transport.cluster.slots import keys_of, slot_of
from civiredis.transport.errors import NotSentError, OutcomeUnknownError, TransportClosedError
from civiredis.transport.link import fail
from civiredis.transport.routes import READ

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from civiredis.transport.cluster.slots import Address
    from civiredis.transport.dialling import Make
    from civiredis.transport.link import Link
    from civiredis.transport.options import TransportOptions
    from civiredis.transport.reply import Decoder, FutureReply
    from civiredis.transport.server import Server
    from civiredis.transport.stats import Counters
    from civiredis.transport.wire import Args

PASSING: Final = (TryAgainError, ClusterDownError, MasterDownError, BusyLoadingError, ReadOnlyError)
"""Refusals that pass by themselves; the command was not executed."""

RETRY_SECONDS: Final = 0.05
"""Pause before a command that was refused for the moment is sent again."""


class Routing:
    """One event loop's way into a cluster."""

    def __init__(
        self,
        seeds: Sequence[Address],
        make_for: Callable[[Address], Make],
        options: TransportOptions,
        counters: Counters,
    ) -> None:
        """Connect nothing yet; `make_for` dials an address."""
        self.loop = asyncio.get_running_loop()
        self.nodes = Nodes(seeds, make_for, options, counters, self._adopt)
        self.nodes.on_known = self._settle
        self.errands = Errands(self.loop)
        self._closed = False
        self._patience = options.timeout
        self._waiting: list[ClusterReply] = []

    def send(self, args: Args, decode: Decoder[Any] | None, route: int) -> ClusterReply:
        """Send one command to the node of its key, or to any where it has none."""
        reply = ClusterReply.on(self.loop)
        reply.decode, reply.args, reply.route, reply.until = decode, args, route, None
        self.dispatch(reply)
        return reply

    def dispatch(self, reply: ClusterReply) -> None:
        """Send a command, for the first time or again."""
        if reply.done():
            return
        if self._closed:
            reply.fail(TransportClosedError("the client was closed; the command was not executed"))
            return
        server = self.server_for(reply.args)
        if server is None:
            self._waiting.append(reply)
            self._until(reply)
            self.nodes.refresh()
        else:
            try:
                server.forward(reply, reply.args, reply.route)
            except (TypeError, UnicodeEncodeError) as error:
                reply.fail(error)

    def server_for(self, args: Args) -> Server | None:
        """Give the node of a command; None while it is not known. Raises for keys that are not in one slot."""
        keys = keys_of(args)
        if not keys:
            return self.nodes.masters[0] if self.nodes.masters else None
        slot = slot_of(keys[0])
        if len(keys) > 1 and any(slot_of(key) != slot for key in keys[1:]):
            message = f"the keys of {args[0]!s} are in different slots of the cluster: give them one hash tag, {{...}}"
            raise ClusterCrossSlotError(message)
        return self.nodes.by_slot[slot]

    async def known(self) -> None:
        """Wait until the topology is known. Raises NotSentError when it is not in time."""
        until = self.loop.time() + self._patience
        while not self.nodes.known:
            if self.loop.time() >= until:
                message = f"no node of the cluster answered within {self._patience} s"
                raise NotSentError(message)
            self.nodes.refresh()
            await asyncio.sleep(RETRY_SECONDS / 10)

    def log_in(self, username: str, password: str) -> None:
        """Log in again at every node."""
        for server in self.nodes.servers():
            server.log_in(username, password)

    # ------------------------------------------------------------- redirections

    def _adopt(self, server: Server, address: Address) -> None:
        for link in server.links():
            link.on_refused = partial(self._refused, address)
            link.on_unsent = self._unsent
            link.on_trouble = self.nodes.refresh

    def _refused(self, address: Address, link: Link, reply: FutureReply[Any], error: Exception) -> None:  # noqa: ARG002
        if isinstance(reply, ClusterReply):
            self.redirect(reply, error, address[0])
        else:
            reply.fail(error)

    def redirect(self, reply: ClusterReply, error: Exception, asked: str) -> None:
        """Do what a refusal asks for; give the error to the caller where it asks for nothing, or for too long."""
        if reply.done():
            return
        expired = self.loop.time() >= self._until(reply)
        if expired:
            reply.fail(error)
        elif isinstance(error, MovedError):
            self.moved(error, asked)
            self.loop.call_soon(self.dispatch, reply)
        elif isinstance(error, AskError):
            self._ask(reply, (error.host or asked, error.port))
        elif isinstance(error, PASSING):
            if not isinstance(error, TryAgainError):
                self.nodes.refresh()
            self.loop.call_later(RETRY_SECONDS, self.dispatch, reply)
        else:
            reply.fail(error)

    def moved(self, error: MovedError, asked: str) -> None:
        """Note where a slot is now, and ask for the rest."""
        self.nodes.by_slot[error.slot_id] = self.nodes.at((error.host or asked, error.port))
        self.nodes.refresh()

    def _ask(self, reply: ClusterReply, address: Address) -> None:
        """Send ASKING and the command next to each other, over the same connection."""
        batch = self.nodes.at(address).batch([("ASKING",), reply.args], None)
        batch.add_done_callback(lambda done: self._asked(reply, address, done.result()[1]))

    def _asked(self, reply: ClusterReply, address: Address, raw: Any) -> None:  # noqa: ANN401
        if not isinstance(raw, Exception):
            reply.arrive(raw)
        elif self.may_repeat(raw, reply.route):
            self._unsent(reply, raw)
        else:
            self.redirect(reply, raw, address[0])

    def _unsent(self, reply: FutureReply[Any], error: Exception) -> None:
        """Nobody answers at that node: wait for another to take its place."""
        if not isinstance(reply, ClusterReply) or self.loop.time() >= self._until(reply):
            fail(reply, lambda: NotSentError(f"{error} (the command was not sent)"))
        else:
            self.nodes.refresh()
            self.loop.call_later(RETRY_SECONDS, self.dispatch, reply)

    @staticmethod
    def may_repeat(error: Exception, route: int) -> bool:
        """Whether a command that ended so may be sent again: it was not executed, or is a read."""
        if isinstance(error, OutcomeUnknownError):
            return route == READ
        return isinstance(error, (MovedError, AskError, NotSentError, *PASSING))

    def _until(self, reply: ClusterReply) -> float:
        if reply.until is None:
            reply.until = self.loop.time() + self._patience
        return reply.until

    def _settle(self) -> None:
        """Send what waited for the topology, or tell that it waited for too long."""
        waiting, self._waiting = self._waiting, []
        now = self.loop.time()
        for reply in waiting:
            if self.nodes.known:
                self.dispatch(reply)
            elif now >= self._until(reply):
                reply.fail(NotSentError("no node of the cluster answers: the command was never sent"))
            else:
                self._waiting.append(reply)

    async def aclose(self) -> None:
        """See through what is under way, end what waits, and close every connection."""
        self._closed = True
        await self.errands.aclose()
        await self.nodes.aclose()
        for reply in self._waiting:
            reply.fail(NotSentError("the client was closed before a node was found"))
