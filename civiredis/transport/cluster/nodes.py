"""The masters of a cluster as one event loop sees them, and who serves which slot."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError

from civiredis.transport.cluster.slots import SLOTS, ranges
from civiredis.transport.routes import READ
from civiredis.transport.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from civiredis.transport.cluster.slots import Address
    from civiredis.transport.dialling import Make
    from civiredis.transport.options import TransportOptions
    from civiredis.transport.reply import FutureReply
    from civiredis.transport.stats import Counters

log = logging.getLogger("civiredis.transport")

ASK_SECONDS: Final = 1.0
"""How long one node may take to tell the topology before another is asked."""

ASK_PAUSE: Final = 0.1
"""Seconds between two rounds of asking: topology changes by the second, not faster."""


class Nodes:
    """Servers by address and by slot, kept up to date by asking them."""

    def __init__(
        self,
        seeds: Sequence[Address],
        make_for: Callable[[Address], Make],
        options: TransportOptions,
        counters: Counters,
        adopt: Callable[[Server, Address], None],
    ) -> None:
        """Connect nothing yet; `make_for` dials an address, `adopt` prepares each server that is met.

        Belongs to the running loop.
        """
        self.loop = asyncio.get_running_loop()
        self.by_slot: list[Server | None] = [None] * SLOTS
        self.masters: list[Server] = []
        """In the order of their slots, which survives a failover."""
        self.known = False
        self.on_known: Callable[[], None] | None = None
        self._seeds = list(seeds)
        self._make_for = make_for
        self._options = options
        self._counters = counters
        self._adopt = adopt
        self._servers: dict[Address, Server] = {}
        self._refreshing: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    def at(self, address: Address) -> Server:
        """Give the server at an address, made when met first."""
        server = self._servers.get(address)
        if server is None:
            server = Server(self._make_for(address), self._options, self._counters)
            self._servers[address] = server
            self._adopt(server, address)
        return server

    def servers(self) -> list[Server]:
        """Every server met and not left again."""
        return list(self._servers.values())

    def refresh(self) -> None:
        """Ask for the topology, unless that is under way."""
        if self._refreshing is None:
            self._refreshing = self.loop.create_task(self._refresh())

    async def _refresh(self) -> None:
        try:
            while not await self._ask_anyone():
                await asyncio.sleep(ASK_PAUSE)
                if self.on_known is not None:
                    self.on_known()  # those who wait too long are told so
            await asyncio.sleep(ASK_PAUSE)
        finally:
            self._refreshing = None

    async def _ask_anyone(self) -> bool:
        addresses = list(self._servers)
        random.shuffle(addresses)
        for address in [*addresses, *(seed for seed in self._seeds if seed not in self._servers)]:
            try:
                asking: FutureReply[Any] = self.at(address).submit(("CLUSTER", "SLOTS"), None, READ)
                raw = await asyncio.wait_for(asking, ASK_SECONDS)
            except (RedisError, OSError, TimeoutError) as error:
                log.debug("node %s:%d does not tell the topology: %s", *address, error)
                continue
            if raw:
                self._learn(raw, address[0])
                return True
        return False

    def _learn(self, raw: list[Any], asked: str) -> None:
        found = ranges(raw, asked)
        self.masters = []
        for first, last, address in found:
            server = self.at(address)
            self.by_slot[first : last + 1] = [server] * (last + 1 - first)
            if server not in self.masters:
                self.masters.append(server)
        served = {address for _, _, address in found}
        for address in [address for address in self._servers if address not in served]:
            task = self.loop.create_task(self._servers.pop(address).aclose())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        self.known = True
        if self.on_known is not None:
            self.on_known()

    async def aclose(self) -> None:
        """Close every connection, once what is under way is answered."""
        if self._refreshing is not None:
            self._refreshing.cancel()
        await asyncio.gather(*[server.aclose() for server in self.servers()], *self._closing)
