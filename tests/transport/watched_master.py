"""A master, its replica and the sentinels that watch them: real servers of one test."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from redis.asyncio import Redis

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.conftest import StartServer

SECONDS = 30.0
"""How long a failover may take on a busy machine; it takes some 2 s."""


class Watched:
    """A master, its replica, and three sentinels, which call a server down that is silent for `down` milliseconds."""

    def __init__(self, start_server: StartServer, down: int = 300) -> None:
        self.first = start_server(repl_diskless_sync_delay=0)
        self.second = start_server(replicaof=f"127.0.0.1 {self.first.port}", repl_diskless_sync_delay=0)
        directives = {
            "sentinel monitor": f"sys 127.0.0.1 {self.first.port} 2",
            "sentinel down-after-milliseconds": f"sys {down}",
            "sentinel failover-timeout": "sys 2000",
        }
        self.sentinels = [start_server(sentinel=True, **directives) for _ in range(3)]

    @property
    def addresses(self) -> list[tuple[str, int]]:
        return [("127.0.0.1", sentinel.port) for sentinel in self.sentinels]

    async def settle(self) -> None:
        """Wait until every sentinel knows the replica and the other sentinels."""
        for sentinel in self.sentinels:
            async with Redis.from_url(sentinel.url.removesuffix("/0")) as client:
                await until(partial(knows_all, client))


async def knows_all(client: Redis) -> bool:
    fields: Any = await client.sentinel_master("sys")
    return int(fields["num-slaves"]) == 1 and int(fields["num-other-sentinels"]) == 2


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SECONDS):
        while not await holds():
            await asyncio.sleep(0.05)
