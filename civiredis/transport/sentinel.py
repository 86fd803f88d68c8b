"""The master that sentinels name: asked for before each dialling, and left as soon as they name another."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from redis.asyncio import Redis, Sentinel
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from civiredis.transport.dialling import at_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.transport.server import Server

log = logging.getLogger("civiredis.transport")

SILENCE: Final = 1.0
"""Seconds until a sentinel that is lost is tried again."""


class SentinelMaster:
    """Where the sentinels say that the master called `name` is.

    A demoted master is left in three ways: sentinels announce the new one, the old one closes its connections or
    refuses a write, and a server that is dialled must call itself a master.
    """

    def __init__(
        self,
        sentinels: Sequence[tuple[str, int]],
        name: str,
        url: str,
        *,
        password: str | None = None,
        timeout: float = 1.0,
    ) -> None:
        """Ask each of `sentinels` for at most `timeout` seconds; of `url` all but host and port counts."""
        self._sentinels = list(sentinels)
        self._name = name
        self._url = url
        self._password = password
        self._timeout = timeout
        self._found: tuple[str, int] | None = None
        self._announced: tuple[str, int] | None = None
        self._watches: dict[Server, list[asyncio.Task[None]]] = {}

    async def find(self) -> str:
        """Give the master's URL. Raises redis-py's MasterNotFoundError when no sentinel knows it."""
        announced, self._announced = self._announced, None
        if announced is not None:  # other sentinels may not have heard of it yet
            self._found = announced
            return at_address(self._url, announced)
        options = {"password": self._password, "socket_timeout": self._timeout, "retry": Retry(NoBackoff(), 0)}
        sentinels = Sentinel(self._sentinels, sentinel_kwargs=options)  # type: ignore[no-untyped-call]
        try:
            host, port = await sentinels.discover_master(self._name)
        finally:
            for client in sentinels.sentinels:
                await client.aclose()
        self._found = (host, port)
        return at_address(self._url, self._found)

    def watch(self, server: Server) -> None:
        """Retire the connections of `server` whenever the sentinels announce another master."""
        listeners = [self._listen(host, port, server) for host, port in self._sentinels]
        self._watches[server] = [server.loop.create_task(listener) for listener in listeners]

    async def unwatch(self, server: Server) -> None:
        """End `watch`."""
        tasks = self._watches.pop(server)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, host: str, port: int, server: Server) -> None:
        while True:
            try:
                await self._hear(host, port, server)
            except (RedisError, OSError) as error:
                log.debug("sentinel %s:%d is lost: %s", host, port, error)
            await asyncio.sleep(SILENCE)

    async def _hear(self, host: str, port: int, server: Server) -> None:
        """Follow what one sentinel says, and what it said before it was listened to."""
        retry = Retry(NoBackoff(), 0)
        async with (
            Redis(host=host, port=port, password=self._password, socket_timeout=None, retry=retry) as client,
            client.pubsub() as channel,
        ):
            await channel.subscribe("+switch-master")
            async for message in channel.listen():
                if message["type"] == "subscribe":
                    known: Any = await client.sentinel_get_master_addr_by_name(self._name)
                    if known is not None:
                        self._moved(known[0], known[1], server, news=False)
                elif message["type"] == "message":
                    name, _, _, new_host, new_port = message["data"].split()
                    if name.decode() == self._name:
                        self._moved(new_host, new_port, server, news=True)
        message = "the sentinel closed the connection"
        raise RedisConnectionError(message)

    def _moved(self, host: bytes | str, port: bytes | str | int, server: Server, *, news: bool) -> None:
        """Leave the present master if it is not the one named; what is no news may be out of date, so ask again."""
        address = (host.decode() if isinstance(host, bytes) else host, int(port))
        if self._found is None or address == self._found:
            return
        log.warning("the master %s has moved to %s:%d", self._name, *address)
        self._announced = address if news else None
        server.retire()
